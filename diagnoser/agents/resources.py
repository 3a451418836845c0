"""The knowledge as resources: the list of facts, places, signs, causes and remedies, and each of
them."""

from __future__ import annotations

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.model import Knowledge
from diagnoser.rendering import pages
from diagnoser.report.canonical_json import as_json

JSON = "application/json"
MOST = 100
"""Ids that a completion may name at most, by the protocol."""
WHAT = {
    "facts": "what can be known: the question, the answers, where to look",
    "places": "where facts are seen and steps are done: the way there",
    "signs": "what is observed, and of which causes it speaks",
    "causes": "what can be wrong: its signs, its remedies",
    "remedies": "what can be done: instructions, costs, when not to do it",
}


def add(server: MCPServer, knowledge: Knowledge) -> None:
    """Gives the server a resource for each list and a template for each of its entries, and
    completes their ids."""
    ids = {kind: list(listed(knowledge)) for kind, listed in pages.LISTS.items()}
    for kind, about in WHAT.items():
        _list(server, knowledge, kind, about)
        _entry(server, knowledge, kind, about, ids[kind])

    async def complete(
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        kinds = [kind for kind in WHAT if getattr(ref, "uri", "") == _template(kind)]
        if not kinds:
            return None
        fit = [id for id in ids[kinds[0]] if argument.value.lower() in id]
        return Completion(values=fit[:MOST], total=len(fit), has_more=len(fit) > MOST)

    server.completion()(complete)  # type: ignore[no-untyped-call]


def _template(kind: str) -> str:
    return f"diagnoser://{kind}/{{+id}}"


def _list(server: MCPServer, knowledge: Knowledge, kind: str, about: str) -> None:
    @server.resource(
        f"diagnoser://{kind}", name=kind, description=f"All by id: {about}.", mime_type=JSON
    )
    def listed() -> str:
        return as_json(pages.LISTS[kind](knowledge))


def _entry(server: MCPServer, knowledge: Knowledge, kind: str, about: str, ids: list[str]) -> None:
    @server.resource(
        _template(kind), name=f"one of {kind}", description=f"By id: {about}.", mime_type=JSON
    )
    def entry(id: str) -> str:
        if id not in ids:
            near = nearest(id, ids)
            hint = f' - did you mean "{near}"?' if near else ""
            raise ResourceNotFoundError(f"{quoted(id)} is not one of the {kind}{hint}")
        return as_json(pages.ENTRIES[kind](knowledge, id))
