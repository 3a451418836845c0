"""The pages as somebody without script uses them, in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from diagnoser import Diagnoser, Interview
from diagnoser.interview.turns import Look, Step, Visit
from diagnoser.questionnaire import questions, state
from diagnoser.questionnaire.questions import NONE, UNKNOWN
from tests.interview.leading import MOST_TURNS
from tests.questionnaire.no_script import Page, Visitor

Answers = Mapping[str, str | list[str]]


def interview_of(diagnoser: Diagnoser, page: Page) -> Interview:
    """The conversation that a page carries."""
    return state.unpacked(diagnoser, page.state)


def begin(visitor: Visitor, facts: object = None) -> Page:
    """The first page of questions."""
    visitor.open("/" if facts is None else f"/start?facts={quote(json.dumps(facts))}")
    return visitor.press("start")


def answer(visitor: Visitor, answers: Answers) -> Page:
    """Answers what is known on each page, up to the first that asks nothing."""
    while any(do == "answer" for do, _ in visitor.page.form.buttons):
        here = {**visitor.page.form.choices, **visitor.page.form.values}
        visitor.send("answer", {name: one for name, one in answers.items() if name in here})
        assert visitor.answer.status_code == 200
    return visitor.page


WIFI_IS_OFF = {
    "backup.switch": "on",
    "backup.message": "network",
    "backup.last_backup": "within-two-weeks",
    "wifi.connection": "off",
    "network.cellular_backup": "off",
    "storage.room": "enough",
    "account.prompt": "nothing",
    "power.overnight": "yes",
    "lock.overnight": "yes",
}
DOES_NOT_FIT_TOGETHER = WIFI_IS_OFF | {"backup.message": "none", "backup.back_up_now": "works"}


def test_the_first_page_says_what_this_is_and_asks_for_own_words_and_what_was_tried(
    visitor: Visitor,
) -> None:
    page = visitor.open("/")

    assert page.heading == "An iPhone that does not back up to iCloud"
    assert {*page.form.choices} == {"tried"}
    assert {*page.form.values} == {"words"}
    assert page.form.buttons == [("start", "Start now")]
    assert "Nothing that you answer is kept on this server" in page.words


OWN_WORDS = "Wi-Fi is switched off. Low Power Mode is on. Is it the storage?"


def test_what_is_understood_of_own_words_counts_once_it_is_confirmed(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    visitor.open("/")
    page = visitor.press("start", words=OWN_WORDS)
    understood = ["wifi.connection=off", "power.low_power_mode=on"]

    assert page.heading == "Is this right?"
    assert page.form.choices == {"heard": understood}
    assert page.form.values["heard"] == understood
    assert "“Wi-Fi is switched off”" in page.words
    assert interview_of(diagnoser, page).known() == []
    assert OWN_WORDS not in page.text

    page = visitor.press("heard", heard=["wifi.connection=off"])
    assert interview_of(diagnoser, page).facts() == {"wifi": {"connection": "off"}}
    assert "wifi.connection" not in page.form.choices


def test_who_strikes_out_all_that_was_understood_is_asked_as_ever(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    first = begin(visitor)
    visitor.open("/")
    visitor.press("start", words=OWN_WORDS)
    page = visitor.press("heard", heard=[])

    assert interview_of(diagnoser, page).known() == []
    assert page.heading == first.heading


def test_where_nothing_is_understood_the_questions_say_so(visitor: Visitor) -> None:
    visitor.open("/")
    page = visitor.press("start", words="My cat sat on it.")

    assert "Nothing of that was understood for sure" in page.words
    assert any(do == "answer" for do, _ in page.form.buttons)


def test_words_that_are_too_many_are_kept_in_the_form_with_the_reason(visitor: Visitor) -> None:
    visitor.open("/")
    page = visitor.press("start", words="no " * 2000)

    assert visitor.answer.status_code == 422
    assert "There is a problem" in page.words
    assert "4,000" in page.words
    assert "#words" in page.links


@pytest.mark.parametrize("box", ["wifi.connection=ajar", "no.such=on", "=", "tried=on"])
def test_what_nobody_understood_cannot_be_confirmed(visitor: Visitor, box: str) -> None:
    visitor.open("/")
    visitor.press("start", words=OWN_WORDS)
    visitor.press("heard", heard=[box])

    assert visitor.answer.status_code == 400


def test_what_was_tried_at_the_start_is_known_and_not_asked_again(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    visitor.open("/")
    page = visitor.press("start", tried=["restart-iphone", "update-ios"])
    assert interview_of(diagnoser, page).facts()["tried"] == {
        "restart-iphone": "did-not-help",
        "update-ios": "did-not-help",
    }
    while any(do == "answer" for do, _ in visitor.page.form.buttons):
        assert "tried" not in visitor.page.form.choices
        visitor.press("answer", **{"backup.last_backup": "never"})


def test_a_visit_shows_the_place_its_way_and_every_field(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    page = begin(visitor)
    visit = interview_of(diagnoser, page).next()
    assert isinstance(visit, Visit)

    assert page.heading == visit.title
    assert page.title.startswith(visit.title)
    assert all(line in page.words for line in visit.go)
    assert f"about {visit.left} more" in page.words
    for field in visit.fields:
        assert field.why in page.words
        assert all(line in page.words for line in [field.ask, *field.look])
        assert [*field.options] == [
            one for one in page.form.choices[field.fact] if one not in (UNKNOWN, NONE)
        ]
    assert [do for do, _ in page.form.buttons] == [
        *("answer", "cannot-look", "enough", "answers", "save")
    ]


def test_a_field_that_waits_for_another_says_so_without_script(visitor: Visitor) -> None:
    page = begin(visitor)

    assert "Only if you answer “It says something else” to “What does the iPhone say" in page.words


def test_a_proven_cause_leads_over_the_answers_to_the_plan_and_the_end(visitor: Visitor) -> None:
    begin(visitor)
    page = answer(visitor, WIFI_IS_OFF)
    if "What to look at" in page.heading:
        page = visitor.press("enough")
    assert page.heading == "Check your answers"
    assert "No, it is off" not in page.words or "Wi-Fi" in page.words

    page = visitor.press("confirm")
    assert page.heading == "This is the reason: Wi-Fi is switched off."
    page = visitor.press("step")
    assert page.heading == "Switch Wi-Fi on"
    page = visitor.press("outcome", outcome="fixed")
    assert page.heading == "It works again"
    assert "This helped: Switch Wi-Fi on." in page.words


def test_what_was_typed_is_kept_beside_what_is_wrong_with_it(visitor: Visitor) -> None:
    begin(visitor, {"storage": {"icloud_free_gb": 3}})
    visitor.press("answers")
    page = visitor.send("change", {})
    assert page.form.values["storage.icloud_free_gb"] == ["3"]

    page = visitor.send("changed", {"storage.icloud_free_gb": "<b>much</b>"})

    assert visitor.answer.status_code == 422
    assert page.title.startswith("Error: ")
    assert "#storage.icloud_free_gb" in page.links
    assert "storage.icloud_free_gb" in page.ids
    assert page.form.values["storage.icloud_free_gb"] == ["<b>much</b>"]
    assert "<b>" not in visitor.answer.text
    assert page.words.count("is not a number") == 2

    page = visitor.send("changed", {"storage.icloud_free_gb": "300 MB"})
    page = visitor.press("answers")
    assert "0.3 GB" in page.words


def test_boxes_that_exclude_each_other_are_a_mistake_at_their_question(visitor: Visitor) -> None:
    begin(visitor)

    page = visitor.press("answer", **{"backup.message": ["none", "busy"]})

    assert visitor.answer.status_code == 422
    assert "#backup.message" in page.links
    assert page.form.values["backup.message"] == ["busy", "none"]


def test_back_shows_the_page_before_with_what_was_answered(visitor: Visitor) -> None:
    first = begin(visitor)
    visitor.press("answer", **{"backup.switch": "on", "backup.message": ["network", "busy"]})

    page = visitor.press("back")

    assert page.heading == first.heading
    assert page.form.values["backup.switch"] == ["on"]
    assert page.form.values["backup.message"] == ["network", "busy"]
    assert visitor.press("back").form.buttons == [("start", "Start now")]


def test_back_of_the_first_page_keeps_what_was_given_and_tried(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    visitor.open(f"/start?facts={quote(json.dumps({'ios': {'version': '26.1'}}))}")
    visitor.press("start", tried=["update-ios"])

    page = visitor.press("back")

    assert "26.1" in page.words
    assert page.form.values["tried"] == ["update-ios"]
    page = visitor.press("start", tried=["restart-iphone"])
    assert interview_of(diagnoser, page).facts() == {
        "ios": {"version": "26.1"},
        "tried": {"restart-iphone": "did-not-help"},
    }


def test_an_answer_is_changed_where_all_are_checked(visitor: Visitor) -> None:
    begin(visitor)
    answer(visitor, WIFI_IS_OFF)
    if "What to look at" in visitor.page.heading:
        visitor.press("enough")
    [change] = [do for do, _ in visitor.page.form.buttons if do == "change:wifi.connection"]

    page = visitor.send(change, {})
    assert page.form.values["wifi.connection"] == ["off"]
    visitor.send("changed", {"wifi.connection": "connected"})
    answer(visitor, {})
    if "What to look at" in visitor.page.heading:
        visitor.press("enough")

    assert visitor.page.heading == "Check your answers"
    assert "This is the reason" not in visitor.press("confirm").heading


def test_what_does_not_fit_together_is_shown_with_a_way_to_change_it(visitor: Visitor) -> None:
    begin(visitor)
    page = answer(visitor, DOES_NOT_FIT_TOGETHER)
    assert page.words.count("These answers do not fit together") == 1
    assert "A backup by hand cannot work without Wi-Fi" in page.words

    page = visitor.send("change:wifi.connection", {})
    assert "wifi.connection" in page.form.choices
    visitor.send("changed", {"wifi.connection": "connected"})
    page = answer(visitor, DOES_NOT_FIT_TOGETHER)
    assert "do not fit together" not in page.words


def test_who_insists_is_not_asked_again(visitor: Visitor) -> None:
    begin(visitor)
    answer(visitor, DOES_NOT_FIT_TOGETHER)

    page = visitor.send("insist:0", {})

    assert page.heading == "Check your answers"
    assert "do not fit together" not in page.words
    assert "do not fit together" in visitor.press("confirm").words  # the report says so


def test_who_cannot_look_twice_gets_a_list_and_goes_on_by_a_link(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    begin(visitor)
    visitor.press("cannot-look")
    page = visitor.press("cannot-look")
    look = interview_of(diagnoser, page).next()
    assert isinstance(look, Look)
    assert page.heading == "What to look at when you can"
    assert all(visit.title in page.words for visit in look.visits)
    assert all(field.ask in page.words for visit in look.visits for field in visit.fields)

    page = visitor.press("save")
    [link] = [one for one in page.links if one.startswith("/continue?")]
    assert f"http://127.0.0.1:8000{link}" in page.words

    page = visitor.open(link)
    assert page.heading == "What to look at when you can"
    page = visitor.press("looked")
    assert page.heading == look.visits[0].title


def test_what_was_typed_is_taken_along_when_the_page_is_left(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    for do in ("cannot-look", "enough", "answers", "save"):
        begin(visitor)
        page = visitor.press(do, **{"backup.message": "network"})
        assert interview_of(diagnoser, page).facts()["backup"] == {"message": "network"}


def test_a_step_needs_an_outcome(visitor: Visitor) -> None:
    begin(visitor)
    answer(visitor, {"backup.switch": "off"})
    if "What to look at" in visitor.page.heading:
        visitor.press("enough")
    visitor.press("confirm")
    visitor.press("step")

    page = visitor.press("outcome")

    assert visitor.answer.status_code == 422
    assert "#outcome" in page.links
    assert "outcome" in page.ids


def test_no_step_that_helps_leads_to_a_text_to_hand_over(visitor: Visitor) -> None:
    begin(visitor)
    answer(visitor, DOES_NOT_FIT_TOGETHER)
    visitor.send("insist:0", {})
    visitor.press("confirm")
    visitor.press("step")
    for _ in range(MOST_TURNS):
        choices = visitor.page.form.choices
        if "outcome" in choices:
            how = next(one for one in ("did-not-help", "done") if one in choices["outcome"])
            visitor.press("outcome", outcome=how)
        elif any(do == "answer" for do, _ in visitor.page.form.buttons):
            visitor.press("answer")
        elif any(do == "enough" for do, _ in visitor.page.form.buttons):
            visitor.press("enough")
        else:
            break

    assert visitor.page.heading == "Nothing is left that is worth trying alone"
    assert "Below is whom to ask" in visitor.page.words
    assert "tried" in visitor.page.words


def test_what_may_forbid_the_first_step_is_looked_at_from_the_plan(visitor: Visitor) -> None:
    begin(visitor, {"backup": {"message": "ios-version"}})
    visitor.press("enough")
    page = visitor.press("confirm")
    assert "First look" in page.words

    page = visitor.send("change:ios.update_offered", {})
    assert [*page.form.choices] == ["ios.update_offered", "think"]
    page = visitor.send("changed", {"ios.update_offered": "no"})

    assert not any(do == "change:ios.update_offered" for do, _ in page.form.buttons)
    assert "change:ios.update_offered" in [do for do, _ in visitor.press("answers").form.buttons]


def test_the_plan_has_a_link_that_fills_its_facts_in(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    begin(visitor, {"wifi": {"connection": "off"}, "ios": {"version": "26.1"}})
    visitor.press("enough")
    page = visitor.press("confirm")
    [link] = [one for one in page.links if one.startswith("/start?")]

    page = visitor.open(link)

    assert "What is known already" in page.words
    assert interview_of(diagnoser, page).facts() == {
        "wifi": {"connection": "off"},
        "ios": {"version": "26.1"},
    }


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('{"wifi": {"connection": "of"}}', "Did you mean “off”?"),
        ('{"wifi": {"conection": "off"}}', "wifi.conection"),
        ('{"wifi": ', "not JSON"),
        ('{"a": 1, "a": 2}', "written twice"),
        ("{" + " " * 8200 + "}", "longer than 8 KiB"),
        ("a b", "is not whole"),
        ("é", "is not whole"),
        ("bm8", "not JSON"),
    ],
    ids=lambda text: text[:30],
)
def test_facts_in_a_link_that_cannot_be_used_are_explained(
    visitor: Visitor, facts: str, said: str
) -> None:
    page = visitor.open(f"/start?facts={quote(facts)}")

    assert visitor.answer.status_code == 400
    assert said.lower() in page.words.lower()
    assert "/" in page.links


def test_only_the_address_of_a_conversation_is_none(visitor: Visitor) -> None:
    assert visitor.open("/conversation").heading == "No conversation is open here"


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=6)
def test_the_pages_ask_what_the_interview_asks(
    client: TestClient, diagnoser: Diagnoser, seed: int
) -> None:
    random, visitor = Random(seed), Visitor(client)
    page = begin(visitor)
    beside = Interview.start(diagnoser)
    for _ in range(40):
        assert interview_of(diagnoser, page) == beside
        turn = beside.next()
        typed: dict[str, str | list[str]] = {}
        if isinstance(turn, Visit):
            asked = questions.questions(turn.fields)
            assert {one.name for one in asked} <= {*page.form.choices, *page.form.values}
            for name, choices in page.form.choices.items():
                if random.random() < 0.6:
                    typed[name] = [random.choice([one for one in choices if one])]
            beside.answer(questions.answers(asked, {k: [*v] for k, v in typed.items()}))
            page = visitor.send("answer", typed)
        elif isinstance(turn, Look):
            beside.enough()
            page = visitor.press("enough")
        elif not beside.confirmed:
            beside.confirm()
            page = visitor.press("confirm")
        elif isinstance(turn, Step):
            if any(do == "step" for do, _ in page.form.buttons):
                page = visitor.press("step")
            how = random.choice([*turn.outcomes])
            beside.outcome(how)
            page = visitor.press("outcome", outcome=how)
        else:
            break


# -- what one is not quite sure of


def test_each_answer_of_a_page_can_be_one_that_one_is_not_quite_sure_of(
    visitor: Visitor, diagnoser: Diagnoser
) -> None:
    page = begin(visitor)
    choices = next(one.choices["think"] for one in page.forms if "think" in one.choices)
    turn = interview_of(diagnoser, page).next()
    assert isinstance(turn, Visit)
    assert choices == [one.fact for one in turn.fields]

    doubted = {"backup.switch": "off", "backup.message": ["network", "busy"]}
    visitor.send("answer", doubted | {"backup.last_backup": "older", "think": [*doubted]})
    facts = interview_of(diagnoser, visitor.page).facts()["backup"]
    assert facts["switch"] == {"think": "off"}
    assert facts["message"] == {"think": ["network", "busy"]}
    assert facts["last_backup"] == "older"

    shown = visitor.send("answers", {})
    assert "No, it is off (you think so)" in shown.words


def test_going_back_shows_what_one_was_not_quite_sure_of(visitor: Visitor) -> None:
    begin(visitor)
    doubted = {"backup.switch": "off", "backup.message": "network"}
    visitor.send("answer", doubted | {"think": ["backup.switch"]})
    form = visitor.press("back").forms[-1]

    assert form.values["think"] == ["backup.switch"]
    assert form.values["backup.switch"] == ["off"]
    assert form.values["backup.message"] == ["network"]


@pytest.mark.parametrize("doubted", ["backup.switch", "tried", "no.fact", ""])
def test_doubt_of_what_was_not_answered_says_nothing(
    doubted: str, visitor: Visitor, diagnoser: Diagnoser
) -> None:
    begin(visitor)
    visitor.send("answer", {"backup.switch": "unknown", "backup.message": "none", "think": doubted})

    assert visitor.answer.status_code == 200
    assert '"think"' not in interview_of(diagnoser, visitor.page).json_text()


def test_a_changed_answer_may_be_a_thought(visitor: Visitor, diagnoser: Diagnoser) -> None:
    begin(visitor)
    visitor.send("answer", {"backup.switch": "on", "backup.message": "network"})
    visitor.send("answers", {})
    visitor.send("change:backup.switch", {})
    visitor.send("changed", {"backup.switch": "off", "think": "backup.switch"})

    assert interview_of(diagnoser, visitor.page).facts()["backup"]["switch"] == {"think": "off"}
