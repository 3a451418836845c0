"""Which answers get another status: the exact way finds what going through all answers finds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import prod
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from diagnoser.comparison.answers import Answers
from diagnoser.comparison.model import StatusChanged
from diagnoser.comparison.statuses import evidence, statuses
from tests import oracles
from tests.comparison.changing import two_packs
from tests.packs import Data, Pack, constants_in, facts_in, randoms

MOST = 4000
"""Answer sheets that are gone through for a cause at most."""


def source(data: Data, fact: str) -> str:
    """The fact that is answered so that one is known: the row of a table for its columns."""
    area, _, name = fact.partition(".")
    asked = data["areas"].get(area, {"facts": {}})["facts"]
    if name in asked or area == "tried":
        return fact
    rows = (
        row for row, one in asked.items() if name in (one["lookup"] or {"derives": ()})["derives"]
    )
    return f"{area}.{next(rows)}"


def leaves(when: Data) -> Iterator[tuple[str, Any]]:
    """Every test of a condition with its fact."""
    for fact, test in when.items():
        if fact == "any":
            for part in test:
                yield from leaves(part)
        elif isinstance(test, dict) and "only" not in test:
            yield from ((fact, {word: against}) for word, against in test.items())
        else:
            yield fact, test


def settling(pack: Pack, cause: str) -> list[Data]:
    rules = pack.data["causes"][cause]["rules"].values()
    return [rule["when"] for rule in rules if rule["says"] in ("proves", "rules out")]


def gone_through(old: Pack, new: Pack, cause: str) -> dict[tuple[str, str], dict[str, int]] | None:
    """The classes of answers by what a cause was and is, naively, each with how many of its facts
    are known; None where they are too many."""
    whens = [*settling(old, cause), *settling(new, cause)]
    tests = [test for when in whens for test in leaves(when)]
    possible = oracles.possible(new.data, [text for when in whens for text in constants_in(when)])
    facts = sorted({source(new.data, fact) for when in whens for fact in facts_in(when)})
    options = [[{}, *(one for one in possible[fact] if fits(new, fact, one))] for fact in facts]
    if prod(map(len, options)) > MOST:
        return None
    found: dict[tuple[str, str], dict[str, int]] = {}
    for chosen in itertools.product(*options):
        known = {key: value for one in chosen for key, value in one.items()}
        seen = tuple(
            [
                oracles.outcome(new.data, {id: test}, one)
                for id, test in tests
                if source(new.data, id) == fact
            ]
            if one
            else None
            for fact, one in zip(facts, chosen, strict=True)
        )
        told = []
        for pack in (old, new):
            names = {
                id.partition("/")[2]
                for id in oracles.fired(pack.data, known)
                if id.partition("/")[0] == cause
            }
            told.append(oracles.verdict(pack.data, cause, names)[0])
        found.setdefault((told[0], told[1]), {})[repr(seen)] = sum(map(bool, chosen))
    return found


def held_against_each_other(old: Pack, new: Pack, cause: str) -> bool:
    """Whether two facts are compared with each other."""
    of = oracles.types(new.data)
    tests = [test for pack in (old, new) for when in settling(pack, cause) for test in leaves(when)]
    held = [test for _, test in tests if isinstance(test, dict) and "only" not in test]
    return any(against in of for test in held for against in test.values())


def fits(pack: Pack, fact: str, known: Any) -> bool:
    """Whether a fact can be so, within its bounds."""
    about = pack.knowledge.facts[fact]
    try:
        about.kind.parse(about.kind.show(known[fact]))
    except ValueError:
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(randoms())
def test_exactly_the_changed_classes_are_found(random: Random) -> None:
    old, new = two_packs(random)
    answers = Answers(old.knowledge, new.knowledge)
    found: dict[str, dict[tuple[str, str], StatusChanged]] = {}
    for one in statuses(answers, {}):
        found.setdefault(one.cause, {})[one.was, one.now] = one
    for cause in old.data["causes"]:
        expected = gone_through(old, new, cause)
        if expected is None:
            continue
        changed = {change: seen for change, seen in expected.items() if change[0] != change[1]}
        mine = found.get(cause, {})
        if held_against_each_other(old, new, cause):  # where values make no classes
            assert mine.keys() >= changed.keys()
            continue
        assert mine.keys() == changed.keys()
        for change, classes in changed.items():
            assert mine[change].classes == len(classes)
            assert len(mine[change].example.answers) == min(classes.values())


@settings(max_examples=60, deadline=None)
@given(randoms())
def test_every_example_really_differs(random: Random) -> None:
    old, new = two_packs(random)
    answers = Answers(old.knowledge, new.knowledge)
    for one in statuses(answers, {}):
        pairs = [tuple(text.split("=", 1)) for text in one.example.answers]
        told = []
        for pack in (old, new):
            case = pack.answers.read(pack.answers.read_texts(pairs))  # type: ignore[arg-type]
            told.append(pack.inference.run(case).belief.status(one.cause))
        assert told == [one.was, one.now]
        assert 0 < one.classes <= one.of
        assert 0 <= one.probability <= 1
    for sign in evidence(answers, {}):
        if sign.example is None:
            continue
        pairs = [tuple(text.split("=", 1)) for text in sign.example.answers]
        seen = []
        for pack in (old, new):
            case = pack.answers.read(pack.answers.read_texts(pairs))  # type: ignore[arg-type]
            fired = pack.inference.run(case).findings.fired.get(sign.cause, ())
            seen.append(f"{sign.cause}/{sign.sign}" in fired)
        assert seen[0] != seen[1] or (sign.was != sign.now and all(seen))


@pytest.mark.parametrize("seed", range(5))
def test_a_pack_changes_nothing_against_itself(seed: int) -> None:
    pack, _ = two_packs(Random(seed))
    answers = Answers(pack.knowledge, pack.knowledge)
    assert [*statuses(answers, {}), *evidence(answers, {})] == []
