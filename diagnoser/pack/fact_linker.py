"""Links the facts of a folder: what kinds they are, the tables that some are looked up in, and the
conditions that read them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from diagnoser.errors import SPARE, nearest, quoted
from diagnoser.knowledge.conditions import Condition, facts_of, parse
from diagnoser.knowledge.model import OUTCOMES, TRIED, Fact, Variant
from diagnoser.knowledge.values import (
    Choice,
    Kind,
    Lookup,
    Number,
    Unfit,
    Value,
    Version,
    constant,
    words,
)

Data = Mapping[str, Any]
KeyPath = tuple[str | int, ...]
Complain = Callable[[str, KeyPath, str, str, str], None]
"""Takes the file, the path in it, what is wrong, what is allowed, and the near miss."""


class FactLinker:
    """Holds the kinds of all facts, once `facts` has been called."""

    def __init__(self, data: Data, complain: Complain) -> None:
        self.data = data
        self.complain = complain
        self.kinds: dict[str, Kind] = {}
        self.broken: set[str] = set(data["broken"])
        self.round_ups = {
            f"{area}.{name}"
            for area, content in data["areas"].items()
            for name, fact in content["facts"].items()
            if fact["means"]
        }

    def condition(self, file: str, path: KeyPath, raw: Data) -> Condition:
        """A condition; none may read a round-up, which only says something of other facts."""

        def complain(inner: KeyPath, reason: str, allowed: str, near: str) -> None:
            if not any(self.unreadable(str(part)) for part in inner):
                self.complain(file, (*path, *inner), reason, allowed, near)

        found = parse(raw, self.kinds, complain)
        for fact in sorted(facts_of(found) & self.round_ups):
            self.complain(file, path, f"reads {fact}, which only asks for other facts", "", "")
        return found

    def unreadable(self, fact: str) -> bool:
        """Whether the fact is, or may be, defined where nothing could be read."""
        area, _, name = fact.partition(".")
        if f"facts/{fact}" in self.broken:
            return True
        file = f"remedies/{name}" if area == "tried" else f"areas/{area}"
        return file in self.broken

    def variants(self, file: str, path: KeyPath, raw: list[Data]) -> tuple[Variant, ...]:
        return tuple(
            Variant(
                None
                if one["condition"] is None
                else self.condition(file, (*path, place, "if"), one["condition"]),
                tuple(one["do"]),
            )
            for place, one in enumerate(raw)
        )

    def facts(self) -> dict[str, Fact]:
        """All facts by id: those that are asked in the order of the questionnaire, then those that
        follow from tables, then what was tried."""
        areas = self.data["areas"]
        order = sorted(areas, key=lambda area: (areas[area]["order"], area))
        derived: dict[str, Fact] = {}
        asked: dict[str, tuple[str, str]] = {}
        tables: dict[str, dict[str, dict[Value, Value]]] = {}
        for area in order:
            for name, raw in areas[area]["facts"].items():
                id = f"{area}.{name}"
                if raw["lookup"]:
                    cells = self.derive(area, name, raw["lookup"], derived)
                    if cells is None:
                        continue
                    tables[id] = cells
                else:
                    self.kinds[id] = _kind(raw)
                asked[id] = (area, name)
        for id, fact in derived.items():
            if id in self.kinds:
                place = ("facts", id.partition(".")[2])
                self.complain(
                    areas[fact.area]["file"], place, "is derived from a table too", "", ""
                )
            self.kinds[id] = fact.kind
        tried = {
            f"{TRIED}{id}": Fact(f"{TRIED}{id}", "tried", Choice(OUTCOMES))
            for id in sorted(self.data["remedies"])
        }
        self.kinds.update({id: fact.kind for id, fact in tried.items()})
        parts: dict[str, str] = {}
        facts = {
            id: self.fact(area, name, tables.get(id) or self.means(area, name, asked, parts))
            for id, (area, name) in asked.items()
        }
        return facts | derived | tried

    def derive(
        self, area: str, name: str, raw: Data, derived: dict[str, Fact]
    ) -> dict[str, dict[Value, Value]] | None:
        """Adds the facts that follow from a table to `derived`; gives the cells of each by row, or
        None when the table cannot be used."""
        id = f"{area}.{name}"
        found = self.lookup(area, name, raw)
        if found is None:
            self.broken |= {f"facts/{id}", *(f"facts/{area}.{column}" for column in raw["derives"])}
            return None
        self.kinds[id], columns = found
        for column, (kind, _) in columns.items():
            new = Fact(f"{area}.{column}", area, kind, derived_from=id)
            first = derived.setdefault(new.id, new)
            if first is not new:
                file, path = self.data["areas"][area]["file"], ("facts", name, "lookup", "derives")
                reason = f"follows from {first.derived_from} already"
                self.complain(file, (*path, column), reason, "", "")
        return {f"{area}.{column}": cells for column, (_, cells) in columns.items()}

    def means(
        self, area: str, name: str, asked: Collection[str], parts: dict[str, str]
    ) -> dict[str, dict[Value, Value]] | None:
        """What a round-up asks for: the value of each fact by answer; None where it is none.

        `parts` gets the round-up of each of these facts.
        """
        id, source = f"{area}.{name}", self.data["areas"][area]
        if id not in self.round_ups:
            return None
        cells: dict[str, dict[Value, Value]] = {}
        for answer, others in source["facts"][name]["means"].items():
            place: KeyPath = ("facts", name, "means", answer)
            if self.constant(source["file"], place, self.kinds[id], answer) is None:
                continue
            for other, text in others.items():
                wrong = self.no_part(other, asked)
                if not wrong and parts.setdefault(other, id) != id:
                    wrong = f"is asked for by {parts[other]} already"
                if wrong:
                    near = "" if other in self.kinds else nearest(other, asked)
                    self.complain(source["file"], (*place, other), wrong, "", near)
                elif other in self.kinds:
                    value = self.constant(source["file"], (*place, other), self.kinds[other], text)
                    if value is not None:
                        cells.setdefault(other, {})[answer] = value
        return cells

    def no_part(self, fact: str, asked: Collection[str]) -> str:
        """Why a round-up cannot ask for the fact, if so."""
        if fact not in self.kinds:
            return "" if self.unreadable(fact) else "is not a fact"
        if fact not in asked:
            return "is never asked for by itself"
        if isinstance(self.kinds[fact], Lookup):
            return "is looked up in a table, so it can only be asked for alone"
        return "asks only for other facts itself" if fact in self.round_ups else ""

    def fact(
        self, area: str, name: str, derives: Mapping[str, Mapping[Value, Value]] | None
    ) -> Fact:
        source = self.data["areas"][area]
        file, raw, path = source["file"], source["facts"][name], ("facts", name)
        id = f"{area}.{name}"
        typical = []
        for text, count in raw["typical"].items():
            if text != SPARE:
                value = self.constant(file, (*path, "typical", text), self.kinds[id], text)
                if value is not None:
                    typical.append((value, count / 100))
        only_if = None
        if raw["only_if"] is not None:
            only_if = self.condition(file, (*path, "only_if"), raw["only_if"])
            if id in facts_of(only_if):
                self.complain(file, (*path, "only_if"), "asks for the fact itself", "", "")
        return Fact(
            id,
            area,
            self.kinds[id],
            raw["ask"],
            self.variants(file, (*path, "look"), raw["look"]),
            raw["effort"],
            tuple(typical),
            only_if,
            derives,
        )

    def lookup(
        self, area: str, name: str, raw: Data
    ) -> tuple[Lookup, dict[str, tuple[Kind, dict[Value, Value]]]] | None:
        """The kind of a fact that is a row of a table, and each derived column: its kind and its
        cell by row; None when the table cannot be used."""
        file, path = self.data["areas"][area]["file"], ("facts", name, "lookup")
        tables, table = self.data["tables"], f"facts/{raw['table']}"
        if raw["table"] not in tables:
            near = nearest(raw["table"], tables)
            self.complain(file, (*path, "table"), f"there is no table {table}", "", near)
        rows = tables.get(raw["table"])
        if not rows:
            return None
        wanted = [raw["name"], *([raw["also"]] if raw["also"] else []), *raw["derives"]]
        missing = [column for column in wanted if column not in rows[0]]
        for column in missing:
            reason = f"{quoted(column)} is not a column of {table}"
            self.complain(file, path, reason, ", ".join(rows[0]), nearest(column, rows[0]))
        if missing:
            return None
        names = tuple(row[raw["name"]] for row in rows)
        spellings: dict[str, str] = {}
        for number, row in enumerate(rows, start=2):
            also = row[raw["also"]].split() if raw["also"] else []
            for spelling in dict.fromkeys([row[raw["name"]].lower(), *map(str.lower, also)]):
                if spelling in spellings:
                    reason = f"{quoted(spelling)} stands for two rows"
                    self.complain(table, (number,), reason, "", "")
                spellings[spelling] = row[raw["name"]]
        columns: dict[str, tuple[Kind, dict[Value, Value]]] = {}
        for column, type in raw["derives"].items():
            kind = _column_kind(type, [row[column] for row in rows])
            cells: dict[Value, Value] = {}
            for number, row in enumerate(rows, start=2):
                value = self.constant(table, (number, column), kind, row[column])
                if value is not None:
                    cells[row[raw["name"]]] = value
            columns[column] = (kind, cells)
        return Lookup(names, spellings), columns

    def example(self, file: str, path: KeyPath, given: Data) -> None:
        """Complains of what is not an answer to a fact."""
        for fact, text in given.items():
            if fact in self.kinds:
                self.constant(file, (*path, fact), self.kinds[fact], text)
            elif not self.unreadable(fact):
                self.complain(file, (*path, fact), "is not a fact", "", nearest(fact, self.kinds))

    def constant(self, file: str, path: KeyPath, kind: Kind, text: str) -> Value | None:
        """The value that is written, or None when it does not fit its kind."""
        try:
            return constant(kind, text)
        except Unfit as unfit:
            self.complain(file, path, unfit.reason, unfit.allowed, unfit.near)
            return None


def _column_kind(type: str, cells: list[str]) -> Kind:
    if type == "word":
        return words(cells)
    return Version(0, 9999) if type == "version" else Number("", float("-inf"), float("inf"))


def _kind(raw: Data) -> Kind:
    if raw["answers"]:
        return Choice(raw["answers"])
    if raw["number"]:
        return Number(raw["number"]["unit"], raw["number"]["low"], raw["number"]["high"])
    version = Version(raw["version"]["low"], raw["version"]["high"])
    return version._replace(usual=_usual(version, raw["typical"]))


def _usual(kind: Version, typical: Mapping[str, float]) -> str:
    """The most typical answer of those that fit."""
    for text in sorted(typical, key=lambda text: (-typical[text], text)):
        with contextlib.suppress(Unfit):
            return kind.show(constant(kind, text))
    return ""
