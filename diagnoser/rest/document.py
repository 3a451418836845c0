"""The OpenAPI 3.1 document of the interface, made from its operations and their models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import BaseModel

from diagnoser.api import Diagnoser
from diagnoser.rest import example
from diagnoser.rest.components import REF, Components, Schema, exemplify, of_endpoints
from diagnoser.rest.endpoint import JSON, PARAMETER, Endpoint
from diagnoser.rest.problems import KINDS, MEDIA_TYPE, knowledge_headers
from diagnoser.rest.reading import DIGEST, VERSION
from diagnoser.version import __version__

DESCRIPTION = """
Send facts and get a diagnosis, or lead a conversation: `/v1/interview/next` says what to ask, and
the reply to what is said carries the conversation with it. Nothing is kept between requests.

Every reply names the knowledge that it comes from in the headers `Knowledge-Id`,
`Knowledge-Version` and `Knowledge-Digest`. Who sends the last two back demands that very knowledge,
and gets 409 once there is another one.

A body is a JSON object in UTF-8 of at most 64 KiB, six levels deep, with texts of at most 200
characters. What is wrong with a request is said all at once, as problem details (RFC 9457).
""".strip()
TAGS = [
    {"name": "Diagnosis", "description": "From facts to causes and a plan."},
    {"name": "Interview", "description": "A conversation, visit by visit and step by step."},
    {"name": "Knowledge", "description": "What is known, with an `ETag` for each state of it."},
    {"name": "Description", "description": "JSON Schemas, and the kinds of problems."},
]
DEMANDS = (VERSION, DIGEST)
_ALWAYS = (405, 409, 422, 500)
"""Statuses that any operation may answer: 405 to other methods."""
_WITH_BODY = (400, 413, 415)


def document(
    diagnoser: Diagnoser, endpoints: Sequence[Endpoint], prefix: str, others: Schema
) -> Schema:
    """The whole document; `others` is that of the operations of the same application that are not
    in the interface."""
    parts = of_endpoints(diagnoser, endpoints)
    _add_examples(diagnoser, endpoints, parts)
    paths: Schema = {}
    for one in endpoints:
        path = paths.setdefault(prefix + PARAMETER.sub(r"{\1}", one.path), {})
        path[one.method.lower()] = _operation(one, diagnoser, parts)
    shared = others.get("components", {})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"diagnoser: {diagnoser.knowledge.title}",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server."}],
        "tags": TAGS,
        "paths": paths | others.get("paths", {}),
        "components": {
            **shared,
            "schemas": {**shared.get("schemas", {}), **dict(sorted(parts.shared.items()))},
            "responses": _refusals(diagnoser),
            "headers": _headers(diagnoser),
            "parameters": _request_headers(diagnoser),
        },
    }


def _operation(one: Endpoint, diagnoser: Diagnoser, parts: Components) -> Schema:
    parameters = [*_in_path(one, diagnoser), *_in_query(one.options)]
    names = [*DEMANDS, *(["If-None-Match"] if one.of_knowledge else [])]
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in names]
    statuses = [*_ALWAYS]
    if "{" in one.path:
        statuses.append(404)
    if one.body is not None:
        statuses += _WITH_BODY
    if one.media_types:
        statuses.append(406)
    responses: Schema = {"200": _answered(one, diagnoser, parts)}
    if one.of_knowledge:
        headers = {name: _header(name) for name in ("ETag", *knowledge_headers(diagnoser))}
        text = "The knowledge is the one of the header If-None-Match."
        responses["304"] = {"description": text, "headers": headers}
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/{_named(status)}"}
    operation: Schema = {
        "tags": [one.tag],
        "summary": one.title,
        "description": one.text,
        "operationId": one.name,
        "parameters": parameters,
        "responses": responses,
    }
    if one.body is not None:
        content = {
            "schema": parts.by_type[f"asks {one.name}"],
            "example": example.body(one, diagnoser),
        }
        operation["requestBody"] = {
            "required": not one.may_be_empty,
            "content": {JSON: content},
        }
    return operation


def _answered(one: Endpoint, diagnoser: Diagnoser, parts: Components) -> Schema:
    """The response when all goes well."""
    content: Schema = {JSON: {"schema": parts.by_type[f"gives {one.name}"]}}
    content |= {name: {"schema": {"type": "string"}} for name in one.media_types}
    names = [*knowledge_headers(diagnoser), *(["ETag"] if one.of_knowledge else [])]
    headers = {name: _header(name) for name in names}
    return {"description": f"{one.title}.", "headers": headers, "content": content}


def _header(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}


def _in_path(one: Endpoint, diagnoser: Diagnoser) -> Iterable[Schema]:
    for found in PARAMETER.finditer(one.path):
        listed = one.path[: found.start()].strip("/")
        known = getattr(diagnoser.knowledge, listed, KINDS if listed == "problems" else ["report"])
        yield {
            "name": found[1],
            "in": "path",
            "required": True,
            "description": f"An id of `/v1/{listed}`.",
            "schema": {"type": "string", "title": "Id", "examples": [next(iter(known), "")]},
        }


def _in_query(options: type[BaseModel]) -> Iterable[Schema]:
    for name, schema in options.model_json_schema().get("properties", {}).items():
        # A parameter that is left out has no value at all, so it is never null.
        parts = [part for part in schema.pop("anyOf", []) if part != {"type": "null"}]
        if schema.get("default", ...) is None:
            del schema["default"]
        description = schema.pop("description")
        plain = {**schema, **(parts[0] if parts else {})}
        yield {"name": name, "in": "query", "description": description, "schema": plain}


def _request_headers(diagnoser: Diagnoser) -> Schema:
    """The headers that a request may have."""
    known = diagnoser.knowledge
    texts = {
        VERSION: ("The version of the knowledge that is demanded.", known.version),
        DIGEST: ("The digest of the knowledge that is demanded.", known.digest),
        "If-None-Match": ("The ETag of what the caller has already.", f'"{known.digest}"'),
    }
    return {
        name: {
            "name": name,
            "in": "header",
            "description": text,
            "schema": {"type": "string", "examples": [example]},
        }
        for name, (text, example) in texts.items()
    }


def _headers(diagnoser: Diagnoser) -> Schema:
    """The headers that a reply may have."""
    texts = {
        "Knowledge-Id": "The id of the knowledge that is at hand.",
        "Knowledge-Version": "Its version.",
        "Knowledge-Digest": "The SHA-256 of its files.",
    }
    found: Schema = {
        name: {
            "description": texts[name],
            "required": True,
            "schema": {"type": "string", "examples": [value]},
        }
        for name, value in knowledge_headers(diagnoser).items()
    }
    etag = {"type": "string", "examples": [f'"{diagnoser.knowledge.digest}"']}
    found["ETag"] = {"description": "The digest, for If-None-Match.", "schema": etag}
    return found


def _refusals(diagnoser: Diagnoser) -> Schema:
    """The responses to what is refused, by their names."""
    by_status: dict[int, list[str]] = {}
    for kind in KINDS.values():
        by_status.setdefault(kind.status, []).append(f"{kind.title}. {kind.text}")
    return {
        _named(status): {
            "description": "\n\n".join(texts),
            "headers": {name: _header(name) for name in knowledge_headers(diagnoser)},
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{REF}ProblemDetails"}}},
        }
        for status, texts in by_status.items()
    }


def _named(status: int) -> str:
    kind = next(name for name, kind in KINDS.items() if kind.status == status)
    return kind.title().replace("-", "")


def _add_examples(diagnoser: Diagnoser, endpoints: Iterable[Endpoint], parts: Components) -> None:
    """Gives examples to all that is given, from what is really answered."""
    for one in endpoints:
        schema = parts.by_type[f"gives {one.name}"]
        for value in example.replies(one, diagnoser):
            exemplify(schema, value, parts.shared)
