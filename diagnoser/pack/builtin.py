"""Where the built-in knowledge is: inside an installed package, else beside it in a checkout."""

from __future__ import annotations

import os


def built_in() -> str:
    """The folder that holds the `rules` and `facts` of the built-in pack."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    return package if os.path.isdir(f"{package}/rules") else os.path.dirname(package)
