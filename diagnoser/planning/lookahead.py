"""Plans that are only foreseen: for many beliefs that differ little from a present one, each worked
out as far as it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from diagnoser.belief.belief import Belief
from diagnoser.knowledge.model import HELPED
from diagnoser.planning.greedy import Draft, Outlook, Step, proven_in
from diagnoser.planning.planner import Barred, Ground, Plan, Planner

Bars = frozenset[Barred]


class Foretold:
    """As a `Plan`, but what is left out is not listed."""

    def __init__(
        self,
        planner: Planner,
        belief: Belief,
        ground: Ground,
        musts: Sequence[str],
        like: Outlook,
    ) -> None:
        self._planner, self._belief, self._ground = planner, belief, ground
        self._musts, self._like = musts, like

    @cached_property
    def first(self) -> str | None:
        if self._musts:
            return self._musts[0]
        next(self._rest, None)
        return self._draft.steps[0].remedy if self._draft.steps else None

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._whole().steps)

    @property
    def expected_minutes(self) -> float:
        return self._whole().minutes

    @cached_property
    def _draft(self) -> Draft:
        return self._planner.draft(self._belief, self._ground)

    @cached_property
    def _rest(self) -> Iterator[None]:
        return self._draft.greedy_steps(self._like)

    def _whole(self) -> Draft:
        for _ in self._rest:
            pass
        return self._draft


class Foresight:
    """What would be planned if some more were known of a case; `now` is its plan."""

    def __init__(
        self, planner: Planner, belief: Belief, tried: Mapping[str, str], barred: Bars, now: Plan
    ) -> None:
        self._planner = planner
        self._now = now
        self._tried = tried
        self._grounds: dict[Bars, Ground] = {}
        self._plans: dict[tuple[object, ...], Foretold] = {}
        self._outlook = planner.draft(belief, self._ground(barred)).outlook()

    def plan(self, belief: Belief, barred: Bars) -> Plan | Foretold:
        """The plan for what would be believed then."""
        if HELPED in self._tried.values():
            return self._now
        proven = proven_in(belief)
        key = (tuple(belief.present.values()), proven, barred)
        if key not in self._plans:
            ground = self._ground(barred)
            musts = ground.musts.steps(proven)
            self._plans[key] = Foretold(self._planner, belief, ground, musts, self._outlook)
        return self._plans[key]

    def _ground(self, barred: Bars) -> Ground:
        if barred not in self._grounds:
            self._grounds[barred] = self._planner.ground(self._tried, barred)
        return self._grounds[barred]
