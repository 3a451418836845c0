"""The small language of conditions, and its direct evaluation with three outcomes.

A condition is a mapping of facts to tests, all of which must hold; `any` is a list of such
mappings. Of a fact with several answers `fact: a` holds if one of them is a, and `fact: {only: a}`
if none of them is another. An outcome is True (holds), False (fails) or None (unknown): `All` fails
as soon as one part fails, `Any` holds as soon as one holds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from diagnoser.errors import nearest
from diagnoser.knowledge.values import Choice, Kind, Lookup, Unfit, Value, constant, same_kind

KnownFacts = Mapping[str, Value]
Outcome = bool | None
Complain = Callable[[tuple[str | int, ...], str, str, str], None]
"""Takes the path inside the condition, what is wrong, what is allowed, and the near miss."""

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "below": operator.lt,
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
}
ONLY = "only"
"""Stands before the values of a fact with several answers that may have no value besides."""
IN_WORDS = {"below": "below", "at_least": "at least", "above": "above", "at_most": "at most"}


class OneOf(NamedTuple):
    """The fact has one of these values. Where it has several answers at once, one of them must be
    among these values, or with `only` all of them."""

    fact: str
    values: tuple[Value, ...]
    only: bool = False

    def outcome(self, case: KnownFacts) -> Outcome:
        value = case.get(self.fact)
        if value is None:
            return None
        if isinstance(value, frozenset):
            return value.issubset(self.values) if self.only else not value.isdisjoint(self.values)
        return value in self.values


class Compare(NamedTuple):
    """The fact compares in this way with a constant, or with another fact."""

    fact: str
    comparison: str
    constant: Value | None
    other: str | None

    def outcome(self, case: KnownFacts) -> Outcome:
        value = case.get(self.fact)
        against = self.constant if self.other is None else case.get(self.other)
        if value is None or against is None:
            return None
        return COMPARISONS[self.comparison](value, against)


class All(NamedTuple):
    """Every part holds; `word` tells it from an `AnyOf` of the same parts."""

    parts: tuple[Condition, ...]
    word: Literal["all"] = "all"

    def outcome(self, case: KnownFacts) -> Outcome:
        unknown = False
        for part in self.parts:
            outcome = part.outcome(case)
            if outcome is False:
                return False
            unknown = unknown or outcome is None
        return None if unknown else True


class AnyOf(NamedTuple):
    """At least one part holds."""

    parts: tuple[Condition, ...]
    word: Literal["any"] = "any"

    def outcome(self, case: KnownFacts) -> Outcome:
        unknown = False
        for part in self.parts:
            outcome = part.outcome(case)
            if outcome is True:
                return True
            unknown = unknown or outcome is None
        return None if unknown else False


Test = OneOf | Compare
Condition = Test | All | AnyOf


def tests(condition: Condition) -> Iterator[Test]:
    """Every test in the condition, in its order."""
    if isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from tests(part)
    else:
        yield condition


def facts_of(condition: Condition) -> frozenset[str]:
    """The facts that the condition reads."""
    return frozenset(
        fact
        for test in tests(condition)
        for fact in (test.fact, test.other if isinstance(test, Compare) else None)
        if fact is not None
    )


def alternatives(condition: Condition) -> list[tuple[Test, ...]]:
    """The condition as a list of conjunctions of tests, one of which must hold (disjunctive normal
    form)."""
    if isinstance(condition, AnyOf):
        return [one for part in condition.parts for one in alternatives(part)]
    if isinstance(condition, All):
        found: list[tuple[Test, ...]] = [()]
        for part in condition.parts:
            found = [left + right for left in found for right in alternatives(part)]
        return found
    return [(condition,)]


def parse(raw: Mapping[str, Any], kinds: Mapping[str, Kind], complain: Complain) -> Condition:
    """The condition that a mapping of facts to tests stands for; every mistake goes to
    `complain`."""
    parts: list[Condition] = []
    for key, test in raw.items():
        inner = _within(complain, key)
        if key == "any":
            parts.append(_parse_any(test, kinds, inner))
        elif key not in kinds:
            inner((), "is not a fact", "", nearest(key, kinds))
        else:
            parts += _parse_test(key, test, kinds, inner)
    if not raw:
        complain((), "is empty", "a mapping of facts to tests", "")
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _parse_any(raw: object, kinds: Mapping[str, Kind], complain: Complain) -> Condition:
    if not isinstance(raw, list) or len(raw) < 2 or not all(isinstance(part, dict) for part in raw):
        complain((), "must be a list of two or more mappings of facts to tests", "", "")
        return AnyOf(())
    return AnyOf(
        tuple(parse(part, kinds, _within(complain, place)) for place, part in enumerate(raw))
    )


def _within(complain: Complain, *outer: str | int) -> Complain:
    """Complains of a place inside another one."""
    return lambda path, *rest: complain((*outer, *path), *rest)


def _parse_test(
    fact: str, raw: object, kinds: Mapping[str, Kind], complain: Complain
) -> list[Condition]:
    """What is tested of one fact: nothing if it is mistaken, and all of it if it is a list."""
    kind = kinds[fact]
    found: list[Condition] = []
    if isinstance(raw, (str, list)):
        return _parse_values(fact, raw, kind, complain)
    if isinstance(raw, dict) and [*raw] == [ONLY] and isinstance(kind, Choice) and kind.several:
        return _parse_values(fact, raw[ONLY], kind, _within(complain, ONLY), only=True)
    if not isinstance(raw, dict) or not raw:
        allowed = f"a value, a list of values, or {', '.join(COMPARISONS)}"
        complain((), "has no test", allowed, "")
    elif isinstance(kind, Choice) and ONLY in raw:
        alone = f"`{ONLY}` stands alone, and only for a fact with `several: yes`"
        complain((ONLY,), alone, kind.takes, "")
    elif isinstance(kind, (Choice, Lookup)):
        complain((), "cannot be compared as larger or smaller", kind.takes, "")
    else:
        for word, against in raw.items():
            found += _parse_comparison(fact, word, against, kinds, _within(complain, word))
    return [All(tuple(found))] if len(found) > 1 else found


def _parse_values(
    fact: str, raw: object, kind: Kind, complain: Complain, only: bool = False
) -> list[Condition]:
    """The test for one value or a list of them."""
    values = [raw] if isinstance(raw, str) else raw
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        complain((), "has a list that is not a list of values", kind.takes, "")
        return []
    read = [_constant(kind, value, complain) for value in values]
    return [OneOf(fact, tuple(value for value in read if value is not None), only)]


def _parse_comparison(
    fact: str, word: str, against: object, kinds: Mapping[str, Kind], complain: Complain
) -> list[Condition]:
    kind = kinds[fact]
    if word not in COMPARISONS:
        complain((), "is not a test", ", ".join(COMPARISONS), nearest(word, COMPARISONS))
    elif not isinstance(against, str):
        complain((), "needs one value or one other fact", kind.takes, "")
    elif against[:1].isalpha():
        if against not in kinds:
            complain((against,), "is not a fact", "", nearest(against, kinds))
        elif not same_kind(kind, kinds[against]):
            complain((), f"cannot compare {fact} with {against}, which is of another kind", "", "")
        else:
            return [Compare(fact, word, None, against)]
    elif (value := _constant(kind, against, complain)) is not None:
        return [Compare(fact, word, value, None)]
    return []


def _constant(kind: Kind, text: str, complain: Complain) -> Value | None:
    try:
        return constant(kind, text)
    except Unfit as unfit:
        complain((), unfit.reason, unfit.allowed, unfit.near)
        return None
