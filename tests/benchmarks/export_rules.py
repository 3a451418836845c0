"""The conditions of a pack in a neutral form, from its plain data: what every export starts from.

Nothing here is shared with the program. Versions, which no peer knows, become whole numbers that
compare alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Data = Mapping[str, Any]
Plain = str | int | float

SIGNS = {"below": "<", "at_most": "<=", "at_least": ">=", "above": ">"}


@dataclass(frozen=True, slots=True)
class Is:
    """The fact has one of these values."""

    fact: str
    values: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The fact compares in this way with a constant."""

    fact: str
    sign: str
    constant: int | float


@dataclass(frozen=True, slots=True)
class Related:
    """The fact compares in this way with another fact."""

    fact: str
    sign: str
    other: str


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Condition, ...]


Test = Is | Compared | Related
Condition = Test | Every | Some


@dataclass(frozen=True, slots=True)
class Rules:
    """The distinct conditions of a pack, each by the name of the first rule, bar of a remedy or
    contradiction that has it; and the type of every fact: `text` or `number`."""

    conditions: Mapping[str, Condition]
    types: Mapping[str, str]


def export(data: Data) -> Rules:
    """The rules of a pack's plain data."""
    written = _types(data)
    named: dict[Condition, str] = {}
    for name, when in _named(data):
        named.setdefault(_condition(when, written), name)
    return Rules(
        {name: condition for condition, name in named.items()},
        {fact: "text" if type == "text" else "number" for fact, type in written.items()},
    )


def rule_name(id: str) -> str:
    return f"rule/{id}"


def bar_name(remedy: str, number: int) -> str:
    return f"bar/{remedy}/{number}"


def contradiction_name(id: str) -> str:
    return f"contradiction/{id}"


def plain(value: Any) -> Plain:
    """What is known of a fact, as a peer gets it: text or a number; a version is four parts of up
    to four digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        total = 0
        for part in (*value, 0, 0, 0)[:4]:
            total = total * 10_000 + part
        return total
    return int(value) if float(value).is_integer() else float(value)


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every test of a condition, in its order."""
    if isinstance(condition, (Every, Some)):
        for part in condition.parts:
            yield from tests_in(part)
    else:
        yield condition


def facts_of(test: Test) -> tuple[str, ...]:
    """The facts that a test reads."""
    return (test.fact, test.other) if isinstance(test, Related) else (test.fact,)


def conjunctions(condition: Condition) -> list[tuple[Test, ...]]:
    """The condition as alternatives, each of them tests that must all hold."""
    if isinstance(condition, Some):
        return [one for part in condition.parts for one in conjunctions(part)]
    if isinstance(condition, Every):
        found: list[tuple[Test, ...]] = [()]
        for part in condition.parts:
            found = [(*left, *right) for left in found for right in conjunctions(part)]
        return found
    return [(condition,)]


def _named(data: Data) -> Iterator[tuple[str, Data]]:
    for id, cause in data["causes"].items():
        for name, rule in cause["rules"].items():
            yield rule_name(f"{id}/{name}"), rule["when"]
    for id, remedy in data["remedies"].items():
        for number, bar in enumerate(remedy["not_if"]):
            yield bar_name(id, number), bar["when"]
    for id, contradiction in data["contradictions"].items():
        yield contradiction_name(id), contradiction["when"]


def _types(data: Data) -> dict[str, str]:
    """`text`, `number` or `version` for each fact."""
    found = {f"tried.{remedy}": "text" for remedy in data["remedies"]}
    for area, content in data["areas"].items():
        for name, fact in content["facts"].items():
            kinds = [kind for kind in ("number", "version") if fact[kind]]
            found[f"{area}.{name}"] = kinds[0] if kinds else "text"
            for column, type in fact["lookup"]["derives"].items() if fact["lookup"] else ():
                found[f"{area}.{column}"] = type if type in ("number", "version") else "text"
    return found


def _condition(when: Data, types: Mapping[str, str]) -> Condition:
    parts: list[Condition] = []
    for fact, test in when.items():
        if fact == "any":
            parts.append(Some(tuple(_condition(part, types) for part in test)))
        elif isinstance(test, dict) and "only" in test:  # of one answer the same as the list
            parts.append(_condition({fact: test["only"]}, types))
        elif isinstance(test, dict):
            for word, against in test.items():
                if against in types:
                    parts.append(Related(fact, SIGNS[word], against))
                else:
                    constant = _constant(types[fact], against)
                    assert not isinstance(constant, str)
                    parts.append(Compared(fact, SIGNS[word], constant))
        else:
            words = test if isinstance(test, list) else [test]
            parts.append(Is(fact, tuple(_constant(types[fact], word) for word in words)))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _constant(type: str, text: str) -> Plain:
    if type == "text":
        return text
    return plain(tuple(map(int, text.split("."))) if type == "version" else float(text))


def several(data: Data, copies: int) -> dict[str, Any]:
    """The pack as many times over, side by side: facts, causes, remedies and contradictions of each
    copy have names of their own."""
    if copies == 1:
        return dict(data)
    grown = dict(data) | {"areas": {}, "causes": {}, "remedies": {}, "contradictions": {}}
    for number in range(copies):
        for kind in ("areas", "causes", "remedies", "contradictions"):
            for id, content in data[kind].items():
                grown[kind][renamed(id, number)] = _renamed(content, data, number)
    for place, area in enumerate(grown["areas"].values()):
        area["order"] = place
    # One remedy can be the safe copy, so here none is.
    harmless = {
        word: nuisance | {"irreplaceable": False}
        for word, nuisance in data["pack"]["nuisances"].items()
    }
    grown["pack"] = data["pack"] | {"safe_copy": None, "nuisances": harmless}
    return grown


def renamed(id: str, number: int) -> str:
    """What an area, a cause, a remedy or a contradiction is called in one of the copies."""
    return f"{id}-{number}" if number else id


def renamed_fact(fact: str, number: int) -> str:
    area, _, name = fact.partition(".")
    return (
        f"tried.{renamed(name, number)}" if area == "tried" else f"{renamed(area, number)}.{name}"
    )


def _renamed(content: Any, data: Data, number: int) -> Any:
    """The content of a pack with the names of one copy: keys and texts that are names of facts,
    causes or remedies."""
    if isinstance(content, dict):
        return {
            _new(key, data, number): _renamed(value, data, number) for key, value in content.items()
        }
    if isinstance(content, list):
        return [_renamed(one, data, number) for one in content]
    return _new(content, data, number) if isinstance(content, str) else content


def _new(text: str, data: Data, number: int) -> str:
    area, _, name = text.partition(".")
    if (area == "tried" and name in data["remedies"]) or (
        name and area in data["areas"] and _has(data["areas"][area], name)
    ):
        return renamed_fact(text, number)
    return renamed(text, number) if text in data["causes"] or text in data["remedies"] else text


def _has(area: Data, name: str) -> bool:
    return name in area["facts"] or any(
        name in fact["lookup"]["derives"] for fact in area["facts"].values() if fact["lookup"]
    )
