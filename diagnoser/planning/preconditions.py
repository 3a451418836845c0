"""The check before the system is left to work by itself: which preconditions hold, which fail, and
what to look at or to do about the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.case.case import Case
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import Condition, KnownFacts, Outcome, alternatives
from diagnoser.knowledge.model import COULD_NOT_DO, Knowledge, Precondition, Remedy
from diagnoser.knowledge.rounding import significant

State = Literal["holds", "fails", "not-known"]
STATES: Mapping[Outcome, State] = {True: "holds", False: "fails", None: "not-known"}


class Checked(NamedTuple):
    """A precondition and its state; the facts to look at where it is not known, and the remedies
    for it, the most promising first, unless it holds. Where it is not known for sure, `think` is
    what somebody thinks that it does."""

    precondition: Precondition
    state: State
    look: tuple[str, ...]
    remedies: tuple[str, ...]
    think: State | None = None


def outcome(precondition: Precondition, known: KnownFacts) -> Outcome:
    """Whether the precondition holds (True), fails (False), or is not known to do either (None)."""
    if precondition.fails is not None and precondition.fails.outcome(known):
        return False
    return precondition.holds.outcome(known)


class Checker:
    """Checks the preconditions of one knowledge; holds only what does not depend on a case."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._ways = {
            id: [(tests, _asked_for(tests, knowledge)) for tests in alternatives(one.holds)]
            for id, one in knowledge.preconditions.items()
        }

    def check(
        self, case: Case, belief: Belief, barred: Collection[tuple[str, int]]
    ) -> Iterator[Checked]:
        """Every precondition of the pack, in its order.

        `barred` are the remedies that must not be advised, with the number of the reason. Those
        that could not be done are not named either, nor, beside others, those whose causes are
        ruled out.
        """
        impossible = {id for id, _ in barred}
        impossible |= {id for id, result in case.tried.items() if result == COULD_NOT_DO}
        sure = case.sure
        for one in self._knowledge.preconditions.values():
            found = outcome(one, sure)
            state = STATES[found]
            think = None
            if found is None and case.tentative:
                perhaps = outcome(one, case.known)
                think = None if perhaps is None else STATES[perhaps]
            look = self.facts_to_look_at(one, sure) if state == "not-known" else ()
            remedies: list[str] = []
            if state != "holds":
                possible = [id for id in one.remedies if id not in impossible]
                help = {id: _help(self._knowledge.remedies[id], belief) for id in possible}
                remedies = sorted(filter(help.get, possible), key=lambda id: -help[id]) or possible
            yield Checked(one, state, look, tuple(remedies), think)

    def facts_to_look_at(self, precondition: Precondition, known: KnownFacts) -> tuple[str, ...]:
        """Those of its `looks` that are still unknown in the first way to fulfil it that is not
        excluded; where that has none, in the next one."""
        unknown = [id for id in precondition.looks if id not in known]
        for tests, asked in self._ways[precondition.id]:
            look = tuple(id for id in unknown if id in asked)
            if look and not any(test.outcome(known) is False for test in tests):
                return look
        return tuple(unknown)


def _asked_for(tests: Iterable[Condition], knowledge: Knowledge) -> frozenset[str]:
    return frozenset(id for test in tests for id in asked_for(test, knowledge.facts))


def _help(remedy: Remedy, belief: Belief) -> float:
    """The largest chance that one of the causes that it mends is present and mended."""
    present = belief.given_failure
    chances = [present[cause] * chance for cause, chance in remedy.fixes.items()]
    return significant(max(chances, default=0.0))
