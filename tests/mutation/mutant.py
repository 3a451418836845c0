"""A mutant, and the pack that it is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from diagnoser.knowledge.model import Knowledge
from diagnoser.pack.linker import link
from diagnoser.pack.reader import Content, read_folder
from diagnoser.pack.strict_yaml import Path as KeyPath

Lines = Callable[[str, KeyPath], int]
"""The line of a file in which a path stands."""


class Mutant(NamedTuple):
    """A mutant: where the pack was changed, what kind of thing it is, what was done to it, and the
    pack with that. `signs` are those whose condition it changes, and `rules` those that say
    something else, where it changes nothing more."""

    file: str
    line: int
    kind: str
    what: str
    knowledge: Knowledge
    signs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind}: {self.what}"


@dataclass(frozen=True)
class Original:
    """A pack as it is: linked, and as its files have it."""

    knowledge: Knowledge
    content: Content
    lines: Lines

    @classmethod
    def of(cls, folder: str) -> Original:
        """The pack of a folder. Raises InvalidKnowledge."""
        content, located = read_folder(folder)
        knowledge = link(content, _refuse)
        return cls(knowledge, content, lambda file, path: located[file].problem(path, "").line)


def _refuse(file: str, path: KeyPath, reason: str, allowed: str, near: str) -> None:
    raise ValueError(f"{file}: {path}: {reason}")


def stepped(number: float) -> Iterator[float]:
    """The next lower and the next higher of the numbers 1, 2, 5, 10, 20, 50 and so on; there is
    none below 0."""
    if number == 0:
        yield 1.0
        return
    around = [float(f"{digit}e{power}") for power in range(-6, 7) for digit in (1, 2, 5)]
    yield max(one for one in around if one < number)
    yield min(one for one in around if one > number)
