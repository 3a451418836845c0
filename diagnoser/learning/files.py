"""Words of a pack where they stand in its files: the lines that hold them, and what these would be
with other words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from diagnoser.pack.files import Pack
from diagnoser.pack.strict_yaml import Document, Tree


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


def line_of(pack: Pack, word: Word) -> int:
    """The line of its file in which the word stands, from 1."""
    return _Text(pack, word.file).line(word)


def rewritten(pack: Pack, words: Iterable[Word]) -> dict[str, tuple[str, str]]:
    """For each file in which words change, its text now and with the new words; everything else in
    it stays as it is.

    A word that cannot be told from the rest of its line is left as it is, to be changed by hand.
    """
    by_file: dict[str, list[Word]] = {}
    for word in words:
        by_file.setdefault(word.file, []).append(word)
    found = {}
    for name in sorted(by_file):
        text = _Text(pack, name)
        for word in by_file[name]:
            text.replace(word)
        if text.now != text.before:
            found[name] = text.before, text.now
    return found


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
    """A file, and where its keys are."""

    def __init__(self, pack: Pack, name: str) -> None:
        self.before = pack.content(name).decode("utf-8-sig").replace("\r\n", "\n")
        self.now = self.before
        self._document = Document(name, self.before)

    def line(self, word: Word) -> int:
        return self._document.line(word.path)

    def replace(self, word: Word) -> None:
        """Puts the new word in, if this changes nothing else."""
        lines = self.now.splitlines(keepends=True)
        number = self.line(word) - 1
        key, quote = re.escape(word.path[-1]), "[\"']?"
        pattern = rf"((?<![\w-]){quote}{key}{quote}\s*:\s*{quote}){re.escape(word.before)}(?![\w-])"
        lines[number] = re.sub(pattern, rf"\g<1>{word.after}", lines[number], count=1)
        text = "".join(lines)
        if _read(text) == _with(_read(self.now), word):
            self.now = text


def _read(text: str) -> Tree:
    return Document("", text).tree


def _with(tree: Tree, word: Word) -> Tree:
    """The content of a file with the new word."""
    inner: Any = tree
    for key in word.path[:-1]:
        inner = inner[key]
    inner[word.path[-1]] = word.after
    return tree
