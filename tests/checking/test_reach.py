"""What can come about: conditions that are decided beforehand, questions that are never asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from diagnoser.checking.answer_space import AnswerSpace
from diagnoser.knowledge.conditions import Condition, parse
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice, Kind, Lookup, Number, Version
from tests import oracles, packs
from tests.knowledge.test_conditions import pairs
from tests.packs import Pack

MOST = 3000
KINDS: dict[str, Kind] = {
    "a.colour": Choice({"red": "Red", "green": "Green", "blue": "Blue"}),
    "a.seen": Choice({letter: letter for letter in "abcd"}, several=True, alone=("d",)),
    "a.size": Number("cm", 0, 10),
    "a.room": Number("cm", 5, 20),
    "a.version": Version(1, 30),
    "a.row": Lookup(("x", "y"), {"x": "x", "y": "y"}),
    "a.newest": Version(0, 9999),
    "a.width": Number("", float("-inf"), float("inf")),
}
FACTS = {id: Fact(id, "a", kind) for id, kind in KINDS.items()}
FACTS["a.row"] = Fact(
    "a.row",
    "a",
    KINDS["a.row"],
    derives={"a.newest": {"x": (12,), "y": (18, 5)}, "a.width": {"x": 3, "y": 4}},
)
for derived in ("a.newest", "a.width"):
    FACTS[derived] = Fact(derived, "a", KINDS[derived], derived_from="a.row")


def outcomes(condition: Condition, space: AnswerSpace) -> set[bool]:
    """Whether the condition can hold (True) and can fail (False)."""
    holds, fails = space.holds(condition), space.fails(condition)
    return {
        right
        for right, formula in ((True, holds), (False, fails))
        if space.can_be(formula, contradictory=True)
    }


@given(packs.cases(packs.Sizes(causes=3, rules=3)))
def test_nothing_that_comes_about_is_held_impossible(case: tuple[Pack, Any]) -> None:
    pack, _ = case
    space = AnswerSpace(pack.knowledge)
    for when, condition in pairs(pack):
        found = outcomes(condition, space)
        possible = oracles.possible(pack.data, set(packs.constants_in(when)))
        derived = {id: fact.derived_from for id, fact in pack.knowledge.facts.items()}
        asked = {derived[id] or id for id in packs.facts_in(when)}
        options = [[one for one in possible[id] if allowed(pack, id, one[id])] for id in asked]
        seen: set[bool | None] = set()
        for tried, known in enumerate(oracles.completions(options, {})):
            seen.add(oracles.outcome(pack.data, when, known))
            if tried > MOST or seen >= {True, False}:
                break
        assert seen - {None} <= found


def allowed(pack: Pack, id: str, value: Any) -> bool:
    """Whether the value lies within the bounds of its fact."""
    area, _, name = id.partition(".")
    fact = pack.data["areas"].get(area, {"facts": {}})["facts"].get(name, {})
    if bounds := fact.get("number"):
        return bounds["low"] <= value <= bounds["high"]
    if bounds := fact.get("version"):
        return bounds["low"] <= value[0] <= bounds["high"]
    return True


@pytest.mark.parametrize(
    ("when", "can"),
    [
        ({"a.colour": "red"}, {True, False}),
        ({"a.colour": ["red", "green", "blue"]}, {True}),
        ({"any": [{"a.colour": "red"}, {"a.colour": ["green", "blue"]}]}, {True}),
        ({"any": [{"a.colour": "red"}, {"a.colour": "green"}]}, {True, False}),
        ({"a.seen": "a", "any": [{"a.seen": "b"}, {"a.seen": "d"}]}, {True, False}),
        ({"a.seen": "a", "any": [{"a.seen": "d"}, {"a.seen": {"only": "d"}}]}, {False}),
        ({"a.seen": "a", "any": [{"a.seen": {"only": "b"}}, {"a.seen": "d"}]}, {False}),
        ({"a.seen": ["a", "b", "c", "d"]}, {True}),
        ({"a.seen": {"only": ["a", "b", "d"]}}, {True, False}),
        ({"any": [{"a.seen": "c"}, {"a.seen": {"only": ["a", "b", "d"]}}]}, {True}),
        (
            {"any": [{"a.seen": {"only": "a"}}, {"a.seen": {"only": ["b", "c", "d"]}}]},
            {True, False},
        ),
        ({"a.size": {"above": "9.99"}}, {True, False}),
        ({"a.size": {"above": "10"}}, {False}),
        ({"a.size": {"at_least": "10"}}, {True, False}),
        ({"a.size": {"at_most": "10"}}, {True}),
        ({"a.size": {"at_least": "3", "below": "3"}}, {False}),
        ({"a.size": {"at_least": "3", "at_most": "3"}}, {True, False}),
        ({"a.size": {"above": "3", "below": "3.01"}}, {True, False}),
        ({"a.size": {"above": "a.size"}}, {False}),
        ({"a.size": {"at_least": "a.size"}}, {True}),
        ({"a.size": {"above": "a.room"}}, {True, False}),
        ({"a.size": {"above": "a.room"}, "a.room": {"at_least": "10"}}, {False}),
        ({"a.size": {"above": "a.room"}, "a.room": {"above": "9.9"}}, {True, False}),
        ({"a.version": {"at_least": "1"}}, {True}),
        ({"a.version": {"below": "1.0.1"}}, {True, False}),
        ({"a.version": {"above": "16.3", "below": "16.3.1"}}, {True, False}),
        ({"a.version": {"above": "16.3", "at_most": "16.3"}}, {False}),
        ({"a.version": {"above": "30.9.9"}}, {True, False}),
        ({"a.newest": {"at_least": "12"}}, {True}),
        ({"a.newest": {"above": "18.5"}}, {False}),
        ({"a.newest": {"above": "12"}, "a.width": {"below": "4"}}, {False}),
        ({"a.newest": {"above": "12"}, "a.width": {"below": "5"}}, {True, False}),
        ({"a.row": "x", "a.width": "3"}, {True, False}),
        ({"a.row": "x", "a.width": "4"}, {False}),
        ({"a.version": {"above": "a.newest"}, "a.row": "y"}, {True, False}),
    ],
)
def test_a_condition_can_hold_and_can_fail_as_its_facts_allow(when: Any, can: set[bool]) -> None:
    def complain(*mistake: Any) -> None:
        raise AssertionError(mistake)

    knowledge = packs.built_in_pack().knowledge._replace(facts=FACTS, contradictions={})
    assert outcomes(parse(when, KINDS, complain), AnswerSpace(knowledge)) == can
