"""The JSON Schema of a facts file: current, valid, and of one mind with the program."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from diagnoser import Diagnoser, InvalidFacts
from tests import packs

ROOT = Path(__file__).parents[2]
FILE = ROOT / "facts" / "schema.json"
EXAMPLES = sorted((ROOT / "facts" / "examples").glob("*.json"))


@pytest.fixture(scope="module")
def validator(diagnoser: Diagnoser) -> jsonschema.Draft202012Validator:
    schema = diagnoser.sheet.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_file_is_current(diagnoser: Diagnoser) -> None:
    wanted = json.dumps(diagnoser.sheet.schema(), ensure_ascii=False, indent=2) + "\n"
    assert FILE.read_text("utf-8") == wanted, "run: make schema"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_the_schema_and_is_diagnosed(
    path: Path, diagnoser: Diagnoser, validator: jsonschema.Draft202012Validator
) -> None:
    facts = json.loads(path.read_text("utf-8"))
    assert [error.message for error in validator.iter_errors(facts)] == []
    assert diagnoser.diagnose(facts).plan.steps


def test_a_version_is_shown_by_the_most_typical_one(
    diagnoser: Diagnoser, built_in: packs.Pack
) -> None:
    typical = built_in.data["areas"]["ios"]["facts"]["version"]["typical"]
    usual = max(typical, key=lambda text: typical[text])
    ios = diagnoser.sheet.schema()["$defs"]["ios"]

    assert ios["properties"]["version"]["anyOf"][0]["examples"] == [usual]
    with pytest.raises(InvalidFacts, match=f'such as "{usual}"'):
        diagnoser.diagnose({"ios": {"version": "eighteen"}})


@pytest.mark.parametrize("seed", range(40))
def test_what_the_program_accepts_fits_the_schema_and_survives_a_round_trip(
    seed: int,
    diagnoser: Diagnoser,
    validator: jsonschema.Draft202012Validator,
    built_in: packs.Pack,
) -> None:
    sheet = packs.random_sheet(Random(seed), built_in, 2 * seed)
    report = diagnoser.diagnose(sheet)
    assert [error.message for error in validator.iter_errors(sheet)] == []
    again = diagnoser.diagnose(json.loads(json.dumps(report.case)))
    assert again.json_text() == report.json_text()


@pytest.mark.parametrize(
    ("facts", "case"),
    [
        ({}, {}),
        ({"wifi": {"connection": "unknown"}}, {"wifi": {"connection": "unknown"}}),
        ({"wifi": {"connection": None, "signal": "weak"}}, {"wifi": {"signal": "weak"}}),
        ({"wifi": None, "network": {}}, {}),
        ({"ios": {"version": " iOS 26.0 "}}, {"ios": {"version": "26"}}),
        ({"storage": {"icloud_free_gb": -0.0}}, {"storage": {"icloud_free_gb": 0}}),
        ({"device": {"model": "IPHONE  12"}}, {"device": {"model": "iPhone 12"}}),
    ],
    ids=str,
)
def test_an_answer_is_written_back_in_one_way_that_means_the_same(
    facts: dict[str, Any],
    case: dict[str, Any],
    diagnoser: Diagnoser,
    validator: jsonschema.Draft202012Validator,
) -> None:
    report = diagnoser.diagnose(facts)

    assert [error.message for error in validator.iter_errors(facts)] == []
    assert report.case == case
    assert diagnoser.diagnose(report.case).json_text() == report.json_text()


@pytest.mark.parametrize(
    "facts",
    [
        {"wifi": {"connection": "maybe"}},
        {"wifi": {"conection": "off"}},
        {"wify": {}},
        {"wifi": 3},
        {"storage": {"icloud_free_gb": -1}},
        {"storage": {"icloud_free_gb": "much"}},
        {"ios": {"version": "eighteen"}},
        {"device": {"restart": "side"}},
        {"tried": {"restart-iphone": "yes"}},
    ],
    ids=str,
)
def test_what_the_program_refuses_does_not_fit_the_schema(
    facts: dict[str, object], diagnoser: Diagnoser, validator: jsonschema.Draft202012Validator
) -> None:
    assert list(validator.iter_errors(facts))
    with pytest.raises(InvalidFacts):
        diagnoser.diagnose(facts)
