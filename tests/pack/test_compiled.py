"""The compiled form is the knowledge, or it is not taken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diagnoser.pack import compiled
from diagnoser.pack.files import files
from diagnoser.pack.loader import read_and_link, shipped
from tests.commands import ROOT
from tests.pack.small import (
    CAUSE,
    folder,
)
from tests.packs import Pack


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "another"])
def test_a_damaged_compiled_form_is_never_trusted(tmp_path: Path, damage: str) -> None:
    root = compiled_beside(tmp_path)
    knowledge, _, _ = read_and_link(root, [])
    content = (root / compiled.NAME).read_bytes()
    (root / compiled.NAME).write_bytes(
        {
            "cut": content[:-20],
            "altered": content.replace(b"The lamp is off", b"The lamp is odd"),
            "empty": b"",
            "another": content.replace(knowledge.digest.encode(), b"0" * 64),
        }[damage]
    )
    assert shipped(str(root)) == knowledge


def test_the_compiled_form_is_the_same_to_the_byte_every_time(tmp_path: Path) -> None:
    root = compiled_beside(tmp_path)
    made = (root / compiled.NAME).read_bytes()
    code = (
        "import sys; from diagnoser.pack import compiled, files, loader; root = sys.argv[1]; "
        "known = loader.read_and_link(root, [])[0]; "
        "sys.stdout.buffer.write(compiled.dump(known, files.files(root)))"
    )
    for seed in ("1", "2"):
        again = subprocess.run(
            [sys.executable, "-c", code, str(root)],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        assert again.stdout == made


def test_the_compiled_form_keeps_every_kind_of_value(built_in: Pack) -> None:
    """Equal is not enough: 1 and 1.0 are equal."""
    known = built_in.knowledge
    again = compiled._knowledge(compiled.dump(known, []).split(b"\n", 2)[2])

    def same(one: Any, other: Any) -> bool:
        if isinstance(one, dict):
            return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
        if isinstance(one, tuple):
            return type(one) is type(other) and all(map(same, one, other))
        return type(one) is type(other) and one == other

    assert same(known, again)


def compiled_beside(root: Path) -> Path:
    """A sound folder with its compiled form beside it, as a built package has it."""
    beside = folder(root)
    knowledge, _, _ = read_and_link(beside, [])
    content = compiled.dump(knowledge, files(str(beside)))
    (beside / compiled.NAME).write_bytes(content)
    return beside


def test_beside_unchanged_sources_the_compiled_form_is_taken_without_reading_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = compiled_beside(tmp_path)
    knowledge, _, _ = read_and_link(root, [])
    monkeypatch.setattr("diagnoser.pack.files.content_of", None)
    assert shipped(str(root)) == knowledge


def older(path: Path) -> None:
    """Makes a file seem to be changed long before all others."""
    os.utime(path, (0, 0))


LAMP = "rules/causes/lamp/lamp-is-off.yaml"


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        (lambda path: path.write_text(CAUSE.replace("is off", "is odd", 1)), "The lamp is odd"),
        (
            lambda path: (path.write_text(CAUSE.replace("is off", "is shut", 1)), older(path)),
            "The lamp is shut",
        ),
        (
            lambda path: (
                (path.parents[1] / "room").mkdir(),
                path.replace(path.parents[1] / "room" / path.name),
            ),
            "The lamp is off",
        ),
    ],
    ids=["of the same size", "that seems older", "that is elsewhere"],
)
def test_beside_a_changed_source_the_compiled_form_is_not_taken(
    tmp_path: Path, edit: Any, title: str
) -> None:
    root = compiled_beside(tmp_path)
    edit(root / LAMP)
    later = (root / compiled.NAME).stat().st_mtime_ns + 10**9
    if (root / LAMP).exists() and (root / LAMP).stat().st_mtime_ns:
        os.utime(root / LAMP, ns=(later, later))  # however coarse the clock of the file system is
    knowledge = shipped(str(root))
    assert knowledge == read_and_link(root, [])[0]
    assert knowledge.causes["lamp-is-off"].title == title
