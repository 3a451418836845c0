"""Visits: the place that tells most for its minutes, with all that is worth asking there."""

from __future__ import annotations

from random import Random
from statistics import fmean

import pytest
from hypothesis import given

from diagnoser import Diagnoser
from diagnoser.knowledge.model import HELPED
from diagnoser.questions.visits import VisitChoice, VisitChooser, Visits
from tests import oracles, packs
from tests.packs import Data, Pack
from tests.questions.test_questions import Asked

TELLING = packs.Sizes(areas=3, causes=6, rules=8, signs=8)
CASES = packs.cases(packs.Sizes(remedies=5), share=30)


def choose(asked: Asked, passed: frozenset[str] = frozenset(), thorough: bool = False) -> Visits:
    case = asked.pack.case(asked.sheet)
    _, belief, plan = asked.pack.inference.run(case)
    chooser = VisitChooser(asked.knowledge, asked.questioner)
    return chooser.choose(case, belief, plan, passed, thorough)


def doubt_left(asked: Asked, sheet: Data, fields: list[str]) -> float:
    """The doubt that is expected to be left when these are asked one after the other: every answer
    to each of them is followed to its end."""
    for place, id in enumerate(fields):
        for question in asked.weighed(sheet):
            if question.fact == id:
                rest = fields[place + 1 :]
                texts = asked.typical(id)
                return sum(
                    answer.probability * doubt_left(asked, oracles.answered(sheet, id, text), rest)
                    for answer, text in zip(question.answers, texts, strict=True)
                    if answer.probability > 0
                )
    return asked.doubt(sheet)


def told_together(asked: Asked, visit: VisitChoice) -> float:
    """What all fields of a visit tell together, in bits."""
    fields = [field.fact for field in visit.fields]
    return asked.doubt(asked.sheet) - doubt_left(asked, asked.sheet, fields)


@given(CASES)
def test_a_visit_asks_only_what_may_be_asked_at_its_place(case: tuple[Pack, Data]) -> None:
    asked = Asked(*case)
    may_be = set(oracles.may_be_asked(asked.data, asked.sheet))
    for thorough in (False, True):
        for visit in choose(asked, thorough=thorough).choices:
            ids = [field.fact for field in visit.fields]
            assert len(set(ids)) == len(ids) > 0
            for field in visit.fields:
                assert asked.knowledge.facts[field.fact].place == visit.place
                assert field.fact in may_be or set(field.waits_for) & set(ids)


@given(CASES)
def test_what_waits_for_an_answer_may_be_asked_with_each_that_it_waits_for(
    case: tuple[Pack, Data],
) -> None:
    asked = Asked(*case)
    for visit in choose(asked).choices:
        for field in visit.fields:
            for gate, values in field.waits_for.items():
                for value in values:
                    shown = asked.knowledge.facts[gate].kind.show(value)
                    sheet = oracles.answered(asked.sheet, gate, shown)
                    assert field.fact in oracles.may_be_asked(asked.data, sheet)


@given(CASES)
def test_what_was_passed_over_is_not_asked(case: tuple[Pack, Data]) -> None:
    asked = Asked(*case)
    first = choose(asked)
    passed = frozenset(field.fact for visit in first.choices[:1] for field in visit.fields)

    after = choose(asked, passed)

    assert not passed & {field.fact for visit in after.choices for field in visit.fields}


@given(CASES)
def test_the_best_visit_comes_first_and_a_thorough_one_leaves_nothing_out(
    case: tuple[Pack, Data],
) -> None:
    asked = Asked(*case)
    patience = float(asked.data["pack"]["patience"])
    thorough = choose(asked, thorough=True)
    rates = [one.tells / (one.minutes + patience or 1) for one in thorough.choices]

    assert rates == sorted(rates, reverse=True) or patience == 0
    asked_for = {field.fact for visit in thorough.choices for field in visit.fields}
    if HELPED not in asked.pack.case(asked.sheet).tried.values():
        assert asked_for == set(oracles.may_be_asked(asked.data, asked.sheet))


@pytest.mark.slow
def test_the_sum_of_what_fields_tell_loses_little_against_an_exact_search() -> None:
    """The visit that is chosen, against the one that an exact search would choose: every answer of
    every field is followed to its end."""
    kept, differ, met = [], 0, 0
    for seed in range(500):
        pack = in_two_places(packs.random_data(Random(seed), TELLING))
        asked = Asked(pack, packs.random_sheet(Random(seed), pack, share=0))
        visits = [one for one in choose(asked).choices if one.tells > 0]
        if len(visits) < 2:
            continue
        patience = float(pack.data["pack"]["patience"])
        rates = [told_together(asked, one) / (one.minutes + patience + 0.01) for one in visits]
        met += 1
        differ += rates[0] < max(rates) - 1e-9
        kept.append(max(rates[0], 0.0) / max(rates) if max(rates) > 0 else 1.0)

    assert met > 50
    assert differ < met / 5
    assert fmean(kept) > 0.9


def in_two_places(data: Data) -> Pack:
    """The pack with all of its facts at one of two places, in turns."""
    ways = [{"condition": None, "do": ["Go there."]}]
    data["places"] = {
        "near": {"title": "Near", "effort": 0.25, "go": ways},
        "far": {"title": "Far", "effort": 1.0, "go": ways},
    }
    facts = [fact for area in data["areas"].values() for fact in area["facts"].values()]
    for number, fact in enumerate(facts):
        fact["place"] = ("near", "far")[number % 2]
    data["pack"] |= {"worth_knowing": 0.0, "patience": 1.0}
    return packs.linked(data)


A_BACKUP_OF_TODAY = {
    "backup": {"last_backup": "within-a-day", "switch": "on", "back_up_now": "works"}
}


def test_a_backup_of_today_ends_the_questions(diagnoser: Diagnoser) -> None:
    survey = diagnoser.visits(A_BACKUP_OF_TODAY)

    assert survey.visits.nothing_wrong
    assert not survey.visits.choices
    assert "Nothing is wrong" in survey.visits.because


@pytest.mark.parametrize("first", ["backup.switch", "backup.message", "backup.last_backup"])
def test_the_first_visit_is_the_page_that_says_what_is_wrong(
    diagnoser: Diagnoser, first: str
) -> None:
    visit = diagnoser.visits({}).visits.choices[0]

    assert visit.place == "icloud-backup-page"
    assert first in [field.fact for field in visit.fields]
