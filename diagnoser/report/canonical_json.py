"""Writes JSON that is safe to print: the same bytes on any machine and any Python."""

from __future__ import annotations

import re

from pydantic_core import to_json

_OBEYED_OR_HIDDEN = (
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def as_json(value: object) -> str:
    """The value, of models and plain data, as JSON without a line end.

    What a terminal would obey or hide is written as an escape: control characters, direction
    overrides, invisible characters and line separators.
    """
    text = to_json(value, indent=2).decode()
    if text.isascii() and "\x7f" not in text:  # the serializer escapes all before the space
        return text
    return re.sub(_OBEYED_OR_HIDDEN, lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    """The character as JSON escapes it, in UTF-16."""
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
