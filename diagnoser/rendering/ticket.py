"""What a helpdesk puts into a ticket: a card for its side panel, a reply to the customer, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.rendering import views
from diagnoser.rendering.templating import fill
from diagnoser.report.model import PlanStep, Report

TAGS = frozenset({"a", "b", "i", "em", "strong", "hr", "ul", "ol", "li", "br", "div", "p"})
"""All elements that the card may use, besides FOLD: the strictest sanitisers leave them alone."""
FOLD = frozenset({"details", "summary"})
"""What folds the long card; where a sanitiser takes these away, it stands there unfolded."""
DETAILED = 2
"""The first so many steps are told in detail, and always those for proven causes."""
CAUSES = 5
"""Causes that are listed at most; the rest are only counted."""


def card(report: Report, *, details: bool = True) -> str:
    """The card as a piece of HTML of at most five lines: finding, reason, what to look at, what to
    do, what to ask. With `details`, the long card is folded behind them."""
    causes = views.worth_a_line(report)
    return fill(
        "card.html",
        report=report,
        details=details,
        reason=_reason(report),
        likely=views.most_likely(report),
        causes={cause.id: cause for cause in report.causes},
        detailed=max(DETAILED, sum(step.must for step in report.plan.steps)),
        terms=_terms,
        shown=causes[:CAUSES],
        fewer=len(causes[CAUSES:]),
    )


def reply(report: Report) -> str:
    """An answer to the customer in plain text: what is wrong, what to do first, how to see that it
    worked, and what to tell if it did not; where every step would be a guess, only what to look
    at."""
    plan = report.plan
    a_guess = plan.look is not None and plan.look.kind == "too-little-known"
    first = [] if a_guess else next((steps for _, steps in views.groups(report)), [])
    if first and first[-1].together is None and not first[0].must:
        first = first[:1]
    return fill(
        "reply.txt",
        report=report,
        found=views.proven(report) or views.most_likely(report),
        first=first,
        later=len([step for step in plan.steps if step not in first and not step.hand_over]),
        overnight=any(step.seen == "overnight" for step in first),
    )


def tags(report: Report) -> list[str]:
    """Short stable words for a ticket, of small letters, digits and hyphens: the kind of finding,
    the causes that are proven or else stand out, the first step, and what comes before it."""
    if views.helped(report):
        return ["finding-works-again"]
    found = [f"finding-{report.finding.kind}"]
    found += [f"proven-{cause.id}" for cause in views.proven(report)]
    if len(found) == 1 and not views.so_far(report):
        found += [f"likely-{cause.id}" for cause in views.most_likely(report)]
    if report.contradictions:
        found.append("contradiction")
    if report.plan.look is not None:
        found.append("look-first")
    if report.plan.steps:
        first = report.plan.steps[0]
        found.append("hand-over" if first.hand_over else f"step-{first.remedy}")
    return [re.sub("[^a-z0-9]+", "-", one.lower()).strip("-") for one in found]


def _reason(report: Report) -> str:
    """The strongest reason for the cause that is named first."""
    for cause in views.proven(report) or views.most_likely(report):
        return next(iter(views.reasons(cause, against=False)), cause.because)
    return ""


def _terms(step: PlanStep, report: Report) -> Iterator[str]:
    """In short: when to do the step, how likely it helps, what it takes and what it costs."""
    if step.must:
        yield "do this first"
    elif step.hand_over:
        yield "if nothing else helps"
    yield from views.terms(step, report)
