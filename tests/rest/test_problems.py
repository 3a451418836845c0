"""What is wrong with a request is said all at once, with its place, and never by a traceback."""

from __future__ import annotations

import json
import logging
import time
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from diagnoser import Diagnoser, Interview
from diagnoser.case.json_input import MAX_BYTES
from tests.rest import serving

JSON = {"Content-Type": "application/json"}
POSTED = ("/v1/diagnosis", "/v1/explain", "/v1/interview/next", "/v1/interview/answer")


def sent(http: TestClient, path: str, content: bytes, **headers: str) -> Any:
    return http.post(path, content=content, headers=JSON | headers)


def mistakes(problem: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by its place."""
    return {
        one["pointer"] if one["parameter"] is None else one["parameter"]: one["detail"]
        for one in problem["errors"]
    }


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{wifi: off}", "not JSON"),
        (b'{"wifi": ', "not JSON"),
        (b"{} {}", "not JSON"),
        (b" \n", "empty"),
        (b"[]", "not an object"),
        (b'"text"', "not an object"),
        (b"\xff\xfe{\0}\0", "UTF-16"),
        (b'{"wifi": "\xff"}', "not UTF-8"),
        (b'{"a":' * 7 + b"1" + b"}" * 7, "levels deep"),
        (b"[" * 30_000, "levels deep"),
        (b'{"a":' * 12_000, "levels deep"),
    ],
)
def test_what_is_no_json_is_not_read(
    http: TestClient, path: str, content: bytes, reason: str
) -> None:
    found = serving.problem(sent(http, path, content), 400)

    [(place, detail)] = mistakes(found).items()
    assert place == ""
    assert reason in detail


@pytest.mark.parametrize("path", POSTED)
def test_a_body_has_64_kib_and_not_a_byte_more(http: TestClient, path: str) -> None:
    fits = b"{}".ljust(MAX_BYTES)
    expected = 422 if path.endswith("answer") else 200

    assert sent(http, path, fits).status_code == expected
    serving.problem(sent(http, path, fits + b" "), 413)
    serving.problem(http.post(path, content=iter([fits, b" "]), headers=JSON), 413)


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "json"]
)
def test_a_body_that_is_not_called_json_is_not_read(http: TestClient, path: str, kind: str) -> None:
    refused = http.post(path, content=b"{}", headers={"Content-Type": kind})
    [mistake] = serving.problem(refused, 415)["errors"]

    assert mistake["parameter"] == "Content-Type"
    assert mistake["allowed"] == "application/json"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/facts+json"]
)
def test_json_by_any_of_its_names_is_read(http: TestClient, kind: str) -> None:
    done = http.post("/v1/diagnosis", content=b"{}", headers={"Content-Type": kind})

    assert done.status_code == 200


def test_a_compressed_body_is_not_read(http: TestClient) -> None:
    refused = sent(http, "/v1/diagnosis", b"{}", **{"Content-Encoding": "gzip"})

    assert "Content-Encoding" in mistakes(serving.problem(refused, 415))


@pytest.mark.parametrize("path", [one for one in POSTED if not one.endswith("next")])
def test_a_body_is_needed(http: TestClient, path: str) -> None:
    assert "empty" in mistakes(serving.problem(sent(http, path, b""), 400))[""]


def test_all_mistakes_are_told_at_once(http: TestClient) -> None:
    content = b"""{
        "wifi": {"connection": "of", "signal": "weak", "signal": "strong"},
        "wlan": {},
        "ios": {"version": 18.5},
        "storage": {"icloud_free_gb": NaN, "next_backup_gb": -1},
        "backup": {"message": ["network", "nothing"]},
        "power": 7,
        "lock": {"overnight": "\\ud800"},
        "tried": {"restart-phone": "helped"}
    }"""
    refused = sent(http, "/v1/diagnosis?look_ahead=perhaps&format=pdf&colour=red", content)
    found = serving.problem(refused, 422)

    assert set(mistakes(found)) == {
        "/wifi/connection",
        "/wifi/signal",
        "/wlan",
        "/ios/version",
        "/storage/icloud_free_gb",
        "/storage/next_backup_gb",
        "/backup/message/1",
        "/power",
        "/lock/overnight",
        "/tried/restart-phone",
        "look_ahead",
        "format",
        "colour",
    }
    near = {one["pointer"]: one["nearest"] for one in found["errors"]}
    assert near["/wifi/connection"] == "off"
    assert near["/tried/restart-phone"] == "tried.restart-iphone"
    assert str(len(found["errors"])) in found["detail"]


def interview(diagnoser: Diagnoser, **facts: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Interview.start(diagnoser, facts).json_text())
    return found


def test_mistakes_in_what_is_said_have_their_place(http: TestClient, diagnoser: Diagnoser) -> None:
    body = {
        "interview": interview(diagnoser),
        "answers": {
            "wifi.connection": "purple",
            "ios.version": True,
            "wifi.sign": 1,
            "tried": ["x"],
        },
    }
    found = serving.problem(http.post("/v1/interview/answer", json=body), 422)

    assert set(mistakes(found)) == {
        "/answers/wifi.connection",
        "/answers/ios.version",
        "/answers/wifi.sign",
        "/answers/tried/0",
    }


def test_mistakes_in_a_conversation_have_their_place(
    http: TestClient, diagnoser: Diagnoser
) -> None:
    spoilt = interview(diagnoser, wifi={"connection": "off"}) | {"colour": "red"}
    spoilt["given"] |= {"ios.version": "eighteen"}
    spoilt["said"] = [
        {"visit": "nowhere", "answers": {"wifi.connection": "of", "ios.version": "18"}},
        {"steps": ["nothing"], "outcome": "bad"},
        {"shouted": True},
        {"visit": "", "answers": {}, "tried": {"restart-iphone": "perhaps"}},
        {"visit": "", "answers": {"backup.message": ["network", "nothing"]}},
    ]
    body = {"interview": spoilt, "outcome": 7, "more": True}
    found = serving.problem(http.post("/v1/interview/outcome", json=body), 422)

    assert set(mistakes(found)) == {
        "/interview/colour",
        "/interview/given/ios.version",
        "/interview/said/0/visit",
        "/interview/said/0/answers/wifi.connection",
        "/interview/said/1/steps",
        "/interview/said/1/outcome",
        "/interview/said/2",
        "/interview/said/3/tried/restart-iphone",
        "/interview/said/4/answers/backup.message/1",
        "/outcome",
        "/more",
    }


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, {"session": 1}, {"session": 2}])
def test_what_is_no_conversation_is_refused(http: TestClient, value: Any) -> None:
    for said in ("next", "back", "report"):
        done = http.post(f"/v1/interview/{said}", json={"interview": value})
        if value is not None or said != "next":
            assert all(
                place.startswith("/interview") for place in mistakes(serving.problem(done, 422))
            )


@pytest.mark.parametrize(
    ("path", "more", "place"),
    [
        ("change", {"fact": "wifi.sign", "value": "weak"}, "/fact"),
        ("change", {"fact": "wifi.connection", "value": "purple"}, "/value"),
        ("change", {"fact": "wifi.connection"}, "/value"),
        ("insist", {"facts": {"wifi.connection": "of"}}, "/facts/wifi.connection"),
        ("outcome", {}, "/outcome"),
        ("next", {"facts": {"wifi": {"connection": "of"}}}, "/facts/wifi/connection"),
        ("next", {"facts": None}, "/facts"),
        ("next", {"max_questions": -1}, "/max_questions"),
        ("next", {"thorough": "yes"}, "/thorough"),
        ("next", {"thorough": True}, ""),
    ],
)
def test_each_part_of_a_body_has_its_place(
    http: TestClient, diagnoser: Diagnoser, path: str, more: dict[str, Any], place: str
) -> None:
    kept = {} if path == "next" and place else {"interview": interview(diagnoser)}
    found = serving.problem(http.post(f"/v1/interview/{path}", json=kept | more), 422)

    assert list(mistakes(found)) == [place]


def test_nothing_else_is_under_the_interface(http: TestClient) -> None:
    for path in ("/v1", "/v1/", "/v1/fact", "/v1/facts/", "/v1/diagnosis/", "/v1/a/b/c%0A"):
        serving.problem(http.get(path), 404)
    [mistake] = serving.problem(http.get("/v1/fact"), 404)["errors"]
    assert mistake["nearest"] == "/v1/facts"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/diagnosis", "POST"),
        ("HEAD", "/v1/interview/next", "POST"),
        ("POST", "/v1/causes", "GET, HEAD"),
        ("DELETE", "/v1/signs/a/b", "GET, HEAD"),
        ("OPTIONS", "/v1/knowledge", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_there_are(
    http: TestClient, method: str, path: str, allowed: str
) -> None:
    refused = http.request(method, path)

    assert refused.status_code == 405
    assert refused.headers["allow"] == allowed
    if method != "HEAD":
        serving.problem(refused, 405)


def test_a_parameter_is_given_once(http: TestClient) -> None:
    refused = http.post("/v1/diagnosis?look_ahead=true&look_ahead=false", json={})

    assert "look_ahead" in mistakes(serving.problem(refused, 422))


def test_each_kind_of_problem_is_explained_where_its_type_says(http: TestClient) -> None:
    kinds = http.get("/v1/problems").json()
    for name, kind in kinds.items():
        assert http.get(f"/v1/problems/{name}").json() == kind
    found = serving.problem(http.get("/v1/problems/nothing"), 404)
    assert http.get(found["type"]).json()["title"] == found["title"]


def test_a_mistake_of_the_program_tells_nothing_of_the_case(
    diagnoser: Diagnoser, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("wifi.connection is off")

    http = serving.client(diagnoser)
    with patch.object(diagnoser, "diagnose", fail), caplog.at_level(logging.DEBUG):
        done = http.post("/v1/diagnosis", json={"wifi": {"connection": "off"}})

    assert serving.problem(done, 500)["errors"] == []
    told = done.text + caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "wifi" not in told


def test_nothing_of_a_case_is_logged(http: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        http.post("/v1/diagnosis?format=text", json={"wifi": {"connection": "off"}})
        http.post("/v1/diagnosis", json={"wifi": {"connection": "of"}})
    # The client that asks has a log of its own.
    told = [one for one in caplog.records if not one.name.startswith(("httpx", "asyncio"))]
    assert told == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(data=st.data())
def test_a_spoilt_conversation_is_refused_or_goes_on(
    http: TestClient, diagnoser: Diagnoser, data: st.DataObject
) -> None:
    spoilt = interview(diagnoser, wifi={"connection": "off"})
    spoilt["said"] = [
        {"visit": "wifi-page", "answers": {"wifi.signal": "weak"}, "waits": [], "aside": []},
        {"steps": ["turn-on-wifi"], "outcome": "did-not-help", "forgot": ["wifi.connection"]},
        {"insisted": {"wifi.connection": "off"}},
    ]
    here: Any = spoilt
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(here[key], dict | list) and here[key] and data.draw(st.booleans()):
            here = here[key]
            continue
        if data.draw(st.booleans()):
            here[key] = data.draw(json_values)
        else:
            del here[key]
        break
    said = data.draw(st.sampled_from(["next", "back", "enough", "looked", "cannot-look", "report"]))
    content = json.dumps({"interview": spoilt}).encode()
    done = sent(http, f"/v1/interview/{said}", content)

    if done.status_code != 200:
        found = serving.problem(done, done.status_code if done.status_code == 400 else 422)
        assert all(place.startswith("/interview") or not place for place in mistakes(found))


THOUSANDS: dict[str, tuple[str, Any]] = {
    "facts": ("/v1/diagnosis", {"wifi": {f"connection{number}": 0 for number in range(3000)}}),
    "remedies": ("/v1/diagnosis", {"tried": {f"restart{number}": 0 for number in range(3000)}}),
    "answers": (
        "/v1/interview/answer",
        {"answers": {f"wifi.connection{number}": 0 for number in range(2000)}},
    ),
    "steps": ("/v1/interview/next", {"said": [{"steps": ["a"] * 9000, "outcome": "done"}]}),
    "entries": ("/v1/interview/next", {"said": [{"visit": "x", "answers": {"a": 1}}] * 1500}),
    "twice": ("/v1/diagnosis", b"{" + b'"a":1,' * 9000 + b'"a":1}'),
}


@pytest.mark.parametrize("case", THOUSANDS)
def test_of_thousands_of_mistakes_a_hundred_are_told_and_soon(
    http: TestClient, diagnoser: Diagnoser, case: str
) -> None:
    path, body = THOUSANDS[case]
    if path.endswith("next"):
        body = {"interview": interview(diagnoser) | body}
    elif path.endswith("answer"):
        body = {"interview": interview(diagnoser), **body}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    before = time.process_time()
    found = serving.problem(sent(http, path, content), 422)

    assert time.process_time() - before < 5
    assert len(found["errors"]) == 100
    assert found["detail"] == "There are more than 100 mistakes in the request."
