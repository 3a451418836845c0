"""The same facts and knowledge give the same bytes, in any process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diagnoser import Diagnoser

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "facts" / "examples").glob("*.json"))

# All examples in one process, with the next question; every report on a line of its own.
SCRIPT = """
import json, sys
from diagnoser import Diagnoser
diagnoser = Diagnoser()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        report = diagnoser.diagnose(json.load(file), look_ahead=True)
    sys.stdout.buffer.write(json.dumps(report.json_text()).encode("ascii") + b"\\n")
"""


def output(**environment: str) -> bytes:
    """What a fresh process with this environment writes of all examples."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *EXAMPLES],
        cwd=ROOT,
        env=os.environ | environment,
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
    seeds = [{"PYTHONHASHSEED": str(seed)} for seed in range(10)]
    places = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "PYTHONOPTIMIZE": "2"},
    ]

    assert len(outputs(seeds + places)) == 1


def test_reports_are_the_same_from_files_and_from_their_compiled_form(tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}

    assert output(**cache) == output(**cache) == output()


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
