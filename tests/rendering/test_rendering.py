"""Renderings say what the report says, fit their width, and no text becomes a command or markup."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, Report
from diagnoser.knowledge import wording
from diagnoser.knowledge.conditions import All, AnyOf, Compare, OneOf
from diagnoser.rendering import (
    card,
    escaping,
    explaining,
    html,
    markdown,
    plain_text,
    plan_page,
    sarif,
    text,
    views,
    words,
)
from diagnoser.rendering.pages import with_ids
from diagnoser.report.finding import NOT_ENOUGH
from diagnoser.terminal import overview
from tests import packs
from tests.commands import ROOT
from tests.markup import Reader

WIDTHS = st.sampled_from([40, 80]) | st.integers(20, 120)


def flat(shown: str) -> str:
    """The text on one line, so that a sentence is found wherever it was broken."""
    return " ".join(shown.split())


@pytest.fixture(scope="module")
def full_storage(diagnoser: Diagnoser) -> Report:
    """A case with two proven causes."""
    facts = {
        "storage": {"icloud_free_gb": 0.3, "next_backup_gb": 7.2},
        "wifi": {"connection": "off"},
        "network": {"cellular_backup": "off"},
    }
    return diagnoser.diagnose(facts, look_ahead=True)


@pytest.fixture(scope="module")
def nothing(diagnoser: Diagnoser) -> Report:
    """A case of which nothing is known."""
    return diagnoser.diagnose({}, look_ahead=True)


# -- text


def test_proven_causes_are_stated_as_facts(full_storage: Report) -> None:
    proven = [cause for cause in full_storage.causes if cause.status == "proven"]
    shown = text(full_storage)

    assert len(proven) == 2
    titles = "; ".join(cause.title for cause in proven)
    assert flat(shown).startswith(f"What is wrong These 2 things are the reason: {titles}. - ")
    for cause in proven:
        assert f"  - {cause.title}\n" in shown
        assert cause.because in flat(shown)


def test_one_proven_cause_is_one_sentence(diagnoser: Diagnoser) -> None:
    facts = {"wifi": {"connection": "off"}, "network": {"cellular_backup": "off"}}
    shown = flat(text(diagnoser.diagnose(facts)))

    assert "This is the reason: Wi-Fi is switched off." in shown


def test_open_causes_come_with_their_probability(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"message": "icloud-storage"}})
    first = report.causes[0]

    assert first.status == "open"
    assert f"Most likely ({words.percent(first.probability)}): {first.title}." in flat(text(report))


def test_of_nothing_known_only_what_is_most_common_is_said(nothing: Report) -> None:
    assert flat(text(nothing)).startswith("What is wrong Nothing is known yet. Most common")


@pytest.mark.parametrize(
    ("facts", "enough"),
    [
        ({"backup": {"switch": "on"}}, False),
        ({"backup": {"message": "unknown"}}, False),
        ({"backup": {"message": "network"}}, True),
        ({"backup": {"message": "icloud-storage"}}, True),
    ],
)
def test_the_most_common_cause_is_not_named_as_if_it_were_known(
    diagnoser: Diagnoser, facts: dict[str, Any], enough: bool
) -> None:
    report = diagnoser.diagnose(facts)
    page = words.Page(80)
    overview.say(page, report)
    first = report.causes[0]
    share = f"{first.title} ({words.percent(first.probability)})"

    for shown in (text(report), page.text(), markdown(report), card(report)):
        assert (NOT_ENOUGH in shown) != enough
        assert ("Most likely so far" in shown) != enough
    assert (NOT_ENOUGH in html(report)) != enough
    headline, *more = plan_page.headlines(report)
    assert headline == report.finding.text
    assert more[:1] == ([] if enough else [f"Most likely so far: {share}"])


def test_what_it_looks_like_now_is_one_line(full_storage: Report, nothing: Report) -> None:
    def said(report: Report) -> str:
        page = words.Page(200)
        overview.say_leading(page, report)
        return page.text()

    titles = "; ".join(cause.title for cause in full_storage.causes[:2])
    assert said(full_storage) == f"It is now certain: {titles}.\n"
    first = nothing.causes[0].model_copy(update={"probability": 0.65})
    fault = nothing.finding.model_copy(update={"kind": "fault"})
    causes = [first, *nothing.causes[1:]]
    likely = nothing.model_copy(update={"causes": causes, "finding": fault})
    assert said(likely) == f"It now looks like: {first.title} (65 %).\n"
    assert said(nothing).startswith(f"No cause stands out now. Most likely so far: {first.title} (")
    unknown = nothing.model_copy(update={"none_of_these": 0.9})
    assert said(unknown) == "It now looks like none of the causes known here (90 %).\n"


def test_an_unknown_cause_is_admitted(tmp_path: Path) -> None:
    pack = packs.with_remedies({"a": 0.01}, {"r0": packs.remedy("r0", fixes={})})
    packs.write(pack.data | {"pack": pack.data["pack"] | {"none_of_these": 0.5}}, tmp_path)
    report = Diagnoser(tmp_path).diagnose({})

    assert "Most likely (98 %): none of the causes known here." in flat(text(report))
    assert plan_page.headlines(report) == ["Most likely (98 %): none of the causes known here."]


def test_what_is_most_likely_may_be_more_than_one(nothing: Report) -> None:
    causes = [cause.model_copy(update={"probability": 0.2}) for cause in nothing.causes]
    report = nothing.model_copy(update={"causes": causes})

    assert text(report).count("(20 %)\n") >= 3


def test_must_steps_come_together(full_storage: Report) -> None:
    shown = text(full_storage)
    must = [step for step in full_storage.plan.steps if step.must]

    assert len(must) > 1
    assert "Do all of these first, then see whether it works:\n\n1. " in shown
    assert shown.index("After that") > shown.index(must[-1].title)


def test_why_a_step_is_there_is_a_sentence_whatever_the_titles_say(
    full_storage: Report, nothing: Report
) -> None:
    def why(report: Report, place: int, **changes: Any) -> str:
        step = report.plan.steps[place].model_copy(update=changes)
        return views.why(step, {cause.id: cause for cause in report.causes})

    proven = [cause for cause in full_storage.causes if cause.status == "proven"]
    first, second = (cause.title for cause in proven)
    both = [cause.id for cause in proven]
    assert why(full_storage, 0, fixes=both[:1]) == f'it can help, as "{first}" is certain.'
    assert why(full_storage, 0, fixes=both) == (
        f'it can help, as "{first}" and "{second}" are certain.'
    )
    named = [f'"{cause.title}" ({words.percent(cause.probability)})' for cause in nothing.causes]
    ids = [cause.id for cause in nothing.causes]
    some = {"chance": 0.3, "fixes": ids[:1]}
    assert why(nothing, 0, **some) == f"it can help if {named[0]}."
    some["fixes"] = ids[:5]
    assert why(nothing, 0, **some) == (
        f"it can help if {named[0]} or {named[1]}, and in 3 other cases."
    )


def test_handing_over_is_last(full_storage: Report) -> None:
    shown = text(full_storage)
    steps = full_storage.plan.steps

    assert steps[-1].hand_over
    assert f"If none of this has helped:\n\n{len(steps)}. {steps[-1].title}\n" in shown
    assert steps[-1].do[-1] in flat(shown)


def test_the_full_text_says_everything_of_every_step(nothing: Report) -> None:
    shown = flat(text(nothing, full=True))

    for step in nothing.plan.steps:
        said = [step.title, step.check, *step.do, *step.loses]
        said += [step.caveat] if step.caveat else []
        said += [step.money] if step.money else []
        assert not [one for one in said if flat(one) not in shown]


def test_the_usual_text_shortens_late_steps_but_not_what_they_cost(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"message": "network"}})
    shown = flat(text(report, again=True))
    late = report.plan.steps[plain_text.DETAILED : -1]

    assert late
    for step in late:
        assert step.title in shown
        assert flat(step.check) not in shown
        assert not [lost for lost in step.loses if lost not in shown]
    assert "Run this with --full" in shown


def test_the_next_question_ends_the_text(nothing: Report) -> None:
    question = nothing.next_question
    assert question is not None
    shown, said = flat(text(nothing, again=True)), flat(text(nothing))

    assert f"To be surer: {question.ask}" in shown
    assert f"--set {question.fact}=ANSWER" in shown
    assert f"To be surer: {question.ask}" in said
    assert "--" not in said
    for answer, label in question.answers.items():
        assert f"{answer}: {label}" in shown
        assert f"- {label}" in said


def test_a_question_for_a_number_says_what_is_allowed(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({}, look_ahead=True)
    question = report.next_question
    assert question is not None
    answers = {"": "a number from 0 to 14000 GB, or unknown", "unknown": "Not sure"}
    number = question.model_copy(update={"answers": answers})
    shown = flat(text(report.model_copy(update={"next_question": number}), again=True))

    assert "where ANSWER is a number from 0 to 14000 GB, or unknown." in shown


def test_why_no_question_is_left_is_said(diagnoser: Diagnoser) -> None:
    facts = {"wifi": {"connection": "off"}, "network": {"cellular_backup": "off"}}
    report = diagnoser.diagnose(facts, look_ahead=True)
    stopped = report.model_copy(
        update={
            "next_question": None,
            "stop": report.stop.model_copy(update={"advised": True, "because": "It is settled."}),
        }
    )

    assert "No more questions\nIt is settled.\n" in text(stopped, again=True)
    assert "It is settled." not in text(stopped)


def test_nothing_is_left_when_something_helped(diagnoser: Diagnoser) -> None:
    shown = text(diagnoser.diagnose({"tried": {"restart-iphone": "helped"}}))

    assert shown.startswith("It works again\n")
    assert "this helped: Restart the iPhone." in flat(shown)
    assert len(shown.splitlines()) < 4


def test_a_plan_without_steps_says_so(nothing: Report) -> None:
    plan = nothing.plan.model_copy(update={"steps": []})

    shown = text(nothing.model_copy(update={"plan": plan}))

    assert "No remedy is left that is likely to help." in shown


def test_contradictions_come_first(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"switch": "off", "back_up_now": "works"}})
    (contradiction,) = report.contradictions
    shown = text(report)

    assert shown.startswith("Warning: these answers do not fit together\n")
    assert contradiction.because in flat(shown)
    assert "Is iCloud Backup switched on? No, it is off" in flat(shown)
    assert "Check again: Is iCloud Backup switched on? (backup.switch)" in flat(shown)
    assert flat(shown).count("at the same time") == 0


def test_a_contradiction_is_told_once_for_the_same_facts(
    diagnoser: Diagnoser, built_in: packs.Pack
) -> None:
    knowledge = diagnoser.knowledge
    told = 0
    for number in range(150):
        report = diagnoser.diagnose(packs.random_sheet(Random(number), built_in, 80))
        sets = [frozenset(one.facts) for one in report.contradictions]
        assert len(set(sets)) == len(sets)
        for one in report.contradictions:
            told += 1
            assert list(one.facts) == sorted(one.facts)
            assert len(one.answers) == len(one.facts)
            assert one.ask == wording.question(one.ask_again, knowledge)
            assert all(one.answers)
    assert told


def test_a_dispute_over_other_facts_is_still_told(diagnoser: Diagnoser) -> None:
    facts = {
        "backup": {"switch": "on", "back_up_now": "works"},
        "wifi": {"connection": "off"},
        "network": {"cellular_backup": "off", "kind": "wired"},
    }
    found = diagnoser.diagnose(facts).contradictions

    assert found
    for one in found:
        assert "wifi.connection" in one.facts


def test_what_was_tried_is_left_out_first(diagnoser: Diagnoser) -> None:
    facts = {
        "tried": {"restart-iphone": "did-not-help", "update-ios": "could-not-do"},
        "service": {"status": "green"},
    }
    shown = text(diagnoser.diagnose(facts))
    left_out = shown[shown.index("What was left out") :]

    reasons = ["You have tried this", "nothing to wait for", "to be worth the time"]
    places = [flat(left_out).index(reason) for reason in reasons]
    assert places == sorted(places)


def test_reasons_for_and_against_are_given(diagnoser: Diagnoser) -> None:
    facts = {"wifi": {"signal": "weak"}, "backup": {"back_up_now": "works"}}
    report = diagnoser.diagnose(facts)
    shown = flat(text(report, full=True))
    cause = next(cause for cause in report.causes if cause.id == "wifi-signal-is-weak")

    for evidence in cause.evidence:
        side = "Against" if evidence.factor < 0 else "For"
        assert f"{side}: {evidence.because}" in shown


def test_sides_do_not_depend_on_the_words_of_the_pack(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "coffee", tmp_path, dirs_exist_ok=True)
    for file in tmp_path.rglob("*.yaml"):
        worded = re.sub(r"\b(says: |, )against\b", r"\1makes doubtful", file.read_text())
        worded = re.sub(r"\b(says: |general: |, )for\b", r"\1makes likely", worded)
        if "causes" in file.parts:
            worded = worded.replace("  against: [", "  makes doubtful: [")
            worded = worded.replace("  for: [", "  makes likely: [")
        file.write_text(worded)
    diagnoser = Diagnoser(tmp_path)
    for flow, side, because in [
        (100, "Against", "Enough water comes out."),
        (10, "For", "Little water comes out."),
    ]:
        sheet = {"water": {"flow": flow, "tank": "full"}}
        report = diagnoser.diagnose(sheet)
        shown = [text(report, full=True), card(report), sarif.render(report)]
        assert all(f"{side}: {because}" in flat(one) for one in shown)

    why = explaining.text(diagnoser.explain({"water": {"flow": 100}}), full=False)
    assert "Makes likely (failed): Little water comes out." in flat(why)


# -- widths


@given(data=st.data(), width=WIDTHS, full=st.booleans())
def test_no_line_is_wider_than_asked_for(
    diagnoser: Diagnoser, built_in: packs.Pack, data: st.DataObject, width: int, full: bool
) -> None:
    sheet = data.draw(packs.sheets(built_in, data.draw(st.sampled_from([5, 30, 80]))))
    report = diagnoser.diagnose(sheet)

    shown = text(report, width, full=full)

    assert max(map(words.columns, shown.splitlines())) <= width
    assert shown == text(report, width, full=full)
    assert "\n\n\n" not in shown
    assert not [line for line in shown.splitlines() if line != line.rstrip()]


@given(st.text(), st.integers(2, 50))
def test_wrapping_loses_nothing(anything: str, width: int) -> None:
    lines = list(words.wrap(words.clean(anything), width))

    assert "".join("".join(lines).split()) == "".join(words.clean(anything).split())
    assert all(words.columns(line) <= width for line in lines)


def test_wide_characters_take_two_columns() -> None:
    assert list(words.wrap("日本語 の バックアップ", 7)) == ["日本語", "の", "バック", "アップ"]


def test_a_number_and_its_sign_stay_together() -> None:
    assert list(words.wrap("between 3 % and 21 %", 18)) == ["between 3 % and", "21 %"]


def test_colour_only_adds_to_the_text(nothing: Report) -> None:
    coloured = text(nothing, colour=True)

    assert "\x1b[1mWhat is wrong\x1b[0m\n" in coloured
    assert re.sub(r"\x1b\[[01]m", "", coloured) == text(nothing)


# -- hostile texts


HOSTILE = [
    "\x1b[2J\x1b]0;title\x07\x9b31m",
    "\r\n\n# heading\n\n- item\u2028\u2029\x0b\x0c\x85",
    "\u202ereversed\u2066\u200f",
    "\ud800\udfff",
    "a\x00b\x7f",
    "<script>alert(1)</script> <img src=x> <!-- --> &lt;b&gt;",
    "[link](https://example.org) ![image](x) [ref][1] [^1]",
    "https://example.org www.example.org ftp://example.org WWW.example.org",
    "<https://example.org> mail@example.org @somebody #1",
    "**bold** __bold__ ~~gone~~ `code` ``code`` $x$ | cell | cell |",
    "1. one",
    "- item",
    "+ item",
    "> quote",
    "=====",
    "# heading",
    "``` fence",
    "2) two",
    "\\` \\* \\\\` `",
    '" onmouseover="alert(1)" style="x',
    "' autofocus onfocus='alert(1)",
    "</title></style></li></p><script>alert(1)</script><p>",
    "]]> --> <!--",
    "{0} {{1}} {",
    "{{ 7 * 7 }} {% raw %} {# gone #} {{ report }}",
    "#quot; #lt; &quot; %%{init: {}}%%",
    '"]; x["y"] --> z',
    "javascript:alert(1)",
    "\\N\\G\\l \\",
    "end",
]
SETTLED = {"status", "says", "kind", "seen"}
"""What the program decides by; it is not free text."""


def poisoned(value: Any, poison: str, key: str = "") -> Any:
    """The same report with every text in it replaced."""
    if isinstance(value, dict):
        return {key: poisoned(inner, poison, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, poison, key) for inner in value]
    return poison if isinstance(value, str) and key not in SETTLED else value


def poison(report: Report, text: str) -> Report:
    plain = report.model_dump(by_alias=True)
    for cause in plain["causes"]:
        cause["id"] = text
    return Report.model_validate(poisoned(plain, text))


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_texts_reach_no_terminal(bad: str, full_storage: Report) -> None:
    shown = text(poison(full_storage, bad), 40, full=True)

    assert all(line.isprintable() for line in shown.splitlines())
    assert max(map(words.columns, shown.splitlines())) <= 40


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_texts_stay_texts_in_markdown(bad: str, full_storage: Report) -> None:
    harmless = markdown(poison(full_storage, "word"))
    note = markdown(poison(full_storage, bad))

    assert len(note.splitlines()) == len(harmless.splitlines())
    assert [skeleton(line) for line in note.splitlines()] == [
        skeleton(line) for line in harmless.splitlines()
    ]


def skeleton(line: str) -> str:
    """The markup of a line: what is left when escapes, code and plain text are taken out."""
    line = re.sub(
        r"`[^`]*`|\\[!-/:-@\[-`{-~]\u200b?",
        lambda found: "`" if found[0][0] == "`" else "x",
        line,
    )
    assert line.isprintable()
    marker = re.match(r" *(?:[-+]|\d+[.)]|#+|---)(?: |$)", line)
    rest = line[marker.end() :] if marker else line
    assert marker is None or not re.match(r"[-+=>#]|\d+[.)](?: |$)| ", rest)
    risky = re.findall(r"\*\*|[`*_\[\]<>&|~$@#\\]|://|www\.", rest, re.IGNORECASE)
    return (marker[0] if marker else "") + "".join(risky)


@given(st.text(st.characters(), max_size=30))
def test_no_text_at_all_becomes_markup(anything: str) -> None:
    assert skeleton(f"- {escaping.markdown(anything)}") == "- "
    assert escaping.markdown_code(anything).count("`") == 2


@given(st.text(st.characters(), max_size=30))
def test_cleaned_text_is_printable_and_stays_as_it_is(anything: str) -> None:
    once = words.clean(anything)

    assert once.isprintable()
    assert words.clean(once) == once


# -- Markdown


def test_the_note_holds_what_a_ticket_needs(full_storage: Report) -> None:
    note = markdown(full_storage)

    assert note.startswith("# Diagnosis\n\n**These 2 things are the reason: ")
    for heading in ("Plan", "Before the night, check that", "Causes", "Facts", "Left out"):
        assert f"\n\n## {heading}\n\n" in note
    assert "- `storage.icloud_free_gb`: 0.3\n" in note
    assert full_storage.knowledge.version in note
    assert full_storage.knowledge.digest in note
    assert f"\n1. **{full_storage.plan.steps[0].title}** (must; " in note


def test_addresses_are_links_and_other_sources_are_not() -> None:
    assert escaping.markdown_source("https://support.apple.com/HT203516") == (
        "<https://support.apple.com/HT203516>"
    )
    assert escaping.markdown_source("the manual; https://a.org/b; <c>") == (
        r"the manual; <https://a.org/b>; \<c\>"
    )
    for text_ in ("definition", "javascript:alert(1)", "https://a b", "https://a>b", "http://"):
        assert not escaping.markdown_source(text_).startswith("<")


def test_plain_sentences_are_not_cluttered() -> None:
    plain = "On iOS 26.1, open Settings (Wi-Fi), and look at 4.7 GB of 5 GB - twice!"

    assert escaping.markdown(plain) == plain


def test_a_note_says_that_something_helped(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"tried": {"restart-iphone": "helped"}})

    assert "**Mended:**" in markdown(report)


def test_a_note_warns_of_contradictions(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"backup": {"switch": "off", "back_up_now": "works"}})

    assert "## Answers that do not fit together" in markdown(report)


@given(data=st.data())
def test_notes_are_the_same_every_time(
    diagnoser: Diagnoser, built_in: packs.Pack, data: st.DataObject
) -> None:
    report = diagnoser.diagnose(data.draw(packs.sheets(built_in)), look_ahead=False)

    note = markdown(report)

    assert note == markdown(Report.model_validate_json(report.json_text()))
    assert "\n\n\n" not in note


# -- words


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "0 %"),
        (1e-9, "under 1 %"),
        (0.0099, "under 1 %"),
        (0.01, "1 %"),
        (0.454, "45 %"),
        (0.99, "99 %"),
        (0.9999, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(probability: float, said: str) -> None:
    assert words.percent(probability) == said


@pytest.mark.parametrize(("rounded", "said"), [(0.0, "under 1 %"), (1.0, "over 99 %")])
def test_rounding_settles_no_open_cause(rounded: float, said: str, nothing: Report) -> None:
    first = nothing.causes[0].model_copy(update={"probability": rounded})

    assert views.sure(first) == f" ({said})"
    assert views.how_sure("proven", 1.0) == "proven"
    assert views.how_sure("ruled-out", 0.0) == "ruled out"


@given(st.floats(0, 1))
def test_only_what_is_settled_is_none_or_all_of_a_hundred(probability: float) -> None:
    said = words.percent(probability)

    assert (said == "0 %") == (probability == 0)
    assert (said == "100 %") == (probability == 1)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0.2, "less than a minute"),
        (1, "about 1 minute"),
        (12.4, "about 12 minutes"),
        (33, "about 35 minutes"),
        (60, "about 1 hour"),
        (95, "about 1.5 hours"),
        (480, "about 8 hours"),
        (2880, "about 2 days"),
    ],
)
def test_minutes(number: float, said: str) -> None:
    assert words.minutes(number) == said


def test_waiting_is_told_apart_from_work() -> None:
    assert words.time_needed(2, 0) == "about 2 minutes"
    assert words.time_needed(0, 30) == "about 30 minutes of waiting"
    night = "about 1 minute, then about 8 hours of waiting, such as a night"
    assert words.time_needed(1, 480) == night


def test_conditions_read_as_sentences(diagnoser: Diagnoser) -> None:
    off = OneOf("wifi.connection", ("off",))
    either = OneOf("backup.switch", ("off", "grey"))
    little = Compare("storage.icloud_free_gb", "below", 5, None)
    larger = Compare("storage.next_backup_gb", "above", None, "storage.icloud_free_gb")
    old = Compare("ios.version", "at_most", (10, 3), None)

    def said(condition: Any) -> str:
        return with_ids(condition, diagnoser.knowledge)

    assert said(off) == "wifi.connection is off"
    assert said(either) == "backup.switch is (off or grey)"
    assert said(All((little, old))) == (
        "storage.icloud_free_gb is below 5 GB and ios.version is at most 10.3"
    )
    assert said(AnyOf((larger, All((off, old))))) == (
        "storage.next_backup_gb is above storage.icloud_free_gb"
        " or (wifi.connection is off and ios.version is at most 10.3)"
    )


@pytest.mark.parametrize("render", [text, markdown, html])
def test_where_no_step_is_left_it_says_so(
    diagnoser: Diagnoser, nothing: Report, render: Callable[[Report], str]
) -> None:
    facts = {"device": {"model": "iPhone 4"}, "ios": {"version": "16.4"}}
    disputed = diagnoser.diagnose(facts)
    assert disputed.contradictions
    plan = nothing.plan.model_copy(update={"steps": []})

    assert "No remedy is left" in render(nothing.model_copy(update={"plan": plan}))
    assert "Settle first" in render(disputed.model_copy(update={"plan": plan}))


# -- the check before the night


@pytest.fixture(scope="module")
def unplugged(diagnoser: Diagnoser) -> Report:
    """A case in which one precondition holds, one fails, and the others are not known."""
    return diagnoser.diagnose({"backup": {"switch": "on"}, "power": {"overnight": "no"}})


@pytest.mark.parametrize("width", [40, 80])
def test_the_check_says_of_each_precondition_whether_it_holds_in_words(
    width: int, unplugged: Report
) -> None:
    shown = text(unplugged, width)
    check = flat(shown.partition(f"{views.BEFORE_THE_NIGHT}:\n")[2])

    assert max(map(len, shown.splitlines())) <= width
    assert "- iCloud Backup is switched on: holds -" in check
    assert (
        "- It is plugged in and charges at night: does not hold. Leave the iPhone plugged in"
        " overnight -" in check
    )
    assert (
        "- The account waits for nothing: not known. To find out: Open Settings, and look at"
        in check
    )
    assert text(unplugged, width, colour=True).count("\x1b[1m") > 0


def test_every_rendering_tells_the_finding_and_the_check(
    unplugged: Report, full_storage: Report, nothing: Report
) -> None:
    for report in (unplugged, full_storage, nothing):
        for shown in (
            flat(text(report, 40)),
            Reader(html(report)).text(),
            Reader(card(report)).text(),
            markdown(report).replace("\\", ""),
        ):
            assert report.finding.text in " ".join(shown.replace("\xa0", " ").split())
            places = [
                shown.replace("\xa0", " ").index(f"{one.title}: {views.STATES[one.status]}")
                for one in report.plan.check
            ]
            assert places == sorted(places)
            assert shown.index(report.finding.text.split(" ")[0]) < places[0]


def test_the_check_in_a_conversation_tells_only_the_way_there(unplugged: Report) -> None:
    page = words.Page(200)
    plain_text.say_check(page, unplugged, brief=True)
    lines = page.text().partition(f"{views.BEFORE_THE_NIGHT}:\n")[2].splitlines()

    assert len(lines) == len(unplugged.plan.check)
    assert "Look for a red number" not in page.text()


def test_nothing_is_to_be_checked_when_it_works_again_or_the_pack_has_no_preconditions(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    helped = diagnoser.diagnose({"tried": {"restart-iphone": "helped"}})
    pack = packs.with_remedies({"a": 0.1}, {"r0": packs.remedy("r0", fixes={})})
    packs.write(pack.data, tmp_path)
    for report in (helped, Diagnoser(tmp_path).diagnose({})):
        for shown in (
            text(report),
            html(report),
            card(report),
            markdown(report),
        ):
            assert views.BEFORE_THE_NIGHT not in shown
