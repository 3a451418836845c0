"""The command `learn`, the record that `ask` makes, and words where they stand in files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from diagnoser import Diagnoser
from diagnoser.learning.estimation import Estimate
from diagnoser.learning.files import Word, line_of, rewritten, unified
from diagnoser.learning.scale import fitting, nearest, reach
from diagnoser.pack.loader import load
from diagnoser.pack.opening import opened
from diagnoser.report.record import Attempted, Course, record
from tests.commands import ROOT, invoke

COFFEE = ROOT / "tests/coffee"
FIRMWARE = "rules/causes/beans/old-firmware.yaml"
UPDATE = "rules/remedies/update-firmware.yaml"
FEW = 4
"""Records that tell something, and not enough to be sure of another word."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty machines with water and old firmware, which made coffee after an update; one line is
    damaged, and one record has no outcomes."""
    diagnoser = Diagnoser(COFFEE)
    facts = {"water": {"tank": "full", "flow": 150}, "machine": {"firmware": "1.2"}}
    report = diagnoser.diagnose(facts)
    course = Course(
        tests=[Attempted(steps=["update-firmware"], outcome="helped")], ended="works-again"
    )
    lines = [record(report, look_ahead=False, outcomes=course)] * 60
    lines += ['{"schema":1}', record(report, look_ahead=False)]
    path = tmp_path_factory.mktemp("records") / "records"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def learn(records: Path, *more: str) -> str:
    result = invoke("learn", str(records), "--knowledge", str(COFFEE), "--no-diff", *more)
    assert result.exit_code == 1
    return result.stdout


def test_what_would_change_is_told_with_file_and_line(records: Path) -> None:
    said = learn(records)

    assert "60 records with outcomes (works again 60)." in said
    assert "old-firmware\n  occasional -> common. The word stands for 5 %; found " in said
    assert f"rests on about 60 phones; {FIRMWARE}:3" in said
    assert "update-firmware mends old-firmware\n  usually -> always." in said
    assert f"--- a/{FIRMWARE}\n+++ b/{FIRMWARE}\n" in said
    assert "-commonness: occasional\n+commonness: common\n" in said
    assert "-fixes: {old-firmware: usually}\n+fixes: {old-firmware: always}\n" in said


def test_the_nearest_words_are_proposed_where_that_is_asked_for(
    records: Path, tmp_path: Path
) -> None:
    few = tmp_path / "few"
    few.write_text("\n".join(records.read_text("utf-8").splitlines()[:FEW]), "utf-8")

    def told(*more: str) -> list[dict[str, Any]]:
        options = ("--knowledge", str(COFFEE), "--no-diff", "--format", "json", *more)
        found = json.loads(invoke("learn", str(few), *options).stdout)["learned"]
        return [one for one in found["numbers"] if one["of"] == "cause"]

    scale = Diagnoser(COFFEE).knowledge.commonness
    usual, near = told(), told("--nearest")
    assert [one["estimate"] for one in usual] == [one["estimate"] for one in near]
    assert [one["proposed"] for one in near] == [nearest(scale, one["estimate"]) for one in near]
    assert [one["proposed"] for one in usual] == [one["word"] for one in usual]
    assert [one["proposed"] for one in near] != [one["word"] for one in near]


def test_lines_that_could_not_be_used_are_named_on_standard_error(records: Path) -> None:
    result = invoke("learn", str(records), "--knowledge", str(COFFEE), "--no-diff")

    assert f"{records}, line 61: left out. The line is not a record." in result.stderr
    assert "1 line could not be used." in result.stdout
    assert "1 record without outcomes told nothing here." in result.stdout


@pytest.mark.parametrize("columns", [40, 80])
def test_lines_keep_to_the_width(
    records: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    said, _, _ = learn(records, "--full").partition("As a change of the files")

    assert max(map(len, said.splitlines())) <= columns


def test_the_json_and_the_note_say_the_same(records: Path) -> None:
    plain = json.loads(learn(records, "--format", "json"))["learned"]
    note = learn(records, "--format", "markdown")

    changes = [one for one in plain["numbers"] if one["word"] != one["proposed"]]
    assert [one["remedy"] for one in changes if one["cause"] == "old-firmware"] == [
        None,
        "update-firmware",
    ]
    assert all(one["low"] < one["estimate"] < one["high"] for one in plain["numbers"])
    assert "| `old-firmware` | occasional | 5 % | " in note
    assert f"```diff\n{plain['patch']}```" in note


def test_it_says_the_same_twice_and_whatever_the_order(records: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned"
    turned.write_text("".join(sorted(records.read_text("utf-8").splitlines(keepends=True))))

    assert learn(records, "--format", "json") == learn(records, "--format", "json")
    numbers = [
        json.loads(learn(one, "--format", "json"))["learned"]["numbers"]
        for one in (records, turned)
    ]
    assert numbers[0] == numbers[1]


def test_nothing_is_changed_unless_a_new_folder_is_asked_for(records: Path, tmp_path: Path) -> None:
    pack, new = tmp_path / "pack", tmp_path / "new"
    shutil.copytree(COFFEE, pack)
    before = load(pack)
    arguments = ["learn", str(records), "--knowledge", str(pack), "--no-diff"]

    assert invoke(*arguments).exit_code == 1
    assert load(pack).digest == before.digest

    assert invoke(*arguments, "--write", str(new)).exit_code == 1
    assert load(pack).digest == before.digest
    after = load(new)
    assert after.causes["old-firmware"].commonness == "common"
    assert after.remedies["update-firmware"].fixes == {"old-firmware": 0.95}
    again = invoke(*arguments, "--write", str(new))
    assert again.exit_code == 2
    assert "exists" in again.stderr


def test_records_come_from_standard_input_too(records: Path) -> None:
    arguments = ["learn", "-", "--knowledge", str(COFFEE), "--no-diff"]
    result = invoke(*arguments, input=records.read_bytes())

    assert result.exit_code == 1
    assert "standard input, line 61" in result.stderr


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_no_records_propose_nothing(content: bytes) -> None:
    result = invoke("learn", "-", input=content)

    assert result.exit_code == 0
    assert "Nothing: no interval lies outside what its word stands for." in result.stdout


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\n", b"\0" * 3_000_000, b"[]\n{}\n", b'{"check":1}'],
    ids=["no text", "one endless line", "other JSON", "a checksum alone"],
)
def test_a_file_that_holds_no_record_is_refused(content: bytes) -> None:
    result = invoke("learn", "-", input=content)

    assert result.exit_code == 2
    assert "standard input" in result.stderr
    assert not result.stdout


def test_a_file_that_is_not_there_is_named() -> None:
    result = invoke("learn", "no-such-file")

    assert result.exit_code == 2
    assert "no-such-file" in result.stderr


def test_a_conversation_at_the_terminal_is_recorded_when_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "records"
    facts = ["--set", "backup.switch=off", "--set", "ios.version=26.1", "--record", str(path)]

    left = invoke("ask", *facts, "--save", str(tmp_path / "session"), input="quit\n")
    assert left.exit_code == 0
    assert path.read_bytes() == b""

    result = invoke("ask", *facts, input="enough\n\n1\n1\n1\n")
    assert result.exit_code == 0
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line)["outcomes"] == {
        "tests": [{"steps": ["turn-on-icloud-backup"], "outcome": "helped"}],
        "ended": "works-again",
    }
    assert "1 record with outcomes (works again 1)." in invoke("learn", str(path)).stdout


def test_a_file_of_something_else_is_refused_before_the_conversation(tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_text("Dear Sir", "utf-8")

    result = invoke("ask", "--record", str(path), input="enough\n")

    assert result.exit_code == 2
    assert "Visit 1" not in result.stderr
    assert path.read_text("utf-8") == "Dear Sir"


def test_it_says_what_diff_says_of_the_proposed_words(records: Path, tmp_path: Path) -> None:
    arguments = [
        "learn",
        str(records),
        "--knowledge",
        str(COFFEE),
        "--write",
        str(tmp_path / "new"),
    ]

    said = invoke(*arguments).stdout

    assert said.endswith("\n" + invoke("diff", str(COFFEE), str(tmp_path / "new")).stdout)


def test_a_released_pack_learns_too(records: Path, tmp_path: Path) -> None:
    packed = tmp_path / "coffee.pack"
    assert invoke("release", str(packed), "--knowledge", str(COFFEE)).exit_code == 0

    result = invoke("learn", str(records), "--knowledge", str(packed), "--no-diff")

    assert result.stdout == learn(records)


# -- words


class Loose:
    """Files that are no whole pack."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        return [path.name for path in self.root.iterdir()]

    def content(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def no_file(self, name: str) -> str:
        return ""


def test_the_reaches_of_words_meet_between_them() -> None:
    scale = {"common": 0.1, "rare": 0.01, "occasional": 0.05}

    assert reach(scale, "rare")[0] == 0
    assert reach(scale, "common")[1] == 1
    assert reach(scale, "rare")[1] == reach(scale, "occasional")[0]
    for word in scale:
        low, high = reach(scale, word)
        assert low < scale[word] < high
        assert nearest(scale, scale[word]) == word
        assert nearest(scale, max(low, 1e-6) * 1.0001) == word


def test_a_word_stays_as_long_as_its_reach_lies_in_the_interval() -> None:
    scale = {"rare": 0.01, "common": 0.1}
    line = reach(scale, "rare")[1]

    inside = Estimate(0.09, line - 0.001, 0.2, 10, 10)
    outside = Estimate(0.09, line + 0.001, 0.2, 10, 10)

    assert fitting(scale, "rare", inside) == "rare"
    assert fitting(scale, "rare", outside) == "common"


def test_a_word_is_found_however_its_file_is_laid_out(tmp_path: Path) -> None:
    text = (
        'title: "a: usually"\n'
        "fixes:\n  a: usually   # as the maker says\n  b-a: usually\n  'c': \"usually\"\n"
    )
    (tmp_path / "r.yaml").write_text(text, "utf-8")
    words = [Word("r.yaml", cause, "r", "usually", "often") for cause in ("a", "c")]

    assert [line_of(Loose(tmp_path), word) for word in words] == [3, 5]
    _, now = rewritten(Loose(tmp_path), words)["r.yaml"]
    assert now == text.replace("  a: usually", "  a: often").replace('"usually"', '"often"')
    assert unified(rewritten(Loose(tmp_path), words)).count("\n+ ") == 2


def test_a_word_that_cannot_be_told_apart_is_left_to_people(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("{a: usually, fixes: {a: usually}}\n", "utf-8")

    assert rewritten(Loose(tmp_path), [Word("r.yaml", "a", "r", "usually", "often")]) == {}


def test_every_word_of_the_built_in_pack_can_be_rewritten() -> None:
    diagnoser = Diagnoser()
    for cause in diagnoser.knowledge.causes.values():
        word = Word(cause.file, cause.id, None, cause.commonness, "as it were")
        ((_, now),) = rewritten(opened(str(ROOT)), [word]).values()
        assert "commonness: as it were" in now
