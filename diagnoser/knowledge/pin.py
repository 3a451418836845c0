"""Which knowledge somebody demands: a version, the beginning of a digest, or both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from diagnoser.errors import (
    DiagnoserError,
    OtherKnowledge,
    Problem,
    fact_problem,
    nearest,
    quoted,
)

KNOWLEDGE = "knowledge"
"""The key of a facts file under which it demands its knowledge; no area has this name."""
LEAST = 8
"""Digits of a digest that are needed to tell it from others."""
FORM = f"VERSION, VERSION@DIGEST or @DIGEST, of a digest {LEAST} to 64 hexadecimal digits"
_DIGEST = rf"[0-9a-f]{{{LEAST},64}}"


class Identity(NamedTuple):
    """Which knowledge something is; `digest` is that of its files."""

    id: str
    version: str
    digest: str

    def __str__(self) -> str:
        return f"{self.id} {self.version} ({self.digest[:12]})"


class Pin(BaseModel):
    """What is demanded; a part that is left out may be anything. `digest` may be only its
    beginning. The `knowledge` of a report is one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str | None, Field(max_length=200, description="The id of the knowledge.")] = None
    version: Annotated[
        str | None, Field(max_length=200, description="Its version.", examples=["2.1.0"])
    ] = None
    digest: Annotated[
        str | None,
        Field(
            pattern=f"^{_DIGEST}$",
            description="Its digest, or the beginning of that.",
            examples=["0123456789ab"],
        ),
    ] = None

    @classmethod
    def parse(cls, text: str) -> Pin:
        """From `2.1.0`, `2.1.0@0123abcd` or `@0123abcd`. Raises DiagnoserError."""
        version, at, digest = text.strip().partition("@")
        digest = digest.lower()
        if not (version or at) or (at and not re.fullmatch(_DIGEST, digest)):
            raise DiagnoserError([fact_problem("pin", f"{quoted(text)} names no knowledge", FORM)])
        return cls(version=version or None, digest=digest or None)

    def demand(self, here: Identity, path: str = KNOWLEDGE) -> None:
        """Raises OtherKnowledge where another knowledge is at hand."""
        if problems := list(self._differences(here, path)):
            raise OtherKnowledge(problems)

    def _differences(self, here: Identity, path: str) -> Iterator[Problem]:
        wanted: dict[str, str | None] = self.model_dump()
        for part, mine in here._asdict().items():
            asked = wanted[part]
            if asked is not None and not (
                mine.startswith(asked) if part == "digest" else mine == asked
            ):
                reason = f"{quoted(asked)} is wanted, and this is {here}"
                do = "that knowledge, as a folder or a released pack; or demand this one"
                yield fact_problem(f"{path}.{part}", reason, do)


def pin_of(said: Any) -> tuple[Pin, list[Problem]]:
    """What a facts file demands, and everything that is wrong with how it says so."""
    try:
        return Pin.model_validate({} if said is None else said), []
    except ValidationError as error:
        return Pin(), [_mistake(one) for one in error.errors(include_url=False)]


def _mistake(one: Any) -> Problem:
    kind, loc, given = one["type"], one["loc"], one["input"]
    keys = ", ".join(Pin.model_fields)
    path = ".".join([KNOWLEDGE, *(str(part) for part in loc)])
    if kind == "extra_forbidden":
        near = nearest(str(loc[-1]), Pin.model_fields)
        return fact_problem(path, "says nothing of which knowledge it is", keys, near)
    if not loc:
        return fact_problem(path, f"{quoted(given)} is no mapping", keys)
    allowed = FORM.rpartition(" a digest ")[2] if loc[-1] == "digest" else "text"
    return fact_problem(path, f"{quoted(given)} cannot be one", allowed)


def pin_schema() -> dict[str, Any]:
    """The JSON Schema of what a facts file demands."""
    schema = Pin.model_json_schema()
    schema.pop("title")
    for one in schema["properties"].values():
        one.pop("title")
        one.pop("default")
    schema["description"] = (
        "The knowledge that these facts are for: with another one at hand they are refused."
    )
    return {
        "anyOf": [schema, {"type": "null"}],
        "examples": [{}],
        "description": schema.pop("description"),
    }
