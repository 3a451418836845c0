"""What callers get, besides reports, explanations and entries of the knowledge."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Turn
from diagnoser.knowledge.values import Shown
from diagnoser.report.model import Answered, Contradiction, KnowledgeUsed, Reported, Think


class Turned(Reported):
    """A conversation after something was said, and what comes now.

    Keep `interview` and send it with what is said next; nothing else is kept anywhere.
    """

    knowledge: Annotated[KnowledgeUsed, Field(description="The knowledge that is at hand.")]
    interview: Annotated[
        Interview, Field(description="The conversation: all that has to be kept of it.")
    ]
    turn: Annotated[
        Turn, Field(description="A `visit`, a `step`, a `look` or the `end`; `kind` says which.")
    ]
    taken: Annotated[
        dict[str, Shown | Think | list[str]],
        Field(description="What was just understood, as in a facts file, by the id of its fact."),
    ]
    forgotten: Annotated[
        list[str],
        Field(description="Facts that the last step may have changed, so they are asked again."),
    ]
    known: Annotated[
        list[Answered],
        Field(
            description="What is known: given first, then as it was answered, then what was tried."
        ),
    ]
    contradictions: Annotated[
        list[Contradiction],
        Field(description="Answers that do not fit together, and are not insisted on."),
    ]


class KnowledgeShown(KnowledgeUsed):
    """The knowledge that is at hand, and how much there is of it."""

    title: str
    program: Annotated[str, Field(description="The version of the program.", examples=["0.1.0"])]
    counts: Annotated[
        dict[str, int],
        Field(
            description="How many facts, places, signs, causes and remedies it has.",
            examples=[{"causes": 73}],
        ),
    ]


class ProblemKind(Reported):
    """A kind of problem: its status, its title, and what to do about it."""

    status: Annotated[int, Field(description="The HTTP status.", examples=[422])]
    title: str
    text: Annotated[str, Field(description="What it means, and what to do.")]
