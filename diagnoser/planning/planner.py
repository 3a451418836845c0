"""From belief to a plan: which remedies, in which order, at what expected cost in minutes.

U is the chance that the system still fails. With u(c) the product of 1 - chance over the remedies
done so far, U = (1 - S) / (1 - S at the start), where S = (1 - leak) * product of (1 - P(c) u(c)).
A plan costs the sum over its steps of (price of the step + one verification) * U before it. Steps
for proven causes come first, all of them, with one verification at the end; then always the step
with the largest drop of U per minute, and handing over where that makes the whole plan cheapest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.knowledge.model import COULD_NOT_DO, HELPED, Knowledge, Remedy
from diagnoser.planning.greedy import Draft, Step, proven_in
from diagnoser.planning.proven_causes import A_MOMENT, Musts

NOT_POSSIBLE = "You could not do this."
WORKED = "You have tried this, and it helped."
IN_VAIN = "You have tried this, and it did not help."
DONE_BEFORE = "You have done this already."
NOT_WORTH_IT = "Too unlikely to help to be worth"

Barred = tuple[str, int]
"""A remedy that must not be advised, and the number of the reason."""


class Plan(NamedTuple):
    """The steps in order, what they are expected to cost in minutes, and what was left out with the
    reason."""

    steps: tuple[Step, ...]
    expected_minutes: float
    left_out: tuple[tuple[str, str], ...]

    @property
    def first(self) -> str | None:
        return self.steps[0].remedy if self.steps else None


class Ground(NamedTuple):
    """What a plan starts from, whatever is believed: what is left out and why, what may be advised,
    what is done, and the steps for causes that are proven."""

    left_out: Mapping[str, str]
    available: frozenset[str]
    done: frozenset[str]
    musts: Musts


class Planner:
    """Makes plans for one knowledge; holds only what does not depend on a case."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.remedies = knowledge.remedies
        self.working_without_causes = 1 - knowledge.none_of_these
        self.verification = knowledge.verification
        self.order = {id: _in_order(id, knowledge.remedies) for id in knowledge.remedies}
        self.before = {id: order[:-1] for id, order in self.order.items() if len(order) > 1}
        """What must come before the remedies that need something first."""
        self.cost = {
            id: remedy.price + (knowledge.verification if remedy.fixes else 0.0)
            for id, remedy in knowledge.remedies.items()
        }
        self.minutes = {
            id: max(self.cost[id], A_MOMENT) for id, order in self.order.items() if len(order) == 1
        }
        """The cost of the remedies that nothing must come before."""
        self.mends = {id: tuple(remedy.fixes.items()) for id, remedy in knowledge.remedies.items()}
        self.mending_after = {
            id for id, before in self.before.items() if any(map(self.mends.__getitem__, before))
        }
        """The remedies that something must come before which mends a cause itself."""
        self.too_dear = {
            id: _too_dear(one) for id, one in knowledge.remedies.items() if not one.hand_over
        }
        """Why the remedies that hand over to nobody are not worth it."""
        self.hand_overs = [id for id, remedy in knowledge.remedies.items() if remedy.hand_over]
        self.fixers: dict[str, list[str]] = {cause: [] for cause in knowledge.causes}
        """The remedies that may mend each cause."""
        self.reaching: dict[str, list[str]] = {cause: [] for cause in knowledge.causes}
        """Those that may, with what must come before them."""
        self.following: dict[str, list[str]] = {id: [] for id in knowledge.remedies}
        """The remedies that each one must come before."""
        for id, order in self.order.items():
            for cause in self.remedies[id].fixes:
                self.fixers.setdefault(cause, []).append(id)
            for cause in {cause for other in order for cause in self.remedies[other].fixes}:
                self.reaching.setdefault(cause, []).append(id)
            for other in order[:-1]:
                self.following[other].append(id)
        self.sharing = {
            id: {id, *self.following[id]}.union(*(self.reaching[cause] for cause in remedy.fixes))
            for id, remedy in knowledge.remedies.items()
        }
        """The remedies whose worth changes when one is done: they mend a common cause or come after
        it."""

    def plan(self, belief: Belief, tried: Mapping[str, str], barred: Iterable[Barred]) -> Plan:
        """The plan for a belief.

        `tried` is what came of remedies, `barred` are those that must not be advised, with the
        number of the reason.
        """
        helped = sorted(id for id, outcome in tried.items() if outcome == HELPED)
        if helped:
            return Plan((), 0.0, tuple((id, WORKED) for id in helped))
        ground = self.ground(tried, barred)
        draft = self.draft(belief, ground)
        for _ in draft.greedy_steps():
            pass
        left_out = {**ground.left_out, **draft.not_worth_it()}
        return Plan(tuple(draft.steps), draft.minutes, tuple(sorted(left_out.items())))

    def ground(self, tried: Mapping[str, str], barred: Iterable[Barred]) -> Ground:
        """What plans start from after this was tried."""
        left_out = self.left_out(tried, barred)
        available = frozenset(id for id in self.remedies if id not in left_out)
        done = frozenset(self.done(tried, left_out))
        return Ground(left_out, available, done, Musts(self, available, done))

    def draft(self, belief: Belief, ground: Ground) -> Draft:
        """A plan with the steps for proven causes in it."""
        draft = Draft(self, belief, ground.available, ground.done)
        proven = proven_in(belief)
        draft.must_steps(proven, ground.musts.steps(proven))
        return draft

    def done(self, tried: Mapping[str, str], left_out: Mapping[str, str]) -> set[str]:
        """The remedies that were done before, by the reasons why they are left out."""
        return {id for id in tried if left_out[id] in (IN_VAIN, DONE_BEFORE)}

    def left_out(self, tried: Mapping[str, str], barred: Iterable[Barred]) -> dict[str, str]:
        """The remedies that cannot be advised, and why."""
        reasons: dict[str, str] = {}
        for id, number in sorted(barred, reverse=True):
            reasons[id] = self.remedies[id].not_if[number].because
        for id, outcome in tried.items():
            prepares = not self.remedies[id].fixes
            if outcome == COULD_NOT_DO:
                reasons[id] = NOT_POSSIBLE
            elif not prepares:
                reasons[id] = IN_VAIN
            elif id not in reasons:  # a safe copy that cannot be made was not made
                reasons[id] = DONE_BEFORE
        impossible = {id for id, reason in reasons.items() if reason not in (IN_VAIN, DONE_BEFORE)}
        for id, before in self.before.items() if impossible else ():
            missing = [other for other in before if other in impossible]
            if missing and id not in reasons:
                titles = ", ".join(f'"{self.remedies[other].title}"' for other in missing)
                reasons[id] = f"Only after {titles}, which is not possible here."
        return reasons


def _too_dear(remedy: Remedy) -> str:
    """Why a remedy that might help is not worth it: what it costs beside time, if anything."""
    costs = [*([remedy.money] if remedy.money else []), *remedy.loses]
    if not costs:
        return f"{NOT_WORTH_IT} the time."
    return f"{NOT_WORTH_IT} the cost: {', '.join(costs)}."


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
