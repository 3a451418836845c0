"""What a fact may be known to be, and how something is refused that fits none of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | float | tuple[int, ...] | frozenset[str]
Shown = str | int | float | list[str]
"""A value as it is written in a facts file."""
Written = Shown | dict[str, Shown]
"""An answer as it is written in a facts file, also one under `THINK`."""
UNKNOWN = "unknown"
THINK = "think"
"""The key under which an answer stands that somebody thinks right without being sure of it."""


def plain(written: object) -> Any:
    """An answer of a facts file without whether somebody only thinks it."""
    return written[THINK] if is_thought(written) else written  # type: ignore[index]


def is_thought(written: object) -> bool:
    """Whether an answer of a facts file is one that somebody only thinks right."""
    return isinstance(written, Mapping) and THINK in written


@dataclass(frozen=True, slots=True)
class Thought:
    """A value that somebody thinks right without being sure of it."""

    value: Value


class Unfit(ValueError):
    """A value that does not fit its fact: why, what would, and the nearest thing that does."""

    def __init__(self, reason: str, allowed: str, near: str = "") -> None:
        super().__init__(reason)
        self.reason, self.allowed, self.near = reason, allowed, near


class Ambiguous(Unfit):
    """A value that can mean several things; only what tells them apart is allowed."""
