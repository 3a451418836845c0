"""All answer sheets of a knowledge at once, as formulas of Z3: what can be known together, and
whether conditions hold and fail there.

A condition has three outcomes, so it is two formulas: it holds, it fails; where neither is true it
is unknown. Nothing is sampled: what is found impossible here is so on every sheet (L. de Moura,
N. Bjørner, "Z3: an efficient SMT solver", 2008). Z3 comes with the extra `proof`; it is imported
here and in `simplest` only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations
from math import isinf
from typing import Any, NamedTuple, TypeVar

import z3

from diagnoser.checking.simplest import PART, PARTS, constant, simplest, value_in
from diagnoser.knowledge.conditions import (
    COMPARISONS,
    All,
    AnyOf,
    Compare,
    Condition,
    Test,
    facts_of,
)
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Choice, Lookup, Number, Value, Version

T = TypeVar("T")
KnownCase = dict[str, Value]
Expression = Any
"""An expression of Z3, which has no types."""
NONE: frozenset[str] = frozenset()


class Formula(NamedTuple):
    """Something that is true on some sheets, and the facts that are asked for to tell."""

    true: Expression
    reads: frozenset[str] = NONE


def both(*formulas: Formula) -> Formula:
    """All of the formulas."""
    return Formula(z3.And(*(one.true for one in formulas)), _reads(formulas))


def either(*formulas: Formula) -> Formula:
    """At least one of the formulas."""
    return Formula(z3.Or(*(one.true for one in formulas)), _reads(formulas))


def no(formula: Formula) -> Formula:
    """The opposite of a formula; that of "holds" is "fails, or is unknown"."""
    return Formula(z3.Not(formula.true), formula.reads)


def differ(one: Formula, other: Formula) -> Formula:
    """Exactly one of two formulas."""
    return Formula(one.true != other.true, one.reads | other.reads)


def _reads(formulas: Sequence[Formula]) -> frozenset[str]:
    return NONE.union(*(one.reads for one in formulas))


class AnswerSpace:
    """All answer sheets of one knowledge, from each of which any facts may be missing.

    Where nothing else is said, only sheets count on which no contradiction of the pack holds. That
    a question is asked `only_if` something holds does not matter: its answer may be given anyway.

    Only the facts that a question reads take part in answering it: whatever else is told makes no
    difference to it, and leaving that out makes no contradiction hold. Not for several threads.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.facts: Mapping[str, Fact] = knowledge.facts
        self._contradictions = [one.when for one in knowledge.contradictions.values()]
        self._variables: dict[str, list[Expression]] = {}
        self._known: dict[str, Expression] = {}
        self._words: dict[str, dict[str, Expression]] = {}
        """For each choice and each row of a table that it is this answer, or has it among them."""
        self._values: dict[str, Expression] = {}
        """For each number and version what it is, where it is known; a version as one number."""
        self._rules = {id: list(self._fact(fact)) for id, fact in self.facts.items()}
        """For each fact what is true of it on every sheet."""
        self._outcomes: dict[tuple[Condition, frozenset[str]], tuple[Formula, Formula]] = {}
        self._solvers: dict[tuple[frozenset[str], bool], Any] = {}

    # -- formulas

    def holds(self, condition: Condition, unknown: frozenset[str] = NONE) -> Formula:
        """That the condition holds; as if the facts that are `unknown` were not told."""
        return self._outcome(condition, unknown)[0]

    def fails(self, condition: Condition) -> Formula:
        """That the condition is known to fail."""
        return self._outcome(condition, NONE)[1]

    def known(self, fact: str) -> Formula:
        """That a fact is known."""
        return Formula(self._known[fact], self._asked([fact]))

    def is_among(self, fact: str, word: str) -> Formula:
        """That a choice, or the row of a table, is this one, or has it among several."""
        return Formula(self._words[fact][word], self._asked([fact]))

    def is_exactly(self, fact: str, value: Value) -> Formula:
        """That a number or a version is known to be this one."""
        equal = self._values[fact] == constant(value)
        return Formula(z3.And(self._known[fact], equal), self._asked([fact]))

    def another_answer(self, fact: str) -> tuple[Formula, Callable[[Formula], Formula]]:
        """For sheets that differ in the answer to one fact that is asked: that the other answer may
        be given, and how a formula reads with it."""
        changed = [fact, *(self.facts[fact].derives or ())]
        variables = [one for id in changed for one in self._variables[id]]
        others = [(one, z3.Const(f"{one}'", one.sort())) for one in variables]

        def other(formula: Formula) -> Formula:
            return Formula(z3.substitute(formula.true, *others), formula.reads)

        rules = [rule for id in changed for rule in self._rules[id]]
        return other(Formula(z3.And(*rules), self._asked([fact]))), other

    # -- what can be

    def can_be(self, *formulas: Formula, contradictory: bool = False) -> bool:
        """Whether there is a sheet on which all of these are true; with `contradictory` it may be
        one on which a contradiction of the pack holds."""
        return self._on_sheets(formulas, contradictory, lambda solver, asked: True) is not None

    def sheet_with(self, *formulas: Formula, contradictory: bool = False) -> KnownCase | None:
        """The simplest case in which all of these are true; None where there is none.

        It has as few facts as can be left out one by one, the last of the questionnaire first, and
        of those that it has the first answers that fit, whichever sheet Z3 finds first.
        """

        def simple(solver: Any, asked: Sequence[str]) -> KnownCase:
            return simplest(solver, [self.facts[id] for id in asked], self._known, self._terms)

        return self._on_sheets(formulas, contradictory, simple)

    def any_sheet(self, *formulas: Formula, contradictory: bool = False) -> KnownCase | None:
        """Some case in which all of these are true; None where there is none. Faster than the
        simplest one, and not for being shown."""

        def some(solver: Any, asked: Sequence[str]) -> KnownCase:
            return self._case(solver.model(), asked)

        return self._on_sheets(formulas, contradictory, some)

    def _case(self, model: Any, asked: Collection[str]) -> KnownCase:
        """The case that a model stands for."""
        case: KnownCase = {}
        for id, fact in self.facts.items():
            if id in asked and z3.is_true(model.eval(self._known[id])):
                case |= fact.makes_known(value_in(model, fact.kind, self._terms(id)))
        return case

    def combinations(
        self, formulas: Sequence[Formula], *always: Formula
    ) -> Iterator[tuple[tuple[bool, ...], KnownCase]]:
        """Every way in which some formulas can be true and not, while others always are, each with
        a case; sheets with the same are found once."""
        solver = self._solver(_reads((*formulas, *always)), False)
        marks = [z3.Bool(f"mark {number}") for number in range(len(formulas))]
        asked = _reads((*formulas, *always))
        solver.push()
        try:
            solver.add(*(one.true for one in always))
            solver.add(*(mark == one.true for mark, one in zip(marks, formulas, strict=True)))
            while solver.check() == z3.sat:
                model = solver.model()
                true = tuple(z3.is_true(model.eval(mark)) for mark in marks)
                yield true, self._case(model, asked)
                apart = (mark != z3.BoolVal(now) for mark, now in zip(marks, true, strict=True))
                solver.add(z3.Or(*apart))
        finally:
            solver.pop()

    def sheet_where(
        self,
        holds: Collection[Condition] = (),
        fails: Collection[Condition] = (),
        never: Collection[Condition] = (),
        contradictory: bool = False,
    ) -> KnownCase | None:
        """The simplest case in which some conditions hold, some fail, and some do not hold (they
        fail or are unknown); None where there is none."""
        return self.sheet_with(
            *(self.holds(one) for one in holds),
            *(self.fails(one) for one in fails),
            *(no(self.holds(one)) for one in never),
            contradictory=contradictory,
        )

    def _on_sheets(
        self,
        formulas: Sequence[Formula],
        contradictory: bool,
        read: Callable[[Any, Sequence[str]], T],
    ) -> T | None:
        """What is read from the solver, given the facts that are asked for, where the formulas can
        be true together."""
        asked = _reads(formulas)
        solver = self._solver(asked, contradictory)
        solver.push()
        try:
            solver.add(*(one.true for one in formulas))
            found = solver.check()
            if found == z3.unknown:
                raise RuntimeError(f"Z3 could not tell: {solver.reason_unknown()}")
            if found == z3.unsat:
                return None
            return read(solver, [id for id in self.facts if id in asked])
        finally:
            solver.pop()

    def _solver(self, asked: frozenset[str], contradictory: bool) -> Any:
        """A solver for the sheets that tell no more than these facts."""
        key = asked, contradictory
        if key not in self._solvers:
            solver = self._solvers[key] = z3.SimpleSolver()
            told = [
                id for id, fact in self.facts.items() if asked.intersection((id, fact.derived_from))
            ]
            for id in told:
                solver.add(*self._rules[id])
            for when in () if contradictory else self._contradictions:
                read = facts_of(when)
                if not read.isdisjoint(told):
                    solver.add(z3.Not(self.holds(when, read.difference(told)).true))
        return self._solvers[key]

    # -- facts

    def _asked(self, facts: Collection[str]) -> frozenset[str]:
        return frozenset(self.facts[id].derived_from or id for id in facts)

    def _terms(self, fact: str) -> Expression | dict[str, Expression]:
        return self._values[fact] if fact in self._values else self._words[fact]

    def _fact(self, fact: Fact) -> Iterator[Expression]:
        """Makes the variables of a fact; what must be true of them on every sheet."""
        id, kind = fact.id, fact.kind
        if isinstance(kind, (Choice, Lookup)):
            words = kind.labels if isinstance(kind, Choice) else kind.names
            mine = self._words[id] = {word: z3.Bool(f"{id}={word}") for word in words}
            self._variables[id] = [*mine.values()]
            self._known[id] = z3.Or(*mine.values())
            if isinstance(kind, Choice) and kind.several:
                for one, other in combinations(mine, 2):
                    if one in kind.alone or other in kind.alone:
                        yield z3.Or(z3.Not(mine[one]), z3.Not(mine[other]))
            else:
                yield z3.AtMost(*mine.values(), 1)
        else:
            self._known[id] = z3.Bool(f"{id}?")
            yield from self._value(id, kind)
            self._variables[id] = [self._known[id], self._values[id]]
        if fact.derived_from:
            yield from self._derived(fact)

    def _value(self, id: str, kind: Number | Version) -> Iterator[Expression]:
        if isinstance(kind, Version):
            self._values[id] = term = z3.Int(id)
            yield term >= kind.low * PART ** (PARTS - 1)
            yield term < (kind.high + 1) * PART ** (PARTS - 1)
            return
        self._values[id] = term = z3.Real(id)
        if not isinf(kind.low):
            yield term >= constant(kind.low)
        if not isinf(kind.high):
            yield term <= constant(kind.high)

    def _derived(self, fact: Fact) -> Iterator[Expression]:
        """What a row of a table makes known, and nothing else does."""
        source = self.facts[fact.derived_from]
        rows: dict[Value, list[Expression]] = {}
        for name, value in (source.derives or {})[fact.id].items():
            rows.setdefault(value, []).append(z3.Bool(f"{source.id}={name}"))
        if fact.id in self._words:
            for word, mine in self._words[fact.id].items():
                yield mine == z3.Or(*rows.get(word, ()))
            return
        yield self._known[fact.id] == z3.Or(*(row for some in rows.values() for row in some))
        for value, some in rows.items():
            yield z3.Implies(z3.Or(*some), self._values[fact.id] == constant(value))

    # -- conditions

    def _outcome(self, condition: Condition, unknown: frozenset[str]) -> tuple[Formula, Formula]:
        key = condition, unknown & facts_of(condition) if unknown else unknown
        if key not in self._outcomes:
            reads = self._asked(facts_of(condition) - key[1])
            holds, fails = self._expressions(condition, key[1])
            self._outcomes[key] = Formula(holds, reads), Formula(fails, reads)
        return self._outcomes[key]

    def _expressions(
        self, condition: Condition, unknown: frozenset[str]
    ) -> tuple[Expression, Expression]:
        """That a condition holds, and that it fails."""
        if isinstance(condition, (All, AnyOf)):
            parts = [self._expressions(part, unknown) for part in condition.parts]
            hold, fail = [one for one, _ in parts], [other for _, other in parts]
            if isinstance(condition, All):
                return z3.And(*hold), z3.Or(*fail)
            return z3.Or(*hold), z3.And(*fail)
        read = facts_of(condition)
        if read & unknown:
            return z3.BoolVal(False), z3.BoolVal(False)
        known = z3.And(*(self._known[id] for id in sorted(read)))
        true = self._true(condition)
        return z3.And(known, true), z3.And(known, z3.Not(true))

    def _true(self, test: Test) -> Expression:
        """That the test is true, where its facts are known."""
        if isinstance(test, Compare):
            other = None if test.other is None else self._values[test.other]
            against = other if test.constant is None else constant(test.constant)
            return COMPARISONS[test.comparison](self._values[test.fact], against)
        if test.fact in self._values:
            return z3.Or(*(self._values[test.fact] == constant(one) for one in test.values))
        words = self._words[test.fact]
        if test.only:
            return z3.Not(z3.Or(*(one for word, one in words.items() if word not in test.values)))
        return z3.Or(*(words[str(word)] for word in test.values if word in words))
