"""Contradictions: every smallest set of answers that cannot hold together, and only those."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hypothesis import given

from diagnoser import Diagnoser
from diagnoser.explanation.context import Basis
from diagnoser.explanation.contradiction import explain_conflicts
from diagnoser.inference.contradictions import conflicts
from tests import packs
from tests.explaining import basis_for, result
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(areas=3, facts=3, remedies=1, contradictions=4), share=80)


def known_of(basis: Basis, given: frozenset[str]) -> dict[str, object]:
    """What only these answers make known."""
    facts, known = basis.knowledge.facts, basis.case.known
    return {id: value for id, value in known.items() if (facts[id].derived_from or id) in given}


def conflicting(basis: Basis, given: frozenset[str]) -> bool:
    found = basis.evaluator.evaluate(known_of(basis, given))  # type: ignore[arg-type]
    # What holds only as long as another one of several answers is left out does not count.
    fired = {*found.rules()} & {*basis.findings.rules()}
    factors = {(rule.cause, rule.factor) for rule in map(basis.knowledge.rules.get, fired) if rule}
    disputed = any((cause, 1) in factors and (cause, -1) in factors for cause, _ in factors)
    return bool(found.contradictions & basis.findings.contradictions) or disputed


def by_brute_force(basis: Basis) -> set[frozenset[str]]:
    """The sets of answers that conflict although none of their parts does."""
    found: set[frozenset[str]] = set()
    for chosen in subsets(basis):
        if not any(smaller <= chosen for smaller in found) and conflicting(basis, chosen):
            found.add(chosen)
    return found


def subsets(basis: Basis) -> Iterator[frozenset[str]]:
    """All sets of given answers, small ones first."""
    for size in range(len(basis.case.given) + 1):
        for chosen in combinations(basis.case.given, size):
            yield frozenset(chosen)


@given(CASES)
def test_conflicts_are_all_the_smallest_ones(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    found = conflicts(basis.knowledge, basis.case, basis.findings)

    assert [len(one.facts) for one in found] == sorted(len(one.facts) for one in found)
    assert len(found) == len(by_brute_force(basis))
    assert {frozenset(one.facts) for one in found} == by_brute_force(basis)


@given(CASES)
def test_each_conflict_is_shown_with_a_reason_and_a_fact_of_it_to_ask_again(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    shown = explain_conflicts(basis)

    assert {frozenset(fact.fact for fact in one.facts) for one in shown} == by_brute_force(basis)
    for one in shown:
        ids = [fact.fact for fact in one.facts]
        assert one.because
        assert one.ask_again in ids
        asked = basis.knowledge.facts[one.ask_again]
        others = [basis.knowledge.facts[id] for id in ids]
        assert asked.effort == min(fact.effort for fact in others if fact.askable == asked.askable)
        assert asked.askable or not any(fact.askable for fact in others)
        assert [without.fact for without in one.without] == ids


@given(CASES)
def test_a_reading_without_an_answer_is_the_diagnosis_of_the_rest(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    for one in explain_conflicts(basis):
        for without in one.without:
            rest = frozenset(basis.case.given) - {without.fact}
            assert (without.first_cause, without.first_step) == result(
                basis,
                known_of(basis, rest),  # type: ignore[arg-type]
            )


def test_a_conflict_of_the_built_in_pack_reads_well(diagnoser: Diagnoser) -> None:
    facts = {"backup": {"switch": "off", "back_up_now": "works"}}
    (conflict,) = diagnoser.explain(facts).contradictions

    assert conflict.because == ["While iCloud Backup is off there is no Back Up Now to tap."]
    assert conflict.ask_again == "backup.switch"
    assert {one.fact for one in conflict.facts} == {"backup.switch", "backup.back_up_now"}
    readings = {one.fact: one.first_cause for one in conflict.without}
    assert readings["backup.back_up_now"] == "icloud-backup-is-off"
    assert readings["backup.switch"] != "icloud-backup-is-off"


def test_facts_without_conflict_have_none(diagnoser: Diagnoser) -> None:
    assert diagnoser.explain({"backup": {"switch": "off"}}).contradictions == []
