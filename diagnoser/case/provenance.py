"""Where an answer is from, when nobody gave it in person: kept beside the facts, and shown with
them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from diagnoser.case.json_input import MAX_TEXT, shown
from diagnoser.errors import Problem, fact_problem, nearest

PROVENANCE = "provenance"
"""The key of a facts file under which it stands; no area has this name."""
Text = Annotated[str, Field(max_length=MAX_TEXT, strict=True)]


class Provenance(BaseModel):
    """Which key of which file told a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Annotated[Text, Field(description="The name of the file.", examples=["jamf.json"])]
    key: Annotated[
        Text, Field(description="The key in it that told the fact.", examples=["general.osVersion"])
    ]
    value: Annotated[Text, Field(description="The value as it stands there.", examples=["26.1"])]
    date: Annotated[
        Text | None,
        Field(
            description="When the report was made, in ISO 8601; null where it does not say.",
            examples=["2026-11-03T10:40:00Z"],
        ),
    ] = None

    def in_words(self) -> str:
        """`jamf.json, general.os_version, 2026-11-03`."""
        day = (self.date or "").partition("T")[0]
        return ", ".join(filter(None, (self.file, self.key, day)))


_BY_FACT: TypeAdapter[dict[str, Provenance]] = TypeAdapter(dict[str, Provenance])


def provenance_of(
    said: object, facts: Collection[str]
) -> tuple[dict[str, Provenance], list[Problem]]:
    """The provenance of answers, by fact id, and everything that is wrong with it."""
    try:
        found = _BY_FACT.validate_python({} if said is None else said)
    except ValidationError as error:
        return {}, [
            fact_problem(_path(one["loc"]), one["msg"], ", ".join(Provenance.model_fields))
            for one in error.errors(include_url=False, include_context=False)
        ]
    problems = [
        fact_problem(_path((id,)), "is not a fact", near=nearest(id, facts))
        for id in found
        if id not in facts
    ]
    return found, problems


def provenance_schema(facts: Iterable[str]) -> dict[str, Any]:
    """The JSON Schema of the provenance of answers to these facts."""
    entry = Provenance.model_json_schema()
    entry.pop("title")
    ids = {"enum": sorted(facts)}
    by_fact = {"type": "object", "propertyNames": ids, "additionalProperties": entry}
    return {
        "description": "Where answers are from that nobody gave in person, by fact id.",
        "anyOf": [by_fact, {"type": "null"}],
        "examples": [{}],
    }


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join([PROVENANCE, *map(shown, place)])
