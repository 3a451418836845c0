"""From a folder to knowledge: its compiled form if there is one, else its files; refused with every
mistake at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from diagnoser.errors import InvalidKnowledge, Problem
from diagnoser.knowledge.model import Knowledge
from diagnoser.pack import compiled
from diagnoser.pack.builtin import built_in
from diagnoser.pack.files import digest, files
from diagnoser.pack.linker import Complain, link

if TYPE_CHECKING:
    from pathlib import Path


def load(folder: Path | str | None = None) -> Knowledge:
    """The knowledge of a folder with `rules/` and `facts/`; without one, the built-in pack.

    Raises InvalidKnowledge with all mistakes: file, line, key, reason and near miss of each.
    """
    root = os.fspath(folder) if folder is not None else built_in()
    sources = files(root)
    knowledge = compiled.unchanged(root, sources)
    if knowledge is not None:
        return knowledge
    from diagnoser.pack import cache

    key = digest(root, sources)
    knowledge = compiled.load(f"{root}/{compiled.NAME}", key) or cache.load(key)
    if knowledge is None:
        knowledge, _, _ = read_and_link(root, [])
        cache.store(knowledge, sources)
    return knowledge


def read_and_link(
    root: Path | str, later: list[Problem]
) -> tuple[Knowledge, dict[str, Any], Complain]:
    """The knowledge from its files, its plain data, and how to complain of a place in the files
    from now on: what is complained of goes to `later`.

    Raises InvalidKnowledge as `load` does.
    """
    # YAML, and pydantic's models of the files, come in only where files are read.
    from diagnoser.pack.reader import read_folder

    content = read_folder(os.fspath(root))
    problems = content.problems

    def complain(
        file: str, path: tuple[str | int, ...], reason: str, allowed: str, near: str
    ) -> None:
        source = content.sources.get(file)
        if source is None:
            problem = Problem(file, 1, ".".join(map(str, path)), reason, allowed, near)
        else:
            problem = source.problem(path, reason, allowed, near)
        (later if linked else problems).append(problem)

    linked = False
    if content.data["pack"] is None:
        raise InvalidKnowledge(sorted(problems))
    knowledge = link(content.data, complain)
    if problems:
        raise InvalidKnowledge(sorted(set(problems)))
    linked = True
    return knowledge, content.data, complain
