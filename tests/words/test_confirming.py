"""What was read counts once the person has confirmed it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from diagnoser import Diagnoser, DiagnoserError, Interview, InvalidFacts, read_words
from tests.commands import invoke, run

TEXT = "It says not enough iCloud storage. No backup for 3 weeks. The VPN is on."
IDS = ["backup.message=icloud-storage", "backup.last_backup=within-180-days", "network.vpn=on"]


def test_each_proposal_has_a_check_box(diagnoser: Diagnoser) -> None:
    boxes = read_words(diagnoser, TEXT).boxes()

    assert [one.id for one in boxes] == IDS
    assert boxes[2].text == "Is a VPN or a proxy on? Yes, a VPN is connected or a proxy is set"
    assert boxes[2].quoted == "VPN is on"


def test_only_what_is_confirmed_becomes_a_fact(diagnoser: Diagnoser) -> None:
    reading = read_words(diagnoser, TEXT)

    assert reading.facts([IDS[2]]) == {"network": {"vpn": "on"}}
    assert reading.facts([]) == {}
    assert reading.facts()["backup"] == {
        "message": "icloud-storage",
        "last_backup": "within-180-days",
    }
    with pytest.raises(InvalidFacts, match=r'"network.vpn=off" .* did you mean "network.vpn=on"'):
        reading.facts(["network.vpn=off"])


def test_several_answers_of_one_fact_become_a_list(diagnoser: Diagnoser) -> None:
    text = "It says not enough iCloud storage. Now it says another backup is running."
    reading = read_words(diagnoser, text)

    assert reading.facts() == {"backup": {"message": ["icloud-storage", "busy"]}}
    assert reading.facts([reading.proposals[1].id]) == {"backup": {"message": "busy"}}


def test_what_is_confirmed_is_not_asked_again(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, read_words(diagnoser, TEXT).facts())

    asked: set[str] = set()
    while (turn := interview.next()).kind == "visit":
        asked |= {one.fact for one in turn.fields}
        interview.cannot_look()
    assert asked
    assert asked.isdisjoint(id.partition("=")[0] for id in IDS)


def test_what_is_known_already_is_not_proposed(diagnoser: Diagnoser) -> None:
    reading = read_words(diagnoser, TEXT).without({"network": {"vpn": "off"}, "wifi": None})

    assert [one.id for one in reading.proposals] == IDS[:2]


# -- the commands


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation that is left saves itself in the folder where it was begun."""
    monkeypatch.chdir(tmp_path)


def test_read_says_what_was_understood_and_from_which_words() -> None:
    out = " ".join(invoke("read", "Well, the VPN is on.").stdout.split())

    assert "Is a VPN or a proxy on? Yes, a VPN is connected or a proxy is set" in out
    assert 'network.vpn=on, from "VPN is on"' in out


def test_read_gives_a_facts_file_and_the_proposals() -> None:
    given = json.loads(invoke("read", "-", "--format", "json", input=TEXT).stdout)

    assert given["facts"] == read_words(Diagnoser(), TEXT).facts()
    assert [one["fact"] for one in given["proposals"]] == [id.partition("=")[0] for id in IDS]
    assert given["proposals"][2]["words"] == {"start": 62, "end": 71, "quoted": "VPN is on"}


def test_read_says_so_where_it_finds_nothing() -> None:
    result = invoke("read", "It does not do what I want.")

    assert result.exit_code == 0
    assert "say nothing for certain" in result.stdout


@pytest.mark.parametrize("text", ["x" * 5000, "the VPN is on. " * 10_000], ids=["word", "text"])
def test_read_refuses_what_is_too_long(text: str) -> None:
    result = invoke("read", "-", input=text)

    assert result.exit_code == 2
    assert "This text cannot be read" in result.stderr
    assert "at most 4,000 characters" in result.stderr


def test_read_says_the_same_to_the_byte_whatever_the_hash_seed() -> None:
    outs = {run("read", TEXT, "--format", "json", env=_environment(seed)).stdout for seed in "01"}

    assert len(outs) == 1


def _environment(seed: str) -> dict[str, str]:
    from tests.commands import environment

    path = [one for one in sys.path if one]
    return environment(PYTHONHASHSEED=seed, PYTHONPATH=":".join(path))


def test_ask_takes_what_is_confirmed_and_asks_for_the_rest() -> None:
    result = invoke("ask", "--words", TEXT, input="1 3\nlist\n\nquit\n")

    assert "This is what I understood" in result.stderr
    answers = result.stderr.partition("Your answers so far")[2]
    assert "iCloud storage" in answers
    assert "proxy on? Yes" in " ".join(answers.split())
    assert "last backup" not in answers.partition("Number of an answer")[0]


@pytest.mark.parametrize(
    ("typed", "known"), [("all", 3), ("none", 0), ("9\nperhaps\n?\nwhy\n2", 1)]
)
def test_ask_takes_all_none_or_numbers(typed: str, known: int) -> None:
    result = invoke("ask", "--words", TEXT, input=f"{typed}\nlist\n\nquit\n")

    listed = result.stderr.partition("Your answers so far")[2]
    if not known:
        assert listed.strip().startswith("Nothing yet.")
    else:
        listed = listed.partition("Number of an answer")[0]
        assert sum(f"  {number}. " in listed for number in range(1, 5)) == known


def test_ask_says_so_where_words_say_nothing() -> None:
    result = invoke("ask", "--words", "Help!", input="quit\n")

    assert "could not tell anything for certain" in result.stderr


def test_ask_can_be_left_before_anything_is_confirmed() -> None:
    result = invoke("ask", "--words", TEXT, input="quit\n")

    assert result.exit_code == 0
    assert "Visit 1" not in result.stderr


def test_a_conversation_that_goes_on_has_its_own_words() -> None:
    result = invoke("ask", "--words", TEXT, "--resume", "some.json")

    assert result.exit_code == 2
    assert "give no others with it" in result.stderr


def test_without_the_extra_one_plain_error_names_it(
    monkeypatch: pytest.MonkeyPatch, diagnoser: Diagnoser
) -> None:
    for name in ("rapidfuzz", "rapidfuzz.distance"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(DiagnoserError, match=r'pip install "diagnoser\[words\]"'):
        read_words(diagnoser, TEXT)
    result = invoke("read", TEXT)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
