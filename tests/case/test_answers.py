"""The pydantic models that are made from the facts: they take what the program takes, and their
instances are what a case is made from."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import UNKNOWN, Choice, Number, Unfit
from tests import packs
from tests.packs import Pack


def test_an_instance_is_diagnosed_as_the_mapping_that_it_was_made_from(
    diagnoser: Diagnoser, built_in: Pack
) -> None:
    for seed in range(20):
        sheet = packs.random_sheet(Random(seed), built_in, share=30)
        facts = diagnoser.Facts.model_validate(sheet)

        assert diagnoser.diagnose(facts).json_text() == diagnoser.diagnose(sheet).json_text()
        assert diagnoser.next_question(facts) == diagnoser.next_question(sheet)


def test_an_instance_of_another_diagnoser_of_the_same_knowledge_will_do(
    diagnoser: Diagnoser,
) -> None:
    sheet = {"ios": {"version": "18.5"}, "tried": {"restart-iphone": "did-not-help"}}
    facts = Diagnoser().Facts.model_validate(sheet)

    assert diagnoser.diagnose(facts).case == sheet


def test_an_instance_of_another_model_is_refused_with_what_does_not_fit(
    diagnoser: Diagnoser,
) -> None:
    class Other(BaseModel):
        wifi: dict[str, str]
        phone: str

    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose(Other(wifi={"connection": "of"}, phone="14"))

    assert [problem.path for problem in error.value.problems] == ["wifi.connection", "phone"]


def test_a_valid_value_is_as_the_program_works_with_it(diagnoser: Diagnoser) -> None:
    facts: Any = diagnoser.Facts.model_validate(
        {
            "wifi": {"connection": "off", "signal": "unknown", "overnight": None},
            "ios": {"version": " iOS 26.0"},
            "storage": {"icloud_free_gb": 3.0},
            "device": {"model": "IPHONE  12"},
            "tried": {"restart-iphone": "did-not-help"},
        }
    )

    assert facts.wifi.connection == "off"
    assert (facts.wifi.signal, facts.wifi.overnight) == (UNKNOWN, None)
    assert facts.ios.version == (26,)
    assert repr(facts.storage.icloud_free_gb) == "3"
    assert facts.device.model == "iPhone 12"
    assert facts.tried == {"restart-iphone": "did-not-help"}
    assert facts.lock is None


def test_an_instance_dumped_is_an_answer_sheet_again(diagnoser: Diagnoser, built_in: Pack) -> None:
    for seed in range(20):
        facts = diagnoser.Facts.model_validate(packs.random_sheet(Random(seed), built_in, share=30))

        assert diagnoser.Facts.model_validate(facts.model_dump()) == facts
        assert diagnoser.Facts.model_validate_json(facts.model_dump_json()) == facts
        written = facts.model_dump(exclude_none=True)
        shown = diagnoser.diagnose(facts).case
        assert shown == {area: answers for area, answers in written.items() if answers}


def test_the_types_are_those_of_pydantic(diagnoser: Diagnoser) -> None:
    area = diagnoser.Facts.model_fields["wifi"].annotation
    wifi: Any = next(one for one in get_args(area) if one is not type(None))
    kind = diagnoser.knowledge.facts["wifi.connection"].kind
    assert isinstance(kind, Choice)
    allowed = [
        word
        for one in get_args(wifi.model_fields["connection"].annotation)
        if get_origin(one) is Literal
        for word in get_args(one)
    ]

    assert sorted(allowed) == sorted([*kind.labels, UNKNOWN])
    assert wifi.model_fields["connection"].title == diagnoser.knowledge.facts["wifi.connection"].ask


def test_an_instance_does_not_change(diagnoser: Diagnoser) -> None:
    facts: Any = diagnoser.Facts.model_validate({"wifi": {"connection": "off"}})

    with pytest.raises(ValidationError, match="frozen"):
        facts.wifi = None
    with pytest.raises(ValidationError, match="frozen"):
        facts.wifi.connection = "connected"


def test_the_case_keeps_the_instance_that_it_was_made_from(diagnoser: Diagnoser) -> None:
    facts = diagnoser.Facts.model_validate({"wifi": {"connection": "off"}})

    assert diagnoser.sheet.read(facts).facts is facts


def test_names_that_pydantic_needs_for_itself_can_be_areas_and_facts() -> None:
    knowledge = packs.with_remedies({"c0": 0.1}, {}).knowledge
    kind = Choice({"yes": "Yes", "no": "No"})
    facts = {
        id: Fact(id, id.partition(".")[0], kind, ask="?")
        for id in ("json.copy", "json.model_fields", "copy.json", "copy.schema")
    }
    areas = {"json": "JSON", "copy": "Copy"}
    sheet = AnswerSheet(knowledge._replace(areas=areas, facts=facts))
    given = {"json": {"copy": "yes", "model_fields": "no"}, "copy": {"json": "unknown"}}

    case = sheet.read(given)

    assert case.given == {"json.copy": "yes", "json.model_fields": "no"}
    assert case.unsure == {"copy.json"}
    assert sheet.show(case) == given
    assert set(sheet.schema()["$defs"]["json"]["properties"]) == {"copy", "model_fields"}
    with pytest.raises(InvalidFacts, match=r"copy\.json_: is not a fact"):
        sheet.read({"copy": {"json_": "yes"}})


def test_a_knowledge_without_remedies_takes_nothing_that_was_tried(diagnoser: Diagnoser) -> None:
    facts = diagnoser.knowledge.facts
    asked = {id: fact for id, fact in facts.items() if not id.startswith("tried.")}
    sheet = AnswerSheet(diagnoser.knowledge._replace(facts=asked))

    assert sheet.read({"tried": {}, "wifi": {"connection": "off"}}).tried == {}
    with pytest.raises(InvalidFacts, match=r"tried\.restart-iphone: is not a fact"):
        sheet.read({"tried": {"restart-iphone": "helped"}})


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=10)
    | st.lists(st.integers(), max_size=2)
    | st.sampled_from(
        ["off", "on", "yes", "18.5", " iOS 26 ", "iPhone 14", "unknown", "3", "x" * 201]
    )
)


@given(st.data(), ANYTHING)
def test_the_models_take_what_the_kinds_of_the_facts_take_and_nothing_else(
    diagnoser: Diagnoser, data: st.DataObject, value: object
) -> None:
    asked = [fact for fact in diagnoser.knowledge.facts.values() if fact.askable]
    fact = data.draw(st.sampled_from(asked))
    area, _, name = fact.id.partition(".")
    expected: Any
    try:
        expected = value if value in (None, UNKNOWN) else fact.kind.parse(value)
    except Unfit as unfit:
        expected = unfit
    too_long = isinstance(value, str) and len(value) > 200

    try:
        case = diagnoser.sheet.read({area: {name: value}})
    except InvalidFacts as error:
        problems = error.problems
        first = problems[0]
        # Of a list each mistake is named, with its place in the list.
        assert len(problems) == 1 or isinstance(value, list)
        assert {one.path.partition("[")[0] for one in problems} == {fact.id}
        assert too_long or (first.reason, first.near) == (expected.reason, expected.near)
        return

    assert not too_long
    if expected in (None, UNKNOWN):
        assert case.given == {}
        assert case.unsure == ({fact.id} if expected else set())
    else:
        assert case.given == {fact.id: expected}
        assert type(case.given[fact.id]) is type(expected)


@given(st.floats() | st.integers())
def test_a_number_is_taken_within_its_bounds_and_both_ends_are_within(
    diagnoser: Diagnoser, number: float
) -> None:
    kind = diagnoser.knowledge.facts["storage.icloud_free_gb"].kind
    assert isinstance(kind, Number)
    for one in (number, kind.low, kind.high):
        sheet = {"storage": {"icloud_free_gb": one}}
        if kind.low <= one <= kind.high:
            assert json.loads(json.dumps(diagnoser.diagnose(sheet).case)) == sheet
        else:
            with pytest.raises(InvalidFacts):
                diagnoser.diagnose(sheet)
