"""The plan page in a real browser: for a phone, a keyboard, a screen reader, paper, and without
script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from diagnoser import Diagnoser, Report
from diagnoser.rendering import card, handover, html, markdown, reply, tags
from tests.browser import NARROW, PHONE, complaints, too_wide
from tests.commands import EXAMPLES
from tests.rendering.test_html import CONTRADICTION

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")

UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
FILES = {"proven": "storage-is-full", "nothing": "nothing-known"}


@pytest.fixture(scope="module")
def reports(diagnoser: Diagnoser) -> dict[str, Report]:
    """A proven cause, nothing known, and several causes with answers that do not fit together."""
    several = json.loads((EXAMPLES / "several-causes.json").read_text("utf-8"))
    several["backup"] |= CONTRADICTION["backup"]
    facts = {
        name: json.loads((EXAMPLES / f"{file}.json").read_text("utf-8"))
        for name, file in FILES.items()
    }
    found = {
        name: diagnoser.diagnose(case, look_ahead=True)
        for name, case in {**facts, "several": several}.items()
    }
    assert found["several"].contradictions
    return found


@pytest.fixture(scope="module")
def files(reports: dict[str, Report], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of their pages, as files."""
    folder: Path = tmp_path_factory.mktemp("pages")
    for name, report in reports.items():
        (folder / f"{name}.html").write_text(html(report), "utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in reports}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser of its own, on which no script may fail and nothing is refused."""
    said: list[str] = []
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda one: said.append(str(one)))
        page.on("request", lambda one: said.append(one.url) if one.url[:5] != "file:" else None)
        yield page
    assert said == []


@pytest.mark.parametrize("name", ["proven", "nothing", "several"])
def test_axe_finds_nothing_in_the_unfolded_page(
    page: Page, files: dict[str, str], name: str
) -> None:
    page.goto(files[name])
    page.evaluate(UNFOLD)

    assert complaints(page) == []


def test_axe_finds_nothing_in_the_folded_page_in_the_dark(
    page: Page, files: dict[str, str]
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(files["several"])

    assert complaints(page) == []


@pytest.mark.parametrize("name", ["proven", "nothing", "several"])
def test_nothing_is_wider_than_the_narrowest_phone(
    page: Page, files: dict[str, str], name: str
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(files[name])
    page.evaluate(UNFOLD)

    assert not too_wide(page)


@pytest.mark.parametrize("name", ["proven", "nothing", "several"])
def test_finding_and_plan_are_on_the_first_screen_of_a_phone(
    page: Page, files: dict[str, str], name: str
) -> None:
    page.goto(files[name])
    steps = [one for one in page.locator(".steps > li").all() if one.is_visible()]
    bottoms = [box["y"] + box["height"] for one in steps if (box := one.bounding_box())]

    assert page.locator("h1").is_visible()
    assert len(bottoms) == len(steps) > 0
    assert max(bottoms) <= PHONE["height"]
    assert page.evaluate("document.documentElement.scrollHeight") < 4 * PHONE["height"]


def test_a_step_unfolds_by_the_keyboard_and_a_tick_survives_a_reload(
    page: Page, files: dict[str, str], reports: dict[str, Report]
) -> None:
    step = reports["proven"].plan.steps[0]
    page.goto(files["proven"])
    done = page.get_by_label(f"Step 1 is done: {step.title}")
    assert not done.is_checked()
    done.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert done.is_checked()
    assert page.get_by_text(step.do[0]).first.is_visible()
    page.goto("about:blank")
    page.goto(files["proven"])
    assert done.is_checked()
    assert page.locator("[data-step]:checked").count() == 1
    page.goto(files["nothing"])
    assert page.locator("[data-step]:checked").count() == 0


def test_without_storage_ticks_last_as_long_as_the_page(page: Page, files: dict[str, str]) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    page.goto(files["proven"])
    page.locator("[data-step]").first.check()

    assert page.locator("[data-step]:checked").count() == 1


def test_what_a_helpdesk_copies_is_what_the_renderings_say(
    browser: Browser, files: dict[str, str], reports: dict[str, Report]
) -> None:
    report = reports["several"]
    texts = [
        *(markdown(report), reply(report), card(report)),
        *(" ".join(tags(report)), handover(report)),
    ]
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(files["several"])
        page.evaluate(UNFOLD)
        buttons = page.locator(".copy button")
        assert buttons.count() == len(texts)
        for button, text in zip(buttons.all(), texts, strict=True):
            button.click()
            button.locator("xpath=..").get_by_text("Copied").wait_for()
            assert page.evaluate("navigator.clipboard.readText()") == text


def test_a_link_to_a_source_unfolds_the_sources(page: Page, files: dict[str, str]) -> None:
    page.goto(files["proven"])
    page.locator(".steps summary").first.click()
    page.get_by_role("link", name="source 1", exact=True).first.click()

    assert page.locator("#source-1").is_visible()


def test_without_script_all_can_be_unfolded_and_no_button_is_in_vain(
    browser: Browser, files: dict[str, str]
) -> None:
    with browser.new_context(viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(files["several"])
        page.locator(".steps summary").first.click()

        assert page.locator(".steps .inside").first.is_visible()
        assert not [one for one in page.locator("button").all() if one.is_visible()]


@pytest.mark.parametrize("script", [True, False])
def test_on_paper_every_step_is_unfolded(
    browser: Browser, files: dict[str, str], reports: dict[str, Report], script: bool
) -> None:
    with browser.new_context(java_script_enabled=script) as context:
        page = context.new_page()
        page.goto(files["several"])
        page.emulate_media(media="print", color_scheme="light")
        shown = page.locator("body").inner_text()

        plan = reports["several"].plan
        assert [line for step in plan.steps for line in step.do if line not in shown] == []
        assert all(one.title in shown for one in plan.check)
        assert not page.locator(".helpdesk").is_visible()
