"""Which conjunctions of tests hold for known facts: an index from facts and values to tests, and a
count per conjunction.

A test that several rules share is evaluated once. Constants that a number or version is compared
with are kept sorted, so that a value finds all it satisfies with one search. Nothing that the given
facts do not touch costs anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from diagnoser.conditions import Compare, OneOf, Test
from diagnoser.values import Value

Members = tuple[int, ...]
"""Places of the conjunctions that a test belongs to."""


class Network:
    """The conjunctions of a knowledge, indexed by fact.

    Immutable once built; `Memory` holds what belongs to a case.
    """

    def __init__(self, conjunctions: Sequence[tuple[Test, ...]]) -> None:
        members: dict[Test, list[int]] = {}
        self.sizes: list[int] = []
        for place, tests in enumerate(conjunctions):
            distinct = dict.fromkeys(tests)
            self.sizes.append(len(distinct))
            for test in distinct:
                members.setdefault(test, []).append(place)
        self.equal: dict[str, dict[Value, list[Members]]] = {}
        self.joins: dict[str, list[tuple[Compare, Members]]] = {}
        thresholds: dict[tuple[str, str], dict[Any, Members]] = {}
        for test, places in members.items():
            if isinstance(test, OneOf):
                by_value = self.equal.setdefault(test.fact, {})
                for value in dict.fromkeys(test.values):
                    by_value.setdefault(value, []).append(tuple(places))
            elif test.other is None:
                thresholds.setdefault((test.fact, test.comparison), {})[test.constant] = tuple(
                    places
                )
            else:
                for fact in {test.fact, test.other}:
                    self.joins.setdefault(fact, []).append((test, tuple(places)))
        self.ranges: dict[str, list[_Range]] = {}
        for (fact, comparison), constants in thresholds.items():
            self.ranges.setdefault(fact, []).append(_Range(comparison, constants))

    def satisfied(self, fact: str, value: Value) -> list[Members]:
        """The tests of one fact against constants that its value satisfies."""
        found = list(self.equal.get(fact, _NONE).get(value, ()))
        for one in self.ranges.get(fact, ()):
            found += one.satisfied(value)
        return found


class Memory:
    """What one case satisfies so far."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[str, Value] = {}
        self._counts: dict[int, int] = {}

    def clear(self) -> None:
        self._known.clear()
        self._counts.clear()

    def add(self, facts: Mapping[str, Value]) -> list[int]:
        """Makes more facts known; returns the places of the conjunctions that hold from now on."""
        counts, sizes, complete = self._counts, self._network.sizes, []
        self._known.update(facts)
        for members in self._touched(facts):
            for place in members:
                count = counts[place] = counts.get(place, 0) + 1
                if count == sizes[place]:
                    complete.append(place)
        return complete

    def remove(self, facts: Mapping[str, Value]) -> list[int]:
        """Makes facts unknown again; returns the places of the conjunctions that held until now."""
        counts, sizes, lost = self._counts, self._network.sizes, []
        for members in self._touched(facts):
            for place in members:
                if counts[place] == sizes[place]:
                    lost.append(place)
                counts[place] -= 1
        for fact in facts:
            del self._known[fact]
        return lost

    def _touched(self, facts: Mapping[str, Value]) -> list[Members]:
        """The tests that read these facts and hold, each once."""
        network, known = self._network, self._known
        found: list[Members] = []
        for fact, value in facts.items():
            found += network.satisfied(fact, value)
            for test, members in network.joins.get(fact, ()):
                first = test.fact if test.fact in facts else test.other
                if fact == first and test.outcome(known):
                    found.append(members)
        return found


class _Range:
    """All constants that one fact is compared with in one way."""

    def __init__(self, comparison: str, constants: Mapping[Any, Members]) -> None:
        self._constants = sorted(constants)
        self._members = [constants[constant] for constant in self._constants]
        self._upper = comparison in ("below", "at_most")
        self._bisect = bisect_right if comparison in ("below", "at_least") else bisect_left

    def satisfied(self, value: Any) -> list[Members]:
        place = self._bisect(self._constants, value)
        return self._members[place:] if self._upper else self._members[:place]


_NONE: dict[Value, list[Members]] = {}
