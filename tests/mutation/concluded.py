"""What the scenarios conclude, in numbers: recorded in `tests/scenarios/concluded.txt`, so that
whoever changes one word of the knowledge sees what moves, and reviews it as a diff.

`make record` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from diagnoser import Diagnoser, Report
from tests.phones import FOLDER, Scenario, failures, scenarios

RECORDED = FOLDER / "concluded.txt"
NAMED = 4
"""Causes that are recorded of each scenario at most, unless more are proven."""
LEAST = 0.005
"""Causes that are less probable are not recorded."""


class Cause(NamedTuple):
    """As in a report."""

    id: str
    status: str
    probability: float


class Step(NamedTuple):
    remedy: str
    together: int | None = None


class Plan(NamedTuple):
    """As in a report, of which it has the names."""

    steps: tuple[Step, ...]
    left_out: tuple[Step, ...]
    expected_minutes: float


class Concluded(NamedTuple):
    """What a scenario concludes. It has the names of a report as far as `phones.failures` reads
    one. `finding` is its kind, `check` each precondition with its state and remedies."""

    finding: str
    causes: tuple[Cause, ...]
    plan: Plan
    check: tuple[tuple[str, str, tuple[str, ...]], ...]

    @classmethod
    def by(cls, report: Report) -> Concluded:
        """What a report says."""
        plan = report.plan
        return cls(
            report.finding.kind,
            tuple(Cause(one.id, one.status, one.probability) for one in report.causes),
            Plan(
                tuple(Step(one.remedy, one.together) for one in plan.steps),
                tuple(Step(one.remedy) for one in plan.left_out),
                plan.expected_minutes,
            ),
            tuple(
                (one.id, one.status, tuple(remedy.id for remedy in one.remedies))
                for one in plan.check
            ),
        )

    def fails(self, expect: dict[str, Any]) -> bool:
        """Whether it does not fulfil what a scenario expects."""
        return any(True for _ in failures(self, expect))  # type: ignore[arg-type]

    def lines(self) -> Iterator[str]:
        """What is recorded of it."""
        first = [
            one
            for place, one in enumerate(self.causes)
            if one.status == "proven" or (place < NAMED and one.probability >= LEAST)
        ]
        causes = (
            f"{one.id} {'proven' if one.status == 'proven' else format(one.probability, '.4f')}"
            for one in first
        )
        yield f"  {self.finding}: {', '.join(causes)}"
        yield f"  {self.plan.expected_minutes:.1f} minutes: {' '.join(_in_groups(self.plan.steps))}"
        if holding := [id for id, state, _ in self.check if state == "holds"]:
            yield f"  holds: {', '.join(holding)}"
        for id, state, remedies in self.check:
            if state == "fails":
                yield f"  fails: {id}: {', '.join(remedies)}"


def _in_groups(steps: Iterable[Step]) -> Iterator[str]:
    """The steps in order, those of one go with plus signs between them."""
    group: int | None = None
    for place, step in enumerate(steps):
        if place:
            yield "+" if group and step.together == group else ">"
        yield step.remedy
        group = step.together


def title(scenario: Scenario) -> str:
    return f"{scenario.file}: {scenario.case}"


def table(found: Iterable[tuple[Scenario, Concluded]]) -> str:
    """The whole record."""
    return "\n".join(
        "\n".join([title(scenario), *concluded.lines(), ""]) for scenario, concluded in found
    )


def by_reports(diagnoser: Diagnoser) -> Iterator[tuple[Scenario, Concluded]]:
    """Every scenario, and what its report says."""
    for scenario in scenarios():
        yield scenario, Concluded.by(diagnoser.diagnose(scenario.sheet(diagnoser)))


if __name__ == "__main__":
    RECORDED.write_text(table(by_reports(Diagnoser())), "utf-8")
