"""The words of a pack as a scale: the range of each, and the word for an estimate."""

from __future__ import annotations

from collections.abc import Mapping

from diagnoser.learning.estimation import Estimate
from diagnoser.learning.odds import log_odds, probability


def reach(scale: Mapping[str, float], word: str) -> tuple[float, float]:
    """The probabilities that a word is nearest to, on the scale of log-odds; those at the ends of
    the scale reach as far as 0 and 1."""
    here = scale[word]
    less = [value for value in scale.values() if value < here]
    more = [value for value in scale.values() if value > here]
    return (
        _between(max(less), here) if less else 0.0,
        _between(here, min(more)) if more else 1.0,
    )


def nearest(scale: Mapping[str, float], value: float) -> str:
    """The word that stands for what is nearest to a probability, on the scale of log-odds."""
    return min(scale, key=lambda word: (abs(log_odds(scale[word]) - log_odds(value)), scale[word]))


def fitting(scale: Mapping[str, float], word: str, found: Estimate) -> str:
    """The word for an estimate: the present one as long as any of its reach lies in the interval,
    and otherwise the nearest."""
    low, high = reach(scale, word)
    if found.high >= low and found.low <= high:
        return word
    return nearest(scale, found.value)


def _between(low: float, high: float) -> float:
    return probability((log_odds(low) + log_odds(high)) / 2)
