"""The simplest case that a solver of Z3 allows, and how values of facts are numbers there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import z3

from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice, Kind, Lookup, Value, Version

PART, PARTS = 10_000, 4
"""Each part of a version is less than `PART`, and a version has at most `PARTS`."""
DIGITS = 12
"""Digits after the point that a number may need so that it fits."""


def constant(value: Value) -> Any:
    """A number as it is exactly; a version as a whole number, with the same order."""
    if isinstance(value, tuple):
        parts = (*value, *(0,) * (PARTS - len(value)))
        return z3.IntVal(sum(part * PART**place for place, part in enumerate(reversed(parts))))
    assert isinstance(value, (int, float))
    exact = Fraction(value)
    return z3.Q(exact.numerator, exact.denominator)


def value_in(model: Any, kind: Kind, terms: Any) -> Value:
    """The value that a model gives to a known fact; `terms` is its number, or its words."""
    if isinstance(kind, (Choice, Lookup)):
        held = [word for word, one in terms.items() if z3.is_true(model.eval(one))]
        return kind.together(held) if isinstance(kind, Choice) else held[0]
    found = model.eval(terms, model_completion=True)
    if isinstance(kind, Version):
        return _version(found.as_long())
    return float(Fraction(found.numerator_as_long(), found.denominator_as_long()))


def _version(number: int) -> tuple[int, ...]:
    """The version that a number stands for."""
    parts = [number // PART**place % PART for place in reversed(range(PARTS))]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)


def simplest(
    solver: Any,
    asked: Sequence[Fact],
    known: Mapping[str, Any],
    terms: Callable[[str], Any],
) -> dict[str, Value]:
    """The simplest case that a solver allows, which adds to what the solver holds.

    As few of these facts are in it as can be left out one by one, the last first; of those that are
    in it each has the first answer that fits, or a round number. So it does not depend on which
    model the solver finds.
    """

    def fits(formula: Any) -> bool:
        """Whether this can be true; if so, the solver holds from now on that it is."""
        if solver.check(formula) != z3.sat:
            return False
        solver.add(formula)
        return True

    case: dict[str, Value] = {}
    lines: set[Value] = set()
    told = [fact for fact in reversed(asked) if not fits(z3.Not(known[fact.id]))]
    for fact in reversed(told):
        kind, mine = fact.kind, terms(fact.id)
        if isinstance(kind, (Choice, Lookup)):
            held = [word for word in reversed(mine) if not fits(z3.Not(mine[word]))]
            value = kind.together(held) if isinstance(kind, Choice) else held[0]
        else:
            value = _number(solver, kind, mine, lines)
            solver.add(mine == constant(value))
            lines.add(value)
        case |= fact.makes_known(value)
    return case


def _number(solver: Any, kind: Kind, term: Any, lines: set[Value]) -> Value:
    """A number or version that a solver allows: a round one, one of the `lines`, or another."""

    def fits(value: Value) -> bool:
        return bool(solver.check(term == constant(value)) == z3.sat)

    for value in (*_round(kind), *sorted(lines, key=repr)):
        if isinstance(value, tuple) == isinstance(kind, Version) and fits(value):
            return value
    assert solver.check() == z3.sat
    found = value_in(solver.model(), kind, term)
    if isinstance(found, float):
        for digits in range(DIGITS):
            value = round(found, digits)
            if fits(value):
                return int(value) if value.is_integer() else value
    return found


def _round(kind: Kind) -> Iterator[Value]:
    """Values that are easily read."""
    if isinstance(kind, Version):
        yield from ((first,) for first in range(1, 41))
    else:
        yield from (1, 2, 5, 10, 20, 50, 100, 1000, 0)
