"""Knowledge as plain data that JSON can hold, and back again with nothing left to check or look up.

Every record is an array of its fields. A condition stands there once, whatever reads it, and goes
by its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from diagnoser.knowledge.conditions import All, AnyOf, Compare, Condition, OneOf, facts_of
from diagnoser.knowledge.model import (
    Bar,
    Cause,
    Contradiction,
    Fact,
    Knowledge,
    Remedy,
    Rule,
    Variant,
)
from diagnoser.knowledge.values import Choice, Kind, Lookup, Number, Version

Data = dict[str, Any]
KINDS: dict[str, Callable[..., Kind]] = {
    "choice": Choice,
    "number": Number,
    "version": Version,
    "lookup": Lookup,
}


def freeze(knowledge: Knowledge) -> Data:
    """The knowledge as `thaw` reads it."""
    numbers: dict[Condition, int] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, Condition):
            return numbers.setdefault(value, len(numbers))
        if isinstance(value, frozenset):
            return None  # the facts of a condition, which stand beside that
        if isinstance(value, Kind):
            return [type(value).__name__.lower(), *map(plain, value)]
        if isinstance(value, (tuple, list)):
            return [plain(one) for one in value]
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        return value

    data = knowledge._asdict() | {
        kind: list(getattr(knowledge, kind).values())
        for kind in ("facts", "causes", "remedies", "contradictions")
    }
    del data["rules"]  # those of the causes
    frozen: Data = plain(data)
    return frozen | {"conditions": [(sorted(facts_of(one)), one) for one in numbers]}


def thaw(data: Data) -> Knowledge:
    """The knowledge that was frozen."""
    read = [frozenset(facts) for facts, _ in data["conditions"]]
    conditions = [_condition(raw) for _, raw in data["conditions"]]
    facts = {raw[0]: _fact(Fact(*raw), conditions) for raw in data["facts"]}
    causes = {raw[0]: _cause(raw, conditions, read) for raw in data["causes"]}
    remedies = {raw[0]: _remedy(Remedy(*raw), conditions, read) for raw in data["remedies"]}
    contradictions = {
        id: Contradiction(id, conditions[when], read[when], *rest)
        for id, when, _, *rest in data["contradictions"]
    }
    rest = {key: value for key, value in data.items() if key in Knowledge._fields}
    return Knowledge(
        **rest
        | {
            "facts": facts,
            "causes": causes,
            "rules": {rule.id: rule for cause in causes.values() for rule in cause.rules},
            "remedies": remedies,
            "contradictions": contradictions,
        }
    )


def _condition(raw: Any) -> Condition:
    first, second, *rest = raw
    if rest:
        constant, other = rest
        return Compare(first, second, _value(constant), other)
    if isinstance(first, str):
        return OneOf(first, tuple(map(_value, second)))
    return (All if second == "all" else AnyOf)(tuple(map(_condition, first)))


def _value(raw: Any) -> Any:
    """A version is a tuple."""
    return tuple(raw) if isinstance(raw, list) else raw


def _fact(raw: Any, conditions: Sequence[Condition]) -> Fact:
    kind, *fields = raw.kind
    fact: Fact = raw._replace(
        kind=KINDS[kind](*map(_value, fields)),
        look=_variants(raw.look, conditions),
        typical=tuple((_value(value), share) for value, share in raw.typical),
        only_if=None if raw.only_if is None else conditions[raw.only_if],
        derives=raw.derives
        and {
            id: {row: _value(cell) for row, cell in cells.items()}
            for id, cells in raw.derives.items()
        },
    )
    return fact


def _variants(raw: Iterable[Any], conditions: Sequence[Condition]) -> tuple[Variant, ...]:
    return tuple(
        Variant(None if number is None else conditions[number], tuple(do)) for number, do in raw
    )


def _cause(raw: Any, conditions: Sequence[Condition], read: Sequence[frozenset[str]]) -> Cause:
    *fields, rules = raw
    found = tuple(
        Rule._make((id, cause, conditions[when], read[when], *rest, tuple(place), conclusive))
        for id, cause, when, _, *rest, place, conclusive in rules
    )
    return Cause._make((*fields, found))


def _remedy(raw: Any, conditions: Sequence[Condition], read: Sequence[frozenset[str]]) -> Remedy:
    remedy: Remedy = raw._replace(
        loses=tuple(raw.loses),
        after=tuple(raw.after),
        not_if=tuple(
            Bar(conditions[when], read[when], because, file, tuple(path))
            for when, _, because, file, path in raw.not_if
        ),
        steps=_variants(raw.steps, conditions),
        sources=tuple(raw.sources),
    )
    return remedy
