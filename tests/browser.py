"""A real Chromium for the tests that look at pages, and what axe-core finds in one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 568}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module; each test makes contexts of its own.

    Not for the whole session: while it runs, its event loop is in the way of other tests' loops.
    """
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = f"no browser is installed: {' or '.join(NAMES)}"
        assert "CI" not in os.environ, reason
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


def complaints(page: Page) -> list[str]:
    """What axe-core finds wrong with the page, one line for each element; best none."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def too_wide(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))
