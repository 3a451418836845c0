"""What is known in a conversation, as facts and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from diagnoser.api import Diagnoser
from diagnoser.interview import history
from diagnoser.interview.history import Said, SoFar, nested, with_prefix
from diagnoser.interview.wording import label, question
from diagnoser.knowledge.model import Knowledge


class Known(NamedTuple):
    """Something that is known: its fact, the question for it, and the answer in words."""

    fact: str
    ask: str
    answer: str


def known_after(diagnoser: Diagnoser, given: Mapping[str, Any], said: Iterable[Said]) -> SoFar:
    """What is known after all that was said, without answers that others made irrelevant."""
    so_far = history.known_after(given, said)
    facts = diagnoser.knowledge.facts
    while so_far.answers:  # what was irrelevant may have been what others were relevant for
        values = diagnoser.sheet.read(nested(so_far)).known
        idle = [
            id
            for id in so_far.answers
            if (relevant := facts[id].only_if) is not None and relevant.outcome(values) is False
        ]
        if not idle:
            break
        for id in idle:
            del so_far.answers[id]
    return so_far


def known_in_words(so_far: SoFar, knowledge: Knowledge) -> list[Known]:
    """What is known now, in the order in which it was said: given, then asked, then tried."""
    values = so_far.given | so_far.answers | with_prefix(so_far.tried)
    return [_in_words(id, value, knowledge) for id, value in values.items()]


def known_before(so_far: SoFar, knowledge: Knowledge) -> list[Known]:
    """What was answered before a step that may have changed it, where it is not known so now."""
    known = so_far.given | so_far.answers
    return [
        _in_words(id, value, knowledge)
        for id, value in so_far.before.items()
        if known.get(id) != value
    ]


def _in_words(id: str, value: Any, knowledge: Knowledge) -> Known:
    return Known(id, question(knowledge, id), label(knowledge, id, value))
