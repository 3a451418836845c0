"""Quantiles of the Beta distribution."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

from diagnoser.learning.odds import probability

SMALLEST = 1e-300
FAR = 690.0
"""Log-odds beyond which a probability is 0 or 1."""
HALVINGS = 64


def quantile(share: float, a: float, b: float) -> float:
    """The value below which a share of Beta(a, b) lies; share, a and b are above 0.

    Found by halving on log-odds, so that small probabilities keep their digits.
    """
    low, high = -FAR, FAR
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return probability((low + high) / 2)


def below(log_odds: float, a: float, b: float) -> float:
    """The share of Beta(a, b) below a probability that is given by its log-odds: the regularized
    incomplete beta function, by its continued fraction (W. J. Lentz 1976; DLMF 8.17.22)."""
    if log_odds > log((a + 1) / (b + 1)):
        return 1 - below(-log_odds, b, a)
    x = probability(log_odds)
    log_x = -log1p(exp(-log_odds)) if log_odds > -FAR else log_odds
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log_x + b * log1p(-x)
    return exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 20_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / _apart(1 + part * d)
            c = _apart(1 + part / c)
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value


def _apart(value: float) -> float:
    """The value, or a tiny one in place of 0, by which nobody can divide."""
    return value if abs(value) > SMALLEST else SMALLEST
