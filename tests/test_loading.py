"""A knowledge folder with mistakes is refused: all of them at once, with file, line and key."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from diagnoser import Diagnoser, InvalidKnowledge, compiled
from diagnoser.check import check
from diagnoser.loading import load

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
        ["lamp-is-off.yaml:6", "rules.off.when.lamp.switch", '"off"', "on, off, unknown"],
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


def test_all_mistakes_of_a_pack_are_reported_at_once_and_none_twice(tmp_path: Path) -> None:
    changes = {
        "rules/lamp/lamp-is-off.yaml": MISTAKES["a misspelt fact"][1],
        "facts/lamp.yaml": MISTAKES["typical answers that are not a hundred"][1],
        "rules/remedies/switch-on.yaml": MISTAKES["a missing key"][1],
        "rules/pack.yaml": PACK.replace("common: 0.1", "common: 2"),
    }
    found = problems(tmp_path, changes)
    assert len(found) == len(set(found))
    for file in ("facts/lamp.yaml", "rules/remedies/switch-on.yaml", "rules/pack.yaml"):
        assert sum(one.startswith(file) for one in found) == 1, found


def test_a_mistake_in_one_file_is_not_blamed_on_the_others(tmp_path: Path) -> None:
    found = problems(tmp_path, {"facts/lamp.yaml": FACTS.replace("title: Lamp", "titel: Lamp")})
    assert all(one.startswith("facts/lamp.yaml") for one in found), found


def test_a_folder_that_is_none_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InvalidKnowledge, match="rules and no folder facts"):
        load(tmp_path)
    with pytest.raises(InvalidKnowledge, match=r"rules/pack\.yaml"):
        load(folder(tmp_path, {"rules/pack.yaml": None}))


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


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load(folder(tmp_path)).id == "small"


def test_the_cache_keeps_only_the_newest(tmp_path: Path) -> None:
    for version in range(compiled.KEPT + 3):
        load(folder(tmp_path, {"rules/pack.yaml": PACK.replace("1.0.0", f"1.0.{version}")}))
    kept = list((tmp_path / "cache" / "diagnoser").glob("*"))
    assert len(kept) == compiled.KEPT


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


def test_a_table_with_a_unit_in_a_number_is_complained_of(tmp_path: Path) -> None:
    facts = FACTS + (
        "  maker:\n    ask: Who made it?\n    look: Read it.\n    effort: 1\n"
        "    typical: {x: 100}\n"
        "    lookup: {table: makers.csv, name: name, derives: {watts: number}}\n"
    )
    found = problems(
        tmp_path, {"facts/lamp.yaml": facts, "facts/makers.csv": "name,watts\nx,5 W\n"}
    )
    assert any("facts/makers.csv" in one and "watts" in one for one in found), found
