"""From belief to a plan: which remedies, in which order, at what expected cost in minutes.

U is the chance that the system still fails. With u(c) the product of 1 - chance over the remedies
done so far, U = (1 - S) / (1 - S at the start), where S = (1 - leak) * product of (1 - P(c) u(c)).
A plan costs the sum over its steps of (price of the step + its test) * U before it. Whether a step
helped is seen at once, which takes one verification, or only overnight, which takes a night more;
steps that are seen overnight are done in one go and tested once where that makes the plan cheaper.
Steps for proven causes come first, all of them, with one test at the end; then always the step with
the largest drop of U per minute, and handing over where that makes the whole plan cheapest. Where
it is proven that nothing is wrong, the steps for that are all. What follows from a proven cause
that can be mended is explained by it, and needs no steps of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.knowledge.model import COULD_NOT_DO, HELPED, Knowledge, Remedy
from diagnoser.planning.greedy import Draft, Step
from diagnoser.planning.proven_causes import proven_in, steps_for, without_consequences
from diagnoser.planning.remedy_table import RemedyTable

NOT_POSSIBLE = "You could not do this."
WORKED = "You have tried this, and it helped."
IN_VAIN = "You have tried this, and it did not help."
DONE_BEFORE = "You have done this already."
NOTHING_IS_WRONG = "Nothing is wrong, so it is not needed."
NOT_WORTH_IT = "Too unlikely to help to be worth"

LEAST_SURE = 0.25
"""A plan that begins with a smaller chance to help begins with a guess."""

Barred = tuple[str, int]
"""A remedy that must not be advised, and the number of the reason."""


class Plan(NamedTuple):
    """The steps in order, what they are expected to cost in minutes, and what was left out with the
    reason."""

    steps: tuple[Step, ...]
    expected_minutes: float
    left_out: tuple[tuple[str, str], ...]

    @property
    def is_a_guess(self) -> bool:
        """Whether the first step that can mend anything has little chance to."""
        for step in self.steps:
            if step.must or step.chance is not None:
                return not step.must and (step.chance or 0.0) < LEAST_SURE
        return False

    @property
    def first(self) -> str | None:
        return self.steps[0].remedy if self.steps else None


class Start(NamedTuple):
    """What a plan starts from, whatever is believed: the remedies that cannot be advised, with the
    reasons; those that can; and those that were done before and did not help."""

    left_out: Mapping[str, str]
    available: frozenset[str]
    done: frozenset[str]


class Planner:
    """Makes plans for one knowledge; holds only what does not depend on a case."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.table = RemedyTable(knowledge)
        self._remedies = knowledge.remedies
        self._consequences = [one for one in knowledge.causes.values() if one.follows_from]
        self._harmless = {id for id, cause in knowledge.causes.items() if cause.harmless}

    def plan(self, belief: Belief, tried: Mapping[str, str], barred: Iterable[Barred]) -> Plan:
        """The plan for a belief.

        `tried` is what came of remedies, `barred` are those that must not be advised, with the
        number of the reason.
        """
        return self.plan_from(self.start(tried, barred), belief)

    def start(self, tried: Mapping[str, str], barred: Iterable[Barred]) -> Start:
        """What plans start from after this was tried; where something helped, nothing is left to
        advise."""
        helped = {id: WORKED for id, outcome in tried.items() if outcome == HELPED}
        if helped:
            return Start(helped, frozenset(), frozenset())
        left_out = self._left_out(tried, barred)
        available = frozenset(self._remedies.keys() - left_out.keys())
        done = frozenset(id for id in tried if left_out[id] in (IN_VAIN, DONE_BEFORE))
        return Start(left_out, available, done)

    def plan_from(self, start: Start, belief: Belief) -> Plan:
        """The plan for a belief."""
        belief = without_consequences(belief, self._consequences, self.table, start.available)
        draft = self.draft(start, belief)
        proven = proven_in(belief)
        draft.take_for_proven(proven, self._steps_for(proven, start))
        nothing_is_wrong = bool(draft.steps) and proven <= self._harmless
        if not nothing_is_wrong:
            draft = draft.what_pays()
        not_taken = {
            id: NOTHING_IS_WRONG if nothing_is_wrong else _too_dear(self._remedies[id])
            for id in draft.helpful()
            if not self._remedies[id].hand_over
        }
        left_out = {**start.left_out, **not_taken}
        return Plan(tuple(draft.in_groups()), draft.minutes, tuple(sorted(left_out.items())))

    def first_step(self, start: Start, belief: Belief) -> str | None:
        """The remedy that this plan begins with; works out no more of it than that takes."""
        belief = without_consequences(belief, self._consequences, self.table, start.available)
        for id in self._steps_for(proven_in(belief), start):
            return id
        steps = self.draft(start, belief).what_pays(first_only=True).steps
        return steps[0].remedy if steps else None

    def draft(self, start: Start, belief: Belief) -> Draft:
        """A plan without any steps yet."""
        return Draft(self.table, belief, start.available, start.done)

    def _steps_for(self, proven: frozenset[str], start: Start) -> Sequence[str]:
        return steps_for(proven, self.table, start.available, start.done) if proven else ()

    def _left_out(self, tried: Mapping[str, str], barred: Iterable[Barred]) -> dict[str, str]:
        """The remedies that cannot be advised, and why."""
        reasons: dict[str, str] = {}
        for id, number in sorted(barred, reverse=True):
            reasons[id] = self._remedies[id].not_if[number].because
        for id, outcome in tried.items():
            prepares = not self._remedies[id].fixes
            if outcome == COULD_NOT_DO:
                reasons[id] = NOT_POSSIBLE
            elif not prepares:
                reasons[id] = IN_VAIN
            elif id not in reasons:  # a safe copy that cannot be made was not made
                reasons[id] = DONE_BEFORE
        impossible = {id for id, reason in reasons.items() if reason not in (IN_VAIN, DONE_BEFORE)}
        for id, before in self.table.before.items():
            missing = [other for other in before if other in impossible]
            if missing and id not in reasons:
                titles = ", ".join(f'"{self._remedies[other].title}"' for other in missing)
                reasons[id] = f"Only after {titles}, which is not possible here."
        return reasons


def _too_dear(remedy: Remedy) -> str:
    """Why a remedy that might help is not worth it: what it costs beside time, if anything."""
    costs = [*([remedy.money] if remedy.money else []), *remedy.loses]
    if not costs:
        return f"{NOT_WORTH_IT} the time."
    return f"{NOT_WORTH_IT} the cost: {', '.join(costs)}."
