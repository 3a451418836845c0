"""Clients of the SDK that talk to the server: in this process, over standard streams, over HTTP."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import jsonschema
import uvicorn
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, ElicitResult, TextContent

from diagnoser import Diagnoser
from diagnoser.agents import http_app
from tests.commands import PATIENCE, environment

Fill = Callable[[str, dict[str, Any]], ElicitResult]
"""Fills in a form: from its message and its schema to what the person did."""


class Agent:
    """A client that holds every result against the output schema of its tool."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.schemas: dict[str, Any] = {}

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured result of a call, which must have gone well."""
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, text_of(result)
        content: dict[str, Any] = result.structured_content
        jsonschema.validate(content, self.schemas[tool], jsonschema.Draft202012Validator)
        return content

    async def refusal(self, tool: str, **arguments: Any) -> str:
        """The text of a call that must have been refused."""
        result = await self.client.call_tool(tool, arguments)
        assert result.is_error
        assert result.structured_content is None
        return text_of(result)


def text_of(result: CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


@asynccontextmanager
async def agent(server: Any, fill: Fill | None = None, mode: str = "auto") -> AsyncIterator[Agent]:
    """An agent of a server, its address or its command; with `fill`, its client shows forms."""

    async def shown(context: Any, form: Any) -> ElicitResult:
        assert fill is not None
        return fill(form.message, form.requested_schema)

    callback = shown if fill else None
    async with Client(server, mode=mode, elicitation_callback=callback) as client:
        made = Agent(client)
        for tool in (await client.list_tools()).tools:
            assert tool.output_schema is not None
            jsonschema.Draft202012Validator.check_schema(tool.output_schema)
            made.schemas[tool.name] = tool.output_schema
        yield made


def command() -> StdioServerParameters:
    """The program as a process of its own that speaks on its standard streams."""
    return StdioServerParameters(
        command=sys.executable, args=["-m", "diagnoser", "mcp"], env=environment()
    )


@contextmanager
def serving(diagnoser: Diagnoser) -> Iterator[str]:
    """The address of a real server on this machine."""
    config = uvicorn.Config(http_app(diagnoser), port=0, log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + PATIENCE
        while not server.started:
            assert time.monotonic() < until
            time.sleep(0.01)
        [listening] = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE)
