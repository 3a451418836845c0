"""`Diagnoser`: facts in, report out.

Data flows one way: case, evidence, belief, plan, report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from diagnoser import report as out
from diagnoser._experta import Findings, Inference
from diagnoser.belief import Belief, believe
from diagnoser.case import AnswerSheet, Case
from diagnoser.direct import Evaluator
from diagnoser.knowledge import Fact, Knowledge, Variant
from diagnoser.loading import load
from diagnoser.plan import Plan, Planner, Step
from diagnoser.questions import Question, Questioner
from diagnoser.values import UNKNOWN, Choice

NOT_LOOKED_FOR = "No question was looked for; ask for it with look_ahead=True."


class Diagnoser:
    """Diagnoses cases with one knowledge.

    Loads it once; may be shared between threads, and keeps nothing of a case.
    """

    def __init__(self, knowledge: str | Path | None = None) -> None:
        """`knowledge` is a folder with `rules/` and `facts/`; without one, the built-in pack is
        used.

        Raises InvalidKnowledge with every mistake of the folder.
        """
        self.knowledge: Knowledge = load(knowledge)
        self.sheet = AnswerSheet(self.knowledge)
        self._inference = Inference(self.knowledge)
        self._evaluator = Evaluator(self.knowledge)
        self._planner = Planner(self.knowledge)
        self._questioner = Questioner(self.knowledge, self._evaluator, self._planner)

    def diagnose(self, facts: Mapping[str, Any], *, look_ahead: bool = False) -> out.Report:
        """The report for facts nested by area, such as `{"wifi": {"connection": "off"}}`.

        With `look_ahead` it also says which question to ask next, or why to stop asking; that takes
        longer. Raises InvalidFacts with every mistake in the facts.
        """
        case = self.sheet.read(facts)
        findings = self._inference.run(case.known)
        belief = believe(self.knowledge, findings.hypotheses, case.known)
        plan = self._planner.plan(belief, case.known, findings.barred)
        question, stop = None, out.Stop(advised=False, because=NOT_LOOKED_FOR)
        if look_ahead:
            advice = self._questioner.advise(case, belief, plan)
            question = self._question(advice.question, belief, case) if advice.question else None
            stop = out.Stop(advised=question is None, because=advice.because)
        return out.Report(
            knowledge=self._used(),
            case=self.sheet.show(case),
            causes=self._causes(belief, findings, case),
            none_of_these=round(belief.none_of_these, 4),
            contradictions=self._contradictions(belief, findings, case),
            plan=self._plan(plan, belief, case),
            next_question=question,
            stop=stop,
        )

    def next_question(
        self, facts: Mapping[str, Any], *, thorough: bool = False
    ) -> out.NextQuestion | None:
        """The question whose answer is expected to save the most minutes, or None when it is time
        to stop.

        `thorough` goes on to the last question, whether or not its answer is worth the time. A fact
        that is given as "unknown" was asked and not known, so it is not asked again; an absent one
        may be. Raises InvalidFacts as `diagnose` does.
        """
        case = self.sheet.read(facts)
        reading = self._evaluator.read(case.known)
        belief = believe(self.knowledge, reading.hypotheses, case.known)
        plan = self._planner.plan(belief, case.known, reading.barred)
        question = self._questioner.advise(case, belief, plan, thorough).question
        return self._question(question, belief, case) if question else None

    def _used(self) -> out.KnowledgeUsed:
        pack = self.knowledge
        return out.KnowledgeUsed(id=pack.id, version=pack.version, digest=pack.digest)

    def _show(self, ids: Iterable[str], case: Case) -> dict[str, Any]:
        facts = self.knowledge.facts
        return {id: facts[id].kind.show(case.known[id]) for id in sorted(ids) if id in case.known}

    def _causes(self, belief: Belief, findings: Findings, case: Case) -> list[out.CauseFound]:
        missing = self._evaluator.missing(case.known)
        found = []
        for id in belief.ranking():
            cause = self.knowledge.causes[id]
            evidence = [
                out.Evidence(
                    rule=rule.id,
                    says=rule.says,
                    because=rule.because,
                    facts=self._show(rule.facts, case),
                    source=rule.source,
                    worth=rule.worth,
                    reviewed=rule.reviewed,
                )
                for rule in cause.rules
                if rule.id in findings.evidence
            ]
            found.append(
                out.CauseFound(
                    id=id,
                    title=cause.title,
                    status=belief.status(id),
                    probability=round(belief.given_failure[id], 4),
                    because=cause.because,
                    guide=cause.guide,
                    evidence=evidence,
                    missing=missing[id],
                )
            )
        return found

    def _contradictions(
        self, belief: Belief, findings: Findings, case: Case
    ) -> list[out.Contradiction]:
        found = [
            out.Contradiction(
                facts=self._show(one.facts, case), because=one.because, ask_again=one.ask_again
            )
            for one in self.knowledge.contradictions.values()
            if one.id in findings.contradictions
        ]
        for id, hypothesis in belief.hypotheses.items():
            if hypothesis.disputed:
                rules = [
                    r
                    for r in self.knowledge.causes[id].rules
                    if r.id in findings.evidence and abs(r.factor) >= 1
                ]
                read = {fact for rule in rules for fact in rule.facts}
                both = f'prove "{self.knowledge.causes[id].title}" and rule it out at the same time'
                found.append(
                    out.Contradiction(
                        facts=self._show(read, case),
                        because=f"These answers {both}, so neither counts.",
                        ask_again=min(
                            map(self._source, read), key=lambda fact: (fact.effort, fact.id)
                        ).id,
                    )
                )
        return found

    def _source(self, id: str) -> Fact:
        """The fact that a person can be asked about: a table's row instead of its columns."""
        fact = self.knowledge.facts[id]
        return self.knowledge.facts[fact.derived_from] if fact.derived_from else fact

    def _plan(self, plan: Plan, belief: Belief, case: Case) -> out.PlanFound:
        left_out = [
            out.LeftOut(remedy=id, title=self.knowledge.remedies[id].title, because=because)
            for id, because in plan.left_out
        ]
        return out.PlanFound(
            expected_minutes=round(plan.expected_minutes, 1),
            steps=[self._step(step, belief, case) for step in plan.steps],
            left_out=left_out,
        )

    def _step(self, step: Step, belief: Belief, case: Case) -> out.PlanStep:
        remedy = self.knowledge.remedies[step.remedy]
        fixes = sorted(
            (cause for cause in remedy.fixes if belief.given_failure[cause] > 0),
            key=lambda cause: (-belief.given_failure[cause], cause),
        )
        return out.PlanStep(
            remedy=remedy.id,
            title=remedy.title,
            fixes=fixes,
            must=step.must,
            chance=None if step.chance is None else round(step.chance, 4),
            hands_on_minutes=remedy.hands_on,
            wait_minutes=remedy.waiting,
            money=remedy.money,
            loses=list(remedy.loses),
            guide=remedy.guide,
            caveat=remedy.caveat,
            do=choose(remedy.steps, case.known),
            check=remedy.check,
            hand_over=remedy.hand_over,
            sources=list(remedy.sources),
            reviewed=remedy.reviewed,
        )

    def _question(self, question: Question, belief: Belief, case: Case) -> out.NextQuestion:
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
            return "It may change the order of the steps."
        return f"It may change how likely these causes are: {', '.join(moved)}."


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
