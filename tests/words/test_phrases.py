"""The phrases of a pack: what is wrong with one is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import Diagnoser, read_words
from diagnoser.checking.check import check
from tests.pack.small import FACTS, folder, problems

LAMP = "facts/lamp.yaml"
SWITCH = '    answers: {on: "Yes", off: "No"}\n'
AGE = "    number: {unit: years, from: 0, to: 50}\n"


def with_said(said: str, after: str = SWITCH) -> dict[str, str | None]:
    assert after in FACTS
    return {LAMP: FACTS.replace(after, f"{after}    said: {said}\n")}


def test_a_pack_of_another_kind_is_read_by_its_own_phrases(tmp_path: Path) -> None:
    words = "same: [[lamp, light, bulb], [dark, pitch black]]\nothers: [torch]\n"
    changes = with_said("{off: [the lamp stays dark], on: [switch points down]}")
    diagnoser = Diagnoser(folder(tmp_path, {**changes, "facts/words.yaml": words}))

    reading = read_words(diagnoser, "My light simply stays pitch black.")
    assert reading.facts() == {"lamp": {"switch": "off"}}
    assert read_words(diagnoser, "The torch and its bulb: the lamp stays dark").proposals == []


def test_a_pack_without_phrases_reads_nothing(tmp_path: Path) -> None:
    assert read_words(Diagnoser(folder(tmp_path)), "The lamp is off.").proposals == []


@pytest.mark.parametrize(
    ("said", "after", "wrong"),
    [
        (
            "{of: [the lamp stays dark]}",
            SWITCH,
            'said.of: "of" is not one of its answers - did you mean "off"? (allowed: on, off)',
        ),
        (
            "{off: [it is dark]}",
            SWITCH,
            'said.off.0: "it is dark" is too short: besides small words it needs two that tell '
            "something, or it is found where nobody meant it",
        ),
        (
            "{off: [lamp stays dark], on: [the lamp stays dark]}",
            SWITCH,
            'said.on.0: "the lamp stays dark" is said of the answer off already, as '
            '"lamp stays dark"',
        ),
        (
            "{off: [lamp flickers and dies]}",
            SWITCH,
            'said.off.0: "lamp flickers and dies" has "and", where another clause begins; write '
            "a phrase for one clause",
        ),
        (
            "{off: ['lamp flickers, dies']}",
            SWITCH,
            'said.off.0: "lamp flickers, dies" has a mark in it that ends a clause; write a '
            "phrase for one clause",
        ),
        (
            "{off: ['lamp dark for {x}']}",
            SWITCH,
            'said.off.0: "lamp dark for {x}" has a place for something else than days, such as '
            "{2-7 days}, or a share, such as {share of 5 GB}",
        ),
        (
            "{off: ['lamp dark for {9-7 days}']}",
            SWITCH,
            'said.off.0: "lamp dark for {9-7 days}" has a place for something else than days, '
            "such as {2-7 days}",
        ),
        (
            "{off: [lamp (stays | remains dark]}",
            SWITCH,
            'said.off.0: "lamp (stays | remains dark" has a bracket or a | without its other half',
        ),
        (
            "{off: ['lamp & ']}",
            SWITCH,
            'said.off.0: "lamp &" has nothing on one side of an &, or no word that counts',
        ),
        (
            "{off: ['lamp (a|b|c|d|e) (f|g|h|i|j) (k|l|m|n|o) dark & night']}",
            SWITCH,
            "stands for 250 phrases; at most 240 are allowed, so write several",
        ),
        ("[the lamp stays dark]", SWITCH, "must be a list of phrases by answer"),
        ("[bulb is old]", AGE, 'said.0: "bulb is old" has no {} where the value stands'),
        ("['bulb {} is old {}']", AGE, "has more than one place for a value"),
        ("['bulb is {} old}']", AGE, "has a brace without its other half"),
        ("{1: ['bulb is {} old']}", AGE, "must be a list of phrases with {} where the value"),
    ],
)
def test_what_is_wrong_with_a_phrase_is_said_with_its_place(
    said: str, after: str, wrong: str, tmp_path: Path
) -> None:
    [problem] = problems(tmp_path, with_said(said, after))

    assert problem.startswith(LAMP)
    assert wrong in problem


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (
            "{off: [lamp stays dark, my lamp stays dark]}",
            'said.off.1: "my lamp stays dark" is said of this answer already, as "lamp stays dark"',
        ),
        (
            "{off: [lamp (stays | remains) dark], on: [lamp remains dark]}",
            'said.on.0: "lamp remains dark" is said of the answer off already, as '
            '"lamp remains dark"',
        ),
        (
            "{off: [lamp stays (dark | and dies)]}",
            'said.off.0: "lamp stays (dark | and dies)" has "and", where another clause begins; '
            'write a phrase for one clause ("lamp stays and dies")',
        ),
    ],
)
def test_check_looks_at_all_that_a_phrase_stands_for(said: str, wrong: str, tmp_path: Path) -> None:
    _, found = check(folder(tmp_path, with_said(said)))

    [problem] = [str(one) for one in found if one.file == LAMP]
    assert wrong in problem


def test_a_spelling_stands_for_one_thing(tmp_path: Path) -> None:
    words = "same: [[lamp, light], [bulb, light], [cord, '-']]\n"

    assert problems(tmp_path, {"facts/words.yaml": words}) == [
        'facts/words.yaml:1: same.1.1: stands beside "lamp" already',
        "facts/words.yaml:1: same.2.1: has no word in it",
    ]
