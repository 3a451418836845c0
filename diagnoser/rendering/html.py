"""A report as a page of its own that needs nothing from elsewhere: no script, no image, no font."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diagnoser.rendering import views
from diagnoser.rendering.card import card as card
from diagnoser.rendering.templating import fill
from diagnoser.rendering.words import joined, percent
from diagnoser.report.finding import NOT_ENOUGH
from diagnoser.report.model import Report

NOTHING = "None of the causes known here"


class Reference(NamedTuple):
    """A source that the page refers to: its number there, and the days on which it was read."""

    number: int
    reviewed: str


def render(report: Report) -> str:
    """The page: finding, plan, causes as bars with their reasons, facts and sources."""
    shown = views.worth_a_line(report)
    ruled_out = views.ruled_out(report)
    numbers = {step.remedy: number for number, step in enumerate(report.plan.steps, start=1)}
    return fill(
        "page.html",
        report=report,
        headlines=headlines(report),
        sections=list(_sections(report)),
        finding=_finding(report),
        found=[] if views.helped(report) else views.proven(report) or views.most_likely(report),
        groups=[
            (title, [(numbers[step.remedy], step) for step in steps])
            for title, steps in views.groups(report)
        ],
        causes={cause.id: cause for cause in report.causes},
        rows=list(_rows(report)),
        ruled_out=ruled_out,
        uncounted=len(report.causes) - len(shown) - len(ruled_out),
        explained=[cause for cause in shown if cause.evidence],
        sources=_sources(report),
    )


def headlines(report: Report) -> list[str]:
    """The finding, and where nothing stands out a line for each of the most likely causes."""
    if views.helped(report):
        return ["It works again"]
    so_far = views.so_far(report)
    likely = views.most_likely(report) if so_far else []
    return [
        report.finding.text,
        *(f"{so_far}: {cause.title}{views.sure(cause)}" for cause in likely),
    ]


def _sections(report: Report) -> Iterator[tuple[str, str]]:
    """The parts of the page, each by the name of its template, with its heading."""
    if report.contradictions:
        yield "warning", "Warning: these answers do not fit together"
    yield "finding", "What is wrong"
    if not views.helped(report):
        yield "plan", "What to do"
        if report.plan.check:
            yield "check", views.BEFORE_THE_NIGHT
    yield "causes", "Causes"
    if report.next_question is not None:
        yield "next", "Next question"
    elif report.stop.advised:
        yield "next", "No more questions"
    if report.case:
        yield "facts", "Facts"
    if views.left_out(report):
        yield "left-out", "What was left out"


def _finding(report: Report) -> str:
    """How sure it is what is wrong, as a sentence."""
    if helped := views.helped(report):
        return f"This helped: {joined(helped)}. Nothing is left to do."
    if proven := views.proven(report):
        return "The answers prove it." if len(proven) == 1 else "The answers prove all of these."
    if report.finding.kind == "nothing-wrong":
        return "It only looks like a fault."
    likely = views.most_likely(report)
    these, them = ("This is", "it") if len(likely) == 1 else ("These are", "them")
    if not report.case:
        return f"Nothing is known yet. {these} most common."
    if not likely:
        return "Most likely it is something that is not known here."
    if views.so_far(report):
        return f"{NOT_ENOUGH} {these} most likely so far."
    return f"{these} most likely; the answers do not prove {them}."


def _rows(report: Report) -> Iterator[tuple[str, str, int]]:
    """The causes, each with how sure it is in words, and the width of its bar in percent."""
    for cause in views.worth_a_line(report):
        sure = views.how_sure(cause.status, cause.probability)
        yield cause.title, sure, _width(cause.probability)
    nothing = report.none_of_these
    yield NOTHING, percent(nothing), _width(nothing)


def _width(probability: float) -> int:
    """In whole percents; what is possible at all is seen."""
    return max(round(probability * 100), 1) if probability else 0


def _sources(report: Report) -> dict[str, Reference]:
    """The sources in the order in which the page refers to them, first in the plan."""
    read: dict[str, set[str]] = {}
    for step in [] if views.helped(report) else report.plan.steps:
        for source in step.sources:
            read.setdefault(source, set()).add(step.reviewed)
    for cause in views.worth_a_line(report):
        for one in views.by_strength(cause):
            read.setdefault(one.source, set()).add(one.reviewed)
    return {
        source: Reference(number, joined(sorted(days)))
        for number, (source, days) in enumerate(read.items(), start=1)
    }
