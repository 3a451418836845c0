"""Links the facts of a folder: what kinds they are, the tables that some are looked up in, the
places where they are seen, and the conditions that read them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.conditions import Condition, facts_of, parse
from diagnoser.knowledge.model import (
    DID_NOT_HELP,
    OUTCOMES,
    TRIED,
    TRIED_AREA,
    Fact,
    Go,
    Line,
    Place,
    Spoken,
    Variant,
)
from diagnoser.knowledge.values import (
    Choice,
    Kind,
    Number,
    Unfit,
    Value,
    Version,
    constant,
)
from diagnoser.pack import facts_schema as shapes
from diagnoser.pack import said_linker, schema_types
from diagnoser.pack.reader import PLACES, Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain, file_of, linked, written

Cells = dict[str, dict[Value, Value]]
"""What follows for each other fact, by the row of a table."""
FACT_ID = r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"


class FactLinker:
    """Holds the kinds of all facts, once `facts` has been called."""

    def __init__(self, content: Content, complain: Complain) -> None:
        self.content = content
        self.complain = complain
        self.kinds: dict[str, Kind] = {}
        self.without_kind: set[str] = set()
        """Facts that need a table which cannot be used, so that nobody says they do not exist."""
        areas = content.areas
        self.order = sorted(areas, key=lambda area: (areas[area].order, area))
        self.defined = {
            f"{area}.{name}": fact
            for area in self.order
            for name, fact in areas[area].facts.items()
        }

    def condition(self, file: str, path: KeyPath, raw: Mapping[str, Any]) -> Condition:
        """A condition; what is wrong in it is complained of where it stands."""

        def complain(inner: KeyPath, reason: str, allowed: str, near: str) -> None:
            if self.without_kind.isdisjoint(map(str, inner)):
                self.complain(file, (*path, *inner), reason, allowed, near)

        return parse(raw, self.kinds, complain)

    def variants(
        self, file: str, path: KeyPath, raw: Iterable[schema_types.Variant], place: str = ""
    ) -> tuple[Variant, ...]:
        """Lines for what is known of the phone, each after the way to the `place`, if there is
        one."""
        first: tuple[Line, ...] = (Go(place),) if place else ()
        raw = list(raw)
        for number, one in enumerate(raw):
            for line, text in enumerate(one.do):
                if isinstance(text, Go):
                    self.place(file, (*path, number, "do", line), text.go)
        return tuple(
            Variant(
                None
                if one.condition is None
                else self.condition(file, (*path, number, "if"), one.condition),
                (*first, *one.do),
            )
            for number, one in enumerate(raw)
        )

    def place(self, file: str, path: KeyPath, id: str) -> bool:
        """Whether there is such a place; complains if not."""
        known = self.content.places
        if id not in known:
            reason = f"{quoted(id)} is not a place of this pack"
            self.complain(file, path, reason, "", nearest(id, known))
        return id in known

    def outer(self, id: str, within: str | None) -> str:
        """The place that a page is within, if it is; that is within no other one."""
        path = ("places", id, "within")
        if within is None or not self.place(PLACES, path, within):
            return ""
        if within == id or self.content.places[within].within is not None:
            what = "itself" if within == id else "another place"
            self.complain(PLACES, path, f"{within} is within {what}", "", "")
        return within

    def places(self) -> dict[str, Place]:
        """All places by id."""
        found = {}
        for id, raw in sorted(self.content.places.items()):
            path = ("places", id, "go")
            for number, one in enumerate(raw.go):
                if any(isinstance(line, Go) for line in one.do):
                    reason = "leads to another place; write the whole way"
                    self.complain(PLACES, (*path, number), reason, "", "")
            go = self.variants(PLACES, path, raw.go)
            found[id] = Place(id, raw.title, go, raw.effort, self.outer(id, raw.within))
        return found

    def facts(self) -> dict[str, Fact]:
        """All facts by id: those that are asked in the order of the questionnaire, then those that
        follow from tables, then what was tried."""
        derived: dict[str, Fact] = {}
        tables: dict[str, Cells] = {}
        for id, raw in self.defined.items():
            if raw.lookup is not None:
                tables[id] = self.derive(id, raw.lookup, derived)
            else:
                self.kinds[id] = _kind(raw)
        for id, fact in derived.items():
            if id in self.defined:
                place = ("facts", id.partition(".")[2])
                self.complain(file_of(fact.area), place, "is derived from a table too", "", "")
            self.kinds[id] = fact.kind
        tried = {
            f"{TRIED}{id}": Fact(
                f"{TRIED}{id}",
                TRIED_AREA,
                Choice(OUTCOMES),
                said=tuple((DID_NOT_HELP, text) for text in remedy.said),
            )
            for id, remedy in sorted(self.content.remedies.items())
        }
        self.kinds.update({id: fact.kind for id, fact in tried.items()})
        facts = {
            id: self.fact(id, raw, tables.get(id))
            for id, raw in self.defined.items()
            if id not in self.without_kind
        }
        return facts | derived | tried

    def gone(self) -> dict[str, str]:
        """What to give instead of facts that are not asked any more, by their ids."""
        found = {}
        for area in self.order:
            for name, instead in self.content.areas[area].gone.items():
                id, path = f"{area}.{name}", ("gone", name)
                if id in self.kinds or id in self.without_kind:
                    self.complain(file_of(area), path, "is a fact, so it is not gone", "", "")
                for named in re.findall(FACT_ID, instead):
                    if named not in self.kinds and named not in self.without_kind:
                        reason = f"{quoted(named)} is not a fact"
                        self.complain(file_of(area), path, reason, "", nearest(named, self.kinds))
                found[id] = instead
        return found

    def derive(self, id: str, raw: shapes.LookupType, derived: dict[str, Fact]) -> Cells:
        """Adds the facts that follow from a table to `derived`; gives the cells of each by row."""
        area, _, name = id.partition(".")
        found = linked(area, name, raw, self.content, self.complain)
        if found is None:
            self.without_kind |= {id, *(f"{area}.{column}" for column in raw.derives)}
            return {}
        self.kinds[id], columns = found
        for column, (kind, _) in columns.items():
            new = Fact(
                f"{area}.{column}", area, kind, derived_from=id, ages=raw.expires is not None
            )
            first = derived.setdefault(new.id, new)
            if first is not new:
                path = ("facts", name, "lookup", "derives", column)
                reason = f"follows from {first.derived_from} already"
                self.complain(file_of(area), path, reason, "", "")
        return {f"{area}.{column}": cells for column, (_, cells) in columns.items()}

    def fact(
        self,
        id: str,
        raw: shapes.FactDefinition,
        derives: Cells | None,
    ) -> Fact:
        area, _, name = id.partition(".")
        file, path = file_of(area), ("facts", name)
        typical = []
        for text, count in raw.typical.items():
            value = self.constant(file, (*path, "typical", text), self.kinds[id], text)
            if value is not None:
                typical.append((value, count / 100))
        only_if = None
        if raw.only_if is not None:
            only_if = self.condition(file, (*path, "only_if"), raw.only_if)
            if id in facts_of(only_if):
                self.complain(file, (*path, "only_if"), "asks for the fact itself", "", "")
        for number, other in enumerate(raw.unless_answered):
            self.told_by(id, file, (*path, "unless_answered", number), other)
        tick = None
        for text, statement in (raw.tick or {}).items():
            value = self.constant(file, (*path, "tick", text), self.kinds[id], text)
            tick = None if value is None else (value, statement)
        if raw.version and raw.version.beta:
            self.kinds[id] = self.of_beta(file, (*path, "version"), area, raw.version, id)
        place = raw.place or ""
        effort = raw.effort
        if place and self.place(file, (*path, "place"), place):
            effort = round(effort + self.content.places[place].effort, 6)
        return Fact(
            id,
            area,
            self.kinds[id],
            raw.ask,
            place,
            self.variants(file, (*path, "look"), raw.look, place),
            effort,
            tuple(typical),
            only_if,
            tuple(raw.unless_answered),
            tick,
            derives,
            said=said_linker.said(raw),
            beside=tuple(raw.beside),
        )

    def spoken(self) -> Spoken:
        """How people speak of the facts; complains of phrases that cannot be found."""
        words = self.content.words
        spoken = Spoken(tuple(map(tuple, words.same)), tuple(words.others))
        said_linker.check(spoken, self.defined, self.content.remedies, self.kinds, self.complain)
        return spoken

    def of_beta(
        self, file: str, path: KeyPath, area: str, raw: shapes.VersionType, id: str
    ) -> Version:
        """The kind of a version whose text may name a beta: with the facts that tell of it."""
        kind = self.kinds[id]
        assert isinstance(kind, Version)
        tells, number = f"{area}.{raw.beta}", f"{area}.{raw.beta_number}"
        ticked = next(iter(self.defined[tells].tick or ()), "") if tells in self.defined else ""
        if not ticked:
            reason = f"{quoted(tells)} is not a fact with a check box"
            self.complain(file, (*path, "beta"), reason, "", nearest(tells, self.defined))
        if number == id or not isinstance(self.kinds.get(number), Version):
            reason = f"{quoted(number)} is not another version"
            self.complain(file, (*path, "beta_number"), reason, "", nearest(number, self.defined))
        return kind._replace(beta=(tells, ticked, number))

    def told_by(self, id: str, file: str, path: KeyPath, other: str) -> None:
        """Complains where another fact cannot say the same as this one."""
        if other == id:
            self.complain(file, path, "is the fact itself", "", "")
        elif other not in self.defined:
            what = "is never asked" if other in self.kinds else "is not a fact"
            near = nearest(other, self.defined)
            self.complain(file, path, f"{quoted(other)} {what}", "", near)

    def example(self, file: str, path: KeyPath, given: Mapping[str, str]) -> None:
        """Complains of what is not an answer to a fact."""
        for fact, text in given.items():
            if fact in self.kinds:
                self.constant(file, (*path, fact), self.kinds[fact], text)
            elif fact not in self.without_kind:
                self.complain(file, (*path, fact), "is not a fact", "", nearest(fact, self.kinds))

    def constant(self, file: str, path: KeyPath, kind: Kind, text: str) -> Value | None:
        """The value that is written, or None when it does not fit its kind."""
        return written(file, path, kind, text, self.complain)


def _kind(raw: shapes.FactDefinition) -> Kind:
    if raw.answers:
        return Choice(raw.answers, raw.several, tuple(raw.alone))
    if raw.number:
        return Number(raw.number.unit, raw.number.low, raw.number.high)
    assert raw.version  # the shape of a fact has one of these, or a table
    version = Version(raw.version.low, raw.version.high)
    return version._replace(usual=_usual(version, raw.typical))


def _usual(kind: Version, typical: Mapping[str, float]) -> str:
    """The most typical answer of those that fit."""
    for text in sorted(typical, key=lambda text: (-typical[text], text)):
        with contextlib.suppress(Unfit):
            return kind.show(constant(kind, text))
    return ""
