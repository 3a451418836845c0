"""People on an old iOS are shown only pages that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from diagnoser import Diagnoser
from diagnoser.knowledge.steps import choose
from diagnoser.knowledge.values import Value

SINCE = {
    "Display & Brightness": "10",
    "your name at the top|Tap your name": "10.3",
    "Certificate Trust Settings": "10.3",
    "iPhone Storage": "11",
    "Screen Time|Content & Privacy": "12",
    "Model Name": "12.2",
    "Low Data Mode": "13",
    "Transfer or Reset iPhone|Prepare for New": "15",
    "VPN & Device Management": "15",
    r"iCloud\+": "15",
    "Back Up Over Cellular": "15",
    "Manage Account Storage": "16",
    "Privacy & Security": "16",
    "Lockdown Mode": "16",
    "Advanced Data Protection": "16.2",
    "Beta Updates": "16.4",
    "Sign-In & Security": "17",
    "Power Mode if": "26",
}
"""What only newer versions of iOS show, by pattern, with the first one that does."""

SAYS_WHEN = re.compile("[Oo]lder|newer|There is no such|before iOS|On iOS|macOS")
"""A line that says itself that it is otherwise on another iOS."""


def late_lines(diagnoser: Diagnoser, sheet: Mapping[str, Mapping[str, str]], ios: str) -> list[str]:
    """Lines that a person with these facts is shown of pages that came after this iOS."""
    known = diagnoser.sheet.read(sheet).known
    late = [page for page, since in SINCE.items() if _parts(ios) < _parts(since)]
    return [
        f"{id}: {line}"
        for id, line in dict.fromkeys(lines(diagnoser, known))
        if not SAYS_WHEN.search(line) and any(re.search(page, line) for page in late)
    ]


def lines(diagnoser: Diagnoser, known: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Every line of a fact that is not known, of a place and of a remedy."""
    knowledge = diagnoser.knowledge
    places = knowledge.places
    for fact in knowledge.facts.values():
        if fact.id not in known:
            yield from ((fact.id, line) for line in choose(fact.look, known, places))
    for place in places.values():
        yield from ((place.id, line) for line in choose(place.go, known, places))
    for remedy in knowledge.remedies.values():
        yield from ((remedy.id, line) for line in choose(remedy.steps, known, places))


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize(
    "version", ["7.1.2", "8.4.1", "9.3.5", "10.2", "10.3.4", "12.5.8", "15.8.8", "16.7.16"]
)
def test_nobody_is_sent_to_a_page_that_comes_with_a_later_ios(
    diagnoser: Diagnoser, version: str
) -> None:
    assert late_lines(diagnoser, {"ios": {"version": version}}, version) == []


@pytest.mark.parametrize(
    ("model", "newest"), [("iPhone 4", "7.1.2"), ("iPhone 5c", "10.3.3"), ("iPhone 7", "15.8.8")]
)
def test_nor_is_anybody_whose_model_can_have_no_later_ios(
    diagnoser: Diagnoser, model: str, newest: str
) -> None:
    assert late_lines(diagnoser, {"device": {"model": model}}, newest) == []


def test_a_page_that_comes_later_would_be_found(diagnoser: Diagnoser) -> None:
    assert late_lines(diagnoser, {"ios": {"version": "27.0"}}, "12.0") != []
