"""What needs no steps: a cause that follows from a proven one, and what is no fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser
from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import PROVEN, Hypothesis
from diagnoser.case.case import tried_in
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.greedy import NEGLIGIBLE
from diagnoser.planning.planner import NOTHING_IS_WRONG, Plan, Planner
from diagnoser.planning.proven_causes import LIKELY
from diagnoser.planning.remedy_table import RemedyTable
from tests import packs
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(causes=6, remedies=8, hand_overs=2), share=75)


class Case:
    """A random case in which some causes are proven, with its belief, and what a planner starts
    from."""

    def __init__(self, drawn: tuple[Pack, Data], data: st.DataObject) -> None:
        pack, sheet = drawn
        self.knowledge, known = pack.knowledge, pack.case(sheet).known
        self.causes = sorted(self.knowledge.causes)
        found = Evaluator(pack.knowledge).evaluate(known)
        tried = tried_in(known)
        self.proven = data.draw(st.sets(st.sampled_from(self.causes), min_size=1))
        proofs = dict.fromkeys(self.proven, Hypothesis(PROVEN, 1.0, ()))
        others = {id: one for id, one in found.hypotheses.items() if one.status != PROVEN}
        self.belief = believe(pack.knowledge, others | proofs, tried)
        self.start = Planner(pack.knowledge).start(tried, found.barred)

    def can_be_mended(self, cause: str) -> bool:
        remedies = self.knowledge.remedies
        return any(remedies[id].fixes.get(cause, 0.0) >= LIKELY for id in self.start.available)

    def chance_after(self, taken: Collection[str], id: str) -> float:
        """The chance that a remedy, with what must come before it, helps after those."""
        before = self.working(taken)
        order = RemedyTable(self.knowledge).order[id]
        return (self.working({*taken, *order} - self.start.done) - before) / (1 - before)

    def working(self, done: Collection[str]) -> float:
        """The chance that the system works after these remedies."""
        working = 1 - self.knowledge.none_of_these
        for cause, p in self.belief.present.items():
            fixes = (self.knowledge.remedies[id].fixes.get(cause, 0.0) for id in done)
            working *= 1 - p * prod(1 - chance for chance in fixes)
        return working

    def plan(self, belief: Belief | None = None, **changed: Mapping[str, Any]) -> Plan:
        """The plan where causes have these values in place of those of the pack."""
        causes = dict(self.knowledge.causes)
        for key, values in changed.items():
            for id, value in values.items():
                causes[id] = causes[id]._replace(**{key: value})
        planner = Planner(self.knowledge._replace(causes=causes))
        return planner.plan_from(self.start, belief or self.belief)


def explained(belief: Belief, causes: Collection[str], knowledge: Knowledge) -> Belief:
    """The belief of somebody who has seen nothing that speaks for these causes."""
    return replace(
        belief,
        hypotheses={id: one for id, one in belief.hypotheses.items() if id not in causes},
        present={
            id: min(p, knowledge.causes[id].prior) if id in causes else p
            for id, p in belief.present.items()
        },
    )


@given(CASES, st.data())
def test_what_follows_from_a_proven_cause_that_can_be_mended_is_planned_for_as_if_nothing_showed_it(
    drawn: tuple[Pack, Data], data: st.DataObject
) -> None:
    case = Case(drawn, data)
    cause = data.draw(st.sampled_from(sorted(case.proven)))
    others = [id for id in case.causes if id != cause]
    follows = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    as_if = case.belief
    if case.can_be_mended(cause):
        as_if = explained(case.belief, follows, case.knowledge)

    assert case.plan(follows_from=dict.fromkeys(follows, (cause,))) == case.plan(as_if)


@given(CASES, st.data())
def test_what_follows_from_a_cause_that_is_not_proven_is_planned_for_as_ever(
    drawn: tuple[Pack, Data], data: st.DataObject
) -> None:
    case = Case(drawn, data)
    not_proven = tuple(id for id in case.causes if id not in case.proven)

    assert case.plan(follows_from=dict.fromkeys(case.proven, not_proven)) == case.plan()


@given(CASES, st.data())
def test_where_it_is_proven_that_nothing_is_wrong_only_the_steps_for_that_are_advised(
    drawn: tuple[Pack, Data], data: st.DataObject
) -> None:
    case = Case(drawn, data)
    harmless = case.proven | data.draw(st.sets(st.sampled_from(case.causes)))
    if data.draw(st.booleans()):
        harmless = harmless - {min(case.proven)}
    plan, usual = case.plan(harmless=dict.fromkeys(harmless, True)), case.plan()
    must = [step for step in usual.steps if step.must]

    if not must or not harmless.issuperset(case.proven):
        assert plan == usual
        return
    assert [*plan.steps] == must
    taken = {step.remedy for step in must}
    named = {id for id, reason in plan.left_out if reason == NOTHING_IS_WRONG}
    for id in case.start.available - case.start.done - taken:
        chance = case.chance_after(taken, id)
        if case.knowledge.remedies[id].hand_over or chance < NEGLIGIBLE - 1e-9:
            assert id not in named
        elif chance > NEGLIGIBLE + 1e-9:
            assert id in named


FULL = {"backup": {"message": "icloud-storage"}}
STORAGE = {"icloud_free_gb": 0, "plan": "50gb"}


def test_who_has_no_room_is_asked_for_backups_of_devices_that_are_gone(
    diagnoser: Diagnoser,
) -> None:
    visits = diagnoser.visits(FULL | {"storage": STORAGE}).visits

    assert "storage.other_device_backups" in [one.fact for one in visits.choices[0].fields]


@pytest.mark.parametrize(
    ("tried", "first"),
    [(None, "delete-other-device-backups"), ("did-not-help", "free-icloud-space")],
)
def test_backups_that_nobody_wants_are_deleted_before_what_somebody_wants(
    diagnoser: Diagnoser, tried: str | None, first: str
) -> None:
    facts = FULL | {"storage": STORAGE | {"other_device_backups": "yes"}}
    if tried:
        facts = facts | {"tried": {"delete-other-device-backups": tried}}
    report = diagnoser.diagnose(facts)

    assert {"icloud-storage-is-full", "old-backups-take-the-room"} <= {
        cause.id for cause in report.causes if cause.status == PROVEN
    }
    assert next(step.remedy for step in report.plan.steps if step.must) == first
