"""Assembles the report from what was found, believed and planned; nothing is concluded here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import NOTHING_SAID, temper
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case, written
from diagnoser.inference.contradictions import conflicts
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge import wording
from diagnoser.knowledge.model import DID_NOT_HELP, TRIED, Knowledge
from diagnoser.planning.planner import Plan
from diagnoser.planning.preconditions import Checker
from diagnoser.questions.question import Question
from diagnoser.questions.selection import Advice
from diagnoser.questions.visits import VisitChoice
from diagnoser.report import model as out
from diagnoser.report.finding import find
from diagnoser.report.plan_builder import PlanAssembler
from diagnoser.report.question_builder import next_question


class Assembler:
    """Makes reports for one knowledge."""

    def __init__(self, knowledge: Knowledge, sheet: AnswerSheet, evaluator: Evaluator) -> None:
        self.knowledge = knowledge
        self._sheet = sheet
        self._evaluator = evaluator
        self._checker = Checker(knowledge)
        self._plans = PlanAssembler(knowledge, evaluator)
        self._used = out.KnowledgeUsed(
            id=knowledge.id, version=knowledge.version, digest=knowledge.digest
        )

    def report(
        self,
        case: Case,
        findings: Findings,
        belief: Belief,
        plan: Plan,
        advice: Advice,
        best_visit: Callable[[], VisitChoice | None] | None = None,
    ) -> out.Report:
        """The report of one case; `best_visit` gives the visit that is worth most, if one is
        looked for.

        Most of it is put together as plain data: there are over a hundred models in a report, which
        pydantic makes all at once in half the time that it takes to make them one by one.
        """
        question = advice.question
        guess = None
        if best_visit is not None and plan.is_a_guess:
            guess = best_visit()
        checked = list(self._checker.check(case, belief, findings.barred))
        finding = find(self.knowledge, case, findings, belief, checked)
        return out.Report.model_validate(
            {
                "knowledge": self._used,
                "proven": self.knowledge.proven,
                "case": self._sheet.show(case),
                "answers": self._answers(case),
                "finding": finding,
                "causes": self._causes(belief, findings, case),
                "none_of_these": round(belief.none_of_these, 4),
                "contradictions": self._contradictions(belief, findings, case),
                "plan": self._plans.plan(plan, belief, case, findings, checked, guess),
                "next_question": self.question(question, belief, case) if question else None,
                "stop": out.Stop(advised=advice.stop, because=advice.because),
            }
        )

    def _shown(self, case: Case, ids: Iterable[str]) -> dict[str, Any]:
        """Some of what is known, as it is written in a facts file."""
        facts = self.knowledge.facts
        return {id: written(id, case, facts) for id in ids}

    def _causes(self, belief: Belief, findings: Findings, case: Case) -> list[dict[str, Any]]:
        missing = self._evaluator.missing(case.known)
        evidence = self._evidence(findings, case)
        return [
            {
                "id": id,
                "title": cause.title,
                "status": belief.hypotheses.get(id, NOTHING_SAID).status,
                "probability": round(belief.given_failure[id], 4),
                "because": cause.because,
                "guide": cause.guide,
                "evidence": evidence[id],
                "missing": missing[id],
            }
            for id in belief.ranking()
            for cause in [self.knowledge.causes[id]]
        ]

    def _evidence(self, findings: Findings, case: Case) -> Mapping[str, list[dict[str, Any]]]:
        """The rules that fired, by the cause of which they say something."""
        evidence: dict[str, list[dict[str, Any]]] = defaultdict(list)
        shown = self._shown(case, case.known)
        for id in findings.rules():
            rule = self.knowledge.rules[id]
            less = temper(rule, self.knowledge).factor if id in findings.tempered else None
            evidence[rule.cause].append(
                {
                    "rule": id,
                    "says": rule.says,
                    "factor": rule.factor,
                    "tempered": less,
                    "because": rule.because,
                    "facts": {fact: shown[fact] for fact in sorted(rule.facts) if fact in shown},
                    "source": rule.source,
                    "worth": rule.worth,
                    "reviewed": rule.reviewed,
                }
            )
        return evidence

    def _contradictions(
        self, belief: Belief, findings: Findings, case: Case
    ) -> list[out.Contradiction]:
        return [
            out.Contradiction(
                facts=self._shown(case, sorted(one.facts)),
                answers=[self._answer(id, case) for id in sorted(one.facts)],
                because=" ".join(one.because),
                ask_again=one.ask_again,
                ask=wording.question(one.ask_again, self.knowledge),
            )
            for one in conflicts(self.knowledge, case, findings)
        ]

    def _answers(self, case: Case) -> list[dict[str, Any]]:
        """All that was said, in the order of the questionnaire."""
        about, provenance = self.knowledge, case.provenance
        return [
            {
                "fact": id,
                "ask": wording.question(id, about),
                "answer": self._label(id, case),
                "provenance": provenance.get(id),
            }
            for id in about.facts
            if id in case.given or id in case.unsure
        ]

    def _label(self, id: str, case: Case) -> str:
        """The answer as people read it; of a remedy that only prepares a later one, that it is
        done."""
        if id in case.unsure:
            return "Not sure"
        remedy = id.removeprefix(TRIED) if id.startswith(TRIED) else ""
        if remedy and case.tried[remedy] == DID_NOT_HELP:
            prepares = not self.knowledge.remedies[remedy].fixes
            if prepares:
                return "it is done"
        return wording.label(id, case.given[id], self.knowledge, id in case.tentative)

    def _answer(self, id: str, case: Case) -> str:
        """A question and its answer, such as `Is Wi-Fi on? No`."""
        asked = wording.question(id, self.knowledge)
        label = wording.label(id, case.known[id], self.knowledge, id in case.tentative)
        return f"{asked} {label}"

    def question(self, question: Question, belief: Belief, case: Case) -> out.NextQuestion:
        """The question to ask next, in words."""
        return next_question(question, belief, case, self.knowledge)
