"""Whatever a browser sends back, the answer is a page in plain words."""

from __future__ import annotations

import difflib
import json
import zlib
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.questionnaire import state
from diagnoser.questionnaire.conversation import WAYS
from diagnoser.questionnaire.sent import MOST_BYTES, MOST_FIELDS
from tests.questionnaire.no_script import KIND, Page, Visitor

BASE = {"session": 2, "knowledge": {"id": "iphone-icloud-backup"}, "given": {}, "said": []}
VISITED = {"visit": "icloud-backup-page", "answers": {"backup.switch": "on"}}
DOS = st.sampled_from([*WAYS, "start"]) | st.text(max_size=8)
ABOUT = st.sampled_from(
    ["", ":", ":0", ":99", ":wifi.connection", ":tried.update-ios", ":device.newest_ios", ":a,b"]
)


def packed(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


def fine(client: TestClient, values: dict[str, Any]) -> int:
    """The status of the answer to a form, which is a page that tells nothing of the program."""
    visitor = Visitor(client)
    page = visitor.post("/conversation", values)
    assert visitor.answer.status_code in (200, 400, 413, 422)
    assert page.heading
    assert "Traceback" not in page.text
    assert ".py" not in page.text
    return visitor.answer.status_code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.text(max_size=60), DOS, ABOUT)
def test_no_text_for_a_state_makes_it_stumble(
    client: TestClient, text: str, do: str, about: str
) -> None:
    assert fine(client, {"state": text.encode(errors="replace"), "do": do + about}) in (200, 400)


@given(st.data())
def test_no_changed_byte_makes_it_stumble(
    client: TestClient, diagnoser: Diagnoser, data: st.DataObject
) -> None:
    whole = bytearray(state.packed(Interview.start(diagnoser)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(33, 126))
    fine(client, {"state": whole.decode(), "do": data.draw(DOS)})


@given(st.dictionaries(st.sampled_from([*BASE, "thorough", "x"]), JSON), DOS, ABOUT)
def test_no_json_makes_it_stumble(
    client: TestClient, changes: dict[str, Any], do: str, about: str
) -> None:
    fine(client, {"state": packed(json.dumps(BASE | changes).encode()), "do": do + about})


SAID = st.sampled_from(
    [
        VISITED,
        {"visit": "", "answers": {"wifi.connection": "off", "backup.back_up_now": "works"}},
        {"visit": "icloud-backup-page", "answers": {}, "waits": ["backup.message", "tried"]},
        {"visit": "", "answers": {"network.cellular_backup": "off", "backup.switch": "off"}},
        {"skipped": "icloud-backup-page", "facts": ["backup.switch", "backup.message"]},
        {"skipped": "memory", "facts": []},
        {"steps": ["update-ios"], "outcome": "did-not-help", "forgot": ["ios.version"]},
        {"steps": ["turn-on-wifi", "plug-in-overnight"], "outcome": "done"},
        {"steps": ["restart-iphone"], "outcome": "helped"},
        {"insisted": {"wifi.connection": "off"}},
        {"looked": True},
        {"enough": True},
        {"confirmed": True},
    ]
)
TYPED = st.dictionaries(
    st.sampled_from(["backup.switch", "wifi.connection", "outcome", "tried", "ios.version"]),
    st.sampled_from(["on", "off", "fixed", "did-not-help", "unknown", "none-of-these", "1", ""])
    | st.text(max_size=9).map(lambda text: text.encode(errors="replace").decode()),
)


@settings(max_examples=40)
@given(st.lists(SAID, max_size=6), DOS, ABOUT, TYPED)
def test_no_order_of_things_said_makes_it_stumble(
    client: TestClient, said: list[Any], do: str, about: str, typed: dict[str, str]
) -> None:
    session = packed(json.dumps(BASE | {"said": said}).encode())
    fine(client, {**typed, "state": session, "do": do + about})


def test_what_unpacks_to_very_much_is_refused_before_it_is_unpacked(diagnoser: Diagnoser) -> None:
    bomb = packed(b" " * 300_000_000)
    assert len(bomb) > 8 * 1024
    with pytest.raises(InvalidFacts) as error:
        state.unpacked(diagnoser, bomb)
    assert "larger than 64 KiB" in error.value.problems[0].reason


def test_a_thousand_mistakes_cost_little_and_are_not_all_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    find = difflib.get_close_matches
    monkeypatch.setattr(
        difflib, "get_close_matches", lambda *a, **b: looked.append(a) or find(*a, **b)
    )
    wrong = {"visit": "", "answers": {"device.model": "iPhone 4zz"}}
    session = packed(json.dumps(BASE | {"said": [wrong] * 900}).encode())
    visitor = Visitor(client)
    page = visitor.post("/conversation", {"state": session, "do": "go-on"})

    assert visitor.answer.status_code == 400
    assert page.words.count("iPhone 4zz") == 20
    assert 0 < len(looked) <= 20


def test_more_behind_a_state_is_refused(diagnoser: Diagnoser) -> None:
    content = zlib.compress(Interview.start(diagnoser).model_dump_json().encode())
    for wrong in (content + b"x", content[:-1]):
        with pytest.raises(InvalidFacts):
            state.unpacked(diagnoser, urlsafe_b64encode(wrong).decode())


def test_a_link_longer_than_8_kib_is_refused(client: TestClient) -> None:
    answer = client.get(f"/continue?state={'A' * 8193}")
    assert answer.status_code == 400
    assert "longer than 8 KiB" in Page(answer.text).words


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("a=" + "x" * MOST_BYTES, KIND, 413),
        ("&".join(["a=1"] * (MOST_FIELDS + 1)), KIND, 400),
        ("", KIND, 400),
        ("do=start", {"content-type": "application/json"}, 415),
        ("do=start", {}, 415),
        ("do=start&state=%ff%00", KIND, 400),
    ],
    ids=["large", "many fields", "empty", "JSON", "no type", "no text"],
)
def test_a_form_out_of_bounds_is_refused_in_plain_words(
    client: TestClient, body: str, kind: dict[str, str], status: int
) -> None:
    answer = client.post("/conversation", content=body, headers=kind)

    assert answer.status_code == status
    assert Page(answer.text).heading


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=8))
@settings(max_examples=20)
def test_what_is_packed_comes_out_the_same(
    diagnoser: Diagnoser, moves: list[tuple[int, int]]
) -> None:
    interview = Interview.start(diagnoser)
    for move, _ in moves:
        [interview.enough, interview.looked, interview.confirm, interview.cannot_look][move]()
    assert state.unpacked(diagnoser, state.packed(interview)) == interview
