"""The scenarios of `tests/scenarios/*.yaml`: whole phones, written from the domain, and what must
come out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from diagnoser import Diagnoser, Report

FOLDER = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class Scenario:
    file: str
    case: str
    kind: str
    facts: dict[str, str]
    expect: dict[str, Any]
    tip: int | None

    def sheet(self, diagnoser: Diagnoser) -> dict[str, Any]:
        return diagnoser.sheet.read_texts(self.facts.items())


def scenarios() -> list[Scenario]:
    """Every scenario, in the order of files and lines."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for raw in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["scenarios"]:
            tip = int(raw["tip"]) if "tip" in raw else None
            found.append(
                Scenario(path.stem, raw["case"], raw["kind"], raw["facts"], raw["expect"], tip)
            )
    return found


def several_to_do(diagnoser: Diagnoser, steps: int = 0) -> dict[str, Any]:
    """A phone of the scenarios with more than one proven cause that somebody can mend alone, and
    with so many steps in its plan."""
    for scenario in scenarios():
        sheet = scenario.sheet(diagnoser)
        if "tried" in sheet:
            continue
        report = diagnoser.diagnose(sheet)
        musts = [step for step in report.plan.steps if step.must]
        if len(report.plan.steps) < steps:
            continue
        if len(musts) > 1 and not report.contradictions and not any(s.hand_over for s in musts):
            return sheet
    raise AssertionError("no scenario has several proven causes")


def one_night_for_several(diagnoser: Diagnoser) -> dict[str, Any]:
    """A phone of the scenarios whose plan begins with steps that are tested after one night."""
    for scenario in scenarios():
        sheet = scenario.sheet(diagnoser)
        first, *rest = [*diagnoser.diagnose(sheet).plan.steps, None, None][:2]
        if first and rest[0] and first.together is not None and first.seen == "overnight":
            return sheet
    raise AssertionError("no scenario has several steps for one night")


def something_to_prepare(diagnoser: Diagnoser) -> dict[str, Any]:
    """A phone of the scenarios, with what could not be done there, so that the next step only
    prepares another one."""
    for scenario in scenarios():
        sheet = {"tried": {}, **scenario.sheet(diagnoser)}
        for _ in range(12):
            steps = diagnoser.diagnose(sheet).plan.steps
            first = steps[0] if steps else None
            if first is None or (first.chance is None and not first.must and not first.hand_over):
                break
            sheet["tried"] = {**sheet["tried"], first.remedy: "could-not-do"}
        if first is not None and not first.fixes:
            return sheet
    raise AssertionError("no scenario has a step that only prepares another")


def failures(report: Report, expect: dict[str, Any]) -> Iterator[str]:
    """What the report does not fulfil of a scenario's expectations, a sentence each."""
    order = [cause.id for cause in report.causes]
    by_status = {
        status: {c.id for c in report.causes if c.status == status}
        for status in ("proven", "ruled-out")
    }
    steps = [step.remedy for step in report.plan.steps]
    left_out = {one.remedy for one in report.plan.left_out}
    checks = {
        "first_cause": lambda wanted: order[0] in _list(wanted),
        "top_three": lambda wanted: set(_list(wanted)) <= set(order[:3]),
        "proven": lambda wanted: set(wanted) <= by_status["proven"],
        "not_proven": lambda wanted: not set(wanted) & by_status["proven"],
        "ruled_out": lambda wanted: set(wanted) <= by_status["ruled-out"],
        "first_step": lambda wanted: steps[:1] and steps[0] in _list(wanted),
        "steps_in_order": lambda wanted: [step for step in steps if step in wanted] == wanted,
        "in_plan": lambda wanted: set(wanted) <= set(steps),
        "not_in_plan": lambda wanted: not set(wanted) & set(steps),
        "left_out": lambda wanted: set(wanted) <= left_out,
    }
    for key, wanted in expect.items():
        if not checks[key](wanted):
            first = ", ".join(f"{c.id} {c.probability:.2f} {c.status}" for c in report.causes[:4])
            found = f"causes {first}; steps {steps}; left out {sorted(left_out)}"
            yield f"{key} should be {wanted}; {found}"


def _list(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else wanted
