"""A report as a piece of HTML for helpdesk programs: only tags and attributes that the strictest
of their sanitisers leave alone."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.rendering import views
from diagnoser.rendering.templating import fill
from diagnoser.rendering.words import joined, time_needed
from diagnoser.report.model import PlanStep, Report

TAGS = frozenset({"a", "b", "i", "em", "strong", "hr", "ul", "ol", "li", "br", "div", "p"})
"""All elements that the card may use."""
DETAILED = 2
"""The first so many steps are told in detail, and always those for proven causes."""
CAUSES = 5
"""Causes that are listed at most; the rest are only counted."""


def card(report: Report) -> str:
    """The card: finding, plan, the most probable causes, and what is still to be asked."""
    causes = views.worth_a_line(report)
    return fill(
        "card.html",
        report=report,
        likely=views.most_likely(report),
        causes={cause.id: cause for cause in report.causes},
        detailed=max(DETAILED, sum(step.must for step in report.plan.steps)),
        terms=_terms,
        shown=causes[:CAUSES],
        fewer=len(causes[CAUSES:]),
    )


def _terms(step: PlanStep, report: Report) -> Iterator[str]:
    """In short: when to do the step, how likely it helps, what it takes and what it costs."""
    if step.must:
        yield "do this first"
    elif step.hand_over:
        yield "if nothing else helps"
    yield from views.test(step, report)
    yield time_needed(step.hands_on_minutes, step.wait_minutes)
    if step.money:
        yield f"costs {step.money}"
    if step.loses:
        yield f"loses {joined(step.loses)}"
