"""What was said in a conversation, in order, and what is known from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED, TRIED

Written = dict[str, dict[str, Any]]
"""An answer sheet, as it is written in a facts file."""
DONE, PREPARED = "done", "prepared"
"""What is done but not verified yet, and what only prepares a later step."""

WENT = (HELPED, DID_NOT_HELP, COULD_NOT_DO, DONE, PREPARED)
"""How a step may have gone."""
Value = StrictStr | StrictInt | StrictFloat | list[StrictStr]
"""An answer, as it is written in a facts file."""

AS_IN_A_FILE = ConfigDict(extra="forbid", serialize_by_alias=True)
"""What is said goes into session files, where some of it has another name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question was answered; the value is as in a facts file."""

    __pydantic_config__ = AS_IN_A_FILE
    fact: str
    value: Annotated[Value, Field(alias="answer")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How some steps went, verified together, as one of `WENT`; `forgot` are the facts that they
    may have changed."""

    __pydantic_config__ = AS_IN_A_FILE
    remedies: Annotated[tuple[str, ...], Field(alias="steps")]
    outcome: str
    forgot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The answers were confirmed, and the first plan was shown."""

    __pydantic_config__ = AS_IN_A_FILE
    diagnosed: Literal[True] = True


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


Said = Answer | Outcome | Diagnosed | Insisted | Enough


@dataclass(slots=True)
class SoFar:
    """What follows from all that was said: facts by id, outcomes by remedy, and the steps that are
    done but not verified."""

    given: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)


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
        if isinstance(one, Answer):
            known.answers[one.fact] = one.value
        elif isinstance(one, Outcome):
            if one.outcome == DONE:
                known.done += one.remedies
                continue
            as_fact = DID_NOT_HELP if one.outcome == PREPARED else one.outcome
            known.tried |= dict.fromkeys(one.remedies, as_fact)
            known.done = [remedy for remedy in known.done if remedy not in one.remedies]
            for fact in one.forgot:
                known.given.pop(fact, None)
                known.answers.pop(fact, None)
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
