"""Records: replayed byte for byte, and a line that is damaged is known by its number."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest

from diagnoser import Diagnoser, __version__
from diagnoser.replay import replay
from diagnoser.report import record as records
from diagnoser.report.record import append, digest, record
from tests import packs
from tests.commands import environment
from tests.packs import Pack

FACTS: list[dict[str, Any]] = [
    {},
    {"wifi": {"connection": "off"}, "storage": {"icloud_free_gb": 0.3}},
    {"wifi": {"connection": "unknown"}, "tried": {"restart-iphone": "did-not-help"}},
]


def lines_of(diagnoser: Diagnoser) -> list[str]:
    return [record(diagnoser.diagnose(facts), look_ahead=False) for facts in FACTS]


def statuses(lines: list[str], diagnoser: Diagnoser) -> list[str]:
    return [one.status for one in replay(lines, diagnoser)]


def test_a_record_says_what_it_was_made_with(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FACTS[1])
    plain = json.loads(record(report, look_ahead=False))

    assert plain["schema"] == 1
    assert plain["program"] == __version__
    assert plain["knowledge"]["digest"] == diagnoser.knowledge.digest
    assert plain["facts"] == FACTS[1]
    assert plain["report"] == digest(report)


def test_a_record_is_one_line(diagnoser: Diagnoser) -> None:
    assert all(line.isascii() and len(line.splitlines()) == 1 for line in lines_of(diagnoser))


def test_records_are_replayed_the_same(diagnoser: Diagnoser) -> None:
    assert statuses(lines_of(diagnoser), diagnoser) == ["same", "same", "same"]


@pytest.mark.parametrize("thorough", [False, True])
def test_the_options_of_a_diagnosis_are_kept(diagnoser: Diagnoser, thorough: bool) -> None:
    report = diagnoser.diagnose(FACTS[1], look_ahead=True, thorough=thorough)

    assert statuses([record(report, look_ahead=True, thorough=thorough)], diagnoser) == ["same"]


def test_random_cases_are_replayed_the_same(diagnoser: Diagnoser, built_in: Pack) -> None:
    random = Random(0)
    for _ in range(20):
        report = diagnoser.diagnose(packs.random_sheet(random, built_in, share=40))
        assert statuses([record(report, look_ahead=False)], diagnoser) == ["same"]


def test_a_report_that_differs_is_told_with_the_places(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FACTS[1])
    causes = [report.causes[0].model_copy(update={"probability": 0.5}), *report.causes[1:]]
    plan = report.plan.model_copy(update={"expected_minutes": 1.0})
    other = report.model_copy(update={"causes": causes, "plan": plan})
    (found,) = replay([record(other, look_ahead=False)], diagnoser)

    assert found.status == "differs"
    assert found.differences == ("causes[0]", "plan.expected_minutes")
    assert "causes[0]" in found.because


def test_many_differences_are_a_short_list(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FACTS[1])
    other = report.model_copy(update={"causes": list(reversed(report.causes))})
    (found,) = replay([record(other, look_ahead=False)], diagnoser)

    assert len(found.differences) == 10
    assert found.because.endswith("more.")


def test_other_knowledge_is_told_and_not_compared(diagnoser: Diagnoser) -> None:
    used = diagnoser.diagnose({}).knowledge.model_copy(update={"digest": "0" * 64})
    line = record(diagnoser.diagnose({}).model_copy(update={"knowledge": used}), look_ahead=False)
    (found,) = replay([line], diagnoser)

    assert found.status == "knowledge-not-at-hand"
    assert "000000000000" in found.because


def test_another_program_is_named_where_its_report_differs(
    diagnoser: Diagnoser, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = diagnoser.diagnose({})
    monkeypatch.setattr(records, "__version__", "0.0.9")
    line = record(report.model_copy(update={"none_of_these": 0.5}), look_ahead=False)
    monkeypatch.undo()
    (found,) = replay([line], diagnoser)

    assert found.because == (
        "The report differs in none_of_these. It was made by diagnoser 0.0.9;"
        f" this is {__version__}."
    )


def test_a_byte_order_mark_is_no_damage(diagnoser: Diagnoser) -> None:
    line = record(diagnoser.diagnose({}), look_ahead=False)
    (found,) = replay([b"\xef\xbb\xbf" + line.encode() + b"\r\n"], diagnoser)

    assert found.status == "same"


# -- damage


def damaged(line: str) -> Iterator[str]:
    yield line[:-1]
    yield line[: len(line) // 2]
    yield line + " "
    yield line + line
    yield line.replace('"schema":1', '"schema":2')
    yield line.replace("off", "on")
    yield line.replace(":", ": ", 1)
    yield "[]"
    yield "{}"
    yield "null"
    yield "[" * 5000
    yield '{"check":' * 5000
    yield '{"check":NaN}'
    yield "\ud800"
    yield "x" * (1024 * 1024 + 1)


def test_a_damaged_line_is_known_by_its_number_and_the_rest_is_replayed(
    diagnoser: Diagnoser,
) -> None:
    line = lines_of(diagnoser)[1]
    for other in damaged(line):
        found = list(replay([line, other, line], diagnoser))

        assert [(one.line, one.status) for one in found] == [
            (1, "same"),
            (2, "damaged"),
            (3, "same"),
        ], other[:80]


def test_no_single_character_can_be_altered_unseen(diagnoser: Diagnoser) -> None:
    line, random = lines_of(diagnoser)[1], Random(0)
    for place in random.sample(range(len(line)), 300):
        other = random.choice([c for c in '019af"{},x ' if c != line[place]])
        altered = line[:place] + other + line[place + 1 :]

        assert statuses([altered], diagnoser) == ["damaged"]


def test_bytes_that_are_no_text_are_damage(diagnoser: Diagnoser) -> None:
    found = list(replay([b"\xff\xfe", lines_of(diagnoser)[0].encode() + b"\r\n"], diagnoser))

    assert [one.status for one in found] == ["damaged", "same"]


@pytest.mark.parametrize("place", ["value", "key", "part"])
def test_half_a_character_is_damage_even_with_a_right_checksum(
    diagnoser: Diagnoser, place: str
) -> None:
    plain = json.loads(record(diagnoser.diagnose(FACTS[1]), look_ahead=False))
    del plain["check"]
    if place == "value":
        plain["facts"]["wifi"]["connection"] = "\ud800"
    elif place == "key":
        plain["facts"]["\ud800"] = {}
    else:
        plain["parts"]["causes"] = ["\ud800"]
    compact = json.dumps(plain, separators=(",", ":"))
    check = hashlib.sha256(compact.encode()).hexdigest()
    line = json.dumps(plain | {"check": check}, separators=(",", ":"))
    (found,) = replay([line], diagnoser)

    assert found.status == "damaged"
    assert found.because == "The line is not a record of schema 1."


def test_facts_that_do_not_fit_are_damage_even_with_a_right_checksum(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({}).model_copy(update={"case": {"wifi": {"nothing": "x"}}})
    (found,) = replay([record(report, look_ahead=False)], diagnoser)

    assert found.status == "damaged"
    assert "wifi.nothing" in found.because


# -- files


def test_records_are_added_to_a_file(diagnoser: Diagnoser, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    for line in lines_of(diagnoser):
        append(path, line)
    with path.open("rb") as file:
        assert [one.status for one in replay(file, diagnoser)] == ["same", "same", "same"]


def test_a_line_that_was_left_unfinished_spoils_no_other(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    path = tmp_path / "records.jsonl"
    first, second, third = lines_of(diagnoser)
    append(path, first)
    with path.open("ab") as file:
        file.write(second.encode()[:100])
    append(path, third)
    found = list(replay(path.read_bytes().splitlines(), diagnoser))

    assert [one.status for one in found] == ["same", "damaged", "same"]


@pytest.mark.parametrize("content", [b"{}\n", b'{"wifi": {"connection": "off"}}', b"\n", b"["])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(content)

    with pytest.raises(ValueError, match="something else than records"):
        append(path, '{"schema":1}')
    assert path.read_bytes() == content


def test_lines_that_are_added_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lines = ['{"schema":' + f"{number}" * 3000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda line: append(path, line), lines * 10))

    assert sorted(path.read_text().split()) == sorted(lines * 10)


def test_a_write_that_is_cut_short_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda handle, content: len(content) - 1)

    with pytest.raises(OSError, match="could not be written whole"):
        append(tmp_path / "records.jsonl", "line")


# -- everywhere the same

PROGRAM = """
import json, sys
from diagnoser import Diagnoser
from diagnoser.replay import replay
from diagnoser.report.record import record
diagnoser = Diagnoser()
lines = sys.stdin.read().splitlines()
print(json.dumps([one.status for one in replay(lines, diagnoser)]))
for facts in json.loads(sys.argv[1]):
    print(record(diagnoser.diagnose(facts, look_ahead=True), look_ahead=True))
"""


def elsewhere(seed: int, lines: list[str]) -> tuple[list[str], list[str]]:
    """In a process of its own: what became of the lines, and the lines that it makes itself."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(FACTS)],
        input="\n".join(lines),
        env=environment(PYTHONHASHSEED=str(seed)),
        capture_output=True,
        text=True,
        check=True,
    )
    first, *made = done.stdout.splitlines()
    return json.loads(first), made


def test_hash_seeds_make_no_difference(diagnoser: Diagnoser) -> None:
    lines = [record(diagnoser.diagnose(f, look_ahead=True), look_ahead=True) for f in FACTS]
    for seed in (0, 1, 4242):
        assert elsewhere(seed, lines) == (["same"] * len(lines), lines)
