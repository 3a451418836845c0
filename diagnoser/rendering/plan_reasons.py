"""Outlines why a plan is as it is: each step, why it comes before the next one, and what was left
out."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.explanation.model import LeftOutExplained, PlanExplained, StepExplained
from diagnoser.knowledge.wording import figure
from diagnoser.rendering.outline import Line, head, item, say
from diagnoser.rendering.words import counted, percent

TITLE = "Why these steps, in this order"
STEPS = 6
"""Steps that are explained at most, unless all are asked for; handing over at the end always is."""
FEW = 4
"""Remedies that are named at most of those left out for one reason, unless all are asked for."""


def lines(plan: PlanExplained, cause: str | None, full: bool) -> Iterator[Line]:
    """Why each step is there; of one cause, only the steps that mend it."""
    yield head(TITLE)
    asked = [
        (number, step)
        for number, step in enumerate(plan.steps, start=1)
        if cause is None or cause in {one.cause for one in step.fixes}
    ]
    if not asked and cause is None:
        yield say("No step is left that is likely to help.")
    elif not asked:
        yield say("No step of the plan mends this cause.")
    shown = asked if full else [one for one in asked[:STEPS] if not one[1].hand_over]
    for number, step in shown:
        yield from _step(number, step, full)
    last = [] if full else [one for one in asked[-1:] if one[1].hand_over]
    if less := len(asked) - len(shown) - len(last):
        yield item(f"and {counted(less, 'step')} more, each worth less for its time")
    for number, step in last:
        yield from _step(number, step, full)
    if cause is None and plan.left_out:
        yield head("What was left out", 3)
        yield from _left_out(plan.left_out, full)


def _step(number: int, step: StepExplained, full: bool) -> Iterator[Line]:
    yield item(f"Step {number}: {step.title}")
    yield item(step.because, 1)
    for one in step.waits_for:
        place = "was done already" if one.step is None else f"is step {one.step}"
        yield item(f"It waits for “{one.title}”, which {place}.", 1)
    if full:
        before, after = _fails(step.fails_before), _fails(step.fails_after)
        yield item(f"The chance that it still fails: {before} before, {after} after it.", 1)
    if step.before_the_next:
        yield item(f"Before the next one: {step.before_the_next}", 1)


def _fails(chance: float) -> str:
    """The chance that it still fails in words: before anything is done, it is certain to fail."""
    return percent(chance) if chance < 1 else "certain"


def _left_out(remedies: list[LeftOutExplained], full: bool) -> Iterator[Line]:
    """Each reason once, with the remedies that were left out for it, the most helpful first."""
    reasons: dict[str, list[LeftOutExplained]] = {}
    for one in remedies:
        reasons.setdefault(one.because, []).append(one)
    for because, alike in sorted(reasons.items(), key=lambda one: len(one[1])):
        alike.sort(key=lambda one: -(one.chance or 0.0))
        if len(alike) == 1:
            yield item(f"{_titled(alike[0])}: {because}")
            continue
        yield item(because)
        shown = alike if full else alike[:FEW]
        for one in shown:
            yield item(_titled(one), 1)
        if less := len(alike) - len(shown):
            yield item(f"and {less} more", 1)


def _titled(one: LeftOutExplained) -> str:
    if one.chance is None:
        return one.title
    return f"{one.title} (helps: {percent(one.chance)}, price: {figure(one.minutes)} minutes)"
