"""The files that a knowledge folder consists of, and their digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

from diagnoser.errors import InvalidKnowledge, Problem

MAX_FILE = 256 * 1024


def files(root: Path) -> list[Path]:
    """The files that make up the knowledge in `root`, in a fixed order.

    Raises InvalidKnowledge when there is no such folder.
    """
    missing = [name for name in ("rules", "facts") if not (root / name).is_dir()]
    if missing:
        lacking = " and no folder ".join(missing)
        reason = f"has no folder {lacking}; a knowledge folder has rules/ and facts/"
        raise InvalidKnowledge([Problem(str(root), 1, "", reason)])
    found = [
        *(root / "rules").rglob("*.yaml"),
        *(root / "facts").glob("*.yaml"),
        *(root / "facts").glob("*.csv"),
    ]
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def digest(root: Path, paths: list[Path]) -> str:
    """The SHA-256 of the knowledge: names and contents of its files, line ends made alike."""
    total = hashlib.sha256()
    for path in paths:
        content = content_of(path).replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def content_of(path: Path) -> bytes:
    """The bytes of a file, one more than allowed at most.

    Raises InvalidKnowledge when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise InvalidKnowledge(
            [Problem(str(path), 1, "", f"cannot be read: {error.strerror}")]
        ) from None
