"""Which answers to ask for again after a step: those that spoke for a proven cause which the step
mends."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from diagnoser.case.case import Case, said_by
from diagnoser.knowledge.model import Knowledge, Remedy
from diagnoser.knowledge.values import Lookup


def speaking_facts(knowledge: Knowledge, causes: Collection[str], fired: Iterable[str]) -> set[str]:
    """The facts that speak for those of the causes that are proven: what proves a cause, and what
    it brings about, such as a message; `fired` are the rules that hold."""
    rules = [knowledge.rules[id] for id in fired]
    rules = [rule for rule in rules if rule.cause in causes and rule.factor > 0]
    proven = {rule.cause for rule in rules if rule.factor >= 1}
    return {id for rule in rules if rule.cause in proven for id in rule.facts}


def look_again(knowledge: Knowledge, remedy: Remedy, case: Case, fired: Iterable[str]) -> list[str]:
    """The given facts that the remedy may change, as they speak for proven causes that it mends.
    What a thing is does not change."""
    read = {
        given
        for id in speaking_facts(knowledge, remedy.fixes, fired)
        for given in said_by(id, case, knowledge.facts)
    }
    facts = knowledge.facts
    return [
        id
        for id in case.given
        if id in read and facts[id].askable and not isinstance(facts[id].kind, Lookup)
    ]
