"""Opens a pack, be it a folder or one file."""

from __future__ import annotations

import json
import os

from diagnoser.errors import InvalidKnowledge, printable
from diagnoser.knowledge.model import Certificate
from diagnoser.pack.files import CERTIFICATE, Folder, Pack


def opened(root: str) -> Pack:
    """The pack at this path: a folder, or a file that `release` made.

    Raises InvalidKnowledge when it is neither.
    """
    if os.path.isfile(root):
        from diagnoser.pack.released import Release  # most starts read no archive

        return Release(root)
    return Folder(root)


def certificate(root: str) -> Certificate | None:
    """What the certificate says that the pack at this path carries, in short; None where it has
    none, or none that can be read."""
    try:
        found = json.loads(opened(root).content(CERTIFICATE))
        digest, program = found["knowledge"]["digest"], found["program"]
        claims = len(found["claims"])
    except (OSError, InvalidKnowledge, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(digest, str) or not isinstance(program, str):
        return None
    return Certificate(printable(digest), printable(program), claims)
