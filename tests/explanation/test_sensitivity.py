"""Which strengths and priors matter: exactly those with which a whole new plan begins otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser import Diagnoser
from diagnoser.belief.belief import believe
from diagnoser.belief.weighing import Hypothesis, hypotheses
from diagnoser.case.case import tried_in
from diagnoser.explanation.context import Basis
from diagnoser.explanation.sensitivity import Move, moves_that_matter, neighbours, sensitivity
from diagnoser.knowledge.model import Knowledge
from tests import packs
from tests.explaining import basis_for
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(causes=5, remedies=6, hand_overs=2), share=70)


def by_brute_force(basis: Basis) -> Iterator[Move]:
    """With everything believed and planned anew for every move."""
    knowledge, reading = basis.knowledge, basis.findings
    for id, cause in knowledge.causes.items():
        fired = {rule: knowledge.rules[rule] for rule in reading.fired.get(id, ())}
        for rule in fired.values():
            for factor in neighbours(knowledge.strengths, rule.factor):
                moved = hypotheses((fired | {rule.id: rule.weighing(factor)}).values())
                first = first_step(basis, knowledge, {**reading.hypotheses, **moved})
                if first != basis.plan.first:
                    yield Move(id, rule.id, rule.factor, factor, first)
        for prior in neighbours(knowledge.commonness, cause.prior):
            causes = {**knowledge.causes, id: cause._replace(prior=prior)}
            first = first_step(basis, knowledge._replace(causes=causes), reading.hypotheses)
            if first != basis.plan.first:
                yield Move(id, None, cause.prior, prior, first)


def first_step(basis: Basis, knowledge: Knowledge, found: Mapping[str, Hypothesis]) -> str | None:
    known = basis.case.known
    belief = believe(knowledge, found, tried_in(known))
    return basis.planner.plan(belief, tried_in(known), basis.findings.barred).first


def parts(basis: Basis) -> tuple[Any, ...]:
    return basis.knowledge, basis.planner, basis.findings, basis.belief, basis.case.tried


def found_in(basis: Basis) -> list[Move]:
    return list(moves_that_matter(*parts(basis)))


@given(CASES)
def test_the_moves_that_matter_are_those_of_brute_force(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)

    assert found_in(basis) == list(by_brute_force(basis))


@pytest.mark.parametrize("seed", range(4))
def test_so_they_are_on_the_built_in_pack(built_in: Pack, seed: int) -> None:
    basis = basis_for(built_in, packs.random_sheet(Random(seed), built_in, share=15))

    assert found_in(basis) == list(by_brute_force(basis))


@given(CASES)
def test_the_first_step_now_is_that_of_the_plan(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    start = basis.planner.start(basis.case.tried, basis.findings.barred)

    assert basis.planner.first_step(start, basis.belief) == basis.plan.first


@given(CASES)
def test_one_line_says_whether_it_is_firm_and_names_what_matters(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    said = sensitivity(*parts(basis))
    moves = found_in(basis)

    assert said.firm == (moves == [])
    assert "\n" not in said.in_words
    ranking = basis.belief.ranking()
    moves.sort(key=lambda move: ranking.index(move.cause))
    assert [move.id for move in said.moves] == [move.rule or move.cause for move in moves]
    assert said.firm or said.moves[0].id in said.in_words
    words = {**basis.knowledge.strengths, **basis.knowledge.commonness}
    for one, move in zip(said.moves, moves, strict=True):
        assert (words[one.word], words[one.instead]) == (move.before, move.after)


def test_neighbours_are_the_words_above_and_below(diagnoser: Diagnoser) -> None:
    strengths = diagnoser.knowledge.strengths

    assert neighbours(strengths, 1) == [0.96]
    assert neighbours(strengths, 0.33) == [-0.33, 0.67]
    assert neighbours(strengths, -1) == [-0.96]
