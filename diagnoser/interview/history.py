"""What was said in a conversation, in order, and what is known from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED, TRIED
from diagnoser.knowledge.values import UNKNOWN, is_thought

Written = dict[str, dict[str, Any]]
"""An answer sheet, as it is written in a facts file."""
DONE, PREPARED = "done", "prepared"
"""What is done but not verified yet, and what only prepares a later step."""

WENT = (HELPED, DID_NOT_HELP, COULD_NOT_DO, DONE, PREPARED)
"""How a step may have gone."""
Plain = StrictStr | StrictInt | StrictFloat | list[StrictStr]
Value = Plain | dict[Literal["think"], Plain]
"""An answer, as it is written in a facts file."""

AS_IN_A_FILE = ConfigDict(extra="forbid", serialize_by_alias=True)
"""What is said goes into session files, where some of it has another name."""


@dataclass(frozen=True, slots=True)
class Visited:
    """Answers at a place (empty: none); a field that was left open has "unknown", which counts as
    not known unless all were left open: then nobody looked. `waits` are the fields of the same
    visit that are still to be answered, `aside` the facts that could have been asked for there too,
    and were not worth it. `tried` are the outcomes of what had been tried before, if that was asked
    there."""

    __pydantic_config__ = AS_IN_A_FILE
    place: Annotated[StrictStr, Field(alias="visit")]
    answers: dict[str, Value]
    waits: tuple[StrictStr, ...] = ()
    aside: tuple[StrictStr, ...] = ()
    tried: dict[str, StrictStr] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """The person could not look there; nothing of these facts is known."""

    __pydantic_config__ = AS_IN_A_FILE
    place: Annotated[StrictStr, Field(alias="skipped")]
    facts: tuple[StrictStr, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """The person is back, and can look at what was left open."""

    __pydantic_config__ = AS_IN_A_FILE
    looked: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """How some steps went, verified together, as one of `WENT`; `forgot` are the facts that they
    may have changed."""

    __pydantic_config__ = AS_IN_A_FILE
    remedies: Annotated[tuple[StrictStr, ...], Field(alias="steps")]
    outcome: StrictStr
    forgot: tuple[StrictStr, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The answers were confirmed, and the first plan was shown."""

    __pydantic_config__ = AS_IN_A_FILE
    confirmed: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Insisted:
    """Facts that do not fit together were left as they are."""

    __pydantic_config__ = AS_IN_A_FILE
    facts: Annotated[dict[str, Value], Field(alias="insisted")]


@dataclass(frozen=True, slots=True)
class Enough:
    """The person wants no more questions until a step has been tried."""

    __pydantic_config__ = AS_IN_A_FILE
    enough: Literal[True] = True


Said = Visited | Skipped | Looked | Outcome | Confirmed | Insisted | Enough


@dataclass(slots=True)
class SoFar:
    """What follows from all that was said.

    Facts by id, outcomes by remedy, and the steps that are done but not verified. `passed` are the
    facts that are not asked for again before a step was tried, `before` what was answered before a
    step that may have changed it. Of what is `doubtful` somebody was still not sure when asked once
    more. `visits` counts them, `asked` their fields, `left_open` those in
    a row that nothing was answered at. `here` is the visit that still waits for answers, if one
    does. `not_looked_at` are the facts of visits that were left.
    """

    given: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    before: dict[str, Any] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    visits: int = 0
    asked: int = 0
    left_open: int = 0
    here: Visited | None = None
    enough: bool = False
    asked_what_was_tried: bool = False
    in_the_plan: bool = False
    not_looked_at: set[str] = field(default_factory=set)
    _here: dict[str, Any] = field(default_factory=dict)
    """What was answered at the visit that is made, or was made last."""

    def visited(self, one: Visited) -> None:
        elsewhere = self.here is not None and self.here.place != one.place
        if self.here is None or (elsewhere and one.answers):  # what was tried is asked anywhere
            self.visits += 1
            self._here = {}
        known = self.given | self.answers
        self.doubtful |= {id for id in one.answers.keys() & known if is_thought(one.answers[id])}
        self._here |= one.answers
        self.answers |= one.answers
        self.asked += len(one.answers)
        self.passed.update(one.aside)
        self.here = one if one.waits else None
        if one.tried is not None:
            self.asked_what_was_tried = True
            self.tried |= one.tried
        if any(value != UNKNOWN for value in self._here.values()):
            self.left_open = 0
        elif self.here is None and self._here:
            for fact in self._here:
                self.answers.pop(fact, None)
            self._left_open(self._here)

    def skipped(self, one: Skipped) -> None:
        begun = self.here is not None and self.here.place == one.place
        self.visits += not begun
        self.here = None
        here = self._here if begun else {}
        unsure = [id for id, value in here.items() if value == UNKNOWN]
        for fact in unsure:
            self.answers.pop(fact, None)
        self._left_open([*one.facts, *unsure])
        if len(unsure) < len(here):
            self.left_open = 0

    def _left_open(self, facts: Iterable[str]) -> None:
        self.left_open += 1
        self.passed.update(facts)
        self.not_looked_at.update(facts)

    def looked(self) -> None:
        self.left_open = 0
        self.passed -= self.not_looked_at
        self.not_looked_at.clear()

    def went(self, one: Outcome) -> None:
        self.in_the_plan, self.enough, self.left_open = True, False, 0
        self.not_looked_at.difference_update(one.forgot)
        self.passed &= self.not_looked_at  # nobody is sent there again after each step
        if one.outcome == DONE:
            self.done += one.remedies
            return
        as_fact = DID_NOT_HELP if one.outcome == PREPARED else one.outcome
        self.tried |= dict.fromkeys(one.remedies, as_fact)
        self.done = [remedy for remedy in self.done if remedy not in one.remedies]
        known = self.given | self.answers
        for fact in one.forgot:
            if fact in known:
                self.before[fact] = known[fact]
            self.given.pop(fact, None)
            self.answers.pop(fact, None)


def flat(facts: Mapping[str, Any]) -> dict[str, Any]:
    """An answer sheet by fact id, without what is only named in it."""
    return {
        f"{area}.{name}": value
        for area, answers in facts.items()
        for name, value in (answers or {}).items()
        if value is not None
    }


def known_after(given: Mapping[str, Any], said: Iterable[Said]) -> SoFar:
    """What is known after all that was said."""
    known = SoFar({id: value for id, value in given.items() if not id.startswith(TRIED)})
    known.tried = {id.removeprefix(TRIED): v for id, v in given.items() if id.startswith(TRIED)}
    for one in said:
        if isinstance(one, Visited):
            known.visited(one)
        elif isinstance(one, Skipped):
            known.skipped(one)
        elif isinstance(one, Looked):
            known.looked()
        elif isinstance(one, Outcome):
            known.went(one)
        elif isinstance(one, Enough):
            known.enough, known.here = True, None
    return known


def nested(known: SoFar) -> Written:
    """What is known as an answer sheet."""
    return by_area(known.given | known.answers | with_prefix(known.tried))


def by_area(facts: Mapping[str, Any]) -> Written:
    """Facts by id as an answer sheet."""
    sheet: Written = {}
    for id, value in facts.items():
        area, _, name = id.partition(".")
        sheet.setdefault(area, {})[name] = value
    return sheet


def with_prefix(tried: Mapping[str, str]) -> dict[str, str]:
    """The outcomes by fact id."""
    return {f"{TRIED}{remedy}": outcome for remedy, outcome in tried.items()}
