"""From the rows of a file to devices: what is told of each, and by which key.

What names a device stays in `Device.names`, and is used only to find out which rows are about the
same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from diagnoser.importing import dates, lockdown
from diagnoser.importing.table import Answer, Clock, Format, Row, at, told

KINDS = (
    # how the model or the system begins, in lower case, and what it is
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("ipod", "iPod touch"),
    ("appletv", "Apple TV"),
    ("apple tv", "Apple TV"),
    ("tvos", "Apple TV"),
    ("watch", "Apple Watch"),
    ("apple watch", "Apple Watch"),
    ("realitydevice", "Apple Vision"),
    ("apple vision", "Apple Vision"),
    ("visionos", "Apple Vision"),
    ("audioaccessory", "HomePod"),
    ("homepod", "HomePod"),
    ("mac", "Mac"),
    ("imac", "Mac"),
    ("android", "Android device"),
    ("windows", "Windows computer"),
)
IPHONE = "iPhone"
OTHER = "another device"
NO_NAMES = {"UNKNOWN", "NONE", "NULL", "UNDEFINED", "NA"}
"""What stands for a serial number that is not known: many devices may have it."""
_NAME = re.compile(r"[0-9A-Z-]{2,100}", re.ASCII)
MAY_BE_ONE = ("ios", "iphone os")
"""Systems of an iPhone, and of other devices too."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a key of a file tells: the fact, its answer, and where it is from. `dated` is when the
    report was made, None where it does not say."""

    fact: str
    answer: Answer
    file: str
    key: str
    value: str
    dated: datetime | None = None

    def place(self) -> str:
        """The file, the key, and the date of the report."""
        day = f", {self.dated.date()}" if self.dated else ""
        return f"{self.file} ({self.key}{day})"


@dataclass(slots=True)
class Device:
    """What one row of a file, or several rows, tell of one device.

    `names` are its serial number and the like, each with whether it is one, `kind` what it is, None
    where that is not said. `own` is set for a report that a device itself gave, and `domains` are
    the parts of it.
    """

    row: str
    names: dict[str, bool] = field(default_factory=dict)
    kind: str | None = None
    readings: list[Reading] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dates: dict[str, datetime] = field(default_factory=dict)
    own: bool = False
    domains: set[str] = field(default_factory=set)

    def add(self, other: Device) -> None:
        """Takes what is told of the same device elsewhere."""
        for name, serial in other.names.items():
            self.names.setdefault(name, serial)
        self.kind = self.kind or other.kind
        self.readings += other.readings
        self.notes += other.notes
        self.dates |= other.dates
        self.domains |= other.domains

    def best_name(self) -> str:
        """The name that is the same wherever the device is reported: the serial number, if it is
        known; empty where there is none."""
        return min(self.names, key=lambda name: (not self.names[name], name), default="")

    def date_all(self, moment: datetime) -> None:
        """Dates the readings that have no date: they were made together with one that has."""
        self.readings = [one if one.dated else replace(one, dated=moment) for one in self.readings]


def device_of(row: Row, number: int, file: str, format: Format) -> Device:
    """What a row of a file tells; rows are numbered from 1."""
    found = Device(f"row {number} of {file}", _names(row, format), _kind(row, format))
    if (dated := _dated(row, format.dated)) is not None:
        found.dates[file] = dated
    for key, said in told(row, format.table):
        if said is None:
            found.notes.append(f"{file} ({key.path}) has a value that is not understood.")
        else:
            found.readings.append(Reading(key.fact, said.answer, file, key.path, said.shown, dated))
    if format.one_phone:
        found.own, found.domains = True, lockdown.domains(row)
    return found


def _names(row: Row, format: Format) -> dict[str, bool]:
    names: dict[str, bool] = {}
    for path in format.identity:
        value = at(row, path)
        name = value.strip().upper() if isinstance(value, str) else ""
        if _NAME.fullmatch(name) and name not in NO_NAMES and len(set(name)) > 1:
            names.setdefault(name, "serial" in path.lower())
    return names


def _kind(row: Row, format: Format) -> str | None:
    values = [at(row, path) for path in format.kind]
    texts = [value.strip().lower() for value in values if isinstance(value, str) and value.strip()]
    for text in texts:
        for start, kind in KINDS:
            if text.startswith(start):
                return kind
    return OTHER if texts and not any(text.startswith(MAY_BE_ONE) for text in texts) else None


def _dated(row: Row, clocks: Iterable[tuple[str, Clock]]) -> datetime | None:
    for path, clock in clocks:
        moment = clock(at(row, path))
        if moment is not None and moment > dates.COCOA:
            return moment
    return None


def merged(devices: Iterable[Device]) -> list[Device]:
    """The devices, each once: rows with a name in common are about the same one.

    Files that a device's own tools wrote, and that name none, are taken as being about one device
    if no two of them are the same part of a report, and no two named ones are among them.
    """
    by_name: dict[str, Device] = {}
    found: dict[int, Device] = {}
    for one in devices:
        same = {id(by_name[name]): by_name[name] for name in one.names if name in by_name}
        first, *others = [*same.values(), one]
        for other in others:
            first.add(other)
            found.pop(id(other), None)
            by_name |= dict.fromkeys(other.names, first)
        found[id(first)] = first
        by_name |= dict.fromkeys(one.names, first)
    return _together([*found.values()])


def _together(devices: list[Device]) -> list[Device]:
    own = [one for one in devices if one.own]
    loose = [one for one in own if not one.names]
    domains = [domain for one in own for domain in one.domains]
    if not loose or len(own) == 1:
        return devices
    if len(own) - len(loose) > 1 or len(domains) != len(set(domains)):
        for one in loose:
            one.notes.append("Its file does not name the device, so it is a case of its own.")
        return devices
    first = own[0]
    for other in own[1:]:
        first.add(other)
    if first.dates:
        first.date_all(max(first.dates.values()))
    first.notes.append("Files that do not name their device are taken as being about the same one.")
    return [one for one in devices if one is first or not one.own]
