"""A file of cases by Spark, on this machine: for the tests and the benchmarks, in an environment
that has pyspark. `python spark_run.py IN OUT` prints how long it took."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from diagnoser.fleet.diagnosing import diagnose_arrow, spark_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def session() -> SparkSession:
    """Spark on this machine, with two workers that run this very Python."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    made: SparkSession = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def diagnosed(cases: DataFrame) -> DataFrame:
    """The diagnoses of cases."""
    return cases.mapInArrow(diagnose_arrow, spark_schema())


def main(source: str, out: str) -> None:
    spark = session()
    began = time.perf_counter()
    cases = spark.read.text(source).withColumnRenamed("value", "facts").repartition(2)
    diagnosed(cases).write.mode("overwrite").parquet(out)
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"seconds": seconds, "stages": {}, "different": 0}) + "\n")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
