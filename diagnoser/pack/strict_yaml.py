"""A strict reading of YAML: every scalar is text, each key has a line, and nothing can refer to
anything else.

No aliases, anchors, tags or duplicate keys. `on`, `no` and `16.3` stay the words they are; the
field that takes a scalar decides its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from diagnoser.errors import Problem, quoted

MAX_DEPTH = 12
UNQUOTED = ("mapping values are not allowed", "cannot start any token")
"""What the parser says of a text that needs quotes, such as one with a colon in it."""
BROKEN = "\0"
"""Stands in the tree where an alias is, which was complained of; no sound file says it."""
ONLY = (0, "do")
_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]
Tree = dict[str, Any] | list[Any] | str


class Document:
    """A parsed file: its `tree` of dicts, lists and texts, and the line of every path in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.tree: Tree = ""
        self.problems: list[Problem] = []
        self.readable = True  # with problems too, as long as the tree is whole
        self._lines: dict[Path, int] = {(): 1}
        try:
            events = yaml.parse(text, Loader=_Parser)
            self._read(events)
        except yaml.MarkedYAMLError as error:
            self._refuse(error, text)
        except yaml.reader.ReaderError as error:
            self.readable = False
            line = text.encode()[: error.position].count(b"\n") + 1
            self._problem((), f"holds the character {quoted(chr(error.character))}", line)

    def problem(self, path: Path, reason: str, allowed: str = "", near: str = "") -> Problem:
        """A mistake at this path, with its line.

        Lines that are no list of variants are read as the only one, so their path in the file is
        shorter than what it is read as.
        """
        for place in range(len(path)):
            if path[place : place + 2] == ONLY and path[: place + 2] not in self._lines:
                path = path[:place] + path[place + 2 :]
        return Problem(self.name, self.line(path), dotted(path), reason, allowed, near)

    def line(self, path: Path) -> int:
        """The line where `path` stands, or the nearest one above it that exists."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _refuse(self, error: yaml.MarkedYAMLError, text: str) -> None:
        """Says what the parser stumbled over, and where what it was reading starts."""
        self.readable = False
        mark, start = error.problem_mark, error.context_mark
        line, column = (mark.line + 1, mark.column) if mark else (1, 0)
        context = error.context or ""
        if start and start.line + 1 != line:
            context += f" that starts in line {start.line + 1},"
        reason = " ".join(part for part in (context, error.problem) if part)
        lines = text.splitlines() or [""]
        line = min(line, len(lines))
        if lines[line - 1][: column + 1].strip(" ") == "\t":
            reason = "a tab indents the line; use spaces"
        elif any(sign in reason for sign in UNQUOTED):
            reason += "; put a text with such characters in quotes"
        self._problem((), f"is not YAML: {reason}", line)

    def _problem(self, path: Path, reason: str, line: int | None = None) -> None:
        place = line if line is not None else self.line(path)
        self.problems.append(Problem(self.name, place, dotted(path), reason))

    def _read(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._problem((), "holds more than one document", _line(event))
                    return
            elif isinstance(event, yaml.NodeEvent):
                self.tree = self._node(event, events, ())
        if not documents:
            self.readable = False
            self._problem((), "is empty", line=1)

    def _node(self, event: Any, events: Iterator[Any], path: Path) -> Tree:
        line = _line(event)
        self._lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"nested more than {MAX_DEPTH} levels deep", problem_mark=event.start_mark
            )
        if event.anchor is not None:
            kind = "alias" if isinstance(event, yaml.AliasEvent) else "anchor"
            self._problem(
                path, f"uses the {kind} {quoted(event.anchor)}; write the value out instead", line
            )
        if getattr(event, "tag", None) is not None:
            self._problem(path, f"uses the tag {quoted(event.tag)}; values are plain text", line)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, (*path, len(items))))
            return items
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.AliasEvent):
            return BROKEN
        if event.value == BROKEN:
            self._problem(path, f"holds the character {quoted(BROKEN)}", line)
        return str(event.value)

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(key_event := next(events), yaml.MappingEndEvent):
            line = _line(key_event)
            key = self._node(key_event, events, (*path, ""))
            self._lines.pop((*path, ""), None)
            if not isinstance(key, str) or key == BROKEN:
                if key != BROKEN:
                    self._problem(path, "has a key that is not a word", line)
                self._node(next(events), events, path)
                continue
            if key in mapping:
                first = self._lines[(*path, key)]
                self._problem((*path, key), f"is written twice, first in line {first}", line)
            else:
                self._lines[(*path, key)] = line
            mapping[key] = self._node(next(events), events, (*path, key))
        return mapping


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def dotted(path: Path) -> str:
    """A path as people write it: `rules.switched-off.when`."""
    return ".".join(str(part) for part in path)
