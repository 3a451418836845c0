"""Rules that contradict each other, and what is said in vain, are found on all sheets at once, each
with file, line and an example."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.checking.check import check
from tests.checking.test_weak import Changes, found, rule
from tests.commands import invoke
from tests.pack.small import CAUSE, FACTS, LIGHT, OLD, OUT, PACK, PLACES, REMEDY, SIGNS, folder

LAMP, OLD_BULB = "rules/causes/lamp/lamp-is-off.yaml", "rules/causes/lamp/bulb-is-old.yaml"
POWER, LOOKS = "rules/causes/house/power-is-out.yaml", "rules/signs/light.yaml"
SWITCH_ON, SCREW_IN = "rules/remedies/switch-on.yaml", "rules/remedies/screw-in.yaml"
WORDS = PACK.replace(
    "for: 0.67, against: -0.67,",
    "strongly for: 0.9, for: 0.67, strongly against: -0.9, against: -0.67,",
)


def contradiction(when: str) -> Changes:
    return {
        "rules/contradictions.yaml": f"contradictions:\n  never:\n    when: {when}\n"
        "    because: It is never so.\n    ask_again: light.looks\n    source: manual\n"
        "    reviewed: 2026-11-23\n"
    }


def lamp(when: str, says: str) -> Changes:
    return {LAMP: CAUSE.replace("examples:\n", rule(when, says) + "examples:\n")}


def old(when: str, says: str) -> Changes:
    return {OLD_BULB: OLD.replace("examples:\n", rule(when, says) + "examples:\n")}


def said(root: Path, changes: Changes, words: str) -> list[str]:
    return [one for one in found(root, changes) if words in one]


def test_rules_that_prove_and_rule_out_at_once_are_found(tmp_path: Path) -> None:
    dark = lamp("{light.looks: dark}", "rules out")
    [one] = said(tmp_path, dark, "rules it out")

    assert one.startswith(f'{LAMP}:5: rules.off: proves this cause where "mine" rules it out')
    assert "for example with lamp.switch=off light.looks=dark; list what" in one
    report = Diagnoser(folder(tmp_path, dark)).diagnose(
        {"lamp": {"switch": "off"}, "light": {"looks": "dark"}}
    )
    assert report.contradictions
    listed = dark | contradiction("{lamp.switch: off, light.looks: dark}")
    assert said(tmp_path, listed, "rules it out") == []


def test_rules_that_cannot_hold_at_once_are_no_conflict(tmp_path: Path) -> None:
    assert said(tmp_path, lamp("{lamp.switch: on, lamp.age: 3}", "rules out"), "rules it out") == []


SEVERAL = LIGHT.replace(
    "    effort: 0.2\n", "    effort: 0.2\n    several: yes\n    alone: [dim]\n"
)
SEEN = SIGNS.replace(
    "explains:\n",
    "  shows-nothing:\n    when: {light.looks: dark}\n    for: It is dark.\n    source: manual\n"
    "    reviewed: 2026-11-23\n    seen: {light.looks: dark}\n    unseen: {light.looks: dim}\n"
    "explains:\n",
)
BOTH = OUT.replace("  for: [stays-dark]\n", "  strongly for: [shows-nothing]\n").replace(
    "rules out: [flickers]", "strongly against: [flickers]"
)


def test_strong_signs_of_one_observation_that_are_opposite_are_found(tmp_path: Path) -> None:
    changes: Changes = {"facts/light.yaml": SEVERAL, LOOKS: SEEN, POWER: BOTH}
    changes |= {"rules/pack.yaml": WORDS.replace("blog: for", "blog: proves")}
    words = "of the same observation"
    [one] = said(tmp_path, changes, words)

    assert one.startswith(f'{POWER}:7: signs.strongly for.0: speaks "strongly for" this cause')
    assert "for example with light.looks=dark,flickers;" in one
    excused = BOTH + "accepted: {opposite-signs: It goes out while one looks.}\n"
    assert said(tmp_path, changes | {POWER: excused}, words) == []
    assert said(tmp_path, changes | {"facts/light.yaml": LIGHT}, words) == []


def test_a_rule_that_never_counts_is_found(tmp_path: Path) -> None:
    weaker = old("{lamp.age: {at_least: 20}}", "for") | {"rules/pack.yaml": WORDS}
    stronger = rule("{lamp.age: {at_least: 12}}", "strongly for").replace("mine", "older")
    assert said(tmp_path, weaker, "never counts") == []
    text = str(weaker[OLD_BULB]).replace("examples:\n", stronger + "examples:\n")
    [one] = said(tmp_path, weaker | {OLD_BULB: text}, "never counts")

    assert one.startswith(f'{OLD_BULB}:11: rules.mine: never counts: wherever it holds, "older"')
    assert "for example with lamp.age=20; take it out" in one


def test_a_proof_within_another_proof_never_counts(tmp_path: Path) -> None:
    [one] = said(tmp_path, lamp("{lamp.switch: off, light.looks: dark}", "proves"), "never counts")

    assert one.startswith(f'{LAMP}:17: rules.mine: never counts: wherever it holds, "off" holds')


def test_a_rule_that_counts_on_one_sheet_is_in_order(tmp_path: Path) -> None:
    part = old("{any: [{lamp.age: {at_least: 20}}, {light.looks: dim}]}", "for")

    assert said(tmp_path, part, "never counts") == []


def test_conditions_that_are_the_same_in_other_words_are_found(tmp_path: Path) -> None:
    when = "{any: [{lamp.age: {at_least: 12}}, {lamp.age: {at_least: 9, below: 12}}]}"
    [one] = said(tmp_path, old(when, "against"), "nowhere else")

    assert one.startswith(f"{OLD_BULB}:6: rules.old.when: holds wherever bulb-is-old/mine does")
    assert "for example with lamp.age=10; say it once" in one


def test_an_answer_that_a_contradiction_never_allows_is_found(tmp_path: Path) -> None:
    changes = contradiction("{any: [{light.looks: dim, lamp.age: {below: 9}}, {light.looks: dim}]}")
    [one] = said(tmp_path, changes, "never allows")

    assert one.startswith("facts/light.yaml:9: facts.looks.answers.dim: is an answer")


def test_what_holds_only_where_answers_contradict_each_other_is_found(tmp_path: Path) -> None:
    changes = old("{lamp.switch: off, light.looks: dim}", "against")
    changes |= contradiction("{lamp.switch: off, light.looks: [dim, flickers]}")
    [one] = said(tmp_path, changes, "contradict each other")

    assert one.startswith(f"{OLD_BULB}:12: rules.mine.when: can only hold where answers contradict")
    assert 'by "never" in rules/contradictions.yaml' in one


def test_a_cause_that_nothing_speaks_for_is_found(tmp_path: Path) -> None:
    against: Changes = {POWER: OUT.replace("  for: [stays-dark]\n", "")}
    [one] = said(tmp_path, against, "ever prove or make more likely")

    assert one.startswith(f"{POWER}:1: is a cause that no answers")


def test_a_cause_that_is_always_ruled_out_with_its_signs_is_found(tmp_path: Path) -> None:
    out: Changes = {POWER: f"{OUT}rules:\n{rule('{light.looks: [dark, dim]}', 'rules out')}"}

    assert len(said(tmp_path, out, "ever prove or make more likely")) == 1


STEPS = "steps:\n  - if: FIRST\n    do: A.\n  - if: SECOND\n"
STEPS += "    do: B.\n  - do: C.\n"
BARRED = "not_if: [{when: {lamp.age: {at_least: 30}}, because: It is too old.}]\n"


def steps(first: str, second: str) -> str:
    text = STEPS.replace("FIRST", first).replace("SECOND", second)
    return REMEDY.replace("steps: Press the switch.\n", text)


@pytest.mark.parametrize(
    ("first", "second", "bar", "says"),
    [
        ("{lamp.age: {at_least: 3}}", "{lamp.age: {above: 9}}", "", "an earlier one does"),
        ("{light.looks: dim}", "{lamp.age: {above: 40}}", BARRED, "the remedy is barred"),
        ("{lamp.age: {above: 9}}", "{lamp.age: {at_least: 3}}", BARRED, ""),
        ("{lamp.age: {above: 9}}", "{light.looks: dim}", "", ""),
    ],
)
def test_steps_that_are_never_shown_are_found(
    tmp_path: Path, first: str, second: str, bar: str, says: str
) -> None:
    never = said(tmp_path, {SWITCH_ON: steps(first, second) + bar}, "is never shown")

    assert len(never) == bool(says)
    assert all(says in one and f"{SWITCH_ON}:7: steps.1.if" in one for one in never)


def test_a_way_that_is_never_shown_is_found(tmp_path: Path) -> None:
    more = "      - if: {lamp.age: {below: 3}}\n        do: Hop.\n      - do: [Unscrew"
    places = PLACES.replace("      - do: [Unscrew", more)
    [one] = said(tmp_path, {"facts/places.yaml": places}, "is never shown")

    assert one.startswith("facts/places.yaml:8: places.under-the-shade.go.1.if: is never shown")


def test_a_question_that_changes_nothing_is_found(tmp_path: Path) -> None:
    colour = FACTS + (
        "  colour:\n    ask: Which colour is it?\n    look: Look.\n    effort: 1\n"
        "    answers: {red: Red, blue: Blue}\n    typical: {red: 50, blue: 50}\n"
    )
    vain = old("{lamp.age: 3, lamp.colour: [red, blue]}", "for") | {"facts/lamp.yaml": colour}
    [one] = said(tmp_path, vain, "changes nothing")

    assert one.startswith("facts/lamp.yaml:16: facts.colour: changes nothing: of all that reads it")
    assert OLD_BULB in one
    used = old("{lamp.age: 3, lamp.colour: red}", "for") | {"facts/lamp.yaml": colour}
    assert said(tmp_path, used, "changes nothing") == []


def test_a_remedy_that_some_bar_keeps_away_whatever_is_told_is_found(tmp_path: Path) -> None:
    bars = (
        "not_if:\n  - {when: {lamp.switch: on}, because: It is on.}\n"
        "  - {when: {lamp.switch: off}, because: It is off.}\n"
    )
    [one] = said(tmp_path, {SWITCH_ON: REMEDY + bars}, "bars it whatever")

    assert one.startswith(f"{SWITCH_ON}:9: not_if: bars it whatever the answers are")
    excuse = "accepted: {always-barred: Nobody has it.}\n"
    assert said(tmp_path, {SWITCH_ON: REMEDY + bars + excuse}, "bars it whatever") == []


def test_a_remedy_that_is_in_no_plan_is_found(tmp_path: Path) -> None:
    barred = "not_if: [{when: {tried.screw-in: could-not-do}, because: So.}]\n"
    nothing = PACK.replace("chances: {usually: 0.8}", "chances: {usually: 0.8, never: 0.001}")
    changes: Changes = {
        "rules/pack.yaml": nothing,
        "rules/remedies/wait.yaml": REMEDY.replace("lamp-is-off: usually", "bulb-is-old: never"),
    }
    [one] = said(tmp_path, changes, "is in no plan")

    assert one.startswith("rules/remedies/wait.yaml:1: is in no plan, even where nothing else can")
    assert "for example with lamp.age=10; take it out" in one or "lamp.age=" in one
    changes = {"rules/remedies/wait.yaml": None, SWITCH_ON: REMEDY + barred}
    assert said(tmp_path / "other", changes, "is in no plan") == []


def test_without_z3_check_says_what_it_did_not_look_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    root = folder(tmp_path, lamp("{light.looks: dark}", "rules out"))
    problems = check(root)[1]
    shown = invoke("check", "--knowledge", str(root))

    assert not any("rules it out" in str(one) for one in problems)
    assert any("no example in which it fires" in str(one) for one in problems)
    assert 'pip install "diagnoser[proof]"' in " ".join(shown.stderr.split())
    assert "Z3" not in shown.stdout
