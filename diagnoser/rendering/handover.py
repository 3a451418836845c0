"""A text to hand over to somebody who helps on: what was found, answered and tried, and what is
left."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.interview.interview import Interview
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.rendering import views
from diagnoser.rendering.text import say_step
from diagnoser.rendering.words import Page, counted, percent
from diagnoser.report.model import Report

LISTED = 8
"""Steps that were not tried of which it tells at most."""
NOT_VERIFIED = "it is done, but not verified yet"


def write(page: Page, interview: Interview, report: Report, told: str = "") -> None:
    """Where to hand it over and how, unless that remedy was just `told`, then the text itself."""
    first = interview.steps - len(interview.done) + 1
    for number, step in enumerate(report.plan.steps, start=first):
        if step.hand_over and step.remedy != told:
            page.heading("Ask somebody who can do more")
            say_step(page, number, step, report)
            page.gap()
            page.say("Give them this text. It holds what you have answered and tried:")
    page.heading(interview.diagnoser.knowledge.title)
    _section(page, "What was found", _found(report))
    _section(page, "What was asked and answered", _answers(interview))
    _section(page, "What was tried", _tried(interview))
    _section(page, "What was not tried", _not_tried(interview, report))
    used = report.knowledge
    page.gap()
    page.say(f"Knowledge: {used.id} {used.version}, digest {used.digest[:12]}")


def _section(page: Page, title: str, lines: Iterator[str]) -> None:
    page.gap()
    page.say(f"{title}:")
    for line in list(lines) or ["nothing"]:
        page.say(line, 2, "- ")


def _found(report: Report) -> Iterator[str]:
    for cause in views.proven(report):
        yield f"{cause.title}: proven"
    likely = [cause for cause in report.causes if cause.status == "open"]
    for cause in likely[:3]:
        if cause.probability >= views.WORTH_A_LINE:
            yield f"{cause.title}: {percent(cause.probability)}"
    yield f"None of the causes known here: {percent(report.none_of_these)}"


def _answers(interview: Interview) -> Iterator[str]:
    """What is known, and what was known before a step may have changed it."""
    current = interview.current()
    for fact, value in current.items():
        if not fact.startswith(TRIED):
            yield f"{interview.fact(fact).ask} {interview.label(fact, value)}"
    for fact, before in interview.forgotten():
        if current.get(fact) != before:
            ask, label = interview.fact(fact).ask, interview.label(fact, before)
            yield f"{ask} {label} (before the steps below)"


def _tried(interview: Interview) -> Iterator[str]:
    remedies = interview.diagnoser.knowledge.remedies
    for remedy, outcome in interview.tried.items():
        if outcome != UNKNOWN:
            went = interview.label(f"{TRIED}{remedy}", outcome)
            yield f"{remedies[remedy].title}: {went}"
    for remedy in interview.done:
        yield f"{remedies[remedy].title}: {NOT_VERIFIED}"


def _not_tried(interview: Interview, report: Report) -> Iterator[str]:
    left = [
        step.title
        for step in report.plan.steps
        if not step.hand_over and step.remedy not in interview.done
    ]
    yield from left[:LISTED]
    if len(left) > LISTED:
        yield f"{counted(len(left) - LISTED, 'other step')}, less likely to help"
    tried = interview.tried
    for because, titles in views.left_out(report):
        shown = [
            one.title
            for one in report.plan.left_out
            if one.because == because and one.remedy not in tried
        ]
        if 0 < len(shown) <= 3 or (len(titles) == 1 and shown):
            yield f"{'; '.join(shown)}: {because}"
        elif shown:
            yield f"{len(shown)} others: {because}"
