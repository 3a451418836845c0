"""The first step of the plan for many beliefs that differ little from one: the planner's own draft,
which is left off as soon as its first step is certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from diagnoser.belief import PROVEN, Belief, Hypothesis
from diagnoser.conditions import Case
from diagnoser.draft import Draft, Outlook
from diagnoser.plan import TRIED, Planner

Bars = frozenset[tuple[str, int]]
Ratios = dict[tuple[object, ...], float]


class _Certain(Exception):
    """The first step of a draft will stay the first."""


class _Beginning(Draft):
    """A draft of which only the first step is wanted.

    `ratios` keeps what the remedies are worth at the start, for the causes in `reach`.
    """

    def __init__(
        self,
        planner: Planner,
        belief: Belief,
        available: Iterable[str],
        done: set[str],
        reach: Mapping[str, tuple[str, ...]],
        ratios: Ratios,
    ) -> None:
        super().__init__(planner, belief, available, done)
        self._reach = reach
        self._ratios = ratios
        self._done_before = len(done)
        self._at_once: float | None = None

    def first(self, like: Outlook) -> str | None:
        """What `steps[0]` is after `greedy_steps`."""
        with suppress(_Certain):
            self.greedy_steps(like)
        return self.steps[0].remedy if self.steps else None

    def _total(self, last: str | None) -> float:
        """As in any draft. Once some steps are cheaper than none, the first of them stays."""
        total = super()._total(last)
        if self._at_once is None:
            self._at_once = total
        elif last is None or total < self._at_once:
            raise _Certain
        return total

    def _ratio(self, id: str) -> float:
        if len(self.done) != self._done_before:
            return super()._ratio(id)
        key = (id, *[self.left[cause] for cause in self._reach[id]])
        ratio = self._ratios.get(key)
        if ratio is None:
            ratio = self._ratios[key] = super()._ratio(id)
        return ratio


class FirstSteps:
    """First steps of one case; remembers what it has found."""

    def __init__(self, planner: Planner, belief: Belief, known: Case) -> None:
        self._planner = planner
        self._belief = replace(belief, hypotheses={})
        self.proven = frozenset(
            cause for cause, found in belief.hypotheses.items() if found.status == PROVEN
        )
        self._tried = {
            fact[len(TRIED) :]: outcome for fact, outcome in known.items() if fact.startswith(TRIED)
        }
        self._done = {id for id, outcome in self._tried.items() if outcome != "could-not-do"}
        self._outlook = Draft(planner, self._belief, planner.remedies, self._done).outlook()
        self._available: dict[Bars, frozenset[str]] = {}
        self._musts: dict[tuple[frozenset[str], Bars], str | None] = {}
        self._ratios: Ratios = {}
        self._reach = {
            id: tuple(dict.fromkeys(cause for other in order for cause, _ in planner.mends[other]))
            for id, order in planner.order.items()
        }
        """The causes on which the worth of each remedy, after what must come first, depends."""

    def first(
        self, present: Mapping[str, float], proven: frozenset[str], barred: Bars
    ) -> str | None:
        """What `Planner.plan(...).first` is when some causes have other probabilities.

        `present` are the probabilities of these causes before the condition that the system fails;
        `proven` are all causes that are proven then.
        """
        if "helped" in self._tried.values():
            return None
        available = self._available.get(barred)
        if available is None:
            left_out = self._planner._left_out(self._tried, barred)
            available = frozenset(id for id in self._planner.remedies if id not in left_out)
            self._available[barred] = available
        if proven:
            key = (proven, barred)
            if key not in self._musts:
                self._musts[key] = self._must(proven, available)
            if self._musts[key] is not None:
                return self._musts[key]
        belief = self._belief
        if present:
            belief = replace(belief, present={**belief.present, **present})
        draft = _Beginning(self._planner, belief, available, self._done, self._reach, self._ratios)
        return draft.first(self._outlook)

    def _must(self, proven: frozenset[str], available: frozenset[str]) -> str | None:
        """The first step for these causes, which depends on nothing else; None without any."""
        found = {cause: Hypothesis(PROVEN, 1.0, ()) for cause in sorted(proven)}
        belief = replace(self._belief, hypotheses=found)
        draft = Draft(self._planner, belief, available, self._done)
        draft.must_steps()
        return draft.steps[0].remedy if draft.steps else None
