"""The columns of a diagnosis in one row: their names, types and meaning, in one place."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import Lookup, Version

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
ROW = (
    "row",
    WHOLE,
    "where the case begins: its line in JSONL or CSV, else the number of the row",
)
ID = ("id", TEXT, "the id that came with the case; null where none did")
DIAGNOSIS: tuple[tuple[str, pa.DataType, str], ...] = (
    ("finding", TEXT, "fault, several-faults, nothing-wrong or not-known-yet"),
    ("cause", TEXT, "the first cause, by its id"),
    ("probability", NUMBER, "its probability, rounded to four places"),
    ("status", TEXT, "proven, open or ruled-out"),
    ("step", TEXT, "the remedy that the plan begins with, by its id; null for an empty plan"),
    ("minutes", NUMBER, "what the plan is expected to take, rounded to one place"),
    (
        "saves",
        NUMBER,
        "the minutes by which the best plan without that first step is expected to take longer",
    ),
    ("cause_2", TEXT, "the second cause"),
    ("probability_2", NUMBER, "its probability"),
    ("cause_3", TEXT, "the third cause"),
    ("probability_3", NUMBER, "its probability"),
    ("contradictions", WHOLE, "how many groups of answers cannot hold together"),
    ("next_visit", TEXT, "the place that is worth a visit next, if it was asked for"),
)
VERSIONS: tuple[tuple[str, pa.DataType, str], ...] = (
    ("knowledge", TEXT, "the knowledge and its version"),
    ("knowledge_digest", TEXT, "the SHA-256 of its files"),
    ("program", TEXT, "the version of diagnoser"),
)
PROBLEM = ("problem", TEXT, "why the case could not be read; then nothing else is known of it")


def kinds_of_phone(knowledge: Knowledge) -> dict[str, str]:
    """The facts that tell phones apart by kind and identify none, such as `ios.version` and
    `device.model`, each with its column: those with a version or a row of a table that are asked of
    every phone."""
    return {
        id: id.replace(".", "_").replace("-", "_")
        for id, fact in knowledge.facts.items()
        if isinstance(fact.kind, (Lookup, Version)) and not fact.derived_from and not fact.only_if
    }


def diagnosed(knowledge: Knowledge) -> pa.Schema:
    """The columns that `diagnose_arrow` gives for this knowledge."""
    return _schema([ID, *_all(knowledge), PROBLEM])


def numbered(knowledge: Knowledge) -> pa.Schema:
    """The columns of what `diagnoser batch` writes."""
    return _schema([ROW, ID, *_all(knowledge)])


def spark(schema: pa.Schema) -> str:
    """The columns as Spark wants to be told of them, in its data definition language."""
    names = {TEXT: "string", WHOLE: "bigint", NUMBER: "double"}
    return ", ".join(f"`{field.name}` {names[field.type]}" for field in schema)


def _all(knowledge: Knowledge) -> Iterator[tuple[str, pa.DataType, str]]:
    yield from DIAGNOSIS
    for id, column in kinds_of_phone(knowledge).items():
        yield column, TEXT, f"the fact {id}; null where it is not known"
    yield from VERSIONS


def _schema(columns: list[tuple[str, pa.DataType, str]]) -> pa.Schema:
    return pa.schema(
        [pa.field(name, type, metadata={"means": means}) for name, type, means in columns]
    )
