"""Which questions can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diagnoser.knowledge.conditions import Condition, alternatives, facts_of
from diagnoser.knowledge.model import Fact, Knowledge


def never_asked(knowledge: Knowledge) -> list[Fact]:
    """The questions that wait, in circles, for answers to each other."""
    facts = knowledge.facts
    waiting = {id: fact for id, fact in facts.items() if fact.only_if is not None}
    progress = True
    while progress:
        asked = [id for id, fact in waiting.items() if _comes(fact, waiting, facts)]
        for id in asked:
            del waiting[id]
        progress = bool(asked)
    return list(waiting.values())


def told_before(fact: Fact, facts: Mapping[str, Fact]) -> bool:
    """Whether a question is never asked because each way for its `only_if` to hold takes an answer
    to one of its `unless_answered`."""
    return fact.only_if is not None and all(
        any((facts[id].derived_from or id) in fact.unless_answered for id in _facts(one))
        for one in alternatives(fact.only_if)
    )


def _comes(fact: Fact, waiting: Mapping[str, Fact], facts: Mapping[str, Fact]) -> bool:
    """Whether its condition may be decided by facts that are not waiting."""
    return fact.only_if is None or any(
        not any((facts[id].derived_from or id) in waiting for id in _facts(one))
        for one in alternatives(fact.only_if)
    )


def _facts(parts: Iterable[Condition]) -> set[str]:
    return {fact for part in parts for fact in facts_of(part)}
