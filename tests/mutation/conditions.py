"""The mutants of a condition: each differs from it by one small mistake that an author may make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from diagnoser.knowledge.conditions import All, AnyOf, Compare, Condition, OneOf
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Value

BOUNDARY = {"below": "at_most", "at_most": "below", "at_least": "above", "above": "at_least"}
TURNED = {"below": "at_least", "at_least": "below", "above": "at_most", "at_most": "above"}
NEVER = OneOf("", ())
"""What holds for no case."""


class Altered(NamedTuple):
    """A condition with one mistake in it, and what was done to it, as a fragment of a sentence."""

    what: str
    condition: Condition


def altered(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[Altered]:
    """Each answer that a test lists taken away, the commonest other one added, each comparison
    turned round or moved over its boundary, each constant moved by one step up and down, each part
    of `all` or `any` dropped."""
    if isinstance(condition, (All, AnyOf)):
        yield from _of_parts(condition, facts)
    elif isinstance(condition, OneOf):
        yield from _of_answers(condition, facts[condition.fact])
    else:
        yield from _of_comparison(condition)


def _of_parts(condition: All | AnyOf, facts: Mapping[str, Fact]) -> Iterator[Altered]:
    parts = condition.parts
    for place, part in enumerate(parts):
        rest = parts[:place] + parts[place + 1 :]
        left = rest[0] if len(rest) == 1 else condition._replace(parts=rest)
        yield Altered(f"without {shown(part)}", left)
        for one in altered(part, facts):
            with_it = (*parts[:place], one.condition, *parts[place + 1 :])
            yield Altered(one.what, condition._replace(parts=with_it))


def _of_answers(test: OneOf, fact: Fact) -> Iterator[Altered]:
    for value in test.values if len(test.values) > 1 else ():
        rest = tuple(one for one in test.values if one != value)
        yield Altered(f"{test.fact}: {value} taken away", test._replace(values=rest))
    others = {value: share for value, share in fact.typical if value not in test.values}
    for value in sorted(others, key=others.__getitem__, reverse=True)[:1]:
        more = test._replace(values=(*test.values, value))
        yield Altered(f"{test.fact}: {value} added", more)


def _of_comparison(test: Compare) -> Iterator[Altered]:
    for turned in (BOUNDARY, TURNED):
        other = test._replace(comparison=turned[test.comparison])
        yield Altered(f"{shown(test)} made {shown(other)}", other)
    if test.constant is not None:
        for constant in _beside(test.constant):
            other = test._replace(constant=constant)
            yield Altered(f"{shown(test)} made {shown(other)}", other)


def _beside(constant: Value) -> Iterator[Value]:
    """The constant one step lower and higher, a step being one of the last place that it is written
    with: 0.1 for 0.3, 1 for 25, and a last part of 1 for a version. There is none below 0."""
    if isinstance(constant, tuple):
        for step in (-1, 1):
            if constant[-1] + step >= 0:
                yield (*constant[:-1], constant[-1] + step)
        return
    written = Decimal(str(constant))
    step = Decimal(1).scaleb(min(int(written.as_tuple().exponent), 0))
    for beside in (written - step, written + step):
        if beside >= 0:
            yield float(beside)


def shown(condition: Condition) -> str:
    """A condition in a few words, as its file has it."""
    if isinstance(condition, AnyOf):
        return f"any of {len(condition.parts)}"
    if isinstance(condition, All):
        return f"all of {len(condition.parts)}"
    if isinstance(condition, OneOf):
        return f"{condition.fact}: {', '.join(map(str, condition.values))}"
    against = condition.other if condition.other is not None else condition.constant
    if isinstance(against, tuple):
        against = ".".join(map(str, against))
    elif isinstance(against, float):
        against = f"{against:g}"
    return f"{condition.fact} {condition.comparison} {against}"
