"""What a knowledge folder should fulfil beyond being readable is found with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.checking.check import check
from tests.pack.small import (
    CAUSE,
    FACTS,
    FILES,
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
)


def test_a_sound_folder_loads_and_has_nothing_to_complain_of(tmp_path: Path) -> None:
    _, found = check(folder(tmp_path))
    assert [str(one) for one in found if "copy-photos" not in one.file] == []
    report = Diagnoser(folder(tmp_path)).diagnose({"lamp": {"switch": "off"}})
    assert report.causes[0].id == "lamp-is-off"
    assert report.plan.steps[0].remedy == "switch-on"


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


IDLE = {
    "a remedy that mends nothing, which a night is to show": (
        "rules/remedies/switch-on.yaml",
        REMEDY.replace("{lamp-is-off: usually}", "{}").replace("at once", "overnight"),
        ["switch-on.yaml:5", "seen", "mends nothing", "at once"],
    ),
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
    "a question that waits for what leaves it unasked": (
        "facts/lamp.yaml",
        FACTS.replace(
            "effort: 0.1\n",
            "effort: 0.1\n    unless_answered: [lamp.age]\n    only_if: {lamp.age: {above: 3}}\n",
        ),
        ["lamp.yaml:8", "facts.switch.unless_answered", "leaves it never asked"],
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


def test_a_question_may_wait_for_one_fact_and_be_told_by_another(tmp_path: Path) -> None:
    keys = "effort: 0.1\n    unless_answered: [lamp.age]\n    only_if: {light.looks: dark}\n"
    facts = FACTS.replace("effort: 0.1\n", keys)
    _, found = check(folder(tmp_path, {"facts/lamp.yaml": facts}))

    assert [one for one in found if one.file == "facts/lamp.yaml"] == []


def test_a_bar_that_holds_whatever_the_answer_is_needs_a_reason(tmp_path: Path) -> None:
    bar = "not_if:\n  - {when: {lamp.switch: [on, off]}, because: You have looked already.}\n"
    file = "rules/remedies/switch-on.yaml"

    def said(text: str) -> list[str]:
        return [str(one) for one in check(folder(tmp_path, {file: text}))[1] if one.file == file]

    [found] = said(FILES[file] + bar)
    assert found.startswith(f"{file}:10: not_if.0.when: always holds, whatever the answers are")
    assert said(f"{FILES[file]}{bar}accepted: {{always-barred: To look is all it is for.}}\n") == []


@pytest.mark.parametrize(
    ("precondition", "said"),
    [
        (
            "{holds: {lamp.switch: [on, off]}, looks: [lamp.switch]",
            "always holds",
        ),
        (
            "{holds: {lamp.age: {below: 1, above: 2}}, looks: [lamp.age]",
            "can never hold",
        ),
        (
            "{holds: {lamp.switch: on}, fails: {lamp.age: {below: 1, above: 2}},"
            " looks: [lamp.switch]",
            "can never hold",
        ),
        (
            "{holds: {tried.copy-photos: helped}, looks: [tried.copy-photos]",
            "is never asked",
        ),
        ("{holds: {lamp.switch: on}, looks: [lamp.switch]", ""),
    ],
)
def test_a_precondition_that_nothing_decides_is_found_by_check(
    tmp_path: Path, precondition: str, said: str
) -> None:
    more = "title: T, otherwise: N, remedy: switch-on"
    text = f"{PACK}preconditions: {{works: {precondition}, {more}}}}}\n"
    _, found = check(folder(tmp_path, {"rules/pack.yaml": text}))
    about = [str(one) for one in found if "preconditions.works" in str(one)]

    assert len(about) == bool(said)
    assert all(said in one for one in about)
