"""The trace: every rule with its verdict, and the first condition that decided it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given

from diagnoser import Diagnoser
from diagnoser.explanation.trace import Trace, deciding, trace
from diagnoser.knowledge.conditions import All, AnyOf, Condition, Outcome, Test, facts_of
from diagnoser.knowledge.conditions import tests as all_tests
from diagnoser.knowledge.wording import figure, in_words
from tests import oracles, packs
from tests.explaining import basis_for
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(contradictions=4))
VERDICTS: dict[Outcome, str] = {True: "fired", False: "failed", None: "unknown"}


@given(CASES)
def test_every_rule_bar_and_contradiction_is_there_with_what_the_data_says(
    case: tuple[Pack, Data],
) -> None:
    pack, sheet = case
    traced, facts = trace(basis_for(pack, sheet)), oracles.known(pack.data, sheet)

    def verdict(when: Data) -> str:
        return VERDICTS[oracles.outcome(pack.data, when, facts)]

    assert {one.rule: one.verdict for one in traced.rules} == {
        f"{id}/{name}": verdict(rule["when"])
        for id, cause in pack.data["causes"].items()
        for name, rule in cause["rules"].items()
    }
    assert {(one.remedy, one.number): one.verdict for one in traced.bars} == {
        (id, number): verdict(bar["when"])
        for id, remedy in pack.data["remedies"].items()
        for number, bar in enumerate(remedy["not_if"])
    }
    assert {one.id: one.verdict for one in traced.contradictions} == {
        id: verdict(one["when"]) for id, one in pack.data["contradictions"].items()
    }


@given(CASES)
def test_what_decided_is_the_first_that_fails_or_is_not_known(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    known = basis.case.known
    for rule in basis.knowledge.rules.values():
        part, outcome = deciding(rule.when, known), rule.when.outcome(known)

        assert part.outcome(known) is outcome
        assert_first(rule.when, part, outcome, known)


def assert_first(
    when: Condition, part: Condition, outcome: Outcome, known: Mapping[str, Any]
) -> None:
    """No test before the part, of those it is read with, has the outcome by itself."""
    if outcome is False and isinstance(part, AnyOf):
        assert all(one.outcome(known) is False for one in part.parts)
    elif outcome is None:
        assert not isinstance(part, (All, AnyOf))
        first = next(test for test in undecided(when, known))
        assert part == first
    elif outcome is True:
        assert all(test.outcome(known) for test in all_tests(part))
    if isinstance(when, All) and outcome is False:
        before = when.parts[: [one.outcome(known) for one in when.parts].index(False)]
        failing = when.parts[len(before)]
        assert set(all_tests(part)) <= set(all_tests(failing))


def undecided(when: Condition, known: Mapping[str, Any]) -> Iterator[Test]:
    """The tests that are not known, in parts that are not decided either, in their order."""
    if when.outcome(known) is not None:
        return
    if isinstance(when, (All, AnyOf)):
        for one in when.parts:
            yield from undecided(one, known)
    else:
        yield when


@given(CASES)
def test_what_decided_alone_gives_the_outcome_whatever_else_is_answered(
    case: tuple[Pack, Data],
) -> None:
    basis = basis_for(*case)
    known = basis.case.known
    for rule in basis.knowledge.rules.values():
        part, outcome = deciding(rule.when, known), rule.when.outcome(known)
        if outcome is not None:
            only = {fact: known[fact] for fact in facts_of(part) if fact in known}
            assert rule.when.outcome(only) is outcome


@given(CASES)
def test_a_test_shows_the_answers_that_were_given(case: tuple[Pack, Data]) -> None:
    basis = basis_for(*case)
    known, facts = basis.case.known, basis.knowledge.facts
    for one in trace(basis).rules:
        for test in one.decided_by.tests:
            if test.fact in known:
                assert test.given == facts[test.fact].kind.label(known[test.fact]).strip()
            else:
                assert test.given is None
            assert (test.holds is None) == (
                test.given is None or (test.other is not None and test.other_given is None)
            )


# -- what a person reads


def of(traced: Trace, rule: str) -> Any:
    return next(one for one in traced.rules if one.rule == rule)


def test_conditions_read_as_questions_and_answers(diagnoser: Diagnoser) -> None:
    rules = diagnoser.knowledge.rules

    def words(rule: str) -> str:
        return in_words(rules[rule].when, diagnoser.knowledge)

    free = "“How much iCloud storage is free?”"
    assert (
        words("next-backup-does-not-fit/plenty-of-icloud-storage-is-free")
        == f"{free} is at least 50 GB"
    )
    assert words("one-app-is-too-large/larger-than-the-room") == (
        f"“How much does the largest app put into the backup?” is above the answer to {free}"
    )


def test_a_rule_that_failed_shows_what_was_needed_and_what_was_given(diagnoser: Diagnoser) -> None:
    traced = diagnoser.trace({"storage": {"icloud_free_gb": 3}})
    (test,) = of(
        traced, "next-backup-does-not-fit/plenty-of-icloud-storage-is-free"
    ).decided_by.tests

    assert (test.needed, test.given, test.holds) == ("at least 50 GB", "3 GB", False)
    assert of(traced, "icloud-storage-is-full/room").verdict == "fired"
    assert of(traced, "one-app-is-too-large/larger-than-the-room").verdict == "unknown"
    assert of(traced, "one-app-is-too-large/larger-than-the-room").decided_by.tests[0].given is None


def test_the_json_is_the_trace(diagnoser: Diagnoser) -> None:
    traced = diagnoser.trace({"wifi": {"connection": "off"}})

    assert Trace.model_validate(json.loads(traced.json_text())) == traced


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (0.0329, "0.033"), (1, "1"), (1.449, "1.4"), (12.3, "12"), (240, "240")],
)
def test_a_figure_has_two_digits_that_count(number: float, text: str) -> None:
    assert figure(number) == text
