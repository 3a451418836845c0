"""The same facts and knowledge give the same bytes, in any process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.pack import compiled
from tests.commands import as_installed

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "facts" / "examples").glob("*.json"))

# All examples in one process, with the next question; every report on a line of its own.
SCRIPT = """
import json, sys
import diagnoser
from diagnoser import Diagnoser
assert diagnoser.__path__ == [sys.argv[1] + "/diagnoser"]
diagnoser = Diagnoser()
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        report = diagnoser.diagnose(json.load(file), look_ahead=True)
    sys.stdout.buffer.write(json.dumps(report.json_text()).encode("ascii") + b"\\n")
"""


def output(program: Path = ROOT, **changes: str) -> bytes:
    """What a fresh process writes of all examples, with the program in this folder; in that of the
    checkout it reads the knowledge from its files."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, program, *EXAMPLES],
        cwd=program,
        env=os.environ | changes,
        capture_output=True,
        check=True,
    )
    assert not done.stderr
    return done.stdout


def outputs(environments: list[dict[str, str]]) -> set[str]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda one: output(**one), environments))
    assert all(one.count(b"\n") == len(EXAMPLES) for one in found)
    return {hashlib.sha256(one).hexdigest() for one in found}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


def test_reports_are_the_same_under_ten_hash_seeds_and_in_any_place() -> None:
    places = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "PYTHONOPTIMIZE": "2"},
    ]
    seeds = zip_longest(range(10), places, fillvalue={})

    assert len(outputs([{"PYTHONHASHSEED": str(seed)} | place for seed, place in seeds])) == 1


def test_reports_are_the_same_from_files_and_from_their_compiled_form() -> None:
    assert (as_installed() / "diagnoser" / compiled.NAME).is_file()
    assert output() == output(as_installed())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_second_diagnosis_is_the_same(diagnoser: Diagnoser, path: Path) -> None:
    facts = read_json(path)
    as_understood = diagnoser.sheet.show(diagnoser.sheet.read(facts))
    first, second = (diagnoser.diagnose(facts, look_ahead=True).json_text() for _ in range(2))

    assert first == second
    assert first == diagnoser.diagnose(as_understood, look_ahead=True).json_text()


def read_json(path: Path) -> dict[str, dict[str, object]]:
    content: dict[str, dict[str, object]] = json.loads(path.read_bytes())
    return content
