"""What is claimed of plans: the planner itself is run for each class of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import PROVEN
from diagnoser.case.case import Case, case_of
from diagnoser.checking.answer_space import AnswerSpace, KnownCase, either
from diagnoser.checking.claims import Claim, Findings, Refuted
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings as Found
from diagnoser.inference.inference import Conclusion, Inference
from diagnoser.knowledge.model import (
    COULD_NOT_DO,
    DID_NOT_HELP,
    HELPED,
    TRIED,
    Cause,
    Knowledge,
    Remedy,
)
from diagnoser.pack.reader import PACK, Content
from diagnoser.planning.planner import Plan, Planner
from diagnoser.planning.preconditions import STATES, Checker, outcome
from diagnoser.planning.remedy_table import RemedyTable

BARRED_CLASSES = "classes of answers to what bars read"
TRIED_CLASSES = "classes of what was tried"
SAFE_COPY = "Nothing that cannot be had again is lost before the safe copy is made."
NOT_BARRED = (
    "Nothing is advised that a bar forbids, that could not be done, or that must come after such."
)
A_STEP_OR_A_REASON = (
    "Every cause that is proven has a step of the plan that mends it, or a reason for each remedy "
    "that does not, unless something has helped already."
)
EVERY_PRECONDITION = (
    "The check names every precondition, says what is known of each, and where that is nothing, "
    "where to look."
)
THE_SAME = (
    "experta and the direct evaluation come to the same rules, causes, probabilities and plan, to "
    "the last bit."
)
RUN = "The program is run on every class of cases, and what it says is looked at."


class _Run(NamedTuple):
    """A case, with what the program concludes from it and what the direct evaluation does."""

    case: Case
    concluded: Conclusion
    found: Found
    belief: Belief
    plan: Plan


class PlanClaims:
    """Claims about the plans and the conclusions of one knowledge, tested together on one case
    after the other."""

    def __init__(self, knowledge: Knowledge, content: Content, space: AnswerSpace) -> None:
        self._knowledge, self._space = knowledge, space
        self._table = RemedyTable(knowledge)
        self._planner = Planner(knowledge)
        self._inference = Inference(knowledge, self._planner)
        self._evaluator, self._checker = Evaluator(knowledge), Checker(knowledge)
        self._safe_copy = content.pack.safe_copy
        self._losing = {
            id
            for id, raw in content.remedies.items()
            if any(content.pack.nuisances[word].irreplaceable for word in raw.cost.loses)
        }
        """The remedies that lose something that cannot be had again."""
        by_table = "Also, it stands before each such remedy in the order that all plans keep."
        self.safe_copy = Claim(SAFE_COPY, f"{RUN} {by_table}")
        self.not_barred = Claim(NOT_BARRED, RUN)
        self.step_or_reason = Claim(A_STEP_OR_A_REASON, RUN)
        self.preconditions = Claim(EVERY_PRECONDITION, RUN)
        self.same = Claim(THE_SAME, "Both are run on every class of cases.")

    @property
    def claims(self) -> list[Claim]:
        return [
            self.safe_copy, self.not_barred, self.step_or_reason, self.preconditions, self.same,
        ]  # fmt: skip

    def classes(self, causes: Iterable[Cause] | None = None) -> Iterator[tuple[str, KnownCase]]:
        """The kind of each class of cases, and a case of it.

        In each class a cause is proven or, where it has no proof, spoken for. Classes differ in
        which of its remedies, and of those that must come before these, are barred, did not help
        or could not be done.
        """
        yield "cases of which nothing is known", {}
        for cause in self._knowledge.causes.values() if causes is None else causes:
            needed = self._needed(cause)
            proofs = [rule for rule in cause.rules if rule.factor == 1]
            speaking = proofs or [rule for rule in cause.rules if rule.factor > 0]
            if not speaking:
                continue
            there = either(*(self._space.holds(rule.when) for rule in speaking))
            bars = [either(*(self._space.holds(bar.when) for bar in one.not_if)) for one in needed]
            plain: KnownCase | None = None
            for barred, case in self._space.combinations(bars, there):
                plain = case if plain is None or not any(barred) else plain
                yield BARRED_CLASSES, case
            for some in _subsets([one.id for one in needed]):
                for result in (COULD_NOT_DO, DID_NOT_HELP) if some else ():
                    yield (
                        TRIED_CLASSES,
                        {**(plain or {}), **{f"{TRIED}{id}": result for id in some}},
                    )

    def _needed(self, cause: Cause) -> list[Remedy]:
        """The remedies that may mend a cause, and all that must come before them."""
        ids = {id for one in self._table.fixers[cause.id] for id in self._table.order[one]}
        return [self._knowledge.remedies[id] for id in sorted(ids)]

    def test(self, classes: Iterable[tuple[str, KnownCase]]) -> Iterator[tuple[Claim, Refuted]]:
        """Everything that refutes a claim. Cases that hold a contradiction of the pack are passed
        over."""
        for refuted in self._out_of_order():
            yield self.safe_copy, refuted
        for kind, known in classes:
            run = self._run(known)
            if not run.found.contradictions:
                for claim in self.claims:
                    claim.count(kind)
                yield from self._refuted_by(run)

    def _refuted_by(self, run: _Run) -> Iterator[tuple[Claim, Refuted]]:
        """What one case refutes."""
        for refuted in self._lost(run):
            yield self.safe_copy, refuted
        for refuted in self._forbidden(run):
            yield self.not_barred, refuted
        for refuted in self._unmended(run):
            yield self.step_or_reason, refuted
        for refuted in self._unchecked(run):
            yield self.preconditions, refuted
        for refuted in self._unlike(run):
            yield self.same, refuted

    def smallest(self, claim: Claim, found: Refuted) -> Refuted:
        """The same, for a case without the answers that are not needed to refute the claim."""
        case = found.case or {}
        for id in list(case):
            less = {one: value for one, value in case.items() if one != id}
            run = self._run(less)
            if not run.found.contradictions and any(
                other is claim and again.reason == found.reason
                for other, again in self._refuted_by(run)
            ):
                case = less
        return replace(found, case=case) if found.case else found

    def _run(self, known: KnownCase) -> _Run:
        facts = self._knowledge.facts
        given = {id: known[id] for id in facts if id in known and not facts[id].derived_from}
        case = case_of(given, facts)
        found = self._evaluator.evaluate(case.known)
        belief = believe(self._knowledge, found.hypotheses, case.tried)
        plan = self._planner.plan(belief, case.tried, found.barred)
        return _Run(case, self._inference.run(case), found, belief, plan)

    def _out_of_order(self) -> Findings:
        for id in sorted(self._losing):
            self.safe_copy.count("remedies that lose what cannot be had again")
            if self._safe_copy not in self._table.order[id][:-1]:
                reason = f"fails: {id} need not come after the safe copy"
                yield Refuted(self._knowledge.remedies[id].file, ("cost", "loses"), reason)

    def _lost(self, run: _Run) -> Findings:
        """What the plan loses before the safe copy, unless that was made before."""
        made = run.case.tried.get(self._safe_copy or "") == DID_NOT_HELP
        for step in run.concluded.plan.steps:
            made = made or step.remedy == self._safe_copy
            if step.remedy in self._losing and not made:
                reason = f"fails: the plan has {step.remedy} before the safe copy"
                yield self._refuted(step.remedy, ("cost", "loses"), reason, run)

    def _forbidden(self, run: _Run) -> Findings:
        impossible = {id for id, _ in run.found.barred}
        impossible |= {id for id, result in run.case.tried.items() if result == COULD_NOT_DO}
        for step in run.concluded.plan.steps:
            for id in self._table.order[step.remedy]:
                tried_before = id != step.remedy and run.case.tried.get(id) == DID_NOT_HELP
                if id in impossible and not tried_before:
                    reason = f"fails: the plan has {step.remedy}, and {id} is barred or impossible"
                    yield self._refuted(step.remedy, ("not_if",), reason, run)

    def _unmended(self, run: _Run) -> Findings:
        """Proven causes without a step or a reason. What follows from another one that is proven is
        mended with that; where something has helped already, there is nothing left to do."""
        if HELPED in run.case.tried.values():
            return
        planned = {step.remedy for step in run.concluded.plan.steps}
        left_out = dict(run.concluded.plan.left_out)
        hypotheses = run.concluded.findings.hypotheses
        proven = {id for id, found in hypotheses.items() if found.status == PROVEN}
        for id in sorted(proven):
            fixers = self._table.fixers[id]
            if not proven.isdisjoint(self._knowledge.causes[id].follows_from):
                continue
            if planned.isdisjoint(fixers) and not all(left_out.get(one) for one in fixers):
                reason = f"fails for {id}: no step mends it, and not every remedy has a reason"
                yield Refuted(self._knowledge.causes[id].file, (), reason, dict(run.case.given))
            elif not fixers:
                reason = f"fails for {id}: nothing mends it"
                yield Refuted(self._knowledge.causes[id].file, (), reason, dict(run.case.given))

    def _unchecked(self, run: _Run) -> Findings:
        checked = list(
            self._checker.check(run.case, run.concluded.belief, run.concluded.findings.barred)
        )
        if [one.precondition.id for one in checked] != [*self._knowledge.preconditions]:
            yield Refuted(PACK, ("preconditions",), "fails", dict(run.case.given))
            return
        for one in checked:
            state = STATES[outcome(one.precondition, run.case.known)]
            if one.state != state or (state == "not-known" and not one.look):
                reason = f"fails for {one.precondition.id}: it is said to be {one.state}"
                path = ("preconditions", one.precondition.id)
                yield Refuted(PACK, path, reason, dict(run.case.given))

    def _unlike(self, run: _Run) -> Findings:
        there = run.concluded
        same = (
            dict(there.findings.fired) == dict(run.found.fired)
            and dict(there.findings.hypotheses) == dict(run.found.hypotheses)
            and there.findings.barred == run.found.barred
            and there.findings.contradictions == run.found.contradictions
            and dict(there.belief.present) == dict(run.belief.present)
            and dict(there.belief.support) == dict(run.belief.support)
            and there.plan.steps == run.plan.steps
            and there.plan.expected_minutes == run.plan.expected_minutes
            and self._of_use(there.plan) == self._of_use(run.plan)
        )
        if not same:
            yield Refuted(PACK, ("id",), "fails", dict(run.case.given))

    def _of_use(self, plan: Plan) -> list[tuple[str, str]]:
        """The remedies that are left out with the reason, but for what mends nothing, which experta
        never proposes for its own sake."""
        return [(id, why) for id, why in plan.left_out if self._knowledge.remedies[id].fixes]

    def _refuted(self, remedy: str, path: tuple[str | int, ...], reason: str, run: _Run) -> Refuted:
        return Refuted(self._knowledge.remedies[remedy].file, path, reason, dict(run.case.given))


def _subsets(ids: list[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(ids) + 1):
        yield from combinations(ids, size)
