"""Explanations: they say what the report says, and their figures add up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, DiagnoserError
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.explanation.builder import explain
from diagnoser.explanation.context import Basis
from diagnoser.explanation.model import CauseExplained, Explanation
from diagnoser.knowledge.conditions import facts_of
from diagnoser.planning.greedy import NEGLIGIBLE
from diagnoser.questions.selection import Advice
from diagnoser.report.builder import Assembler
from diagnoser.report.model import Report
from tests import oracles, packs
from tests.commands import ROOT
from tests.explaining import basis_for, explained
from tests.inference.test_inference import by_experta
from tests.oracles import Problem
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(causes=5, remedies=7, hand_overs=2))
PLANS = st.builds(
    lambda random, proven: packs.planning(
        random, lambda chance: chance.choice([0.3, 0.1, 0.05, 0.01]), after=True, proven=proven
    ),
    packs.randoms(),
    st.integers(0, 4),
)
"""Cases with long plans, in which remedies wait for others."""
RED: Data = {"f": {"a": "red"}}
"""Proves cause `a`."""
EXAMPLES = sorted((ROOT / "facts" / "examples").glob("*.json"))


def report_of(pack: Pack, basis: Basis) -> Report:
    """The report of the same case."""
    findings = by_experta(pack, basis.case.known)
    assembler = Assembler(pack.knowledge, AnswerSheet(pack.knowledge), basis.evaluator)
    advice = Advice(None, "", stop=False)
    return assembler.report(basis.case, findings, basis.belief, basis.plan, advice)


# -- the same as the report


@given(CASES)
def test_an_explanation_says_what_the_report_says(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    report, explanation = report_of(case[0], basis), explain(basis)

    assert explanation.case == report.case
    assert explanation.none_of_these == report.none_of_these
    assert [(c.id, c.status, c.probability) for c in explanation.causes] == [
        (c.id, c.status, c.probability) for c in report.causes
    ]
    for mine, reported in zip(explanation.causes, report.causes, strict=True):
        assert {one.rule for one in mine.how.evidence} == {one.rule for one in reported.evidence}
    assert explanation.plan.expected_minutes == report.plan.expected_minutes
    assert [(s.remedy, s.must, s.chance) for s in explanation.plan.steps] == [
        (s.remedy, s.must, s.chance) for s in report.plan.steps
    ]
    assert [(one.remedy, one.because) for one in explanation.plan.left_out] == [
        (one.remedy, one.because) for one in report.plan.left_out
    ]
    assert explanation.changes.first_cause.now == basis.first_cause
    assert explanation.changes.first_step.now == basis.plan.first


def test_on_the_examples_too(diagnoser: Diagnoser) -> None:
    for path in EXAMPLES:
        report = diagnoser.diagnose(json.loads(path.read_text()))
        explanation = explained(diagnoser, path)

        assert [(c.id, c.probability) for c in explanation.causes] == [
            (c.id, c.probability) for c in report.causes
        ]
        assert [step.remedy for step in explanation.plan.steps] == [
            step.remedy for step in report.plan.steps
        ]


# -- how


@given(CASES)
def test_the_ratios_that_count_lead_from_the_prior_to_the_probability(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    for cause in explain(basis).causes:
        counted = [basis.knowledge.rules[one.rule] for one in cause.how.evidence if one.counts]
        if cause.status == "open":
            odds = cause.how.prior / (1 - cause.how.prior) * prod(one.ratio for one in counted)
            left = prod(1 - one.chance for one in cause.how.tried)
            assert cause.how.by_evidence == pytest.approx(odds / (1 + odds), abs=1e-4)
            assert cause.how.after_tried == pytest.approx(odds / (1 + odds) * left, abs=1e-4)
        else:
            settled = 1 if cause.status == "proven" else 0
            assert cause.how.by_evidence == cause.how.after_tried == settled
            assert cause.how.probability == cause.probability == settled
            assert {abs(one.factor) for one in counted} == {1}


@given(CASES)
def test_of_rules_that_read_the_same_fact_only_the_strongest_counts(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    for cause in explain(basis).causes:
        if cause.status != "open":
            continue
        rules = [(basis.knowledge.rules[one.rule], one) for one in cause.how.evidence]
        counted = [rule for rule, one in rules if one.counts]
        for rule, one in rules:
            sharing = [other for other in counted if other is not rule and other.facts & rule.facts]
            assert not (one.counts and sharing)
            if not one.counts and abs(rule.factor) < 1:
                assert any(abs(other.factor) >= abs(rule.factor) for other in sharing)
                assert any(other.id in one.not_counted for other in sharing)


@given(CASES)
def test_evidence_shows_the_facts_that_made_it_fire(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    for cause in explain(basis).causes:
        for one in cause.how.evidence:
            rule = basis.knowledge.rules[one.rule]
            used = {fact.fact for fact in one.facts}
            assert used == {fact for fact in facts_of(rule.when) if fact in basis.case.known}
            assert rule.when.outcome({fact: basis.case.known[fact] for fact in used})


# -- why not


@given(CASES)
def test_every_rule_either_fired_or_says_why_not(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    for cause in explain(basis).causes:
        fired = {one.rule for one in cause.how.evidence}
        not_fired = {one.rule: one.verdict for one in cause.why_not}
        rules = basis.knowledge.causes[cause.id].rules

        assert fired | set(not_fired) == {rule.id for rule in rules}
        for rule in rules:
            outcome = rule.when.outcome(basis.case.known)
            assert (rule.id in fired) == (outcome is True)
            if outcome is not True:
                assert not_fired[rule.id] == ("failed" if outcome is False else "unknown")


# -- what is missing


@given(CASES)
def test_what_a_missing_answer_would_do_is_what_it_does(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    for cause in explain(basis).causes:
        for missing in cause.missing:
            fact = basis.knowledge.facts[missing.fact]
            assert missing.fact not in basis.case.known
            assert missing.settles == any(one.status != "open" for one in missing.answers)
            for one in missing.answers:
                for shown in one.values:
                    status, p = with_answer(basis, fact.id, fact.kind.parse(shown), cause)
                    assert (one.status, one.probability) == (status, pytest.approx(p, abs=1e-4))


def with_answer(basis: Basis, fact: str, value: Any, cause: CauseExplained) -> tuple[str, float]:
    case = AnswerSheet(basis.knowledge).case({**basis.case.given, fact: value})
    belief, _ = basis.conclude(case)
    return belief.status(cause.id), belief.given_failure[cause.id]


# -- why this remedy, and why before that one


@given(CASES)
def test_chances_and_drops_are_those_of_the_chance_to_fail(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    steps = explain(basis).plan.steps
    fails = 1.0
    for step in steps:
        assert step.fails_before == pytest.approx(fails, abs=1e-4)
        if not step.must and step.chance is not None:
            after = step.fails_before * (1 - step.chance)
            assert step.fails_after == pytest.approx(after, abs=3e-4)
        fails = step.fails_after


@given(CASES)
def test_what_steps_take_off_per_minute_is_right_and_no_other_would_take_more(
    case: tuple[Pack, Data],
) -> None:
    pack, sheet = case
    steps = explain(basis_for(pack, sheet)).plan.steps
    problem = oracles.problem(pack.data, oracles.known(pack.data, sheet))
    done = list[str]()
    end = steps[-1].remedy if steps and steps[-1].hand_over else None
    must = [step.remedy for step in steps if step.must]
    for step in steps:
        if step.with_steps[:1] == [step.remedy]:
            assert step.drop_per_minute is not None
            mine = worth(problem, must, done, step.with_steps)
            assert step.drop_per_minute == pytest.approx(mine, rel=1e-3, abs=1e-9)
            for other in problem.available - {*done, end}:
                chain = [*(problem.need(other) - set(done)), other]
                drop = problem.fails(done) - problem.fails([*done, *chain])
                if end is not None or drop >= NEGLIGIBLE:
                    assert worth(problem, must, done, chain) <= mine + 1e-9
        done.append(step.remedy)


def worth(problem: Problem, must: list[str], done: list[str], chain: list[str]) -> float:
    """The drop of the chance to fail per minute of some remedies, by the formula of the design: of
    one that only a night can test, the minutes that it adds if it may be tested with others."""
    drop = problem.fails(done) - problem.fails([*done, *chain])
    minutes = sum(problem.step(one) for one in chain)
    if len(chain) == 1 and chain[0] in problem.overnight:
        rest = done[len(must) :]
        without, within = (
            min(problem.minutes(must, way) for way in problem.ways_to_cut(steps))
            for steps in (rest, [*rest, *chain])
        )
        minutes = (within - without) / problem.fails(done)
    return drop / max(minutes, 0.01)


@given(st.one_of(CASES, PLANS))
def test_what_is_said_of_a_step_and_the_next_is_true(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    remedies, order = basis.knowledge.remedies, basis.planner.table.order
    for step, following in pairwise(explain(basis).plan.steps):
        said = step.before_the_next
        figures = [float(one) for one in re.findall(r"by ([\d.]+)(?: points|\.$)", said)]
        if said.startswith("Both are needed"):
            assert step.must
            assert following.must
            assert remedies[step.remedy].price <= remedies[following.remedy].price
        elif figures:
            assert figures[0] >= figures[1]
        elif said.endswith("must come after it."):
            assert step.remedy in order[following.remedy]
        elif said.startswith("Both must come before"):
            assert step.with_steps == [] or {step.remedy, following.remedy} < {*step.with_steps}
        elif said.startswith("What it mends is proven"):
            assert step.must
            assert not following.must
        else:
            assert said == "Trying it first is cheaper than handing over at once."
            assert not step.must


@given(CASES)
def test_only_the_last_step_is_not_compared_with_a_next(case: tuple[Pack, Data]) -> None:
    steps = explain(basis_for(*case)).plan.steps
    for one in steps:
        assert one.because
        assert (one.before_the_next == "") == (one is steps[-1])
        assert (one.drop_per_minute is None) == (one.with_steps == [])
        assert one.with_steps == [] or one.remedy in one.with_steps


@given(CASES)
def test_what_a_step_waits_for_comes_before_it(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    for place, step in enumerate(explain(basis).plan.steps, start=1):
        after = basis.knowledge.remedies[step.remedy].after
        assert [one.remedy for one in step.waits_for] == list(after)
        for one in step.waits_for:
            tried = basis.case.known.get(f"tried.{one.remedy}")
            assert one.step is not None or tried is not None or step.hand_over
            assert one.step is None or one.step < place


# -- what a person reads


def find(explanation: Explanation, cause: str) -> CauseExplained:
    return next(one for one in explanation.causes if one.id == cause)


def test_a_step_says_why_and_why_before_the_next(diagnoser: Diagnoser) -> None:
    plans = [explained(diagnoser, path).plan.steps for path in EXAMPLES]
    first, second, *_ = next(steps for steps in plans if [s.must for s in steps[:2]] == [True] * 2)

    assert re.search(
        r"is proven, and this (mends it|can mend it \(chance \d+ %\))\.$", first.because
    )
    assert first.before_the_next == f"Both are needed, and “{second.title}” takes no less time."


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        ("always", "“Cause c0” is proven, and this mends it."),
        ("often", "“Cause c0” is proven, and this can mend it (chance 60 %)."),
    ],
)
def test_a_remedy_is_said_to_mend_what_is_proven_only_where_it_nearly_always_does(
    chance: str, says: str
) -> None:
    remedies = {"one": packs.remedy("one", fixes={"a": chance}, hands_on=1)}
    (step,) = explain(basis_for(packs.with_remedies({"a": 0.1}, remedies), RED)).plan.steps

    assert step.because == says


def test_of_several_proven_causes_the_chance_is_that_all_are_mended() -> None:
    fixes = {"a": "often", "b": "usually"}
    remedies = {"both": packs.remedy("both", fixes=fixes, hands_on=1)}
    pack = packs.with_remedies({"a": 0.1, "b": 0.1}, remedies)
    (step,) = explain(basis_for(pack, {"f": {"a": "red", "b": "red"}})).plan.steps

    assert step.because.endswith("are proven, and this can mend them (chance 48 % for all).")


def test_a_remedy_that_did_not_help_is_part_of_how(diagnoser: Diagnoser) -> None:
    tried = {"tried": {"restart-iphone": "did-not-help"}}
    how = find(diagnoser.explain(tried), "temporary-fault").how

    assert [one.remedy for one in how.tried] == ["restart-iphone"]
    assert how.after_tried < how.by_evidence
    assert any("did not help, which leaves" in line for line in how.in_words)


def test_one_cause_can_be_asked_for(diagnoser: Diagnoser) -> None:
    explanation = diagnoser.explain({}, "wifi-is-off")

    assert [one.id for one in explanation.causes] == ["wifi-is-off"]
    assert explanation.causes[0] == find(diagnoser.explain({}), "wifi-is-off")


def test_a_cause_that_does_not_exist_is_told_with_the_near_miss(diagnoser: Diagnoser) -> None:
    with pytest.raises(DiagnoserError, match='did you mean "wifi-is-off"'):
        diagnoser.explain({}, "wifi-of")


def test_the_json_is_the_explanation_and_the_same_each_time(diagnoser: Diagnoser) -> None:
    facts: Mapping[str, Any] = {"wifi": {"connection": "off"}, "network": {"vpn": "on"}}
    explanation = diagnoser.explain(facts)

    assert Explanation.model_validate(json.loads(explanation.json_text())) == explanation
    assert diagnoser.explain(facts).json_text() == explanation.json_text()
