"""Every request passes the guard, and every answer has its headers, whatever comes."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from diagnoser.serving.application import THREADS, application
from diagnoser.serving.guard import HEADERS, MOST_BODY, MOST_TARGET
from tests.commands import PATIENCE

HERE = "http://127.0.0.1:8000"
FORM = {"content-type": "application/x-www-form-urlencoded"}
SOON = 1.0
"""Seconds that requests may take where they are to be too late."""
SECRET = "the answer of a person"


def fails() -> None:
    raise ValueError(SECRET)


@pytest.fixture(scope="module")
def client(diagnoser: Diagnoser) -> Iterator[TestClient]:
    app = application(diagnoser)
    app.add_api_route("/fails", fails, include_in_schema=False)
    with TestClient(app, base_url=HERE) as client:
        yield client


@contextmanager
def too_late(
    diagnoser: Diagnoser, ends: Callable[[], None] = lambda: None
) -> Iterator[tuple[TestClient, threading.Event, list[str]]]:
    """The application with `/late` and `/health/late`, which wait until they may end, and then do
    what `ends` does; with the event that lets them, and a list that grows when one begins."""
    app = application(diagnoser, patience=SOON)
    may_end, begun = threading.Event(), list[str]()

    def late() -> None:
        begun.append("late")
        may_end.wait(PATIENCE)
        ends()

    for path in ("/late", "/health/late"):
        app.add_api_route(path, late, include_in_schema=False)
    app.add_api_route("/fails", fails, include_in_schema=False)
    with TestClient(app, base_url=HERE) as client:
        try:
            yield client, may_end, begun
        finally:
            may_end.set()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/start", 200),
        ("GET", "/start?facts=x", 400),
        ("GET", "/continue?state=x", 400),
        ("POST", "/conversation", 415),
        ("GET", "/conversation", 200),
        ("GET", "/static/page.css", 200),
        ("GET", "/static/../guard.py", 404),
        ("GET", "/static/%2e%2e/guard.py", 404),
        ("GET", "/health", 200),
        ("GET", "/ready", 200),
        ("GET", "/nothing", 404),
        ("GET", "/docs", 404),
        ("PUT", "/", 405),
        ("DELETE", "/health", 405),
        ("GET", f"/?{'x' * MOST_TARGET}", 414),
        ("GET", "/fails", 500),
    ],
    ids=lambda value: str(value)[:24],
)
def test_every_answer_has_its_headers_and_sets_no_cookie(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)

    assert answer.status_code == status
    for name, value in HEADERS.items():
        if name == "Cache-Control" and path.startswith("/static/page"):
            value = "no-cache"
        assert answer.headers[name] == value
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers
    assert SECRET not in answer.text


def test_no_page_may_load_anything_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]:8000", 200),
        ("example.org", 400),
        ("localhost.example.org", 400),
        ("localhost:80:80", 400),
        ("127.0.0.1@example.org", 400),
        ("", 400),
    ],
)
def test_only_names_that_are_allowed_are_answered_to(
    client: TestClient, host: str, status: int
) -> None:
    assert client.get("/", headers={"host": host}).status_code == status


def test_a_name_can_be_allowed(diagnoser: Diagnoser) -> None:
    client = TestClient(application(diagnoser, ["help.example.org"]))

    assert client.get("http://help.example.org/").status_code == 200
    refused = client.get("http://localhost/")
    assert refused.status_code == 400
    assert "diagnoser serve --allow-host NAME" in refused.text


@pytest.mark.parametrize("stated", [True, False])
def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(
    client: TestClient, stated: bool
) -> None:
    content = b"x" * (MOST_BODY + 1)
    body = content if stated else iter([content[:1000], content[1000:]])

    answer = client.post("/conversation", content=body, headers=FORM)

    assert answer.status_code == 413
    assert "larger than 192 KiB" in answer.text


def test_programs_are_told_what_is_wrong_as_problem_details(client: TestClient) -> None:
    answer = client.get("/health", headers={"host": "example.org"})

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert "Host" in answer.json()["detail"]


def test_the_log_has_the_kind_and_place_of_a_failure_and_nothing_of_the_case(
    diagnoser: Diagnoser, caplog: pytest.LogCaptureFixture
) -> None:
    def ours() -> list[str]:
        return [one.getMessage() for one in caplog.records if one.name.startswith("diagnoser")]

    with (
        caplog.at_level(logging.DEBUG, "diagnoser"),
        too_late(diagnoser, ends=fails) as (client, may_end, _),
    ):
        client.get(f"/fails?facts={SECRET}")
        client.get("/health/late")
        may_end.set()
        until = time.monotonic() + PATIENCE
        while len(ours()) < 2 and time.monotonic() < until:
            time.sleep(0.01)

    assert len(ours()) == 2
    assert all(one.startswith("ValueError at ") and "test_guard.py" in one for one in ours())
    assert SECRET not in caplog.text.replace("%20", " ").split("HTTP Request")[0]


def test_a_failure_is_told_in_plain_words(client: TestClient) -> None:
    answer = client.get("/fails")

    assert "Something went wrong" in answer.text
    assert "ValueError" not in answer.text


def test_a_file_is_not_sent_twice(client: TestClient) -> None:
    for name in ("page.css", "page.js", "questionnaire.css", "questionnaire.js", "icon.svg"):
        first = client.get(f"/static/{name}")
        again = client.get(f"/static/{name}", headers={"if-none-match": first.headers["etag"]})
        other = client.get(f"/static/{name}", headers={"if-none-match": '"other"'})
        assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
        assert again.content == b""


def test_ready_names_the_knowledge(client: TestClient, diagnoser: Diagnoser) -> None:
    answer = client.get("/ready").json()

    assert answer["status"] == "ready"
    assert answer["knowledge"]["digest"] == diagnoser.knowledge.digest
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/late", "Nothing is lost on your side: go back in the browser"),
        ("/health/late", "The answer took too long. Try again later."),
    ],
)
def test_who_was_too_late_is_told_so_and_people_that_nothing_is_lost(
    diagnoser: Diagnoser, path: str, says: str
) -> None:
    with too_late(diagnoser) as (client, _, _):
        answer = client.get(path)

    assert answer.status_code == 503
    assert says in answer.text
    assert all(answer.headers[name] == value for name, value in HEADERS.items())


def test_what_is_too_late_is_not_begun_and_a_busy_process_is_still_healthy(
    diagnoser: Diagnoser,
) -> None:
    with (
        too_late(diagnoser) as (client, may_end, begun),
        ThreadPoolExecutor(2 * THREADS) as people,
    ):
        waiting = [people.submit(client.get, "/health/late") for _ in range(2 * THREADS)]
        while len(begun) < THREADS:
            time.sleep(0.01)
        assert client.get("/health").json() == {"status": "ok"}  # no thread is free
        assert {one.result().status_code for one in waiting} == {503}
        may_end.set()
        while client.get("/ready").status_code == 503:
            pass  # it waits for a thread behind whatever else does
    assert len(begun) == THREADS


def test_without_the_tools_for_agents_their_address_names_what_to_install(
    diagnoser: Diagnoser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "diagnoser.agents", None)
    answer = TestClient(application(diagnoser), base_url=HERE).post("/mcp", json={})

    assert answer.status_code == 404
    assert 'pip install "diagnoser[mcp]"' in answer.json()["detail"]


def test_the_openapi_document_has_no_pages_in_it(client: TestClient, diagnoser: Diagnoser) -> None:
    paths = application(diagnoser).openapi()["paths"]

    assert not [path for path in paths if not path.startswith("/v1")], json.dumps([*paths])
    head = client.head("/openapi.json")
    assert (head.status_code, head.content) == (200, b"")


def test_programs_and_agents_are_served_too(client: TestClient) -> None:
    report = client.post("/v1/diagnosis", json={"wifi": {"connection": "off"}})
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accepts = {"accept": "application/json, text/event-stream"}
    pong = client.post("/mcp", json=hello, headers=accepts)

    assert report.status_code == 200
    assert report.headers["knowledge-id"] == "iphone-icloud-backup"
    assert pong.status_code == 200, pong.text
    for answer in (report, pong):
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/v1/diagnosis", "/mcp", "/health"])
def test_programs_may_not_call_it_by_another_name_either(client: TestClient, path: str) -> None:
    answer = client.post(path, json={}, headers={"host": "example.org"})

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
