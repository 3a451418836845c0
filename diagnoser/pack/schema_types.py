"""Texts, names and lines as the files of a knowledge folder have them: what `schema` is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
)

from diagnoser.knowledge.model import Go


class NotAllowed(ValueError):
    """A text that is none of those that may stand there."""

    def __init__(self, allowed: str) -> None:
        super().__init__("is not allowed here")
        self.allowed = allowed


def one_of(*words: str) -> AfterValidator:
    def check(word: str) -> str:
        if word not in words:
            raise NotAllowed(", ".join(words))
        return word

    return AfterValidator(check)


def matching(pattern: str, reason: str) -> Callable[[str], str]:
    """A check that raises ValueError with the reason unless a text is of this form."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(reason)
        return text

    return check


def _real_date(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError("is not a date such as 2026-11-23")


id_like = matching(
    "[a-z0-9]+(-[a-z0-9]+)*", "is not named like an id: lower-case words with hyphens between them"
)
fact_like = matching(
    "[a-z][a-z0-9]*(_[a-z0-9]+)*",
    "is not named like a fact: lower-case words with underscores between them",
)
MAX_SENTENCE = 600
Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_SENTENCE)
]
MAX_PHRASE = 200
Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PHRASE)
]
"""A phrase in which people say something."""
Date = Annotated[str, AfterValidator(_real_date)]
Minutes = Annotated[float, Field(ge=0, le=10000)]
Chance = Annotated[float, Field(gt=0, lt=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Condition = dict[str, Any]
MAX_NAME = 60
Name = Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(id_like)]
FactName = Annotated[str, StringConstraints(max_length=40), AfterValidator(fact_like)]


def listed(raw: Any) -> Any:
    """A single text is a list of one."""
    return [raw] if isinstance(raw, str) else raw


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=False)


def _one_sentence(raw: Any) -> str:
    """As `Sentence`, where a mapping could stand too."""
    if not isinstance(raw, str):
        raise ValueError("must be a text")
    text = raw.strip()
    if not text:
        raise ValueError("is empty")
    if len(text) > MAX_SENTENCE:
        raise ValueError(f"is longer than {MAX_SENTENCE} characters")
    return text


def _line(raw: Any) -> str | Go:
    if isinstance(raw, dict):
        if list(raw) != ["go"] or not isinstance(raw["go"], str):
            raise ValueError("is neither a text nor `go:` with a place")
        return Go(raw["go"])
    return _one_sentence(raw)


Line = Annotated[str | Go, PlainValidator(_line)]


class Variant(Strict):
    """Lines for the phones on which `if` holds; without `if`, for all others."""

    condition: Condition | None = Field(default=None, alias="if")
    do: Annotated[list[Line], Field(min_length=1), BeforeValidator(listed)]


def _variants(raw: Any) -> Any:
    """A single line or a plain list of lines is one variant for every phone."""
    if isinstance(raw, str):
        return [{"do": [raw]}]
    if isinstance(raw, list) and raw and all(isinstance(one, str) or "go" in one for one in raw):
        return [{"do": raw}]
    return raw


def _default_last(variants: list[Variant]) -> list[Variant]:
    if (
        any(variant.condition is None for variant in variants[:-1])
        or variants[-1].condition is not None
    ):
        raise ValueError("the last variant, and only that, has no `if`")
    return variants


Variants = Annotated[
    list[Variant], Field(min_length=1), BeforeValidator(_variants), AfterValidator(_default_last)
]


Cited = Annotated[list[str], Field(min_length=1), BeforeValidator(listed)]
"""Ids of sources."""


class Mention(NamedTuple):
    """A sign that speaks of a cause; `because` may say why in words for this cause."""

    sign: str
    because: str | None


def mention(raw: Any) -> Mention:
    if isinstance(raw, str):
        return Mention(id_like(raw), None)
    if not isinstance(raw, dict) or len(raw) != 1:
        raise ValueError("is neither a sign nor a sign with one sentence")
    [(sign, because)] = raw.items()
    return Mention(id_like(sign), _one_sentence(because))
