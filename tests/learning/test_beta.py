"""Quantiles of Beta distributions, against what is known of them in closed form."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.learning.beta import below, quantile
from diagnoser.learning.matrix import inverse_diagonal
from diagnoser.learning.odds import log_odds, probability

counts = st.floats(0.01, 20_000)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.001, 0.999))
def test_with_whole_counts_it_is_a_tail_of_coin_tosses(a: int, b: int, x: float) -> None:
    """DLMF 8.17.5."""
    tosses = a + b - 1
    tail = sum(comb(tosses, j) * x**j * (1 - x) ** (tosses - j) for j in range(a, tosses + 1))

    assert below(log_odds(x), a, b) == pytest.approx(tail, rel=1e-9, abs=1e-12)


@given(st.floats(0.01, 0.99), counts, counts)
def test_the_share_below_a_quantile_is_what_was_asked_for(share: float, a: float, b: float) -> None:
    value = quantile(share, a, b)

    if 1e-200 < value < 1 - 1e-12:
        assert below(log_odds(value), a, b) == pytest.approx(share, rel=1e-6)


@given(st.floats(1e-4, 0.9999), st.floats(0.01, 5000))
def test_with_one_count_of_one_it_has_a_closed_form(share: float, b: float) -> None:
    assert quantile(share, 1, b) == pytest.approx(1 - (1 - share) ** (1 / b), rel=1e-6)


@given(st.floats(-600, 600))
def test_log_odds_and_probabilities_go_together(odds: float) -> None:
    if abs(odds) < 30:
        assert log_odds(probability(odds)) == pytest.approx(odds, abs=1e-3)


def test_the_diagonal_of_an_inverse() -> None:
    matrix = [[4.0], [2.0, 3.0], [0.5, 1.0, 2.0]]

    # by cofactors: the determinant is 13.25
    assert inverse_diagonal(matrix) == pytest.approx([5 / 13.25, 7.75 / 13.25, 8 / 13.25])
    with pytest.raises(ValueError, match="positive definite"):
        inverse_diagonal([[1.0], [2.0, 1.0]])
