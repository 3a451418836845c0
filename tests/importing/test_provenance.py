"""Where a fact is from goes with it: through a facts file into report, explanation and
renderings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts, Report
from diagnoser.rendering import handover, html, markdown, text
from diagnoser.replay import replay
from diagnoser.report.record import record
from tests.commands import EXAMPLES, invoke

TOLD = {"file": "jamf.json", "key": "general.os_version", "value": "26.1", "date": "2026-11-03"}
FACTS: dict[str, Any] = {
    "ios": {"version": "26.1"},
    "backup": {"switch": "off"},
    "provenance": {"ios.version": TOLD, "backup.switch": {**TOLD, "date": None}},
}
PLAIN = {area: facts for area, facts in FACTS.items() if area != "provenance"}


def told(report: Report) -> dict[str, Any]:
    return {one.fact: one.provenance.model_dump() for one in report.answers if one.provenance}


def test_the_report_says_where_each_fact_is_from(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FACTS)
    assert told(report) == FACTS["provenance"]
    assert Report.model_validate_json(report.json_text()) == report
    schema = Report.model_json_schema(mode="serialization")
    jsonschema.validate(json.loads(report.json_text()), schema)


def test_it_changes_nothing_else(diagnoser: Diagnoser) -> None:
    report = json.loads(diagnoser.diagnose(FACTS, look_ahead=True).json_text())
    for one in report["answers"]:
        one.pop("provenance", None)
    assert report == json.loads(diagnoser.diagnose(PLAIN, look_ahead=True).json_text())


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_report_without_any_does_not_name_it(path: Path, diagnoser: Diagnoser) -> None:
    assert "provenance" not in diagnoser.diagnose(json.loads(path.read_text())).json_text()


def test_the_explanation_says_it_at_each_reason(diagnoser: Diagnoser) -> None:
    facts = {**FACTS, "device": {"model": "iPhone 12"}}
    facts["provenance"] = {**facts["provenance"], "device.model": TOLD}
    found = {
        used.fact: used.provenance
        for cause in diagnoser.explain(facts).causes
        for rule in cause.how.evidence
        for used in rule.facts
    }
    assert found["backup.switch"] is not None
    assert found["backup.switch"].file == "jamf.json"
    newest = found.get("device.newest_ios")  # follows from the model
    assert newest is None or newest.file == "jamf.json"


def test_people_read_it_in_every_rendering(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FACTS)
    for render in (text, markdown, html, handover):
        shown = render(report).replace("\\", "").replace("\n", " ")
        assert "jamf.json, general.os_version, 2026-11-03" in " ".join(shown.split()), render
    page = invoke("explain", "-", input=json.dumps(FACTS)).stdout
    assert "(from jamf.json, general.os_version)" in " ".join(page.split())


def test_a_record_keeps_it(diagnoser: Diagnoser) -> None:
    line = record(diagnoser.diagnose(FACTS), look_ahead=False)
    assert [one.status for one in replay([line], diagnoser)] == ["same"]


def test_a_conversation_keeps_it(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, FACTS)
    again = Interview.load(diagnoser, interview.json_text())
    assert told(again.report()) == FACTS["provenance"]
    again.change("backup.switch", "on")
    assert told(again.report()) == {"ios.version": TOLD}
    again.answer({"ios.version": "26.2"})
    assert told(again.report()) == {}
    assert "provenance" not in Interview.start(diagnoser, PLAIN).json_text()


def test_what_is_set_is_not_from_the_file_any_more() -> None:
    done = invoke(
        "diagnose", "-", "--set", "ios.version=26.2", "--format", "json", input=json.dumps(FACTS)
    )
    assert list(told(Report.model_validate_json(done.stdout))) == ["backup.switch"]


def test_the_schema_knows_it(diagnoser: Diagnoser) -> None:
    jsonschema.validate(FACTS, diagnoser.sheet.schema())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "provenance: Input should be a valid dictionary"),
        ({"ios.version": "jamf"}, "provenance.ios.version: "),
        ({"ios.version": {**TOLD, "who": "x"}}, "provenance.ios.version.who: "),
        ({"ios.version": {**TOLD, "file": "x" * 201}}, "provenance.ios.version.file: "),
        ({"ios.versoin": TOLD}, 'did you mean "ios.version"?'),
        ({"ios.version": {**TOLD, "file": "\ud800"}}, "provenance.ios.version.file: "),
    ],
)
def test_mistakes_in_it_are_named_with_all_others(
    wrong: Any, said: str, diagnoser: Diagnoser
) -> None:
    with pytest.raises(InvalidFacts) as caught:
        diagnoser.diagnose({"wifi": {"connection": "of"}, "provenance": wrong})
    text = str(caught.value)
    assert said in text
    assert "wifi.connection" in text
