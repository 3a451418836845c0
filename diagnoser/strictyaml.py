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
_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]
Tree = dict[str, Any] | list[Any] | str


class Document:
    """A parsed file: its `tree` of dicts, lists and texts, and the line of every path in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.tree: Tree = ""
        self.problems: list[Problem] = []
        self._lines: dict[Path, int] = {(): 1}
        try:
            events = yaml.parse(text, Loader=_Parser)
            self._read(events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = " ".join(part for part in (error.context, error.problem) if part)
            self._problem((), f"is not YAML: {reason}", line=(mark.line + 1) if mark else 1)
        except yaml.YAMLError as error:
            self._problem((), f"is not YAML: {' '.join(str(error).split())}", line=1)

    def line(self, path: Path) -> int:
        """The line where `path` stands, or the nearest one above it that exists."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

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
        return str(getattr(event, "value", ""))

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(key_event := next(events), yaml.MappingEndEvent):
            line = _line(key_event)
            key = self._node(key_event, events, (*path, ""))
            self._lines.pop((*path, ""), None)
            if not isinstance(key, str):
                self._problem(path, "has a key that is not a word", line)
                key = str(key)
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
