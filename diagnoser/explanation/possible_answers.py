"""What might be answered: representative values of every fact, those together that no condition can
tell apart.

They are every answer of a choice, the typical values of the rest, and, of numbers and versions, the
values on and on either side of whatever they are compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from diagnoser.knowledge.conditions import Compare, Condition, KnownFacts, OneOf, Test
from diagnoser.knowledge.conditions import tests as tests_of
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Choice, Number, Value, Version

HALVING = 2
PARTS = 4
"""Parts of a version at most."""
PLACES = 12
"""Decimal places that numbers next to a line are rounded to."""


@dataclass(frozen=True, slots=True, eq=False)
class PossibleAnswer:
    """Values of one fact that all conditions treat alike, most typical first.

    `learnt` is what the first of them makes known, `share` how typical they are together, from 0
    to 1; `changes` tells that the fact has another answer now.
    """

    fact: str
    values: tuple[Value, ...]
    share: float
    learnt: Mapping[str, Value]
    changes: bool


def possible_answers(knowledge: Knowledge, known: KnownFacts) -> dict[str, list[PossibleAnswer]]:
    """For each fact that can be asked, the answers that some condition tells from the present one.

    In the order of the questionnaire; the values of an answer are interchangeable also where two
    facts are answered at once.
    """
    tests = _tests_by_fact(knowledge)
    facts = [fact for fact in knowledge.facts.values() if fact.askable]
    values = {fact.id: representative(fact, tests, known) for fact in facts}
    columns = {
        fact.id: {
            id: list({learnt[id]: None for learnt in _learnt(fact, values) if id in learnt})
            for id in (fact.id, *(fact.derives or {}))
        }
        for fact in facts
    }
    against = {id: found for one in columns.values() for id, found in one.items()}
    found = {}
    for fact in facts:
        mine = [test for id in columns[fact.id] for test in tests.get(id, ())]
        found[fact.id] = list(_classes(fact, values[fact.id], mine, known, against))
    return found


def _learnt(fact: Fact, values: Mapping[str, Sequence[Value]]) -> Iterator[dict[str, Value]]:
    return (fact.makes_known(value) for value in values[fact.id])


def _classes(
    fact: Fact,
    values: Sequence[Value],
    tests: Sequence[Test],
    known: KnownFacts,
    against: Mapping[str, Sequence[Value]],
) -> Iterator[PossibleAnswer]:
    typical = dict(fact.typical)
    classes: dict[tuple[object, ...], list[Value]] = {}
    for value in values:
        key = _outcomes(fact.makes_known(value), tests, known, against)
        classes.setdefault(key, []).append(value)
    present = known.get(fact.id)
    if present is not None:
        now = fact.makes_known(present)
        classes.pop(_outcomes(now, tests, known, against), None)
    for alike in classes.values():
        ordered = tuple(sorted(alike, key=lambda value: -typical.get(value, 0.0)))
        share = fsum(typical.get(value, 0.0) for value in alike)
        yield PossibleAnswer(
            fact.id, ordered, share, fact.makes_known(ordered[0]), changes=present is not None
        )


def _outcomes(
    learnt: Mapping[str, Value],
    tests: Sequence[Test],
    known: KnownFacts,
    against: Mapping[str, Sequence[Value]],
) -> tuple[object, ...]:
    """The outcome of every test, with whatever the fact is compared with."""
    found: list[object] = []
    for test in tests:
        if isinstance(test, OneOf) or test.other is None:
            found.append(test.outcome(learnt))
            continue
        others = [one for one in (test.fact, test.other) if one not in learnt]
        if not others:
            found.append(test.outcome(learnt))
        for other in others:
            if other in known:
                found.append(test.outcome({other: known[other], **learnt}))
            found += [test.outcome({other: one, **learnt}) for one in against.get(other, ())]
    return tuple(found)


def representative(
    fact: Fact, tests: Mapping[str, Sequence[Test]], known: KnownFacts
) -> list[Value]:
    """The values that stand for all answers to one question, in their order."""
    typical = [value for value, _ in fact.typical]
    if isinstance(fact.kind, Choice):
        return list(fact.kind.labels)
    if not isinstance(fact.kind, (Number, Version)):
        return typical
    lines: set[Value] = set()
    for test in tests.get(fact.id, ()):
        if isinstance(test, OneOf):
            lines.update(test.values)
        elif test.other is None:
            lines.update(() if test.constant is None else [test.constant])
        else:
            other = test.other if test.fact == fact.id else test.fact
            lines.update([known[other]] if other in known else ())
    if isinstance(fact.kind, Version):
        return _versions(typical, lines, fact.kind)
    return _numbers(typical, lines, fact.kind)


def _numbers(typical: Iterable[Value], lines: Iterable[Value], kind: Number) -> list[Value]:
    """Typical numbers, the lines, and a number close to each line on either side."""
    on = sorted({line for line in lines if isinstance(line, (int, float))})
    found = {value for value in typical if isinstance(value, (int, float))}.union(on)
    for place, line in enumerate(on):
        step = 10.0 ** -(_decimals(line) + 1)
        others = [*on[max(place - 1, 0) : place], *on[place + 1 : place + 2]]
        while any(step >= abs(other - line) for other in others):
            step /= HALVING
        found |= {round(line - step, PLACES), round(line + step, PLACES)}
    return [
        int(value) if float(value).is_integer() else value
        for value in sorted(found)
        if kind.low <= value <= kind.high
    ]


def _decimals(number: float) -> int:
    text = f"{number:.{PLACES - 1}f}".rstrip("0")
    return len(text.partition(".")[2])


def _versions(typical: Iterable[Value], lines: Iterable[Value], kind: Version) -> list[Value]:
    """Typical versions, the lines, the next older one and one a little newer than each line."""
    found = {value for value in typical if isinstance(value, tuple)}
    for line in lines:
        assert isinstance(line, tuple)
        newer = (*line, 1) if len(line) < PARTS else (*line[:-1], line[-1] + 1)
        found |= {line, newer, _without_zeros((*line[:-1], line[-1] - 1))}
    return [value for value in sorted(found) if kind.low <= value[0] <= kind.high]


def _without_zeros(version: tuple[int, ...]) -> tuple[int, ...]:
    while len(version) > 1 and not version[-1]:
        version = version[:-1]
    return version


def _tests_by_fact(knowledge: Knowledge) -> dict[str, list[Test]]:
    """Every different test that reads a fact, wherever it decides something."""
    found: dict[str, dict[Test, None]] = {}
    for condition in _conditions(knowledge):
        for test in tests_of(condition):
            for fact in (test.fact, test.other if isinstance(test, Compare) else None):
                if fact is not None:
                    found.setdefault(fact, {})[test] = None
    return {fact: list(tests) for fact, tests in found.items()}


def _conditions(knowledge: Knowledge) -> Iterator[Condition]:
    """Every condition that decides something in a case."""
    yield from (rule.when for rule in knowledge.rules.values())
    yield from (bar.when for remedy in knowledge.remedies.values() for bar in remedy.not_if)
    yield from (one.when for one in knowledge.contradictions.values())
    yield from (fact.only_if for fact in knowledge.facts.values() if fact.only_if is not None)
