"""Links the plain data of a folder to knowledge.

It complains of everything that needs more than one file to be seen: facts, causes and remedies that
do not exist, words without a worth, cycles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagnoser.conditions import Condition, facts_of, parse
from diagnoser.errors import nearest, quoted
from diagnoser.knowledge import (
    TRIED,
    Bar,
    Cause,
    Contradiction,
    Example,
    Fact,
    Knowledge,
    Remedy,
    Rule,
    Variant,
)
from diagnoser.values import Choice, Kind, Lookup, Number, Unfit, Value, Version, words

Data = Mapping[str, Any]
Place = tuple[str | int, ...]
Complain = Callable[[str, Place, str, str, str], None]
"""Takes the file, the path in it, what is wrong, what is allowed, and the near miss."""


def link(data: Data, complain: Complain) -> Knowledge:
    """The knowledge that the data of a folder stands for.

    What is complained of is left out.
    """
    linker = _Linker(data, complain)
    facts = linker.facts()
    causes = {id: linker.cause(id) for id in sorted(data["causes"])}
    remedies = {id: linker.remedy(id) for id in sorted(data["remedies"])}
    contradictions = {id: linker.contradiction(id) for id in sorted(data["contradictions"])}
    linker.check_order(remedies)
    pack = linker.pack
    areas = sorted(data["areas"], key=lambda area: (data["areas"][area]["order"], area))
    return Knowledge(
        id=pack["id"],
        version=pack["version"],
        title=pack["title"],
        digest=data["digest"],
        areas={area: data["areas"][area]["title"] for area in areas},
        facts=facts,
        causes=causes,
        rules={rule.id: rule for cause in causes.values() for rule in cause.rules},
        remedies=remedies,
        contradictions=contradictions,
        strengths=pack["strengths"],
        commonness=pack["commonness"],
        none_of_these=pack["none_of_these"],
        waiting_rate=pack["waiting_rate"],
        verification=pack["verification"],
    )


class _Linker:
    """Holds what every part needs while a folder's data is linked."""

    def __init__(self, data: Data, complain: Complain) -> None:
        self.data = data
        self.pack = data["pack"]
        self.complain = complain
        self.kinds: dict[str, Kind] = {}
        self.broken = frozenset(data["broken"])
        for word, limit in self.pack["worth"].items():
            self.known(
                "rules/pack.yaml", ("worth", word), limit, self.pack["strengths"], "strength"
            )
        if self.pack["safe_copy"] is not None:
            self.known(
                "rules/pack.yaml",
                ("safe_copy",),
                self.pack["safe_copy"],
                data["remedies"],
                "remedy",
            )

    def known(self, file: str, path: Place, word: str, table: Data, what: str) -> bool:
        """Whether the word is in the table; complains if not, unless its own file is what is
        wrong."""
        if word in table:
            return True
        folder = {"cause": "causes", "remedy": "remedies"}.get(what)
        if f"{folder}/{word}" in self.broken:
            return False
        few = ", ".join(table) if len(table) <= 12 else ""
        self.complain(
            file, path, f"{quoted(word)} is not a {what} of this pack", few, nearest(word, table)
        )
        return False

    def condition(self, file: str, path: Place, raw: Data) -> Condition:
        def complain(inner: Place, reason: str, allowed: str, near: str) -> None:
            if not any(self.unreadable(str(part)) for part in inner):
                self.complain(file, (*path, *inner), reason, allowed, near)

        return parse(raw, self.kinds, complain)

    def unreadable(self, fact: str) -> bool:
        """Whether the fact may be defined in a file that could not be read."""
        area, _, name = fact.partition(".")
        return f"areas/{area}" in self.broken or (
            area == "tried" and f"remedies/{name}" in self.broken
        )

    # -- facts

    def facts(self) -> dict[str, Fact]:
        areas = self.data["areas"]
        order = sorted(areas, key=lambda area: (areas[area]["order"], area))
        asked = [(area, name) for area in order for name in areas[area]["facts"]]
        derived: dict[str, Fact] = {}
        tables: dict[str, dict[str, dict[Value, Value]]] = {}
        for area, name in asked:
            raw = areas[area]["facts"][name]
            if raw["lookup"]:
                self.kinds[f"{area}.{name}"], columns = self.lookup(area, name, raw["lookup"])
                tables[f"{area}.{name}"] = {}
                for column, (column_kind, cells) in columns.items():
                    id = f"{area}.{column}"
                    derived[id] = Fact(id, area, column_kind, derived_from=f"{area}.{name}")
                    tables[f"{area}.{name}"][id] = cells
            else:
                self.kinds[f"{area}.{name}"] = _kind(raw)
        for id, fact in derived.items():
            if id in self.kinds:
                self.complain(
                    areas[fact.area]["file"],
                    ("facts", id.split(".")[1]),
                    "is derived from a table too",
                    "",
                    "",
                )
            self.kinds[id] = fact.kind
        tried = {
            f"tried.{id}": Fact(f"tried.{id}", "tried", Choice(TRIED))
            for id in sorted(self.data["remedies"])
        }
        self.kinds.update({id: fact.kind for id, fact in tried.items()})
        facts = {
            f"{area}.{name}": self.fact(area, name, tables.get(f"{area}.{name}"))
            for area, name in asked
        }
        return facts | derived | tried

    def fact(
        self, area: str, name: str, derives: Mapping[str, Mapping[Value, Value]] | None
    ) -> Fact:
        file, raw, path = (
            self.data["areas"][area]["file"],
            self.data["areas"][area]["facts"][name],
            ("facts", name),
        )
        id = f"{area}.{name}"
        typical = []
        for text, count in raw["typical"].items():
            try:
                typical.append((self.kinds[id].parse_text(text), count / 100))
            except Unfit as unfit:
                self.complain(
                    file, (*path, "typical", text), unfit.reason, unfit.allowed, unfit.near
                )
        only_if = (
            self.condition(file, (*path, "only_if"), raw["only_if"])
            if raw["only_if"] is not None
            else None
        )
        if only_if is not None and id in facts_of(only_if):
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
    ) -> tuple[Lookup, dict[str, tuple[Kind, dict[Value, Value]]]]:
        """The kind of a fact that is a row of a table, and each derived column: its kind and its
        cell by row."""
        file, path = self.data["areas"][area]["file"], ("facts", name, "lookup")
        rows = self.data["tables"].get(raw["table"])
        if not rows:
            self.complain(file, (*path, "table"), f"there is no table facts/{raw['table']}", "", "")
            return Lookup(()), {}
        wanted = [raw["name"], *([raw["also"]] if raw["also"] else []), *raw["derives"]]
        missing = [column for column in wanted if column not in rows[0]]
        for column in missing:
            reason = f"{quoted(column)} is not a column of facts/{raw['table']}"
            self.complain(file, path, reason, ", ".join(rows[0]), nearest(column, rows[0]))
        if missing:
            return Lookup(()), {}
        spellings: dict[str, str] = {}
        for row in rows:
            for spelling in (row[raw["name"]], *(row[raw["also"]].split() if raw["also"] else ())):
                if spellings.setdefault(spelling.lower(), row[raw["name"]]) != row[raw["name"]]:
                    self.complain(
                        f"facts/{raw['table']}",
                        (),
                        f"{quoted(spelling)} stands for two rows",
                        "",
                        "",
                    )
        names = tuple(row[raw["name"]] for row in rows)
        columns: dict[str, tuple[Kind, dict[Value, Value]]] = {}
        for column, type in raw["derives"].items():
            kind = _column_kind(type, [row[column] for row in rows])
            cells: dict[Value, Value] = {}
            for row in rows:
                try:
                    cells[row[raw["name"]]] = kind.parse_text(row[column])
                except Unfit as unfit:
                    self.complain(
                        f"facts/{raw['table']}", (), f"{column}: {unfit.reason}", unfit.allowed, ""
                    )
            columns[column] = (kind, cells)
        return Lookup(names, spellings), columns

    def variants(self, file: str, path: Place, raw: list[Data]) -> tuple[Variant, ...]:
        return tuple(
            Variant(
                None
                if one["condition"] is None
                else self.condition(file, (*path, place, "if"), one["condition"]),
                tuple(one["do"]),
            )
            for place, one in enumerate(raw)
        )

    # -- rules

    def cause(self, id: str) -> Cause:
        raw = self.data["causes"][id]
        file = raw["file"]
        self.known(file, ("commonness",), raw["commonness"], self.pack["commonness"], "commonness")
        for place, example in enumerate(raw["examples"]):
            self.example(file, ("examples", place, "given"), example["given"])
        return Cause(
            id,
            raw["area"],
            file,
            raw["title"],
            raw["because"],
            raw["guide"],
            raw["commonness"],
            self.pack["commonness"].get(raw["commonness"], 0.5),
            tuple(self.rule(id, file, name, rule) for name, rule in sorted(raw["rules"].items())),
            tuple(Example(one["case"], one["given"], one["expect"]) for one in raw["examples"]),
        )

    def rule(self, cause: str, file: str, name: str, raw: Data) -> Rule:
        path = ("rules", name)
        strengths = self.pack["strengths"]
        if self.known(file, (*path, "worth"), raw["worth"], self.pack["worth"], "worth"):
            limit = self.pack["worth"][raw["worth"]]
            if abs(strengths.get(raw["says"], 0)) > abs(strengths.get(limit, 1)):
                reason = f'"{raw["says"]}" is more than a source of worth "{raw["worth"]}" may say'
                self.complain(file, (*path, "says"), reason, f"at most as strong as {limit}", "")
        self.known(file, (*path, "says"), raw["says"], strengths, "strength")
        when = self.condition(file, (*path, "when"), raw["when"])
        return Rule(
            f"{cause}/{name}",
            cause,
            when,
            facts_of(when),
            raw["says"],
            strengths.get(raw["says"], 0),
            raw["because"],
            raw["source"],
            raw["worth"],
            raw["reviewed"],
        )

    def example(self, file: str, path: Place, given: Data) -> None:
        for fact, text in given.items():
            if fact not in self.kinds:
                if not self.unreadable(fact):
                    self.complain(
                        file, (*path, fact), "is not a fact", "", nearest(fact, self.kinds)
                    )
                continue
            try:
                self.kinds[fact].parse_text(text)
            except Unfit as unfit:
                self.complain(file, (*path, fact), unfit.reason, unfit.allowed, unfit.near)

    def contradiction(self, id: str) -> Contradiction:
        raw = self.data["contradictions"][id]
        file, path = "rules/contradictions.yaml", ("contradictions", id)
        when = self.condition(file, (*path, "when"), raw["when"])
        if raw["ask_again"] not in facts_of(when):
            reason = f"{quoted(raw['ask_again'])} is not one of its facts"
            self.complain(file, (*path, "ask_again"), reason, ", ".join(sorted(facts_of(when))), "")
        return Contradiction(
            id,
            when,
            facts_of(when),
            raw["because"],
            raw["ask_again"],
            raw["source"],
            raw["reviewed"],
        )

    # -- remedies

    def remedy(self, id: str) -> Remedy:
        raw = self.data["remedies"][id]
        file, cost, pack = raw["file"], raw["cost"], self.pack
        fixes: dict[str, float] = {}
        for cause, chance in sorted(raw["fixes"].items()):
            known = self.known(file, ("fixes", cause), cause, self.data["causes"], "cause")
            if self.known(file, ("fixes", cause), chance, pack["chances"], "chance") and known:
                fixes[cause] = pack["chances"][chance]
        self.known(file, ("worth",), raw["worth"], pack["worth"], "worth")
        for place, other in enumerate(raw["after"]):
            self.known(file, ("after", place), other, self.data["remedies"], "remedy")
        spoilt = [("loses", word) for word in cost["loses"]] + (
            [("money", cost["money"])] if cost["money"] else []
        )
        for key, word in spoilt:
            self.known(file, ("cost", key), word, pack["nuisances"], "nuisance")
        nuisances = sum(
            pack["nuisances"].get(word, {"minutes": 0})["minutes"] for _, word in spoilt
        )
        return Remedy(
            id,
            file,
            raw["title"],
            raw["guide"],
            fixes,
            cost["hands_on"],
            cost["waiting"],
            pack["nuisances"].get(cost["money"], {"text": ""})["text"] if cost["money"] else None,
            tuple(
                pack["nuisances"][word]["text"]
                for word in cost["loses"]
                if word in pack["nuisances"]
            ),
            cost["hands_on"] + cost["waiting"] * pack["waiting_rate"] + nuisances,
            tuple(sorted(raw["after"])),
            tuple(
                Bar(self.condition(file, ("not_if", place, "when"), bar["when"]), bar["because"])
                for place, bar in enumerate(raw["not_if"])
            ),
            raw["caveat"],
            self.variants(file, ("steps",), raw["steps"]),
            raw["check"],
            tuple(raw["sources"]),
            raw["worth"],
            raw["reviewed"],
            raw["hand_over"],
        )

    def check_order(self, remedies: Mapping[str, Remedy]) -> None:
        """Complains of cycles in `after`, and of remedies that lose something irreplaceable without
        a safe copy."""
        for id, remedy in remedies.items():
            first = {
                other: set(_before(other, remedies)) for other in remedy.after if other in remedies
            }
            if any(id in others or id == other for other, others in first.items()):
                self.complain(
                    remedy.file,
                    ("after",),
                    "must come after itself: there is a cycle in `after`",
                    "",
                    "",
                )
            lost = [
                word
                for word in self.data["remedies"][id]["cost"]["loses"]
                if self.pack["nuisances"].get(word, {}).get("irreplaceable")
            ]
            safe = self.pack["safe_copy"]
            if lost and safe not in set(_before(id, remedies)):
                reason = f"loses {', '.join(lost)}, so it must come after the safe copy"
                self.complain(
                    remedy.file, ("after",), reason, f"after: [{safe}]" if safe else "", ""
                )


def _column_kind(type: str, cells: list[str]) -> Kind:
    if type == "word":
        return words(cells)
    return Version(0, 9999) if type == "version" else Number("", float("-inf"), float("inf"))


def _kind(raw: Data) -> Kind:
    if raw["answers"]:
        return Choice(raw["answers"])
    if raw["number"]:
        return Number(raw["number"]["unit"], raw["number"]["low"], raw["number"]["high"])
    return Version(raw["version"]["low"], raw["version"]["high"])


def _before(id: str, remedies: Mapping[str, Remedy]) -> Iterator[str]:
    """The remedies that must come before this one, at whatever remove."""
    seen: set[str] = set()
    waiting = [id]
    while waiting:
        for other in remedies[waiting.pop()].after:
            if other in remedies and other not in seen:
                seen.add(other)
                waiting.append(other)
                yield other
