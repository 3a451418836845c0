"""A report as a SARIF 2.1.0 log: causes are rules, those that are proven or likely are results."""

from __future__ import annotations

import re
from typing import Any

from diagnoser.rendering import views
from diagnoser.rendering.words import clean, is_address, joined
from diagnoser.report.canonical_json import as_json
from diagnoser.report.model import CauseFound, Contradiction, Report
from diagnoser.version import __version__

Data = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LIKELY = 0.2
"""An open cause of at least this probability is a warning, a less probable one a note."""
CONTRADICTION = "contradiction"
_LINK = re.compile(r"[\\\[\]]")
_PLACEHOLDER = re.compile(r"[{}]")


def message(text: object) -> str:
    """The text for a SARIF message, with escapes for what would be a placeholder or a link (3.11.5
    and 3.11.6 of the standard)."""
    return _PLACEHOLDER.sub(r"\g<0>\g<0>", _LINK.sub(r"\\\g<0>", clean(text)))


def render(report: Report) -> str:
    """The log as JSON; causes under 1 % are rules without a result."""
    causes = sorted(report.causes, key=lambda cause: cause.id)
    places = {cause.id: place for place, cause in enumerate(causes)}
    used = report.knowledge
    run = {
        "tool": {
            "driver": {
                "name": "diagnoser",
                "version": __version__,
                "rules": [_rule(cause, report) for cause in causes],
                "notifications": [
                    {"id": CONTRADICTION, "shortDescription": _said("Answers that do not fit")}
                ],
            },
            "extensions": [
                {
                    "name": clean(used.id),
                    "version": clean(used.version),
                    "properties": {"digest": clean(used.digest)},
                }
            ],
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notice(one) for one in report.contradictions],
            }
        ],
        "results": [
            _result(cause, places[cause.id], report)
            for cause in report.causes
            if cause.status != "ruled-out" and cause.probability >= views.WORTH_A_LINE
        ],
        "properties": {
            "noneOfThese": report.none_of_these,
            "expectedMinutes": report.plan.expected_minutes,
            "plan": [clean(step.remedy) for step in report.plan.steps],
            "facts": _clean(report.case),
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return as_json(log) + "\n"


def _said(text: object) -> Data:
    return {"text": message(text)}


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean(key): _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return clean(value) if isinstance(value, str) else value


def _rule(cause: CauseFound, report: Report) -> Data:
    rule: Data = {
        "id": clean(cause.id),
        "shortDescription": _said(cause.title),
        "fullDescription": _said(cause.because),
    }
    read = [part for one in views.by_strength(cause) for part in one.source.split("; ")]
    read += [
        source for step in report.plan.steps if cause.id in step.fixes for source in step.sources
    ]
    if address := next(filter(is_address, read), None):
        rule["helpUri"] = address
    if cause.guide is not None:
        rule["properties"] = {"guideTip": cause.guide}
    return rule


def _result(cause: CauseFound, place: int, report: Report) -> Data:
    sure = views.how_sure(cause.status, cause.probability)
    level = "warning" if cause.probability >= LIKELY else "note"
    steps = [step for step in report.plan.steps if cause.id in step.fixes]
    said = [f"{cause.title} ({sure}).", cause.because]
    said += [f"For: {one}" for one in views.reasons(cause, against=False)[:2]]
    said += [f"Against: {one}" for one in views.reasons(cause, against=True)[:1]]
    if steps:
        said.append(f"Remedies: {'; '.join(step.title for step in steps[:3])}.")
    return {
        "ruleId": clean(cause.id),
        "ruleIndex": place,
        "kind": "fail",
        "level": "error" if cause.status == "proven" else level,
        "rank": round(cause.probability * 100, 2),
        "message": _said(" ".join(said)),
        "partialFingerprints": {"cause/v1": clean(cause.id)},
        "relatedLocations": _facts(cause),
        "properties": {
            "status": clean(cause.status),
            "probability": cause.probability,
            "evidence": _clean([vars(one) for one in views.by_strength(cause)]),
            "missing": _clean(cause.missing),
            "remedies": _clean([{"id": step.remedy, "title": step.title} for step in steps]),
        },
    }


def _facts(cause: CauseFound) -> list[Data]:
    """The facts that the evidence read, as places in the case."""
    facts = {fact: value for one in cause.evidence for fact, value in one.facts.items()}
    return [
        {
            "id": number,
            "logicalLocations": [{"fullyQualifiedName": clean(fact), "kind": "fact"}],
            "message": _said(f"{fact} is {value}"),
        }
        for number, (fact, value) in enumerate(facts.items(), start=1)
    ]


def _notice(one: Contradiction) -> Data:
    said = f"These answers do not fit together: {joined(one.answers)}. {one.because}"
    return {
        "descriptor": {"id": CONTRADICTION},
        "level": "warning",
        "message": _said(f"{said} Check again: {one.ask}"),
    }
