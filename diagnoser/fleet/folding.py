"""Keeps small groups out of what is published: none of fewer than `LEAST` is told, and none can be
computed from what is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

LEAST = 5
"""A group of fewer is small."""
TRIED = 200
"""Cells at most that are tried to hide a small one."""
Cell = tuple[str, str]
Node = tuple[int, str]
"""A row (0) or a column (1)."""
Ways = dict[Node, list[str]]


class Folded(NamedTuple):
    """Groups that are told with their sizes, the largest first, and how many are in all others
    together: 0, or at least LEAST."""

    shown: dict[str, int]
    others: int


def fold(sizes: Mapping[str, int], common: str | None = None) -> Folded:
    """The groups of a whole whose size is told, too.

    Where the small ones together are a small group, the smallest of the rest are folded with them,
    since the whole less all that is told would give their number. A whole that is small has no
    groups. The `common` group is one that other lists of the same whole have too: all lists tell
    it or none does, and the others are folded as if it were not there, since it can be taken from
    another list.
    """
    alone = sizes.get(common, 0) if common else 0
    rest = sum(sizes.values()) - alone
    if alone >= LEAST and not is_small(rest):
        others = fold({group: size for group, size in sizes.items() if group != common})
        shown = {**others.shown, str(common): alone}
        return Folded(dict(sorted(shown.items(), key=_largest_first)), others.others)
    ranked = sorted(sizes.items(), key=_largest_first)
    shown = {group: size for group, size in ranked if size >= LEAST}
    small = sum(size for size in sizes.values() if size < LEAST)
    while is_small(small) and shown:
        small += shown.popitem()[1]
    return Folded(shown, small)


def is_small(size: int) -> bool:
    return 0 < size < LEAST


def _largest_first(group: tuple[str, int]) -> tuple[int, str]:
    return -group[1], group[0]


def shown_cells(
    tables: Sequence[Mapping[Cell, int]], common: str | None = None
) -> list[set[Cell]] | None:
    """The cells of tables, by row and column, that can be told beside the sums of all their rows
    and columns, which are not small; None where none can.

    The tables have the same rows with the same sums, and may have one column in common. Small cells
    are hidden, and as few others as it takes so that what is hidden of a row or column is not
    small, and no small cell follows from the sums. It does not follow if there are other tables
    with the same sums and the same cells shown, which differ from these by a cycle of hidden cells
    that by turns become larger and smaller (D. Gusfield, "A graph theoretic approach to statistical
    data security", SIAM Journal on Computing 17, 1988). Where the common column differs, it has to
    differ alike in all of them: there is a cycle in each, through the same two of its cells.
    """
    told = _Told([_whole(one) for one in tables], common)
    while any(told.cells):
        found = told.to_hide()
        if found is None:
            return told.cells
        told.hide(*found)
    return None if told.follows() else told.cells


def _whole(sizes: Mapping[Cell, int]) -> dict[Cell, int]:
    """The table with its empty cells."""
    rows, columns = sorted({row for row, _ in sizes}), sorted({column for _, column in sizes})
    return {(row, column): sizes.get((row, column), 0) for row in rows for column in columns}


Place = tuple[int, Cell]
"""A cell of the table of this number; of the common column, in any of them."""


class _Told:
    """What is told of tables so far: `cells` of each, those of the common column in all or none."""

    def __init__(self, tables: Sequence[dict[Cell, int]], common: str | None) -> None:
        self._tables, self._column = tables, common
        self._own = [
            {cell: size for cell, size in sizes.items() if cell[1] != common} for sizes in tables
        ]
        self._common = {cell: size for cell, size in tables[0].items() if cell[1] == common}
        self.cells = [{cell for cell, size in one.items() if size >= LEAST} for one in tables]
        rest = dict.fromkeys((row for row, _ in tables[0]), 0)
        for (row, _), size in self._own[0].items():
            rest[row] += size
        self._uneven = [
            cell for cell, size in self._common.items() if is_small(size) or is_small(rest[cell[0]])
        ]
        """Cells of the common column that are small, or all the rest of their row is."""
        for cell in self._uneven:
            self.hide(0, cell)

    def hide(self, table: int, cell: Cell) -> None:
        for number, shown in enumerate(self.cells):
            if number == table or cell[1] == self._column:
                shown.discard(cell)

    def to_hide(self) -> Place | None:
        """A cell that cannot be told beside the others that are; None where all can."""
        for number, sizes in enumerate(self._tables):
            if line := next(_thin(sizes, self.cells[number]), None):
                return self._smallest([(number, cell) for cell in line])
        if (found := self.follows()) is None:
            return None
        number, cell = found
        common = [(0, one) for one in self._common]
        hidden = [one for one, size in self._common.items() if size and one not in self.cells[0]]
        if cell not in self._common:
            own = self._own[number]
            near = [(number, one) for one in _closing(cell, own, self.cells[number] & own.keys())]
        elif len(hidden) > 1:
            near = [(n, one) for n, own in enumerate(self._own) for one in own if one[0] == cell[0]]
        else:
            near = common
        everything = [(n, one) for n, own in enumerate(self._own) for one in own]
        return self._smallest(near) or self._smallest(common) or self._smallest(everything)

    def _smallest(self, places: Iterable[Place]) -> Place | None:
        """The smallest of the cells that are told."""
        told = [(n, cell) for n, cell in places if cell in self.cells[n]]
        return min(told, key=lambda one: (self._tables[one[0]][one[1]], one), default=None)

    def follows(self) -> Place | None:
        """A small cell that follows from what is told, or one of the common column that does, where
        it or the rest of its row is small."""
        all_ways = [
            _ways(own, (cell for cell in own if cell not in shown))
            for own, shown in zip(self._own, self.cells, strict=True)
        ]
        for number, own in enumerate(self._own):
            for cell, size in own.items():
                if (
                    is_small(size)
                    and _follows(*cell, all_ways[number])
                    and not self._differs(cell[0], all_ways, number, cell[1])
                ):
                    return number, cell
        for cell in self._uneven:
            if not self._differs(cell[0], all_ways):
                return 0, cell
        return None

    def _differs(
        self, row: str, all_ways: Sequence[Ways], table: int = -1, column: str = ""
    ) -> bool:
        """Whether a row can have one more or less in the common column, and another one less or
        more, while all sums stay; in this table by this column."""
        hidden = {
            cell[0]: size
            for cell, size in self._common.items()
            if cell not in self.cells[0] and cell[0] != row
        }
        if not self._column or (row, self._column) in self.cells[0]:
            return False
        here, own = (0, row), self._common[row, self._column]
        starts = [(1, column) if n == table else here for n in range(len(all_ways))]
        if own:  # one less
            sets = [_reached(at, ways, here) for at, ways in zip(starts, all_ways, strict=True)]
            if any(all((0, other) in one for one in sets) for other in hidden):
                return True
        back = [_turned(ways) for ways in all_ways]
        sets = [_reached(at, ways, here) for at, ways in zip(starts, back, strict=True)]
        return any(all((0, other) in one for one in sets) for other, size in hidden.items() if size)


def _thin(sizes: Mapping[Cell, int], shown: set[Cell]) -> Iterator[list[Cell]]:
    """The rows and columns, each as its cells, of which too little is hidden."""
    for side in (0, 1):
        rest: dict[str, int] = {}
        for cell, size in sizes.items():
            rest[cell[side]] = rest.get(cell[side], 0) + size * (cell not in shown)
        for line, size in rest.items():
            if is_small(size):
                yield [cell for cell in sizes if cell[side] == line]


def _closing(cell: Cell, sizes: Mapping[Cell, int], shown: set[Cell]) -> list[Cell]:
    """A cell that is told but had better be hidden, so that this one does not follow any more; or
    all that are told, where no single one is enough."""
    smallest = sorted(shown, key=lambda one: (sizes[one], one))
    for one in smallest[:TRIED]:
        ways = _ways(sizes, (other for other in sizes if other == one or other not in shown))
        if not _follows(*cell, ways):
            return [one]
    return [one for one in smallest if one[0] == cell[0] or one[1] == cell[1]] or smallest


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


def _reaches(start: Node, goal: Node, ways: Ways) -> bool:
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


def _reached(start: Node, ways: Ways, barred: Node) -> set[Node]:
    """Where ways lead from here, without coming to a place that is barred, unless they begin
    there."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for name in ways.get(here, ()):
            there = (1 - here[0], name)
            if there not in seen and there != barred:
                seen.add(there)
                waiting.append(there)
    return seen


def _turned(ways: Ways) -> Ways:
    """The same ways from their ends."""
    turned: Ways = {}
    for here, names in ways.items():
        for name in names:
            turned.setdefault((1 - here[0], name), []).append(here[1])
    return turned
