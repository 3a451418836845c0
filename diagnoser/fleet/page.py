"""The summary of a fleet as a page that needs nothing from elsewhere, and as Markdown."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from diagnoser.fleet.folding import LEAST
from diagnoser.fleet.summary import ByKind, FleetSummary, Groups
from diagnoser.rendering import templating
from diagnoser.rendering.plan_page import STYLE


def html(summary: FleetSummary) -> str:
    """The page: what to do first, causes, and both by kind of phone."""
    own = templating.file("fleet.css", package=__package__)
    style = templating.file(STYLE) + own
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    values = {"style": style, "allowed": f"style-src 'sha256-{allowed}'"}
    return _filled("fleet.html", summary, **values)


def markdown(summary: FleetSummary) -> str:
    """The same as tables in Markdown."""
    return _filled("fleet.md", summary)


def _filled(template: str, summary: FleetSummary, **more: object) -> str:
    return templating.fill(
        template,
        package=__package__,
        summary=summary,
        least=LEAST,
        width=_width,
        saved=_saved,
        named=_named,
        listed=_listed,
        **more,
    )


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
