"""Why each step is in the plan, why before the next one, and why others are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnoser.belief.weighing import PROVEN
from diagnoser.explanation.context import Basis
from diagnoser.explanation.model import (
    Fixes,
    LeftOutExplained,
    PlanExplained,
    StepExplained,
    WaitsFor,
)
from diagnoser.knowledge.wording import figure, joined, percent
from diagnoser.planning.greedy import Draft, Step

SURE = 0.9
"""A remedy with at least this chance is said to mend a cause; with less, that it can."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A step, just before it is done.

    `chain` are the steps that were chosen together with it, `worth` what they take off U per
    minute, and `then` what was left when they were chosen; empty and None for steps that proven
    causes demand and for handing over.
    """

    place: int
    step: Step
    hand_over: bool
    chain: Sequence[str]
    worth: float | None
    then: Draft | None


def explain_plan(basis: Basis) -> PlanExplained:
    """The plan of the report, step by step."""
    start = basis.planner.start(basis.case.tried, basis.findings.barred)
    course = basis.planner.draft(start, basis.belief)
    steps = basis.plan.steps
    explained: list[StepExplained] = []
    chain: Sequence[str] = ()
    worth: float | None = None
    then: Draft | None = None
    left_out: list[LeftOutExplained] | None = None
    end = _end(basis)
    for place, step in enumerate(steps):
        if place == end:
            left_out = _left_out(basis, course)
        hand_over = end is not None and place == len(steps) - 1
        if step.must or (end is not None and place >= end):
            chain, worth, then = (), None, None
        elif step.remedy not in chain:
            chain = _chosen_together(place, steps, course)
            worth, then = course.drop_per_minute(chain[-1]), course.copy()
        explained.append(
            _explained(_Moment(place, step, hand_over, chain, worth, then), course, basis)
        )
    return PlanExplained(
        expected_minutes=round(basis.plan.expected_minutes, 1),
        steps=explained,
        left_out=_left_out(basis, course) if left_out is None else left_out,
    )


def _end(basis: Basis) -> int | None:
    """The place of the handing over at the end, or of the first step that only prepares it."""
    steps = basis.plan.steps
    if not steps or steps[-1].must or not basis.knowledge.remedies[steps[-1].remedy].hand_over:
        return None
    order = basis.planner.table.order[steps[-1].remedy]
    end = len(steps) - 1
    while end and not steps[end - 1].must and steps[end - 1].remedy in order:
        end -= 1
    return end


def _chosen_together(place: int, steps: Sequence[Step], course: Draft) -> Sequence[str]:
    """The steps from here that were chosen together: of those that are the whole chain of their
    last one, the one worth most per minute; ties go by the last one's id, as in the plan."""
    ids = [step.remedy for step in steps[place:]]
    chains = [ids[: end + 1] for end, id in enumerate(ids) if course.missing(id) == ids[: end + 1]]
    return min(chains, key=lambda chain: (-course.worth(chain[-1]), chain[-1]))


def _explained(now: _Moment, course: Draft, basis: Basis) -> StepExplained:
    """The explanation of one step; it is done then."""
    remedies, belief = basis.knowledge.remedies, basis.belief
    remedy = remedies[now.step.remedy]
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
    fixes.sort(key=lambda one: (-round(course.left(one.cause) * one.chance, 12), one.cause))
    minutes = basis.planner.table.cost[remedy.id]
    if now.step.must or now.hand_over or now.step.together is not None:
        minutes = remedy.price
    before_the_next = _before_the_next(now, basis)
    fails_before = course.fails(course.working)
    chance = now.step.chance
    if now.step.must or now.hand_over:
        course.mend(remedy.id)
    else:
        course.do([remedy.id])
        chance = course.steps[-1].chance
    because = _because(now, chance, fixes, minutes, basis)
    return StepExplained(
        remedy=remedy.id,
        title=remedy.title,
        must=now.step.must,
        hand_over=now.hand_over,
        together=now.step.together,
        chance=None if chance is None else round(chance, 4),
        minutes=round(minutes, 2),
        fails_before=round(fails_before, 4),
        fails_after=round(course.fails(course.working), 4),
        with_steps=list(now.chain),
        drop_per_minute=None if now.worth is None else float(f"{now.worth:.4g}"),
        waits_for=[
            WaitsFor(remedy=id, title=remedies[id].title, step=places.get(id))
            for id in remedy.after
        ],
        fixes=fixes,
        because=because,
        before_the_next=before_the_next,
    )


def _because(
    now: _Moment, chance: float | None, fixes: Sequence[Fixes], minutes: float, basis: Basis
) -> str:
    """Why the step is in the plan; `chance` is that of the step alone."""
    remedies = basis.knowledge.remedies
    if now.hand_over:
        if now.place:
            return "From here on, handing over is cheaper than trying on."
        return "Handing over at once is cheaper than trying anything first."
    proven = [f"“{one.title}”" for one in fixes if basis.belief.status(one.cause) == PROVEN]
    if now.step.must and proven:
        one = len(proven) == 1
        are, it, all_of = ("is", "it", "") if one else ("are", "them", " for all")
        mends = f"can mend {it} (chance {percent(chance or 0.0)}{all_of})"
        if chance is not None and chance >= SURE:
            mends = f"mends {it}"
        return f"{joined(proven)} {are} proven, and this {mends}."
    helps = f"It helps with a chance of {percent(chance or 0.0)}"
    later = _later(now, basis)
    if later is not None and (chance is None or now.chain[-1:] != (now.step.remedy,)):
        prepares = f"It must come before “{remedies[later].title}”."
        return f"{prepares} {helps} itself." if chance else prepares
    mostly = f", mostly because of “{fixes[0].title}”" if fixes else ""
    others = [
        f"“{remedies[one.remedy].title}”"
        for one in basis.plan.steps
        if one.together is not None and one.together == now.step.together and one != now.step
    ]
    night = f" One night tests it together with {joined(others)}." if others else ""
    return f"{helps}{mostly}, at the price of {figure(minutes)} minutes.{night}"


def _later(now: _Moment, basis: Basis) -> str | None:
    """The step that this one prepares, if there is one."""
    if now.chain and now.chain[-1] != now.step.remedy:
        return now.chain[-1]
    for one in basis.plan.steps[now.place + 1 :]:
        if now.step.remedy in basis.planner.table.order[one.remedy]:
            return one.remedy
    return None


def _before_the_next(now: _Moment, basis: Basis) -> str:
    """Why this step comes before the next one; empty for the last."""
    if now.place == len(basis.plan.steps) - 1:
        return ""
    following = basis.plan.steps[now.place + 1]
    title = f"“{basis.knowledge.remedies[following.remedy].title}”"
    if now.step.remedy in basis.planner.table.order[following.remedy]:
        return f"{title} must come after it."
    if now.step.must and following.must:
        return f"Both are needed, and {title} takes no less time."
    if now.step.must:
        return f"What it mends is proven; what {title} may mend is not."
    end = _end(basis)
    if end is not None and now.place + 1 == end:
        return "Trying it first is cheaper than handing over at once."
    if following.remedy in now.chain or now.worth is None or now.then is None:
        last = now.chain[-1] if now.chain else basis.plan.steps[-1].remedy
        return f"Both must come before “{basis.knowledge.remedies[last].title}”."
    chain = now.then.missing(following.remedy)
    return (
        f"{_together(now.chain, basis)} lowers the chance of failing by"
        f" {figure(100 * now.worth)} points, {_together(chain, basis, title)}"
        f" by {figure(100 * now.then.drop_per_minute(following.remedy))}."
    )


def _together(chain: Sequence[str], basis: Basis, title: str = "") -> str:
    """`Each minute of it`, or of the title, with what is done before it and counts with it."""
    *before, _ = chain
    titles = [f"“{basis.knowledge.remedies[id].title}”" for id in before]
    with_them = f" together with {joined(titles)}" if before else ""
    return f"each of {title}{with_them}" if title else f"Each minute of it{with_them}"


def _left_out(basis: Basis, course: Draft) -> list[LeftOutExplained]:
    found = []
    for id, because in basis.plan.left_out:
        remedy = basis.knowledge.remedies[id]
        chance = None
        if remedy.fixes and id not in basis.case.tried:
            fails = course.fails(course.working)
            chance = round(course.drop(id) / fails, 4) if fails else 0.0
        found.append(
            LeftOutExplained(
                remedy=id,
                title=remedy.title,
                because=because,
                chance=chance,
                minutes=round(basis.planner.table.cost[id], 2),
            )
        )
    return found
