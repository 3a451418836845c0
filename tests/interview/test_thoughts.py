"""Answers in a conversation of which the person is not sure."""

from __future__ import annotations

from typing import Any

import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.interview.hedging import without_doubt
from diagnoser.interview.picking import pick_doubting
from diagnoser.interview.turns import TRIED_FIELD, Visit
from diagnoser.interview.typed_answers import parse_typed, understand


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("off?", "off"),
        ("off ??", "off"),
        ("I think it is off", "off"),
        ("i think off", "off"),
        ("it is off, I think so", "it is off"),
        ("yes, I think", "yes"),
        ("I think so", "yes"),
        ("Yes, I believe so.", "yes"),
        ("probably", "yes"),
        ("I don't think so", "no"),
        ("I think not", "no"),
        ("probably not", "no"),
        ("maybe yes", "yes"),
        ("5 GB (not quite sure)", "5 GB"),
        ("I guess that's about 5 GB", "about 5 GB"),
        ("off, but I'm not sure", "off"),
    ],
)
def test_doubt_is_heard(text: str, answer: str) -> None:
    assert without_doubt(text) == answer


@pytest.mark.parametrize(
    "text",
    ["", "?", "off", "not sure", "no idea", "I don't know", "thinking", "maybe", "about 5 GB"],
)
def test_no_doubt_is_heard_in_what_says_none(text: str) -> None:
    assert without_doubt(text) is None


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("backup.switch", "off?", {"think": "off"}),
        ("backup.switch", "2?", {"think": "off"}),
        ("backup.switch", "I think so", {"think": "on"}),
        ("backup.switch", "I don't think so", {"think": "off"}),
        ("backup.switch", "not sure?", "unknown"),
        ("backup.switch", "No, it is off", "off"),
        ("backup.message", "1 3?", {"think": ["icloud-storage", "network"]}),
        ("storage.icloud_free_gb", "maybe 300 MB", {"think": 0.3}),
        ("ios.version", "iOS 18.5, I think", {"think": "18.5"}),
        ("ios.version", "27.1 beta 2?", {"think": "27.1 beta 2"}),
        ("device.model", "iphone 12?", {"think": "iPhone 12"}),
        ("tried.restart-iphone", "did not help", "did-not-help"),
    ],
)
def test_what_is_typed_with_doubt_is_a_thought(
    fact: str, text: str, value: Any, diagnoser: Diagnoser
) -> None:
    assert parse_typed(diagnoser.knowledge.facts[fact], text) == value


@pytest.mark.parametrize(
    ("fact", "given", "value"),
    [
        ("backup.switch", {"think": "off"}, {"think": "off"}),
        ("backup.switch", {"think": "off?"}, {"think": "off"}),
        ("backup.switch", {"think": "not sure"}, "unknown"),
        ("power.low_power_mode", {"think": True}, {"think": "on"}),
        ("backup.message", {"think": ["network", "busy"]}, {"think": ["network", "busy"]}),
        ("storage.icloud_free_gb", {"think": 5}, {"think": 5}),
    ],
)
def test_a_host_hands_thoughts_in_as_a_facts_file_has_them(
    fact: str, given: Any, value: Any, diagnoser: Diagnoser
) -> None:
    assert understand(diagnoser.knowledge.facts[fact], given) == value


@pytest.mark.parametrize(
    ("fact", "given"),
    [
        ("backup.switch", {"think": None}),
        ("backup.switch", {"think": "unknown"}),
        ("backup.switch", {"think": {"think": {}}}),
        ("backup.switch", {"think": "sideways"}),
        ("backup.switch", {"think": "off", "sure": "no"}),
        ("backup.switch", {}),
        ("tried.restart-iphone", {"think": "helped"}),
    ],
    ids=str,
)
def test_what_nobody_can_think_is_refused(fact: str, given: Any, diagnoser: Diagnoser) -> None:
    with pytest.raises(InvalidFacts):
        understand(diagnoser.knowledge.facts[fact], given)


BOXES = {"a": "Alpha", "b": "Beta", "c": "Gamma, too", "none": "None", "unknown": "Not sure"}


@pytest.mark.parametrize(
    ("text", "chosen", "doubted"),
    [
        ("1 3", ["a", "c"], set()),
        ("1 3?", ["a", "c"], {"c"}),
        ("1? 3", ["a", "c"], {"a"}),
        ("1?, 3?", ["a", "c"], {"a", "c"}),
        ("I think 1 and 2", ["a", "b"], {"a", "b"}),
        ("alpha? and beta", ["a", "b"], {"a"}),
        ("gamma, too?", ["c"], {"c"}),
        ("none?", ["none"], {"none"}),
    ],
)
def test_of_several_boxes_those_are_in_doubt_that_are_said_to_be(
    text: str, chosen: list[str], doubted: set[str]
) -> None:
    assert pick_doubting(text, BOXES) == (chosen, doubted)


# -- a conversation


def usual(diagnoser: Diagnoser, fact: str) -> Any:
    """The most typical answer, as in a facts file; None where there is none."""
    about = diagnoser.knowledge.facts[fact]
    return about.kind.show(max(about.typical, key=lambda one: one[1])[0]) if about.typical else None


def led_to_the_plan(diagnoser: Diagnoser, facts: Any, again: Any) -> tuple[Interview, list[Visit]]:
    """A conversation up to its plan, and the visits that ask once more for a thought, which
    are answered like this."""
    interview, asked_again = Interview.start(diagnoser, facts), []
    while isinstance(turn := interview.next(), Visit):
        facts = [one.fact for one in turn.fields if one.fact != TRIED_FIELD]
        answers = {fact: usual(diagnoser, fact) for fact in facts}
        if any(one.thought for one in turn.fields):
            asked_again.append(turn)
            answers = {one.fact: again for one in turn.fields}
        if [one.fact for one in turn.fields][-1:] == [TRIED_FIELD]:
            answers |= {TRIED_FIELD: []}
        interview.answer(answers)
        interview = Interview.load(diagnoser, interview.json_text())
    return interview, asked_again


THOUGHT = {"ios": {"version": "26.1"}, "backup": {"switch": {"think": "off"}}}


@pytest.mark.parametrize("again", ["off", "off?", None, "not sure", {"think": "off"}], ids=str)
def test_what_decides_is_asked_once_more_before_the_plan(again: Any, diagnoser: Diagnoser) -> None:
    interview, asked = led_to_the_plan(diagnoser, THOUGHT, again)
    [visit] = asked
    [field] = visit.fields

    assert (field.fact, field.thought) == ("backup.switch", "No, it is off (you think so)")
    assert "If it is so, that is it: iCloud Backup is switched off." in field.why
    known = {one.fact: one.answer for one in interview.known()}
    sure = again == "off"
    assert known["backup.switch"] == ("No, it is off" if sure else "No, it is off (you think so)")
    assert (interview.report().causes[0].status == "proven") is sure


def test_a_sure_answer_takes_the_place_of_a_thought(diagnoser: Diagnoser) -> None:
    interview, _ = led_to_the_plan(diagnoser, THOUGHT, "on")

    assert interview.facts()["backup"]["switch"] == "on"
    assert interview.change("backup.switch", "off?") == {"think": "off"}
    assert interview.facts()["backup"]["switch"] == {"think": "off"}


def test_nobody_is_asked_twice_for_what_decides_nothing(diagnoser: Diagnoser) -> None:
    thought = {"ios": {"version": {"think": "26.1"}}, "lock": {"overnight": {"think": "yes"}}}
    _, asked = led_to_the_plan(diagnoser, thought, None)

    assert asked == []


def test_going_back_takes_the_thought_back(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)
    turn = interview.next()
    assert isinstance(turn, Visit)
    before = interview.json_text()
    interview.answer({turn.fields[0].fact: "1?"})
    assert interview.known()[0].answer.endswith("(you think so)")
    interview.back()

    assert interview.json_text() == before


def test_a_thought_opens_the_way_to_what_depends_on_it(diagnoser: Diagnoser) -> None:
    gates = {
        gate: (visit, field)
        for visit in [Interview.start(diagnoser).next()]
        if isinstance(visit, Visit)
        for field in visit.fields
        for gate in field.only_if
    }
    for gate, (visit, field) in gates.items():
        [word, *_] = field.only_if[gate]
        assert field in visit.relevant({gate: {"think": word}})


def test_what_is_insisted_on_may_be_a_thought(diagnoser: Diagnoser) -> None:
    facts = {"backup": {"switch": "off", "back_up_now": {"think": "works"}}}
    interview = Interview.start(diagnoser, facts)
    for one in interview.contradictions():
        interview.insist(one.facts)
    again = Interview.load(diagnoser, interview.json_text())

    assert again.contradictions() == []
    assert again == interview
