"""What the files of `rules/` may contain, as pydantic models; those of `facts/` are in
`facts_schema`. Imported only when YAML is read.

They check shapes and types of one file. What needs several files (is there such a fact?) is checked
by `linker`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    model_validator,
)

from diagnoser.pack.schema_types import (
    Chance,
    Cited,
    Condition,
    Date,
    Mention,
    Minutes,
    Name,
    Phrase,
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
BY_LIST, OPPOSITE_SIGNS = "rules-out-by-list", "opposite-signs"
"""What is found weak of a cause, and its file may accept with a reason."""
IN_VAIN, UNKNOWN_BAR, ALWAYS_BARRED = "offered-in-vain", "bar-nobody-knows", "always-barred"
"""What is found weak of a remedy, and its file may accept with a reason."""


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
    accepted: dict[Annotated[str, one_of(BY_LIST, OPPOSITE_SIGNS)], Sentence] = {}
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
    said: list[Phrase] = []
    accepted: dict[Annotated[str, one_of(IN_VAIN, UNKNOWN_BAR, ALWAYS_BARRED)], Sentence] = {}


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
    thinks_so: Annotated[float, Field(gt=0, lt=1)] = 0.9
