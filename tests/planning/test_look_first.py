"""What is looked at before the first step, because it may forbid that step."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser import Diagnoser, Report
from diagnoser.belief.belief import believe
from diagnoser.inference.evaluator import Evaluator
from diagnoser.planning import look_first
from diagnoser.planning.planner import Planner
from diagnoser.report.model import LookFirst
from tests import oracles, packs
from tests.benchmarks.people import people
from tests.packs import Data, Pack

FAILS = {"switch": "on", "back_up_now": "fails-at-once"}
IOS_7 = {"ios": {"version": "7.1.2"}, "backup": FAILS}
UPDATE = "update-ios"


def looked_at(report: Report) -> list[str]:
    return [one.fact for one in report.plan.look.facts] if report.plan.look else []


def look_at(report: Report) -> LookFirst:
    assert report.plan.look is not None
    return report.plan.look


def test_who_has_ios_7_is_asked_for_the_model_before_being_told_to_update(
    diagnoser: Diagnoser,
) -> None:
    report = diagnoser.diagnose(IOS_7)
    look = look_at(report)

    assert report.plan.steps[0].remedy == UPDATE
    assert looked_at(report) == ["device.model"]
    assert (look.place, look.title) == ("about-page", "The page About in Settings")
    assert look.go == ["Open Settings, tap General, then About."]
    assert look.facts[0].ask == "Which iPhone is it?"
    assert not set(look.go) & set(look.facts[0].look)
    assert look.because == (
        '"Update iOS" may be in vain, namely if this holds: iCloud takes no backup from this model '
        "any more, whatever you change."
    )


def test_with_the_model_the_step_is_left_out_or_may_be_done(diagnoser: Diagnoser) -> None:
    for model, can in (("iPhone 4", False), ("iPhone 4S", True)):
        report = diagnoser.diagnose(IOS_7 | {"device": {"model": model}})

        assert "device.model" not in looked_at(report)
        assert (report.plan.steps[0].remedy == UPDATE) == can


@pytest.mark.parametrize("version", ["9.3.5", "12.5.8", "18.7.10", "27.0.1"])
def test_who_has_a_newer_ios_is_not_asked_for_the_model(diagnoser: Diagnoser, version: str) -> None:
    for backup in ({}, FAILS, {"switch": "off"}):
        report = diagnoser.diagnose({"ios": {"version": version}, "backup": backup})

        assert report.plan.steps
        assert "device.model" not in looked_at(report)


@pytest.mark.slow
def test_nobody_is_asked_for_the_model_because_of_what_is_not_likely(diagnoser: Diagnoser) -> None:
    for person in people():
        report = diagnoser.diagnose(
            oracles.sheet_of(person.answers) | {"tried": dict(person.tried)}
        )

        assert report.plan.steps
        assert not {"device.model", "ios.version"} & set(looked_at(report))


def test_what_was_answered_with_not_sure_is_not_looked_at_again(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(IOS_7 | {"device": {"model": "unknown"}})

    assert report.plan.steps[0].remedy == UPDATE
    assert "device.model" not in looked_at(report)


def test_before_a_night_of_waiting_one_thinks_back_whether_there_was_one(
    diagnoser: Diagnoser,
) -> None:
    report = diagnoser.diagnose(
        {
            "backup": {"switch": "on", "back_up_now": "works", "last_backup": "within-a-week"},
            "wifi": {"connection": "connected", "overnight": "on"},
            "power": {"overnight": "yes"},
            "lock": {"overnight": "yes"},
        }
    )

    assert report.plan.steps[0].seen == "overnight"
    assert "backup.waited_a_day" in looked_at(report)
    assert look_at(report).place == "memory"


@given(packs.randoms())
def test_what_is_looked_at_is_quick_unknown_and_could_forbid_one_of_the_first_steps(
    diagnoser: Diagnoser, built_in: Pack, random: Random
) -> None:
    sheet = packs.random_sheet(random, built_in, random.choice([5, 20, 50]))
    report = diagnoser.diagnose(sheet)
    if report.plan.look is None:
        return
    facts, known = diagnoser.knowledge.facts, oracles.known(built_in.data, sheet)
    first = [
        step.remedy
        for place, step in enumerate(report.plan.steps)
        if not place or (step.together and step.together == report.plan.steps[0].together)
    ]
    assert len({facts[id].place for id in looked_at(report)}) == 1
    for id in looked_at(report):
        assert id not in known
        assert oracles.answer_in(sheet, id) is None
        assert facts[id].effort <= look_first.QUICK
        only_if = facts[id].only_if
        assert only_if is None or only_if.outcome(diagnoser.sheet.read(sheet).known)
        assert any(forbids(built_in, sheet, id, remedy) for remedy in first)


def forbids(pack: Pack, sheet: Data, fact: str, remedy: str) -> bool:
    """Whether any answer to the fact forbids the remedy."""
    return any(
        remedy in {one for one, _ in oracles.barred(pack.data, then)}
        for text in pack.texts[fact]
        for then in [oracles.known(pack.data, oracles.answered(sheet, fact, text))]
    )


# -- in a small pack


def pack_with(share: float, *, effort: float = 0.5, hands_on: float = 20, **more: Any) -> Pack:
    """A pack with one cause and one remedy for it, which a fact forbids that so many of 100 cases
    have."""
    bar = {"when": {"f.b": "red"}, "because": "It is red."}
    remedies = {
        "one": packs.remedy("one", fixes={"a": "always"}, hands_on=hands_on, not_if=[bar]),
        "support": packs.remedy("support", hands_on=600, hand_over=True),
    }
    data = packs.with_remedies({"a": 0.5, "b": 0.0001}, remedies, patience=2.0).data
    facts = data["areas"]["f"]["facts"]
    typical = {"red": share, "green": 100 - share}
    facts = facts | {"b": facts["b"] | {"typical": typical, "effort": effort} | more}
    return packs.linked(data | {"areas": {"f": data["areas"]["f"] | {"facts": facts}}})


def looks(pack: Pack, sheet: Data | None = None) -> list[str]:
    """The facts that are looked at before the first step."""
    case = pack.case(sheet or {})
    found = Evaluator(pack.knowledge).evaluate(case.known)
    belief = believe(pack.knowledge, found.hypotheses, {})
    plan = Planner(pack.knowledge).plan(belief, {}, found.barred)
    assert plan.first == "one"
    looker = look_first.Looker(pack.knowledge)
    return [one.fact.id for one in looker.look_first(case, belief, plan.steps)]


@pytest.mark.parametrize(
    ("share", "effort", "hands_on", "worth_it"),
    [
        (12, 0.5, 20, True),  # a chance of 12 % to spend 25 minutes in vain, for 2.5
        (8, 0.5, 20, False),
        (8, 0.5, 40, True),
        (12, 1.5, 20, False),
        (90, 2.0, 20, True),
        (90, 2.5, 20, False),  # not quick
        (0, 0.5, 20, False),
    ],
)
def test_one_looks_where_the_step_would_more_often_be_in_vain_than_looking_takes(
    share: float, effort: float, hands_on: float, worth_it: bool
) -> None:
    pack = pack_with(share, effort=effort, hands_on=hands_on)

    assert looks(pack) == (["f.b"] if worth_it else [])


def test_what_cannot_be_asked_yet_is_not_looked_at() -> None:
    pack = pack_with(90, only_if={"f.a": "red"})

    assert looks(pack) == []
    assert looks(pack, {"f": {"a": "red"}}) == ["f.b"]


def test_what_no_answer_fits_is_not_looked_at() -> None:
    clash = {
        "when": {"f.a": "red", "f.b": ["red", "green"]},
        "because": "They exclude each other.",
        "ask_again": "f.b",
        "source": ["generated"],
        "reviewed": "2026-01-01",
    }
    pack = packs.linked(pack_with(90).data | {"contradictions": {"x": clash}})

    assert looks(pack) == ["f.b"]
    assert looks(pack, {"f": {"a": "red"}}) == []


# -- where nothing is known


@pytest.mark.slow
def test_where_every_step_is_a_guess_the_best_visit_comes_first(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({}, look_ahead=True)
    [visit, *_] = diagnoser.visits({}).visits.choices

    assert report.finding.kind == "not-known-yet"
    assert look_at(report).kind == "too-little-known"
    assert look_at(report).place == visit.place
    assert looked_at(report) == [one.fact for one in visit.fields if not one.waits_for]
    assert look_at(report).because.startswith(
        "As long as so little is known, every step is a guess."
    )
    assert diagnoser.diagnose({}).plan.look is None


def test_what_is_known_well_enough_needs_no_look(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"wifi": {"connection": "off", "airplane_mode": "off"}})

    assert report.plan.steps[0].remedy == "turn-on-wifi"
    assert report.plan.look is None


@pytest.mark.parametrize("tried", ["helped"])
def test_where_a_remedy_has_helped_nothing_is_looked_at(diagnoser: Diagnoser, tried: str) -> None:
    report = diagnoser.diagnose(IOS_7 | {"tried": {"restart-iphone": tried}}, look_ahead=True)

    assert report.plan.look is None
