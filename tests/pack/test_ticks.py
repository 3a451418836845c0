"""Check boxes: the text of each, and what ticking stands for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.knowledge.values import Choice
from diagnoser.rendering import pages
from tests.pack.small import FACTS, folder

TICKED = [fact for fact in Diagnoser().knowledge.facts.values() if fact.tick]
ACTION = {
    "device.computers",
    "device.date_changes",
    "device.vpn_changes",
    "device.wifi_choice",
    "device.wifi_power",
    "network.other_internet",
    "power.symbol",
    "service.others_fail",
}
"""Whose ordinary answer is only known once something was done, so that a box left empty would say
more than somebody knows."""


def test_every_fact_with_two_answers_has_one_unless_something_must_be_done_first(
    diagnoser: Diagnoser,
) -> None:
    two = {
        fact.id
        for fact in diagnoser.knowledge.facts.values()
        if fact.askable and isinstance(fact.kind, Choice) and len(fact.kind.labels) == 2
    }

    assert {fact.id for fact in TICKED} == two - ACTION
    assert two >= ACTION


@pytest.mark.parametrize("id", [fact.id for fact in TICKED])
def test_it_is_a_statement_of_the_rarer_answer(id: str, diagnoser: Diagnoser) -> None:
    fact = diagnoser.knowledge.facts[id]
    assert fact.tick
    answer, statement = fact.tick

    assert dict(fact.typical)[answer] < 0.5
    assert not re.match("(Yes|No)\\b", statement)
    assert re.match("[A-Z]", statement)
    assert not re.search("[.?!]$|\\b(I|my|you)\\b", statement)


def test_no_two_say_the_same() -> None:
    texts = [fact.tick[1] for fact in TICKED if fact.tick]

    assert len({text.lower() for text in texts}) == len(texts)


def test_a_folder_has_its_own(tmp_path: Path) -> None:
    facts = FACTS.replace("    answers:", "    tick: {off: The switch is off}\n    answers:")
    knowledge = Diagnoser(folder(tmp_path, {"facts/lamp.yaml": facts})).knowledge

    assert knowledge.facts["lamp.switch"].tick == ("off", "The switch is off")
    assert knowledge.facts["lamp.age"].tick is None
    assert pages.fact(knowledge, "lamp.switch")["tick"] == {"off": "The switch is off"}
    assert pages.fact(knowledge, "lamp.age")["tick"] == {}
