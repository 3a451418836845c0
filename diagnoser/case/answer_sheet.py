"""The pydantic type of an answer sheet, built from the facts: it finds every mistake, and describes
itself as a JSON Schema.

Imported only where a sheet has mistakes, or is described.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from pydantic import ConfigDict, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from diagnoser.case.case import parse
from diagnoser.case.json_input import shown
from diagnoser.errors import Problem, fact_problem, nearest, quoted
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Unfit


class Sheet:
    """The type of all answer sheets of a knowledge: its `areas`, each with its facts by name."""

    def __init__(
        self, title: str, areas: Mapping[str, Mapping[str, Fact]], facts: Mapping[str, Fact]
    ) -> None:
        self._title, self._areas, self._facts = title, areas, facts
        sheet = {
            area: _mapping(area, {name: _field(fact) for name, fact in of.items()}) | None
            for area, of in areas.items()
        }
        self._adapter: TypeAdapter[Any] = TypeAdapter(_mapping("Facts", sheet))

    def mistakes(self, answers: Mapping[Any, Any]) -> list[Problem]:
        """Everything that is wrong with an answer sheet."""
        try:
            self._adapter.validate_python(answers)
        except ValidationError as error:
            return self._problems(error)
        return []

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of an answer sheet."""
        schema = self._adapter.json_schema()
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Facts: {self._title}",
        }
        return head | {key: value for key, value in schema.items() if key != "title"}

    def _problems(self, error: ValidationError) -> list[Problem]:
        """Pydantic's findings in our words; the paths are those of the answer sheet."""
        found = []
        for one in error.errors(include_url=False, include_context=True):
            path = ".".join(shown(part) for part in one["loc"])
            kind = one["type"]
            if kind == "unfit":
                context = one["ctx"]
                found.append(
                    fact_problem(path, context["reason"], context["allowed"], context["near"])
                )
            elif kind == "extra_forbidden":
                if len(one["loc"]) == 1 and path in self._facts:
                    found.append(fact_problem(path, "facts are nested by area", _nested(path)))
                else:
                    found.append(self.no_such(path))
            elif kind in ("invalid_key", "string_unicode"):
                found.append(fact_problem(path, "is a key that is not text"))
            else:
                allowed = ", ".join(self._areas.get(path, {})) if len(one["loc"]) == 1 else ""
                found.append(
                    fact_problem(
                        path,
                        f"{quoted(one['input'])} is not a mapping of facts to answers",
                        allowed,
                    )
                )
        return found

    def no_such(self, path: str) -> Problem:
        """What is wrong with the path of a fact that does not exist."""
        fact = self._facts.get(path)
        if fact is not None and fact.derived_from:
            return fact_problem(path, f"follows from {fact.derived_from}; give that instead")
        area, _, name = path.partition(".")
        asked = [f"{area}.{name}" for area, facts in self._areas.items() for name in facts]
        if area not in self._areas:
            near = nearest(path, self._areas) if not name else nearest(path, asked)
            return fact_problem(
                path,
                "is not an area" if not name else "is not a fact",
                ", ".join(self._areas),
                near,
            )
        if area and not name:
            return fact_problem(path, "is an area, not a fact", ", ".join(self._areas[area]))
        elsewhere = [id for id in asked if id.endswith(f".{name}")]
        near = elsewhere[0] if elsewhere else nearest(name, self._areas[area])
        if near and not elsewhere:
            near = f"{area}.{near}"
        return fact_problem(
            path, "is not a fact", ", ".join(self._areas[area]), near or nearest(path, asked)
        )


def _nested(id: str) -> str:
    area, _, name = id.partition(".")
    return f'{{"{area}": {{"{name}": ...}}}}'


def _mapping(name: str, fields: dict[str, Any]) -> Any:
    """The pydantic type of a mapping with these keys, all of them optional, and no others."""
    typed = TypedDict(name, fields, total=False)  # type: ignore[misc]
    config: Any = typed
    config.__pydantic_config__ = ConfigDict(extra="forbid")
    return typed


def _field(fact: Fact) -> Any:
    """The pydantic type of one fact: its own parser, and a JSON Schema that says what people may
    write."""

    about = {"title": fact.ask} if fact.ask else {}
    if fact.round_up:
        about["description"] = f"Answers at once: {', '.join(fact.derives or ())}"
    return Annotated[
        Any, PlainValidator(partial(_parse, fact)), WithJsonSchema(about | fact.kind.schema())
    ]


def _parse(fact: Fact, answer: object) -> Any:
    try:
        return parse(fact, answer)
    except Unfit as unfit:
        raise PydanticCustomError(
            "unfit",
            "{reason}",
            {"reason": unfit.reason, "allowed": unfit.allowed, "near": unfit.near},
        ) from None
