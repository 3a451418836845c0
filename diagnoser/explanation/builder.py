"""Why a report says what it says: the explanation of one case, from what its report was made of."""

from __future__ import annotations

from diagnoser.errors import DiagnoserError, fact_problem, nearest, quoted
from diagnoser.explanation.cause import explain_cause
from diagnoser.explanation.context import Basis
from diagnoser.explanation.contradiction import explain_conflicts
from diagnoser.explanation.counterfactual import what_would_change
from diagnoser.explanation.model import Explanation
from diagnoser.explanation.plan import explain_plan
from diagnoser.explanation.sensitivity import sensitivity
from diagnoser.explanation.what_if import WhatIf


def explain(basis: Basis, cause: str | None = None) -> Explanation:
    """The explanation of a case, with all causes in the order of the report, or with one of them.

    Raises DiagnoserError if there is no such cause.
    """
    causes = basis.knowledge.causes
    if cause is not None and cause not in causes:
        reason = f"{quoted(cause)} is not one of the causes"
        raise DiagnoserError([fact_problem("", reason, near=nearest(cause, causes))])
    what_if = WhatIf(basis)
    explained = [cause] if cause is not None else basis.belief.ranking()
    return Explanation(
        knowledge=basis.used(),
        case={area: dict(facts) for area, facts in basis.sheet.items()},
        asked=cause,
        causes=[explain_cause(id, basis, what_if) for id in explained],
        none_of_these=round(basis.belief.none_of_these, 4),
        plan=explain_plan(basis),
        changes=what_would_change(basis, what_if),
        sensitivity=sensitivity(
            basis.knowledge, basis.planner, basis.findings, basis.belief, basis.case.tried
        ),
        contradictions=explain_conflicts(basis),
    )
