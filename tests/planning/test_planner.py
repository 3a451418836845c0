"""What is asked of a plan, and plans for a case as it would be with other evidence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import PROVEN, Hypothesis
from diagnoser.planning.greedy import Step
from diagnoser.planning.lookahead import Lookahead
from diagnoser.planning.planner import Plan, Planner
from tests import packs

PREPARES = Step("copy", False, None)


def may_help(chance: float, must: bool = False) -> Step:
    return Step("r", must, chance)


@pytest.mark.parametrize(
    ("steps", "guess"),
    [
        ([], False),
        ([PREPARES], False),
        ([may_help(0.24)], True),
        ([may_help(0.0)], True),
        ([may_help(0.25)], False),
        ([PREPARES, may_help(0.1), may_help(0.9)], True),
        ([PREPARES, may_help(0.9), may_help(0.1)], False),
        ([may_help(0.1, must=True), may_help(0.1)], False),
        ([Step("copy", True, None), may_help(0.1)], False),
    ],
)
def test_a_plan_is_a_guess_where_what_is_mended_first_is_hardly_likely(
    steps: list[Step], guess: bool
) -> None:
    assert Plan(tuple(steps), 0.0, ()).is_a_guess == guess


BARS = [frozenset[tuple[str, int]](), frozenset({("a", 0)}), frozenset({("b", 0)})]
BAR = [{"when": {"f.a": "green"}, "because": "It is green."}]
KNOWLEDGE = packs.with_remedies(
    {"a": 0.3, "b": 0.3},
    {
        "a": packs.remedy("a", fixes={"a": "often"}, hands_on=5, not_if=BAR),
        "b": packs.remedy("b", fixes={"b": "often"}, hands_on=6, not_if=BAR),
        "support": packs.remedy("support", hands_on=600, hand_over=True),
    },
).knowledge
BELIEFS: list[Belief] = [
    believe(KNOWLEDGE, found, {})
    for found in (
        {},
        {"a": Hypothesis(PROVEN, 1.0, ())},
        {"b": Hypothesis(PROVEN, 1.0, ())},
        {"b": Hypothesis("open", 9.0, ())},
    )
]


@given(st.lists(st.tuples(st.sampled_from(BELIEFS), st.sampled_from(BARS)), max_size=8))
def test_whatever_was_planned_before_a_plan_is_that_for_the_belief_and_the_bars(
    asked: list[tuple[Belief, frozenset[tuple[str, int]]]],
) -> None:
    planner, tried = Planner(KNOWLEDGE), {"b": "did-not-help"}
    lookahead = Lookahead(planner, tried)

    for belief, barred in asked:
        plan = planner.plan(belief, tried, barred)
        assert lookahead.plan(belief, barred) == plan
        assert lookahead.first_step(belief, barred) == plan.first


def test_what_matters_to_a_plan_is_what_is_probable_and_what_is_proven() -> None:
    """A cause may be certain without a proof, and then has no step that must be done."""
    lookahead = Lookahead(Planner(KNOWLEDGE), {})
    present = {"a": 1.0, "b": 0.0}
    proven = Belief({"a": Hypothesis(PROVEN, 1.0, ())}, present, {}, 0.1)
    certain = Belief({}, present, {}, 0.1)

    plans = [lookahead.plan(one, frozenset()) for one in (proven, certain, proven)]
    assert [plan.steps[0].must for plan in plans] == [True, False, True]


@pytest.mark.parametrize(
    ("costs", "reason"),
    [
        ({}, "Too unlikely to help to be worth the time."),
        ({"money": "fee"}, "Too unlikely to help to be worth the cost: a fee."),
        ({"loses": ["work", "rest"]}, "Too unlikely to help to be worth the cost: work, rest."),
        ({"money": "fee", "loses": ["work"]},
         "Too unlikely to help to be worth the cost: a fee, work."),
    ],
)  # fmt: skip
def test_what_might_help_is_left_out_with_what_it_costs(costs: dict[str, Any], reason: str) -> None:
    texts = {"fee": "a fee", "work": "work", "rest": "rest"}
    nuisances = {
        id: {"minutes": 30, "text": text, "irreplaceable": False} for id, text in texts.items()
    }
    remedies = {
        "dear": packs.remedy("dear", fixes={"a": "sometimes"}, hands_on=500, **costs),
        "support": packs.remedy("support", hands_on=60, hand_over=True),
    }
    pack = packs.with_remedies({"a": 0.3}, remedies, nuisances=nuisances)
    plan = Planner(pack.knowledge).plan(believe(pack.knowledge, {}, {}), {}, ())

    assert plan.left_out == (("dear", reason),)


def test_a_step_for_proven_causes_has_the_chance_that_all_of_them_are_mended() -> None:
    remedies = {
        "both": packs.remedy(
            "both", fixes={"a": "often", "b": "usually", "c": "rarely"}, after=["copy"]
        ),
        "copy": packs.remedy("copy"),
    }
    knowledge = packs.with_remedies(dict.fromkeys("abc", 0.1), remedies).knowledge
    proven = dict.fromkeys("ab", Hypothesis(PROVEN, 1.0, ()))
    plan = Planner(knowledge).plan(believe(knowledge, proven, {}), {}, ())

    assert [(step.remedy, step.chance) for step in plan.steps] == [
        ("copy", None),
        ("both", pytest.approx(0.6 * 0.8)),
    ]


def test_what_waits_for_what_is_not_possible_is_left_out_with_all_that_is_not() -> None:
    remedies = {
        "one": packs.remedy("one", fixes={"a": "often"}),
        "two": packs.remedy("two", fixes={"a": "often"}),
        "last": packs.remedy("last", fixes={"a": "often"}, after=["one", "two"]),
    }
    knowledge = packs.with_remedies({"a": 0.3}, remedies).knowledge
    tried = dict.fromkeys(["one", "two"], "could-not-do")
    plan = Planner(knowledge).plan(believe(knowledge, {}, {}), tried, ())

    only = 'Only after "Remedy one", "Remedy two", which is not possible here.'
    assert dict(plan.left_out)["last"] == only
