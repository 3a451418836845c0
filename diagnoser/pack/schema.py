"""What the files of a knowledge folder may contain, as pydantic models; imported only when YAML is
read.

They check shapes and types of one file. What needs several files (is there such a fact?) is checked
by `linker`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import fsum
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from diagnoser.knowledge.model import Go
from diagnoser.knowledge.values import UNKNOWN

VERDICTS = ("proven", "ruled out", "more likely", "less likely", "unchanged")


class NotAllowed(ValueError):
    """A text that is none of those that may stand there."""

    def __init__(self, allowed: str) -> None:
        super().__init__("is not allowed here")
        self.allowed = allowed


def _one_of(*words: str) -> AfterValidator:
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
Date = Annotated[str, AfterValidator(_real_date)]
Minutes = Annotated[float, Field(ge=0, le=10000)]
Chance = Annotated[float, Field(gt=0, lt=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Condition = dict[str, Any]
MAX_NAME = 60
Name = Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(id_like)]
FactName = Annotated[str, StringConstraints(max_length=40), AfterValidator(fact_like)]


def _listed(raw: Any) -> Any:
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
    do: Annotated[list[Line], Field(min_length=1), BeforeValidator(_listed)]


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


class NumberType(Strict):
    unit: Sentence
    low: Finite = Field(alias="from")
    high: Finite = Field(alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> NumberType:
        if self.low >= self.high:
            raise ValueError("`from` must be less than `to`")
        return self


class VersionType(Strict):
    low: int = Field(alias="from", ge=0)
    high: int = Field(alias="to", le=9999)

    @model_validator(mode="after")
    def _ordered(self) -> VersionType:
        if self.low > self.high:
            raise ValueError("`from` must not be more than `to`")
        return self


class LookupType(Strict):
    table: Annotated[
        str, AfterValidator(matching(r"[a-z0-9_-]+\.csv", "is not a name such as iphones.csv"))
    ]
    name: FactName
    also: FactName | None = None
    derives: dict[FactName, Annotated[str, _one_of("word", "version", "number")]]


def _answers(labels: dict[str, str]) -> dict[str, str]:
    if UNKNOWN in labels:
        raise ValueError(f"`{UNKNOWN}` is an answer to every question, so it need not be listed")
    return labels


def _whole(typical: dict[str, float]) -> dict[str, float]:
    if abs(fsum(typical.values()) - 100) > 0.01:
        raise ValueError(f"adds up to {fsum(typical.values()):g}, not to 100")
    return typical


class FactDefinition(Strict):
    ask: Sentence
    place: str | None = None
    look: Variants
    effort: Minutes
    typical: Annotated[dict[str, Annotated[Finite, Field(ge=0)]], AfterValidator(_whole)]
    only_if: Condition | None = None
    answers: (
        Annotated[dict[Name, Sentence], Field(min_length=2, max_length=9), AfterValidator(_answers)]
        | None
    ) = None
    means: Annotated[dict[str, dict[str, str]], Field(min_length=1)] | None = None
    number: NumberType | None = None
    version: VersionType | None = None
    lookup: LookupType | None = None

    @model_validator(mode="after")
    def _one_type(self) -> FactDefinition:
        given = [self.answers, self.number, self.version, self.lookup]
        if sum(one is not None for one in given) != 1:
            raise ValueError("must have exactly one of answers, number, version, lookup")
        if self.means is not None and self.answers is None:
            raise ValueError("`means` says what `answers` mean, and there are none")
        return self


class AreaFile(Strict):
    title: Sentence
    order: int
    facts: Annotated[dict[FactName, FactDefinition], Field(min_length=1)]


class PlaceDefinition(Strict):
    title: Sentence
    effort: Minutes
    go: Variants


class PlacesFile(Strict):
    places: dict[Name, PlaceDefinition]


class SourceDefinition(Strict):
    title: Sentence
    address: Annotated[
        str | None, AfterValidator(matching("https?://[^ ]+", "is not a web address"))
    ] = None
    worth: str
    read: Date | None = None


class SourcesFile(Strict):
    sources: dict[Name, SourceDefinition]


Cited = Annotated[list[str], Field(min_length=1), BeforeValidator(_listed)]
"""Ids of sources."""


class Spoken(Strict):
    """What both kinds of signs say: why they speak for a cause, and why against one."""

    pro: Sentence | None = Field(default=None, alias="for")
    con: Sentence | None = Field(default=None, alias="against")
    source: Cited
    reviewed: Date

    @model_validator(mode="after")
    def _one_side(self) -> Spoken:
        if self.pro is None and self.con is None:
            raise ValueError("must say why it speaks `for` a cause, or why `against` one")
        return self


class SignDefinition(Spoken):
    when: Condition
    seen: dict[str, str]
    unseen: dict[str, str]


class Explanation(Spoken):
    """Which causes each answer may go with; it speaks against all others."""

    fact: str
    answers: Annotated[dict[str, list[str]], Field(min_length=1)]


class SignsFile(Strict):
    title: Sentence
    signs: dict[Name, SignDefinition] = {}
    explains: dict[Name, Explanation] = {}


class RuleDefinition(Strict):
    when: Condition
    says: str
    because: Sentence
    source: Cited
    reviewed: Date


class Mention(NamedTuple):
    """A sign that speaks of a cause; `because` may say why in words for this cause."""

    sign: str
    because: str | None


def _mention(raw: Any) -> Mention:
    if isinstance(raw, str):
        return Mention(id_like(raw), None)
    if not isinstance(raw, dict) or len(raw) != 1:
        raise ValueError("is neither a sign nor a sign with one sentence")
    [(sign, because)] = raw.items()
    return Mention(id_like(sign), _one_sentence(because))


class Example(Strict):
    case: Sentence
    given: dict[str, str]
    expect: Annotated[str, _one_of(*VERDICTS)]


class CauseFile(Strict):
    title: Sentence
    because: Sentence
    guide: int | None = None
    commonness: str
    signs: dict[str, list[Annotated[Mention, PlainValidator(_mention)]]] = {}
    rules: dict[Name, RuleDefinition] = {}
    examples: list[Example] = []

    @model_validator(mode="after")
    def _said_of(self) -> CauseFile:
        if not self.rules and not any(self.signs.values()):
            raise ValueError("has neither signs nor rules, so nothing ever speaks of it")
        return self


class Cost(Strict):
    hands_on: Minutes
    waiting: Minutes = 0.0
    money: str | None = None
    loses: list[str] = []


class Bar(Strict):
    when: Condition
    because: Sentence


class RemedyFile(Strict):
    title: Sentence
    guide: int | None = None
    fixes: dict[str, str]
    cost: Cost
    after: list[str] = []
    not_if: list[Bar] = []
    caveat: Sentence | None = None
    steps: Variants
    check: Sentence
    sources: Annotated[list[str], Field(min_length=1)]
    reviewed: Date
    hand_over: bool = False


class ContradictionDefinition(Strict):
    when: Condition
    because: Sentence
    ask_again: str
    source: Cited
    reviewed: Date


class ContradictionsFile(Strict):
    contradictions: dict[Name, ContradictionDefinition]


class CommonBar(Bar):
    """When no remedy is possible or right, but those that are named."""

    but: list[str] = []


class Nuisance(Strict):
    minutes: Minutes
    text: Sentence
    irreplaceable: bool = False


class PackFile(Strict):
    id: Name
    version: Annotated[
        str, AfterValidator(matching(r"\d+\.\d+\.\d+", "is not a version such as 1.0.2"))
    ]
    title: Sentence
    strengths: dict[str, Annotated[float, Field(ge=-1, le=1)]]
    worth: dict[str, str]
    commonness: dict[str, Chance]
    chances: dict[str, Chance]
    nuisances: dict[Name, Nuisance]
    safe_copy: str | None = None
    not_if: list[CommonBar] = []
    none_of_these: Chance
    waiting_rate: Annotated[float, Field(ge=0, le=1)]
    verification: Minutes
    wrong_cause: Minutes = 0
    worth_asking: Minutes = 0
    worth_knowing: Annotated[float, Field(ge=0, le=10)] = 0
    patience: Minutes = 0
