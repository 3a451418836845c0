"""Assembles the part of the report that says what to ask next, and what that may change."""

from __future__ import annotations

from diagnoser.belief.belief import Belief
from diagnoser.case.case import Case
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.steps import choose
from diagnoser.knowledge.values import UNKNOWN, Choice
from diagnoser.knowledge.wording import percent
from diagnoser.questions.question import Question
from diagnoser.report import model as out


def next_question(
    question: Question, belief: Belief, case: Case, knowledge: Knowledge
) -> out.NextQuestion:
    """The question that was found worth asking, as the report has it."""
    fact = knowledge.facts[question.fact]
    labels = dict(fact.kind.labels) if isinstance(fact.kind, Choice) else {"": fact.kind.allowed}
    return out.NextQuestion(
        fact=fact.id,
        ask=fact.ask,
        look=choose(fact.look, case.known, knowledge.places),
        answers=labels | {UNKNOWN: "Not sure"},
        several=fact.several,
        saves_minutes=round(question.saves, 1),
        why=_why(question, belief, knowledge),
    )


def _why(question: Question, belief: Belief, knowledge: Knowledge) -> str:
    """What the answers could change most: for each cause that one of them moves, from where to
    where."""
    reach: dict[str, tuple[float, float]] = {}
    for answer in question.answers:
        for cause, p in answer.belief.given_failure.items():
            low, high = reach.get(cause, (belief.given_failure[cause],) * 2)
            reach[cause] = (min(low, p), max(high, p))
    top = sorted(reach, key=lambda cause: (reach[cause][0] - reach[cause][1], cause))[:3]
    moved = []
    for cause in top:
        low, high = reach[cause]
        if high - low >= 0.01:
            now = f"now {percent(belief.given_failure[cause])}"
            least, most = (percent(p) for p in (low, high))
            then = f"then between {least} and {most}"
            moved.append(f'"{knowledge.causes[cause].title}" ({now}, {then})')
    if not moved:
        if question.after:
            return "It decides what can be asked next."
        return "It may change the order of the steps."
    return f"It may change how likely these causes are: {', '.join(moved)}."
