"""Numbers that things are ranked by: those that differ only in how they were rounded on the way are
made the same, so that a tie goes by the id, on every machine."""

from __future__ import annotations

_SPREAD = 2.0**13 + 1
_PLACES = 11


def significant(worth: float) -> float:
    """To 40 binary digits, about twelve decimal ones (T. J. Dekker, "A floating-point technique for
    extending the available precision", 1971)."""
    spread = worth * _SPREAD
    near = spread - (spread - worth)
    return near if near == near else worth  # not a number where the product is infinite


def difference(worth: float) -> float:
    """To eleven decimal places, for what is left when nearly equal numbers are subtracted: most of
    its own digits may be noise."""
    return round(worth, _PLACES)
