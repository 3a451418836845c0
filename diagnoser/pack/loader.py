"""From a folder or a released pack to knowledge, or to every mistake in it; of the built-in pack
the compiled form is taken where there is one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from diagnoser.errors import InvalidKnowledge, Problem
from diagnoser.knowledge.model import Knowledge
from diagnoser.pack import compiled
from diagnoser.pack.builtin import built_in
from diagnoser.pack.files import Folder, digest, files
from diagnoser.pack.opening import certificate

if TYPE_CHECKING:
    from pathlib import Path

    from diagnoser.pack.linker import Complain
    from diagnoser.pack.reader import Content


def load(pack: Path | str | None = None) -> Knowledge:
    """The knowledge of a folder with `rules/` and `facts/`, or of a released pack; without one, the
    built-in pack.

    Raises InvalidKnowledge with all mistakes: file, line, key, reason and near miss of each. What
    needs several files to be seen is only said once each file is well-formed by itself.
    """
    return shipped(built_in()) if pack is None else read_and_link(pack, [])[0]


def shipped(root: str) -> Knowledge:
    """The knowledge of a folder from the compiled form beside it, as an installed package has it,
    if that fits the files; else from the files.

    Raises InvalidKnowledge as `load` does.
    """
    sources = files(root)
    knowledge = compiled.unchanged(root, sources)
    if knowledge is None and compiled.there(root):
        knowledge = compiled.load(root, digest(Folder(root)))
    return knowledge if knowledge is not None else read_and_link(root, [])[0]


def read_and_link(root: Path | str, later: list[Problem]) -> tuple[Knowledge, Content, Complain]:
    """The knowledge from its files, what these say, and how to complain of a place in them from now
    on: what is complained of goes to `later`.

    Raises InvalidKnowledge as `load` does.
    """
    # YAML, and pydantic's models of the files, come in only where files are read.
    from diagnoser.pack.linker import link
    from diagnoser.pack.reader import read_folder

    content, located = read_folder(os.fspath(root))
    problems: list[Problem] = []
    linked = False

    def complain(
        file: str, path: tuple[str | int, ...], reason: str, allowed: str, near: str
    ) -> None:
        problem = located[file].problem(path, reason, allowed, near)
        (later if linked else problems).append(problem)

    knowledge = link(content, complain)._replace(certificate=certificate(os.fspath(root)))
    if problems:
        raise InvalidKnowledge(sorted(set(problems)))
    linked = True
    return knowledge, content, complain
