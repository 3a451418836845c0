"""Contradictions: all smallest sets of answers that cannot hold together, the one that is easiest
to check again, and the diagnosis without each of them."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.basis import Basis
from diagnoser.conditions import All, AnyOf, Case, Condition, facts_of
from diagnoser.explanation import Conflict, FactUsed, ReadingWithout
from diagnoser.knowledge import Knowledge
from diagnoser.wording import label, question

Facts = frozenset[str]


def conflicts(basis: Basis) -> list[Conflict]:
    """The conflicts of a case, smallest first, then by their facts."""
    order = {id: place for place, id in enumerate(basis.knowledge.facts)}
    found = minimal_conflicts(basis)
    return [
        _shown(sorted(facts, key=order.__getitem__), found[facts], basis)
        for facts in sorted(found, key=lambda facts: (len(facts), sorted(facts)))
    ]


def minimal_conflicts(basis: Basis) -> dict[Facts, list[tuple[str, str]]]:
    """The smallest sets of given facts that cannot hold together: for each its reasons, and the
    fact that the knowledge names for each (an empty text where it names none).

    A set that holds a smaller one is left out: whatever settles that settles it too.
    """
    reasons: dict[Facts, list[tuple[str, str]]] = {}
    for facts, because, ask_again in _conflicts(basis):
        reason = (because, ask_again)
        if reason not in reasons.setdefault(facts, []):
            reasons[facts].append(reason)
    return {facts: one for facts, one in reasons.items() if not any(o < facts for o in reasons)}


def _conflicts(basis: Basis) -> Iterator[tuple[Facts, str, str]]:
    knowledge, known = basis.knowledge, basis.case.known
    for one in knowledge.contradictions.values():
        if one.id in basis.contradictions:
            for facts in supports(one.when, known, knowledge):
                yield facts, one.because, one.ask_again
    for cause, hypothesis in basis.belief.hypotheses.items():
        if not hypothesis.disputed:
            continue
        rules = [knowledge.rules[id] for id in basis.reading.fired[cause]]
        title = knowledge.causes[cause].title
        because = f"They prove “{title}” and rule it out at the same time, so neither counts."
        for proof in (rule for rule in rules if rule.factor >= 1):
            for exclusion in (rule for rule in rules if rule.factor <= -1):
                together = All((proof.when, exclusion.when))
                for facts in supports(together, known, knowledge):
                    yield facts, because, ""


def supports(when: Condition, known: Case, knowledge: Knowledge) -> set[Facts]:
    """The smallest sets of given facts that alone make a condition hold; none where it does not.

    What follows from a table counts as the fact that it follows from.
    """
    if isinstance(when, All):
        found: set[Facts] = {frozenset()}
        for part in when.parts:
            mine = supports(part, known, knowledge)
            found = smallest({one | other for one in found for other in mine})
        return found
    if isinstance(when, AnyOf):
        parts = [supports(part, known, knowledge) for part in when.parts]
        return smallest({facts for part in parts for facts in part})
    if not when.outcome(known):
        return set()
    return {frozenset(knowledge.facts[id].derived_from or id for id in facts_of(when))}


def smallest(sets: set[Facts]) -> set[Facts]:
    """The sets that hold no other of them."""
    return {one for one in sets if not any(other < one for other in sets)}


def _shown(facts: list[str], reasons: list[tuple[str, str]], basis: Basis) -> Conflict:
    knowledge, known = basis.knowledge, basis.case.known
    about = knowledge.facts
    easiest = min(facts, key=lambda id: (not about[id].askable, about[id].effort, id))
    named = [basis.source(ask_again).id for _, ask_again in reasons if ask_again]
    again = next((id for id in named if id in facts), easiest)
    return Conflict(
        facts=[used(id, basis) for id in facts],
        because=[because for because, _ in reasons],
        ask_again=again,
        ask=question(again, knowledge),
        without=[_without(id, basis) for id in facts if id in known],
    )


def used(id: str, basis: Basis) -> FactUsed:
    """A known fact with its question and its answer."""
    knowledge, value = basis.knowledge, basis.case.known[id]
    return FactUsed(
        fact=id,
        ask=question(id, knowledge),
        value=knowledge.facts[id].kind.show(value),
        label=label(id, value, knowledge),
    )


def _without(id: str, basis: Basis) -> ReadingWithout:
    knowledge = basis.knowledge
    derives = knowledge.facts[id].derives or {}
    known = {
        fact: value
        for fact, value in basis.case.known.items()
        if fact != id and fact not in derives
    }
    belief, plan = basis.conclude(basis.evaluator.read(known))
    ranking = belief.ranking()
    cause = ranking[0] if ranking else None
    return ReadingWithout(
        fact=id,
        ask=question(id, knowledge),
        label=label(id, basis.case.known[id], knowledge),
        first_cause=cause,
        first_cause_title=knowledge.causes[cause].title if cause else "",
        status=belief.status(cause) if cause else "",
        probability=round(belief.given_failure[cause], 4) if cause else 0.0,
        first_step=plan.first,
        first_step_title=knowledge.remedies[plan.first].title if plan.first else "",
    )
