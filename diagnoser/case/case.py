"""A case: what is known of one phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from diagnoser.case.provenance import Provenance
from diagnoser.knowledge.model import TRIED, Fact
from diagnoser.knowledge.values import Value


@dataclass(frozen=True, slots=True)
class Case:
    """`given` is what was said, in the order of the questionnaire; `known` adds what follows from
    tables; `tried` is what came of remedies, by their ids.

    `unsure` are the facts that were asked for and answered "not sure": unknown, and not to be asked
    again. `facts` is the validated answer sheet that the case was read from, None for one that is
    only supposed. `provenance` says where answers are from that nobody gave in person.
    """

    given: Mapping[str, Value]
    known: Mapping[str, Value]
    tried: Mapping[str, str]
    unsure: frozenset[str] = frozenset()
    facts: BaseModel | None = field(default=None, compare=False)
    provenance: Mapping[str, Provenance] = field(default_factory=dict, compare=False)


def case_of(
    given: Mapping[str, Value],
    about: Mapping[str, Fact],
    unsure: Iterable[str] = (),
    facts: BaseModel | None = None,
    provenance: Mapping[str, Provenance] | None = None,
) -> Case:
    """The case of values that are known to fit, by fact id in the order of the questionnaire."""
    known, tried = known_from(given, about), tried_in(given)
    return Case(given, known, tried, frozenset(unsure), facts, provenance or {})


def tried_in(given: Mapping[str, Value]) -> dict[str, str]:
    """What came of the remedies that were tried, by their ids."""
    return {id.removeprefix(TRIED): str(given[id]) for id in given if id.startswith(TRIED)}


def known_from(given: Mapping[str, Value], about: Mapping[str, Fact]) -> dict[str, Value]:
    """What was said, and what follows from it through tables."""
    known = dict(given)
    for id, value in given.items():
        if about[id].derives:
            known |= about[id].follows(value)
    return known


def said_by(fact: str, case: Case, about: Mapping[str, Fact]) -> list[str]:
    """The fact that was given and says what this one is: itself, or the row of its table; none
    where that is not known."""
    said = about[fact].derived_from or fact
    return [said] if said in case.given else []
