"""Why a question is asked: what each of its answers would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.belief.belief import Belief
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.planner import Plan
from diagnoser.questions.question import Foreseen, Question

NOTICEABLE = 0.01
"""Causes that move by less are not worth a word."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How one cause would change: its probability now and then, and its status then."""

    title: str
    now: float
    then: float
    status: str


@dataclass(frozen=True, slots=True)
class Branch:
    """What one answer would bring: the causes that it moves, those that it moves most first, the
    first step if that is another one then, and the question that it opens the way to."""

    answer: str
    moves: tuple[Shift, ...]
    first_step: str | None
    opens: str | None


@dataclass(frozen=True, slots=True)
class Prospects:
    """Minutes that the answer is expected to save (not more than 0: none), and what each answer
    would bring."""

    saves: float
    branches: tuple[Branch, ...]


def prospects(diagnoser: Diagnoser, facts: Mapping[str, Mapping[str, Any]], fact: str) -> Prospects:
    """What asking for this fact may bring when everything else is as in `facts`."""
    area, _, name = fact.partition(".")
    without = {key: answers for key, answers in facts.items() if key != area}
    without[area] = {key: v for key, v in facts.get(area, {}).items() if key != name}
    belief, plan, questions = diagnoser.foresee(without)
    asked = [question for question in questions if question.fact == fact]
    if not asked:
        return Prospects(0.0, ())
    known = diagnoser.knowledge
    branches = (_branch(known, asked[0], one, belief, plan) for one in asked[0].answers)
    return Prospects(asked[0].saves, tuple(branches))


def _branch(
    known: Knowledge, question: Question, one: Foreseen, belief: Belief, plan: Plan
) -> Branch:
    moves = sorted(
        _moves(known, one, belief), key=lambda move: (-abs(move.then - move.now), move.title)
    )
    then = one.plan.first
    after = question.after.get(one.value)
    return Branch(
        known.facts[question.fact].kind.label(one.value).strip(),
        tuple(moves),
        known.remedies[then].title if then is not None and then != plan.first else None,
        known.facts[after.fact].ask if after is not None else None,
    )


def _moves(known: Knowledge, one: Foreseen, belief: Belief) -> Iterator[Shift]:
    for cause, then in one.belief.given_failure.items():
        now = belief.given_failure[cause]
        status = one.belief.status(cause)
        decided = status != belief.status(cause)
        if decided or abs(then - now) >= NOTICEABLE:
            yield Shift(known.causes[cause].title, now, then, status)
