"""What a conversation may ask for next: answers at one place, a step, a look at the phone later; or
its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field as Described

from diagnoser.knowledge.value import THINK, Written, is_thought, plain
from diagnoser.report.model import Minutes, PlanStep, Reported

__all__ = [
    "THINK",
    "TRIED_FIELD",
    "End",
    "Field",
    "Look",
    "Step",
    "Tick",
    "Turn",
    "Visit",
    "is_thought",
    "plain",
]
TRIED_FIELD = "tried"
"""The field of a visit that asks what was tried; its options are remedies."""


class Tick(Reported):
    """A check box: its text, and the answers that it stands for."""

    text: str
    ticked: str
    unticked: str


class Field(Reported):
    """One question of a visit.

    The answer is one of `options`, by what is written for it; where `several`, it may be a list of
    them. A number, a version or a name is typed; `low` and `high` bound a number in its `unit`.
    Where there is a `tick`, the question can be a check box. What is typed is understood too.
    """

    fact: Annotated[str, Described(description="The id of the fact, or `tried`.")]
    ask: str
    kind: Literal["choice", "number", "version", "name"]
    several: bool
    alone: Annotated[
        list[str], Described(description="Options that cannot stand beside other ones.")
    ]
    options: Annotated[
        dict[str, str],
        Described(description="What to write for each answer, and what it means; all the names."),
    ]
    tick: Tick | None
    unit: str | None
    low: float | None
    high: float | None
    allowed: Annotated[str, Described(description="What may be typed, in words.")]
    go: Annotated[
        list[str],
        Described(description="The way to its page, once for each page within the place."),
    ]
    look: Annotated[list[str], Described(description="What to do or read there, line by line.")]
    why: Annotated[str, Described(description="What the answer is good for, for a layman.")]
    only_if: Annotated[
        dict[str, list[str]],
        Described(
            description="Empty, or other fields of the visit with answers: asked only if one of "
            "these is given."
        ),
    ]
    before: Annotated[
        str | None, Described(description="What was answered before the last step, in words.")
    ]
    thought: Annotated[
        str | None,
        Described(
            exclude_if=lambda one: one is None,
            description="What was answered without being sure, in words; left out elsewhere.",
        ),
    ] = None


class Visit(Reported):
    """One place, and all that is worth asking there.

    `go` is the way there; a visit without one asks for what the person remembers. `again` says that
    a step may have changed what was answered. `minutes` is what it takes.
    """

    kind: Literal["visit"] = "visit"
    place: Annotated[str | None, Described(description="The id of the place, if it is one.")]
    title: str
    go: Annotated[list[str], Described(description="The way there, line by line.")]
    fields: list[Field]
    minutes: Minutes
    again: bool
    left: Annotated[int, Described(description="About how many visits are left after this one.")]
    first_step: Annotated[
        str | None, Described(description="What the plan would begin with so far.")
    ]

    def relevant(self, answers: Mapping[str, Written]) -> list[Field]:
        """The fields that are to be answered when these answers were given at this visit."""
        return [field for field in self.fields if _opened(field, answers)]


def _opened(field: Field, answers: Mapping[str, Written]) -> bool:
    if not field.only_if:
        return True
    for gate, opening in field.only_if.items():
        given = plain(answers.get(gate, []))
        words = given if isinstance(given, list) else [given]
        if not set(opening).isdisjoint(map(str, words)):
            return True
    return False


class Step(Reported):
    """One thing to do, and what may be said of it afterwards.

    `step` is null where several steps are done and it shows only now whether they have helped:
    `done` are their remedies, `check` tells how to see it. Steps that are `together` are done in
    one go. `number` counts from the first step of the first plan.
    """

    kind: Literal["step"] = "step"
    step: PlanStep | None
    number: int
    together: Annotated[
        list[int], Described(description="Empty, or the numbers of the steps done in one go.")
    ]
    prepares: Annotated[bool, Described(description="Whether it only prepares a later step.")]
    done: Annotated[list[str], Described(description="Steps that are done and not tested yet.")]
    check: Annotated[list[str], Described(description="How to see whether it has helped.")]
    ask: str
    outcomes: Annotated[
        dict[str, str], Described(description="What may be said of it, and what it means.")
    ]
    left: Annotated[int, Described(description="How many further steps can be tried.")]


class Look(Reported):
    """For somebody who cannot look now: what to look at later, the most useful first."""

    kind: Literal["look"] = "look"
    visits: list[Visit]


class End(Reported):
    """The end of the conversation, and why.

    `fixed`: it works again. `nothing-wrong`: it did all the time. `handed-over`: nothing is left
    that is worth trying alone. The report has the rest.
    """

    kind: Literal["end"] = "end"
    how: Literal["fixed", "nothing-wrong", "handed-over"]
    text: str


Turn = Annotated[Visit | Step | Look | End, Described(discriminator="kind")]
"""What `Interview.next` returns."""
