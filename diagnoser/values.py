"""The kinds of values a fact can have: how each is read, compared, shown and described.

Inside the program a choice, a word or a row of a table is text, a number is an int or float, and a
version is a tuple of ints without trailing zeros, so that values of one kind compare with `<` and
`==`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnoser.errors import nearest, quoted

Value = str | int | float | tuple[int, ...]
Shown = str | int | float
"""A value as it is written in a facts file."""
UNKNOWN = "unknown"
_VERSION = re.compile(r"(?:[A-Za-z]+\s*)?(\d{1,4}(?:\.\d{1,4}){0,3})")
_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(.*)")
_PREFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


class Unfit(ValueError):
    """A value that does not fit its fact: why, what would, and the nearest thing that does."""

    def __init__(self, reason: str, allowed: str, near: str = "") -> None:
        super().__init__(reason)
        self.reason, self.allowed, self.near = reason, allowed, near


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few answers, each with a label."""

    labels: Mapping[str, str]

    @property
    def allowed(self) -> str:
        return ", ".join([*self.labels, UNKNOWN])

    def parse(self, value: object) -> Value:
        if isinstance(value, str) and value in self.labels:
            return value
        near = nearest(value, self.labels) if isinstance(value, str) else ""
        if isinstance(value, bool):
            near = next(
                (
                    word
                    for word in (("yes", "on") if value else ("no", "off"))
                    if word in self.labels
                ),
                "",
            )
        raise Unfit(f"{quoted(value)} is not one of its answers", self.allowed, near)

    def parse_text(self, text: str) -> Value:
        """As `parse`, from what a person types: the answer's id, or its label."""
        by_label = {label.lower(): word for word, label in self.labels.items()}
        return self.parse(by_label.get(text.lower(), text.lower()))

    def show(self, value: Value) -> str:
        return str(value)

    def label(self, value: Value) -> str:
        return self.labels[str(value)]

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [{"const": word, "title": label} for word, label in self.labels.items()]
            + [{"const": UNKNOWN}, {"type": "null"}]
        }


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a unit, within bounds (both included)."""

    unit: str
    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f"a number from {_plain(self.low)} to {_plain(self.high)} {self.unit}, or {UNKNOWN}"

    def parse(self, value: object) -> Value:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            near = ""
            if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
                try:
                    near = str(_plain(self.parse_text(value)))
                except Unfit:
                    near = ""
            raise Unfit(f"{quoted(value)} is not a number", self.allowed, near)
        if isinstance(value, float) and not math.isfinite(value):
            raise Unfit(f"{quoted(value)} is not a finite number", self.allowed)
        if not self.low <= value <= self.high:
            raise Unfit(f"{quoted(value)} is out of range", self.allowed)
        return _plain(value)

    def parse_text(self, text: str) -> Value:
        """As `parse`, from what a person types: `0.3`, `0,3` or with a unit, `300 MB` where GB is
        asked."""
        match = _NUMBER.fullmatch(text.strip())
        if not match:
            raise Unfit(f"{quoted(text)} is not a number", self.allowed)
        return self.parse(float(match[1].replace(",", ".")) * self._scale(text, match[2].strip()))

    def _scale(self, text: str, unit: str) -> float:
        """How many of this fact's units one of the unit that was typed is."""
        if not unit or unit.lower() == self.unit.lower():
            return 1.0
        mine = self.unit if self.unit[:1] in _PREFIXES else f" {self.unit}"
        typed = unit if unit[0] in _PREFIXES else unit[0].upper() + unit[1:]
        if typed[1:].lower() == mine[1:].lower() and typed[0] in _PREFIXES:
            return _PREFIXES[typed[0]] / _PREFIXES.get(mine[0], 1.0)
        raise Unfit(f"{quoted(text)} has a unit that is not understood", self.allowed)

    def show(self, value: Value) -> Shown:
        assert not isinstance(value, tuple)
        return value

    def label(self, value: Value) -> str:
        return f"{value} {self.unit}"

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": _plain(self.low), "maximum": _plain(self.high)}
        return {
            "anyOf": [number, {"const": UNKNOWN}, {"type": "null"}],
            "description": f"in {self.unit}",
        }


@dataclass(frozen=True, slots=True)
class Version:
    """A dotted version, compared part by part as numbers; the first part lies within bounds."""

    low: int
    high: int

    @property
    def allowed(self) -> str:
        example = f'a version in quotes such as "{self.high // 5}.1"'
        return f"{example} (first part {self.low} to {self.high}), or {UNKNOWN}"

    def parse(self, value: object) -> Value:
        match = _VERSION.fullmatch(value.strip()) if isinstance(value, str) else None
        if not match:
            plain = isinstance(value, (int, float)) and not isinstance(value, bool)
            near = str(value) if plain and _VERSION.fullmatch(str(value)) else ""
            raise Unfit(f"{quoted(value)} is not a version", self.allowed, near)
        parts = [int(part) for part in match[1].split(".")]
        if not self.low <= parts[0] <= self.high:
            raise Unfit(f"{quoted(value)} is out of range", self.allowed)
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return tuple(parts)

    def parse_text(self, text: str) -> Value:
        """As `parse`; a name before the number is allowed in both: `iOS 18.5`."""
        return self.parse(text)

    def show(self, value: Value) -> str:
        assert isinstance(value, tuple)
        return ".".join(str(part) for part in value)

    def label(self, value: Value) -> str:
        return self.show(value)

    def schema(self) -> dict[str, Any]:
        version = {
            "type": "string",
            "pattern": _VERSION.pattern.join("^$"),
            "examples": [f"{self.high // 5}.1"],
        }
        return {"anyOf": [version, {"const": UNKNOWN}, {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A row of a table, called by its name or by another spelling of it; upper and lower case are
    the same."""

    names: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        return f"one of {len(self.names)} names such as {', '.join(self.names[-3:])}, or {UNKNOWN}"

    def parse(self, value: object) -> Value:
        text = " ".join(value.split()).lower() if isinstance(value, str) else ""
        if text in self.spellings:
            return self.spellings[text]
        near = nearest(text, self.names) if text else ""
        raise Unfit(f"{quoted(value)} is not in its table", self.allowed, near)

    def parse_text(self, text: str) -> Value:
        return self.parse(text)

    def show(self, value: Value) -> str:
        return str(value)

    def label(self, value: Value) -> str:
        return str(value)

    def schema(self) -> dict[str, Any]:
        spelling = {"type": "string", "maxLength": 200, "examples": list(self.names[-3:])}
        return {"anyOf": [spelling, {"const": UNKNOWN}, {"type": "null"}]}


Kind = Choice | Number | Version | Lookup


def same_kind(one: Kind, other: Kind) -> bool:
    """Whether values of the two kinds can be compared with each other as larger and smaller."""
    return isinstance(one, (Number, Version)) and type(one) is type(other)


def words(column: Iterable[str]) -> Choice:
    """The kind of a table's column whose cells are words."""
    return Choice({word: word for word in sorted(set(column))})


def _plain(number: Any) -> Value:
    """7 for 7.0 (and for -0.0, 0), so that equal numbers are written alike."""
    return int(number) if float(number).is_integer() else number
