"""What the files of a knowledge folder may contain, as pydantic models; imported only when YAML is
read.

They check shapes and types of one file. What needs several files (is there such a fact?) is checked
by `linker`.
"""

from __future__ import annotations

from math import fsum
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from diagnoser.knowledge.values import UNKNOWN
from diagnoser.pack.schema_types import (
    Chance,
    Cited,
    Condition,
    Date,
    FactName,
    Finite,
    Mention,
    Minutes,
    Name,
    Sentence,
    Strict,
    Variants,
    listed,
    matching,
    mention,
    one_of,
)

AT_ONCE, OVERNIGHT = "at once", "overnight"
"""When it is seen whether a remedy helped."""
VERDICTS = ("proven", "ruled out", "more likely", "less likely", "unchanged")
BY_LIST, IN_VAIN, UNKNOWN_BAR = "rules-out-by-list", "offered-in-vain", "bar-nobody-knows"
"""What is found weak of a cause (the first) or a remedy, and a file may accept with a reason."""


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


MAX_PHRASE = 80
Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PHRASE)
]
"""A phrase in which people say something."""


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


class SourceDefinition(Strict):
    title: Sentence
    address: Annotated[
        str | None, AfterValidator(matching("https?://[^ ]+", "is not a web address"))
    ] = None
    worth: str
    read: Date | None = None


class SourcesFile(Strict):
    sources: dict[Name, SourceDefinition]


class Spoken(Strict):
    """What both kinds of signs say: why they speak for a cause, and why against one."""

    pro: Sentence | None = Field(default=None, alias="for")
    con: Sentence | None = Field(default=None, alias="against")
    source: Cited
    reviewed: Date
    expires: Date | None = None

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
    expires: Date | None = None


class Example(Strict):
    case: Sentence
    given: dict[str, str]
    expect: Annotated[str, one_of(*VERDICTS)]


class CauseFile(Strict):
    title: Sentence
    because: Sentence
    guide: int | None = None
    commonness: str
    harmless: bool = False
    follows_from: Annotated[list[str], BeforeValidator(listed)] = []
    signs: dict[str, list[Annotated[Mention, PlainValidator(mention)]]] = {}
    rules: dict[Name, RuleDefinition] = {}
    goes_with: dict[Name, Sentence] = {}
    accepted: dict[Annotated[str, one_of(BY_LIST)], Sentence] = {}
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
    seen: Annotated[str, one_of(AT_ONCE, OVERNIGHT)]
    check: Sentence
    sources: Annotated[list[str], Field(min_length=1)]
    reviewed: Date
    expires: Date | None = None
    hand_over: bool = False
    accepted: dict[Annotated[str, one_of(IN_VAIN, UNKNOWN_BAR)], Sentence] = {}


class ContradictionDefinition(Strict):
    when: Condition
    because: Sentence
    ask_again: str
    source: Cited
    reviewed: Date
    expires: Date | None = None


class ContradictionsFile(Strict):
    contradictions: dict[Name, ContradictionDefinition]


class CommonBar(Bar):
    """When no remedy is possible or right, but those that are named."""

    but: list[str] = []


class NoteDefinition(Strict):
    when: Condition
    says: Sentence
    source: Cited
    reviewed: Date
    expires: Date | None = None


class PreconditionDefinition(Strict):
    title: Sentence
    otherwise: Sentence
    holds: Condition
    fails: Condition | None = None
    looks: Annotated[list[str], Field(min_length=1)]
    remedy: Annotated[list[str], Field(min_length=1), BeforeValidator(listed)]


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
    commonly_tried: list[str] = []
    not_if: list[CommonBar] = []
    preconditions: dict[Name, PreconditionDefinition] = {}
    notes: list[NoteDefinition] = []
    none_of_these: Chance
    waiting_rate: Annotated[float, Field(ge=0, le=1)]
    verification: Minutes
    night: Minutes = 0
    wrong_cause: Minutes = 0
    worth_asking: Minutes = 0
    worth_knowing: Annotated[float, Field(ge=0, le=10)] = 0
    worth_visiting: Annotated[float, Field(ge=0, le=10)] = 0
    patience: Minutes = 0
