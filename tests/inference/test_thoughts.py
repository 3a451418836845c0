"""Answers that somebody thinks right without being sure: every way of evaluating counts them alike,
and they move a diagnosis less than sure ones do."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser
from diagnoser.belief.weighing import OPEN, PROVEN, as_counted, temper, weigh
from diagnoser.case.case import Case
from diagnoser.inference._experta import ReteMatcher
from diagnoser.inference.contradictions import conflicts
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.inference.inference import Inference
from tests import oracles, packs
from tests.packs import Data, Pack

CASES = packs.thinking_cases()


def directly(pack: Pack, case: Case) -> Findings:
    return Evaluator(pack.knowledge).evaluate(case.known, case.tentative)


def surely(sheet: Data) -> Data:
    """The same answers, all of them sure."""
    return {
        area: {
            name: one["think"] if isinstance(one, dict) else one for name, one in answers.items()
        }
        for area, answers in sheet.items()
    }


# -- agreement


@given(CASES)
def test_experta_its_own_matcher_and_direct_evaluation_agree(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    told = pack.case(sheet)
    concluded = pack.inference.run(told)

    assert concluded.findings == directly(pack, told)
    assert concluded == Inference(pack.knowledge, matcher=ReteMatcher).run(told)


@given(CASES)
def test_they_find_what_a_naive_reading_of_the_data_finds(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    found = directly(pack, pack.case(sheet))
    fired = oracles.fired(pack.data, oracles.known(pack.data, sheet))
    sure = oracles.fired(pack.data, oracles.known(pack.data, oracles.without_thoughts(sheet)))

    assert {*found.rules()} == fired
    assert found.tempered == fired - sure
    for cause, hypothesis in found.hypotheses.items():
        mine = {id.removeprefix(f"{cause}/") for id in fired if id.startswith(f"{cause}/")}
        tempered = {name for name in mine if f"{cause}/{name}" not in sure}
        status, factor = oracles.verdict(pack.data, cause, mine, tempered)
        assert hypothesis.status == status
        assert hypothesis.ratio == pytest.approx(oracles.ratio(factor))


@given(CASES, packs.randoms())
def test_answers_that_become_sure_one_by_one_are_as_if_they_had_been_at_once(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    evaluator, sure = Evaluator(pack.knowledge), surely(sheet)
    told = pack.case(sheet)
    found = evaluator.evaluate(told.known, told.tentative)
    doubted = [id for id in told.given if id in told.tentative]
    for id in random.sample(doubted, len(doubted)):
        found = evaluator.learn(found, pack.knowledge.facts[id].makes_known(told.given[id]))

    assert found == evaluator.evaluate(pack.case(sure).known)


# -- what they can do


@given(CASES)
def test_nothing_is_settled_by_answers_that_nobody_is_sure_of(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    with_thoughts = directly(pack, pack.case(sheet)).hypotheses
    sure_alone = directly(pack, pack.case(oracles.without_thoughts(sheet))).hypotheses

    for cause, found in with_thoughts.items():
        before = sure_alone[cause].status if cause in sure_alone else OPEN
        assert found.status == before


@given(st.floats(-1, 1), st.floats(0.01, 0.99))
def test_a_tempered_rule_points_the_same_way_and_less_far(factor: float, thinks_so: float) -> None:
    knowledge = packs.random_pack(Random(0)).knowledge._replace(thinks_so=thinks_so)
    rule = next(iter(knowledge.rules.values())).weighing(factor)
    less = temper(rule, knowledge)

    assert abs(less.factor) <= abs(factor)
    assert less.factor * factor >= 0
    assert not less.conclusive
    assert min(rule.ratio, 1) <= less.ratio <= max(rule.ratio, 1)


@given(packs.randoms(), st.sets(st.sampled_from("abcd")))
def test_what_speaks_one_way_speaks_no_louder_where_some_of_it_is_thought(
    random: Random, doubted: set[str]
) -> None:
    """Each rule reads one fact; several may read the same one."""
    knowledge = packs.random_pack(Random(0)).knowledge
    rule = next(iter(knowledge.rules.values()))
    words = [one for one in knowledge.strengths.values() if 0 < one < 1]
    rules = {
        f"c/{place}": rule._replace(
            id=f"c/{place}", facts=frozenset({random.choice("abcd")})
        ).weighing(random.choice(words))
        for place in range(random.randint(1, 6))
    }
    knowledge = knowledge._replace(rules=rules)
    tempered = {id for id, one in rules.items() if one.facts & doubted}

    sure, less = weigh(rules.values()), weigh(as_counted(rules, tempered, knowledge))
    assert 1 < less.ratio <= sure.ratio


@given(packs.cases())
def test_where_all_is_sure_nothing_is_tempered(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    told = pack.case(sheet)
    memory = {one.fact for one in pack.inference.memory(told)}

    assert not told.tentative
    assert not directly(pack, told).tempered
    assert not memory & {"Tentative", "Tempered"}


# -- the built-in knowledge


def case_of(diagnoser: Diagnoser, facts: dict[str, Any]) -> tuple[Case, Findings]:
    case = diagnoser.sheet.read(facts)
    return case, diagnoser._evaluator.evaluate(case.known, case.tentative)


def test_a_sign_is_sure_where_an_alternative_to_what_is_thought_is(diagnoser: Diagnoser) -> None:
    off, on = {"backup": {"switch": "off"}}, {"backup": {"switch": {"think": "off"}}}

    assert case_of(diagnoser, off)[1].hypotheses["icloud-backup-is-off"].status == PROVEN
    assert case_of(diagnoser, on)[1].hypotheses["icloud-backup-is-off"].status == OPEN


def test_what_follows_from_a_thought_is_only_thought(diagnoser: Diagnoser) -> None:
    case, _ = case_of(diagnoser, {"device": {"model": {"think": "iPhone 6"}}})

    assert case.tentative == case.known.keys() > {"device.model"}


def test_of_answers_that_do_not_fit_together_the_doubted_one_is_asked_again(
    diagnoser: Diagnoser,
) -> None:
    sure = {"switch": "off", "back_up_now": "works"}
    for doubted, answer in sure.items():
        answers = {**sure, doubted: {"think": answer}}
        case, found = case_of(diagnoser, {"backup": answers})
        again = {one.ask_again for one in conflicts(diagnoser.knowledge, case, found)}

        assert again == {f"backup.{doubted}"}
