"""Plans for a case as it would be with other evidence."""

from __future__ import annotations

from collections.abc import Mapping

from diagnoser.belief.belief import Belief
from diagnoser.planning.planner import Barred, Plan, Planner, Start
from diagnoser.planning.proven_causes import proven_in

Bars = frozenset[Barred]


class Lookahead:
    """What would be planned for one case if something else were believed.

    Many answers lead to the same belief, so each plan and each first step is worked out once.
    """

    def __init__(self, planner: Planner, tried: Mapping[str, str]) -> None:
        self._planner, self._tried = planner, tried
        self._starts: dict[Bars, Start] = {}
        self._plans: dict[_WhatMatters, Plan] = {}
        self._first_steps: dict[_WhatMatters, str | None] = {}

    def plan(self, belief: Belief, barred: Bars) -> Plan:
        """The plan for this belief, where these remedies must not be advised."""
        key = _what_matters(belief, barred)
        if key not in self._plans:
            self._plans[key] = self._planner.plan_from(self._start(barred), belief)
        return self._plans[key]

    def first_step(self, belief: Belief, barred: Bars) -> str | None:
        """The remedy that this plan begins with."""
        key = _what_matters(belief, barred)
        if key not in self._first_steps:
            self._first_steps[key] = self._planner.first_step(self._start(barred), belief)
        return self._first_steps[key]

    def _start(self, barred: Bars) -> Start:
        if barred not in self._starts:
            self._starts[barred] = self._planner.start(self._tried, barred)
        return self._starts[barred]


_WhatMatters = tuple[tuple[float, ...], frozenset[str], Bars]


def _what_matters(belief: Belief, barred: Bars) -> _WhatMatters:
    """What the plan for a belief depends on."""
    return tuple(belief.present.values()), proven_in(belief), barred
