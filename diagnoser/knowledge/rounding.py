"""Rounds the numbers that things are ranked by, so that ties go by the id on every machine and not
by the noise in the last digits."""

from __future__ import annotations

_SPREAD = 2.0**13 + 1
_PLACES = 11


def significant(worth: float) -> float:
    """Rounded to 40 binary digits, about twelve decimal ones (T. J. Dekker, "A floating-point
    technique for extending the available precision", 1971)."""
    spread = worth * _SPREAD
    near = spread - (spread - worth)
    return near if near == near else worth  # not a number where the product is infinite


def difference(worth: float) -> float:
    """Rounded to eleven decimal places, for differences of nearly equal numbers, most of whose
    digits may be noise."""
    return round(worth, _PLACES)
