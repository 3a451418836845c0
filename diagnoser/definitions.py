"""What the files of a knowledge folder may contain, as pydantic models; imported only when YAML is
read.

They check shapes and types of one file. What needs several files (is there such a fact?) is checked
by `knowledge`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Minutes = Annotated[float, Field(ge=0, le=10000)]
Chance = Annotated[float, Field(gt=0, lt=1)]
Condition = dict[str, Any]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
FactName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=False)


class Variant(Strict):
    """Steps for the phones on which `if` holds; without `if`, for all others."""

    condition: Condition | None = Field(default=None, alias="if")
    do: Annotated[list[Sentence], Field(min_length=1)]


def _variants(raw: Any) -> Any:
    """A single sentence or a plain list of sentences is one variant for every phone."""
    if isinstance(raw, str):
        return [{"do": [raw]}]
    if isinstance(raw, list) and raw and all(isinstance(step, str) for step in raw):
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
    low: float = Field(alias="from")
    high: float = Field(alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> NumberType:
        if self.low >= self.high:
            raise ValueError("`from` must be less than `to`")
        return self


class VersionType(Strict):
    low: int = Field(alias="from", ge=0)
    high: int = Field(alias="to", le=9999)


class LookupType(Strict):
    table: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+\.csv$")]
    name: FactName
    also: FactName | None = None
    derives: dict[FactName, Annotated[str, StringConstraints(pattern="^(word|version|number)$")]]


class FactDefinition(Strict):
    ask: Sentence
    look: Variants
    effort: Minutes
    typical: Annotated[dict[str, Annotated[float, Field(ge=0)]], Field(min_length=1)]
    only_if: Condition | None = None
    answers: Annotated[dict[Name, Sentence], Field(min_length=2, max_length=9)] | None = None
    number: NumberType | None = None
    version: VersionType | None = None
    lookup: LookupType | None = None

    @model_validator(mode="after")
    def _one_type(self) -> FactDefinition:
        given = [self.answers, self.number, self.version, self.lookup]
        if sum(one is not None for one in given) != 1:
            raise ValueError("must have exactly one of answers, number, version, lookup")
        if abs(sum(self.typical.values()) - 100) > 0.01:
            raise ValueError(f"`typical` adds up to {sum(self.typical.values()):g}, not to 100")
        return self


class AreaFile(Strict):
    title: Sentence
    order: int
    facts: Annotated[dict[FactName, FactDefinition], Field(min_length=1)]


class RuleDefinition(Strict):
    when: Condition
    says: str
    because: Sentence
    source: Sentence
    worth: str
    reviewed: Date


class Example(Strict):
    case: Sentence
    given: dict[str, str]
    expect: Annotated[
        str, StringConstraints(pattern="^(proven|ruled out|more likely|less likely|unchanged)$")
    ]


class CauseFile(Strict):
    title: Sentence
    because: Sentence
    guide: int | None = None
    commonness: str
    rules: Annotated[dict[Name, RuleDefinition], Field(min_length=1)]
    examples: list[Example] = []


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
    sources: Annotated[list[Sentence], Field(min_length=1)]
    worth: str
    reviewed: Date
    hand_over: bool = False


class ContradictionDefinition(Strict):
    when: Condition
    because: Sentence
    ask_again: str
    source: Sentence
    reviewed: Date


class ContradictionsFile(Strict):
    contradictions: dict[Name, ContradictionDefinition]


class Nuisance(Strict):
    minutes: Minutes
    text: Sentence
    irreplaceable: bool = False


class PackFile(Strict):
    id: Name
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Sentence
    strengths: dict[str, Annotated[float, Field(ge=-1, le=1)]]
    worth: dict[str, str]
    commonness: dict[str, Chance]
    chances: dict[str, Chance]
    nuisances: dict[Name, Nuisance]
    safe_copy: str | None = None
    none_of_these: Chance
    waiting_rate: Annotated[float, Field(ge=0, le=1)]
    verification: Minutes
