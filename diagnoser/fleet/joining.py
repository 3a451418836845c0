"""What DuckDB does with the parts: finds the cases that differ, and joins their diagnoses to the
rows. It puts on disk what does not fit into its memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from diagnoser.errors import DiagnoserError, fact_problem, printable
from diagnoser.fleet.parts import CASES, DIAGNOSES, JOINED, ROWS, SPILLED, Parts, replaced
from diagnoser.fleet.sources import format_of

MEMORY = "512MB"
GROUP = 20480
"""Cases in a piece of the file of cases that differ: a multiple of what DuckDB works on at once,
and of the cases in a part."""
SLICE = 10
"""Parts of rows that are joined at once: a sort needs memory that grows with what is sorted, even
where most of that is put on disk."""
FORMATS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER",
    "jsonl": "FORMAT json",
}
GLOB = str.maketrans({character: f"[{character}]" for character in "*?["})


def write_different_cases(parts: Parts) -> int:
    """Writes the part `cases`: of all rows each case once, in the order in which they come first,
    with a `key`. Gives their number."""
    with _connected(parts) as connection, replaced(parts.path(CASES)) as path:
        connection.execute(
            f"COPY (SELECT key AS id, any_value(facts) AS facts FROM {_all(parts, ROWS)}"
            f" WHERE problem IS NULL GROUP BY key ORDER BY min(row))"
            f" TO {quoted(path)} ({FORMATS['parquet']}, ROW_GROUP_SIZE {GROUP})"
        )
    import pyarrow.parquet as pq

    number: int = pq.read_metadata(parts.path(CASES)).num_rows
    return number


def write_diagnoses(parts: Parts, out: Path, schema: pa.Schema) -> int:
    """Writes the diagnosis of each row, in the order of the rows; gives their number.

    First each slice of the rows as a part, then all of these as they are.
    """
    names = [f'v."{name}"' for name in schema.names[2:]]
    files = parts.files(ROWS)
    for number, start in enumerate(range(0, len(files), SLICE)):
        if not parts.has(JOINED, number):
            rows = _table(files[start : start + SLICE])
            query = (
                f"SELECT r.row, r.id, {', '.join(names)} FROM {rows} r"
                f" JOIN {_all(parts, DIAGNOSES)} v ON r.key = v.id ORDER BY r.row"
            )
            _write(parts, query, parts.path(JOINED, number))
    return _write(parts, f"FROM {_table(parts.files(JOINED))}", out)


def write_rejects(parts: Parts, out: Path) -> int:
    """Writes the rows that could not be read, each with what is wrong; gives their number."""
    query = (
        f"SELECT row, id, problem FROM {_all(parts, ROWS)} WHERE problem IS NOT NULL ORDER BY row"
    )
    return _write(parts, query, out)


def rejected(parts: Parts) -> int:
    """How many rows could not be read."""
    with _connected(parts) as connection:
        query = f"SELECT count(*) FROM {_all(parts, ROWS)} WHERE problem IS NOT NULL"
        return _number(connection.execute(query))


def _write(parts: Parts, query: str, out: Path) -> int:
    options = FORMATS[format_of(out)]
    if out.name.lower().endswith(".gz"):
        options += ", COMPRESSION gzip"
    with _connected(parts) as connection, replaced(out) as path:
        connection.execute(f"COPY ({query}) TO {quoted(path)} ({options})")
        return _number(connection)


def _number(answer: duckdb.DuckDBPyConnection) -> int:
    row = answer.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _connected(parts: Parts) -> Iterator[duckdb.DuckDBPyConnection]:
    spilled = parts.folder / SPILLED
    # One thread writes the same bytes on every run and needs the least memory.
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": 1,
        "temp_directory": str(spilled),
    }
    try:
        with duckdb.connect(config=settings) as connection:
            yield connection
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        path = printable(str(parts.folder))
        raise DiagnoserError([fact_problem(path, f"cannot be joined: {reason}")]) from None


def _all(parts: Parts, kind: str) -> str:
    """The parts of a kind as a table."""
    return f"read_parquet({quoted(Path(str(parts.folder).translate(GLOB)) / f'{kind}-*.parquet')})"


def _table(files: Iterable[Path]) -> str:
    """Files as a table, one after the other."""
    names = (quoted(Path(str(file).translate(GLOB))) for file in files)
    return f"read_parquet([{', '.join(names)}])"


def quoted(path: Path) -> str:
    """The name of a file as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"
