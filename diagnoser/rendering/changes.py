"""Outlines what would change a diagnosis: the questions, and the cause or step that each other
answer would put first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from diagnoser.explanation.model import Change, OtherAnswer, WhatWouldChange
from diagnoser.rendering.outline import Line, head, item, say
from diagnoser.rendering.words import any_of, counted, joined

QUESTIONS = 4
"""Questions of a kind that are named at most, unless all are asked for."""
PAIRS = 3
"""Pairs of answers that are named at most, unless all are asked for."""
CAUSE, STEP = 0, 1


@dataclass(slots=True)
class _Question:
    """A question, and by other answer the cause and the step that it would put first; an empty text
    stands for what stays first."""

    answer: OtherAnswer
    brings: dict[str, list[str]] = field(default_factory=dict)


def lines(changes: WhatWouldChange, cause: str | None, full: bool) -> Iterator[Line]:
    """The single answers that change something, then pairs of them; of one `cause`, only those that
    put it first or another in its place."""
    yield head("What would change it")
    if cause is None:
        yield say(f"{changes.first_cause.in_words} {changes.first_step.in_words}")
    wanted = [_concerning(changes, cause, place) for place in (CAUSE, STEP)]
    if cause is not None and not wanted[CAUSE]:
        first = changes.first_cause.now == cause
        what = "put another cause first" if first else "bring this cause first"
        yield say(f"No one or two other answers would {what}.")
    questions = _by_question(wanted)
    yield from _questions(
        "If the answer to a question were known",
        [one for one in questions if one.answer.given is None],
        full,
    )
    yield from _questions(
        "If an answer were another one",
        [one for one in questions if one.answer.given is not None],
        full,
    )
    yield from _pairs(wanted, full)


def in_short(changes: WhatWouldChange) -> Iterator[Line]:
    """The smallest change of the first step, or else of the first cause, in one line."""
    for listed, noun in ((changes.first_step.listed, STEP), (changes.first_cause.listed, CAUSE)):
        for change in listed[:1]:
            said = joined(f"{any_of(one.labels)} to “{one.ask}”" for one in change.answers)
            yield item(f"With {said}: {_brings(_result(change, noun))}")
            return


def _concerning(changes: WhatWouldChange, cause: str | None, place: int) -> list[Change]:
    """All changes; or those that bring the cause first or put another in its place."""
    if cause is None:
        return (changes.first_cause if place == CAUSE else changes.first_step).listed
    if place == STEP:
        return []
    now = changes.first_cause.now
    return [one for one in changes.first_cause.listed if cause in (one.becomes, now)]


def _result(change: Change, place: int) -> list[str]:
    """The cause and the step that come first with the change; an empty text for what stays."""
    found = ["", ""]
    found[place] = f"“{change.title}”" if change.becomes else "nothing"
    return found


def _brings(found: Sequence[str]) -> str:
    cause, step = found
    if not step:
        return f"{cause} first"
    return f"{cause} first, with the step {step}" if cause else f"the step {step} first"


def _by_question(wanted: Sequence[Sequence[Change]]) -> list[_Question]:
    """The answers that change something by themselves, under their questions."""
    found: dict[str, _Question] = {}
    for place, changes in enumerate(wanted):
        for change in changes:
            if len(change.answers) > 1:
                continue
            (answer,) = change.answers
            question = found.setdefault(answer.fact, _Question(answer))
            for label in answer.labels:
                brings = question.brings.setdefault(label, ["", ""])
                brings[place] = _result(change, place)[place]
    return list(found.values())


def _questions(title: str, questions: Sequence[_Question], full: bool) -> Iterator[Line]:
    if not questions:
        return
    yield head(title, 3)
    shown = questions if full else questions[:QUESTIONS]
    for one in shown:
        yield item(f"{one.answer.ask}{_now(one.answer)}")
        alike: dict[tuple[str, ...], list[str]] = {}
        for label, brings in one.brings.items():
            alike.setdefault(tuple(brings), []).append(label)
        for found, labels in alike.items():
            yield item(f"{any_of(labels)}: {_brings(found)}", 1)
    if less := len(questions) - len(shown):
        yield item(f"and {counted(less, 'question')} more")


def _pairs(wanted: Sequence[Sequence[Change]], full: bool) -> Iterator[Line]:
    """The pairs of answers; unless in full, one of all that have the same questions and result."""
    found: dict[tuple[object, ...], tuple[Change, list[str]]] = {}
    for place, changes in enumerate(wanted):
        for change in changes:
            if len(change.answers) > 1:
                key = tuple((one.fact, *one.labels) for one in change.answers)
                _, brings = found.setdefault(key, (change, ["", ""]))
                brings[place] = _result(change, place)[place]
    if not found:
        return
    yield head("With two answers together", 3)
    shown = list(found.values())
    if not full:
        alike = {(*(one.fact for one in pair.answers), *to): (pair, to) for pair, to in shown[::-1]}
        shown = list(alike.values())[: -PAIRS - 1 : -1]
    for change, brings in shown:
        yield item(f"{_brings(brings)[:1].upper()}{_brings(brings)[1:]}, with:")
        for answer in change.answers:
            yield item(f"{answer.ask} {any_of(answer.labels)}{_now(answer)}", 1)
    if less := len(found) - len(shown):
        yield item(f"and {counted(less, 'pair')} more")


def _now(answer: OtherAnswer) -> str:
    return "" if answer.given is None else f" (now “{answer.given}”)"
