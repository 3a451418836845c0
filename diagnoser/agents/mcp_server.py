"""The server: tools, resources and a prompt, over standard streams or HTTP."""

from __future__ import annotations

import inspect
import json
import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    GetPromptResult,
    InputRequiredResult,
    TextContent,
    ToolAnnotations,
)
from pydantic import Field, ValidationError

from diagnoser.agents import guidance, resources
from diagnoser.agents.tools import Tools
from diagnoser.api import Diagnoser
from diagnoser.case.json_input import MAX_BYTES, shown
from diagnoser.errors import DiagnoserError, Problem, fact_problem, nearest, quoted
from diagnoser.version import __version__

if TYPE_CHECKING:
    from starlette.applications import Starlette

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names under which a server on this machine is called."""
MAX_BODY = 3 * MAX_BYTES
"""Bytes of an HTTP request: two JSON objects at their bounds, and what is around them."""
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

logger = logging.getLogger(__name__)


class Server(MCPServer[Any]):
    """Tells all mistakes of a call in plain words, and writes none of its content to a log."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        tools = {tool.name: tool.input_schema for tool in await self.list_tools()}
        if name not in tools:
            near = nearest(name, tools)
            return _refused(
                [fact_problem("", f"{quoted(name)} is not a tool", ", ".join(tools), near)]
            )
        known = tools[name]["properties"]
        if unknown := sorted(arguments.keys() - known.keys()):
            return _refused(_unknown(argument, known) for argument in unknown)
        try:
            result = await super().call_tool(name, arguments, context)
        except ToolError as error:
            why = error.__cause__
            if isinstance(why, DiagnoserError):
                return _refused(why.problems)
            if isinstance(why, ValidationError) and not isinstance(error, UnexpectedToolError):
                return _refused(_misfits(why))
            return _broken(why or error)
        if isinstance(result, CallToolResult):
            # The same as JSON without the blanks, for clients that read only text.
            text = json.dumps(result.structured_content, separators=(",", ":"))
            return result.model_copy(update={"content": [TextContent(type="text", text=text)]})
        return result

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        context: Context[Any, Any] | None = None,
    ) -> GetPromptResult | InputRequiredResult:
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:  # no such prompt, or other arguments than it has
            raise MCPError(INVALID_PARAMS, str(error)) from None


def _unknown(argument: str, known: Mapping[str, Any]) -> Problem:
    allowed, near = ", ".join(known), nearest(argument, known)
    return fact_problem(shown(argument), "is not an argument of this tool", allowed, near)


def _refused(problems: Iterable[Problem]) -> CallToolResult:
    return _failed("\n".join(["This cannot be used:", *(f"  {one}" for one in problems)]))


def _broken(error: BaseException) -> CallToolResult:
    """Logs what is unexpected by its kind and place alone: its text may hold something of the
    case."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = [f"{one.filename}:{one.lineno}" for one in place]
    logger.error("a tool broke down: %s at %s", type(error).__name__, ", ".join(where))
    return _failed("The tool broke down on this. It is a mistake of the program.")


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _misfits(error: ValidationError) -> Iterator[Problem]:
    """Arguments that are missing or of a wrong type."""
    for one in error.errors(include_url=False):
        path = ".".join(shown(part) for part in one["loc"])
        if one["type"] == "missing":
            yield fact_problem(path, "is missing")
            continue
        wanted = "true or false" if one["type"].startswith("bool") else "text"
        yield fact_problem(path, f"{quoted(one['input'])} is not {wanted}")


@contextmanager
def _logging_left_alone() -> Iterator[None]:
    """The SDK sets up logging for the whole process, which is for the program to decide."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def server(diagnoser: Diagnoser) -> MCPServer[Any]:
    """A server of the Model Context Protocol that diagnoses with the knowledge of `diagnoser`."""
    knowledge = diagnoser.knowledge
    with _logging_left_alone():
        made = Server(
            "diagnoser",
            title=knowledge.title,
            instructions=guidance.instructions(knowledge),
            version=__version__,
            subscriptions=False,
        )
    tools = Tools(diagnoser)
    vocabulary = f"Facts and what may be answered:\n{guidance.vocabulary(knowledge)}"
    _add(made, tools.diagnose, vocabulary)
    for tool in (tools.next_visit, tools.answer, tools.explain, tools.find_remedy):
        _add(made, tool)
    resources.add(made, knowledge)

    @made.prompt(title=f"Troubleshoot: {knowledge.title}")
    def troubleshoot(
        situation: Annotated[str, Field(description="What the person says, if anything.")] = "",
    ) -> str:
        """How to lead the conversation: from what a person says to a system that works again."""
        return guidance.opening(knowledge, situation)

    return made


def _add(made: MCPServer[Any], tool: Callable[..., Any], *more: str) -> None:
    about = "\n\n".join([inspect.getdoc(tool) or "", *more])
    made.add_tool(tool, description=about, annotations=READ_ONLY, structured_output=True)


def run(diagnoser: Diagnoser) -> None:
    """Serves one client over standard input and output, until it closes the input."""
    server(diagnoser).run("stdio")


def http_app(diagnoser: Diagnoser, hosts: Iterable[str] = HOSTS) -> Starlette:
    """An application with one route, POST /mcp, to be run or to be put into another one, which then
    has to run its lifespan.

    It keeps no session and answers with JSON. `hosts` are the names under which it may be called,
    with any port, and from whose pages.
    """
    names = list(hosts)
    allowed = TransportSecuritySettings(
        allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
        allowed_origins=[
            f"{scheme}://{name}{port}"
            for name in names
            for scheme in ("http", "https")
            for port in ("", ":*")
        ],
    )
    app = server(diagnoser).streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BODY,
        transport_security=allowed,
    )
    for route in app.routes:  # without sessions there is nothing to listen to or to delete
        vars(route)["methods"] = {"POST"}
    return app
