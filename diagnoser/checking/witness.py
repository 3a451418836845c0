"""Cases in which conditions hold: for examples of what is weak in the knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from diagnoser.checking.reachability import MOST, options
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import All, Condition, alternatives, facts_of
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Value

KnownCase = dict[str, Value]


def cases_where(
    needed: Sequence[Condition], never: Sequence[Condition], facts: Mapping[str, Fact]
) -> Iterator[KnownCase]:
    """The cases in which all that is `needed` holds, and nothing that must `never` hold is known
    to: each with no more facts than it takes, and with what follows from tables.

    Of values that no condition tells apart one stands for all. Ends after so many cases that all
    of them need not be there; those that are there are right.
    """
    read = All((*needed, *never))
    sources = sorted(set().union(*(asked_for(one, facts) for one in needed), ()))
    values = {id: options(facts[id], read, facts) for id in sources}
    search = _Search(list(needed), list(never), facts, values)
    return islice(search.cases({}, 0), MOST)


class _Search:
    """Goes through the conditions one after the other, and takes back what leads nowhere."""

    def __init__(
        self,
        needed: list[Condition],
        never: list[Condition],
        facts: Mapping[str, Fact],
        values: Mapping[str, list[KnownCase]],
    ) -> None:
        self._ways = [(one, alternatives(one)) for one in needed]
        self._never = [(facts_of(one), one) for one in never]
        self._facts = facts
        self._values = values
        self._left = MOST * 10

    def cases(self, case: KnownCase, place: int) -> Iterator[KnownCase]:
        if place == len(self._ways):
            yield case
            return
        condition, ways = self._ways[place]
        outcome = condition.outcome(case)
        if outcome is not None:
            if outcome:
                yield from self.cases(case, place + 1)
            return
        for tests in ways:
            for more in self._fulfil(case, All(tests)):
                yield from self.cases(more, place + 1)

    def _fulfil(self, case: KnownCase, tests: All) -> Iterator[KnownCase]:
        """The case with all that one way to fulfil a condition needs."""
        if tests.outcome(case):
            yield case
            return
        unknown = sorted(id for id in asked_for(tests, self._facts) if id not in case)
        if not unknown:
            return
        for value in self._values[unknown[0]]:
            self._left -= 1
            if self._left < 0:
                return
            more = {**case, **value}
            if tests.outcome(more) is not False and not self._forbidden(more, value):
                yield from self._fulfil(more, tests)

    def _forbidden(self, case: KnownCase, new: KnownCase) -> bool:
        return any(
            not read.isdisjoint(new) and condition.outcome(case) for read, condition in self._never
        )


def told(case: Mapping[str, Value], facts: Mapping[str, Fact]) -> str:
    """The answers of a case as a command takes them after `--set`."""
    return " ".join(answers(case, facts))


def answers(case: Mapping[str, Value], facts: Mapping[str, Fact]) -> list[str]:
    """Each answer of a case as a command takes it after `--set`, sorted."""
    said = []
    for id, value in case.items():
        if not facts[id].derived_from:
            shown = facts[id].kind.show(value)
            words = (
                shown
                if isinstance(shown, list)
                else [f"{shown:g}" if isinstance(shown, float) else str(shown)]
            )
            said.append(f"{id}={','.join(words)}")
    return sorted(said)
