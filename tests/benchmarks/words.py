"""What is read from the stories of the open people, against what they would answer.

The people are split in two by their ids, in order: the first, third, ... are the half with which
phrases were tried, the others the half that is reported. Phrases are written from the domain, and
never from a story.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from diagnoser import Diagnoser, read_words
from diagnoser.comparison.firsts import wilson
from diagnoser.knowledge.model import TRIED
from diagnoser.words.reading import Proposal
from tests.benchmarks.people import Person, Score, asked_in_visits, people
from tests.phones import scenarios
from tests.words.tickets import Ticket
from tests.words.tickets import halves as ticket_halves

FOLLOWS: Mapping[tuple[str, str], str] = {
    ("V093", "network.kind=nothing"): "She says that there is no internet box where she lives.",
    ("V099", "account.prompt=badge"): "He says that a red number stands on the icon of Settings.",
}
"""Proposals for a fact that the person has no answer to, by person and proposal, which follow from
the story all the same, and why. Without a reason here they count as wrong."""


VERSION = "ios.version"


@dataclass(frozen=True)
class Heard:
    """What was read from one story: right and wrong proposals; and how the person is served
    without them, and with the right ones confirmed first."""

    person: Person
    right: Sequence[Proposal]
    wrong: Sequence[Proposal]
    without: Score
    told: Score


def halves() -> dict[str, list[Person]]:
    """The people by half, in the order of their ids."""
    everybody = sorted(people(), key=lambda one: one.id)
    return {"tried with": everybody[::2], "reported": everybody[1::2]}


def hear(diagnoser: Diagnoser, person: Person) -> Heard:
    """What is read from the story of a person."""
    reading = read_words(diagnoser, person.story)
    right = [one for one in reading.proposals if _is_right(one, person)]
    wrong = [one for one in reading.proposals if one not in right]
    confirmed = reading.facts(one.id for one in right)
    without = asked_in_visits(diagnoser, person)
    told = asked_in_visits(diagnoser, person, confirmed) if confirmed else without
    return Heard(person, right, wrong, without, told)


def titles(diagnoser: Diagnoser) -> tuple[int, int, int, int]:
    """What is read from the titles of the tests' scenarios, which the project's writers gave them
    before there were phrases: how many titles there are, and from how many something is read;
    right proposals, and wrong ones, among them those of facts that the scenario does not give."""
    heard = right = wrong = 0
    for scenario in scenarios():
        sheet = scenario.sheet(diagnoser)
        proposals = read_words(diagnoser, scenario.case).proposals
        heard += bool(proposals)
        for one in proposals:
            area, _, name = one.fact.partition(".")
            answer = sheet.get(area, {}).get(name)
            fits = _fits(one, answer)
            right, wrong = right + fits, wrong + (not fits)
    return len(scenarios()), heard, right, wrong


def _is_right(one: Proposal, person: Person) -> bool:
    if one.fact.startswith(TRIED):
        return person.tried.get(one.fact.removeprefix(TRIED)) == one.answer
    if one.fact not in person.answers:
        return (person.id, one.id) in FOLLOWS
    return _fits(one, person.answers[one.fact])


def _fits(one: Proposal, answer: object) -> bool:
    """Whether it is the answer or one of several; "iOS 26" is right of 26.1, as far as it goes."""
    if one.fact == VERSION and isinstance(answer, str):
        return (
            answer == one.answer
            or re.match(rf"{re.escape(str(one.answer))}[. ]", answer) is not None
        )
    return one.answer in (answer if isinstance(answer, list) else [answer])


def tickets(diagnoser: Diagnoser, half: Sequence[Ticket]) -> tuple[int, int, int, int]:
    """What is read from tickets: from how many something is; right proposals, wrong ones, and the
    facts that could have been read."""
    heard = right = wrong = 0
    for ticket in half:
        proposals = read_words(diagnoser, ticket.text).proposals
        heard += bool(proposals)
        fits = sum(ticket.says(one, diagnoser) for one in proposals)
        right, wrong = right + fits, wrong + len(proposals) - fits
    return heard, right, wrong, sum(len(one.facts) for one in half)


def _share(right: int, of: int) -> str:
    """The share that is right, with its interval at 95 %."""
    if not of:
        return ""
    low, high = wilson(right, of)
    return f"{right / of:.0%} ({low:.0%} to {high:.0%})"


def table(diagnoser: Diagnoser) -> list[list[str]]:
    """A row for each half of the stories and of the tickets, and for the titles."""
    head = ["stories", "people", "of whom something is read", "proposals", "right", "wrong"]
    rows = [[*head, "precision", "right for each", "visits", "with it", "questions", "with it"]]
    for name, half in halves().items():
        heard = [hear(diagnoser, one) for one in half]
        right = sum(len(one.right) for one in heard)
        wrong = sum(len(one.wrong) for one in heard)
        rows.append(
            [
                name,
                str(len(heard)),
                str(sum(bool(one.right or one.wrong) for one in heard)),
                str(right + wrong),
                str(right),
                str(wrong),
                _share(right, right + wrong),
                f"{right / len(heard):.2f}",
                f"{fmean(one.without.questions for one in heard):.2f}",
                f"{fmean(one.told.questions for one in heard):.2f}",
                f"{fmean(one.without.fields for one in heard):.1f}",
                f"{fmean(one.told.fields for one in heard):.1f}",
            ]
        )
    all_titles, told, right, wrong = titles(diagnoser)
    counts = [all_titles, told, right + wrong, right, wrong]
    precision, each = _share(right, right + wrong), f"{right / all_titles:.2f}"
    for name, half in ticket_halves().items():
        heard, fits, misfits, _ = tickets(diagnoser, half)
        row = [len(half), heard, fits + misfits, fits, misfits]
        share = _share(fits, fits + misfits)
        told_by_each = f"{fits / len(half):.2f}"
        rows.append([f"tickets, {name}", *map(str, row), share, told_by_each, "", "", "", ""])
    rows.append(["titles of scenarios", *map(str, counts), precision, each, "", "", "", ""])
    return rows
