"""Numbers, spans of time and names in a text, each as one token with what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diagnoser.words import english
from diagnoser.words.tokens import Token


class Amount(NamedTuple):
    """A number with a unit, such as `0.4 GB`."""

    number: str
    unit: str


class Span(NamedTuple):
    """A span of time in days, from the fewest to the most that somebody means who says it."""

    low: int
    high: int


class Name(NamedTuple):
    """A name that a table has, and the fact that it answers."""

    fact: str
    value: str


class Version(NamedTuple):
    """A number with a point in it, as it is written."""

    text: str


Meaning = Amount | Span | Name | Version
Names = Mapping[tuple[str, ...], Name]


class Meant(NamedTuple):
    """A token, and what it stands for beside its word, if anything."""

    token: Token
    meaning: Meaning | None = None


def understood(found: Sequence[Token], names: Names) -> list[Meant]:
    """The tokens, those of amounts, spans and names put together."""
    longest = max(map(len, names), default=0)
    result: list[Meant] = []
    place = 0
    while place < len(found):
        ahead = found[place : place + max(longest + 1, 4)]
        length, meaning = _name(ahead, names, longest) or _quantity(ahead)
        part = found[place : place + max(length, 1)]
        word = " ".join(one.word for one in part)
        if isinstance(meaning, Amount):
            word = f"{meaning.number} {meaning.unit}"
        token = part[-1]._replace(word=word, start=part[0].start)
        result.append(Meant(token, meaning))
        place += max(length, 1)
    return result


def _name(rest: Sequence[Token], names: Names, longest: int) -> tuple[int, Meaning | None] | None:
    """How many tokens make a name, and which; None where they make none."""
    words = [one.word for one in rest]
    for length in range(min(longest, len(words)), 0, -1):
        name = names.get(tuple(words[:length]))
        if name is not None:
            after = words[length] if length < len(words) else ""
            counts = _unit(after) in english.SPANS or _unit(after) in english.UNITS
            return None if counts or _digits(after) else (length, name)
    return None


def _quantity(rest: Sequence[Token]) -> tuple[int, Meaning | None]:
    """How many tokens make an amount or a span, and which; 0 where they make none."""
    words = [one.word for one in rest[:4]]
    if words[0] in ("since", "last", "on") and len(words) > 1:
        skip = 1 + (words[1] == "last")
        if skip < len(words) and words[skip] in english.DAYS:
            return skip + 1, Span(2, 7)
    if words[0] in ("few", "several") and len(words) > 1 and _unit(words[1]) in english.FEW:
        return 2, Span(*english.FEW[_unit(words[1])])
    number, used = _number(words)
    if number and used < len(words):
        unit = _unit(words[used])
        if unit in english.SPANS and not {".", ","} & set(number):
            days, off = english.SPANS[unit]
            count = int(number)
            return used + 1, Span(count * days - off, count * days + off)
        if unit in english.UNITS:
            return used + 1, Amount(number, english.UNITS[unit])
    if number and used == 1 and "." in number:
        return 1, Version(number)
    return 0, None


def _number(words: Sequence[str]) -> tuple[str, int]:
    """The number that the words begin with, and how many of them it takes."""
    first = words[0]
    if _digits(first):
        return (first, 1) if len(first) < 8 else ("", 0)
    if first in ("a", "an"):
        return ("1", 1)
    if first not in english.NUMBERS:
        return "", 0
    number, second = english.NUMBERS[first], words[1] if len(words) > 1 else ""
    if second == "hundred":
        return str(number * 100), 2
    if number >= 20 and english.NUMBERS.get(second, 20) < 10:
        return str(number + english.NUMBERS[second]), 2
    return str(number), 1


def _digits(word: str) -> bool:
    return word[:1].isascii() and word[:1].isdigit()


def _unit(word: str) -> str:
    """A unit without the s at its end; another word as it is."""
    bare = word.removesuffix("s")
    return bare if bare in english.SPANS or bare in english.UNITS else word
