"""What a person types, or a host hands in, and the answer that it stands for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.interview.typed_answers import parse_typed, understand
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice
from tests import oracles, packs
from tests.packs import Pack


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("backup.switch", "1", "on"),
        ("backup.switch", "OFF", "off"),
        ("backup.switch", "no, it", "off"),
        ("backup.switch", "n", "off"),
        ("backup.switch", "not sure", "unknown"),
        ("backup.switch", "unsure", "unknown"),
        ("backup.switch", "5", "unknown"),
        ("backup.switch", "2)", "off"),
        ("backup.switch", "0002", "off"),
        ("backup.switch", "\uff12", "off"),
        ("backup.switch", "dunno", "unknown"),
        ("backup.message", "wifi", "network"),
        ("backup.message", "says nothing", "none"),
        ("backup.message", "1 3", ["icloud-storage", "network"]),
        ("backup.message", "3, 1", ["icloud-storage", "network"]),
        ("backup.message", "3) 1)", ["icloud-storage", "network"]),
        ("backup.message", "1,3 and 7", ["icloud-storage", "network", "busy"]),
        ("backup.message", "Busy and network", ["network", "busy"]),
        ("backup.message", "another backup, iOS must", ["ios-version", "busy"]),
        ("backup.message", "3 and wifi", "network"),
        ("backup.message", "it says nothing, the backup just never runs", "none"),
        ("backup.message", "9", "none"),
        ("backup.switch", "off and grey", ["off", "grey"]),
        ("backup.switch", "off, grey and an error", ["off", "grey", "error"]),
        ("storage.plan", "200", "200gb"),
        ("storage.plan", "2", "50gb"),
        ("backup.back_up_now", "fails at once", "fails-at-once"),
        ("storage.icloud_free_gb", "300 MB", 0.3),
        ("storage.icloud_free_gb", "0,3", 0.3),
        ("storage.icloud_free_gb", "about 3 gb", 3),
        ("storage.icloud_free_gb", "2", 2),
        ("storage.icloud_free_gb", "don't know", "unknown"),
        ("storage.icloud_free_gb", "I don\u2019t know!", "unknown"),
        ("storage.icloud_free_gb", "1,5 gb", 1.5),
        ("storage.icloud_free_gb", "1.5 TB", 1500),
        ("storage.icloud_free_gb", ".5", 0.5),
        ("storage.icloud_free_gb", "~300 megabytes free.", 0.3),
        ("storage.icloud_free_gb", "3 gigs", 3),
        ("storage.icloud_free_gb", "3G", 3),
        ("storage.icloud_free_gb", "Zero KB", 0),
        ("storage.icloud_free_gb", "none", 0),
        ("network.upload_mbps", "5 Mbps", 5),
        ("network.upload_mbps", "500 kbps", 0.5),
        ("ios.version", "iOS 18.5", "18.5"),
        ("ios.version", "18.5.0", "18.5"),
        ("ios.version", "18,5", "18.5"),
        ("ios.version", "iOS 18.5 (22F76)", "18.5"),
        ("ios.version", "v18.5.1", "18.5.1"),
        ("ios.version", "18", "18"),
        ("ios.version", "iOS version: 18.5.", "18.5"),
        ("ios.version", "26.1 beta 2", "26.1 beta 2"),
        ("device.model", "iphone  14 pro", "iPhone 14 Pro"),
        ("device.model", "14 pro max", "iPhone 14 Pro Max"),
        ("device.model", "xr", "iPhone XR"),
        ("device.model", "iPhone15,2", "iPhone 14 Pro"),
        ("device.model", "iphone 15.2", "iPhone 14 Pro"),
        ("device.model", "iPhone 1,1", "iPhone (1st generation)"),
        ("device.model", "14promax", "iPhone 14 Pro Max"),
        ("device.model", "13 mini", "iPhone 13 mini"),
        ("device.model", "iPhone-8+", "iPhone 8 Plus"),
        ("device.model", "x", "iPhone X"),
        ("device.model", "se 2", "iPhone SE (2nd generation)"),
        ("device.model", "iPhone SE (3rd gen)", "iPhone SE (3rd generation)"),
    ],
)
def test_what_is_typed_is_understood(
    diagnoser: Diagnoser, fact: str, text: str, value: object
) -> None:
    assert parse_typed(diagnoser.knowledge.facts[fact], text) == value


@pytest.mark.parametrize(
    ("fact", "text", "says"),
    [
        ("backup.switch", "", "nothing was typed"),
        ("backup.switch", "6", '"6" is not the number of an answer'),
        ("backup.switch", "0", '"0" is not the number of an answer'),
        ("backup.switch", "0015", '"0015" is not the number of an answer'),
        ("backup.switch", "1000", '"1000" is not the number of an answer'),
        ("backup.switch", "on " * 70_000, "is longer than 200 characters"),
        ("device.model", "iPhone " * 70_000, "is longer than 200 characters"),
        ("storage.icloud_free_gb", "9" * 201, "is longer than 200 characters"),
        ("backup.switch", "\x1b[A", '"\\u{1b}[a" is none of the answers'),
        ("account.prompt", "it wants", '"it wants" fits the answers 2, 3'),
        ("backup.message", "1 3 30", '"30" is not the number of an answer'),
        ("backup.message", "network and bussy", '"bussy" is none of the answers'),
        ("backup.message", "network and none", 'never runs" cannot stand beside other answers'),
        ("backup.message", "1 and not sure", '"Not sure" cannot stand beside other answers'),
        ("backup.message", "1 and", '"1 and" is none of the answers'),
        ("backup.last_backup", "1 2", '"1 2" is none of the answers'),
        ("storage.icloud_free_gb", "3 parsecs", "has a unit that is not understood"),
        ("storage.icloud_free_gb", "-1", '"-1" is out of range'),
        ("storage.icloud_free_gb", "much", '"much" is not a number'),
        ("storage.icloud_free_gb", "", "nothing was typed"),
        ("storage.icloud_free_gb", "4.7 GB of 5 GB", "is not one number"),
        ("storage.icloud_free_gb", "3-4", "is not one number"),
        ("storage.icloud_free_gb", "1,500", '"1,500" can mean 1500 or 1.5'),
        ("storage.icloud_free_gb", "15000", "is out of range"),
        ("storage.icloud_free_gb", "5 horses", "a number from 0 to 14000 GB (or with a unit, such"),
        ("ios.version", "18 or 19", 'a version, such as 27.0.1, or "not sure"'),
        ("backup.switch", "gray", 'did you mean "It is grey and cannot be moved, even if it'),
        ("device.model", "iPhone15,22", 'did you mean "iPhone 14 Pro"?'),
        ("device.model", "14 pro max 256gb", 'did you mean "iPhone 14 Pro Max"?'),
        ("device.model", "iPhone", "can mean iPhone (1st generation), iPhone 3G"),
        ("ios.version", "the newest", "is not a version"),
        ("device.model", "iPhone 14 por", 'did you mean "iPhone 14 Pro"?'),
        ("device.model", "SE", "can mean iPhone SE (1st generation)"),
        ("device.model", "Galaxy", "is not known here"),
    ],
)
def test_what_is_not_understood_is_explained(
    diagnoser: Diagnoser, fact: str, text: str, says: str
) -> None:
    with pytest.raises(InvalidFacts) as error:
        parse_typed(diagnoser.knowledge.facts[fact], text)
    assert says.lower() in str(error.value).lower()


@pytest.mark.parametrize("fact", ["wifi.connection", "device.model", "ios.version"])
def test_half_a_character_is_no_answer_that_is_typed(diagnoser: Diagnoser, fact: str) -> None:
    for text in ("\ud800", "off \udcff", "iPhone 14\ud800", "18.5\udfff"):
        with pytest.raises(InvalidFacts):
            parse_typed(diagnoser.knowledge.facts[fact], text)


def asked(diagnoser: Diagnoser) -> list[Fact]:
    return [fact for fact in diagnoser.knowledge.facts.values() if fact.askable]


def test_every_answer_of_a_facts_file_is_taken_as_it_is(
    diagnoser: Diagnoser, built_in: Pack
) -> None:
    for fact in asked(diagnoser):
        area, _, name = fact.id.partition(".")
        definition = built_in.data["areas"][area]["facts"][name]
        for text in built_in.texts[fact.id]:
            value: Any = float(text) if definition["number"] else text
            assert understand(fact, value) == in_a_file(diagnoser, fact.id, value)
        if fact.several:
            for words in packs.lists_of(definition):
                assert understand(fact, words) == in_a_file(diagnoser, fact.id, words)
        assert understand(fact, "unknown") == "unknown"


def in_a_file(diagnoser: Diagnoser, fact: str, value: Any) -> Any:
    """The answer as it is written when a facts file that has it is read and written again."""
    sheet = oracles.answered({}, fact, value)
    shown = diagnoser.sheet.show(diagnoser.sheet.read(json.loads(json.dumps(sheet))))
    found = oracles.answer_in(shown, fact)
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def test_a_check_box_is_an_answer(diagnoser: Diagnoser) -> None:
    ticked = [fact for fact in asked(diagnoser) if fact.tick is not None]
    for fact in ticked:
        assert fact.tick is not None
        answers = {understand(fact, True), understand(fact, False)}
        assert answers == {*fact.kind.labels}  # type: ignore[union-attr]
        assert understand(fact, True) == fact.tick[0]
    assert ticked


def test_the_label_and_the_number_of_an_answer_stand_for_it(diagnoser: Diagnoser) -> None:
    for fact in asked(diagnoser):
        if isinstance(fact.kind, Choice):
            for place, (word, label) in enumerate(fact.kind.labels.items(), start=1):
                assert understand(fact, label) == word
                assert understand(fact, label.upper()) == word
                assert understand(fact, str(place)) == word


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        ("network.upload_mbps", "0.4", 0.4),
        ("storage.icloud_free_gb", "300 MB", 0.3),
        ("ios.version", "iOS 18.5", "18.5"),
        ("backup.switch", "2", "off"),
        ("backup.switch", "no", "off"),
        ("backup.message", {"network", "busy"}, ["network", "busy"]),
        ("backup.message", ("busy", "network"), ["network", "busy"]),
        ("backup.message", ["busy"], "busy"),
        ("device.model", "14 pro", "iPhone 14 Pro"),
    ],
)
def test_what_is_typed_gives_the_conversation_of_a_facts_file(
    diagnoser: Diagnoser, fact: str, typed: Any, value: Any
) -> None:
    by_typing, by_file = Interview.start(diagnoser), Interview.start(diagnoser)

    assert by_typing.answer({fact: typed})[fact] == value

    by_file.answer({fact: value})
    assert by_typing.json_text() == by_file.json_text()
    sheet = oracles.answered({}, fact, value)
    assert (
        by_typing.report().causes == Interview.start(diagnoser, by_typing.facts()).report().causes
    )
    assert oracles.answer_in(by_typing.facts(), fact) == oracles.answer_in(sheet, fact)


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("backup.switch", True, "is not one of its answers"),
        ("backup.switch", 2, "is not one of its answers"),
        ("backup.switch", {"on": True}, "is not one of its answers"),
        ("backup.switch", [], "is not an answer"),
        ("backup.switch", ["on", 3], "is not an answer"),
        ("backup.switch", [["on"]], "is not an answer"),
        ("backup.switch", b"on", "is not one of its answers"),
        ("backup.last_backup", ["older", "never"], "is not an answer"),
        ("backup.message", ["network", "none"], "cannot stand beside other answers"),
        ("backup.message", ["network", "unknown"], "cannot stand beside other answers"),
        ("backup.message", ["nettwork"], "is none of the answers"),
        ("backup.message", ["netw\ud800"], "is none of the answers"),
        ("storage.icloud_free_gb", True, "is not a number"),
        ("storage.icloud_free_gb", float("nan"), "is not a number"),
        ("storage.icloud_free_gb", float("inf"), "is too large"),
        ("storage.icloud_free_gb", 10**400, "is out of range"),
        ("storage.icloud_free_gb", [3], "is not an answer"),
        ("ios.version", 18.5, "a version is text in quotes"),
        ("ios.version", (18, 5), "is not an answer"),
        ("device.model", 14, "is not known here"),
        ("device.model", object(), "is not known here"),
    ],
)
def test_what_no_facts_file_could_hold_is_refused(
    diagnoser: Diagnoser, fact: str, value: Any, says: str
) -> None:
    interview = Interview.start(diagnoser)

    with pytest.raises(InvalidFacts) as error:
        interview.answer({fact: value})

    [problem] = error.value.problems
    assert problem.path == fact
    assert says in problem.reason
    assert problem.allowed
    assert not interview.said
