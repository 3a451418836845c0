"""What a file of diagnoses says of the fleet: causes and first steps by count and by kind of phone,
and what is worth doing first.

Whoever reads it learns nothing of a group of fewer than `folding.LEAST` phones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
from pydantic import Field

from diagnoser.fleet.columns import kinds_of_phone
from diagnoser.fleet.diagnoses import NOT_KNOWN_YET, invalid, view
from diagnoser.fleet.folding import LEAST, Cell, fold, shown_cells
from diagnoser.knowledge.model import Knowledge
from diagnoser.report.model import Reported, Schema

OTHERS, NONE = "\0others", ""
"""In tables: what is folded; and a kind that is not known, or a plan without a step."""
TITLES = {NONE: "No step is left", NOT_KNOWN_YET: "Not known yet: more has to be asked"}
TENTH = 10
"""Minutes are counted in tenths, whose sum is the same in whatever order they are added."""
Table = dict[Cell, int]
Phones = Annotated[int, Field(ge=LEAST, description="How many phones; never fewer than 5.")]
Rest = Annotated[
    int,
    Field(
        ge=0,
        description="How many phones are in all groups that are not told, together: none, or at"
        " least 5.",
    ),
]


class Group(Reported):
    """The phones with something in common, such as a first cause."""

    id: str
    title: str
    phones: Phones


class FirstStep(Group):
    """The phones whose plan begins with a remedy, and the minutes that doing it saves on all of
    them together: for each phone, by how much longer the best plan without it is expected to
    take. Null for the phones of which too little is known."""

    saves_minutes: float | None


class Groups(Reported):
    """Groups, the largest first, and the phones in none that is told."""

    groups: list[Group]
    others: Rest


class FirstSteps(Reported):
    """First steps, that which saves most minutes first, and the phones of others."""

    steps: list[FirstStep]
    others: Rest


class Kind(Reported):
    """Phones of one kind, such as one model; null for those of which it is not known, and of all
    that are folded into one."""

    value: str | None
    folded: bool
    phones: Phones
    causes: Groups
    steps: Groups


class ByKind(Reported):
    """Phones by a fact that tells their kind, such as the model; `complete` unless what is told of
    them would tell of small groups."""

    fact: str
    title: str
    kinds: list[Kind]
    complete: bool


class FleetSummary(Reported):
    """What is wrong in a fleet, and what to do first.

    Findings are not counted: which causes go with each of them is known, so that small groups would
    follow from both.

    `phones` is null, and all else empty, for fewer than 5. `contradictions` is the number of phones
    whose answers do not hold together, null where it, or the number of all others, is from 1 to 4.
    """

    schema_: Schema = 1
    knowledge: list[str]
    phones: Phones | None
    causes: Groups
    steps: FirstSteps
    contradictions: int | None
    by: list[ByKind]


def summarise(path: Path, knowledge: Knowledge) -> FleetSummary:
    """The summary of a file that `batch` wrote; titles are those of this knowledge.

    Raises InvalidDiagnoses, and InvalidCases for a name that tells no format.
    """
    with duckdb.connect(config={"threads": 1, "memory_limit": "512MB"}) as connection:
        names = view(connection, path, kinds_of_phone(knowledge).values())
        try:
            return _Summary(connection, names, knowledge).made()
        except duckdb.Error:
            raise invalid(path, "is damaged") from None


class _Summary:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, names: list[str], knowledge: Knowledge
    ) -> None:
        self._connection, self._knowledge = connection, knowledge
        self._kinds = {
            id: column for id, column in kinds_of_phone(knowledge).items() if column in names
        }

    def made(self) -> FleetSummary:
        [[total]] = self._rows("SELECT count(*) FROM diagnoses")
        used = [
            f"{name} ({(digest or '')[:12]})"
            for name, digest in self._rows(
                "SELECT DISTINCT knowledge, knowledge_digest FROM diagnoses ORDER BY ALL"
            )
        ]
        causes, steps = self._titles("causes"), self._titles("remedies")
        if total < LEAST:
            nothing = Groups(groups=[], others=0)
            return FleetSummary(
                knowledge=used,
                phones=None,
                causes=nothing,
                steps=FirstSteps(steps=[], others=0),
                contradictions=None,
                by=[],
            )
        [[contradicted]] = self._rows("SELECT count(*) FROM diagnoses WHERE contradictions > 0")
        either = fold({"yes": contradicted, "no": total - contradicted})
        return FleetSummary(
            knowledge=used,
            phones=total,
            causes=_groups(self._sizes("cause"), causes),
            steps=self._first_steps(steps),
            contradictions=None if either.others else contradicted,
            by=[self._by(id, column, causes, steps) for id, column in self._kinds.items()],
        )

    def _first_steps(self, titles: Mapping[str, str]) -> FirstSteps:
        found = self._rows(
            f"SELECT coalesce(step, ''), count(*), sum(CAST(round(saves * {TENTH}) AS BIGINT))"
            " FROM diagnoses GROUP BY 1"
        )
        folded = fold({step: number for step, number, _ in found}, NOT_KNOWN_YET)
        saves = {
            step: None if step == NOT_KNOWN_YET else (tenths or 0) / TENTH
            for step, _, tenths in found
        }
        steps = [
            FirstStep(id=id, title=titles.get(id, id), phones=number, saves_minutes=saves[id])
            for id, number in folded.shown.items()
        ]
        ordered = sorted(steps, key=lambda one: (-(one.saves_minutes or 0), -one.phones, one.id))
        return FirstSteps(steps=ordered, others=folded.others)

    def _by(
        self, id: str, column: str, causes: Mapping[str, str], steps: Mapping[str, str]
    ) -> ByKind:
        kinds = fold(self._sizes(column))
        numbers = {**kinds.shown, **({OTHERS: kinds.others} if kinds.others else {})}
        told = self._tables(column, set(kinds.shown))
        causes_told, steps_told = told or ({}, {})
        found = [
            Kind(
                value=None if kind in (OTHERS, NONE) else kind,
                folded=kind == OTHERS,
                phones=number,
                causes=_row(kind, number, causes_told, causes),
                steps=_row(kind, number, steps_told, steps),
            )
            for kind, number in numbers.items()
        ]
        return ByKind(
            fact=id,
            title=self._knowledge.facts[id].ask,
            kinds=found,
            complete=told is not None,
        )

    def _tables(self, column: str, kinds: set[str]) -> list[Table] | None:
        """How many phones there are by kind and cause, and by kind and step, as far as it can be
        told beside the numbers of each and beside the other table; None where nothing can."""
        tables = [self._table(column, what, kinds) for what in ("cause", "step")]
        both = all(any(group == NOT_KNOWN_YET for _, group in table) for table in tables)
        shown = shown_cells(tables, NOT_KNOWN_YET if both else None)
        if shown is None:
            return None
        return [
            {cell: table[cell] for cell in cells}
            for table, cells in zip(tables, shown, strict=True)
        ]

    def _table(self, column: str, what: str, kinds: set[str]) -> Table:
        """How many phones there are by kind and cause or step, with what is folded as one."""
        known = fold(self._sizes(what), NOT_KNOWN_YET).shown
        cells: Table = {}
        query = (
            f"SELECT coalesce({column}, ''), coalesce({what}, ''), count(*)"
            " FROM diagnoses GROUP BY ALL"
        )
        for kind, group, number in self._rows(query):
            cell = (kind if kind in kinds else OTHERS, group if group in known else OTHERS)
            cells[cell] = cells.get(cell, 0) + number
        return cells

    def _sizes(self, column: str) -> dict[str, int]:
        query = f"SELECT coalesce({column}, ''), count(*) FROM diagnoses GROUP BY 1"
        return dict(self._rows(query))

    def _titles(self, what: Literal["causes", "remedies"]) -> dict[str, str]:
        return {id: one.title for id, one in getattr(self._knowledge, what).items()} | TITLES

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()


def _groups(sizes: Mapping[str, int], titles: Mapping[str, str]) -> Groups:
    folded = fold(sizes, NOT_KNOWN_YET)
    groups = [
        Group(id=id, title=titles.get(id, id), phones=number) for id, number in folded.shown.items()
    ]
    return Groups(groups=groups, others=folded.others)


def _row(
    kind: str,
    number: int,
    table: Mapping[Cell, int],
    titles: Mapping[str, str],
) -> Groups:
    """The groups of one kind of phone."""
    cells = [(group, size) for (one, group), size in table.items() if one == kind]
    told = sorted(
        ((group, size) for group, size in cells if group != OTHERS),
        key=lambda one: (-one[1], one[0]),
    )
    groups = [Group(id=id, title=titles.get(id, id), phones=size) for id, size in told]
    return Groups(groups=groups, others=number - sum(size for _, size in told))
