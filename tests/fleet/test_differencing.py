"""Adding and subtracting the numbers of a whole report gives no small group."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import Diagnoser
from diagnoser.fleet.diagnoses import NEEDED, NOT_KNOWN_YET
from diagnoser.fleet.folding import LEAST
from diagnoser.fleet.summary import FleetSummary, summarise

KNOWLEDGE = Diagnoser().knowledge
PRIME = 2**61 - 1
"""Sums are compared modulo this: a chance of 1 in 10^18 to take one for another."""


class Phone(NamedTuple):
    """What the report counts of one; cause and step are both not known yet, or neither is."""

    ios: str
    model: str
    cause: str
    step: str


Holds = Callable[[Phone], bool]
FIELDS = {
    "ios": ["26.0", "26.1", "26.2"],
    "model": ["iPhone 12", "iPhone 13"],
    "cause": ["a", "b", "c"],
    "step": ["x", "y", "z"],
}
NOT_KNOWN = (NOT_KNOWN_YET, NOT_KNOWN_YET)
KINDS = [
    Phone(*one, *both)
    for one in product(FIELDS["ios"], FIELDS["model"])
    for both in [*product(FIELDS["cause"], FIELDS["step"]), NOT_KNOWN]
]
"""Every kind of phone that there could be."""


def summary_of(phones: Iterable[Phone], folder: Path) -> FleetSummary:
    path = folder / "diagnoses.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*NEEDED, "ios_version", "device_model"], restval="")
        writer.writeheader()
        for one in phones:
            known = one.cause != NOT_KNOWN_YET
            writer.writerow(
                {
                    "finding": "fault" if known else NOT_KNOWN_YET,
                    "cause": one.cause if known else "a-guess",
                    "step": one.step if known else "another-guess",
                    "saves": 1,
                    "contradictions": 0,
                    "knowledge_digest": "0",
                    "ios_version": one.ios,
                    "device_model": one.model,
                }
            )
    return summarise(path, KNOWLEDGE)


def has(*wanted: tuple[str, str]) -> Holds:
    """Whether a phone has these values in these fields."""
    return lambda one: all(getattr(one, field) == value for field, value in wanted)


def of_none(field: str, values: Iterable[str]) -> Holds:
    """Whether a phone has none of these values in this field."""
    others = set(values)
    return lambda one: getattr(one, field) not in others


def both(first: Holds, second: Holds) -> Holds:
    return lambda one: first(one) and second(one)


def told(summary: FleetSummary) -> Iterator[tuple[int, Holds]]:
    """Every number of the report, and of which phones it is."""
    assert summary.phones is not None
    yield summary.phones, has()
    listed = [("cause", summary.causes.groups), ("step", summary.steps.steps)]
    for field, groups in listed:
        yield from ((one.phones, has((field, one.id))) for one in groups)
    for field, by in zip(("ios", "model"), summary.by, strict=True):
        named = [kind.value for kind in by.kinds if kind.value is not None]
        for kind in by.kinds:
            mine = of_none(field, named) if kind.value is None else has((field, kind.value))
            yield kind.phones, mine
            for what, cells in (("cause", kind.causes), ("step", kind.steps)):
                for one in cells.groups:
                    yield one.phones, both(mine, has((what, one.id)))


def secret(summary: FleetSummary) -> Iterator[Holds]:
    """Groups that are not to be told where they are small: of one cause, step or kind; of a kind
    and a cause or step; and of all causes, or steps, that are known and not told by name."""
    kinds = {(field, one): has((field, one)) for field in ("ios", "model") for one in FIELDS[field]}
    listed = [("cause", summary.causes.groups), ("step", summary.steps.steps)]
    for what, groups in listed:
        known = of_none(what, NOT_KNOWN)
        rest = of_none(what, [*NOT_KNOWN, *(one.id for one in groups)])
        mine = [has((what, one)) for one in (*FIELDS[what], NOT_KNOWN_YET)] + [known, rest]
        yield from mine
        yield from (both(kind, one) for kind in kinds.values() for one in mine)
    yield from kinds.values()
    for field, by in zip(("ios", "model"), summary.by, strict=True):
        for kind in by.kinds:
            for what, cells in (("cause", kind.causes), ("step", kind.steps)):
                rest = of_none(what, [*NOT_KNOWN, *(one.id for one in cells.groups)])
                if kind.value is not None:
                    yield both(has((field, kind.value)), rest)


class Sums:
    """What follows from sums over kinds of phones by adding, subtracting and multiplying."""

    def __init__(self) -> None:
        self._rows: dict[int, list[int]] = {}

    def left(self, holds: Holds) -> list[int]:
        """What does not follow of a sum; all 0 where the whole does."""
        row = [int(holds(one)) for one in KINDS]
        for place, known in self._rows.items():
            if factor := row[place]:
                row = [(a - factor * b) % PRIME for a, b in zip(row, known, strict=True)]
        return row

    def add(self, holds: Holds) -> None:
        row = self.left(holds)
        place = next((place for place, number in enumerate(row) if number), None)
        if place is not None:
            inverse = pow(row[place], -1, PRIME)
            self._rows[place] = [number * inverse % PRIME for number in row]


def attacked(phones: list[Phone], folder: Path) -> list[int]:
    """The sizes of small groups that follow from the report."""
    sums, summary = Sums(), summary_of(phones, folder)
    if summary.phones is None:
        return []
    for number, holds in told(summary):
        assert number == sum(map(holds, phones))
        sums.add(holds)
    small = [holds for holds in secret(summary) if 0 < sum(map(holds, phones)) < LEAST]
    return [sum(map(holds, phones)) for holds in small if not any(sums.left(holds))]


FLEETS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([1, 2, 3, 5, 8, 13])),
    min_size=3,
    max_size=14,
)


@given(FLEETS)
@settings(max_examples=25)
def test_no_small_group_follows_from_the_numbers_of_a_report(
    tmp_path_factory: pytest.TempPathFactory, fleet: list[tuple[Phone, int]]
) -> None:
    phones = [one for one, number in fleet for _ in range(number)]
    assert attacked(phones, tmp_path_factory.getbasetemp()) == []


def test_two_lists_with_a_number_in_common_are_not_subtracted(tmp_path: Path) -> None:
    a, b = (Phone("26.0", "iPhone 12", cause, "x") for cause in "ab")
    guessed = Phone("26.0", "iPhone 12", *NOT_KNOWN)
    assert attacked([a] * 100 + [b] * 2 + [guessed] * 7, tmp_path) == []


@pytest.mark.parametrize("number", [4, 5, 9])
def test_a_fleet_of_which_nothing_is_known_yet_is_told_by_kind(number: int, tmp_path: Path) -> None:
    phones = [Phone("26.0", "iPhone 12", *NOT_KNOWN)] * number
    phones += [Phone("26.1", "iPhone 12", *NOT_KNOWN)] * 5
    summary = summary_of(phones, tmp_path)
    told = [(kind.value, kind.phones, kind.causes.others) for kind in summary.by[0].kinds]
    assert told == ([(None, 9, 0)] if number == 4 else [("26.0", number, 0), ("26.1", 5, 0)])
    assert attacked(phones, tmp_path) == []
