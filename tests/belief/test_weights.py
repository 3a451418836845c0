"""What a belief is made of: what is weighed again, what ranks causes of one probability, and what
is named as having counted."""

from __future__ import annotations

from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.belief.belief import Belief, believe, probability, revise, unmended
from diagnoser.belief.weighing import (
    NOTHING_SAID,
    OPEN,
    PROVEN,
    RULED_OUT,
    Hypothesis,
    as_counted,
    temper,
    weigh,
)
from diagnoser.case.case import tried_in
from diagnoser.inference.evaluator import Evaluator
from tests import packs
from tests.belief.test_belief import rule
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(areas=2, facts=3, causes=6, rules=3, remedies=4), share=75)


def found_in(pack: Pack, known: dict[str, Any]) -> dict[str, Hypothesis]:
    return dict(Evaluator(pack.knowledge).evaluate(known).hypotheses)


@given(CASES, st.data())
def test_what_is_revised_for_causes_that_changed_is_what_is_believed(
    drawn: tuple[Pack, Data], data: st.DataObject
) -> None:
    pack, sheet = drawn
    known, tried = dict(pack.case(sheet).known), tried_in(pack.case(sheet).known)
    fewer = {id: value for id, value in known.items() if data.draw(st.booleans())}
    before, after = found_in(pack, known), found_in(pack, fewer)
    changed = {id for id in {**before, **after} if before.get(id) != after.get(id)}

    belief = believe(pack.knowledge, before, tried)
    left = unmended(pack.knowledge, tried)
    revised = revise(pack.knowledge, belief, after, changed, left)
    assert revised == believe(pack.knowledge, after, tried)


@given(CASES)
def test_causes_of_one_probability_are_ranked_by_their_odds_without_the_proofs(
    drawn: tuple[Pack, Data],
) -> None:
    pack, sheet = drawn
    found = found_in(pack, dict(pack.case(sheet).known))
    belief = believe(pack.knowledge, found, {})

    for id, cause in pack.knowledge.causes.items():
        odds = cause.prior / (1 - cause.prior)
        assert belief.support[id] == pytest.approx(odds * found.get(id, NOTHING_SAID).ratio)
        assert probability(cause, found.get(id, NOTHING_SAID)) == belief.present[id]


def test_what_counted_begins_with_what_settled_it_and_leaves_out_what_reads_the_same() -> None:
    strong, weak = rule("strong", 0.9, "a.x"), rule("weak", 0.33, "a.x")
    proof, exclusion = rule("proof", 1, "a.y"), rule("exclusion", -1, "a.z")

    assert weigh([weak, strong]) == (OPEN, strong.ratio, ("c/strong",), False)
    assert weigh([weak, proof, strong]) == (PROVEN, strong.ratio, ("c/proof", "c/strong"), False)
    assert weigh([exclusion, weak]) == (RULED_OUT, weak.ratio, ("c/exclusion", "c/weak"), False)
    assert weigh([exclusion, weak, proof]) == (OPEN, weak.ratio, ("c/weak",), True)


# -- what came to be known, and what was tried


def two_causes() -> Pack:
    remedies = {"r": packs.remedy("r", fixes={"a": "usually"})}
    return packs.with_remedies({"a": 0.5, "b": 0.2}, remedies)


def test_what_is_weighed_again_is_weighed_with_what_was_tried() -> None:
    knowledge, tried = two_causes().knowledge, {"r": "did-not-help"}
    left = unmended(knowledge, tried)
    before = believe(knowledge, {}, tried)
    seen = {"a": Hypothesis(OPEN, 4.0, ()), "b": Hypothesis(OPEN, 3.0, ())}

    assert left == {"a": pytest.approx(0.2)}
    after = revise(knowledge, before, seen, ["a"], left)
    assert after.present == {"a": pytest.approx(0.8 * 0.2), "b": before.present["b"]}
    assert after.support["a"] == pytest.approx(4)
    assert after.leak == knowledge.none_of_these


# -- the first cause


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([0.0, 0.1 + 0.2, 0.3, 1.0])))
def test_the_first_cause_is_the_first_of_the_ranking_with_its_probability(
    present: dict[str, float],
) -> None:
    support = {id: float(id > "c") for id in present}
    belief = Belief({}, present, support, 0.1)

    assert belief.first == next(iter(belief.ranking()), None)
    chance = belief.given_failure[belief.first] if belief.first else 0.0
    assert belief.chance_of_first == chance


def test_where_there_is_no_cause_none_is_first() -> None:
    belief = Belief({}, {}, {}, 0.1)

    assert (belief.first, belief.chance_of_first, belief.doubt) == (None, 0.0, 0.0)


def test_between_two_causes_that_are_as_probable_as_none_there_are_log2_of_3_bits_of_doubt() -> (
    None
):
    # Where neither is present, in nine of sixteen cases, the system fails in four.
    belief = Belief({}, {"a": 0.25, "b": 0.25}, {"a": 1.0, "b": 1.0}, 4 / 9)

    assert belief.none_of_these == pytest.approx(belief.given_failure["a"])
    assert belief.doubt == pytest.approx(log2(3))
    assert Belief({}, {"a": 1.0}, {"a": 1.0}, 0.1).doubt == 0


# -- answers that nobody is sure of


def test_a_rule_on_what_is_only_thought_is_weaker_and_settles_nothing() -> None:
    knowledge = two_causes().knowledge._replace(thinks_so=0.8)
    strongest = max(one for one in knowledge.strengths.values() if one < 1)

    def tempered(factor: float) -> float:
        return temper(rule("r", factor), knowledge).factor

    assert tempered(0.67) == pytest.approx(0.8 * 0.67)
    assert tempered(-0.9) == pytest.approx(-0.8 * 0.9)
    assert tempered(1) == pytest.approx(0.8 * strongest)
    assert tempered(-1) == pytest.approx(-0.8 * strongest)
    assert not temper(rule("r", 1), knowledge).conclusive


def test_where_a_pack_has_no_word_below_a_proof_a_proof_that_is_only_thought_says_nothing() -> None:
    knowledge = two_causes().knowledge._replace(strengths={"proves": 1, "against": -0.9})

    assert temper(rule("r", 1), knowledge).factor == 0
    assert temper(rule("r", -1), knowledge).factor == pytest.approx(-0.9 * knowledge.thinks_so)


def test_only_the_rules_that_are_said_to_be_are_tempered() -> None:
    knowledge = two_causes().knowledge
    a, b = knowledge.rules

    assert as_counted([b, a], (), knowledge) == [knowledge.rules[b], knowledge.rules[a]]
    assert as_counted([b, a], {a}, knowledge) == [
        knowledge.rules[b],
        temper(knowledge.rules[a], knowledge),
    ]
