"""A conversation at a terminal begins with the person's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts, read_words
from diagnoser.interview import session_file
from diagnoser.terminal.own_words import ASK, NOTHING
from tests.commands import invoke
from tests.talking import Talk

WORDS = "The VPN is on, I have restarted it, and no backup since the 3rd"


def kept(diagnoser: Diagnoser, folder: Path) -> Interview:
    return session_file.load(diagnoser, folder / "s.json")


@pytest.mark.parametrize("changes", [{}, {"ACCESSIBLE": "1"}], ids=["plain", "accessible"])
def test_what_is_confirmed_of_own_words_is_known_and_not_asked(
    changes: dict[str, str], diagnoser: Diagnoser, tmp_path: Path
) -> None:
    today = ("--as-of", "2026-11-30")
    with Talk(
        diagnoser, tmp_path, *today, "--save", "s.json", columns=40, opening=None, **changes
    ) as talk:
        assert talk.last.endswith(ASK)
        talk.say("?")
        assert "you confirm what is understood" in talk.last
        talk.say(WORDS)
        assert "This is what I understood" in talk.last
        assert "Restart the iPhone: it did not help" in talk.last
        talk.say("2 3")
        assert "Visit 1" in talk.last
        talk.kill()
    assert kept(diagnoser, tmp_path).facts() == {
        "network": {"vpn": "on"},
        "tried": {"restart-iphone": "did-not-help"},
    }


def test_enter_skips_it_and_what_says_nothing_is_said_so(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        assert "Visit 1" in talk.last
        talk.kill()
    assert kept(diagnoser, tmp_path).facts() == {}
    with Talk(diagnoser, tmp_path, opening="My cat sat on it.") as talk:
        assert NOTHING in talk.last
        assert "Visit 1" in talk.last


@pytest.mark.parametrize("options", [("--words", "The VPN is on"), ("--max-questions", "0")])
def test_nobody_is_asked_twice_or_against_their_wish(
    options: tuple[str, str], diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, *options, opening=None) as talk:
        assert ASK not in talk.last


def test_a_pipe_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # whoever leaves finds the session where they stand
    assert ASK not in " ".join(invoke("ask", input="quit\n").stderr.split())


def test_what_is_told_begins_no_visit_and_is_kept(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)
    interview.tell(read_words(diagnoser, WORDS).facts())

    assert (interview.visits, interview.begun) == (0, False)
    assert interview.facts()["tried"] == {"restart-iphone": "did-not-help"}
    with pytest.raises(InvalidFacts):
        interview.tell({"network": {"vpn": "sideways"}})
    assert Interview.load(diagnoser, interview.json_text()) == interview
    asked: set[str] = set()
    while (turn := interview.next()).kind == "visit":
        asked |= {one.fact for one in turn.fields}
        interview.cannot_look()
    assert asked.isdisjoint({"network.vpn", "tried"})
    interview.tell({"storage": {"plan": "50gb"}})
    assert interview.facts()["storage"] == {"plan": "50gb"}
    assert interview.back()
    assert "storage" not in interview.facts()
