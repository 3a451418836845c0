"""The contradictions of a case, each with the diagnosis without one of its answers after the
other."""

from __future__ import annotations

from diagnoser.basis import Basis
from diagnoser.case import known_from
from diagnoser.conflicts import Conflict, conflicts
from diagnoser.explanation import Conflict as ConflictExplained
from diagnoser.explanation import FactUsed, ReadingWithout
from diagnoser.wording import label, question


def explain_conflicts(basis: Basis) -> list[ConflictExplained]:
    """All conflicts, smallest first."""
    evidence = [id for ids in basis.reading.fired.values() for id in ids]
    found = conflicts(
        basis.knowledge,
        basis.case,
        basis.contradictions,
        evidence,
        basis.belief.hypotheses,
    )
    return [_explained(one, basis) for one in found]


def _explained(one: Conflict, basis: Basis) -> ConflictExplained:
    return ConflictExplained(
        facts=[used(id, basis) for id in one.facts],
        because=list(one.because),
        ask_again=one.ask_again,
        ask=question(one.ask_again, basis.knowledge),
        without=[_without(id, basis) for id in one.facts],
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
    rest = {fact: value for fact, value in basis.case.given.items() if fact != id}
    known = known_from(rest, knowledge.facts)
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
