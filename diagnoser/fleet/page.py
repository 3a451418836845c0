"""The summary of a fleet as a page that needs nothing from elsewhere, and as Markdown."""

from __future__ import annotations

from typing import Any

from diagnoser.fleet.folding import LEAST
from diagnoser.fleet.summary import ByKind, FleetSummary, Groups
from diagnoser.rendering import templating
from diagnoser.rendering.plan_page import STYLE
from diagnoser.rendering.whole_page import whole_page


def html(summary: FleetSummary) -> str:
    """The page: what to do first, causes, and both by kind of phone."""
    style = templating.file(STYLE) + templating.file("fleet.css", package=__package__)
    return whole_page("fleet.html", style, package=__package__, **_values(summary))


def markdown(summary: FleetSummary) -> str:
    """The same as tables in Markdown."""
    return templating.fill("fleet.md", package=__package__, **_values(summary))


def _values(summary: FleetSummary) -> dict[str, Any]:
    return {
        "summary": summary,
        "least": LEAST,
        "width": _width,
        "saved": _saved,
        "named": _named,
        "listed": _listed,
    }


def _width(number: float, largest: float) -> float:
    """The width of a bar in percent."""
    return round(100 * number / largest, 1) if largest else 0


def _saved(minutes: float | None) -> str:
    """Minutes that add up to more than people count in minutes."""
    if minutes is None:
        return ""
    if minutes < 600:
        return f"{minutes:,.0f} min"
    return f"{minutes / 60:,.0f} h"


def _named(by: ByKind, place: int) -> str:
    """The kind of phone in a place of the list."""
    kind = by.kinds[place]
    return "Others, together" if kind.folded else kind.value or "Not known"


def _listed(groups: Groups) -> list[tuple[str, int]]:
    """The groups with their numbers, and what is left as the last one."""
    found = [(one.title, one.phones) for one in groups.groups]
    return [*found, *([("Others, together", groups.others)] if groups.others else [])]
