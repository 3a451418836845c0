"""Tickets as people write them to a helpdesk, with the facts that follow from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from diagnoser import Diagnoser
from diagnoser.knowledge.values import Choice
from diagnoser.words.reading import Proposal

FILE = Path(__file__).parent / "tickets.yaml"


@dataclass(frozen=True)
class Ticket:
    """What somebody wrote, and the answers that may be read from it, by fact."""

    text: str
    facts: Mapping[str, Sequence[str]]

    def says(self, one: Proposal, diagnoser: Diagnoser) -> bool:
        """Whether a proposal follows from it."""
        kind = diagnoser.knowledge.facts[one.fact].kind
        wanted = self.facts.get(one.fact, ())
        if isinstance(kind, Choice):
            return one.answer in wanted
        return one.answer in [kind.show(kind.parse_text(text)) for text in wanted]


def halves() -> dict[str, list[Ticket]]:
    """The half that was looked at while phrases were written, and the half that was not."""
    read = yaml.load(FILE.read_text("utf-8"), yaml.BaseLoader)  # every scalar stays plain text
    tickets = [
        Ticket(
            one["ticket"],
            {
                fact: answers if isinstance(answers, list) else [answers]
                for fact, answers in one["facts"].items()
            },
        )
        for one in read
    ]
    return {"tried with": tickets[::2], "reported": tickets[1::2]}
