"""A report, or only its next question, as a note for a ticket in GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.rendering import views
from diagnoser.rendering.templating import fill
from diagnoser.rendering.words import counted, worth
from diagnoser.report.model import PlanStep, Report

MENDED = 3
"""Causes that a step mends of which the note names at most."""


def markdown(report: Report) -> str:
    """The note: finding, plan, causes with reasons, facts, and what knowledge it comes from."""
    titles = {cause.id: cause.title for cause in report.causes}
    shown, ruled_out = views.worth_a_line(report), views.ruled_out(report)

    def mended(step: PlanStep) -> Iterator[str]:
        yield from (titles.get(id, id) for id in step.fixes[:MENDED])
        if more := len(step.fixes[MENDED:]):
            yield counted(more, "other cause")

    return fill(
        "note.md",
        report=report,
        likely=views.most_likely(report),
        terms=_terms,
        mended=mended,
        shown=shown,
        fewer=len(report.causes) - len(shown) - len(ruled_out),
        ruled_out=ruled_out,
    )


def question(report: Report) -> str:
    """The next question with where to look and what to answer, or why no more need be asked."""
    return fill("question.md", report=report, worth=worth)


def _terms(step: PlanStep, report: Report) -> Iterator[str]:
    """In short: why the step is here, what it takes and what it costs."""
    if step.must:
        yield "must"
    elif step.hand_over:
        yield "if nothing else helps"
    yield from views.terms(step, report)
    if step.guide is not None:
        yield f"guide: tip {step.guide}"
