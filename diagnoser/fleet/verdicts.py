"""The diagnosis of a case as a row: the columns of `columns.diagnosed` after the id.

It concludes as `Diagnoser.diagnose` does, and writes no report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from diagnoser.api import Diagnoser
from diagnoser.belief.belief import Belief
from diagnoser.fleet.columns import kinds_of_phone
from diagnoser.inference.contradictions import conflicts
from diagnoser.inference.inference import Inference
from diagnoser.knowledge.model import COULD_NOT_DO
from diagnoser.planning.planner import Planner
from diagnoser.planning.preconditions import Checker
from diagnoser.questions.visits import Visits
from diagnoser.report.finding import find
from diagnoser.version import __version__

Cell = str | int | float | None
REMEMBERED = "remembered"
"""The next visit where that is to no place: what is asked for then is remembered."""


class Verdicts:
    """Diagnoses cases of one knowledge into rows."""

    def __init__(self, knowledge: str | Path | None = None, look_ahead: bool = False) -> None:
        """With `look_ahead` it also looks for the next visit, which takes much longer.

        Raises InvalidKnowledge.
        """
        self.diagnoser = Diagnoser(knowledge)
        self.knowledge = self.diagnoser.knowledge
        self._look_ahead = look_ahead
        self._planner = Planner(self.knowledge)
        self._inference = Inference(self.knowledge, self._planner)
        self._checker = Checker(self.knowledge)
        self._kinds = [*kinds_of_phone(self.knowledge)]
        self.versions: Sequence[Cell] = (
            f"{self.knowledge.id} {self.knowledge.version}",
            self.knowledge.digest,
            __version__,
        )

    def of(self, facts: str) -> list[Cell]:
        """The row for a facts file, in JSON, that is known to be valid."""
        next_visit: Cell = None
        if self._look_ahead:
            case, findings, belief, plan, visits = self.diagnoser.visits(json.loads(facts))
            next_visit = _place(visits)
        else:
            case = self.diagnoser.sheet.read(json.loads(facts))
            findings, belief, plan = self._inference.run(case)
        checked = list(self._checker.check(case, belief, findings.barred))
        saves = 0.0
        if plan.first is not None:
            without = {**case.tried, plan.first: COULD_NOT_DO}
            otherwise = self._planner.plan(belief, without, findings.barred)
            saves = max(round(otherwise.expected_minutes - plan.expected_minutes, 1), 0.0)
        first, second, third = self._ranked(belief)
        return [
            find(self.knowledge, case, findings, belief, checked).kind,
            *first,
            None if first[0] is None else belief.status(str(first[0])),
            plan.first,
            round(plan.expected_minutes, 1),
            saves,
            *second,
            *third,
            len(conflicts(self.knowledge, case, findings)),
            next_visit,
            *(self._label(id, case.given.get(id)) for id in self._kinds),
            *self.versions,
        ]

    def _label(self, id: str, value: object) -> Cell:
        return None if value is None else str(self.knowledge.facts[id].kind.show(value))  # type: ignore[arg-type]

    def _ranked(self, belief: Belief) -> list[tuple[Cell, Cell]]:
        """The first three causes, each with its probability."""
        ranked: list[tuple[Cell, Cell]] = [
            (id, round(belief.given_failure[id], 4)) for id in belief.ranking()[:3]
        ]
        return ranked + [(None, None)] * (3 - len(ranked))


def _place(visits: Visits) -> str | None:
    return (visits.choices[0].place or REMEMBERED) if visits.choices else None
