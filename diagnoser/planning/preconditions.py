"""The check before the system is left to work by itself: which preconditions hold, which fail, and
what to look at or to do about the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.case.case import Case
from diagnoser.knowledge.conditions import KnownFacts, Outcome, alternatives, facts_of
from diagnoser.knowledge.model import COULD_NOT_DO, Fact, Knowledge, Precondition, Remedy
from diagnoser.planning.rounding import significant

State = Literal["holds", "fails", "not-known"]
STATES: Mapping[Outcome, State] = {True: "holds", False: "fails", None: "not-known"}


class Checked(NamedTuple):
    """A precondition and its state; the facts to look at where it is not known, and the remedies
    for it, the most promising first, unless it holds."""

    precondition: Precondition
    state: State
    look: tuple[str, ...]
    remedies: tuple[str, ...]


def outcome(precondition: Precondition, known: KnownFacts) -> Outcome:
    """Whether the precondition holds (True), fails (False), or is not known to do either (None)."""
    if precondition.fails is not None and precondition.fails.outcome(known):
        return False
    return precondition.holds.outcome(known)


def check(
    knowledge: Knowledge, case: Case, belief: Belief, barred: Collection[tuple[str, int]]
) -> Iterator[Checked]:
    """Every precondition of the pack, in its order.

    `barred` are the remedies that must not be advised, with the number of the reason. Those that
    could not be done are not named either, nor, beside others, those whose causes are ruled out.
    """
    impossible = {id for id, _ in barred}
    impossible |= {id for id, result in case.tried.items() if result == COULD_NOT_DO}
    for one in knowledge.preconditions.values():
        state = STATES[outcome(one, case.known)]
        look: tuple[str, ...] = ()
        remedies: list[str] = []
        if state == "not-known":
            look = facts_to_look_at(one, case.known, knowledge.facts)
        if state != "holds":
            possible = [id for id in one.remedies if id not in impossible]
            help = {id: _help(knowledge.remedies[id], belief) for id in possible}
            remedies = sorted(filter(help.get, possible), key=lambda id: -help[id]) or possible
        yield Checked(one, state, look, tuple(remedies))


def facts_to_look_at(
    precondition: Precondition, known: KnownFacts, facts: Mapping[str, Fact]
) -> tuple[str, ...]:
    """Those of its `looks` that are still unknown in the first way to fulfil it that is not
    excluded; where that has none, in the next one."""
    for tests in alternatives(precondition.holds):
        if any(test.outcome(known) is False for test in tests):
            continue
        open_ = {id for test in tests for id in facts_of(test) if id not in known}
        asked = {facts[id].derived_from or id for id in open_}
        if look := tuple(id for id in precondition.looks if id in asked):
            return look
    return tuple(id for id in precondition.looks if id not in known)


def _help(remedy: Remedy, belief: Belief) -> float:
    """The largest chance that one of the causes that it mends is present and mended."""
    present = belief.given_failure
    chances = [present[cause] * chance for cause, chance in remedy.fixes.items()]
    return significant(max(chances, default=0.0))
