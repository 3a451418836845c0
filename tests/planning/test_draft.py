"""A plan in the making: what is counted of single steps, and where exactly it ends."""

from __future__ import annotations

from typing import Any

import pytest

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import PROVEN, Hypothesis
from diagnoser.planning.greedy import Draft
from diagnoser.planning.planner import Planner
from diagnoser.planning.remedy_table import RemedyTable
from tests import packs
from tests.packs import Data
from tests.planning.test_plan import planned_for


def drafted(
    present: dict[str, float],
    remedies: dict[str, Data],
    available: list[str] | None = None,
    **pack: Any,
) -> Draft:
    """A plan without any steps yet, where causes have these probabilities."""
    commonness = dict.fromkeys(present, 0.1)
    known = packs.with_remedies(commonness, remedies, **({"verification": 2.0} | pack)).knowledge
    belief = Belief({}, present, {}, known.none_of_these)
    return Draft(RemedyTable(known), belief, known.remedies if available is None else available, ())


# -- single steps


def test_a_step_that_mends_nothing_has_no_chance() -> None:
    draft = drafted({"a": 0.5}, {"prepare": packs.remedy("prepare", hands_on=1)})
    draft.do(["prepare"])

    assert [step.chance for step in draft.steps] == [None]


def test_what_waited_for_a_step_is_worth_more_after_it() -> None:
    remedies = {
        "prepare": packs.remedy("prepare", hands_on=18),
        "mend": packs.remedy("mend", fixes={"a": "often"}, hands_on=8, after=["prepare"]),
    }
    draft = drafted({"a": 0.5}, remedies)
    before = draft.drop_per_minute("mend")
    draft.do(["prepare"])

    assert before == pytest.approx(draft.drop("mend") / 28)
    assert draft.drop_per_minute("mend") == pytest.approx(draft.drop("mend") / 10)


def test_what_is_not_advised_can_be_done_all_the_same() -> None:
    draft = drafted({"a": 0.5}, {"mend": packs.remedy("mend", fixes={"a": "often"})}, available=[])
    draft.do(["mend"])

    assert draft.left("a") == pytest.approx(0.5 * 0.4)


def test_a_remedy_with_less_than_a_chance_in_a_hundred_is_no_help() -> None:
    fixes = packs.remedy("mend", fixes={"a": "usually"})

    assert drafted({"a": 0.02, "b": 0.5}, {"mend": fixes}).helpful() == ["mend"]
    assert drafted({"a": 0.01, "b": 0.5}, {"mend": fixes}).helpful() == []


# -- steps that are tested together


@pytest.mark.parametrize("order", ["short long", "long short"])
def test_proven_causes_take_the_longest_of_their_waits_and_one_test(order: str) -> None:
    fixes = {"a": "often"}
    remedies = {
        "short": packs.remedy("short", fixes=fixes, hands_on=3, waiting=200, overnight=True),
        "long": packs.remedy("long", fixes=fixes, hands_on=4, waiting=1000, overnight=True),
    }
    draft = drafted({"a": 1.0}, remedies, night=60.0)
    draft.take_for_proven(frozenset("a"), order.split())

    assert draft.minutes == pytest.approx(3 + 4 + 100 + 2)


def test_each_group_has_its_own_number() -> None:
    remedies = {
        id: packs.remedy(id, fixes={id: "often"}, hands_on=1, overnight=id in "cd")
        for id in ("a", "b", "c", "d")
    }
    draft = drafted({"a": 1.0, "b": 1.0, "c": 0.5, "d": 0.5}, remedies, night=60.0)
    draft.take_for_proven(frozenset("ab"), ["a", "b"])
    draft.do(["c", "d"])

    assert [step.together for step in draft.in_groups()] == [1, 1, 2, 2]


def test_a_step_for_what_is_ruled_out_adds_nothing_to_the_chance_of_its_group() -> None:
    remedies = {
        "one": packs.remedy("one", fixes={"b": "often"}, hands_on=1, overnight=True),
        "two": packs.remedy("two", fixes={"a": "often"}, hands_on=1, overnight=True, after=["one"]),
    }
    draft = drafted({"a": 0.5, "b": 0.0}, remedies, night=60.0)
    draft.do(["one", "two"])
    one, two = draft.in_groups()

    assert one.together == two.together == 1
    assert one.chance == two.chance == pytest.approx(draft.steps[1].chance)


# -- where it ends


def works(*left: float) -> float:
    """The chance that the system works where this is left of the causes."""
    working = 0.95
    for p in left:
        working *= 1 - p
    return working


@pytest.mark.parametrize(("share", "pays"), [(0.99, True), (1.01, False)])
def test_a_step_pays_where_it_costs_less_than_it_saves_of_handing_over(
    share: float, pays: bool
) -> None:
    """Which is what must come before handing over, with its test, and handing over without one."""
    start = works(0.5, 0.2)
    now, prepared, mended, both = (
        (1 - works(a, b)) / (1 - start)
        for a, b in ((0.5, 0.2), (0.5, 0.04), (0.2, 0.2), (0.2, 0.04))
    )
    saves = 360 * (now - mended) + 200 * (prepared - both)
    remedies = {
        "mend": packs.remedy("mend", fixes={"a": "often"}, hands_on=saves * share - 60),
        "prepare": packs.remedy("prepare", fixes={"b": "usually"}, hands_on=300),
        "support": packs.remedy(
            "support", fixes={"b": "rarely"}, hands_on=200, after=["prepare"], hand_over=True
        ),
    }
    draft = drafted({"a": 0.5, "b": 0.2}, remedies, verification=60.0).what_pays()

    steps = ["prepare", "support"]
    assert [step.remedy for step in draft.steps] == (["mend", *steps] if pays else steps)


def test_of_plans_that_take_the_same_minutes_the_shorter_is_made() -> None:
    remedies = {
        "mend": packs.remedy("mend", fixes={"a": "half"}, hands_on=4),
        "support": packs.remedy("support", hands_on=8, hand_over=True),
    }
    how: Any = {"chances": packs.CHANCES | {"half": 0.5}, "verification": 0.0}
    known = packs.with_remedies({"a": 0.5}, remedies, **how).knowledge
    table = RemedyTable(known._replace(none_of_these=0.0))
    draft = Draft(table, Belief({}, {"a": 0.5}, {}, 0.0), known.remedies, ()).what_pays()

    assert [step.remedy for step in draft.steps] == ["support"]
    assert draft.minutes == 8.0


@pytest.mark.parametrize(("causes", "steps"), [(4, 4), (5, 0)])
def test_up_to_four_causes_that_must_all_be_mended_are_before_handing_over(
    causes: int, steps: int
) -> None:
    ids = "abcdefg"[:causes]
    remedies = {id: packs.remedy(id, fixes={id: "always"}, hands_on=10) for id in ids}
    support = packs.remedy("support", hands_on=100, hand_over=True)
    draft = drafted(dict.fromkeys(ids, 0.99), remedies | {"support": support}, none_of_these=0.01)

    assert len(draft.what_pays().steps) == steps + 1


def test_before_handing_over_also_what_hardly_helps_is_done_in_one_go_with_more() -> None:
    remedies = {
        "a": packs.remedy("a", fixes={"a": "usually"}, hands_on=1, overnight=True),
        "b": packs.remedy("b", fixes={"b": "usually"}, hands_on=0.1, overnight=True),
        "c": packs.remedy("c", fixes={"c": "sometimes"}, hands_on=20),
        "support": packs.remedy("support", hands_on=900, hand_over=True),
    }
    planned = planned_for({"a": 0.5, "b": 0.005, "c": 0.2}, remedies)

    assert planned.rest == [["a", "b"], ["c"], ["support"]]


def test_where_nobody_takes_over_what_hardly_helps_is_given_up_once_for_all() -> None:
    remedies = {
        "a": packs.remedy("a", fixes={"a": "always"}, hands_on=1, overnight=True),
        "b": packs.remedy("b", fixes={"b": "usually"}, hands_on=0.01, overnight=True),
        "c": packs.remedy("c", fixes={"c": "always"}, hands_on=5),
    }
    present = {"a": 0.9, "b": 0.05, "c": 0.9}
    draft = drafted(present, remedies, verification=0.0, night=60.0)
    draft.do(["a"])

    assert draft.worth("b") > draft.worth("c") > 1
    assert [step.remedy for step in draft.what_pays().steps][:2] == ["a", "c"]


# -- what follows from a proven cause


@pytest.mark.parametrize(("chance", "explained"), [(0.5, True), (0.49, False)])
def test_what_follows_from_a_proven_cause_that_one_in_two_remedies_mends_needs_no_steps(
    chance: float, explained: bool
) -> None:
    remedies = {
        "mend": packs.remedy("mend", fixes={"a": "so"}, hands_on=1),
        "other": packs.remedy("other", fixes={"b": "always"}, hands_on=1),
    }
    how: Any = {"chances": packs.CHANCES | {"so": chance}}
    known = packs.with_remedies({"a": 0.1, "b": 0.001}, remedies, **how).knowledge
    follows = known.causes["b"]._replace(follows_from=("a",))
    planner = Planner(known._replace(causes={**known.causes, "b": follows}))
    proofs = dict.fromkeys("ab", Hypothesis(PROVEN, 1.0, ()))
    belief = Belief(proofs, {"a": 1.0, "b": 1.0}, {}, known.none_of_these)
    plan = planner.plan(belief, {}, ())

    must = [step.remedy for step in plan.steps if step.must]
    assert must == (["mend"] if explained else ["mend", "other"])
