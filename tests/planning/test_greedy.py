"""The greedy part of a plan is what its description says, worked out anew at each step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

import pytest
from hypothesis import given

from diagnoser.belief.belief import Belief
from diagnoser.planning.greedy import LOOK_PAST, NEGLIGIBLE, Draft
from diagnoser.planning.remedy_table import A_MOMENT, RemedyTable
from tests import packs
from tests.packs import Data, Pack
from tests.planning.test_plan import Planned, anything, like_the_pack, planned_for

CASES = packs.cases(packs.Sizes(causes=6, remedies=8, hand_overs=2), share=30)
MANY = [{"after": after, "nights": nights} for after in (False, True) for nights in (0.0, 0.6)]


class Anew:
    """A plan for a problem, of which everything is worked out anew at each step."""

    def __init__(self, planned: Planned) -> None:
        self.problem, self.must = planned.problem, planned.must
        self.end = self.problem.hand_over
        self.after = {id: sorted(one["after"]) for id, one in planned.data["remedies"].items()}

    def chain(self, id: str, done: Collection[str]) -> list[str]:
        """What must come before a remedy and is not done, and itself."""
        found: list[str] = []

        def visit(one: str) -> None:
            for other in self.after[one]:
                visit(other)
            if one not in found:
                found.append(one)

        visit(id)
        return [one for one in found if one not in {*done, *self.problem.done}]

    def plan(self) -> list[str]:
        """The steps after those for proven causes, as far as handing over is not cheaper."""
        taken: list[str] = []
        best, cheapest, past = [*taken], self.total(taken), 0
        while past < LOOK_PAST and (chain := self.next(taken)):
            taken = [*taken, *chain]
            past += 1
            if self.end is None or self.total(taken) < cheapest - 1e-9:
                best, cheapest, past = [*taken], self.total(taken), 0
        return [*best, *self.before_end(best)]

    def before_end(self, taken: Sequence[str]) -> list[str]:
        done = {*self.must, *taken}
        return self.chain(self.end, done) if self.end else []

    def next(self, taken: Sequence[str]) -> list[str]:
        """The remedy with the largest drop of U per minute, after what must come before it."""
        done = {*self.must, *taken}
        left = sorted(self.problem.available - done - {self.end})
        chains = {id: self.chain(id, done) for id in left}
        left = [id for id in left if self.end not in chains[id]]
        worth = {id: self.worth(taken, chains[id]) for id in left}
        while (most := max(worth.values(), default=0.0)) > 1e-15:
            best = min(id for id in worth if worth[id] >= most * (1 - 1e-9))
            if self.end is not None or self.drop(done, chains[best]) >= NEGLIGIBLE:
                return chains[best]
            del worth[best]
        return []

    def drop(self, done: set[str], chain: Sequence[str]) -> float:
        return self.problem.fails(done) - self.problem.fails({*done, *chain})

    def worth(self, taken: Sequence[str], chain: Sequence[str]) -> float:
        """The drop of U for each minute, in one go with earlier steps where that is cheaper."""
        problem, done = self.problem, {*self.must, *taken}
        minutes = sum(problem.step(one) for one in chain)
        if len(chain) == 1 and self.seen_overnight(chain[0]):
            more = self.minutes([*taken, *chain]) - self.minutes(taken)
            minutes = more / problem.fails(done)
        return self.drop(done, chain) / max(minutes, A_MOMENT)

    def seen_overnight(self, id: str) -> bool:
        return id in self.problem.overnight and bool(self.problem.fixes[id])

    def minutes(self, steps: Sequence[str]) -> float:
        ways = self.problem.ways_to_cut(steps)
        return min(self.problem.minutes(self.must, way) for way in ways)

    def total(self, taken: Sequence[str]) -> float:
        """The minutes of the plan if it ended here."""
        problem, total = self.problem, self.minutes(taken)
        done = [*self.must, *taken]
        for id in self.before_end(taken):
            price = problem.prices[id] if id == self.end else problem.step(id)
            total += price * problem.fails(done)
            done.append(id)
        return total


def assert_as_described(planned: Planned) -> None:
    if not planned.solved:
        rest = planned.steps[len(planned.must) :]
        assert rest == Anew(planned).plan()


@given(CASES)
def test_a_plan_is_the_one_that_its_description_gives(case: tuple[Pack, Data]) -> None:
    assert_as_described(Planned(*case))


def test_so_it_is_with_many_likely_causes() -> None:
    for seed in range(40):
        prior = anything if seed % 3 else like_the_pack
        how = MANY[seed % 4] | {"proven": seed % 2}
        assert_as_described(Planned(*packs.planning(Random(seed), prior, **how)))


def test_nothing_is_done_after_handing_over_though_one_night_would_test_both() -> None:
    remedies = {
        "first": packs.remedy("first", fixes={"a": "rarely"}, hands_on=5, overnight=True),
        "support": packs.remedy(
            "support", fixes={"b": "usually"}, hands_on=30, waiting=100, after=["first"],
            overnight=True, hand_over=True,
        ),
        "after": packs.remedy("after", hands_on=2, after=["support"]),
    }  # fmt: skip
    planned = planned_for({"a": 0.004, "b": 0.12}, remedies)

    assert planned.steps == ["first", "support"]


def test_where_nobody_takes_over_what_hardly_helps_is_not_done_even_in_one_go_with_more() -> None:
    remedies = {
        "a": packs.remedy("a", fixes={"a": "usually"}, hands_on=1, overnight=True),
        "b": packs.remedy("b", fixes={"b": "usually"}, hands_on=1, overnight=True),
        "c": packs.remedy("c", fixes={"c": "sometimes"}, hands_on=100),
    }
    hardly = planned_for({"a": 0.5, "b": 0.005, "c": 0.2}, remedies)
    likely = planned_for({"a": 0.5, "b": 0.05, "c": 0.2}, remedies)

    assert hardly.steps == ["a", "c"]
    assert likely.rest == [["a", "b"], ["c"]]


# -- what is said of a plan in the making


def drafted(**more: Data) -> Draft:
    """Of two remedies for two causes, of which the second waits for the first."""
    remedies = {
        "one": packs.remedy("one", fixes={"a": "often"}, hands_on=5),
        "two": packs.remedy("two", fixes={"a": "sometimes", "b": "usually"}, after=["one"]),
    }
    known = packs.with_remedies({"a": 0.5, "b": 0.2}, remedies | more, verification=2.0).knowledge
    belief = Belief({}, {"a": 0.5, "b": 0.2}, {}, known.none_of_these)
    return Draft(RemedyTable(known), belief, known.remedies, ())


def test_what_is_left_of_a_cause_is_what_no_remedy_has_mended() -> None:
    draft = drafted()
    assert draft.left("a") == pytest.approx(0.5)

    draft.do(["one", "two"])
    assert draft.left("a") == pytest.approx(0.5 * 0.4 * 0.7)
    assert draft.left("b") == pytest.approx(0.2 * 0.2)


def test_the_drop_for_each_minute_counts_what_must_come_before() -> None:
    draft = drafted()
    before, after = draft.fails(draft.working), drafted()
    after.do(["one"])
    assert before == pytest.approx(1)
    drop = before - after.fails(after.working)
    assert draft.drop("one") == pytest.approx(drop)
    assert draft.drop_per_minute("one") == pytest.approx(drop / 7)

    after.do(["two"])
    both = before - after.fails(after.working)
    assert draft.drop("two") == pytest.approx(both)
    assert draft.drop_per_minute("two") == pytest.approx(both / (7 + 2))


def test_what_a_remedy_is_worth_is_what_it_is_worth_after_those_that_were_done() -> None:
    draft = drafted(three=packs.remedy("three", fixes={"a": "often"}, hands_on=5))
    alone = draft.drop_per_minute("three")
    draft.do(["one"])

    assert draft.drop_per_minute("three") == pytest.approx(draft.drop("three") / 7)
    assert draft.drop_per_minute("three") < 0.9 * alone


def test_a_copy_of_a_plan_is_left_as_it_is() -> None:
    draft = drafted()
    same = draft.copy()
    draft.do(["one", "two"])

    assert (same.steps, same.minutes, same.left("a")) == ([], 0.0, pytest.approx(0.5))
    assert same.missing("two") == ["one", "two"]
    same.do(["one", "two"])
    assert [*same.in_groups()] == [*draft.in_groups()]
    assert same.minutes == draft.minutes
