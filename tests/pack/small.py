"""A small sound knowledge folder, for tests that change something in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import InvalidKnowledge, Problem
from diagnoser.checking.check import check
from diagnoser.pack.loader import load

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
seen: at once
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
  for: [stays-dark]
"""
DARK = """\
title: Light that stays out
signs:
  stays-dark:
    when: {light.looks: dark}
    for: It stays dark, as what has no power does.
    source: blog
    reviewed: 2026-11-23
    seen: {light.looks: dark}
    unseen: {light.looks: dim}
"""
MEND = """\
title: Screw the bulb in
fixes: {bulb-is-loose: usually, bulb-is-old: usually, power-is-out: usually}
cost: {hands_on: 1}
steps:
  - Switch the lamp off.
  - {go: under-the-shade}
  - Turn the bulb.
seen: at once
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
    "rules/signs/dark.yaml": DARK,
    "facts/lamp.yaml": FACTS,
    "facts/light.yaml": LIGHT,
    "facts/places.yaml": PLACES,
}
TABLE = FACTS + (
    "  maker:\n    ask: Who made it?\n    look: Read it.\n    effort: 1\n"
    "    typical: {x: 100}\n"
    "    lookup: {table: makers.csv, name: name, derives: {watts: number}}\n"
)


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


def mistakes(root: Path) -> tuple[Problem, ...] | None:
    """What a folder is refused for; None when it is not."""
    try:
        check(root)
    except InvalidKnowledge as error:
        return error.problems
    return None
