"""The folder beside the output in which an unfinished run keeps what it has done.

A part is written under another name and renamed, so it is there whole or not at all, and whatever
ends the run, the next one goes on from the parts that are there. A manifest says what the run is
of; it is written first and removed last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import EIO
from pathlib import Path
from typing import Any

import pyarrow as pa

from diagnoser.errors import DiagnoserError, fact_problem, printable

ROWS, CASES, DIAGNOSES, JOINED = "rows", "cases", "diagnoses", "joined"
"""The kinds of parts: rows, each with the key of its case; the cases that differ, one part that is
written when all rows are read; their diagnoses; and rows with their diagnoses."""
MANIFEST, LOCK, SPILLED = "manifest.json", "lock", "spilled"
UNFINISHED = ".unfinished"
"""The end of the names of files that are being written."""


class CannotGoOn(DiagnoserError):
    """The folder of an unfinished run cannot be used."""

    what = "This run cannot go on"


class Parts:
    """The parts of one run, by kind and number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def begun(self, manifest: Mapping[str, str], fresh: bool) -> Iterator[None]:
        """Holds the folder for this run, which goes on from what is there, or is `fresh`.

        Raises CannotGoOn where another run is at work, or the unfinished one was of something else,
        and OSError.
        """
        if fresh and (self.folder / MANIFEST).exists():
            with self._locked():
                pass  # nobody is at work there
            self.remove()
        self.folder.mkdir(exist_ok=True)
        with self._locked():
            self._claim(manifest)
            yield

    def path(self, kind: str, number: int | None = None) -> Path:
        name = kind if number is None else f"{kind}-{number:06d}"
        return self.folder / f"{name}.parquet"

    def files(self, kind: str) -> list[Path]:
        """All parts of a kind, in their order."""
        return sorted(self.folder.glob(f"{kind}-*.parquet"))

    def has(self, kind: str, number: int | None = None) -> bool:
        return self.path(kind, number).exists()

    def write(self, table: pa.Table, kind: str, number: int | None = None) -> None:
        """Writes a part: whole or not at all."""
        import pyarrow.parquet as pq

        own = f"{self.path(kind, number).name}.{os.getpid()}"
        with replaced(self.path(kind, number), own) as path:
            try:
                pq.write_table(table, path, compression="zstd")
            except OSError as error:  # Arrow's own do not say which file it is
                raise OSError(error.errno or EIO, str(error), str(path)) from None

    def remove(self) -> None:
        """Removes the folder with all that is in it.

        First what says that all rows are read: after a kill those that are gone are read again.
        """
        self.path(CASES).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.name == SPILLED:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != MANIFEST:
                path.unlink(missing_ok=True)
        (self.folder / MANIFEST).unlink(missing_ok=True)
        self.folder.rmdir()

    def _claim(self, manifest: Mapping[str, str]) -> None:
        path = self.folder / MANIFEST
        if not path.exists():
            others = [one.name for one in self.folder.iterdir() if one.name != LOCK]
            if any(not name.startswith(MANIFEST) for name in others):
                raise self._cannot("holds something else than an unfinished run", "another OUT")
            with replaced(path) as new:
                new.write_text(json.dumps(manifest, indent=2), "utf-8")
            return
        try:
            before = json.loads(path.read_text("utf-8"))
        except ValueError:
            before = None
        if not isinstance(before, dict):
            raise self._cannot("has a damaged manifest", "--fresh to begin anew")
        differs = [name for name in manifest if before.get(name) != manifest[name]]
        if differs:
            reason = f"is of another {', another '.join(differs)}"
            raise self._cannot(reason, "the same as before, or --fresh to begin anew")
        for left in self.folder.glob(f"*{UNFINISHED}"):
            left.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps two runs from working in the folder; the lock goes with the process."""
        try:
            import fcntl
        except ImportError:  # Windows has other locks; there nothing keeps two runs apart
            yield
            return
        with (self.folder / LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._cannot("is in use by another run", "to wait for it") from None
            yield

    def _cannot(self, reason: str, allowed: str) -> CannotGoOn:
        return CannotGoOn([fact_problem(printable(str(self.folder)), reason, allowed)])


@contextmanager
def replaced(path: Path, own: str = "") -> Iterator[Path]:
    """A name to write to, whose file is then put in the place of `path` at once.

    After a kill the next run writes to the same name; `own` is another one, for what a process that
    is about to end may still be writing.
    """
    new = path.with_name(f"{own or path.name}{UNFINISHED}")
    try:
        yield new
        with new.open("rb+") as file:
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """The SHA-256 of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_text(value: Any) -> str:
    """A setting for the manifest."""
    return json.dumps(value)
