"""Answers that somebody thinks right without being sure: how they are written, read and refused."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import jsonschema
import pytest

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.knowledge.values import Choice
from tests import packs


@pytest.mark.parametrize("seed", range(20))
def test_a_sheet_with_thoughts_survives_a_round_trip_and_fits_the_schema(
    seed: int, diagnoser: Diagnoser, built_in: packs.Pack
) -> None:
    random = Random(seed)
    sheet = packs.with_thoughts(random, packs.random_sheet(random, built_in, 4 * seed))
    validator = jsonschema.Draft202012Validator(diagnoser.sheet.schema())
    case = diagnoser.sheet.read(sheet)

    assert [error.message for error in validator.iter_errors(sheet)] == []
    assert diagnoser.sheet.read(diagnoser.sheet.show(case)) == case
    assert diagnoser.sheet.read(diagnoser.Facts.model_validate(sheet)) == case
    report = diagnoser.diagnose(sheet)
    assert diagnoser.diagnose(report.case).json_text() == report.json_text()


def test_a_thought_is_known_and_not_asked_for(diagnoser: Diagnoser) -> None:
    thought = {"backup": {"switch": {"think": "off"}}}

    assert diagnoser.sheet.read(thought).known == {"backup.switch": "off"}
    assert "backup.switch" not in diagnoser.may_be_asked(thought)
    assert diagnoser.may_be_asked(thought) == diagnoser.may_be_asked({"backup": {"switch": "off"}})


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"wifi": {"connection": {"think": "conected"}}},
            'wifi.connection.think: "conected" is not one of its answers - did you mean'
            ' "connected"? (allowed: connected, not-joined, off)',
        ),
        (
            {"wifi": {"connection": {"thinks": "off"}}},
            'wifi.connection: {"thinks": "off"} is not one of its answers - did you mean "think"?'
            ' (allowed: an answer, or {"think": an answer})',
        ),
        (
            {"wifi": {"connection": {"think": "off", "sure": "no"}}},
            'wifi.connection: "sure" cannot stand beside "think"'
            ' (allowed: an answer, or {"think": an answer})',
        ),
        (
            {"wifi": {"connection": {}}},
            "wifi.connection: {} is not one of its answers"
            " (allowed: connected, not-joined, off, unknown)",
        ),
        (
            {"wifi": {"connection": {"think": "unknown"}}},
            'wifi.connection.think: "unknown" is nothing that one can think'
            " (allowed: connected, not-joined, off)",
        ),
        (
            {"wifi": {"connection": {"think": None}}},
            "wifi.connection.think: null is nothing that one can think"
            " (allowed: connected, not-joined, off)",
        ),
        (
            {"wifi": {"connection": {"think": {"think": "off"}}}},
            'wifi.connection.think: {"think": "off"} is not one of its answers'
            " (allowed: connected, not-joined, off)",
        ),
        (
            {"backup": {"message": {"think": ["network", "bussy"]}}},
            'backup.message.think[1]: "bussy" is not one of its answers - did you mean "busy"?',
        ),
        (
            {"storage": {"icloud_free_gb": {"think": "5"}}},
            'storage.icloud_free_gb.think: "5" is text; write the number without quotes: 5',
        ),
        (
            {"storage": {"icloud_free_gb": {"think": 10**9}}},
            "storage.icloud_free_gb.think: 1000000000 is out of range",
        ),
        (
            {"storage": {"icloud_free_gb": {"think": True}}},
            "storage.icloud_free_gb.think: true is not a number",
        ),
        (
            {"ios": {"version": {"think": "x" * 300}}},
            'ios.version.think: "xxx',
        ),
        (
            {"tried": {"restart-iphone": {"think": "helped"}}},
            'tried.restart-iphone: {"think": "helped"} is a mapping; what came of a remedy is said'
            " plainly (allowed: did-not-help, could-not-do, helped, unknown)",
        ),
    ],
    ids=str,
)
def test_a_thought_that_is_none_is_refused_with_its_path(
    facts: dict[str, Any], said: str, diagnoser: Diagnoser
) -> None:
    with pytest.raises(InvalidFacts) as refused:
        diagnoser.diagnose(facts)

    [problem] = map(str, refused.value.problems)
    assert problem.startswith(said)


def test_a_beta_that_somebody_thinks_of_is_a_thought_in_all_its_facts(diagnoser: Diagnoser) -> None:
    case = diagnoser.sheet.read({"ios": {"version": {"think": "27.1 beta 2"}}})

    assert diagnoser.sheet.show(case) == {
        "ios": {
            "version": {"think": "27.1"},
            "beta": {"think": "yes"},
            "beta_number": {"think": "2"},
        }
    }


# -- typed with a question mark


def test_a_question_mark_after_what_is_typed_says_that_one_is_not_sure(
    diagnoser: Diagnoser,
) -> None:
    typed = [
        ("wifi.connection", "off?"),
        ("backup.message", "network, busy ?"),
        ("storage.icloud_free_gb", "0,3?"),
        ("ios.version", "27.1 beta 2?"),
        ("lock.overnight", "unknown"),
    ]

    assert diagnoser.sheet.read_texts(typed) == {
        "wifi": {"connection": {"think": "off"}},
        "backup": {"message": {"think": ["network", "busy"]}},
        "storage": {"icloud_free_gb": {"think": 0.3}},
        "ios": {"version": {"think": "27.1 beta 2"}},
        "lock": {"overnight": "unknown"},
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [("?", '"" is not one'), ("unknown?", "nothing that one can think"), ("of?", '"of" is not')],
)
def test_a_question_mark_needs_an_answer_before_it(
    text: str, reason: str, diagnoser: Diagnoser
) -> None:
    with pytest.raises(InvalidFacts, match="^These facts.*\n.*" + reason):
        diagnoser.sheet.read_texts([("wifi.connection", text)])


def test_no_answer_ends_with_a_question_mark(diagnoser: Diagnoser) -> None:
    assert [one for one in typable(diagnoser) if one.rstrip().endswith("?")] == []


def typable(diagnoser: Diagnoser) -> Iterator[str]:
    """All words, labels and names that can be typed as an answer."""
    for fact in diagnoser.knowledge.facts.values():
        if isinstance(fact.kind, Choice):
            yield from fact.kind.labels
            yield from fact.kind.labels.values()
        else:
            yield from getattr(fact.kind, "names", ())
            yield from getattr(fact.kind, "spellings", ())
