"""What would change a diagnosis: what is claimed does, nothing smaller does, and nothing is left
out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import prod
from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser import Diagnoser
from diagnoser.explanation import counterfactual
from diagnoser.explanation.context import Basis
from diagnoser.explanation.counterfactual import Flips, flips, grouped, what_would_change
from diagnoser.explanation.possible_answers import PossibleAnswer, possible_answers
from diagnoser.explanation.what_if import NO_EFFECT, WhatIf
from diagnoser.knowledge.values import Number, Value, Version
from tests import packs
from tests.explaining import basis_for, result
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(areas=3, facts=2, causes=4, remedies=4, hand_overs=2), share=50)


def known_with(
    basis: Basis, answers: Sequence[PossibleAnswer], values: Sequence[Value]
) -> dict[str, Any]:
    """All that is known when these questions are answered with these values."""
    given = dict(basis.case.given)
    for answer, value in zip(answers, values, strict=True):
        given[answer.fact] = value
    known: dict[str, Any] = dict(given)
    for id, value in given.items():
        for derived, cells in (basis.knowledge.facts[id].derives or {}).items():
            known[derived] = cells[value]
    return known


def possible(basis: Basis, answers: Sequence[PossibleAnswer], known: dict[str, Any]) -> bool:
    """Whether the questions arise, and the answers bring no contradiction that was not there."""
    knowledge, evaluator = basis.knowledge, basis.evaluator
    for answer in answers:
        only_if = knowledge.facts[answer.fact].only_if
        if only_if is not None and only_if.outcome(known) is False:
            return False
    if evaluator.evaluate(known).contradictions - basis.findings.contradictions:
        return False
    disputed = {id for id, found in evaluator.evaluate(known).hypotheses.items() if found.disputed}
    return disputed <= {id for id, found in basis.belief.hypotheses.items() if found.disputed}


def brute_force(basis: Basis, answers: dict[str, list[PossibleAnswer]], which: int) -> set[object]:
    """All smallest sets of one or two answers that change the first cause (0) or step (1)."""
    now = result(basis, basis.case.known)[which]

    def becomes(chosen: Sequence[PossibleAnswer]) -> str | None:
        known = known_with(basis, chosen, [answer.values[0] for answer in chosen])
        return result(basis, known)[which] if possible(basis, chosen, known) else now

    alone = {one: becomes([one]) for group in answers.values() for one in group}
    found: set[object] = {((one,), then) for one, then in alone.items() if then != now}
    for one, other in combinations(alone, 2):
        if one.fact != other.fact and alone[one] == now and alone[other] == now:
            then = becomes([one, other])
            if then != now:
                found.add(((one, other), then))
    return found


def as_set(found: Flips) -> set[object]:
    return {(flip.answers, flip.becomes) for flip in found.found}


@given(CASES)
def test_all_smallest_sets_of_answers_are_found_and_nothing_else(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    what_if = WhatIf(basis)
    cause, step = flips(what_if)

    assert (cause.now, step.now) == result(basis, basis.case.known)
    assert cause.complete
    assert step.complete
    assert as_set(cause) == brute_force(basis, what_if.answers, 0)
    assert as_set(step) == brute_force(basis, what_if.answers, 1)


@given(CASES)
def test_whichever_of_the_listed_answers_is_given_the_result_is_as_claimed(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    for which, found in enumerate(flips(WhatIf(basis))):
        for group in grouped(found.found):
            for answers in product(*group.answers):
                for values in product(*(answer.values for answer in answers)):
                    known = known_with(basis, answers, values)
                    assert result(basis, known)[which] == group.becomes != found.now


@given(CASES)
def test_groups_hold_every_set_once(case: tuple[Pack, Data]) -> None:
    for found in flips(WhatIf(basis_for(*case))):
        sets = [
            (answers, group.becomes)
            for group in grouped(found.found)
            for answers in product(*group.answers)
        ]

        assert len(sets) == len(set(sets)) == len(found.found)
        assert set(sets) == as_set(found)


@given(CASES)
def test_an_answer_that_is_not_looked_at_is_the_same_as_the_present_one_or_as_another(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    answers = possible_answers(basis.knowledge, basis.case.known)
    for fact, group in answers.items():
        values = [value for answer in group for value in answer.values]
        assert len(values) == len(set(values))
        assert basis.case.known.get(fact) not in values
        now = result(basis, basis.case.known)
        for value, _ in basis.knowledge.facts[fact].typical:
            if value not in values and fact in basis.case.known:
                same = PossibleAnswer(fact, (value,), 0.0, {}, changes=True)
                assert result(basis, known_with(basis, [same], [value])) == now


@given(CASES)
def test_on_both_sides_of_every_line_there_is_an_answer(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    answers = possible_answers(basis.knowledge, {})
    for fact, line in lines(basis):
        kind: Any = basis.knowledge.facts[fact].kind
        values: list[Any] = [value for answer in answers[fact] for value in answer.values]
        low, high = (
            (kind.low, kind.high) if isinstance(kind, Number) else ((kind.low,), (kind.high,))
        )

        assert line in values or not low <= line <= high
        assert any(value < line for value in values) or line <= low
        assert any(value > line for value in values) or line >= high


def lines(basis: Basis) -> Iterator[tuple[str, Any]]:
    """The constants that numbers and versions are compared with by rules."""
    from diagnoser.knowledge.conditions import Compare, tests

    for rule in basis.knowledge.rules.values():
        for test in tests(rule.when):
            fact = basis.knowledge.facts[test.fact]
            if isinstance(test, Compare) and test.other is None and fact.askable:
                assert isinstance(fact.kind, (Number, Version))
                yield test.fact, test.constant


@given(CASES)
def test_what_comes_first_with_one_answer_is_what_a_new_diagnosis_says(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    what_if = WhatIf(basis)
    for fact, answers in what_if.answers.items():
        for answer, effect in zip(answers, what_if.effects[fact], strict=True):
            known = known_with(basis, [answer], answer.values[:1])

            assert what_if.first(effect) == result(basis, known)


@pytest.mark.parametrize("seed", range(3))
def test_the_built_in_pack_keeps_its_claims(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    basis = basis_for(built_in, packs.random_sheet(Random(seed), built_in, share=30))
    what_if = WhatIf(basis)
    for which, found in enumerate(flips(what_if)):
        for flip in Random(seed).sample(found.found, min(len(found.found), 40)):
            known = known_with(basis, flip.answers, [one.values[0] for one in flip.answers])
            assert result(basis, known)[which] == flip.becomes != found.now


def test_too_many_pairs_are_not_all_looked_at_and_it_is_said(
    built_in: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counterfactual, "PAIRS", 10)
    basis = basis_for(built_in, {})
    changes = what_would_change(basis, WhatIf(basis)).first_step

    assert not changes.complete
    assert changes.in_words.endswith("Not all pairs were tried.")


@given(CASES)
def test_the_lists_hold_all_that_was_found_and_the_counts_are_theirs(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    what_if = WhatIf(basis)
    changes = what_would_change(basis, what_if)

    for shown, found in zip((changes.first_cause, changes.first_step), flips(what_if), strict=True):
        sizes = [len(change.answers) for change in shown.listed]
        assert (shown.found_single, shown.found_pairs) == (sizes.count(1), sizes.count(2))
        products = [prod(len(one.labels) for one in change.answers) for change in shown.listed]
        values = [prod(len(one.values) for one in flip.answers) for flip in found.found]
        assert sum(products) == sum(values)


def test_without_anything_that_matters_nothing_would_change() -> None:
    pack = packs.random_pack(Random(0))
    knowledge = pack.knowledge._replace(causes={}, rules={}, remedies={}, contradictions={})
    basis = basis_for(replace(pack, knowledge=knowledge), {})
    changes = what_would_change(basis, WhatIf(basis))

    assert changes.first_cause.listed == []
    assert changes.first_cause.in_words == (
        "No one or two other answers would change the first cause."
    )
    assert WhatIf(basis).first(NO_EFFECT) == (None, None)
