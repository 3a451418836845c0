"""Contradictions: all smallest sets of answers that cannot hold together, why, and the answer of
each that is cheapest to ask again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from diagnoser.case.case import Case, said_by
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.conditions import All, AnyOf, Condition, facts_of
from diagnoser.knowledge.model import Knowledge

Facts = frozenset[str]
Reason = tuple[str, str]
"""Why, and the fact that the knowledge would ask again (an empty text where it names none)."""


class ConflictSet(NamedTuple):
    """Given facts that cannot hold together, in the order of the questionnaire."""

    facts: tuple[str, ...]
    because: tuple[str, ...]
    ask_again: str


def conflicts(knowledge: Knowledge, case: Case, findings: Findings) -> list[ConflictSet]:
    """The conflicts of a case, smallest first; a set that holds a smaller one is left out, because
    whatever settles that settles it too."""
    disputed = _disputed_causes(knowledge, findings)
    if not findings.contradictions and not disputed:
        return []
    reasons: dict[Facts, list[Reason]] = {}
    for facts, reason in _declared(knowledge, case, findings.contradictions):
        if reason not in reasons.setdefault(facts, []):
            reasons[facts].append(reason)
    for facts, reason in _disputed(knowledge, case, disputed, findings):
        reasons.setdefault(facts, [reason])
    order = {id: place for place, id in enumerate(knowledge.facts)}
    return [
        ConflictSet(
            facts=tuple(sorted(facts, key=order.__getitem__)),
            because=tuple(because for because, _ in reasons[facts]),
            ask_again=_cheapest(facts, reasons[facts], knowledge, case),
        )
        for facts in sorted(smallest(set(reasons)), key=lambda facts: (len(facts), sorted(facts)))
    ]


def _disputed_causes(knowledge: Knowledge, findings: Findings) -> list[str]:
    """The causes that rules both prove and rule out; also where one side is tempered, and gives
    way."""
    if not findings.tempered:
        return sorted(id for id, one in findings.hypotheses.items() if one.disputed)
    factors = {
        cause: {knowledge.rules[id].factor for id in ids} for cause, ids in findings.fired.items()
    }
    return sorted(cause for cause, some in factors.items() if {1, -1} <= some)


def _declared(
    knowledge: Knowledge, case: Case, declared: Collection[str]
) -> Iterator[tuple[Facts, Reason]]:
    for one in knowledge.contradictions.values():
        if one.id in declared:
            for facts in supports(one.when, case, knowledge):
                yield facts, (one.because, one.ask_again)


def _disputed(
    knowledge: Knowledge,
    case: Case,
    causes: Iterable[str],
    findings: Findings,
) -> Iterator[tuple[Facts, Reason]]:
    for cause in causes:
        both = f"prove “{knowledge.causes[cause].title}” and rule it out at the same time"
        disputed = findings.hypotheses[cause].disputed
        so = "so neither counts" if disputed else "but what you are not sure of settles nothing"
        reason = (f"These answers {both}, {so}.", "")
        rules = [knowledge.rules[id] for id in findings.fired[cause]]
        for proof in (rule for rule in rules if rule.factor >= 1):
            for exclusion in (rule for rule in rules if rule.factor <= -1):
                for facts in supports(All((proof.when, exclusion.when)), case, knowledge):
                    yield facts, reason


def _cheapest(facts: Facts, reasons: Iterable[Reason], knowledge: Knowledge, case: Case) -> str:
    """The fact with the least effort, of those that are tentative if some are; of equals one that
    the knowledge names."""
    about = knowledge.facts
    named = {said for _, id in reasons if id for said in said_by(id, case, about)}

    def place(id: str) -> tuple[bool, bool, float, bool, str]:
        fact, sure = about[id], id not in case.tentative
        return not fact.askable, sure, fact.effort, id not in named, id

    return min(facts, key=place)


def supports(when: Condition, case: Case, knowledge: Knowledge) -> set[Facts]:
    """The smallest sets of given facts that alone make a condition hold; none where it does not.

    What follows from a table counts as the row that it follows from.
    """
    if isinstance(when, All):
        found: set[Facts] = {frozenset()}
        for part in when.parts:
            mine = supports(part, case, knowledge)
            found = smallest({one | other for one in found for other in mine})
        return found
    if isinstance(when, AnyOf):
        parts = [supports(part, case, knowledge) for part in when.parts]
        return smallest({facts for part in parts for facts in part})
    if not when.outcome(case.known):
        return set()
    sources = (said_by(id, case, knowledge.facts) for id in facts_of(when))
    return {frozenset(chain.from_iterable(sources))}


def smallest(sets: set[Facts]) -> set[Facts]:
    """The sets that hold no other of them."""
    return {one for one in sets if not any(other < one for other in sets)}
