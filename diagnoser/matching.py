"""Which conjunctions of tests hold for known facts: an index from facts and values to tests, and a
count for each conjunction of several tests.

The tests that read one fact are evaluated once for each value, or for each interval between the
constants that a number or version is compared with, and not again. Nothing that the given facts do
not touch costs anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from diagnoser.conditions import Compare, OneOf, Test
from diagnoser.values import Value

M = TypeVar("M")
"""What a conjunction means."""
G = TypeVar("G")
"""What a group of conjunctions that hold at once means."""


Part = tuple[int, int, M]
"""The conjunction that a test is part of: its place in the list, the number of its tests, and what
it means."""


class Network(Generic[M, G]):
    """The conjunctions of a knowledge, indexed by fact; `Memory` holds what belongs to a case."""

    def __init__(
        self, conjunctions: Iterable[tuple[tuple[Test, ...], M]], group: Callable[[list[M]], G]
    ) -> None:
        self.index: dict[str, _Index[M, G]] = {}
        self.joins: dict[str, list[tuple[str, Compare, Part[G]]]] = {}
        """For each fact, those it is compared with, how, and in which conjunction."""
        for place, (tests, meaning) in enumerate(conjunctions):
            distinct = dict.fromkeys(tests) if len(tests) > 1 else tests
            size = len(distinct)
            part = place, size, meaning
            for test in distinct:
                if isinstance(test, Compare) and test.other is not None:
                    joined = place, size, group([meaning])
                    for one, other in {(test.fact, test.other), (test.other, test.fact)}:
                        self.joins.setdefault(one, []).append((other, test, joined))
                elif test.fact in self.index:
                    self.index[test.fact].tests.append((test, part))
                else:
                    self.index[test.fact] = _Index([(test, part)], group)


class Memory(Generic[G]):
    """What one case satisfies so far."""

    def __init__(self, network: Network[Any, G]) -> None:
        self._network = network
        self.clear()

    def clear(self) -> None:
        self._joined: dict[str, Value] = {}
        """Those known facts that are compared with others."""
        self._met: dict[int, int] = {}
        """How many tests of a conjunction hold, by its place."""

    def add(self, told: Iterable[Mapping[str, Value]]) -> list[G]:
        """Makes more facts known; returns what the conjunctions mean that hold from now on."""
        index, joins, joined = self._network.index, self._network.joins, self._joined
        found: list[G] = []
        parts: list[Part[G]] = []
        for facts in told:
            for fact, value in facts.items():
                if fact in index:
                    whole, some = index[fact][value]
                    found += whole
                    parts += some
                if fact in joins:
                    joined[fact] = value
                    parts += [
                        part
                        for other, test, part in joins[fact]
                        if other in joined and test.outcome(joined)
                    ]
        met = self._met
        for place, size, meaning in parts:
            met[place] = count = met.get(place, 0) + 1
            if count == size:
                found.append(meaning)
        return found


Touched = tuple[list[G], list[Part[G]]]
"""What a value satisfies: the conjunctions of one test as a group, if any, and parts of others."""


class _Index(dict[Value, "Touched[G]"], Generic[M, G]):
    """The tests that compare one fact with constants; for words, what each of them satisfies.

    Words are those of the knowledge. Of numbers and versions there is no end, but all between two
    neighbouring constants satisfy the same, which is kept for each such interval.
    """

    def __init__(self, tests: list[tuple[Test, Part[M]]], group: Callable[[list[M]], G]) -> None:
        self.tests = tests
        self._group = group
        self._intervals: dict[int, Touched[G]] = {}

    def __missing__(self, value: Any) -> Touched[G]:
        if isinstance(value, str):
            self[value] = touched = self._touched(value)
            return touched
        place = bisect_left(self._constants, value) + bisect_right(self._constants, value)
        if place not in self._intervals:
            self._intervals[place] = self._touched(value)
        return self._intervals[place]

    def _touched(self, value: Value) -> Touched[G]:
        case = {self.tests[0][0].fact: value}
        parts = [part for test, part in self.tests if test.outcome(case)]
        whole = [meaning for _, size, meaning in parts if size == 1]
        some = [(place, size, self._group([one])) for place, size, one in parts if size > 1]
        return [self._group(whole)] if whole else [], some

    @cached_property
    def _constants(self) -> list[Any]:
        constants: set[Any] = set()
        for test, _ in self.tests:
            constants |= {*test.values} if isinstance(test, OneOf) else {test.constant}
        return sorted(constants)
