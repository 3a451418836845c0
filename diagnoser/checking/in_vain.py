"""Remedies that are offered where they cannot help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import RULED_OUT
from diagnoser.case.case import Case, tried_in
from diagnoser.checking.answer_space import Formula, KnownCase, either, no
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.weighed import ruled_out
from diagnoser.knowledge.model import COULD_NOT_DO, TRIED, Precondition, Remedy
from diagnoser.pack.schema import IN_VAIN
from diagnoser.planning.planner import Planner
from diagnoser.planning.preconditions import Checker

TRIES = 200
"""Cases that are diagnosed at most to see whether they show what they should."""


class OfferedInVain:
    """Finds remedies that stand in the plan or in its check although all causes that they fix are
    ruled out, and that nothing bars there.

    Handing over ends every plan, and the safe copy is made for its own sake.
    """

    def __init__(self, pack: ExaminedPack) -> None:
        self._pack, self._knowledge, self._space = pack, pack.knowledge, pack.space
        self._planner = Planner(pack.knowledge)
        self._checker = Checker(pack.knowledge)

    def find(self) -> None:
        """Complains of each of them, with answers that show it."""
        for remedy in self._knowledge.remedies.values():
            if not remedy.fixes or remedy.hand_over:
                continue
            shown = next(self._shown(remedy), None)
            if shown is None or self._pack.excuses.accepts(remedy.file, IN_VAIN):
                continue
            where, case = shown
            reason = (
                f"is offered {where} although all causes that it fixes are ruled out, for example "
                f"with {self._pack.told(case)}; bar it there with not_if"
            )
            self._pack.complain(remedy.file, ("fixes",), reason)

    def _shown(self, remedy: Remedy) -> Iterator[tuple[str, KnownCase]]:
        """Where it is offered in vain, with a case in which it is."""
        remedies = self._knowledge.remedies
        for one in self._knowledge.preconditions.values():
            if remedy.id in one.remedies:
                others = [remedies[id] for id in one.remedies if id != remedy.id]
                for ways in self._unchecked(one, others):
                    for case in self._cases(remedy, ways, others):
                        if self._is_checked(remedy, one, case):
                            yield f'in the check of "{one.id}"', case
        for id, before in self._planner.table.before.items():
            if remedy.id in before:
                ways = [no(self._space.holds(bar.when)) for bar in remedies[id].not_if]
                for case in self._cases(remedy, ways, [remedies[id]]):
                    if self._is_planned(remedy, case):
                        yield f"in the plan before {id}", case

    def _cases(
        self, remedy: Remedy, also: Sequence[Formula], others: Iterable[Remedy]
    ) -> Iterator[KnownCase]:
        """Cases in which all causes that a remedy fixes are ruled out, no bar of it holds, and the
        formulas `also` are true. There is one for each way in which `others` can be barred, and
        the causes that only they fix be spoken for or ruled out."""
        space, causes = self._space, self._knowledge.causes
        always = [*(ruled_out(causes[id], space) for id in remedy.fixes), *also]
        always += [no(space.holds(bar.when)) for bar in remedy.not_if]
        apart: list[Formula] = []
        for other in others:
            apart.append(either(*(space.holds(bar.when) for bar in other.not_if)))
            for id in other.fixes:
                if id not in remedy.fixes:
                    speaking = (one.when for one in causes[id].rules if one.factor > 0)
                    apart.append(either(*map(space.holds, speaking)))
                    apart.append(ruled_out(causes[id], space))
        for now, _ in islice(space.combinations(apart, *always), TRIES):
            chosen = (one if true else no(one) for one, true in zip(apart, now, strict=True))
            case = space.sheet_with(*always, *chosen)
            if case is not None:
                yield case

    def _unchecked(self, one: Precondition, others: Sequence[Remedy]) -> Iterator[list[Formula]]:
        """That the precondition is unknown, and that it fails; each also where the other remedies
        could not be done."""
        space = self._space
        impossible = [space.is_among(f"{TRIED}{other.id}", COULD_NOT_DO) for other in others]
        fails = [space.fails(one.holds)]
        if one.fails is not None:
            fails.append(space.holds(one.fails))
        for state in (no(either(space.holds(one.holds), *fails)), either(*fails)):
            yield [state]
            yield [state, *impossible]

    def _is_checked(self, remedy: Remedy, one: Precondition, known: KnownCase) -> bool:
        """Whether the check names the remedy for this precondition."""
        findings = self._pack.evaluator.evaluate(known)
        case = Case(known, known, tried_in(known))
        belief = believe(self._knowledge, findings.hypotheses, case.tried)
        checked = self._checker.check(case, belief, findings.barred)
        named = {found.precondition.id: found.remedies for found in checked}
        return _is_refuted(remedy, belief) and remedy.id in named[one.id]

    def _is_planned(self, remedy: Remedy, known: KnownCase) -> bool:
        """Whether the plan has the remedy as a step."""
        findings = self._pack.evaluator.evaluate(known)
        tried = tried_in(known)
        belief = believe(self._knowledge, findings.hypotheses, tried)
        plan = self._planner.plan(belief, tried, findings.barred)
        return _is_refuted(remedy, belief) and remedy.id in {step.remedy for step in plan.steps}


def _is_refuted(remedy: Remedy, belief: Belief) -> bool:
    return all(belief.status(cause) == RULED_OUT for cause in remedy.fixes)
