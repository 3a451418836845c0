"""Every kind of change shows, with its smallest example, in every form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnoser.comparison.compare import compare_packs
from diagnoser.comparison.model import Change, Comparison
from diagnoser.pack.files import Folder
from diagnoser.pack.released import release
from diagnoser.rendering import comparing
from tests.commands import environment, invoke, run
from tests.pack.small import FILES, LOOSE_FILE, folder

SAMPLED = 30
OFF_FILE = "rules/causes/lamp/lamp-is-off.yaml"
OLD_FILE = "rules/causes/lamp/bulb-is-old.yaml"
MEND_FILE = "rules/remedies/screw-in.yaml"
LAMP, LIGHT = "facts/lamp.yaml", "facts/light.yaml"


def changed(root: Path, changes: dict[str, str | None]) -> Comparison:
    return compare_packs(folder(root / "old"), folder(root / "new", changes), SAMPLED)


def edited(file: str, *pairs: tuple[str, str]) -> dict[str, str | None]:
    text = FILES[file]
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    return {file: text}


CHANGES: list[tuple[dict[str, str | None], tuple[str, str, str, str, str | None, str | None]]] = [
    (
        edited(OLD_FILE, ("commonness: rare", "commonness: common")),
        ("cause", "bulb-is-old", "changed", "commonness", "rare", "common"),
    ),
    (
        edited(OLD_FILE, ("says: for", "says: against")),
        ("strength", "bulb-is-old/old", "changed", "", "for", "against"),
    ),
    (
        edited(OLD_FILE, ("{at_least: 9}", "{at_least: 8}")),
        (
            "strength",
            "bulb-is-old/old",
            "changed",
            "when",
            "{lamp.age: {at_least: 9}}",
            "{lamp.age: {at_least: 8}}",
        ),
    ),
    (
        edited(OLD_FILE, ("The bulb is old", "The bulb is worn")),
        ("cause", "bulb-is-old", "changed", "title", "The bulb is old", "The bulb is worn"),
    ),
    (
        edited(MEND_FILE, ("hands_on: 1", "hands_on: 30")),
        ("remedy", "screw-in", "changed", "hands_on", "1", "30"),
    ),
    (
        edited("rules/pack.yaml", ("usually: 0.8", "usually: 0.4")),
        ("remedy", "screw-in", "changed", "fixes.bulb-is-old", "0.8", "0.4"),
    ),
    (
        edited("rules/pack.yaml", ("for: 0.67", "for: 0.9")),
        ("pack", "small", "changed", "strengths.for", "0.67", "0.9"),
    ),
    (
        edited("rules/pack.yaml", ("none_of_these: 0.05", "none_of_these: 0.5")),
        ("pack", "small", "changed", "none_of_these", "0.05", "0.5"),
    ),
    (
        edited("rules/signs/light.yaml", ("for: It flickers, as", "for: It trembles, as")),
        (
            "sign",
            "flickers",
            "changed",
            "speaks_for",
            "It flickers, as what is loose does.",
            "It trembles, as what is loose does.",
        ),
    ),
    (
        edited(LIGHT, ("{dark: It stays dark,", "{dark: It is dark,")),
        ("answer", "light.looks=dark", "changed", "", "It stays dark", "It is dark"),
    ),
    (
        edited(LIGHT, ("dim: It is dim}", "dim: It is dim, blue: It is blue}")),
        ("answer", "light.looks=blue", "added", "", None, "It is blue"),
    ),
    (
        edited(LIGHT, ("dark: 50, flickers: 20", "dark: 40, flickers: 30")),
        ("fact", "light.looks", "changed", "typical.dark", "0.5", "0.4"),
    ),
    (
        edited(
            LAMP,
            (
                "  age:\n",
                "  colour:\n    ask: Which colour?\n    look: Look.\n"
                "    effort: 1\n    answers: {red: Red, blue: Blue}\n"
                "    typical: {red: 50, blue: 50}\n  age:\n",
            ),
        ),
        ("fact", "lamp.colour", "added", "", None, "Which colour?"),
    ),
    (
        edited("facts/places.yaml", ("effort: 0.3", "effort: 0.7")),
        ("place", "under-the-shade", "changed", "effort", "0.3", "0.7"),
    ),
    (
        edited("rules/sources.yaml", ("title: a blog", "title: another blog")),
        ("source", "blog", "changed", "title", "a blog", "another blog"),
    ),
    (
        {
            "rules/remedies/second.yaml": FILES["rules/remedies/switch-on.yaml"].replace(
                "Switch it on", "Switch it on again"
            )
        },
        ("remedy", "second", "added", "", None, "Switch it on again"),
    ),
    (
        {OLD_FILE: None, "rules/causes/lamp/bulb-is-worn.yaml": FILES[OLD_FILE]}
        | edited(MEND_FILE, ("bulb-is-old:", "bulb-is-worn:"))
        | edited("rules/signs/light.yaml", ("[bulb-is-old]", "[bulb-is-worn]")),
        ("cause", "bulb-is-old", "renamed", "", "bulb-is-old", "bulb-is-worn"),
    ),
    (
        edited(
            LAMP,
            ("title: Lamp\n", "title: Lamp\ngone: {age: lamp.years}\n"),
            ("  age:", "  years:"),
        )
        | edited(OLD_FILE, ("lamp.age", "lamp.years"))
        | edited("facts/places.yaml", ("lamp.age", "lamp.years")),
        ("fact", "lamp.age", "renamed", "", "lamp.age", "lamp.years"),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), CHANGES, ids=lambda one: str(one)[:60])
def test_every_kind_of_change_shows(
    tmp_path: Path,
    changes: dict[str, str | None],
    expected: tuple[Any, ...],
) -> None:
    kind, id, what, part, was, now = expected
    compared = changed(tmp_path, changes)
    told = Change(kind=kind, id=id, what=what, part=part, was=was, now=now)
    assert told in compared.changes
    assert compared.changed
    back = compare_packs(tmp_path / "new/knowledge", tmp_path / "old/knowledge", SAMPLED)
    opposite = {"added": "gone", "renamed": what}.get(what, what)
    assert any(one.what in (opposite, "gone", "added") for one in back.changes)


def test_another_status_has_its_classes_its_share_and_its_smallest_example(tmp_path: Path) -> None:
    proof = edited(
        OFF_FILE,
        ("{lamp.switch: off}\n    says: proves", "{lamp.age: {above: 9}}\n    says: proves"),
        ("off, given: {lamp.switch: off}", "off, given: {lamp.age: 10}"),
    )
    compared = changed(tmp_path, proof)
    told = {(one.was, one.now): one for one in compared.statuses}
    # The switch is on, off or not known; the bulb is at most 9, older, or its age is not known.
    assert told.keys() == {("proven", "open"), ("open", "proven"), ("ruled-out", "open")}
    gone = told["proven", "open"]
    assert (gone.classes, gone.of, gone.example.answers) == (2, 9, ["lamp.switch=off"])
    assert gone.probability == pytest.approx(0.1)  # nobody is usually older than 9
    new = told["open", "proven"]
    assert (new.classes, new.example.answers) == (1, ["lamp.age=10"])
    assert new.probability == 0
    both = told["ruled-out", "open"]
    assert both.example.answers == ["lamp.age=10", "lamp.switch=on"]


def test_facts_that_only_one_pack_has_are_not_compared(tmp_path: Path) -> None:
    one_more = edited(
        OLD_FILE,
        (
            "rules:\n",
            "rules:\n  hot:\n    when: {lamp.heat: hot}\n    says: for\n"
            "    because: It is hot.\n    source: blog\n    reviewed: 2026-11-23\n",
        ),
        (
            "examples:\n",
            "examples:\n  - {case: hot, given: {lamp.heat: hot}, expect: more likely}\n",
        ),
    ) | edited(
        LAMP,
        (
            "  age:\n",
            "  heat:\n    ask: Is it hot?\n    look: Feel.\n    effort: 1\n"
            "    answers: {hot: Hot, cold: Cold}\n"
            "    typical: {hot: 50, cold: 50}\n  age:\n",
        ),
    )
    compared = changed(tmp_path, one_more)
    assert any(one.id == "lamp.heat" and one.what == "added" for one in compared.changes)
    told = [answer for one in compared.evidence if one.example for answer in one.example.answers]
    assert not any(answer.startswith("lamp.heat") for answer in told)
    assert [(one.sign, one.was, one.now) for one in compared.evidence] == [("hot", None, "for")]


def test_what_only_looks_otherwise_changes_nothing(tmp_path: Path) -> None:
    compared = changed(tmp_path, {LOOSE_FILE: f"# a comment\n{FILES[LOOSE_FILE]}"})
    assert not compared.same
    assert not compared.changed
    assert "only in how they are written" in " ".join(comparing.text(compared).split())


def test_the_command_says_the_same_of_folders_and_releases(tmp_path: Path) -> None:
    old = folder(tmp_path / "old")
    new = folder(tmp_path / "new", edited(OLD_FILE, ("commonness: rare", "commonness: common")))
    file = tmp_path / "old.zip"
    file.write_bytes(release(Folder(str(old))))
    texts = set()
    for form in ("text", "markdown", "json"):
        got = [invoke("diff", str(one), str(new), "--format", form) for one in (old, file)]
        assert [one.exit_code for one in got] == [1, 1]
        assert got[0].stdout == got[1].stdout
        assert got[0].stderr == ""
        texts.add(got[0].stdout)
    assert len(texts) == 3
    assert json.loads(invoke("diff", str(old), str(new), "--format", "json").stdout)["changes"] == [
        {
            "kind": "cause",
            "id": "bulb-is-old",
            "what": "changed",
            "part": "commonness",
            "was": "rare",
            "now": "common",
        }
    ]
    same = invoke("diff", str(old), str(file))
    assert same.exit_code == 0
    assert "Nothing: both are the same" in same.stdout
    assert invoke("diff", str(old), "nowhere").exit_code == 2
    broken = folder(tmp_path / "broken", {LOOSE_FILE: "title: ["})
    assert LOOSE_FILE in invoke("diff", str(old), str(broken)).stderr


def test_the_forms_stay_as_they_are(tmp_path: Path) -> None:
    compared = changed(tmp_path, edited(OLD_FILE, ("says: for", "says: against")))
    shown = comparing.markdown(compared).splitlines()
    assert shown[0] == "# What changed"
    assert "## In the files" in shown
    assert "- strength bulb-is-old/old: was for, now against" in shown
    assert "## Evidence" in shown
    assert (
        "- bulb-is-old, sign old: was for, now against; another in 1 of 3 classes of answers; seen "
        "in 50 % of cases" in shown
    )
    assert "  - Smallest example: --set lamp\\.age=9" in shown
    narrow = comparing.text(compared, 40)
    assert all(len(line) <= 40 for line in narrow.splitlines())


def test_no_text_of_a_pack_becomes_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> [x](https://evil.example) *b*"
    compared = changed(tmp_path, edited(OLD_FILE, ("The bulb is old", f"'{evil}'")))
    shown = comparing.markdown(compared)
    assert "<script>" not in shown
    assert "[x](" not in shown


def test_records_of_another_knowledge_are_held_against_this_one(tmp_path: Path) -> None:
    old = folder(tmp_path / "old")
    changes = edited(
        OFF_FILE, ("says: rules out", "says: against"), ("expect: ruled out", "expect: less likely")
    )
    new = str(folder(tmp_path / "new", changes))
    gone = edited(LAMP, ("age:", "years:")) | edited(OLD_FILE, ("lamp.age", "lamp.years"))
    gone |= edited("facts/places.yaml", ("lamp.age", "lamp.years"))
    other = str(folder(tmp_path / "other", gone))
    records, file = str(tmp_path / "records"), tmp_path / "old.zip"
    file.write_bytes(release(Folder(str(old))))
    for given in ("lamp.switch=on", "lamp.age=9", "light.looks=dim"):
        invoke("diagnose", "--set", given, "--record", records, "--knowledge", str(old))

    def replayed(*options: str) -> tuple[int, list[str], list[list[str]]]:
        result = invoke("replay", records, *options, "--format", "json")
        told = json.loads(result.stdout)
        return result.exit_code, [one["status"] for one in told], [one["changes"] for one in told]

    at_hand = "knowledge-not-at-hand"
    assert replayed("--knowledge", str(file))[:2] == (0, ["same"] * 3)
    assert replayed("--knowledge", new)[:2] == (1, [at_hand] * 3)
    assert replayed("--knowledge", new, "--old", new)[1] == [at_hand] * 3
    code, statuses, changes_told = replayed("--knowledge", new, "--old", str(file))
    assert (code, statuses) == (1, ["changed", "unchanged", "unchanged"])
    assert "status of lamp-is-off: was ruled-out, now open" in changes_told[0]
    assert replayed("--knowledge", new, "--compare")[1][0] == "changed"
    assert replayed("--knowledge", other, "--old", str(file))[1][1] == "not-taken"
    shown = invoke("replay", records, "--knowledge", new, "--old", str(file)).stdout
    assert "2 unchanged, 1 changed, 0 not taken" in " ".join(shown.split())


def test_hash_seeds_make_no_difference(tmp_path: Path) -> None:
    old = folder(tmp_path / "old")
    new = folder(tmp_path / "new", edited(OLD_FILE, ("says: for", "says: against")))
    said = {
        run("diff", str(old), str(new), "--full", env=environment(PYTHONHASHSEED=seed)).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert b"Evidence" in said.pop()
