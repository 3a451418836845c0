"""The report: one model for every way out, and its canonical JSON."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Shown = Annotated[str | int | float, Field(union_mode="left_to_right")]
"""The value of a fact as it is written in a facts file."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class KnowledgeUsed(Frozen):
    """Which knowledge the report comes from; `digest` is the SHA-256 of its files."""

    id: str
    version: str
    digest: str


class Evidence(Frozen):
    """A rule that fired: what it says in words, why, and the facts that it used."""

    rule: str
    says: str
    because: str
    facts: dict[str, Shown]
    source: str
    worth: str
    reviewed: str


class CauseFound(Frozen):
    """A cause with its probability, given that the backup fails; `missing` are the facts that could
    still decide."""

    id: str
    title: str
    status: str
    probability: float
    because: str
    guide: int | None
    evidence: list[Evidence]
    missing: list[str]


class Contradiction(Frozen):
    """Facts that cannot hold together, and the one that is easiest to check again.

    `answers` are the facts in words, each its question and its answer; `ask` is the question of
    `ask_again`.
    """

    facts: dict[str, Shown]
    answers: list[str]
    because: str
    ask_again: str
    ask: str


class PlanStep(Frozen):
    """One remedy of the plan.

    `must` steps are for proven causes; `chance` is null where nothing is mended.
    """

    remedy: str
    title: str
    fixes: list[str]
    must: bool
    chance: float | None
    hands_on_minutes: float
    wait_minutes: float
    money: str | None
    loses: list[str]
    guide: int | None
    caveat: str | None
    do: list[str]
    check: str
    hand_over: bool
    sources: list[str]
    reviewed: str


class LeftOut(Frozen):
    remedy: str
    title: str
    because: str


class PlanFound(Frozen):
    expected_minutes: float
    steps: list[PlanStep]
    left_out: list[LeftOut]


class NextQuestion(Frozen):
    """The question that is expected to save the most minutes; `answers` maps what to write to what
    it means."""

    fact: str
    ask: str
    look: list[str]
    answers: dict[str, str]
    saves_minutes: float
    why: str


class Stop(Frozen):
    advised: bool
    because: str


class Report(Frozen):
    """A diagnosis.

    Probabilities are rounded to four places, minutes to one.
    """

    schema_: int = Field(default=1, alias="schema")
    knowledge: KnowledgeUsed
    case: dict[str, dict[str, Shown]]
    causes: list[CauseFound]
    none_of_these: float
    contradictions: list[Contradiction]
    plan: PlanFound
    next_question: NextQuestion | None
    stop: Stop

    def json_text(self) -> str:
        """Canonical JSON: the same bytes for the same facts and knowledge, on any machine; ends
        without a line end."""
        plain: dict[str, Any] = self.model_dump(by_alias=True)
        return json.dumps(plain, ensure_ascii=False, indent=2)
