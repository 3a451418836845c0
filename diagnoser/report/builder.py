"""Assembles the report from what was found, believed and planned; nothing is concluded here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import NOTHING_SAID, OPEN
from diagnoser.case.case import AnswerSheet, Case
from diagnoser.inference.contradictions import conflicts
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge import wording
from diagnoser.knowledge.model import Cause, Fact, Knowledge, Remedy, Rule, Variant
from diagnoser.knowledge.values import UNKNOWN, Choice, Lookup, Shown
from diagnoser.planning.greedy import Step
from diagnoser.planning.planner import Plan
from diagnoser.planning.recheck import look_again
from diagnoser.questions.question import Question
from diagnoser.questions.selection import Advice
from diagnoser.report import model as out
from diagnoser.report.model import Unchanging

K = TypeVar("K")
V = TypeVar("V")


class Assembler:
    """Makes reports for one knowledge; what does not depend on the case is made once."""

    def __init__(self, knowledge: Knowledge, sheet: AnswerSheet, evaluator: Evaluator) -> None:
        self.knowledge = knowledge
        self._sheet = sheet
        self._evaluator = evaluator
        self._used = out.KnowledgeUsed(
            id=knowledge.id, version=knowledge.version, digest=knowledge.digest
        )
        rules, causes, remedies = knowledge.rules, knowledge.causes, knowledge.remedies
        self._evidence = _Once[str, _Evidence](lambda id: _Evidence(rules[id], knowledge.facts))
        self._cause = _Once[str, out.CauseFound](lambda id: _cause(causes[id]))
        self._step_of = _Once[str, out.PlanStep](lambda id: _step(remedies[id]))
        self._left_out = _Once[tuple[str, str], out.LeftOut](
            lambda one: out.LeftOut(remedy=one[0], title=remedies[one[0]].title, because=one[1])
        )

    def report(
        self, case: Case, findings: Findings, belief: Belief, plan: Plan, advice: Advice
    ) -> out.Report:
        """The report of one case."""
        question = advice.question
        return out.Report(
            knowledge=self._used,
            case=self._sheet.show(case),
            causes=self._causes(belief, findings, case),
            none_of_these=round(belief.none_of_these, 4),
            contradictions=self._contradictions(belief, findings, case),
            plan=self._plan(plan, belief, case, findings),
            next_question=self.question(question, belief, case) if question else None,
            stop=out.Stop(advised=advice.stop, because=advice.because),
        )

    def _shown(self, case: Case, ids: Iterable[str]) -> dict[str, Any]:
        """Some of what is known, as it is written in a facts file."""
        facts = self.knowledge.facts
        return {id: facts[id].kind.show(case.known[id]) for id in ids}

    def _causes(self, belief: Belief, findings: Findings, case: Case) -> list[out.CauseFound]:
        missing, shown = self._evaluator.missing(case.known), self._shown(case, case.known)
        probability, hypotheses = belief.given_failure, belief.hypotheses
        evidence: dict[str, list[out.Evidence]] = defaultdict(list)
        for id in findings.rules():
            rule = self._evidence[id]
            one = rule.read(shown) if rule.by_word is None else rule.by_word[shown[rule.only]]
            evidence[rule.cause].append(one)
        return [
            self._cause[id].model_copy(
                update={
                    "status": hypotheses.get(id, NOTHING_SAID).status,
                    "probability": round(probability[id], 4),
                    "evidence": evidence[id],
                    "missing": missing[id],
                }
            )
            for id in belief.ranking()
        ]

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

    def _answer(self, id: str, case: Case) -> str:
        """A question and its answer, such as `Is Wi-Fi on? No`."""
        asked = wording.question(id, self.knowledge)
        return f"{asked} {wording.label(id, case.known[id], self.knowledge)}"

    def _plan(self, plan: Plan, belief: Belief, case: Case, findings: Findings) -> out.PlanFound:
        return out.PlanFound(
            expected_minutes=round(plan.expected_minutes, 1),
            steps=[self._step(step, belief, case, findings) for step in plan.steps],
            left_out=[self._left_out[one] for one in plan.left_out],
        )

    def _step(self, step: Step, belief: Belief, case: Case, findings: Findings) -> out.PlanStep:
        remedy, probability = self.knowledge.remedies[step.remedy], belief.given_failure
        changes = look_again(self.knowledge, remedy, case, findings.rules()) if step.must else []
        fixes = sorted(
            (-probability[cause], cause) for cause in remedy.fixes if probability[cause] > 0
        )
        return self._step_of[remedy.id].model_copy(
            update={
                "fixes": [cause for _, cause in fixes],
                "must": step.must,
                "chance": None if step.chance is None else round(step.chance, 4),
                "loses": list(remedy.loses),
                "do": choose(remedy.steps, case.known),
                "look_again": changes,
                "sources": list(remedy.sources),
            }
        )

    def question(self, question: Question, belief: Belief, case: Case) -> out.NextQuestion:
        fact = self.knowledge.facts[question.fact]
        labels = (
            dict(fact.kind.labels) if isinstance(fact.kind, Choice) else {"": fact.kind.allowed}
        )
        return out.NextQuestion(
            fact=fact.id,
            ask=fact.ask,
            look=choose(fact.look, case.known),
            answers=labels | {UNKNOWN: "Not sure"},
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
                then = f"then between {percent(low)} and {percent(high)}"
                moved.append(f'"{self.knowledge.causes[cause].title}" ({now}, {then})')
        if not moved:
            if question.after:
                return "It decides what can be asked next."
            return "It may change the order of the steps."
        return f"It may change how likely these causes are: {', '.join(moved)}."


class _Once(dict[K, V]):
    """What is made once for each key, when it is first asked for; keys are words of the pack."""

    def __init__(self, make: Callable[[K], V]) -> None:
        self._make = make

    def __missing__(self, key: K) -> V:
        self[key] = made = self._make(key)
        return made


class _Evidence:
    """A rule as evidence; where it reads but one fact, whose answers are words of the pack, made
    once `by_word`."""

    def __init__(self, rule: Rule, facts: Mapping[str, Fact]) -> None:
        self.cause = rule.cause
        self._facts = sorted(rule.facts)
        self._template = out.Evidence(
            rule=rule.id,
            says=rule.says,
            factor=rule.factor,
            because=rule.because,
            facts={},
            source=rule.source,
            worth=rule.worth,
            reviewed=rule.reviewed,
        )
        first, *others = self._facts
        self.by_word: _Once[Shown, out.Evidence] | None = None
        if not others and isinstance(facts[first].kind, (Choice, Lookup)):
            self.by_word = _Once(lambda word: self.read({first: word}))
        self.only = first

    def read(self, shown: Mapping[str, Shown]) -> out.Evidence:
        """The evidence that the rule is for these facts."""
        facts = Unchanging({id: shown[id] for id in self._facts if id in shown})
        return self._template.model_copy(update={"facts": facts})


def _cause(cause: Cause) -> out.CauseFound:
    """A cause of which nothing is found yet."""
    return out.CauseFound(
        id=cause.id,
        title=cause.title,
        status=OPEN,
        probability=0.0,
        because=cause.because,
        guide=cause.guide,
        evidence=[],
        missing=[],
    )


def _step(remedy: Remedy) -> out.PlanStep:
    """A remedy as a step of a plan that is not made yet."""
    return out.PlanStep(
        remedy=remedy.id,
        title=remedy.title,
        fixes=[],
        must=False,
        chance=None,
        hands_on_minutes=remedy.hands_on,
        wait_minutes=remedy.waiting,
        money=remedy.money,
        loses=[],
        guide=remedy.guide,
        caveat=remedy.caveat,
        do=[],
        check=remedy.check,
        look_again=[],
        hand_over=remedy.hand_over,
        sources=[],
        reviewed=remedy.reviewed,
    )


def percent(p: float) -> str:
    """A probability for people: whole percents, and no certainty that is none."""
    if 0 < p < 0.01:
        return "under 1 %"
    if 0.99 < p < 1:
        return "over 99 %"
    return f"{round(100 * p)} %"


def choose(variants: Iterable[Variant], known: Mapping[str, Any]) -> list[str]:
    """The steps for this case: the first variant whose condition holds, else the one for all
    others."""
    for variant in variants:
        if variant.condition is None or variant.condition.outcome(known):
            return list(variant.do)
    return []
