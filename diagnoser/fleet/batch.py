"""`diagnoser batch`: a file of cases to a file of diagnoses, in three stages.

Rows are read into cases; each case that differs is diagnosed once; diagnoses are joined to the
rows. The first two are done in parts, by several processes, and what is done stays done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from diagnoser.errors import DiagnoserError, Problem, fact_problem, printable
from diagnoser.fleet import columns, joining, tables
from diagnoser.fleet import parts as kinds
from diagnoser.fleet.cases import CaseReader
from diagnoser.fleet.diagnosing import diagnose_arrow, verdicts_of
from diagnoser.fleet.parts import Parts, as_text, digest_of
from diagnoser.fleet.sources import Piece, RowReader, Source, format_of
from diagnoser.fleet.work import Workers, cores
from diagnoser.version import __version__

CASES, CASES_LOOKING_AHEAD = 256, 32
"""Cases that are diagnosed in one part: a second or two of work, which is what a kill costs."""
ROWS = pa.schema(
    [
        ("row", pa.int64()),
        ("id", pa.string()),
        ("key", pa.string()),
        ("facts", pa.string()),
        ("problem", pa.string()),
    ]
)
READING, DIAGNOSING, JOINING = "reading", "diagnosing", "writing"
Progress = Callable[[str, int, int], None]
"""Told of a stage how much of it is done, and of how much: of reading in the unit of the source, of
diagnosing in cases that differ; of writing, the last, 0 of 1 and 1 of 1."""


class BadOutput(DiagnoserError):
    """Where the diagnoses are to go cannot be used."""

    what = "This cannot be written to"


class Done(NamedTuple):
    """What a run did: rows diagnosed, cases among them that differ, rows rejected, the file where
    these are, if there are any, and the columns that were ignored."""

    diagnosed: int
    different: int
    rejected: int
    rejects: Path | None
    ignored: tuple[str, ...]


class _Task(NamedTuple):
    """Some rows or cases, for the part of this number."""

    number: int
    work: object
    done: int


def batch(
    source: Path,
    out: Path,
    *,
    knowledge: str | None = None,
    look_ahead: bool = False,
    workers: int | None = None,
    rejects: Path | None = None,
    id: str | None = None,
    ignore_others: bool = False,
    fresh: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Done:
    """Diagnoses the cases in `source` into `out`, whose names tell their formats; without
    `workers`, on all processors.

    A row that cannot be read goes to `rejects`, or beside `out` if there is any. What is done is
    kept in `out` with `.parts`, until all is; the same call goes on from there, unless `fresh`.
    Raises DiagnoserError (its kinds say what is wrong with the source, its columns, the output, the
    knowledge or the unfinished run) and OSError.
    """
    refused = rejects or out.with_name(f"{out.name}.rejects.jsonl")
    _check_output(source, out, refused)
    verdicts_of.cache_clear()  # a folder may have been changed since
    verdicts = verdicts_of(knowledge, look_ahead)
    opened = Source(source, verdicts.knowledge, id, ignore_others)
    before = source.stat()
    manifest = {
        "input": digest_of(source),
        "knowledge": verdicts.knowledge.digest,
        "program": __version__,
        "set of options": as_text([look_ahead, id, ignore_others, opened.format]),
    }
    parts = Parts(out.with_name(f"{out.name}.parts"))
    digest = verdicts.knowledge.digest
    setting = (knowledge, digest, look_ahead, id, opened.columns, parts.folder)
    with parts.begun(manifest, fresh):
        with Workers(workers or cores(), _prepare, *setting) as all_workers:
            if not parts.has(kinds.CASES):
                _read(opened, parts, all_workers, progress)
                after = source.stat()
                if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                    raise DiagnoserError([_named(source, "was changed while it was read")])
                joining.write_different_cases(parts)
            size = CASES_LOOKING_AHEAD if look_ahead else CASES
            different = _diagnose(parts, size, all_workers, progress)
        progress(JOINING, 0, 1)
        number = joining.rejected(parts)
        if number or rejects is not None:
            joining.write_rejects(parts, refused)
        else:
            refused.unlink(missing_ok=True)
        diagnosed = joining.write_diagnoses(parts, out, columns.numbered(verdicts.knowledge))
        progress(JOINING, 1, 1)
        parts.remove()
    ignored = opened.columns.ignored if opened.columns else ()
    return Done(diagnosed, different, number, refused if number else None, ignored)


def _check_output(source: Path, out: Path, rejects: Path) -> None:
    """Raises BadOutput with all that is wrong."""
    problems = []
    format_of(out), format_of(rejects)
    for path in (out, rejects):
        if path.resolve() == source.resolve():
            problems.append(_named(path, "is what is to be read", "another file"))
        elif path.is_dir():
            problems.append(_named(path, "is a folder", "a file"))
        elif not path.parent.is_dir():
            problems.append(_named(path.parent, "there is no such folder"))
    if out.resolve() == rejects.resolve():
        problems.append(_named(rejects, "is for the diagnoses", "another file"))
    if problems:
        raise BadOutput(dict.fromkeys(problems))


def _named(path: Path, reason: str, allowed: str = "") -> Problem:
    return fact_problem(printable(str(path)), reason, allowed)


def _read(source: Source, parts: Parts, workers: Workers, progress: Progress) -> None:
    progress(READING, 0, source.size)

    def tasks() -> Iterator[_Task]:
        for piece in source.pieces():
            if not parts.has(kinds.ROWS, piece.number):
                yield _Task(piece.number, piece, piece.place)

    furthest = 0
    for task, _ in workers.map(_read_part, tasks()):
        furthest = max(furthest, task.done)
        progress(READING, furthest, source.size)
    progress(READING, source.size, source.size)


def _diagnose(parts: Parts, size: int, workers: Workers, progress: Progress) -> int:
    """Diagnoses the cases that differ; gives their number."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(parts.path(kinds.CASES))
    total = file.metadata.num_rows
    left = [
        number
        for number in range(max((total + size - 1) // size, 1))
        if not parts.has(kinds.DIAGNOSES, number)
    ]
    wanted = set(left)
    done = total - sum(min(size, total - number * size) for number in left)
    progress(DIAGNOSING, done, total)

    def tasks() -> Iterator[_Task]:
        if not total and wanted:
            yield _Task(0, pa.RecordBatch.from_pylist([], schema=file.schema_arrow), 0)
        for number, batch in enumerate(file.iter_batches(size, use_threads=False)):
            assert batch.num_rows == min(size, total - number * size)
            if number in wanted:
                yield _Task(number, batch, batch.num_rows)

    for task, _ in workers.map(_diagnose_part, tasks()):
        done += task.done
        progress(DIAGNOSING, done, total)
    return int(total)


# What follows runs in each process that works.


class _Worker(NamedTuple):
    parts: Parts
    rows: RowReader
    knowledge: str | None
    changed: bool
    look_ahead: bool


_worker: list[_Worker] = []


def _prepare(
    knowledge: str | None,
    digest: str,
    look_ahead: bool,
    id: str | None,
    used: tables.Columns | None,
    folder: Path,
) -> None:
    verdicts = verdicts_of(knowledge, look_ahead)
    reader = CaseReader(verdicts.knowledge, verdicts.diagnoser.sheet, id or "id")
    rows = RowReader(reader, verdicts.knowledge, used, id)
    changed = verdicts.knowledge.digest != digest
    _worker[:] = [_Worker(Parts(folder), rows, knowledge, changed, look_ahead)]


def _here() -> _Worker:
    """What this process works with. Raises DiagnoserError."""
    [worker] = _worker
    if worker.changed:
        raise DiagnoserError([_named(Path(worker.knowledge or ""), "was changed during the run")])
    return worker


def _read_part(task: _Task) -> None:
    """Writes a part of rows, each with the key of its case; a case that comes twice in it has its
    facts once."""
    piece = task.work
    assert isinstance(piece, Piece)
    worker = _here()
    found: list[tuple[object, ...]] = []
    seen: set[str] = set()
    for row, case in worker.rows.cases(piece.rows):
        key = case.facts and hashlib.sha256(case.facts.encode()).hexdigest()[:32]
        facts = None if key is None or key in seen else case.facts
        seen.add(key or "")
        found.append((row, case.id, key, facts, case.problem))
    cells = zip(*found, strict=True) if found else [()] * len(ROWS)
    arrays = [pa.array(one, field.type) for one, field in zip(cells, ROWS, strict=True)]
    worker.parts.write(pa.Table.from_arrays(arrays, schema=ROWS), kinds.ROWS, task.number)


def _diagnose_part(task: _Task) -> None:
    worker = _here()
    batches = diagnose_arrow([task.work], worker.knowledge, look_ahead=worker.look_ahead)
    worker.parts.write(pa.Table.from_batches(batches), kinds.DIAGNOSES, task.number)
