"""From what the evidence says of each cause to the probabilities of all.

Only `+ - * /` are used, in an order that is fixed by ids, and sums that are rounded once, so that
every machine and every Python computes the same bits. The doubt alone takes a logarithm, whose last
bit may be another elsewhere: it only ranks questions, which go by fewer digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, Hypothesis
from diagnoser.knowledge.model import DID_NOT_HELP, Cause, Knowledge
from diagnoser.knowledge.rounding import significant

NOISE = 1e-9
"""The part by which two probabilities may differ that are the same but for their last digits."""


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
        least = max(self.present.values(), default=0.0) * (1 - NOISE)
        ties = [id for id, p in self.present.items() if p >= least]
        return min(ties, key=self._place, default=None)

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
        return sorted(self.present, key=self._place)

    def _place(self, cause: str) -> tuple[float, float, str]:
        """Sorts the causes; the last digits, which are noise, decide no tie."""
        return -significant(self.present[cause]), -significant(self.support[cause]), cause


def probability(cause: Cause, hypothesis: Hypothesis) -> float:
    """P(cause) from its prior odds times the likelihood ratio; 1 or 0 where it is settled."""
    return _weigh_cause(cause, hypothesis, {})[0]


def unmended(knowledge: Knowledge, tried: Mapping[str, str]) -> dict[str, float]:
    """For each cause, the chance that the remedies that were tried without help left it as it
    was."""
    left: dict[str, float] = {}
    for remedy in sorted(tried):
        if tried[remedy] == DID_NOT_HELP:
            for cause, chance in knowledge.remedies[remedy].fixes.items():
                left[cause] = left.get(cause, 1.0) * (1 - chance)
    return left


def believe(
    knowledge: Knowledge, found: Mapping[str, Hypothesis], tried: Mapping[str, str]
) -> Belief:
    """The probabilities of all causes, given what the rules found and what was tried."""
    left = unmended(knowledge, tried)
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

    `left` is what `unmended` says of what was tried.
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
