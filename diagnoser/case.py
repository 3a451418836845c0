"""A case: what is known of one phone.

Read from an answer sheet, validated by a pydantic type built from the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from diagnoser.errors import InvalidFacts, Problem, fact_problem, nearest, quoted
from diagnoser.jsonin import MAX_TEXT, shown
from diagnoser.knowledge import Fact, Knowledge
from diagnoser.values import UNKNOWN, Unfit, Value

_Sheet = dict[str, dict[str, Value | None] | None]


@dataclass(frozen=True, slots=True)
class Case:
    """`given` is what was said, in the order of the questionnaire; `known` adds what follows from
    tables.

    `unsure` are the facts that were asked for and answered "not sure": unknown, and not to be asked
    again.
    """

    given: Mapping[str, Value]
    known: Mapping[str, Value]
    unsure: frozenset[str] = frozenset()


class AnswerSheet:
    """How the facts of a knowledge are written down, nested by area: `{"wifi": {"connection":
    "off"}}`."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._facts = knowledge.facts
        self._title = knowledge.title
        self._areas: dict[str, dict[str, Fact]] = {area: {} for area in (*knowledge.areas, "tried")}
        for fact in knowledge.facts.values():
            if not fact.derived_from:
                self._areas[fact.area][fact.id.partition(".")[2]] = fact
        self._adapter: TypeAdapter[dict[str, dict[str, Value | None] | None]] = TypeAdapter(
            self._type()
        )

    def _type(self) -> Any:
        sheet = {
            area: _mapping(area, {name: _field(fact) for name, fact in facts.items()}) | None
            for area, facts in self._areas.items()
        }
        return _mapping("Facts", sheet)

    def read(self, answers: object) -> Case:
        """The case that an answer sheet stands for.

        Raises InvalidFacts with every mistake at once.
        """
        if not isinstance(answers, Mapping):
            raise InvalidFacts(
                [fact_problem("", f"{quoted(answers)} is not a mapping of areas to facts")]
            )
        try:
            sheet = self._adapter.validate_python(answers)
        except ValidationError as error:
            raise InvalidFacts(self._problems(error)) from None
        given: dict[str, Value] = {}
        unsure: list[str] = []
        for area, facts in self._areas.items():
            answered = sheet.get(area)
            for name in facts if answered else ():
                value = answered.get(name)  # type: ignore[union-attr]
                if value is _UNSURE:
                    unsure.append(f"{area}.{name}")
                elif value is not None:
                    given[f"{area}.{name}"] = value
        return self.case(given, unsure)

    def case(self, given: Mapping[str, Value], unsure: Iterable[str] = ()) -> Case:
        """A case from values that are already known to fit, by fact id in the order of the
        questionnaire."""
        known = dict(given)
        for id, value in given.items():
            derives = self._facts[id].derives
            if derives:
                known.update(
                    {derived: cells[value] for derived, cells in derives.items() if value in cells}
                )
        return Case(given, known, frozenset(unsure))

    def show(self, case: Case) -> dict[str, dict[str, Any]]:
        """The case as an answer sheet again; reading it gives the same case."""
        sheet: dict[str, dict[str, Any]] = {}
        for area, facts in self._areas.items():
            shown = {
                name: fact.kind.show(case.given[fact.id]) if fact.id in case.given else UNKNOWN
                for name, fact in facts.items()
                if fact.id in case.given or fact.id in case.unsure
            }
            if shown:
                sheet[area] = shown
        return sheet

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of an answer sheet."""
        schema = self._adapter.json_schema()
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Facts: {self._title}",
        }
        return head | {key: value for key, value in schema.items() if key != "title"}

    def read_texts(self, texts: Iterable[tuple[str, str]]) -> dict[str, dict[str, Any]]:
        """An answer sheet from pairs of a fact id and what a person typed for it.

        Raises InvalidFacts with every mistake at once.
        """
        sheet: dict[str, dict[str, Any]] = {}
        problems: list[Problem] = []
        for id, text in texts:
            area, _, name = id.partition(".")
            fact = self._areas.get(area, {}).get(name)
            if fact is None:
                problems.append(self._no_such(id))
                continue
            try:
                unknown = text.strip().lower() == UNKNOWN
                value = (
                    UNKNOWN
                    if unknown
                    else fact.kind.show(fact.kind.parse_text(text.strip()[: MAX_TEXT + 1]))
                )
                sheet.setdefault(area, {})[name] = value
            except Unfit as unfit:
                problems.append(fact_problem(id, unfit.reason, unfit.allowed, unfit.near))
        if problems:
            raise InvalidFacts(problems)
        return sheet

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
                    found.append(self._no_such(path))
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

    def _no_such(self, path: str) -> Problem:
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


class _Unsure:
    """What an explicit "unknown" becomes: no value, but an answer."""


_UNSURE: Any = _Unsure()


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

    def parse(value: object) -> Any:
        if value is None:
            return None
        if isinstance(value, str):
            if value == UNKNOWN:
                return _UNSURE
            if len(value) > MAX_TEXT:
                raise PydanticCustomError(
                    "unfit",
                    "{reason}",
                    {
                        "reason": f"text is longer than {MAX_TEXT} characters",
                        "allowed": fact.kind.allowed,
                        "near": "",
                    },
                )
        try:
            return fact.kind.parse(value)
        except Unfit as unfit:
            raise PydanticCustomError(
                "unfit",
                "{reason}",
                {"reason": unfit.reason, "allowed": unfit.allowed, "near": unfit.near},
            ) from None

    about = {"title": fact.ask} if fact.ask else {}
    return Annotated[Any, PlainValidator(parse), WithJsonSchema(about | fact.kind.schema())]
