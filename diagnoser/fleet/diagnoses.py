"""A file that `diagnoser batch` wrote, as a table for DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from diagnoser.errors import DiagnoserError, fact_problem, nearest, printable
from diagnoser.fleet.columns import DIAGNOSIS, VERSIONS
from diagnoser.fleet.joining import GLOB, quoted
from diagnoser.fleet.sources import format_of

NOT_KNOWN_YET = "not-known-yet"
"""Counted in place of the cause and the step of phones of which no cause stands out: both would be
guesses."""
NEEDED = [name for name, *_ in (*DIAGNOSIS, *VERSIONS)]
NUMBERS = {"saves": "DOUBLE", "contradictions": "BIGINT"}
READERS = {
    "parquet": "read_parquet({file})",
    "csv": "read_csv({file}, header = true, all_varchar = true)",
    "jsonl": "read_json({file}, format = 'newline_delimited'{more})",
}


class InvalidDiagnoses(DiagnoserError):
    """A file is not what `diagnoser batch` writes."""

    what = "These diagnoses cannot be used"


def view(connection: duckdb.DuckDBPyConnection, path: Path, kinds: Iterable[str]) -> list[str]:
    """Makes the file the table `diagnoses`; gives the names of its columns, of which `kinds` may
    not be there.

    Raises InvalidDiagnoses, and InvalidCases for a name that tells no format.
    """
    format = format_of(path)
    if not path.is_file():
        raise invalid(path, "there is no such file")
    file = quoted(Path(str(path).translate(GLOB)))
    try:
        found = connection.execute(f"DESCRIBE FROM {READERS[format].format(file=file, more='')}")
        names = [str(row[0]) for row in found.fetchall()]
        if names == ["json"]:  # what DuckDB says of an empty file
            names = [*NEEDED, *kinds]
        if missing := [one for one in NEEDED if one not in names]:
            raise InvalidDiagnoses(
                fact_problem(printable(str(path)), f"has no column {one}", near=nearest(one, names))
                for one in missing
            )
        used = [*NEEDED, *(one for one in kinds if one in names)]
        # Else an empty column of JSON would be of no type.
        types = ", ".join(f"'{one}': 'VARCHAR'" for one in used)
        more = f", columns = {{{types}}}" if format == "jsonl" else ""
        columns = ", ".join(f"{_cast(one)} AS {_name(one)}" for one in used)
        read = READERS[format].format(file=file, more=more)
        connection.execute(f"CREATE TEMP VIEW diagnoses AS SELECT {columns} FROM {read}")
    except duckdb.Error:
        raise invalid(path, "is damaged, or no file of this format") from None
    return used


def invalid(path: Path, reason: str) -> InvalidDiagnoses:
    """Why this file cannot be used."""
    allowed = "what diagnoser batch wrote"
    return InvalidDiagnoses([fact_problem(printable(str(path)), reason, allowed)])


def _cast(column: str) -> str:
    """A column with values of its type, whatever the file has."""
    cast = f"TRY_CAST({_name(column)} AS {NUMBERS.get(column, 'VARCHAR')})"
    if column not in ("cause", "step"):
        return cast
    return f"CASE WHEN finding = '{NOT_KNOWN_YET}' THEN '{NOT_KNOWN_YET}' ELSE {cast} END"


def _name(column: str) -> str:
    return f'"{column}"'
