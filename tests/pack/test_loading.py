"""A knowledge folder with mistakes is refused: all of them at once, with file, line and key."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidKnowledge, Problem
from diagnoser.knowledge.conditions import OneOf
from diagnoser.knowledge.steps import choose
from diagnoser.pack import compiled
from diagnoser.pack.check import check
from diagnoser.pack.files import files
from diagnoser.pack.loader import load, read_and_link
from tests.commands import ROOT
from tests.packs import Pack

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
    source: manual
    reviewed: 2026-11-23
  on:
    when: {lamp.switch: on}
    says: rules out
    because: It is on.
    source: manual
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
sources: [manual]
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
    source: blog
    reviewed: 2026-11-23
examples:
  - {case: nine years to the day is old, given: {lamp.age: 9}, expect: more likely}
  - {case: a new one is not, given: {lamp.age: 1}, expect: unchanged}
"""
SOURCES = """\
sources:
  manual:
    title: the manual
    worth: maker
  blog:
    title: a blog
    address: https://example.org/bulbs
    worth: blog
    read: 2026-11-23
"""
LIGHT = """\
title: Light
order: 2
facts:
  looks:
    ask: What does the light do?
    place: under-the-shade
    look: Look at the bulb.
    effort: 0.2
    answers: {dark: It stays dark, flickers: It flickers, dim: It is dim}
    typical: {dark: 50, flickers: 20, dim: 30}
"""
PLACES = """\
places:
  under-the-shade:
    title: Under the shade
    effort: 0.3
    go:
      - if: {lamp.age: {below: 5}}
        do: Lift the shade off.
      - do: [Unscrew the shade., Put it down.]
"""
SIGNS = """\
title: What the light does
signs:
  flickers:
    when: {light.looks: flickers}
    for: It flickers, as what is loose does.
    against: What flickers has power.
    source: [blog, manual]
    reviewed: 2026-11-23
    seen: {light.looks: flickers}
    unseen: {light.looks: dark}
explains:
  looks-otherwise:
    fact: light.looks
    against: It looks like something else.
    source: blog
    reviewed: 2026-11-24
    answers:
      dark: [lamp-is-off, bulb-is-loose, power-is-out]
      flickers: [bulb-is-loose]
      dim: [bulb-is-old]
"""
LOOSE = """\
title: The bulb is loose
because: A loose bulb has no contact.
commonness: rare
signs:
  for:
    - flickers: It flickers when the lamp is moved.
  against: [looks-otherwise]
"""
OUT = """\
title: The power is out
because: Without power nothing shines.
commonness: rare
signs:
  against: [looks-otherwise]
  rules out: [flickers]
"""
MEND = """\
title: Screw the bulb in
fixes: {bulb-is-loose: usually, bulb-is-old: usually, power-is-out: usually}
cost: {hands_on: 1}
steps:
  - Switch the lamp off.
  - {go: under-the-shade}
  - Turn the bulb.
check: It shines.
sources: [manual]
reviewed: 2026-11-23
"""
LOOSE_FILE = "rules/causes/lamp/bulb-is-loose.yaml"
FILES = {
    "rules/pack.yaml": PACK,
    "rules/causes/lamp/lamp-is-off.yaml": CAUSE,
    "rules/causes/lamp/bulb-is-old.yaml": OLD,
    LOOSE_FILE: LOOSE,
    "rules/causes/house/power-is-out.yaml": OUT,
    "rules/remedies/switch-on.yaml": REMEDY,
    "rules/remedies/screw-in.yaml": MEND,
    "rules/remedies/copy-photos.yaml": COPY,
    "rules/sources.yaml": SOURCES,
    "rules/signs/light.yaml": SIGNS,
    "facts/lamp.yaml": FACTS,
    "facts/light.yaml": LIGHT,
    "facts/places.yaml": PLACES,
}


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
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("when: {lamp.switch: off}", "when: {lamp.swich: off}"),
        ["lamp-is-off.yaml:6", "rules.off.when.lamp.swich", "is not a fact", '"lamp.switch"'],
    ),
    "a misspelt answer": (
        "rules/causes/lamp/lamp-is-off.yaml",
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
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("commonness:", "comonness:"),
        ["lamp-is-off.yaml:3", "comonness", "is not a key here", '"commonness"'],
    ),
    "a missing key": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("check: It shines.\n", ""),
        ["switch-on.yaml:1", "check"],
    ),
    "a duplicate id": (
        "rules/causes/other/lamp-is-off.yaml",
        CAUSE,
        ["rules/causes/other/lamp-is-off.yaml:1", "same id as rules/causes/lamp/lamp-is-off.yaml"],
    ),
    "a duplicate id, also of a remedy": (
        "rules/causes/zone/bulb-is-old.yaml",
        OLD,
        ["rules/causes/zone/bulb-is-old.yaml:1", "same id as rules/causes/lamp/bulb-is-old.yaml"],
    ),
    "a remedy that must come after itself": (
        "rules/remedies/switch-on.yaml",
        REMEDY + "after: [switch-on]\n",
        ["switch-on.yaml:8", "after", "cycle"],
    ),
    "an alias": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("title: The lamp is off", "title: &t The lamp is off").replace(
            "because: Nothing shines that is off.", "because: *t"
        ),
        ["lamp-is-off.yaml:2", "because", "alias"],
    ),
    "a duplicate key": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE + "title: Again\n",
        ["lamp-is-off.yaml:20", "title", "written twice, first in line 1"],
    ),
    "a tag": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("title: The", "title: !!python/name:os.system The"),
        ["lamp-is-off.yaml:1", "title", "tag"],
    ),
    "no YAML": ("rules/causes/lamp/lamp-is-off.yaml", "title: [", ["lamp-is-off.yaml", "not YAML"]),
    "a strength beyond its source": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("source: manual", "source: blog", 1),
        ["lamp-is-off.yaml:7", "rules.off.says", "proves", "blog"],
    ),
    "an unknown strength": (
        "rules/causes/lamp/lamp-is-off.yaml",
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
    "an odd file name": (
        "rules/causes/lamp/Lamp Off.yaml",
        CAUSE,
        ["Lamp Off.yaml", "named like an id"],
    ),
    "a tab": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("  off:", "\toff:"),
        ["lamp-is-off.yaml:5", "a tab indents the line", "spaces"],
    ),
    "a quote that is never closed": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("because: It is off.", 'because: "It is off.'),
        ["lamp-is-off.yaml", "quoted scalar that starts in line 8"],
    ),
    "two documents": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE + "---\ntitle: x\n",
        ["lamp-is-off.yaml:20", "more than one document"],
    ),
    "a merge key": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("    says: proves", "    <<: {says: proves}"),
        ["lamp-is-off.yaml:7", "rules.off.<<", "is not a key here"],
    ),
    "an empty file": ("rules/causes/lamp/lamp-is-off.yaml", "", ["lamp-is-off.yaml:1", "is empty"]),
    "a list for a file": (
        "rules/causes/lamp/lamp-is-off.yaml",
        "- a\n",
        ["lamp-is-off.yaml:1", "must be a mapping of keys to values"],
    ),
    "too deep": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("{lamp.switch: off}", "[" * 3000 + "]" * 3000, 1),
        ["lamp-is-off.yaml:6", "nested more than 12 levels"],
    ),
    "too large": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE + "#" * 300_000,
        ["lamp-is-off.yaml:1", "larger than 256 KiB"],
    ),
    "a control character": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("because: It is off.", "because: It is \x1b[2J off."),
        ["lamp-is-off.yaml:8", r"\u{1b}"],
    ),
    "another ending": (
        "rules/causes/lamp/bulb-is-new.yml",
        OLD,
        ["rules/causes/lamp/bulb-is-new.yml:1", "its name must end with .yaml"],
    ),
    "a cause outside of the areas": (
        "rules/bulb-is-new.yaml",
        OLD,
        ["rules/bulb-is-new.yaml:1", "rules/causes/<area>/<cause>.yaml"],
    ),
    "facts in a folder of their own": (
        "facts/lamps/lamp.yaml",
        FACTS,
        ["facts/lamps/lamp.yaml:1", "facts/<area>.yaml"],
    ),
    "a table among the rules": (
        "rules/causes/lamp/makers.csv",
        "name\nx\n",
        ["rules/causes/lamp/makers.csv:1", "facts/<table>.csv"],
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
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("at_least", "at_lest"),
        ["bulb-is-old.yaml:6", "rules.old.when.lamp.age.at_lest", '"at_least"', "at_most"],
    ),
    "a comparison with a fact that there is not": (
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{at_least: lamp.aeg}"),
        ["bulb-is-old.yaml:6", "lamp.aeg: is not a fact", '"lamp.age"'],
    ),
    "a date that there is not": (
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("2026-11-23", "2026-02-30"),
        ["bulb-is-old.yaml:10", "rules.old.reviewed", '"2026-02-30"', "date"],
    ),
    "an expectation that there is not": (
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("expect: more likely", "expect: more likly"),
        ["bulb-is-old.yaml:12", "examples.0.expect", '"more likely"', "unchanged"],
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
    "a misspelt sign": (
        "rules/causes/lamp/bulb-is-loose.yaml",
        LOOSE.replace("flickers:", "flikers:"),
        ["bulb-is-loose.yaml:6", "signs.for.0", '"flikers" is not a sign', '"flickers"?'],
    ),
    "a misspelt strength of signs": (
        "rules/causes/lamp/bulb-is-loose.yaml",
        LOOSE.replace("  for:", "  four:"),
        ["bulb-is-loose.yaml:5", "signs.four", "is not a strength", '"for"?', "rules out"],
    ),
    "a sign that a cause has twice": (
        "rules/causes/lamp/bulb-is-loose.yaml",
        LOOSE.replace("[looks-otherwise]", "[looks-otherwise, flickers]"),
        ["bulb-is-loose.yaml:7", "signs.against.1", 'the sign "flickers" twice'],
    ),
    "a sign without a sentence for this side": (
        "rules/signs/light.yaml",
        SIGNS.replace("    against: What flickers has power.\n", ""),
        ["power-is-out.yaml:6", "signs.rules out.0", "speaks against", "`against` in rules/signs/"],
    ),
    "a sign without a sentence on any side": (
        "rules/signs/light.yaml",
        SIGNS.replace("    against: It looks like something else.\n", ""),
        ["light.yaml:12", "explains.looks-otherwise", "`for` a cause, or why `against` one"],
    ),
    "a sign that speaks more strongly than its source": (
        "rules/causes/house/power-is-out.yaml",
        OUT.replace("  against:", "  proves:"),
        ["power-is-out.yaml:5", "signs.proves.0", '"proves" is more than', '"blog"', "as for"],
    ),
    "a rule that is called like a sign of its cause": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("  on:", "  flickers:") + "signs:\n  against: [flickers]\n",
        ["lamp-is-off.yaml:21", "signs.against.0", "also the name of a rule of this cause"],
    ),
    "a rule that is called like a sign": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("  on:", "  flickers:"),
        ["lamp-is-off.yaml:11", "rules.flickers", "name of a sign in rules/signs/light.yaml"],
    ),
    "a sign in two files": (
        "rules/signs/other.yaml",
        SIGNS.replace("looks-otherwise", "looks-another-way"),
        ["signs/other.yaml:3", "signs.flickers", "defined already, in rules/signs/light.yaml"],
    ),
    "a sign that is called like what a table leaves": (
        "rules/signs/other.yaml",
        SIGNS.replace("  flickers:\n", "  looks-otherwise-than-dark:\n").replace(
            "  looks-otherwise:", "  another:"
        ),
        ["other.yaml:3", "looks-otherwise-than-dark", '"looks-otherwise" leaves for some causes'],
    ),
    "a cause of which nothing speaks": (
        "rules/causes/lamp/bulb-is-loose.yaml",
        LOOSE.partition("signs:")[0],
        ["bulb-is-loose.yaml:1", "neither signs nor rules"],
    ),
    "a sentence that is a list": (
        "rules/causes/lamp/bulb-is-loose.yaml",
        LOOSE.replace("It flickers when the lamp is moved.", "[It flickers.]"),
        ["bulb-is-loose.yaml:6", "signs.for.0", "must be a text"],
    ),
    "an example of a sign that is no case": (
        "rules/signs/light.yaml",
        SIGNS.replace("seen: {light.looks: flickers}", "seen: {light.looks: flicker}"),
        ["light.yaml:9", "signs.flickers.seen.light.looks", '"flickers"?'],
    ),
    "a misspelt answer that a table explains": (
        "rules/signs/light.yaml",
        SIGNS.replace("      dim: [", "      dimm: ["),
        ["light.yaml:20", "explains.looks-otherwise.answers.dimm", '"dim"?'],
    ),
    "a misspelt fact that a table explains": (
        "rules/signs/light.yaml",
        SIGNS.replace("fact: light.looks", "fact: light.look"),
        ["light.yaml:13", "explains.looks-otherwise.fact", '"light.looks"?'],
    ),
    "what explains an answer and is neither a cause nor an area": (
        "rules/signs/light.yaml",
        SIGNS.replace("[bulb-is-old]", "[bulb-is-odd]"),
        ["light.yaml:20", "answers.dim.0", "neither a cause of this pack nor an area", "-old"],
    ),
    "a table that explains a cause with every answer": (
        "rules/signs/light.yaml",
        SIGNS.replace("[bulb-is-old]", "[lamp]"),
        ["bulb-is-loose.yaml:7", "signs.against.0", "explains this cause with every answer"],
    ),
    "a misspelt source": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("[manual]", "[manul]"),
        ["switch-on.yaml:6", "sources.0", '"manul" is not a source', '"manual"?'],
    ),
    "a source of a worth that there is not": (
        "rules/sources.yaml",
        SOURCES.replace("worth: blog", "worth: blogs"),
        ["sources.yaml:8", "sources.blog.worth", "is not a worth", '"blog"?', "maker"],
    ),
    "an address that is none": (
        "rules/sources.yaml",
        SOURCES.replace("https://example.org", "example.org"),
        ["sources.yaml:7", "sources.blog.address", "is not a web address"],
    ),
    "a misspelt place of a fact": (
        "facts/light.yaml",
        LIGHT.replace("place: under", "place: unter"),
        ["light.yaml:6", "facts.looks.place", "is not a place", '"under-the-shade"?'],
    ),
    "a misspelt place in steps": (
        "rules/remedies/screw-in.yaml",
        MEND.replace("go: under", "go: unter"),
        ["screw-in.yaml:6", "steps.1", "is not a place", '"under-the-shade"?'],
    ),
    "a place of the way to a place": (
        "facts/places.yaml",
        PLACES.replace("do: Lift the shade off.", "do: [{go: under-the-shade}]"),
        ["places.yaml:6", "places.under-the-shade.go.0", "write the whole way"],
    ),
    "a way that is not said for all": (
        "facts/places.yaml",
        PLACES.replace("      - do: [Unscrew the shade., Put it down.]\n", ""),
        ["places.yaml:5", "places.under-the-shade.go", "the last variant"],
    ),
    "a line that is neither a text nor a place": (
        "rules/remedies/screw-in.yaml",
        MEND.replace("{go: under-the-shade}", "{go: [under-the-shade]}"),
        ["screw-in.yaml:6", "steps.1", "neither a text nor `go:`"],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_with_file_line_key_and_what_would_be_right(
    name: str, tmp_path: Path
) -> None:
    file, text, named = MISTAKES[name]
    found = problems(tmp_path, {file: text})
    assert any(all(word in one for word in named) for one in found), found


def places(found: list[str]) -> list[str]:
    """The first two words of each mistake: its file and line, and its path or what is wrong."""
    return [" ".join(one.split(" ")[:2]) for one in found]


def test_all_mistakes_in_the_form_of_files_are_reported_at_once_in_the_order_of_the_files(
    tmp_path: Path,
) -> None:
    found = problems(
        tmp_path,
        {
            "facts/lamp.yaml": FACTS.replace("10}", "20}").replace("effort: 1", "effort: long"),
            "facts/places.yaml": PLACES.replace("effort: 0.3", "effort: -1"),
            "rules/causes/lamp/bulb-is-loose.yaml": LOOSE.replace("[looks", "[Looks"),
            "rules/causes/lamp/bulb-is-old.yaml": OLD.replace("title: The bulb is old\n", ""),
            "rules/causes/lamp/lamp-is-off.yaml": CAUSE.replace(
                "expect: proven", "expect: proved"
            ).replace("because: Nothing", "because: &b Nothing"),
            "rules/causes/lamp2/bulb-is-old.yaml": OLD,
            "rules/causes/lamp/x.yml": OLD,
            "rules/pack.yaml": PACK.replace("common: 0.1", "common: 2"),
            "rules/remedies/switch-on.yaml": REMEDY.replace("check: It shines.\n", ""),
            "rules/remedies/wrong.yaml": "title: [",
            "rules/signs/light.yaml": SIGNS.replace("    when", "    wen").replace(
                "    against: It looks like something else.\n", ""
            ),
            "rules/sources.yaml": SOURCES.replace("https://example.org", "example.org"),
        },
    )
    assert places(found) == [
        "facts/lamp.yaml:9: facts.switch.typical:",
        "facts/lamp.yaml:13: facts.age.effort:",
        "facts/places.yaml:4: places.under-the-shade.effort:",
        "rules/causes/lamp/bulb-is-loose.yaml:7: signs.against.0:",
        "rules/causes/lamp/bulb-is-old.yaml:1: lacks",
        "rules/causes/lamp/lamp-is-off.yaml:2: because:",
        "rules/causes/lamp/lamp-is-off.yaml:18: examples.0.expect:",
        "rules/causes/lamp/x.yml:1: is",
        "rules/causes/lamp2/bulb-is-old.yaml:1: has",
        "rules/pack.yaml:6: commonness.common:",
        "rules/remedies/switch-on.yaml:1: lacks",
        "rules/remedies/wrong.yaml:1: is",
        "rules/signs/light.yaml:3: signs.flickers:",
        "rules/signs/light.yaml:4: signs.flickers.wen:",
        "rules/signs/light.yaml:12: explains.looks-otherwise:",
        "rules/sources.yaml:7: sources.blog.address:",
    ]


def test_once_each_file_is_well_formed_all_mistakes_between_them_are_reported_at_once(
    tmp_path: Path,
) -> None:
    found = problems(
        tmp_path,
        {
            "facts/lamp.yaml": FACTS.replace("typical: {1: 50", "typical: {new: 50"),
            "facts/light.yaml": LIGHT.replace("place: under-the-shade", "place: under-a-shade"),
            "facts/places.yaml": PLACES.replace("lamp.age", "lamp.aeg"),
            "rules/causes/lamp/bulb-is-loose.yaml": LOOSE.replace("flickers:", "flicker:"),
            "rules/causes/lamp/bulb-is-old.yaml": OLD.replace(
                "lamp.age: {at_least: 9}", "lamp.aeg: {at_least: 9}"
            ),
            "rules/causes/lamp/lamp-is-off.yaml": CAUSE.replace(
                "{lamp.switch: off}", "{lamp.swich: off}"
            ).replace("says: rules out", "says: rules outt"),
            "rules/causes/house/power-is-out.yaml": OUT.replace("against:", "aganst:"),
            "rules/remedies/copy-photos.yaml": COPY + "after: [switch-on]\n",
            "rules/remedies/screw-in.yaml": MEND.replace("{go: under-the-shade}", "{go: under}"),
            "rules/remedies/switch-on.yaml": REMEDY.replace(
                "lamp-is-off: usually", "lamp-is-of: usualy"
            ).replace("[manual]", "[manul]")
            + "after: [copy-photos, copy]\n",
            "rules/signs/light.yaml": SIGNS.replace("[blog, manual]", "[blog, manuall]").replace(
                "dim: [bulb", "dimm: [bulp"
            ),
            "rules/sources.yaml": SOURCES.replace("worth: blog", "worth: blogs"),
        },
    )
    assert places(found) == [
        "facts/lamp.yaml:15: facts.age.typical.new:",
        "facts/light.yaml:6: facts.looks.place:",
        "facts/places.yaml:6: places.under-the-shade.go.0.if.lamp.aeg:",
        "rules/causes/house/power-is-out.yaml:5: signs.aganst:",
        "rules/causes/lamp/bulb-is-loose.yaml:6: signs.for.0:",
        "rules/causes/lamp/bulb-is-old.yaml:6: rules.old.when.lamp.aeg:",
        "rules/causes/lamp/lamp-is-off.yaml:6: rules.off.when.lamp.swich:",
        "rules/causes/lamp/lamp-is-off.yaml:13: rules.on.says:",
        "rules/causes/lamp/lamp-is-off.yaml:18: examples.0.given.lamp.swich:",
        "rules/remedies/copy-photos.yaml:8: after:",
        "rules/remedies/screw-in.yaml:6: steps.1:",
        "rules/remedies/switch-on.yaml:2: fixes.lamp-is-of:",
        "rules/remedies/switch-on.yaml:2: fixes.lamp-is-of:",
        "rules/remedies/switch-on.yaml:6: sources.0:",
        "rules/remedies/switch-on.yaml:8: after:",
        "rules/remedies/switch-on.yaml:8: after.1:",
        "rules/signs/light.yaml:7: signs.flickers.source:",
        "rules/signs/light.yaml:20: explains.looks-otherwise.answers.dimm:",
        "rules/signs/light.yaml:20: explains.looks-otherwise.answers.dimm.0:",
        "rules/sources.yaml:8: sources.blog.worth:",
    ]


def test_a_mistake_in_one_file_is_not_blamed_on_the_others(tmp_path: Path) -> None:
    found = problems(tmp_path, {"facts/lamp.yaml": FACTS.replace("title: Lamp", "titel: Lamp")})
    assert all(one.startswith("facts/lamp.yaml") for one in found), found


def test_a_folder_that_is_none_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InvalidKnowledge, match="rules and no folder facts"):
        load(tmp_path)


@pytest.mark.parametrize("needed", ["rules/pack.yaml", "rules/sources.yaml"])
def test_without_a_file_that_is_needed_all_others_are_checked_all_the_same(
    needed: str, tmp_path: Path
) -> None:
    misspelt = MISTAKES["a misspelt key"][1]
    for text in (None, "id: ["):
        root = tmp_path / str(text)
        found = problems(root, {needed: text, "rules/causes/lamp/lamp-is-off.yaml": misspelt})
        assert [one.split(":")[0] for one in found] == [
            "rules/causes/lamp/lamp-is-off.yaml",
            "rules/causes/lamp/lamp-is-off.yaml",
            needed,
        ]


def test_what_is_not_knowledge_is_left_alone(tmp_path: Path) -> None:
    root = folder(tmp_path)
    before = load(root)
    for name in ("rules/README.md", "rules/causes/lamp/notes.txt", "facts/examples/a.json"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("junk: [")
    for name in (".lamp.yaml.swp", ".lamp.yaml", "._lamp.yaml", "lamp.yaml~", "#lamp.yaml#"):
        (root / "rules" / "causes" / "lamp" / name).write_text("junk: [")
        (root / "facts" / name).write_text("junk: [")
    (root / "rules" / "causes" / "lamp" / ".#lamp.yaml").symlink_to("nobody@nowhere")
    (root / "rules" / ".git" / "x").mkdir(parents=True)
    (root / "rules" / ".git" / "x" / "lamp.yaml").write_text("junk: [")
    assert load(root).digest == before.digest
    assert check(root)[0] == before


def test_odd_things_for_files_are_named_with_all_other_mistakes(tmp_path: Path) -> None:
    root = folder(tmp_path, {"rules/causes/lamp/lamp-is-off.yaml": MISTAKES["a misspelt key"][1]})
    lamp = root / "rules" / "causes" / "lamp"
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
    assert any("comonness" in one for one in found), found


@pytest.mark.parametrize("closed", ["rules/causes/lamp", "rules"])
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
        "rules/causes/lamp/lamp-is-off.yaml": CAUSE.replace("switch: off", "switch: no").replace(
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
    _, found = check(folder(tmp_path, {"rules/causes/lamp/lamp-is-off.yaml": wrong}))
    assert any("examples.1.expect" in str(one) and "ruled out" in str(one) for one in found)


def test_a_rule_without_an_example_on_each_side_is_found_by_check(tmp_path: Path) -> None:
    lines = CAUSE.splitlines(keepends=True)
    _, found = check(folder(tmp_path, {"rules/causes/lamp/lamp-is-off.yaml": "".join(lines[:-1])}))
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
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{above: 9, below: 4}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "can never hold"],
    ),
    "a rule beyond the bounds of its fact": (
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{above: 50}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "can never hold"],
    ),
    "a rule that always fires": (
        "rules/causes/lamp/bulb-is-old.yaml",
        OLD.replace("{at_least: 9}", "{at_least: 0}"),
        ["bulb-is-old.yaml:6", "rules.old.when", "always holds"],
    ),
    "a test of a fact against itself": (
        "rules/causes/lamp/bulb-is-old.yaml",
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
        "rules/remedies/screw-in.yaml",
        MEND.replace(", bulb-is-old: usually", ""),
        ["bulb-is-old.yaml:1", "no remedy mends this cause"],
    ),
    "a sign that no cause has": (
        "rules/causes/house/power-is-out.yaml",
        OUT.replace("  rules out: [flickers]\n", ""),
        ["light.yaml:6", "signs.flickers.against", "never said: no cause has the sign against it"],
    ),
    "a table that no cause has": (
        "rules/signs/other.yaml",
        SIGNS.replace("  flickers:", "  shimmers:", 1).replace("looks-otherwise", "looks-odd"),
        ["other.yaml:12", "explains.looks-odd", "a sign that no cause has"],
    ),
    "two signs with one condition": (
        "rules/signs/other.yaml",
        SIGNS.replace("  flickers:", "  shimmers:").partition("explains:")[0],
        ["other.yaml:4", "signs.shimmers.when", "the same condition as that of flickers"],
    ),
    "a rule with the condition of a sign": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("{lamp.switch: on}", "{light.looks: flickers}", 1),
        ["lamp-is-off.yaml:12", "rules.on.when", "the same condition as that of flickers"],
    ),
    "a sign that is not seen in its example": (
        "rules/signs/light.yaml",
        SIGNS.replace(" seen: {light.looks: flickers}", " seen: {light.looks: dim}"),
        ["light.yaml:9", "signs.flickers.seen", "should be seen in this example, but is not"],
    ),
    "a sign that is seen in its other example": (
        "rules/signs/light.yaml",
        SIGNS.replace("unseen: {light.looks: dark}", "unseen: {light.looks: flickers}"),
        ["light.yaml:10", "signs.flickers.unseen", "known not to be seen in this example, but is"],
    ),
    "a sign that may be seen in its other example": (
        "rules/signs/light.yaml",
        SIGNS.replace("unseen: {light.looks: dark}", "unseen: {}"),
        ["light.yaml:10", "signs.flickers.unseen", "but is not known"],
    ),
    "a sign that can never be seen": (
        "rules/signs/light.yaml",
        SIGNS.replace("when: {light.looks: flickers}", "when: {lamp.age: {above: 50}}"),
        ["light.yaml:4", "signs.flickers.when", "can never hold"],
    ),
    "a source that nothing rests on": (
        "rules/sources.yaml",
        SOURCES + "  dream: {title: a dream, worth: blog}\n",
        ["sources.yaml:10", "sources.dream", "nothing rests on"],
    ),
    "a place that nobody goes to": (
        "facts/places.yaml",
        PLACES + "  shop: {title: The shop, effort: 9, go: Walk.}\n",
        ["places.yaml:9", "places.shop", "no fact and no remedy names"],
    ),
    "a way that nobody takes": (
        "facts/places.yaml",
        PLACES.replace("below: 5", "below: 0"),
        ["places.yaml:6", "places.under-the-shade.go.0.if", "can never hold"],
    ),
    "two rules with one condition": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("{lamp.switch: on}", "{lamp.switch: off}", 1),
        ["lamp-is-off.yaml:12", "rules.on.when", "the same condition as"],
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


# -- signs, sources and places


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


# -- the compiled form


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "another"])
def test_a_damaged_compiled_form_is_never_trusted(tmp_path: Path, damage: str) -> None:
    root = compiled_beside(tmp_path)
    knowledge, _, _ = read_and_link(root, [])
    content = (root / compiled.NAME).read_bytes()
    (root / compiled.NAME).write_bytes(
        {
            "cut": content[:-20],
            "altered": content.replace(b"The lamp is off", b"The lamp is odd"),
            "empty": b"",
            "another": content.replace(knowledge.digest.encode(), b"0" * 64),
        }[damage]
    )
    assert load(root) == knowledge


def test_the_compiled_form_is_the_same_to_the_byte_every_time(tmp_path: Path) -> None:
    root = compiled_beside(tmp_path)
    made = (root / compiled.NAME).read_bytes()
    code = (
        "import sys; from diagnoser.pack import compiled, files, loader; root = sys.argv[1]; "
        "known = loader.read_and_link(root, [])[0]; "
        "sys.stdout.buffer.write(compiled.dump(known, files.files(root)))"
    )
    for seed in ("1", "2"):
        again = subprocess.run(
            [sys.executable, "-c", code, str(root)],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        assert again.stdout == made


def test_the_compiled_form_keeps_every_kind_of_value(built_in: Pack) -> None:
    """Equal is not enough: 1 and 1.0 are equal."""
    known = built_in.knowledge
    again = compiled._knowledge(compiled.dump(known, []).split(b"\n", 2)[2])

    def same(one: Any, other: Any) -> bool:
        if isinstance(one, dict):
            return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
        if isinstance(one, tuple):
            return type(one) is type(other) and all(map(same, one, other))
        return type(one) is type(other) and one == other

    assert same(known, again)


def compiled_beside(root: Path) -> Path:
    """A sound folder with its compiled form beside it, as a built package has it."""
    beside = folder(root)
    knowledge, _, _ = read_and_link(beside, [])
    content = compiled.dump(knowledge, files(str(beside)))
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


LAMP = "rules/causes/lamp/lamp-is-off.yaml"


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
