"""A person in a real browser, who looks at every page before answering it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.browser import NARROW, PHONE, complaints, too_wide
from tests.commands import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_PAGES = 25
TOO_SMALL = """[...document.querySelectorAll("button, summary, select, .button, .choice")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML)"""
"""What is too small for a finger: a target is at least 44 pixels high."""
READY = "!document.querySelector('[data-print][hidden]')"
"""Whether the script of a page has run, which shows its button to print."""


class Person:
    """Goes through the pages by their buttons; `seen` are the headings of the pages, in order.
    Without `script` nothing of it is waited for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.script = True
        self.seen: list[str] = []
        page.set_default_timeout(PATIENCE * 1000)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        self.look()

    def button(self, do: str) -> Locator:
        return self.page.locator(f'button[name="do"][value="{do}"]').last

    def press(self, do: str) -> None:
        """Presses a button, and waits for the page that comes then."""
        self.page.evaluate("document.body.dataset.old = 'yes'")
        self.button(do).click()
        self.page.wait_for_selector("body:not([data-old]) h1")
        self.look()

    def look(self) -> None:
        """Looks at the page as it stands: nothing may be in the way of anybody."""
        page = self.page
        page.wait_for_load_state()
        if self.script:
            page.wait_for_function(READY)
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").count() == 1
        self.seen.append(self.heading)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        assert not too_wide(page), self.heading
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        assert complaints(page) == [], self.heading
        assert page.evaluate(TOO_SMALL) == [], self.heading

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def fill(self, answers: Mapping[str, str | list[str]]) -> None:
        """Fills in what is known and can be seen."""
        for name, given in answers.items():
            inputs = self.page.locator(f'[name="{name}"]:visible')
            for value in given if isinstance(given, list) else [given]:
                chosen = self.page.locator(f'[name="{name}"][value="{value}"]:visible')
                if chosen.count():
                    chosen.check()
                elif inputs.count() and inputs.first.evaluate("one => one.tagName") == "SELECT":
                    inputs.select_option(value)
                elif inputs.count() and inputs.first.get_attribute("type") in (None, "text"):
                    inputs.fill(value)

    def answer(self, answers: Mapping[str, str | list[str]]) -> None:
        """Answers page after page, up to the first that asks nothing."""
        for _ in range(MOST_PAGES):
            if not self.button("answer").count():
                return
            self.fill(answers)
            self.press("answer")
        raise AssertionError("the questions do not end")
