"""Records of diagnoses, one JSON line each.

A line holds the facts as they were understood, the versions, and digests of the report and of each
of its parts; its own checksum comes last. It may also hold what came of the plan, for `learn`.
Nothing else of a case is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from diagnoser.case.provenance import PROVENANCE
from diagnoser.report.model import KnowledgeUsed, Report
from diagnoser.version import __version__

SCHEMA = 1
LONGEST = 1024 * 1024
"""Characters of a line at most."""
BEGINNING = b'{"schema":'
"""How every line begins."""
MOST_TESTS = 200
"""Tests that a record tells of at most, and steps of each."""
SHORT = 8
"""Hexadecimal digits of the digest of a part: enough to tell that it differs."""


Ended = Literal["works-again", "given-up", "handed-over", "nothing-wrong", "unknown"]
"""How a case ended, as far as anybody heard."""


class Attempted(BaseModel):
    """What came of steps that were done, and tested together.

    `done` has not been tested, and `prepared` only made a later step possible. `forgot` are the
    facts that the steps may have changed, and `facts` what was answered after them and before the
    next ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    steps: Annotated[list[str], Field(max_length=MOST_TESTS)]
    outcome: Literal["helped", "did-not-help", "could-not-do", "done", "prepared"]
    forgot: Annotated[list[str], Field(exclude_if=lambda forgot: not forgot)] = []
    facts: Annotated[dict[str, dict[str, Any]], Field(exclude_if=lambda facts: not facts)] = {}


class Course(BaseModel):
    """What came of a plan: the steps in the order in which they were done, and how it ended."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    tests: Annotated[list[Attempted], Field(max_length=MOST_TESTS)]
    ended: Ended = "unknown"


class Record(BaseModel):
    """One diagnosis. `report` is the SHA-256 of the report's canonical JSON; `parts` mirrors the
    report with a short digest in place of each value or list element."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    program: str
    knowledge: KnowledgeUsed
    look_ahead: bool
    thorough: bool
    facts: dict[str, dict[str, Any]]
    report: str
    parts: dict[str, Any]
    outcomes: Annotated[Course | None, Field(exclude_if=lambda course: course is None)] = None


def record(
    report: Report, *, look_ahead: bool, thorough: bool = False, outcomes: Course | None = None
) -> str:
    """The line for a report, without a line end; the options are those that `diagnose` got.

    `outcomes` are what came of the plan of this report; what was tried before is among its facts.
    """
    made = Record(
        program=__version__,
        knowledge=report.knowledge,
        look_ahead=look_ahead,
        thorough=thorough,
        facts=_facts(report),
        report=digest(report),
        parts=parts_of(report.model_dump(by_alias=True)),
        outcomes=outcomes,
    )
    return _line(made)


def _facts(report: Report) -> dict[str, dict[str, Any]]:
    """The facts as a facts file has them, with the provenance of those that have one."""
    told = {one.fact: one.provenance.model_dump() for one in report.answers if one.provenance}
    return {**report.case, **({PROVENANCE: told} if told else {})}


def digest(report: Report) -> str:
    """The SHA-256 of the report's canonical JSON."""
    return hashlib.sha256(report.json_text().encode()).hexdigest()


def append(path: Path, line: str) -> None:
    """Adds a line to a file, in one write, so that lines of several programs do not mix.

    A line that somebody left unfinished is ended first. An empty line is not added: that only
    finds out whether one could be. Raises OSError, and ValueError when something else than records
    is in the file.
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
        content = (b"\n" if unfinished else b"") + line.encode() + b"\n" if line else b""
        if os.write(handle, content) != len(content):
            raise OSError(f"{path}: the record could not be written whole")
    finally:
        os.close(handle)


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file of records; of one that is too long for a record only so much that this
    shows."""
    while line := file.readline(LONGEST + 2):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST + 2)
        yield line


def _line(made: Record) -> str:
    plain = made.model_dump(by_alias=True)
    return _compact(plain | {"check": hashlib.sha256(_compact(plain).encode()).hexdigest()})


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def parts_of(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Short digests: of a mapping's values one by one, of a list's elements one by one."""
    found: dict[str, Any] = {}
    for key, value in plain.items():
        if isinstance(value, dict):
            found[key] = parts_of(value)
        elif isinstance(value, list):
            found[key] = [_short(one) for one in value]
        else:
            found[key] = _short(value)
    return found


def _short(value: object) -> str:
    return hashlib.sha256(_compact(value).encode()).hexdigest()[:SHORT]


def parse_record(line: str) -> tuple[Record | None, str]:
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
