"""Probabilities: what the program computes is what counting worlds gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import OPEN, PROVEN, RULED_OUT, Hypothesis, hypotheses, weigh
from diagnoser.case.case import tried_in
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Rule
from tests import oracles, packs
from tests.packs import Data, Pack

MANY_CAUSES = packs.cases(packs.Sizes(areas=2, facts=3, causes=10, rules=2, remedies=6), share=75)
FACTORS = st.floats(-0.99, 0.99)
CHANCES = st.floats(0.001, 0.999)
WORDS = [-0.9, -0.67, -0.33, 0, 0.33, 0.67, 0.9]


def belief_of(pack: Pack, known: Mapping[str, Any]) -> Belief:
    return believe(
        pack.knowledge, Evaluator(pack.knowledge).evaluate(known).hypotheses, tried_in(known)
    )


def known_of(pack: Pack, sheet: Data) -> dict[str, Any]:
    return dict(pack.case(sheet).known)


def rule(name: str, factor: float, *facts: str) -> Rule:
    read = frozenset(facts or {f"a.{name}"})
    when = next(iter(packs.random_pack(Random(0)).knowledge.rules.values())).when
    rule = Rule(f"c/{name}", "c", name, when, read, "", 0, "", "", "", "2026-01-01")
    return rule.weighing(factor)


# -- against counted worlds


@given(MANY_CAUSES)
def test_probabilities_are_those_of_counted_worlds(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    belief = belief_of(pack, known_of(pack, sheet))
    present = oracles.present(pack.data, oracles.known(pack.data, sheet))
    causes, none = oracles.given_failure(present, pack.data["pack"]["none_of_these"])

    assert belief.present == pytest.approx(present)
    assert belief.given_failure == pytest.approx(causes)
    assert belief.none_of_these == pytest.approx(none)


@pytest.mark.slow
def test_the_worlds_above_have_proofs_exclusions_and_attempts_in_them() -> None:
    seen = set()
    for seed in range(100):
        pack = packs.random_pack(Random(seed), packs.Sizes(causes=10))
        known = known_of(pack, packs.random_sheet(Random(seed), pack, 75))
        statuses = {found.status for found in belief_of(pack, known).hypotheses.values()}
        tried = {"tried"} if "did-not-help" in known.values() else set()
        seen.add(frozenset(statuses | tried))

    assert frozenset({OPEN, PROVEN, RULED_OUT, "tried"}) in seen


@given(st.lists(st.sampled_from([0.0, 0.001, 0.3, 0.999, 1.0]), max_size=10), CHANCES)
def test_conditioning_on_the_failure_is_bayes_over_worlds(priors: list[float], leak: float) -> None:
    present = {f"c{number}": p for number, p in enumerate(priors)}
    causes, none = oracles.given_failure(present, leak)
    found = Belief({}, present, {}, leak)

    assert found.given_failure == pytest.approx(causes)
    assert found.none_of_these == pytest.approx(none)


# -- certainty factors


@given(st.lists(FACTORS, min_size=1, max_size=6), packs.randoms())
@example([0.9, -0.9], Random(0))
def test_the_combination_of_emycin_multiplies_likelihood_ratios(
    factors: list[float], random: Random
) -> None:
    found = weigh(rule(f"r{number}", factor) for number, factor in enumerate(factors))
    total = 0.0
    for factor in random.sample(factors, len(factors)):
        total = oracles.emycin(total, factor)

    assert found.status == OPEN
    assert found.ratio == pytest.approx(oracles.ratio(total), rel=1e-6)


@given(FACTORS)
def test_a_word_and_its_opposite_cancel(factor: float) -> None:
    found = weigh([rule("for", factor), rule("against", -factor)])

    assert found.ratio == pytest.approx(1)


@given(CHANCES, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_stronger_word_makes_a_cause_more_probable(
    prior: float, one: float, other: float
) -> None:
    pack = packs.random_pack(Random(0))
    cause = next(iter(pack.knowledge.causes.values()))._replace(id="c", prior=prior)
    knowledge = pack.knowledge._replace(causes={"c": cause}, remedies={})
    p, q = (
        believe(knowledge, hypotheses([rule("r", factor)]), {}).present["c"]
        for factor in (one, other)
    )

    assert (p < q) == (one < other)


def test_of_rules_that_read_the_same_fact_only_the_strongest_counts() -> None:
    found = weigh(
        [
            rule("weak", 0.33, "a.x"),
            rule("strong", -0.9, "a.x", "a.y"),
            rule("other", 0.67, "a.z"),
            rule("overlaps", 0.67, "a.y", "a.q"),
        ]
    )

    assert found.counted == ("c/strong", "c/other")
    assert found.ratio == pytest.approx(0.1 / 0.33)


@pytest.mark.parametrize(
    ("factors", "status", "disputed"),
    [
        ([1, 1], PROVEN, False),
        ([-1, -1], RULED_OUT, False),
        ([1, 0.9], PROVEN, False),
        ([1, -0.9], PROVEN, False),
        ([-1, 0.9], RULED_OUT, False),
        ([1, -1], OPEN, True),
        ([1, -1, 0.9], OPEN, True),
    ],
)
def test_a_proof_and_an_exclusion_at_once_are_a_dispute(
    factors: list[float], status: str, disputed: bool
) -> None:
    found = weigh(rule(f"r{number}", factor) for number, factor in enumerate(factors))

    assert (found.status, found.disputed) == (status, disputed)


def test_in_a_dispute_neither_side_counts() -> None:
    found = weigh([rule("proof", 1), rule("exclusion", -1), rule("hint", 0.67)])

    assert found.counted == ("c/hint",)
    assert found.ratio == pytest.approx(1 / 0.33)


# -- what follows


@given(MANY_CAUSES)
def test_probabilities_lie_between_none_and_certain(case: tuple[Pack, Data]) -> None:
    belief = belief_of(case[0], known_of(*case))

    for cause, p in belief.given_failure.items():
        assert 0 <= p <= 1 + 1e-12
        assert (p == 0) == (belief.status(cause) == RULED_OUT)
        assert p >= belief.present[cause]
        if belief.status(cause) == PROVEN:
            assert p == 1
    assert 0 <= belief.none_of_these <= 1
    assert belief.none_of_these + sum(belief.given_failure.values()) >= 1 - 1e-9


@given(MANY_CAUSES, packs.randoms())
def test_ruling_a_cause_out_raises_the_rest(case: tuple[Pack, Data], random: Random) -> None:
    pack, sheet = case
    known = known_of(pack, sheet)
    found = Evaluator(pack.knowledge).evaluate(known).hypotheses
    before = believe(pack.knowledge, found, tried_in(known))
    out = random.choice(list(pack.knowledge.causes))
    after = believe(pack.knowledge, {**found, out: Hypothesis(RULED_OUT, 1.0, ())}, tried_in(known))

    others = set(before.given_failure) - {out}
    assert all(after.given_failure[one] >= before.given_failure[one] - 1e-12 for one in others)
    assert after.none_of_these >= before.none_of_these - 1e-12


@given(MANY_CAUSES, packs.randoms())
def test_a_proven_cause_explains_the_failure_and_leaves_the_rest_as_they_are(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    known = known_of(pack, sheet)
    found = Evaluator(pack.knowledge).evaluate(known).hypotheses
    proven = random.choice(list(pack.knowledge.causes))
    belief = believe(
        pack.knowledge, {**found, proven: Hypothesis(PROVEN, 1.0, ())}, tried_in(known)
    )

    assert belief.given_failure == belief.present
    assert belief.none_of_these == 0


@given(MANY_CAUSES)
def test_what_was_tried_in_vain_makes_its_causes_less_probable(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    before = belief_of(pack, known_of(pack, {**sheet, "tried": {}}))
    for id, remedy in pack.knowledge.remedies.items():
        found = before.hypotheses
        known = {f"tried.{id}": "did-not-help"}
        after = believe(pack.knowledge, found, tried_in(known))
        for cause, p in before.present.items():
            chance = remedy.fixes.get(cause, 0.0) if before.status(cause) == OPEN else 0.0
            assert after.present[cause] == pytest.approx(p * (1 - chance))


def test_every_remedy_that_was_tried_in_vain_counts() -> None:
    pack, _ = packs.planning(Random(0), lambda random: 0.5, remedies=(9, 9))
    data = dict(pack.data)
    data["remedies"] = {
        name: packs.remedy(name, fixes={"c0": chance})
        for name, chance in [("a", "often"), ("b", "usually"), ("c", "sometimes"), ("d", "rarely")]
    }
    tried = {"a": "did-not-help", "b": "did-not-help", "c": "did-not-help", "d": "could-not-do"}
    belief = belief_of(packs.linked(data), {f"tried.{id}": what for id, what in tried.items()})

    assert belief.present["c0"] == pytest.approx(0.5 * 0.4 * 0.2 * 0.7)


@given(MANY_CAUSES, st.sampled_from(["could-not-do", "helped"]))
def test_only_what_was_tried_in_vain_tells_about_causes(
    case: tuple[Pack, Data], outcome: str
) -> None:
    pack, sheet = case
    known = known_of(pack, {**sheet, "tried": {}})
    found = Evaluator(pack.knowledge).evaluate(known).hypotheses
    tried = {f"tried.{id}": outcome for id in pack.knowledge.remedies}

    assert believe(pack.knowledge, found, tried_in(known | tried)) == believe(
        pack.knowledge, found, tried_in(known)
    )


# -- ranking


@given(MANY_CAUSES, packs.randoms())
def test_the_ranking_is_total_and_stable(case: tuple[Pack, Data], random: Random) -> None:
    pack, sheet = case
    belief = belief_of(pack, known_of(pack, sheet))
    ranking = belief.ranking()
    shuffled = random.sample(list(belief.present.items()), len(belief.present))

    assert sorted(ranking) == sorted(pack.knowledge.causes)
    assert replace(belief, present=dict(shuffled)).ranking() == ranking
    for one, next_ in pairwise(ranking):
        p, q = belief.given_failure[one], belief.given_failure[next_]
        s, t = belief.support[one], belief.support[next_]
        assert p > q or (p == q and (s > t or (s == t and one < next_)))


def test_causes_that_are_equally_probable_are_ranked_by_support_then_by_name() -> None:
    same = dict.fromkeys(["d", "a", "c", "b"], 1.0)
    belief = Belief({}, same, {"a": 1.0, "b": 2.0, "c": 1.0, "d": 2.0}, 0.0)

    assert belief.ranking() == ["b", "d", "a", "c"]


def test_noise_in_the_last_digits_decides_no_tie() -> None:
    present = {"b": 0.1 + 0.2, "a": 0.3, "c": 0.2}
    belief = Belief({}, present, dict.fromkeys(present, 0.5), 0.01)

    assert present["b"] > present["a"]
    assert belief.ranking() == ["a", "b", "c"]
    assert belief.first == "a"
