"""A conversation as data: it can be left and taken up again, and what is damaged is named."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from pydantic import TypeAdapter

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.interview import session_file
from diagnoser.interview.history import Outcome
from diagnoser.interview.turns import Step, Turn, Visit
from diagnoser.knowledge.model import DID_NOT_HELP
from tests.interview.leading import judged, somebody, written
from tests.packs import Pack

MOST = "max_questions"
SESSION = {"session": 2, "knowledge": {"id": "iphone-icloud-backup"}, "given": {}, "said": []}


@pytest.mark.parametrize("place", ["at a visit", "elsewhere"])
def test_a_host_may_change_what_it_got_or_handed_in(diagnoser: Diagnoser, place: str) -> None:
    interview = Interview.start(diagnoser)
    if place == "elsewhere":
        interview.enough()
    insisted = {"backup.message": ["busy", "network"]}
    taken = interview.answer({"backup.message": ["busy", "network"]})
    changed = interview.change("backup.message", "busy, icloud-storage")
    interview.insist(insisted)
    known = interview.facts()["backup"]["message"]
    kept = interview.json_text()

    for messages in (taken["backup.message"], changed, insisted["backup.message"], known):
        messages.append("none")
    taken["wifi.connection"] = "off"

    assert interview.json_text() == kept


def test_a_session_keeps_everything(diagnoser: Diagnoser, tmp_path: Path) -> None:
    interview = Interview.start(
        diagnoser, {"wifi": {"connection": "off"}}, thorough=True, max_questions=70
    )
    interview.answer({"ios.version": "18.5", "backup.switch": "not sure"}, more=True)
    interview.answer({"backup.message": "network and busy"})
    interview.cannot_look()
    interview.looked()
    interview.answer({"tried": {"restart-iphone": "could-not-do"}})
    interview.insist({"wifi.connection": "off", "backup.message": ["network", "busy"]})
    interview.enough()
    interview.confirm()
    interview.said.append(Outcome(("restart-iphone",), DID_NOT_HELP, ("backup.switch",)))
    session_file.save(interview, tmp_path / "s.json")

    again = session_file.load(diagnoser, tmp_path / "s.json")

    assert again == interview
    assert again.next() == interview.next()
    assert again.known() == interview.known()
    assert "switch" not in again.facts()["backup"]
    assert again.facts()["backup"]["message"] == ["network", "busy"]
    assert Interview.load(diagnoser, interview.json_text()) == interview
    assert Interview.load(diagnoser, interview.json_text().encode()) == interview
    assert Interview.of(diagnoser, written(interview)) == interview
    assert Interview.model_validate(written(interview), context=diagnoser) == interview


def test_a_session_file_has_the_same_form_as_ever(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, {"wifi": {"connection": "off"}}, max_questions=7)
    asked = interview.next()
    assert asked.kind == "visit"
    assert asked.place == "icloud-backup-page"
    interview.answer({"backup.switch": "on"}, more=True)
    left = interview.next()
    assert left.kind == "visit"
    rest = [one.fact for one in left.fields]
    open_now = [one.fact for one in left.relevant({"backup.switch": "on"})]
    interview.answer({})
    interview.cannot_look()
    interview.looked()
    interview.insist({"wifi.connection": "off"})
    interview.confirm()
    interview.enough()
    interview.answer({"tried": ["restart-iphone"]})
    interview.said.append(Outcome(("restart-iphone",), DID_NOT_HELP, ("backup.switch",)))
    known = diagnoser.knowledge

    data = written(interview)

    first, second, skipped, *others = data["said"]
    [tried] = [one for one in others if one.get("tried")]
    assert tried["tried"] == {"restart-iphone": "did-not-help"}
    assert list(first) == ["visit", "answers", "waits", "aside", "tried"]
    assert first | {"aside": []} == {
        "visit": "icloud-backup-page",
        "answers": {"backup.switch": "on"},
        "waits": rest,
        "aside": [],
        "tried": None,
    }
    assert second["answers"] == dict.fromkeys(open_now, "unknown")
    assert list(skipped) == ["skipped", "facts"]
    assert others == [
        {"looked": True},
        {"insisted": {"wifi.connection": "off"}},
        {"confirmed": True},
        {"enough": True},
        tried,
        {"steps": ["restart-iphone"], "outcome": "did-not-help", "forgot": ["backup.switch"]},
    ]
    assert {key: data[key] for key in data if key != "said"} == {
        "session": 2,
        "knowledge": {"id": known.id, "version": known.version},
        "thorough": False,
        "max_questions": 7,
        "given": {"wifi.connection": "off"},
    }


def test_a_conversation_without_a_diagnoser_is_one_of_the_built_in_knowledge(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser, {"wifi": {"connection": "off"}})

    again = Interview.model_validate_json(interview.json_text())

    assert again.next() == interview.next()


def test_a_turn_survives_json_and_what_a_host_does_to_it(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)
    turns = TypeAdapter[Turn](Turn)
    kinds = set()
    for say in (interview.cannot_look, interview.cannot_look, interview.enough, lambda: None):
        turn = interview.next()
        text = turn.model_dump_json()
        assert turns.validate_json(text) == turn
        kinds.add(turn.kind)
        if isinstance(turn, Visit):
            turn.fields.clear()
        elif isinstance(turn, Step):
            turn.outcomes.clear()
        assert interview.next().model_dump_json() == text
        say()
    assert kinds == {"visit", "look", "step"}


def test_a_conversation_can_be_copied_and_sent_to_another_process(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, diagnoser.Facts.model_validate({"wifi": {}}))
    interview.answer({"backup.switch": "on"})

    for other in (copy.deepcopy(interview), pickle.loads(pickle.dumps(interview))):
        assert other == interview
        other.answer({"wifi.connection": "off"})
        assert other != interview
    optional = {"thorough", MOST, "provenance"}
    assert Interview.model_json_schema()["properties"].keys() == {*SESSION, *optional}


@pytest.mark.parametrize("way", ["whole forms", "field by field"])
def test_the_longest_conversation_can_be_taken_up_again(
    diagnoser: Diagnoser, tmp_path: Path, way: str
) -> None:
    interview = Interview.start(diagnoser, thorough=True)
    while (turn := interview.next()).kind == "visit":
        facts = [one.fact for one in turn.fields]
        if facts == ["tried"]:
            interview.answer({"tried": list(turn.fields[0].options)})
        elif way == "field by field":
            interview.answer({facts[0]: next(iter(turn.fields[0].options), "not sure")}, more=True)
        else:
            interview.answer({one.fact: next(iter(one.options), None) for one in turn.fields})
    while (turn := interview.next()).kind == "step":
        interview.outcome(next(how for how in turn.outcomes if how != "fixed"))
        session_file.save(interview, tmp_path / "s.json")

        assert session_file.load(diagnoser, tmp_path / "s.json").next() == interview.next()
        while (turn := interview.next()).kind == "visit":
            interview.answer({})


def test_a_session_of_the_form_before_visits_is_refused_kindly(diagnoser: Diagnoser) -> None:
    old = SESSION | {
        "session": 1,
        "said": [{"fact": "wifi.connection", "answer": "off"}, {"diagnosed": True}],
    }

    with pytest.raises(InvalidFacts) as error:
        Interview.of(diagnoser, old)

    [problem] = error.value.problems
    assert problem.path == "session"
    assert problem.reason == "1 is the form of another version of this program"
    assert problem.allowed == "2"


def test_all_mistakes_of_a_session_are_named_at_once_with_their_places(
    diagnoser: Diagnoser,
) -> None:
    data = {
        "session": 2,
        "knowledge": {"id": diagnoser.knowledge.id},
        "thorogh": True,
        "max_questions": -1,
        "given": {"wifi.connection": "of", "ios.version": None, "storage.icloud_free_gb": True},
        "said": [
            {"visit": "", "answers": {"wifi.signal": "wek", "backup.switch": "of"}},
            {"visit": "router", "answers": {"wifi.network": 5}, "because": "I see it"},
            {"visit": "icloud-page", "answers": {}, "waits": ["wifi.sgnal"], "aside": ["x"]},
            {"steps": ["pray"], "outcome": "helpd", "forgot": []},
            {"visit": "", "answers": {}, "tried": {"restart-iphon": "helped"}},
            {"insisted": ["wifi.signal"]},
            {"hello": True},
        ],
    }

    with pytest.raises(InvalidFacts) as error:
        Interview.of(diagnoser, data)

    found = {problem.path: problem for problem in error.value.problems}
    assert len(found) == len(error.value.problems)
    assert set(found) == {
        "thorogh",
        "max_questions",
        "wifi.connection",
        "ios.version",
        "storage.icloud_free_gb",
        "wifi.signal",
        "backup.switch",
        "said[1].because",
        "said[2].visit",
        "said[2].waits",
        "said[2].aside",
        "said[3].steps",
        "said[3].outcome",
        "tried.restart-iphon",
        "said[5].insisted",
        "said[6]",
    }
    near = {path: found[path].near for path in ("thorogh", "wifi.connection", "said[3].outcome")}
    assert near == {"thorogh": "thorough", "wifi.connection": "off", "said[3].outcome": "helped"}
    assert "did-not-help" in found["said[3].outcome"].allowed
    assert found["tried.restart-iphon"].near == "tried.restart-iphone"


TALK = """
from random import Random
from diagnoser import Diagnoser, Interview
from tests.interview.leading import somebody
from tests.packs import built_in_pack
interview = Interview.start(Diagnoser())
person = somebody(built_in_pack(), Random(7))
while (turn := interview.next()).kind != "end":
    print(turn.model_dump_json())
    person(interview, turn)
print(interview.json_text())
"""


def test_the_same_things_said_lead_to_the_same_turns_whatever_the_hash_seed() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", TALK],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    [turns] = said
    assert turns.count(b"\n") > 3


@pytest.mark.parametrize("seed", range(2))
def test_a_host_that_keeps_only_the_json_hears_the_same_turns(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    kept = Interview.start(diagnoser)
    text = kept.json_text()
    person, same_person = somebody(built_in, Random(seed)), somebody(built_in, Random(seed))
    for turn in judged(kept, built_in, person):
        host = Interview.load(diagnoser, text)
        assert host.next() == turn
        if turn.kind != "end":
            same_person(host, turn)
        text = host.json_text()
    assert text == kept.json_text()
