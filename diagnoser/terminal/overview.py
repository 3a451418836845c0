"""What was found and what is to be done about it, short enough to be read between two prompts."""

from __future__ import annotations

from collections.abc import Collection

from diagnoser.rendering import views
from diagnoser.rendering.text import say_check
from diagnoser.rendering.words import Page, counted, joined, percent, time_needed
from diagnoser.report.finding import stands_out
from diagnoser.report.model import CauseFound, PlanStep, Report

ALSO = 0.05
"""Causes that are less probable than this are not named."""
NAMED = 3
"""Further causes that are named at most."""
LISTED = 8
"""Steps that are listed at first; a plan that is only two steps longer is listed whole."""


def say(page: Page, report: Report) -> None:
    """The finding with its reasons, and the plan with a line for each step."""
    page.heading("What is wrong")
    _finding(page, report)
    if report.contradictions:
        page.say("Some answers do not fit together (see list), so this may be wrong.")
    page.heading("What to do")
    say_plan(page, report, most=LISTED)
    say_check(page, report, brief=True)


def leading(report: Report) -> list[CauseFound]:
    """The causes that are proven, else the most likely one, if there is one."""
    return views.proven(report) or views.most_likely(report)[:1]


def say_leading(page: Page, report: Report) -> None:
    """One line on what it looks like now."""
    found = leading(report)
    titles = "; ".join(f"{cause.title}{views.sure(cause)}" for cause in found)
    if not found:
        nothing = percent(report.none_of_these)
        page.say(f"It now looks like none of the causes known here ({nothing}).", bold=True)
    elif found[0].status == "proven":
        page.say(f"It is now certain: {titles}.", bold=True)
    elif stands_out(found):
        page.say(f"It now looks like: {titles}.", bold=True)
    else:
        page.say(f"No cause stands out now. Most likely so far: {titles}.", bold=True)


def say_plan(
    page: Page, report: Report, done: Collection[str] = (), most: int = 0, start: int = 1
) -> None:
    """A line for each step of the plan, or only for about `most` of them; `done` are those that
    wait for being verified, `start` is the number of the first step."""
    steps = list(enumerate(report.plan.steps, start=start))
    needed = views.all_needed(report)
    if not steps:
        page.say("No step is left that is likely to help.")
    shown, ends = steps, []
    if most and len(steps) > most + 2:
        shown = steps[:most]
        ends = [(number, step) for number, step in steps[most:] if step.hand_over]
    for number, step in shown:
        page.say(_line(step, len(steps), done, needed), 2, f"{number}. ")
    if more := len(steps) - len(shown) - len(ends):
        page.say(f"... and {counted(more, 'step')} more", 2)
    for number, step in ends:
        page.say(_line(step, len(steps), done, needed), 2, f"{number}. ")


def _line(step: PlanStep, total: int, done: Collection[str], needed: bool) -> str:
    state = time_needed(step.hands_on_minutes, step.wait_minutes)
    if step.remedy in done:
        state = "done"
    elif step.must and needed:
        state = f"needed; {state}"
    elif step.hand_over and total > 1:
        state = f"if nothing else helps; {state}"
    return f"{step.title} ({state})"


def _finding(page: Page, report: Report) -> None:
    found = views.proven(report) or views.most_likely(report)
    page.say(report.finding.text, bold=True)
    so_far = views.so_far(report)
    for cause in found:
        if so_far:
            page.say(f"{so_far}{views.sure(cause)}: {cause.title}.", bold=True)
        elif len(found) > 1:
            page.say(f"{cause.title}:", 2)
        page.say(cause.because, 2)
        for because in views.reasons(cause, against=False)[:1]:
            page.say(because, 2, "Because: ")
    also = [cause for cause in report.causes if cause.status == "open" and cause not in found]
    if named := [_named(cause) for cause in also if cause.probability >= ALSO][:NAMED]:
        page.say(f"Also possible: {joined(named)}.")


def _named(cause: CauseFound) -> str:
    return f"{cause.title}{views.sure(cause)}"
