"""Whole conversations in a real browser, with a real server on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import PHONE
from tests.questionnaire.person import MOST_PAGES, Person
from tests.questionnaire.test_pages import WIFI_IS_OFF
from tests.serving.running import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")

OFF_AND_WORKS = WIFI_IS_OFF | {
    "backup.switch": "off",
    "backup.back_up_now": "works",
    "wifi.connection": "connected",
}
ONE_IS_TICKED = "document.querySelectorAll('[data-step]:checked').length === 1"
Persons = Callable[..., Person]


@pytest.fixture
def person(browser: Browser, server: Server) -> Iterator[Persons]:
    """Makes a person with a browser of their own; nothing may go wrong in it unseen."""
    contexts, wrong = [], list[str]()

    def make(**options: Any) -> Person:
        context = browser.new_context(viewport=PHONE, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: wrong.extend(elsewhere(one.url, server.address)))
        return Person(page, server.address)

    yield make
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert wrong == []


def elsewhere(address: str, here: str) -> list[str]:
    return [] if address.startswith(f"{here}/") else [address]


def test_a_proven_cause_is_found_mended_and_the_backup_works_again(person: Persons) -> None:
    somebody = person()
    somebody.open()
    somebody.press("start")
    assert somebody.page.locator('[name="backup.other_message"]:visible').count() == 0
    somebody.fill({"backup.message": "other"})
    assert somebody.page.locator('[name="backup.other_message"]:visible').count() == 10
    somebody.fill({"backup.message": "none"})
    assert somebody.page.locator('[name="backup.message"]:checked').count() == 1

    somebody.answer(WIFI_IS_OFF)
    if somebody.button("looked").count():
        somebody.press("enough")
    assert somebody.heading == "Check your answers"
    somebody.press("confirm")
    assert somebody.heading == "This is the reason: Wi-Fi is switched off."
    somebody.page.locator(".step summary").first.click()
    somebody.look()
    somebody.page.locator("[data-step]").first.check()
    somebody.press("step")
    somebody.press("plan")
    somebody.page.wait_for_function(ONE_IS_TICKED)
    somebody.page.go_back()
    somebody.page.go_back()
    somebody.page.wait_for_selector(".plan")
    somebody.page.wait_for_function(ONE_IS_TICKED)
    somebody.press("step")
    somebody.page.locator('[value="fixed"]').check()
    somebody.press("outcome")

    assert somebody.heading == "It works again"


def test_who_cannot_look_takes_the_list_along_and_goes_on_elsewhere_by_the_link(
    person: Persons,
) -> None:
    somebody = person(color_scheme="dark")
    somebody.open()
    somebody.press("start")
    somebody.press("cannot-look")
    somebody.press("cannot-look")
    assert somebody.heading == "What to look at when you can"
    places = somebody.page.locator(".places h2").all_inner_texts()
    somebody.page.emulate_media(media="print")
    assert somebody.page.locator(".places h2").first.is_visible()
    assert somebody.page.locator("button:visible").count() == 0
    somebody.page.emulate_media(media="screen")
    somebody.press("save")
    link = somebody.page.locator("#copy-link").input_value()
    assert link.startswith(somebody.address)

    other = person()
    other.open(link.removeprefix(somebody.address))
    assert other.page.locator(".places h2").all_inner_texts() == places
    other.press("looked")
    assert other.heading == places[0]
    other.answer({"backup.switch": "off", "storage.room": "enough", "account.prompt": "nothing"})
    if other.button("looked").count():
        other.press("enough")
    other.press("confirm")

    assert other.heading == "This is the reason: iCloud Backup is switched off."


def test_without_script_answers_are_changed_insisted_on_taken_back_and_handed_over(
    person: Persons,
) -> None:
    somebody = person()
    somebody.script = False
    somebody.page.route("**/*.js", lambda route: route.abort())
    somebody.open()
    somebody.press("start")
    first = somebody.heading
    assert somebody.page.locator('[name="backup.other_message"]:visible').count() == 10
    somebody.fill(OFF_AND_WORKS)
    somebody.press("answer")
    somebody.press("back")
    assert somebody.heading == first
    assert somebody.page.locator('[name="backup.back_up_now"]:checked').count() == 1
    somebody.answer(OFF_AND_WORKS)
    assert "These answers do not fit together" in somebody.page.content()

    somebody.press("change:lock.overnight")
    somebody.fill({"lock.overnight": "no"})
    somebody.press("changed:lock.overnight")
    somebody.press("insist:0")
    assert "do not fit together" not in somebody.page.content()
    somebody.press("confirm")
    somebody.press("step")
    for _ in range(MOST_PAGES):
        how = [somebody.page.locator(f'[value="{one}"]') for one in ("did-not-help", "done")]
        found = [one for one in how if one.count()]
        if found:
            found[0].check()
            somebody.press("outcome")
        elif somebody.button("answer").count():
            somebody.press("answer")
        elif somebody.button("enough").count():
            somebody.press("enough")
        else:
            break

    assert somebody.heading == "Nothing is left that is worth trying alone"
    told = somebody.page.locator("#copy-to-hand-over")
    assert "What was tried:" in told.input_value()
    somebody.page.emulate_media(media="print")
    assert told.is_hidden()
    assert "What was tried:\n" in somebody.page.locator(".on-paper").inner_text()
    somebody.page.emulate_media(media="screen")


def test_a_browser_in_which_script_is_off_leads_to_the_plan(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    page.click("text=Start now")
    page.check('[name="backup.switch"][value="off"]')
    page.click("text=Continue")
    page.click("text=That is enough")
    page.click("text=All is right")

    page.get_by_role(
        "heading", name="This is the reason: iCloud Backup is switched off."
    ).wait_for()
    context.close()


def test_the_keyboard_alone_is_enough(person: Persons) -> None:
    somebody = person()
    page = somebody.page
    page.goto(somebody.address)

    def go_to(selector: str) -> None:
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} is not reached")

    def press(do: str) -> None:
        page.evaluate("document.body.dataset.old = 'yes'")
        go_to(f'button[value="{do}"]')
        page.keyboard.press("Enter")
        page.wait_for_selector("body:not([data-old]) h1")
        page.wait_for_function("document.activeElement.matches('h1, .problems')")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Skip")
    press("start")
    go_to('[name="backup.switch"][value="off"]')
    page.keyboard.press("Space")
    page.evaluate("document.body.dataset.old = 'yes'")
    page.keyboard.press("Enter")  # in a field, it is for the main button
    page.wait_for_selector("body:not([data-old]) h1")
    press("enough")
    press("confirm")
    assert "iCloud Backup is switched off" in somebody.heading
    press("step")
    press("outcome")
    assert page.title().startswith("Error: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link to the field
    page.wait_for_function("document.activeElement.id === 'outcome'")
    page.keyboard.press("Space")
    press("outcome")

    assert somebody.heading == "It works again"


def test_back_forward_and_reload_of_the_browser_lose_nothing(person: Persons) -> None:
    somebody = person()
    page = somebody.page
    headings = []

    def press(do: str) -> None:
        headings.append(somebody.heading)
        page.evaluate("document.body.dataset.old = 'yes'")
        somebody.button(do).click()
        page.wait_for_selector("body:not([data-old]) h1")

    def shows(heading: str) -> None:
        page.wait_for_function("h => document.querySelector('h1')?.innerText === h", arg=heading)

    page.goto(somebody.address)
    press("start")
    somebody.fill({"backup.switch": "on", "backup.message": ["network", "busy"]})
    press("answer")
    headings.append(somebody.heading)

    page.go_back()
    shows(headings[1])
    assert page.locator('[name="backup.message"]:checked').count() == 2
    page.reload()
    shows(headings[1])
    page.go_forward()
    shows(headings[2])
    page.go_back()
    page.go_back()
    shows(headings[0])
    page.go_forward()
    shows(headings[1])
    somebody.fill({"backup.switch": "off"})
    press("answer")
    press("answers")
    assert "No, it is off" in page.content()


def test_what_is_typed_stays_when_the_server_is_away(browser: Browser) -> None:
    context = browser.new_context()
    page: Page = context.new_page()
    with Server() as server:
        somebody = Person(page, server.address)
        page.goto(server.address)
        somebody.press("start")
        somebody.fill({"backup.switch": "on"})
    somebody.button("answer").click()
    page.wait_for_selector(".unreached")

    assert page.locator('[name="backup.switch"]:checked').count() == 1
    context.close()


def test_what_is_typed_stays_when_the_server_is_busy_or_starts_anew(person: Persons) -> None:
    somebody = person()
    somebody.open()
    somebody.press("start")
    somebody.fill({"backup.switch": "on"})
    somebody.page.route("**/conversation", lambda route: route.fulfill(status=502, body="Bad"))
    somebody.button("answer").click()
    somebody.page.wait_for_selector(".unreached")
    assert somebody.page.locator('[name="backup.switch"]:checked').count() == 1

    somebody.page.unroute("**/conversation")
    somebody.press("answer")
    assert somebody.seen[-1] != somebody.seen[-2]
