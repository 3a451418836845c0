"""The kinds of values a fact can have: how each is read, compared, shown and described.

Inside the program a choice, a word or a row of a table is text, a number is an int or float, and a
version is a tuple of ints without trailing zeros, so that values of one kind compare with `<` and
`==`. Two or more words of a choice that hold together are a frozenset.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from diagnoser.errors import quoted
from diagnoser.knowledge import lookup
from diagnoser.knowledge.choice import Choice
from diagnoser.knowledge.value import (
    THINK,
    UNKNOWN,
    Ambiguous,
    Shown,
    Thought,
    Unfit,
    Value,
    Written,
    is_thought,
    plain,
)

__all__ = [
    "THINK",
    "UNKNOWN",
    "Ambiguous",
    "Choice",
    "Kind",
    "Lookup",
    "Number",
    "Shown",
    "Thought",
    "Unfit",
    "Value",
    "Version",
    "Written",
    "constant",
    "is_thought",
    "plain",
    "same_kind",
    "words",
]

# Patterns are compiled, and remembered, by `re` where they are first used: few starts need them.
_VERSION = r"(?:[A-Za-z]+\s*)?([0-9]{1,4}(?:\.[0-9]{1,4}){0,3})"
_BETA = r"\s*(?:(?:[Pp]ublic|[Dd]eveloper)\s+)?[Bb]eta(?:\s*([0-9]{1,2}))?"
_NUMBER = r"([+-]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+))\s*(.*)"
_THOUSANDS = r"[+-]?[1-9][0-9]{0,2},[0-9]{3}"
_PREFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


class Number(NamedTuple):
    """A number with a unit, within bounds (both included)."""

    unit: str
    low: float
    high: float

    @property
    def takes(self) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return "a number"
        return f"a number from {_plain(self.low)} to {_plain(self.high)} {self.unit}"

    @property
    def allowed(self) -> str:
        return f"{self.takes}, or {UNKNOWN}"

    def parse(self, value: object) -> Value:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            reason = "is not a number"
            if isinstance(value, str):
                reason = f"is text; write the number without quotes: {self.parse_text(value)}"
            raise Unfit(f"{quoted(value)} {reason}", self.allowed)
        return self._within(value, value)

    def _within(self, number: int | float, written: object) -> Value:
        """The number, if it is one of this kind; complaints repeat it as it was written."""
        if number in (math.inf, -math.inf):
            which = quoted(written) if isinstance(written, str) else "the number"
            raise Unfit(f"{which} is too {'large' if number > 0 else 'small'}", self.allowed)
        if number != number:
            raise Unfit(f"{quoted(written)} is not a number", self.allowed)
        if not self.low <= number <= self.high:
            raise Unfit(f"{quoted(written)} is out of range", self.allowed)
        return _plain(number)

    def parse_text(self, text: str) -> Value:
        """As `parse`, from what a person types: `0.3`, `0,3` or with a unit, `300 MB` where GB is
        asked."""
        match = re.fullmatch(_NUMBER, text.strip())
        if not match:
            raise Unfit(f"{quoted(text)} is not a number", self.allowed)
        if re.fullmatch(_THOUSANDS, match[1]):
            reason = f"{quoted(text)} can be read in two ways; write it without the comma"
            raise Unfit(reason, self.allowed)
        number = float(match[1].replace(",", ".")) * self._scale(text, match[2].strip())
        return self._within(number, text)

    def _scale(self, text: str, unit: str) -> float:
        """How many of this fact's units one of the unit that was typed is."""
        if not unit or unit.lower() == self.unit.lower():
            return 1.0
        mine = self.unit if self.unit[:1] in _PREFIXES else f" {self.unit}"
        # "300 mb" is meant where GB is asked, but "300 mm" are no megametres.
        exact = unit[0] in _PREFIXES or mine[0] == " "
        typed = unit if exact else unit[0].upper() + unit[1:]
        if typed[1:].lower() == mine[1:].lower() and typed[0] in _PREFIXES:
            return _PREFIXES[typed[0]] / _PREFIXES.get(mine[0], 1.0)
        raise Unfit(f"{quoted(text)} has a unit that is not understood", self.allowed)

    def show(self, value: Value) -> Shown:
        assert isinstance(value, (int, float))
        return value

    def label(self, value: Value) -> str:
        return f"{value} {self.unit}"

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": _plain(self.low), "maximum": _plain(self.high)}
        return {
            "anyOf": [number, {"const": UNKNOWN}, {"type": "null"}],
            "description": f"in {self.unit}",
        }


class Version(NamedTuple):
    """A dotted version, compared part by part as numbers; the first part lies within bounds.

    `usual` is the most typical one, as it is written; empty where that is not known. `beta` names
    the facts that `27.1 beta 2` answers too, if there are any: the one that tells of a beta, its
    answer, and the one that takes the number.
    """

    low: int
    high: int
    usual: str = ""
    beta: tuple[str, str, str] | None = None

    @property
    def example(self) -> str:
        return self.usual or f"{max(self.low, 1)}.0"

    @property
    def takes(self) -> str:
        example = f'a version in quotes such as "{self.example}"'
        return f"{example} (first part {self.low} to {self.high})"

    @property
    def allowed(self) -> str:
        return f"{self.takes}, or {UNKNOWN}"

    def parse(self, value: object) -> Value:
        """The parts of a version; what it says of a beta is for `also_says`."""
        match = re.fullmatch(self._pattern, value.strip()) if isinstance(value, str) else None
        if not match:
            reason, near = f"{quoted(value)} is not a version", ""
            if isinstance(value, (int, float)) and re.fullmatch(_VERSION, quoted(value)):
                reason, near = (
                    f"{quoted(value)} is a number; a version is text in quotes",
                    quoted(value),
                )
            raise Unfit(reason, self.allowed, near)
        parts = [int(part) for part in match[1].split(".")]
        if not self.low <= parts[0] <= self.high:
            raise Unfit(f"{quoted(value)} is out of range", self.allowed)
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return tuple(parts)

    def parse_text(self, text: str) -> Value:
        """As `parse`; a name before the number is allowed in both: `iOS 18.5`."""
        return self.parse(text)

    @property
    def _pattern(self) -> str:
        return f"(?![Bb]eta){_VERSION}(?:{_BETA})?" if self.beta else _VERSION

    def also_says(self, value: object) -> dict[str, str]:
        """What a version that names a beta answers besides, by fact id."""
        match = re.fullmatch(self._pattern, value.strip()) if isinstance(value, str) else None
        if self.beta is None or not match or "beta" not in match[0].lower():
            return {}
        fact, answer, number = self.beta
        return {fact: answer} | ({number: match[2]} if match[2] else {})

    def written(self, text: str) -> str:
        """What was typed as a facts file has it, with the beta that it names. Raises Unfit."""
        version = self.show(self.parse_text(text))
        says = self.also_says(text)
        return " ".join([version, "beta", *list(says.values())[1:]]) if says else version

    def show(self, value: Value) -> str:
        assert isinstance(value, tuple)
        return ".".join(str(part) for part in value)

    def label(self, value: Value) -> str:
        return self.show(value)

    def schema(self) -> dict[str, Any]:
        version = {
            "type": "string",
            "pattern": rf"^\s*{self._pattern}\s*$",
            "examples": [self.example],
        }
        return {"anyOf": [version, {"const": UNKNOWN}, {"type": "null"}]}


class Lookup(NamedTuple):
    """A row of a table, called by its name or by another spelling of it; upper and lower case are
    the same. A spelling with a `*` at its end stands for all that begins so. A person may also type
    any words that only one row has."""

    names: tuple[str, ...]
    spellings: Mapping[str, str]

    @property
    def takes(self) -> str:
        return f"one of {len(self.names)} names such as {', '.join(self.names[-3:])}"

    @property
    def allowed(self) -> str:
        return f"{self.takes}, or {UNKNOWN}"

    def parse(self, value: object) -> Value:
        text = " ".join(value.split()) if isinstance(value, str) else ""
        if text.lower() in self.spellings:
            return self.spellings[text.lower()]
        for spelling, name in self.spellings.items():
            if spelling.endswith("*") and text.lower().startswith(spelling[:-1]):
                return name
        near = self._meant(text) or self._one(text, lookup.near(text, self.names, self.spellings))
        raise Unfit(f"{quoted(value)} is not known here", self.allowed, near)

    def parse_text(self, text: str) -> Value:
        """As `parse`, also from words of a name that no other row has."""
        words = " ".join(text.split())
        return self.spellings.get(words.lower()) or self._meant(words) or self.parse(words)

    def _meant(self, text: str) -> str:
        return self._one(text, lookup.meant(text, self.names, self.spellings))

    def _one(self, text: str, found: Sequence[str]) -> str:
        """The one row that was found, or an empty string.

        Raises Ambiguous when there are several.
        """
        if len(found) > 1:
            raise Ambiguous(
                f"{quoted(text)} can mean {lookup.listed(found)}", "one of them in full"
            )
        return found[0] if found else ""

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


def constant(kind: Kind, text: str) -> Value:
    """The value that a knowledge file writes, where every scalar is text and nothing is unknown.

    Raises Unfit.
    """
    try:
        exact = isinstance(kind, (Choice, Lookup))
        return kind.parse(text) if exact else kind.parse_text(text)
    except Unfit as unfit:
        near = "" if unfit.near == UNKNOWN else unfit.near
        raise Unfit(unfit.reason, kind.takes, near) from None


def words(column: Iterable[str]) -> Choice:
    """The kind of a table's column whose cells are words."""
    return Choice({word: word for word in sorted(set(column))})


def _plain(number: float) -> int | float:
    """7 for 7.0 (and for -0.0, 0), so that equal numbers are written alike."""
    return int(number) if float(number).is_integer() else float(number)
