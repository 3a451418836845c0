"""Questions and answers of a conversation as people read them."""

from __future__ import annotations

from typing import Any

from diagnoser.knowledge import wording
from diagnoser.knowledge.model import DID_NOT_HELP, TRIED, Knowledge
from diagnoser.knowledge.values import UNKNOWN, is_thought, plain


def label(knowledge: Knowledge, fact: str, value: Any) -> str:
    """An answer in words."""
    if value == UNKNOWN:
        return "Not sure"
    if fact.startswith(TRIED) and value == DID_NOT_HELP:
        remedy = knowledge.remedies[fact.removeprefix(TRIED)]
        if not remedy.fixes:  # it only prepares a later step
            return "it is done"
    kind = knowledge.facts[fact].kind
    return wording.label(fact, kind.parse(plain(value)), knowledge, is_thought(value))


def question(knowledge: Knowledge, fact: str) -> str:
    """The question for a fact; for a remedy, how it went."""
    if fact.startswith(TRIED):
        return f"{knowledge.remedies[fact.removeprefix(TRIED)].title}: how did it go?"
    return knowledge.facts[fact].ask
