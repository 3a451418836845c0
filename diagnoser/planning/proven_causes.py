"""The steps for causes that are proven: they depend on what may be done, whatever else is
believed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import fsum
from typing import TYPE_CHECKING

from diagnoser.planning.rounding import significant

if TYPE_CHECKING:
    from diagnoser.planning.planner import Planner

LIKELY = 0.5
"""A proven cause is taken care of by a remedy with at least this chance, if there is one."""
A_MOMENT = 0.01
"""Minutes that a step takes at least, where steps are compared by their worth per minute."""


class Musts:
    """Such steps where some remedies are `available` and some are `done`; each found once."""

    def __init__(self, planner: Planner, available: Collection[str], done: Collection[str]) -> None:
        self._planner = planner
        self._available, self._done = available, done
        self._found: dict[frozenset[str], tuple[str, ...]] = {frozenset(): ()}

    def steps(self, proven: frozenset[str]) -> tuple[str, ...]:
        """For each of these causes the remedy with the best chance per minute, and what must come
        before it; the cheapest first. Ties go by the id."""
        if proven not in self._found:
            self._found[proven] = tuple(self._in_order(self._chosen_for(proven)))
        return self._found[proven]

    def _in_order(self, chosen: Collection[str]) -> Iterable[str]:
        left = set(chosen)
        while left:
            ready = [id for id in left if left.isdisjoint(self._planner.order[id][:-1])]
            first = min(ready, key=lambda id: (self._planner.remedies[id].price, id))
            left.remove(first)
            yield first

    def _chosen_for(self, proven: frozenset[str]) -> list[str]:
        """The remedies for these causes, and what must come before them."""
        remedies, verification = self._planner.remedies, self._planner.verification
        fixers = {
            cause: [id for id in self._planner.fixers[cause] if id in self._available]
            for cause in proven
        }
        enough = {
            cause: LIKELY
            if any(remedies[id].fixes[cause] >= LIKELY for id in fixers[cause])
            else 0.0
            for cause in proven
        }
        chosen: list[str] = []
        unmended = set(proven)
        while True:
            ranked = []
            for id in {id for cause in unmended for id in fixers[cause]}:
                mends = self._planner.mends[id]
                gain = fsum(q for cause, q in mends if cause in unmended and q >= enough[cause])
                if gain:
                    minutes = fsum(remedies[other].price for other in self._missing(id, chosen))
                    worth = gain / max(minutes + verification, A_MOMENT)
                    ranked.append((-significant(worth), id))
            if not ranked:
                return chosen
            best = min(ranked)[1]
            chosen += self._missing(best, chosen)
            mends = self._planner.mends[best]
            unmended -= {cause for cause, q in mends if cause in proven and q >= enough[cause]}

    def _missing(self, id: str, chosen: Collection[str]) -> list[str]:
        """The remedy, after those that must come first and are neither done nor chosen."""
        order = self._planner.order[id]
        return [other for other in order if other not in self._done and other not in chosen]
