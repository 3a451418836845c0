"""Words of a pack where they stand in its files: the lines that hold them, and what these would be
with other words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from diagnoser.pack.strict_yaml import Document


class Word(NamedTuple):
    """A word to write into a file in place of another: how common a cause is, or, with a remedy,
    the chance that this mends it. `file` is the path in the folder."""

    file: str
    cause: str
    remedy: str | None
    before: str
    after: str

    @property
    def path(self) -> tuple[str, ...]:
        """The keys that lead to the word in its file."""
        return ("commonness",) if self.remedy is None else ("fixes", self.cause)


def line_of(root: Path, word: Word) -> int:
    """The line of its file in which the word stands, from 1."""
    return _Text(root, word.file).line(word)


def rewritten(root: Path, words: Iterable[Word]) -> dict[str, tuple[str, str]]:
    """For each file in which words change, its text now and with the new words; everything else in
    it stays as it is.

    Raises ValueError where a word does not stand on the line of its key.
    """
    texts: dict[str, _Text] = {}
    for word in words:
        text = texts.get(word.file)
        if text is None:
            text = texts[word.file] = _Text(root, word.file)
        text.replace(word)
    return {name: (texts[name].before, "".join(texts[name].lines)) for name in sorted(texts)}


def unified(changes: Mapping[str, tuple[str, str]]) -> str:
    """The changes as `diff -u` writes them and `git apply` takes them, without context lines that
    would make the same file look changed twice."""
    parts: list[str] = []
    for name, (before, after) in changes.items():
        parts += difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
            n=1,
        )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in parts)


class _Text:
    """A file, its lines, and where its keys are."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.before = (root / name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        self.lines = self.before.splitlines(keepends=True)
        self._document = Document(name, self.before)

    def line(self, word: Word) -> int:
        return self._document.line(word.path)

    def replace(self, word: Word) -> None:
        number = self.line(word)
        key = re.escape(word.path[-1])
        quote = "[\"']?"
        pattern = rf"((?<![\w-]){quote}{key}{quote}\s*:\s*{quote}){re.escape(word.before)}(?![\w-])"
        line, found = re.subn(pattern, rf"\g<1>{word.after}", self.lines[number - 1], count=1)
        if not found:
            where = f"{self.name}:{number}"
            raise ValueError(f"{where}: {word.before!r} does not stand on the line of its key")
        self.lines[number - 1] = line
