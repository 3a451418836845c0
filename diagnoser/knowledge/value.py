"""What a fact may be known to be, and how something is refused that fits none of its answers."""

from __future__ import annotations

Value = str | int | float | tuple[int, ...] | frozenset[str]
Shown = str | int | float | list[str]
"""A value as it is written in a facts file."""
UNKNOWN = "unknown"


class Unfit(ValueError):
    """A value that does not fit its fact: why, what would, and the nearest thing that does."""

    def __init__(self, reason: str, allowed: str, near: str = "") -> None:
        super().__init__(reason)
        self.reason, self.allowed, self.near = reason, allowed, near


class Ambiguous(Unfit):
    """A value that can mean several things; only what tells them apart is allowed."""
