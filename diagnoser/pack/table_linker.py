"""Links the tables of a folder: what kind of fact a row is, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.values import (
    Kind,
    Lookup,
    Number,
    Unfit,
    Value,
    Version,
    constant,
    words,
)
from diagnoser.pack import facts_schema as shapes
from diagnoser.pack.reader import Content
from diagnoser.pack.strict_yaml import Path as KeyPath

Complain = Callable[[str, KeyPath, str, str, str], None]
"""Takes the file, the path in it, what is wrong, what is allowed, and the near miss."""
NOT_KNOWN = "-"
"""What stands in a cell of a table of which nothing is known."""


def file_of(area: str) -> str:
    """The file of an area of facts."""
    return f"facts/{area}.yaml"


def linked(
    area: str, name: str, raw: shapes.LookupType, content: Content, complain: Complain
) -> tuple[Lookup, dict[str, tuple[Kind, dict[Value, Value]]]] | None:
    """The kind of a fact that is a row of a table, and each derived column: its kind and its
    cell by row; None when the table cannot be used."""
    file, path = file_of(area), ("facts", name, "lookup")
    tables, table = content.tables, f"facts/{raw.table}"
    if raw.table not in tables:
        near = nearest(raw.table, tables)
        complain(file, (*path, "table"), f"there is no table {table}", "", near)
    rows = tables.get(raw.table)
    if not rows:
        return None
    wanted = [raw.name, *([raw.also] if raw.also else []), *raw.derives]
    missing = [column for column in wanted if column not in rows[0]]
    for column in missing:
        reason = f"{quoted(column)} is not a column of {table}"
        complain(file, path, reason, ", ".join(rows[0]), nearest(column, rows[0]))
    if missing:
        return None
    names = tuple(row[raw.name] for row in rows)
    spellings: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        also = row[raw.also].split() if raw.also else []
        for spelling in dict.fromkeys([row[raw.name].lower(), *map(str.lower, also)]):
            if spelling in spellings:
                reason = f"{quoted(spelling)} stands for two rows"
                complain(table, (number,), reason, "", "")
            spellings[spelling] = row[raw.name]
    columns: dict[str, tuple[Kind, dict[Value, Value]]] = {}
    for column, type in raw.derives.items():
        kind = _column_kind(type, [row[column] for row in rows if row[column] != NOT_KNOWN])
        cells: dict[Value, Value] = {}
        for number, row in enumerate(rows, start=2):
            if row[column] == NOT_KNOWN:
                continue
            value = written(table, (number, column), kind, row[column], complain)
            if value is not None:
                cells[row[raw.name]] = value
        columns[column] = (kind, cells)
    return Lookup(names, spellings), columns


def written(file: str, path: KeyPath, kind: Kind, text: str, complain: Complain) -> Value | None:
    """The value that is written, or None, with a complaint, when it does not fit its kind."""
    try:
        return constant(kind, text)
    except Unfit as unfit:
        complain(file, path, unfit.reason, unfit.allowed, unfit.near)
        return None


def _column_kind(type: str, cells: list[str]) -> Kind:
    if type == "word":
        return words(cells)
    return Version(0, 9999) if type == "version" else Number("", float("-inf"), float("inf"))
