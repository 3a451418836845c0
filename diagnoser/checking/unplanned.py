"""Remedies that no plan ever holds."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.belief.belief import believe
from diagnoser.case.case import tried_in
from diagnoser.checking.answer_space import Formula, KnownCase, no
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import COULD_NOT_DO, TRIED, Remedy
from diagnoser.pack.schema import ALWAYS_BARRED
from diagnoser.planning.planner import Planner


def always_barred(pack: ExaminedPack) -> None:
    """Remedies of which some bar holds as soon as all that its bars read is known."""
    space = pack.space
    for remedy in pack.knowledge.remedies.values():
        if len(remedy.not_if) < 2:  # one that always holds by itself is found as such
            continue
        asked = sorted({id for bar in remedy.not_if for id in asked_for(bar.when, space.facts)})
        free = [no(space.holds(bar.when)) for bar in remedy.not_if]
        if not space.can_be(*free, *map(space.known, asked)):
            if any(not space.can_be(space.fails(bar.when)) for bar in remedy.not_if):
                continue
            if not pack.excuses.accepts(remedy.file, ALWAYS_BARRED):
                reason = (
                    "bars it whatever the answers are, so nobody who has told them is advised it; "
                    f"mend it, or write under accepted.{ALWAYS_BARRED} why that is right"
                )
                pack.complain(remedy.file, ("not_if",), reason)


class Unplanned:
    """Finds remedies that are in no plan, even where nothing else can be done."""

    def __init__(self, pack: ExaminedPack) -> None:
        self._pack, self._knowledge, self._space = pack, pack.knowledge, pack.space
        self._planner = Planner(pack.knowledge)

    def find(self) -> None:
        """Complains of each of them."""
        for remedy in self._knowledge.remedies.values():
            if not self._goals(remedy):
                continue  # it is for nothing, which is found elsewhere
            shown: KnownCase | None = None
            for case in self._most_likely(remedy):
                if remedy.id in self._plan(case):
                    break
                shown = shown or case
            else:
                reason = "is in no plan: it is barred wherever a cause that it could help with is"
                if shown is not None:
                    example = self._pack.told(shown)
                    reason = "is in no plan, even where nothing else can be done"
                    reason += f", for example with {example}" if example else ""
                reason += "; take it out, or mend what it is for"
                self._pack.complain(remedy.file, (), reason)

    def _plan(self, case: KnownCase) -> set[str]:
        findings = self._pack.evaluator.evaluate(case)
        tried = tried_in(case)
        belief = believe(self._knowledge, findings.hypotheses, tried)
        plan = self._planner.plan(belief, tried, findings.barred)
        return {step.remedy for step in plan.steps}

    def _most_likely(self, remedy: Remedy) -> Iterator[KnownCase]:
        """Cases in which the remedy is most likely to be planned: a cause that it mends, or that
        what it prepares mends, has a sign as strong as there is, nothing bars it, and all else that
        could be done is impossible."""
        for goal in self._goals(remedy):
            needed = self._planner.table.order[goal.id]
            bars = [bar.when for id in needed for bar in self._knowledge.remedies[id].not_if]
            free = [no(self._space.holds(when)) for when in bars]
            impossible = {
                f"{TRIED}{id}": COULD_NOT_DO for id in self._knowledge.remedies if id not in needed
            }
            for speaking in self._speaking(goal):
                case = self._space.sheet_with(*speaking, *free)
                if case is not None:
                    yield case
                    yield {**impossible, **case}

    def _goals(self, remedy: Remedy) -> list[Remedy]:
        """What a plan may hold the remedy for: itself, and what it must come before."""
        order, remedies = self._planner.table.order, self._knowledge.remedies
        found = [remedies[id] for id in order if remedy.id in order[id]]
        found = [one for one in found if one.fixes or one.hand_over]
        return sorted(found, key=lambda one: one.id != remedy.id)

    def _speaking(self, remedy: Remedy) -> Iterator[list[Formula]]:
        """What speaks for each cause that a remedy mends, strongest first, while nothing rules it
        out; at last nothing."""
        for cause in remedy.fixes:
            rules = self._knowledge.causes[cause].rules
            never = [no(self._space.holds(one.when)) for one in rules if one.factor == -1]
            for rule in sorted(rules, key=lambda one: one.place):
                if rule.factor > 0:
                    yield [self._space.holds(rule.when), *never]
        yield []
