"""Recorded diagnoses made again, and compared byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from diagnoser.api import Diagnoser
from diagnoser.errors import InvalidFacts
from diagnoser.report.record import digest, parse_record, parts_of
from diagnoser.version import __version__

LISTED = 10
"""Differences that are listed."""

Verdict = Literal["same", "differs", "knowledge-not-at-hand", "damaged"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one line: `because` says it in words, `differences` are paths in the report.

    `program` is the version that made the record; it is empty for a damaged line.
    """

    line: int
    status: Verdict
    because: str
    differences: tuple[str, ...] = ()
    program: str = ""


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
    made, damage = parse_record(line)
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
    paths = list(_differences(made.parts, parts_of(report.model_dump(by_alias=True)), ""))
    shown = paths[:LISTED] + ([f"and {len(paths) - LISTED} more"] if paths[LISTED:] else [])
    because = f"The report differs in {', '.join(shown) if shown else 'its form'}."
    if made.program != __version__:
        because += f" It was made by diagnoser {made.program}; this is {__version__}."
    return Replayed(number, "differs", because, tuple(paths[:LISTED]), made.program)


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
