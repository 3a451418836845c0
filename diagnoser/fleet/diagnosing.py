"""Record batches of cases in, record batches of diagnoses out: for Spark's `mapInArrow`, DuckDB,
Ray, Dask, and what `diagnoser batch` does itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from diagnoser.fleet import columns, tables
from diagnoser.fleet.cases import CaseReader
from diagnoser.fleet.verdicts import Cell, Verdicts

REMEMBERED = 10_000
"""Cases whose diagnosis is kept for those that are equal to them."""


def diagnose_arrow(
    batches: Iterable[pa.RecordBatch],
    knowledge: str | Path | None = None,
    *,
    look_ahead: bool = False,
    id: str | None = None,
    ignore_others: bool = False,
) -> Iterator[pa.RecordBatch]:
    """For each batch of cases one of their diagnoses, row by row in the same order; its columns are
    those of `output_schema`.

    A case has one column for each fact, called `wifi.connection`, `wifi_connection` where a program
    wants no dots (Spark does), or nested in a column `wifi`: a text as a person types it, empty or
    null where it is not known. Or it has a column `facts` with a facts file as JSON. The column
    `id`, or another one so named, is carried through. `knowledge` is a folder, and without one the
    built-in pack; it is loaded once in each process. With `look_ahead` it also looks for the next
    visit.

    A row that cannot be read has its mistakes in `problem`, without what stands in it, and besides
    only id and versions. Raises InvalidColumns (a DiagnoserError) for a column that is no fact,
    unless `ignore_others`, and for one of a type that cannot hold it; and InvalidKnowledge.
    """
    verdicts = verdicts_of(None if knowledge is None else str(knowledge), look_ahead)
    reader = CaseReader(verdicts.knowledge, verdicts.diagnoser.sheet, id or "id")
    schema = columns.diagnosed(verdicts.knowledge)
    known: OrderedDict[str, list[Cell]] = OrderedDict()
    versions = verdicts.versions
    nothing: list[Cell] = [*[None] * (len(schema) - 2 - len(versions)), *versions]
    for raw in batches:
        batch = tables.flat(raw)
        used = tables.columns_of(batch.schema.names, verdicts.knowledge, id, ignore_others)
        tables.check_types(batch.schema, used, verdicts.knowledge)
        rows: list[list[Cell]] = []
        for case in tables.cases_of(batch, used, reader):
            row = nothing if case.facts is None else _once(case.facts, known, verdicts)
            rows.append([case.id, *row, case.problem])
        cells: Iterable[tuple[Cell, ...]] = zip(*rows, strict=True) if rows else [()] * len(schema)
        yield pa.RecordBatch.from_arrays(
            [pa.array(one, field.type) for one, field in zip(cells, schema, strict=True)],
            schema=schema,
        )


def output_schema(knowledge: str | Path | None = None) -> pa.Schema:
    """The columns that `diagnose_arrow` gives, each with its meaning as metadata."""
    return columns.diagnosed(verdicts_of(None if knowledge is None else str(knowledge)).knowledge)


def spark_schema(knowledge: str | Path | None = None) -> str:
    """The same, as Spark's `mapInArrow` wants to be told."""
    return columns.spark(output_schema(knowledge))


def _once(facts: str, known: OrderedDict[str, list[Cell]], verdicts: Verdicts) -> list[Cell]:
    """The diagnosis of a case, worked out once as long as it is remembered."""
    if facts in known:
        known.move_to_end(facts)
    else:
        known[facts] = verdicts.of(facts)
        if len(known) > REMEMBERED:
            known.popitem(last=False)
    return known[facts]


@lru_cache(maxsize=4)
def verdicts_of(knowledge: str | None, look_ahead: bool = False) -> Verdicts:
    """What diagnoses with this knowledge, loaded when it is first asked for. Raises
    InvalidKnowledge."""
    return Verdicts(knowledge, look_ahead)
