"""The language of conditions: three outcomes, and what they promise."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser.knowledge.conditions import Condition, alternatives, facts_of, parse
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import Choice, Kind, Number, Version
from tests import oracles, packs
from tests.packs import Data, Pack

FORMS = packs.cases(packs.Sizes(causes=3, rules=3))
MOST_COMPLETIONS = 2000

KINDS: dict[str, Kind] = {
    "a.colour": Choice({"red": "Red", "green": "Green", "blue": "Blue"}),
    "a.size": Number("cm", -10, 10),
    "a.room": Number("cm", -10, 10),
    "a.version": Version(1, 30),
    "a.newest": Version(1, 30),
}


def conditions_of(knowledge: Knowledge) -> list[Condition]:
    """Every condition of a knowledge, in the order of `packs.conditions_in`."""
    found = [rule.when for rule in knowledge.rules.values()]
    found += [bar.when for remedy in knowledge.remedies.values() for bar in remedy.not_if]
    found += [one.when for one in knowledge.contradictions.values()]
    return found + [fact.only_if for fact in knowledge.facts.values() if fact.only_if is not None]


def pairs(pack: Pack) -> list[tuple[Data, Condition]]:
    """Every condition as it is written and as it is understood."""
    data = pack.data
    found: list[tuple[Data, Condition]] = []
    for rule in pack.knowledge.rules.values():
        name = rule.id.partition("/")[2]
        found.append((data["causes"][rule.cause]["rules"][name]["when"], rule.when))
    for remedy in pack.knowledge.remedies.values():
        raw = data["remedies"][remedy.id]["not_if"]
        found += [(one["when"], bar.when) for one, bar in zip(raw, remedy.not_if, strict=True)]
    for one in pack.knowledge.contradictions.values():
        found.append((data["contradictions"][one.id]["when"], one.when))
    for fact in pack.knowledge.facts.values():
        if fact.only_if is not None:
            area, _, name = fact.id.partition(".")
            found.append((data["areas"][area]["facts"][name]["only_if"], fact.only_if))
    return found


def known(pack: Pack, sheet: Data) -> dict[str, Any]:
    return dict(pack.case(sheet).known)


def understood(when: Data) -> Condition:
    def complain(path: tuple[str | int, ...], reason: str, *rest: str) -> None:
        raise AssertionError(f"{path}: {reason}")

    return parse(when, KINDS, complain)


@given(FORMS)
def test_a_condition_means_what_is_written(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    expected = oracles.known(pack.data, sheet)
    facts = known(pack, sheet)

    for when, condition in pairs(pack):
        assert condition.outcome(facts) == oracles.outcome(pack.data, when, expected)


@given(FORMS)
def test_an_outcome_stays_whatever_unknown_facts_become(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    expected = oracles.known(pack.data, sheet)
    facts = known(pack, sheet)

    for when, condition in pairs(pack):
        outcome = condition.outcome(facts)
        if outcome is not None:
            options = unknown_of(pack, when, expected)
            for complete in oracles.completions(options, expected):
                assert oracles.outcome(pack.data, when, complete) == outcome


def unknown_of(pack: Pack, when: Data, known: oracles.Known) -> list[list[dict[str, Any]]]:
    """What the unknown facts of a condition can become; thinned out where that is too much."""
    derived = {
        f"{area}.{column}": f"{area}.{name}"
        for area, content in pack.data["areas"].items()
        for name, fact in content["facts"].items()
        for column in (fact["lookup"] or {"derives": ()})["derives"]
    }
    possible = oracles.possible(pack.data, set(packs.constants_in(when)))
    asked = {derived.get(fact, fact) for fact in packs.facts_in(when)}
    options = [possible[fact] for fact in sorted(asked) if fact not in known]
    total = MOST_COMPLETIONS + 1
    while total > MOST_COMPLETIONS:
        total = 1
        for option in options:
            total *= len(option)
        if total > MOST_COMPLETIONS:
            longest = max(range(len(options)), key=lambda place: len(options[place]))
            options[longest] = options[longest][::2]
    return options


@given(FORMS)
def test_a_condition_is_decided_when_all_its_facts_are_known(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    facts = known(pack, sheet)

    for condition in conditions_of(pack.knowledge):
        if facts_of(condition) <= set(facts):
            assert condition.outcome(facts) is not None


@given(FORMS, packs.randoms())
def test_more_facts_never_change_a_decided_outcome(case: tuple[Pack, Data], random: Random) -> None:
    pack, sheet = case
    facts = known(pack, sheet)
    fewer = {fact: value for fact, value in facts.items() if random.randint(0, 1)}

    for condition in conditions_of(pack.knowledge):
        assert condition.outcome(fewer) in (None, condition.outcome(facts))


@given(FORMS)
def test_a_condition_holds_when_one_of_its_alternatives_holds(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    facts = known(pack, sheet)

    for condition in conditions_of(pack.knowledge):
        outcomes = [
            all(test.outcome(facts) is True for test in tests) for tests in alternatives(condition)
        ]
        assert any(outcomes) == (condition.outcome(facts) is True)


@given(FORMS)
def test_a_condition_reads_the_facts_that_are_written_in_it(case: tuple[Pack, Data]) -> None:
    for when, condition in pairs(case[0]):
        assert facts_of(condition) == packs.facts_in(when)


BOUNDARIES = [
    ("below", "2", {1.99: True, 2: False, 2.01: False}),
    ("at_most", "2", {1.99: True, 2: True, 2.01: False}),
    ("at_least", "2", {1.99: False, 2: True, 2.01: True}),
    ("above", "2", {1.99: False, 2: False, 2.01: True}),
    ("below", "-0.5", {-0.51: True, -0.5: False, 0: False}),
    ("at_least", "0", {-0.01: False, 0: True}),
]


@pytest.mark.parametrize(("word", "line", "outcomes"), BOUNDARIES)
def test_a_number_is_compared_on_both_sides_of_the_line(
    word: str, line: str, outcomes: dict[float, bool]
) -> None:
    condition = understood({"a.size": {word: line}})

    assert {size: condition.outcome({"a.size": size}) for size in outcomes} == outcomes


@pytest.mark.parametrize(
    ("line", "older", "same", "newer"),
    [
        ("10", "9.9.9", "10", "10.0.1"),
        ("9.1", "9.0.1", "9.1.0", "9.10"),
        ("16.0", "15.9", "16", "16.0.0.1"),
    ],
)
def test_versions_are_compared_part_by_part(line: str, older: str, same: str, newer: str) -> None:
    below, above = (understood({"a.version": {word: line}}) for word in ("below", "above"))
    facts = [{"a.version": KINDS["a.version"].parse(text)} for text in (older, same, newer)]
    outcomes = [(below.outcome(one), above.outcome(one)) for one in facts]

    assert outcomes == [(True, False), (False, False), (False, True)]


@pytest.mark.parametrize("word", ["below", "at_least", "above", "at_most"])
def test_comparing_with_another_fact_is_unknown_until_both_are_known(word: str) -> None:
    condition = understood({"a.size": {word: "a.room"}})

    assert condition.outcome({}) is None
    assert condition.outcome({"a.size": 1}) is None
    assert condition.outcome({"a.room": 1}) is None
    assert condition.outcome({"a.size": 1, "a.room": 1}) is (word in ("at_least", "at_most"))


@pytest.mark.parametrize(
    ("when", "facts", "outcome"),
    [
        ({"a.colour": "red", "a.size": {"above": "1"}}, {"a.size": 1}, False),
        ({"a.colour": "red", "a.size": {"above": "1"}}, {"a.size": 2}, None),
        ({"any": [{"a.colour": "red"}, {"a.size": {"above": "1"}}]}, {"a.size": 2}, True),
        ({"any": [{"a.colour": "red"}, {"a.size": {"above": "1"}}]}, {"a.size": 1}, None),
        ({"any": [{"a.colour": "red"}, {"a.colour": ["green", "blue"]}]}, {}, None),
        ({"a.size": {"above": "1", "at_most": "3"}}, {"a.size": 3}, True),
        ({"a.size": {"above": "1", "at_most": "3"}}, {"a.size": 3.5}, False),
        ({"a.size": {"at_least": "a.size"}}, {"a.size": 3}, True),
        ({"a.size": {"at_least": "a.size"}}, {}, None),
    ],
)
def test_all_fails_with_one_part_and_any_holds_with_one(
    when: Data, facts: dict[str, Any], outcome: bool | None
) -> None:
    assert understood(when).outcome(facts) is outcome
