"""What comes first: every difference that is named is one, none of few answers is missed, and the
sampled cases are counted rightly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from diagnoser.comparison.compare import compare
from diagnoser.comparison.firsts import wilson
from diagnoser.comparison.listing import listed, renamed
from diagnoser.comparison.model import Firsts
from diagnoser.inference.evaluator import Evaluator
from diagnoser.planning.planner import Planner
from diagnoser.questions.selection import Questioner
from tests.comparison.changing import two_packs
from tests.packs import Pack, randoms

SAMPLED = 20


class First:
    """What a pack puts first in a case, by experta."""

    def __init__(self, pack: Pack) -> None:
        self.pack, known = pack, pack.knowledge
        planner = Planner(known)
        self._questioner = Questioner(known, Evaluator(known), planner)

    def of(self, typed: Any) -> dict[str, str | None]:
        answers = self.pack.answers
        case = answers.read(answers.read_texts([text.split("=", 1) for text in typed]))
        _, belief, plan = self.pack.inference.run(case)
        question = self._questioner.advise(case, belief, plan).question
        return {
            "first_cause": belief.first,
            "first_step": plan.first,
            "question": question.fact if question else None,
        }


@settings(max_examples=20, deadline=None)
@given(randoms())
def test_every_difference_that_is_named_is_one(random: Random) -> None:
    old, new = two_packs(random)
    compared = compare(old.knowledge, new.knowledge, number=SAMPLED)
    before, after = First(old), First(new)
    for name in ("first_cause", "first_step", "question"):
        firsts: Firsts | None = getattr(compared, name)
        for one in firsts.changes if firsts else ():
            typed = one.example.answers
            assert (before.of(typed)[name], after.of(typed)[name]) == (one.was, one.now)
            for left in typed if one.example.least else ():
                fewer = [text for text in typed if text != left]
                differs = (before.of(fewer)[name], after.of(fewer)[name])
                assert differs != (one.was, one.now), f"{left} can be left out"


def few_answers(pack: Pack) -> Iterator[tuple[str, ...]]:
    """All sheets with up to two answers."""
    typed = {id: [f"{id}={text}" for text in texts] for id, texts in pack.texts.items()}
    yield ()
    for number in (1, 2):
        for facts in itertools.combinations(typed, number):
            yield from itertools.product(*(typed[fact] for fact in facts))


@settings(max_examples=10, deadline=None)
@given(randoms())
def test_no_difference_of_few_answers_is_missed_and_the_smallest_is_named(random: Random) -> None:
    old, new = two_packs(random)
    compared = compare(old.knowledge, new.knowledge, number=SAMPLED)
    before, after = First(old), First(new)
    smallest: dict[tuple[str, str | None, str | None], int] = {}
    for typed in itertools.islice(few_answers(new), 400):
        was, now = before.of(typed), after.of(typed)
        for name in ("first_cause", "first_step"):
            key = (name, was[name], now[name])
            if was[name] != now[name]:
                smallest[key] = min(smallest.get(key, 2), len(typed))
    for (name, first, other), fewest in smallest.items():
        firsts = getattr(compared, name)
        found = [one for one in firsts.changes if (one.was, one.now) == (first, other)]
        assert [len(one.example.answers) for one in found] <= [fewest], (name, first, other)
        assert found


def test_an_interval_is_that_of_wilson() -> None:
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)  # Newcombe 1998, method 3
    assert wilson(0, 20) == (0.0, pytest.approx(0.1611, abs=1e-4))
    assert wilson(20, 20)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("seed", range(3))
def test_a_comparison_is_the_same_each_time(seed: int) -> None:
    made: Callable[[], str] = lambda: compare(  # noqa: E731
        *(pack.knowledge for pack in two_packs(Random(seed))), number=SAMPLED
    ).model_dump_json()
    assert made() == made()


@pytest.mark.parametrize("seed", range(40))
def test_whatever_two_packs_say_otherwise_is_listed(seed: int) -> None:
    old, new = (pack.knowledge for pack in two_packs(Random(seed)))
    assert bool([*listed(old, new, renamed(old, new))]) == (old != new)


def test_the_same_knowledge_changes_nothing() -> None:
    pack, _ = two_packs(Random(1))
    compared = compare(pack.knowledge, pack.knowledge)
    assert compared.same
    assert not compared.changed
