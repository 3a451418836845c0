"""Assembles the part of the report that says what to do: what to look at first, the steps, what is
left out, and the check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from diagnoser.belief.belief import Belief
from diagnoser.case.case import Case
from diagnoser.inference.doubts import worth_making_sure
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge import wording
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.steps import choose
from diagnoser.planning.greedy import Step
from diagnoser.planning.look_first import Looker
from diagnoser.planning.planner import Plan
from diagnoser.planning.preconditions import Checked
from diagnoser.planning.recheck import look_again
from diagnoser.questions.visits import VisitChoice
from diagnoser.report import model as out

A_GUESS = "As long as so little is known, every step is a guess."
LookKind = Literal["may-forbid", "make-sure", "too-little-known"]


class PlanAssembler:
    """Makes that part for one knowledge."""

    def __init__(self, knowledge: Knowledge, evaluator: Evaluator) -> None:
        self.knowledge = knowledge
        self._evaluator = evaluator
        self._looker = Looker(knowledge)
        self._named = {
            id: out.RemedyNamed(id=id, title=remedy.title)
            for id, remedy in knowledge.remedies.items()
        }

    def plan(
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
        """The remedies that are barred only by answers of which somebody is not sure."""
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
