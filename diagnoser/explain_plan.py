"""Why each step is in the plan, why before the next one, and why others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagnoser.assemble import percent
from diagnoser.basis import Basis
from diagnoser.belief import PROVEN
from diagnoser.explanation import (
    Fixes,
    LeftOutExplained,
    PlanExplained,
    StepExplained,
    WaitsFor,
)
from diagnoser.plan import A_MOMENT, TRIED, Step
from diagnoser.wording import figure


class _State:
    """What is left of each cause while the steps of a plan are done; U as in the plan's formula."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._planner = basis.planner
        self.left = dict(basis.belief.present)
        self.done = {
            fact[len(TRIED) :]
            for fact, outcome in basis.case.known.items()
            if fact.startswith(TRIED) and outcome != "could-not-do"
        }
        self._at_start = self._fails(self.left)

    def _fails(self, left: Mapping[str, float]) -> float:
        working = self._planner.working_without_causes
        for p in left.values():
            working *= 1 - p
        return 1 - working

    def fails(self, then: Sequence[str] = ()) -> float:
        """U now, or after some more remedies."""
        left = self.left
        if then:
            left = dict(left)
            for id in then:
                for cause, chance in self._planner.mends[id]:
                    left[cause] *= 1 - chance
        return self._fails(left) / self._at_start

    def chain(self, id: str) -> tuple[str, ...]:
        """The remedy, after those that must come first and are not done yet."""
        return tuple(one for one in self._planner.order[id] if one not in self.done)

    def drop_per_minute(self, chain: Sequence[str]) -> float:
        """What these remedies take off U now, per minute of their price."""
        minutes = max(sum(self._planner.cost[id] for id in chain), A_MOMENT)
        return (self.fails() - self.fails(chain)) / minutes

    def do(self, id: str) -> None:
        for cause, chance in self._planner.mends[id]:
            self.left[cause] *= 1 - chance
        self.done.add(id)


def explain_plan(basis: Basis) -> PlanExplained:
    """The plan of the report, step by step."""
    state = _State(basis)
    steps = basis.plan.steps
    explained: list[StepExplained] = []
    chain: tuple[str, ...] = ()
    left_out: list[LeftOutExplained] | None = None
    for place, step in enumerate(steps):
        hand_over = _ends(step, place, steps, basis)
        if hand_over:
            left_out = _left_out(basis, state)
        if step.remedy not in chain:
            chain = () if step.must or hand_over else _target_chain(place, steps, state)
            worth = state.drop_per_minute(chain) if chain else None
        before = state.fails()
        comparison = _before_the_next(place, steps, chain, worth, state, basis)
        state.do(step.remedy)
        explained.append(
            _explained(step, place, hand_over, chain, worth, (before, state.fails()), basis)
            .model_copy(update={"before_the_next": comparison})
        )
    return PlanExplained(
        expected_minutes=round(basis.plan.expected_minutes, 1),
        steps=explained,
        left_out=_left_out(basis, state) if left_out is None else left_out,
    )


def _ends(step: Step, place: int, steps: Sequence[Step], basis: Basis) -> bool:
    """Whether this is the handing over at the end."""
    return (
        not step.must and place == len(steps) - 1 and basis.knowledge.remedies[step.remedy].hand_over
    )


def _target_chain(place: int, steps: Sequence[Step], state: _State) -> tuple[str, ...]:
    """The steps from here that were chosen together: of those that are the whole chain of their
    last one, the one worth most per minute."""
    ids = [step.remedy for step in steps[place:]]
    chains = [
        tuple(ids[: end + 1])
        for end in range(len(ids))
        if state.chain(ids[end]) == tuple(ids[: end + 1])
    ]
    return max(chains, key=state.drop_per_minute, default=(ids[0],))


def _explained(
    step: Step,
    place: int,
    hand_over: bool,
    chain: tuple[str, ...],
    worth: float | None,
    fails: tuple[float, float],
    basis: Basis,
) -> StepExplained:
    remedies, belief = basis.knowledge.remedies, basis.belief
    remedy = remedies[step.remedy]
    places = {one.remedy: number for number, one in enumerate(basis.plan.steps, start=1)}
    fixes = [
        Fixes(
            cause=id,
            title=basis.knowledge.causes[id].title,
            chance=chance,
            probability=round(belief.given_failure[id], 4),
        )
        for id, chance in remedy.fixes.items()
        if belief.given_failure[id] > 0
    ]
    fixes.sort(key=lambda one: (-one.probability * one.chance, one.cause))
    minutes = remedy.price if step.must or hand_over else basis.planner.cost[remedy.id]
    return StepExplained(
        remedy=remedy.id,
        title=remedy.title,
        must=step.must,
        hand_over=hand_over,
        chance=None if step.chance is None else round(step.chance, 4),
        minutes=round(minutes, 2),
        fails_before=round(fails[0], 4),
        fails_after=round(fails[1], 4),
        with_steps=list(chain),
        drop_per_minute=None if worth is None else float(f"{worth:.4g}"),
        waits_for=[
            WaitsFor(
                remedy=id,
                title=remedies[id].title,
                step=places[id] if places.get(id, place + 2) <= place else None,
            )
            for id in remedy.after
        ],
        fixes=fixes,
        because=_because(step, hand_over, place, chain, fixes, minutes, basis),
        before_the_next="",
    )


def _because(
    step: Step,
    hand_over: bool,
    place: int,
    chain: tuple[str, ...],
    fixes: list[Fixes],
    minutes: float,
    basis: Basis,
) -> str:
    remedies = basis.knowledge.remedies
    if hand_over:
        if place:
            return "Whatever else could be tried costs more than handing over now."
        return "Nothing else can be done here that is worth its time."
    proven = [f"“{one.title}”" for one in fixes if basis.belief.status(one.cause) == PROVEN]
    if step.must and proven:
        are = "is" if len(proven) == 1 else "are"
        it = "it" if len(proven) == 1 else "them"
        return f"{' and '.join(proven)} {are} proven, and this mends {it}."
    later = [
        one.remedy
        for one in basis.plan.steps[place + 1 :]
        if step.remedy in basis.planner.order[one.remedy]
    ]
    helps = f"It helps with a chance of {percent(step.chance or 0.0)}"
    price = f"for {figure(minutes)} minutes' worth of time and trouble"
    most = f", mostly because of “{fixes[0].title}”" if fixes else ""
    if step.must or (chain and chain[-1] != step.remedy):
        target = chain[-1] if chain else later[0]
        prepares = f"It must come before “{remedies[target].title}”."
        return f"{prepares} {helps} itself." if step.chance else prepares
    return f"{helps}, {price}{most}."


def _before_the_next(
    place: int,
    steps: Sequence[Step],
    chain: tuple[str, ...],
    worth: float | None,
    state: _State,
    basis: Basis,
) -> str:
    """Why this step comes before the next one; empty for the last."""
    if place == len(steps) - 1:
        return ""
    step, following = steps[place], steps[place + 1]
    remedies = basis.knowledge.remedies
    title = f"“{remedies[following.remedy].title}”"
    if step.remedy in basis.planner.order[following.remedy]:
        return f"{title} must come after it."
    if step.must and following.must:
        return f"Both are needed; {title} takes as long or longer."
    if step.must:
        return f"What it mends is proven; what {title} may mend is not."
    if _ends(following, place + 1, steps, basis):
        return "Doing it first is cheaper than handing over at once."
    if following.remedy in chain or worth is None:
        return f"It can be done at once, before “{remedies[chain[-1]].title}”."
    other = state.drop_per_minute(state.chain(following.remedy))
    return (
        f"Each minute of it takes {_points(worth)} off the chance of failing;"
        f" {title} would take {_points(other)}."
    )


def _points(drop: float) -> str:
    return f"{figure(100 * drop)} percentage points"


def _left_out(basis: Basis, state: _State) -> list[LeftOutExplained]:
    found = []
    for id, because in basis.plan.left_out:
        remedy = basis.knowledge.remedies[id]
        chance = None
        if remedy.fixes and TRIED + id not in basis.case.known:
            fails = state.fails()
            chance = round((fails - state.fails(state.chain(id))) / fails, 4) if fails else 0.0
        found.append(
            LeftOutExplained(
                remedy=id,
                title=remedy.title,
                because=because,
                chance=chance,
                minutes=round(basis.planner.cost[id], 2),
            )
        )
    return found
