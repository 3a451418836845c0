"""The diagnosis and the conversation as tools of the Model Context Protocol.

In: what an agent hands in, the JSON of a conversation with it. Out: the turn that comes next, and
that JSON again; nothing is kept between two calls.
"""

from diagnoser.agents.mcp_server import http_app, run, server

__all__ = ["http_app", "run", "server"]
