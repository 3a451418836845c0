"""What a phone tells, against counting everything that may have become of it."""

from __future__ import annotations

from math import fsum
from random import Random

import pytest
from hypothesis import given

from diagnoser.learning.information import Hidden
from diagnoser.learning.phones import Numbers, Phone, unrecorded, works_by_now
from tests.learning.worlds import (
    log_likelihood,
    numbers_of,
    seen_at_random,
    small_knowledge,
    stories,
    weight,
)
from tests.packs import randoms


@given(randoms())
def test_a_phone_tells_what_counting_every_story_tells(random: Random) -> None:
    knowledge = small_knowledge(random)
    seen, at = seen_at_random(random, knowledge), numbers_of(knowledge)

    told = Phone(knowledge, seen).told(at)

    counted = [(story, weight(story, seen)) for story in stories(knowledge, seen.done, at)]
    whole = fsum(share for _, share in counted)
    for cause in knowledge.causes:
        there = fsum(share for story, share in counted if cause in story.causes)
        assert told.present[cause] == pytest.approx(there / whole, rel=1e-6, abs=1e-9)
    for pair in at.chances:
        met = [share for story, share in counted for one, *_ in story.attempts if one == pair]
        mended = [
            share
            for story, share in counted
            for one, _, success in story.attempts
            if one == pair and success
        ]
        assert told.met.get(pair, 0) == pytest.approx(fsum(met) / whole, rel=1e-6, abs=1e-9)
        assert told.mended.get(pair, 0) == pytest.approx(fsum(mended) / whole, rel=1e-6, abs=1e-9)


@given(randoms())
def test_for_each_recorded_phone_those_count_that_nothing_is_wrong_with(random: Random) -> None:
    knowledge = small_knowledge(random)
    at = numbers_of(knowledge)
    tried = tuple(random.sample(sorted(knowledge.remedies), random.randint(0, 2)))
    test = 1 if tried else 0

    others = unrecorded(knowledge, tried, at)

    every = list(stories(knowledge, (tried,) if tried else (), at))
    working = [story for story in every if story.works(test)]
    failing = fsum(story.probability for story in every if not story.works(test))
    assert others.phones == pytest.approx(fsum(s.probability for s in working) / failing)
    for cause in knowledge.causes:
        had = fsum(story.probability for story in working if cause in story.causes)
        assert others.present.get(cause, 0.0) == pytest.approx(had / failing)


def _moved(at: Numbers, key: object, by: float) -> Numbers:
    """The numbers with one of them moved on the scale of log-odds."""

    def move(value: float) -> float:
        odds = value / (1 - value) * 2.718281828459045**by
        return odds / (1 + odds)

    return Numbers(
        {id: move(value) if id == key else value for id, value in at.priors.items()},
        {pair: move(value) if pair == key else value for pair, value in at.chances.items()},
    )


@given(randoms())
def test_what_is_hidden_is_what_the_likelihood_does_not_bend(random: Random) -> None:
    """The complete information less the hidden one is the curvature of the log-likelihood."""
    knowledge = small_knowledge(random, causes=2, remedies=2)
    seen, at = seen_at_random(random, knowledge), numbers_of(knowledge)
    phone = Phone(knowledge, seen)
    told, others = phone.told(at), unrecorded(knowledge, phone.tried, at)
    places = {one: place for place, one in enumerate([*at.priors, *at.chances])}
    hidden = Hidden(at, places)
    hidden.add_phone(phone.parts(at))
    hidden.add_unrecorded(works_by_now(knowledge, phone.tried, at), others.phones, 1)

    step = 1e-3
    for row, first in enumerate(places):
        for column, second in enumerate(list(places)[: row + 1]):
            corners = [
                (one * two, _moved(_moved(at, first, one * step), second, two * step))
                for one in (1, -1)
                for two in (1, -1)
            ]
            bends = -fsum(sign * log_likelihood(knowledge, seen, there) for sign, there in corners)
            complete = 0.0
            if first == second and first in at.priors:
                value = at.priors[first]
                complete = (1 + others.phones) * value * (1 - value)
            elif first == second:
                value = at.chances[first]
                met = told.met.get(first, 0.0) + others.met.get(first, 0.0)
                complete = met * value * (1 - value)
            left = complete - hidden.matrix[row][column]
            assert left == pytest.approx(bends / (4 * step * step), rel=1e-3, abs=2e-4)
