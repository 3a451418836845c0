"""A released pack is one file that says what its folder says, and no archive can do more."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import stat
import warnings
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings

from diagnoser import Diagnoser, InvalidKnowledge
from diagnoser.checking.check import check
from diagnoser.errors import OtherKnowledge
from diagnoser.pack.files import CERTIFICATE, MAX_FILE, Folder
from diagnoser.pack.identity import identity
from diagnoser.pack.loader import load
from diagnoser.pack.opening import certificate, opened
from diagnoser.pack.released import MAX_ARCHIVE, MAX_ENTRIES, release
from tests.commands import invoke
from tests.pack.small import FILES, LOOSE_FILE, folder
from tests.packs import random_data, randoms, write


def released(root: Path, out: Path) -> Path:
    out.write_bytes(release(Folder(str(root))))
    return out


def archive(
    path: Path, entries: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(InvalidKnowledge) as error:
        load(path)
    return "\n".join(map(str, error.value.problems))


@settings(max_examples=8, deadline=None)
@given(randoms())
def test_a_release_says_what_its_folder_says(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    root = tmp_path_factory.mktemp("pack")
    write(random_data(random), root)
    knowledge = load(root)
    file = released(root, root / "pack.zip")
    assert load(file) == knowledge
    assert identity(file) == identity(root) == knowledge.identity
    assert release(opened(str(file))) == file.read_bytes()


def test_the_built_in_pack_can_be_released(tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    result = invoke("release", str(file))
    assert result.exit_code == 0, result.stderr
    assert load(file) == load()
    again = tmp_path / "again.zip"
    assert invoke("release", str(again), "--knowledge", str(file)).exit_code == 0
    assert again.read_bytes() == file.read_bytes()


def test_it_is_the_same_whatever_the_times_and_the_line_ends(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one"), folder(tmp_path / "other")
    for path in sorted(other.rglob("*.yaml")):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        os.utime(path, (10**9, 10**9))
    assert release(Folder(str(one))) == release(Folder(str(other)))


def test_what_others_packed_is_read_too(tmp_path: Path) -> None:
    file = archive(
        tmp_path / "pack.zip",
        {"facts/": "", **FILES, "README.md": "of no concern", "rules/.hidden.yaml": "[", "a/b": ""},
    )
    assert load(file) == load(folder(tmp_path))


def test_a_mistake_has_its_file_and_line(tmp_path: Path) -> None:
    broken = FILES[LOOSE_FILE].replace("commonness: rare", "commonness: rarely")
    root = folder(tmp_path, {LOOSE_FILE: broken})
    file = archive(tmp_path / "pack.zip", {**FILES, LOOSE_FILE: broken})
    assert refused(file) == refused(root)
    assert f"{LOOSE_FILE}:" in refused(file)


def test_what_is_no_sound_pack_is_not_released(tmp_path: Path) -> None:
    root = folder(tmp_path, {LOOSE_FILE: "title: ["})
    result = invoke("release", str(tmp_path / "out.zip"), "--knowledge", str(root))
    assert result.exit_code == 2
    assert LOOSE_FILE in result.stderr
    assert not (tmp_path / "out.zip").exists()


def test_only_a_release_is_written_over(tmp_path: Path) -> None:
    root, out = folder(tmp_path), tmp_path / "out"
    out.write_text("mine")
    result = invoke("release", str(out), "--knowledge", str(root))
    assert result.exit_code == 2
    assert out.read_text() == "mine"
    released(root, out)
    assert invoke("release", str(out), "--knowledge", str(root)).exit_code == 0
    assert invoke("release", str(tmp_path / "no/where"), "--knowledge", str(root)).exit_code == 2


def test_a_certificate_travels_along_and_is_no_part_of_the_digest(tmp_path: Path) -> None:
    root = folder(tmp_path)
    before = load(root).digest
    (root / CERTIFICATE).write_text('{"digest": "..."}')
    file = released(root, tmp_path / "pack.zip")
    assert load(file).digest == load(root).digest == before
    assert opened(str(file)).content(CERTIFICATE) == b'{"digest": "..."}'
    (root / CERTIFICATE).unlink()
    assert certificate(str(root)) is None


def test_all_that_takes_a_folder_takes_a_release(tmp_path: Path) -> None:
    root = folder(tmp_path)
    file = str(released(root, tmp_path / "pack.zip"))
    session, record = str(tmp_path / "session.json"), str(tmp_path / "record.jsonl")
    for command in (
        ["diagnose", "--set", "lamp.switch=off", "--record", record],
        ["facts"],
        ["schema"],
        ["graph"],
        ["next", "--set", "lamp.switch=off"],
        ["explain", "--set", "lamp.switch=off"],
        ["replay", record],
    ):
        got, expected = (invoke(*command, "--knowledge", one) for one in (file, str(root)))
        assert (got.exit_code, got.stdout) == (expected.exit_code, expected.stdout), command
        assert got.exit_code == 0, got.stderr
    assert check(file) == check(root)
    asked = invoke("ask", "--knowledge", file, "--save", session, input=b"quit\n")
    assert asked.exit_code == 0, asked.stderr
    assert invoke("ask", "--knowledge", file, "--resume", session, input=b"quit\n").exit_code == 0


def test_a_copy_answers_from_no_other_knowledge(tmp_path: Path) -> None:
    root = folder(tmp_path)
    file = released(root, tmp_path / "pack.zip")
    diagnoser = Diagnoser(file)
    kept = pickle.dumps(diagnoser)
    assert pickle.loads(kept).knowledge == diagnoser.knowledge
    pack = (root / "rules/pack.yaml").read_text("utf-8")
    (root / "rules/pack.yaml").write_text(f"{pack}# another digest\n", "utf-8")
    released(root, file)
    with pytest.raises(OtherKnowledge):
        pickle.loads(kept)


# -- hostile archives


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../rules/pack.yaml", "leads out"),
        ("rules/../../pack.yaml", "leads out"),
        ("rules//pack.yaml", "leads out"),
        ("/rules/pack.yaml", "is no name inside"),
        ("C:/rules/pack.yaml", "is no name inside"),
        ("rules\\x.yaml", "is no name inside"),
        ("rules/\x1b[31m.yaml", "\\u{1b}"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, said: str) -> None:
    assert said in refused(archive(tmp_path / "pack.zip", {**FILES, name: "x"}))


def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(tmp_path / "pack.zip", "w") as made:
            for name in [*FILES, LOOSE_FILE]:
                made.writestr(name, FILES[name])
    assert "is there twice" in refused(tmp_path / "pack.zip")


def test_a_link_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as made:
        for name in FILES:
            entry = zipfile.ZipInfo(name)
            if name == LOOSE_FILE:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(entry, "/etc/passwd" if name == LOOSE_FILE else FILES[name])
    assert "is a link" in refused(tmp_path / "pack.zip")


def test_a_bomb_is_refused_before_it_bursts(tmp_path: Path) -> None:
    many = {f"rules/signs/s{number}.yaml": b"#" * MAX_FILE for number in range(64)}
    bomb = archive(tmp_path / "bomb.zip", {**FILES, **many})
    assert bomb.stat().st_size < 100_000
    assert "holds more than" in refused(bomb)
    large = archive(tmp_path / "large.zip", {**FILES, LOOSE_FILE: b"#" * (MAX_FILE + 1)})
    assert f"{LOOSE_FILE}:1: is larger than" in refused(large)
    entries = archive(tmp_path / "many.zip", {f"x{n}": "" for n in range(MAX_ENTRIES + 1)})
    assert "holds more than" in refused(entries)
    (tmp_path / "huge").write_bytes(b"\0" * (MAX_ARCHIVE + 1))
    assert "is larger than" in refused(tmp_path / "huge")


def test_an_archive_in_an_archive_a_lock_and_an_odd_way_to_compress_are_refused(
    tmp_path: Path,
) -> None:
    odd = archive(tmp_path / "odd.zip", dict(FILES), zipfile.ZIP_BZIP2)
    assert "compressed in a way that is not read" in refused(odd)
    inner = archive(tmp_path / "inner.zip", {"pack/" + name: FILES[name] for name in FILES})
    assert "has nothing in rules/ and nothing in facts/" in refused(inner)
    locked = bytearray(released(folder(tmp_path), tmp_path / "pack.zip").read_bytes())
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert "is encrypted" in refused(tmp_path / "locked.zip")


@settings(max_examples=30, deadline=None)
@given(randoms())
def test_a_damaged_archive_is_refused_or_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    root = folder(tmp_path_factory.mktemp("pack"))
    content = bytearray(release(Folder(str(root))))
    for _ in range(random.randint(1, 4)):
        content[random.randrange(len(content))] = random.randrange(256)
    if random.randint(0, 3) == 0:
        del content[random.randrange(len(content)) :]
    file = root / "pack.zip"
    file.write_bytes(content)
    with contextlib.suppress(InvalidKnowledge):
        assert load(file) == load(root)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\xff" * 18, b"rules", b"{}"])
def test_what_is_no_archive_is_refused_with_what_makes_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack").write_bytes(content)
    assert "release" in refused(tmp_path / "pack")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "has no folder rules" in refused(tmp_path / "pipe")


def test_an_empty_archive_has_no_pack(tmp_path: Path) -> None:
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    (tmp_path / "empty.zip").write_bytes(made.getvalue())
    assert "has nothing in rules/" in refused(tmp_path / "empty.zip")
