"""No small group is told, and none follows from what is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given
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
    shown = shown_cells(sizes)
    if shown is None:
        return
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
    assert shown_cells(sizes) == {("a", "x"), ("a", "y"), ("b", "x")}


def test_a_single_small_cell_hides_a_square() -> None:
    sizes = {(row, column): 10 for row in "abc" for column in "xyz"} | {("a", "x"): 2}
    shown = shown_cells(sizes)
    assert shown is not None
    assert len(sizes) - len(shown) == 4


def test_a_large_table_is_done_soon() -> None:
    sizes = {(f"r{i}", f"c{j}"): (i * 7 + j * 13) % 23 for i in range(40) for j in range(60)}
    shown = shown_cells(sizes)
    assert shown
