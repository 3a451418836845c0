"""The first step of the plan for many beliefs that differ little from one: the planner's own steps,
without the rest of each plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from diagnoser.belief import PROVEN, Belief, Hypothesis
from diagnoser.conditions import Case
from diagnoser.plan import TRIED, Planner, _Work

Bars = frozenset[tuple[str, int]]


@dataclass(slots=True)
class _Kit:
    """What plans with the same bars share: the remedies at hand, the one that ends a plan and
    where that begins, their worth at the start, and those that have any, best first.

    The remedies for a cause that is certain at the start have a worth only when it is not.
    """

    available: list[str]
    last: str | None
    end: str | None
    price: float
    work: _Work
    worth: dict[str, float]
    ranked: list[str]


class FirstSteps:
    """First steps of one case; remembers what it has found."""

    def __init__(self, planner: Planner, belief: Belief, known: Case) -> None:
        self._planner = planner
        self._belief = belief
        self.proven = frozenset(
            cause for cause, found in belief.hypotheses.items() if found.status == PROVEN
        )
        self._tried = {
            fact[len(TRIED) :]: outcome for fact, outcome in known.items() if fact.startswith(TRIED)
        }
        self._done = {id for id, outcome in self._tried.items() if outcome != "could-not-do"}
        self._kits: dict[Bars, _Kit] = {}
        self._musts: dict[tuple[frozenset[str], Bars], str | None] = {}
        self._ratios: dict[tuple[object, ...], float] = {}
        self._mends = {
            id: tuple(dict.fromkeys(cause for other in order for cause, _ in planner.mends[other]))
            for id, order in planner.order.items()
        }
        """The causes on which the worth of each remedy, after what must come first, depends."""
        self._fixers: dict[str, list[str]] = {cause: [] for cause in belief.present}
        for id, causes in self._mends.items():
            for cause in causes:
                self._fixers[cause].append(id)

    def first(
        self, present: Mapping[str, float], proven: frozenset[str], barred: Bars
    ) -> str | None:
        """What `Planner.plan(...).first` is when some causes have other probabilities.

        `present` are the probabilities of these causes before the condition that the system fails;
        `proven` are all causes that are proven then.
        """
        if "helped" in self._tried.values():
            return None
        kit = self._kits.get(barred)
        if kit is None:
            kit = self._kits[barred] = self._kit(barred)
        if not proven:
            return self._greedy(present, kit)
        key = (proven, barred)
        if key not in self._musts:
            self._musts[key] = self._must(proven, kit)
        return self._musts[key]

    def _kit(self, barred: Bars) -> _Kit:
        left_out = self._planner._left_out(self._tried, barred)
        available = [id for id in self._planner.remedies if id not in left_out]
        work = _Work(self._planner, self._belief, available, set(self._done))
        last = work.hand_over()
        certain = {cause for cause, p in self._belief.present.items() if p >= 1}
        unworthy = {id for cause in certain for id in self._fixers[cause]}
        worth = {
            id: 0.0 if id in unworthy else self._ratio(id, work)
            for id in available
            if id != last and id not in self._done
        }
        ranked = sorted((id for id in worth if worth[id] > 0), key=lambda id: (-worth[id], id))
        price = self._planner.remedies[last].price if last else float("inf")
        return _Kit(available, last, self._end(available, last), price, work, worth, ranked)

    def _end(self, available: list[str], last: str | None) -> str | None:
        """The first step where nothing is worth trying: what a plan does when no cause can be."""
        nothing = dict.fromkeys(self._belief.present, 0.0)
        belief = replace(self._belief, hypotheses={}, present=nothing)
        work = _Work(self._planner, belief, available, set(self._done))
        work.greedy_steps(last)
        return work.steps[0].remedy if work.steps else None

    def _ratio(self, id: str, work: _Work) -> float:
        """The drop of the chance to fail per minute; worked out once for the same causes."""
        left = work.left
        key = (id, *[left[cause] for cause in self._mends[id]])
        ratio = self._ratios.get(key)
        if ratio is None:
            ratio = self._ratios[key] = work._ratio(id)
        return ratio

    def _must(self, proven: frozenset[str], kit: _Kit) -> str | None:
        """The steps for proven causes depend on nothing else; without any, nothing else is done."""
        found = {cause: Hypothesis(PROVEN, 1.0, ()) for cause in sorted(proven)}
        present = {**self._belief.present, **dict.fromkeys(found, 1.0)}
        belief = replace(self._belief, hypotheses=found, present=present)
        work = _Work(self._planner, belief, kit.available, set(self._done))
        work.must_steps()
        if not work.steps:
            work.greedy_steps(work.hand_over())
        return work.steps[0].remedy if work.steps else None

    def _greedy(self, present: Mapping[str, float], kit: _Kit) -> str | None:
        work = kit.work
        work.left = {**self._belief.present, **present}
        work.working = work._working()
        work.fails_at_start = 1 - work.working
        if work.working <= 0:
            return kit.end
        touched = {id for cause in present for id in self._fixers[cause]}
        best = next((id for id in kit.ranked if id not in touched), None)
        most = kit.worth[best] if best is not None else 0.0
        for id in touched:
            if id in kit.worth:
                ratio = self._ratio(id, work)
                if ratio > most or (ratio == most and best is not None and id < best):
                    best, most = id, ratio
        steps = work._do(best, kit.price) if best is not None else []
        work.done = set(self._done)
        return steps[0].remedy if steps else kit.end
