"""What the files of a folder stand for: rules from signs and tables, ways to places, and bars."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.knowledge.conditions import OneOf
from diagnoser.knowledge.steps import choose
from diagnoser.pack.loader import load
from tests.pack.small import (
    CAUSE,
    FILES,
    LOOSE_FILE,
    PACK,
    SIGNS,
    folder,
    problems,
)


def test_what_a_table_leaves_is_one_sign_for_the_causes_that_go_with_the_same_answers(
    tmp_path: Path,
) -> None:
    known = load(folder(tmp_path))
    loose, out = known.causes["bulb-is-loose"].rules, known.causes["power-is-out"].rules

    assert [(rule.id, rule.sign) for rule in loose] == [
        ("bulb-is-loose/flickers", "flickers"),
        ("bulb-is-loose/looks-otherwise", "looks-otherwise-than-dark-or-flickers"),
    ]
    assert [(rule.id, rule.sign) for rule in out] == [
        ("power-is-out/flickers", "flickers"),
        ("power-is-out/looks-otherwise", "looks-otherwise-than-dark"),
        ("power-is-out/stays-dark", "stays-dark"),
    ]
    for rule in known.rules.values():
        assert rule.when == known.signs[rule.sign].when
        assert rule.facts == known.signs[rule.sign].facts
    assert loose[1].when == OneOf("light.looks", ("dim",))
    assert out[1].when == OneOf("light.looks", ("flickers", "dim"))


def test_what_a_table_leaves_never_has_a_longer_name_than_an_id_may_have(tmp_path: Path) -> None:
    table = "looks-otherwise-than-what-this-cause-would-make-it"
    changes: dict[str, str | None] = {
        file: FILES[file].replace("looks-otherwise", table)
        for file in ("rules/signs/light.yaml", LOOSE_FILE, "rules/causes/house/power-is-out.yaml")
    }
    known = load(folder(tmp_path, changes))
    assert {sign for sign in known.signs if sign.startswith(table)} == {
        f"{table}-than-dark",
        f"{table}-than-1-2",
    }


def test_an_area_of_causes_goes_with_an_answer_like_each_of_them(tmp_path: Path) -> None:
    house = SIGNS.replace("power-is-out]", "house]")
    assert (
        load(folder(tmp_path / "a", {"rules/signs/light.yaml": house})).rules
        == load(folder(tmp_path / "b")).rules
    )


def test_a_rule_says_why_in_the_words_of_its_cause_or_else_of_its_sign(tmp_path: Path) -> None:
    rules = load(folder(tmp_path)).rules
    assert {id: rule.because for id, rule in rules.items() if rule.sign != id} == {
        "bulb-is-loose/flickers": "It flickers when the lamp is moved.",
        "bulb-is-loose/looks-otherwise": "It looks like something else.",
        "power-is-out/flickers": "What flickers has power.",
        "power-is-out/looks-otherwise": "It looks like something else.",
        "power-is-out/stays-dark": "It stays dark, as what has no power does.",
    }


def test_a_rule_is_worth_its_best_source_and_names_them_all(tmp_path: Path) -> None:
    rules = load(folder(tmp_path)).rules
    assert (rules["power-is-out/flickers"].worth, rules["power-is-out/flickers"].source) == (
        "maker",
        "https://example.org/bulbs; the manual",
    )
    assert rules["bulb-is-old/old"].source == "https://example.org/bulbs"
    assert rules["lamp-is-off/off"].source == "the manual"


def test_the_way_to_a_place_depends_on_what_is_known(tmp_path: Path) -> None:
    known = load(folder(tmp_path))
    fact, steps = known.facts["light.looks"], known.remedies["screw-in"].steps

    assert (fact.place, fact.effort) == ("under-the-shade", 0.5)
    assert choose(fact.look, {"lamp.age": 1}, known.places) == [
        "Lift the shade off.",
        "Look at the bulb.",
    ]
    assert choose(steps, {"lamp.age": 9}, known.places) == [
        "Switch the lamp off.",
        "Unscrew the shade.",
        "Put it down.",
        "Turn the bulb.",
    ]
    report = Diagnoser(folder(tmp_path)).diagnose({"light": {"looks": "flickers"}})
    step = next(step for step in report.plan.steps if step.remedy == "screw-in")
    assert step.do == choose(steps, {}, known.places)


COMMON_BAR = """\
not_if:
  - when: {lamp.switch: on}
    because: It is on.
    but: [copy-photos]
"""


def test_a_bar_of_the_pack_holds_for_every_remedy_but_those_it_names(tmp_path: Path) -> None:
    knowledge = load(folder(tmp_path, {"rules/pack.yaml": PACK + COMMON_BAR}))
    bars = {id: [bar.because for bar in one.not_if] for id, one in knowledge.remedies.items()}
    assert bars == {"switch-on": ["It is on."], "screw-in": ["It is on."], "copy-photos": []}


def test_mistakes_in_a_bar_of_the_pack_are_said_of_the_pack(tmp_path: Path) -> None:
    wrong = COMMON_BAR.replace("switch: on", "swich: on").replace("copy-photos", "copy-photo")
    lines = PACK.count("\n")
    found = problems(tmp_path, {"rules/pack.yaml": PACK + wrong})

    assert [one.split(": ")[0] for one in found] == [
        f"rules/pack.yaml:{lines + 2}",
        f"rules/pack.yaml:{lines + 4}",
    ]
    assert 'did you mean "lamp.switch"' in found[0]
    assert 'did you mean "copy-photos"' in found[1]


PRECONDITIONS = f"""\
{PACK}\
preconditions:
  shining:
    title: The lamp shines
    otherwise: The lamp is dark
    holds: {{lamp.switch: on}}
    fails: {{lamp.age: {{above: 40}}}}
    looks: [lamp.age, lamp.switch]
    remedy: switch-on
  connected:
    title: The lamp is connected
    otherwise: The lamp is not connected
    holds: {{any: [{{lamp.age: {{below: 1}}}}, {{lamp.switch: on}}]}}
    looks: [lamp.switch]
    remedy: [switch-on, copy-photos]
"""


def test_preconditions_are_linked_in_the_order_of_the_file(tmp_path: Path) -> None:
    known = load(folder(tmp_path, {"rules/pack.yaml": PRECONDITIONS})).preconditions

    assert list(known) == ["shining", "connected"]
    assert known["shining"].holds == OneOf("lamp.switch", ("on",))
    assert known["shining"].remedies == ("switch-on",)
    assert known["connected"].fails is None
    assert load(folder(tmp_path / "without")).preconditions == {}


@pytest.mark.parametrize(
    ("was", "is_", "path", "said"),
    [
        ("lamp.age, lamp.switch]", "lamp.aeg]", "shining.looks.0", 'did you mean "lamp.age"?'),
        ("looks: [lamp.switch]", "looks: [light.looks]", "connected.looks.0", "not one of its fa"),
        (
            "{lamp.switch: on}\n    f",
            "{lamp.swich: on}\n    f",
            "shining.holds.lamp.swich",
            "not a",
        ),
        ("above: 40", "above: forty", "shining.fails.lamp.age.above.forty", "not a fact"),
        ("fails: {lamp.age: {above: 40}}", "fails: {}", "shining.fails", "is empty"),
        ("remedy: switch-on", "remedy: switch-onn", "shining.remedy", 'did you mean "switch-on"?'),
        ("remedy: switch-on", "remedy: []", "shining.remedy", "1 or more"),
        ("remedy: switch-on", "remedies: switch-on", "shining.remedies", 'did you mean "remedy"?'),
        ("title: The lamp shines", "title: ''", "shining.title", "is empty"),
        ("    otherwise: The lamp is dark\n", "", "shining", 'lacks the key "otherwise"'),
    ],
)
def test_what_is_wrong_with_a_precondition_is_said_with_its_place(
    tmp_path: Path, was: str, is_: str, path: str, said: str
) -> None:
    assert was in PRECONDITIONS
    changed = PRECONDITIONS.replace(was, is_, 1)
    found = problems(tmp_path, {"rules/pack.yaml": changed})

    assert any(f"preconditions.{path}" in one and said in one for one in found), found


@pytest.mark.parametrize(
    ("follows_from", "said"),
    [
        ("lamp-is-of", 'did you mean "lamp-is-off"?'),
        ("lamp-is-off", "follows from another cause itself"),
    ],
)
def test_a_cause_follows_from_another_one_that_follows_from_none(
    tmp_path: Path, follows_from: str, said: str
) -> None:
    lamp = "rules/causes/lamp"
    first = CAUSE + "follows_from: bulb-is-loose\n"
    other = CAUSE + f"follows_from: {follows_from}\n"
    files = {f"{lamp}/lamp-is-off.yaml": first, f"{lamp}/bulb-is-old.yaml": other}
    found = problems(tmp_path, files)

    assert any("follows_from" in one and said in one for one in found), found
