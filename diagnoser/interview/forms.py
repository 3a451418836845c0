"""The form of a visit: what a person reads, and may answer, at one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from diagnoser.case.case import Case
from diagnoser.interview import typed_answers
from diagnoser.interview.turns import TRIED_FIELD, Field, Tick, Visit
from diagnoser.knowledge.model import Fact, Go, Knowledge, Variant
from diagnoser.knowledge.steps import choose
from diagnoser.knowledge.values import Choice, Lookup, Number
from diagnoser.questions.question import Question
from diagnoser.questions.visits import Opening, VisitChoice

MEMORY = "What you remember"
WHAT_WAS_TRIED = "What you have tried"
TRIED_ASKS = "Which of these have you tried already, without success?"
TRIED_WHY = (
    "What you have done already is not advised again, and that it did not help tells something."
)
POINTED_OUT = 3
"""Causes that `why` names at most."""
NOTICEABLE = 0.02
"""A cause is named only if an answer raises its probability by at least so much."""


class Forms:
    """Writes forms for one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def visit(
        self,
        choice: VisitChoice,
        case: Case,
        first_step: str | None,
        left: int,
        before: Mapping[str, str] | None = None,
    ) -> Visit:
        """The form of a visit that was chosen; `before` has what was answered before a step."""
        told = before or {}
        fields = [
            self.field(
                one.fact,
                case,
                self._why(one.question),
                one.waits_for,
                told.get(one.fact),
                choice.place,
            )
            for one in choice.fields
        ]
        return self._visit(choice.place, fields, choice.minutes, case, first_step, left, bool(told))

    def plain(
        self,
        place: str,
        facts: Mapping[str, Opening],
        case: Case,
        first_step: str | None,
        left: int,
        before: Mapping[str, str] | None = None,
    ) -> Visit:
        """The form of a visit to ask for these facts, whatever they are worth; each has the answers
        to others that it waits for."""
        told = before or {}
        fields = [
            self.field(id, case, "", waits, told.get(id), place) for id, waits in facts.items()
        ]
        known = self._knowledge
        ways = {page: known.places[page].effort for page in self._pages(facts)}
        minutes = sum(known.facts[id].effort - ways.get(known.facts[id].place, 0.0) for id in facts)
        minutes += sum(ways.values())
        return self._visit(place, fields, minutes, case, first_step, left, bool(told))

    def _pages(self, facts: Iterable[str]) -> list[str]:
        """The pages on which these facts are seen."""
        pages = dict.fromkeys(self._knowledge.facts[id].place for id in facts)
        return [page for page in pages if page]

    def tried(self, remedies: Iterable[str], first_step: str | None) -> Visit:
        """The form that asks only which of these remedies were tried."""
        field = self.tried_field(remedies)
        return self._visit("", [field], 0.5, None, first_step, 0, False, WHAT_WAS_TRIED)

    def tried_field(self, remedies: Iterable[str]) -> Field:
        """The question which of these remedies were tried."""
        known = self._knowledge.remedies
        return Field(
            fact=TRIED_FIELD,
            ask=TRIED_ASKS,
            kind="choice",
            several=True,
            alone=[],
            options={id: known[id].title for id in remedies},
            tick=None,
            unit=None,
            low=None,
            high=None,
            allowed="all that you have tried, or none",
            go=[],
            look=[],
            why=TRIED_WHY,
            only_if={},
            before=None,
        )

    def _visit(
        self,
        place: str,
        fields: list[Field],
        minutes: float,
        case: Case | None,
        first_step: str | None,
        left: int,
        again: bool,
        title: str = MEMORY,
    ) -> Visit:
        known = self._knowledge
        go: list[str] = []
        if place and case is not None:
            title = known.places[place].title
            pages = dict.fromkeys(known.facts[one.fact].place for one in fields)
            if place in pages:
                go = choose(known.places[place].go, case.known, known.places)
            fields = [*self._page_by_page(place, pages, fields, case)]
        return Visit(
            place=place or None,
            title=title,
            go=go,
            fields=fields,
            minutes=round(minutes, 1),
            again=again,
            left=left,
            first_step=known.remedies[first_step].title if first_step else None,
        )

    def _page_by_page(
        self, place: str, pages: Iterable[str], fields: Iterable[Field], case: Case
    ) -> Iterator[Field]:
        """The fields of each page together, and before the first of them the way there."""
        known, fields = self._knowledge, list(fields)
        for page in pages:
            go = choose(known.places[page].go, case.known, known.places) if page else []
            for one in fields:
                if known.facts[one.fact].place == page:
                    yield one if page == place or not go else one.model_copy(update={"go": go})
                    go = []

    def field(
        self,
        id: str,
        case: Case,
        why: str = "",
        waits_for: Opening | None = None,
        before: str | None = None,
        place: str = "",
    ) -> Field:
        """One question of a form, for somebody who is at this place already."""
        fact = self._knowledge.facts[id]
        kind, look = fact.kind, fact.look
        if place == fact.place:
            look = tuple(map(_once_there, look))
        return Field(
            fact=id,
            ask=fact.ask,
            kind=_kind(fact),
            several=fact.several,
            alone=list(kind.alone) if isinstance(kind, Choice) else [],
            options=_options(kind),
            tick=_tick(fact),
            unit=kind.unit if isinstance(kind, Number) else None,
            low=kind.low if isinstance(kind, Number) else None,
            high=kind.high if isinstance(kind, Number) else None,
            allowed=typed_answers.allowed(fact),
            go=[],
            look=choose(look, case.known, self._knowledge.places),
            why=why or self._depends_on(fact),
            only_if={
                gate: [str(self._knowledge.facts[gate].kind.show(value)) for value in values]
                for gate, values in (waits_for or {}).items()
            },
            before=before,
        )

    def _why(self, question: Question) -> str:
        """Which causes the answer points to, in words of a layman."""
        now = question.belief.given_failure
        raised = {
            cause: max(answer.belief.given_failure[cause] - p for answer in question.answers)
            for cause, p in now.items()
        }
        top = sorted(raised, key=lambda cause: (-raised[cause], cause))[:POINTED_OUT]
        named = [self._knowledge.causes[id].title for id in top if raised[id] >= NOTICEABLE]
        if not named:
            return self._depends_on(self._knowledge.facts[question.fact])
        if len(named) == 1:
            return f"It tells whether this is the reason: {named[0]}."
        return f"It helps to tell these reasons apart: {'; '.join(named)}."

    def _depends_on(self, fact: Fact) -> str:
        for one in self._knowledge.preconditions.values():
            if fact.id in one.looks:
                return f"A backup needs this: {one.title}."
        return "It decides what can be asked and done next."


def _once_there(variant: Variant) -> Variant:
    """The lines without the way to the place, which the form shows once."""
    first, *rest = variant.do or ("",)
    return variant._replace(do=tuple(rest)) if isinstance(first, Go) else variant


def _kind(fact: Fact) -> Any:
    if isinstance(fact.kind, Choice):
        return "choice"
    if isinstance(fact.kind, Number):
        return "number"
    return "name" if isinstance(fact.kind, Lookup) else "version"


def _options(kind: Any) -> dict[str, str]:
    if isinstance(kind, Choice):
        return dict(kind.labels)
    return {name: name for name in kind.names} if isinstance(kind, Lookup) else {}


def _tick(fact: Fact) -> Tick | None:
    tick = fact.tick
    if tick is None or not isinstance(fact.kind, Choice):
        return None
    ticked, text = tick
    [unticked] = [one for one in fact.kind.labels if one != ticked]
    return Tick(text=text, ticked=ticked, unticked=unticked)
