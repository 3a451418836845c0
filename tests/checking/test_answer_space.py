"""What is said of all answer sheets at once agrees with looking at them one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import given

from diagnoser.belief.weighing import weigh
from diagnoser.checking.answer_space import AnswerSpace, KnownCase, no
from diagnoser.checking.waste import NeverCounts
from diagnoser.knowledge.conditions import Condition, parse
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice, Number, Version
from tests import oracles, packs
from tests.checking.test_reach import allowed
from tests.knowledge.test_conditions import pairs
from tests.packs import Pack

MOST = 400
"""Sheets that are looked at one by one."""
SMALL = packs.Sizes(areas=2, facts=2, causes=3, rules=3)
Wanted = list[tuple[Any, Condition, bool | None]]
"""Conditions as they are written and as they are linked: whether each is to hold (True), to fail
(False), or not to hold (None)."""


def sheets(pack: Pack, wanted: Wanted, random: Random) -> Iterator[dict[str, Any]]:
    """What may be known of the facts of some conditions: on, below and above every line, and
    nothing."""
    constants = {text for when, _, _ in wanted for text in packs.constants_in(when)}
    read = {id for when, _, _ in wanted for id in packs.facts_in(when)}
    derived = {id: fact.derived_from for id, fact in pack.knowledge.facts.items()}
    options = [
        [{}, *(one for one in some if allowed(pack, id, one[id]))]
        for id, some in oracles.possible(pack.data, constants).items()
        if id in {derived[one] or one for one in read}
    ]
    for some in options:
        random.shuffle(some)
    return itertools.islice(oracles.completions(options, {}), MOST)


def fulfils(pack: Pack, wanted: Wanted, known: dict[str, Any]) -> bool:
    """Whether the naive oracle finds all that is wanted, and no contradiction."""
    if oracles.contradictions(pack.data, known):
        return False
    outcomes = [(oracles.outcome(pack.data, when, known), wish) for when, _, wish in wanted]
    return all(found is not True if wish is None else found is wish for found, wish in outcomes)


def naive(case: KnownCase) -> dict[str, Any]:
    """A case with its versions as the naive oracle has them."""
    return {
        id: (*value, *(0,) * (4 - len(value))) if isinstance(value, tuple) else value
        for id, value in case.items()
    }


@given(packs.randoms())
def test_what_can_come_about_is_what_some_sheet_shows(random: Random) -> None:
    pack = packs.random_pack(random, SMALL)
    space, conditions = AnswerSpace(pack.knowledge), list(pairs(pack))
    for _ in range(12):
        some = random.sample(conditions, min(len(conditions), random.randint(1, 3)))
        wanted: Wanted = [(*one, random.choice([True, True, False, None])) for one in some]
        formulas = [
            no(space.holds(when))
            if wish is None
            else space.holds(when)
            if wish
            else space.fails(when)
            for _, when, wish in wanted
        ]
        simplest, found = space.sheet_with(*formulas), space.any_sheet(*formulas)
        assert space.can_be(*formulas) == (simplest is not None) == (found is not None)
        if simplest is not None and found is not None:
            assert fulfils(pack, wanted, naive(simplest))
            assert fulfils(pack, wanted, naive(found))
            for id in [id for id in simplest if not pack.knowledge.facts[id].derived_from]:
                gone = {id, *(pack.knowledge.facts[id].derives or ())}
                less = {one: value for one, value in simplest.items() if one not in gone}
                assert not fulfils(pack, wanted, naive(less))
        else:
            assert not any(fulfils(pack, wanted, one) for one in sheets(pack, wanted, random))


@given(packs.randoms())
def test_a_rule_that_never_counts_counts_on_no_sheet(random: Random) -> None:
    pack = packs.random_pack(random, packs.Sizes(areas=2, facts=2, causes=2, rules=5, signs=0))
    space = AnswerSpace(pack.knowledge)
    finder = NeverCounts(pack.knowledge, space)
    for cause in pack.knowledge.causes.values():
        vain = {rule.id for rule, _ in finder.of_cause(cause) if not rule.conclusive}
        raw = [(when, one, True) for when, one in pairs(pack)]
        wanted: Wanted = [one for one in raw if one[1] in [rule.when for rule in cause.rules]]
        counting: set[str] = set()
        for known in sheets(pack, wanted, random):
            if not oracles.contradictions(pack.data, known):
                fired = oracles.fired(pack.data, known)
                counting |= {*weigh([one for one in cause.rules if one.id in fired]).counted}
        assert not vain & counting


KNOWLEDGE: Any = packs.built_in_pack().knowledge


def test_an_example_is_the_same_whichever_sheet_is_found_first() -> None:
    whens = [sign.when for sign in list(KNOWLEDGE.signs.values())[:40]]
    fresh = [AnswerSpace(KNOWLEDGE).sheet_where([when]) for when in whens[:5]]
    used = AnswerSpace(KNOWLEDGE)
    for when in reversed(whens):
        used.any_sheet(used.holds(when))

    assert [used.sheet_where([when]) for when in whens[:5]] == fresh


def test_versions_and_numbers_are_exact_at_their_lines() -> None:
    kinds = {"a.v": Version(1, 30), "a.w": Version(1, 30), "a.n": Number("GB", 0, 1)}
    kinds["a.c"] = Choice({"x": "X", "y": "Y"})  # type: ignore[assignment]
    facts = {id: Fact(id, "a", kind) for id, kind in kinds.items()}
    space = AnswerSpace(KNOWLEDGE._replace(facts=facts, contradictions={}))
    said: list[Any] = []

    def can(**tests: Any) -> bool:
        when = parse(
            {f"a.{name}": test for name, test in tests.items()},
            kinds,
            lambda *mistake: said.append(mistake),
        )
        return space.can_be(space.holds(when))

    assert can(v={"above": "16.3", "below": "16.3.0.2"})
    assert not can(v={"above": "16.3", "below": "16.3.0.1"})
    assert can(v={"above": "30.9999.9999.9998"})
    assert not can(v={"above": "30.9999.9999.9999"})
    assert not can(v={"above": "a.w"}, w={"at_least": "30.9999.9999.9999"})
    assert can(n={"above": "0.1", "below": "0.1000001"})
    assert not can(n={"above": "1"})
    assert said == []
