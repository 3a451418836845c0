"""What speaks for proven causes, and may be otherwise once a step has mended them."""

from __future__ import annotations

from collections.abc import Iterable

from diagnoser.case import Case, said_by
from diagnoser.conditions import Case as Known
from diagnoser.knowledge import Knowledge, Remedy
from diagnoser.values import Lookup


def signs(knowledge: Knowledge, causes: Iterable[str], known: Known) -> set[str]:
    """The facts that speak for those of the causes that are proven: what proves a cause, and what
    it brings about, such as a message."""
    fired = [
        rule
        for cause in causes
        for rule in knowledge.causes[cause].rules
        if rule.factor > 0 and rule.when.outcome(known)
    ]
    proven = {rule.cause for rule in fired if rule.factor >= 1}
    return {id for rule in fired if rule.cause in proven for id in rule.facts}


def look_again(knowledge: Knowledge, remedy: Remedy, case: Case) -> list[str]:
    """The given facts that the remedy may change, as they speak for proven causes that it mends.
    What a thing is does not change."""
    read = {
        given
        for id in signs(knowledge, remedy.fixes, case.known)
        for given in said_by(id, case, knowledge.facts)
    }
    return [
        id
        for id, fact in knowledge.facts.items()
        if id in read and fact.askable and not isinstance(fact.kind, Lookup)
    ]
