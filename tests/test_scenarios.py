"""Whole phones, written from the domain: what comes out, whether all knowledge is exercised, and
how firmly it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from diagnoser import Diagnoser
from diagnoser.belief.belief import believe
from diagnoser.case.case import tried_in
from diagnoser.explanation.sensitivity import moves_that_matter
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Variant
from diagnoser.planning.planner import Planner
from tests.phones import Scenario, failures, scenarios

ALL = scenarios()


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.file}: {scenario.case}")
def test_a_scenario_comes_out_as_the_domain_says(diagnoser: Diagnoser, scenario: Scenario) -> None:
    report = diagnoser.diagnose(scenario.sheet(diagnoser))
    assert list(failures(report, scenario.expect)) == []


def test_there_are_enough_scenarios_of_each_kind(diagnoser: Diagnoser) -> None:
    assert len({scenario.case for scenario in ALL}) == len(ALL) >= 70
    for tip in range(1, 10):
        assert sum(scenario.tip == tip for scenario in ALL) >= 2, f"tip {tip}"
    assert sum(scenario.kind == "several" for scenario in ALL) >= 6
    for kind in ("plain", "misleading"):
        named = {cause for one in ALL if one.kind == kind for cause in _expected_causes(one)}
        assert named >= set(diagnoser.knowledge.causes), kind


def _expected_causes(scenario: Scenario) -> Iterator[str]:
    for key in ("first_cause", "top_three", "proven"):
        wanted = scenario.expect.get(key, [])
        yield from [wanted] if isinstance(wanted, str) else wanted


def test_every_rule_cause_remedy_and_step_variant_is_exercised_by_some_scenario(
    diagnoser: Diagnoser,
) -> None:
    knowledge = diagnoser.knowledge
    rules, causes, steps = set(), set(), set()
    variants: set[Variant] = set()
    for scenario in ALL:
        sheet = scenario.sheet(diagnoser)
        report = diagnoser.diagnose(sheet)
        known = diagnoser.sheet.read(sheet).known
        for cause in report.causes:
            rules.update(evidence.rule for evidence in cause.evidence)
        causes.update(cause.id for cause in report.causes[:3])
        for step in report.plan.steps:
            steps.add(step.remedy)
            variants.add(_chosen(knowledge.remedies[step.remedy].steps, known))
    assert sorted(set(knowledge.rules) - rules) == []
    assert sorted(set(knowledge.causes) - causes) == []
    assert sorted(set(knowledge.remedies) - steps) == []
    missing = [
        f"{remedy.id}: {variant.do[0]}"
        for remedy in knowledge.remedies.values()
        for variant in remedy.steps
        if variant not in variants
    ]
    assert missing == []


def _chosen(variants: tuple[Variant, ...], known: dict[str, object]) -> Variant:
    return next(one for one in variants if one.condition is None or one.condition.outcome(known))


def test_no_plain_scenario_changes_its_first_step_when_one_strength_or_prior_moves_by_one_word(
    diagnoser: Diagnoser,
) -> None:
    changed: dict[str, list[str]] = {"plain": [], "misleading": [], "several": []}
    for scenario in ALL:
        for moved in moves(diagnoser, scenario):
            changed[scenario.kind].append(f"{scenario.file}: {scenario.case}: {moved}")
    for kind in ("misleading", "several"):
        print(f"{kind}: {len(changed[kind])} moves change a first step", *changed[kind], sep="\n  ")  # noqa: T201
    assert changed["plain"] == []


def moves(diagnoser: Diagnoser, scenario: Scenario) -> Iterator[str]:
    """The strengths and priors of which one word up or down changes the first step of the plan."""
    knowledge = diagnoser.knowledge
    planner, known = Planner(knowledge), diagnoser.sheet.read(scenario.sheet(diagnoser)).known
    reading = Evaluator(knowledge).evaluate(known)
    belief = believe(knowledge, reading.hypotheses, tried_in(known))
    first = planner.plan(belief, tried_in(known), reading.barred).first
    for one in moves_that_matter(knowledge, planner, reading, belief, tried_in(known)):
        what = one.rule or f"prior of {one.cause}"
        yield f"{what} from {one.before} to {one.after}: {one.first_step} instead of {first}"
