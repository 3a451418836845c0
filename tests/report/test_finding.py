"""The finding in one line: which of four it is, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, Report
from diagnoser.belief.belief import believe
from diagnoser.inference.evaluator import Evaluator
from diagnoser.report.finding import find
from tests import packs
from tests.packs import Pack

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "not-known-yet", "Nothing is known yet."),
    ({"backup": {"switch": "on"}}, "not-known-yet", "Not enough is known to name one cause."),
    ({"backup": {"switch": "off"}}, "fault", "This is the reason: iCloud Backup is switched off."),
    (
        {"backup": {"message": "icloud-storage"}},
        "fault",
        "Most likely (68 %): The next backup does not fit into iCloud.",
    ),
    (
        {"wifi": {"connection": "not-joined"}},
        "fault",
        "Most likely: Wi-Fi is on, but the iPhone has joined no network (20 %); The next backup"
        " does not fit into iCloud (17 %).",
    ),
    (
        {"backup": {"switch": "off"}, "storage": {"icloud_free_gb": 0}},
        "several-faults",
        "These 2 things are the reason: iCloud Backup is switched off; The iCloud storage is used"
        " up.",
    ),
    (
        {"storage": {"icloud_free_gb": 0}, "power": {"overnight": "no"}},
        "several-faults",
        "This is the reason: The iCloud storage is used up. Besides, this is in the way: It does"
        " not charge at night.",
    ),
    (
        {"power": {"overnight": "no"}, "backup": {"back_up_now": "works"}},
        "fault",
        "This is the reason: The iPhone is not plugged in at night.",
    ),
    (
        {"backup": {"last_backup": "within-a-day", "switch": "on", "message": "none"}},
        "nothing-wrong",
        "Most likely nothing is wrong (74 %): The next backup is not due yet.",
    ),
    (
        {"backup": {"last_backup": "within-a-day"}, "storage": {"icloud_free_gb": 0}},
        "fault",
        "This is the reason: The iCloud storage is used up.",
    ),
    (
        {
            "account": {"two_factor": "off"},
            "backup": {"switch": "error"},
            "ios": {"version": "18.5"},
        },
        "fault",
        "This is the reason: The account has no two-factor authentication.",
    ),
    (
        {"storage": {"icloud_free_gb": 0}, "wifi": {"low_data_mode": "on"}},
        "several-faults",
        "This is the reason: The iCloud storage is used up. Besides, this is in the way: At night"
        " it has no Wi-Fi that backups may use, and no other network.",
    ),
    (
        {"tried": {"restart-iphone": "helped"}},
        "nothing-wrong",
        "It works again, so nothing is left to do.",
    ),
]


@pytest.mark.parametrize(("facts", "kind", "text"), CASES, ids=str)
def test_the_finding_is_one_plain_sentence(
    diagnoser: Diagnoser, facts: dict[str, Any], kind: str, text: str
) -> None:
    found = diagnoser.diagnose(facts).finding

    assert (found.kind, found.text) == (kind, text)


def harmless(causes: dict[str, float], these: Iterable[str], **pack: Any) -> Pack:
    """A pack in which `these` causes only look like faults."""
    data = packs.with_remedies(causes, {"r0": packs.remedy("r0", fixes={})}, **pack).data
    data["causes"] = {
        id: cause | {"harmless": id in these, "title": id.upper()}
        for id, cause in data["causes"].items()
    }
    return packs.linked(data)


def finding(pack: Pack, facts: dict[str, str]) -> tuple[str, str]:
    case = pack.case({"f": facts})
    findings = Evaluator(pack.knowledge).evaluate(case.known)
    belief = believe(pack.knowledge, findings.hypotheses, case.tried)
    found = find(pack.knowledge, case, findings, belief, ())
    return found.kind, found.text


def test_a_proven_fault_counts_before_what_only_looks_like_one() -> None:
    pack = harmless({"a": 0.1, "b": 0.1}, ["a"])

    assert finding(pack, {"a": "red"}) == ("nothing-wrong", "Nothing is wrong: A.")
    assert finding(pack, {"a": "red", "b": "red"}) == ("fault", "This is the reason: B.")


def test_where_none_of_the_causes_is_likely_it_is_not_known_yet() -> None:
    pack = harmless({"a": 0.01}, [], none_of_these=0.5)

    assert finding(pack, {}) == (
        "not-known-yet",
        "Most likely (98 %): none of the causes known here.",
    )


@given(data=st.data())
def test_the_finding_follows_from_the_causes_of_the_report(
    diagnoser: Diagnoser, built_in: Pack, data: st.DataObject
) -> None:
    sheet = data.draw(packs.sheets(built_in, data.draw(st.sampled_from([3, 10, 40]))))
    report: Report = diagnoser.diagnose(sheet)
    causes = diagnoser.knowledge.causes
    proven = [cause.id for cause in report.causes if cause.status == "proven"]
    faults = [id for id in proven if not causes[id].harmless]
    kind = report.finding.kind

    assert "\n" not in report.finding.text
    if "helped" in report.case.get("tried", {}).values():
        assert kind == "nothing-wrong"
    elif len(faults) > 1:
        assert kind == "several-faults"
    elif faults:
        assert kind in ("fault", "several-faults")
        assert causes[faults[0]].title in report.finding.text
    elif proven:
        assert kind == "nothing-wrong"
    else:
        first = next((cause for cause in report.causes if cause.status == "open"), None)
        assert kind != "several-faults"
        assert (kind == "nothing-wrong") <= (first is not None and causes[first.id].harmless)
        assert (kind == "fault") <= (first is not None and not causes[first.id].harmless)
