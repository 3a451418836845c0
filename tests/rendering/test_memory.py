"""Working memory, as the library gives it and as `explain --memory` shows it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.inference.inference import Remembered
from diagnoser.rendering import memory
from tests.commands import EXAMPLES, done

EXAMPLE = EXAMPLES / "storage-is-full.json"
SHEET = json.loads(EXAMPLE.read_bytes())


@pytest.fixture(scope="module")
def remembered(diagnoser: Diagnoser) -> list[Remembered]:
    return diagnoser.memory(SHEET)


def test_memory_goes_from_what_is_known_to_the_plan(remembered: list[Remembered]) -> None:
    kinds = list(dict.fromkeys(one.fact for one in remembered))

    assert kinds[: kinds.index("Sign")] == [area for area in SHEET if area != "tried"]
    assert kinds[kinds.index("Sign") :] == [
        "Sign",
        "Barred",
        "Evidence",
        "Hypothesis",
        "Candidate",
        "Belief",
        "Step",
        "Plan",
    ]


def test_memory_says_what_the_report_says(
    diagnoser: Diagnoser, remembered: list[Remembered]
) -> None:
    report = diagnoser.diagnose(SHEET)
    steps = [one.values["remedy"] for one in remembered if one.fact == "Step"]
    ruled_out = {
        one.values["cause"] for one in remembered if one.values.get("status") == "ruled-out"
    }

    assert steps == [step.remedy for step in report.plan.steps]
    assert ruled_out == {cause.id for cause in report.causes if cause.status == "ruled-out"}


def test_memory_is_the_same_every_time(diagnoser: Diagnoser, remembered: list[Remembered]) -> None:
    backwards = {area: dict(reversed(facts.items())) for area, facts in reversed(SHEET.items())}

    assert diagnoser.memory(backwards) == remembered == Diagnoser().memory(SHEET)


def test_memory_of_mistaken_facts_names_the_mistake(diagnoser: Diagnoser) -> None:
    with pytest.raises(InvalidFacts, match=r"wifi\.conection"):
        diagnoser.memory({"wifi": {"conection": "off"}})


def test_memory_is_shown_as_experta_writes_it(remembered: list[Remembered]) -> None:
    shown = flat(memory.text(remembered, 80))
    for one in remembered:
        first = next(iter(one.values.items()))
        if one.fact not in ("Belief", "Plan"):
            assert f"- {one.fact}({first[0]}={first[1]!r}" in shown
    assert re.search(r"Barred\(remedy='join-wifi', number=\d+\)", shown)
    assert "Plan(expected_minutes=" in shown
    assert "- join-wifi: Wi-Fi is off." in shown
    assert all(len(line) <= 80 for line in memory.text(remembered, 80).splitlines())


def test_memory_comes_after_the_explanation() -> None:
    shown = done("explain", str(EXAMPLE), "--memory")
    explained = done("explain", str(EXAMPLE))

    assert shown.startswith(explained)
    assert "Working memory" in shown.removeprefix(explained)
    assert "Working memory" not in explained


def test_memory_is_beside_the_explanation_and_the_trace(remembered: list[Remembered]) -> None:
    both = json.loads(done("explain", str(EXAMPLE), "--memory", "--format", "json"))
    all_three = json.loads(done("explain", str(EXAMPLE), "--memory", "--trace", "--format", "json"))

    assert [*both] == ["explanation", "memory"]
    assert [*all_three] == ["explanation", "trace", "memory"]
    assert both["memory"] == [plain(one) for one in remembered]


def test_hostile_texts_stay_texts() -> None:
    hostile = "\x1b[31m<b>*`|\n# x"
    facts = [Remembered("Plan", {"expected_minutes": 1.0, "left_out": ((hostile, hostile),)})]

    assert "\x1b" not in memory.text(facts)
    assert "\x1b" not in memory.markdown(facts)
    assert "<b>" not in memory.markdown(facts)
    assert "\n# x" not in memory.markdown(facts)


def plain(one: Remembered) -> Any:
    return json.loads(json.dumps({"fact": one.fact, "values": dict(one.values)}))


def flat(text: str) -> str:
    return " ".join(text.split())
