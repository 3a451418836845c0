"""A knowledge folder with mistakes is refused: all of them at once, with file, line and key."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidKnowledge
from diagnoser.checking.check import check
from diagnoser.pack import compiled
from diagnoser.pack.files import files
from diagnoser.pack.loader import load, read_and_link
from tests.commands import ROOT
from tests.pack.small import (
    CAUSE,
    COPY,
    FACTS,
    FILES,
    LIGHT,
    LOOSE,
    MEND,
    OLD,
    OUT,
    PACK,
    PLACES,
    REMEDY,
    SIGNS,
    SOURCES,
    TABLE,
    folder,
    mistakes,
    problems,
)

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
    "a remedy that does not say when it is seen whether it helped": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("seen: at once\n", ""),
        ["switch-on.yaml:1", "seen"],
    ),
    "a misspelt time": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("seen: at once", "seen: over night"),
        ["switch-on.yaml:5", "seen", "at once, overnight"],
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
        ["switch-on.yaml:9", "after", "cycle"],
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
    "several answers of a number": (
        "facts/lamp.yaml",
        FACTS.replace("    number:", "    several: yes\n    number:"),
        ["lamp.yaml", "facts.age", "`several` is for a fact with `answers`"],
    ),
    "several that is neither yes nor no": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    several: two\n    answers:"),
        ["lamp.yaml:8", "facts.switch.several", '"two"'],
    ),
    "an answer that stands alone where all do": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    alone: [on]\n    answers:"),
        ["lamp.yaml", "facts.switch", "`alone` is only for a fact with `several: yes`"],
    ),
    "an answer that stands alone and is none": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    several: yes\n    alone: [of]\n    answers:"),
        ["lamp.yaml", "facts.switch", '`alone` names "of", which is not one of its answers'],
    ),
    "answers that all stand alone": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    several: yes\n    alone: [on]\n    answers:"),
        ["lamp.yaml", "facts.switch", "fewer than two answers that may hold together"],
    ),
    "a tick that is no answer": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    tick: {of: It is off}\n    answers:"),
        ["lamp.yaml:8", "facts.switch.tick.of", '"of" is not one of its answers', '"off"'],
    ),
    "a tick for each answer": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    tick: {on: It is on, off: It is off}\n    answers:"),
        ["lamp.yaml:8", "facts.switch.tick", "must have 1 entries at most"],
    ),
    "a tick of a number": (
        "facts/lamp.yaml",
        FACTS.replace("    number:", "    tick: {9: It is old}\n    number:"),
        ["lamp.yaml:10", "facts.age", "`tick` is for a fact with two `answers`"],
    ),
    "a tick of one of three answers": (
        "facts/light.yaml",
        LIGHT.replace("    answers:", "    tick: {dim: It is dim}\n    answers:"),
        ["light.yaml:4", "facts.looks", "`tick` is for a fact with two `answers`"],
    ),
    "a tick where both answers may hold": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    several: yes\n    tick: {on: On}\n    answers:"),
        ["lamp.yaml:4", "facts.switch", "`tick` is for a fact with two `answers`"],
    ),
    "a fact that is told by none": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    unless_answered: [lamp.ages]\n    answers:"),
        ["lamp.yaml:8", "switch.unless_answered.0", '"lamp.ages" is not a fact', '"lamp.age"'],
    ),
    "a fact that is told by itself": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    unless_answered: [lamp.switch]\n    answers:"),
        ["lamp.yaml:8", "facts.switch.unless_answered.0", "is the fact itself"],
    ),
    "a fact that is told by what is never asked": (
        "facts/lamp.yaml",
        FACTS.replace("    answers:", "    unless_answered: [tried.switch-on]\n    answers:"),
        ["lamp.yaml:8", "unless_answered.0", '"tried.switch-on" is never asked'],
    ),
    "a fact that is asked and gone": (
        "facts/lamp.yaml",
        FACTS.replace("facts:\n", "gone: {age: lamp.switch}\nfacts:\n"),
        ["lamp.yaml:3", "gone.age", "is a fact, so it is not gone"],
    ),
    "a fact that is gone for one that does not exist": (
        "facts/lamp.yaml",
        FACTS.replace("facts:\n", "gone: {state: lamp.switch and lamp.agee}\nfacts:\n"),
        ["lamp.yaml:3", "gone.state", '"lamp.agee" is not a fact', '"lamp.age"'],
    ),
    "only, where a fact has one answer": (
        "rules/causes/lamp/lamp-is-off.yaml",
        CAUSE.replace("when: {lamp.switch: off}", "when: {lamp.switch: {only: off}}"),
        ["lamp-is-off.yaml:6", "rules.off.when.lamp.switch.only", "with `several: yes`"],
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
        ["switch-on.yaml:7", "sources.0", '"manul" is not a source', '"manual"?'],
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
        "rules/remedies/copy-photos.yaml:9: after:",
        "rules/remedies/screw-in.yaml:6: steps.1:",
        "rules/remedies/switch-on.yaml:2: fixes.lamp-is-of:",
        "rules/remedies/switch-on.yaml:2: fixes.lamp-is-of:",
        "rules/remedies/switch-on.yaml:7: sources.0:",
        "rules/remedies/switch-on.yaml:9: after:",
        "rules/remedies/switch-on.yaml:9: after.1:",
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


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_pack_without_one_of_its_lines_is_still_only_mistaken(file: str, tmp_path: Path) -> None:
    lines = FILES[file].splitlines(keepends=True)
    for place in range(len(lines)):
        text = "".join(lines[:place] + lines[place + 1 :])
        found = mistakes(folder(tmp_path, {file: text}))
        assert found is None or all(1 <= problem.line <= len(lines) for problem in found)
        assert found != ()


def test_a_folder_is_read_even_where_a_compiled_form_of_it_lies_beside(tmp_path: Path) -> None:
    for name in ("rules", "facts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    knowledge, _, _ = read_and_link(tmp_path, [])
    (tmp_path / compiled.NAME).write_bytes(compiled.dump(knowledge, files(str(tmp_path))))
    pack = tmp_path / "rules" / "pack.yaml"
    text = pack.read_text("utf-8")
    pack.write_text(text.replace("does not back up", "does NOT back up"), "utf-8")
    os.utime(pack, (0, 0))  # as tar and rsync leave the time of a file

    assert load(tmp_path).title.endswith("does NOT back up to iCloud")
