"""A plan in the making: what is left of each cause, what works by then, and the steps so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import PROVEN
from diagnoser.planning.proven_causes import A_MOMENT
from diagnoser.planning.rounding import significant

if TYPE_CHECKING:
    from diagnoser.planning.planner import Planner

NEGLIGIBLE = 0.01
"""A remedy with less than this chance to help is not worth a line among what was left out."""
CERTAIN = 1 - 1e-12
"""The most that a cause counts here, so that something is left to compare when one is proven."""
LOOK_PAST = 4
"""Steps that are looked at after handing over seems cheaper: several likely causes may have to be
mended before one of the steps pays."""


class Step(NamedTuple):
    """A remedy in its place.

    `chance` is that of the system working after it, given that it did not before; for a `must`
    step, that of its proven causes being mended; None where nothing is mended.
    """

    remedy: str
    must: bool
    chance: float | None


class Outlook(NamedTuple):
    """What a plan can be likened to: after the steps for proven causes, the odds of each cause,
    what is done, and the worth of every other remedy, as a mapping and as a heap."""

    odds: Mapping[str, float]
    done: frozenset[str]
    worth: Mapping[str, float]
    heap: Sequence[tuple[float, str]]


class Draft:
    """A plan in the making for one belief.

    `available` are the remedies that may be advised, `done` those that were done before. What is
    left of a cause, P(c) u(c), is kept as odds: a remedy with chance q turns odds of o into
    o (1 - q) / (1 + q o), and what works by then, S, into S (1 + q o).
    """

    def __init__(
        self, planner: Planner, belief: Belief, available: Iterable[str], done: Iterable[str]
    ) -> None:
        self.planner = planner
        self.remedies = planner.remedies
        self.belief = belief
        self.available = frozenset(available)
        self.done = set(done)
        self.odds, self.working = self._start(belief.present)
        """`working` is S: the probability that the system works, were it not known that it
        fails."""
        self.fails_at_start = 1 - self.working
        self.steps: list[Step] = []
        self.minutes = 0.0

    def _start(self, present: Mapping[str, float]) -> tuple[dict[str, float], float]:
        """The odds of the causes, and S, while nothing is done."""
        odds, working = {}, self.planner.working_without_causes
        for cause, p in present.items():
            absent = 1 - (p if p < CERTAIN else CERTAIN)
            odds[cause] = (1 - absent) / absent
            working *= absent
        return odds, working

    def fails(self, working: float) -> float:
        """U: the chance that the system still fails, given that it did at the start."""
        return (1 - working) / self.fails_at_start

    def missing(self, id: str) -> Sequence[str]:
        """The remedy, after those that must come first and are not done yet."""
        order = self.planner.order[id]
        return order if len(order) == 1 else [other for other in order if other not in self.done]

    def outlook(self) -> Outlook:
        """What similar plans can be likened to."""
        worth = {id: self.worth(id) for id in self.remedies if id not in self.done}
        heap = sorted((-one, id) for id, one in worth.items() if one > 0)
        return Outlook(dict(self.odds), frozenset(self.done), worth, heap)

    def must_steps(self, proven: frozenset[str], steps: Iterable[str]) -> None:
        """Takes these steps for the causes that are proven, and one verification at the end."""
        for id in steps:
            mended = [q for cause, q in self.planner.mends[id] if cause in proven]
            chance = 1.0
            for q in mended:
                chance *= q
            self.mend(id)
            self.steps.append(Step(id, True, chance if mended else None))
            self.minutes += self.remedies[id].price
        if self.steps:
            self.minutes += self.planner.verification

    def hand_over(self) -> str | None:
        """The remedy that ends the plan: the cheapest of those that hand over to somebody else."""
        ends = [
            id for id in self.planner.hand_overs if id in self.available and id not in self.done
        ]
        return min(ends, key=lambda id: (self.remedies[id].price, id), default=None)

    def greedy_steps(self, like: Outlook | None = None) -> Iterator[None]:
        """Always the step with the largest drop of U per minute; then handing over, after as many
        of them as makes the whole plan cheapest.

        Stops for a moment when some steps are cheaper than none, as the first of them will stay.
        """
        last = self.hand_over()
        at_once = self._total(last)
        best, cheapest, past = self._state(), at_once, 0
        for id in self._in_order(last, like):
            self._do(self.missing(id))
            total, past = self._total(last), past + 1
            if last is None or total < cheapest:
                if cheapest == at_once:
                    yield
                best, cheapest, past = self._state(), total, 0
            elif past == LOOK_PAST:
                break
        self.odds, self.done, self.working, self.minutes, steps = best
        del self.steps[steps:]
        if last is not None:
            *before, _ = self.missing(last)
            self._do(before)
            self.minutes += self.remedies[last].price * self.fails(self.working)
            self.steps.append(Step(last, False, None))

    def _state(self) -> tuple[dict[str, float], set[str], float, float, int]:
        """How far the plan is, with as many steps."""
        return dict(self.odds), set(self.done), self.working, self.minutes, len(self.steps)

    def _total(self, last: str | None) -> float:
        """The cost of the plan if it ended here."""
        if last is None:
            return self.minutes
        minutes, working = self.minutes, self.working
        missing = self.missing(last)
        if len(missing) == 1:
            return minutes + self.remedies[last].price * self.fails(working)
        odds: dict[str, float] = {}
        for id in missing:
            minutes += (self.remedies[id].price if id == last else self.planner.cost[id]) * (
                self.fails(working)
            )
            working *= self._gain(id, odds)
        return minutes

    def _in_order(self, last: str | None, like: Outlook | None) -> Iterator[str]:
        """The next remedy by its worth per minute, as long as one is worth anything; whoever takes
        it does it before asking for another. Where nobody takes over in the end, one that has next
        to no chance is not worth anything.

        The more is mended, the less a remedy is worth, unless something that must come before it
        was done. So what a remedy was worth is the most it can be worth, and it is worked out again
        when no other one could be worth more.
        """
        if like is None:
            worth = {id: self.worth(id) for id in self.available - self.done}
            heap = [(-one, id) for id, one in worth.items() if one > 0]
            heapify(heap)
        else:
            worth, heap = dict(like.worth), list(like.heap)
            self._renew(self._changed(like), worth, heap)
        stale: set[str] = set()
        while heap:
            negative, id = heap[0]
            gone = id in self.done or id == last or id not in self.available
            if gone or -negative != worth[id] or (last is None and self.drop(id) < NEGLIGIBLE):
                heappop(heap)
            elif id in stale:
                heappop(heap)
                stale.remove(id)
                self._renew((id,), worth, heap)
            else:
                newly = self.missing(id)
                yield id
                for one in newly:
                    stale |= self.planner.sharing[one]
                    self._renew(self.planner.following[one], worth, heap)

    def _renew(
        self, ids: Iterable[str], worth: dict[str, float], heap: list[tuple[float, str]]
    ) -> None:
        """Works out again what these remedies are worth."""
        for id in ids:
            if id not in self.done:
                worth[id] = one = self.worth(id)
                if one > 0:
                    heappush(heap, (-one, id))

    def _changed(self, like: Outlook) -> set[str]:
        """The remedies that are not worth what they are for the other plan."""
        reaching, odds = self.planner.reaching, like.odds
        changed = {id for c, one in self.odds.items() if one != odds[c] for id in reaching[c]}
        for id in like.done.symmetric_difference(self.done):
            changed |= self.planner.sharing[id]
        return changed

    def _do(self, ids: Sequence[str]) -> None:
        """Does remedies one after the other, a verification after each that mends something."""
        for id in ids:
            fails = self.fails(self.working)
            self.minutes += self.planner.cost[id] * fails
            self.mend(id)
            drop = fails - self.fails(self.working)
            self.steps.append(Step(id, False, drop / fails if self.planner.mends[id] else None))

    def mend(self, id: str) -> None:
        """Does a remedy."""
        for cause, chance in self.planner.mends[id]:
            odds = self.odds[cause]
            gain = 1 + chance * odds
            self.odds[cause] = odds * (1 - chance) / gain
            self.working *= gain
        self.done.add(id)

    def _factor(self, id: str) -> float:
        """What S is multiplied by when the remedy, and what must come before it, is done."""
        factor, odds = 1.0, self.odds
        if id in self.planner.mending_after:
            then: dict[str, float] = {}
            for other in self.missing(id):
                factor *= self._gain(other, then)
            return factor
        for cause, chance in self.planner.mends[id]:
            factor *= 1 + chance * odds[cause]
        return factor

    def drop(self, id: str) -> float:
        """The drop of U when the remedy, and what must come before it, is done."""
        return self.working * (self._factor(id) - 1) / self.fails_at_start

    def _gain(self, id: str, then: dict[str, float]) -> float:
        """What S is multiplied by when the remedy is done; `then` are odds that others have changed
        before, and this one changes."""
        factor = 1.0
        for cause, chance in self.planner.mends[id]:
            odds = then.get(cause, self.odds[cause])
            gain = 1 + chance * odds
            then[cause] = odds * (1 - chance) / gain
            factor *= gain
        return factor

    def worth(self, id: str) -> float:
        """Drop of U per minute, up to a factor that is the same for all remedies, rounded as a
        rank."""
        minutes = self.planner.minutes.get(id)
        if minutes is None:
            cost = self.planner.cost
            minutes = max(fsum([cost[other] for other in self.missing(id)]), A_MOMENT)
        return significant((self._factor(id) - 1) / minutes)

    def not_worth_it(self) -> dict[str, str]:
        """The remedies that would have some chance after the plan, but less than their time is
        worth."""
        worth = NEGLIGIBLE * (1 - self.working) / self.working
        too_dear = self.planner.too_dear
        return {
            id: too_dear[id]
            for id in self.available - self.done
            if id in too_dear and self._factor(id) - 1 >= worth
        }


def proven_in(belief: Belief) -> frozenset[str]:
    """The causes that are proven."""
    return frozenset(cause for cause, found in belief.hypotheses.items() if found.status == PROVEN)
