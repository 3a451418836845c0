"""What a helpdesk puts into a ticket: the card, the reply, the tags, and the text to hand over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, Interview, Report, rendering
from diagnoser.rendering import card, handing_over, handover, reply, tags, ticket, views, words
from tests import packs
from tests.commands import EXAMPLES
from tests.markup import Reader
from tests.rendering.test_html import CASES, CONTRADICTION
from tests.rendering.test_rendering import HOSTILE, poison

RENDERINGS: list[Callable[[Report], str]] = [
    getattr(rendering, name) for name in rendering.__all__ if name != "tags"
]


@pytest.fixture(scope="module")
def reports(diagnoser: Diagnoser) -> list[Report]:
    return [diagnoser.diagnose(case, look_ahead=True) for case in CASES]


@pytest.mark.parametrize("render", RENDERINGS)
def test_each_rendering_is_the_same_for_a_report_that_was_read_again(
    reports: list[Report], render: Callable[[Report], str]
) -> None:
    for report in reports:
        shown = render(report)

        assert shown == render(Report.model_validate_json(report.json_text()))
        assert shown.endswith("\n")
        assert report.finding.text.split()[0] in shown or views.helped(report) or render is reply


def test_what_is_not_public_is_refused_by_its_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'pdf'"):
        rendering.pdf  # noqa: B018


# -- the card


@pytest.mark.parametrize("details", [True, False])
def test_the_card_has_only_what_sanitisers_leave(reports: list[Report], details: bool) -> None:
    for report in reports:
        piece = Reader(card(report, details=details))

        assert set(piece.tags) <= (ticket.TAGS | ticket.FOLD if details else ticket.TAGS)
        assert {(tag, name) for tag, name, _ in piece.attributes} <= {("a", "href")}
        assert all(one.startswith(("https://", "http://")) for one in piece.values("href"))
        assert (report.knowledge.version in piece.text()) == details


def test_the_card_is_at_most_five_lines_with_the_long_one_behind_them(
    reports: list[Report],
) -> None:
    for report in reports:
        short, long = card(report, details=False), card(report)

        assert set(Reader(short).tags) <= {"div", "p", "b"}
        assert 1 <= short.count("<p>") <= 5
        assert long.startswith(short.removesuffix("</div>\n") + "<details>")


def test_the_five_lines_tell_finding_reason_first_step_and_question(diagnoser: Diagnoser) -> None:
    facts = json.loads((EXAMPLES / "vpn-stands-in-the-way.json").read_text("utf-8"))
    report = diagnoser.diagnose(facts, look_ahead=True)
    said = Reader(card(report, details=False)).text()

    assert report.next_question
    assert report.finding.text in said
    assert views.reasons(views.most_likely(report)[0], against=False)[0] in said
    assert f"Do: {report.plan.steps[0].title} (2 min; helps: 66" in said
    assert report.next_question.ask in said


def test_the_card_tells_of_answers_that_do_not_fit_together(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(CONTRADICTION)
    (found,) = report.contradictions

    for details in (True, False):
        said = Reader(card(report, details=details)).text()
        assert found.because in said
        assert found.ask in said


def test_the_long_card_tells_the_whole_plan(reports: list[Report]) -> None:
    for report in reports:
        said = Reader(card(report)).text()

        if not views.helped(report):
            assert all(step.title in said for step in report.plan.steps)
        if report.next_question:
            assert said.count(report.next_question.ask) > 1


# -- the reply


def test_the_reply_tells_what_to_do_first_and_how_it_is_seen(diagnoser: Diagnoser) -> None:
    facts = json.loads((EXAMPLES / "storage-is-full.json").read_text("utf-8"))
    report = diagnoser.diagnose(facts, look_ahead=True)
    said = reply(report)
    must = [step for step in report.plan.steps if step.must]

    assert report.finding.text in said
    assert len(must) == 2
    for step in must:
        assert step.title in said
        assert all(f"  - {line}" in said for line in step.do)
        assert f"You see that it worked by this: {step.check}" in said
        assert not step.caveat or f"Note: {step.caveat}" in said
        assert all(lost in said for lost in step.loses)
    assert report.plan.steps[2].title not in said
    assert "There are 10 more steps to try." in said


def test_the_reply_lets_nobody_delete_anything_on_a_guess(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({}, look_ahead=True)
    said = reply(report)

    assert report.plan.look
    assert report.plan.look.kind == "too-little-known"
    assert all(line in said for line in views.look_lines(report.plan.look))
    assert not [step.title for step in report.plan.steps if step.title in said]


def test_the_reply_asks_for_another_look_where_answers_do_not_fit(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(CONTRADICTION)

    assert f"please check this once more:\n  - {report.contradictions[0].ask}" in reply(report)


def test_the_reply_to_somebody_who_was_helped_asks_nothing(diagnoser: Diagnoser) -> None:
    said = reply(diagnoser.diagnose({"tried": {"restart-iphone": "helped"}}, look_ahead=True))

    assert "works again" in said
    assert "lease tell us" not in said
    assert "?" not in said


# -- the tags


@given(data=st.data())
def test_tags_are_short_words_made_of_ids(
    diagnoser: Diagnoser, built_in: packs.Pack, data: st.DataObject
) -> None:
    report = diagnoser.diagnose(data.draw(packs.sheets(built_in)))
    found = tags(report)
    knowledge = diagnoser.knowledge

    assert found[0].startswith("finding-")
    assert len(found) == len(set(found))
    for tag in found:
        assert re.fullmatch("[a-z0-9-]{3,60}", tag)
        kind, _, id = tag.partition("-")
        assert kind not in ("proven", "likely") or id in knowledge.causes
        assert kind != "step" or id in knowledge.remedies
    assert {f"proven-{one.id}" for one in views.proven(report)} <= {*found} or views.helped(report)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["finding-not-known-yet", "step-free-icloud-space"]),
        ({"tried": {"restart-iphone": "helped"}}, ["finding-works-again"]),
        (
            {"wifi": {"connection": "off"}, "network": {"cellular_backup": "off"}},
            ["finding-fault", "proven-wifi-is-off", "step-turn-on-wifi"],
        ),
        (
            CONTRADICTION,
            [
                *("finding-fault", "proven-icloud-backup-is-off"),
                *("contradiction", "step-turn-on-icloud-backup"),
            ],
        ),
    ],
)
def test_tags_name_finding_causes_and_first_step(
    diagnoser: Diagnoser, facts: dict[str, Any], expected: list[str]
) -> None:
    assert tags(diagnoser.diagnose(facts)) == expected


@pytest.mark.parametrize("bad", HOSTILE)
def test_no_text_of_a_report_becomes_a_tag_of_another_form(bad: str, reports: list[Report]) -> None:
    for report in reports:
        assert all(re.fullmatch("[a-z0-9-]+", tag) for tag in tags(poison(report, bad)))


# -- what is handed over


def test_who_helps_on_reads_what_was_answered_and_tried(diagnoser: Diagnoser) -> None:
    facts = json.loads((EXAMPLES / "tried-already.json").read_text("utf-8"))
    report = diagnoser.diagnose(facts, look_ahead=True)
    said = handover(report)
    answered, _, tried = said.partition("What was tried:")

    assert facts["tried"]
    for one in report.answers:
        if one.fact.startswith("tried."):
            title = diagnoser.knowledge.remedies[one.fact.removeprefix("tried.")].title
            assert f"  - {title}: {one.answer}" in tried
        else:
            assert f"  - {one.ask} {one.answer}" in answered
    assert report.knowledge.digest[:12] in said


def test_a_conversation_hands_over_the_same_text(diagnoser: Diagnoser) -> None:
    for facts in CASES:
        interview = Interview.start(diagnoser, facts)
        page = words.Page(1000)
        handing_over.write(page, interview, interview.report())
        told = page.text().split(f"{interview.diagnoser.knowledge.title}\n\n")[1]

        assert told == handover(interview.report())


# -- hostile texts


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("render", [reply, handover])
def test_no_order_reaches_whoever_reads_a_plain_text(
    bad: str, render: Callable[[Report], str], reports: list[Report]
) -> None:
    for report in reports:
        lines = render(poison(report, bad)).splitlines()

        assert all(line.isprintable() for line in lines)
        assert len(lines) == len(render(poison(report, "word")).splitlines())
