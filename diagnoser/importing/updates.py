"""Whether an iPhone is offered a newer iOS, from its model, its version and a feed of versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from diagnoser.importing.deciding import Decided
from diagnoser.importing.devices import Reading
from diagnoser.importing.table import Release
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import UNKNOWN, Lookup

OFFERED, MODEL, VERSION = "ios.update_offered", "device.model", "ios.version"
MANAGEMENT, UPDATES = "device.management", "device.updates"
LONGEST_DELAY = timedelta(days=90)
"""For how long an organisation can hold back a version at most."""
FRESH = timedelta(days=1)


class Feed(NamedTuple):
    """The versions that a file names; `dated` is when it was made, None where it does not say."""

    file: str
    releases: list[Release]
    dated: datetime | None


def offered(decided: Decided, feed: Feed, facts: Mapping[str, Fact], now: datetime | None) -> None:
    """Adds whether a newer iOS is offered, where that is sure, and a note with the newest.

    It is sure if nobody can hold the newer version back, or no longer can; and that none is
    offered, if the feed is not older than what else is known.
    """
    model, has = (decided.answers.get(id, (UNKNOWN, None))[0] for id in (MODEL, VERSION))
    if UNKNOWN in (model, has) or isinstance(model, dict) or isinstance(has, dict):
        return  # neither is sure
    told = decided.answers[VERSION][1]
    listed = [
        one
        for one in feed.releases
        if one.models & _spellings(str(model), facts[MODEL])
        and not (now and one.posted and one.posted > now)
    ]
    if not listed:
        decided.notes.append(f"{feed.file} names no iOS for this model.")
        return
    newest = max(listed, key=lambda one: _parts(one.version))
    decided.notes.append(f"The newest iOS for this model in {feed.file} is {newest.version}.")
    newer = [one for one in listed if _parts(one.version) > _parts(str(has))]
    when = max((one for one in (now, feed.dated, told and told.dated) if one), default=None)
    fresh = bool(when and feed.dated and when - feed.dated <= FRESH)
    answer = ""
    if newer and (_free(decided) or _too_old_to_delay(newer, when)):
        answer = "yes"
    elif fresh and _parts(newest.version) == _parts(str(has)):
        answer = "no"
    if answer and OFFERED not in decided.answers and OFFERED in facts:
        reading = Reading(OFFERED, answer, feed.file, newest.key, newest.version, feed.dated)
        decided.answers[OFFERED] = (answer, reading)


def _free(decided: Decided) -> bool:
    """Whether it is known that nobody holds updates back, which needs supervision."""
    said = {fact: answer for fact, (answer, _) in decided.answers.items()}
    return said.get(UPDATES) == "free" or said.get(MANAGEMENT) in ("none", "profile")


def _too_old_to_delay(newer: Iterable[Release], when: datetime | None) -> bool:
    return any(
        one.posted is not None and when is not None and when - one.posted >= LONGEST_DELAY
        for one in newer
    )


def _spellings(name: str, fact: Fact) -> set[str]:
    """How a model is written, also as an identifier, in lower case."""
    spellings = fact.kind.spellings if isinstance(fact.kind, Lookup) else {}
    return {spelling for spelling, row in spellings.items() if row == name}


def _parts(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)
