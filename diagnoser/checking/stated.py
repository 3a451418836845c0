"""Every condition of a knowledge, with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from diagnoser.checking.signs import path_of
from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import Knowledge, Variant
from diagnoser.pack.reader import CONTRADICTIONS, PACK, PLACES
from diagnoser.pack.strict_yaml import Path as KeyPath


class Stated(NamedTuple):
    """A condition, and the file and the path in it where it stands."""

    file: str
    path: KeyPath
    when: Condition


def stated(knowledge: Knowledge) -> Iterator[Stated]:
    """Every condition of the knowledge; a bar of the pack once for each remedy that it bars."""
    for sign in knowledge.signs.values():
        yield Stated(sign.file, path_of(sign), sign.when)
    for place in knowledge.places.values():
        yield from _variants(PLACES, ("places", place.id, "go"), place.go)
    for remedy in knowledge.remedies.values():
        for bar in remedy.not_if:
            yield Stated(bar.file, bar.path, bar.when)
        yield from _variants(remedy.file, ("steps",), remedy.steps)
    for one in knowledge.contradictions.values():
        yield Stated(CONTRADICTIONS, ("contradictions", one.id, "when"), one.when)
    for id, precondition in knowledge.preconditions.items():
        yield Stated(PACK, ("preconditions", id, "holds"), precondition.holds)
        if precondition.fails is not None:
            yield Stated(PACK, ("preconditions", id, "fails"), precondition.fails)
    for number, note in enumerate(knowledge.notes):
        yield Stated(PACK, ("notes", number, "when"), note.when)
    for fact in knowledge.facts.values():
        file, path = f"facts/{fact.area}.yaml", ("facts", fact.id.partition(".")[2])
        if fact.only_if is not None:
            yield Stated(file, (*path, "only_if"), fact.only_if)
        yield from _variants(file, (*path, "look"), fact.look)


def _variants(file: str, path: KeyPath, variants: Iterable[Variant]) -> Iterator[Stated]:
    for place, variant in enumerate(variants):
        if variant.condition is not None:
            yield Stated(file, (*path, place, "if"), variant.condition)
