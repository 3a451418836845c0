"""A conversation as what a record keeps of it: the facts of the first plan, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.case.provenance import PROVENANCE, Provenance
from diagnoser.interview.history import Outcome, Said, SoFar, by_area, nested
from diagnoser.interview.known import known_after
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.report.record import MOST_TESTS, Attempted, Course, Ended, record

ENDS: dict[str, Ended] = {
    "fixed": "works-again",
    "nothing-wrong": "nothing-wrong",
    "handed-over": "handed-over",
}
"""How a case ended, by how its conversation did."""


def line(
    diagnoser: Diagnoser,
    given: Mapping[str, Any],
    provenance: Mapping[str, Provenance],
    said: Sequence[Said],
    ended: Ended,
) -> str:
    """The line of a record, without a line end: of the first plan, and what came of its steps."""
    known = partial(known_after, diagnoser, given)
    first = known(_at_first_plan(said))
    told = {id: one for id, one in provenance.items() if id in first.given}
    facts: dict[str, Any] = dict(nested(first))
    if told:
        facts[PROVENANCE] = {id: one.model_dump() for id, one in told.items()}
    report = diagnoser.diagnose(facts)
    return record(report, look_ahead=False, outcomes=_course(said, known, ended))


def _at_first_plan(said: Sequence[Said]) -> Sequence[Said]:
    """What was said before the first step was taken up."""
    first = next((place for place, one in enumerate(said) if isinstance(one, Outcome)), len(said))
    return said[:first]


def _course(said: Sequence[Said], known: Callable[[Sequence[Said]], SoFar], ended: Ended) -> Course:
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
