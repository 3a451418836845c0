"""The page and the card: complete, safe, in order for those who hear it, and self-contained."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from diagnoser import Diagnoser, Report
from diagnoser.rendering import card, escaping, html, plan_page, templating, views, words
from tests import packs
from tests.commands import EXAMPLES
from tests.markup import Reader
from tests.rendering.test_rendering import HOSTILE, poison

FILES = sorted(EXAMPLES.glob("*.json"))
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "a", "code", "span"),
    *("dl", "div", "dt", "dd", "details", "summary", "svg", "rect"),
    *("label", "input", "textarea", "button", "script"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "scope", "start"),
    *("role", "aria-label", "aria-labelledby", "aria-hidden", "hidden", "for", "type", "rows"),
    *("readonly", "data-plan", "data-step", "data-print"),
    *("viewbox", "preserveaspectratio", "focusable", "width", "height"),
}
CODE = ("style", "script")
CONTRADICTION = {"backup": {"switch": "off", "back_up_now": "works"}}
CASES: list[dict[str, Any]] = [
    *(json.loads(file.read_text("utf-8")) for file in FILES),
    CONTRADICTION,
    {"tried": {"restart-iphone": "helped"}},
    {"wifi": {"low_data_mode": "on"}},
]


@pytest.fixture(scope="module")
def reports(diagnoser: Diagnoser) -> list[Report]:
    return [diagnoser.diagnose(case, look_ahead=True) for case in CASES]


@pytest.fixture(scope="module")
def mixed(diagnoser: Diagnoser) -> Report:
    """A report with everything in it: a contradiction, a plan, evidence, a question."""
    facts = json.loads((EXAMPLES / "several-causes.json").read_text("utf-8"))
    report = diagnoser.diagnose(facts, look_ahead=True)
    contradictions = diagnoser.diagnose(CONTRADICTION).contradictions
    question = diagnoser.next_question({})
    assert contradictions
    assert question
    return report.model_copy(update={"contradictions": contradictions, "next_question": question})


# -- the page


def test_the_page_has_only_known_tags_and_attributes(reports: list[Report]) -> None:
    for report in reports:
        page = Reader(html(report))

        assert set(page.tags) <= TAGS
        assert {name for _, name, _ in page.attributes} <= ATTRIBUTES


def test_the_page_needs_nothing_from_elsewhere(reports: list[Report]) -> None:
    for report in reports:
        shown = html(report)
        page = Reader(shown)
        style, script = (re.findall(rf"<{tag}>(.*?)</{tag}>", shown, re.S) for tag in CODE)
        (policy,) = (one for one in page.values("content") if "src" in one)

        assert not re.search(r"@import|url\(|expression|<", *style)
        assert not re.search(r"fetch|https?:|import|eval|innerHTML|document\.write|<", *script)
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for tag, code in zip(CODE, [*style, *script], strict=True):
            digest = b64encode(sha256(code.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        assert all(one.startswith(("#", "https://", "http://")) for one in page.values("href"))
        assert shown.isascii() or "charset" in shown


def test_the_page_can_be_heard(reports: list[Report]) -> None:
    """Headings without a gap, one `main`, sections named by headings, boxes and texts by labels."""
    for report in reports:
        page = Reader(html(report))
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h\d", tag)]
        ids = page.values("id")

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert [page.tags.count(one) for one in ("main", "header", "title")] == [1] * 3
        assert page.values("lang") == ["en"]
        assert len(ids) == len(set(ids))
        assert set(page.values("aria-labelledby")) <= set(ids)
        assert {one[1:] for one in page.values("href") if one[0] == "#"} <= set(ids)
        assert page.tags.count("details") == page.tags.count("summary")
        assert page.tags.count("label") == page.tags.count("input") + page.tags.count("textarea")
        assert set(page.values("for")) <= set(ids)


def test_no_bar_says_what_the_text_does_not(reports: list[Report]) -> None:
    for report in reports:
        said = Reader(html(report)).text()
        shown = html(report)

        assert re.findall(r"<svg[^>]*>", shown)
        assert all('aria-hidden="true"' in one for one in re.findall(r"<svg[^>]*>", shown))
        for cause in report.causes:
            if cause.probability >= views.WORTH_A_LINE:
                sure = f"{words.percent(cause.probability)}, {views.in_words(cause.probability)}"
                proven = cause.status == "proven"
                assert f"{cause.title} {'proven' if proven else sure}" in said


def test_the_page_holds_the_whole_report(reports: list[Report]) -> None:
    for report in reports:
        said = Reader(html(report)).text()
        if views.helped(report):
            assert "It works again" in said
            continue
        for step in report.plan.steps:
            told = [step.title, *step.do, *step.loses, *step.sources, step.check, step.reviewed]
            told += [one for one in (step.caveat, step.money) if one]
            assert not [one for one in told if " ".join(one.split()) not in said]
        assert all(one.title in said and one.because in said for one in report.plan.left_out)
        assert all(cause.title in said for cause in views.ruled_out(report))
        for cause in report.causes:
            if cause.probability >= views.WORTH_A_LINE:
                assert all(
                    f"{one.says.capitalize()}: {one.because}" in said for one in cause.evidence
                )
        if report.next_question:
            assert report.next_question.ask in said
        for contradiction in report.contradictions:
            assert contradiction.because in said
            assert all(answer in said for answer in contradiction.answers)
        assert report.knowledge.version in said
        assert report.knowledge.digest in said
        assert all(f"{area}.{name}" in said for area in report.case for name in report.case[area])
        assert all(f"{one.ask} {one.answer}" in said for one in report.answers)


def test_the_page_is_for_dark_rooms_paper_and_small_screens(mixed: Report) -> None:
    shown = html(mixed)

    assert "@media print" in shown
    assert "prefers-color-scheme: dark" in shown
    assert 'content="width=device-width, initial-scale=1"' in shown
    assert not re.search(r"[^-]width:\s*\d+px", shown)


def test_an_unknown_cause_is_admitted(mixed: Report) -> None:
    open_ = [one.model_copy(update={"status": "open", "probability": 0.1}) for one in mixed.causes]
    report = mixed.model_copy(update={"none_of_these": 0.8, "causes": open_})

    said = Reader(html(report)).text()
    assert re.search(r"None of the causes known here *80 %", said.replace("\xa0", " "))


def test_a_plan_without_steps_says_so(mixed: Report) -> None:
    plan = mixed.plan.model_copy(update={"steps": []})
    report = mixed.model_copy(update={"plan": plan, "contradictions": []})

    assert "No remedy is left that is likely to help." in Reader(html(report)).text()


@given(data=st.data())
def test_groups_are_the_plan_in_its_order(
    diagnoser: Diagnoser, built_in: packs.Pack, data: st.DataObject
) -> None:
    report = diagnoser.diagnose(data.draw(packs.sheets(built_in)))

    steps = [step for _, group in views.groups(report) for step in group]

    assert steps == report.plan.steps


@given(data=st.data())
def test_what_is_seen_and_what_is_folded_away_are_the_plan_in_its_order(
    diagnoser: Diagnoser, built_in: packs.Pack, data: st.DataObject
) -> None:
    """Of what is done together either all is seen or nothing, and certain steps always are."""
    report = diagnoser.diagnose(data.draw(packs.sheets(built_in)))
    first, _, folded = plan_page.parts(report).plan.partition('<details class="later">')
    numbers = [
        [int(one) for one in re.findall(r'data-step="(\d+)"', one)] for one in (first, folded)
    ]
    steps = [] if views.helped(report) else report.plan.steps
    seen, later = ([steps[number - 1] for number in found] for found in numbers)

    assert [*numbers[0], *numbers[1]] == list(range(1, len(steps) + 1))
    assert len(later) != 1
    assert not any(step.must for step in later)
    assert not {one.together for one in seen} & {one.together for one in later} - {None}


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_all_that_is_read_has_the_highest_contrast(scheme: int) -> None:
    """7 to 1, level AAA of WCAG 2.2, also on a panel."""
    colours = [
        dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root {(.*?)}", templating.file(plan_page.STYLE), re.S)
    ][scheme]

    for ground in ("ground", "panel"):
        for name in ("text", "soft", "link", "good", "bad", "open"):
            low, high = sorted(luminance(colours[one]) for one in (ground, name))
            assert (high + 0.05) / (low + 0.05) >= 7, (name, ground)


# -- hostile texts


def settled(page: Reader) -> list[tuple[str, str, str]]:
    """The attributes, but for the digest by which a browser knows the plan again."""
    return [one for one in page.attributes if one[1] != "data-plan"]


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("render", [html, card])
def test_hostile_texts_stay_texts(bad: str, render: Any, mixed: Report) -> None:
    shown = render(poison(mixed, bad))
    harmless, poisoned = Reader(render(poison(mixed, "word"))), Reader(shown)

    assert poisoned.tags == harmless.tags
    assert [one[:2] for one in poisoned.attributes] == [one[:2] for one in harmless.attributes]
    assert settled(poisoned) == settled(harmless)
    assert words.clean(bad) in " ".join(poisoned.text().replace("\xa0", " ").split())
    # The note in it has spaces without width after @ and #.
    assert all(line.replace("\u200b", "").isprintable() for line in shown.splitlines())


@given(st.text(st.characters(), max_size=40))
def test_no_text_at_all_becomes_markup(anything: str) -> None:
    shown = escaping.html(anything)

    assert Reader(f'<p id="{shown}">{shown}</p>').tags == ["p"]


@settings(max_examples=20)
@given(bad=st.text(st.characters(), max_size=40))
@pytest.mark.parametrize("render", [html, card])
def test_no_text_at_all_changes_the_markup(render: Any, mixed: Report, bad: str) -> None:
    harmless, poisoned = (
        Reader(render(poison(mixed, "word"))),
        Reader(render(poison(mixed, f"word {bad}"))),
    )

    assert poisoned.tags == harmless.tags
    assert settled(poisoned) == settled(harmless)


@pytest.mark.parametrize("render", [html, card])
def test_only_web_addresses_become_links(render: Any, mixed: Report) -> None:
    def with_source(source: str) -> str:
        step = mixed.plan.steps[0].model_copy(update={"sources": [source]})
        plan = mixed.plan.model_copy(update={"steps": [step]})
        causes = [one.model_copy(update={"evidence": []}) for one in mixed.causes]
        return str(render(mixed.model_copy(update={"plan": plan, "causes": causes})))

    assert (
        '<a href="https://example.org/a?b=c&amp;d">https://example.org/a?b=c&amp;d</a>'
        in with_source("https://example.org/a?b=c&d")
    )
    for bad in ("javascript:alert(1)", 'https://a"b', "https://a b", "data:text/html,x", "//a.b"):
        links = Reader(with_source(bad)).values("href")
        assert [one for one in links if one[0] != "#"] == []


def test_a_template_without_one_of_its_values_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        templating.fill("question.md")


# -- the same every time


def test_pages_and_cards_are_the_same_every_time(
    diagnoser: Diagnoser, built_in: packs.Pack
) -> None:
    for number in range(20):
        report = diagnoser.diagnose(packs.random_sheet(Random(number), built_in))
        again = Report.model_validate_json(report.json_text())

        for render in (html, card):
            assert render(report) == render(again)
            Reader(render(report))
