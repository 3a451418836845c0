"""Where the built-in knowledge is: inside an installed package, else beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def built_in() -> Path:
    """The folder that holds the `rules` and `facts` of the built-in pack."""
    package = Path(__file__).resolve().parent
    return package if (package / "rules").is_dir() else package.parent
