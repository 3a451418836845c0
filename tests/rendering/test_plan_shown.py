"""What a plan says besides its steps: what to look at first, and what is done in one night."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diagnoser import Diagnoser, Report
from diagnoser.interview.interview import Interview
from diagnoser.rendering import handing_over, html, markdown, text, ticket, views, words
from tests.markup import Reader

NIGHTS = {
    "backup": {
        "switch": "on",
        "message": "none",
        "back_up_now": "works",
        "last_backup": "within-two-weeks",
        "waited_a_day": "no",
    },
    "wifi": {"connection": "connected", "low_data_mode": "off"},
    "power": {"overnight": "yes", "symbol": "charging", "low_power_mode": "on"},
    "lock": {"overnight": "yes"},
    "ios": {"version": "18.7.10"},
    "device": {"model": "iPhone XR"},
}
IOS_7 = {"ios": {"version": "7.1.2"}, "backup": {"switch": "on", "back_up_now": "fails-at-once"}}


def page(report: Report) -> str:
    return read(html(report))


def card(report: Report) -> str:
    return read(ticket.card(report))


def read(source: str) -> str:
    """What a person reads of it."""
    return " ".join(Reader(source).text().split())


def plain(report: Report) -> str:
    return " ".join(text(report).split())


def note(report: Report) -> str:
    return " ".join(markdown(report).replace("*", "").replace("\\", "").split())


WAYS = pytest.mark.parametrize("shown", [plain, note, page, card])


@pytest.fixture(scope="module")
def nights(diagnoser: Diagnoser) -> Report:
    """A case whose plan begins with several steps for one night."""
    report = diagnoser.diagnose(NIGHTS)
    group = [step for step in report.plan.steps if step.together == 1]
    assert len(group) > 2
    assert not any(step.must for step in group)
    assert group == report.plan.steps[: len(group)]
    return report


@WAYS
def test_the_chance_of_several_steps_for_one_night_is_said_once(
    nights: Report, shown: Callable[[Report], str]
) -> None:
    said = shown(nights)
    helps = words.percent(nights.plan.steps[0].chance or 0.0)

    assert "wait one night" in said
    assert said.count(f"help: {helps}") + said.count(f"helps: {helps}") == 1
    assert said.count("wait one night") == 1


def test_text_and_page_say_what_to_do_together_and_then_one_by_one(nights: Report) -> None:
    titles = [title for title, _ in views.groups(nights)]

    assert titles[0].startswith("Do these together, then wait one night (helps: ")
    assert "After that, one after the other, until it works" in titles
    assert titles[-1] == "If none of this has helped"
    for title in titles:
        assert f"{title}:" in plain(nights)
        assert title in page(nights)


@pytest.mark.parametrize("shown", [note, card])
def test_note_and_card_name_the_other_steps_of_the_night(
    nights: Report, shown: Callable[[Report], str]
) -> None:
    count = sum(step.together == 1 for step in nights.plan.steps)
    others = words.joined([str(number) for number in range(2, count + 1)])

    assert f"together with steps {others}, then wait one night" in shown(nights)
    assert shown(nights).count("together with step 1") == count - 1


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (plain, "Do this first, then wait one night, and see whether it works:"),
        (note, "must; seen after a night"),
        (page, "Do this first, then wait one night, and see whether it works"),
        (card, "do this first; seen after a night"),
    ],
)
def test_one_step_for_a_proven_cause_says_that_it_takes_a_night(
    diagnoser: Diagnoser, shown: Callable[[Report], str], says: str
) -> None:
    report = diagnoser.diagnose({"power": {"overnight": "no"}, "backup": {"back_up_now": "works"}})

    assert report.plan.steps[0].must
    assert report.plan.steps[0].seen == "overnight"
    assert says in shown(report)


@WAYS
def test_what_to_look_at_comes_before_the_first_step(
    diagnoser: Diagnoser, shown: Callable[[Report], str]
) -> None:
    report = diagnoser.diagnose(IOS_7)
    look = report.plan.look
    assert look is not None
    said = shown(report)
    lines = [look.because, *look.go, look.facts[0].ask, *look.facts[0].look]

    assert f"First look: {look.title}" in said
    assert [line for line in lines if line not in said] == []
    places = [said.index(f"First look: {look.title}"), said.index(report.plan.steps[0].do[0])]
    assert places == sorted(places)


@WAYS
def test_without_anything_to_look_at_nothing_is_said_of_it(
    diagnoser: Diagnoser, shown: Callable[[Report], str]
) -> None:
    report = diagnoser.diagnose({"wifi": {"connection": "off", "airplane_mode": "off"}})

    assert report.plan.look is None
    assert "First look" not in shown(report)


def handed_over(diagnoser: Diagnoser, report: Report) -> str:
    shown = words.Page(100)
    handing_over.write(shown, Interview.start(diagnoser), report)
    return " ".join(shown.text().split())


def test_who_helps_on_reads_what_to_look_at_and_what_belongs_to_one_night(
    diagnoser: Diagnoser, nights: Report
) -> None:
    titles = [step.title for step in nights.plan.steps if step.together == 1]

    assert f"{'; '.join(titles)}, together, for one night" in handed_over(diagnoser, nights)
    assert "What to look at first: - Which iPhone is it?" in handed_over(
        diagnoser, diagnoser.diagnose(IOS_7)
    )
