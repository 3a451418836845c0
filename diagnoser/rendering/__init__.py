"""Shows reports, explanations and knowledge: as text, Markdown, HTML, SARIF or a graph; nothing in
them becomes markup or an order to a terminal.

What is public takes a report and gives a text: `text`, `markdown`, `html`, `card`, `reply` and
`handover`; `tags` gives a list of words.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diagnoser.rendering.handing_over import handover
    from diagnoser.rendering.note import markdown
    from diagnoser.rendering.plain_text import text
    from diagnoser.rendering.plan_page import html
    from diagnoser.rendering.ticket import card, reply, tags

__all__ = ["card", "handover", "html", "markdown", "reply", "tags", "text"]

_HOMES = {
    "card": "ticket",
    "handover": "handing_over",
    "html": "plan_page",
    "markdown": "note",
    "reply": "ticket",
    "tags": "ticket",
    "text": "plain_text",
}


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used: a command makes one rendering, not all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
