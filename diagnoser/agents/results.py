"""What the tools return; their output schemas are made from these models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from diagnoser.interview.turns import Turn
from diagnoser.report.model import (
    CauseFound,
    Contradiction,
    Finding,
    KnowledgeUsed,
    Minutes,
    PlanFound,
    Probability,
    Reported,
)

Person = Literal["answered", "declined", "cancelled"]


class Diagnosis(Reported):
    """What the facts come to: the report, of its causes only those that are worth a line."""

    knowledge: KnowledgeUsed
    finding: Finding
    causes: Annotated[
        list[CauseFound],
        Field(description="The proven and the most probable causes, the most probable first."),
    ]
    other_causes: Annotated[
        int, Field(ge=0, description="How many further causes there are, all less probable.")
    ]
    none_of_these: Probability
    contradictions: Annotated[
        list[Contradiction], Field(description="Answers that cannot hold together.")
    ]
    plan: PlanFound


class Conversation(Reported):
    """Where a conversation stands, and what comes next."""

    interview: Annotated[
        dict[str, Any],
        Field(
            description="The conversation as JSON. The server keeps nothing: hand it back "
            "unchanged with the next call."
        ),
    ]
    turn: Turn
    contradictions: Annotated[
        list[Contradiction],
        Field(
            description="Answers that cannot hold together: ask for `ask_again` once more, unless "
            "the person stands by them."
        ),
    ]
    look_again: Annotated[
        list[str],
        Field(description="Facts that the last step may have changed; they are asked again."),
    ]
    person: Annotated[
        Person | None,
        Field(
            description="How the person took the form that was shown to them; null where none was."
        ),
    ]


class Explained(Reported):
    """Why the diagnosis says what it says."""

    cause: Annotated[str | None, Field(description="The cause that was asked about, or null.")]
    text: Annotated[str, Field(description="The explanation, as Markdown.")]


class Fixed(Reported):
    """A cause that a remedy mends."""

    cause: str
    title: str
    chance: Probability


class Variant(Reported):
    """What to do, and on which phones: `if` is `always`, `otherwise` or a condition."""

    model_config = ConfigDict(populate_by_name=True)

    if_: Annotated[str, Field(alias="if")]
    do: list[str]


class Bar(Reported):
    """When a remedy must not be done, and why."""

    when: str
    because: str


class Remedy(Reported):
    """Something that can be done."""

    model_config = ConfigDict(extra="ignore")

    id: str
    title: str
    fixes: Annotated[list[Fixed], Field(description="What it mends, the most likely first.")]
    hands_on_minutes: Minutes
    wait_minutes: Minutes
    money: str | None
    loses: Annotated[list[str], Field(description="What is lost by it.")]
    after: Annotated[list[str], Field(description="Remedies to do before it.")]
    not_if: list[Bar]
    caveat: str | None
    steps: list[Variant]
    seen: Annotated[
        Literal["at once", "overnight"], Field(description="When it shows whether it has helped.")
    ]
    check: Annotated[str, Field(description="How to see whether it has helped.")]
    hand_over: Annotated[bool, Field(description="Whether it hands the case to somebody else.")]
    sources: list[str]
    reviewed: str


class RemediesFound(Reported):
    """Remedies that fit, the best first."""

    remedies: list[Remedy]
    others: Annotated[int, Field(ge=0, description="How many more fit, less well.")]
