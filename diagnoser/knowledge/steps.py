"""The lines that a person gets of what is written in variants, for what is known of the phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from diagnoser.knowledge.conditions import KnownFacts
from diagnoser.knowledge.model import Go, Place, Variant


def choose(
    variants: Iterable[Variant], known: KnownFacts, places: Mapping[str, Place]
) -> list[str]:
    """The lines of the first variant whose condition holds, else of the one for all others, each
    way to a place written out."""
    return list(_lines(variants, known, places))


def _lines(
    variants: Iterable[Variant], known: KnownFacts, places: Mapping[str, Place]
) -> Iterator[str]:
    for variant in variants:
        if variant.condition is None or variant.condition.outcome(known):
            for line in variant.do:
                if isinstance(line, Go):
                    yield from _lines(places[line.go].go, known, places)
                else:
                    yield line
            return
