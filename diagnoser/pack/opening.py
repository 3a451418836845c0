"""Opens a pack, be it a folder or one file."""

from __future__ import annotations

import os

from diagnoser.errors import InvalidKnowledge
from diagnoser.pack.files import CERTIFICATE, Folder, Pack


def opened(root: str) -> Pack:
    """The pack at this path: a folder, or a file that `release` made.

    Raises InvalidKnowledge when it is neither.
    """
    if os.path.isfile(root):
        from diagnoser.pack.released import Release  # most starts read no archive

        return Release(root)
    return Folder(root)


def certificate(root: str) -> bytes | None:
    """What the pack at this path carries as its certificate; None where it has none."""
    try:
        return opened(root).content(CERTIFICATE)
    except (OSError, InvalidKnowledge):
        return None
