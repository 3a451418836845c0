"""How one cause got its probability, which of its rules did not fire, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.belief.belief import probability
from diagnoser.belief.weighing import (
    NOTHING_SAID,
    OPEN,
    PROVEN,
    RULED_OUT,
    Hypothesis,
    as_counted,
)
from diagnoser.explanation.context import Basis
from diagnoser.explanation.contradiction import used
from diagnoser.explanation.model import (
    AnswerEffect,
    CauseExplained,
    How,
    MissingFact,
    RuleFired,
    TriedAlready,
)
from diagnoser.explanation.trace import trace_rule
from diagnoser.explanation.what_if import WhatIf
from diagnoser.knowledge.model import DID_NOT_HELP, Cause, Fact, Rule
from diagnoser.knowledge.values import Value
from diagnoser.knowledge.wording import label, percent, question


def explain_cause(id: str, basis: Basis, what_if: WhatIf) -> CauseExplained:
    """The explanation of one cause."""
    cause = basis.knowledge.causes[id]
    fired = basis.findings.fired.get(id, ())
    return CauseExplained(
        id=id,
        title=cause.title,
        status=basis.belief.status(id),
        probability=round(basis.belief.given_failure[id], 4),
        because=cause.because,
        guide=cause.guide,
        how=_how(cause, basis),
        why_not=[
            trace_rule(rule, False, basis.case, basis.knowledge)
            for rule in cause.rules
            if rule.id not in fired
        ],
        missing=_missing(cause, basis, what_if),
    )


# -- how


def _how(cause: Cause, basis: Basis) -> How:
    found = basis.belief.hypotheses.get(cause.id, NOTHING_SAID)
    fired = basis.findings.fired.get(cause.id, ())
    rules = as_counted(fired, basis.findings.tempered, basis.knowledge)
    evidence = [_fired(rule, found, rules, basis) for rule in rules]
    evidence.sort(key=lambda one: (not one.counts, -_weight(one), one.rule))
    by_evidence = probability(cause, found)
    tried = list(_tried(cause, basis)) if found.status == OPEN else []
    after_tried, given_failure = (
        basis.belief.present[cause.id],
        basis.belief.given_failure[cause.id],
    )
    words = [f"Before any answer counts, the cause is {cause.commonness}: {percent(cause.prior)}."]
    words += _evidence_in_words(evidence, found, by_evidence)
    if tried:
        titles = ", ".join(f"“{one.title}”" for one in tried)
        words.append(f"{titles} did not help, which leaves {percent(after_tried)}.")
    if found.status == OPEN:
        words.append(f"Because it does fail, that becomes {percent(given_failure)}.")
    return How(
        commonness=cause.commonness,
        prior=cause.prior,
        evidence=evidence,
        by_evidence=round(by_evidence, 4),
        tried=tried,
        after_tried=round(after_tried, 4),
        probability=round(given_failure, 4),
        in_words=words,
    )


def _evidence_in_words(
    evidence: list[RuleFired], found: Hypothesis, by_evidence: float
) -> Iterator[str]:
    if found.disputed:
        yield "Answers prove it and rule it out at the same time, so neither counts."
    if found.status != OPEN:
        yield "The answers prove it." if found.status == PROVEN else "The answers rule it out."
        return
    counts = [
        f"{number} {word}"
        for number, word in (
            (sum(one.counts and one.supports for one in evidence), "for it"),
            (sum(one.counts and not one.supports for one in evidence), "against it"),
        )
        if number
    ]
    if counts:
        makes = percent(by_evidence)
        yield f"The evidence, {' and '.join(counts)}, makes that {makes}."
    else:
        yield "No evidence speaks for it or against it."


def _weight(one: RuleFired) -> float:
    """How far a ratio is from 1, in either direction."""
    if not one.ratio:
        return float("inf")
    return max(one.ratio, 1 / one.ratio)


def _fired(rule: Rule, found: Hypothesis, rules: list[Rule], basis: Basis) -> RuleFired:
    not_counted = _not_counted(rule, found, rules)
    conclusive = rule.factor >= 1
    return RuleFired(
        rule=rule.id,
        says=rule.says,
        supports=rule.factor > 0,
        because=rule.because,
        ratio=None if conclusive else round(rule.ratio, 2),
        tempered=True if rule.id in basis.findings.tempered else None,
        counts=not not_counted,
        not_counted=not_counted,
        facts=[used(fact, basis) for fact in sorted(rule.facts) if fact in basis.case.known],
        source=rule.source,
        worth=rule.worth,
        reviewed=rule.reviewed,
    )


def _not_counted(rule: Rule, found: Hypothesis, rules: list[Rule]) -> str:
    """Why a rule that fired does not count, or an empty text."""
    conclusive = abs(rule.factor) >= 1
    if conclusive and found.disputed:
        return "Other answers say the opposite with the same certainty."
    if found.status in (PROVEN, RULED_OUT):
        return "" if conclusive else "The cause is settled without it."
    if rule.id in found.counted:
        return ""
    stronger = next(
        other.id for other in rules if other.id in found.counted and other.facts & rule.facts
    )
    return f"It reads the same answer as {stronger}, which says as much or more."


def _tried(cause: Cause, basis: Basis) -> Iterator[TriedAlready]:
    for remedy in basis.knowledge.fixers(cause.id):
        if basis.case.tried.get(remedy.id) == DID_NOT_HELP:
            yield TriedAlready(remedy=remedy.id, title=remedy.title, chance=remedy.fixes[cause.id])


# -- what is missing


def _missing(cause: Cause, basis: Basis, what_if: WhatIf) -> list[MissingFact]:
    """The facts that undecided rules still need and that can be asked in this case: those that
    settle the cause first, then those that move it most."""
    facts, known = basis.knowledge.facts, basis.case.known
    found = []
    for id in what_if.missing[cause.id]:
        fact = facts[id]
        if fact.only_if is None or fact.only_if.outcome(known) is not False:
            found.append(_one_missing(fact, cause, basis, what_if))
    return sorted(found, key=lambda one: (not one.settles, -one.moves))


def _one_missing(fact: Fact, cause: Cause, basis: Basis, what_if: WhatIf) -> MissingFact:
    now = basis.belief.given_failure[cause.id]
    outcomes: dict[tuple[float, str], list[Value]] = {}
    for answer, belief in what_if.beliefs(fact.id):
        status, p = belief.status(cause.id), belief.given_failure[cause.id]
        if status != basis.belief.status(cause.id) or p != now:
            outcomes.setdefault((-p, status), []).extend(answer.values)
    return MissingFact(
        fact=fact.id,
        ask=question(fact.id, basis.knowledge),
        effort_minutes=fact.effort,
        settles=any(status != OPEN for _, status in outcomes),
        moves=round(max((abs(-p - now) for p, _ in outcomes), default=0.0), 4),
        answers=[
            AnswerEffect(
                labels=[label(fact.id, value, basis.knowledge) for value in values],
                values=[fact.kind.show(value) for value in values],
                status=status,
                probability=round(-p, 4),
            )
            for (p, status), values in sorted(outcomes.items())
        ],
    )
