"""The first step of the plan for many beliefs that differ little from one: the planner's own draft,
which is left off as soon as its first step is certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from diagnoser.belief.belief import Belief
from diagnoser.knowledge.model import HELPED
from diagnoser.planning.greedy import Draft, Outlook, proven_in
from diagnoser.planning.lookahead import Bars
from diagnoser.planning.planner import Ground, Planner

Worth = dict[tuple[object, ...], float]


class _Beginning(Draft):
    """A draft of which only the first step is wanted, for one belief after the other.

    `kept` keeps what the remedies are worth at the start, for what is left of the causes that
    each of them `reaches`, itself or with what must come before it.
    """

    def __init__(
        self,
        planner: Planner,
        belief: Belief,
        ground: Ground,
        reaches: Mapping[str, tuple[str, ...]],
        kept: Worth,
    ) -> None:
        super().__init__(planner, belief, ground.available, ground.done)
        self._reaches = reaches
        self._kept = kept
        self.ground = ground
        self._before = belief.present

    def first(self, present: Mapping[str, float], like: Outlook) -> str | None:
        """What `steps[0]` is after `greedy_steps`, when some causes have other probabilities."""
        self.odds, self.working = self._start({**self._before, **present})
        self.fails_at_start = 1 - self.working
        self.done = set(self.ground.done)
        self.steps = []
        self.minutes = 0.0
        next(self.greedy_steps(like), None)
        return self.steps[0].remedy if self.steps else None

    def worth(self, id: str) -> float:
        if len(self.done) != len(self.ground.done):
            return super().worth(id)
        key = (id, *[self.odds[cause] for cause in self._reaches[id]])
        ratio = self._kept.get(key)
        if ratio is None:
            ratio = self._kept[key] = super().worth(id)
        return ratio


class FirstSteps:
    """First steps of one case; remembers what it has found."""

    def __init__(self, planner: Planner, belief: Belief, tried: Mapping[str, str]) -> None:
        self._planner = planner
        self._belief = replace(belief, hypotheses={})
        self.proven = proven_in(belief)
        self._tried = tried
        done = planner.done(self._tried, planner.left_out(self._tried, ()))
        self._outlook = Draft(planner, self._belief, planner.remedies, done).outlook()
        self._drafts: dict[Bars, _Beginning] = {}
        self._worth: Worth = {}
        self._reaches = {
            id: tuple(dict.fromkeys(cause for other in order for cause, _ in planner.mends[other]))
            for id, order in planner.order.items()
        }

    def first(
        self, present: Mapping[str, float], proven: frozenset[str], barred: Bars
    ) -> str | None:
        """What `Planner.plan(...).first` is when some causes have other probabilities.

        `present` are the probabilities of these causes before the condition that the system fails;
        `proven` are all causes that are proven then.
        """
        if HELPED in self._tried.values():
            return None
        draft = self._drafts.get(barred)
        if draft is None:
            draft = self._drafts[barred] = self._draft(barred)
        musts = draft.ground.musts.steps(proven)
        return musts[0] if musts else draft.first(present, self._outlook)

    def _draft(self, barred: Bars) -> _Beginning:
        ground = self._planner.ground(self._tried, barred)
        return _Beginning(self._planner, self._belief, ground, self._reaches, self._worth)
