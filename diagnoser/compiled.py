"""The compiled form of a knowledge folder: its plain data as one JSON file, keyed by the digest of
the sources.

A checksum guards the content; what does not fit to the byte is ignored and made anew. The built-in
pack has its file beside it, made when the package is built; that of any other folder is kept in the
user's cache folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMAT = 3
"""Changes whenever the plain data of a folder changes its form."""

KEPT = 8
"""Compiled files that a user's cache keeps; the oldest go first."""

NAME = "compiled.json"


def load(digest: str, beside: Path) -> dict[str, Any] | None:
    """The plain data of the folder with this digest, or None when no compiled form of it can be
    trusted."""
    for path in _places(digest, beside):
        try:
            head, _, body = path.read_bytes().partition(b"\n")
        except OSError:
            continue
        if head == _head(digest, body):
            data: dict[str, Any] = json.loads(body)
            return data
    return None


def _places(digest: str, beside: Path) -> Iterator[Path]:
    yield beside / NAME
    if (folder := _cache()) is not None:
        yield folder / _name(digest)


def dump(data: dict[str, Any]) -> bytes:
    """The compiled form: a line that names the sources and guards the rest, and the data."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return _head(data["digest"], body) + b"\n" + body


def store(data: dict[str, Any]) -> None:
    """Keeps the compiled form in the user's cache; does nothing where that cannot be written."""
    folder = _cache()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / _name(data["digest"]), dump(data))
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
    return f"{digest}-{FORMAT}.json"


def _head(digest: str, body: bytes) -> bytes:
    return f"diagnoser {FORMAT} {digest} {hashlib.sha256(body).hexdigest()}".encode()


def _cache() -> Path | None:
    """The user's cache folder; a user without a home has none."""
    from platformdirs import user_cache_path

    try:
        return user_cache_path("diagnoser", appauthor=False)
    except RuntimeError:
        return None
