"""Answer sheets and conditions as expressions of Z3: what a fact may be, and what a test says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import isinf
from typing import Any

import z3

from diagnoser.checking.simplest import PART, PARTS, constant
from diagnoser.knowledge.conditions import (
    COMPARISONS,
    All,
    AnyOf,
    Compare,
    Condition,
    Test,
    facts_of,
)
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice, Lookup, Number, Value, Version

Expression = Any
"""An expression of Z3, which has no types."""


class Encoding:
    """The facts of a knowledge as variables.

    A choice has a variable for each answer, and a lookup one for each row of its table; a number is
    a real within its bounds, a version a whole number with the same order. A column of a table is
    known exactly where a row is known that has a cell there.

    By the id of a fact, `known` says that it is known, `words` of each answer or row that it is
    this one (where several may hold, that this one is among them), `values` what a number or a
    version is where it is known; `variables` are all variables of the fact, and `rules` what is
    true of them on every sheet.
    """

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self.known: dict[str, Expression] = {}
        self.words: dict[str, dict[str, Expression]] = {}
        self.values: dict[str, Expression] = {}
        self.variables: dict[str, list[Expression]] = {}
        self.rules = {id: list(self._fact(fact)) for id, fact in facts.items()}

    def terms(self, fact: str) -> Expression | dict[str, Expression]:
        """What a fact is: its number, or its words."""
        return self.values[fact] if fact in self.values else self.words[fact]

    def fixed(self, fact: str, word: str) -> list[tuple[Expression, Expression]]:
        """Each variable of a choice or a row, and of what follows from it, with its value if the
        fact is this word and no other."""
        case = self._facts[fact].makes_known(word)
        found: list[tuple[Expression, Expression]] = []
        for id in (fact, *(self._facts[fact].derives or ())):
            if id in self.words:
                found += [(one, z3.BoolVal(w == case.get(id))) for w, one in self.words[id].items()]
            else:
                found.append((self.known[id], z3.BoolVal(id in case)))
                if id in case:
                    found.append((self.values[id], constant(case[id])))
        return found

    def outcome(
        self, condition: Condition, unknown: frozenset[str]
    ) -> tuple[Expression, Expression]:
        """That a condition holds, and that it fails; as if the facts that are `unknown` were not
        told."""
        if isinstance(condition, (All, AnyOf)):
            parts = [self.outcome(part, unknown) for part in condition.parts]
            hold, fail = [one for one, _ in parts], [other for _, other in parts]
            if isinstance(condition, All):
                return z3.And(*hold), z3.Or(*fail)
            return z3.Or(*hold), z3.And(*fail)
        read = facts_of(condition)
        if read & unknown:
            return z3.BoolVal(False), z3.BoolVal(False)
        known = z3.And(*(self.known[id] for id in sorted(read)))
        true = self._true(condition)
        return z3.And(known, true), z3.And(known, z3.Not(true))

    def _true(self, test: Test) -> Expression:
        """That the test is true, where its facts are known."""
        if isinstance(test, Compare):
            other = None if test.other is None else self.values[test.other]
            against = other if test.constant is None else constant(test.constant)
            return COMPARISONS[test.comparison](self.values[test.fact], against)
        if test.fact in self.values:
            return z3.Or(*(self.values[test.fact] == constant(one) for one in test.values))
        words = self.words[test.fact]
        if test.only:
            return z3.Not(z3.Or(*(one for word, one in words.items() if word not in test.values)))
        return z3.Or(*(words[str(word)] for word in test.values if word in words))

    def _fact(self, fact: Fact) -> Iterator[Expression]:
        """Makes the variables of a fact; what must be true of them on every sheet."""
        id, kind = fact.id, fact.kind
        if isinstance(kind, (Choice, Lookup)):
            words = kind.labels if isinstance(kind, Choice) else kind.names
            mine = self.words[id] = {word: z3.Bool(f"{id}={word}") for word in words}
            self.variables[id] = [*mine.values()]
            self.known[id] = z3.Or(*mine.values())
            if isinstance(kind, Choice) and kind.several:
                for one, other in combinations(mine, 2):
                    if one in kind.alone or other in kind.alone:
                        yield z3.Or(z3.Not(mine[one]), z3.Not(mine[other]))
            else:
                yield z3.AtMost(*mine.values(), 1)
        else:
            self.known[id] = z3.Bool(f"{id}?")
            yield from self._value(id, kind)
            self.variables[id] = [self.known[id], self.values[id]]
        if fact.derived_from:
            yield from self._derived(fact)

    def _value(self, id: str, kind: Number | Version) -> Iterator[Expression]:
        if isinstance(kind, Version):
            self.values[id] = term = z3.Int(id)
            yield term >= kind.low * PART ** (PARTS - 1)
            yield term < (kind.high + 1) * PART ** (PARTS - 1)
            return
        self.values[id] = term = z3.Real(id)
        if not isinf(kind.low):
            yield term >= constant(kind.low)
        if not isinf(kind.high):
            yield term <= constant(kind.high)

    def _derived(self, fact: Fact) -> Iterator[Expression]:
        """That this column of a table is known by the row that is known, and by nothing else."""
        source = self._facts[fact.derived_from]
        rows: dict[Value, list[Expression]] = {}
        for name, value in (source.derives or {})[fact.id].items():
            rows.setdefault(value, []).append(z3.Bool(f"{source.id}={name}"))
        if fact.id in self.words:
            for word, mine in self.words[fact.id].items():
                yield mine == z3.Or(*rows.get(word, ()))
            return
        yield self.known[fact.id] == z3.Or(*(row for some in rows.values() for row in some))
        for value, some in rows.items():
            yield z3.Implies(z3.Or(*some), self.values[fact.id] == constant(value))
