"""No small group is told, and none follows from what is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser.fleet.folding import LEAST, Cell, fold, shown_cells

SIZES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), max_size=8)


@given(SIZES)
def test_no_small_group_is_told_nor_follows_from_the_whole(sizes: dict[str, int]) -> None:
    folded = fold(sizes)
    whole = sum(sizes.values())
    assert all(sizes[group] == size >= LEAST for group, size in folded.shown.items())
    rest = whole - sum(folded.shown.values())
    assert rest == folded.others
    if whole >= LEAST:
        assert rest == 0 or rest >= LEAST


@given(SIZES)
def test_as_much_is_told_as_can_be(sizes: dict[str, int]) -> None:
    folded = fold(sizes)
    small = sum(size for size in sizes.values() if size < LEAST)
    left = sorted(size for group, size in sizes.items() if group not in folded.shown)
    hidden = [size for size in left if size >= LEAST]
    assert not hidden or small < LEAST
    assert len(hidden) <= 1 or small == 0


def test_a_single_small_group_takes_the_smallest_other_with_it() -> None:
    assert fold({"a": 100, "b": 7, "c": 6, "d": 2}) == ({"a": 100, "b": 7}, 8)
    assert fold({"a": 100, "b": 7}) == ({"a": 100, "b": 7}, 0)
    assert fold({"a": 3, "b": 1}) == ({}, 4)


TABLES = st.lists(
    st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8]), min_size=3, max_size=3),
    min_size=1,
    max_size=3,
)


@given(TABLES)
def test_no_small_cell_follows_from_the_sums_of_a_table(table: list[list[int]]) -> None:
    rows, columns = (
        [sum(row) for row in table],
        [sum(column) for column in zip(*table, strict=True)],
    )
    if min(*rows, *columns) < LEAST:
        return  # such rows and columns are folded before
    sizes = {(str(i), str(j)): size for i, row in enumerate(table) for j, size in enumerate(row)}
    told = shown_cells([sizes])
    if told is None:
        return
    [shown] = told
    assert all(sizes[cell] >= LEAST for cell in shown)
    hidden = [cell for cell in sizes if cell not in shown]
    rests = [_rest(sizes, hidden, side, name) for side in (0, 1) for name in "012"]
    assert not any(0 < rest < LEAST for rest in rests)
    possible: dict[Cell, set[int]] = {cell: set() for cell in hidden}
    for one in _tables(rests[: len(rows)], rests[3:], hidden):
        for cell, size in one.items():
            possible[cell].add(size)
    for cell in hidden:
        assert sizes[cell] in possible[cell]
        assert not 0 < sizes[cell] < LEAST or len(possible[cell]) > 1


FLEETS = st.lists(
    st.tuples(
        st.sampled_from("012"),
        st.sampled_from([("0", "0"), ("0", "1"), ("1", "0"), ("1", "1"), ("n", "n")]),
        st.sampled_from([1, 2, 3, 4, 5, 6]),
    ),
    min_size=4,
    max_size=9,
)


@given(FLEETS)
@settings(max_examples=150)
def test_no_small_cell_follows_from_two_tables_with_a_column_in_common(
    fleet: list[tuple[str, tuple[str, str], int]],
) -> None:
    tables: list[dict[Cell, int]] = [{}, {}]
    for row, columns, size in fleet:
        for table, column in zip(tables, columns, strict=True):
            table[row, column] = table.get((row, column), 0) + size
    rows = {name: _line(tables[0], 0, name) for name in "012"}
    lines = [*rows.values(), *(_line(table, 1, name) for table in tables for name in "01n")]
    if not tables[0].keys() & {(row, "n") for row in rows} or any(0 < one < LEAST for one in lines):
        return
    told = shown_cells(tables, "n")
    if told is None:
        return
    apart = {row: tables[0].get((row, "n"), 0) for row in rows}
    assert [(row, "n") in told[0] for row in rows] == [(row, "n") in told[1] for row in rows]
    possible: dict[tuple[int, Cell], set[int]] = {}
    for sizes in product(*(_sizes(rows[row], apart[row], (row, "n") in told[0]) for row in rows)):
        if sum(sizes) != sum(apart.values()):
            continue
        fitting = [_fitting(*one, rows, sizes) for one in zip(tables, told, strict=True)]
        if all(fitting):
            for number, found in enumerate(fitting):
                for cell, values in found.items():
                    possible.setdefault((number, cell), set()).update(values)
            for row, size in zip(rows, sizes, strict=True):
                possible.setdefault((0, (row, "n")), set()).add(size)
    for number, table in enumerate(tables):
        for cell, size in table.items():
            if cell[1] != "n" and 0 < size < LEAST:
                assert len(possible[number, cell]) > 1
    for row, size in apart.items():
        if 0 < size < LEAST or 0 < rows[row] - size < LEAST:
            assert len(possible[0, (row, "n")]) > 1


def _sizes(whole: int, size: int, told: bool) -> Sequence[int]:
    """How large a cell may be, of a row of this size."""
    return [size] if told else range(whole + 1)


def _fitting(
    table: dict[Cell, int], told: set[Cell], rows: dict[str, int], apart: Sequence[int]
) -> dict[Cell, set[int]]:
    """What the cells may be without the common column, of which the rows have these sizes; nothing
    where no table has such sums."""
    own = {(row, column): table.get((row, column), 0) for row in rows for column in "01"}
    hidden = [cell for cell in own if cell not in told]
    wanted = [
        size - less - sum(own[cell] for cell in own if cell in told and cell[0] == row)
        for (row, size), less in zip(rows.items(), apart, strict=True)
    ]
    found: dict[Cell, set[int]] = {}
    if min(wanted) >= 0:
        columns = [_rest(own, hidden, 1, name) for name in "01"]
        for one in _tables(wanted, columns, hidden):
            for cell, size in ({cell: own[cell] for cell in own} | one).items():
                found.setdefault(cell, set()).add(size)
    return found


def _line(sizes: dict[Cell, int], side: int, name: str) -> int:
    return sum(size for cell, size in sizes.items() if cell[side] == name)


def _rest(sizes: dict[Cell, int], hidden: Sequence[Cell], side: int, name: str) -> int:
    return sum(sizes[cell] for cell in hidden if cell[side] == name)


def _tables(
    rows: Sequence[int], columns: Sequence[int], hidden: Sequence[Cell]
) -> Iterator[dict[Cell, int]]:
    """Every way to fill the hidden cells so that rows and columns have these sums."""
    if not hidden:
        if not any(rows) and not any(columns):
            yield {}
        return
    (row, column), *others = hidden
    i, j = int(row), int(column)
    last_of_row = not any(other[0] == row for other in others)
    for size in range(min(rows[i], columns[j]) + 1):
        if last_of_row and size != rows[i]:
            continue
        less_rows = [one - size * (place == i) for place, one in enumerate(rows)]
        less_columns = [one - size * (place == j) for place, one in enumerate(columns)]
        for rest in _tables(less_rows, less_columns, others):
            yield {(row, column): size, **rest}


def test_a_table_in_which_nothing_is_small_is_told_whole() -> None:
    sizes = {("a", "x"): 5, ("a", "y"): 9, ("b", "x"): 7, ("b", "y"): 0}
    assert shown_cells([sizes]) == [{("a", "x"), ("a", "y"), ("b", "x")}]


def test_a_single_small_cell_hides_a_square() -> None:
    sizes = {(row, column): 10 for row in "abc" for column in "xyz"} | {("a", "x"): 2}
    told = shown_cells([sizes])
    assert told is not None
    assert len(sizes) - len(told[0]) == 4


def test_a_large_table_is_done_soon() -> None:
    sizes = {(f"r{i}", f"c{j}"): (i * 7 + j * 13) % 23 for i in range(40) for j in range(60)}
    assert shown_cells([sizes])
