"""Record batches of cases in, record batches of diagnoses out."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser
from diagnoser.fleet import diagnosing
from diagnoser.fleet.diagnosing import diagnose_arrow, output_schema, spark_schema
from diagnoser.fleet.tables import InvalidColumns
from diagnoser.fleet.verdicts import Verdicts
from tests import phones
from tests.fleet import fleets

BUILT_IN = Diagnoser()
SHEETS = [one.sheet(BUILT_IN) for one in phones.scenarios()[::20]]
"""Every twentieth phone of the scenarios."""


def diagnosed(*batches: pa.RecordBatch, **options: Any) -> list[dict[str, Any]]:
    return [row for one in diagnose_arrow(batches, **options) for row in one.to_pylist()]


def whole(sheets: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"facts": [json.dumps(sheet) for sheet in sheets]})


def test_a_row_says_what_the_report_says(diagnoser: Diagnoser) -> None:
    for sheet, row in zip(SHEETS, diagnosed(whole(SHEETS)), strict=True):
        report = diagnoser.diagnose(sheet)
        first, second, third = report.causes[:3]
        steps = report.plan.steps
        assert row["finding"] == report.finding.kind
        assert (row["cause"], row["probability"]) == (first.id, first.probability)
        assert row["status"] == first.status
        assert (row["cause_2"], row["probability_2"]) == (second.id, second.probability)
        assert (row["cause_3"], row["probability_3"]) == (third.id, third.probability)
        assert row["step"] == (steps[0].remedy if steps else None)
        assert row["minutes"] == report.plan.expected_minutes
        assert row["contradictions"] == len(report.contradictions)
        assert row["ios_version"] == report.case.get("ios", {}).get("version")
        assert row["knowledge_digest"] == report.knowledge.digest
        assert row["problem"] is row["next_visit"] is None


def test_what_a_step_saves_is_how_much_longer_it_takes_without_it(diagnoser: Diagnoser) -> None:
    for sheet, row in zip(SHEETS, diagnosed(whole(SHEETS)), strict=True):
        if row["step"] is None:
            assert row["saves"] == 0
            continue
        tried = {**(sheet.get("tried") or {}), row["step"]: "could-not-do"}
        without = diagnoser.diagnose({**sheet, "tried": tried}).plan.expected_minutes
        assert row["saves"] == pytest.approx(max(without - row["minutes"], 0), abs=0.11)


def test_the_next_visit_is_the_best_one_if_it_is_asked_for(diagnoser: Diagnoser) -> None:
    sheets = SHEETS[:3]
    for sheet, row in zip(sheets, diagnosed(whole(sheets), look_ahead=True), strict=True):
        choices = diagnoser.visits(sheet).visits.choices
        assert row["next_visit"] == ((choices[0].place or "remembered") if choices else None)


def test_columns_texts_and_nested_columns_mean_the_same(diagnoser: Diagnoser) -> None:
    fleet = fleets.phones(diagnoser, 8)
    names = list(dict.fromkeys(name for one in fleet for name in fleets.flat(one)))
    table = pa.table({name: [fleets.flat(one).get(name) for one in fleet] for name in names})
    plain = table.to_batches()[0]
    dotless = plain.rename_columns([one.replace(".", "_").replace("-", "_") for one in names])
    nested = pa.RecordBatch.from_struct_array(pa.array(fleet))
    sheets = [{area: one[area] for area in one if area != "id"} for one in fleet]
    texts = whole(sheets).append_column("id", pa.array([one["id"] for one in fleet]))

    expected = diagnosed(plain)
    assert {row["id"] for row in expected} == {one["id"] for one in fleet}
    assert all(row["problem"] is None for row in expected)
    assert diagnosed(dotless) == expected
    assert diagnosed(texts) == expected
    assert diagnosed(nested) == expected


def test_batches_keep_their_rows_and_their_order(diagnoser: Diagnoser) -> None:
    batch = whole(SHEETS[:6])
    sizes = [
        one.num_rows
        for one in diagnose_arrow([batch.slice(0, 2), batch.slice(2, 0), batch.slice(2)])
    ]
    assert sizes == [2, 0, 4]
    assert diagnosed(batch.slice(0, 2), batch.slice(2)) == diagnosed(batch)


def test_equal_cases_are_diagnosed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = Verdicts.of

    def counted(self: Verdicts, facts: str) -> Any:
        seen.append(facts)
        return real(self, facts)

    monkeypatch.setattr(Verdicts, "of", counted)
    batch = pa.RecordBatch.from_pydict({"wifi.connection": ["off", " Off", "off", "connected"] * 5})
    assert len(diagnosed(batch, batch)) == 40
    assert len(seen) == 2


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosing, "REMEMBERED", 2)
    sheets = [*SHEETS[:4], *SHEETS[:4]]
    assert diagnosed(whole(sheets)) == [row for one in sheets for row in diagnosed(whole([one]))]


@pytest.mark.parametrize(
    ("batch", "options", "said"),
    [
        (
            {"wifi.conection": ["off"]},
            {},
            ['wifi.conection: is not a fact - did you mean "wifi.conn'],
        ),
        ({"wifi.connection": ["off"], "serial": ["C1"]}, {}, ["serial: is not a fact"]),
        ({"device.newest_ios": ["26"]}, {}, ["device.newest_ios: follows from device.model"]),
        ({"device.software": ["x"]}, {}, ["device.software: is not asked any more"]),
        (
            {"wifi.connection": [True]},
            {},
            ["wifi.connection: is of type bool (allowed: text: conn"],
        ),
        ({"ios.version": [26.1]}, {}, ["ios.version: is of type double (allowed: text"]),
        ({"serial": ["C1"]}, {"ignore_others": True}, ["no column is a fact"]),
        (
            {"wifi.connection": ["off"]},
            {"id": "asset"},
            ["asset: is to be the id, and is no column"],
        ),
        (
            {"facts": ["{}"], "wifi.connection": ["off"]},
            {},
            ["facts: stands beside columns of single facts"],
        ),
        ({"facts": [1]}, {}, ["facts: is of type int64 (allowed: text)"]),
        (
            {"wfi.connection": ["off"], "name": ["x"], "wifi_connection": ["off"]},
            {},
            [
                'wfi.connection: is not a fact - did you mean "wifi.connection"?',
                "name: is not a fact",
            ],
        ),
    ],
)
def test_wrong_columns_are_refused_all_at_once(
    batch: dict[str, list[Any]], options: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(InvalidColumns) as error:
        diagnosed(pa.RecordBatch.from_pydict(batch), **options)
    told = [str(problem) for problem in error.value.problems]
    assert len(told) == len(said)
    for one, expected in zip(told, said, strict=True):
        assert expected in one


def test_a_fact_is_not_given_twice() -> None:
    batch = pa.RecordBatch.from_arrays(
        [pa.array(["off"]), pa.array(["off"])], ["wifi.connection", "wifi_connection"]
    )
    with pytest.raises(InvalidColumns, match="stands twice"):
        diagnosed(batch)


def test_numbers_lists_and_words_may_have_types_of_their_own() -> None:
    batch = pa.RecordBatch.from_pydict(
        {
            "storage.icloud_free_gb": [1.5, None, float("nan")],
            "backup.message": [["network", "busy"], None, ["none"]],
            "wifi.connection": pa.array(["off", None, "off"]).dictionary_encode(),
            "ios.version": pa.nulls(3),
        }
    )
    assert [row["problem"] for row in diagnosed(batch)] == [None] * 3


def test_what_is_no_text_is_a_problem_of_its_row() -> None:
    raw = pa.array([b"off", b"\xff\xfe"], pa.binary())
    column = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    rows = diagnosed(pa.RecordBatch.from_arrays([column], ["wifi.connection"]))
    assert rows[0]["problem"] is None
    assert "wifi.connection" in rows[1]["problem"]


def test_versions_stand_in_each_row_that_could_not_be_read_too(diagnoser: Diagnoser) -> None:
    [row] = diagnosed(pa.RecordBatch.from_pydict({"id": ["a"], "wifi.connection": ["of"]}))
    assert row["id"] == "a"
    assert row["knowledge_digest"] == diagnoser.knowledge.digest
    assert row["finding"] is None
    assert row["problem"].startswith('wifi.connection: "..." is not one of its answers')
    assert 'did you mean "off"?' in row["problem"]


SECRET = "C39XK2ZZQ1"
PLACES = [
    "wifi.connection",
    "ios.version",
    "device.model",
    "storage.icloud_free_gb",
    "backup.message",
]


@given(
    before=st.text(max_size=20),
    after=st.text(max_size=20),
    place=st.sampled_from(PLACES),
    shape=st.sampled_from(["cell", "value", "list", "key", "area", "provenance", "broken", "id"]),
)
def test_a_problem_never_repeats_what_stands_in_a_row(
    before: str, after: str, place: str, shape: str
) -> None:
    text = before + SECRET + after
    area, _, fact = place.partition(".")
    if shape == "cell":
        cells = [text.encode(errors="ignore").decode()]
        [row] = diagnosed(pa.RecordBatch.from_pydict({place: cells}))
    else:
        sheet: Any = {
            "value": {area: {fact: text}},
            "list": {area: {fact: ["off", text, [text]]}},
            "key": {area: {text: {text: text}}},
            "area": {text: {fact: text}},
            "provenance": {"provenance": {place: {"file": text * 20, text: text}, text: {}}},
            "broken": {},
            "id": {"id": {text: text}},
        }[shape]
        content = json.dumps(sheet) + (text if shape == "broken" else "")
        [row] = diagnosed(pa.RecordBatch.from_pydict({"facts": [content]}))
    assert row["problem"]
    assert SECRET not in str(row)


def test_each_column_says_what_it_means() -> None:
    schema = output_schema()
    assert all(field.metadata[b"means"] for field in schema)
    assert [part.split("`")[1] for part in spark_schema().split(", ")] == schema.names


def test_duckdb_gives_and_takes_the_batches() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE fleet AS SELECT 'phone ' || n AS id,"
        " CASE WHEN n % 2 = 0 THEN 'off' END AS wifi_connection FROM range(10) t(n)"
    )
    cases = connection.cursor().sql("FROM fleet ORDER BY id").to_arrow_reader(4)
    made = pa.RecordBatchReader.from_batches(output_schema(), diagnose_arrow(cases))
    connection.register("found", made)
    counted = connection.sql(
        "SELECT cause, count(*) FROM found GROUP BY 1 ORDER BY 2, 1"
    ).fetchall()
    assert [number for _, number in counted] == [5, 5]


def test_another_knowledge_has_kinds_of_its_own(tmp_path: Any) -> None:
    coffee = "tests/coffee"
    schema = output_schema(coffee)
    kinds = [name for name in schema.names if name not in output_schema().names]
    assert kinds
    batch = pa.RecordBatch.from_pydict({"facts": ["{}"]})
    assert diagnosed(batch, knowledge=coffee)[0]["problem"] is None
