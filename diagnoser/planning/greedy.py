"""The greedy part of a plan: always the remedy that lowers the chance of failing most per minute,
and in the end handing over."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from math import fsum
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.planning.remedy_table import A_MOMENT, RemedyTable
from diagnoser.planning.rounding import significant

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


class Draft:
    """A plan in the making for one belief.

    `available` are the remedies that may be advised, `done` those that were done before. What is
    left of a cause, P(c) u(c), is kept as odds: a remedy with chance q turns odds of o into
    o (1 - q) / (1 + q o), and S, which `working` holds, into S (1 + q o). What S and U are, the
    planner's module says.
    """

    def __init__(
        self, table: RemedyTable, belief: Belief, available: Iterable[str], done: Iterable[str]
    ) -> None:
        self.table = table
        self.available = sorted(available)
        self.done = set(done)
        self.given_up: set[str] = set()
        """Remedies that have next to no chance where nobody takes over in the end."""
        self.steps: list[Step] = []
        self.minutes = 0.0
        self.odds: dict[str, float] = {}
        self.working = 1 - table.leak
        for cause, p in belief.present.items():
            absent = 1 - (p if p < CERTAIN else CERTAIN)
            self.odds[cause] = (1 - absent) / absent
            self.working *= absent
        self.fails_at_start = 1 - self.working
        self._worth: dict[str, float] = {}
        """What remedies are worth now, as far as it was asked for."""

    def fails(self, working: float) -> float:
        """U where S is `working`."""
        return (1 - working) / self.fails_at_start

    def missing(self, id: str) -> list[str]:
        """The remedy, after those that must come first and are not done yet."""
        return [other for other in self.table.order[id] if other not in self.done]

    def take_for_proven(self, proven: frozenset[str], steps: Iterable[str]) -> None:
        """Takes these steps for the causes that are proven, and one verification at the end."""
        for id in steps:
            mended = [q for cause, q in self.table.mends[id] if cause in proven]
            chance = 1.0
            for q in mended:
                chance *= q
            self.mend(id)
            self.steps.append(Step(id, True, chance if mended else None))
            self.minutes += self.table.remedies[id].price
        if self.steps:
            self.minutes += self.table.verification

    def what_pays(self, first_only: bool = False) -> Draft:
        """The plan that goes on from here: always the step with the largest drop of U per minute;
        then handing over, after as many of them as makes the whole plan cheapest.

        With `first_only` it is left off as soon as the first of these steps is certain.
        """
        last = self._hand_over()
        draft, best, cheapest, past = self.copy(), self, self._total(last), 0
        while past < LOOK_PAST and (id := draft._most_per_minute(last)) is not None:
            draft._do(draft.missing(id))
            total, past = draft._total(last), past + 1
            if last is None or total < cheapest:
                if first_only:
                    return draft
                best, cheapest, past = draft.copy(), total, 0
        if last is not None:
            best = best.copy()
            *before, _ = best.missing(last)
            best._do(before)
            best.minutes += self.table.remedies[last].price * best.fails(best.working)
            best.steps.append(Step(last, False, None))
        return best

    def copy(self) -> Draft:
        """The same plan so far, whatever is done after."""
        other = copy(self)
        other.odds, other.done, other.steps = dict(self.odds), set(self.done), list(self.steps)
        other._worth = dict(self._worth)
        return other

    def _hand_over(self) -> str | None:
        """The remedy that ends the plan: the cheapest of those that hand over to somebody else."""
        ends = [id for id in self.table.hand_overs if id in self.available and id not in self.done]
        return min(ends, key=lambda id: (self.table.remedies[id].price, id), default=None)

    def _total(self, last: str | None) -> float:
        """The minutes of the plan if it ended here."""
        if last is None:
            return self.minutes
        minutes, working = self.minutes, self.working
        odds: dict[str, float] = {}
        for id in self.missing(last):
            price = self.table.remedies[id].price if id == last else self.table.cost[id]
            minutes += price * self.fails(working)
            working *= self._gain_after(id, odds)
        return minutes

    def _most_per_minute(self, last: str | None) -> str | None:
        """The remedy with the largest drop of U per minute; ties go by the id, and None if there is
        none.

        Where nobody takes over in the end, a remedy whose turn comes with next to no chance is
        given up, until something that must come before it is done.
        """
        past = {last, *self.done, *self.given_up}
        left = [id for id in self.available if id not in past]
        while left:
            id = max(left, key=self.worth)  # the first of equals
            if self.worth(id) == 0:
                break
            if last is not None or self.drop(id) >= NEGLIGIBLE:
                return id
            self.given_up.add(id)
            left.remove(id)
        return None

    def _do(self, ids: Iterable[str]) -> None:
        """Does remedies one after the other, a verification after each that mends something."""
        for id in ids:
            fails = self.fails(self.working)
            self.minutes += self.table.cost[id] * fails
            self.mend(id)
            self.given_up = {one for one in self.given_up if id not in self.table.order[one]}
            drop = fails - self.fails(self.working)
            self.steps.append(Step(id, False, drop / fails if self.table.mends[id] else None))

    def mend(self, id: str) -> None:
        """Does a remedy."""
        for cause, chance in self.table.mends[id]:
            odds = self.odds[cause]
            gain = 1 + chance * odds
            self.odds[cause] = odds * (1 - chance) / gain
            self.working *= gain
        self.done.add(id)
        for other in self.table.affected[id]:
            self._worth.pop(other, None)

    def _gain(self, id: str) -> float:
        """What S is multiplied by when the remedy is done now."""
        factor, odds = 1.0, self.odds
        for cause, chance in self.table.mends[id]:
            factor *= 1 + chance * odds[cause]
        return factor

    def _gain_after(self, id: str, then: dict[str, float]) -> float:
        """What S is multiplied by when the remedy is done after others; `then` holds the odds that
        those have changed, and takes those that this one changes."""
        factor = 1.0
        for cause, chance in self.table.mends[id]:
            odds = then.get(cause, self.odds[cause])
            gain = 1 + chance * odds
            then[cause] = odds * (1 - chance) / gain
            factor *= gain
        return factor

    def _factor(self, id: str) -> float:
        """What S is multiplied by when the remedy, and what must come before it, is done."""
        if id not in self.table.mends_before:
            return self._gain(id)
        factor = 1.0
        then: dict[str, float] = {}
        for other in self.missing(id):
            factor *= self._gain_after(other, then)
        return factor

    def drop(self, id: str) -> float:
        """The drop of U when the remedy, and what must come before it, is done."""
        return self.working * (self._factor(id) - 1) / self.fails_at_start

    def worth(self, id: str) -> float:
        """Drop of U per minute, up to a factor that is the same for all remedies, rounded so that
        noise decides no tie."""
        if id not in self._worth:
            self._worth[id] = self._worth_now(id)
        return self._worth[id]

    def _worth_now(self, id: str) -> float:
        if id not in self.table.before:
            return significant((self._gain(id) - 1) / self.table.minutes[id])
        minutes = fsum([self.table.cost[other] for other in self.missing(id)])
        return significant((self._factor(id) - 1) / max(minutes, A_MOMENT))

    def drop_per_minute(self, id: str) -> float:
        """The drop of U when the remedy, and what must come before it, is done, for each minute of
        their cost."""
        return self.worth(id) * self.working / self.fails_at_start

    def left(self, cause: str) -> float:
        """What is left of the cause now, P(c) u(c)."""
        return self.odds[cause] / (1 + self.odds[cause])

    def helpful(self) -> list[str]:
        """The remedies that were not taken and would still have some chance to help."""
        some = NEGLIGIBLE * (1 - self.working) / self.working
        return [id for id in self.available if id not in self.done and self._factor(id) - 1 >= some]
