"""Fleets: rows a second on one and two processes, memory, and growth with the fleet, against a
plain loop of `Diagnoser.diagnose` and against Spark on the same machine.

`python -m tests.benchmarks.fleet` runs it alone, in some minutes; with `--large` up to a million
phones, in about half an hour. Spark is what `.venv-spark` has (`make test-spark` makes it).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from diagnoser import Diagnoser
from tests.fleet import fleets

ROOT = Path(__file__).parents[2]
SPARK = ROOT / ".venv-spark" / "bin" / "python"
SEED = 20261130
LOOPED = 500
"""Phones that the plain loop diagnoses."""
CORES, MANY = 64, 1_000_000
MANAGED = (*fleets.MANAGED, "device.management", "device.backup_rule", "account.signed_in")
KINDS = {"managed": MANAGED, "asked": ()}
SIZES = {"managed": (10_000, 30_000), "asked": (2_000, 4_000)}
LARGE = {"managed": (10_000, 100_000, 1_000_000), "asked": (10_000, 100_000)}
QUICK = {"managed": (2_000,), "asked": (500,)}
ONE_PROCESS = 100_000
"""Fleets of different phones that are larger are diagnosed by two processes only."""
Rows = list[list[str]]


@dataclass(frozen=True)
class Run:
    """A run: seconds on the clock, those of each stage, cases that differ, and MiB at the peak, of
    all its processes together."""

    seconds: float
    stages: dict[str, float]
    different: int
    memory: float


def fleet(sizes: dict[str, tuple[int, ...]], spark: Path = SPARK) -> Iterator[str | Rows]:
    """What was measured, as a table, with what is calculated from it."""
    diagnoser = Diagnoser()
    head = ["fleet", "phones", "different", "with", "rows a second", "seconds", "peak memory"]
    table = [head]
    costs: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, only in KINDS.items():
            for size in sizes[kind]:
                source = Path(folder, f"{kind}.jsonl")
                _write(source, diagnoser, size, only)
                if size == sizes[kind][0]:
                    table.append(_looped(kind, source, diagnoser))
                for workers in (1, 2) if kind == "managed" or size <= ONE_PROCESS else (2,):
                    run = measured(source, Path(folder, "out.parquet"), workers)
                    table.append(_row(kind, size, f"batch, {_processes(workers)}", run))
                    if workers == 1 or size > ONE_PROCESS:  # the start of others counts little
                        parallel = run.stages["reading"] + run.stages["diagnosing"]
                        costs[kind] = parallel * workers / size, run.stages["writing"] / size
                if spark.exists() and size <= ONE_PROCESS:
                    run = _with_spark(spark, source, Path(folder, "spark"))
                    table.append(_row(kind, size, "Spark, local[2]", run))
    yield table
    for kind, (shared, alone) in costs.items():
        seconds = MANY * (shared / CORES + alone)
        yield (
            f"By calculation, not measured: {MANY:,} {kind} phones on {CORES} cores take about"
            f" {seconds:.0f} seconds, if {CORES} processes are {CORES} times as fast as one where"
            f" work is shared ({shared * 1e6:.0f} µs of a core for each phone), and the rest takes"
            f" as long as here ({alone * 1e6:.0f} µs)."
        )


def _write(path: Path, diagnoser: Diagnoser, size: int, only: tuple[str, ...]) -> None:
    with path.open("wb") as file:
        phones = fleets.stream(diagnoser, size, SEED, only)
        while some := list(islice(phones, 10_000)):
            file.write(fleets.lines(some))


def _processes(workers: int) -> str:
    return "1 process" if workers == 1 else f"{workers} processes"


def _row(kind: str, size: int, way: str, run: Run) -> list[str]:
    different = f"{run.different:,}" if run.different else ""
    rate, memory = f"{size / run.seconds:,.0f}", f"{run.memory:,.0f} MB"
    return [kind, f"{size:,}", different, way, rate, f"{run.seconds:.1f}", memory]


def _looped(kind: str, source: Path, diagnoser: Diagnoser) -> list[str]:
    """Diagnoses one phone after the other, each from its line to the JSON of its report."""
    with source.open("rb") as file:
        lines = list(islice(file, LOOPED))
    began = time.perf_counter()
    for line in lines:
        sheet = json.loads(line)
        sheet.pop("id")
        diagnoser.diagnose(sheet).json_text()
    seconds = time.perf_counter() - began
    rate = f"{len(lines) / seconds:,.0f}"
    return [kind, f"{len(lines):,}", "", "a plain loop of diagnose()", rate, f"{seconds:.1f}", ""]


def measured(source: Path, out: Path, workers: int) -> Run:
    """A run of `batch` in a process of its own."""
    module = "tests.benchmarks.fleet"
    return _watched([sys.executable, "-m", module, "--run", str(source), str(out), str(workers)])


def _with_spark(python: Path, source: Path, out: Path) -> Run:
    """The same by Spark; its start is not counted, the reading and writing are."""
    script = str(ROOT / "tests" / "fleet" / "spark_run.py")
    return _watched([str(python), script, str(source), str(out)])


def _watched(command: list[str]) -> Run:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, sum(map(_resident, _tree(process.pid))))
            time.sleep(0.1)
        assert process.stdout
        told = json.loads(process.stdout.read().splitlines()[-1])
    return Run(told["seconds"], told["stages"], told["different"], most / 2**20)


def _tree(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))


def _resident(pid: int) -> float:
    """Bytes of memory that a process has to itself, and its share of what it has with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) * 1024.0 for line in lines if line.startswith("Pss:"))


def _run(source: str, out: str, workers: str) -> None:
    """Runs `batch`, and prints how long each stage took."""
    from diagnoser.fleet.batch import batch

    stages: dict[str, float] = {"reading": 0.0, "diagnosing": 0.0, "writing": 0.0}
    began = last = time.perf_counter()
    current = "reading"

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal current, last
        now = time.perf_counter()
        stages[current] += now - last
        current, last = stage, now

    done = batch(Path(source), Path(out), workers=int(workers), progress=progress)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "stages": stages, "different": done.different}))


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.fleet", description=__doc__)
    options.add_argument("--large", action="store_true", help="up to a million phones")
    options.add_argument("--quick", action="store_true", help="a few phones")
    options.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.run:
        _run(*chosen.run)
        return
    from tests.benchmarks.__main__ import machine, markdown

    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"On {machine()}, {os.cpu_count()} processors; load before the run {load}.\n")
    for part in fleet(LARGE if chosen.large else QUICK if chosen.quick else SIZES):
        print(part if isinstance(part, str) else markdown(part), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
