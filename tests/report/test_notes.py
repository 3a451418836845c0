"""What a pack notes of a case is said beside the finding, and changes no verdict."""

from __future__ import annotations

import pytest

from diagnoser import Diagnoser
from diagnoser.rendering import html, markdown, text
from tests.phones import Scenario, scenarios

IPADS = ["iPad", "iPad Pro 11-inch (M4)", "iPad13,4", "ipad mini"]
HARMLESS = [("account", "advanced_protection"), ("device", "lockdown_mode")]


@pytest.mark.parametrize("model", IPADS)
def test_an_ipad_gets_a_diagnosis_and_is_told_what_is_not_known_of_it(
    diagnoser: Diagnoser, model: str
) -> None:
    sheet = {"backup": {"switch": "off"}, "device": {"model": model}}
    report, phone = diagnoser.diagnose(sheet), diagnoser.diagnose({"backup": {"switch": "off"}})

    assert report.case["device"]["model"] == "iPad"
    assert report.finding.kind == phone.finding.kind
    assert report.finding.text.startswith(f"{phone.finding.text} This is an iPad")
    assert [step.remedy for step in report.plan.steps] == [one.remedy for one in phone.plan.steps]
    assert report.contradictions == []


def test_nothing_is_noted_of_an_iphone(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"device": {"model": "iPhone 15"}})

    assert "iPad" not in report.finding.text


@pytest.mark.parametrize("scenario", scenarios()[::7], ids=lambda one: one.case)
def test_modes_of_which_nothing_bad_is_known_change_no_cause_and_no_step(
    diagnoser: Diagnoser, scenario: Scenario
) -> None:
    sheet = scenario.sheet(diagnoser)
    report = diagnoser.diagnose(sheet)
    for area, name in HARMLESS:
        with_it = diagnoser.diagnose({**sheet, area: {**sheet.get(area, {}), name: "on"}})

        assert with_it.causes == report.causes
        assert [one.remedy for one in with_it.plan.steps] == [
            one.remedy for one in report.plan.steps
        ]
        assert with_it.next_question == report.next_question
        assert "Nothing is known of" in with_it.finding.text


def test_modes_of_which_nothing_bad_is_known_are_not_asked_for(diagnoser: Diagnoser) -> None:
    asked = {f"{area}.{name}" for area, name in HARMLESS}
    for scenario in scenarios()[::20]:
        question = diagnoser.next_question(scenario.sheet(diagnoser))

        assert question is None or question.fact not in asked


def test_what_is_noted_is_the_same_in_text_and_page(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"device": {"lockdown_mode": "on"}})

    for shown in (text(report), markdown(report), html(report)):
        assert "Nothing is known of Lockdown Mode" in " ".join(shown.split())
