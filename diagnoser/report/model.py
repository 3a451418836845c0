"""The report: one model for every way out, and its canonical JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from diagnoser.knowledge.values import Shown
from diagnoser.report.canonical_json import as_json

Status = Literal["proven", "open", "ruled-out"]
Probability = Annotated[
    float, Field(ge=0, le=1, description="A probability, rounded to four places.")
]
Minutes = Annotated[float, Field(description="In minutes.")]
FactsById = Annotated[
    dict[str, Shown], Field(description="Facts by id, each as it is written in a facts file.")
]
Sheet = Annotated[
    dict[str, dict[str, Shown]],
    Field(description="An answer sheet, by area and fact, as in a facts file."),
]
Guide = Annotated[int | None, Field(description="The number of the tip in the guide.")]
Schema = Annotated[Literal[1], Field(alias="schema", description="The form of this JSON.")]


class Reported(BaseModel):
    """What the models of reports share: they do not change, and are made of exactly their
    fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    def json_text(self) -> str:
        """Canonical JSON: the same bytes for the same facts and knowledge, on any machine; ends
        without a line end."""
        return as_json(self)


class KnowledgeUsed(Reported):
    """Which knowledge the report comes from; `digest` is the SHA-256 of its files."""

    id: str
    version: str
    digest: str


class Evidence(Reported):
    """A rule that fired: what it says in words, why, and the facts that it used.

    `factor` is the certainty factor of these words, from -1 (rules the cause out) to 1 (proves it).
    """

    rule: str
    says: str
    factor: Annotated[float, Field(ge=-1, le=1, description="A certainty factor.")]
    because: str
    facts: FactsById
    source: str
    worth: str
    reviewed: str


class CauseFound(Reported):
    """A cause with its probability, given that the system fails; `missing` are the facts that could
    still decide."""

    id: str
    title: str
    status: Status
    probability: Probability
    because: str
    guide: Guide
    evidence: list[Evidence]
    missing: list[str]


class Contradiction(Reported):
    """Facts that cannot hold together, and the one that is easiest to check again.

    `answers` are the facts in words, each its question and its answer; `ask` is the question of
    `ask_again`.
    """

    facts: FactsById
    answers: list[str]
    because: str
    ask_again: str
    ask: str


class PlanStep(Reported):
    """One remedy of the plan.

    `must` steps are for proven causes; `chance` is null where nothing is mended. `look_again` are
    the facts that a `must` step may change: when it did not help, what was given for them may be
    true no longer, so forget it and ask again.
    """

    remedy: str
    title: str
    fixes: list[str]
    must: bool
    chance: Probability | None
    hands_on_minutes: Minutes
    wait_minutes: Minutes
    money: str | None
    loses: list[str]
    guide: Guide
    caveat: str | None
    do: list[str]
    check: str
    look_again: list[str]
    hand_over: bool
    sources: list[str]
    reviewed: str


class LeftOut(Reported):
    """A remedy that is not in the plan although it was tried, cannot or must not be done, or might
    help but costs too much; and which of these it is."""

    remedy: str
    title: str
    because: str


class PlanFound(Reported):
    """The steps in their order, and the remedies that were left out.

    `expected_minutes` is what the plan takes on average until the system works or somebody else has
    it: a step counts as often as the plan gets that far, a minute of waiting less than one of work,
    and what a step spoils as the minutes that people would give to avoid it.
    """

    expected_minutes: Minutes
    steps: list[PlanStep]
    left_out: list[LeftOut]


class NextQuestion(Reported):
    """The question that is worth asking next; `answers` maps what to write to what it means, and
    where `several` may hold, a list of them can be written too.

    `saves_minutes` counts the plan, and what it would cost to be told a wrong cause first, less the
    time that the question takes. It can be below 0 while no cause is nearly certain: then the
    question that tells most about the cause is asked, whatever it saves.
    """

    fact: str
    ask: str
    look: list[str]
    answers: dict[str, str]
    several: bool
    saves_minutes: Minutes
    why: str


class Stop(Reported):
    """Whether it is advised to ask nothing more, and why; empty where there is a next question.

    Where no question was looked for, nothing is advised, and `because` says so.
    """

    advised: bool
    because: str


class Report(Reported):
    """A diagnosis.

    Probabilities are rounded to four places, minutes to one.
    """

    schema_: Schema = 1
    knowledge: KnowledgeUsed
    case: Sheet
    causes: list[CauseFound]
    none_of_these: Probability
    contradictions: list[Contradiction]
    plan: PlanFound
    next_question: NextQuestion | None
    stop: Stop
