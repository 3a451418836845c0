"""Reads a knowledge folder or a released pack: each file checked for its shape, every mistake with
file, line and key."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from diagnoser.case.provenance import PROVENANCE
from diagnoser.errors import InvalidKnowledge, Problem, quoted
from diagnoser.knowledge.pin import KNOWLEDGE
from diagnoser.pack import facts_schema, schema_types
from diagnoser.pack import schema as shapes
from diagnoser.pack.files import MAX_FILE, READ, Pack, digest
from diagnoser.pack.opening import opened
from diagnoser.pack.strict_yaml import Document
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.validation import fit

PACK, CONTRADICTIONS = "rules/pack.yaml", "rules/contradictions.yaml"
SOURCES, PLACES, WORDS = "rules/sources.yaml", "facts/places.yaml", "facts/words.yaml"
NEEDED = {
    PACK: "what the words are worth",
    SOURCES: "where the knowledge comes from",
    PLACES: "where facts are seen and steps are done",
}
Shape = TypeVar("Shape", bound=BaseModel)


class Located(Protocol):
    """A file of the folder, for the places of complaints."""

    def problem(self, path: KeyPath, reason: str, allowed: str = "", near: str = "") -> Problem:
        """A mistake at this path, with file and line."""


@dataclass
class Table:
    """A table: the first part of a path is the number of a row, the header being 1."""

    name: str
    lines: list[int] = field(default_factory=list)

    def problem(self, path: KeyPath, reason: str, allowed: str = "", near: str = "") -> Problem:
        line = self.lines[int(path[0]) - 1] if path else 1
        return Problem(self.name, line, ".".join(map(str, path[1:])), reason, allowed, near)


@dataclass
class Content:
    """What the files of a folder say, each well-formed by itself.

    `areas` are those of facts, `signs` the files by observation, `cause_areas` the area of each
    cause.
    """

    digest: str
    pack: shapes.PackFile
    words: facts_schema.WordsFile = field(default_factory=facts_schema.WordsFile)
    sources: dict[str, shapes.SourceDefinition] = field(default_factory=dict)
    places: dict[str, facts_schema.PlaceDefinition] = field(default_factory=dict)
    areas: dict[str, facts_schema.AreaFile] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    signs: dict[str, shapes.SignsFile] = field(default_factory=dict)
    causes: dict[str, shapes.CauseFile] = field(default_factory=dict)
    cause_areas: dict[str, str] = field(default_factory=dict)
    remedies: dict[str, shapes.RemedyFile] = field(default_factory=dict)
    contradictions: dict[str, shapes.ContradictionDefinition] = field(default_factory=dict)

    def cause_file(self, id: str) -> str:
        return f"rules/causes/{self.cause_areas[id]}/{id}.yaml"


def read_folder(root: str) -> tuple[Content, dict[str, Located]]:
    """What all files of a folder or a released pack say, and the files for the places of further
    complaints.

    Raises InvalidKnowledge with every mistake in the shape of any of them.
    """
    pack = opened(root)
    reading = _Reading(pack)
    for name in pack.names():
        reading.read(name)
    for name, what in NEEDED.items():
        if name not in reading.located:
            reading.problems.append(Problem(name, 1, "", f"is missing; it says {what}"))
    if reading.problems or reading.pack is None:
        raise InvalidKnowledge(sorted(reading.problems))
    content = Content(digest(pack), reading.pack, reading.words, **reading.parts)
    return content, reading.located


class _Reading:
    """Collects what the files say, one after the other."""

    def __init__(self, source: Pack) -> None:
        self.source = source
        self.pack: shapes.PackFile | None = None
        self.words = facts_schema.WordsFile()
        kinds = ("sources", "places", "areas", "tables", "signs", "causes", "cause_areas")
        self.parts: dict[str, dict[str, Any]] = {
            kind: {} for kind in (*kinds, "remedies", "contradictions")
        }
        self.located: dict[str, Located] = {}
        self.ids: dict[str, str] = {}
        self.problems: list[Problem] = []

    def read(self, name: str) -> None:
        """Takes in what one file says."""
        path = PurePosixPath(name)
        wrong = self.source.no_file(name) or _misplaced(path, name)
        if wrong:
            self.problems.append(Problem(name, 1, "", wrong))
        elif path.suffix == ".csv":
            self.parts["tables"][path.name] = self._table(name)
        elif name == PACK:
            self.pack = self._fitted(name, shapes.PackFile)
        elif name == CONTRADICTIONS:
            if content := self._fitted(name, shapes.ContradictionsFile):
                self.parts["contradictions"] = content.contradictions
        elif name == SOURCES:
            if sources := self._fitted(name, shapes.SourcesFile):
                self.parts["sources"] = sources.sources
        elif name == PLACES:
            if places := self._fitted(name, facts_schema.PlacesFile):
                self.parts["places"] = places.places
        elif name == WORDS:
            self.words = self._fitted(name, facts_schema.WordsFile) or self.words
        elif name.startswith("facts/"):
            self._keep("areas", path.stem, name, facts_schema.AreaFile)
        elif name.startswith("rules/signs/"):
            self._keep("signs", path.stem, name, shapes.SignsFile)
        elif name.startswith("rules/remedies/"):
            self._keep("remedies", path.stem, name, shapes.RemedyFile)
        elif (first := self.ids.setdefault(path.stem, name)) != name:
            reason = f"has the same id as {first}: {path.stem}"
            self.problems.append(Problem(name, 1, "", reason))
        else:
            self._keep("causes", path.stem, name, shapes.CauseFile)
            self.parts["cause_areas"][path.stem] = path.parent.name

    def _keep(self, kind: str, id: str, name: str, shape: type[BaseModel]) -> None:
        content = self._fitted(name, shape)
        if content is not None:
            self.parts[kind][id] = content

    def _fitted(self, name: str, shape: type[Shape]) -> Shape | None:
        text = self._text(name)
        self.located[name] = document = Document(name, "-" if text is None else text)
        if text is None:
            return None
        content = fit(document, shape) if document.readable else None
        self.problems += document.problems
        return content

    def _text(self, name: str) -> str | None:
        line, wrong = 1, ""
        try:
            content = self.source.content(name)
            text = content.decode("utf-8-sig")
        except OSError as error:
            wrong = f"cannot be read: {error.strerror}"
        except UnicodeDecodeError as error:
            line, wrong = content[: error.start].count(b"\n") + 1, "is not UTF-8 text"
        else:
            if len(content) > MAX_FILE:
                wrong = f"is larger than {MAX_FILE // 1024} KiB"
        if wrong:
            self.problems.append(Problem(name, line, "", wrong))
        return None if wrong else text

    def _table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table; none of one that is mistaken."""
        self.located[name] = table = Table(name)
        text = self._text(name)
        if text is None:
            return []
        rows = []
        problems = []
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for row in reader:
                rows.append(row)
                table.lines.append(reader.line_num)
        except csv.Error as error:
            reason = f"is not a table of comma-separated values: {error}"
            problems.append(Problem(name, reader.line_num, "", reason))
        if len(rows) < 2 and not problems:
            problems.append(table.problem((), "has no row" if rows else "is empty"))
        head = rows[0] if rows else []
        for column in sorted({column for column in head if head.count(column) > 1}):
            problems.append(table.problem((), f"has two columns named {quoted(column)}"))
        for number, row in enumerate(rows, start=1):
            if len(row) != len(head) or not all(cell.strip() for cell in row):
                reason = f"must have {len(head)} filled cells, like the first line"
                problems.append(table.problem((number,), reason))
            elif any(not cell.isprintable() for cell in row):
                problems.append(table.problem((number,), "holds a character that cannot be shown"))
        self.problems += problems
        return [] if problems else [dict(zip(head, row, strict=True)) for row in rows[1:]]


def _misplaced(path: PurePosixPath, name: str) -> str:
    """Why there can be no such file, if so."""
    top, *areas = name.split("/")[:-1] or [name]
    if path.suffix not in READ:
        return f"is not read: its name must end with {path.suffix.lower().replace('yml', 'yaml')}"
    if path.suffix == ".csv":
        in_place = top == "facts" and not areas
        return "" if in_place else "is not read there; tables are facts/<table>.csv"
    if top == "facts":
        if name in (PLACES, WORDS):
            return ""
        if areas:
            return "is not read there; facts are in facts/<area>.yaml"
        if path.stem == "tried":
            return "is not needed: the facts of this area come from the remedies"
        if path.stem in (PROVENANCE, KNOWLEDGE):
            return f"is no name for an area: a facts file says something else under {path.stem}"
        return _misnamed(schema_types.fact_like, path.stem)
    if name in (PACK, SOURCES, CONTRADICTIONS):
        return ""
    if areas in (["signs"], ["remedies"]):
        return _misnamed(schema_types.id_like, path.stem)
    if len(areas) != 2 or areas[0] != "causes":
        return (
            "is not read there; causes are in rules/causes/<area>/<cause>.yaml, signs in "
            "rules/signs/<observation>.yaml and remedies in rules/remedies/<remedy>.yaml"
        )
    return _misnamed(schema_types.id_like, areas[1]) or _misnamed(schema_types.id_like, path.stem)


def _misnamed(check: Any, stem: str) -> str:
    try:
        check(stem)
    except ValueError as error:
        return str(error)
    return ""
