"""What is worth making sure of: answers that nobody is sure of, and that alone keep a cause from
being proven."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import PROVEN
from diagnoser.case.case import Case
from diagnoser.inference.contradictions import supports
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Knowledge

QUICK = 2.0
"""Minutes that making sure takes at most, with the way there: many a step takes no longer."""


class Doubt(NamedTuple):
    """Given facts, all at one place, and the cause that they would prove if they were sure."""

    facts: tuple[str, ...]
    cause: str


def worth_making_sure(
    knowledge: Knowledge, evaluator: Evaluator, case: Case, belief: Belief
) -> Doubt | None:
    """The doubt that is settled first, that about the most probable cause; none where a cause is
    proven already, which is taken care of first."""
    if not case.tentative or any(one.status == PROVEN for one in belief.hypotheses.values()):
        return None
    found = evaluator.evaluate(case.known)
    for cause in belief.ranking():
        if cause in found.hypotheses and found.hypotheses[cause].status == PROVEN:
            doubts = _doubts(knowledge, case, found.fired[cause])
            if quickest := min(doubts, default=None):
                return Doubt(quickest[2], cause)
    return None


def _doubts(
    knowledge: Knowledge, case: Case, fired: tuple[str, ...]
) -> Iterator[tuple[int, float, tuple[str, ...]]]:
    """The sets of facts that are in doubt, and would be a proof: how many, the minutes that it
    takes to look at them, and which."""
    for rule in (knowledge.rules[id] for id in fired):
        for facts in supports(rule.when, case, knowledge) if rule.factor >= 1 else ():
            doubted = tuple(id for id in knowledge.facts if id in facts & case.tentative)
            minutes = fsum(knowledge.facts[id].effort for id in doubted)
            asked = all(knowledge.facts[id].askable for id in doubted)
            if asked and minutes <= QUICK and len({knowledge.visited(id) for id in doubted}) == 1:
                yield len(doubted), minutes, doubted
