"""Tables of a format: which key tells which fact, and how its value is read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from diagnoser.importing import dates
from diagnoser.importing.content import Content

Row = Mapping[str, Any]
Answer = str | int | float | datetime
"""An answer of the fact; of `backup.last_backup`, the moment of the backup."""
Reader = Callable[[Any], "Answer | Said | None"]
"""Makes an answer of a value, or None where the value tells nothing. Raises Strange."""
Clock = Callable[[Any], datetime | None]
_VERSION = re.compile(r"(\d{1,2}(?:\.\d{1,3}){0,3})(?:\s*\([0-9A-Za-z]{1,12}\))?", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z]{3,20}\d{1,3},\d{1,3}", re.ASCII)


class Strange(ValueError):
    """A value that its key should not have."""


class Said(NamedTuple):
    """An answer that rests on a part of a value, and that part as it is shown."""

    answer: Answer
    shown: str


class Release(NamedTuple):
    """A version of iOS: when it came out, for which identifiers, and the key that says so."""

    version: str
    posted: datetime | None
    models: frozenset[str]
    key: str


class Key(NamedTuple):
    """A key, with dots between its levels, and the fact that it tells; unless `only_if` holds of
    the row it tells nothing. Of several keys for a fact the first that tells something counts."""

    path: str
    fact: str
    read: Reader
    only_if: Callable[[Row], bool] = lambda _: True


class Format(NamedTuple):
    """A format that lists devices, or holds for all devices.

    `rows` recognises content by its keys and gives its devices, None where it is another format.
    `identity` are keys that name a device (they stay inside), `kind` those that tell what kind of
    device it is, `dated` those that tell when the report was made. `one_phone`: a device's own
    report may come in several files of which only one names the device. `for_all`: what it tells
    holds for every iPhone of the same call, or with `supervised` for those known to be supervised.
    `releases` are the versions that a feed names, the newest of which counts. `remark` is what is
    to be known of every such file.
    """

    name: str
    title: str
    needs: str
    rows: Callable[[Content], list[Row] | None]
    table: tuple[Key, ...]
    identity: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    dated: tuple[tuple[str, Clock], ...] = ()
    one_phone: bool = False
    for_all: bool = False
    supervised: bool = False
    releases: Callable[[Row], list[Release]] | None = None
    remark: str = ""


def at(row: Any, path: str) -> Any:
    """The value at a path of keys, None where there is none."""
    for key in path.split("."):
        row = row.get(key) if isinstance(row, dict) else None
    return row


def objects(data: Any) -> list[Row]:
    """The objects of a list, or the one object."""
    return [one for one in (data if isinstance(data, list) else [data]) if isinstance(one, dict)]


def is_on(path: str) -> Callable[[Row], bool]:
    """Whether a switch is reported, and is on."""
    return lambda row: _switch(at(row, path)) is True


def above_zero(path: str) -> Callable[[Row], bool]:
    """Whether a number is reported that is larger than 0."""
    return lambda row: (_number(at(row, path)) or 0) > 0


def not_zero(path: str) -> Callable[[Row], bool]:
    """Whether a number is not reported as 0."""
    return lambda row: _number(at(row, path)) != 0


def when(**answers: str) -> Reader:
    """Reads a switch: the answer for `true`, for `false`; for what is not named, nothing."""

    def read(value: Any) -> Answer | None:
        switch = _switch(value)
        if switch is None:
            raise Strange
        return answers.get("true" if switch else "false")

    return read


def gigabytes(per_gigabyte: float) -> Reader:
    """Reads free space, of which so many units are a gigabyte of 1000 MB; to the megabyte."""

    def read(value: Any) -> Answer:
        number = _number(value)
        if number is None or number < 0:
            raise Strange
        return round(number / per_gigabyte, 3)

    return read


def version(value: Any) -> Answer:
    """Reads a version, without the build that may follow in brackets."""
    match = _VERSION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise Strange
    return match[1]


def model(value: Any) -> Answer:
    """Reads a model; whether there is such a one is known to the knowledge."""
    if not isinstance(value, str) or not value.strip().startswith("iPhone"):
        raise Strange
    return value.strip()


def identifier(value: Any) -> Answer | None:
    """Reads a model that is written as an identifier, such as `iPhone13,2`, not as a mere kind."""
    return model(value) if isinstance(value, str) and _IDENTIFIER.fullmatch(value.strip()) else None


def backup_date(clock: Clock) -> Reader:
    """Reads the moment of the last backup; moment 0 stands for never."""

    def read(value: Any) -> Answer:
        moment = clock(value)
        if moment == dates.NEVER:
            return "never"
        if moment is None or moment < dates.FIRST_BACKUP:
            raise Strange
        return moment

    return read


def _switch(value: Any) -> bool | None:
    """On or off, also as text or as 1 and 0; None where it is neither."""
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, (bool, int)) and value in (0, 1) else None


def _number(value: Any) -> float | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number that no float can hold
        return None


def told(row: Row, table: tuple[Key, ...]) -> Iterator[tuple[Key, Said | None]]:
    """The keys of the table that are reported, each with its answer and the value as it is written;
    None where the value is strange, which is never shown: it could be anything."""
    done = set()
    for key in table:
        value = at(row, key.path)
        if value is None or value == "" or key.fact in done or not key.only_if(row):
            continue
        try:
            answer = key.read(value)
        except Strange:
            yield key, None
            continue
        if answer is not None:
            done.add(key.fact)
            yield key, answer if isinstance(answer, Said) else Said(answer, _written(value))


def _written(value: Any) -> str:
    """A value as it is written in the file."""
    if isinstance(value, datetime):
        return dates.written(value.replace(tzinfo=UTC))
    return value.strip() if isinstance(value, str) else json.dumps(value)
