"""Phrases that stand for several: `(a | b)` for alternatives, and `&` for what may be said in
either order, with some words between."""

from __future__ import annotations

import re
from itertools import permutations, product
from math import factorial, prod

_GROUP = re.compile(r"\(([^()]*)\)")
ALTERNATIVE, EITHER_ORDER = "|", "&"
MOST = 240
"""Phrases that one text may stand for."""


def how_many(text: str) -> int:
    """How many phrases a text stands for."""
    choices = prod(len(group.split(ALTERNATIVE)) for group in _GROUP.findall(text))
    return choices * factorial(_GROUP.sub(" ", text).count(EITHER_ORDER) + 1)


def first_spelled(text: str) -> str:
    """The first of the phrases that a text stands for."""
    plain = _GROUP.sub(lambda group: group[1].split(ALTERNATIVE)[0], text)
    return " ".join(plain.split()).replace(" .", ".")


def spelled_out(text: str) -> list[str]:
    """The phrases that a text stands for, in order; `&` is left where words may stand between."""
    ends = "." if text.endswith(".") else ""
    pieces = _GROUP.split(text.removesuffix("."))
    choices = [
        piece.split(ALTERNATIVE) if place % 2 else [piece] for place, piece in enumerate(pieces)
    ]
    found = []
    for chosen in product(*choices):
        parts = [" ".join(part.split()) for part in "".join(chosen).split(EITHER_ORDER)]
        found += [f" {EITHER_ORDER} ".join(order) + ends for order in permutations(parts)]
    return list(dict.fromkeys(found))


def unpaired(text: str) -> bool:
    """Whether a bracket lacks its other half, or stands within others, or `|` stands alone."""
    outside = _GROUP.sub(" ", text)
    return any(mark in outside for mark in (ALTERNATIVE, "(", ")"))
