"""Which answer counts where several sources tell a fact, and how it is written in a facts file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from diagnoser.importing import dates
from diagnoser.importing.devices import Device, Reading
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Shown, Unfit, Written

A_DAY = 24 * 60 * 60
NEARLY = 0.1
"""Numbers that differ by less than this part are the same: free space changes all the time."""


class Decided(NamedTuple):
    """What counts for each fact, as in a facts file, and what told it, None for a person; and what
    is to be said."""

    answers: dict[str, tuple[Written, Reading | None]]
    notes: list[str]

    def overrule(self, said: Mapping[str, Written]) -> None:
        """Takes what a person said, by fact id, in place of what files say; but for what they were
        not sure of."""
        for id, answer in said.items():
            told, reading = self.answers.get(id, (answer, None))
            if isinstance(answer, dict) and reading is not None:
                if told not in answer.values():
                    self.notes.append(f"{id}: {reading.place()} counts; who gave it was not sure.")
                continue
            if told != answer and reading is not None:
                self.notes.append(
                    f"{id}: what was given counts; {reading.place()} says {reading.value}."
                )
            self.answers[id] = (answer, None)


def decide(device: Device, facts: Mapping[str, Fact], now: datetime | None) -> Decided:
    """What is known of a device on the day `now`, or where none is given, on that of each report.

    Of answers that differ that of the newer report counts; where it is not known which is newer,
    none does. Either is said in a note, and so is what the knowledge has no answer for.
    """
    found = Decided({}, [*device.notes])
    by_fact: dict[str, list[tuple[Shown, Reading]]] = {}
    for one in device.readings:
        if (answer := _answer(one, facts, now, found.notes)) is not None:
            by_fact.setdefault(one.fact, []).append((answer, one))
    for id in filter(by_fact.__contains__, facts):
        if (counts := _newest(by_fact[id], found.notes)) is not None:
            found.answers[id] = counts
    found.notes.extend(_ages(device, now))
    return found


def _answer(
    one: Reading, facts: Mapping[str, Fact], now: datetime | None, notes: list[str]
) -> Shown | None:
    """The answer of a reading as in a facts file, if the knowledge has it."""
    if one.fact not in facts:
        notes.append(f"{one.place()}: this knowledge has no fact {one.fact}.")
        return None
    answer = one.answer
    if isinstance(answer, datetime):
        since = now or one.dated
        if since is None:
            notes.append(
                f"{one.fact} is left out: {one.place()} dates the last backup, {one.value}, but no"
                " day is given to count from."
            )
            return None
        aged = dates.last_backup(answer, since)
        if aged is None:
            notes.append(
                f"{one.fact} is left out: {one.place()} dates the last backup, {one.value}, after"
                f" {since.date()}."
            )
            return None
        if now is None:
            notes.append(
                f"How old the last backup is, is counted to {since.date()}, the day of the report."
            )
        answer = aged
    kind = facts[one.fact].kind
    try:
        return kind.show(kind.parse(answer))
    except Unfit:
        notes.append(f"{one.place()}: this knowledge has no such answer for {one.fact}.")
        return None


def _newest(
    told: Sequence[tuple[Shown, Reading]], notes: list[str]
) -> tuple[Shown, Reading] | None:
    """The answer that counts; None where it is not known which is the newest."""
    made = [one.answer for _, one in told if isinstance(one.answer, datetime)]
    if len(made) == len(told):  # each of these backups was made, so the latest is the last
        return told[made.index(max(made))]
    first = max(told, key=lambda one: one[1].dated or dates.NEVER)
    answer, counts = first
    others = [one for other, one in told if not _alike(other, answer)]
    if not others:
        return first
    said = "; ".join(f"{one.place()} says {one.value}" for one in others)
    if counts.dated and all(one.dated and one.dated < counts.dated for one in others):
        notes.append(
            f"{counts.fact}: {counts.place()} says {counts.value}, and counts, as it is newer;"
            f" {said}."
        )
        return first
    notes.append(
        f"{counts.fact} is left out: {counts.place()} says {counts.value}; {said}; and which is"
        " newer is not known."
    )
    return None


def _alike(one: Shown, other: Shown) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= NEARLY * max(one, other)
    return one == other


def _ages(device: Device, now: datetime | None) -> list[str]:
    """How old the reports are, a day or more."""
    if now is None:
        return []
    notes = []
    for file, moment in device.dates.items():
        days = int((now - moment).total_seconds() // A_DAY)
        if days >= 1:
            age = "1 day" if days == 1 else f"{days} days"
            notes.append(f"What {file} says is {age} old ({moment.date()}).")
        elif days < -1:
            notes.append(f"{file} is dated {moment.date()}, after the day that is counted from.")
    return notes
