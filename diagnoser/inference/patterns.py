"""Conditions as patterns of experta, for a matcher that reads patterns.

Nothing here evaluates a condition with the program's own code, so that what experta's Rete matcher
finds is a second opinion.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from diagnoser.inference._experta import TEST, L, P, W
from diagnoser.inference.facts import Area, Known, Tried
from diagnoser.knowledge.conditions import COMPARISONS, Compare, OneOf, Test
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import Value


def patterns(
    tests: Iterable[Test], areas: Mapping[str, type[Area]], several: Collection[str]
) -> list[Any]:
    """The left-hand side for tests that must all hold: a pattern for each area and each remedy that
    was tried, and after them a TEST for each two facts that are compared. Of the facts in `several`
    more than one answer may hold."""
    fields: dict[str, Any] = {}
    joins: list[tuple[str, str, str]] = []

    def require(fact: str, constraint: Any) -> None:
        fields[fact] = fields[fact] & constraint if fact in fields else constraint

    for test in dict.fromkeys(tests):
        if isinstance(test, Compare) and test.other is not None:
            joins.append((test.fact, test.comparison, test.other))
        else:
            require(test.fact, _constraint(test, test.fact in several))
    names: dict[str, str] = {}
    """What a fact is bound to that is compared with another."""
    for fact, _, other in joins:
        for id in (fact, other):
            if id not in names:
                names[id] = f"value{len(names)}"
                require(id, names[id] << W())
    found = _by_fact(fields, areas)
    return found + [TEST(_joined(word, names[one], names[other])) for one, word, other in joins]


def _by_fact(fields: Mapping[str, Any], areas: Mapping[str, type[Area]]) -> list[Known]:
    """The constraints on facts of the pack, as patterns on facts of working memory."""
    by_area: dict[str, dict[str, Any]] = {}
    found: list[Known] = []
    for id, constraint in fields.items():
        if id.startswith(TRIED):
            found.append(Tried(remedy=L(id.removeprefix(TRIED)), outcome=constraint))
        else:
            area, _, name = id.partition(".")
            by_area.setdefault(area, {})[name] = constraint
    return found + [areas[area](**inner) for area, inner in by_area.items()]


def _constraint(test: Test, several: bool) -> Any:
    """The constraint on the field of one fact."""
    if isinstance(test, OneOf):
        if test.only:
            return P(only(test.values))
        if len(test.values) == 1 and not several:
            return L(test.values[0])
        return P(one_of(test.values))
    assert test.constant is not None
    return P(compares(test.comparison, test.constant))


@cache
def one_of(values: tuple[Value, ...]) -> Callable[[Value], bool]:
    """Whether a value, or any one of several, is one of these."""

    return _named(lambda value: any(one in values for one in _held(value)), f"one of {values}")


@cache
def only(values: tuple[Value, ...]) -> Callable[[Value], bool]:
    """Whether a value, or each one of several, is one of these."""
    return _named(lambda value: all(one in values for one in _held(value)), f"only {values}")


def _held(value: Value) -> Iterable[Value]:
    """The answers that hold at once."""
    return value if isinstance(value, frozenset) else (value,)


@cache
def compares(comparison: str, constant: Value) -> Callable[[Value], bool]:
    """Whether a value compares in this way with the constant."""
    compare = COMPARISONS[comparison]
    return _named(lambda value: compare(value, constant), f"{comparison} {constant}")


def _joined(comparison: str, one: str, other: str) -> Callable[..., bool]:
    """Whether two bound values compare in this way."""
    compare = COMPARISONS[comparison]

    def joined(**bound: Any) -> bool:
        return compare(bound[one], bound[other])

    # experta reads from the signature which values to pass.
    names = dict.fromkeys((one, other))
    joined.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names]
    )
    return _named(joined, f"{one} {comparison} {other}")


def _named(function: Callable[..., bool], name: str) -> Callable[..., bool]:
    """The function under a name that tells what it tests."""
    function.__name__ = function.__qualname__ = name
    return function
