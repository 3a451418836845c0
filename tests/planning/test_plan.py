"""Plans: sound in every case, priced right, and close to the best there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from statistics import mean
from typing import Any

import pytest
from hypothesis import given

from diagnoser.belief.belief import Belief, believe
from diagnoser.case.case import tried_in
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.planning.greedy import Step
from diagnoser.planning.planner import Plan, Planner
from diagnoser.planning.proven_causes import LIKELY
from diagnoser.planning.remedy_table import RemedyTable
from tests import oracles, packs
from tests.oracles import Problem
from tests.packs import Data, Pack

NEXT_TO_NOTHING = 0.01
"""A remedy that would help fewer than one in a hundred is not worth a line."""
CASES = packs.cases(packs.Sizes(causes=6, remedies=8, hand_overs=2), share=75)


class Planned:
    """The plan for a case, beside the problem that it answers."""

    def __init__(self, pack: Pack, sheet: Data) -> None:
        self.data = pack.data
        self.known: Mapping[str, Any] = pack.case(sheet).known
        self.found: Findings = Evaluator(pack.knowledge).evaluate(self.known)
        self.belief: Belief = believe(pack.knowledge, self.found.hypotheses, tried_in(self.known))
        tried = tried_in(self.known)
        self.plan: Plan = Planner(pack.knowledge).plan(self.belief, tried, self.found.barred)
        self.steps: list[str] = [step.remedy for step in self.plan.steps]
        self.must = [step.remedy for step in self.plan.steps if step.must]
        self.rest = in_groups(self.plan.steps[len(self.must) :])
        self.facts = oracles.known(pack.data, sheet)
        self.problem: Problem = oracles.problem(pack.data, self.facts)
        self.tried = {
            id: self.known[f"tried.{id}"]
            for id in pack.data["remedies"]
            if f"tried.{id}" in self.known
        }
        ends = [id for id in self.problem.available - set(self.must) if self.hands_over(id)]
        end = min(ends, key=lambda id: (self.problem.prices[id], id), default=None)
        self.problem = replace(self.problem, hand_over=end)
        self.proven = {
            cause for cause in pack.data["causes"] if self.belief.status(cause) == "proven"
        }
        self._explain(pack)

    def _explain(self, pack: Pack) -> None:
        """What follows from a proven cause that can be mended is as probable as ever."""
        likely = {
            cause
            for cause in self.proven
            for id in self.problem.available
            if self.problem.fixes[id].get(cause, 0.0) >= LIKELY
        }
        priors = {
            id: cause.prior
            for id, cause in pack.knowledge.causes.items()
            if likely.intersection(cause.follows_from)
        }
        self.proven -= priors.keys()
        present = {id: min(p, priors.get(id, p)) for id, p in self.problem.present.items()}
        self.problem = replace(self.problem, present=present)

    def hands_over(self, remedy: str) -> bool:
        return bool(self.data["remedies"][remedy]["hand_over"])

    @property
    def solved(self) -> bool:
        return "helped" in self.tried.values()


def in_groups(steps: Sequence[Step]) -> list[list[str]]:
    """The steps, those together that are done in one go."""
    groups: list[list[str]] = []
    for place, step in enumerate(steps):
        if place and step.together is not None and step.together == steps[place - 1].together:
            groups[-1].append(step.remedy)
        else:
            groups.append([step.remedy])
    return groups


# -- sound in every case


@given(CASES)
def test_expected_minutes_are_those_of_the_steps(case: tuple[Pack, Data]) -> None:
    assert_priced_right(Planned(*case))


@given(CASES)
def test_the_chance_of_a_step_is_what_it_changes(case: tuple[Pack, Data]) -> None:
    planned = Planned(*case)
    problem, done = planned.problem, list[str]()
    steps = {step.remedy: step for step in planned.plan.steps}
    for group in [*([one] for one in planned.must), *planned.rest]:
        for one in group:
            expected = expected_chance(planned, steps[one], done, group)
            assert chance_of(steps[one]) == pytest.approx(expected, abs=1e-9)
        done += group
    assert problem.fails(done) <= 1 + 1e-9


def chance_of(step: Step) -> float:
    return -1.0 if step.chance is None else step.chance


def expected_chance(planned: Planned, step: Step, done: list[str], group: list[str]) -> float:
    """As the report explains it, for all of its group; -1 where a step mends nothing or hands
    over."""
    problem = planned.problem
    fixes = problem.fixes[step.remedy]
    if step.must:
        chances = [chance for cause, chance in fixes.items() if cause in planned.proven]
        product = 1.0
        for chance in chances:
            product *= chance
        return product if chances else -1.0
    if step.remedy == problem.hand_over or not fixes:
        return -1.0
    before = problem.fails(done)
    return (before - problem.fails([*done, *group])) / before


@given(CASES)
def test_no_step_comes_before_what_must_come_first(case: tuple[Pack, Data]) -> None:
    assert_in_order(Planned(*case))


@given(CASES)
def test_nothing_irreplaceable_is_lost_before_the_safe_copy(case: tuple[Pack, Data]) -> None:
    assert_safe(Planned(*case))


@given(CASES)
def test_nothing_barred_or_tried_or_done_twice_is_in_a_plan(case: tuple[Pack, Data]) -> None:
    assert_allowed(Planned(*case))


@pytest.mark.slow
@pytest.mark.parametrize("share", [5, 35, 80])
def test_so_it_is_in_the_built_in_pack(built_in: Pack, share: int) -> None:
    for seed in range(25):
        planned = Planned(built_in, packs.random_sheet(Random(seed), built_in, share))
        assert_priced_right(planned)
        assert_in_order(planned)
        assert_safe(planned)
        assert_allowed(planned)


MAKES_ROOM = ("free-icloud-space", "buy-storage", "leave-apps-out-of-backup", "renew-plan")


@pytest.mark.slow
def test_whatever_was_tried_nothing_irreplaceable_is_lost_before_the_safe_copy(
    built_in: Pack,
) -> None:
    safe, met = built_in.data["pack"]["safe_copy"], set[str | None]()
    for seed in range(300):
        random = Random(seed)
        sheet = packs.random_sheet(random, built_in, random.choice([5, 20, 50]))
        sheet.setdefault("backup", {})["to_computer"] = random.choice(["works", "fails"])
        sheet["backup"]["last_backup"] = "within-180-days"
        sheet["storage"] = {"icloud_free_gb": 0.0, "other_device_backups": "no"}
        tried = {
            id: random.choice(["did-not-help", "could-not-do"])
            for id in random.sample(sorted(built_in.data["remedies"]), random.randint(1, 12))
        }
        tried |= dict.fromkeys(MAKES_ROOM, "could-not-do")
        tried.pop(safe, None)
        if copied := random.choice([None, "did-not-help", "could-not-do"]):
            tried[safe] = copied
        planned = Planned(built_in, sheet | {"tried": tried})
        assert_safe(planned)
        if any(oracles.irreplaceable(built_in.data, remedy) for remedy in planned.steps):
            met.add(copied)

    assert met == {None, "did-not-help"}


def assert_priced_right(planned: Planned) -> None:
    if not planned.solved:
        minutes = planned.problem.minutes(planned.must, planned.rest)
        assert planned.plan.expected_minutes == pytest.approx(minutes)


def assert_in_order(planned: Planned) -> None:
    for place, remedy in enumerate(planned.steps):
        assert planned.problem.need(remedy) <= set(planned.steps[:place])


def assert_safe(planned: Planned) -> None:
    safe = planned.data["pack"]["safe_copy"]
    for place, remedy in enumerate(planned.steps):
        if oracles.irreplaceable(planned.data, remedy):
            assert safe in planned.steps[:place] or planned.tried.get(safe) == "did-not-help"


def assert_allowed(planned: Planned) -> None:
    barred = {remedy for remedy, _ in oracles.barred(planned.data, planned.facts)}
    assert not barred & set(planned.steps)
    assert not set(planned.tried) & set(planned.steps)
    assert set(planned.steps) <= planned.problem.available
    assert len(set(planned.steps)) == len(planned.steps)


@given(CASES)
def test_whatever_is_impossible_is_left_out_with_the_reason(case: tuple[Pack, Data]) -> None:
    planned = Planned(*case)
    left_out = dict(planned.plan.left_out)
    if planned.solved:
        assert set(left_out) == {id for id, came in planned.tried.items() if came == "helped"}
        return
    impossible = set(planned.data["remedies"]) - planned.problem.available
    first_bar: dict[str, int] = {}
    for remedy, number in sorted(planned.found.barred, reverse=True):
        first_bar[remedy] = number

    assert impossible <= set(left_out)
    assert not set(left_out) & set(planned.steps)
    for remedy, reason in left_out.items():
        only_prepares = not planned.data["remedies"][remedy]["fixes"]
        if remedy in first_bar and only_prepares and planned.tried.get(remedy) == "did-not-help":
            # What cannot be made, such as a safe copy, was not made.
            bars = planned.data["remedies"][remedy]["not_if"]
            assert reason == bars[first_bar[remedy]]["because"]
        elif remedy in planned.tried:
            assert reason.startswith("You ")
        elif remedy in first_bar:
            bars = planned.data["remedies"][remedy]["not_if"]
            assert reason == bars[first_bar[remedy]]["because"]
        elif remedy in impossible:
            assert reason.startswith("Only after")
        else:
            assert reason.startswith("Too unlikely to help")


@given(CASES)
def test_all_proven_causes_that_can_be_mended_are_taken_care_of_first(
    case: tuple[Pack, Data],
) -> None:
    planned = Planned(*case)
    problem = planned.problem
    if planned.solved:
        assert not planned.steps
        return
    for cause in planned.proven:
        if any(cause in problem.fixes[id] for id in problem.available):
            assert any(cause in problem.fixes[id] for id in planned.must)
    for remedy in planned.must:
        mends = any(planned.proven & set(problem.fixes[one]) for one in [remedy])
        prepares = any(remedy in problem.need(other) for other in planned.must)
        assert mends or prepares
    assert not any(step.must for step in planned.plan.steps[len(planned.must) :])


@given(CASES)
def test_a_plan_ends_with_handing_over_where_that_is_possible(case: tuple[Pack, Data]) -> None:
    planned = Planned(*case)
    if not planned.solved and planned.problem.hand_over is not None:
        assert planned.steps[-1] == planned.problem.hand_over
        assert not planned.plan.steps[-1].must


@given(CASES)
def test_a_plan_ends_when_no_other_step_is_cheaper_than_handing_over(
    case: tuple[Pack, Data],
) -> None:
    planned = Planned(*case)
    problem, end = planned.problem, planned.problem.hand_over
    if planned.solved or end is None or any(p == 1 for p in left_of(planned).values()):
        return
    stopped = planned.steps[len(planned.must) : -1]
    minutes = problem.minutes(planned.must, planned.rest)
    for remedy in sorted(problem.available - set(planned.steps)):
        if planned.hands_over(remedy) or any(map(planned.hands_over, problem.need(remedy))):
            continue
        order = in_order(problem, remedy, set(planned.must) | set(stopped))
        for longer in problem.ways_to_cut([*stopped, *order, end]):
            assert problem.minutes(planned.must, longer) >= minutes - 1e-9


def left_of(planned: Planned) -> dict[str, float]:
    """What is left of each cause after the must steps."""
    left = dict(planned.problem.present)
    for remedy in planned.must:
        for cause, chance in planned.problem.fixes[remedy].items():
            left[cause] *= 1 - chance
    return left


def in_order(problem: Problem, remedy: str, done: set[str]) -> list[str]:
    """What is still needed before a remedy, and itself, so that each comes after its own needs."""
    needed = (problem.need(remedy) | {remedy}) - done
    order: list[str] = []
    while needed:
        ready = min(id for id in needed if not problem.need(id) & needed)
        order.append(ready)
        needed.discard(ready)
    return order


@given(packs.cases(packs.Sizes(causes=6, remedies=8, hand_overs=0)))
def test_without_anybody_to_hand_over_to_everything_that_may_help_is_planned(
    case: tuple[Pack, Data],
) -> None:
    planned = Planned(*case)
    if planned.solved:
        return
    problem, steps = planned.problem, set(planned.steps)
    for remedy in problem.available - steps:
        with_it = steps | problem.need(remedy) | {remedy}
        assert problem.fails(steps) - problem.fails(with_it) < NEXT_TO_NOTHING + 1e-9


# -- what a person should see


def planned_for(
    causes: dict[str, float], remedies: dict[str, Data], sheet: Data | None = None, **pack: Any
) -> Planned:
    """The plan where causes have these probabilities, and remedies are as given."""
    return Planned(packs.with_remedies(causes, remedies, **pack), sheet or {})


SUPPORT = packs.remedy("support", hands_on=60, waiting=2880, hand_over=True)


# In the order in which they are added up, the numbers of the second remedy come to a little more or
# to a little less than those of the first.


def test_remedies_for_proven_causes_that_are_worth_the_same_go_by_their_ids() -> None:
    remedies = {
        "one": packs.remedy("one", fixes={"a": "often", "b": "usually", "c": "always"}),
        "two": packs.remedy("two", fixes={"a": "always", "b": "usually", "c": "often"}),
        "support": SUPPORT,
    }
    proven = {"f": {"a": "red", "b": "red", "c": "red"}}

    assert planned_for(dict.fromkeys("abc", 0.1), remedies, proven).steps[0] == "one"


@pytest.mark.parametrize("sheet", [{}, {"f": {"a": "red"}}], ids=["likely", "proven"])
def test_remedies_that_take_as_long_with_what_must_come_before_go_by_their_ids(sheet: Data) -> None:
    remedies = {"support": SUPPORT}
    for name, prices in {"one": (0.1, 0.2, 0.3), "two": (0.3, 0.2, 0.1)}.items():
        before = [f"{name}-first", f"{name}-then"]
        remedies |= {
            id: packs.remedy(id, hands_on=price)
            for id, price in zip(before, prices[:2], strict=True)
        }
        remedies[name] = packs.remedy(name, fixes={"a": "often"}, hands_on=prices[2], after=before)

    planned = planned_for({"a": 0.3}, remedies, sheet, verification=0.0)

    assert planned.steps[:3] == ["one-first", "one-then", "one"]


def test_two_likely_causes_are_both_mended_before_handing_over() -> None:
    remedies = {
        "one": packs.remedy("one", fixes={"a": "usually"}, hands_on=20),
        "two": packs.remedy("two", fixes={"b": "usually"}, hands_on=20),
        "support": SUPPORT,
    }
    planned = planned_for({"a": 0.95, "b": 0.95}, remedies)

    assert planned.steps == ["one", "two", "support"]
    assert planned.plan.expected_minutes == pytest.approx(planned.problem.optimum())


def test_a_cause_that_is_certain_but_for_rounding_is_mended() -> None:
    remedies = {"one": packs.remedy("one", fixes={"a": "always"}, hands_on=1), "support": SUPPORT}
    pack = packs.with_remedies({"a": 0.5}, remedies)
    belief = replace(Planned(pack, {}).belief, present={"a": 1.0})

    assert Planner(pack.knowledge).plan(belief, {}, frozenset()).first == "one"


def test_what_must_come_before_at_many_removes_is_found_at_once() -> None:
    remedies = {"support": SUPPORT}
    before: list[str] = []
    for level in range(40):
        names = [f"{level}-{side}" for side in ("left", "right")]
        remedies |= {name: packs.remedy(name, hands_on=1, after=before) for name in names}
        before = names
    remedies["last"] = packs.remedy("last", fixes={"a": "always"}, after=before)

    order = RemedyTable(packs.with_remedies({"a": 0.5}, remedies).knowledge).order["last"]

    assert len(set(order)) == len(order) == 81
    assert order[-1] == "last"
    assert [id.partition("-")[0] for id in order[:-1:2]] == [str(level) for level in range(40)]


def test_what_prepares_a_handing_over_comes_before_it() -> None:
    remedies = {
        "copy": packs.remedy("copy", hands_on=10),
        "support": SUPPORT | {"after": ["copy"]},
    }

    assert planned_for({"a": 0.1}, remedies).steps == ["copy", "support"]


def test_the_safe_copy_comes_first_though_a_step_between_was_tried() -> None:
    remedies = {
        "copy": packs.remedy("copy", hands_on=60),
        "reset": packs.remedy("reset", fixes={"a": "often"}, hands_on=5, after=["copy"]),
        "erase": packs.remedy(
            "erase", fixes={"a": "always"}, hands_on=1, loses=["photos"], after=["reset"]
        ),
        "support": SUPPORT,
    }
    nuisances = {"photos": {"minutes": 1, "text": "all photos", "irreplaceable": True}}
    sheet = {"f": {"a": "red"}, "tried": {"reset": "did-not-help"}}
    planned = planned_for({"a": 0.1}, remedies, sheet, safe_copy="copy", nuisances=nuisances)

    assert planned.steps[:2] == ["copy", "erase"]


def test_a_safe_copy_that_cannot_be_made_was_not_made_whatever_was_tried() -> None:
    remedies = {
        "copy": packs.remedy(
            "copy",
            hands_on=60,
            not_if=[{"when": {"f.a": "red"}, "because": "Copies fail."}],
        ),
        "erase": packs.remedy(
            "erase", fixes={"a": "always"}, hands_on=1, loses=["photos"], after=["copy"]
        ),
        "support": SUPPORT,
    }
    nuisances = {"photos": {"minutes": 1, "text": "all photos", "irreplaceable": True}}
    sheet = {"f": {"a": "red"}, "tried": {"copy": "did-not-help"}}
    planned = planned_for({"a": 0.1}, remedies, sheet, safe_copy="copy", nuisances=nuisances)

    assert planned.steps == ["support"]
    assert dict(planned.plan.left_out)["copy"] == "Copies fail."


def test_of_several_reasons_against_a_remedy_the_first_is_told() -> None:
    bars = [{"when": {"f.a": "red"}, "because": f"Reason {number}."} for number in (1, 2, 3)]
    remedies = {"one": packs.remedy("one", fixes={"a": "always"}, not_if=bars), "support": SUPPORT}
    planned = planned_for({"a": 0.1}, remedies, {"f": {"a": "red"}})

    assert planned.steps == ["support"]
    assert planned.plan.left_out == (("one", "Reason 1."),)


def test_one_proven_cause_gets_the_remedy_that_is_cheapest_with_all_that_may_follow() -> None:
    remedies = {
        "quick": packs.remedy("quick", fixes={"a": "often"}, hands_on=5),
        "sure": packs.remedy("sure", fixes={"a": "always"}, hands_on=10),
        "support": SUPPORT,
    }
    for verification in (0.0, 20.0):
        planned = planned_for({"a": 0.1}, remedies, {"f": {"a": "red"}}, verification=verification)
        best = min(["quick", "sure"], key=lambda one: planned.problem.optimum([one]))

        assert best == ("sure" if verification else "quick")
        assert planned.must == [best]


RARE = {
    "one": packs.remedy("one", fixes={"a": "always"}, hands_on=5),
    "two": packs.remedy("two", fixes={"b": "always"}, hands_on=500),
}


@pytest.mark.parametrize(("p", "chance"), [(0.015, 0.025), (0.004, 0.007)])
def test_without_anybody_to_hand_over_to_what_helps_fewer_than_one_in_a_hundred_is_not_planned(
    p: float, chance: float
) -> None:
    planned = planned_for({"a": 0.5, "b": p}, RARE)
    fails = planned.problem.fails

    assert fails(["one"]) - fails(["one", "two"]) == pytest.approx(chance, rel=0.05)
    assert planned.steps == (["one", "two"] if chance > NEXT_TO_NOTHING else ["one"])


@pytest.mark.parametrize(("p", "chance"), [(0.0017, 0.028), (0.0004, 0.007)])
def test_what_helps_fewer_than_one_in_a_hundred_is_not_named_among_what_was_left_out(
    p: float, chance: float
) -> None:
    planned = planned_for({"a": 0.05, "b": p}, RARE | {"support": SUPPORT})
    fails = planned.problem.fails

    assert planned.steps == ["one", "support"]
    assert 1 - fails(["one", "two"]) / fails(["one"]) == pytest.approx(chance, rel=0.05)
    assert ("two" in dict(planned.plan.left_out)) == (chance > NEXT_TO_NOTHING)


def test_a_pack_may_have_remedies_that_cost_nothing() -> None:
    remedies = {"look": packs.remedy("look", fixes={"a": "often"}), "support": SUPPORT}

    assert planned_for({"a": 0.1}, remedies, {"f": {"a": "red"}}, verification=0.0).must == ["look"]
    assert planned_for({"a": 0.1}, remedies, verification=0.0).steps == ["look", "support"]


# -- close to the best


def like_the_pack(random: Random) -> float:
    """A rare or common cause of which some evidence speaks, or none."""
    prior = random.choice([0.12, 0.06, 0.03, 0.012, 0.004, 0.001])
    odds = prior / (1 - prior) * random.choice([1, 1, 1, 1, 1.5, 3, 10, 0.67, 0.33, 0.1])
    return odds / (1 + odds)


def anything(random: Random) -> float:
    return random.uniform(0.001, 0.999)


def a_few_likely_ones(random: Random) -> float:
    return random.choice([0.01, 0.03, 0.9])


def excess(
    prior: Callable[[Random], float], count: int, proven: int = 0, **how: Any
) -> list[float]:
    """How much more than the optimum the plans of random problems cost, as shares of it."""
    found = []
    for seed in range(count):
        planned = Planned(*packs.planning(Random(seed), prior, proven=proven, **how))
        best = planned.problem.optimum(planned.must)
        found.append(planned.plan.expected_minutes / best - 1)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("proven", [0, 2])
def test_a_plan_is_never_better_than_the_optimum_and_hardly_worse(proven: int) -> None:
    found = excess(like_the_pack, 200, proven)

    assert min(found) >= -1e-9
    assert mean(found) <= 0.005
    assert max(found) <= 0.08


@pytest.mark.slow
@pytest.mark.parametrize("prior", [anything, a_few_likely_ones])
def test_with_several_likely_causes_few_plans_are_much_worse_than_the_optimum(
    prior: Callable[[Random], float],
) -> None:
    found = excess(prior, 200)

    assert min(found) >= -1e-9
    assert mean(found) <= 0.005
    assert sum(one > 0.08 for one in found) <= 0.01 * len(found)


@pytest.mark.slow
@pytest.mark.parametrize("prior", [like_the_pack, anything, a_few_likely_ones])
def test_with_steps_that_only_a_night_can_test_few_plans_are_much_worse_than_the_optimum(
    prior: Callable[[Random], float],
) -> None:
    found = excess(prior, 150, nights=0.4)

    assert min(found) >= -1e-9
    assert mean(found) <= 0.012
    assert sum(one > 0.08 for one in found) <= 0.06 * len(found)


@pytest.mark.slow
@pytest.mark.parametrize("prior", [like_the_pack, anything])
def test_with_steps_that_wait_for_others_a_plan_is_never_better_than_the_optimum(
    prior: Callable[[Random], float],
) -> None:
    found = excess(prior, 150, after=True)

    assert min(found) >= -1e-9
    assert mean(found) <= 0.01


# -- the oracles themselves


def small(seed: int) -> Problem:
    pack = packs.planning(
        Random(seed), anything, remedies=(1, 4), after=True, nights=0.5 * (seed % 3)
    )
    return Planned(*pack).problem


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_chance_of_failing_is_that_of_counted_worlds(seed: int) -> None:
    problem, random = small(seed), Random(seed)
    done = [id for id in sorted(problem.fixes) if random.randint(0, 1)]

    assert problem.fails(done) == pytest.approx(problem.fails_by_worlds(done))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_optimum_is_that_of_all_orders(seed: int) -> None:
    assert small(seed).optimum() == pytest.approx(small(seed).optimum_by_orders())


# -- against sampled worlds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_expected_minutes_are_what_people_spend_in_sampled_worlds(seed: int) -> None:
    how = {"after": True, "proven": seed % 3, "nights": 0.5 * (seed % 2)}
    planned = Planned(*packs.planning(Random(seed), anything, **how))
    spent, error = planned.problem.simulated(Random(seed), planned.must, planned.rest, 50_000)

    assert spent == pytest.approx(planned.plan.expected_minutes, abs=4 * error + 1e-9)
    assert error < 0.03 * spent
