"""A beta may be told with its number where the version is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts
from tests.pack.small import FACTS, folder, problems

SPELLINGS = ["27.1 beta 2", "iOS 27.1 beta 2", "27.1 Developer Beta 2", "27.1beta2"]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_version_with_the_number_of_a_beta_answers_three_facts(
    diagnoser: Diagnoser, text: str
) -> None:
    told = {"ios": {"version": "27.1", "beta": "yes", "beta_number": "2"}}

    assert diagnoser.diagnose({"ios": {"version": text}}).case == told
    assert diagnoser.diagnose(diagnoser.sheet.read_texts([("ios.version", text)])).case == told


def test_a_beta_without_a_number_is_one(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"ios": {"version": "27.1 beta"}})

    assert report.case == {"ios": {"version": "27.1", "beta": "yes"}}


def test_what_is_told_by_itself_stays_and_is_contradicted(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"ios": {"version": "27.1 beta 2", "beta": "no"}})

    assert report.case["ios"]["beta"] == "no"
    assert [one.ask_again for one in report.contradictions] == ["ios.beta"]


def test_in_a_conversation_a_typed_beta_tells_more_than_a_box_left_empty(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser, {"backup": {"message": "not-completed"}})
    interview.next()
    interview.answer({"ios.version": "27.1 public beta 2", "ios.beta": "no"})

    report = interview.report()
    assert report.case["ios"] == {"version": "27.1", "beta": "yes", "beta_number": "2"}
    assert report.contradictions == []
    again = Interview.load(diagnoser, interview.json_text())
    assert again.report().case == report.case


@pytest.mark.parametrize("text", ["27.1 betta 2", "beta 2", "27.1 beta two", "27.1 beta 123"])
def test_what_is_no_beta_is_refused(diagnoser: Diagnoser, text: str) -> None:
    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose({"ios": {"version": text}})
    assert "is not a version" in str(error.value)


VERSION = (
    "  firmware:\n    ask: Which version?\n    look: Read it.\n    effort: 1\n"
    "    typical: {1.2: 100}\n    version: {from: 1, to: 99MORE}\n"
)


def test_a_pack_without_betas_takes_none(tmp_path: Path) -> None:
    facts = FACTS + VERSION.replace("MORE", "")
    diagnoser = Diagnoser(folder(tmp_path, {"facts/lamp.yaml": facts}))

    with pytest.raises(InvalidFacts):
        diagnoser.diagnose({"lamp": {"firmware": "1.2 beta 3"}})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (", beta: switch", "stand together"),
        (", beta: switch, beta_number: age", '"lamp.switch" is not a fact with a check box'),
        (", beta: lit, beta_number: age", '"lamp.age" is not another version'),
        (", beta: lit, beta_number: firmware", '"lamp.firmware" is not another version'),
    ],
)
def test_a_beta_is_told_by_a_box_and_a_number(tmp_path: Path, more: str, reason: str) -> None:
    lit = FACTS.replace("  age:", "    tick: {off: It is off}\n  age:").replace("switch:", "lit:")
    facts = (lit if "lit" in more else FACTS) + VERSION.replace("MORE", more)
    said = problems(tmp_path, {"facts/lamp.yaml": facts})

    assert any(reason in one for one in said)
