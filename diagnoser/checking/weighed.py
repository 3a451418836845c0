"""What the rules of a cause say together, as formulas: `belief.weighing` on all sheets at once."""

from __future__ import annotations

from collections.abc import Iterable

from diagnoser.checking.answer_space import NONE, AnswerSpace, Formula, both, either, no
from diagnoser.knowledge.model import Cause, Rule


def counting(
    rules: Iterable[Rule], space: AnswerSpace, unknown: frozenset[str] = NONE
) -> dict[Rule, Formula]:
    """For each rule that is not conclusive, the formula that it counts: it holds, and no rule
    counts that is as strong and reads one of its facts. As if the facts that are `unknown` were
    not told."""
    counts: dict[Rule, Formula] = {}
    for rule in sorted(rules, key=lambda one: one.place):
        if not rule.conclusive:
            rivals = (counts[one] for one in counts if not one.facts.isdisjoint(rule.facts))
            counts[rule] = both(space.holds(rule.when, unknown), *map(no, rivals))
    return counts


def proven(cause: Cause, space: AnswerSpace, unknown: frozenset[str] = NONE) -> Formula:
    """That a proof of the cause holds, and no exclusion."""
    return both(_any(cause, 1, space, unknown), no(_any(cause, -1, space, unknown)))


def ruled_out(cause: Cause, space: AnswerSpace, unknown: frozenset[str] = NONE) -> Formula:
    """That an exclusion of the cause holds, and no proof."""
    return both(_any(cause, -1, space, unknown), no(_any(cause, 1, space, unknown)))


def strong(
    cause: Cause, least: float, space: AnswerSpace, unknown: frozenset[str] = NONE
) -> Formula:
    """That the cause is proven, or is open and has a rule for it that counts at least so much."""
    open_ = both(no(_any(cause, 1, space, unknown)), no(_any(cause, -1, space, unknown)))
    counts = counting(cause.rules, space, unknown)
    speaks = either(*(counts[rule] for rule in counts if rule.factor >= least))
    return either(proven(cause, space, unknown), both(open_, speaks))


def _any(cause: Cause, factor: float, space: AnswerSpace, unknown: frozenset[str]) -> Formula:
    """That a rule with this factor holds."""
    return either(
        *(space.holds(rule.when, unknown) for rule in cause.rules if rule.factor == factor)
    )
