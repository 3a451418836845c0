"""Reads a knowledge folder into plain data: each file checked for its shape, every mistake with
file, line and key."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diagnoser.errors import Problem, nearest, quoted
from diagnoser.sources import MAX_FILE, content_of, digest, files
from diagnoser.strictyaml import Document, dotted
from diagnoser.strictyaml import Path as Place

Data = dict[str, Any]
ID = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@dataclass
class Source:
    """A file of the folder, for the places of later complaints."""

    document: Document

    def problem(self, path: Place, reason: str, allowed: str = "", near: str = "") -> Problem:
        return Problem(
            self.document.name, self.document.line(path), dotted(path), reason, allowed, near
        )


@dataclass
class Folder:
    """A knowledge folder as plain data, and what was wrong with it so far."""

    data: Data
    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(root: Path) -> Folder:
    """All files of the folder, parsed and checked one by one; what failed is left out and in
    `problems`."""
    from diagnoser import definitions as shapes

    paths = files(root)
    tables: Data = {
        "areas": {},
        "causes": {},
        "remedies": {},
        "contradictions": {},
        "tables": {},
        "broken": [],
    }
    folder = Folder({**tables, "pack": None})
    data = folder.data
    data["digest"] = digest(root, paths)
    stems: dict[str, str] = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        if path.suffix == ".csv":
            data["tables"][path.name] = _table(path, name, folder)
            continue
        parts = name.split("/")
        place = "/".join(parts[:-1])
        if name == "rules/pack.yaml":
            data["pack"] = _file(path, name, shapes.PackFile, folder)
        elif name == "rules/contradictions.yaml":
            data["contradictions"] = (
                _file(path, name, shapes.ContradictionsFile, folder) or {}
            ).get("contradictions", {})
        elif name == "facts/tried.yaml":
            reason = "is not needed: the facts of this area come from the remedies"
            folder.problems.append(Problem(name, 1, "", reason))
        elif place == "facts":
            _put(
                data, "areas", path.stem, _file(path, name, shapes.AreaFile, folder), {"file": name}
            )
        elif len(parts) != 3:
            folder.problems.append(
                Problem(name, 1, "", "is in no area; causes are in rules/<area>/<cause>.yaml")
            )
        else:
            kind, shape = (
                ("remedies", shapes.RemedyFile)
                if parts[1] == "remedies"
                else ("causes", shapes.CauseFile)
            )
            if not ID.fullmatch(path.stem):
                reason = "is not named like an id: lower-case words with hyphens between them"
                folder.problems.append(Problem(quoted(name), 1, "", reason))
                continue
            if (first := stems.setdefault(f"{kind}/{path.stem}", name)) != name:
                folder.problems.append(
                    Problem(name, 1, "", f"has the same id as {first}: {path.stem}")
                )
                continue
            extra = {"file": name, "area": parts[1]}
            _put(data, kind, path.stem, _file(path, name, shape, folder), extra)
    if data["pack"] is None and "rules/pack.yaml" not in folder.sources:
        folder.problems.append(
            Problem("rules/pack.yaml", 1, "", "is missing; it says what the words are worth")
        )
    return folder


def _put(data: Data, kind: str, name: str, content: Data | None, extra: Data) -> None:
    """Files what was read; of a file with mistakes only the name, so that nobody complains that it
    is missing."""
    if content is None:
        data["broken"].append(f"{kind}/{name}")
    else:
        data[kind][name] = content | extra


def _text(path: Path, name: str, folder: Folder) -> str | None:
    content = content_of(path)
    if len(content) > MAX_FILE:
        folder.problems.append(Problem(name, 1, "", f"is larger than {MAX_FILE // 1024} KiB"))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        folder.problems.append(Problem(name, line, "", "is not UTF-8 text"))
        return None


def _file(path: Path, name: str, shape: Any, folder: Folder) -> Data | None:
    """The file as plain data with defaults filled in, or None when it has a mistake."""
    from pydantic import ValidationError

    text = _text(path, name, folder)
    document = Document(name, text or "x:\n")
    folder.sources[name] = source = Source(document)
    if text is None:
        return None
    if document.problems:
        folder.problems.extend(document.problems)
        return None
    try:
        return shape.model_validate(document.tree).model_dump()  # type: ignore[no-any-return]
    except ValidationError as error:
        folder.problems.extend(_explain(error, shape, source))
        return None


def _explain(error: Any, shape: Any, source: Source) -> Iterator[Problem]:
    """Pydantic's findings in the words of the file."""
    for found in error.errors(include_url=False):
        path = tuple(part for part in found["loc"] if part != "[key]")
        kind, value = found["type"], found.get("input")
        if kind == "extra_forbidden":
            keys = _keys(shape, path[:-1])
            near = nearest(str(path[-1]), keys)
            yield source.problem(path, "is not a key here", ", ".join(keys), near)
        elif kind == "missing":
            yield source.problem(path[:-1], f"lacks the key {quoted(str(path[-1]))}")
        elif kind == "value_error":
            yield source.problem(path, str(found["ctx"]["error"]))
        else:
            given = f" (given: {quoted(value)})" if isinstance(value, str) else ""
            yield source.problem(path, found["msg"][:1].lower() + found["msg"][1:] + given)


def _keys(shape: Any, path: Place) -> list[str]:
    """The keys that may stand at `path` in a file of this shape."""
    from typing import get_args

    from pydantic import BaseModel

    for part in path:
        step: Any = next(
            (f for name, f in shape.model_fields.items() if (f.alias or name) == part), None
        )
        shapes: list[Any] = [step.annotation] if step is not None else [shape]
        while shapes:
            one = shapes.pop(0)
            if isinstance(one, type) and issubclass(one, BaseModel):
                shape = one
                break
            shapes.extend(get_args(one))
    return [field.alias or name for name, field in shape.model_fields.items()]


def _table(path: Path, name: str, folder: Folder) -> list[dict[str, str]]:
    text = _text(path, name, folder)
    if text is None:
        return []
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        folder.problems.append(
            Problem(name, 1, "", f"is not a table of comma-separated values: {error}")
        )
        return []
    if not rows:
        folder.problems.append(Problem(name, 1, "", "is empty"))
        return []
    head, *body = rows
    for number, row in enumerate(body, start=2):
        if len(row) != len(head) or not all(cell.strip() for cell in row):
            folder.problems.append(
                Problem(
                    name, number, "", f"must have {len(head)} filled cells, like the first line"
                )
            )
    return [dict(zip(head, row, strict=False)) for row in body]
