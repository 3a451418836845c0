"""Reads files of devices and of management into cases."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.case.provenance import Provenance
from diagnoser.errors import DiagnoserError, fact_problem, printable
from diagnoser.importing import dates, updates
from diagnoser.importing.bounds import Unreadable
from diagnoser.importing.content import MAX_BYTES, parse
from diagnoser.importing.deciding import decide
from diagnoser.importing.devices import IPHONE, Device, Reading, device_of, merged
from diagnoser.importing.formats import FORMATS, recognised
from diagnoser.importing.model import FileRead, FileRefused, Imported, ImportedCase, SetAside
from diagnoser.importing.table import Format, Row
from diagnoser.knowledge.values import Written

File = str | Path | tuple[str, bytes]
"""A path, or the name of a file and its content."""
LONGEST = 200
"""Characters of a name or a value that are kept."""
ALL = "any iPhone"
SALT = 16
"""Bytes of a salt at least: with a shorter one a hash could be undone by trying."""
HASH = 16
"""Hexadecimal digits of the hash of a device."""


def read(
    diagnoser: Diagnoser,
    files: Iterable[File],
    *,
    as_of: date | None = None,
    given: Mapping[str, Any] | None = None,
    format: str | None = None,
    salt: bytes | None = None,
) -> Imported:
    """What files tell, as cases for this diagnoser; each format is known by its content, unless
    `format` names one of `FORMATS`.

    Ages are counted to `as_of`; without it to the day of a report, and where that is not known
    either, they are left out: no clock is read. `given` are facts that count whatever the files
    say. A device is named by its row, or with a `salt` by HMAC-SHA256 of its serial number (or
    UDID), shortened. Raises InvalidFacts for what is `given`, and DiagnoserError for the rest;
    a file that cannot be read is listed in the result.
    """
    if format is not None and format not in FORMATS:
        raise DiagnoserError([fact_problem("format", "is not known", ", ".join(FORMATS))])
    if salt is not None and len(salt) < SALT:
        raise DiagnoserError([fact_problem("salt", f"is shorter than {SALT} bytes")])
    return _Reading(diagnoser, as_of, given or {}, format, salt).imported(files)


class _Reading:
    def __init__(
        self,
        diagnoser: Diagnoser,
        as_of: date | None,
        given: Mapping[str, Any],
        format: str | None,
        salt: bytes | None,
    ) -> None:
        self._sheet, self._facts = diagnoser.sheet, diagnoser.knowledge.facts
        self._now = None if as_of is None else dates.moment_of(as_of)
        said = self._sheet.show(self._sheet.read(given))
        self._given = {
            f"{area}.{fact}": answer
            for area, facts in said.items()
            for fact, answer in facts.items()
        }
        self._format, self._salt = format, salt
        self._devices: list[Device] = []
        self._common: list[tuple[Format, Device]] = []
        self._feeds: list[updates.Feed] = []
        self._read: list[FileRead] = []
        self._refused: list[FileRefused] = []

    def imported(self, files: Iterable[File]) -> Imported:
        for file in files:
            name, raw = _opened(file)
            try:
                if isinstance(raw, Unreadable):
                    raise raw
                self._take(name, *recognised(parse(raw), self._format))
            except Unreadable as error:
                self._refused.append(
                    FileRefused(file=name, reason=error.reason, allowed=error.allowed)
                )
        devices = merged(self._devices)
        if not devices and self._common:
            devices = [Device(ALL)]
        return Imported(
            cases=[self._case(one) for one in devices if one.kind in (IPHONE, None)],
            set_aside=[
                SetAside(device=self._called(one), kind=one.kind)
                for one in devices
                if one.kind not in (IPHONE, None)
            ],
            read=self._read,
            refused=self._refused,
        )

    def _take(self, file: str, format: Format, rows: list[Row]) -> None:
        """Takes what a file tells."""
        notes = [format.remark] if format.remark else []
        found = [device_of(row, number, file, format) for number, row in enumerate(rows, start=1)]
        if format.releases is not None:
            dated = found[0].dates.get(file)
            named = [one for row in rows for one in format.releases(row)]
            self._feeds.append(updates.Feed(file, named, dated))
            if not named:
                notes.append("It names no iPhone.")
        elif format.for_all:
            self._common += [(format, one) for one in found]
        else:
            self._devices += found
        if format.releases is None and not any(one.readings or one.notes for one in found):
            notes.append("Nothing in it tells a fact.")
        count = 0 if format.for_all else len(found)
        self._read.append(FileRead(file=file, format=format.name, devices=count, notes=notes))

    def _case(self, device: Device) -> ImportedCase:
        """The case of an iPhone, with what holds for all."""
        for format, common in self._common:
            _share(format, common, device)
        decided = decide(device, self._facts, self._now)
        decided.overrule(self._given)
        for feed in self._feeds:
            updates.offered(decided, feed, self._facts, self._now)
        nested: dict[str, dict[str, Written]] = {}
        for id, (answer, _) in decided.answers.items():
            area, _, fact = id.partition(".")
            nested.setdefault(area, {})[fact] = answer
        told = {id: reading for id, (_, reading) in decided.answers.items() if reading}
        return ImportedCase(
            device=self._called(device),
            facts=self._sheet.show(self._sheet.read(nested)),
            provenance={id: _provenance(told[id]) for id in self._facts if id in told},
            notes=list(dict.fromkeys(decided.notes)),
        )

    def _called(self, device: Device) -> str:
        if self._salt is None or not device.names:
            return device.row
        name = device.best_name().encode(errors="surrogatepass")
        return f"device {hmac.new(self._salt, name, hashlib.sha256).hexdigest()[:HASH]}"


def _share(format: Format, common: Device, device: Device) -> None:
    """Adds what holds for all to a device, or, where it needs supervision, to one that has it."""
    if format.supervised and device.row != ALL and common.readings:
        if not any(one.answer == "supervised" for one in device.readings):
            device.notes.append(
                f"{common.row} is not counted: it is in force on supervised iPhones only, and that"
                " this is one is not known."
            )
            return
        device.notes.append(f"{common.row} counts, so it must be assigned to this iPhone.")
    device.readings += common.readings
    device.notes += common.notes


def _provenance(reading: Reading) -> Provenance:
    moment: datetime | None = reading.dated
    return Provenance(
        file=reading.file,
        key=reading.key,
        value=reading.value[:LONGEST],
        date=None if moment is None else dates.written(moment),
    )


def _opened(file: File) -> tuple[str, bytes | Unreadable]:
    """The name of a file as it was given, safe to print, and its content or why there is none."""
    if isinstance(file, tuple):
        return printable(file[0])[:LONGEST], file[1]
    name = printable(str(file))[:LONGEST]
    try:
        with Path(file).open("rb") as opened:
            return name, opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return name, Unreadable("there is no such file")
    except IsADirectoryError:
        return name, Unreadable("is a folder")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return name, Unreadable(f"cannot be read: {reason or 'its name is none'}")
