"""Reports and explanations in the format that a caller asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagnoser.errors import quoted
from diagnoser.explanation.model import Explanation
from diagnoser.rendering import card, explaining, handover, html, markdown, reply, text
from diagnoser.report.model import Report
from diagnoser.rest.endpoint import JSON, Reply
from diagnoser.rest.problems import Refused, in_parameter

MEDIA_TYPES = {
    "json": JSON,
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "card": "text/html",
    "reply": "text/plain",
    "handover": "text/plain",
}
"""The type of each format; of those that share one, the header Accept means the first."""
Writers = Mapping[str, Callable[[Any], str]]
REPORT: Writers = {
    "json": Report.json_text,
    "text": text,
    "markdown": markdown,
    "html": html,
    "card": card,
    "reply": reply,
    "handover": handover,
}
EXPLANATION: Writers = {
    "json": Explanation.json_text,
    "text": explaining.text,
    "markdown": explaining.markdown,
}


def media_types(writers: Writers) -> tuple[str, ...]:
    """The types that can be written besides JSON."""
    return tuple(dict.fromkeys(MEDIA_TYPES[name] for name in writers if name != "json"))


def written(shown: Any, writers: Writers, format: str | None, accept: str) -> Reply:
    """It in the format that is named, or else in the one that the header Accept likes best.

    Raises Refused where that takes none of them.
    """
    name = format or _accepted(accept, writers)
    return Reply(writers[name](shown), MEDIA_TYPES[name])


def _accepted(accept: str, writers: Writers) -> str:
    """The name of the format that is liked best, of several the first."""
    liked = list(_liked(accept)) or [("*/*", 1.0)]
    weights = {name: _weight(MEDIA_TYPES[name], liked) for name in writers}
    best = max(weights, key=lambda name: weights[name])
    if weights[best] > 0:
        return best
    allowed = ", ".join((JSON, *media_types(writers)))
    mistake = in_parameter("Accept", f"{quoted(accept)} takes none of the formats", allowed)
    raise Refused("not-acceptable", "It cannot be written so.", [mistake])


def _liked(accept: str) -> Iterator[tuple[str, float]]:
    """The ranges of media types, each with its weight (RFC 9110, 12.5.1)."""
    for part in accept.lower().split(","):
        media_range, *parameters = (one.strip() for one in part.split(";"))
        weight = 1.0
        for one in parameters:
            name, _, value = one.partition("=")
            if name.strip() == "q":
                try:
                    weight = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        if media_range:
            yield media_range, weight


def _weight(media_type: str, liked: list[tuple[str, float]]) -> float:
    """The weight of the range that fits most closely."""
    ranges = dict(liked)
    for fits in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if fits in ranges:
            return ranges[fits]
    return 0.0
