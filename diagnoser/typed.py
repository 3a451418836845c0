"""What a person types, and the answer that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.knowledge import Fact
from diagnoser.values import UNKNOWN, Choice, Lookup, Number, Unfit, Version

NOT_SURE = ("unknown", "not sure", "unsure", "don't know", "dont know", "i don't know", "no idea")
"""Words for `unknown`, for questions whose answers have no numbers."""

SHOWN = 6
"""Rows of a table that a message repeats at most."""

SMALLER = {"T": "G", "G": "M", "M": "k"}
"""The next smaller prefix of a unit."""

_ROUGHLY = re.compile(r"(?:about|around|roughly|circa|ca\.?|~)\s*", re.IGNORECASE)
_BUILD = re.compile(r"\s*\([^()]*\)$")


def options_of(kind: Choice) -> dict[str, str]:
    """The numbered answers of a choice by id; "not sure" is always the last."""
    return {**kind.labels, UNKNOWN: "Not sure"}


def allowed(fact: Fact) -> str:
    """What may be typed for a fact whose answers have no numbers."""
    kind = fact.kind
    usual = max(fact.typical, key=lambda one: one[1])[0] if fact.typical else None
    such = "" if usual is None else f", such as {kind.label(usual).strip()}"
    if isinstance(kind, Number):
        bounds = f"a number from {kind.low:g} to {kind.high:g} {kind.unit}"
        smaller = SMALLER.get(kind.unit[:1])
        return (
            f"{bounds}, or with a unit, such as 300 {smaller}{kind.unit[1:]}" if smaller else bounds
        )
    return f"a version{such}" if isinstance(kind, Version) else f"a name{such}"


def read(fact: Fact, text: str) -> Any:
    """The answer to a fact, as it is written in a facts file.

    Raises InvalidFacts with what is allowed.
    """
    text = " ".join(text.split())
    kind = fact.kind
    if isinstance(kind, Choice):
        return pick(text, options_of(kind))
    if text.lower().rstrip(".") in NOT_SURE:
        return UNKNOWN
    try:
        if isinstance(kind, Lookup):
            return _row(kind, text)
        if isinstance(kind, Version):
            return kind.show(kind.parse_text(_BUILD.sub("", text).replace(",", ".")))
        return kind.show(kind.parse_text(_ROUGHLY.sub("", text, count=1)))
    except Unfit as unfit:
        raise _unfit(unfit.reason, allowed(fact), unfit.near) from None


def pick(text: str, options: Mapping[str, str]) -> str:
    """The option that is meant by its number, its id, or the start of its id or label (or, when
    there is none, by words from the label).

    The last option ("not sure") gives way to the others. Raises InvalidFacts.
    """
    ids = list(options)
    low = " ".join(text.split()).lower().rstrip(".") or text
    if low.isdecimal():
        if low.isascii() and 1 <= int(low[:3]) <= len(ids):
            return ids[int(low[:3]) - 1]
        raise _unfit(f"{quoted(text)} is not the number of an answer", _numbers(ids))
    if text in options:
        return text
    exact = [id for id in ids if low in _spellings(id, options[id])]
    starts = [
        id for id in ids if low and any(one.startswith(low) for one in _spellings(id, options[id]))
    ]
    if not starts and len(low) > 2:
        starts = [id for id in ids if f" {low}" in options[id].lower()]
    if UNKNOWN in starts and len(starts) > 1:
        starts.remove(UNKNOWN)
    if len(exact) == 1 or len(starts) == 1:
        return (exact or starts)[0]
    if UNKNOWN in options and low in NOT_SURE:
        return UNKNOWN
    if starts:
        places = ", ".join(str(ids.index(id) + 1) for id in starts)
        raise _unfit(f"{quoted(text)} fits the answers {places}", "one of these numbers")
    reason = f"{quoted(text)} is none of the answers" if low else "that is no answer"
    raise _unfit(reason, _numbers(ids))


def _spellings(id: str, label: str) -> tuple[str, ...]:
    return id.lower(), id.lower().replace("-", " "), label.lower()


def _numbers(ids: list[str]) -> str:
    return f"a number from 1 to {len(ids)}, or the start of an answer"


def _row(kind: Lookup, text: str) -> str:
    """The row of a table by its name, another spelling, or a part of the name that no other row
    has."""
    try:
        return kind.show(kind.parse_text(text))
    except Unfit as unfit:
        low = text.lower()
        for among in (
            [name for name in kind.names if name.lower().startswith(low)],
            [name for name in kind.names if name.lower().endswith(f" {low}")],
            [name for name in kind.names if low in name.lower()],
        ):
            if low and len(among) == 1:
                return among[0]
            if 1 < len(among) < len(kind.names):
                reason = f"{quoted(text)} fits {_some(among)}"
                raise _unfit(reason, "one of them, in full") from None
        raise Unfit(unfit.reason, "", unfit.near or nearest(low, kind.names)) from None


def _some(names: Iterable[str]) -> str:
    *first, last = list(names)
    if len(first) >= SHOWN:
        return f"{', '.join(first[:SHOWN])} and {len(first) + 1 - SHOWN} others"
    return f"{', '.join(first)} and {last}"


def _unfit(reason: str, allowed: str, near: str = "") -> InvalidFacts:
    return InvalidFacts([fact_problem("", reason, allowed, near)])
