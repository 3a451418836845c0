"""The steps for causes that are proven: they come first, whatever else is believed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from math import fsum

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import PROVEN
from diagnoser.knowledge.model import Cause
from diagnoser.knowledge.rounding import significant
from diagnoser.planning.remedy_table import A_MOMENT, RemedyTable

LIKELY = 0.5
"""A proven cause is taken care of by a remedy with at least this chance, if there is one."""


def proven_in(belief: Belief) -> frozenset[str]:
    """The causes that are proven."""
    return frozenset(cause for cause, found in belief.hypotheses.items() if found.status == PROVEN)


def without_consequences(
    belief: Belief,
    consequences: Iterable[Cause],
    table: RemedyTable,
    available: Collection[str],
) -> Belief:
    """The belief as a plan takes it: what follows from a proven cause is explained by it, and so is
    no more probable than before anything was known, as long as a remedy is left that likely mends
    that cause."""
    can_be_mended = {
        cause
        for cause in proven_in(belief)
        for id in table.fixers[cause]
        if id in available and table.remedies[id].fixes[cause] >= LIKELY
    }
    explained = {
        one.id: one.prior for one in consequences if not can_be_mended.isdisjoint(one.follows_from)
    }
    if not explained:
        return belief
    return replace(
        belief,
        hypotheses={id: found for id, found in belief.hypotheses.items() if id not in explained},
        present={id: min(p, explained.get(id, p)) for id, p in belief.present.items()},
    )


def steps_for(
    proven: Collection[str], table: RemedyTable, available: Collection[str], done: Collection[str]
) -> list[str]:
    """For each proven cause the remedy with the best chance per minute, and what must come before
    it; the cheapest first. Ties go by the id.

    `available` are the remedies that may be advised, `done` those that were done before.
    """
    return list(_cheapest_first(_chosen(proven, table, available, done), table))


def _chosen(
    proven: Collection[str], table: RemedyTable, available: Collection[str], done: Collection[str]
) -> list[str]:
    """The remedies for these causes, and what must come before them."""
    fixers = {cause: [id for id in table.fixers[cause] if id in available] for cause in proven}
    enough = {
        cause: LIKELY
        if any(table.remedies[id].fixes[cause] >= LIKELY for id in fixers[cause])
        else 0.0
        for cause in proven
    }
    chosen: list[str] = []

    def missing(id: str) -> list[str]:
        """The remedy, after those that must come first and are neither done nor chosen."""
        return [other for other in table.order[id] if other not in done and other not in chosen]

    unmended = set(proven)
    while True:
        ranked = []
        for id in {id for cause in unmended for id in fixers[cause]}:
            gain = fsum(q for c, q in table.mends[id] if c in unmended and q >= enough[c])
            if gain:
                minutes = fsum(table.remedies[other].price for other in missing(id))
                worth = gain / max(minutes + table.test[id], A_MOMENT)
                ranked.append((-significant(worth), id))
        if not ranked:
            return chosen
        best = min(ranked)[1]
        chosen += missing(best)
        unmended -= {c for c, q in table.mends[best] if c in unmended and q >= enough[c]}


def _cheapest_first(chosen: Collection[str], table: RemedyTable) -> Iterator[str]:
    """The chosen remedies, each after those that must come before it."""
    left = set(chosen)
    while left:
        ready = [id for id in left if left.isdisjoint(table.order[id][:-1])]
        first = min(ready, key=lambda id: (table.remedies[id].price, id))
        left.remove(first)
        yield first
