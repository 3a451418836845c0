"""What people say of themselves: what they tried, that they cannot look now, that it is enough; and
going back."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.interview.turns import TRIED_FIELD, Look, Step, Turn, Visit
from tests import packs
from tests.interview.leading import (
    asks_what_was_tried,
    copy_of,
    diagnoser_of,
    facts_asked,
    form_at_random,
    ordinary,
    pack_to_talk_about,
    somebody,
    to_the_first_step,
    what_was_tried,
    who_knows,
)
from tests.packs import Pack
from tests.phones import scenarios

SIZES = packs.Sizes(areas=3, facts=5, remedies=6)


def to_what_was_tried(interview: Interview) -> Visit:
    """The visit that asks what was tried, which a person who knows something comes to."""
    while isinstance(turn := interview.next(), Visit):
        if asks_what_was_tried(turn):
            return turn
        who_knows(ordinary(interview.diagnoser))(interview, turn)
    raise AssertionError("nobody asks what was tried")


def open_visits(interview: Interview) -> list[list[str]]:
    """The facts of each visit up to one at which the person is taken not to be able to look."""
    visits = []
    while isinstance(turn := interview.next(), Visit):
        visits.append(facts_asked(turn))
        interview.answer({})
    return visits


# -- what was tried


def test_what_was_tried_is_asked_once_before_the_first_step(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)

    turns = to_the_first_step(
        interview, who_knows(ordinary(diagnoser), {"restart-iphone": "did-not-help"})
    )

    [asked] = filter(asks_what_was_tried, turns)
    field = what_was_tried(asked)
    assert field.several
    assert "restart-iphone" in field.options
    assert {*diagnoser.knowledge.commonly_tried} <= {*field.options}
    steps = [one.remedy for one in interview.report().plan.steps]
    assert steps
    assert "restart-iphone" not in steps
    assert interview.facts()["tried"] == {"restart-iphone": "did-not-help"}


def test_the_steps_that_the_plan_would_begin_with_are_among_those_that_may_have_been_tried(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    turn = to_what_was_tried(interview)

    steps = [one for one in interview.report().plan.steps if one.chance is not None]

    assert [one.remedy for one in steps[:4]] == [*what_was_tried(turn).options][: len(steps[:4])]
    assert turn.first_step == steps[0].title


@pytest.mark.parametrize("way", ["given", "said early", "said at once", "none"])
def test_what_was_tried_is_not_asked_again(diagnoser: Diagnoser, way: str) -> None:
    tried = {"restart-iphone": "did-not-help"}
    interview = Interview.start(diagnoser, {"tried": tried} if way == "given" else {})
    if way == "said early":
        interview.answer({TRIED_FIELD: tried})

    turns = to_the_first_step(
        interview, who_knows(ordinary(diagnoser), tried if way == "said at once" else {})
    )

    asked = sum(map(asks_what_was_tried, turns))
    assert asked == (1 if way in ("said at once", "none") else 0)
    assert interview.facts().get("tried") == (None if way == "none" else tried)
    assert not any(map(asks_what_was_tried, after_some_steps(interview)))


def after_some_steps(interview: Interview) -> list[Turn]:
    turns = []
    while isinstance(turn := interview.next(), Step | Visit) and len(turns) < 8:
        turns.append(turn)
        who_knows(ordinary(interview.diagnoser))(interview, turn)
    return turns


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1", 1),
        ("1 and 2", 2),
        ("none of these", 0),
        ("", 0),
        ([], 0),
        (None, 0),
        (["restart-iphone"], 1),
        (("restart-iphone",), 1),
        ({"restart-iphone": "could-not-do"}, 1),
    ],
)
def test_what_was_tried_may_be_typed_too(diagnoser: Diagnoser, said: Any, meant: int) -> None:
    interview = Interview.start(diagnoser)
    to_what_was_tried(interview)

    taken = interview.answer({TRIED_FIELD: said})

    assert len(taken[TRIED_FIELD]) == meant == len(interview.facts().get("tried", {}))
    assert not asks_what_was_tried(interview.next())


@pytest.mark.parametrize("when", ["at the first visit", "when it is asked"])
def test_facts_and_what_was_tried_can_be_said_at_once(diagnoser: Diagnoser, when: str) -> None:
    interview = Interview.start(diagnoser)
    turn: Turn = interview.next()
    if when == "when it is asked":
        turn = to_what_was_tried(interview)

    taken = interview.answer({"wifi.airplane_mode": "on", TRIED_FIELD: ["restart-iphone"]})

    assert taken["wifi.airplane_mode"] == "on"
    assert taken[TRIED_FIELD] == ["restart-iphone"]
    assert interview.facts()["wifi"]["airplane_mode"] == "on"
    assert interview.facts()["tried"] == {"restart-iphone": "did-not-help"}
    assert interview.back()
    assert interview.next() == turn
    assert "tried" not in interview.facts()


def test_a_mistake_in_what_was_tried_leaves_the_facts_untaken_too(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)

    with pytest.raises(InvalidFacts) as error:
        interview.answer({"backup.switch": "moon", "ios.version": "18", TRIED_FIELD: ["pray"]})

    assert {one.path for one in error.value.problems} == {"backup.switch", "tried.pray"}
    assert interview.said == []


# -- who cannot look now


def test_two_visits_left_wholly_open_lead_to_a_list_of_what_to_look_at(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    visits = open_visits(interview)

    look = interview.next()

    assert len(visits) == 2
    assert isinstance(look, Look)
    assert look == interview.look()
    listed = [facts_asked(one) for one in look.visits]
    assert listed[:1] == visits[:1]
    for one in look.visits:
        assert one.go or one.place is None or all(field.look for field in one.fields)
    asked = [fact for one in listed for fact in one]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("way", ["left open", "cannot look"])
def test_who_has_looked_is_asked_for_it_again(diagnoser: Diagnoser, way: str) -> None:
    interview = Interview.start(diagnoser)
    first = interview.next()
    for _ in range(2):
        interview.answer({}) if way == "left open" else interview.cannot_look()
    assert interview.next().kind == "look"

    interview.looked()

    assert facts_asked(interview.next()) == facts_asked(first)
    assert interview.facts() == {}
    fact, *_ = facts_asked(first)
    interview.answer({fact: "2"})
    assert interview.next().kind == "visit"


def test_who_was_asked_field_by_field_and_has_looked_is_asked_for_all_of_it_again(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    first = interview.next()
    while isinstance(turn := interview.next(), Visit):
        interview.answer({turn.fields[0].fact: "not sure"}, more=True)
    assert turn.kind == "look"

    interview.looked()

    assert facts_asked(interview.next()) == facts_asked(first)


def test_a_visit_at_which_something_was_answered_is_not_one_that_was_left_open(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    for _ in range(2):
        turn = interview.next()
        assert isinstance(turn, Visit)
        fact = next(one for one in turn.fields if one.options)
        interview.answer({fact.fact: next(iter(fact.options))}, more=True)
        interview.cannot_look()

    assert interview.next().kind != "look"


@pytest.mark.parametrize("answers", [{"backup.switch": "on"}, {"ios.version": "18.5"}])
def test_an_answer_ends_the_list_of_what_to_look_at(
    diagnoser: Diagnoser, answers: dict[str, str]
) -> None:
    interview = Interview.start(diagnoser)
    open_visits(interview)
    assert interview.next().kind == "look"

    interview.answer(answers)

    assert interview.next().kind != "look"


@given(packs.randoms())
def test_nobody_gets_an_empty_list_to_look_at(random: Random) -> None:
    pack = pack_to_talk_about(random, SIZES)
    interview = Interview.start(diagnoser_of(pack), thorough=random.randint(0, 1) == 1)
    open_visits(interview)

    turn = interview.next()

    assert not isinstance(turn, Look) or turn.visits
    interview.looked()
    assert not isinstance(interview.next(), Look)


def test_enough_leads_to_the_plan_from_what_is_known(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)
    open_visits(interview)

    interview.enough()

    assert isinstance(turn := interview.next(), Step)
    assert turn.step is not None
    assert turn.step.remedy == interview.report().plan.steps[0].remedy


def test_enough_in_the_middle_of_a_visit_ends_it(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)
    interview.answer({"backup.switch": "on"}, more=True)
    assert interview.next().kind == "visit"

    interview.enough()

    assert interview.next().kind == "step"


def test_enough_holds_until_a_step_has_been_tried(diagnoser: Diagnoser) -> None:
    given = {"wifi": {"connection": "off"}, "network": {"cellular_backup": "off"}}
    interview = Interview.start(diagnoser, given)
    interview.enough()
    assert isinstance(interview.next(), Step)
    interview.outcome("did-not-help")
    assert "wifi.connection" in facts_asked(interview.next())
    interview.enough()
    assert isinstance(interview.next(), Step)
    interview.outcome("could-not-do")
    assert "wifi.connection" in facts_asked(interview.next())


# -- going back


def says(interview: Interview, turn: Turn, random: Random, pack: Pack) -> None:
    """One thing that a person may say at a turn, whatever it is."""
    others = [interview.enough, interview.looked, interview.cannot_look]
    if random.randint(0, 6) == 0 and turn.kind in ("visit", "look"):
        random.choice(others if turn.kind == "visit" else others[:2])()
    elif isinstance(turn, Visit) and random.randint(0, 3) == 0:
        form = form_at_random(pack, random, turn, 0.5)
        interview.answer(form, more=random.randint(0, 1) == 1)
    else:
        somebody(pack, random)(interview, turn)


@given(packs.randoms())
def test_back_gives_the_former_turn_again_to_the_byte(random: Random) -> None:
    pack = pack_to_talk_about(random, SIZES)
    interview = Interview.start(diagnoser_of(pack), thorough=random.randint(0, 2) == 0)
    kept, turns = [], []
    for _ in range(40):
        if (turn := interview.next()).kind == "end":
            break
        kept.append(interview.json_text())
        turns.append(turn.model_dump_json())
        says(interview, turn, random, pack)
        once = copy_of(interview)
        assert once.back()
        assert once.json_text() == kept[-1]

    while turns:
        assert interview.back()
        assert interview.json_text() == kept.pop()
        assert interview.next().model_dump_json() == turns.pop()
    assert not interview.back()
    assert interview.said == []


@pytest.mark.parametrize("seed", range(2))
def test_back_gives_the_former_turn_of_a_real_conversation(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    random = Random(seed)
    phone = random.choice(scenarios())
    interview = Interview.start(diagnoser)
    turns = []
    for _ in range(9):
        if (turn := interview.next()).kind == "end":
            break
        turns.append(turn.model_dump_json())
        who_knows(phone.facts)(interview, turn)
    while turns:
        assert interview.back()
        assert interview.next().model_dump_json() == turns.pop()
    assert not interview.back()


def test_what_only_the_screen_needs_to_know_is_taken_back_with_what_was_said_before(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    first = interview.next()
    interview.answer({"backup.switch": "on"})
    interview.confirm()
    interview.insist({"backup.switch": "on"})
    assert interview.confirmed

    assert interview.back()

    assert interview.next() == first
    assert not interview.confirmed
    assert not interview.back()
