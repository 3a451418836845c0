"""How probable each answer to a question is: a mixture over the causes, weighted by their
probability, each tilting the typical answers of ordinary phones by its rules' likelihood ratios."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, RULED_OUT, Hypothesis
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.model import Fact

PROOF = 10000.0
"""The ratio that stands for a proof when answers are foreseen: a proof makes its answer likely, not
certain."""


def cause_weights(belief: Belief) -> dict[str, float]:
    """How much each cause counts in the mixture; what is left to 1 is none of them."""
    total = belief.none_of_these + fsum(belief.given_failure.values())
    return {cause: p / total for cause, p in belief.given_failure.items()}


def answer_chances(
    fact: Fact,
    before: Findings,
    after: list[Findings],
    weights: Mapping[str, float],
    possible: list[bool],
) -> list[float]:
    """The probability of each typical answer of the fact; 0 for what is not possible, as it would
    contradict what is known, unless nothing is possible."""
    typical = [share for _, share in fact.typical]
    left = [share if one else 0.0 for share, one in zip(typical, possible, strict=True)]
    total = fsum(left)
    if total > 0:
        typical = [share / total for share in left]
    chances = [0.0] * len(typical)
    untouched = 1.0
    # A cause of which no rule fires any more is left out: nothing speaks for or against it then.
    touched = sorted(
        {c for then in after for c in then.causes_changed(before) if c in then.hypotheses}
    )
    for cause in touched:
        weight = weights[cause]
        untouched -= weight
        tilted = [
            share
            * _tilt(
                before.hypotheses.get(cause, NOTHING_SAID),
                then.hypotheses.get(cause, NOTHING_SAID),
            )
            for share, then in zip(typical, after, strict=True)
        ]
        total = fsum(tilted)
        for place, one in enumerate(tilted):
            chances[place] += weight * one / total
    return [
        chance + max(untouched, 0.0) * share for chance, share in zip(chances, typical, strict=True)
    ]


def _tilt(before: Hypothesis, after: Hypothesis) -> float:
    """How much likelier an answer is when the cause is present."""
    return _odds(after) / _odds(before)


def _odds(hypothesis: Hypothesis) -> float:
    """What the rules say of the cause. A cause that is proven still makes its other signs likely,
    so they count beside the proof."""
    proof = {OPEN: 1.0, PROVEN: PROOF, RULED_OUT: 1 / PROOF}[hypothesis.status]
    return proof * hypothesis.ratio
