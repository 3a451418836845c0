"""A report as a piece of HTML for helpdesk programs: only tags and attributes that the strictest
of their sanitisers leave alone."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.rendering import views
from diagnoser.rendering.markup import Markup, join, link, tag, void
from diagnoser.rendering.words import counted, joined, minutes, percent, time_needed
from diagnoser.report.model import CauseFound, PlanStep, Report

TAGS = frozenset({"a", "b", "i", "em", "strong", "hr", "ul", "ol", "li", "br", "div", "p"})
DETAILED = 2
"""Steps that are told in detail; those for proven causes always are."""
CAUSES = 5
"""Causes that are listed."""


def card(report: Report) -> str:
    """The card: finding, plan, the most probable causes, and what is still to be asked."""
    parts = [
        *_finding(report),
        *_contradictions(report),
        *_plan(report),
        *_causes(report),
        *_next(report),
        void("hr"),
        *_knowledge(report),
    ]
    return tag("div", "\n", join(*parts, between=Markup("\n")), Markup("\n")) + "\n"


def _heading(title: str) -> Markup:
    return tag("p", tag("b", title))


def _finding(report: Report) -> Iterator[Markup]:
    proven, likely = views.proven(report), views.most_likely(report)
    if views.helped(report):
        yield tag("p", tag("b", "Mended: "), "a remedy has helped.")
    elif proven:
        yield tag("p", tag("b", "Found: "), "; ".join(cause.title for cause in proven))
    elif likely:
        shown = "; ".join(f"{cause.title}{views.sure(cause)}" for cause in likely)
        yield tag("p", tag("b", f"{views.so_far(likely)}: "), shown)
    else:
        share = percent(report.none_of_these)
        yield tag("p", tag("b", "Most likely: "), f"none of the causes known here ({share})")


def _contradictions(report: Report) -> Iterator[Markup]:
    if not report.contradictions:
        return
    yield _heading("Warning: these answers do not fit together")
    for one in report.contradictions:
        again = tag("li", "Check again: ", one.ask)
        yield tag("p", one.because)
        yield tag("ul", *(tag("li", answer) for answer in one.answers), again)


def _plan(report: Report) -> Iterator[Markup]:
    if views.helped(report) or not report.plan.steps:
        return
    effort = minutes(report.plan.expected_minutes)
    yield tag("p", tag("b", "What to do"), f" (on average {effort} of effort)")
    causes = {cause.id: cause for cause in report.causes}
    must = sum(step.must for step in report.plan.steps)
    items = [
        _step(step, causes, number <= max(must, DETAILED))
        for number, step in enumerate(report.plan.steps, start=1)
    ]
    yield tag("ol", *items)


def _step(step: PlanStep, causes: dict[str, CauseFound], detailed: bool) -> Markup:
    head = [tag("b", step.title), f" ({'; '.join(_terms(step))})"]
    # Paragraphs, so that there is some space between the steps, which no style may give.
    if not detailed:
        return tag("li", tag("p", *head))
    lines = [*step.do, f"Done when: {step.check}"]
    if step.caveat:
        lines.insert(0, f"Note: {step.caveat}")
    items = [tag("li", line) for line in lines]
    items += [tag("li", "Source: ", link(source)) for source in step.sources]
    why = tag("p", *head, void("br"), f"Why: {views.why(step, causes)}")
    return tag("li", why, tag("ul", *items))


def _terms(step: PlanStep) -> Iterator[str]:
    if step.must:
        yield "do this first"
    elif step.hand_over:
        yield "if nothing else helps"
    elif step.chance is not None and not views.prepares(step):
        yield f"helps: {percent(step.chance)}"
    yield time_needed(step.hands_on_minutes, step.wait_minutes)
    if step.money:
        yield f"costs {step.money}"
    if step.loses:
        yield f"loses {joined(step.loses)}"


def _causes(report: Report) -> Iterator[Markup]:
    known = views.worth_a_line(report)
    items = []
    for cause in known[:CAUSES]:
        share = "proven" if cause.status == "proven" else percent(cause.probability)
        reasons = [tag("li", f"For: {one}") for one in views.reasons(cause, against=False)[:2]]
        reasons += [tag("li", f"Against: {one}") for one in views.reasons(cause, against=True)[:1]]
        more = [tag("ul", *reasons)] if reasons else []
        items.append(tag("li", tag("b", f"{share}: "), cause.title, *more))
    if rest := len(known) - len(items):
        items.append(tag("li", f"{counted(rest, 'less likely cause')}"))
    items.append(
        tag("li", tag("b", f"{percent(report.none_of_these)}: "), "none of the causes known here")
    )
    yield _heading("Causes")
    yield tag("ul", *items)


def _next(report: Report) -> Iterator[Markup]:
    if report.next_question is not None:
        yield _heading("Next question")
        yield tag("p", report.next_question.ask)
    elif report.stop.advised:
        yield tag("p", tag("b", "No more questions. "), report.stop.because)


def _knowledge(report: Report) -> Iterator[Markup]:
    used = report.knowledge
    yield tag("p", tag("i", f"Knowledge: {used.id} {used.version}, digest {used.digest[:12]}"))
