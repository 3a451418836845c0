"""What plans need to know of a pack's remedies, worked out once."""

from __future__ import annotations

from collections.abc import Mapping

from diagnoser.knowledge.model import Knowledge, Remedy

A_MOMENT = 0.01
"""Minutes that anything takes at least where things are compared by what they bring per minute, so
that nothing is divided by zero."""


class RemedyTable:
    """The remedies of one knowledge, and what does not depend on a case.

    `order` holds, for each remedy, those that must come before it, in an order in which they can be
    done, and itself last; `before` the same without itself, where there are any. `mends` are the
    causes that a remedy may mend, with the chance, `mends_before` the remedies that something must
    come before which mends a cause itself, `fixers` the remedies that may mend a cause, `affected`
    those that are worth less when a remedy is done: they reach a cause that it mends, themselves or
    with what must come before them; `waiting` those that may be worth more: it must come before
    them. `test` is what it takes to see whether a remedy helped: one verification, and for those
    that are `overnight` a night, unless they wait as long anyway. `cost` is the price of a remedy
    in minutes, with one test if it mends anything, and `minutes` the same, but at least a moment.
    `leak` is the probability that the system fails without any of the causes.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.remedies = knowledge.remedies
        self.leak = knowledge.none_of_these
        self.order = {id: _in_order(id, self.remedies) for id in self.remedies}
        self.before = {id: order[:-1] for id, order in self.order.items() if len(order) > 1}
        self.mends = {id: tuple(remedy.fixes.items()) for id, remedy in self.remedies.items()}
        self.verification, self.night = knowledge.verification, knowledge.night
        self.test = {
            id: self.verification + max(self.night - one.idle, 0.0) * one.overnight
            for id, one in self.remedies.items()
        }
        self.cost = {
            id: remedy.price + (self.test[id] if remedy.fixes else 0.0)
            for id, remedy in self.remedies.items()
        }
        self.overnight = [id for id, one in self.remedies.items() if one.overnight and one.fixes]
        self.minutes = {id: max(cost, A_MOMENT) for id, cost in self.cost.items()}
        self.mends_before = {
            id for id, before in self.before.items() if any(self.mends[one] for one in before)
        }
        self.hand_overs = [id for id, remedy in self.remedies.items() if remedy.hand_over]
        self.fixers: dict[str, list[str]] = {cause: [] for cause in knowledge.causes}
        reached: dict[str, set[str]] = {cause: set() for cause in knowledge.causes}
        for id, order in self.order.items():
            for cause in self.remedies[id].fixes:
                self.fixers.setdefault(cause, []).append(id)
            for other in order:
                for cause in self.remedies[other].fixes:
                    reached.setdefault(cause, set()).add(id)
        self.affected = {
            id: frozenset().union(*(reached[cause] for cause in remedy.fixes))
            for id, remedy in self.remedies.items()
        }
        self.waiting: dict[str, list[str]] = {}
        for id, before in self.before.items():
            for other in before:
                self.waiting.setdefault(other, []).append(id)


def _in_order(id: str, remedies: Mapping[str, Remedy]) -> tuple[str, ...]:
    """The remedies that must come before this one, in an order in which they can be done, and
    itself last."""
    found: dict[str, None] = {}

    def visit(one: str) -> None:
        if one in found:
            return
        for other in remedies[one].after:
            visit(other)
        found[one] = None

    visit(id)
    return tuple(found)
