"""What a belief is made of: what is weighed again, what ranks causes of one probability, and what
is named as having counted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.belief.belief import believe, probability, revise, unmended
from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, RULED_OUT, Hypothesis, weigh
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
