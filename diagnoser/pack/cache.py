"""The user's cache of compiled knowledge, and files that are only ever seen whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from diagnoser.knowledge.model import Knowledge
from diagnoser.pack import compiled
from diagnoser.pack.files import Source

KEPT = 8
"""Compiled files that a user's cache keeps; the oldest go first."""


def load(digest: str) -> Knowledge | None:
    """The knowledge with this digest, if the user's cache has it."""
    folder = _folder()
    return compiled.load(str(folder / _name(digest)), digest) if folder is not None else None


def store(knowledge: Knowledge, sources: Sequence[Source]) -> None:
    """Keeps the compiled form in the user's cache; does nothing where that cannot be written."""
    folder = _folder()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / _name(knowledge.digest), compiled.dump(knowledge, sources))
        oldest_first = sorted(
            folder.glob("*.json"), key=lambda path: (path.stat().st_mtime, path.name)
        )
        for path in oldest_first[:-KEPT]:
            path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that readers, and a process that is killed, only ever see it whole.

    Raises OSError.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _name(digest: str) -> str:
    """The file in a user's cache; programs of other formats have their own."""
    return f"{digest}-{compiled.FORMAT}.json"


def _folder() -> Path | None:
    """The user's cache folder; a user without a home has none."""
    from platformdirs import user_cache_path

    try:
        return user_cache_path("diagnoser", appauthor=False)
    except RuntimeError:
        return None
