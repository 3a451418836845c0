"""Each sample gives what is written down for it, and is in one format only."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.cli.importing import NAMES
from diagnoser.importing import FORMATS, read
from diagnoser.importing.content import parse
from tests.importing.golden import AS_OF, GOLDEN, SAMPLES, cases, imported, leaks, sample

CASES = dict(cases())


@pytest.mark.parametrize(("name", "samples"), CASES.items(), ids=CASES)
def test_what_is_read_is_what_is_written_down(
    name: str, samples: list[str], diagnoser: Diagnoser
) -> None:
    wanted = (GOLDEN / f"{name}.json").read_text("utf-8")
    found = imported(diagnoser, *samples).json_text() + "\n"
    assert found == wanted, "if it is meant, run: python -m tests.importing.golden --write"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_in_the_one_format_that_its_name_tells(path: Path) -> None:
    content = parse(path.read_bytes())
    fitting = [name for name, one in FORMATS.items() if one.rows(content) is not None]
    assert len(fitting) == 1
    assert path.name.startswith(fitting[0])


def test_every_format_has_a_sample_and_is_offered_by_the_command() -> None:
    assert all(any(path.name.startswith(name) for path in SAMPLES) for name in FORMATS)
    assert tuple(FORMATS) == NAMES


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_name_of_a_file_does_not_matter(path: Path, diagnoser: Diagnoser) -> None:
    one, other = (
        read(diagnoser, [(name, path.read_bytes())], as_of=AS_OF)
        for name in ("mosyle.json", "x.plist")
    )
    assert (
        one.json_text()
        .replace("mosyle.json", "x.plist")
        .replace('"format": "x.plist"', '"format": "mosyle"')
        == other.json_text()
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_facts_with_their_provenance_are_ready_for_a_diagnosis(
    path: Path, diagnoser: Diagnoser
) -> None:
    for case in imported(diagnoser, path.name).cases:
        report = diagnoser.diagnose(case.sheet())
        assert report.case == case.facts
        told = {one.fact: one.provenance for one in report.answers if one.provenance}
        assert told == case.provenance


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize("salt", [None, b"0123456789abcdef"], ids=["rows", "hashes"])
def test_no_name_of_a_device_or_a_person_leaves(
    path: Path, salt: bytes | None, diagnoser: Diagnoser
) -> None:
    if not path.name.startswith(("apple", "version", "ideviceinfo_b", "ideviceinfo_disk")):
        assert leaks(sample(path.name).decode(errors="replace"))
    found = read(diagnoser, [(path.name, sample(path.name))], as_of=AS_OF, salt=salt)
    assert not leaks(found.json_text())
    assert not leaks(repr(found))


def test_the_same_files_give_the_same_bytes(diagnoser: Diagnoser) -> None:
    names = [path.name for path in SAMPLES]
    assert imported(diagnoser, *names).json_text() == imported(diagnoser, *names).json_text()
