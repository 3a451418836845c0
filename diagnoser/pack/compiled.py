"""The compiled form of the built-in pack: the knowledge as pydantic writes it in JSON, made when
the package is built, so that no start has to parse YAML.

It names its sources, and a checksum guards the content; what does not fit to the byte is ignored.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from diagnoser.knowledge.model import Knowledge
from diagnoser.pack.files import KnowledgeFile

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 16
"""Changes whenever the content changes its form."""

NAME = "compiled.json"


def unchanged(root: str, sources: Sequence[KnowledgeFile]) -> Knowledge | None:
    """The knowledge beside its sources, if they still have their names and sizes and none was
    changed after it was compiled; no file has to be read for that."""
    path = f"{root}/{NAME}"
    try:
        made = os.stat(path).st_mtime_ns
    except OSError:
        return None
    if any(source.changed > made for source in sources):
        return None
    found = _read(root)
    return _knowledge(found[1]) if found is not None and found[0] == _sizes(sources) else None


def load(root: str, digest: str) -> Knowledge | None:
    """The knowledge with this digest, or None when the file beside it cannot be trusted to hold
    it."""
    found = _read(root)
    if found is None:
        return None
    knowledge = _knowledge(found[1])
    return knowledge if knowledge.digest == digest else None


def there(root: str) -> bool:
    """Whether there is a compiled form beside the folder."""
    return os.path.isfile(f"{root}/{NAME}")  # no pipe, which would never end


def dump(knowledge: Knowledge, sources: Sequence[KnowledgeFile]) -> bytes:
    """The compiled form: a line that guards the rest, a line of sources, and the knowledge."""
    # The rules are those of the causes, which are written.
    body = _sizes(sources) + b"\n" + _form().dump_json(knowledge._replace(rules={}))
    return _head(body) + b"\n" + body


def _read(root: str) -> tuple[bytes, bytes] | None:
    """The line of sources and the knowledge, if the file is whole."""
    if not there(root):
        return None
    try:
        with open(f"{root}/{NAME}", "rb") as file:
            head, _, body = file.read().partition(b"\n")
    except OSError:
        return None
    if head != _head(body):
        return None
    sizes, _, knowledge = body.partition(b"\n")
    return sizes, knowledge


@cache
def _form() -> TypeAdapter[Knowledge]:
    from pydantic import ConfigDict, TypeAdapter

    return TypeAdapter(Knowledge, config=ConfigDict(ser_json_inf_nan="strings"))


def _knowledge(content: bytes) -> Knowledge:
    read = _form().validate_json(content)
    return read._replace(
        rules={rule.id: rule for one in read.causes.values() for rule in one.rules}
    )


def _sizes(sources: Sequence[KnowledgeFile]) -> bytes:
    return "\0".join(f"{source.name} {source.size}" for source in sources).encode(
        "utf-8", "surrogateescape"
    )


def _head(body: bytes) -> bytes:
    return f"diagnoser {FORMAT} {zlib.crc32(body):08x}".encode()
