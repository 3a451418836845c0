"""How much a file may hold, and what is said of one that cannot be read."""

from __future__ import annotations

from typing import Any

FORMS = "JSON, JSONP, a property list, XML, or lines of Key: value"
MAX_DEPTH = 32
MAX_VALUES = 1_000_000
"""Values, counted wherever they stand: a binary property list may hold one in many places."""


class Unreadable(ValueError):
    """Why a file cannot be read, and what could be. It repeats nothing of the content."""

    def __init__(self, reason: str, allowed: str = "") -> None:
        super().__init__(reason)
        self.reason, self.allowed = reason, allowed


def bound(data: Any) -> None:
    """Raises Unreadable where objects and lists are nested too deep, or hold too much."""
    level, values = [data], 0
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, (dict, list)):
                values += len(one)
                if values > MAX_VALUES:
                    raise Unreadable(f"holds more than {MAX_VALUES:,} values")
                held = one.values() if isinstance(one, dict) else one
                inner += [value for value in held if isinstance(value, (dict, list))]
        if not inner:
            return
        level = inner
    raise too_deep()


def too_deep() -> Unreadable:
    return Unreadable(f"is nested more than {MAX_DEPTH} levels deep")
