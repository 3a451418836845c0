"""Estimates from phones: what no record tells stays, more records come nearer, and intervals hold
what they promise."""

from __future__ import annotations

from math import fsum, log
from random import Random

import pytest
from hypothesis import given

from diagnoser.knowledge.model import Knowledge
from diagnoser.learning.estimation import COVERED, Estimates, Prior, estimate, priors_of
from diagnoser.learning.odds import log_odds
from diagnoser.learning.phones import Numbers
from diagnoser.learning.records import Seen
from tests import packs
from tests.learning.worlds import (
    log_likelihood,
    numbers_of,
    sample,
    seen_at_random,
    small_knowledge,
)
from tests.packs import randoms


def found(estimates: Estimates) -> Numbers:
    return Numbers(
        {id: one.value for id, one in estimates.priors.items()},
        {pair: one.value for pair, one in estimates.chances.items()},
    )


@given(randoms())
def test_without_records_every_number_is_what_its_word_stands_for(random: Random) -> None:
    knowledge = small_knowledge(random)

    numbers = found(estimate(knowledge, []))

    said = numbers_of(knowledge)
    assert numbers.priors == pytest.approx(said.priors)
    assert numbers.chances == pytest.approx(said.chances)


@given(randoms())
def test_the_order_of_records_does_not_matter(random: Random) -> None:
    knowledge = small_knowledge(random)
    seen = [seen_at_random(random, knowledge) for _ in range(6)]
    shuffled = random.sample(seen, len(seen))

    one, other = estimate(knowledge, seen), estimate(knowledge, shuffled)

    assert found(one) == found(other)
    for id, found_one in one.priors.items():
        assert found_one == pytest.approx(other.priors[id])


def log_posterior(knowledge: Knowledge, seen: list[Seen], at: Numbers) -> float:
    """By counting every story; the priors as densities of log-odds."""
    causes, pairs = priors_of(knowledge)

    def density(prior: Prior, value: float) -> float:
        return prior.yes * log(value) + prior.no * log(1 - value)

    return fsum(
        [
            *(log_likelihood(knowledge, one, at) for one in seen),
            *(density(causes[id], value) for id, value in at.priors.items()),
            *(density(pairs[pair], value) for pair, value in at.chances.items()),
        ]
    )


@given(randoms())
def test_no_numbers_nearby_fit_better(random: Random) -> None:
    knowledge = small_knowledge(random, causes=2, remedies=2)
    seen = [sample(knowledge, numbers_of(knowledge), random) for _ in range(8)]
    estimates = estimate(knowledge, seen)
    numbers = found(estimates)
    best = log_posterior(knowledge, seen, numbers)

    assert estimates.still
    for factor in (0.9, 1.1):
        for id, value in numbers.priors.items():
            other = numbers._replace(priors=numbers.priors | {id: value * factor})
            assert log_posterior(knowledge, seen, other) < best
        for pair, value in numbers.chances.items():
            other = numbers._replace(chances=numbers.chances | {pair: min(value * factor, 0.999)})
            assert log_posterior(knowledge, seen, other) < best


@given(randoms())
def test_a_remedy_that_nobody_tried_keeps_its_chance(random: Random) -> None:
    knowledge = small_knowledge(random)
    untried = sorted(knowledge.remedies)[0]
    seen = [seen_at_random(random, knowledge) for _ in range(6)]
    seen = [one for one in seen if all(untried not in done for done in one.done)]

    estimates = estimate(knowledge, seen)

    for pair, one in estimates.chances.items():
        if pair[0] == untried:
            assert one.value == pytest.approx(numbers_of(knowledge).chances[pair])
            assert one.rests_on == 0


def test_steps_that_could_not_be_done_or_were_never_tested_tell_nothing() -> None:
    """What was not tested is no part of what was seen; see `Reader`. A phone of which nothing is
    known but that it fails moves no cause against another."""
    knowledge = packs.with_remedies({"c0": 0.1, "c1": 0.05}, {}).knowledge
    nothing = Seen((), False, 0, ({},), frozenset())

    few, many = (estimate(knowledge, [nothing] * number) for number in (1, 500))

    ratio = [one.priors["c0"].value / one.priors["c1"].value for one in (few, many)]
    assert ratio == pytest.approx([2.0, 2.0], rel=0.15)


def wrong(knowledge: Knowledge, random: Random, by: float) -> Numbers:
    """Numbers that a pack does not know: each prior several times as high or as low."""
    at = numbers_of(knowledge)
    priors = {id: value * random.choice([by, 1 / by]) for id, value in at.priors.items()}
    return Numbers({id: min(value, 0.6) for id, value in priors.items()}, at.chances)


def off(estimates: Estimates, truth: Numbers) -> float:
    """How far the priors are from the truth on the scale of log-odds, on average."""
    return fsum(
        abs(log_odds(one.value) - log_odds(truth.priors[id]))
        for id, one in estimates.priors.items()
    ) / len(truth.priors)


def width(estimates: Estimates) -> float:
    return fsum(one.high - one.low for one in estimates.priors.values())


def test_with_more_records_estimates_come_nearer_and_intervals_shrink() -> None:
    distances: dict[int, list[float]] = {0: [], 20: [], 160: []}
    widths: dict[int, list[float]] = {0: [], 20: [], 160: []}
    for number in range(3):
        random = Random(number)
        knowledge = small_knowledge(random, causes=2, remedies=2)
        truth = wrong(knowledge, random, 4)
        seen = [sample(knowledge, truth, random) for _ in range(160)]
        for size in distances:
            estimates = estimate(knowledge, seen[:size])
            distances[size].append(off(estimates, truth))
            widths[size].append(width(estimates))

    assert fsum(distances[160]) < fsum(distances[20]) < fsum(distances[0])
    assert fsum(distances[160]) < 0.5 * fsum(distances[0])
    assert fsum(widths[160]) < fsum(widths[20]) < fsum(widths[0])


def test_intervals_cover_what_they_promise() -> None:
    """Over worlds whose numbers are drawn from what the words leave open, 90 % of the intervals
    that records tell of hold the true number, within what chance allows."""
    inside = total = 0
    for number in range(40):
        random = Random(number)
        knowledge = small_knowledge(random, causes=2)
        causes, pairs = priors_of(knowledge)
        truth = Numbers(
            {id: _drawn(random, prior) for id, prior in causes.items()},
            {pair: _drawn(random, prior) for pair, prior in pairs.items()},
        )
        seen = [sample(knowledge, truth, random) for _ in range(40)]
        estimates = estimate(knowledge, seen)
        for id, one in estimates.priors.items():
            inside += one.low <= truth.priors[id] <= one.high
            total += 1
        for pair, one in estimates.chances.items():
            inside += one.low <= truth.chances[pair] <= one.high
            total += 1

    assert total > 250
    assert abs(inside / total - COVERED) < 0.05


def _drawn(random: Random, prior: Prior) -> float:
    return min(max(random.betavariate(prior.yes, prior.no), 1e-4), 1 - 1e-4)
