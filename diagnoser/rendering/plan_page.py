"""A report as a page that needs nothing from elsewhere, and its parts for pages of others."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from diagnoser.rendering import templating, views
from diagnoser.rendering.handing_over import handover
from diagnoser.rendering.note import markdown
from diagnoser.rendering.templating import fill
from diagnoser.rendering.ticket import card, reply, tags
from diagnoser.rendering.whole_page import whole_page
from diagnoser.rendering.words import joined, percent
from diagnoser.report.model import CauseFound, PlanStep, Report

NOTHING = "None of the causes known here"
STYLE, SCRIPT = "page.css", "page.js"
"""The style sheet of the page, and its script, by their names in `templating.file`."""
AT_ONCE = 5
"""Steps that are seen at once, two fewer below a warning; those for proven causes always are."""
CAUSES = 5
"""Causes that are seen at once."""

Numbered = list[tuple[int, PlanStep]]


class Parts(NamedTuple):
    """The page in pieces of HTML, in their order.

    `finding` has the only h1; `plan`, `more` (the check before the night, causes, facts, sources)
    and `helpdesk` are sections with an h2.
    """

    title: str
    finding: Markup
    plan: Markup
    more: Markup
    helpdesk: Markup


class Reference(NamedTuple):
    """A source that the page refers to: its number there, and the days on which it was read."""

    number: int
    reviewed: str


def html(report: Report) -> str:
    """The whole page: finding, plan, what to check, causes, facts, sources, and for a helpdesk what
    it puts into a ticket."""
    style, script = templating.file(STYLE), templating.file(SCRIPT)
    return whole_page("plan_page.html", style, script, parts=parts(report))


def parts(report: Report) -> Parts:
    """The pieces of the page, which want the style sheet STYLE, and the script SCRIPT if any."""
    shown = views.worth_a_line(report)
    ruled_out = views.ruled_out(report)
    groups = _numbered(report)
    seen, later = _fold(groups, AT_ONCE - 2 if report.contradictions else AT_ONCE)
    note = markdown(report)
    values: dict[str, Any] = {
        "report": report,
        "headlines": headlines(report),
        "found": [] if views.helped(report) else views.proven(report) or views.most_likely(report),
        "groups": seen,
        "later": later,
        "causes": {cause.id: cause for cause in report.causes},
        "rows": list(_rows(report)),
        "seen_at_once": CAUSES,
        "ruled_out": ruled_out,
        "uncounted": len(report.causes) - len(shown) - len(ruled_out),
        "sources": _sources(report),
        "digest": sha256(note.encode()).hexdigest()[:16],
        "copies": list(_copies(report, note)),
    }

    def part(name: str) -> Markup:
        return Markup(fill(f"page/{name}.html", **values))

    pieces = map(part, ("finding", "plan", "more", "helpdesk"))
    return Parts("; ".join(headlines(report)), *pieces)


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


def _numbered(report: Report) -> list[tuple[str, Numbered]]:
    """The groups of steps, each with its title and the numbers of its steps."""
    number = 0
    found = []
    for title, steps in views.groups(report):
        found.append((title, list(enumerate(steps, start=number + 1))))
        number += len(steps)
    return found


def _fold(
    groups: list[tuple[str, Numbered]], at_once: int
) -> tuple[list[tuple[str, Numbered]], ...]:
    """What is seen of the plan at once, and what is folded away: never a single step, nor a part of
    what is done together."""
    seen: list[tuple[str, Numbered]] = []
    later: list[tuple[str, Numbered]] = []
    for title, steps in groups:
        room = max(at_once - sum(len(one) for _, one in seen), 0)
        if later:
            later.append((title, steps))
        elif steps[0][1].must or len(steps) <= room:
            seen.append((title, steps))
        elif room and title.endswith(views.AS_THEY_COME):
            seen.append((title, steps[:room]))
            later.append(("", steps[room:]))
        else:
            (later if seen else seen).append((title, steps))
    if sum(len(steps) for _, steps in later) == 1:
        return groups, []
    return seen, later


def _rows(report: Report) -> Iterator[tuple[str, str, int, CauseFound | None]]:
    """The causes, each with how sure it is in words, and the width of its bar in percent."""
    for cause in views.worth_a_line(report):
        sure = views.how_sure(cause.status, cause.probability)
        if cause.status == "open":
            sure = f"{sure}, {views.in_words(cause.probability)}"
        yield cause.title, sure, _width(cause.probability), cause
    nothing = report.none_of_these
    yield NOTHING, percent(nothing), _width(nothing), None


def _width(probability: float) -> int:
    """The width of a bar in whole percents, at least 1 for what is possible at all."""
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


def _copies(report: Report, note: str) -> Iterator[tuple[str, str, Markup]]:
    """What a helpdesk copies: a name, what it is for, and the text, line by line."""
    for name, title, text in (
        ("note", "Note for the ticket (Markdown)", note),
        ("reply", "Reply to the customer", reply(report)),
        ("card", "Card for the ticket (HTML)", card(report)),
        ("tags", "Tags", " ".join(tags(report))),
        ("handover", "To hand over", handover(report)),
    ):
        yield name, title, Markup(escape(text))
