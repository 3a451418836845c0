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

from diagnoser.knowledge.conditions import Compare, OneOf, Test
from diagnoser.knowledge.values import Value

M = TypeVar("M")
"""What a conjunction means."""
G = TypeVar("G")
"""What a group of conjunctions that hold at once means."""


class Network(Generic[M, G]):
    """The conjunctions of a knowledge, indexed by fact; `Memory` holds what belongs to a case.

    Satisfied tests are counted in one number, in which each conjunction of several has a field of
    bits: it starts so that its highest bit is set when all tests are satisfied.
    """

    def __init__(
        self, conjunctions: Iterable[tuple[tuple[Test, ...], M]], group: Callable[[list[M]], G]
    ) -> None:
        self.index: dict[str, _Index[M, G]] = {}
        self.joins: dict[str, list[tuple[str, Test, int]]] = {}
        """For each fact, those it is compared with, how, and what is added to the count."""
        self.start = 0
        self._meaning: dict[int, M] = {}
        """What a conjunction means, by the highest bit of its field."""
        self._group = group
        self._alone: dict[int, G] = {}
        listed = list(conjunctions)
        width = max((len(tests) for tests, _ in listed), default=0).bit_length()
        one = 1
        for tests, meaning in listed:
            if len(tests) == 1 and _other(tests[0]) is None:
                self._index(tests[0].fact).alone.append((tests[0], meaning))
                continue
            distinct = dict.fromkeys(tests)
            self._meaning[one << width] = meaning
            self.start += (one << width) - len(distinct) * one
            for test in distinct:
                other = _other(test)
                if other is None:
                    self._index(test.fact).parts.append((test, one))
                    continue
                for known, missing in {(test.fact, other), (other, test.fact)}:
                    self.joins.setdefault(known, []).append((missing, test, one))
            one <<= width + 1
        self.highest = sum(self._meaning)

    def _index(self, fact: str) -> _Index[M, G]:
        if fact not in self.index:
            self.index[fact] = _Index(fact, self._group)
        return self.index[fact]

    def met(self, highest: int) -> G:
        """The conjunction whose field has this highest bit, as a group."""
        if highest not in self._alone:
            self._alone[highest] = self._group([self._meaning[highest]])
        return self._alone[highest]


def _other(test: Test) -> str | None:
    """The fact that the tested one is compared with."""
    return test.other if isinstance(test, Compare) else None


class Memory(Generic[G]):
    """What one case satisfies so far."""

    def __init__(self, network: Network[Any, G]) -> None:
        self._network = network
        self.clear()

    def clear(self) -> None:
        self._joined: dict[str, Value] = {}
        """Those known facts that are compared with others."""
        self._count = self._network.start

    def add(self, told: Iterable[Mapping[str, Value]]) -> list[G]:
        """Makes more facts known; returns what the conjunctions mean that hold from now on."""
        network, joined, count = self._network, self._joined, self._count
        index, joins = network.index, network.joins
        found: list[G] = []
        for facts in told:
            for fact, value in facts.items():
                if fact in index:
                    group, parts = index[fact][value]
                    if group is not None:
                        found.append(group)
                    count += parts
                if fact in joins:
                    joined[fact] = value
                    for other, test, one in joins[fact]:
                        if other in joined and test.outcome(joined):
                            count += one
        met = count & network.highest & ~self._count
        self._count = count
        while met:
            highest = 1 << met.bit_length() - 1
            found.append(network.met(highest))
            met ^= highest
        return found


Touched = tuple[G | None, int]
"""What a value satisfies: the conjunctions of one test as a group, if any, and what is added to the
count for parts of others."""


class _Index(dict[Value, "Touched[G]"], Generic[M, G]):
    """The tests that compare one fact with constants; for words, what each of them satisfies.

    Words are those of the knowledge. Of numbers and versions there is no end, but all between two
    neighbouring constants satisfy the same, which is kept for each such interval.
    """

    def __init__(self, fact: str, group: Callable[[list[M]], G]) -> None:
        self._fact, self._group = fact, group
        self.alone: list[tuple[Test, M]] = []
        self.parts: list[tuple[Test, int]] = []
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
        case = {self._fact: value}
        alone = [meaning for test, meaning in self.alone if test.outcome(case)]
        parts = sum(one for test, one in self.parts if test.outcome(case))
        return self._group(alone) if alone else None, parts

    @cached_property
    def _constants(self) -> list[Any]:
        constants: set[Any] = set()
        for test, _ in [*self.alone, *self.parts]:
            constants |= {*test.values} if isinstance(test, OneOf) else {test.constant}
        return sorted(constants)
