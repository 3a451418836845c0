"""What one report was made from, for whatever explains it.

An explanation of a case is made from what its report was made from; only "what if" evaluates other
cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diagnoser.belief.belief import Belief, believe
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge import wording
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.planning.planner import Plan, Planner
from diagnoser.report.model import KnowledgeUsed


@dataclass(frozen=True, slots=True)
class Basis:
    """A case, the evidence that the rule engine found for it, and the belief and plan of its
    report.

    `sheet` is the case as an answer sheet; `evaluator` and `planner` serve questions of the form
    "what if".
    """

    knowledge: Knowledge
    case: Case
    sheet: Mapping[str, Mapping[str, Any]]
    findings: Findings
    belief: Belief
    plan: Plan
    evaluator: Evaluator
    planner: Planner

    @property
    def first_cause(self) -> str | None:
        """The cause that the report ranks first."""
        return self.belief.ranking()[0] if self.belief.given_failure else None

    def used(self) -> KnowledgeUsed:
        """The knowledge, as a report names it."""
        pack = self.knowledge
        return KnowledgeUsed(id=pack.id, version=pack.version, digest=pack.digest)

    def conclude(self, case: Case) -> tuple[Belief, Plan]:
        """The belief and the plan for another case."""
        findings = self.evaluator.evaluate(case.known, case.tentative)
        belief = believe(self.knowledge, findings.hypotheses, case.tried)
        return belief, self.planner.plan(belief, case.tried, findings.barred)

    def label(self, fact: str) -> str:
        """A known answer as people read it."""
        tentative = fact in self.case.tentative
        return wording.label(fact, self.case.known[fact], self.knowledge, tentative)

    def asked_for(self, id: str) -> Fact:
        """The fact that can be asked or told: a table's row instead of its columns."""
        fact = self.knowledge.facts[id]
        return self.knowledge.facts[fact.derived_from] if fact.derived_from else fact
