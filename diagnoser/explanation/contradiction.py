"""The contradictions of a case: which answers cannot hold together, and what the diagnosis would be
if each of them in turn were not known."""

from __future__ import annotations

from diagnoser.case.case import case_of, written
from diagnoser.explanation.context import Basis
from diagnoser.explanation.model import ContradictionExplained, FactUsed, ReadingWithout
from diagnoser.inference.contradictions import ConflictSet, conflicts
from diagnoser.knowledge.wording import question


def explain_conflicts(basis: Basis) -> list[ContradictionExplained]:
    """All conflicts, smallest first."""
    found = conflicts(basis.knowledge, basis.case, basis.findings)
    return [_explained(one, basis) for one in found]


def _explained(one: ConflictSet, basis: Basis) -> ContradictionExplained:
    return ContradictionExplained(
        facts=[used(id, basis) for id in one.facts],
        because=list(one.because),
        ask_again=one.ask_again,
        ask=question(one.ask_again, basis.knowledge),
        without=[_without(id, basis) for id in one.facts],
    )


def used(id: str, basis: Basis) -> FactUsed:
    """A known fact with its question and its answer."""
    return FactUsed(
        fact=id,
        ask=question(id, basis.knowledge),
        value=written(id, basis.case, basis.knowledge.facts),
        label=basis.label(id),
        provenance=basis.case.provenance.get(basis.asked_for(id).id),
    )


def _without(id: str, basis: Basis) -> ReadingWithout:
    knowledge = basis.knowledge
    rest = {fact: value for fact, value in basis.case.given.items() if fact != id}
    tentative = rest.keys() & basis.case.tentative
    belief, plan = basis.conclude(case_of(rest, knowledge.facts, tentative=tentative))
    ranking = belief.ranking()
    cause = ranking[0] if ranking else None
    return ReadingWithout(
        fact=id,
        ask=question(id, knowledge),
        label=basis.label(id),
        first_cause=cause,
        first_cause_title=knowledge.causes[cause].title if cause else "",
        status=belief.status(cause) if cause else "",
        probability=round(belief.given_failure[cause], 4) if cause else 0.0,
        first_step=plan.first,
        first_step_title=knowledge.remedies[plan.first].title if plan.first else "",
    )
