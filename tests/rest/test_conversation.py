"""A conversation over HTTP is that of the library, whoever answers what."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from diagnoser import Diagnoser, Interview
from diagnoser.interview.turns import End, Look, Step, Visit
from tests import packs
from tests.interview import leading
from tests.packs import Pack
from tests.rest import serving

TURNS = 6
"""Turns of a conversation that are compared."""
Kept = dict[str, Any]


def say(http: TestClient, what: str, kept: Kept, **more: Any) -> Kept:
    """What is answered to something said; `kept` is all that the host has."""
    done = http.post(f"/v1/interview/{what}", json={"interview": kept} | more)
    assert done.status_code == 200, done.text
    found: Kept = done.json()
    return found


def same(reply: Kept, interview: Interview) -> None:
    """The reply stands where the conversation of the library does."""
    assert reply["interview"] == json.loads(interview.json_text())
    assert reply["turn"] == json.loads(interview.next().json_text())
    assert reply["known"] == [one._asdict() for one in interview.known()]
    shown = [json.loads(one.json_text()) for one in interview.contradictions()]
    assert reply["contradictions"] == shown


def said_to_both(
    http: TestClient, kept: Kept, interview: Interview, pack: Pack, random: Random
) -> Kept:
    """Says the same to the library and over HTTP, whatever fits the turn."""
    turn = interview.next()
    if random.random() < 0.15:
        interview.back()
        return say(http, "back", kept)
    if isinstance(turn, Step):
        how = leading.went_at_random(turn, random)
        forgotten = interview.outcome(how)
        reply = say(http, "outcome", kept, outcome=how)
        assert reply["forgotten"] == forgotten
        return reply
    if isinstance(turn, Look):
        interview.looked()
        return say(http, "looked", kept)
    plain: dict[str, Callable[[], None]] = {
        "cannot-look": interview.cannot_look,
        "enough": interview.enough,
        "confirm": interview.confirm,
    }
    if isinstance(turn, End) or random.random() < 0.2:
        what = random.choice([*plain])
        plain[what]()
        return say(http, what, kept)
    assert isinstance(turn, Visit)
    form = leading.form_at_random(pack, random, turn, 0.8)
    more = random.randint(0, 2) == 0
    taken = interview.answer(form, more)
    reply = say(http, "answer", kept, answers=form, more=more)
    assert reply["taken"] == taken
    return reply


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), size=st.sampled_from([0, 0, 3]))
def test_a_conversation_asks_what_the_library_asks(
    http: TestClient, diagnoser: Diagnoser, built_in: Pack, seed: int, size: int
) -> None:
    random = Random(seed)
    facts = packs.random_sheet(random, built_in, size)
    interview = Interview.start(diagnoser, facts)
    reply = http.post("/v1/interview/next", json={"facts": facts}).json()
    for _ in range(TURNS):
        same(reply, interview)
        reply = said_to_both(http, reply["interview"], interview, built_in, random)
    same(reply, interview)
    same(say(http, "next", reply["interview"]), interview)
    report = http.post("/v1/interview/report", json={"interview": reply["interview"]})
    assert report.text == interview.report().json_text()


def test_a_conversation_begins_with_nothing_at_all(http: TestClient, diagnoser: Diagnoser) -> None:
    same(http.post("/v1/interview/next").json(), Interview.start(diagnoser))


def test_a_conversation_keeps_to_its_options(http: TestClient, diagnoser: Diagnoser) -> None:
    options = {"thorough": True, "max_questions": 3}
    reply = http.post("/v1/interview/next", json=options).json()

    same(reply, Interview.start(diagnoser, thorough=True, max_questions=3))


def test_two_servers_hold_one_conversation(diagnoser: Diagnoser) -> None:
    servers = [serving.client(diagnoser), serving.client(Diagnoser())]
    interview = Interview.start(diagnoser)
    reply = servers[0].post("/v1/interview/next").json()
    for number in range(4):
        [field, *_] = reply["turn"]["fields"]
        form = {field["fact"]: "1"}
        interview.answer(form)
        reply = say(servers[number % 2], "answer", reply["interview"], answers=form)
        same(reply, interview)


def test_an_answer_is_changed_where_it_stands(http: TestClient, diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, {"wifi": {"connection": "off"}})
    kept = json.loads(interview.json_text())
    interview.change("wifi.connection", "connected")
    reply = say(http, "change", kept, fact="wifi.connection", value="connected")

    same(reply, interview)
    assert reply["taken"] == {"wifi.connection": "connected"}


@pytest.fixture(scope="module")
def contradicting(diagnoser: Diagnoser) -> Kept:
    """A conversation with answers that do not fit together."""
    facts = {"backup": {"switch": "off", "back_up_now": "works"}}
    found = diagnoser.diagnose(facts).contradictions
    assert found
    return json.loads(Interview.start(diagnoser, facts).json_text())  # type: ignore[no-any-return]


def test_who_insists_is_not_told_again(http: TestClient, contradicting: Kept) -> None:
    reply = say(http, "next", contradicting)
    [contradiction] = reply["contradictions"]
    reply = say(http, "insist", reply["interview"], facts=contradiction["facts"])

    assert reply["contradictions"] == []
    assert reply["known"] == say(http, "next", contradicting)["known"]


def test_what_is_said_at_the_wrong_time_changes_nothing(http: TestClient) -> None:
    kept = http.post("/v1/interview/next").json()["interview"]

    assert say(http, "back", kept)["interview"] == kept
    refused = http.post("/v1/interview/outcome", json={"interview": kept, "outcome": "fixed"})
    [mistake] = serving.problem(refused, 422)["errors"]
    assert mistake["pointer"] == "/outcome"
    assert "no step" in mistake["detail"]
