"""The knowledge of a pack as the flat list that its files stand for: each cause with all its rules,
each with its condition and reason, each remedy with all its bars, and each fact with its whole
effort.

Works on plain data and shares nothing with the program, so that what is judged by the result is
judged independently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Data = dict[str, Any]


def expand(data: Mapping[str, Any]) -> Data:
    """The data without signs: each is written out as a rule of every cause that has it.

    The flat form is the plain data of a pack too, in which every rule belongs to one cause alone.
    """
    return dict(data) | {
        "signs": {},
        "pack": data["pack"] | {"not_if": []},
        "remedies": {
            id: remedy | {"not_if": [*remedy["not_if"], *_common_bars(id, data)]}
            for id, remedy in data["remedies"].items()
        },
        "causes": {
            id: cause | {"signs": {}, "rules": dict(sorted(_rules(id, cause, data)))}
            for id, cause in data["causes"].items()
        },
        "areas": {
            id: area | {"facts": {name: _fact(fact, data) for name, fact in area["facts"].items()}}
            for id, area in data["areas"].items()
        },
    }


def _common_bars(remedy: str, data: Mapping[str, Any]) -> Iterator[Data]:
    """What the pack says of every remedy but some."""
    for bar in data["pack"]["not_if"]:
        if remedy not in bar["but"]:
            yield {"when": bar["when"], "because": bar["because"]}


def _rules(id: str, cause: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from cause["rules"].items()
    strengths = data["pack"]["strengths"]
    for says, mentions in cause["signs"].items():
        side = "for" if strengths[says] > 0 else "against"
        for mention in mentions:
            [(name, because)] = mention.items() if isinstance(mention, dict) else [(mention, None)]
            sign, when = _found(name, id, cause["area"], data)
            yield (
                name,
                {
                    "when": when,
                    "says": says,
                    "because": because or sign[side],
                    "source": sign["source"],
                    "reviewed": sign["reviewed"],
                },
            )


def _found(name: str, cause: str, area: str, data: Mapping[str, Any]) -> tuple[Any, Data]:
    """The sign of this name, and its condition for this cause."""
    for file in data["signs"].values():
        if name in file["signs"]:
            return file["signs"][name], file["signs"][name]["when"]
        if name in file["explains"]:
            table = file["explains"][name]
            others = [
                answer
                for answer, goes_with in table["answers"].items()
                if cause not in goes_with and area not in goes_with
            ]
            of, _, fact = table["fact"].partition(".")
            several = of in data["areas"] and data["areas"][of]["facts"][fact]["several"]
            return table, {table["fact"]: {"only": others} if several else others}
    raise AssertionError(f"{name} is no sign")


def _fact(fact: Data, data: Mapping[str, Any]) -> Data:
    if fact["place"] is None:
        return fact
    return fact | {"effort": fact["effort"] + data["places"][fact["place"]]["effort"]}
