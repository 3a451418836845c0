"""A visit as a form that the client shows to the person (elicitation), and what comes back.

The client's form knows only flat fields: text, numbers and choices. So a field that waits for
another one says so in words, and every field may be left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.session import ServerSession
from mcp.shared.exceptions import MCPError
from mcp_types import (
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import is_version_at_least
from pydantic import ValidationError

from diagnoser.interview.turns import THINK, TRIED_FIELD, Field, Visit
from diagnoser.rendering.words import joined

FORM = "visit"
"""The name of the form in the protocol."""
SEVERAL_SINCE = "2025-11-25"
"""The first version of the protocol whose forms have a choice of several."""
RETRIED_SINCE = "2026-07-28"
"""The first version in which the client gets the form as an answer, and calls again with what was
filled in, so that no request waits for a person."""

DOUBTS = "Which of these answers are you not quite sure of?"

JsonSchema = dict[str, Any]


async def show(
    visit: Visit, context: Context[Any, Any]
) -> ElicitResult | InputRequiredResult | None:
    """What the person made of the form; the request for it, which the tool has to return; or None
    where this client cannot show one."""
    version = context.protocol_version
    if version is None or not _has_forms(context):
        return None
    message = _message(visit)
    schema = _schema(visit, several=is_version_at_least(version, SEVERAL_SINCE))
    if not is_version_at_least(version, RETRIED_SINCE):
        session: ServerSession = context.session
        if not session.can_send_request:
            return None
        try:
            return await session.elicit_form(message, schema, context.request_id)
        except (MCPError, ValidationError):  # it has no forms after all, or fills them in wrongly
            return None
    filled = (context.input_responses or {}).get(FORM)
    if isinstance(filled, ElicitResult):
        return filled
    form = ElicitRequestFormParams(message=message, requested_schema=schema)
    return InputRequiredResult(input_requests={FORM: ElicitRequest(params=form)})


def _has_forms(context: Context[Any, Any]) -> bool:
    """Whether the client said that it shows forms; before there were kinds of elicitation, forms
    were the only one."""
    can = context.client_capabilities
    kinds = None if can is None else can.elicitation
    return kinds is not None and (kinds.form is not None or kinds.url is None)


def answers(filled: ElicitResult) -> dict[str, Any]:
    """What was filled in, by fact, for `Interview.answer`; fields that are empty were left open."""
    content: dict[str, Any] = dict(filled.content or {})
    doubted = content.pop(THINK, None)
    given = {fact: value for fact, value in content.items() if value not in (None, "", [])}
    for fact in doubted if isinstance(doubted, list) else ():
        if fact in given and fact != TRIED_FIELD:
            given[fact] = {THINK: given[fact]}
    return given


def _message(visit: Visit) -> str:
    return "\n".join([visit.title, *visit.go, "Leave open what you do not know."])


def _schema(visit: Visit, several: bool) -> JsonSchema:
    """The fields as JSON Schema, as far as a form of the protocol may use it."""
    by_fact = {field.fact: field for field in visit.fields}
    fields = {field.fact: _field(field, by_fact, several) for field in visit.fields}
    if several:
        asks = {field.fact: field.ask for field in visit.fields if field.fact != TRIED_FIELD}
        choices = [{"const": fact, "title": ask} for fact, ask in asks.items()]
        if choices:
            fields[THINK] = {"type": "array", "title": DOUBTS, "items": {"anyOf": choices}}
    return {"type": "object", "properties": fields}


def _field(field: Field, others: Mapping[str, Field], several: bool) -> JsonSchema:
    about = {"title": field.ask, "description": "\n".join(_description(field, others))}
    if field.kind == "number":
        bounds = {"minimum": field.low, "maximum": field.high}
        return {
            "type": "number",
            **about,
            **{key: bound for key, bound in bounds.items() if bound is not None},
        }
    if not field.options:
        return {"type": "string", **about}
    if field.several and several:
        choices = [{"const": id, "title": label} for id, label in field.options.items()]
        return {"type": "array", **about, "items": {"anyOf": choices}}
    return {
        "type": "string",
        **about,
        "enum": list(field.options),
        "enumNames": list(field.options.values()),
    }


def _description(field: Field, others: Mapping[str, Field]) -> Iterator[str]:
    if field.only_if:
        yield f"Only if {' or if '.join(_opens(field, others))}."
    yield from field.go
    yield from field.look
    if field.unit:
        yield f"In {field.unit}."
    elif not field.options:
        yield f"Write {field.allowed}."


def _opens(field: Field, others: Mapping[str, Field]) -> Iterator[str]:
    for gate, opening in field.only_if.items():
        asked = others[gate]
        labels = [f'"{asked.options.get(answer, answer)}"' for answer in opening]
        yield f'the answer to "{asked.ask}" is {joined(labels, "or")}'
