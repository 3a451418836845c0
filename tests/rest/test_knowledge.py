"""The knowledge over HTTP: what is in it, which it is, and that a caller can demand it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from diagnoser.rendering import pages
from diagnoser.report.canonical_json import as_json
from tests.rest import serving

LISTS = [*pages.LISTS]
OFF = {"wifi": {"connection": "off"}}
REPLIES: list[tuple[str, str, Any, int]] = [
    ("GET", "/v1/knowledge", None, 200),
    ("GET", "/v1/causes/wifi-is-off", None, 200),
    ("GET", "/v1/causes/nothing", None, 404),
    ("GET", "/v1/schema/report", None, 200),
    ("GET", "/v1/nothing", None, 404),
    ("PUT", "/v1/causes", None, 405),
    ("POST", "/v1/diagnosis", OFF, 200),
    ("POST", "/v1/diagnosis", {"x": 1}, 422),
    ("POST", "/v1/interview/next", {}, 200),
]


@pytest.mark.parametrize("what", LISTS)
def test_lists_and_entries_are_those_of_the_pages(
    http: TestClient, diagnoser: Diagnoser, what: str
) -> None:
    listed = http.get(f"/v1/{what}")
    assert listed.text == as_json(pages.LISTS[what](diagnoser.knowledge))
    for id in [*listed.json()][::7]:
        assert http.get(f"/v1/{what}/{id}").json() == json.loads(
            as_json(pages.ENTRIES[what](diagnoser.knowledge, id))
        )


@pytest.mark.parametrize("what", LISTS)
def test_every_entry_fits_its_schema(http: TestClient, diagnoser: Diagnoser, what: str) -> None:
    document = http.get("/openapi.json").json()
    path = document["paths"][f"/v1/{what}/{{id}}"]["get"]
    schema = path["responses"]["200"]["content"]["application/json"]["schema"]
    fits = Draft202012Validator(schema | {"components": document["components"]})
    for id in pages.LISTS[what](diagnoser.knowledge):
        fits.validate(json.loads(as_json(pages.ENTRIES[what](diagnoser.knowledge, id))))


@pytest.mark.parametrize("what", LISTS)
def test_an_id_that_does_not_exist_has_a_near_one(http: TestClient, what: str) -> None:
    [id, *_] = http.get(f"/v1/{what}").json()
    [mistake] = serving.problem(http.get(f"/v1/{what}/{id}x"), 404)["errors"]

    assert mistake["parameter"] == "id"
    assert mistake["nearest"] == id
    assert f"/v1/{what}" in mistake["allowed"]


def test_the_knowledge_says_which_it_is(http: TestClient, diagnoser: Diagnoser) -> None:
    known = diagnoser.knowledge
    shown = http.get("/v1/knowledge").json()

    assert [shown["id"], shown["version"], shown["digest"]] == [
        known.id,
        known.version,
        known.digest,
    ]
    assert shown["counts"]["causes"] == len(known.causes)


@pytest.mark.parametrize(("method", "path", "body", "status"), REPLIES)
def test_every_reply_names_the_knowledge(
    http: TestClient, diagnoser: Diagnoser, method: str, path: str, body: Any, status: int
) -> None:
    done = http.request(method, path, json=body)
    known = diagnoser.knowledge

    assert done.status_code == status
    assert done.headers["knowledge-id"] == known.id
    assert done.headers["knowledge-version"] == known.version
    assert done.headers["knowledge-digest"] == known.digest
    if method == "POST":
        assert done.headers["cache-control"] == "no-store"
        shown = done.json()
        assert shown["knowledge"] == {
            "id": known.id,
            "version": known.version,
            "digest": known.digest,
        }


@pytest.mark.parametrize(("method", "path", "body", "status"), REPLIES)
def test_the_knowledge_that_is_at_hand_may_be_demanded(
    http: TestClient, diagnoser: Diagnoser, method: str, path: str, body: Any, status: int
) -> None:
    known = diagnoser.knowledge
    demand = {"Knowledge-Version": known.version, "Knowledge-Digest": known.digest}

    assert http.request(method, path, json=body, headers=demand).status_code == status


@pytest.mark.parametrize("header", ["Knowledge-Version", "Knowledge-Digest"])
@pytest.mark.parametrize(
    ("method", "path", "body"), [one[:3] for one in REPLIES if one[3] in (200, 422)]
)
def test_who_demands_other_knowledge_is_told_which_there_is(
    http: TestClient, diagnoser: Diagnoser, method: str, path: str, body: Any, header: str
) -> None:
    known = diagnoser.knowledge
    refused = http.request(method, path, json=body, headers={header: "1.0.0"})
    found = serving.problem(refused, 409)
    [mistake] = found["errors"]

    assert mistake["parameter"] == header
    assert mistake["allowed"] == (known.digest if header.endswith("Digest") else known.version)
    assert found["knowledge"]["digest"] == known.digest


OF_KNOWLEDGE = ["/v1/knowledge", "/v1/causes", "/v1/facts/wifi.connection"]


@pytest.mark.parametrize("path", OF_KNOWLEDGE)
def test_who_has_the_knowledge_already_is_not_sent_it_again(
    http: TestClient, diagnoser: Diagnoser, path: str
) -> None:
    etag = http.get(path).headers["etag"]
    assert etag == f'"{diagnoser.knowledge.digest}"'
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        done = http.get(path, headers={"If-None-Match": known})
        assert (done.status_code, done.content) == (304, b"")
        assert done.headers["etag"] == etag
        assert done.headers["knowledge-digest"] == diagnoser.knowledge.digest
    assert http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_does_not_exist_is_not_unchanged(http: TestClient) -> None:
    etag = http.get("/v1/causes").headers["etag"]

    serving.problem(http.get("/v1/causes/nothing", headers={"If-None-Match": etag}), 404)


@pytest.mark.parametrize("path", [*OF_KNOWLEDGE, "/v1/schema", "/v1/causes/nothing", "/v1/nothing"])
def test_head_tells_what_get_would(http: TestClient, path: str) -> None:
    got, told = http.get(path), http.head(path)

    assert told.content == b""
    assert told.status_code == got.status_code
    assert told.headers == got.headers
