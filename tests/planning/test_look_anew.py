"""What is looked at first is what its description says, worked out anew for every answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import prod
from random import Random
from typing import NamedTuple

import pytest

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import OPEN, PROVEN, weigh
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Lookup, Value
from diagnoser.planning.greedy import Step
from diagnoser.planning.look_first import PROOF, QUICK, RARE_ROWS, Look, Looker
from diagnoser.planning.remedy_table import RemedyTable
from tests import packs
from tests.planning.test_plan import in_groups

Known = dict[str, Value]
SIZES = packs.Sizes(areas=2, facts=2, causes=4, rules=4, remedies=6, contradictions=3)


class Anew:
    """Looks for one case, of which nothing is worked out before."""

    def __init__(self, knowledge: Knowledge, case: Case, belief: Belief) -> None:
        self.knowledge, self.case, self.belief = knowledge, case, belief
        self.known: Known = dict(case.known)

    def looks(self, steps: Sequence[Step]) -> list[tuple[str, float, str, str]]:
        """Facts to look at, with the minutes that this saves, what it may forbid, and why."""
        costs = dict(self.expected_costs(steps))
        first = in_groups(steps)[0] if steps else []
        found = []
        for fact in self.knowledge.facts.values():
            relevant = fact.only_if is None or fact.only_if.outcome(self.known)
            open_ = fact.id not in self.known and fact.id not in self.case.unsure
            if fact.askable and fact.effort <= QUICK and relevant and open_:
                found += self.look(fact, first, costs)
        found.sort(key=lambda one: (-one[1], one[0]))
        places = [self.knowledge.facts[one[0]].place for one in found]
        if places and not places[0]:
            return found[:1]
        return [one for one, place in zip(found, places, strict=True) if place == places[0]]

    def look(
        self, fact: Fact, first: Sequence[str], costs: dict[str, float]
    ) -> Iterator[tuple[str, float, str, str]]:
        answers = [(self.known | fact.makes_known(value), share) for value, share in shares(fact)]
        in_vain = []
        for (then, _), chance in zip(answers, self.chances(answers), strict=True):
            reasons = [(id, self.reason(id, then)) for id in first if self.reason(id, then)]
            cost = sum(costs[id] for id in costs if self.reason(id, then)) if reasons else 0.0
            in_vain.append((chance * cost, reasons))
        saves = sum(cost for cost, _ in in_vain) - fact.effort - self.knowledge.patience
        if saves > 0:
            most = max(cost for cost, _ in in_vain)
            worst = next(reasons for cost, reasons in in_vain if cost == most)
            yield (fact.id, saves, *worst[0])

    def reason(self, remedy: str, then: Known) -> str:
        """The first reason not to do a remedy that holds then; empty where there is none."""
        bars = self.knowledge.remedies[remedy].not_if
        return next((bar.because for bar in bars if bar.when.outcome(then)), "")

    def chances(self, answers: Sequence[tuple[Known, float]]) -> list[float]:
        """The probability of each answer: a mixture over the causes, and none of them."""
        contradictions = [
            one
            for one in self.knowledge.contradictions.values()
            if not one.when.outcome(self.known)
        ]
        typical = [
            0.0 if any(one.when.outcome(then) for one in contradictions) else share
            for then, share in answers
        ]
        if not any(typical):
            return typical
        weights = {None: self.belief.none_of_these, **self.belief.given_failure}
        chances = [0.0] * len(answers)
        for cause, weight in weights.items():
            tilted = [
                share * self.ratio(cause, then)
                for share, (then, _) in zip(typical, answers, strict=True)
            ]
            for place, one in enumerate(tilted):
                chances[place] += weight / sum(weights.values()) * one / sum(tilted)
        return chances

    def ratio(self, cause: str | None, then: Known) -> float:
        """How much likelier an answer is when the cause is present, by the rules that it makes
        fire."""
        rules = [one for one in self.knowledge.rules.values() if one.cause == cause]
        fired = [
            one for one in rules if one.when.outcome(then) and not one.when.outcome(self.known)
        ]
        if not fired:
            return 1.0
        found = weigh(fired)
        return (
            found.ratio if found.status == OPEN else PROOF if found.status == PROVEN else 1 / PROOF
        )

    def expected_costs(self, steps: Sequence[Step]) -> Iterator[tuple[str, float]]:
        """The minutes of each step times the chance that the plan gets there."""
        cost = RemedyTable(self.knowledge).cost
        must = [step for step in steps if step.must]
        rest = {step.remedy: step for step in steps if not step.must}
        for step in must:
            alone = cost if len(must) == 1 else self.prices()
            yield step.remedy, alone[step.remedy]
        mended = prod(step.chance for step in must if step.chance is not None)
        needed = 1 - mended if must else 1.0
        for group in in_groups([*rest.values()]):
            for id in group:
                yield id, needed * (cost[id] if len(group) == 1 else self.prices()[id])
            needed *= 1 - (rest[group[0]].chance or 0.0)

    def prices(self) -> dict[str, float]:
        return {id: one.price for id, one in self.knowledge.remedies.items()}


def shares(fact: Fact) -> list[tuple[Value, float]]:
    """The answers with their shares; one in a hundred has a row that is not typical."""
    if not isinstance(fact.kind, Lookup):
        return [*fact.typical]
    typical = dict(fact.typical)
    rare = [name for name in fact.kind.names if name not in typical]
    often = 1 - RARE_ROWS if rare else 1
    return [
        (name, typical[name] * often if name in typical else RARE_ROWS / len(rare))
        for name in fact.kind.names
    ]


class Looked(NamedTuple):
    found: list[Look]
    anew: list[tuple[str, float, str, str]]


@cache
def looked(seed: int) -> Looked:
    """What is looked at in a random case, in a pack whose remedies are dear and often barred."""
    random = Random(seed)
    data = packs.random_data(random, SIZES)
    data["pack"]["patience"] = random.choice([0.0, 2.0])
    types = {id: type for id, type in packs.types_of(data).items() if id[:6] != "tried."}
    for remedy in data["remedies"].values():
        remedy["cost"]["hands_on"] = random.choice([5.0, 30.0, 200.0])
        for number in range(random.randint(1, 3)):
            when = packs.condition(random, types, depth=0)
            remedy["not_if"] += [{"when": when, "because": f"Reason {number} forbids it too."}]
    for cause in data["causes"].values():
        cause["signs"] = {}
        cause["rules"] = {
            f"rule{number}": packs.own_rule(
                packs.condition(random, types, depth=0), random.choice([*packs.STRENGTHS])
            )
            for number in range(random.randint(1, 4))
        }
    for contradiction in data["contradictions"].values():
        contradiction["when"] = packs.condition(random, types, depth=0)
        contradiction["ask_again"] = min(packs.facts_in(contradiction["when"]))
    if random.randint(0, 1):
        for area in data["areas"].values():
            for fact in area["facts"].values():
                fact["typical"] = rare_rows(random, fact)
    pack = packs.linked(data)
    case = pack.case(packs.random_sheet(random, pack, random.choice([0, 10, 30])))
    found = Evaluator(pack.knowledge).evaluate(case.known)
    belief = believe(pack.knowledge, found.hypotheses, case.tried)
    barred = {id for id, _ in found.barred}
    steps = in_some_order(random, [id for id in data["remedies"] if id not in barred])
    looks = Looker(pack.knowledge).look_first(case, belief, steps)
    return Looked(looks, Anew(pack.knowledge, case, belief).looks(steps))


def in_some_order(random: Random, remedies: list[str]) -> list[Step]:
    """These remedies as steps in any order, some of them done together."""
    random.shuffle(remedies)
    must = random.choice([0, 0, 1, 2, 3])
    steps, number = [], 0
    for place, id in enumerate(remedies):
        if place < must:
            together = 1 if min(must, len(remedies)) > 1 else None
        elif place > must and random.randint(0, 2) == 0:
            together = steps[-1].together
            if together is None or steps[-1].must:
                number += 1
                together = 1 + number
                steps[-1] = steps[-1]._replace(together=together)
        else:
            together = None
        chance = steps[-1].chance if together and place > must else random.choice([None, 0.1, 0.6])
        steps.append(Step(id, place < must, chance, together))
    return steps


def rare_rows(random: Random, fact: packs.Data) -> dict[str, float]:
    """What is typical of a fact; of a table, of some of its rows."""
    typical: dict[str, float] = fact["typical"]
    if not fact["lookup"]:
        return typical
    some = random.sample(sorted(typical), random.randint(1, len(typical) - 1))
    return dict.fromkeys(some, 100 / len(some))


def test_what_is_looked_at_is_what_the_description_gives() -> None:
    for seed in range(150):
        found, anew = looked(seed)
        assert [one.fact.id for one in found] == [one[0] for one in anew]
        assert [one.saves for one in found] == pytest.approx([one[1] for one in anew])
        assert [(one.remedy, one.because) for one in found] == [one[2:] for one in anew]


def test_in_the_cases_above_something_is_looked_at() -> None:
    assert sum(bool(looked(seed).found) for seed in range(60)) > 20
