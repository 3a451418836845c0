"""A knowledge folder with mistakes is refused: all of them at once, with file, line and key."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidKnowledge, Problem
from diagnoser.pack import cache, compiled
from diagnoser.pack.check import check
from diagnoser.pack.files import files
from diagnoser.pack.loader import load, read_and_link

PACK = """\
id: small
version: 1.0.0
title: A lamp that does not shine
strengths: {proves: 1, for: 0.67, against: -0.67, rules out: -1}
worth: {maker: proves, blog: for}
commonness: {common: 0.1, rare: 0.01}
chances: {usually: 0.8}
nuisances:
  bulb: {minutes: 5, text: the price of a bulb}
  photos: {minutes: 9, text: the photos, irreplaceable: yes}
safe_copy: copy-photos
none_of_these: 0.05
waiting_rate: 0.1
verification: 1
"""
FACTS = """\
title: Lamp
order: 1
facts:
  switch:
    ask: Is the switch on?
    look: Look at it.
    effort: 0.1
    answers: {on: "Yes", off: "No"}
    typical: {on: 90, off: 10}
  age:
    ask: How old is the bulb?
    look: [Read the date on it.]
    effort: 1
    number: {unit: years, from: 0, to: 50}
    typical: {1: 50, 9: 50}
"""
CAUSE = """\
title: The lamp is off
because: Nothing shines that is off.
commonness: common
rules:
  off:
    when: {lamp.switch: off}
    says: proves
    because: It is off.
    source: the manual
    worth: maker
    reviewed: 2026-11-23
  on:
    when: {lamp.switch: on}
    says: rules out
    because: It is on.
    source: the manual
    worth: maker
    reviewed: 2026-11-23
examples:
  - {case: it is off, given: {lamp.switch: off}, expect: proven}
  - {case: it is on, given: {lamp.switch: on}, expect: ruled out}
"""
REMEDY = """\
title: Switch it on
fixes: {lamp-is-off: usually}
cost: {hands_on: 1}
steps: Press the switch.
check: It shines.
sources: [the manual]
worth: maker
reviewed: 2026-11-23
"""
COPY = REMEDY.replace("Switch it on", "Copy the photos").replace("{lamp-is-off: usually}", "{}")
OLD = """\
title: The bulb is old
because: Bulbs do not live for ever.
commonness: rare
rules:
  old:
    when: {lamp.age: {at_least: 9}}
    says: for
    because: It is old.
    source: a blog
    worth: blog
    reviewed: 2026-11-23
examples:
  - {case: nine years to the day is old, given: {lamp.age: 9}, expect: more likely}
  - {case: a new one is not, given: {lamp.age: 1}, expect: unchanged}
"""
FILES = {
    "rules/pack.yaml": PACK,
    "rules/lamp/lamp-is-off.yaml": CAUSE,
    "rules/lamp/bulb-is-old.yaml": OLD,
    "rules/remedies/switch-on.yaml": REMEDY.replace("usually}", "usually, bulb-is-old: usually}"),
    "rules/remedies/copy-photos.yaml": COPY,
    "facts/lamp.yaml": FACTS,
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def folder(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """A sound knowledge folder, with some files replaced, added, or (None) left out."""
    for name, text in (FILES | (changes or {})).items():
        if text is not None:
            path = root / "knowledge" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return root / "knowledge"


def problems(root: Path, changes: dict[str, str | None]) -> list[str]:
    with pytest.raises(InvalidKnowledge) as error:
        load(folder(root, changes))
    return [str(problem) for problem in error.value.problems]


def test_a_sound_folder_loads_and_has_nothing_to_complain_of(tmp_path: Path) -> None:
    _, found = check(folder(tmp_path))
    assert [str(one) for one in found if "copy-photos" not in one.file] == []
    report = Diagnoser(folder(tmp_path)).diagnose({"lamp": {"switch": "off"}})
    assert report.causes[0].id == "lamp-is-off"
    assert report.plan.steps[0].remedy == "switch-on"


MISTAKES: dict[str, tuple[str, str, list[str]]] = {
    "a misspelt fact": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("when: {lamp.switch: off}", "when: {lamp.swich: off}"),
        ["lamp-is-off.yaml:6", "rules.off.when.lamp.swich", "is not a fact", '"lamp.switch"'],
    ),
    "a misspelt answer": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("when: {lamp.switch: off}", "when: {lamp.switch: of}"),
        ["lamp-is-off.yaml:6", "rules.off.when.lamp.switch", '"off"', "(allowed: on, off)"],
    ),
    "an unknown cause in a remedy": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("lamp-is-off", "lamp-is-of"),
        ["switch-on.yaml:2", "fixes.lamp-is-of", "not a cause", '"lamp-is-off"'],
    ),
    "a wrong type": (
        "facts/lamp.yaml",
        FACTS.replace("effort: 0.1", "effort: little"),
        ["lamp.yaml:7", "facts.switch.effort", "number", '"little"'],
    ),
    "a misspelt key": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("commonness:", "comonness:"),
        ["lamp-is-off.yaml:3", "comonness", "is not a key here", '"commonness"'],
    ),
    "a missing key": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("check: It shines.\n", ""),
        ["switch-on.yaml:1", "check"],
    ),
    "a duplicate id": (
        "rules/other/lamp-is-off.yaml",
        CAUSE,
        ["rules/other/lamp-is-off.yaml:1", "same id as rules/lamp/lamp-is-off.yaml"],
    ),
    "a duplicate id, also of a remedy": (
        "rules/zone/bulb-is-old.yaml",
        OLD,
        ["rules/zone/bulb-is-old.yaml:1", "same id as rules/lamp/bulb-is-old.yaml"],
    ),
    "a remedy that must come after itself": (
        "rules/remedies/switch-on.yaml",
        REMEDY + "after: [switch-on]\n",
        ["switch-on.yaml:9", "after", "cycle"],
    ),
    "an alias": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("title: The lamp is off", "title: &t The lamp is off").replace(
            "because: Nothing shines that is off.", "because: *t"
        ),
        ["lamp-is-off.yaml:2", "because", "alias"],
    ),
    "a duplicate key": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE + "title: Again\n",
        ["lamp-is-off.yaml:22", "title", "written twice, first in line 1"],
    ),
    "a tag": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("title: The", "title: !!python/name:os.system The"),
        ["lamp-is-off.yaml:1", "title", "tag"],
    ),
    "no YAML": ("rules/lamp/lamp-is-off.yaml", "title: [", ["lamp-is-off.yaml", "not YAML"]),
    "a strength beyond its source": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("worth: maker", "worth: blog", 1),
        ["lamp-is-off.yaml:7", "rules.off.says", "proves", "blog"],
    ),
    "an unknown strength": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("says: proves", "says: prooves"),
        ["lamp-is-off.yaml:7", "rules.off.says", '"proves"'],
    ),
    "a loss before the safe copy": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("{hands_on: 1}", "{hands_on: 1, loses: [photos]}"),
        ["switch-on.yaml", "after", "photos", "copy-photos"],
    ),
    "typical answers that are not a hundred": (
        "facts/lamp.yaml",
        FACTS.replace("{on: 90, off: 10}", "{on: 90, off: 20}"),
        ["lamp.yaml", "facts.switch", "110"],
    ),
    "two types of fact": (
        "facts/lamp.yaml",
        FACTS.replace("    effort: 0.1\n", "    effort: 0.1\n    version: {from: 1, to: 9}\n"),
        ["lamp.yaml", "facts.switch", "exactly one"],
    ),
    "facts about what was tried": ("facts/tried.yaml", FACTS, ["facts/tried.yaml", "not needed"]),
    "an odd file name": ("rules/lamp/Lamp Off.yaml", CAUSE, ["Lamp Off.yaml", "named like an id"]),
    "a tab": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("  off:", "\toff:"),
        ["lamp-is-off.yaml:5", "a tab indents the line", "spaces"],
    ),
    "a quote that is never closed": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("because: It is off.", 'because: "It is off.'),
        ["lamp-is-off.yaml", "quoted scalar that starts in line 8"],
    ),
    "two documents": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE + "---\ntitle: x\n",
        ["lamp-is-off.yaml:22", "more than one document"],
    ),
    "a merge key": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("    says: proves", "    <<: {says: proves}"),
        ["lamp-is-off.yaml:7", "rules.off.<<", "is not a key here"],
    ),
    "an empty file": ("rules/lamp/lamp-is-off.yaml", "", ["lamp-is-off.yaml:1", "is empty"]),
    "a list for a file": (
        "rules/lamp/lamp-is-off.yaml",
        "- a\n",
        ["lamp-is-off.yaml:1", "must be a mapping of keys to values"],
    ),
    "too deep": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("{lamp.switch: off}", "[" * 3000 + "]" * 3000, 1),
        ["lamp-is-off.yaml:6", "nested more than 12 levels"],
    ),
    "too large": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE + "#" * 300_000,
        ["lamp-is-off.yaml:1", "larger than 256 KiB"],
    ),
    "a control character": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("because: It is off.", "because: It is \x1b[2J off."),
        ["lamp-is-off.yaml:8", r"\u{1b}"],
    ),
    "another ending": (
        "rules/lamp/bulb-is-new.yml",
        OLD,
        ["rules/lamp/bulb-is-new.yml:1", "its name must end with .yaml"],
    ),
    "a cause outside of the areas": (
        "rules/bulb-is-new.yaml",
        OLD,
        ["rules/bulb-is-new.yaml:1", "rules/<area>/<cause>.yaml"],
    ),
    "facts in a folder of their own": (
        "facts/lamps/lamp.yaml",
        FACTS,
        ["facts/lamps/lamp.yaml:1", "facts/<area>.yaml"],
    ),
    "a table among the rules": (
        "rules/lamp/makers.csv",
        "name\nx\n",
        ["rules/lamp/makers.csv:1", "facts/<table>.csv"],
    ),
    "an area with a dot": ("facts/la.mp.yaml", FACTS, ["facts/la.mp.yaml:1", "is not named like"]),
    "an answer that says nothing": (
        "facts/lamp.yaml",
        FACTS.replace('off: "No"}', 'unknown: "No"}'),
        ["lamp.yaml:8", "facts.switch.answers", "`unknown` is an answer to every question"],
    ),
    "a bound that is no number": (
        "facts/lamp.yaml",
        FACTS.replace("from: 0", "from: nan"),
        ["lamp.yaml:14", "facts.age.number.from", "finite"],
    ),
    "a typical answer beyond the bounds": (
        "facts/lamp.yaml",
        FACTS.replace("9: 50", "51: 50"),
        ["lamp.yaml:15", "facts.age.typical.51", '"51" is out of range', "from 0 to 50 years"],
    ),
    "a test that there is not": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("at_least", "at_lest"),
        ["bulb-is-old.yaml:6", "rules.old.when.lamp.age.at_lest", '"at_least"', "at_most"],
    ),
    "a comparison with a fact that there is not": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{at_least: lamp.aeg}"),
        ["bulb-is-old.yaml:6", "lamp.aeg: is not a fact", '"lamp.age"'],
    ),
    "a date that there is not": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("2026-11-23", "2026-02-30"),
        ["bulb-is-old.yaml:11", "rules.old.reviewed", '"2026-02-30"', "date"],
    ),
    "an expectation that there is not": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("expect: more likely", "expect: more likly"),
        ["bulb-is-old.yaml:13", "examples.0.expect", '"more likely"', "unchanged"],
    ),
    "a loss that there is not": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("{hands_on: 1}", "{hands_on: 1, loses: [bulb, photoss]}"),
        ["switch-on.yaml:3", "cost.loses.1", '"photos"'],
    ),
    "a safe copy that loses what it saves": (
        "rules/remedies/copy-photos.yaml",
        COPY.replace("{hands_on: 1}", "{hands_on: 1, loses: [photos]}"),
        ["copy-photos.yaml:3", "cost.loses", "the safe copy"],
    ),
    "steps for some only": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("steps: Press", "steps:\n  - if: {lamp.switch: off}\n    do: [Press")[
            :-1
        ].replace("switch.\n", "switch.]\n")
        + "\n",
        ["switch-on.yaml:4", "steps", "the last variant"],
    ),
    "a table that is not there": (
        "facts/lamp.yaml",
        FACTS + "  maker:\n    ask: Who made it?\n    look: Read it.\n    effort: 1\n"
        "    lookup: {table: makers.csv, name: name, derives: {}}\n    typical: {x: 100}\n",
        ["lamp.yaml", "facts.maker.lookup.table", "facts/makers.csv"],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_with_file_line_key_and_what_would_be_right(
    name: str, tmp_path: Path
) -> None:
    file, text, named = MISTAKES[name]
    found = problems(tmp_path, {file: text})
    assert any(all(word in one for word in named) for one in found), found


def test_all_mistakes_of_a_pack_are_reported_at_once_in_the_order_of_the_files(
    tmp_path: Path,
) -> None:
    found = problems(
        tmp_path,
        {
            "facts/lamp.yaml": FACTS.replace("10}", "20}").replace("effort: 1", "effort: long"),
            "rules/lamp/bulb-is-old.yaml": OLD.replace("title: The bulb is old\n", "").replace(
                "lamp.age: {at_least: 9}", "lamp.aeg: {at_least: 9}"
            ),
            "rules/lamp/lamp-is-off.yaml": CAUSE.replace("{lamp.switch: off}", "{lamp.swich: off}")
            .replace("says: rules out", "says: rules outt")
            .replace("expect: proven", "expect: proved")
            .replace("because: Nothing", "because: &b Nothing"),
            "rules/lamp2/bulb-is-old.yaml": OLD,
            "rules/lamp/x.yml": OLD,
            "rules/pack.yaml": PACK.replace("common: 0.1", "common: 2"),
            "rules/remedies/copy-photos.yaml": COPY + "after: [switch-on]\n",
            "rules/remedies/switch-on.yaml": REMEDY.replace("check: It shines.\n", "").replace(
                "lamp-is-off: usually", "lamp-is-of: usualy"
            )
            + "after: [copy-photos, copy]\n",
            "rules/remedies/wrong.yaml": "title: [",
        },
    )
    assert [one.split(" ")[0] + " " + one.split(" ")[1] for one in found] == [
        "facts/lamp.yaml:9: facts.switch.typical:",
        "facts/lamp.yaml:13: facts.age.effort:",
        "rules/lamp/bulb-is-old.yaml:1: lacks",
        "rules/lamp/bulb-is-old.yaml:5: rules.old.when.lamp.aeg:",
        "rules/lamp/lamp-is-off.yaml:2: because:",
        "rules/lamp/lamp-is-off.yaml:6: rules.off.when.lamp.swich:",
        "rules/lamp/lamp-is-off.yaml:14: rules.on.says:",
        "rules/lamp/lamp-is-off.yaml:20: examples.0.expect:",
        "rules/lamp/lamp-is-off.yaml:20: examples.0.given.lamp.swich:",
        "rules/lamp/x.yml:1: is",
        "rules/lamp2/bulb-is-old.yaml:1: has",
        "rules/pack.yaml:6: commonness.common:",
        "rules/remedies/copy-photos.yaml:9: after:",
        "rules/remedies/switch-on.yaml:1: lacks",
        "rules/remedies/switch-on.yaml:2: fixes.lamp-is-of:",
        "rules/remedies/switch-on.yaml:2: fixes.lamp-is-of:",
        "rules/remedies/switch-on.yaml:8: after:",
        "rules/remedies/switch-on.yaml:8: after.1:",
        "rules/remedies/wrong.yaml:1: is",
    ]


def test_a_mistake_in_one_file_is_not_blamed_on_the_others(tmp_path: Path) -> None:
    found = problems(tmp_path, {"facts/lamp.yaml": FACTS.replace("title: Lamp", "titel: Lamp")})
    assert all(one.startswith("facts/lamp.yaml") for one in found), found


def test_a_folder_that_is_none_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InvalidKnowledge, match="rules and no folder facts"):
        load(tmp_path)


def test_without_its_pack_file_everything_else_is_checked_all_the_same(tmp_path: Path) -> None:
    misspelt = MISTAKES["a misspelt fact"][1]
    for pack in (None, "id: ["):
        root = tmp_path / str(pack)
        found = problems(root, {"rules/pack.yaml": pack, "rules/lamp/lamp-is-off.yaml": misspelt})
        assert [one.split(":")[0] for one in found] == [
            "rules/lamp/lamp-is-off.yaml",
            "rules/pack.yaml",
        ]


def test_what_is_not_knowledge_is_left_alone(tmp_path: Path) -> None:
    root = folder(tmp_path)
    before = load(root)
    for name in ("rules/README.md", "rules/lamp/notes.txt", "facts/examples/a.json"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("junk: [")
    for name in (".lamp.yaml.swp", ".lamp.yaml", "._lamp.yaml", "lamp.yaml~", "#lamp.yaml#"):
        (root / "rules" / "lamp" / name).write_text("junk: [")
        (root / "facts" / name).write_text("junk: [")
    (root / "rules" / "lamp" / ".#lamp.yaml").symlink_to("nobody@nowhere")
    (root / "rules" / ".git" / "x").mkdir(parents=True)
    (root / "rules" / ".git" / "x" / "lamp.yaml").write_text("junk: [")
    assert load(root).digest == before.digest
    assert check(root)[0] == before


def test_odd_things_for_files_are_named_with_all_other_mistakes(tmp_path: Path) -> None:
    root = folder(tmp_path, {"rules/lamp/lamp-is-off.yaml": MISTAKES["a misspelt fact"][1]})
    lamp = root / "rules" / "lamp"
    os.mkfifo(lamp / "a.yaml")
    (lamp / "b.yaml").symlink_to("nowhere")
    (lamp / "c.yaml").symlink_to("c.yaml")
    (lamp / "d").symlink_to("..")
    (lamp / "g").symlink_to("g")
    os.mkfifo(root / "compiled.json")
    (Path(os.fsdecode(os.fsencode(lamp) + b"/\xff.yaml"))).write_text(OLD)
    (lamp / "e\nf.yaml").write_text(OLD)
    with pytest.raises(InvalidKnowledge) as error:
        load(root)
    found = [str(problem) for problem in error.value.problems]
    wrong = ("it is not a file", "No such file", "symbolic links", "links are not followed")
    wrong += ("leads nowhere",)
    assert all(any(word in one for one in found) for word in wrong), found
    assert any(r"\u{dcff}.yaml:1" in one for one in found), found
    assert any(r"e\u{a}f.yaml:1" in one for one in found), found
    assert any("lamp.swich" in one for one in found), found


@pytest.mark.parametrize("closed", ["rules/lamp", "rules"])
def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(
    closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(path: Any) -> Any:
        if Path(path) == root / closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    root, scandir = folder(tmp_path), os.scandir
    monkeypatch.setattr("os.scandir", scan)
    found = mistakes(root)
    assert found
    assert str(found[0]) == f"{closed}:1: is a folder that cannot be read"


def test_words_that_other_readers_of_yaml_take_for_truth_stay_words(tmp_path: Path) -> None:
    changes: dict[str, str | None] = {
        "facts/lamp.yaml": FACTS.replace('on: "Yes", off: "No"', "yes: Yes, no: No").replace(
            "on: 90, off: 10", "yes: 90, no: 10"
        ),
        "rules/lamp/lamp-is-off.yaml": CAUSE.replace("switch: off", "switch: no").replace(
            "switch: on", "switch: yes"
        ),
    }
    report = Diagnoser(folder(tmp_path, changes)).diagnose({"lamp": {"switch": "no"}})
    assert report.causes[0].status == "proven"


TABLE = FACTS + (
    "  maker:\n    ask: Who made it?\n    look: Read it.\n    effort: 1\n"
    "    typical: {x: 100}\n"
    "    lookup: {table: makers.csv, name: name, derives: {watts: number}}\n"
)


def test_a_fact_follows_from_one_table_only(tmp_path: Path) -> None:
    _, start, second = TABLE.partition("  maker:\n")
    facts = TABLE + start.replace("maker", "shop") + second
    found = problems(tmp_path, {"facts/lamp.yaml": facts, "facts/makers.csv": "name,watts\nx,5\n"})
    assert found == [
        "facts/lamp.yaml:27: facts.shop.lookup.derives.watts: follows from lamp.maker already"
    ]


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ("name,watts\nx,5 W\n", 'facts/makers.csv:2: watts: "5 W" has a unit'),
        ("name,watts\nx,5\nX,6\n", 'facts/makers.csv:3: "x" stands for two rows'),
        ("name,watts,watts\nx,5,6\n", 'facts/makers.csv:1: has two columns named "watts"'),
        ("name,watts\nx,5\n\ny\n", "facts/makers.csv:3: must have 2 filled cells"),
        ("name,watts\n", "facts/makers.csv:1: has no row"),
        ("", "facts/makers.csv:1: is empty"),
        ('name,watts\n"x,5\n', "facts/makers.csv:2: is not a table"),
        ("name,wats\nx,5\n", 'facts/lamp.yaml:21: facts.maker.lookup: "watts" is not a column'),
    ],
)
def test_a_mistaken_table_is_named_with_its_line_and_blamed_on_nothing_else(
    tmp_path: Path, table: str, wrong: str
) -> None:
    found = problems(tmp_path, {"facts/lamp.yaml": TABLE, "facts/makers.csv": table})
    assert found[0].startswith(wrong)
    assert all(one.partition(":")[0] == wrong.partition(":")[0] for one in found), found


def test_an_example_that_does_not_hold_is_found_by_check(tmp_path: Path) -> None:
    wrong = CAUSE.replace("expect: ruled out", "expect: proven")
    _, found = check(folder(tmp_path, {"rules/lamp/lamp-is-off.yaml": wrong}))
    assert any("examples.1.expect" in str(one) and "ruled out" in str(one) for one in found)


def test_a_rule_without_an_example_on_each_side_is_found_by_check(tmp_path: Path) -> None:
    lines = CAUSE.splitlines(keepends=True)
    _, found = check(folder(tmp_path, {"rules/lamp/lamp-is-off.yaml": "".join(lines[:-1])}))
    said = [str(one) for one in found]
    assert any("rules.on" in one and "in which it fires" in one for one in said)
    assert any("rules.off" in one and "known to fail" in one for one in said)


SCRAPS = (
    *(
        "\t",
        "&a ",
        "*a ",
        "!!x ",
        "<<: ",
        "- ",
        ": ",
        "{",
        "]",
        "'",
        '"',
        "\n",
        "\n\n",
        "---\n",
        "|",
    ),
    *("#", "?", "%", "\0", "\x1b", "\u2028", "\ufeff", "é", "~", "nan", "9" * 400, "x" * 700),
)
TEXTS = {**FILES, "facts/lamp.yaml": TABLE, "facts/makers.csv": "name,watts\nx,5\ny,6\n"}
EDITS = st.lists(
    st.tuples(
        st.sampled_from(sorted(TEXTS)),
        st.integers(0, 10_000),
        st.integers(0, 40),
        st.sampled_from(SCRAPS) | st.just("") | st.text(max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(EDITS)
def test_no_damage_to_a_pack_is_anything_but_a_list_of_mistakes_with_their_places(
    edits: list[tuple[str, int, int, str]],
) -> None:
    texts: dict[str, str | None] = dict(TEXTS)
    for file, place, length, scrap in edits:
        text = texts[file] or ""
        start = place % (len(text) + 1)
        texts[file] = text[:start] + scrap + text[start + length :]
    with TemporaryDirectory() as root:
        found = mistakes(folder(Path(root), texts))
    for problem in found or ():
        lines = max((texts[problem.file] or "").count(end) for end in "\n\r\u2028\u0085")
        assert 1 <= problem.line <= lines + 1, problem
        assert problem.reason
        assert str(problem).isprintable(), problem


def mistakes(root: Path) -> tuple[Problem, ...] | None:
    """What a folder is refused for; None when it is not."""
    try:
        check(root)
    except InvalidKnowledge as error:
        return error.problems
    return None


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_pack_without_one_of_its_lines_is_still_only_mistaken(file: str, tmp_path: Path) -> None:
    lines = FILES[file].splitlines(keepends=True)
    for place in range(len(lines)):
        text = "".join(lines[:place] + lines[place + 1 :])
        found = mistakes(folder(tmp_path, {file: text}))
        assert found is None or all(1 <= problem.line <= len(lines) for problem in found)
        assert found != ()


ROUND_UP = f"""\
{FACTS}\
  state:
    ask: How is it?
    look: Look at it.
    effort: 1
    answers: {{dark: Dark, old: Old, else: Something else}}
    means:
      dark: {{lamp.switch: off, lamp.age: 1}}
      old: {{lamp.age: 20}}
    typical: {{dark: 40, old: 50, else: 10}}
"""
IDLE = {
    "a rule that can never fire": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{above: 9, below: 4}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "can never hold"],
    ),
    "a rule beyond the bounds of its fact": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{above: 50}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "can never hold"],
    ),
    "a rule that always fires": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{at_least: 0}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "always holds"],
    ),
    "a test of a fact against itself": (
        "rules/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{above: lamp.age}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "can never hold"],
    ),
    "steps that nobody gets": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace(
            "steps: Press the switch.",
            "steps:\n  - if: {lamp.age: {below: 0}}\n    do: [Press.]\n  - do: [Wait.]",
        ),
        ["switch-on.yaml:5", "steps.0.if", "can never hold"],
    ),
    "questions that wait for each other": (
        "facts/lamp.yaml",
        FACTS.replace(
            "effort: 0.1\n", "effort: 0.1\n    only_if: {lamp.age: {above: 3}}\n"
        ).replace("effort: 1\n", "effort: 1\n    only_if: {lamp.switch: on}\n"),
        ["lamp.yaml:8", "facts.switch.only_if", "never asked"],
    ),
    "a table that nobody looks into": (
        "facts/makers.csv",
        "name\nx\n",
        ["facts/makers.csv:1", "no fact looks anything up in"],
    ),
    "two answers that read the same": (
        "facts/lamp.yaml",
        FACTS.replace('off: "No"', 'off: "yes"'),
        ["lamp.yaml:8", "facts.switch.answers", "read the same"],
    ),
    "a question that nobody needs": (
        "facts/lamp.yaml",
        TABLE.replace("derives: {watts: number}", "derives: {}"),
        ["lamp.yaml:16", "facts.maker", "no rule, remedy or question uses it"],
    ),
    "a round-up of one fact": (
        "facts/lamp.yaml",
        ROUND_UP.replace("lamp.switch: off, ", ""),
        ["lamp.yaml:21", "facts.state.means", "for one fact only"],
    ),
    "an answer to a round-up that says nothing": (
        "facts/lamp.yaml",
        ROUND_UP.replace("      old: {lamp.age: 20}\n", ""),
        ["lamp.yaml:20", "facts.state.answers.old", "means nothing"],
    ),
    "a cause without a remedy": (
        "rules/remedies/switch-on.yaml",
        REMEDY,
        ["bulb-is-old.yaml:1", "no remedy mends this cause"],
    ),
    "two rules with one condition": (
        "rules/lamp/lamp-is-off.yaml",
        CAUSE.replace("{lamp.switch: on}", "{lamp.switch: off}", 1),
        ["lamp-is-off.yaml:13", "rules.on.when", "the same condition as"],
    ),
}


@pytest.mark.parametrize("name", IDLE)
def test_what_is_idle_is_found_by_check_with_file_line_and_key(name: str, tmp_path: Path) -> None:
    file, text, named = IDLE[name]
    changes: dict[str, str | None] = {file: text, "facts/makers.csv": "name,watts\nx,5\n"}
    _, found = check(folder(tmp_path, changes | {file: text}))
    said = [str(one) for one in found]
    assert any(all(word in one for word in named) for one in said), said


def test_a_sound_round_up_is_nothing_to_complain_of(tmp_path: Path) -> None:
    knowledge, found = check(folder(tmp_path, {"facts/lamp.yaml": ROUND_UP}))

    assert not [problem for problem in found if problem.file == "facts/lamp.yaml"]
    assert knowledge.facts["lamp.state"].follows("dark") == {"lamp.switch": "off", "lamp.age": 1}
    assert knowledge.facts["lamp.state"].follows("else") == {}


def test_a_remedy_may_be_barred_as_soon_as_a_fact_is_known(tmp_path: Path) -> None:
    bar = "not_if:\n  - {when: {lamp.switch: [on, off]}, because: You have looked already.}\n"
    changes: dict[str, str | None] = {
        "rules/remedies/switch-on.yaml": (FILES["rules/remedies/switch-on.yaml"] + bar)
    }
    _, found = check(folder(tmp_path, changes))
    assert [one for one in found if "switch-on" in one.file] == []


# -- the compiled form


def test_the_compiled_form_gives_the_same_knowledge(tmp_path: Path) -> None:
    root = folder(tmp_path)
    first, again = load(root), load(root)
    (kept,) = (tmp_path / "cache" / "diagnoser").glob("*.json")
    assert kept.stem.startswith(first.digest)
    assert first == again


def test_the_compiled_form_is_made_anew_when_a_source_changes(tmp_path: Path) -> None:
    root = folder(tmp_path)
    before = load(root)
    rare = CAUSE.replace("commonness: common", "commonness: rare")
    after = load(folder(tmp_path, {"rules/lamp/lamp-is-off.yaml": rare}))
    assert before.digest != after.digest
    assert (before.causes["lamp-is-off"].prior, after.causes["lamp-is-off"].prior) == (0.1, 0.01)


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "another"])
def test_a_damaged_compiled_form_is_never_trusted(tmp_path: Path, damage: str) -> None:
    root = folder(tmp_path)
    knowledge = load(root)
    (kept,) = (tmp_path / "cache" / "diagnoser").glob("*.json")
    content = kept.read_bytes()
    kept.write_bytes(
        {
            "cut": content[:-20],
            "altered": content.replace(b"The lamp is off", b"The lamp is odd"),
            "empty": b"",
            "another": content.replace(knowledge.digest.encode(), b"0" * 64),
        }[damage]
    )
    assert load(root) == knowledge
    assert kept.read_bytes() == content


def compiled_beside(root: Path) -> Path:
    """A sound folder with its compiled form beside it, as a built package has it."""
    beside = folder(root)
    content = compiled.dump(load(beside), files(str(beside)))
    (beside / compiled.NAME).write_bytes(content)
    return beside


def test_beside_unchanged_sources_the_compiled_form_is_taken_without_reading_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = compiled_beside(tmp_path)
    knowledge, _, _ = read_and_link(root, [])
    monkeypatch.setattr("diagnoser.pack.files.content_of", None)
    assert load(root) == knowledge


def older(path: Path) -> None:
    """Makes a file seem to be changed long before all others."""
    os.utime(path, (0, 0))


LAMP = "rules/lamp/lamp-is-off.yaml"


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        (lambda path: path.write_text(CAUSE.replace("is off", "is odd", 1)), "The lamp is odd"),
        (
            lambda path: (path.write_text(CAUSE.replace("is off", "is shut", 1)), older(path)),
            "The lamp is shut",
        ),
        (
            lambda path: (
                (path.parents[1] / "room").mkdir(),
                path.replace(path.parents[1] / "room" / path.name),
            ),
            "The lamp is off",
        ),
    ],
    ids=["of the same size", "that seems older", "that is elsewhere"],
)
def test_beside_a_changed_source_the_compiled_form_is_not_taken(
    tmp_path: Path, edit: Any, title: str
) -> None:
    root = compiled_beside(tmp_path)
    edit(root / LAMP)
    later = (root / compiled.NAME).stat().st_mtime_ns + 10**9
    if (root / LAMP).exists() and (root / LAMP).stat().st_mtime_ns:
        os.utime(root / LAMP, ns=(later, later))  # however coarse the clock of the file system is
    knowledge = load(root)
    assert knowledge == read_and_link(root, [])[0]
    assert knowledge.causes["lamp-is-off"].title == title


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load(folder(tmp_path)).id == "small"


def test_the_cache_keeps_only_the_newest(tmp_path: Path) -> None:
    for version in range(cache.KEPT + 3):
        load(folder(tmp_path, {"rules/pack.yaml": PACK.replace("1.0.0", f"1.0.{version}")}))
    kept = list((tmp_path / "cache" / "diagnoser").glob("*"))
    assert len(kept) == cache.KEPT


def _load_and_show(root: str) -> str:
    return load(Path(root)).digest


def test_two_processes_that_compile_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    root = folder(tmp_path)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        digests = pool.map(_load_and_show, [str(root)] * 4)
    (kept,) = (tmp_path / "cache" / "diagnoser").iterdir()
    (made,) = set(digests)
    assert kept.stem.startswith(made)
    head, _, body = kept.read_bytes().partition(b"\n")
    assert json.loads(body)["digest"] == made
    assert os.fspath(root) not in head.decode()


def test_a_user_without_a_home_has_no_cache_but_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home(*_: object, **__: object) -> None:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("platformdirs.user_cache_path", no_home)
    assert load(folder(tmp_path)).digest


COMMON_BAR = """\
not_if:
  - when: {lamp.switch: on}
    because: It is on.
    but: [copy-photos]
"""


def test_a_bar_of_the_pack_holds_for_every_remedy_but_those_it_names(tmp_path: Path) -> None:
    root = folder(tmp_path, {"rules/pack.yaml": PACK + COMMON_BAR})
    for knowledge in (load(root), load(root)):  # from the files, then from the compiled form
        bars = {id: [bar.because for bar in one.not_if] for id, one in knowledge.remedies.items()}
        assert bars == {"switch-on": ["It is on."], "copy-photos": []}


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
