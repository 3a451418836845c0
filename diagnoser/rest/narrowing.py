"""What the models of a conversation leave open and the knowledge settles: its facts with their
answers, its places and remedies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.case.answers import answer_schema
from diagnoser.interview.history import WENT
from diagnoser.interview.turns import TRIED_FIELD
from diagnoser.interview.wording import question
from diagnoser.knowledge.model import OUTCOMES, TRIED_AREA, Fact, Knowledge
from diagnoser.knowledge.values import UNKNOWN

Schema = dict[str, Any]


def narrow(shared: dict[str, Schema], diagnoser: Diagnoser, ref: str) -> None:
    """Says in the schemas of a conversation which ids and answers the knowledge has; `ref` is what
    references begin with."""
    known = diagnoser.knowledge
    given = [fact for fact in known.facts.values() if not fact.derived_from]
    asked = [fact.id for fact in given if fact.area != TRIED_AREA]
    shared |= {
        "AnswersByFact": {
            "title": "Answers by fact",
            "description": "Answers by the id of their fact, as in a facts file.",
            "type": "object",
            "properties": {fact.id: _answer(fact, known) for fact in given},
            "additionalProperties": False,
        },
        "FactId": _one_of("Id of a fact", "An id of /v1/facts.", [fact.id for fact in given]),
        "PlaceId": _one_of(
            "Id of a place", "An id of /v1/places; empty for none.", ["", *known.places]
        ),
        "RemedyId": _one_of("Id of a remedy", "An id of /v1/remedies.", known.remedies),
    }
    answers, fact, place, remedy = (
        {"$ref": ref + name} for name in ("AnswersByFact", "FactId", "PlaceId", "RemedyId")
    )
    tried = {
        "additionalProperties": {"type": "string", "enum": list(OUTCOMES)},
        "propertyNames": remedy,
    }
    properties: Mapping[str, Mapping[str, Schema]] = {
        "MadeWith": {"id": {"const": known.id}},
        "Interview": {"given": answers},
        "Visited": {
            "visit": place,
            "answers": answers,
            "waits": {"items": {"type": "string", "enum": [*asked, TRIED_FIELD]}},
            "aside": {"items": fact},
            "tried": {"anyOf": [{"type": "object", **tried}, {"type": "null"}]},
        },
        "Skipped": {"skipped": place, "facts": {"items": fact}},
        "Outcome": {
            "steps": {"items": remedy},
            "outcome": {"enum": list(WENT)},
            "forgot": {"items": fact},
        },
        "VisitAnswered": {
            "answers": {"propertyNames": {"type": "string", "enum": [*asked, TRIED_FIELD]}}
        },
        "AnswerChanged": {"fact": fact},
    }
    for name, narrower in properties.items():
        for property, schema in narrower.items() if name in shared else ():
            inner = shared[name]["properties"][property]
            if "$ref" in schema:
                inner.pop("type", None)
                inner.pop("additionalProperties", None)
            inner |= schema


def about(id: str, known: Knowledge) -> Schema:
    """What somebody who gives a fact needs to know of it."""
    fact = known.facts[id]
    usual = max(fact.typical, key=lambda one: one[1])[0] if fact.typical else None
    return {
        "title": question(known, id),
        "description": f"Allowed: {fact.kind.allowed}.",
        "examples": [UNKNOWN if usual is None else fact.kind.show(usual)],
    }


def _answer(fact: Fact, known: Knowledge) -> Schema:
    """An answer to the fact, which is known or not, but not null."""
    schema = answer_schema(fact)
    parts = [part for part in schema.pop("anyOf") if part != {"type": "null"}]
    return {**schema, **about(fact.id, known), "anyOf": parts}


def _one_of(title: str, description: str, ids: Iterable[str]) -> Schema:
    return {"title": title, "description": description, "type": "string", "enum": list(ids)}
