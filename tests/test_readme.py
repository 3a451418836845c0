"""The README shows real output."""

from __future__ import annotations

import pytest

from tests.readme import README, Shown, agrees, run, shown

ALL = list(shown(README.read_text("utf-8")))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.command.splitlines()[0])
def test_the_readme_shows_what_really_comes_out(one: Shown) -> None:
    got = run(one)
    assert agrees(one.output, got), got


def test_the_first_screen_shows_the_demo_a_facts_file_and_the_library() -> None:
    text = README.read_text("utf-8")
    places = [
        text.index(part)
        for part in ("$ make demo", "$ make test", '{"', "from diagnoser import Diagnoser")
    ]
    assert places == sorted(places)
    assert text[: places[-1]].count("\n") < 60
    assert any(one.python for one in ALL)
