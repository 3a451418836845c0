"""Dates as devices and management write them, and how long ago something was."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""How a date that does not exist is written by many: as moment 0."""
COCOA = datetime(2001, 1, 1, tzinfo=UTC)
"""From when Apple's own programs count seconds."""
FIRST_BACKUP = datetime(2011, 10, 1, tzinfo=UTC)
"""iCloud began in October 2011, so no backup is older."""
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_DIGITS = re.compile(r"\d{1,19}(?:\.\d{1,9})?", re.ASCII)
LAST_BACKUP = (
    (1, "within-a-day"),
    (7, "within-a-week"),
    (14, "within-two-weeks"),
    (180, "within-180-days"),
)
"""How old, in days, a backup is at most, and the answer for that."""


def from_text(value: Any) -> datetime | None:
    """The moment of a date in ISO 8601, or of a date of a property list; without an offset it is
    UTC. None where it is neither."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    match = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        offset = (match[3] or "Z").replace("Z", "+00:00")
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_seconds(value: Any) -> datetime | None:
    """The moment of so many seconds since 1970."""
    return _counted(value, NEVER, 1)


def from_milliseconds(value: Any) -> datetime | None:
    """The moment of so many milliseconds since 1970."""
    return _counted(value, NEVER, 1000)


def from_cocoa(value: Any) -> datetime | None:
    """The moment of so many seconds since 2001, or of a date in ISO 8601; 0 is no date."""
    moment = _counted(value, COCOA, 1)
    return NEVER if moment == COCOA else moment or from_text(value)


def _counted(value: Any, start: datetime, per_second: int) -> datetime | None:
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return start + timedelta(seconds=value / per_second)
    except (ValueError, OverflowError):
        return None


def written(moment: datetime) -> str:
    """The moment as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_of(day: date) -> datetime:
    """The moment that stands for a day: noon in UTC, to which the night before it belongs nearly
    everywhere on earth."""
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=UTC)
    return datetime.combine(day, time(12), UTC)


def last_backup(moment: datetime, now: datetime) -> str | None:
    """The answer for a backup that finished at this moment; None where it lies in the future.

    Up to a day ahead it is taken as of now: a day is known only by its noon, and clocks differ.
    """
    age = now - moment
    if age < timedelta(days=-1):
        return None
    return next((answer for days, answer in LAST_BACKUP if age <= timedelta(days=days)), "older")
