"""The greedy part of a plan: always the remedy that lowers the chance of failing most per minute,
and in the end handing over.

Doing one remedy makes no other one worth more, unless it had to come before that. So what a remedy
was worth when it was last looked at is the most that it is worth now, and most of them need not be
looked at again (M. Minoux, "Accelerated greedy algorithms for maximizing submodular set functions",
1978).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from math import fsum, prod
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.knowledge.rounding import significant
from diagnoser.planning.nights import Group, best_of, joined
from diagnoser.planning.remedy_table import A_MOMENT, RemedyTable

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
    step, that of its proven causes being mended; None where nothing is mended. Steps with the same
    number in `together` are done in one go and tested once; `chance` is then that of all of them,
    but for `must` steps.
    """

    remedy: str
    must: bool
    chance: float | None
    together: int | None = None


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
        self.steps: list[Step] = []
        self.minutes = 0.0
        self.odds: dict[str, float] = {}
        self.working = 1 - table.leak
        for cause, p in belief.present.items():
            absent = 1 - (p if p < CERTAIN else CERTAIN)
            self.odds[cause] = (1 - absent) / absent
            self.working *= absent
        self.fails_at_start = 1 - self.working
        self._gain: dict[str, float] = {}
        """For the remedies that are left, what `_gain_now` said when they were last looked at."""
        self._worth: dict[str, float] = {}
        """The same for each minute of their cost."""
        self._groups: tuple[Group, ...] = ()
        """The groups of steps seen overnight that may end with the last step; none if that is
        another one."""
        self._starts: dict[int, int] = {}
        """For the places of such steps, where the best of those groups started."""
        self._stale: set[str] = set()
        """Those for which it may be less by now."""
        for id in self.available:
            if id not in self.done:
                self._look_at(id)

    def fails(self, working: float) -> float:
        """U where S is `working`."""
        return (1 - working) / self.fails_at_start

    def missing(self, id: str) -> list[str]:
        """The remedy, after those that must come first and are not done yet."""
        return [other for other in self.table.order[id] if other not in self.done]

    def take_for_proven(self, proven: frozenset[str], steps: Iterable[str]) -> None:
        """Takes these steps for the causes that are proven, and one test of all of them at the end.
        A night, and all waits for it, pass at once."""
        night = 0.0
        for id in steps:
            mended = [q for cause, q in self.table.mends[id] if cause in proven]
            chance = 1.0
            for q in mended:
                chance *= q
            self.mend(id)
            self.steps.append(Step(id, True, chance if mended else None))
            remedy = self.table.remedies[id]
            self.minutes += remedy.price
            if remedy.overnight:
                self.minutes -= remedy.idle
                night = max(night, remedy.idle, self.table.night)
        if self.steps:
            self.minutes += night + self.table.verification

    def what_pays(self, first_only: bool = False) -> Draft:
        """The plan that goes on from here: always the step with the largest drop of U per minute;
        then handing over, after as many of them as makes the whole plan cheapest.

        With `first_only` it is left off as soon as the first of these steps is certain.
        """
        last = self._hand_over()
        draft, cheapest, pays, past = self.copy(), self._total(last), len(self.steps), 0
        if last is not None:
            for id in (last, *self.table.waiting.get(last, ())):  # nothing comes after it
                draft._worth.pop(id, None)
        while past < LOOK_PAST and (id := draft._most_per_minute(last)) is not None:
            draft.do(draft.missing(id))
            total, past = draft._total(last), past + 1
            if last is None or total < cheapest:
                if first_only:
                    return draft
                cheapest, pays, past = total, len(draft.steps), 0
        best = self.copy()
        best.do(step.remedy for step in draft.steps[len(self.steps) : pays])
        if last is not None:
            *before, _ = best.missing(last)
            best.do(before)
            best.minutes += self.table.remedies[last].price * best.fails(best.working)
            best.steps.append(Step(last, False, None))
        return best

    def copy(self) -> Draft:
        """The same plan so far, whatever is done after."""
        other = copy(self)
        other.odds, other.done, other.steps = dict(self.odds), set(self.done), list(self.steps)
        other._gain, other._worth = dict(self._gain), dict(self._worth)
        other._starts, other._stale = dict(self._starts), set(self._stale)
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
        none. What only a night can test may cost less after a step like it.

        Where nobody takes over in the end, a remedy whose turn comes with next to no chance is
        given up, until something that must come before it is done.
        """
        worth = self._worth
        while worth:
            id = max(worth, key=worth.__getitem__)  # the first of equals
            if worth[id] == 0:
                break
            if id in self._stale:
                self._look_at(id)
            elif last is None and self.drop(id) < NEGLIGIBLE:
                worth[id] = 0.0
            else:
                joining = [one for one in self._may_join() if worth[one]] if self._groups else []
                best = min((id, *joining), key=lambda one: (-self.worth(one), one))
                if last is not None or best == id or self.drop(best) >= NEGLIGIBLE:
                    return best
                worth[best] = 0.0
        return None

    def _may_join(self) -> list[str]:
        """The remedies that can be done in one go with the last step, and be tested with it."""
        return [id for id in self.table.overnight if id in self._worth and self._is_ready(id)]

    def _is_ready(self, id: str) -> bool:
        """Whether nothing must come before the remedy that is not done."""
        return id not in self.table.before or self.missing(id) == [id]

    def do(self, ids: Iterable[str]) -> None:
        """Does remedies one after the other, and tests each that mends something, or several that
        only a night can test together."""
        for id in ids:
            fails = self.fails(self.working)
            self._spend(id)
            self.mend(id)
            drop = fails - self.fails(self.working)
            self.steps.append(Step(id, False, drop / fails if self.table.mends[id] else None))

    def _spend(self, id: str) -> None:
        """Counts the minutes of a remedy that is about to be done, and of its test."""
        if id not in self.table.overnight:
            self._groups = ()
            self.minutes += self.table.cost[id] * self.fails(self.working)
            return
        self._groups = self._groups_with(id)
        best = best_of(self._groups, self.table.verification)
        self._starts[len(self.steps)] = best.start
        self.minutes = best.minutes(self.table.verification)

    def _groups_with(self, id: str) -> tuple[Group, ...]:
        """The groups that may end with this remedy if it is the next step."""
        fails = self.fails(self.working)
        new = Group(len(self.steps), self.minutes, fails, 0.0, self.table.night)
        return joined(self._groups, new, self.table.remedies[id])

    def mend(self, id: str) -> None:
        """Does a remedy."""
        for cause, chance in self.table.mends[id]:
            odds = self.odds[cause]
            gain = 1 + chance * odds
            self.odds[cause] = odds * (1 - chance) / gain
            self.working *= gain
        self.done.add(id)
        self._worth.pop(id, None)
        self._stale |= self.table.affected[id]
        for other in self.table.waiting.get(id, ()):
            if other in self._worth:
                self._look_at(other)

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

    def _look_at(self, id: str) -> None:
        """Works out what a remedy is worth now, rounded so that noise decides no tie."""
        minutes = self.table.minutes[id]
        if id in self.table.before:
            minutes = max(fsum([self.table.cost[other] for other in self.missing(id)]), A_MOMENT)
        self._gain[id] = gain = self._gain_now(id)
        self._worth[id] = significant(gain / minutes)
        self._stale.discard(id)

    def _gain_now(self, id: str) -> float:
        """What doing a remedy, and what must come before it, adds to S now, as a part of S."""
        factor = 1.0
        if id in self.table.mends_before:
            then: dict[str, float] = {}
            for other in self.missing(id):
                factor *= self._gain_after(other, then)
        else:
            odds = self.odds
            for cause, chance in self.table.mends[id]:
                factor *= 1 + chance * odds[cause]
        return factor - 1

    def drop(self, id: str) -> float:
        """The drop of U when the remedy, and what must come before it, is done."""
        return self.working * self._gain_now(id) / self.fails_at_start

    def worth(self, id: str) -> float:
        """Drop of U per minute, up to a factor that is the same for all remedies."""
        if id in self._stale:
            self._look_at(id)
        if not self._groups or id not in self.table.overnight or not self._is_ready(id):
            return self._worth[id]
        test = self.table.verification
        then = best_of(self._groups_with(id), test).minutes(test)
        minutes = (then - self.minutes) / self.fails(self.working)
        return significant(self._gain[id] / max(minutes, A_MOMENT))

    def drop_per_minute(self, id: str) -> float:
        """The drop of U when the remedy, and what must come before it, is done, for each minute of
        their cost."""
        return self.worth(id) * self.working / self.fails_at_start

    def in_groups(self) -> Iterator[Step]:
        """The steps, those that are done in one go with the number of their group."""
        ends: dict[int, int] = {}
        place = len(self.steps) - 1
        while place >= 0:
            start = 0 if self.steps[place].must else self._starts.get(place, place)
            ends[start] = place + 1
            place = start - 1
        number = 0
        for start, end in sorted(ends.items()):
            group = self.steps[start:end]
            if len(group) == 1:
                yield group[0]
                continue
            number += 1
            fails = prod(1 - (step.chance or 0.0) for step in group)
            for step in group:
                chance = step.chance if step.must else 1 - fails
                yield step._replace(together=number, chance=chance)

    def left(self, cause: str) -> float:
        """What is left of the cause now, P(c) u(c)."""
        return self.odds[cause] / (1 + self.odds[cause])

    def helpful(self) -> list[str]:
        """The remedies that were not taken and would still have some chance to help."""
        some = NEGLIGIBLE * (1 - self.working) / self.working
        likely = [id for id in self._worth if self._gain[id] >= some]
        for id in self._stale.intersection(likely):
            self._look_at(id)
        return [id for id in likely if self._gain[id] >= some]
