"""What a conversation asks: only what may be asked, never twice, and not for long."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from diagnoser import Diagnoser, Interview
from diagnoser.interview.history import flat
from diagnoser.interview.turns import Look, Step, Visit
from tests import oracles, packs
from tests.benchmarks.people import Person, people
from tests.interview.leading import (
    MOST_VISITS,
    diagnoser_of,
    facts_asked,
    judged,
    pack_to_talk_about,
    somebody,
    to_the_first_step,
    who_knows,
)
from tests.packs import Pack
from tests.phones import Scenario, scenarios

SIZES = packs.Sizes(areas=3, facts=5, remedies=6)
PEOPLE = people()
PHONES = scenarios()


@given(packs.randoms())
def test_in_any_pack_it_ends_and_asks_only_what_may_be_asked_once(random: Random) -> None:
    pack = pack_to_talk_about(random, SIZES)
    diagnoser = diagnoser_of(pack)
    knows, goes_back = random.choice([0.0, 0.3, 0.8, 1.0]), random.choice([0.0, 0.1])
    interview = Interview.start(diagnoser, thorough=random.randint(0, 2) == 0)

    for _ in judged(interview, pack, somebody(pack, random, knows, goes_back)):
        pass

    report = interview.report()
    as_a_file = json.loads(json.dumps(interview.facts()))
    assert diagnoser.diagnose(as_a_file, look_ahead=True).json_text() == report.json_text()


@settings(max_examples=8)
@given(packs.randoms())
def test_a_random_person_is_asked_only_what_may_be_asked_once(
    diagnoser: Diagnoser, built_in: Pack, random: Random
) -> None:
    given = packs.random_sheet(random, built_in, share=random.choice([0, 10]))
    given.pop("tried", None)
    interview = Interview.start(diagnoser, given)
    known = flat(interview.facts())

    for turn in judged(interview, built_in, somebody(built_in, random, knows=0.9)):
        if isinstance(turn, Visit):
            assert known.keys().isdisjoint(one.fact for one in turn.fields)
        if isinstance(turn, Step):
            break


@pytest.mark.parametrize("person", PEOPLE[::3], ids=lambda one: one.id)
def test_a_real_person_is_asked_only_what_may_be_asked_once(
    diagnoser: Diagnoser, built_in: Pack, person: Person
) -> None:
    interview = Interview.start(diagnoser)

    for turn in judged(interview, built_in, who_knows(person.answers, person.tried)):
        if turn.kind in ("step", "end"):
            break

    assert interview.visits <= MOST_VISITS


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("knows", ["something everywhere", "something at every other place"])
def test_nobody_is_asked_for_more_than_twenty_visits_before_a_step(
    diagnoser: Diagnoser, built_in: Pack, thorough: bool, knows: str
) -> None:
    interview = Interview.start(diagnoser, thorough=thorough)
    visits = 0
    while isinstance(turn := interview.next(), Visit):
        visits += 1
        assert turn.left <= MOST_VISITS - visits
        known = {fact: built_in.texts[fact][-1] for fact in facts_asked(turn)[:1]}
        if knows == "something everywhere" or visits % 2:
            interview.answer(known)
        else:
            interview.cannot_look()

    assert not isinstance(turn, Look)
    assert visits == interview.visits <= MOST_VISITS


@pytest.mark.parametrize("most", [0, 1, 2, 7])
def test_no_more_is_asked_than_allowed(diagnoser: Diagnoser, most: int) -> None:
    interview = Interview.start(diagnoser, max_questions=most)
    asked = 0
    while isinstance(turn := interview.next(), Visit):
        facts = facts_asked(turn)
        assert all({*one.only_if} <= {*facts} for one in turn.fields)
        interview.answer({one.fact: next(iter(one.options), None) for one in turn.fields})
        asked = len(interview.known()) - len(interview.facts().get("tried", {}))

    assert asked <= most
    assert bool(asked) == (most > 0)


@pytest.mark.parametrize("most", [None, 3])
def test_who_may_be_asked_no_more_gets_no_empty_list_to_look_at(
    diagnoser: Diagnoser, most: int | None
) -> None:
    interview = Interview.start(diagnoser, max_questions=most)
    while isinstance(turn := interview.next(), Visit):
        assert turn.fields
        interview.answer({})

    if isinstance(turn, Look):
        assert turn.visits
        assert all(one.fields for one in turn.visits)


def test_a_person_who_knows_nothing_is_asked_for_at_most_four_visits_and_may_look_later(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)

    turns = []
    while isinstance(turn := interview.next(), Visit):
        turns.append(turn)
        interview.answer({})

    assert isinstance(turn, Look)
    assert interview.visits == len(turns) <= 4


def test_progress_is_told_at_every_visit(diagnoser: Diagnoser) -> None:
    titles = [remedy.title for remedy in diagnoser.knowledge.remedies.values()]
    for person in PEOPLE[::8]:
        interview = Interview.start(diagnoser)
        turns = to_the_first_step(interview, who_knows(person.answers, person.tried))
        *visits, _ = turns
        for place, turn in enumerate(visits):
            if isinstance(turn, Look):
                continue
            assert isinstance(turn, Visit)
            assert 0 <= turn.left < MOST_VISITS - place
            assert turn.first_step is None or turn.first_step in titles


def test_a_backup_from_today_ends_the_questions_as_nothing_is_wrong(diagnoser: Diagnoser) -> None:
    today = {
        "backup.switch": "on",
        "backup.last_backup": "within-a-day",
        "backup.back_up_now": "works",
    }
    interview = Interview.start(diagnoser)
    turn = interview.next()
    assert isinstance(turn, Visit)
    assert today.keys() <= {one.fact for one in turn.fields}

    interview.answer(today | {"backup.message": "none"})

    assert not isinstance(interview.next(), Visit | Look)
    assert interview.report().finding.kind == "nothing-wrong"
    given = Interview.start(diagnoser, oracles.sheet_of(today))
    assert not isinstance(given.next(), Visit | Look)
    assert given.report().finding.kind == "nothing-wrong"


def test_an_answer_that_became_irrelevant_does_not_count_and_comes_back(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser)
    interview.answer({"device.management": "supervised", "device.backup_rule": "forbidden"})

    interview.answer({"device.management": "none"})
    assert interview.facts()["device"]["management"] == "none"
    assert "backup_rule" not in interview.facts()["device"]

    interview.answer({"device.management": "profile"})
    assert interview.facts()["device"]["backup_rule"] == "forbidden"


def test_contradictions_are_named_with_what_to_ask_again_until_somebody_insists(
    diagnoser: Diagnoser,
) -> None:
    given = {"management": "none", "backup_rule": "forbidden"}
    interview = Interview.start(diagnoser, {"device": given})
    found = interview.contradictions()

    assert found
    for one in found:
        assert {id.partition(".")[2] for id in one.facts} == set(given)
        assert one.because
        assert one.ask_again in one.facts
        interview.insist(one.facts)
    assert interview.contradictions() == []
    interview.change("device.backup_rule", "allowed")
    assert interview.contradictions() == diagnoser.diagnose(interview.facts()).contradictions


@pytest.mark.parametrize(
    ("given", "opens"),
    [
        ({}, False),
        ({"a.gate": "7"}, True),
        ({"a.gate": 7}, True),
        ({"a.gate": 0.5}, False),
        ({"a.gate": "unknown"}, False),
        ({"a.gate": ["seen", "7"]}, True),
        ({"a.other": "7"}, False),
    ],
    ids=str,
)
def test_a_field_waits_for_an_answer_that_opens_it(
    diagnoser: Diagnoser, given: dict[str, Any], opens: bool
) -> None:
    turn = Interview.start(diagnoser).next()
    assert isinstance(turn, Visit)
    waiting = turn.fields[0].model_copy(update={"only_if": {"a.gate": ["7", "8"]}})
    visit = turn.model_copy(update={"fields": [waiting]})

    assert bool(visit.relevant(given)) == opens


def test_a_field_says_why_it_is_asked_in_words_of_a_layman(diagnoser: Diagnoser) -> None:
    titles = [cause.title for cause in diagnoser.knowledge.causes.values()]
    turn = Interview.start(diagnoser).next()
    assert isinstance(turn, Visit)

    for field in turn.fields:
        assert field.why.endswith(".")
        assert field.fact not in field.why
    assert any(title in field.why for field in turn.fields for title in titles)


def test_every_field_carries_all_that_a_host_has_to_know(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, thorough=True)
    seen: dict[str, Any] = {}
    while isinstance(turn := interview.next(), Visit):
        assert turn.title
        looks = [one.look for one in turn.fields if one.fact != "tried"]
        assert turn.go or turn.place is None or all(looks)
        seen |= {one.fact: one for one in turn.fields}
        interview.answer({turn.fields[0].fact: next(iter(turn.fields[0].options), "not sure")})

    known = diagnoser.knowledge.facts
    assert len(seen) > 30
    for id, field in seen.items():
        if id == "tried":
            continue
        assert field.ask == known[id].ask
        assert field.look or not known[id].look
        assert field.several == known[id].several
        if field.kind == "choice":
            assert [*field.options] == [*known[id].kind.labels]  # type: ignore[union-attr]
            assert {*field.alone} <= {*field.options}
        elif field.kind == "number":
            assert field.unit
            assert field.low is not None
            assert field.high is not None
            assert field.low < field.high
        elif field.kind == "name":
            assert len(field.options) > 20
        if field.tick is not None:
            assert {field.tick.ticked, field.tick.unticked} == {*field.options}
            assert field.tick.text
    assert {"choice", "number", "version", "name"} == {
        field.kind for id, field in seen.items() if id != "tried"
    }


@pytest.mark.parametrize("phone", PHONES[::25], ids=lambda one: one.case)
def test_a_finished_plan_names_every_precondition(diagnoser: Diagnoser, phone: Scenario) -> None:
    interview = Interview.start(diagnoser)
    to_the_first_step(interview, who_knows(phone.facts))

    check = interview.report().plan.check

    assert [one.id for one in check] == [*diagnoser.knowledge.preconditions]
    for one in check:
        assert one.status in ("holds", "fails", "not-known")
        assert one.look or one.status != "not-known"
