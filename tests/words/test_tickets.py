"""Whole tickets: what is proposed of them follows from them."""

from __future__ import annotations

import pytest

from diagnoser import Diagnoser, read_words
from tests.words.tickets import Ticket, halves

HALVES = halves()


def test_the_facts_of_tickets_are_facts_and_answers_of_the_pack(diagnoser: Diagnoser) -> None:
    for ticket in [one for half in HALVES.values() for one in half]:
        for fact, answers in ticket.facts.items():
            kind = diagnoser.knowledge.facts[fact].kind
            for answer in answers:
                kind.parse_text(answer)


@pytest.mark.parametrize("ticket", HALVES["tried with"], ids=lambda one: one.text[:40])
def test_nothing_is_proposed_that_does_not_follow(ticket: Ticket, diagnoser: Diagnoser) -> None:
    proposals = read_words(diagnoser, ticket.text).proposals

    assert [one.id for one in proposals if not ticket.says(one, diagnoser)] == []


@pytest.mark.parametrize(("half", "share"), [("tried with", 0.75), ("reported", 0.55)])
def test_so_much_is_heard_of_what_tickets_tell(
    half: str, share: float, diagnoser: Diagnoser
) -> None:
    told = heard = wrong = 0
    for ticket in HALVES[half]:
        proposals = read_words(diagnoser, ticket.text).proposals
        right = sum(ticket.says(one, diagnoser) for one in proposals)
        told, heard, wrong = told + len(ticket.facts), heard + right, wrong + len(proposals) - right

    assert heard / told >= share
    assert heard / (heard + wrong) > 0.94
