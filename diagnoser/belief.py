"""From evidence to probabilities.

A certainty factor is a likelihood ratio, so multiplying the ratios of independent rules is the
combination of EMYCIN (D. Heckerman, "Probabilistic interpretations for MYCIN's certainty factors",
1986). Only `+ - * /` are used, in an order that is fixed by ids, and sums that are rounded once, so
that every machine and every Python computes the same bits. The doubt alone takes a logarithm, whose
last bit may be another elsewhere: it only ranks questions, which go by fewer digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from diagnoser.conditions import Case
from diagnoser.knowledge import DID_NOT_HELP, TRIED, Cause, Knowledge, Rule

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


@dataclass(frozen=True)
class Belief:
    """Probabilities of the causes: `present` before, `given_failure` after the condition that the
    system fails.

    `none_of_these` is the probability that no cause of the pack is present although the system
    fails, and `support` ranks causes of the same probability (the odds without the proofs).
    """

    hypotheses: Mapping[str, Hypothesis]
    present: Mapping[str, float]
    support: Mapping[str, float]
    leak: float

    @cached_property
    def fails(self) -> float:
        """The probability that the system fails: it does when a cause is present, and with
        probability `leak` when none is; causes are independent."""
        return 1 - (1 - self.leak) * self._all_absent

    @cached_property
    def _all_absent(self) -> float:
        absent = 1.0
        for p in self.present.values():
            absent *= 1 - p
        return absent

    @cached_property
    def given_failure(self) -> dict[str, float]:
        fails = self.fails
        return {id: p / fails for id, p in self.present.items()}

    @property
    def none_of_these(self) -> float:
        return self.leak * self._all_absent / self.fails

    def status(self, cause: str) -> str:
        return self.hypotheses.get(cause, NOTHING_SAID).status

    @cached_property
    def first(self) -> str | None:
        """The first of `ranking()`; None where there is no cause at all."""
        most = max(self.present.values(), default=0.0)
        ties = [id for id, p in self.present.items() if p == most]
        return min(ties, key=lambda id: (-self.support[id], id), default=None)

    @property
    def chance_of_first(self) -> float:
        """The probability of the first cause, given that the system fails."""
        return 0.0 if self.first is None else self.present[self.first] / self.fails

    @cached_property
    def doubt(self) -> float:
        """How far the cause is from being known, in bits: the entropy of the causes and of none of
        them, 0 when it is certain (C. E. Shannon, "A mathematical theory of communication", 1948).
        """
        shares = [p for p in (self.leak * self._all_absent, *self.present.values()) if p > 0]
        total = math.fsum(shares)
        return math.log2(total) - math.fsum([p * math.log2(p) for p in shares]) / total

    def ranking(self) -> list[str]:
        """The causes, most probable first; ties go to the one with more support, then by id."""
        support = self.support
        return [id for _, _, id in sorted((-p, -support[id], id) for id, p in self.present.items())]


_STRONGEST_FIRST = attrgetter("place")


def weigh(fired: Iterable[Rule]) -> Hypothesis:
    """What the fired rules of one cause say together.

    Of rules that read the same fact only the strongest counts. A proof and an exclusion at once are
    a dispute, and neither of them counts.
    """
    rules = list(fired)
    if len(rules) > 1:
        rules.sort(key=_STRONGEST_FIRST)
    elif not rules[0].conclusive:
        return Hypothesis(OPEN, rules[0].ratio, (rules[0].id,))
    ratio = 1.0
    read: frozenset[str] = frozenset()
    factors: set[float] = set()
    conclusive: list[str] = []
    counted: list[str] = []
    for rule in rules:
        if rule.conclusive:
            factors.add(rule.factor)
            conclusive.append(rule.id)
        elif read.isdisjoint(rule.facts):
            read = read | rule.facts if read else rule.facts
            ratio *= rule.ratio
            counted.append(rule.id)
    if not factors:
        return Hypothesis(OPEN, ratio, tuple(counted))
    if len(factors) == 2:
        return Hypothesis(OPEN, ratio, tuple(counted), disputed=True)
    return Hypothesis(PROVEN if 1 in factors else RULED_OUT, ratio, (*conclusive, *counted))


def hypotheses(rules: Iterable[Rule]) -> dict[str, Hypothesis]:
    """One hypothesis for each cause that the fired rules speak of."""
    by_cause: dict[str, list[Rule]] = {}
    for rule in rules:
        by_cause.setdefault(rule.cause, []).append(rule)
    return {cause: weigh(by_cause[cause]) for cause in sorted(by_cause)}


def probability(cause: Cause, hypothesis: Hypothesis) -> float:
    """P(cause) from its prior odds times the likelihood ratio; 1 or 0 where it is settled."""
    return _weigh_cause(cause, hypothesis, {})[0]


def unmended(knowledge: Knowledge, case: Case) -> dict[str, float]:
    """For each cause, the chance that the remedies that were tried without help left it as it
    was."""
    left: dict[str, float] = {}
    for fact in sorted(case):
        if fact.startswith(TRIED) and case[fact] == DID_NOT_HELP:
            for cause, chance in knowledge.remedies[fact.removeprefix(TRIED)].fixes.items():
                left[cause] = left.get(cause, 1.0) * (1 - chance)
    return left


def believe(knowledge: Knowledge, found: Mapping[str, Hypothesis], case: Case) -> Belief:
    """The probabilities of all causes, given what the rules found and what was tried."""
    left = unmended(knowledge, case)
    present: dict[str, float] = {}
    support: dict[str, float] = {}
    for id, cause in knowledge.causes.items():
        hypothesis = found.get(id, NOTHING_SAID)
        present[id], support[id] = _weigh_cause(cause, hypothesis, left)
    return Belief(found, present, support, knowledge.none_of_these)


def revise(
    knowledge: Knowledge,
    belief: Belief,
    found: Mapping[str, Hypothesis],
    changed: Iterable[str],
    left: Mapping[str, float],
) -> Belief:
    """The same as `believe`, from a belief about the same case with fewer facts: only the causes
    that are `changed`, of which the rules now say something else, are weighed again.

    `left` is what `unmended` says of the case.
    """
    present, support = dict(belief.present), dict(belief.support)
    for id in changed:
        hypothesis = found.get(id, NOTHING_SAID)
        present[id], support[id] = _weigh_cause(knowledge.causes[id], hypothesis, left)
    return Belief(found, present, support, knowledge.none_of_these)


def _weigh_cause(
    cause: Cause, hypothesis: Hypothesis, left: Mapping[str, float]
) -> tuple[float, float]:
    """P(cause) after what was tried, and its support."""
    status, ratio, _, _ = hypothesis
    prior = cause.prior
    weight = prior * ratio
    if status == OPEN:
        p = weight / (weight + 1 - prior)
        if left and cause.id in left:
            p *= left[cause.id]
    else:
        p = 1.0 if status == PROVEN else 0.0
    return p, weight / (1 - prior)
