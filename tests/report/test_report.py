"""The parts of a report: frozen, made of exactly their fields, and the same again from JSON."""

from __future__ import annotations

import pickle
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from diagnoser import Diagnoser, Report
from diagnoser.report.model import CauseFound, Stop
from tests.phones import scenarios


def test_a_part_of_a_report_is_the_same_again_from_its_json() -> None:
    stop = Stop(advised=True, because="Enough is known.")

    assert Stop.model_validate_json(stop.model_dump_json()) == stop
    assert Stop.model_validate(stop.model_dump()) == stop
    assert stop != stop.model_copy(update={"advised": False})


def test_a_report_is_the_same_again_from_its_json(diagnoser: Diagnoser) -> None:
    for scenario in scenarios()[::10]:
        report = diagnoser.diagnose(scenario.sheet(diagnoser))
        again = Report.model_validate_json(report.json_text())

        assert again == report
        assert again.json_text() == report.json_text()
        assert Report.model_validate(report.model_dump()) == report


@pytest.mark.parametrize(
    ("given", "wrong"), [({}, "because"), ({"because": "", "way": 1}, "way")], ids=str
)
def test_a_part_of_a_report_is_made_of_exactly_its_fields(
    given: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ValidationError, match=wrong):
        Stop(advised=True, **given)


def test_a_part_of_a_report_does_not_change() -> None:
    stop = Stop(advised=True, because="")

    with pytest.raises(ValidationError, match="frozen"):
        stop.advised = False  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        del stop.because


@pytest.mark.parametrize(
    "changes", [{"status": "likely"}, {"probability": 1.5}, {"missing": "wifi.signal"}], ids=str
)
def test_a_cause_has_a_known_status_and_a_probability(
    diagnoser: Diagnoser, changes: dict[str, Any]
) -> None:
    plain = diagnoser.diagnose({}).causes[0].model_dump()

    with pytest.raises(ValidationError, match=next(iter(changes))):
        CauseFound.model_validate(plain | changes)


def test_reports_share_no_facts_of_their_evidence(diagnoser: Diagnoser) -> None:
    first, second = (diagnoser.diagnose({"wifi": {"connection": "off"}}) for _ in range(2))
    mine, others = (
        next(one for cause in report.causes for one in cause.evidence) for report in (first, second)
    )
    mine.facts["wifi.connection"] = "connected"

    assert others.facts == {"wifi.connection": "off"}
    assert diagnoser.diagnose({"wifi": {"connection": "off"}}) == second


def test_a_report_can_be_copied_and_sent_to_another_process(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"wifi": {"connection": "off"}})

    assert pickle.loads(pickle.dumps(report)) == deepcopy(report) == report


def test_the_schema_of_a_report_says_what_its_numbers_are() -> None:
    schema = Report.model_json_schema(mode="serialization")
    cause = schema["$defs"]["CauseFound"]["properties"]
    step = schema["$defs"]["PlanStep"]["properties"]
    checked = schema["$defs"]["PreconditionChecked"]["properties"]
    finding = schema["$defs"]["Finding"]["properties"]

    assert schema["properties"]["schema"]["const"] == 2
    assert cause["status"]["enum"] == ["proven", "open", "ruled-out"]
    assert (cause["probability"]["minimum"], cause["probability"]["maximum"]) == (0, 1)
    assert step["wait_minutes"]["description"] == "In minutes."
    assert checked["status"]["enum"] == ["holds", "fails", "not-known"]
    assert finding["kind"]["enum"] == ["fault", "several-faults", "nothing-wrong", "not-known-yet"]
    assert all(one.get("description") for one in (finding["kind"], finding["text"]))
