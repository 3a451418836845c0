"""From belief to a plan: which remedies, in which order, at what expected cost in minutes.

U is the chance that the system still fails. With u(c) the product of 1 - chance over the remedies
done so far, U = (1 - S) / (1 - S at the start), where S = (1 - leak) * product of (1 - P(c) u(c)).
A plan costs the sum over its steps of (price of the step + one verification) * U before it. Steps
for proven causes come first, all of them, with one verification at the end; then always the step
with the largest drop of U per minute, until handing over is cheaper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from diagnoser.belief import PROVEN, Belief
from diagnoser.conditions import Case
from diagnoser.knowledge import Knowledge, Remedy

NEGLIGIBLE = 0.01
"""A remedy whose chance to help is below this is not worth a line in the list of what was left
out."""

LIKELY = 0.5
"""A proven cause is taken care of by a remedy with at least this chance, if there is one."""

A_MOMENT = 0.01
"""Minutes that a step takes at least, where steps are compared by their worth per minute."""

TRIED = "tried."
COULD_NOT = "You could not do this."
NO_HELP = "You have tried this, and it did not help."


@dataclass(frozen=True, slots=True)
class Step:
    """A remedy in its place.

    `chance` is that of the backup working after it, given that it did not before; for a `must`
    step, that of its proven causes being mended; None for handing over.
    """

    remedy: str
    must: bool
    chance: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order, what they are expected to cost in minutes, and what was left out with the
    reason."""

    steps: tuple[Step, ...]
    expected_minutes: float
    left_out: tuple[tuple[str, str], ...]

    @property
    def first(self) -> str | None:
        return self.steps[0].remedy if self.steps else None


class Planner:
    """Makes plans for one knowledge; holds only what does not depend on a case."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.remedies = knowledge.remedies
        self.working_without_causes = 1 - knowledge.none_of_these
        self.verification = knowledge.verification
        self.order = {id: _in_order(id, knowledge.remedies) for id in knowledge.remedies}
        self.cost = {
            id: remedy.price + (knowledge.verification if remedy.fixes else 0.0)
            for id, remedy in knowledge.remedies.items()
        }
        self.fixers = {
            cause: [id for id, remedy in knowledge.remedies.items() if cause in remedy.fixes]
            for cause in knowledge.causes
        }
        self.minutes = {
            id: max(self.cost[id], A_MOMENT) for id, order in self.order.items() if len(order) == 1
        }
        """The cost of the remedies that nothing must come before."""
        self.mends = {id: tuple(remedy.fixes.items()) for id, remedy in knowledge.remedies.items()}
        self.sharing = _sharing(knowledge.remedies, self.order)

    def plan(
        self,
        belief: Belief,
        case: Case,
        barred: Iterable[tuple[str, int]],
        *,
        foreseen: bool = False,
    ) -> Plan:
        """The plan for a belief.

        `barred` are remedies that must not be advised, with the number of the reason. For a plan
        that is only `foreseen`, what is not worth its time is not listed.
        """
        tried = {
            fact[len(TRIED) :]: outcome for fact, outcome in case.items() if fact.startswith(TRIED)
        }
        if "helped" in tried.values():
            return Plan((), 0.0, ())
        left_out = self._left_out(tried, barred)
        done = {id for id, outcome in tried.items() if outcome != "could-not-do"}
        work = _Work(self, belief, [id for id in self.remedies if id not in left_out], done)
        work.must_steps()
        last = work.hand_over()
        work.greedy_steps(last)
        if not foreseen:
            left_out |= work.not_worth_it(last)
        return Plan(tuple(work.steps), work.minutes, tuple(sorted(left_out.items())))

    def _left_out(
        self, tried: Mapping[str, object], barred: Iterable[tuple[str, int]]
    ) -> dict[str, str]:
        """The remedies that cannot be advised, and why."""
        reasons: dict[str, str] = {}
        for id, number in sorted(barred, reverse=True):
            reasons[id] = self.remedies[id].not_if[number].because
        for id, outcome in tried.items():
            reasons[id] = COULD_NOT if outcome == "could-not-do" else NO_HELP
        impossible = {id for id, reason in reasons.items() if reason != NO_HELP}
        for id, order in self.order.items() if impossible else ():
            missing = [other for other in order[:-1] if other in impossible]
            if missing and id not in reasons:
                titles = ", ".join(f'"{self.remedies[other].title}"' for other in missing)
                reasons[id] = f"It must come after {titles}, which is not possible here."
        return reasons


class _Work:
    """A plan in the making: what is left of each cause, what works, and the steps so far."""

    def __init__(
        self, planner: Planner, belief: Belief, available: list[str], done: set[str]
    ) -> None:
        self.planner = planner
        self.remedies = planner.remedies
        self.belief = belief
        self.available = available
        self.possible = frozenset(available)
        self.done = done
        self.left = dict(belief.present)
        """P(c) u(c) of every cause."""
        self.working = self._working()
        """S: the probability that the system works, were it not known that it fails."""
        self.fails_at_start = 1 - self.working
        self.steps: list[Step] = []
        self.minutes = 0.0

    def _working(self) -> float:
        working = self.planner.working_without_causes
        for p in self.left.values():
            working *= 1 - p
        return working

    def fails(self) -> float:
        """U: the chance that the backup still fails, given that it did at the start."""
        return (1 - self.working) / self.fails_at_start

    def missing(self, id: str) -> Sequence[str]:
        """The remedy, after those that must come first and are not done yet."""
        order = self.planner.order[id]
        return order if len(order) == 1 else [other for other in order if other not in self.done]

    def must_steps(self) -> None:
        """All steps for proven causes: for each cause the remedy with the best chance per minute,
        cheapest step first."""
        proven = {
            cause for cause, found in self.belief.hypotheses.items() if found.status == PROVEN
        }
        chosen: list[str] = []
        unmended = set(proven)
        enough = {cause: LIKELY if self._best_chance(cause) >= LIKELY else 0.0 for cause in proven}
        while unmended:
            ranked = []
            for id in sorted({id for cause in unmended for id in self.planner.fixers[cause]}):
                if id not in self.possible:
                    continue
                gain = sum(
                    q
                    for cause, q in self.planner.mends[id]
                    if cause in unmended and q >= enough[cause]
                )
                if gain:
                    minutes = sum(
                        self.remedies[other].price
                        for other in self.missing(id)
                        if other not in chosen
                    )
                    ranked.append((-gain / max(minutes + self.planner.verification, A_MOMENT), id))
            if not ranked:
                break
            best = min(ranked)[1]
            chosen += [other for other in self.missing(best) if other not in chosen]
            unmended -= {
                cause for cause, q in self.planner.mends[best] if q >= enough.get(cause, 0.0)
            }
        while chosen:
            ready = [
                id for id in chosen if not any(other in chosen for other in self.remedies[id].after)
            ]
            id = min(ready, key=lambda id: (self.remedies[id].price, id))
            chosen.remove(id)
            chance = 1.0
            for cause, q in self.planner.mends[id]:
                chance *= q if cause in proven else 1.0
                self.left[cause] *= 1 - q
            self.done.add(id)
            self.steps.append(
                Step(id, True, chance if proven.intersection(self.remedies[id].fixes) else None)
            )
            self.minutes += self.remedies[id].price
        if self.steps:
            self.working = self._working()
            self.minutes += self.planner.verification

    def _best_chance(self, cause: str) -> float:
        fixers = [id for id in self.planner.fixers[cause] if id in self.possible]
        return max((self.remedies[id].fixes[cause] for id in fixers), default=0.0)

    def hand_over(self) -> str | None:
        """The remedy that ends the plan: the cheapest of those that hand over to somebody else."""
        ends = [id for id in self.available if self.remedies[id].hand_over and id not in self.done]
        return min(ends, key=lambda id: (self.remedies[id].price, id), default=None)

    def greedy_steps(self, last: str | None) -> None:
        """The steps with the largest drop of U per minute, while they are cheaper than handing
        over; then `last`."""
        price = self.remedies[last].price if last else float("inf")
        ratios: dict[str, float] = {}
        heap: list[tuple[float, str]] = []
        stale: Iterable[str] = (
            [id for id in self.available if id != last] if self.working > 0 else ()
        )
        while True:
            for id in stale:
                if id in self.possible and id not in self.done and id != last:
                    ratios[id] = ratio = self._ratio(id)
                    if ratio > 0:
                        heappush(heap, (-ratio, id))
            while heap and (heap[0][1] in self.done or -heap[0][0] != ratios[heap[0][1]]):
                heappop(heap)
            steps = self._do(heap[0][1], price) if heap else []
            if not steps:
                break
            stale = {other for step in steps for other in self.planner.sharing[step.remedy]}
            self.steps += steps
        if last is not None:
            self.minutes += price * self.fails()
            self.steps.append(Step(last, False, None))

    def _do(self, id: str, hand_over: float) -> list[Step]:
        """Does the remedy, after what must come first; no steps if handing over now is cheaper."""
        minutes, working = 0.0, self.working
        steps: list[Step] = []
        left: dict[str, float] = {}
        for one in self.missing(id):
            fails = (1 - working) / self.fails_at_start
            minutes += self.planner.cost[one] * fails
            for cause, chance in self.planner.mends[one]:
                before = left.get(cause, self.left[cause])
                left[cause] = after = before * (1 - chance)
                working *= (1 - after) / (1 - before)
            drop = fails - (1 - working) / self.fails_at_start
            steps.append(Step(one, False, drop / fails if self.planner.mends[one] else None))
        if minutes + (1 - working) / self.fails_at_start * hand_over >= self.fails() * hand_over:
            return []
        self.minutes += minutes
        self.working = working
        self.left.update(left)
        self.done.update(step.remedy for step in steps)
        return steps

    def _factor(self, id: str) -> float:
        """What S is multiplied by when the remedy, and what must come before it, is done."""
        left, factor = self.left, 1.0
        if id in self.planner.minutes:
            for cause, chance in self.planner.mends[id]:
                p = left[cause]
                factor *= (1 - p * (1 - chance)) / (1 - p)
            return factor
        then: dict[str, float] = {}
        for other in self.missing(id):
            for cause, chance in self.planner.mends[other]:
                then[cause] = then.get(cause, left[cause]) * (1 - chance)
        for cause, p in then.items():
            factor *= (1 - p) / (1 - left[cause])
        return factor

    def _ratio(self, id: str) -> float:
        """Drop of U per minute, up to a factor that is the same for all remedies."""
        minutes = self.planner.minutes.get(id)
        if minutes is None:
            minutes = max(sum(self.planner.cost[other] for other in self.missing(id)), A_MOMENT)
        return (self._factor(id) - 1) / minutes

    def not_worth_it(self, last: str | None) -> dict[str, str]:
        """The remedies that would have some chance, but less than their time is worth."""
        if last is None or self.working <= 0:
            return {}
        worth = NEGLIGIBLE * (1 - self.working) / self.working
        return {
            id: "Its chance to help is too small for the time it takes."
            for id in self.available
            if id not in self.done
            and not self.remedies[id].hand_over
            and self._factor(id) - 1 >= worth
        }


def _in_order(id: str, remedies: Mapping[str, Remedy]) -> tuple[str, ...]:
    """The remedies that must come before this one, in an order in which they can be done, and
    itself last."""
    found: list[str] = []

    def visit(one: str) -> None:
        for other in remedies[one].after:
            visit(other)
        if one not in found:
            found.append(one)

    visit(id)
    return tuple(found)


def _sharing(
    remedies: Mapping[str, Remedy], order: Mapping[str, tuple[str, ...]]
) -> dict[str, frozenset[str]]:
    """For each remedy, the remedies whose worth changes when it is done: they mend a common cause
    or come after it."""
    reach = {
        id: {cause for other in order[id] for cause in remedies[other].fixes} for id in remedies
    }
    return {
        id: frozenset(
            other
            for other in remedies
            if reach[other].intersection(remedy.fixes) or id in order[other]
        )
        for id, remedy in remedies.items()
    }
