"""How the cost of one inference grows with the pack: the built-in pack several times over, side by
side, with facts and causes of its own in each copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests import packs
from tests.benchmarks import peers
from tests.benchmarks.export_rules import Rules, export, renamed_fact, several
from tests.benchmarks.peers import Case

COPIES = (1, 3, 10, 30)
CASES = 24
ROUNDS = 5
ONE, ALL = "facts of one copy", "facts of all copies"


@dataclass(frozen=True)
class Point:
    """Microseconds per case of each engine, for a size of the pack and a kind of case."""

    copies: int
    rules: int
    touched: str
    microseconds: Mapping[str, float]


def grow(pack: packs.Pack, sheets: list[Mapping[str, Any]]) -> list[Point]:
    """The median inference of the program, of CLIPS and of the bare loop at each size."""
    found = []
    for copies in COPIES:
        data = several(pack.data, copies)
        rules = export(data)
        grown = packs.linked(data)
        contenders = [peers.ours(grown.knowledge, rules)]
        for make in (peers.clips, peers.loop):
            try:
                contenders.append(make(rules))
            except ImportError:
                continue
        for touched in (ONE, ALL):
            random = Random(peers.SEED)
            cases = [
                _case(grown, sheet, _numbers(random, copies, touched), rules)
                for sheet in sheets[:CASES]
            ]
            for peer in contenders:
                if wrong := peers.check(peer, cases[:3]):
                    raise AssertionError(f"{peer.name} is wrong in {wrong} cases of {copies}x")
            peers.measure(contenders, cases, ROUNDS)
            medians = {peer.name: peer.median for peer in contenders}
            found.append(Point(copies, len(rules.conditions), touched, medians))
    return found


def _numbers(random: Random, copies: int, touched: str) -> list[int]:
    return [random.randrange(copies)] if touched == ONE else list(range(copies))


def _case(pack: packs.Pack, sheet: Mapping[str, Any], numbers: list[int], rules: Rules) -> Case:
    grown: dict[str, dict[str, Any]] = {}
    for number in numbers:
        for area, answers in sheet.items():
            for name, answer in (answers or {}).items():
                new_area, _, new_name = renamed_fact(f"{area}.{name}", number).partition(".")
                grown.setdefault(new_area, {})[new_name] = answer
    return peers.case(pack, grown, rules)


def table(points: list[Point]) -> list[list[str]]:
    """A row for each size and kind of case; in brackets the multiple of the single pack's time."""
    names = list(points[0].microseconds)
    rows = [["pack", "rules", "a case has", *names]]
    base = {
        (point.touched, name): point.microseconds[name] for point in points[:2] for name in names
    }
    for point in sorted(points, key=lambda point: (point.touched != ONE, point.copies)):
        cells = [
            f"{point.microseconds[name]:,.0f} µs "
            f"({point.microseconds[name] / base[point.touched, name]:.1f}x)"
            for name in names
        ]
        rows.append([f"{point.copies}x", f"{point.rules:,}", point.touched, *cells])
    return rows
