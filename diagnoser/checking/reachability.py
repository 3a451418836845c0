"""What can come about: whether a condition can hold and can fail, and which questions can be
asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise

from diagnoser.knowledge.conditions import Condition, OneOf, alternatives, facts_of, tests
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Choice, Lookup, Number, Value, Version

MOST = 20_000
"""Cases that are tried out at most."""

Options = list[dict[str, Value]]


def never_asked(knowledge: Knowledge) -> list[Fact]:
    """The questions that wait, in circles, for answers to each other."""
    facts = knowledge.facts
    waiting = {id: fact for id, fact in facts.items() if fact.only_if is not None}
    progress = True
    while progress:
        asked = [id for id, fact in waiting.items() if _comes(fact, waiting, facts)]
        for id in asked:
            del waiting[id]
        progress = bool(asked)
    return list(waiting.values())


def told_before(fact: Fact, facts: Mapping[str, Fact]) -> bool:
    """Whether a question is never asked because whatever it waits for says the same."""
    return fact.only_if is not None and all(
        any((facts[id].derived_from or id) in fact.unless_answered for id in _facts(one))
        for one in alternatives(fact.only_if)
    )


def _comes(fact: Fact, waiting: Mapping[str, Fact], facts: Mapping[str, Fact]) -> bool:
    """Whether its condition may be decided by facts that are not waiting."""
    return fact.only_if is None or any(
        not any((facts[id].derived_from or id) in waiting for id in _facts(one))
        for one in alternatives(fact.only_if)
    )


def _facts(parts: Iterable[Condition]) -> set[str]:
    return {fact for part in parts for fact in facts_of(part)}


def options(fact: Fact, condition: Condition, facts: Mapping[str, Fact]) -> Options:
    """The values of a fact that make a difference to the condition, with what follows from them."""
    kind = fact.kind
    if isinstance(kind, Choice):
        return [{fact.id: value} for value in (*kind.labels, *_together(fact.id, kind, condition))]
    if isinstance(kind, Lookup):
        rows = [
            {fact.id: name}
            | {id: cells[name] for id, cells in (fact.derives or {}).items() if name in cells}
            for name in kind.names
        ]
        read = sorted(facts_of(condition))
        return list({tuple(row.get(id) for id in read): row for row in rows}.values())
    lines = _lines(condition, facts)
    if isinstance(kind, Version):
        return [{fact.id: version} for version in _versions(kind, lines)]
    return [{fact.id: number} for number in _numbers(kind, lines)]


def _together(fact: str, kind: Choice, condition: Condition) -> list[Value]:
    """The sets of answers that make a difference: of those that every test treats alike, one stands
    for all."""
    if not kind.several:
        return []
    mine = [one.values for one in tests(condition) if isinstance(one, OneOf) and one.fact == fact]
    words = [word for word in kind.labels if word not in kind.alone]
    apart = {tuple(word in values for values in mine): word for word in words}.values()
    sizes = range(2, len(apart) + 1)
    return [kind.together(some) for size in sizes for some in combinations(apart, size)]


def _lines(condition: Condition, facts: Mapping[str, Fact]) -> set[Value]:
    """The values at which the tests of a condition change, whatever fact they are of."""
    found: set[Value] = set()
    for test in tests(condition):
        if isinstance(test, OneOf):
            found.update(test.values)
        elif test.constant is not None:
            found.add(test.constant)
        else:
            found.update(*(_reached(facts[id], facts) for id in facts_of(test)))
    return found


def _reached(fact: Fact, facts: Mapping[str, Fact]) -> list[Value]:
    """The values of a fact that another one can be held against: its bounds, or all it can have."""
    if fact.derived_from:
        return list((facts[fact.derived_from].derives or {})[fact.id].values())
    if isinstance(fact.kind, Number):
        return [fact.kind.low, fact.kind.high]
    return [(fact.kind.low,), (fact.kind.high,)] if isinstance(fact.kind, Version) else []


def _numbers(kind: Number, lines: set[Value]) -> list[float]:
    """The lines and bounds, and two numbers between each pair of them, so that two facts can be
    compared there."""
    inside = {
        line for line in lines if isinstance(line, (int, float)) and kind.low < line < kind.high
    }
    points = sorted({kind.low, kind.high, *inside})
    between = [low + (high - low) * part / 3 for low, high in pairwise(points) for part in (1, 2)]
    return [*points, *between]


def _versions(kind: Version, lines: set[Value]) -> list[tuple[int, ...]]:
    """The lines and bounds, and two versions right after and one right before each of them."""
    inside = {
        line for line in lines if isinstance(line, tuple) and kind.low <= line[0] <= kind.high
    }
    found: set[tuple[int, ...]] = set()
    for line in {(kind.low,), (kind.high,), *inside}:
        found |= {line, (*line, 0, 0, 0, 1), (*line, 0, 0, 0, 2)}
        if line[-1]:
            found.add((*line[:-1], line[-1] - 1, 9999))
    return sorted(one for one in found if kind.low <= one[0] <= kind.high)
