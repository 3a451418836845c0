"""The compiled form of a knowledge folder: what is linked from its files as one file of JSON, which
names its sources.

A checksum guards the content; what does not fit to the byte is ignored and made anew. The built-in
pack has its file beside it, made when the package is built; that of any other folder is kept in the
user's cache folder.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence

from diagnoser.knowledge.model import Knowledge
from diagnoser.pack import serialization
from diagnoser.pack.files import Source

FORMAT = 8
"""Changes whenever the content changes its form."""

NAME = "compiled.json"


def unchanged(root: str, sources: Sequence[Source]) -> Knowledge | None:
    """The knowledge beside its sources, if they still have their names and sizes and none was
    changed after it was compiled; no file has to be read for that."""
    path = f"{root}/{NAME}"
    try:
        made = os.stat(path).st_mtime_ns
    except OSError:
        return None
    if any(source.changed > made for source in sources):
        return None
    return _read(path, sizes=[[source.name, source.size] for source in sources])


def load(path: str, digest: str) -> Knowledge | None:
    """The knowledge with this digest, or None when the file cannot be trusted to hold it."""
    return _read(path, digest=digest)


def _read(path: str, **promised: object) -> Knowledge | None:
    """What a file holds, if it is whole and says all of what it should."""
    if not os.path.isfile(path):  # nor a pipe, which would never end
        return None
    try:
        with open(path, "rb") as file:
            head, _, body = file.read().partition(b"\n")
    except OSError:
        return None
    if head != _head(body):
        return None
    data = json.loads(body)
    if any(data[key] != value for key, value in promised.items()):
        return None
    return serialization.thaw(data)


def dump(knowledge: Knowledge, sources: Sequence[Source]) -> bytes:
    """The compiled form: a line that guards the rest, and the data."""
    sizes = [(source.name, source.size) for source in sources]
    data = {"sizes": sizes, **serialization.freeze(knowledge)}
    body = json.dumps(data, separators=(",", ":")).encode()
    return _head(body) + b"\n" + body


def _head(body: bytes) -> bytes:
    return f"diagnoser {FORMAT} {zlib.crc32(body):08x}".encode()
