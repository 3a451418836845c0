"""A case: what is known of one phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from diagnoser.knowledge.model import TRIED, Fact
from diagnoser.knowledge.values import Value, among


@dataclass(frozen=True, slots=True)
class Case:
    """`given` is what was said, in the order of the questionnaire; `known` adds what follows from
    tables and round-ups; `tried` is what came of remedies, by their ids.

    `unsure` are the facts that were asked for and answered "not sure": unknown, and not to be asked
    again. `facts` is the validated answer sheet that the case was read from, None for one that is
    only supposed.
    """

    given: Mapping[str, Value]
    known: Mapping[str, Value]
    tried: Mapping[str, str]
    unsure: frozenset[str] = frozenset()
    facts: BaseModel | None = field(default=None, compare=False)


def case_of(
    given: Mapping[str, Value],
    about: Mapping[str, Fact],
    unsure: Iterable[str] = (),
    facts: BaseModel | None = None,
) -> Case:
    """The case of values that are known to fit, by fact id in the order of the questionnaire."""
    return Case(given, known_from(given, about), tried_in(given), frozenset(unsure), facts)


def tried_in(given: Mapping[str, Value]) -> dict[str, str]:
    """What came of the remedies that were tried, by their ids."""
    return {id.removeprefix(TRIED): str(given[id]) for id in given if id.startswith(TRIED)}


def known_from(given: Mapping[str, Value], about: Mapping[str, Fact]) -> dict[str, Value]:
    """What was said, and what follows from it through tables and round-ups.

    What was answered by itself counts before what a round-up says of it.
    """
    known = dict(given)
    for id, value in given.items():
        if about[id].derives:
            for derived, cell in about[id].follows(value).items():
                known.setdefault(derived, cell)
    return known


def said_by(fact: str, case: Case, about: Mapping[str, Fact]) -> list[str]:
    """The facts that were given and say what this one is, or one of several that it is: itself, the
    row of its table, a round-up."""
    value = case.known.get(fact)
    said = {id: about[id].follows(answer).get(fact) for id, answer in case.given.items()}
    return [
        id
        for id, one in said.items()
        if id == fact or (value is not None and one is not None and among(one, value))
    ]
