"""The diagnosis and its explanation over HTTP are those of the library, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from diagnoser.rendering import card, explaining, handover, html, markdown, reply, text
from diagnoser.rest.formats import EXPLANATION, REPORT
from tests.commands import EXAMPLES
from tests.rest import serving

OFF = {"wifi": {"connection": "off"}}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_facts_file_is_diagnosed_to_the_byte(
    http: TestClient, diagnoser: Diagnoser, path: Path
) -> None:
    headers = {"Content-Type": "application/json"}
    facts = json.loads(path.read_bytes())
    for ahead in (False, True):
        done = http.post(
            f"/v1/diagnosis?look_ahead={ahead}", content=path.read_bytes(), headers=headers
        )
        report = diagnoser.diagnose(facts, look_ahead=ahead)

        assert done.status_code == 200
        assert done.headers["content-type"] == "application/json"
        assert done.content == report.json_text().encode()


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [
        ("text", "text/plain", text),
        ("markdown", "text/markdown", markdown),
        ("html", "text/html", html),
        ("card", "text/html", card),
        ("reply", "text/plain", reply),
        ("handover", "text/plain", handover),
    ],
)
def test_a_report_is_written_as_asked(
    http: TestClient, diagnoser: Diagnoser, name: str, kind: str, written: object
) -> None:
    done = http.post(f"/v1/diagnosis?format={name}", json=OFF)

    assert callable(written)
    assert done.text == written(diagnoser.diagnose(OFF))
    assert done.headers["content-type"] == f"{kind}; charset=utf-8"
    assert done.headers["vary"] == "Accept"
    if name in ("text", "markdown", "html"):
        accepted = http.post("/v1/diagnosis", json=OFF, headers={"Accept": kind})
        assert accepted.content == done.content


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/plain"),
        ("text/html, */*;q=0.8", "text/html"),
        ("text/markdown;q=0.5, text/html;q=0.4", "text/markdown"),
        ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html"),
        ("TEXT/HTML ; q=1.0", "text/html"),
        ("application/json;q=0, */*", "text/plain"),
    ],
)
def test_the_header_accept_chooses_what_is_liked_best(
    http: TestClient, accept: str, kind: str
) -> None:
    done = http.post("/v1/diagnosis", json=OFF, headers={"Accept": accept})

    assert done.headers["content-type"].partition(";")[0] == kind


@pytest.mark.parametrize("accept", ["image/png", "text/*;q=0, image/*", "text/html;q=nonsense"])
def test_who_accepts_nothing_that_there_is_is_told_what_there_is(
    http: TestClient, accept: str
) -> None:
    refused = http.post("/v1/diagnosis", json=OFF, headers={"Accept": accept})
    [mistake] = serving.problem(refused, 406)["errors"]

    assert mistake["parameter"] == "Accept"
    assert mistake["allowed"] == "application/json, text/plain, text/markdown, text/html"


@given(accept=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_header_accept_is_too_odd(http: TestClient, accept: str) -> None:
    done = http.post("/v1/diagnosis", json={}, headers={"Accept": accept})

    assert done.status_code in (200, 406)


def test_an_explanation_is_that_of_the_library(http: TestClient, diagnoser: Diagnoser) -> None:
    explanation = diagnoser.explain(OFF, "wifi-is-off")
    for path, written in {
        "/v1/explain?cause=wifi-is-off": explanation.json_text(),
        "/v1/explain?cause=wifi-is-off&format=markdown": explaining.markdown(explanation),
    }.items():
        assert http.post(path, json=OFF).text == written


def test_a_cause_that_does_not_exist_is_not_explained(http: TestClient) -> None:
    refused = http.post("/v1/explain?cause=wifi-is-of", json=OFF)
    [mistake] = serving.problem(refused, 422)["errors"]

    assert mistake["parameter"] == "cause"
    assert mistake["nearest"] == "wifi-is-off"


def test_every_format_can_be_asked_for_by_its_name(http: TestClient) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    for path, writers in (
        ("/v1/diagnosis", REPORT),
        ("/v1/interview/report", REPORT),
        ("/v1/explain", EXPLANATION),
    ):
        parameters = paths[path]["post"]["parameters"]
        [named] = [one for one in parameters if one.get("name") == "format"]
        assert named["schema"]["enum"] == [*writers]


def test_what_somebody_thinks_is_taken_and_shown_as_in_a_facts_file(
    http: TestClient, diagnoser: Diagnoser
) -> None:
    facts = {"backup": {"switch": {"think": "off"}}}
    done = http.post("/v1/diagnosis", json=facts)

    assert done.status_code == 200
    assert done.json() == json.loads(diagnoser.diagnose(facts).json_text())
    refused = http.post("/v1/diagnosis", json={"backup": {"switch": {"think": "of"}}})
    assert refused.status_code == 422
    assert "backup.switch.think" in refused.text or "/backup/switch/think" in refused.text
