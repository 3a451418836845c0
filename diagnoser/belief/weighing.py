"""From the rules that fired to what they say together of each cause.

A certainty factor is a likelihood ratio, so multiplying the ratios of independent rules is the
combination of EMYCIN (D. Heckerman, "Probabilistic interpretations for MYCIN's certainty factors",
1986).

A rule may hold only thanks to answers that somebody thinks right without being sure. Then it is
tempered: its certainty factor is multiplied by that of such an answer (E. H. Shortliffe,
B. G. Buchanan, "A model of inexact reasoning in medicine", 1975), and it settles nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import NamedTuple

from diagnoser.knowledge.model import Knowledge, Rule

PROVEN, OPEN, RULED_OUT = "proven", "open", "ruled-out"


class Hypothesis(NamedTuple):
    """What the fired rules say of one cause.

    `ratio` multiplies the odds of an open cause; `counted` are the rules that made it; `disputed`
    tells that rules both proved it and ruled it out, in which case neither counts.
    """

    status: str
    ratio: float
    counted: tuple[str, ...]
    disputed: bool = False


NOTHING_SAID = Hypothesis(OPEN, 1.0, ())

_STRONGEST_FIRST = attrgetter("place")


def weigh(fired: Iterable[Rule]) -> Hypothesis:
    """What the fired rules of one cause say together.

    Of rules that read the same fact only the strongest counts. A proof and an exclusion at once are
    a dispute, and neither of them counts.
    """
    ratio = 1.0
    read: set[str] = set()
    factors: set[float] = set()
    conclusive: list[str] = []
    counted: list[str] = []
    for rule in sorted(fired, key=_STRONGEST_FIRST):
        if rule.conclusive:
            factors.add(rule.factor)
            conclusive.append(rule.id)
        elif read.isdisjoint(rule.facts):
            read |= rule.facts
            ratio *= rule.ratio
            counted.append(rule.id)
    if not factors:
        return Hypothesis(OPEN, ratio, tuple(counted))
    if len(factors) == 2:
        return Hypothesis(OPEN, ratio, tuple(counted), disputed=True)
    return Hypothesis(PROVEN if 1 in factors else RULED_OUT, ratio, (*conclusive, *counted))


def temper(rule: Rule, knowledge: Knowledge) -> Rule:
    """The rule as it counts where it rests on answers that nobody is sure of.

    One that would settle its cause counts as the strongest word that does not. As that is the same
    multiple of every factor, what was stronger stays stronger.
    """
    factor = rule.factor
    if rule.conclusive:
        words = knowledge.strengths.values()
        factor = max((one for one in words if 0 < one * factor < 1), key=abs, default=0.0)
    return rule.weighing(factor * knowledge.thinks_so)


def as_counted(ids: Iterable[str], tempered: Collection[str], knowledge: Knowledge) -> list[Rule]:
    """These rules, of which some are tempered, as they count."""
    rules = knowledge.rules
    if not tempered:
        return [rules[id] for id in ids]
    return [temper(rules[id], knowledge) if id in tempered else rules[id] for id in ids]


def hypotheses(rules: Iterable[Rule]) -> dict[str, Hypothesis]:
    """One hypothesis for each cause that the fired rules speak of."""
    by_cause: dict[str, list[Rule]] = {}
    for rule in rules:
        by_cause.setdefault(rule.cause, []).append(rule)
    return {cause: weigh(by_cause[cause]) for cause in sorted(by_cause)}
