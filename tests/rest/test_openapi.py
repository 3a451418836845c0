"""The OpenAPI document as a stranger reads it: everything is named, described and exemplified, and
the examples work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from diagnoser.rest.explained import EXPLAINED
from diagnoser.rest.mounting import endpoints
from diagnoser.rest.words import EXAMPLES, WORDS
from tests.commands import EXAMPLES as FACTS_FILES
from tests.rest import serving

Schema = dict[str, Any]


@pytest.fixture(scope="module")
def document(http: TestClient) -> Schema:
    found: Schema = http.get("/openapi.json").json()
    return found


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def properties(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for name, schema in document["components"]["schemas"].items():
        for property, inner in schema.get("properties", {}).items():
            yield name, property, inner


def resolved(document: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def test_every_operation_of_the_interface_is_in_it(document: Schema, diagnoser: Diagnoser) -> None:
    assert document["openapi"].startswith("3.1")
    assert len({one["operationId"] for *_, one in operations(document)}) == len(
        endpoints(diagnoser)
    )
    asked = (
        "/v1/diagnosis /v1/explain /v1/interview/next /v1/interview/answer /v1/interview/outcome"
        " /v1/interview/back /v1/facts /v1/causes /v1/remedies /v1/knowledge /v1/schema/{id}"
    )
    assert set(asked.split()) <= document["paths"].keys()


def test_every_operation_and_parameter_is_described(document: Schema) -> None:
    tags = [one["name"] for one in document["tags"]]
    for _, path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"][0] in tags
        for one in operation["parameters"]:
            parameter = resolved(document, one)
            assert parameter["description"], path
            assert parameter["schema"]["examples"], path


def test_every_field_is_described_and_has_an_example(document: Schema) -> None:
    bare = [
        f"{name}.{property}"
        for name, property, inner in properties(document)
        if not inner.get("description")
    ]
    assert bare == []
    closed = {"examples", "const", "enum"}  # these show themselves what is possible
    bare = [
        f"{name}.{property}"
        for name, property, inner in properties(document)
        if not closed & inner.keys() and "$ref" not in json.dumps(inner)
    ]
    assert bare == []


def test_no_description_is_idle(document: Schema) -> None:
    known = {name for name, *_ in properties(document)}
    known |= {property for _, property, _ in properties(document)}
    known |= {f"{name}.{property}" for name, property, _ in properties(document)}
    assert WORDS.keys() | EXAMPLES.keys() | EXPLAINED.keys() <= known


def test_numbers_have_their_units(document: Schema) -> None:
    facts = document["components"]["schemas"]["storage"]["properties"]
    assert "GB" in facts["icloud_free_gb"]["description"]


def test_examples_fit_their_schemas(document: Schema) -> None:
    for name, property, inner in properties(document):
        fits = Draft202012Validator(inner | {"components": document["components"]})
        for one in inner.get("examples", []):
            assert fits.is_valid(one), f"{name}.{property}: {one}"


def test_the_bodies_that_are_shown_are_taken(document: Schema, http: TestClient) -> None:
    for method, path, operation in operations(document):
        if "requestBody" in operation:
            shown = operation["requestBody"]["content"]["application/json"]
            Draft202012Validator(shown["schema"] | {"components": document["components"]}).validate(
                shown["example"]
            )
            done = http.request(method, path, json=shown["example"])
            assert done.status_code == 200, done.text


def test_every_reference_leads_somewhere(document: Schema) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(document))
    assert found
    for reference in found:
        assert resolved(document, {"$ref": reference})


def test_the_document_is_the_same_every_time(document: Schema, diagnoser: Diagnoser) -> None:
    again = serving.client(diagnoser).get("/openapi.json")

    assert again.text == json.dumps(document, indent=2, ensure_ascii=False)


def test_nothing_is_fetched_from_elsewhere(http: TestClient) -> None:
    for path in ("/docs", "/redoc"):
        assert http.get(path).status_code == 404


def schema_of(http: TestClient, id: str) -> Draft202012Validator:
    schema = http.get(f"/v1/schema/{id}").json()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return Draft202012Validator(schema)


def test_schemas_stand_by_themselves_and_fit_what_is_answered(http: TestClient) -> None:
    ids = http.get("/v1/schema").json()
    assert {"facts", "report", "interview", "turn"} <= ids.keys()
    validators = {id: schema_of(http, id) for id in ids}
    for path in sorted(FACTS_FILES.glob("*.json")):
        facts = json.loads(path.read_bytes())
        validators["facts"].validate(facts)
        validators["report"].validate(http.post("/v1/diagnosis", json=facts).json())
        turned = http.post("/v1/interview/next", json={"facts": facts}).json()
        validators["turned"].validate(turned)
        validators["turn"].validate(turned["turn"])
        validators["interview"].validate(turned["interview"])
    validators["problem"].validate(http.post("/v1/diagnosis", json={"x": 1}).json())
    assert not validators["facts"].is_valid({"wifi": {"connection": "of"}})
