"""Which row of a table somebody means who does not write its name in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from diagnoser.errors import nearest

FEW = 6
"""Rows that a message repeats at most, or that a text with an unknown end may mean."""
A_SLIP = 0.8
"""How like a spelling a text must be, from 0 to 1, to be taken for that with a slip in it."""


def meant(text: str, names: Iterable[str], spellings: Mapping[str, str]) -> list[str]:
    """The rows that a text means, however it is spaced: those with this name or spelling; else
    those whose names end with the text; else those with a word that begins with it."""
    low = _joined(text)
    if not low:
        return []
    ends = {name: _ends(name) for name in names}
    return (
        sorted({name for other, name in spellings.items() if _joined(other) == low})
        or [name for name in ends if low in ends[name]]
        or [name for name in ends if any(end.startswith(low) for end in ends[name])]
    )


def near(text: str, names: Iterable[str], spellings: Mapping[str, str]) -> list[str]:
    """Where no row has the text, those that it may mean: one that is spelled nearly like it, or
    those that its first words mean."""
    slip = nearest(text, spellings, A_SLIP)
    if slip:
        return [spellings[slip]]
    names, words = list(names), text.split()
    for place in range(len(words) - 1, 0, -1):
        found = meant(" ".join(words[:place]), names, spellings)
        if found:
            return found if len(found) <= FEW else []
    return []


def listed(rows: Iterable[str]) -> str:
    """`one, another or a third`, of many only some."""
    *first, last = list(rows)
    if len(first) >= FEW:
        return f"{', '.join(first[:FEW])} or {len(first) + 1 - FEW} others"
    return f"{', '.join(first)} or {last}"


def _joined(text: str) -> str:
    """The letters and digits of a name; between digits a comma stays, and a point becomes one."""
    text = re.sub(r"(?<=\d)\s?[.,]\s?(?=\d)", ",", text.lower().replace("+", "plus"))
    return re.sub(r"[^\w,]|(?<!\d),|,(?!\d)", "", text)


def _ends(name: str) -> set[str]:
    """The name, and what is left of it without its first words."""
    words = name.split()
    return {_joined(" ".join(words[place:])) for place in range(len(words))}
