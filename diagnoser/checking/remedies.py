"""Remedies that are offered where they cannot help."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import RULED_OUT
from diagnoser.case.case import Case, tried_in
from diagnoser.checking.accepted import Excuses
from diagnoser.checking.witness import KnownCase, cases_where, told
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.conditions import AnyOf, Condition, OneOf
from diagnoser.knowledge.model import COULD_NOT_DO, TRIED, Knowledge, Precondition, Remedy
from diagnoser.pack.schema import IN_VAIN
from diagnoser.pack.table_linker import Complain
from diagnoser.planning.planner import Planner
from diagnoser.planning.preconditions import Checker

TRIES = 200
"""Cases that are diagnosed at most to see whether they show what they should."""

_Search = tuple[list[Condition], list[Condition]]
"""What is needed, and what must never hold."""


class OfferedInVain:
    """Finds remedies that stand in the plan or in its check although all causes that they fix are
    ruled out, and that nothing bars there.

    Handing over ends every plan, and the safe copy is made for its own sake.
    """

    def __init__(self, knowledge: Knowledge, evaluator: Evaluator) -> None:
        self._knowledge = knowledge
        self._evaluator = evaluator
        self._planner = Planner(knowledge)
        self._checker = Checker(knowledge)

    def find(self, excuses: Excuses, complain: Complain) -> None:
        """Complains of each of them, with answers that show it."""
        for remedy in self._knowledge.remedies.values():
            if not remedy.fixes or remedy.hand_over:
                continue
            shown = next(self._shown(remedy), None)
            if shown is None or excuses.accepts(remedy.file, IN_VAIN):
                continue
            where, case = shown
            reason = (
                f"is offered {where} although all causes that it fixes are ruled out, for example "
                f"with {told(case, self._knowledge.facts)}; bar it there with not_if"
            )
            complain(remedy.file, ("fixes",), reason, "", "")

    def _shown(self, remedy: Remedy) -> Iterator[tuple[str, KnownCase]]:
        """Where it is offered in vain, with a case in which it is."""
        refuted = self._refuted(remedy)
        if refuted is None:
            return
        for one in self._knowledge.preconditions.values():
            if remedy.id in one.remedies:
                where = f'in the check of "{one.id}"'
                for search in self._unchecked(remedy, one, refuted):
                    for case in self._cases(search):
                        if self._is_checked(remedy, one, case):
                            yield where, case
        for id, before in self._planner.table.before.items():
            if remedy.id in before:
                for search in self._prepared(remedy, self._knowledge.remedies[id], refuted):
                    for case in self._cases(search):
                        if self._is_planned(remedy, case):
                            yield f"in the plan before {id}", case

    def _cases(self, search: _Search) -> Iterator[KnownCase]:
        needed, never = search
        never = [*never, *(one.when for one in self._knowledge.contradictions.values())]
        return islice(cases_where(needed, never, self._knowledge.facts), TRIES)

    def _refuted(self, remedy: Remedy) -> _Search | None:
        """All causes that it fixes are ruled out, none of them is proven, and no bar holds; None
        where one cannot be ruled out."""
        needed: list[Condition] = []
        never: list[Condition] = [bar.when for bar in remedy.not_if]
        for cause in remedy.fixes:
            rules = self._knowledge.causes[cause].rules
            against = tuple(rule.when for rule in rules if rule.factor == -1)
            if not against:
                return None
            needed.append(against[0] if len(against) == 1 else AnyOf(against))
            never += [rule.when for rule in rules if rule.factor == 1]
        return needed, never

    def _unchecked(self, remedy: Remedy, one: Precondition, refuted: _Search) -> Iterator[_Search]:
        """What makes the precondition fail, or leaves it unknown, while nothing else is left to do
        about it: the causes of the others are ruled out too, or they could not be done."""
        needed, never = refuted
        others = [self._knowledge.remedies[id] for id in one.remedies if id != remedy.id]
        none_helps = [self._refuted(other) for other in others]
        ways: list[list[Condition]] = [
            [OneOf(f"{TRIED}{other.id}", (COULD_NOT_DO,)) for other in others]
        ]
        if all(none_helps):
            ways.insert(0, [when for way in none_helps if way for when in way[0]])
        for more in ways:
            if one.fails is not None:
                yield [one.fails, *needed, *more], never
            yield [*needed, *more], [*never, one.holds]

    def _prepared(self, remedy: Remedy, after: Remedy, refuted: _Search) -> Iterator[_Search]:
        """What may make a remedy worth doing that this one must come before."""
        needed, never = refuted
        never = [*never, *(bar.when for bar in after.not_if)]
        yield needed, never
        for cause in after.fixes:
            for rule in self._knowledge.causes[cause].rules:
                if rule.factor > 0 and cause not in remedy.fixes:
                    yield [rule.when, *needed], never

    def _is_checked(self, remedy: Remedy, one: Precondition, known: KnownCase) -> bool:
        """Whether the check names the remedy for this precondition."""
        findings = self._evaluator.evaluate(known)
        case = Case(known, known, tried_in(known))
        belief = believe(self._knowledge, findings.hypotheses, case.tried)
        checked = self._checker.check(case, belief, findings.barred)
        named = {found.precondition.id: found.remedies for found in checked}
        return _is_refuted(remedy, belief) and remedy.id in named[one.id]

    def _is_planned(self, remedy: Remedy, known: KnownCase) -> bool:
        """Whether the plan has the remedy as a step."""
        findings = self._evaluator.evaluate(known)
        tried = tried_in(known)
        belief = believe(self._knowledge, findings.hypotheses, tried)
        plan = self._planner.plan(belief, tried, findings.barred)
        return _is_refuted(remedy, belief) and remedy.id in {step.remedy for step in plan.steps}


def _is_refuted(remedy: Remedy, belief: Belief) -> bool:
    return all(belief.status(cause) == RULED_OUT for cause in remedy.fixes)
