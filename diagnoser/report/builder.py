"""Assembles the report from what was found, believed and planned; nothing is concluded here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import NOTHING_SAID, temper
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case, written
from diagnoser.inference.contradictions import conflicts
from diagnoser.inference.doubts import worth_making_sure
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge import wording
from diagnoser.knowledge.model import DID_NOT_HELP, TRIED, Fact, Knowledge
from diagnoser.knowledge.steps import choose
from diagnoser.knowledge.values import UNKNOWN, Choice
from diagnoser.knowledge.wording import percent
from diagnoser.planning.greedy import Step
from diagnoser.planning.look_first import Looker
from diagnoser.planning.planner import Plan
from diagnoser.planning.preconditions import Checked, Checker
from diagnoser.planning.recheck import look_again
from diagnoser.questions.question import Question
from diagnoser.questions.selection import Advice
from diagnoser.questions.visits import VisitChoice
from diagnoser.report import model as out
from diagnoser.report.finding import find

A_GUESS = "As long as so little is known, every step is a guess."
LookKind = Literal["may-forbid", "make-sure", "too-little-known"]


class Assembler:
    """Makes reports for one knowledge."""

    def __init__(self, knowledge: Knowledge, sheet: AnswerSheet, evaluator: Evaluator) -> None:
        self.knowledge = knowledge
        self._sheet = sheet
        self._evaluator = evaluator
        self._checker = Checker(knowledge)
        self._looker = Looker(knowledge)
        self._named = {
            id: out.RemedyNamed(id=id, title=remedy.title)
            for id, remedy in knowledge.remedies.items()
        }
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
                "plan": self._plan(plan, belief, case, findings, checked, guess),
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

    def _plan(
        self,
        plan: Plan,
        belief: Belief,
        case: Case,
        findings: Findings,
        checked: Iterable[Checked],
        guess: VisitChoice | None,
    ) -> dict[str, Any]:
        """The plan; `guess` is the visit to make first where every step would be a guess."""
        remedies = self.knowledge.remedies
        doubted = self._barred_perhaps(findings, case)
        return {
            "expected_minutes": round(plan.expected_minutes, 1),
            "look": self._look_first(plan, belief, case, guess),
            "steps": [self._step(step, belief, case, findings) for step in plan.steps],
            "left_out": [
                {
                    "remedy": id,
                    "title": remedies[id].title,
                    "because": wording.if_so(because) if id in doubted else because,
                }
                for id, because in plan.left_out
            ],
            "check": [self._check(one, case) for one in checked],
        }

    def _barred_perhaps(self, findings: Findings, case: Case) -> set[str]:
        """The remedies that must not be advised only if something is so of which nobody is sure."""
        if not case.tentative:
            return set()
        remedies, sure = self.knowledge.remedies, case.sure
        barred = {id for id, _ in findings.barred} - case.tried.keys()
        surely = {
            id for id, number in findings.barred if remedies[id].not_if[number].when.outcome(sure)
        }
        return barred - surely

    def _look_first(
        self, plan: Plan, belief: Belief, case: Case, guess: VisitChoice | None
    ) -> out.LookFirst | None:
        facts = self.knowledge.facts
        if doubt := worth_making_sure(self.knowledge, self._evaluator, case, belief):
            asked = [facts[id] for id in doubt.facts]
            title = self.knowledge.causes[doubt.cause].title
            these, are = ("this", "it is so") if len(asked) == 1 else ("these", "they are so")
            because = f"You are not sure of {these}. If {are}, that is it: {title}."
            return self._look("make-sure", asked[0].place, asked, because, case)
        if guess is not None:
            asked = [facts[one.fact] for one in guess.fields if not one.waits_for]
            return self._look("too-little-known", guess.place, asked, A_GUESS, case)
        if plan.steps and (looks := self._looker.look_first(case, belief, plan.steps)):
            title = self.knowledge.remedies[looks[0].remedy].title
            because = f'"{title}" may be in vain, namely if this holds: {looks[0].because}'
            asked = [one.fact for one in looks]
            return self._look("may-forbid", asked[0].place, asked, because, case)
        return None

    def _look(
        self, kind: LookKind, id: str, asked: Sequence[Fact], because: str, case: Case
    ) -> out.LookFirst:
        """What to look at, at a place or on pages within it."""
        places, known = self.knowledge.places, case.known
        place = places.get(id)
        here = [one.place == id for one in asked]
        return out.LookFirst(
            kind=kind,
            place=place.id if place else None,
            title=place.title if place else asked[0].ask,
            go=choose(place.go, known, places) if place and any(here) else [],
            facts=[
                out.LookedAt(
                    fact=one.id,
                    ask=one.ask,
                    look=choose(one.there if at else one.look, known, places),
                )
                for one, at in zip(asked, here, strict=True)
            ],
            because=because,
        )

    def _check(self, checked: Checked, case: Case) -> out.PreconditionChecked:
        look = [
            line
            for id in checked.look
            for line in choose(self.knowledge.facts[id].look, case.known, self.knowledge.places)
        ]
        return out.PreconditionChecked(
            id=checked.precondition.id,
            title=checked.precondition.title,
            status=checked.state,
            think=checked.think,
            look=list(dict.fromkeys(look)),
            remedies=[self._named[id] for id in checked.remedies],
        )

    def _step(self, step: Step, belief: Belief, case: Case, findings: Findings) -> dict[str, Any]:
        remedy, probability = self.knowledge.remedies[step.remedy], belief.given_failure
        changes = look_again(self.knowledge, remedy, case, findings.rules()) if step.must else []
        fixes = sorted(
            (-probability[cause], cause) for cause in remedy.fixes if probability[cause] > 0
        )
        return {
            "remedy": remedy.id,
            "title": remedy.title,
            "fixes": [cause for _, cause in fixes],
            "must": step.must,
            "seen": "overnight" if remedy.overnight else "at-once",
            "together": step.together,
            "chance": None if step.chance is None else round(step.chance, 4),
            "hands_on_minutes": remedy.hands_on,
            "wait_minutes": remedy.waiting,
            "money": remedy.money,
            "loses": list(remedy.loses),
            "guide": remedy.guide,
            "caveat": remedy.caveat,
            "do": choose(remedy.steps, case.known, self.knowledge.places),
            "check": remedy.check,
            "look_again": changes,
            "hand_over": remedy.hand_over,
            "sources": list(remedy.sources),
            "reviewed": remedy.reviewed,
        }

    def question(self, question: Question, belief: Belief, case: Case) -> out.NextQuestion:
        fact = self.knowledge.facts[question.fact]
        labels = (
            dict(fact.kind.labels) if isinstance(fact.kind, Choice) else {"": fact.kind.allowed}
        )
        return out.NextQuestion(
            fact=fact.id,
            ask=fact.ask,
            look=choose(fact.look, case.known, self.knowledge.places),
            answers=labels | {UNKNOWN: "Not sure"},
            several=fact.several,
            saves_minutes=round(question.saves, 1),
            why=self._why(question, belief),
        )

    def _why(self, question: Question, belief: Belief) -> str:
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
                moved.append(f'"{self.knowledge.causes[cause].title}" ({now}, {then})')
        if not moved:
            if question.after:
                return "It decides what can be asked next."
            return "It may change the order of the steps."
        return f"It may change how likely these causes are: {', '.join(moved)}."
