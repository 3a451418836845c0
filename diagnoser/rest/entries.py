"""What is known of one fact, place, sign, cause or remedy: the form of the entries that
`rendering.pages` writes as plain data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from diagnoser.report.model import Guide, Minutes, Probability, Reported


class Lines(Reported):
    """What to do, line by line, for the phones for which a condition holds."""

    if_: Annotated[
        str,
        Field(
            alias="if",
            description="The condition; `always`, or `otherwise` for the phones that are left.",
        ),
    ]
    do: list[str]


class SignOfFact(Reported):
    """A sign that reads the fact, and the causes that it speaks of, by strength."""

    sign: str
    when: str
    speaks: dict[str, str]


class FactEntry(Reported):
    """Everything about one fact."""

    id: str
    asks: str
    area: str
    asked_only_if: str
    not_asked_once_known: list[str]
    place: str
    look: list[Lines]
    allowed: str
    answers: dict[str, str]
    tick: dict[str, str]
    typical_percent: dict[str, float]
    minutes_to_find_out: float | None
    follows_from: str
    from_it_follow: list[str]
    signs: list[SignOfFact]


class PlaceEntry(Reported):
    """Everything about one place."""

    id: str
    title: str
    minutes_to_get_there: Minutes
    go: list[Lines]
    facts: list[str]
    remedies: list[str]


class CauseSpokenOf(Reported):
    """A cause that a sign speaks of."""

    cause: str
    title: str
    because: str


class SourceCited(Reported):
    """Where something is known from."""

    title: str
    address: str
    worth: str
    read: str


class SignEntry(Reported):
    """Everything about one sign."""

    id: str
    observation: str
    when: str
    for_: Annotated[str, Field(alias="for")]
    against: str
    speaks: dict[str, list[CauseSpokenOf]]
    file: str
    sources: list[SourceCited]
    reviewed: str


class SignOfCause(Reported):
    """A sign that speaks of the cause."""

    sign: str
    when: str
    because: str
    sources: list[str]
    worth: str
    reviewed: str


class RemedyOfCause(Reported):
    """A remedy that mends the cause with this chance."""

    remedy: str
    title: str
    chance: Probability


class CauseEntry(Reported):
    """Everything about one cause."""

    id: str
    title: str
    because: str
    guide: Guide
    commonness: str
    harmless: bool
    file: str
    signs: dict[str, list[SignOfCause]]
    remedies: list[RemedyOfCause]


class CauseListed(Reported):
    """A cause, and the sources of its signs."""

    title: str
    sources: list[str]


class Mends(Reported):
    """A cause that the remedy mends with this chance."""

    cause: str
    title: str
    chance: Probability


class BarredIf(Reported):
    """When the remedy is impossible or wrong, and why."""

    when: str
    because: str


class RemedyEntry(Reported):
    """Everything about one remedy."""

    id: str
    title: str
    guide: Guide
    hand_over: bool
    fixes: list[Mends]
    hands_on_minutes: Minutes
    wait_minutes: Minutes
    money: str | None
    loses: list[str]
    after: list[str]
    not_if: list[BarredIf]
    caveat: str | None
    steps: list[Lines]
    seen: str
    check: str
    file: str
    sources: list[str]
    worth: str
    reviewed: str
