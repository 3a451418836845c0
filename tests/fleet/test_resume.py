"""A run that is killed at any moment goes on without doing or losing a row twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.fleet import batch as batching
from diagnoser.fleet import joining, sources
from diagnoser.fleet.batch import batch
from diagnoser.fleet.parts import CannotGoOn, Parts
from tests import commands
from tests.fleet import fleets

RUN = """
import os, sys, pathlib
from pathlib import Path
from diagnoser.fleet import batch, joining, sources

sources.ROWS, batch.CASES, joining.SLICE = 8, 5, 2
left = int(sys.argv[4])


def counted(real, after):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0 and not after:
            os.kill(os.getpid(), 9)
        found = real(*arguments, **options)
        if left == 0 and after:
            os.kill(os.getpid(), 9)
        return found

    return call


if left:
    after = sys.argv[5] == "after"
    Path.replace = counted(Path.replace, after)
    Path.unlink = counted(Path.unlink, after)
    Path.mkdir = counted(Path.mkdir, after)
    Path.rmdir = counted(Path.rmdir, after)
batch.batch(Path(sys.argv[1]), Path(sys.argv[2]), workers=int(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Phones, and among them rows that cannot be read."""
    path = tmp_path_factory.mktemp("fleet") / "in.jsonl"
    lines = fleets.lines(fleets.phones(Diagnoser(), 30)).splitlines(keepends=True)
    lines[7:7] = [b"bad\n", lines[3], b'{"wifi": {"connection": "of"}}\n']
    path.write_bytes(b"".join(lines))
    return path


@pytest.fixture(scope="module")
def undisturbed(source: Path) -> tuple[bytes, bytes]:
    """What a run writes that is left in peace: diagnoses and rejects."""
    out = source.with_name("undisturbed.parquet")
    batch_again(source, out)
    return _written(out)


def _written(out: Path) -> tuple[bytes, bytes]:
    return out.read_bytes(), out.with_name(f"{out.name}.rejects.jsonl").read_bytes()


def _start(
    source: Path, out: Path, workers: int, kill: int = 0, when: str = "after"
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, source, out, str(workers), str(kill), when],
        env=commands.environment(),
    )


@pytest.mark.parametrize(
    ("step", "when"),
    [
        (2, "after"),
        (13, "after"),
        (28, "after"),
        (32, "after"),
        (39, "before"),
        (40, "before"),
        (43, "after"),
        (55, "before"),
    ],
)
def test_a_kill_at_a_change_to_the_disk_changes_nothing(
    tmp_path: Path, source: Path, undisturbed: tuple[bytes, bytes], step: int, when: str
) -> None:
    out = tmp_path / "out.parquet"
    killed = _start(source, out, 1, step, when).wait()
    assert killed == -signal.SIGKILL
    batch_again(source, out)
    assert _written(out) == undisturbed
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.parquet",
        "out.parquet.rejects.jsonl",
    ]


def batch_again(source: Path, out: Path) -> None:
    """The same run, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "ROWS", 8)
        patch.setattr(batching, "CASES", 5)
        patch.setattr(joining, "SLICE", 2)
        batch(source, out, workers=1)


def test_kills_at_random_moments_change_nothing(
    tmp_path: Path, source: Path, undisturbed: tuple[bytes, bytes]
) -> None:
    out, luck = tmp_path / "out.parquet", random.Random(22)
    for _ in range(2):
        run = _start(source, out, 2)
        parts = out.with_name("out.parquet.parts")
        wanted = luck.randrange(1, 9)
        while run.poll() is None and len(list(parts.glob("*.parquet"))) < wanted:
            time.sleep(0.005)
        time.sleep(luck.random() / 50)
        run.kill()
        run.wait()
    assert _start(source, out, 2).wait() == 0
    assert _written(out) == undisturbed


def test_processes_end_with_the_one_that_started_them(tmp_path: Path, source: Path) -> None:
    run = _start(source, tmp_path / "out.parquet", 2)
    workers: list[int] = []
    deadline = time.monotonic() + commands.PATIENCE
    while len(workers) < 2 and run.poll() is None and time.monotonic() < deadline:
        workers = _workers(run.pid)
        time.sleep(0.01)
    assert len(workers) == 2
    run.kill()
    run.wait()
    while any(_runs(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _workers(pid: int) -> list[int]:
    """The processes that diagnose; Python starts one of its own beside them, to tidy up."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    if not path.exists():
        pytest.skip("no /proc here")
    return [int(child) for child in path.read_text().split() if _diagnoses(child)]


def _diagnoses(pid: str) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _runs(pid: int) -> bool:
    path = Path(f"/proc/{pid}/stat")
    try:
        return path.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_was_done_is_not_done_again(
    tmp_path: Path, source: Path, undisturbed: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    _start(source, out, 1, 24).wait()
    parts = out.with_name("out.parquet.parts")
    before = {path: path.stat().st_mtime_ns for path in parts.glob("*-*.parquet")}
    assert before
    written: list[str] = []
    real = Parts.write

    def write(self: Parts, table: object, kind: str, number: int | None = None) -> None:
        written.append(self.path(kind, number).name)
        real(self, table, kind, number)

    monkeypatch.setattr(Parts, "write", write)
    batch_again(source, out)
    assert written
    assert not {path.name for path in before} & set(written)
    assert _written(out) == undisturbed


def _unfinished(source: Path, out: Path) -> None:
    assert _start(source, out, 1, 12).wait() == -signal.SIGKILL


def test_another_input_or_other_options_are_told_from_the_same_run(
    tmp_path: Path, source: Path
) -> None:
    mine, out = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    mine.write_bytes(source.read_bytes())
    _unfinished(mine, out)
    mine.write_bytes(source.read_bytes() + b"{}\n")
    with pytest.raises(CannotGoOn, match="is of another input") as error:
        batch(mine, out, workers=1)
    assert "--fresh to begin anew" in str(error.value)
    mine.write_bytes(source.read_bytes())
    with pytest.raises(CannotGoOn, match="is of another set of options"):
        batch(mine, out, workers=1, id="asset")
    with pytest.raises(CannotGoOn, match="is of another knowledge"):
        batch(mine, out, workers=1, knowledge=str(commands.ROOT / "tests" / "coffee"))
    assert batch(mine, out, workers=1, fresh=True).diagnosed == 31


def test_a_touched_copy_of_the_input_is_the_same_input(
    tmp_path: Path, source: Path, undisturbed: tuple[bytes, bytes]
) -> None:
    mine, out = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    mine.write_bytes(source.read_bytes())
    _unfinished(mine, out)
    os.utime(mine, (1, 1))
    batch_again(mine, out)
    assert _written(out) == undisturbed


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out.csv.parts"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    for fresh in (False, True):
        with pytest.raises(CannotGoOn, match="holds something else"):
            batch(source, tmp_path / "out.csv", workers=1, fresh=fresh)
    assert (folder / "thesis.txt").read_text() == "mine"


def test_two_runs_do_not_work_on_the_same(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out.csv"
    parts = Parts(tmp_path / "out.csv.parts")
    with parts.begun({}, fresh=False):
        for fresh in (False, True):
            with pytest.raises(CannotGoOn, match="is in use by another run"):
                batch(source, out, workers=1, fresh=fresh)


def test_a_damaged_manifest_is_told(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out.csv"
    _unfinished(source, out)
    manifest = tmp_path / "out.csv.parts" / "manifest.json"
    assert set(json.loads(manifest.read_text())) == {
        "input",
        "knowledge",
        "program",
        "set of options",
    }
    manifest.write_text("{")
    with pytest.raises(CannotGoOn, match="has a damaged manifest"):
        batch(source, out, workers=1)
    batch(source, out, workers=1, fresh=True)
    assert not manifest.exists()
