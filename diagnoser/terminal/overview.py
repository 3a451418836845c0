"""What was found and what is to be done about it, short enough for one screen."""

from __future__ import annotations

from collections.abc import Collection

from diagnoser.rendering import views
from diagnoser.rendering.words import Page, counted, joined, minutes, percent
from diagnoser.report.model import CauseFound, PlanStep, PreconditionChecked, Report

ALSO = 0.1
"""Causes that are less probable than this are not named."""
NAMED = 2
"""Further causes that are named at most."""
LISTED = (4, 3, 2, 1)
"""Steps that are listed at first, by how short it has to be; a plan that is only one step longer is
listed whole."""
BREVITIES = range(len(LISTED))
"""How short the overview can be, the longest first."""
SHORT = 2
"""The brevity from which on only what is needed is said."""
STEP_BY_STEP = (
    "One step at a time: do it, then say how it went. You can also type plan (all steps), why,"
    " handover (a text for somebody who helps), or quit and go on later."
)
NIGHT = (6 * 60, 12 * 60)
"""Minutes of waiting that are called a night."""
TYPE = "You can also type plan, why, handover or quit."


def say(
    page: Page,
    report: Report,
    start: int = 1,
    done: Collection[str] = (),
    steps: bool = True,
    may_look: bool = True,
    brevity: int = 0,
) -> None:
    """The finding, the steps that come first, and the state of the check, the shorter the greater
    `brevity` is.

    `start` and `done` are as in `say_plan`; `steps` says whether any step is to be done, and
    `may_look` whether what comes first can still be answered.
    """
    page.heading("What was found" if report.finding.kind == "nothing-wrong" else "What is wrong")
    _finding(page, report, brevity)
    if report.contradictions:
        page.say("Some answers do not fit together (see list), so this may be wrong.")
    page.heading("What to do")
    if look := report.plan.look:
        what = look.facts[0].ask if len(look.facts) == 1 else f"{look.title}."
        because = f" {look.because}" if brevity < SHORT else ""
        answer = " Type look to answer." if may_look else ""
        page.say(f"First look: {what}{because}{answer}", 2)
    if report.finding.kind == "nothing-wrong" and not report.plan.steps:
        page.say("Nothing has to be done.", 2)
    else:
        say_plan(page, report, done, LISTED[brevity], start)
    if brevity < SHORT:
        page.gap()
    say_check_in_short(page, report.plan.check, named=brevity < SHORT)
    if steps:
        if brevity < SHORT:
            page.gap()
        page.say(STEP_BY_STEP if brevity < SHORT else TYPE)


# -- what was found


def _finding(page: Page, report: Report, brevity: int) -> None:
    page.say(report.finding.text, bold=True)
    found = views.proven(report) or views.most_likely(report)
    if so_far := views.so_far(report):
        page.say(f"{so_far}: {joined(map(_named, found))}.", 2)
    elif len(found) == 1:
        page.say(found[0].because, 2)
        for because in views.reasons(found[0], against=False)[: brevity == 0]:
            page.say(because, 2, "Because: ")
    also = [one for one in report.causes if one.status == "open" and one not in found]
    named = [_named(cause) for cause in also if cause.probability >= ALSO][:NAMED]
    if named and brevity < SHORT:
        page.say(f"Also possible, alone or beside it: {joined(named)}.", 2)


def say_reasons(page: Page, report: Report) -> None:
    """What speaks for and against the causes that were found."""
    found = views.proven(report) or views.most_likely(report)
    for cause in found:
        page.say(f"{cause.title} ({how_sure(cause)})", bold=True)
        page.say(cause.because, 2)
        for because in views.reasons(cause, against=False):
            page.say(because, 2, "For: ")
        for because in views.reasons(cause, against=True) if cause.status == "open" else ():
            page.say(because, 2, "Against: ")
    if not found:
        page.say("Nothing that is known points to one cause.")


def leading(report: Report) -> list[CauseFound]:
    """The causes that are proven, else the most likely one, if there is one."""
    return views.proven(report) or views.most_likely(report)[:1]


def say_leading(page: Page, report: Report) -> None:
    """One line on what it looks like now."""
    found = leading(report)
    titles = "; ".join(map(_named, found))
    if not found:
        nothing = percent(report.none_of_these)
        page.say(f"It now looks like none of the causes known here ({nothing}).", bold=True)
    elif found[0].status == "proven":
        page.say(f"It is now certain: {titles}.", bold=True)
    elif report.finding.kind != "not-known-yet":
        page.say(f"It now looks like: {titles}.", bold=True)
    else:
        page.say(f"No cause stands out now. Most likely so far: {titles}.", bold=True)


def how_sure(cause: CauseFound) -> str:
    """How sure a cause is: certain, ruled out, or how probable."""
    if cause.status == "proven":
        return "certain"
    return views.how_sure(cause.status, cause.probability)


def _named(cause: CauseFound) -> str:
    return cause.title if cause.status == "proven" else f"{cause.title} ({how_sure(cause)})"


# -- what to do


def say_plan(
    page: Page, report: Report, done: Collection[str] = (), most: int = 0, start: int = 1
) -> None:
    """A line for each step of the plan, or only for about `most` of them; `done` are the titles of
    those that wait for being tested, `start` is the number of the first step.

    Steps that are done in one go stand under one line.
    """
    steps = list(enumerate(report.plan.steps, start=start))
    if not steps:
        page.say(views.no_step(report), 2)
    shown = steps if not most or len(steps) <= most + 1 else steps[:most]
    group: int | None = None
    for number, step in shown:
        if step.together != group:
            first = "Do" if number == start else "Then do"
            page.say(f"{first} {_in_one_go(step, report)}")
            group = step.together
        page.say(_line(step, len(steps), done), 2, f"{number}. ")
    if more := len(steps) - len(shown):
        page.say(f"... and {counted(more, 'more step')}: type plan to see all", 2)


def _in_one_go(step: PlanStep, report: Report) -> str:
    """How to go about this step and those that follow it."""
    if step.together is None:
        return "these one after the other, until it works:"
    night = any(
        one.seen == "overnight" for one in report.plan.steps if one.together == step.together
    )
    return f"these together, then {'wait a night, and ' if night else ''}see whether it works:"


def _line(step: PlanStep, total: int, done: Collection[str]) -> str:
    if step.title in done:
        state = "done"
    elif step.hand_over and total > 1:
        state = "if nothing else helps"
    else:
        state = _time(step)
    return f"{step.title} ({state})"


def _time(step: PlanStep) -> str:
    """What a step takes, in few words."""
    hands_on, wait = minutes(step.hands_on_minutes), minutes(step.wait_minutes)
    if not step.wait_minutes or step.together is not None:
        return hands_on
    night = NIGHT[0] <= step.wait_minutes <= NIGHT[1]
    return f"{hands_on}, then {'a night' if night else f'{wait} of waiting'}"


def say_check_in_short(
    page: Page,
    check: Collection[PreconditionChecked],
    named: bool = True,
    done: Collection[str] = (),
) -> None:
    """How many preconditions are not known to hold, and which do not, `named` or counted; without
    those that the steps with these titles, which are `done` by then, are for."""
    if not check:
        return
    failing = [
        one.title
        for one in check
        if one.status == "fails" and not any(remedy.title in done for remedy in one.remedies)
    ]
    unknown = sum(one.status == "not-known" for one in check)
    states = []
    if unknown:
        all_of_them = f"all {unknown}" if unknown == len(check) else f"{unknown} of {len(check)}"
        states.append(f"{all_of_them} things are still to be looked at")
    if failing:
        count = f"{len(failing)} {'does' if len(failing) == 1 else 'do'} not hold"
        states.append(f"this does not hold: {'; '.join(failing)}" if named else count)
    state = "; ".join(states) or "all that must hold does"
    page.say(f"Before the night: {state}. Type check.")
