"""Pages of knowledge as text: an outline, in which what is empty is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagnoser.rendering.pages import PLAIN, Entry
from diagnoser.rendering.words import Page, clean


def list_text(entries: Mapping[str, Any], width: int, colour: bool = False) -> str:
    """One paragraph for each id, with its sources below it where the list has them."""
    page = Page(width, colour)
    longest = max((len(clean(id)) for id in entries), default=0) + 2
    for id, entry in entries.items():
        title, sources = (entry, []) if isinstance(entry, str) else entry.values()
        if longest <= width // 2:
            page.say(title, mark=clean(id).ljust(longest))
        else:
            page.say(id)
            page.say(title, 2)
        if sources:
            page.say("; ".join(sources), 4)
    return page.text()


def entry_text(entry: Entry, width: int, colour: bool = False) -> str:
    """An entry as an outline; what is empty is left out."""
    page = Page(width, colour)
    page.say(entry["id"], bold=True)
    _outline(page, {key: value for key, value in entry.items() if key != "id"}, 0)
    return page.text()


def _number(value: Any) -> Any:
    """5 for 5.0."""
    return f"{value:g}" if isinstance(value, float) else value


def _outline(page: Page, entry: Entry, indent: int) -> None:
    for key, value in entry.items():
        label = key.replace("_", " ")
        if value is None or value in ("", [], {}, False):
            continue
        if isinstance(value, dict):
            page.say(f"{label}:", indent)
            for name, text in value.items():
                if isinstance(text, list):
                    page.say(f"{name}:", indent + 2)
                    for item in text:
                        _item(page, item, indent + 4)
                else:
                    page.say(f"{name}: {_number(text)}", indent + 2, "- ")
        elif isinstance(value, list):
            page.say(f"{label}:", indent)
            for item in value:
                _item(page, item, indent + 2)
        else:
            page.say(f"{label}: {'yes' if value is True else _number(value)}", indent)


def _item(page: Page, item: Any, indent: int) -> None:
    if not isinstance(item, dict):
        page.say(item, indent, "- ")
        return
    (first, value), *rest = item.items()
    page.say(f"if {value}" if first == "if" and value not in PLAIN else value, indent, "- ")
    _outline(page, dict(rest), indent + 2)
