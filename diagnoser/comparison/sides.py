"""One of the packs that are compared: what it puts first in a case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from diagnoser.belief.belief import Belief, believe
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import Value
from diagnoser.planning.planner import Plan, Planner
from diagnoser.questions.selection import Questioner


class Concluded(NamedTuple):
    """A case, and what follows from it before anything is planned."""

    case: Case
    findings: Findings
    belief: Belief


class Side:
    """One pack."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.sheet = AnswerSheet(knowledge)
        self.evaluator = Evaluator(knowledge)
        self._planner = Planner(knowledge)
        self._order = {id: place for place, id in enumerate(knowledge.facts)}

    @cached_property
    def _questioner(self) -> Questioner:
        return Questioner(self.knowledge, self.evaluator, self._planner)

    @cached_property
    def _nothing(self) -> Findings:
        return self.evaluator.evaluate({})

    def concluded(self, given: Mapping[str, Value]) -> Concluded:
        """What follows from answers, by fact id."""
        ordered = dict(sorted(given.items(), key=lambda one: self._order[one[0]]))
        case = self.sheet.case(ordered)
        findings = self.evaluator.learn(self._nothing, case.known)
        return Concluded(case, findings, believe(self.knowledge, findings.hypotheses, case.tried))

    def plan(self, concluded: Concluded) -> Plan:
        case, findings, belief = concluded
        return self._planner.plan(belief, case.tried, findings.barred)

    def question(self, concluded: Concluded) -> str | None:
        """The fact that would be asked next; None where it is time to stop."""
        case, _, belief = concluded
        question = self._questioner.advise(case, belief, self.plan(concluded)).question
        return question.fact if question else None
