"""The files that a knowledge folder consists of, and their digest."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from diagnoser.errors import InvalidKnowledge, Problem

MAX_FILE = 256 * 1024
KINDS = (".yaml", ".yml", ".csv")
"""Ends of names (in any case) that mean knowledge; `reading` refuses what is not where it looks."""


def files(root: Path) -> list[Path]:
    """The files that make up the knowledge in `root`, in a fixed order; hidden ones are left out.

    Links to folders and folders that cannot be read are among them, as nothing in them is found.
    Raises InvalidKnowledge when there is no such folder.
    """
    missing = [name for name in ("rules", "facts") if not (root / name).is_dir()]
    if missing:
        lacking = " and no folder ".join(missing)
        reason = f"has no folder {lacking}; a knowledge folder has rules/ and facts/"
        raise InvalidKnowledge([Problem(str(root), 0, "", reason)])
    found: list[Path] = []

    def closed(error: OSError) -> None:
        found.append(Path(error.filename))

    for top in ("rules", "facts"):
        for where, folders, names in os.walk(root / top, onerror=closed):
            folders[:] = [name for name in folders if not name.startswith(".")]
            links = [name for name in folders if Path(where, name).is_symlink()]
            plain = [name for name in names if name.lower().endswith(KINDS)]
            found += [Path(where, name) for name in plain + links if not name.startswith(".")]
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def digest(root: Path, paths: list[Path]) -> str:
    """The SHA-256 of the knowledge: names and contents of its files, line ends made alike."""
    total = hashlib.sha256()
    for path in paths:
        try:
            content = content_of(path).replace(b"\r\n", b"\n")
        except OSError:
            content = b"\0"  # no sound file holds that
        name = path.relative_to(root).as_posix().encode("utf-8", "surrogateescape")
        total.update(b"%s\0%d\0" % (name, len(content)))
        total.update(content)
    return total.hexdigest()


def content_of(path: Path) -> bytes:
    """The bytes of a file, one more than allowed at most.

    Raises OSError when it cannot be read, or is something that would be waited for, such as a pipe.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is not a file")
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)
