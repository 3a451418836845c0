"""A case: what is known of one phone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from diagnoser.case.provenance import Provenance
from diagnoser.knowledge.model import TRIED, Fact
from diagnoser.knowledge.values import THINK, Value, Written


@dataclass(frozen=True, slots=True)
class Case:
    """`given` is what was said, in the order of the questionnaire; `known` adds what follows from
    tables; `tried` is what came of remedies, by their ids.

    `unsure` are the facts that were asked for and answered "not sure": unknown, and not to be asked
    again. `tentative` are those of the known facts that somebody thinks to be so without being
    sure. `facts` is the validated answer sheet that the case was read from, None for one that is
    only supposed. `provenance` says where answers are from that nobody gave in person.
    """

    given: Mapping[str, Value]
    known: Mapping[str, Value]
    tried: Mapping[str, str]
    unsure: frozenset[str] = frozenset()
    facts: BaseModel | None = field(default=None, compare=False)
    provenance: Mapping[str, Provenance] = field(default_factory=dict, compare=False)
    tentative: frozenset[str] = frozenset()

    @property
    def sure(self) -> Mapping[str, Value]:
        """What is known without those facts of which somebody is not sure."""
        return without(self.known, self.tentative)


def case_of(
    given: Mapping[str, Value],
    about: Mapping[str, Fact],
    unsure: Iterable[str] = (),
    facts: BaseModel | None = None,
    provenance: Mapping[str, Provenance] | None = None,
    tentative: Iterable[str] = (),
) -> Case:
    """The case of values that are known to fit, by fact id in the order of the questionnaire; of
    what is `tentative` somebody is not sure, and so of what follows from it."""
    known, tried = known_from(given, about), tried_in(given)
    of_those = frozenset(one for id in tentative for one in about[id].makes_known(given[id]))
    return Case(given, known, tried, frozenset(unsure), facts, provenance or {}, of_those)


def written(fact: str, case: Case, about: Mapping[str, Fact]) -> Written:
    """A known fact as it is written in a facts file."""
    shown = about[fact].kind.show(case.known[fact])
    return {THINK: shown} if fact in case.tentative else shown


def without(known: Mapping[str, Value], some: Collection[str]) -> Mapping[str, Value]:
    """What is known without some of it."""
    return {id: value for id, value in known.items() if id not in some} if some else known


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
