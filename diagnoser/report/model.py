"""The report: one model for every way out, and its canonical JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict  # which pydantic asks for before Python 3.12

from diagnoser.case.provenance import Provenance
from diagnoser.knowledge.values import Shown
from diagnoser.report.canonical_json import as_json

Status = Literal["proven", "open", "ruled-out"]
Seen = Literal["at-once", "overnight"]
State = Literal["holds", "fails", "not-known"]
Probability = Annotated[
    float, Field(ge=0, le=1, description="A probability, rounded to four places.")
]
Minutes = Annotated[float, Field(description="In minutes.")]


class Think(TypedDict):
    """An answer that somebody thinks right without being sure, as it is written in a facts file."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    think: Shown


FactsById = Annotated[
    dict[str, Shown | Think],
    Field(description="Facts by id, each as it is written in a facts file."),
]
Sheet = Annotated[
    dict[str, dict[str, Shown | Think]],
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


Tempered = Annotated[
    float | None,
    Field(
        gt=-1,
        lt=1,
        exclude_if=lambda one: one is None,
        description="The certainty factor that it counts with where it rests on an answer that "
        "somebody is not sure of; left out elsewhere.",
    ),
]


class Evidence(Reported):
    """A rule that fired: what it says in words, why, and the facts that it used.

    `factor` is the certainty factor of these words, from -1 (rules the cause out) to 1 (proves it).
    Where the rule holds only thanks to answers that somebody is not sure of, it counts as
    `tempered`, which neither proves nor rules out.
    """

    rule: str
    says: str
    factor: Annotated[float, Field(ge=-1, le=1, description="A certainty factor.")]
    tempered: Tempered = None
    because: str
    facts: FactsById
    source: str
    worth: str
    reviewed: str

    @property
    def counts_as(self) -> float:
        """The certainty factor that it counts with."""
        return self.factor if self.tempered is None else self.tempered


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

    @property
    def supported(self) -> bool:
        """Whether any evidence speaks for it."""
        return any(one.factor > 0 for one in self.evidence)


From = Annotated[
    Provenance | None,
    Field(
        default=None,
        exclude_if=lambda one: one is None,
        description="Where it is from; left out where a person said it.",
    ),
]


class Answered(Reported):
    """A fact of the case in words: its question, and the answer to it, which says so where somebody
    only thinks that it is right."""

    fact: str
    ask: str
    answer: str
    provenance: From = None


class Finding(Reported):
    """What the diagnosis comes to, in one line.

    `fault`: a cause is proven, or the most likely one stands out. `several-faults`: two or more
    causes are proven, or a precondition fails beside a proven cause. `nothing-wrong`: the leading
    cause only looks like a fault, and no fault is proven; or a remedy has helped. `not-known-yet`:
    no cause stands out.
    """

    kind: Annotated[
        Literal["fault", "several-faults", "nothing-wrong", "not-known-yet"],
        Field(description="Which of the four it is."),
    ]
    text: Annotated[str, Field(description="The finding in plain words, for the person.")]


class Contradiction(Reported):
    """Facts that cannot hold together, and the one that is easiest to check again.

    `answers` are the facts in words, each its question and its answer; `ask` is the question of
    `ask_again`. That is one of which somebody is not sure, if there is one.
    """

    facts: FactsById
    answers: list[str]
    because: str
    ask_again: str
    ask: str


class PlanStep(Reported):
    """One remedy of the plan.

    `must` steps are for proven causes; `chance` is null where nothing is mended. Steps that share a
    number in `together` are done in one go and tested once, and unless they are `must` steps,
    `chance` is that of all of them. `look_again` are the facts that a `must` step may change: when
    it did not help, what was given for them may be true no longer, so forget it and ask again.
    """

    remedy: str
    title: str
    fixes: list[str]
    must: bool
    seen: Annotated[Seen, Field(description="When it is seen whether the step has helped.")]
    together: Annotated[
        int | None, Field(description="The number of its group; null for a step done alone.")
    ]
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


class RemedyNamed(Reported):
    """A remedy by its name."""

    id: str
    title: str


class PreconditionChecked(Reported):
    """Something that must hold for the system to work, and whether it does.

    It says so in `title`. Where it is not known, `look` tells how to find out, with the way there;
    unless it holds, `remedies` can be done about it, the most promising first. Where only answers
    of which somebody is not sure would tell, it is not known, and `think` is what they tell.
    """

    id: str
    title: str
    status: Annotated[
        State, Field(description="Whether it is known to hold, known to fail, or not known.")
    ]
    think: Annotated[
        Literal["holds", "fails"] | None,
        Field(
            exclude_if=lambda one: one is None,
            description="What somebody thinks who is not sure; left out where nobody does.",
        ),
    ] = None
    look: Annotated[list[str], Field(description="What to do or read, line by line.")]
    remedies: Annotated[list[RemedyNamed], Field(description="What to do unless it holds.")]


class LookedAt(Reported):
    """A fact to find out: the question, and what to do or read once there."""

    fact: str
    ask: str
    look: list[str]


class LookFirst(Reported):
    """What to look at before the first step, and why.

    `may-forbid`: an answer may forbid that step. `make-sure`: a cause would be proven if somebody
    were sure of an answer. `too-little-known`: every step would be a guess, so this comes first.
    `title` is that of the place, to which `go` leads; where there is none, `place` is null, and
    `title` the first question.
    """

    kind: Literal["may-forbid", "make-sure", "too-little-known"]
    place: str | None
    title: str
    go: list[str]
    facts: Annotated[list[LookedAt], Field(min_length=1)]
    because: str


class PlanFound(Reported):
    """What to look at first, the steps in their order, the remedies that were left out, and the
    check: every precondition of the pack, for the time when all steps are done.

    `expected_minutes` is what the plan takes on average until the system works or somebody else has
    it: a step counts as often as the plan gets that far, a minute of waiting less than one of work,
    and what a step spoils as the minutes that people would give to avoid it.
    """

    expected_minutes: Minutes
    look: LookFirst | None
    steps: list[PlanStep]
    left_out: list[LeftOut]
    check: list[PreconditionChecked]


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

    schema_: Annotated[Literal[2], Field(alias="schema", description="The form of this JSON.")] = 2
    knowledge: KnowledgeUsed
    proven: Annotated[
        bool,
        Field(
            exclude_if=lambda one: not one,
            description="Whether the pack has a certificate of `diagnoser check --prove` for this "
            "very knowledge; left out where it has none.",
            examples=[True],
        ),
    ] = False
    case: Sheet
    answers: Annotated[list[Answered], Field(description="The case in words, in the same order.")]
    finding: Finding
    causes: list[CauseFound]
    none_of_these: Probability
    contradictions: list[Contradiction]
    plan: PlanFound
    next_question: NextQuestion | None
    stop: Stop

    def with_provenance(self, told: Mapping[str, Provenance]) -> Report:
        """The same, with where answers are from, by fact id."""
        answers = [
            one.model_copy(update={"provenance": told.get(one.fact, one.provenance)})
            for one in self.answers
        ]
        return self.model_copy(update={"answers": answers})
