"""Probabilities on the scale of log-odds, on which words and evidence are evenly apart."""

from __future__ import annotations

from math import exp, inf, log


def log_odds(probability: float) -> float:
    """The logarithm of the odds; infinite for 0 and 1."""
    if probability in (0, 1):
        return inf if probability else -inf
    return log(probability / (1 - probability))


def probability(log_odds: float) -> float:
    """The probability of these log-odds."""
    return 1 / (1 + exp(-log_odds)) if log_odds > 0 else exp(log_odds) / (1 + exp(log_odds))
