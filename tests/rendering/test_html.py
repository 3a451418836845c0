"""The page and the card: complete, safe, in order for those who hear it, and self-contained."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from diagnoser import Diagnoser, Report
from diagnoser.rendering import card, escaping, html, templating, views, words
from tests import packs
from tests.commands import EXAMPLES
from tests.markup import Reader
from tests.rendering.test_rendering import HOSTILE, poison

FILES = sorted(EXAMPLES.glob("*.json"))
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "a", "code", "span"),
    *("nav", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "scope", "start"),
    *("role", "aria-label", "aria-labelledby", "aria-hidden", "style"),
}
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
        style = next(text for tag, text in page.texts if tag == "style")

        assert not re.search(r"@import|url\(|expression|</", style)
        assert "default-src 'none'" in " ".join(page.values("content"))
        assert all(one.startswith(("#", "https://", "http://")) for one in page.values("href"))
        assert shown.isascii() or "charset" in shown


def test_the_page_can_be_heard(reports: list[Report]) -> None:
    """Headings without a gap, one `main`, sections named by headings, tables with captions."""
    for report in reports:
        page = Reader(html(report))
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h\d", tag)]
        ids = page.values("id")

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert [page.tags.count(one) for one in ("main", "header", "footer", "title")] == [1] * 4
        assert page.tags.count("nav") == 1
        linked = [one[1:] for one in page.values("href") if re.match("#(?!source-)", one)]
        assert linked == page.values("aria-labelledby")
        assert page.values("lang") == ["en"]
        assert len(ids) == len(set(ids))
        assert set(page.values("aria-labelledby")) <= set(ids)
        assert {one[1:] for one in page.values("href") if one[0] == "#"} <= set(ids)
        assert page.tags.count("table") == page.tags.count("caption")
        assert set(page.values("scope")) <= {"col", "row"}


def test_no_bar_says_what_the_text_does_not(reports: list[Report]) -> None:
    for report in reports:
        said = Reader(html(report)).text()
        shown = html(report)

        assert shown.count('class="bar"') == shown.count('aria-hidden="true"')
        for cause in report.causes:
            if cause.probability >= views.WORTH_A_LINE:
                sure = "proven" if cause.status == "proven" else words.percent(cause.probability)
                assert f"{cause.title} {sure}" in said


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
    assert "Most likely it is something that is not known here." in said
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


# -- the card


def test_the_card_has_only_what_the_strictest_sanitiser_leaves(reports: list[Report]) -> None:
    for report in reports:
        piece = Reader(card(report))

        assert set(piece.tags) <= ticket.TAGS
        assert {(tag, name) for tag, name, _ in piece.attributes} <= {("a", "href")}
        assert all(one.startswith(("https://", "http://")) for one in piece.values("href"))
        assert report.knowledge.version in piece.text()


def test_the_card_tells_finding_plan_and_question(mixed: Report) -> None:
    said = Reader(card(mixed)).text()

    assert mixed.finding.text in said
    assert all(step.title in said for step in mixed.plan.steps)
    assert mixed.contradictions[0].because in said
    assert mixed.next_question
    assert mixed.next_question.ask in said


# -- hostile texts


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("render", [html, card])
def test_hostile_texts_stay_texts(bad: str, render: Any, mixed: Report) -> None:
    shown = render(poison(mixed, bad))
    harmless, poisoned = Reader(render(poison(mixed, "word"))), Reader(shown)

    assert poisoned.tags == harmless.tags
    assert [one[:2] for one in poisoned.attributes] == [one[:2] for one in harmless.attributes]
    assert poisoned.attributes == harmless.attributes
    assert words.clean(bad) in " ".join(poisoned.text().replace("\xa0", " ").split())
    assert all(line.isprintable() for line in shown.splitlines())


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
    assert poisoned.attributes == harmless.attributes


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
