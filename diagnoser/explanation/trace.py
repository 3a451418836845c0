"""The trace of a case: every rule, bar and contradiction with its verdict, and what decided it."""

from __future__ import annotations

from typing import Any, Literal

from diagnoser.case.case import Case
from diagnoser.explanation.context import Basis
from diagnoser.knowledge.conditions import All, AnyOf, Compare, Condition, KnownFacts, Outcome, Test
from diagnoser.knowledge.conditions import tests as tests_of
from diagnoser.knowledge.model import Knowledge, Rule
from diagnoser.knowledge.wording import in_words, label, needed, question
from diagnoser.report.model import KnowledgeUsed, Reported, Schema, Sheet

Verdict = Literal["fired", "failed", "unknown"]


class Tested(Reported):
    """One test: the question, the answers it accepts, and the one given (null where not known).

    Where it compares with another fact, `other` is that fact and `other_given` its answer.
    """

    fact: str
    ask: str
    needed: str
    given: str | None
    other: str | None
    other_given: str | None
    holds: bool | None


class Decided(Reported):
    """The part of a condition that decided: the first that fails, else the first that is not known.

    Of alternatives that all fail every one decides; where all holds, it is what made it hold.
    """

    words: str
    tests: list[Tested]


class RuleTrace(Reported):
    """A rule of a cause: what it says in words and as a certainty factor, whether it fired, its
    condition, and what decided it."""

    rule: str
    cause: str
    says: str
    factor: float
    because: str
    verdict: Verdict
    when: str
    decided_by: Decided


class BarTrace(Reported):
    """A reason not to advise a remedy, with its number among those of the remedy, from 0."""

    remedy: str
    title: str
    number: int
    because: str
    verdict: Verdict
    when: str
    decided_by: Decided


class ContradictionTrace(Reported):
    """A set of conditions that cannot hold together; `fired` means that they do."""

    id: str
    because: str
    verdict: Verdict
    when: str
    decided_by: Decided


class Trace(Reported):
    """Everything that was evaluated for a case, in the order of ids."""

    schema_: Schema = 1
    knowledge: KnowledgeUsed
    case: Sheet
    rules: list[RuleTrace]
    bars: list[BarTrace]
    contradictions: list[ContradictionTrace]


def trace(basis: Basis) -> Trace:
    """The trace of a case. What fired is what the report's evidence holds."""
    knowledge, case = basis.knowledge, basis.case
    fired = {id for ids in basis.findings.fired.values() for id in ids}
    return Trace(
        knowledge=basis.used(),
        case={area: dict(facts) for area, facts in basis.sheet.items()},
        rules=[
            trace_rule(rule, rule.id in fired, case, knowledge) for rule in knowledge.rules.values()
        ],
        bars=[
            BarTrace(
                remedy=remedy.id,
                title=remedy.title,
                number=number,
                because=bar.because,
                **_judged(bar.when, (remedy.id, number) in basis.findings.barred, case, knowledge),
            )
            for remedy in knowledge.remedies.values()
            for number, bar in enumerate(remedy.not_if)
        ],
        contradictions=[
            ContradictionTrace(
                id=one.id,
                because=one.because,
                **_judged(one.when, one.id in basis.findings.contradictions, case, knowledge),
            )
            for one in knowledge.contradictions.values()
        ],
    )


def trace_rule(rule: Rule, fired: bool, case: Case, knowledge: Knowledge) -> RuleTrace:
    """The verdict on one rule; whether it fired is told by who ran the rules."""
    return RuleTrace(
        rule=rule.id,
        cause=rule.cause,
        says=rule.says,
        factor=rule.factor,
        because=rule.because,
        **_judged(rule.when, fired, case, knowledge),
    )


def _judged(when: Condition, fired: bool, case: Case, knowledge: Knowledge) -> dict[str, Any]:
    failed = when.outcome(case.known) is False
    return {
        "verdict": "fired" if fired else "failed" if failed else "unknown",
        "when": in_words(when, knowledge),
        "decided_by": decided(when, case, knowledge),
    }


def decided(when: Condition, case: Case, knowledge: Knowledge) -> Decided:
    """What decided the condition, for people."""
    part = deciding(when, case.known)
    return Decided(
        words=in_words(part, knowledge),
        tests=[_tested(test, case, knowledge) for test in tests_of(part)],
    )


def deciding(when: Condition, known: KnownFacts) -> Condition:
    """The part of a condition from which alone its outcome follows, or that it still waits for.

    A part that fails or is unknown is the first such; alternatives fail together.
    """
    outcome = when.outcome(known)
    if isinstance(when, All):
        if outcome:
            return All(tuple(deciding(part, known) for part in when.parts))
        return deciding(_first(when, outcome, known), known)
    if isinstance(when, AnyOf) and outcome is not False:
        return deciding(_first(when, outcome, known), known)
    return when


def _first(when: All | AnyOf, outcome: Outcome, known: KnownFacts) -> Condition:
    return next(part for part in when.parts if part.outcome(known) is outcome)


def _tested(test: Test, case: Case, knowledge: Knowledge) -> Tested:
    def given(fact: str | None) -> str | None:
        if fact is None or fact not in case.known:
            return None
        return label(fact, case.known[fact], knowledge, fact in case.tentative)

    other = test.other if isinstance(test, Compare) else None
    return Tested(
        fact=test.fact,
        ask=question(test.fact, knowledge),
        needed=needed(test, knowledge),
        given=given(test.fact),
        other=other,
        other_given=given(other),
        holds=test.outcome(case.known),
    )
