"""What a comparison of two packs says. Probabilities are from 0 to 1."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from diagnoser.report.model import KnowledgeUsed

Kind = Literal[
    "pack",
    "area",
    "place",
    "source",
    "fact",
    "answer",
    "sign",
    "cause",
    "strength",
    "remedy",
    "contradiction",
    "precondition",
    "note",
]
What = Literal["added", "gone", "renamed", "changed"]
Share = Annotated[float, Field(ge=0, le=1)]


class Compared(BaseModel):
    """A part of a comparison."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(Compared):
    """Something that the files of one pack say and those of the other do not, or otherwise: `part`
    is which part of it, empty where it is all of it, `was` and `now` what they say."""

    kind: Kind
    id: str
    what: What
    part: str = ""
    was: str | None = None
    now: str | None = None


class Example(Compared):
    """Answers in which something changes, each as after `--set`."""

    answers: list[str]
    least: Annotated[bool, Field(description="Whether none of the answers can be left out.")] = True
    smallest: Annotated[
        bool, Field(description="Whether it is sure that fewer answers do not show it.")
    ] = True


class StatusChanged(Compared):
    """Answers in which a cause has another status: in how many classes of answers to the facts that
    settle it, of how many, and how probable that is where all of them are known."""

    cause: str
    title: str
    was: str
    now: str
    classes: int
    of: int
    probability: Share
    example: Example


class EvidenceChanged(Compared):
    """A sign that speaks otherwise of a cause: how strongly (null: not at all), how probable it is
    that it is seen, where all its facts are known, and in how many classes of answers what it says
    is another."""

    cause: str
    sign: str
    was: str | None
    now: str | None
    seen_before: Share
    seen_now: Share
    classes: int
    of: int
    example: Example | None


class FirstChanged(Compared):
    """Another first cause, first step or question: by ids and titles, null for none. `sheets` is in
    how many of the answer sheets that were looked at, `sampled` in how many of the sampled ones."""

    was: str | None
    now: str | None
    title_was: str
    title_now: str
    sheets: int
    sampled: int
    example: Example


class Firsts(Compared):
    """How the first cause, the first step or the question changes. The share of the sampled
    cases in which it does has an interval of 95 % (E. B. Wilson, "Probable inference, the law of
    succession, and statistical inference", 1927)."""

    sheets: int
    sampled: int
    sampled_changed: int
    share: Share
    low: Share
    high: Share
    changes: list[FirstChanged]


class Family(Compared):
    """The answer sheets that were looked at for the first cause and the first step.

    Those with one known fact (of answers that may hold at once, up to two); those with two, of
    which one concerns what changed (`pairs_of` are there, and where that is more than `pairs`, so
    many of them); the examples of the packs; and sampled cases, whose answers are drawn from the
    usual ones, independently, each with a share of them known that is drawn, too. For the question
    it is a part of them.
    """

    singles: int
    pairs: int
    pairs_of: int
    examples: int
    sampled: int
    seed: int


class Comparison(Compared):
    """What another pack changes. `same` tells that the files are the same to the byte but for line
    ends; then the rest is empty."""

    old: KnowledgeUsed
    new: KnowledgeUsed
    same: bool
    changes: list[Change] = []
    statuses: list[StatusChanged] = []
    evidence: list[EvidenceChanged] = []
    family: Family | None = None
    first_cause: Firsts | None = None
    first_step: Firsts | None = None
    question: Firsts | None = None

    @property
    def changed(self) -> bool:
        """Whether anything that is said or concluded is another."""
        firsts = (self.first_cause, self.first_step, self.question)
        found = any(one is not None and one.changes for one in firsts)
        return bool(self.changes or self.statuses or self.evidence or found)
