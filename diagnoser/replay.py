"""Recorded diagnoses made again, and compared byte for byte; those of another knowledge, by what
they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from diagnoser.api import Diagnoser
from diagnoser.comparison.reports import differences
from diagnoser.errors import InvalidFacts
from diagnoser.knowledge.pin import Identity
from diagnoser.report.model import Report
from diagnoser.report.record import Record, digest, parse_record, parts_of
from diagnoser.version import __version__

LISTED = 10
"""Differences that are listed."""

TELLING = ("finding", "causes", "none_of_these", "plan", "contradictions", "next_question")
"""Parts of a report that say something of the case, not only of the knowledge."""

Verdict = Literal[
    "same",
    "differs",
    "unchanged",
    "changed",
    "not-taken",
    "knowledge-not-at-hand",
    "damaged",
]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one line: `because` says it in words, `differences` are paths in the report.

    A record of another knowledge is `changed`, `unchanged` or, where this one does not take its
    facts, `not-taken`; `changes` say what of it is another. `program` is the version that made the
    record; it is empty for a damaged line.
    """

    line: int
    status: Verdict
    because: str
    differences: tuple[str, ...] = ()
    program: str = ""
    changes: tuple[str, ...] = ()


def replay(
    lines: Iterable[str | bytes],
    diagnoser: Diagnoser,
    *,
    compare: bool = False,
    old: Diagnoser | None = None,
) -> Iterator[Replayed]:
    """Diagnoses each record again and compares the reports byte for byte; empty lines are nothing.

    With `compare`, records of another knowledge are diagnosed with this one, too: where they were
    made with that of `old`, first cause, first step and statuses are compared, otherwise only which
    parts of the report are others. Lines are numbered from 1. A damaged line does not keep the
    others from being replayed.
    """
    for number, raw in enumerate(lines, start=1):
        try:
            line = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
            line = line.rstrip("\r\n")
        except UnicodeDecodeError:
            yield Replayed(number, "damaged", "The line is not text.")
            continue
        if line:
            yield _replayed(number, line, diagnoser, compare, old)


def _replayed(
    number: int, line: str, diagnoser: Diagnoser, compare: bool, old: Diagnoser | None
) -> Replayed:
    made, damage = parse_record(line)
    if made is None:
        return Replayed(number, "damaged", damage)
    here = diagnoser.knowledge
    if made.knowledge.digest != here.digest:
        if old is not None and made.knowledge.digest == old.knowledge.digest:
            return _against(number, made, diagnoser, old)
        if compare and old is None:
            return _against_parts(number, made, diagnoser)
        wanted = Identity(made.knowledge.id, made.knowledge.version, made.knowledge.digest)
        because = f"It was made with {wanted}; this is {here.identity}."
        return Replayed(number, "knowledge-not-at-hand", because, (), made.program)
    try:
        report = _again(made, diagnoser)
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


def _again(made: Record, diagnoser: Diagnoser) -> Report:
    """The diagnosis of a record's facts. Raises InvalidFacts."""
    return diagnoser.diagnose(made.facts, look_ahead=made.look_ahead, thorough=made.thorough)


def _against(number: int, made: Record, diagnoser: Diagnoser, old: Diagnoser) -> Replayed:
    """What another knowledge says of a record, against what its own one says."""
    try:
        before = _again(made, old)
    except InvalidFacts as error:
        because = f"Its facts are none of its knowledge: {error.problems[0]}"
        return Replayed(number, "damaged", because)
    try:
        after = _again(made, diagnoser)
    except InvalidFacts as error:
        return _not_taken(number, made, error)
    changes = tuple(differences(before, after))
    because = f"{'; '.join(changes)}." if changes else "First cause, first step and statuses stay."
    because = because[0].upper() + because[1:]
    if digest(before) != made.report:
        because += " Its own knowledge does not give the recorded report any more"
        because += f" (made by diagnoser {made.program}, this is {__version__})."
    status: Verdict = "changed" if changes else "unchanged"
    return Replayed(number, status, because, (), made.program, changes)


def _against_parts(number: int, made: Record, diagnoser: Diagnoser) -> Replayed:
    """What another knowledge says of a record, whose own one is not there: a record holds only
    digests of what was said."""
    try:
        after = parts_of(_again(made, diagnoser).model_dump(by_alias=True))
    except InvalidFacts as error:
        return _not_taken(number, made, error)
    parts = [part for part in TELLING if made.parts.get(part) != after.get(part)]
    if not parts:
        because = "The report says the same of the case."
        return Replayed(number, "unchanged", because, (), made.program)
    because = f"The report differs in {', '.join(parts)}; what it said, its own knowledge tells."
    return Replayed(number, "changed", because, tuple(parts), made.program)


def _not_taken(number: int, made: Record, error: InvalidFacts) -> Replayed:
    because = f"Its facts are none of this knowledge: {error.problems[0]}"
    return Replayed(number, "not-taken", because, (), made.program)


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
