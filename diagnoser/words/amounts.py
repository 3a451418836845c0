"""Numbers, spans of time and names in a text, each as one token with what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diagnoser.words import english
from diagnoser.words.dates import passed_since
from diagnoser.words.tokens import Token


class Amount(NamedTuple):
    """A number with a unit, such as `0.4 GB`."""

    number: str
    unit: str


class Share(NamedTuple):
    """A part of a whole, such as `4.7 of 5 GB` used: what is free of it, and the whole."""

    free: Amount
    total: str


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


Meaning = Amount | Share | Span | Name | Version


class Names(NamedTuple):
    """Names by their words, with which words they begin, and how many words they have at most."""

    by_words: Mapping[tuple[str, ...], Name]
    begin: frozenset[str]
    longest: int


class Meant(NamedTuple):
    """A token, and what it stands for beside its word, if anything."""

    token: Token
    meaning: Meaning | None = None

    @property
    def kind(self) -> str:
        """What it is one of: a name of what it begins with, as "iphone 12" of "iphone"; a number
        with points in it of "version", and "never" of itself; another token as it is."""
        if isinstance(self.meaning, Name):
            return self.token.word.split()[0]
        if isinstance(self.meaning, Version):
            return "version"
        return english.NEVER if self.token.spelled[-1:] == (english.NEVER,) else self.token.word


_LONGEST = 8
"""Words of an amount, a share, a span or a date at most."""


def understood(found: Sequence[Token], names: Names, as_of: date | None = None) -> list[Meant]:
    """The tokens, those of amounts, spans and names put together, and those of dates where it is
    known `as_of` which day they were written."""
    result: list[Meant] = []
    place = 0
    while place < len(found):
        word = found[place].word
        if not (word in names.begin or word in english.BEFORE_AMOUNTS or word[0].isdigit()):
            result.append(Meant(found[place]))
            place += 1
            continue
        ahead = found[place : place + max(names.longest + 1, _LONGEST)]
        length, meaning = (
            _name(ahead, names) or _share(ahead) or _date(ahead, as_of) or _quantity(ahead)
        )
        part = found[place : place + max(length, 1)]
        word = " ".join(one.word for one in part)
        if isinstance(meaning, Amount):
            word = f"{meaning.number} {meaning.unit}"
        token = part[-1]._replace(word=word, start=part[0].start)
        result.append(Meant(token, meaning))
        place += max(length, 1)
    return result


def _name(rest: Sequence[Token], names: Names) -> tuple[int, Meaning | None] | None:
    """How many tokens make a name, and which; None where they make none."""
    words = [one.word for one in rest]
    for length in range(min(names.longest, len(words)), 0, -1):
        name = names.by_words.get(tuple(words[:length]))
        if name is not None:
            after = words[length] if length < len(words) else ""
            counts = _unit(after) in english.SPANS or _unit(after) in english.UNITS
            number = _digits(after) and "." not in after
            return None if counts or number else (length, name)
    return None


def _date(rest: Sequence[Token], as_of: date | None) -> tuple[int, Meaning | None] | None:
    """How many tokens make a date, and how long ago that is; None where they make none."""
    words = [one.word for one in rest[:_LONGEST]]
    found = passed_since(words, as_of) if as_of is not None else None
    return (found[0], Span(*found[1])) if found else None


def _share(rest: Sequence[Token]) -> tuple[int, Meaning | None] | None:
    """How many tokens make a share, and which; None where they make none. It is one of what is
    used, as an iPhone shows it, unless it says that it is free."""
    words = [one.spelled[0] for one in rest[:_LONGEST]]
    words.append("")
    part, place = _number(words)
    if not part or words[0] in ("a", "an"):
        return None
    unit = english.UNITS.get(_unit(words[place]))
    place += unit is not None
    tells = words[place] if words[place] in english.OF_STORAGE else ""
    place += bool(tells)
    of = place
    while words[place] in english.OF_A_WHOLE:
        place += 1
    if place == of and (unit is not None or tells):
        return None
    whole, used = _number(words[place:])
    place += used
    total = english.UNITS.get(_unit(words[place])) if whole else None
    place += total is not None
    if not whole or (total is None and (unit is None or place == of + used)):
        return None
    if not tells and words[place] in english.OF_STORAGE:
        tells = words[place]
        place += 1
    amounts = _in_megabytes(part, unit or total), _in_megabytes(whole, total or unit)
    if amounts[0] is None or amounts[1] is None or amounts[0] > amounts[1]:
        return None
    free = amounts[0] if tells in english.FREE else amounts[1] - amounts[0]
    return place, Share(Amount(f"{free.normalize():f}", "MB"), f"{whole} {total or unit}")


def _in_megabytes(number: str, unit: str | None) -> Decimal | None:
    """An amount of storage in MB; None where it is another."""
    times = english.MEGABYTES.get(unit or "")
    text = number.replace(",", ".")
    return None if times is None or text.count(".") > 1 else Decimal(text) * times


def _quantity(rest: Sequence[Token]) -> tuple[int, Meaning | None]:
    """How many tokens make an amount or a span, and which; 0 where they make none."""
    words = [one.word for one in rest[:_LONGEST]]
    if words[0] in ("since", "last", "on") and len(words) > 1:
        skip = 1 + (words[1] in ("last", "the"))
        if skip < len(words) and words[skip] in english.DAYS:
            return skip + 1, Span(2, 7)
    if words[0].endswith("s") and _unit(words[0]) in english.FEW:
        return 1, Span(*english.FEW[_unit(words[0])])
    if words[0] in ("few", "several") and len(words) > 1 and _unit(words[1]) in english.FEW:
        return 2, Span(*english.FEW[_unit(words[1])])
    skip = next(
        (len(one) for one in english.ABOUT + english.MORE_THAN if tuple(words[: len(one)]) == one),
        0,
    )
    number, used = _number(words[skip:]) if skip < len(words) else ("", 0)
    used += skip
    if number and used < len(words):
        used += words[used] == "of" and words[used - 1] == "couple"
    if number and used < len(words):
        unit = _unit(words[used])
        if unit in english.SPANS and not {".", ","} & set(number):
            days, off = english.SPANS[unit]
            count = int(number)
            if tuple(words[:skip]) in english.MORE_THAN:
                return used + 1, Span(count * days + 1, count * days + days)
            return used + 1, Span(count * days - off, count * days + off)
        if unit in english.UNITS:
            return used + 1, Amount(number, english.UNITS[unit])
    counted = words[1] if len(words) > 1 else ""
    if number and used == 1 and "." in number and _unit(counted) not in english.COUNTED:
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
