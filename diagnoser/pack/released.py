"""A pack as one file: a ZIP archive of what the folder holds, so that anybody can look into it, and
any version of this program names files and lines of it as it does for a folder.

Entries are sorted, not compressed, and have no times, so the same knowledge makes the same bytes on
every machine. An archive that somebody else has packed, compressed or not, is read within the same
bounds.
"""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from diagnoser.errors import InvalidKnowledge, Problem, quoted
from diagnoser.pack.files import CERTIFICATE, KINDS, MAX_FILE, TOPS, Pack, alike

MAX_ARCHIVE = 8 * 1024 * 1024
"""Bytes of an archive, and of all that it holds, at most."""
MAX_ENTRIES = 5000
ENCRYPTED = 0x1
"""The flag of an entry that a password locks."""
MADE_ON = (1980, 1, 1, 0, 0, 0)
"""The first day that an archive can name."""
UNIX, PLAIN_FILE = 3, 0o100644


class Release:
    """A pack that is one file; all of it is in memory."""

    def __init__(self, path: str) -> None:
        """Raises InvalidKnowledge with everything in the archive that cannot be taken."""
        self._contents = dict(_entries(path))
        missing = [top for top in TOPS if not any(name.startswith(f"{top}/") for name in self)]
        if missing:
            lacking = " and nothing in ".join(f"{top}/" for top in missing)
            reason = f"has nothing in {lacking}; a released pack has both at its top"
            raise InvalidKnowledge([Problem(path, 0, "", reason)])

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def names(self) -> list[str]:
        return sorted(name for name in self if name.lower().endswith(KINDS))

    def content(self, name: str) -> bytes:
        if name not in self._contents:
            raise FileNotFoundError(2, "it is not in the archive", name)
        return self._contents[name]

    def no_file(self, name: str) -> str:
        return ""


def release(pack: Pack) -> bytes:
    """The pack as one file, with its certificate, if it has one.

    The caller has loaded it, and knows that it is sound. Raises OSError.
    """
    contents = {name: pack.content(name) for name in pack.names()}
    with contextlib.suppress(OSError):  # a pack may do without
        contents[CERTIFICATE] = pack.content(CERTIFICATE)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, MADE_ON)
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE << 16
            archive.writestr(entry, alike(contents[name]))
    return made.getvalue()


def _entries(path: str) -> Iterator[tuple[str, bytes]]:
    """The files of the archive that can belong to a pack, with what they hold.

    Raises InvalidKnowledge.
    """
    with _archive(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _refused(path, f"holds more than {MAX_ENTRIES} entries")
        problems: list[Problem] = []
        names: set[str] = set()
        left = MAX_ARCHIVE
        for entry in entries:
            wrong, content = _unfit(entry, names), b""
            names.add(entry.filename)
            if not wrong:
                try:
                    # What is left alone is opened, too, which shows whether its name is damaged.
                    with archive.open(entry) as file:
                        if _belongs(entry.filename):
                            content = file.read(MAX_FILE + 1)
                except (
                    zipfile.BadZipFile,
                    zlib.error,
                    OSError,
                    EOFError,
                    RuntimeError,
                    ValueError,
                ) as error:
                    wrong = f"is damaged: {error}"
            if wrong:
                reason = f"holds {quoted(entry.filename)}, which {wrong}"
                problems.append(Problem(path, 0, "", reason))
            elif _belongs(entry.filename):
                left -= len(content)
                if left < 0:
                    raise _refused(path, f"holds more than {MAX_ARCHIVE // 1024**2} MiB")
                yield entry.filename, content
    if problems:
        raise InvalidKnowledge(problems)


def _archive(path: str) -> zipfile.ZipFile:
    """Raises InvalidKnowledge where the file is no archive, or too large for one."""
    try:
        with Path(path).open("rb") as file:
            packed = file.read(MAX_ARCHIVE + 1)
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from None
    if len(packed) > MAX_ARCHIVE:
        raise _refused(path, f"is larger than {MAX_ARCHIVE // 1024**2} MiB")
    try:
        return zipfile.ZipFile(io.BytesIO(packed))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        reason = "is no released pack, nor a folder; `diagnoser release` makes one of a folder"
        raise _refused(path, reason) from None


def _belongs(name: str) -> bool:
    """Whether a folder would have the file: the rest, and what is hidden, is left alone."""
    top, *inner = name.split("/")
    if top not in TOPS or not inner or any(part.startswith(".") for part in inner):
        return False
    return name == CERTIFICATE or name.lower().endswith(KINDS)


def _unfit(entry: zipfile.ZipInfo, seen: set[str]) -> str:
    """Why an entry cannot be taken, if so."""
    name = entry.filename
    parts = name.removesuffix("/").split("/")
    if "\\" in name or name.startswith("/") or ":" in parts[0]:
        return "is no name inside a folder"
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of the archive, or has no name"
    if name in seen:
        return "is there twice"
    if entry.flag_bits & ENCRYPTED:
        return "is encrypted"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in a way that is not read"
    return ""


def _refused(path: str, reason: str) -> InvalidKnowledge:
    return InvalidKnowledge([Problem(path, 0, "", reason)])
