"""Days of the calendar in a text, as the days that have passed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from diagnoser.words import english

Passed = tuple[int, int]
"""Days that have passed, from the fewest to the most."""
_SINCE = ("since", "in", "from")


def passed_since(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    """How many of the words make a date, such as `14 march` or `the 3rd`, and the days from it to
    `as_of`: the last such day that is not after it. None where they make none."""
    for read in (_iso, _day_and_month, _month_and_day, _day, _feast, _month):
        if (found := read(words, as_of)) is not None:
            used, (low, high) = found
            return (used, (low, high)) if low >= 0 else None
    return None


def _iso(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    if len(words) < 3 or not (len(words[0]) == 4 and all(one.isdecimal() for one in words[:3])):
        return None
    return _only(3, _date(int(words[0][:4]), int(words[1][:4]), int(words[2][:4])), as_of)


def _day_and_month(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    """`14 march`, `the 14th of march 2026`."""
    start = int(words[0] == "the")
    day, place = _number(words, start)
    place += place < len(words) and words[place] == "of"
    month = english.MONTHS.get(words[place], 0) if place < len(words) else 0
    return _in_year(words, place + 1, month, day, as_of) if day and month else None


def _month_and_day(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    """`march 14`, `march the 14th 2026`."""
    month = english.MONTHS.get(words[0], 0)
    start = 1 + (len(words) > 1 and words[1] == "the")
    day, place = _number(words, start)
    return _in_year(words, place, month, day, as_of) if day and month else None


def _day(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    """`the 3rd`, `the third`, of this month or the one before."""
    if words[0] != "the" or len(words) < 2:
        return None
    day, place = _number(words, 1)
    bare = place == 2 and words[1] not in english.ORDINALS
    if not day or bare or (words[1] in english.ORDINALS and place < len(words)):
        return None
    before = as_of.replace(day=1) - timedelta(days=1)
    this = _date(as_of.year, as_of.month, day)
    if this is None or this > as_of:
        this = _date(before.year, before.month, day)
    return _only(place, this, as_of)


def _feast(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    feast = english.FEASTS.get(words[0])
    return _in_year(words, 1, *feast, as_of) if feast else None


def _month(words: Sequence[str], as_of: date) -> tuple[int, Passed] | None:
    """`since october`: from its last day to its first."""
    month = english.MONTHS.get(words[1], 0) if len(words) > 1 and words[0] in _SINCE else 0
    if not month or words[1] in ("may", "mar"):
        return None
    year = as_of.year - (month > as_of.month)
    first = date(year, month, 1)
    last = min((first + timedelta(days=31)).replace(day=1) - timedelta(days=1), as_of)
    return 2, ((as_of - last).days, (as_of - first).days)


def _number(words: Sequence[str], place: int) -> tuple[int, int]:
    """The day of a month that is written there, or 0, and the place after it."""
    if place >= len(words):
        return 0, place
    word = words[place]
    if word in english.ORDINALS:
        return english.ORDINALS[word], place + 1
    day = int(word) if word.isascii() and word.isdecimal() and len(word) < 3 else 0
    ends = place + 1 < len(words) and words[place + 1] in ("st", "nd", "rd", "th")
    return day if day <= 31 else 0, place + 1 + (ends and day > 0)


def _in_year(
    words: Sequence[str], place: int, month: int, day: int, as_of: date
) -> tuple[int, Passed] | None:
    """The day in the year that follows it in the text, or else the last such day."""
    written = words[place] if place < len(words) else ""
    if len(written) == 4 and written.isascii() and written.isdecimal():
        return _only(place + 1, _date(int(written), month, day), as_of)
    found = _date(as_of.year, month, day)
    if found is None or found > as_of:
        found = _date(as_of.year - 1, month, day)
    return _only(place, found, as_of)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _only(used: int, found: date | None, as_of: date) -> tuple[int, Passed] | None:
    if found is None:
        return None
    days = (as_of - found).days
    return used, (days, days)
