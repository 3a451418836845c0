"""The benchmarks compare the same thing: every export of the rules says what the rules say."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest

from diagnoser import Diagnoser
from tests import oracles, packs
from tests.benchmarks import export_clips, export_json, growth, peers, people, plot
from tests.benchmarks.__main__ import BEGIN, END, ranking, renewed
from tests.benchmarks.export_expressions import PYTHON, ZEN, expression
from tests.benchmarks.export_rules import (
    Compared,
    Condition,
    Every,
    Is,
    Related,
    Rules,
    Some,
    export,
    plain,
    renamed,
    renamed_fact,
    several,
)
from tests.benchmarks.peers import Case, Peer
from tests.packs import Pack

FORMS: dict[str, Condition] = {
    "one-value": Is("wifi.connection", ("off",)),
    "several": Is("power.power", ("no", "sometimes")),
    "number": Compared("storage.free_gb", "<", 0.5),
    "two-facts": Related("ios.version", "<", "device.newest_ios"),
    "both": Every((Is("wifi.connection", ("off",)), Compared("storage.free_gb", ">=", 5))),
    "either": Some((Is("tried.reset-all", ("helped",)), Is("wifi.connection", ("off",)))),
}
TYPES = {
    "wifi.connection": "text",
    "power.power": "text",
    "storage.free_gb": "number",
    "ios.version": "number",
    "device.newest_ios": "number",
    "tried.reset-all": "text",
}
RULES = Rules(FORMS, TYPES)


def cases(pack: Pack, count: int) -> list[Case]:
    random = Random(count)
    rules = export(pack.data)
    return [
        peers.case(pack, packs.random_sheet(random, pack, share, lists=False), rules)
        for share in (10, 40, 90)
        for _ in range(count)
    ]


# -- exports


def test_plain_versions_compare_like_versions() -> None:
    versions = [(8, 4, 0, 0), (9, 0, 0, 0), (9, 0, 1, 0), (16, 4, 0, 0), (27, 0, 0, 0)]
    assert [plain(one) for one in versions] == sorted(plain(one) for one in versions)
    assert plain((9,)) == plain((9, 0, 0, 0))
    assert plain(2.0) == 2
    assert plain(0.25) == 0.25


@pytest.mark.parametrize("name", ["loop", "json-logic", "business-rules"])
def test_an_export_of_the_built_in_pack_says_what_the_rules_say(built_in: Pack, name: str) -> None:
    rules = export(built_in.data)
    judge = {"loop": by_loop, "json-logic": by_json_logic, "business-rules": by_business_rules}
    for case in cases(built_in, 4):
        assert judge[name](rules, case) == case.expected


@pytest.mark.parametrize("seed", range(10))
def test_exports_of_random_packs_say_what_their_rules_say(seed: int) -> None:
    pack = packs.random_pack(Random(seed))
    rules = export(pack.data)
    for case in cases(pack, 3):
        assert by_loop(rules, case) == case.expected
        assert by_json_logic(rules, case) == case.expected
        assert by_business_rules(rules, case) == case.expected


def by_loop(rules: Rules, case: Case) -> set[str]:
    return set(peers.loop(rules).build()(case.known))


def by_json_logic(rules: Rules, case: Case) -> set[str]:
    known = peers.variables_of(case)
    return {
        name for name, one in rules.conditions.items() if logic(export_json.json_logic(one), known)
    }


def logic(rule: Any, known: Mapping[str, Any]) -> Any:
    """As much of JsonLogic as the export uses."""
    if not isinstance(rule, dict):
        return rule
    [(word, parts)] = rule.items()
    if word == "var":
        return known.get(parts)
    if word in ("and", "or"):
        return (all if word == "and" else any)(logic(part, known) for part in parts)
    one, other = (logic(part, known) for part in parts)
    equal: dict[str, Callable[[], Any]] = {
        "===": lambda: one == other,
        "!==": lambda: one != other,
        "in": lambda: one in other,
    }
    return equal[word]() if word in equal else export_json.SIGNS[word](one, other)


def by_business_rules(rules: Rules, case: Case) -> set[str]:
    known = export_json.business_case(case.known)
    values = {
        name: read(known) for name, (_, read) in export_json.business_variables(rules).items()
    }
    signs = {word: export_json.SIGNS[sign] for sign, word in export_json.OPERATORS.items()}
    signs |= {"equal_to": lambda one, other: one == other, "is_true": lambda one, _: one}

    def holds(condition: Mapping[str, Any]) -> Any:
        if "all" in condition:
            return all(holds(part) for part in condition["all"])
        if "any" in condition:
            return any(holds(part) for part in condition["any"])
        return signs[condition["operator"]](values[condition["name"]], condition["value"])

    return {
        rule["actions"][0]["params"]["name"]
        for rule in export_json.business_rules(rules)
        if holds(rule["conditions"])
    }


def test_a_condition_that_several_have_is_exported_once(built_in: Pack) -> None:
    conditions = export(built_in.data).conditions

    assert len({*conditions.values()}) == len(conditions)
    assert len(conditions) < len(built_in.knowledge.rules) / 2


def test_expressions_ask_whether_a_number_is_known() -> None:
    assert (
        expression(FORMS["number"], ZEN) == "(storage__free_gb != null and storage__free_gb < 0.5)"
    )
    assert expression(FORMS["several"], PYTHON) == "k('power.power') in {'no', 'sometimes'}"
    assert expression(FORMS["either"], ZEN) == (
        '(tried__reset_all == "helped" or wifi__connection == "off")'
    )


def test_clips_gets_one_rule_for_each_conjunction() -> None:
    constructs = export_clips.constructs(RULES)
    rules = {one.split()[1]: one for one in constructs if one.startswith("(defrule")}
    then = "=> (bind ?*fired* ?*fired* {}))"

    assert constructs[0] == "(deftemplate wifi (slot connection (default nil)))"
    assert list(rules) == [f"{name}/0" for name in FORMS] + ["either/1"]
    assert rules["several/0"] == (
        '(defrule several/0 (power (power "no"|"sometimes")) ' + then.format("several")
    )
    assert rules["both/0"] == (
        '(defrule both/0 (wifi (connection "off")) (storage (free_gb ?storage-free_gb&~nil&'
        ":(>= ?storage-free_gb 5))) " + then.format("both")
    )
    assert rules["two-facts/0"] == (
        "(defrule two-facts/0 (ios (version ?ios-version&~nil)) (device (newest_ios "
        "?device-newest_ios&~nil)) (test (< ?ios-version ?device-newest_ios)) "
        + then.format("two-facts")
    )


def test_zen_gets_a_row_for_each_conjunction() -> None:
    [_, table, _] = json.loads(export_json.zen_table(RULES))["nodes"]
    columns = {column["id"]: column["name"] for column in table["content"]["inputs"]}
    rows = [
        {columns.get(id, id): cell for id, cell in row.items() if id != "_id"}
        for row in table["content"]["rules"]
    ]

    assert table["content"]["hitPolicy"] == "collect"
    assert [row.pop("out") for row in rows] == [f'"{name}"' for name in [*FORMS, "either"]]
    assert rows[1] == {"power.power": '$ in ["no", "sometimes"]'}
    assert rows[4] == {
        "wifi.connection": '$ in ["off"]',
        "storage.free_gb": "$ != null and $ >= 5",
    }


def test_business_rules_works_with_decimals() -> None:
    case = export_json.business_case({"storage.free_gb": 0.1, "wifi.connection": "off"})
    assert case == {"storage.free_gb": Decimal("0.1"), "wifi.connection": "off"}


# -- engines that are installed


def installed() -> Iterator[Callable[[Rules], Peer]]:
    """The engines that are here; `make test` installs none but our own."""
    rules = export(packs.random_pack(Random(0)).data)
    for make in peers.PEERS:
        with contextlib.suppress(ImportError):
            make(rules)
            yield make


@pytest.mark.parametrize("make", [*installed()], ids=lambda make: make.__name__)
def test_an_engine_that_is_installed_gives_what_the_oracle_gives(
    make: Callable[[Rules], Peer],
) -> None:
    for seed in range(6):
        pack = packs.random_pack(Random(seed))
        peer = make(export(pack.data))
        assert peers.check(peer, cases(pack, 3)) == 0


def test_every_engine_is_measured_on_every_case(built_in: Pack) -> None:
    some = cases(built_in, 1)
    rules = export(built_in.data)
    contenders = [make(built_in.knowledge, rules) for make in (peers.ours, peers.whole)]
    contenders.append(peers.loop(rules))
    peers.measure(contenders, some, 2)

    assert all(peers.check(peer, some) == 0 for peer in contenders)
    assert all(len(times) == 2 for peer in contenders for times in peer.times)
    assert all(0 < peer.median <= peer.p95 for peer in contenders)
    assert {row[3] for row in ranking(contenders, {p.name: 0 for p in contenders})} >= {"1.00"}


def test_the_cases_are_the_same_in_every_run(diagnoser: Diagnoser, built_in: Pack) -> None:
    assert peers.sheets(diagnoser, built_in, 9) == peers.sheets(diagnoser, built_in, 9)


# -- growth


def test_copies_of_a_pack_conclude_each_for_itself(built_in: Pack) -> None:
    grown = packs.linked(several(built_in.data, 3))
    rules = export(grown.data)
    peer = peers.ours(grown.knowledge, rules)
    sheet = packs.random_sheet(Random(7), built_in, 50, lists=False)
    alone = growth._case(grown, sheet, [1], rules)
    together = growth._case(grown, sheet, [0, 1, 2], rules)

    assert peers.check(peer, [alone, together]) == 0
    once = export(built_in.data)
    assert len(alone.expected) == len(peers.case(built_in, sheet, once).expected)
    assert len(together.expected) == 3 * len(alone.expected)
    assert len(rules.conditions) == 3 * len(once.conditions)


def test_copies_have_names_of_their_own() -> None:
    assert [renamed("wifi", number) for number in (0, 2)] == ["wifi", "wifi-2"]
    assert renamed_fact("wifi.connection", 1) == "wifi-1.connection"
    assert renamed_fact("tried.reset-all", 1) == "tried.reset-all-1"


# -- the README


def test_only_what_is_between_the_markers_is_renewed() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    new = renewed(text, "new")

    assert new == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert renewed(new, "new") == new
    assert renewed("no markers\n", "new") == "no markers\n"


def test_the_plot_is_a_picture() -> None:
    lines = {("a & b", "one"): [(1, 10.0), (30, 300.0)], ("c", "one"): [(1, 5.0), (30, 7.0)]}
    picture = ElementTree.fromstring(plot.plot("Title", "across", "up", lines))

    assert picture.tag.endswith("svg")
    assert "a & b, one" in [element.text for element in picture]


def test_the_oracle_shares_nothing_with_the_program() -> None:
    assert not [
        name
        for name, value in vars(oracles).items()
        if getattr(value, "__module__", "").startswith("diagnoser")
    ]


def test_what_people_answer_and_experts_expect_is_in_the_pack(diagnoser: Diagnoser) -> None:
    everybody = people.people() + people.people(people.MORE)
    knowledge = diagnoser.knowledge

    assert len({person.id for person in everybody}) == 160
    for person in everybody:
        assert person.causes <= knowledge.causes.keys()
        for steps in (person.first_steps, person.wrong_first, *person.must_include):
            assert steps <= {*knowledge.remedies, people.LOOK}
        people.told(diagnoser, person)  # every answer fits


def test_whoever_says_all_they_know_mostly_hears_a_true_cause_first(diagnoser: Diagnoser) -> None:
    scores = [people.told(diagnoser, person) for person in people.people()]

    assert sum(one.first for one in scores) >= 37
    assert sum(one.first_three for one in scores) >= 39


def test_of_120_more_people_nearly_all_begin_with_a_right_step(diagnoser: Diagnoser) -> None:
    scores = [people.told(diagnoser, person) for person in people.people(people.MORE)]

    assert sum(one.first for one in scores) >= 114
    assert sum(one.first_step for one in scores) >= 108
    assert sum(one.wrong_step for one in scores) == 0
