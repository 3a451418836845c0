"""`diagnose_arrow` in a real Spark on this machine; `make test-spark` has one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnoser import Diagnoser
from diagnoser.fleet.diagnosing import diagnose_arrow
from tests.fleet import fleets

pytest.importorskip("pyspark", reason="make test-spark has it")

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    from tests.fleet.spark_run import session

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    made = session()
    yield made
    made.stop()


def plain(fleet: list[fleets.Phone]) -> dict[str, dict[str, Any]]:
    """What comes out without Spark, by id."""
    import pyarrow as pa

    batch = pa.RecordBatch.from_pydict({"facts": [json.dumps(one) for one in fleet]})
    return {row["id"]: row for one in diagnose_arrow([batch]) for row in one.to_pylist()}


def test_spark_gives_the_same_rows_whatever_the_partitions(
    spark: SparkSession, tmp_path: Path
) -> None:
    from tests.fleet.spark_run import diagnosed

    fleet: list[fleets.Phone] = fleets.phones(Diagnoser(), 24)
    fleet.append({"id": "bad", "wifi": {"connection": "of"}})
    source = fleets.write(tmp_path / "in.jsonl", fleet)
    cases = spark.read.text(str(source)).withColumnRenamed("value", "facts").repartition(3)
    rows = [row.asDict() for row in diagnosed(cases).collect()]
    assert {row["id"]: row for row in rows} == plain(fleet)
    assert all(row["knowledge_digest"] == Diagnoser().knowledge.digest for row in rows)


def test_spark_has_columns_without_dots_and_nested_ones(spark: SparkSession) -> None:
    from tests.fleet.spark_run import diagnosed

    fleet = [
        {"id": "a", "wifi": {"connection": "off"}, "ios": {"version": "26.1"}},
        {"id": "b", "wifi": {"connection": None}, "ios": {"version": "18.5"}},
    ]
    columns = spark.createDataFrame(
        [(one["id"], one["wifi"]["connection"], one["ios"]["version"]) for one in fleet],  # type: ignore[index]
        "id string, wifi_connection string, ios_version string",
    )
    nested = spark.createDataFrame(
        [(one["id"], one["wifi"], one["ios"]) for one in fleet],
        "id string, wifi struct<connection: string>, ios struct<version: string>",
    )
    for cases in (columns, nested):
        found = {row["id"]: row.asDict() for row in diagnosed(cases).collect()}
        assert found == plain(fleet)


def test_a_wrong_column_ends_the_job_with_its_reason(spark: SparkSession) -> None:
    from tests.fleet.spark_run import diagnosed

    cases = spark.createDataFrame([("off", "C39")], "wifi_connection string, serial string")
    with pytest.raises(Exception, match="serial: is not a fact"):
        diagnosed(cases).collect()
