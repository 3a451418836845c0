"""The SARIF log: valid by its schema, the same every time, and safe to show."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, Report
from diagnoser.rendering import sarif, views
from diagnoser.rendering.words import is_address
from tests import packs
from tests.commands import EXAMPLES, ROOT, invoke
from tests.rendering.test_html import CASES
from tests.rendering.test_rendering import HOSTILE, poison

SCHEMA = json.loads((ROOT / "tests" / "sarif" / "schema-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def log_of(report: Report) -> dict[str, Any]:
    """The one run of the log, which must be valid."""
    log = json.loads(sarif.render(report))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    assert list(VALIDATOR.iter_errors({"version": "2.0.0", "runs": []}))


@pytest.mark.parametrize("case", CASES)
def test_every_log_is_valid_and_points_where_it_says(
    diagnoser: Diagnoser, case: dict[str, Any]
) -> None:
    report = diagnoser.diagnose(case, look_ahead=True)
    run = log_of(report)
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == sorted(diagnoser.knowledge.causes)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert all(is_address(rule["helpUri"]) for rule in rules if "helpUri" in rule)


def test_random_cases_make_valid_logs(diagnoser: Diagnoser, built_in: packs.Pack) -> None:
    for number in range(10):
        report = diagnoser.diagnose(packs.random_sheet(Random(number), built_in))
        log_of(report)
        assert sarif.render(report) == sarif.render(Report.model_validate_json(report.json_text()))


def test_results_are_what_is_proven_or_likely(diagnoser: Diagnoser) -> None:
    facts = json.loads((EXAMPLES / "several-causes.json").read_text("utf-8"))
    report = diagnoser.diagnose(facts)
    results = {result["ruleId"]: result for result in log_of(report)["results"]}
    shown = [
        cause
        for cause in report.causes
        if cause.status != "ruled-out" and cause.probability >= views.WORTH_A_LINE
    ]

    assert list(results) == [cause.id for cause in shown]
    for cause in shown:
        result = results[cause.id]
        assert result["rank"] == pytest.approx(cause.probability * 100, abs=0.01)
        assert (result["level"] == "error") is (cause.status == "proven")
        assert cause.title in result["message"]["text"]
        read = {fact for one in cause.evidence for fact in one.facts}
        places = [one["logicalLocations"][0] for one in result["relatedLocations"]]
        assert {place["fullyQualifiedName"] for place in places} == read


def test_contradictions_are_notices_of_the_run(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"switch": "off", "back_up_now": "works"}})
    (invocation,) = log_of(report)["invocations"]

    (notice,) = invocation["toolExecutionNotifications"]
    assert report.contradictions[0].because in notice["message"]["text"]


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_texts_stay_texts(diagnoser: Diagnoser, bad: str) -> None:
    facts = json.loads((EXAMPLES / "several-causes.json").read_text("utf-8"))
    report = poison(diagnoser.diagnose(facts), bad)
    # One cause, because the schema wants rules that differ.
    run = log_of(report.model_copy(update={"causes": report.causes[:1]}))

    for text in strings(run):
        assert text.isprintable()
    for result in run["results"]:
        assert plain(result["message"]["text"])


@given(st.text(st.characters(), max_size=30))
def test_no_text_becomes_a_link_or_a_placeholder(anything: str) -> None:
    assert plain(sarif.message(anything))


def plain(message: str) -> bool:
    """Whether a message has neither a link nor a placeholder."""
    rest = re.sub(r"\\[\\\[\]]|\{\{|\}\}", "", message)
    return message.isprintable() and not set(rest) & set("[]{}\\")


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.items() for part in one for text in strings(part)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


def test_the_command_writes_the_log() -> None:
    file = str(EXAMPLES / "storage-is-full.json")

    result = invoke("diagnose", file, "--format", "sarif")

    assert result.exit_code == 0
    VALIDATOR.validate(json.loads(result.stdout))
