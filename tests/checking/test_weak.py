"""Knowledge that is well-formed but weak is found by check: proofs with rivals, exclusion by a
list, what reads a table past its end, remedies offered in vain, bars that nobody comes to know of,
and what is past its day."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from diagnoser import Diagnoser, InvalidKnowledge
from diagnoser.checking.check import check
from diagnoser.pack.builtin import built_in
from diagnoser.pack.loader import load
from tests.pack.small import (
    CAUSE,
    FACTS,
    LIGHT,
    MEND,
    OLD,
    OUT,
    PACK,
    REMEDY,
    SIGNS,
    TABLE,
    folder,
    problems,
)

LAMP, OLD_BULB = "rules/causes/lamp/lamp-is-off.yaml", "rules/causes/lamp/bulb-is-old.yaml"
POWER = "rules/causes/house/power-is-out.yaml"
SWITCH_ON, SCREW_IN = "rules/remedies/switch-on.yaml", "rules/remedies/screw-in.yaml"
Changes = dict[str, str | None]


def found(root: Path, changes: Changes, today: date | None = None) -> list[str]:
    """What is complained of, without what the small pack is complained of anyway."""
    all_found = check(folder(root, changes), today)[1]
    return [str(one) for one in all_found if "prepares no other remedy" not in one.reason]


def rule(when: str, says: str = "proves") -> str:
    """A rule of a cause with a condition, from a source that may say anything."""
    return (
        f"  mine:\n    when: {when}\n    says: {says}\n    because: It is so.\n"
        "    source: manual\n    reviewed: 2026-11-23\n"
    )


def out(when: str, more: str = "") -> str:
    """The cause "the power is out" with a proof, and with what more stands in its file."""
    return f"{OUT}rules:\n{rule(when)}{more}"


def rivals(said: list[str]) -> list[str]:
    return [one for one in said if "but the same answers" in one]


# -- proofs with rivals

EITHER = "{any: [{lamp.switch: off}, {light.looks: dark}]}"


def test_a_proof_is_found_whose_answers_prove_another_cause_too(tmp_path: Path) -> None:
    said = rivals(found(tmp_path, {POWER: out(EITHER)}))

    assert len(said) == 2
    assert said[0].startswith(f"{POWER}:9: rules.mine: proves this cause, but")
    assert '"proves" of lamp-is-off, for example lamp.switch=off;' in said[0]
    assert "goes_with" in said[0]
    assert said[1].startswith(f"{LAMP}:5: rules.off: ")


def test_the_example_of_a_rival_really_proves_both(tmp_path: Path) -> None:
    said = rivals(found(tmp_path, {POWER: out(EITHER)}))
    diagnoser = Diagnoser(folder(tmp_path, {POWER: out(EITHER)}))
    for one in said:
        match = re.search("for example (.*?);", one)
        assert match
        given = [(fact, text) for fact, text in (a.split("=") for a in match[1].split())]
        report = diagnoser.diagnose(diagnoser.sheet.read_texts(given))
        proven = {cause.id for cause in report.causes if cause.status == "proven"}
        assert proven == {"lamp-is-off", "power-is-out"}


def test_a_sign_that_all_but_proves_another_cause_is_a_rival(tmp_path: Path) -> None:
    pack = PACK.replace("for: 0.67,", "very strongly for: 0.96, for: 0.67,")
    changes: Changes = {"rules/pack.yaml": pack, POWER: OUT + "rules:\n" + rule(EITHER, "for")}
    assert rivals(found(tmp_path, changes)) == []

    changes[POWER] = OUT + "rules:\n" + rule(EITHER, "very strongly for")
    assert [f"{LAMP}:5" in one for one in rivals(found(tmp_path, changes))] == [True]


def test_a_cause_that_is_seen_by_itself_too_has_no_rival(tmp_path: Path) -> None:
    both = "{lamp.switch: off, light.looks: dark}"
    assert len(rivals(found(tmp_path, {POWER: out(both)}))) == 1

    own = rule("{light.looks: dark}").replace("mine", "seen")
    assert rivals(found(tmp_path, {POWER: out(both, own)})) == []


def test_answers_that_are_only_added_make_no_rival(tmp_path: Path) -> None:
    several = LIGHT.replace("    answers:", "    several: yes\n    answers:")
    dark = OUT.replace("  rules out: [flickers]\n", "") + "rules:\n" + rule("{light.looks: dark}")
    dim = OLD.replace("examples:", rule("{light.looks: dim}") + "examples:")
    changes: Changes = {"facts/light.yaml": several, POWER: dark, OLD_BULB: dim}

    assert rivals(found(tmp_path, changes)) == []


def test_causes_may_be_said_to_go_together_on_either_side(tmp_path: Path) -> None:
    excuse = "goes_with: {lamp-is-off: Both are so when the house is dark.}\n"
    assert rivals(found(tmp_path, {POWER: out(EITHER, excuse)})) == []

    other = CAUSE + "goes_with: {power-is-out: Both are so when the house is dark.}\n"
    assert rivals(found(tmp_path, {POWER: out(EITHER), LAMP: other})) == []


def test_what_goes_together_without_need_is_found(tmp_path: Path) -> None:
    said = found(tmp_path, {LAMP: CAUSE + "goes_with: {power-is-out: It seems so.}\n"})

    assert [one for one in said if "goes_with.power-is-out" in one and "take it out" in one]


@pytest.mark.parametrize("other", ["lamp-is-of", "lamp-is-off"])
def test_a_cause_goes_with_another_one_that_exists(tmp_path: Path, other: str) -> None:
    said = problems(tmp_path, {LAMP: f"{CAUSE}goes_with: {{{other}: So.}}\n"})

    assert any(f"goes_with.{other}" in one and "is not a cause" in one for one in said)


# -- exclusion by a list of known cases

FIRMWARE = FACTS + (
    "  firmware:\n    ask: Which version?\n    look: Read it.\n    effort: 1\n"
    "    typical: {1.2: 50, 6: 50}\n    version: {from: 1, to: 99}\n"
)
MAKERS = TABLE.replace("typical: {x: 100}", "typical: {a: 100}").replace(
    "watts: number", "recalled: word"
)
ROWS = "name,recalled\na,no\nb,no\nc,no\nd,yes\n"


def old(*rules: str) -> str:
    named = [one.replace("mine", f"mine-{place}") for place, one in enumerate(rules)]
    return OLD.replace("examples:", "".join(named) + "examples:")


def by_list(root: Path, facts: str, *rules: str, more: str = "") -> list[str]:
    changes: Changes = {"facts/lamp.yaml": facts, OLD_BULB: old(*rules) + more}
    said = found(root, {**changes, "facts/makers.csv": ROWS})
    return [one for one in said if "not on a list" in one]


HOLE = "{any: [{lamp.firmware: {below: 3}}, {lamp.firmware: {at_least: 3.2}}]}"


@pytest.mark.parametrize(
    ("facts", "when", "says"),
    [
        (FIRMWARE, HOLE, "rules out"),
        (FIRMWARE, "{lamp.switch: on, any: " + HOLE[6:], "rules out"),
        (MAKERS, "{lamp.maker: [a, b, c]}", "rules out"),
        (MAKERS, "{lamp.recalled: no}", "rules out"),
    ],
)
def test_a_rule_is_found_that_excludes_what_is_not_on_a_list(
    tmp_path: Path, facts: str, when: str, says: str
) -> None:
    [said] = by_list(tmp_path, facts, rule(when, says))

    assert said.startswith(f"{OLD_BULB}:11: rules.mine-0: speaks against this cause for every")
    assert "for example " in said
    assert "use a weaker word" in said


@pytest.mark.parametrize(
    ("facts", "when", "says"),
    [
        (FIRMWARE, HOLE, "against"),
        (FIRMWARE, HOLE, "proves"),
        (FIRMWARE, "{lamp.firmware: {at_least: 3}}", "rules out"),
        (FIRMWARE, "{lamp.firmware: {at_least: 3, below: 3.2}}", "rules out"),
        (MAKERS, "{lamp.maker: a}", "rules out"),
        (MAKERS, "{lamp.recalled: yes}", "rules out"),
        (FACTS, "{any: [{lamp.age: {below: 2}}, {lamp.age: {above: 3}}]}", "rules out"),
    ],
)
def test_a_list_may_speak_for_what_is_on_it(
    tmp_path: Path, facts: str, when: str, says: str
) -> None:
    assert by_list(tmp_path, facts, rule(when, says)) == []


def test_two_rules_that_make_a_list_together_are_found(tmp_path: Path) -> None:
    below = rule("{lamp.firmware: {below: 3}}", "rules out")
    above = rule("{lamp.firmware: {at_least: 3.2}}", "rules out")

    assert by_list(tmp_path, FIRMWARE, below) == by_list(tmp_path, FIRMWARE, above) == []
    assert len(by_list(tmp_path, FIRMWARE, below, above)) == 1


def test_a_list_may_be_accepted_with_a_reason(tmp_path: Path) -> None:
    reason = "accepted: {rules-out-by-list: The maker stands for it.}\n"

    assert by_list(tmp_path, FIRMWARE, rule(HOLE, "rules out"), more=reason) == []
    assert any(
        "accepted.rules-out-by-list" in one for one in found(tmp_path, {LAMP: CAUSE + reason})
    )


def test_only_what_is_checked_can_be_accepted(tmp_path: Path) -> None:
    said = problems(tmp_path, {LAMP: CAUSE + "accepted: {rules-out-by-lists: So.}\n"})

    assert any("rules-out-by-list" in one for one in said)


# -- what reads a table past its end

NEWEST = TABLE.replace("typical: {x: 100}", "typical: {a: 100}").replace(
    "watts: number", "newest: version"
)
AGES = NEWEST.replace("name: name,", "name: name, expires: 2027-01-31,")
MODELS = "name,newest\na,3\nb,9\nc,-\n"
BEYOND = "{lamp.firmware: {above: lamp.newest}}"
SETTLED = "{lamp.firmware: {above: lamp.newest}, lamp.newest: {below: 9}}"


def past_table(root: Path, table: str, more: Changes) -> list[str]:
    facts = FIRMWARE + table.removeprefix(FACTS)
    said = found(root, {"facts/lamp.yaml": facts, "facts/makers.csv": MODELS, **more})
    return [one for one in said if "of a table that ages" in one]


def contradicts(when: str) -> Changes:
    return {
        "rules/contradictions.yaml": f"contradictions:\n  beyond:\n    when: {when}\n"
        "    because: No lamp has so new a version.\n    ask_again: lamp.firmware\n"
        "    source: manual\n    reviewed: 2026-11-23\n"
    }


def test_a_contradiction_is_found_that_reads_a_table_past_what_is_on_it(tmp_path: Path) -> None:
    [said] = past_table(tmp_path, AGES, contradicts(BEYOND))

    assert said.startswith("rules/contradictions.yaml:3: contradictions.beyond.when: contradicts")
    assert '"lamp.newest"' in said
    assert "lamp.maker=b" in said


def test_a_rule_is_found_that_rules_out_past_a_table(tmp_path: Path) -> None:
    [said] = past_table(tmp_path, AGES, {OLD_BULB: old(rule(BEYOND, "rules out"))})

    assert said.startswith(f"{OLD_BULB}:11: rules.mine-0: speaks against this cause")


@pytest.mark.parametrize(
    ("table", "when"),
    [(NEWEST, BEYOND), (AGES, SETTLED), (AGES, "{lamp.firmware: {above: 9}, lamp.maker: b}")],
    ids=["it does not age", "settled rows", "it reads no column"],
)
def test_what_does_not_reach_past_a_table_is_in_order(
    tmp_path: Path, table: str, when: str
) -> None:
    assert past_table(tmp_path, table, contradicts(when)) == []


def test_a_rule_that_hints_past_a_table_is_in_order(tmp_path: Path) -> None:
    assert past_table(tmp_path, AGES, {OLD_BULB: old(rule(BEYOND, "against"))}) == []


# -- remedies that are offered in vain

BRIGHT = (
    "preconditions: {bright: {title: T, otherwise: N, holds: {light.looks: dim},"
    " looks: [light.looks], remedy: switch-on}}\n"
)
BARRED = REMEDY + "not_if: [{when: {lamp.switch: on}, because: It is on already.}]\n"
AFTER = MEND + "after: [switch-on]\n"


def in_vain(said: list[str]) -> list[str]:
    return [one for one in said if "are ruled out" in one]


def test_a_remedy_is_found_that_the_check_names_though_its_causes_are_ruled_out(
    tmp_path: Path,
) -> None:
    [said] = in_vain(found(tmp_path, {"rules/pack.yaml": PACK + BRIGHT}))

    assert said.startswith(f'{SWITCH_ON}:2: fixes: is offered in the check of "bright"')
    assert "for example with lamp.switch=on; bar it there with not_if" in said


def test_the_example_of_a_remedy_in_vain_really_offers_it(tmp_path: Path) -> None:
    diagnoser = Diagnoser(folder(tmp_path, {"rules/pack.yaml": PACK + BRIGHT}))
    report = diagnoser.diagnose({"lamp": {"switch": "on"}})

    assert {cause.id: cause.status for cause in report.causes}["lamp-is-off"] == "ruled-out"
    assert [one.id for one in report.plan.check[0].remedies] == ["switch-on"]


def test_a_remedy_is_found_that_stands_before_another_one_in_vain(tmp_path: Path) -> None:
    [said] = in_vain(found(tmp_path, {SCREW_IN: AFTER}))

    assert said.startswith(f"{SWITCH_ON}:2: fixes: is offered in the plan before screw-in")


@pytest.mark.parametrize(
    "changes",
    [
        {"rules/pack.yaml": PACK + BRIGHT, SWITCH_ON: BARRED},
        {SCREW_IN: AFTER, SWITCH_ON: BARRED},
        {
            "rules/pack.yaml": PACK
            + BRIGHT.replace("light.looks", "lamp.switch").replace("dim", "on")
        },
        {
            "rules/pack.yaml": PACK + BRIGHT,
            SWITCH_ON: REMEDY.replace("usually}", "usually, bulb-is-old: usually}"),
        },
        {SWITCH_ON: REMEDY + "hand_over: yes\n", "rules/pack.yaml": PACK + BRIGHT},
        {},
    ],
    ids=["barred", "barred before", "holds then", "may still help", "hands over", "as it is"],
)
def test_a_remedy_that_may_help_or_is_barred_is_not_in_vain(
    tmp_path: Path, changes: Changes
) -> None:
    assert in_vain(found(tmp_path, changes)) == []


def test_a_remedy_in_vain_may_be_accepted(tmp_path: Path) -> None:
    excuse = REMEDY + "accepted: {offered-in-vain: A second press harms nobody.}\n"

    assert in_vain(found(tmp_path, {"rules/pack.yaml": PACK + BRIGHT, SWITCH_ON: excuse})) == []
    assert any("accepted.offered-in-vain" in one for one in found(tmp_path, {SWITCH_ON: excuse}))


# -- bars that nobody comes to know of


def bars(root: Path, when: str, more: Changes | None = None, excuse: str = "") -> list[str]:
    text = f"{REMEDY}not_if: [{{when: {when}, because: So.}}]\n{excuse}"
    said = found(root, {**(more or {}), SWITCH_ON: text})
    return [one for one in said if "not_if.0.when" in one]


def waits(text: str, effort: str, when: str) -> str:
    return text.replace(f"effort: {effort}\n", f"effort: {effort}\n    only_if: {when}\n")


CIRCLE = waits(waits(FACTS, "0.1", "{lamp.age: {above: 3}}"), "1", "{lamp.switch: on}")
NEVER = waits(LIGHT, "0.2", "{lamp.age: {below: 0}}")
WAITING = waits(LIGHT, "0.2", "{lamp.switch: on}")


@pytest.mark.parametrize(
    ("when", "changes", "fact"),
    [
        ("{lamp.age: {above: 9}}", {"facts/lamp.yaml": CIRCLE}, "lamp.age"),
        ("{light.looks: dim}", {"facts/light.yaml": NEVER}, "light.looks"),
        ("{tried.copy-photos: helped}", {}, "tried.copy-photos"),
    ],
)
def test_a_bar_is_found_that_reads_what_nobody_is_asked(
    tmp_path: Path, when: str, changes: Changes, fact: str
) -> None:
    [said] = bars(tmp_path, when, changes)

    assert said.startswith(f'{SWITCH_ON}:9: not_if.0.when: reads "{fact}", which nobody is')


def test_a_bar_is_found_that_reads_what_is_not_asked_where_it_would_hold(tmp_path: Path) -> None:
    changes: Changes = {"facts/light.yaml": WAITING}
    [said] = bars(tmp_path, "{lamp.switch: off, light.looks: dim}", changes)

    assert 'reads "light.looks", which is not asked where this holds' in said
    assert "for example with lamp.switch=off light.looks=dim" in said


@pytest.mark.parametrize(
    ("when", "changes"),
    [
        ("{lamp.switch: on, light.looks: dim}", {"facts/light.yaml": WAITING}),
        ("{any: [{lamp.switch: on}, {lamp.age: {above: 9}}]}", {}),
        ("{tried.screw-in: helped}", {}),
        ("{lamp.recalled: yes}", {"facts/lamp.yaml": MAKERS, "facts/makers.csv": ROWS}),
    ],
)
def test_a_bar_may_read_what_is_asked_told_or_looked_up(
    tmp_path: Path, when: str, changes: Changes
) -> None:
    assert bars(tmp_path, when, changes) == []


def test_a_sign_is_found_that_reads_what_is_not_asked_where_it_would_be_seen(
    tmp_path: Path,
) -> None:
    asked_when_on: Changes = {"facts/light.yaml": WAITING}
    mine = old(rule("{lamp.switch: off, light.looks: dim}", "against"))
    [said] = [
        one
        for one in found(tmp_path, {**asked_when_on, OLD_BULB: mine})
        if "is not asked where" in one
    ]

    assert said.startswith(f'{OLD_BULB}:12: rules.mine-0.when: reads "light.looks"')
    again = old(rule("{lamp.switch: on, light.looks: dim}", "against"))
    said_again = found(tmp_path, {**asked_when_on, OLD_BULB: again})
    assert [one for one in said_again if "is not asked where" in one] == []


def test_a_bar_that_nobody_knows_of_may_be_accepted(tmp_path: Path) -> None:
    excuse = "accepted: {bar-nobody-knows: Programs know it.}\n"

    assert bars(tmp_path, "{tried.copy-photos: helped}", excuse=excuse) == []


# -- dates

REVIEWED = {
    "a rule": (LAMP, CAUSE, "rules.off"),
    "a sign": ("rules/signs/light.yaml", SIGNS, "signs.flickers"),
    "a remedy": (SWITCH_ON, REMEDY, ""),
    "a contradiction": (
        "rules/contradictions.yaml",
        "contradictions:\n  both:\n    when: {lamp.switch: off, light.looks: dim}\n"
        "    because: So.\n    ask_again: lamp.switch\n    source: manual\n"
        "    reviewed: 2026-11-23\n",
        "contradictions.both",
    ),
}


@pytest.mark.parametrize("what", REVIEWED)
def test_what_was_reviewed_more_than_18_months_ago_is_found(what: str, tmp_path: Path) -> None:
    file, text, path = REVIEWED[what]
    where = f"{path}.reviewed" if path else "reviewed"

    def said(today: date | None) -> list[str]:
        start, named = f"{file}:", f": {where}: was"
        all_found = found(tmp_path, {file: text}, today)
        return [one for one in all_found if one.startswith(start) and named in one]

    assert said(None) == said(date(2028, 5, 23)) == []
    [one] = said(date(2028, 5, 24))
    assert "2026-11-23, more than 18 months ago; read its source again" in one


@pytest.mark.parametrize("what", REVIEWED)
def test_what_has_expired_is_found_from_the_day_after(what: str, tmp_path: Path) -> None:
    file, text, path = REVIEWED[what]
    indent = re.search("( *)reviewed:", text)
    assert indent
    line = f"{indent[1]}expires: 2027-01-31\n"
    text = text.replace("reviewed: 2026-11-23\n", f"reviewed: 2026-11-23\n{line}", 1)
    where = f"{path}.expires" if path else "expires"

    def said(today: date | None) -> list[str]:
        return [one for one in found(tmp_path, {file: text}, today) if f": {where}: has" in one]

    assert said(None) == said(date(2027, 1, 31)) == []
    assert len(said(date(2027, 2, 1))) == 1


def test_a_table_that_has_expired_is_found(tmp_path: Path) -> None:
    facts = MAKERS.replace("name: name,", "name: name, expires: 2027-01-31,")
    changes: Changes = {"facts/lamp.yaml": facts, "facts/makers.csv": ROWS}
    said = found(tmp_path, changes, date(2027, 2, 1))

    assert [one for one in said if "facts/lamp.yaml:21: facts.maker.lookup.expires: has" in one]


def test_a_day_to_expire_is_a_date(tmp_path: Path) -> None:
    text = REMEDY + "expires: soon\n"

    assert any("expires: is not a date" in one for one in problems(tmp_path, {SWITCH_ON: text}))


# -- sources of little worth


@pytest.mark.parametrize("worth", ["observed", "press", "field", "general", "blog"])
def test_no_proof_of_the_pack_may_rest_on_a_source_of_little_worth(
    worth: str, tmp_path: Path
) -> None:
    for name in ("rules", "facts"):
        shutil.copytree(Path(built_in()) / name, tmp_path / "knowledge" / name)
    weak = next(one.id for one in load(None).sources.values() if one.worth == worth)
    path = tmp_path / "knowledge" / "rules/signs/switch.yaml"
    path.write_text(re.sub(r"source: .*", f"source: {weak}", path.read_text("utf-8")), "utf-8")

    said = problems_of(tmp_path / "knowledge")

    proof = [one for one in said if "icloud-backup-is-off.yaml" in one and "signs.proves.0" in one]
    assert len(proof) == 1
    assert f'"proves" is more than a source of worth "{worth}" may say' in proof[0]


def problems_of(root: Path) -> list[str]:
    with pytest.raises(InvalidKnowledge) as error:
        load(root)
    return [str(one) for one in error.value.problems]


def test_what_proves_or_rules_out_rests_on_a_source_that_may_say_so() -> None:
    knowledge = load(None)
    for one in knowledge.rules.values():
        if one.conclusive:
            assert one.worth in ("apple", "definition"), one.id


def test_a_contradiction_needs_a_source_that_may_prove(tmp_path: Path) -> None:
    text = REVIEWED["a contradiction"][1].replace("source: manual", "source: blog")

    [said] = problems(tmp_path, {"rules/contradictions.yaml": text})

    assert "contradictions.both.source: a source of such worth may not contradict a person" in said


# -- the pack, and the cases that are given as examples


def test_the_pack_is_in_order_and_names_what_it_accepts() -> None:
    assert check(None)[1] == []
