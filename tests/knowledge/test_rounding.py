"""What things are ranked by: as good as the number itself, but for its last digits."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise, permutations
from math import inf
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.knowledge.rounding import difference, significant

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(NUMBERS)
def test_twelve_digits_stay(number: float) -> None:
    assert significant(number) == pytest.approx(number, rel=1e-12, abs=0)
    assert significant(-number) == -significant(number)


@given(st.lists(NUMBERS, min_size=2))
def test_what_is_less_does_not_become_more(numbers: list[float]) -> None:
    for rank in (significant, difference):
        assert all(rank(one) <= rank(other) for one, other in pairwise(sorted(numbers)))


@pytest.mark.parametrize("numbers", [(0.1, 0.2, 0.3), (0.95, 0.8, 0.6), (0.7, 1.1, 2.3, 15.1)])
def test_in_whatever_order_numbers_are_added_up_they_come_to_the_same(
    numbers: tuple[float, ...],
) -> None:
    # Added one by one: from Python 3.12 on, sum() makes up for what it rounds off.
    sums = {reduce(add, order) for order in permutations(numbers)}

    assert len(sums) > 1
    assert len({significant(one) for one in sums}) == 1
    assert len({difference(one) for one in sums}) == 1


def test_what_is_too_large_stays() -> None:
    assert significant(inf) == inf
    assert significant(1.5e308) == 1.5e308
