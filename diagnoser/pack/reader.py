"""Reads a knowledge folder into plain data: each file checked for its shape, every mistake with
file, line and key."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from diagnoser.errors import Problem, quoted
from diagnoser.pack import schema as shapes
from diagnoser.pack.files import MAX_FILE, content_of, digest, files
from diagnoser.pack.strict_yaml import Document
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.validation import fit

Data = dict[str, Any]
PACK, CONTRADICTIONS = "rules/pack.yaml", "rules/contradictions.yaml"
WORDS = ("strengths", "worth", "commonness", "chances", "nuisances")
NO_PACK: Data = {
    **dict.fromkeys(("id", "version", "title"), ""),
    **dict.fromkeys(("none_of_these", "waiting_rate", "verification"), 0.5),
    **dict.fromkeys(("wrong_cause", "worth_asking", "worth_knowing", "patience"), 0),
    **{table: {} for table in WORDS},
    "safe_copy": None,
    "not_if": [],
}
"""Stands in for a pack.yaml that cannot be read, while everything else is checked."""


class Source(Protocol):
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
class Folder:
    """A knowledge folder as plain data, and what was wrong with it so far.

    `data["broken"]` names what is in the folder but not in the data, because it is mistaken, and
    `ids` the file of each cause and remedy.
    """

    data: Data
    sources: dict[str, Source] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_folder(root: str) -> Folder:
    """All files of the folder, parsed and checked one by one; what failed is left out and in
    `problems`."""
    kinds = ("areas", "causes", "remedies", "contradictions", "tables")
    sources = files(root)
    folder = Folder({kind: {} for kind in kinds} | {"broken": [], "pack": None})
    folder.data["digest"] = digest(root, sources)
    for name, *_ in sources:
        path = Path(root, name)
        wrong = _misplaced(path, name)
        if wrong:
            folder.problems.append(Problem(name, 1, "", wrong))
        elif path.suffix == ".csv":
            folder.data["tables"][path.name] = _table(path, name, folder)
        else:
            _file(path, name, folder)
    if folder.data["pack"] is None:
        if PACK not in folder.sources:
            reason = "is missing; it says what the words are worth"
            folder.problems.append(Problem(PACK, 1, "", reason))
        folder.data["pack"] = NO_PACK
        folder.data["broken"] += WORDS
    _bar_all(folder.data)
    return folder


def _bar_all(data: Data) -> None:
    """Gives the bars of the pack to every remedy that they do not spare, after its own; `pack` is
    their place in the pack."""
    for place, bar in enumerate(data["pack"]["not_if"]):
        for id, remedy in data["remedies"].items():
            if id not in bar["but"]:
                common = {"when": bar["when"], "because": bar["because"], "pack": place}
                remedy["not_if"].append(common)


def _misplaced(path: Path, name: str) -> str:
    """Why there can be no such file, if so."""
    top, *areas = name.split("/")[:-1] or [name]
    if path.is_symlink() and path.is_dir():
        return "is a link to a folder, and links are not followed; copy the folder"
    if path.is_dir():
        return "is a folder that cannot be read"
    if path.suffix not in (".yaml", ".csv"):
        if path.is_symlink() and not path.exists():
            return "is a link that leads nowhere"
        return f"is not read: its name must end with {path.suffix.lower().replace('yml', 'yaml')}"
    if path.suffix == ".csv":
        in_place = top == "facts" and not areas
        return "" if in_place else "is not read there; tables are facts/<table>.csv"
    if top == "facts":
        if areas:
            return "is not read there; facts are in facts/<area>.yaml"
        if path.stem == "tried":
            return "is not needed: the facts of this area come from the remedies"
        return _misnamed(shapes.fact_like, path.stem)
    if name in (PACK, CONTRADICTIONS):
        return ""
    if len(areas) != 1:
        return "is in no area; causes are in rules/<area>/<cause>.yaml"
    return _misnamed(shapes.id_like, areas[0]) or _misnamed(shapes.id_like, path.stem)


def _misnamed(check: Any, stem: str) -> str:
    try:
        check(stem)
    except ValueError as error:
        return str(error)
    return ""


def _file(path: Path, name: str, folder: Folder) -> None:
    """Adds what a YAML file says to the data of the folder."""
    data, area = folder.data, path.parent.name
    if name == PACK:
        data["pack"], gone = _fitted(path, name, shapes.PackFile, folder)
        data["broken"] += ["/".join(map(str, place)) for place in gone]
    elif name == CONTRADICTIONS:
        content, _ = _fitted(path, name, shapes.ContradictionsFile, folder)
        data["contradictions"] = (content or {}).get("contradictions", {})
    elif name.startswith("facts/"):
        _put("areas", path, _fitted(path, name, shapes.AreaFile, folder), folder, {"file": name})
    else:
        kind = "remedies" if area == "remedies" else "causes"
        shape = shapes.RemedyFile if area == "remedies" else shapes.CauseFile
        if (first := folder.ids.setdefault(f"{kind}/{path.stem}", name)) != name:
            reason = f"has the same id as {first}: {path.stem}"
            folder.problems.append(Problem(name, 1, "", reason))
            return
        extra = {"file": name, "area": area}
        _put(kind, path, _fitted(path, name, shape, folder), folder, extra)


Fitted = tuple[Data | None, list[KeyPath]]
"""What a file says, or None, and what was left out of it."""


def _put(kind: str, path: Path, fitted: Fitted, folder: Folder, extra: Data) -> None:
    """Files what was read; of what was left out only the name, so that nobody complains that it is
    missing."""
    content, gone = fitted
    broken = folder.data["broken"]
    if content is None:
        broken.append(f"{kind}/{path.stem}")
        return
    folder.data[kind][path.stem] = content | extra
    if kind == "areas":
        broken += [f"facts/{path.stem}.{place[1]}" for place in gone if len(place) == 2]


def _fitted(path: Path, name: str, shape: Any, folder: Folder) -> Fitted:
    text = _text(path, name, folder)
    folder.sources[name] = document = Document(name, "-" if text is None else text)
    if text is None:
        return None, []
    fitted = fit(document, shape) if document.readable else (None, [])
    folder.problems += document.problems
    return fitted


def _text(path: Path, name: str, folder: Folder) -> str | None:
    line, wrong = 1, ""
    try:
        content = content_of(str(path))
        text = content.decode("utf-8-sig")
    except OSError as error:
        wrong = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        line, wrong = content[: error.start].count(b"\n") + 1, "is not UTF-8 text"
    else:
        if len(content) > MAX_FILE:
            wrong = f"is larger than {MAX_FILE // 1024} KiB"
    if wrong:
        folder.problems.append(Problem(name, line, "", wrong))
    return None if wrong else text


def _table(path: Path, name: str, folder: Folder) -> list[dict[str, str]]:
    """The rows of a table; none of one that is mistaken."""
    folder.sources[name] = table = Table(name)
    text = _text(path, name, folder)
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
    folder.problems += problems
    return [] if problems else [dict(zip(head, row, strict=True)) for row in rows[1:]]
