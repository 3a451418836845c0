"""Records of diagnoses, one JSON line each, and their replay.

A line holds the facts as they were understood, the versions, and digests of the report and of each
of its parts; its own checksum comes last. Nothing else of a case is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from diagnoser import __version__
from diagnoser.errors import InvalidFacts
from diagnoser.report import KnowledgeUsed, Report
from diagnoser.values import Shown

if TYPE_CHECKING:
    from diagnoser.api import Diagnoser

SCHEMA = 1
LONGEST = 1024 * 1024
"""Characters of a line at most."""
BEGINNING = b'{"schema":'
"""How every line begins."""
SHORT = 8
"""Hexadecimal digits of the digest of a part: enough to tell that it differs."""
LISTED = 10
"""Differences that are listed."""

Status = Literal["same", "differs", "knowledge-not-at-hand", "damaged"]


class Record(BaseModel):
    """One diagnosis. `report` is the SHA-256 of the report's canonical JSON; `parts` mirrors the
    report with a short digest in place of each value or list element."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    program: str
    knowledge: KnowledgeUsed
    look_ahead: bool
    thorough: bool
    facts: dict[str, dict[str, Shown]]
    report: str
    parts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one line: `because` says it in words, `differences` are paths in the report.

    `program` is the version that made the record; it is empty for a damaged line.
    """

    line: int
    status: Status
    because: str
    differences: tuple[str, ...] = ()
    program: str = ""


# -- recording


def record(report: Report, *, look_ahead: bool, thorough: bool = False) -> str:
    """The line for a report, without a line end; the options are those that `diagnose` got."""
    made = Record(
        program=__version__,
        knowledge=report.knowledge,
        look_ahead=look_ahead,
        thorough=thorough,
        facts=report.case,
        report=digest(report),
        parts=_parts(report.model_dump(by_alias=True)),
    )
    return _line(made)


def digest(report: Report) -> str:
    """The SHA-256 of the report's canonical JSON."""
    return hashlib.sha256(report.json_text().encode()).hexdigest()


def append(path: Path, line: str) -> None:
    """Adds a line to a file, in one write, so that lines of several programs do not mix.

    A line that somebody left unfinished is ended first. Raises OSError, and ValueError when
    something else than records is in the file.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        size = os.fstat(handle).st_size
        unfinished = False
        if size:
            if os.read(handle, len(BEGINNING)) != BEGINNING[:size]:
                raise ValueError("holds something else than records, so it was left as it is")
            os.lseek(handle, size - 1, os.SEEK_SET)
            unfinished = os.read(handle, 1) != b"\n"
        content = (b"\n" if unfinished else b"") + line.encode() + b"\n"
        if os.write(handle, content) != len(content):
            raise OSError(f"{path}: the record could not be written whole")
    finally:
        os.close(handle)


def _line(made: Record) -> str:
    plain = made.model_dump(by_alias=True)
    return _compact(plain | {"check": hashlib.sha256(_compact(plain).encode()).hexdigest()})


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _parts(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Short digests: of a mapping's values one by one, of a list's elements one by one."""
    found: dict[str, Any] = {}
    for key, value in plain.items():
        if isinstance(value, dict):
            found[key] = _parts(value)
        elif isinstance(value, list):
            found[key] = [_short(one) for one in value]
        else:
            found[key] = _short(value)
    return found


def _short(value: object) -> str:
    return hashlib.sha256(_compact(value).encode()).hexdigest()[:SHORT]


# -- replaying


def replay(lines: Iterable[str | bytes], diagnoser: Diagnoser) -> Iterator[Replayed]:
    """Diagnoses each record again and compares the reports byte for byte; empty lines are nothing.

    Lines are numbered from 1. A damaged line does not keep the others from being replayed.
    """
    for number, raw in enumerate(lines, start=1):
        try:
            line = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
            line = line.rstrip("\r\n")
        except UnicodeDecodeError:
            yield Replayed(number, "damaged", "The line is not text.")
            continue
        if line:
            yield _replayed(number, line, diagnoser)


def _replayed(number: int, line: str, diagnoser: Diagnoser) -> Replayed:
    made, damage = read(line)
    if made is None:
        return Replayed(number, "damaged", damage)
    here = diagnoser.knowledge
    if made.knowledge.digest != here.digest:
        wanted = f"{made.knowledge.id} {made.knowledge.version} ({made.knowledge.digest[:12]})"
        because = f"It was made with {wanted}; this is {here.id} {here.version}"
        because += f" ({here.digest[:12]})."
        return Replayed(number, "knowledge-not-at-hand", because, (), made.program)
    try:
        report = diagnoser.diagnose(made.facts, look_ahead=made.look_ahead, thorough=made.thorough)
    except InvalidFacts as error:
        because = f"Its facts are none of this knowledge: {error.problems[0]}"
        return Replayed(number, "damaged", because)
    if digest(report) == made.report:
        return Replayed(number, "same", "The report is the same.", (), made.program)
    paths = list(_differences(made.parts, _parts(report.model_dump(by_alias=True)), ""))
    shown = paths[:LISTED] + ([f"and {len(paths) - LISTED} more"] if paths[LISTED:] else [])
    because = f"The report differs in {', '.join(shown) if shown else 'its form'}."
    if made.program != __version__:
        because += f" It was made by diagnoser {made.program}; this is {__version__}."
    return Replayed(number, "differs", because, tuple(paths[:LISTED]), made.program)


def read(line: str) -> tuple[Record | None, str]:
    """The record of a line, or None and what is wrong with it."""
    if len(line) > LONGEST:
        return None, "The line is too long for a record."
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        return None, "The line is cut off, or no JSON."
    if not isinstance(plain, dict) or "check" not in plain:
        return None, "The line is not a record."
    check = plain.pop("check")
    try:
        exact = _compact(plain | {"check": check}) == line
        whole = hashlib.sha256(_compact(plain).encode()).hexdigest() == check
    except (ValueError, RecursionError):
        exact = whole = False
    if not exact or not whole:
        return None, "The line was altered: its checksum does not fit."
    try:
        return Record.model_validate_json(_compact(plain)), ""
    except ValidationError:
        return None, f"The line is not a record of schema {SCHEMA}."


def _differences(before: Any, after: Any, path: str) -> Iterator[str]:
    """The paths at which two trees of digests differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            inner = f"{path}.{key}" if path else key
            if key in before and key in after:
                yield from _differences(before[key], after[key], inner)
            else:
                yield inner
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            if before[place : place + 1] != after[place : place + 1]:
                yield f"{path}[{place}]"
    elif before != after:
        yield path
