"""Whether causes are there as often as the program says: the probability of the first cause of a
diagnosis, against how often it was a true one."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean

Said = tuple[float, bool]
"""What was said of the first cause, and whether it was a true one."""
BANDS = ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01))


def brier(said: Iterable[Said]) -> float:
    """The mean squared distance of what was said from what was so (G. W. Brier, "Verification of
    forecasts expressed in terms of probability", 1950)."""
    return fmean((probability - so) ** 2 for probability, so in said)


def row(name: str, said: Iterable[Said]) -> list[str]:
    """For each band: what was said there on average, how often it was so, and of how many."""
    said = list(said)
    cells = [name]
    for low, high in BANDS:
        here = [one for one in said if low <= one[0] < high]
        if not here:
            cells.append("")
            continue
        probability, so = (fmean(one[part] for one in here) for part in (0, 1))
        cells.append(f"{probability:.0%}: {so:.0%} of {len(here)}")
    return [*cells, f"{brier(said):.3f}"]


HEAD = [
    "said, and how often it was so",
    *(f"{low:.0%} to {min(high, 1.0):.0%}" for low, high in BANDS),
    "Brier",
]
