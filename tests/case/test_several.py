"""Facts of which several answers may hold at once: from the list that is written to the report."""

from __future__ import annotations

import json
from itertools import combinations, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidFacts, Report
from diagnoser.knowledge import conditions, wording
from diagnoser.knowledge.values import Choice, Unfit
from diagnoser.rendering import memory, pages
from diagnoser.replay import replay
from diagnoser.report.record import record
from tests import packs
from tests.commands import environment, invoke, run
from tests.knowledge.test_conditions import conditions_of
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(areas=3, facts=3))
LETTERS = Choice({letter: letter.upper() for letter in "abcd"}, several=True, alone=("d",))
TWO = {"backup": {"message": ["network", "icloud-storage"]}}


def said(fact: str, words: Any) -> Data:
    area, _, name = fact.partition(".")
    return {area: {name: words}}


@given(CASES, packs.randoms())
def test_the_order_of_answers_in_a_list_does_not_matter(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    shuffled = {
        area: {
            name: random.sample(written, len(written)) if isinstance(written, list) else written
            for name, written in facts.items()
        }
        for area, facts in sheet.items()
    }

    assert pack.case(shuffled) == pack.case(sheet)
    assert pack.answers.show(pack.case(shuffled)) == pack.answers.show(pack.case(sheet))


@given(CASES)
def test_a_list_with_one_answer_is_that_answer(case: tuple[Pack, Data]) -> None:
    pack, _ = case
    for fact in pack.knowledge.facts.values():
        if fact.askable and isinstance(fact.kind, Choice) and fact.kind.several:
            for word in fact.kind.labels:
                assert pack.case(said(fact.id, [word])) == pack.case(said(fact.id, word))


@given(CASES, packs.randoms())
def test_an_answer_among_several_counts_like_that_answer_alone(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, _ = case
    for condition in conditions_of(pack.knowledge):
        for test in conditions.tests(condition):
            kind = pack.knowledge.facts[test.fact].kind
            if not (
                isinstance(test, conditions.OneOf) and isinstance(kind, Choice) and kind.several
            ):
                continue
            words = [word for word in kind.labels if word not in kind.alone]
            some = random.sample(words, random.randint(1, len(words)))
            alone = [test.outcome(pack.case(said(test.fact, word)).known) for word in some]
            together = test.outcome(pack.case(said(test.fact, some)).known)
            assert together is (all(alone) if test.only else any(alone))


def test_two_messages_explain_the_causes_of_both(diagnoser: Diagnoser) -> None:
    nothing = probabilities(diagnoser.diagnose({}))
    both = probabilities(diagnoser.diagnose(TWO))

    for cause in ("icloud-storage-is-full", "internet-is-down"):
        assert both[cause] > nothing[cause]
    assert both["iphone-storage-is-full"] < nothing["iphone-storage-is-full"]


def probabilities(report: Report) -> dict[str, float]:
    return {cause.id: cause.probability for cause in report.causes}


def test_no_two_answers_that_may_be_given_together_contradict_each_other(
    diagnoser: Diagnoser,
) -> None:
    facts = [fact for fact in diagnoser.knowledge.facts.values() if fact.several]

    for fact in facts:
        assert isinstance(fact.kind, Choice)
        together = [word for word in fact.kind.labels if word not in fact.kind.alone]
        for pair in combinations(together, 2):
            assert diagnoser.diagnose(said(fact.id, [*pair])).contradictions == []
    assert {fact.id for fact in facts} >= {"backup.switch", "backup.message", "account.prompt"}


def test_of_a_switch_that_is_off_and_grey_what_holds_it_is_the_reason(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"switch": ["grey", "off"]}})

    assert report.case == {"backup": {"switch": ["off", "grey"]}}
    assert report.causes[0].id == "profile-forbids-backup"
    assert report.causes[0].evidence[0].facts == {"backup.switch": ["off", "grey"]}
    assert "icloud-backup-is-off" not in {one.id for one in report.causes if one.status == "proven"}
    # What is grey cannot simply be switched on.
    assert "turn-on-icloud-backup" in {one.remedy for one in report.plan.left_out}


def test_a_contradiction_with_one_of_several_answers_shows_them_all(diagnoser: Diagnoser) -> None:
    facts = {"backup": {"switch": ["off", "grey"], "back_up_now": "works"}}

    [found] = diagnoser.diagnose(facts).contradictions

    assert found.facts == {"backup.back_up_now": "works", "backup.switch": ["off", "grey"]}
    assert "No, it is off; It is grey and cannot be moved" in found.answers[1]


def test_what_one_of_several_answers_opens_may_be_asked(diagnoser: Diagnoser) -> None:
    facts = {"backup": {"message": ["network", "other"]}}

    assert "backup.other_message" in diagnoser.may_be_asked(facts)
    named = {"backup": {"message": ["network", "other"], "other_message": "estimating"}}
    assert diagnoser.diagnose(named).contradictions == []


@pytest.mark.parametrize("words", [*permutations(["busy", "network", "ios-version"])])
def test_a_report_is_the_same_to_the_byte_in_whatever_order_the_answers_come(
    diagnoser: Diagnoser, words: tuple[str, ...]
) -> None:
    sheet = {"backup": {"message": [*words]}}
    report = diagnoser.diagnose(sheet, look_ahead=True)

    assert report.case["backup"]["message"] == ["network", "ios-version", "busy"]
    again = diagnoser.diagnose(diagnoser.Facts.model_validate(sheet), look_ahead=True)
    assert again.json_text() == report.json_text()
    assert Report.model_validate_json(report.json_text()) == report
    assert diagnoser.diagnose(report.case, look_ahead=True).json_text() == report.json_text()


def test_the_trace_and_working_memory_show_every_answer(diagnoser: Diagnoser) -> None:
    [given_now] = {
        test.given
        for rule in diagnoser.trace(TWO).rules
        for test in rule.decided_by.tests
        if test.fact == "backup.message"
    }
    assert given_now is not None
    assert "; " in given_now

    shown = memory.text(diagnoser.memory(TWO), 200)
    assert "backup(message={'icloud-storage', 'network'})" in shown


@pytest.mark.parametrize("form", ["text", "json"])
def test_explanations_are_the_same_to_the_byte_whatever_the_hash_seed(form: str) -> None:
    given = json.dumps(
        {"backup": {"message": ["busy", "network", "ios-version"], "switch": ["grey", "off"]}}
    ).encode()
    more = ("--trace", "--memory", "--format", form)

    shown = [
        run("explain", "-", *more, input=given, env=environment(PYTHONHASHSEED=str(seed)))
        for seed in (0, 3)  # which put these answers in other orders
    ]

    assert shown[0].returncode == 0
    assert len({one.stdout for one in shown}) == 1


def test_a_record_of_several_answers_is_replayed_to_the_byte(diagnoser: Diagnoser) -> None:
    line = record(diagnoser.diagnose(TWO, look_ahead=True), look_ahead=True)

    [replayed] = replay([line], diagnoser)

    assert json.loads(line)["facts"] == {"backup": {"message": ["icloud-storage", "network"]}}
    assert replayed.status == "same"


def test_a_question_says_whether_several_answers_may_hold(diagnoser: Diagnoser) -> None:
    sheet: Data = {}
    asked: dict[str, bool] = {}
    while question := diagnoser.next_question(sheet, thorough=True):
        area, _, name = question.fact.partition(".")
        sheet.setdefault(area, {})[name] = "unknown"
        asked[question.fact] = question.several

    several = {fact.id for fact in diagnoser.knowledge.facts.values() if fact.several}
    assert {fact for fact in asked if asked[fact]} == several & asked.keys()
    assert "account.prompt" in several & asked.keys()
    shown = invoke("next", "-", "--format", "markdown", input=json.dumps(first(sheet, asked)))
    assert "(`account.prompt`, of which several may hold):" in shown.stdout


def first(sheet: Data, asked: dict[str, bool]) -> Data:
    """The facts of which only the account's requests may still be asked for."""
    account = {name: value for name, value in sheet["account"].items() if name != "prompt"}
    return sheet | {"account": account}


def test_conditions_tell_in_words_whether_other_answers_may_hold(diagnoser: Diagnoser) -> None:
    knowledge = diagnoser.knowledge
    any_of = conditions.OneOf("backup.switch", ("off", "grey"))
    only = any_of._replace(only=True)

    assert pages.with_ids(any_of, knowledge) == "backup.switch is (off or grey)"
    assert pages.with_ids(only, knowledge) == "backup.switch is only (off or grey)"
    assert wording.needed(only, knowledge).startswith("only “No, it is off” or “It is grey")


def test_on_the_command_line_several_answers_stand_between_commas() -> None:
    plain = invoke("diagnose", "--format", "json", "--set", "backup.message=busy, Network")
    written = json.dumps({"backup": {"message": ["network", "busy"]}}).encode()

    assert plain.stdout == invoke("diagnose", "-", "--format", "json", input=written).stdout
    assert json.loads(plain.stdout)["case"] == {"backup": {"message": ["network", "busy"]}}


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "unknown", "", 1, None]), max_size=6))
def test_a_list_is_taken_or_each_mistake_in_it_has_its_place(words: list[Any]) -> None:
    right = words == ["d"] or (
        0 < len(words) == len({*words}) and all(word in ("a", "b", "c") for word in words)
    )
    if right:
        value = LETTERS.parse(words)
        assert LETTERS.show(value) == (sorted(words) if len(words) > 1 else words[0])
        return
    with pytest.raises(Unfit):
        LETTERS.parse(words)
    found = [place for place, _ in LETTERS.wrong(words)]
    strange = [place for place, word in enumerate(words) if word not in ("a", "b", "c", "d")]
    if 0 < len(words) <= 4:
        assert {*strange} <= {*found}
        assert None not in found
    else:
        assert found == [None]


def test_all_mistakes_in_a_list_are_named_with_those_of_other_facts(diagnoser: Diagnoser) -> None:
    facts = {
        "backup": {"message": ["bussy", "none", "busy", "busy"], "switch": "of"},
        "wifi": {"connection": ["of", "off"]},
    }
    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose(facts)

    places = [problem.path for problem in error.value.problems]
    assert sorted(places) == [
        "backup.message[0]",
        "backup.message[1]",
        "backup.message[3]",
        "backup.switch",
        "wifi.connection",
    ]
