"""What a report says of answers that somebody thinks right without being sure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnoser import Diagnoser, Report
from diagnoser.knowledge.wording import IF_SO, YOU_THINK_SO
from diagnoser.rendering import card, handover, html, markdown, reply, text
from diagnoser.replay import replay
from diagnoser.report.record import record

OFF = {"backup": {"switch": {"think": "off"}}}
NO_WIFI = {"wifi": {"connection": {"think": "off"}}, "network": {"cellular_backup": "off"}}


def cause(report: Report, id: str) -> Any:
    return next(one for one in report.causes if one.id == id)


def test_a_thought_makes_a_cause_more_likely_but_proves_nothing(diagnoser: Diagnoser) -> None:
    before, thought, sure = (
        cause(diagnoser.diagnose(facts), "icloud-backup-is-off")
        for facts in ({}, OFF, {"backup": {"switch": "off"}})
    )

    assert before.probability < thought.probability < sure.probability == 1
    assert thought.status == "open"
    [evidence] = [one for one in thought.evidence if one.factor == 1]
    assert evidence.tempered == pytest.approx(0.96 * 0.9)
    assert evidence.facts == {"backup.switch": {"think": "off"}}


def test_a_report_without_thoughts_has_nothing_of_them(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"switch": "off"}, "wifi": {"connection": "connected"}})

    assert not {"tempered", "think"} & keys(json.loads(report.json_text()))
    assert YOU_THINK_SO not in report.json_text()


def keys(plain: object) -> set[str]:
    """All keys at any depth."""
    if isinstance(plain, dict):
        return set(plain).union(*map(keys, plain.values()))
    return set().union(*map(keys, plain)) if isinstance(plain, list) else set()


@pytest.mark.parametrize("facts", [OFF, NO_WIFI], ids=["switch", "wifi"])
def test_a_report_is_the_same_after_its_json(facts: Any, diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(facts, look_ahead=True)

    assert Report.model_validate_json(report.json_text()).json_text() == report.json_text()
    assert report.case == facts


def test_a_recorded_diagnosis_is_repeated(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(NO_WIFI, look_ahead=True)
    [again] = replay([record(report, look_ahead=True)], diagnoser)

    assert again.status == "same"


def test_what_would_be_a_proof_is_looked_at_first(diagnoser: Diagnoser) -> None:
    look = diagnoser.diagnose(OFF).plan.look

    assert look is not None
    assert (look.kind, [one.fact for one in look.facts]) == ("make-sure", ["backup.switch"])
    assert look.because == (
        "You are not sure of this. If it is so, that is it: iCloud Backup is switched off."
    )
    assert diagnoser.diagnose({"backup": {"switch": "off"}}).plan.look is None


def test_a_precondition_that_somebody_thinks_to_hold_is_not_known(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"lock": {"overnight": {"think": "yes"}}} | NO_WIFI)
    checked = {one.id: one for one in report.plan.check}

    assert (checked["locked"].status, checked["locked"].think) == ("not-known", "holds")
    assert checked["locked"].look
    assert (checked["on-a-network"].status, checked["on-a-network"].think) == ("not-known", "fails")
    assert checked["on-power"].think is None
    assert "The screen is locked at night: you think that it holds. To make sure: " in " ".join(
        text(report, full=True).split()
    )


def test_a_remedy_that_may_be_wrong_is_not_advised(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"wifi": {"connection": {"think": "off"}}})
    left_out = {one.remedy: one.because for one in report.plan.left_out}

    assert "join-wifi" not in [step.remedy for step in report.plan.steps]
    assert left_out["join-wifi"].startswith(IF_SO)


def test_nothing_wrong_needs_sure_answers(diagnoser: Diagnoser) -> None:
    today, quiet = {"last_backup": "within-a-day"}, {"message": "none", "back_up_now": "works"}
    thought = {"last_backup": {"think": "within-a-day"}}

    assert diagnoser.diagnose({"backup": today}).finding.kind == "nothing-wrong"
    silent = diagnoser.diagnose({"backup": today | {"message": {"think": "none"}}})
    assert silent.finding.kind == "nothing-wrong"
    perhaps = diagnoser.diagnose({"backup": thought | quiet}).finding
    assert perhaps.kind == "not-known-yet"
    assert perhaps.text.startswith("Perhaps nothing is wrong (78 %)")
    assert perhaps.text.endswith("That rests on an answer of which you are not sure.")


def test_answers_that_do_not_fit_together_say_which_is_thought(diagnoser: Diagnoser) -> None:
    facts = {"backup": {"switch": "off", "back_up_now": {"think": "works"}}}
    for one in diagnoser.diagnose(facts).contradictions:
        assert one.ask_again == "backup.back_up_now"
        assert [answer.endswith(YOU_THINK_SO) for answer in one.answers] == [
            fact == "backup.back_up_now" for fact in one.facts
        ]


@pytest.mark.parametrize("render", [card, handover, html, markdown, reply, text])
def test_every_rendering_says_that_it_is_thought(render: Any, diagnoser: Diagnoser) -> None:
    shown = " ".join(render(diagnoser.diagnose(NO_WIFI)).split())

    assert YOU_THINK_SO in shown or IF_SO in shown or "You are not sure" in shown
    assert "{'think'" not in shown
    assert '{"think"' not in shown or render is html  # which holds the facts to go on with


def test_an_explanation_says_so_too(diagnoser: Diagnoser) -> None:
    explained = diagnoser.explain(OFF, "icloud-backup-is-off").causes[0]
    [rule] = [one for one in explained.how.evidence if one.says == "proves"]

    assert rule.tempered
    assert rule.ratio == pytest.approx(1 / (1 - 0.96 * 0.9), abs=0.01)
    assert [one.label for one in rule.facts] == [f"No, it is off {YOU_THINK_SO}"]
    assert explained.status == "open"
    reported = cause(diagnoser.diagnose(OFF), "icloud-backup-is-off")
    assert explained.probability == reported.probability


def test_what_if_answers_another_question_is_what_a_diagnosis_would_say(
    diagnoser: Diagnoser,
) -> None:
    facts = {"wifi": {"connection": {"think": "off"}}}
    [changed] = [
        one
        for one in diagnoser.explain(facts, "wifi-is-off").causes[0].missing
        if one.fact == "network.cellular_backup"
    ]
    for effect in changed.answers:
        for value in effect.values:
            now = diagnoser.diagnose(facts | {"network": {"cellular_backup": value}})
            assert cause(now, "wifi-is-off").probability == effect.probability
