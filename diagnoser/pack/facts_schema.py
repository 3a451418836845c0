"""What the files of `facts/` may contain, as pydantic models; those of `rules/` are in `schema`."""

from __future__ import annotations

from math import fsum
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from diagnoser.knowledge.values import UNKNOWN
from diagnoser.pack.schema_types import (
    Condition,
    Date,
    FactName,
    Finite,
    Minutes,
    Name,
    Phrase,
    Sentence,
    Strict,
    Variants,
    matching,
    one_of,
)


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
    beta: FactName | None = None
    beta_number: FactName | None = None

    @model_validator(mode="after")
    def _ordered(self) -> VersionType:
        if self.low > self.high:
            raise ValueError("`from` must not be more than `to`")
        return self

    @model_validator(mode="after")
    def _both(self) -> VersionType:
        if (self.beta is None) != (self.beta_number is None):
            raise ValueError("`beta` and `beta_number` stand together")
        return self


class LookupType(Strict):
    table: Annotated[
        str, AfterValidator(matching(r"[a-z0-9_-]+\.csv", "is not a name such as iphones.csv"))
    ]
    name: FactName
    also: FactName | None = None
    derives: dict[FactName, Annotated[str, one_of("word", "version", "number")]]
    expires: Date | None = None


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
    several: bool = False
    alone: list[str] = []
    tick: Annotated[dict[str, Sentence], Field(min_length=1, max_length=1)] | None = None
    unless_answered: list[str] = []
    number: NumberType | None = None
    version: VersionType | None = None
    lookup: LookupType | None = None
    said: dict[str, list[Phrase]] | list[Phrase] = {}
    beside: list[Phrase] = []

    @model_validator(mode="after")
    def _said_of_answers(self) -> FactDefinition:
        if self.said and isinstance(self.said, dict) != (self.answers is not None):
            what = "by answer" if self.answers is not None else "with {} where the value stands"
            raise ValueError(f"`said` must be a list of phrases {what}")
        return self

    @model_validator(mode="after")
    def _one_type(self) -> FactDefinition:
        given = [self.answers, self.number, self.version, self.lookup]
        if sum(one is not None for one in given) != 1:
            raise ValueError("must have exactly one of answers, number, version, lookup")
        return self

    @model_validator(mode="after")
    def _one_tick(self) -> FactDefinition:
        """A box that is not ticked says that the other answer holds."""
        if self.tick and (self.several or len(self.answers or ()) != 2):
            raise ValueError("`tick` is for a fact with two `answers`, of which one holds")
        return self

    @model_validator(mode="after")
    def _several(self) -> FactDefinition:
        """Only the answers of a choice may hold together."""
        if self.alone and not self.several:
            raise ValueError("`alone` is only for a fact with `several: yes`")
        if not self.several:
            return self
        if self.answers is None:
            raise ValueError("`several` is for a fact with `answers`")
        for word in self.alone:
            if word not in self.answers:
                raise ValueError(f'`alone` names "{word}", which is not one of its answers')
        if len(self.answers.keys() - self.alone) < 2:
            raise ValueError("has fewer than two answers that may hold together")
        return self


class AreaFile(Strict):
    title: Sentence
    order: int
    facts: Annotated[dict[FactName, FactDefinition], Field(min_length=1)]
    gone: dict[FactName, Sentence] = {}


class WordsFile(Strict):
    """How people speak of what the pack knows."""

    same: list[Annotated[list[Phrase], Field(min_length=2)]] = []
    others: list[Phrase] = []


class PlaceDefinition(Strict):
    title: Sentence
    effort: Minutes
    within: str | None = None
    go: Variants


class PlacesFile(Strict):
    places: dict[Name, PlaceDefinition]
