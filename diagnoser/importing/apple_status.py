"""Apple's system status feed, for people or for developers, also wrapped as JSONP.

It has no date of its own: it is as of when it was loaded. Only what is going on counts: events that
are resolved, completed or upcoming do not.
"""

from __future__ import annotations

from typing import Any

from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Key, Row, Said, objects

BACKUP = "icloud backup"
ACCOUNT = ("icloud account", "apple account", "apple id")
OVER = {"resolved", "completed", "upcoming"}


def rows(content: Content) -> list[Row] | None:
    """An object whose `services` have a `serviceName`."""
    data = content.data
    named = isinstance(data, dict) and [
        one for one in objects(data.get("services", [])) if "serviceName" in one
    ]
    return [data] if named else None


def _status(services: Any) -> Said | None:
    """Whether an event is going on for iCloud Backup or for accounts; nothing where the feed has no
    line for iCloud Backup, or does not say how an event stands."""
    lines = [(_name(one), one) for one in objects(services)]
    backup = [one for name, one in lines if BACKUP in name]
    account = [one for name, one in lines if any(part in name for part in ACCOUNT)]
    states = [
        event.get("eventStatus") for one in backup + account for event in objects(one.get("events"))
    ]
    if "ongoing" in states:
        return Said("not-green", "ongoing")
    if backup and all(isinstance(state, str) and state in OVER for state in states):
        return Said("green", "no event is ongoing")
    return None


def _name(service: Row) -> str:
    name = service.get("serviceName")
    return " ".join(name.lower().split()) if isinstance(name, str) else ""


FORMAT = Format(
    "apple_status",
    "Apple's system status",
    "the keys services and serviceName",
    rows,
    (Key("services", "service.status", _status),),
    for_all=True,
    remark="It has no date, so it counts as of when it was loaded.",
)
