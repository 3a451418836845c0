"""All answer sheets of a knowledge at once, as formulas of Z3: what can be known together, and
whether conditions hold and fail there.

A condition has three outcomes, so it is two formulas: it holds, it fails; where neither is true it
is unknown. Nothing is sampled: what is found impossible here is so on every sheet (L. de Moura,
N. Bjørner, "Z3: an efficient SMT solver", 2008). Z3 comes with the extra `proof`; it is imported
here, in `encoding` and in `simplest` only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import z3

from diagnoser.checking.encoding import Encoding, Expression
from diagnoser.checking.simplest import constant, simplest, value_in
from diagnoser.knowledge.conditions import Condition, facts_of
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Value

T = TypeVar("T")
KnownCase = dict[str, Value]
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
        self._sheet = Encoding(self.facts)
        self._outcomes: dict[tuple[Condition, frozenset[str]], tuple[Formula, Formula]] = {}
        self._solvers: dict[tuple[frozenset[str], bool], Any] = {}

    def holds(self, condition: Condition, unknown: frozenset[str] = NONE) -> Formula:
        """That the condition holds; as if the facts that are `unknown` were not told."""
        return self._outcome(condition, unknown)[0]

    def fails(self, condition: Condition) -> Formula:
        """That the condition is known to fail."""
        return self._outcome(condition, NONE)[1]

    def known(self, fact: str) -> Formula:
        """That a fact is known."""
        return Formula(self._sheet.known[fact], self._asked([fact]))

    def is_among(self, fact: str, word: str) -> Formula:
        """That a choice, or the row of a table, is this one, or has it among several."""
        return Formula(self._sheet.words[fact][word], self._asked([fact]))

    def is_exactly(self, fact: str, value: Value) -> Formula:
        """That a number or a version is known to be this one."""
        equal = self._sheet.values[fact] == constant(value)
        return Formula(z3.And(self._sheet.known[fact], equal), self._asked([fact]))

    def without(self, fact: str, word: str, formula: Formula) -> Formula:
        """The formula as if a choice did not have this answer."""
        gone = (self._sheet.words[fact][word], z3.BoolVal(False))
        return Formula(z3.substitute(formula.true, gone), formula.reads)

    def value(self, fact: str) -> Formula:
        """A number, or a version as one, to be compared with `less` where it is known."""
        return Formula(self._sheet.values[fact], self._asked([fact]))

    def less(self, one: Formula, other: Formula) -> Formula:
        """That one value is less than another."""
        return Formula(one.true < other.true, one.reads | other.reads)

    def options(self, fact: str) -> list[Callable[[Formula], Formula]]:
        """For each answer to a choice, or each row of a table, what makes a formula one about
        sheets with that answer alone."""

        def option(word: str) -> Callable[[Formula], Formula]:
            fixed = self._sheet.fixed(fact, word)
            return lambda formula: Formula(z3.substitute(formula.true, *fixed), formula.reads)

        return [option(word) for word in self._sheet.words[fact]]

    def fewer(self, some: Sequence[Formula], others: Sequence[Formula]) -> Formula:
        """That of some formulas at least one is true, and fewer than of others."""
        count, most = (z3.Sum(*(z3.If(one.true, 1, 0) for one in all)) for all in (some, others))
        return Formula(z3.And(count >= 1, count < most), _reads((*some, *others)))

    def another_answer(
        self, fact: str, mark: str = "'"
    ) -> tuple[Formula, Callable[[Formula], Formula]]:
        """For comparing sheets that differ only in the answer to one fact that is asked.

        Returns the formula that the other answer may be given, and what makes a formula about the
        one sheet the same about the other. Each `mark` names one other answer.
        """
        changed = [fact, *(self.facts[fact].derives or ())]
        variables = [one for id in changed for one in self._sheet.variables[id]]
        others = [(one, z3.Const(f"{one}{mark}", one.sort())) for one in variables]

        def other(formula: Formula) -> Formula:
            return Formula(z3.substitute(formula.true, *others), formula.reads)

        rules = [rule for id in changed for rule in self._sheet.rules[id]]
        return other(Formula(z3.And(*rules), self._asked([fact]))), other

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
            return simplest(
                solver, [self.facts[id] for id in asked], self._sheet.known, self._sheet.terms
            )

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
            if id in asked and z3.is_true(model.eval(self._sheet.known[id])):
                case |= fact.makes_known(value_in(model, fact.kind, self._sheet.terms(id)))
        return case

    def combinations(
        self, formulas: Sequence[Formula], *always: Formula
    ) -> Iterator[tuple[tuple[bool, ...], KnownCase]]:
        """Every combination of truth values that some formulas can have while the others are
        true, once each, with a case of it. No contradiction of the pack holds on it."""
        asked = _reads((*formulas, *always))
        solver = self._new_solver(asked, False)
        marks = [z3.Bool(f"mark {number}") for number in range(len(formulas))]
        solver.add(*(one.true for one in always))
        solver.add(*(mark == one.true for mark, one in zip(marks, formulas, strict=True)))
        while _is_possible(solver):
            model = solver.model()
            true = tuple(z3.is_true(model.eval(mark)) for mark in marks)
            yield true, self._case(model, asked)
            solver.add(z3.Or(*(mark != now for mark, now in zip(marks, true, strict=True))))

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
        """What `read` makes of the solver and the facts that are asked for where the formulas can
        be true together; else None."""
        asked = _reads(formulas)
        solver = self._solver(asked, contradictory)
        solver.push()
        try:
            solver.add(*(one.true for one in formulas))
            if not _is_possible(solver):
                return None
            return read(solver, [id for id in self.facts if id in asked])
        finally:
            solver.pop()

    def _solver(self, asked: frozenset[str], contradictory: bool) -> Any:
        """A solver for the sheets that tell no more than these facts, which is used again."""
        key = asked, contradictory
        if key not in self._solvers:
            self._solvers[key] = self._new_solver(asked, contradictory)
        return self._solvers[key]

    def _new_solver(self, asked: frozenset[str], contradictory: bool) -> Any:
        solver = z3.SimpleSolver()
        told = [
            id for id, fact in self.facts.items() if asked.intersection((id, fact.derived_from))
        ]
        for id in told:
            solver.add(*self._sheet.rules[id])
        for when in () if contradictory else self._contradictions:
            read = facts_of(when)
            if not read.isdisjoint(told):
                solver.add(z3.Not(self.holds(when, read.difference(told)).true))
        return solver

    def _asked(self, facts: Collection[str]) -> frozenset[str]:
        return frozenset(self.facts[id].derived_from or id for id in facts)

    def _outcome(self, condition: Condition, unknown: frozenset[str]) -> tuple[Formula, Formula]:
        key = condition, unknown & facts_of(condition) if unknown else unknown
        if key not in self._outcomes:
            reads = self._asked(facts_of(condition) - key[1])
            holds, fails = self._sheet.outcome(condition, key[1])
            self._outcomes[key] = Formula(holds, reads), Formula(fails, reads)
        return self._outcomes[key]


def _is_possible(solver: Any) -> bool:
    """Whether the solver finds a sheet. Raises RuntimeError where it cannot tell."""
    found = solver.check()
    if found == z3.unknown:
        raise RuntimeError(f"Z3 could not tell: {solver.reason_unknown()}")
    return bool(found == z3.sat)
