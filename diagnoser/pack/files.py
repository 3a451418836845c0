"""The files that a pack consists of, in a folder or in one released file, and their digest."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from diagnoser.errors import InvalidKnowledge, Problem

MAX_FILE = 256 * 1024
KINDS = (".yaml", ".yml", ".csv")
"""Ends of names (in any case) that mean knowledge; `reader` refuses what is not where it looks."""
READ = (".yaml", ".csv")
"""Ends of the names of files that are read."""
TOPS = ("rules", "facts")
CERTIFICATE = "rules/certificate.json"
"""What was proven of a pack: it travels with the pack, and is no part of the digest."""


class KnowledgeFile(NamedTuple):
    """A file of the folder: its path in there, with slashes, its size in bytes, and when it was
    changed, in nanoseconds as the system counts them."""

    name: str
    size: int
    changed: int


class Pack(Protocol):
    """Where the files of a pack are, by their names in there."""

    def names(self) -> list[str]:
        """The files that make up the knowledge, in a fixed order."""

    def content(self, name: str) -> bytes:
        """The bytes of a file, one more than allowed at most. Raises OSError."""

    def no_file(self, name: str) -> str:
        """Why a name stands for no file that could be read, if that can be told; else nothing."""


class Folder:
    """A pack that is a folder with `rules/` and `facts/`."""

    def __init__(self, root: str) -> None:
        """Raises InvalidKnowledge when there is no such folder."""
        self._root = root
        self._names = [file.name for file in files(root)]

    def names(self) -> list[str]:
        return self._names

    def content(self, name: str) -> bytes:
        return content_of(f"{self._root}/{name}")

    def no_file(self, name: str) -> str:
        path = f"{self._root}/{name}"
        if os.path.isdir(path):
            if os.path.islink(path):
                return "is a link to a folder, and links are not followed; copy the folder"
            return "is a folder that cannot be read"
        lost = os.path.islink(path) and not os.path.exists(path)
        return "is a link that leads nowhere" if lost and not name.endswith(READ) else ""


def files(root: str) -> list[KnowledgeFile]:
    """The files that make up the knowledge in `root`, in a fixed order; hidden ones are left out.

    Links to folders and folders that cannot be read are among them, as nothing in them is found.
    Raises InvalidKnowledge when there is no such folder.
    """
    missing = [name for name in TOPS if not os.path.isdir(f"{root}/{name}")]
    if missing:
        lacking = " and no folder ".join(missing)
        reason = f"has no folder {lacking}; a knowledge folder has rules/ and facts/"
        raise InvalidKnowledge([Problem(root, 0, "", reason)])
    return sorted(file for top in TOPS for file in _inside(root, top))


def _inside(root: str, folder: str) -> Iterator[KnowledgeFile]:
    try:
        with os.scandir(f"{root}/{folder}") as found:
            entries = list(found)
    except OSError:
        yield KnowledgeFile(folder, 0, 0)
        return
    for entry in entries:
        name = f"{folder}/{entry.name}"
        if entry.name.startswith("."):
            continue
        try:
            is_folder, leads_to_one = entry.is_dir(follow_symlinks=False), entry.is_dir()
        except OSError:  # links in a circle
            yield KnowledgeFile(name, 0, 0)
            continue
        if is_folder:
            yield from _inside(root, name)
        elif entry.name.lower().endswith(KINDS) or leads_to_one:
            try:
                about = entry.stat()
            except OSError:  # a link to nowhere
                yield KnowledgeFile(name, 0, 0)
            else:
                yield KnowledgeFile(name, about.st_size, about.st_mtime_ns)


def digest(pack: Pack) -> str:
    """The SHA-256 of the knowledge: names and contents of its files, line ends made alike."""
    import hashlib  # brings OpenSSL in, which few starts need

    total = hashlib.sha256()
    for name in pack.names():
        try:
            content = alike(pack.content(name))
        except OSError:
            content = b"\0"  # no sound file holds that
        total.update(b"%s\0%d\0" % (name.encode("utf-8", "surrogateescape"), len(content)))
        total.update(content)
    return total.hexdigest()


def alike(content: bytes) -> bytes:
    """The content with the same line ends on every system."""
    return content.replace(b"\r\n", b"\n")


def content_of(path: str) -> bytes:
    """The bytes of a file, one more than allowed at most.

    Raises OSError when it cannot be read, or is something that would be waited for, such as a pipe.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(0, "it is not a file")
    with open(path, "rb") as file:
        return file.read(MAX_FILE + 1)
