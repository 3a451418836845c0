"""The check before the night: every precondition with its state, where to look, and what to do."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given

from diagnoser import Diagnoser, Report
from diagnoser.belief.belief import believe
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import COULD_NOT_DO
from diagnoser.planning.preconditions import Checker
from diagnoser.report.model import PreconditionChecked
from tests import oracles, packs
from tests.packs import Data, Pack

STATES = {True: "holds", False: "fails", None: "not-known"}
FINE: dict[str, Any] = {
    "backup": {"switch": "on"},
    "wifi": {"connection": "connected", "overnight": "on"},
    "power": {"overnight": "yes"},
    "lock": {"overnight": "yes"},
    "storage": {"icloud_free_gb": 20, "next_backup_gb": 3},
    "account": {"prompt": "nothing"},
}


def state(data: Data, definition: Data, known: dict[str, Any]) -> str:
    """What the oracle says of a precondition."""
    if definition["fails"] and oracles.outcome(data, definition["fails"], known):
        return "fails"
    return STATES[oracles.outcome(data, definition["holds"], known)]


@given(packs.randoms())
def test_the_check_of_every_report_names_every_precondition_with_its_state(
    diagnoser: Diagnoser, built_in: Pack, random: Random
) -> None:
    sheet = packs.random_sheet(random, built_in, random.choice([5, 30, 80]))
    known = oracles.known(built_in.data, sheet)
    defined = built_in.data["pack"]["preconditions"]
    check = diagnoser.diagnose(sheet).plan.check

    assert [(one.id, one.title) for one in check] == [
        (id, one["title"]) for id, one in defined.items()
    ]
    for one in check:
        assert one.status == state(built_in.data, defined[one.id], known)
        assert bool(one.look) == (one.status == "not-known")
        assert one.status != "holds" or not one.remedies


def with_preconditions(random: Random) -> Pack:
    """A random pack with three random preconditions."""
    data = packs.random_data(random)
    types, remedies = packs.types_of(data), sorted(data["remedies"])
    assume(remedies)
    data["pack"]["preconditions"] = {}
    for number in range(3):
        holds = packs.condition(random, types)
        data["pack"]["preconditions"][f"p{number}"] = {
            "title": f"Precondition {number}",
            "otherwise": f"No precondition {number}",
            "holds": holds,
            "fails": packs.condition(random, types) if number else None,
            "looks": asked_for(data, holds),
            "remedy": random.sample(remedies, 1),
        }
    return packs.linked(data)


def asked_for(data: Data, when: Data) -> list[str]:
    """The facts that the condition reads, and instead of a column of a table its row."""
    rows = {
        f"{area}.{column}": f"{area}.{name}"
        for area, content in data["areas"].items()
        for name, fact in content["facts"].items()
        if fact["lookup"]
        for column in fact["lookup"]["derives"]
    }
    return sorted({rows.get(id, id) for id in packs.facts_in(when)})


@given(packs.randoms())
def test_in_any_pack_a_state_is_what_direct_evaluation_gives(random: Random) -> None:
    pack = with_preconditions(random)
    sheet = packs.random_sheet(random, pack, random.choice([20, 60, 90]))
    case = pack.case(sheet)
    findings = Evaluator(pack.knowledge).evaluate(case.known)
    belief = believe(pack.knowledge, findings.hypotheses, case.tried)
    barred = {id for id, _ in findings.barred}
    barred |= {id for id, result in case.tried.items() if result == COULD_NOT_DO}
    defined = pack.data["pack"]["preconditions"]
    found = list(Checker(pack.knowledge).check(case, belief, findings.barred))

    assert [one.precondition.id for one in found] == list(defined)
    for one in found:
        known = oracles.known(pack.data, sheet)
        assert one.state == state(pack.data, defined[one.precondition.id], known)
        assert set(one.look) <= set(one.precondition.looks) - set(case.known)
        assert not set(one.remedies) & barred
        if one.state != "holds":
            assert set(one.precondition.remedies) <= set(one.remedies) | barred


# -- phones


def checked(report: Report, id: str) -> PreconditionChecked:
    return next(one for one in report.plan.check if one.id == id)


def remedies(report: Report, id: str) -> list[str]:
    return [one.id for one in checked(report, id).remedies]


def test_a_switch_that_is_off_fails_and_the_rest_is_to_be_looked_at(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"switch": "off"}})

    assert checked(report, "switched-on").status == "fails"
    assert remedies(report, "switched-on")[0] == "turn-on-icloud-backup"
    assert {one.status for one in report.plan.check[1:]} == {"not-known"}
    assert all(one.look for one in report.plan.check[1:])


def test_no_power_at_night_is_seen_although_the_storage_is_full(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FINE | {"storage": {"room": "none"}, "power": {"overnight": "no"}})

    assert {one.id for one in report.plan.check if one.status == "fails"} == {
        "on-power",
        "room-in-icloud",
    }
    assert remedies(report, "on-power")[0] == "plug-in-overnight"
    assert report.finding.kind == "several-faults"
    assert diagnoser.knowledge.preconditions["on-power"].otherwise in report.finding.text


def test_what_fails_is_mended_in_the_check_where_no_step_of_the_plan_mends_it(
    diagnoser: Diagnoser,
) -> None:
    facts = FINE | {"power": {"overnight": "no"}, "tried": {"plug-in-overnight": "did-not-help"}}
    report = diagnoser.diagnose(facts)

    assert "plug-in-overnight" not in {step.remedy for step in report.plan.steps}
    assert remedies(report, "on-power")[0] == "plug-in-overnight"


def test_what_could_not_be_done_is_not_advised_again(diagnoser: Diagnoser) -> None:
    facts = FINE | {"power": {"overnight": "no"}, "tried": {"plug-in-overnight": "could-not-do"}}

    assert "plug-in-overnight" not in remedies(diagnoser.diagnose(facts), "on-power")


def test_when_all_is_known_and_fine_all_holds(diagnoser: Diagnoser) -> None:
    check = diagnoser.diagnose(FINE).plan.check

    assert {one.status for one in check} == {"holds"}
    assert not any(one.look or one.remedies for one in check)


@pytest.mark.parametrize(
    ("changed", "id", "status"),
    [
        ({"backup": {"switch": "grey"}}, "switched-on", "fails"),
        ({"wifi": {"connection": "off"}}, "on-a-network", "not-known"),
        ({"wifi": {"connection": "off"}, "network": {"cellular_backup": "on"}}, "on-a-network",
         "holds"),
        ({"wifi": {"connection": "not-joined"}, "network": {"cellular_backup": "off"}},
         "on-a-network", "fails"),
        ({"wifi": {"connection": "connected", "overnight": "off"}, "network": {"kind": "wired"}},
         "on-a-network", "holds"),
        ({"wifi": {"connection": "connected", "overnight": "off"},
          "network": {"kind": "home", "cellular_backup": "off"}}, "on-a-network", "fails"),
        ({"wifi": FINE["wifi"] | {"low_data_mode": "on"}}, "on-a-network", "fails"),
        ({"power": {"overnight": "sometimes"}}, "on-power", "fails"),
        ({"power": {"overnight": "yes", "symbol": "not-charging"}}, "on-power", "fails"),
        ({"lock": {"overnight": "no"}}, "locked", "fails"),
        ({"storage": {"room": "too-little"}}, "room-in-icloud", "fails"),
        ({"storage": {"room": "enough"}}, "room-in-icloud", "holds"),
        ({"storage": {"icloud_free_gb": 3, "next_backup_gb": 3}}, "room-in-icloud", "holds"),
        ({"storage": {"icloud_free_gb": 2.9, "next_backup_gb": 3}}, "room-in-icloud", "fails"),
        ({"storage": {"icloud_free_gb": 2.9}}, "room-in-icloud", "not-known"),
        ({"account": {"prompt": "password"}}, "account-is-content", "fails"),
        ({"account": {"signed_in": "no"}}, "account-is-content", "fails"),
        ({"account": {"prompt": "nothing", "terms": "waiting"}}, "account-is-content", "fails"),
    ],
    ids=str,
)  # fmt: skip
def test_a_precondition_is_what_a_helper_would_say(
    diagnoser: Diagnoser, changed: dict[str, Any], id: str, status: str
) -> None:
    assert checked(diagnoser.diagnose(FINE | changed), id).status == status


def test_only_what_is_still_open_is_looked_at(diagnoser: Diagnoser) -> None:
    known = diagnoser.knowledge.preconditions["on-a-network"]

    def look(given: dict[str, str]) -> tuple[str, ...]:
        return Checker(diagnoser.knowledge).facts_to_look_at(known, given)

    assert look({}) == ("wifi.connection", "wifi.overnight")
    assert look({"wifi.connection": "connected"}) == ("wifi.overnight",)
    assert look({"wifi.connection": "off"}) == ("network.cellular_backup",)
    assert look({"wifi.connection": "connected", "wifi.overnight": "off"}) == ("network.kind",)


def test_the_remedy_that_is_most_likely_needed_comes_first(diagnoser: Diagnoser) -> None:
    for prompt, remedy in (("terms", "accept-terms"), ("nobody", "sign-in-to-icloud")):
        report = diagnoser.diagnose({"account": {"prompt": prompt}})
        assert remedies(report, "account-is-content")[0] == remedy
    report = diagnoser.diagnose({"power": {"overnight": "yes", "symbol": "not-charging"}})
    assert remedies(report, "on-power")[0] == "change-cable"


def test_a_precondition_names_the_facts_that_decide_it(diagnoser: Diagnoser) -> None:
    for one in diagnoser.knowledge.preconditions.values():
        assert set(one.looks) <= facts_of(one.holds)
