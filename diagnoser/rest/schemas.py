"""The operations that give the JSON Schemas (2020-12) of what is taken and given."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.explanation.model import Explanation
from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Turn
from diagnoser.report.canonical_json import as_json
from diagnoser.report.model import Report
from diagnoser.rest.asked import Facts
from diagnoser.rest.components import REF, Components, Schema
from diagnoser.rest.endpoint import Endpoint, Reply, Understood
from diagnoser.rest.knowing import not_found
from diagnoser.rest.problems import ProblemDetails
from diagnoser.rest.replies import Turned

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, tuple[str, Any, bool]] = {
    "facts": ("Facts of a case, as in a facts file", Facts, False),
    "report": ("A diagnosis", Report, True),
    "explanation": ("Why a diagnosis says what it says", Explanation, True),
    "interview": ("A conversation, as it is kept", Interview, True),
    "turn": ("What comes now in a conversation", Turn, True),
    "turned": ("What a conversation answers", Turned, True),
    "problem": ("Why a request was refused", ProblemDetails, True),
}
"""Each schema by its id: what it is of, the type, and whether it is given (or else taken)."""


class Schemas:
    """The schemas of one knowledge, each with all that it refers to."""

    def __init__(self, diagnoser: Diagnoser) -> None:
        self._diagnoser = diagnoser

    @cached_property
    def _components(self) -> Components:
        types = [(id, type, given) for id, (_, type, given) in TYPES.items()]
        return Components(self._diagnoser, types)

    def whole(self, id: str) -> Schema:
        """The schema as a document of its own."""
        schema = self._components.by_type[id]
        shared, needed = self._components.shared, dict[str, Schema]()
        if name := schema.get("$ref", "").removeprefix(REF):
            schema = shared[name]
        waiting = _referred(schema)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed[name] = shared[name]
                waiting += _referred(shared[name])
        own = {name: needed[name] for name in sorted(needed)}
        return {"$schema": DIALECT, **_local(schema), "$defs": _local(own)}

    def listed(self, _: Understood) -> Reply:
        return Reply(as_json({id: text for id, (text, *_) in TYPES.items()}))

    def shown(self, asked: Understood) -> Reply:
        id = asked.path["id"]
        if id not in TYPES:
            raise not_found("schemas", id, TYPES, "/v1/schema")
        return Reply(as_json(self.whole(id)))


def _referred(schema: Any) -> list[str]:
    """The names of the schemas to which one refers."""
    if isinstance(schema, list):
        return [name for one in schema for name in _referred(one)]
    if not isinstance(schema, dict):
        return []
    own = schema.get("$ref")
    found = [own.removeprefix(REF)] if isinstance(own, str) else []
    return found + [name for one in schema.values() for name in _referred(one)]


def _local(schema: Any) -> Any:
    """The schema with references to its own definitions."""
    if isinstance(schema, list):
        return [_local(one) for one in schema]
    if isinstance(schema, dict):
        return {key: _local(one) for key, one in schema.items()}
    return f"#/$defs/{schema.removeprefix(REF)}" if _refers(schema) else schema


def _refers(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(REF)


def schema_endpoints(diagnoser: Diagnoser) -> tuple[Endpoint, ...]:
    """The operations for one knowledge."""
    schemas = Schemas(diagnoser)
    return (
        Endpoint(
            "GET",
            "/schema",
            "Description",
            "List the JSON Schemas",
            "What each is of, by id.",
            schemas.listed,
            dict[str, str],
        ),
        Endpoint(
            "GET",
            "/schema/{id}",
            "Description",
            "Show a JSON Schema",
            "In the dialect 2020-12, with all that it refers to.",
            schemas.shown,
            dict[str, Any],
        ),
    )
