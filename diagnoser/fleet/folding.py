"""Keeps small groups out of what is published: none of fewer than `LEAST` is told, and none can be
computed from what is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

LEAST = 5
"""A group of fewer is small."""
TRIED = 200
"""Cells at most that are tried to hide a small one."""
Cell = tuple[str, str]


class Folded(NamedTuple):
    """Groups that are told with their sizes, the largest first, and how many are in all others
    together: 0, or at least LEAST."""

    shown: dict[str, int]
    others: int


def fold(sizes: Mapping[str, int]) -> Folded:
    """The groups of a whole whose size is told, too.

    Where the small ones together are a small group, the smallest of the rest are folded with them,
    since the whole less all that is told would give their number. A whole that is small has no
    groups.
    """
    ranked = sorted(sizes.items(), key=lambda one: (-one[1], one[0]))
    shown = {group: size for group, size in ranked if size >= LEAST}
    others = sum(size for size in sizes.values() if size < LEAST)
    while 0 < others < LEAST and shown:
        others += shown.popitem()[1]
    return Folded(shown, others)


def shown_cells(sizes: Mapping[Cell, int]) -> set[Cell] | None:
    """The cells of a table, by row and column, that can be told beside the sums of all its rows and
    columns, which are not small; None where no table can be told.

    Small cells are hidden, and as few others as it takes so that what is hidden of a row or column
    is not small, and no small cell follows from the sums. It does not follow if there is another
    table with the same sums and the same cells shown, which differs from this one by a cycle of
    hidden cells that by turns become larger and smaller (D. Gusfield, "A graph theoretic approach
    to statistical data security", SIAM Journal on Computing 17, 1988).
    """
    rows, columns = sorted({row for row, _ in sizes}), sorted({column for _, column in sizes})
    whole = {(row, column): sizes.get((row, column), 0) for row in rows for column in columns}
    shown = {cell for cell, size in whole.items() if size >= LEAST}
    while shown:
        if line := next(_thin(whole, shown), None):
            near: Iterable[Cell] = (cell for cell in line if cell in shown)
        elif cell := next(_following(whole, shown), None):
            near = _closing(cell, whole, shown)
        else:
            return shown
        shown.remove(min(near, key=lambda cell: (whole[cell], cell)))
    return None if next(_following(whole, shown), None) else shown


def _thin(sizes: Mapping[Cell, int], shown: set[Cell]) -> Iterator[list[Cell]]:
    """The rows and columns, each as its cells, of which too little is hidden."""
    for side in (0, 1):
        rest: dict[str, int] = {}
        for cell, size in sizes.items():
            rest[cell[side]] = rest.get(cell[side], 0) + size * (cell not in shown)
        for line, size in rest.items():
            if 0 < size < LEAST:
                yield [cell for cell in sizes if cell[side] == line]


def _following(sizes: Mapping[Cell, int], shown: set[Cell]) -> Iterator[Cell]:
    """The small cells that follow from the sums."""
    ways = _ways(sizes, (cell for cell in sizes if cell not in shown))
    for cell, size in sizes.items():
        if 0 < size < LEAST and _follows(*cell, ways):
            yield cell


def _closing(cell: Cell, sizes: Mapping[Cell, int], shown: set[Cell]) -> list[Cell]:
    """A cell that is told but had better be hidden, so that this one does not follow any more; or
    all that are told, where no single one is enough."""
    smallest = sorted(shown, key=lambda one: (sizes[one], one))
    for one in smallest[:TRIED]:
        ways = _ways(sizes, (other for other in sizes if other == one or other not in shown))
        if not _follows(*cell, ways):
            return [one]
    return [one for one in smallest if one[0] == cell[0] or one[1] == cell[1]] or smallest


Ways = dict[tuple[int, str], list[str]]


def _ways(sizes: Mapping[Cell, int], hidden: Iterable[Cell]) -> Ways:
    """From each row (0) to the columns in which a hidden cell of it may be larger, and from each
    column (1) to the rows in which one may be smaller."""
    ways: Ways = {}
    for row, column in hidden:
        ways.setdefault((0, row), []).append(column)
        if sizes[row, column]:
            ways.setdefault((1, column), []).append(row)
    return ways


def _follows(row: str, column: str, ways: Ways) -> bool:
    """Whether a cell can be neither larger nor smaller while all sums stay."""
    larger = _reaches((1, column), (0, row), ways)
    return not larger and not _reaches((0, row), (1, column), ways)


def _reaches(start: tuple[int, str], goal: tuple[int, str], ways: Ways) -> bool:
    """Whether a way leads from a row to a column, or the other way, that is not the cell itself."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for name in ways.get(here, ()):
            there = (1 - here[0], name)
            if there == goal and here != start:
                return True
            if there not in seen and there != goal:
                seen.add(there)
                waiting.append(there)
    return False
