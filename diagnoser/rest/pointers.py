"""Where in a body a mistake is: from the paths of the library to JSON Pointers (RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from diagnoser.case.json_input import shown

Place = str | int
_INDEX = re.compile(r"\[(\d+)\]")


def pointer(places: Sequence[Place]) -> str:
    """The JSON Pointer of a place, given by the keys and indices that lead to it."""
    return "".join(f"/{str(place).replace('~', '~0').replace('/', '~1')}" for place in places)


def follow(path: str, data: Any) -> list[Place]:
    """The keys and indices that a path such as `wifi.connection` or `said[2].outcome` stands for
    in the data that it is about.

    Keys may hold dots themselves. A key that is missing ends the way; what is not there below a
    list or a text is that list or text.
    """
    places: list[Place] = []
    rest = path
    while rest:
        if isinstance(data, dict):
            key = _key(rest, data)
            if key is None:
                return [*places, rest]
            places.append(key)
            data, rest = data[key], rest[len(shown(key)) :].removeprefix(".")
            continue
        if not isinstance(data, list):
            break
        index = _INDEX.match(rest)
        if index and int(index[1]) < len(data):
            place, rest = int(index[1]), rest[index.end() :].removeprefix(".")
        elif rest in data:  # a list of what was tried
            place, rest = data.index(rest), ""
        else:
            break
        places.append(place)
        data = data[place]
    return places


def _key(path: str, data: dict[str, Any]) -> str | None:
    """The longest key that the path begins with."""
    fits = [key for key in data if key and _begins(path, shown(key))]
    return max(fits, key=len, default=None)


def _begins(path: str, key: str) -> bool:
    return path == key or path.startswith((f"{key}.", f"{key}["))


def within(loc: Sequence[Place], data: Any, missing: bool = False) -> list[Place]:
    """The place that pydantic names, without the parts of unions that it also names; where
    something is `missing`, the last part is its key."""
    places: list[Place] = []
    for number, part in enumerate(loc):
        if _holds(data, part):
            data = data[part]
        elif not missing or number < len(loc) - 1:
            continue
        places.append(part)
    return places


def _holds(data: Any, place: Place) -> bool:
    if isinstance(data, dict):
        return place in data
    return isinstance(data, list) and isinstance(place, int) and place < len(data)


def answers_in(interview: Any) -> Iterator[tuple[list[Place], str, Any]]:
    """Every answer that the JSON of a conversation holds: its place, its fact and its value."""
    if not isinstance(interview, dict):
        return
    given = interview.get("given")
    yield from _answers(["given"], given)
    said = interview.get("said")
    for number, one in enumerate(said if isinstance(said, list) else []):
        if isinstance(one, dict):
            for key, prefix in (("answers", ""), ("tried", "tried."), ("insisted", "")):
                yield from _answers(["said", number, key], one.get(key), prefix)


def _answers(
    at: list[Place], answers: Any, prefix: str = ""
) -> Iterator[tuple[list[Place], str, Any]]:
    if isinstance(answers, dict):
        for key, value in answers.items():
            yield [*at, key], prefix + key, value
