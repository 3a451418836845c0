"""What was learned, as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Described

from diagnoser.report.model import KnowledgeUsed


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


class Line(_Frozen):
    """A line of a file of records that nothing was learned from, and why."""

    file: str
    line: int
    because: str


class Used(_Frozen):
    """The records that were read."""

    records: Annotated[int, Described(description="Records with outcomes, which were learned from")]
    ended: Annotated[dict[str, int], Described(description="How many ended how")]
    other_knowledge: Annotated[
        int, Described(description="How many of them were made with another version")
    ]
    without_outcomes: Annotated[
        int, Described(description="Records without outcomes, which tell nothing here")
    ]
    left_out: list[Line]


class Number(_Frozen):
    """A number behind a word of the pack."""

    of: Literal["cause", "remedy"]
    cause: str
    remedy: Annotated[str | None, Described(description="What may mend the cause; null of a cause")]
    word: Annotated[str, Described(description="What the pack says now")]
    stands_for: Annotated[float, Described(description="What that word stands for, from 0 to 1")]
    estimate: float
    low: Annotated[float, Described(description="Where its interval of 90 % begins")]
    high: float
    rests_on: Annotated[
        float,
        Described(
            description="How many phones are expected to have had the cause, or how many tries of "
            "the remedy to have met it"
        ),
    ]
    proposed: Annotated[str, Described(description="The word that is proposed; often the same")]
    file: str
    line: Annotated[int, Described(description="Where the word stands")]

    @property
    def changes(self) -> bool:
        return self.word != self.proposed


class WholeWord(_Frozen):
    """A word of `pack.yaml` that may stand for another number: most of what it is said of came out
    on the same side of it."""

    word: str
    of: Literal["cause", "remedy"]
    stands_for: float
    estimate: Annotated[float, Described(description="What those that it is said of share")]
    low: float
    high: float
    said_of: int


class Learned(_Frozen):
    """What records teach of a pack. Nothing of it is changed by this."""

    schema_: Annotated[
        Literal[1], Described(alias="schema", description="The form of this JSON.")
    ] = 1
    knowledge: KnowledgeUsed
    used: Used
    still: Annotated[
        bool, Described(description="Whether the estimates stood still before they were given up")
    ]
    numbers: list[Number]
    whole_words: list[WholeWord]
    patch: Annotated[str, Described(description="The proposed change of the files, as diff -u")]

    @property
    def changes(self) -> list[Number]:
        return [one for one in self.numbers if one.changes]
