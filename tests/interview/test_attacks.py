"""Whatever a host or a file says, a conversation takes it or names what is wrong with it."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import Diagnoser, DiagnoserError, Interview, InvalidFacts, Problem
from diagnoser.interview.turns import Step, Visit
from tests.interview.leading import copy_of, diagnoser_of, pack_to_talk_about

ODD = [None, True, 3, 0.5, "", "x", "\ud800", [], ["x"], [["x"]], {}, {"x": []}, b"x", object()]
BASE = {"session": 2, "knowledge": {"id": "iphone-icloud-backup"}, "given": {}, "said": []}


def named(value: Any) -> str:
    """A name for a value that is the same in every process."""
    return ascii(value) if "object at" not in repr(value) else type(value).__name__


def refused(interview: Interview, say: Any) -> InvalidFacts:
    """What is wrong with something said; nothing of it is taken."""
    before = interview.json_text()
    with pytest.raises(InvalidFacts) as error:
        say()
    assert interview.json_text() == before
    assert str(error.value).encode()
    return error.value


def problems_of(say: Any) -> list[Problem]:
    """What is wrong with something said, if anything is."""
    try:
        say()
    except InvalidFacts as error:
        return [Problem(*one) for one in error.problems]
    return []


# -- answers


def test_every_mistake_of_a_form_is_named_at_once_and_nothing_is_taken(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    form = {
        "backup.switch": "of the moon",
        "backup.mesage": "none",
        "storage.icloud_free_gb": "much",
        "ios.version": 18.5,
        "device.newest_ios": "18",
        "wifi.connection": "off",
        3: "x",
        "tried": ["restart-iphon"],
    }

    error = refused(interview, lambda: interview.answer(form))  # type: ignore[arg-type]

    found = {one.path: one for one in error.problems}
    assert {*found} == {
        "backup.switch",
        "backup.mesage",
        "storage.icloud_free_gb",
        "ios.version",
        "device.newest_ios",
        "3",
        "tried.restart-iphon",
    }
    assert found["backup.mesage"].near == "backup.message"
    assert found["tried.restart-iphon"].near == "restart-iphone"
    assert found["storage.icloud_free_gb"].allowed
    assert found["ios.version"].near == "18.5"


@pytest.mark.parametrize("values", [None, 3, "backup.switch", ["backup.switch"], b"{}", object()])
def test_a_form_that_is_no_mapping_is_refused(diagnoser: Diagnoser, values: Any) -> None:
    interview = Interview.start(diagnoser)

    refused(interview, lambda: interview.answer(values))


@pytest.mark.parametrize("value", ODD, ids=named)
@pytest.mark.parametrize("fact", ["backup.switch", "backup.message", "ios.version", "device.model"])
def test_an_answer_of_any_type_is_taken_or_refused(
    diagnoser: Diagnoser, fact: str, value: Any
) -> None:
    interview = Interview.start(diagnoser)
    problems = problems_of(lambda: interview.answer({fact: value}))

    assert [one.path for one in problems] == [fact] * len(problems)
    assert bool(interview.said) == (not problems)
    assert copy_of(interview) == interview


@pytest.mark.parametrize("value", ODD, ids=named)
def test_what_was_tried_of_any_type_is_taken_or_refused(diagnoser: Diagnoser, value: Any) -> None:
    for said in (value, {"restart-iphone": value}, [value], ["restart-iphone", value]):
        interview = Interview.start(diagnoser)
        wrong = problems_of(lambda: interview.answer({"tried": said}))  # noqa: B023
        assert bool(interview.said) == (not wrong)
        assert copy_of(interview) == interview


def test_facts_outside_the_visit_are_taken_and_not_asked_any_more(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)

    interview.answer({"wifi.connection": "off", "device.model": "iPhone 14"}, more=True)

    turn = interview.next()
    assert isinstance(turn, Visit)
    asked = set[str]()
    while isinstance(turn := interview.next(), Visit):
        asked |= {one.fact for one in turn.fields}
        interview.answer({one.fact: next(iter(one.options), None) for one in turn.fields})
    assert asked.isdisjoint(("wifi.connection", "device.model"))
    assert interview.facts()["device"]["model"] == "iPhone 14"


def test_an_answer_that_was_given_before_can_be_given_once_more(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, {"wifi": {"connection": "off"}})

    interview.answer({"wifi.connection": "connected"})

    assert interview.facts()["wifi"]["connection"] == "connected"
    assert interview.back()
    assert interview.facts() == {"wifi": {"connection": "off"}}


# -- everything else that a host can say


@pytest.mark.parametrize("value", ODD, ids=named)
def test_a_change_of_anything_is_taken_or_refused(diagnoser: Diagnoser, value: Any) -> None:
    interview = Interview.start(diagnoser, {"ios": {"version": "18"}})
    interview.answer({"backup.switch": "on", "tried": ["restart-iphone"]})
    for fact in ("ios.version", "backup.switch", "wifi.connection", "tried.restart-iphone"):
        problems_of(lambda: interview.change(fact, value))  # noqa: B023
    refused(interview, lambda: interview.change(value, "on"))
    assert copy_of(interview) == interview


@pytest.mark.parametrize("fact", ["moon.phase", "device.newest_ios", "tried.pray", "tried", ""])
def test_what_is_no_fact_cannot_be_changed(diagnoser: Diagnoser, fact: str) -> None:
    interview = Interview.start(diagnoser)

    error = refused(interview, lambda: interview.change(fact, "on"))

    assert error.problems[0].path == fact


@pytest.mark.parametrize(
    "facts",
    [None, 3, ["wifi.connection"], {"moon.phase": "full"}, {"wifi.connection": object()}, {3: "x"}],
    ids=named,
)
def test_nobody_insists_on_what_is_no_fact(diagnoser: Diagnoser, facts: Any) -> None:
    interview = Interview.start(diagnoser)

    refused(interview, lambda: interview.insist(facts))


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"max_questions": -1}, "max_questions"),
        ({"max_questions": "3"}, "max_questions"),
        ({"max_questions": 1.5}, "max_questions"),
        ({"thorough": "yes"}, "thorough"),
        ({"facts": {"wifi": {"connection": "of"}}}, "wifi.connection"),
        ({"facts": {"tried": {"pray": "helped"}}}, "tried.pray"),
        ({"facts": 3}, ""),
    ],
    ids=str,
)
def test_a_conversation_does_not_start_with_what_could_not_be_kept(
    diagnoser: Diagnoser, options: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidFacts) as error:
        Interview.start(diagnoser, **options)

    assert error.value.problems[0].path == path


# -- JSON


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '"x"', "\ud800", '{"session": 2', "{" * 100_000, " " * 70_000],
    ids=lambda text: ascii(text[:20]),
)
def test_text_that_is_no_conversation_is_refused(diagnoser: Diagnoser, text: str) -> None:
    with pytest.raises(InvalidFacts):
        Interview.load(diagnoser, text)


@pytest.mark.parametrize("data", [None, [], 3, "x", {3: 4}, {"said": 3}], ids=named)
def test_data_that_is_no_conversation_is_refused(diagnoser: Diagnoser, data: Any) -> None:
    with pytest.raises(InvalidFacts):
        Interview.of(diagnoser, data)


VISITED = {"visit": "icloud-backup-page", "answers": {"backup.switch": "on"}}
HELPED = {"steps": ["restart-iphone"], "outcome": "helped"}
SENSELESS = {
    "answers after it was fixed": [HELPED, VISITED],
    "a step after it was fixed": [HELPED, {"steps": ["restart-iphone"], "outcome": "did-not-help"}],
    "steps that were never advised": [{"steps": ["set-date"], "outcome": "done"}],
    "all steps done": [{"steps": ["restart-iphone", "update-ios"], "outcome": "done"}],
    "one step done twice": [{"steps": ["restart-iphone"], "outcome": "done"}] * 2,
    "no steps": [{"steps": [], "outcome": "did-not-help"}],
    "no steps done": [{"steps": [], "outcome": "done"}],
    "a preparation that prepares nothing": [{"steps": ["update-ios"], "outcome": "prepared"}],
    "the same visit twice": [VISITED, VISITED],
    "a visit that waits for what it has": [{**VISITED, "waits": ["backup.switch"]}],
    "a visit that waits for what is seen elsewhere": [{**VISITED, "waits": ["wifi.signal"]}],
    "a visit that waits for what nobody asks": [{**VISITED, "waits": ["device.newest_ios"]}],
    "a visit that waits for a remedy": [{**VISITED, "waits": ["tried.restart-iphone"]}],
    "a visit that waits for itself over and over": [{**VISITED, "waits": ["backup.message"]}] * 3,
    "everything skipped": [{"skipped": "", "facts": ["wifi.signal", "ios.version"]}] * 3,
    "looked without being sent": [{"looked": True}] * 3,
    "enough of enough": [{"enough": True}] * 3,
    "irrelevant answers": [
        {"visit": "", "answers": {"backup.message": "none", "backup.other_message": "estimating"}}
    ],
    "forgot what was not known": [
        {"steps": ["update-ios"], "outcome": "did-not-help", "forgot": ["wifi.signal"]}
    ],
    "tried again and again": [
        {"visit": "", "answers": {}, "tried": {"update-ios": how}}
        for how in ("did-not-help", "could-not-do", "unknown")
    ],
}


def leads_on(interview: Interview) -> None:
    """Something comes next, and it can be answered."""
    turn = interview.next()
    if isinstance(turn, Visit):
        assert turn.fields
        interview.answer({})
    elif isinstance(turn, Step):
        assert turn.step is not None or turn.done
        interview.outcome(next(iter(turn.outcomes)))


@pytest.mark.parametrize("said", SENSELESS.values(), ids=SENSELESS)
def test_what_makes_no_sense_leads_on_all_the_same(
    diagnoser: Diagnoser, said: list[dict[str, Any]]
) -> None:
    interview = Interview.of(diagnoser, json.loads(json.dumps(BASE | {"said": said})))

    leads_on(interview)

    assert copy_of(interview).next() == interview.next()
    interview.report()
    interview.known()
    interview.look()
    while interview.back():
        interview.next()


def events(diagnoser: Diagnoser) -> st.SearchStrategy[dict[str, Any]]:
    """Anything that may stand in a session, made of the right words in any order."""
    known = diagnoser.knowledge
    facts = st.sampled_from([id for id, one in known.facts.items() if one.typical])
    answers = facts.flatmap(
        lambda id: st.sampled_from(
            [
                (id, "unknown"),
                *((id, known.facts[id].kind.show(v)) for v, _ in known.facts[id].typical),
            ]
        )
    )
    forms = st.lists(answers, max_size=4).map(dict)
    places = st.sampled_from(["", *known.places])
    some = st.lists(facts, max_size=3)
    remedies = st.sampled_from([*known.remedies])
    went = st.sampled_from(["did-not-help", "could-not-do", "prepared", "helped"])
    return st.one_of(
        st.fixed_dictionaries({"visit": places, "answers": forms, "waits": some, "aside": some}),
        st.fixed_dictionaries({"skipped": places, "facts": some}),
        st.fixed_dictionaries(
            {"steps": st.lists(remedies, max_size=2), "outcome": went, "forgot": some}
        ),
        st.fixed_dictionaries(
            {"steps": st.lists(remedies, min_size=1, max_size=2), "outcome": st.just("done")}
        ),
        st.fixed_dictionaries({"insisted": forms}),
        st.sampled_from([{"looked": True}, {"enough": True}, {"confirmed": True}]),
    )


@settings(max_examples=25)
@given(st.data())
def test_any_sound_session_leads_on(diagnoser: Diagnoser, data: st.DataObject) -> None:
    said = data.draw(st.lists(events(diagnoser), max_size=6))
    interview = Interview.of(diagnoser, BASE | {"said": json.loads(json.dumps(said))})

    leads_on(interview)

    interview.report()
    interview.known()
    assert copy_of(interview).next() == interview.next()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*BASE, "thorough", "max_questions", "x"]), JSON))
def test_no_json_makes_it_stumble(diagnoser: Diagnoser, changes: dict[str, Any]) -> None:
    if not problems_of(lambda: Interview.of(diagnoser, BASE | changes)):
        assert Interview.of(diagnoser, BASE | changes).next()


@given(st.lists(JSON, min_size=1, max_size=3))
def test_nothing_said_makes_it_stumble(diagnoser: Diagnoser, said: list[Any]) -> None:
    keys = ["visit", "skipped", "looked", "tried", "steps", "insisted", "confirmed", "enough"]
    for key in keys:
        with pytest.raises(DiagnoserError):
            Interview.of(diagnoser, BASE | {"said": [{key: one, "no": 1} for one in said]})


def test_a_thousand_things_said_are_no_burden(diagnoser: Diagnoser) -> None:
    said = [
        {"visit": "", "answers": {"ios.version": "18"}},
        {"skipped": "top-of-the-screen", "facts": ["wifi.connection"]},
        {"looked": True},
        {"insisted": {"ios.version": "18"}},
    ]
    interview = Interview.of(diagnoser, BASE | {"said": said * 250})

    assert interview.next() == Interview.of(diagnoser, BASE | {"said": said * 250}).next()
    taken_back = 0
    while interview.back():
        taken_back += 1
    assert taken_back == 750


@given(st.integers(0, 2**32 - 1))
def test_nothing_that_a_pack_of_its_own_asks_needs_the_built_in_one(seed: int) -> None:
    pack = pack_to_talk_about(Random(seed))
    diagnoser = diagnoser_of(pack)
    interview = Interview.start(diagnoser)

    assert interview.diagnoser is diagnoser
    assert copy_of(interview).diagnoser is diagnoser
