"""Which conjunctions of tests hold for known facts: an index from facts and values to tests, and a
count per conjunction.

A test that several conjunctions share is evaluated once for each value, or for each interval
between the constants that a number or version is compared with, and not again. Nothing that the
given facts do not touch costs anything.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from diagnoser.conditions import Compare, OneOf, Test
from diagnoser.values import Value

Places = tuple[int, ...]
"""Places of conjunctions in their list."""
Touched = tuple[Places, Places]
"""What a value satisfies: conjunctions of a single test, and those that need other tests too."""


class Network:
    """The conjunctions of a knowledge, indexed by fact; `Memory` holds what belongs to a case."""

    def __init__(self, conjunctions: Sequence[tuple[Test, ...]]) -> None:
        members: dict[Test, list[int]] = {}
        sizes = []
        for place, tests in enumerate(conjunctions):
            distinct = dict.fromkeys(tests)
            sizes.append(len(distinct))
            for test in distinct:
                members.setdefault(test, []).append(place)
        self.sizes = array("L", sizes)
        self.joins: dict[str, list[tuple[Compare, Touched]]] = {}
        by_fact: dict[str, list[tuple[Test, list[int]]]] = {}
        for test, places in members.items():
            if isinstance(test, Compare) and test.other is not None:
                for fact in {test.fact, test.other}:
                    self.joins.setdefault(fact, []).append((test, self.split(places)))
            else:
                by_fact.setdefault(test.fact, []).append((test, places))
        self.index = {fact: _Index(fact, tests, self) for fact, tests in by_fact.items()}

    def split(self, places: Sequence[int]) -> Touched:
        """The places of conjunctions of one test, and of those of more."""
        sizes = self.sizes
        return (
            tuple(place for place in places if sizes[place] == 1),
            tuple(place for place in places if sizes[place] > 1),
        )


class Memory:
    """What one case satisfies so far."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.clear()

    def clear(self) -> None:
        self._known: dict[str, Value] = {}
        self._lacking = self._network.sizes[:]

    def add(self, facts: Mapping[str, Value]) -> list[int]:
        """Makes more facts known; returns the places of the conjunctions that hold from now on."""
        self._known.update(facts)
        lacking = self._lacking
        complete: list[int] = []
        for alone, shared in self._touched(facts):
            complete += alone
            for place in shared:
                lacking[place] = left = lacking[place] - 1
                if not left:
                    complete.append(place)
        return complete

    def remove(self, facts: Mapping[str, Value]) -> list[int]:
        """Makes facts unknown again; returns the places of the conjunctions that held until now."""
        lacking = self._lacking
        lost: list[int] = []
        for alone, shared in self._touched(facts):
            lost += alone
            for place in shared:
                if not lacking[place]:
                    lost.append(place)
                lacking[place] += 1
        for fact in facts:
            del self._known[fact]
        return lost

    def _touched(self, facts: Mapping[str, Value]) -> list[Touched]:
        """What the tests that read these facts and hold belong to, each test once."""
        index, joins, known = self._network.index, self._network.joins, self._known
        found: list[Touched] = []
        for fact, value in facts.items():
            if fact in index:
                found.append(index[fact].touched(value))
            for test, touched in joins.get(fact, ()):
                first = test.fact if test.fact in facts else test.other
                if fact == first and test.outcome(known):
                    found.append(touched)
        return found


class _Index:
    """The tests that compare one fact with constants; what a value satisfies is worked out when it
    first occurs."""

    def __init__(
        self, fact: str, tests: Sequence[tuple[Test, Sequence[int]]], network: Network
    ) -> None:
        self._fact, self._tests, self._network = fact, tests, network
        self._found: dict[Any, Touched] = {}
        constants: set[Any] = set()
        for test, _ in tests:
            constants |= {*test.values} if isinstance(test, OneOf) else {test.constant}
        # Words are those of the knowledge; of numbers and versions there is no end.
        words = any(isinstance(constant, str) for constant in constants)
        self._constants = None if words else sorted(constants)

    def touched(self, value: Any) -> Touched:
        """What the tests that the value satisfies belong to."""
        key = value
        if self._constants is not None:
            # All values between two constants pass the same tests, and so do equal ones.
            place = bisect_left(self._constants, value)
            key = (place, self._constants[place : place + 1] == [value])
        found = self._found.get(key)
        if found is None:
            case = {self._fact: value}
            places = [place for test, of in self._tests if test.outcome(case) for place in of]
            found = self._found[key] = self._network.split(places)
        return found
