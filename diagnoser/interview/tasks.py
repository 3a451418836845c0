"""What to do now by the plan of a report."""

from __future__ import annotations

from collections.abc import Collection

from diagnoser.interview.turns import End, Step
from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, Remedy
from diagnoser.report.model import PlanStep, Report

LEAST_CHANCE = 0.005
"""When all steps that are left help with a smaller chance than this, none is worth doing."""
FIXED, DONE = "fixed", "done"
CANNOT = "I could not do it, or would rather not"
OUTCOMES = {FIXED: "Yes, it is fixed", DID_NOT_HELP: "No, it did not help", COULD_NOT_DO: CANNOT}
TESTED = {FIXED: OUTCOMES[FIXED], DID_NOT_HELP: OUTCOMES[DID_NOT_HELP]}
ONE_OF_SEVERAL = {DONE: "Yes, it is done", COULD_NOT_DO: CANNOT, FIXED: "It is fixed already"}
PREPARES = {DONE: "Yes, it is done", COULD_NOT_DO: CANNOT}
DID_IT_HELP, IS_IT_DONE = "Did that fix it?", "Is that done?"


def task(report: Report, done: Collection[Remedy], before: int) -> Step | End:
    """The step to do now, the test of those that are `done`, or the end; `before` is how many steps
    were taken up."""
    steps = report.plan.steps
    ids = {remedy.id for remedy in done}
    left = [step for step in steps if step.remedy not in ids]
    first = left[0] if left else None
    waiting = [step for step in steps if step.remedy in ids]
    if done and not (first and _in_one_go(first, waiting)):
        return _test(done, before, left)
    if first is None or not any(map(_may_help, left)) or (first.hand_over and len(left) == 1):
        if report.finding.kind == "nothing-wrong" and first is None:
            return End(how="nothing-wrong", text=report.finding.text)
        return End(how="handed-over", text="Nothing is left that is worth trying alone.")
    together = [step for step in left if step is first or _in_one_go(step, [first])]
    prepares = first.chance is None and not first.hand_over and not first.must
    number = before + 1
    several = [] if prepares else _numbers(together, left, before)
    outcomes = OUTCOMES
    if prepares:
        outcomes = PREPARES
    elif done or len(together) > 1:
        outcomes = ONE_OF_SEVERAL
    return Step(
        step=first,
        number=number,
        together=[*range(number - len(done), number), *several]
        if outcomes is ONE_OF_SEVERAL
        else [],
        prepares=prepares,
        done=[remedy.title for remedy in done],
        check=[first.check],
        ask=IS_IT_DONE if outcomes is not OUTCOMES else DID_IT_HELP,
        outcomes=outcomes,
        left=len(left) - 1,
    )


def _numbers(together: list[PlanStep], left: list[PlanStep], before: int) -> list[int]:
    return [before + 1 + left.index(step) for step in together]


def _in_one_go(step: PlanStep, others: Collection[PlanStep]) -> bool:
    """Whether a step is done in one go with these, and tested with them."""
    if step.hand_over:
        return False
    group = step.together
    return any(
        (step.must and other.must) or (group is not None and other.together == group)
        for other in others
    )


def _test(done: Collection[Remedy], before: int, left: list[PlanStep]) -> Step:
    return Step(
        step=None,
        number=before,
        together=list(range(before - len(done) + 1, before + 1)),
        prepares=False,
        done=[remedy.title for remedy in done],
        check=list(dict.fromkeys(remedy.check for remedy in done)),
        ask=DID_IT_HELP,
        outcomes=TESTED,
        left=len(left),
    )


def _may_help(step: PlanStep) -> bool:
    return step.must or step.hand_over or (step.chance or 0.0) >= LEAST_CHANCE
