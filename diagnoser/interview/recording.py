"""A conversation as what a record keeps of it: the facts of the first plan, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from diagnoser.interview.history import Outcome, Said, SoFar, by_area
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.report.record import MOST_TESTS, Attempted, Course, Ended

ENDS: dict[str, Ended] = {
    "fixed": "works-again",
    "nothing-wrong": "nothing-wrong",
    "handed-over": "handed-over",
}
"""How a case ended, by how its conversation did."""

Known = Callable[[Sequence[Said]], SoFar]
"""What is known after some of what was said."""


def at_first_plan(said: Sequence[Said]) -> Sequence[Said]:
    """What was said before the first step was taken up."""
    first = next((place for place, one in enumerate(said) if isinstance(one, Outcome)), len(said))
    return said[:first]


def course(said: Sequence[Said], known: Known, ended: Ended) -> Course:
    """What came of the steps, in their order, and what was answered after each; of as many as a
    record tells of."""
    places = [place for place, one in enumerate(said) if isinstance(one, Outcome)][:MOST_TESTS]
    tests = []
    for place, after in zip(places, [*places, len(said)][1:], strict=True):
        went = said[place]
        if isinstance(went, Outcome):
            facts = _learnt(known(said[: place + 1]), known(said[:after]))
            tests.append(
                Attempted.model_validate(
                    {
                        "steps": list(dict.fromkeys(went.remedies)),
                        "outcome": went.outcome,
                        "forgot": list(went.forgot),
                        "facts": by_area(facts),
                    }
                )
            )
    return Course(tests=tests, ended=ended)


def _learnt(before: SoFar, now: SoFar) -> dict[str, Any]:
    """The answers that were given in between."""
    had = before.given | before.answers
    return {
        fact: value
        for fact, value in now.answers.items()
        if value != UNKNOWN and had.get(fact) != value
    }
