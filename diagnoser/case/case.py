"""A case: what is known of one phone, read from an answer sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from diagnoser.case.json_input import MAX_TEXT
from diagnoser.errors import InvalidFacts, Problem, fact_problem, quoted
from diagnoser.knowledge.model import TRIED, Fact, Knowledge
from diagnoser.knowledge.values import UNKNOWN, Unfit, Value

if TYPE_CHECKING:
    from diagnoser.case.answer_sheet import Sheet


class Case(NamedTuple):
    """`given` is what was said, in the order of the questionnaire; `known` adds what follows from
    tables and round-ups; `tried` is what came of remedies, by their ids.

    `unsure` are the facts that were asked for and answered "not sure": unknown, and not to be asked
    again.
    """

    given: Mapping[str, Value]
    known: Mapping[str, Value]
    tried: Mapping[str, str]
    unsure: frozenset[str] = frozenset()


def case_of(
    given: Mapping[str, Value], facts: Mapping[str, Fact], unsure: Iterable[str] = ()
) -> Case:
    """The case of values that are known to fit, by fact id in the order of the questionnaire."""
    return Case(given, known_from(given, facts), tried_in(given), frozenset(unsure))


def tried_in(given: Mapping[str, Value]) -> dict[str, str]:
    """What came of the remedies that were tried, by their ids."""
    return {id.removeprefix(TRIED): str(given[id]) for id in given if id.startswith(TRIED)}


def known_from(given: Mapping[str, Value], facts: Mapping[str, Fact]) -> dict[str, Value]:
    """What was said, and what follows from it through tables and round-ups.

    What was answered by itself counts before what a round-up says of it.
    """
    known = dict(given)
    for id, value in given.items():
        if facts[id].derives:
            for derived, cell in facts[id].follows(value).items():
                known.setdefault(derived, cell)
    return known


def said_by(fact: str, case: Case, facts: Mapping[str, Fact]) -> list[str]:
    """The facts that were given and say what this one is: itself, the row of its table, a
    round-up."""
    value = case.known.get(fact)
    return [
        id
        for id, answer in case.given.items()
        if id == fact or (value is not None and facts[id].follows(answer).get(fact) == value)
    ]


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
        named = [(area, name) for area, facts in self._areas.items() for name in facts]
        self._places = {
            self._areas[area][name].id: (place, area, name)
            for place, (area, name) in enumerate(named)
        }

    @cached_property
    def _sheet(self) -> Sheet:
        """What finds mistakes; pydantic, whose import takes longer than a diagnosis, comes with
        it."""
        from diagnoser.case.answer_sheet import Sheet

        return Sheet(self._title, self._areas, self._facts)

    def read(self, answers: object) -> Case:
        """The case that an answer sheet stands for.

        Raises InvalidFacts with every mistake at once.
        """
        if not isinstance(answers, Mapping):
            raise InvalidFacts(
                [fact_problem("", f"{quoted(answers)} is not a mapping of areas to facts")]
            )
        try:
            values = {area: self._values(area, given) for area, given in answers.items()}
        except (Unfit, KeyError):
            raise InvalidFacts(self._sheet.mistakes(answers)) from None
        in_order = [
            (fact.id, values[area][name])
            for area, facts in self._areas.items()
            if values.get(area)
            for name, fact in facts.items()
            if name in values[area]
        ]
        return case_of(
            {id: value for id, value in in_order if value not in (None, UNSURE)},
            self._facts,
            [id for id, value in in_order if value is UNSURE],
        )

    def _values(self, area: str, given: object) -> dict[str, Any]:
        """The answers of one area, by name.

        Raises Unfit or KeyError at the first mistake.
        """
        facts = self._areas[area]
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            raise Unfit("is not a mapping", "")
        return {name: parse(facts[name], answer) for name, answer in given.items()}

    def case(self, given: Mapping[str, Value], unsure: Iterable[str] = ()) -> Case:
        """A case from values that are already known to fit, by fact id in the order of the
        questionnaire."""
        return case_of(given, self._facts, unsure)

    def show(self, case: Case) -> dict[str, dict[str, Any]]:
        """The case as an answer sheet again; reading it gives the same case."""
        sheet: dict[str, dict[str, Any]] = {}
        given, places = case.given, self._places
        for id in sorted((*given, *case.unsure.difference(given)), key=places.__getitem__):
            _, area, name = places[id]
            shown = self._facts[id].kind.show(given[id]) if id in given else UNKNOWN
            sheet.setdefault(area, {})[name] = shown
        return sheet

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of an answer sheet."""
        return self._sheet.schema()

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
                problems.append(self._sheet.no_such(id))
                continue
            typed = text.strip()
            try:
                _check_length(fact, typed)
                unknown = typed.lower() == UNKNOWN
                value = UNKNOWN if unknown else fact.kind.show(fact.kind.parse_text(typed))
                sheet.setdefault(area, {})[name] = value
            except Unfit as unfit:
                problems.append(fact_problem(id, unfit.reason, unfit.allowed, unfit.near))
        if problems:
            raise InvalidFacts(problems)
        return sheet


class _Unsure:
    """What an explicit "unknown" becomes: no value, but an answer."""


UNSURE: Any = _Unsure()


def parse(fact: Fact, answer: object) -> Any:
    """The value of an answer: None where there is none, UNSURE where it is not known.

    Raises Unfit.
    """
    if answer is None:
        return None
    if isinstance(answer, str):
        if answer == UNKNOWN:
            return UNSURE
        _check_length(fact, answer)
    return fact.kind.parse(answer)


def _check_length(fact: Fact, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Unfit(f"{quoted(text)} is longer than {MAX_TEXT} characters", fact.kind.allowed)
