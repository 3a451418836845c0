"""One row to one case: the facts in canonical JSON, or why they cannot be used.

What is wrong with a row is told without repeating what stands in it, so that it can be kept where
names and serial numbers must not be.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.json_input import MAX_TEXT, is_text, parse_json
from diagnoser.case.provenance import PROVENANCE
from diagnoser.errors import InvalidFacts, Problem, fact_problem, near_misses, repeating_only
from diagnoser.knowledge.model import TRIED_AREA, Knowledge
from diagnoser.knowledge.pin import KNOWLEDGE, Pin
from diagnoser.knowledge.values import THINK, UNKNOWN, Choice

FACTS = "facts"
"""The key, or the column, of a row that holds a whole facts file."""
IMPORTED = ("device", "notes")
"""What else `diagnoser import` writes of a case; `device` is its id where it has no other."""
SHOWN = 10
"""Mistakes of a row that are told at most."""
NEAR_MISSES = 5
"""Near misses that are looked for in a row, which takes a millisecond each."""
HIDDEN = "..."


class CaseRow(NamedTuple):
    """A case by its id, if it has one: `facts` is a facts file in canonical JSON, the same for
    equal cases, and None where there is a `problem`."""

    id: str | None
    facts: str | None
    problem: str | None = None


class CaseReader:
    """Reads rows into cases of one knowledge; `id` is the key under which a row of JSON has its
    id."""

    def __init__(self, knowledge: Knowledge, sheet: AnswerSheet, id: str = "id") -> None:
        self._sheet, self._id = sheet, id
        self._areas = {*knowledge.areas, TRIED_AREA, PROVENANCE, KNOWLEDGE}
        self._words = {UNKNOWN, THINK, *self._areas, *Pin.model_fields}
        for fact in knowledge.facts.values():
            self._words |= {fact.id, *fact.id.split(".", 1)}
            if isinstance(fact.kind, Choice):
                self._words |= fact.kind.labels.keys()

    def of_json(self, content: bytes) -> CaseRow:
        """A facts file that may have an id beside its areas; or what `diagnoser import` writes of a
        case, with the facts under `facts`."""
        with repeating_only(self._words), near_misses(NEAR_MISSES):
            plain, problems = parse_json(content)
            id, wrong = self._id_of(plain.pop(self._id, None))
            if isinstance(plain.get(FACTS), dict) and FACTS not in self._areas:
                plain, imported, others = self._imported(plain)
                id = id or imported
                problems = [one for one in problems if not one.path.startswith(IMPORTED[1])]
                wrong += others
            return self._case(id, plain, [*wrong, *problems])

    def of_cells(self, id: object, cells: Iterable[tuple[str, object]]) -> CaseRow:
        """A row of a table: each fact with its cell. An empty cell is not known; a text is read as
        a person types it, several answers with commas between them."""
        sheet: dict[str, dict[str, Any]] = {}
        typed: list[tuple[str, str]] = []
        with repeating_only(self._words), near_misses(NEAR_MISSES):
            for fact, cell in cells:
                if isinstance(cell, str):
                    if cell.strip():
                        typed.append((fact, cell))
                elif cell is not None and not _is_nan(cell):
                    area, _, name = fact.partition(".")
                    plain = float(cell) if isinstance(cell, Decimal) else cell
                    sheet.setdefault(area, {})[name] = plain
            known, problems = self._id_of(id)
            try:
                for area, facts in self._sheet.read_texts(typed).items():
                    sheet.setdefault(area, {}).update(facts)
            except InvalidFacts as error:
                problems += error.problems
            return self._case(known, sheet, problems)

    def refused(self, reason: str) -> CaseRow:
        """A row that is none."""
        return CaseRow(None, None, reason)

    def _case(self, id: str | None, plain: Mapping[str, Any], problems: list[Problem]) -> CaseRow:
        try:
            case = self._sheet.read(plain)
        except InvalidFacts as error:
            said = {(one.path, one.reason) for one in problems}
            problems += [one for one in error.problems if (one.path, one.reason) not in said]
        if problems:
            return CaseRow(id, None, "; ".join(self._told(problems)))
        return CaseRow(id, _canonical(self._sheet.show(case)))

    def _imported(
        self, plain: Mapping[str, Any]
    ) -> tuple[dict[str, Any], str | None, list[Problem]]:
        """The facts file in a case of `diagnoser import`, its device, and what is wrong."""
        allowed = (self._id, FACTS, PROVENANCE, *IMPORTED)
        wrong = [
            fact_problem(key, f"is no key beside {FACTS}", ", ".join(allowed))
            for key in plain
            if key not in allowed
        ]
        device, problems = self._id_of(plain.get(IMPORTED[0]), IMPORTED[0])
        facts = dict(plain[FACTS])
        if PROVENANCE in plain:
            facts[PROVENANCE] = plain[PROVENANCE]
        return facts, device, wrong + problems

    def _id_of(self, given: object, key: str = "") -> tuple[str | None, list[Problem]]:
        if given is None or given == "":
            return None, []
        whole = isinstance(given, int) and not isinstance(given, bool)
        text = str(given) if whole else given
        if not isinstance(text, str) or len(text) > MAX_TEXT or not is_text(text):
            reason = f"is no text of at most {MAX_TEXT} characters, and no whole number"
            return None, [fact_problem(key or self._id, reason)]
        return text, []

    def _told(self, problems: Sequence[Problem]) -> Iterator[str]:
        """The mistakes in words, without a name that is none of the knowledge's."""
        for one in problems[:SHOWN]:
            path = ".".join(self._shown(part) for part in one.path.split("."))
            near = "" if one.near == HIDDEN else one.near
            # A row is a line of its own, so the line within it says nothing.
            reason = one.reason.replace("(line 1, column ", "(column ").removeprefix("line 1 ")
            yield str(one._replace(path=path, reason=reason, near=near))
        if len(problems) > SHOWN:
            yield f"and {len(problems) - SHOWN} more"

    def _shown(self, part: str) -> str:
        known = {*self._words, self._id, FACTS, *IMPORTED, ""}
        return part if part.partition("[")[0] in known else HIDDEN


def _canonical(sheet: Mapping[str, object]) -> str:
    return json.dumps(sheet, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _is_nan(cell: object) -> bool:
    """Some programs write what is not known so."""
    return isinstance(cell, float) and math.isnan(cell)
