"""Steps that only a night can test: done together where that is cheaper, and tested once."""

from __future__ import annotations

from itertools import groupby
from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser.planning.lookahead import Lookahead
from diagnoser.planning.nights import Group
from diagnoser.planning.planner import Planner
from tests import packs
from tests.packs import Data, Pack
from tests.planning.test_plan import SUPPORT, Planned, anything, planned_for

CASES = packs.cases(packs.Sizes(causes=6, remedies=8, hand_overs=2), share=75)


def overnight(id: str, cause: str, chance: str = "usually", **how: Any) -> Data:
    return packs.remedy(id, fixes={cause: chance}, hands_on=1, overnight=True, **how)


def planned_nights(seed: int, **how: Any) -> Planned:
    return Planned(*packs.planning(Random(seed), anything, nights=0.5, **how))


def test_no_other_way_to_cut_the_steps_is_cheaper() -> None:
    for seed in range(40):
        planned = planned_nights(seed, after=bool(seed % 2), proven=seed % 3)
        problem, steps = planned.problem, [one for group in planned.rest for one in group]
        costs = [problem.minutes(planned.must, way) for way in problem.ways_to_cut(steps)]

        assert planned.plan.expected_minutes == pytest.approx(min(costs)), seed


@given(CASES)
def test_steps_of_a_group_follow_each_other_and_are_all_seen_overnight(
    case: tuple[Pack, Data],
) -> None:
    planned = Planned(*case)
    numbers = [step.together for step in planned.plan.steps]
    groups = [(number, len(list(same))) for number, same in groupby(numbers) if number]

    assert [number for number, _ in groups] == list(range(1, len(groups) + 1))
    assert all(size > 1 for _, size in groups)
    for step in planned.plan.steps:
        if step.together and not step.must:
            assert step.remedy in planned.problem.overnight
            assert planned.problem.fixes[step.remedy]
    assert len({step.together for step in planned.plan.steps if step.must}) <= 1


@given(CASES)
def test_the_first_step_alone_is_that_of_the_plan(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    planned = Planned(pack, sheet)
    tried = {id: str(came) for id, came in planned.tried.items()}
    lookahead = Lookahead(Planner(pack.knowledge), tried)
    first = lookahead.first_step(planned.belief, planned.found.barred)

    assert first == planned.plan.first


def test_so_it_is_with_many_steps_that_only_a_night_can_test() -> None:
    for seed in range(40):
        pack, sheet = packs.planning(Random(seed), anything, nights=0.7, proven=seed % 2)
        planned = Planned(pack, sheet)
        first = Lookahead(Planner(pack.knowledge), {}).first_step(planned.belief, frozenset())

        assert first == planned.plan.first, seed


NIGHTS = {
    "power": overnight("power", "a", waiting=480),
    "lock": overnight("lock", "b", waiting=480),
    "support": SUPPORT,
}


def test_two_likely_causes_of_the_night_take_one_night() -> None:
    planned = planned_for({"a": 0.5, "b": 0.4}, NIGHTS)
    problem = planned.problem

    assert planned.rest == [["power", "lock"], ["support"]]
    assert {step.together for step in planned.plan.steps[:2]} == {1}
    # Two minutes of work, a look, and the night, in which eight hours of waiting pass, at a tenth.
    assert problem.tested(["power", "lock"]) == pytest.approx(2 + 5 + 60)
    both = 1 - problem.fails(["power", "lock"])
    assert planned.plan.steps[0].chance == pytest.approx(both)
    assert planned.plan.expected_minutes == pytest.approx(
        2 + 5 + 60 + (1 - both) * problem.prices["support"]
    )


def test_a_step_that_hardly_helps_after_another_waits_for_a_night_of_its_own() -> None:
    costly = overnight("lock", "b", waiting=480, money="fee")
    nuisances = {"fee": {"minutes": 90, "text": "a fee", "irreplaceable": False}}
    planned = planned_for(
        {"a": 0.9, "b": 0.4}, NIGHTS | {"lock": costly}, nuisances=nuisances, night=10.0
    )

    assert planned.rest == [["power"], ["lock"], ["support"]]
    assert all(step.together is None for step in planned.plan.steps)


def test_without_a_price_of_nights_one_night_each_may_be_cheaper_than_work_in_vain() -> None:
    slow = {"lock": packs.remedy("lock", fixes={"b": "usually"}, hands_on=100, overnight=True)}
    planned = planned_for({"a": 0.9, "b": 0.4}, NIGHTS | slow, night=0.0, verification=0.0)

    assert planned.rest == [["power"], ["lock"], ["support"]]


def test_a_cheap_step_of_the_night_is_drawn_forward_to_others_like_it() -> None:
    quick = {"restart": packs.remedy("restart", fixes={"c": "usually"}, hands_on=40)}
    quick["support"] = packs.remedy("support", hands_on=900, hand_over=True)
    causes = {"a": 0.6, "b": 0.3, "c": 0.35}
    alone = planned_for(causes, NIGHTS | quick)
    at_once = {id: NIGHTS[id] | {"seen": "at once"} for id in ("power", "lock")}

    assert alone.rest == [["power", "lock"], ["restart"], ["support"]]
    assert planned_for(causes, NIGHTS | quick | at_once, verification=65.0).steps == [
        "power",
        "restart",
        "lock",
        "support",
    ]


def test_steps_for_proven_causes_take_one_night_for_all() -> None:
    remedies = NIGHTS | {"switch": packs.remedy("switch", fixes={"c": "always"}, hands_on=3)}
    sheet = {"f": dict.fromkeys("abc", "red")}
    planned = planned_for(dict.fromkeys("abc", 0.1), remedies, sheet)
    fails = planned.problem.fails(planned.must)

    assert sorted(planned.must) == ["lock", "power", "switch"]
    assert {step.together for step in planned.plan.steps if step.must} == {1}
    rest = planned.plan.expected_minutes - (2 + 3 + 5 + 60)
    assert rest == pytest.approx(fails * planned.problem.prices["support"])


def test_what_only_prepares_is_not_tested_though_only_a_night_would_show_it() -> None:
    remedies = {
        "copy": packs.remedy("copy", hands_on=7, overnight=True),
        "erase": packs.remedy("erase", fixes={"a": "always"}, hands_on=1, after=["copy"]),
        "support": SUPPORT,
    }
    planned = planned_for({"a": 0.5}, remedies)

    assert planned.rest == [["copy"], ["erase"], ["support"]]
    assert planned.plan.expected_minutes == pytest.approx(
        7 + 1 + 5 + planned.problem.fails(["copy", "erase"]) * planned.problem.prices["support"]
    )


def test_the_longest_wait_of_a_group_passes_once() -> None:
    remedies = {
        "power": overnight("power", "a", waiting=480),
        "slow": overnight("slow", "b", waiting=2880),
    }
    known = packs.with_remedies({"a": 0.5, "b": 0.5}, remedies).knowledge.remedies
    alone = Group(0, 10.0, 0.5, 0.0, 60.0)
    group = alone.joined_by(known["power"]).joined_by(known["slow"])

    assert (group.work, group.idle) == (2, 288)
    assert group.minutes(5.0) == pytest.approx(10 + 0.5 * (2 + 288 + 5))
    assert alone.joined_by(known["power"]).minutes(5.0) == pytest.approx(10 + 0.5 * (1 + 60 + 5))


def test_what_must_wait_for_something_else_is_not_done_in_one_go_with_the_last_step() -> None:
    remedies = {
        "power": overnight("power", "a"),
        "restart": overnight("restart", "b"),
        "tidy": packs.remedy("tidy", hands_on=30),
        "lock": overnight("lock", "c", after=["tidy"]),
        "support": SUPPORT,
    }
    planned = planned_for({"a": 0.8, "b": 0.1, "c": 0.4}, remedies)

    assert planned.rest == [["power", "restart"], ["tidy"], ["lock"], ["support"]]
