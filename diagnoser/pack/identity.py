"""Which knowledge a pack is, without linking it."""

from __future__ import annotations

import os
from pathlib import Path

from diagnoser.errors import DiagnoserError
from diagnoser.knowledge.pin import Identity
from diagnoser.pack.builtin import built_in
from diagnoser.pack.files import digest
from diagnoser.pack.opening import opened
from diagnoser.pack.reader import PACK
from diagnoser.pack.strict_yaml import Document


def identity(pack: Path | str | None = None) -> Identity | None:
    """The id, version and digest of a folder, a released pack, or the built-in one; None where it
    does not say, in which case it does not load either."""
    root = built_in() if pack is None else os.fspath(pack)
    try:
        files = opened(root)
        tree = Document(PACK, files.content(PACK).decode("utf-8-sig")).tree
    except (OSError, DiagnoserError, UnicodeDecodeError):
        return None
    if not isinstance(tree, dict):
        return None
    id, version = tree.get("id"), tree.get("version")
    if not isinstance(id, str) or not isinstance(version, str):
        return None
    return Identity(id, version, digest(files))
