"""What one user notices: a diagnosis, the next question, the start, the memory."""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from diagnoser import Diagnoser, Interview
from diagnoser.questions.selection import Advice
from tests.benchmarks.peers import percentile

ROOT = Path(__file__).parents[2]
STARTS = 15
QUESTIONS = 60
DIAGNOSES = 20_000
"""After so many memory must not have grown any more."""
EXAMPLE = ROOT / "facts" / "examples" / "several-causes.json"
REFERENCE = "import click, pydantic; pydantic.create_model('Fact', answer=(str, ...))"
"""The least that a command with a pydantic model in it takes."""

Rows = list[tuple[str, str]]


def diagnosis(diagnoser: Diagnoser, sheets: Sequence[Mapping[str, Any]]) -> Rows:
    """One warm `diagnose` over many cases with its JSON: whole, then its parts."""
    whole = [
        milliseconds(lambda sheet=sheet: diagnoser.diagnose(sheet).json_text())  # type: ignore[misc]
        for sheet in sheets
    ]
    parts: dict[str, list[float]] = {}
    for sheet in sheets:
        for name, taken in _parts(diagnoser, sheet).items():
            parts.setdefault(name, []).append(taken)
    rows = [(f"one diagnosis with its JSON, {len(sheets)} cases", spread(whole))]
    return rows + [(f"  {name}", spread(taken)) for name, taken in parts.items()]


def _parts(diagnoser: Diagnoser, sheet: Mapping[str, Any]) -> dict[str, float]:
    """What `Diagnoser.diagnose` does, step by step; and beside it what the planner takes of the
    inference."""
    advice = Advice(None, "", stop=False)
    found: dict[str, float] = {}

    def step(name: str, call: Callable[[], Any]) -> Any:
        kept: list[Any] = []
        found[name] = milliseconds(lambda: kept.append(call()))
        return kept[-1]

    case = step("validate", lambda: diagnoser.sheet.read(sheet))
    concluded = step("infer, from facts to ranked steps", lambda: diagnoser._inference.run(case))
    findings, belief, _ = concluded
    step(
        "of that the planner",
        lambda: diagnoser._planner.plan(belief, case.tried, findings.barred),
    )
    report = step("report", lambda: diagnoser._assembler.report(case, *concluded, advice))
    step("JSON", report.json_text)
    return found


def next_question(diagnoser: Diagnoser, sheets: Sequence[Mapping[str, Any]]) -> Rows:
    """The next visit of a conversation about some of the cases, and the next single question; the
    same case is asked for once, so that nothing is remembered."""
    some = sheets[:QUESTIONS]

    def visit(sheet: Mapping[str, Any]) -> None:
        Interview.start(diagnoser, sheet).next()

    def question(sheet: Mapping[str, Any]) -> None:
        diagnoser.next_question(sheet)

    return [
        (f"{what}, {len(some)} cases", spread([milliseconds(partial(ask, one), 1) for one in some]))
        for what, ask in (("the next visit", visit), ("the next question", question))
    ]


def milliseconds(call: Callable[[], Any], times: int = 3) -> float:
    """Processor time of a call, the median of several."""
    taken = []
    gc.disable()
    for _ in range(times):
        before = time.process_time_ns()
        call()
        taken.append(time.process_time_ns() - before)
    gc.enable()
    return statistics.median(taken) / 1e6


def spread(taken: list[float]) -> str:
    taken = sorted(taken)
    return f"{statistics.median(taken):.2f} ms (95th percentile {percentile(taken, 95):.2f})"


def starts(times: int = STARTS) -> Rows:
    """Fresh processes of the installed program, in turns."""
    scripts = Path(sys.executable).parent / "diagnoser"
    program = [str(scripts)] if scripts.exists() else [sys.executable, "-m", "diagnoser"]
    commands = {
        "reference": [sys.executable, "-c", REFERENCE],
        "import": [sys.executable, "-c", f"{REFERENCE}; from diagnoser import Diagnoser"],
        "load": [sys.executable, "-c", "import diagnoser; diagnoser.Diagnoser()"],
        "command": [*program, "diagnose", str(EXAMPLE)],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(times + 1):
        for name, command in commands.items():
            spent = _process(command)
            if turn:  # the first one warms the caches of files and of the compiled pack
                taken[name].append(spent)
    middle = {name: statistics.median(of) for name, of in taken.items()}
    reference = middle["reference"]
    return [
        ("a process that imports click and defines one pydantic model", f"{reference:.0f} ms"),
        ("`from diagnoser import Diagnoser` beyond that", f"{middle['import'] - reference:.0f} ms"),
        ("importing it and loading the pack, whole process", f"{middle['load']:.0f} ms"),
        ("`diagnoser diagnose FILE`, whole process", f"{middle['command']:.0f} ms"),
        ("  to that one", f"{middle['command'] / reference:.2f}"),
    ]


def _process(command: list[str]) -> float:
    """Processor time of a process in milliseconds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as elsewhere:
        process = subprocess.Popen(command, cwd=elsewhere, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{command}: {output.read().decode()}")
    return (used.ru_utime + used.ru_stime) * 1000


def memory(sheets: Sequence[Mapping[str, Any]]) -> Rows:
    """Resident memory of a process that has diagnosed one case, each of many once, and them again
    and again."""
    program = (
        "import itertools, json, resource, sys, diagnoser\n"
        "sheets, one = json.load(sys.stdin), diagnoser.Diagnoser()\n"
        "for facts in itertools.islice(itertools.cycle(sheets), int(sys.argv[1])):\n"
        "    one.diagnose(facts)\n"
        "used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(json.dumps(used // 1024 if sys.platform == 'darwin' else used))"
    )
    found: Rows = []
    for cases in (1, len(sheets), DIAGNOSES):
        command = [sys.executable, "-c", program, str(cases)]
        output = subprocess.run(
            command, input=json.dumps(sheets).encode(), cwd=ROOT, capture_output=True, check=True
        ).stdout
        label = "one diagnosis" if cases == 1 else f"{cases:,} diagnoses"
        found.append((f"resident memory after {label}", f"{json.loads(output) / 1024:.0f} MB"))
    return found
