"""What was read from somebody's words, until they have confirmed it or struck it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.knowledge.model import Knowledge
from diagnoser.words.reading import Proposal, read


class Box(NamedTuple):
    """A check box for one proposal: its `id`, the question with the answer, and the words of the
    person that it rests on."""

    id: str
    text: str
    quoted: str


class Reading(BaseModel):
    """What a text says, as proposals. Nothing of the text is kept but the words that they quote."""

    model_config = ConfigDict(frozen=True)

    proposals: list[Proposal]

    def boxes(self) -> list[Box]:
        """A check box for each proposal, for the person to strike out what is wrong."""
        return [
            Box(one.id, f"{one.ask} {one.label}", " ".join(one.words.quoted.split()))
            for one in self.proposals
        ]

    def facts(self, confirmed: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
        """The facts that the proposals with these ids give (without ids: all), nested by area, as
        `Interview.start` and `Diagnoser.diagnose` take them.

        Raises InvalidFacts where an id is not that of a proposal.
        """
        by_id = {one.id: one for one in self.proposals}
        wanted = set(by_id) if confirmed is None else set(confirmed)
        if wrong := sorted(wanted - by_id.keys(), key=str):
            allowed = ", ".join(by_id) or "none, as nothing was understood"
            raise InvalidFacts(
                fact_problem(
                    "confirmed",
                    f"{quoted(id)} is not one of the proposals",
                    allowed,
                    nearest(str(id), by_id),
                )
                for id in wrong
            )
        answers: dict[str, list[Any]] = {}
        for id, one in by_id.items():
            if id in wanted:
                answers.setdefault(one.fact, []).append(one.answer)
        sheet: dict[str, dict[str, Any]] = {}
        for fact, given in answers.items():
            area, _, name = fact.partition(".")
            sheet.setdefault(area, {})[name] = given if len(given) > 1 else given[0]
        return sheet

    def without(self, facts: Mapping[str, Any]) -> Reading:
        """The same without what these facts, nested by area, tell already."""
        left = []
        for one in self.proposals:
            area, _, name = one.fact.partition(".")
            if (facts.get(area) or {}).get(name) is None:
                left.append(one)
        return Reading(proposals=left)


class Knowing(Protocol):
    """Whatever has a knowledge, as a Diagnoser."""

    @property
    def knowledge(self) -> Knowledge: ...


def read_words(diagnoser: Knowing, text: str, as_of: date | None = None) -> Reading:
    """What a text of at most 4,000 characters says, in somebody's own words.

    Dates in it, such as "on the 3rd", are read only with the day on which it was written, `as_of`.
    It is read here, without a network, and the same text gives the same reading everywhere. Raises
    InvalidText for what cannot be read, and DiagnoserError where RapidFuzz is missing, which the
    extra `words` brings.
    """
    return Reading(proposals=read(diagnoser.knowledge, text, as_of))
