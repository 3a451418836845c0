"""Which columns of a table are facts, and the rows of its record batches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from diagnoser.errors import DiagnoserError, Problem, fact_problem, near_misses, nearest
from diagnoser.fleet.cases import FACTS, CaseReader, CaseRow
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Choice, Number

NEAR_MISSES = 50


class InvalidColumns(DiagnoserError):
    """The columns of a table are not facts of this knowledge."""

    what = "These columns cannot be used"


class Columns(NamedTuple):
    """What each column is for: the place of the id, of whole facts files, and of single facts by
    their ids; and the names of those that are for nothing."""

    id: int | None
    whole: int | None
    facts: Mapping[str, int]
    ignored: tuple[str, ...]

    @property
    def places(self) -> list[int]:
        """The places of all columns that are read."""
        others = [place for place in (self.id, self.whole) if place is not None]
        return sorted([*others, *self.facts.values()])


def columns_of(
    names: Sequence[str], knowledge: Knowledge, id: str | None, ignore_others: bool
) -> Columns:
    """What the columns are for: each is called as its fact, or `wifi_connection` for
    `wifi.connection` where a program wants no dots. `id` is the name of the one that is carried
    through, without a name it is `id` if there is such a column.

    Raises InvalidColumns with every mistake: a column that is no fact, unless others are ignored.
    """
    problems: list[Problem] = []
    known = {one.id: one for one in knowledge.facts.values() if not one.derived_from}
    other = _without_dots(known)
    places: dict[str, int] = {}
    ignored: list[str] = []
    wanted = id or "id"
    with near_misses(NEAR_MISSES):
        for place, given in enumerate(map(str.strip, names)):
            name = given if given == wanted else other.get(given, given)
            if name in places:
                problems.append(_problem(name, "stands twice"))
            elif name in (wanted, FACTS) or name in known:
                places[name] = place
            elif ignore_others:
                ignored.append(name)
            else:
                problems.append(_no_fact(name, known, knowledge))
    if id is not None and id not in places:
        problems.append(_problem(id, "is to be the id, and is no column", near=nearest(id, names)))
    whole = places.pop(FACTS, None)
    chosen = places.pop(wanted, None)
    if not problems and whole is None and not places:
        allowed = f"one column for each fact, such as {next(iter(known), '')}, or {FACTS}"
        problems.append(_problem("", "no column is a fact", allowed))
    if whole is not None and places:
        problems.append(_problem(FACTS, "stands beside columns of single facts", "either of them"))
    if problems:
        raise InvalidColumns(problems)
    return Columns(chosen, whole, places, tuple(ignored))


def check_types(schema: pa.Schema, columns: Columns, knowledge: Knowledge) -> None:
    """Raises InvalidColumns with every column whose type cannot hold what it is for."""
    problems = []
    text = "text"
    for place, allowed in ((columns.id, f"{text} or whole numbers"), (columns.whole, text)):
        if place is not None:
            type = schema.field(place).type
            whole = place == columns.id and pa.types.is_integer(type)
            if not (_is_text(type) or whole or pa.types.is_null(type)):
                problems.append(_problem(schema.field(place).name, f"is of type {type}", allowed))
    for id, place in columns.facts.items():
        fits, allowed = _takes(knowledge.facts[id], schema.field(place).type)
        if not fits:
            reason = f"is of type {schema.field(place).type}"
            problems.append(_problem(id, reason, allowed))
    if problems:
        raise InvalidColumns(problems)


def cases_of(batch: pa.RecordBatch, columns: Columns, reader: CaseReader) -> Iterator[CaseRow]:
    """The case of each row."""
    values = {place: _values(batch.column(place)) for place in columns.places}
    for row in range(batch.num_rows):
        id = None if columns.id is None else values[columns.id][row]
        if columns.whole is not None:
            whole = values[columns.whole][row]
            content = b"{}" if whole is None else whole.encode(errors="surrogateescape")
            case = reader.of_json(content)
            yield case if id is None else case._replace(id=reader.of_cells(id, ()).id)
        else:
            cells = ((fact, values[place][row]) for fact, place in columns.facts.items())
            yield reader.of_cells(id, cells)


def flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with columns such as `wifi.connection` for what is nested in a column `wifi`."""
    if not any(pa.types.is_struct(field.type) for field in batch.schema):
        return batch
    table = pa.Table.from_batches([batch]).flatten().combine_chunks()
    return pa.RecordBatch.from_arrays(
        [
            column.chunk(0) if column.num_chunks else pa.array([], column.type)
            for column in table.columns
        ],
        schema=table.schema,
    )


def _without_dots(known: Collection[str]) -> dict[str, str]:
    """The facts by their names with underscores, where these are clear."""
    names: dict[str, list[str]] = {}
    for id in known:
        names.setdefault(id.replace(".", "_").replace("-", "_"), []).append(id)
    return {name: ids[0] for name, ids in names.items() if len(ids) == 1 and name not in known}


def _takes(fact: Fact, type: pa.DataType) -> tuple[bool, str]:
    """Whether answers to a fact can be of this type, and of which they can."""
    if _is_text(type) or pa.types.is_null(type):
        return True, ""
    if isinstance(fact.kind, Number):
        fits = pa.types.is_integer(type) or pa.types.is_floating(type) or pa.types.is_decimal(type)
        return fits, "numbers, or text"
    if isinstance(fact.kind, Choice) and fact.kind.several:
        is_list = pa.types.is_list(type) or pa.types.is_large_list(type)
        return is_list and _is_text(type.value_type), f"text, or lists of text: {fact.kind.allowed}"
    return False, f"text: {fact.kind.allowed}"


def _is_text(type: pa.DataType) -> bool:
    if pa.types.is_dictionary(type):
        return _is_text(type.value_type)
    return type in (pa.string(), pa.large_string(), pa.string_view())


def _values(column: pa.Array) -> list[Any]:
    """The values of a column; bytes that are no text become half characters, which no answer
    has."""
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        raw = column.cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
        values = [one if one is None else one.decode(errors="surrogateescape") for one in raw]
    return values


def _no_fact(name: str, known: Mapping[str, Fact], knowledge: Knowledge) -> Problem:
    if name in knowledge.gone:
        return _problem(name, "is not asked any more", knowledge.gone[name])
    if name in knowledge.facts:
        return _problem(name, f"follows from {knowledge.facts[name].derived_from}; give that")
    return _problem(name, "is not a fact", near=nearest(name, known))


def _problem(name: str, reason: str, allowed: str = "", near: str = "") -> Problem:
    return fact_problem(name or '""', reason, allowed, near)
