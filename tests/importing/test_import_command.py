"""`diagnoser import`: what it writes where, its exit codes, and what it never says."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from diagnoser import Diagnoser
from tests.commands import invoke, run
from tests.importing.golden import SAMPLES, leaks

SAMPLE = str(next(path for path in SAMPLES if path.name == "jamf_classic.json"))
ALL = [str(path) for path in SAMPLES]


def cases(*arguments: str, **more: Any) -> Any:
    return json.loads(invoke("import", *arguments, "--format", "json", **more).stdout)


def test_json_is_a_list_of_cases_whose_facts_are_a_facts_file(diagnoser: Diagnoser) -> None:
    found = cases(*ALL, "--as-of", "2026-11-04")
    assert len(found) > 5
    for one in found:
        assert list(one) == ["device", "facts", "provenance", "notes"]
        assert diagnoser.diagnose(one["facts"])


def test_text_says_what_was_read_from_where() -> None:
    text = " ".join(invoke("import", SAMPLE, "--as-of", "2026-11-04").stdout.split())
    assert "How long ago was the last backup that finished? Never, or no date is shown" in text
    assert 'mobile_device.general.last_cloud_backup_date_epoch, 2026-11-03: "0")' in text
    assert "1 day old" in text
    assert "No such file tells of Wi-Fi" in text


def test_it_diagnoses_with_the_provenance() -> None:
    text = invoke("import", SAMPLE, "--diagnose").stdout
    assert "First step: " in text
    (one,) = cases(SAMPLE, "--diagnose")
    told = [answer for answer in one["report"]["answers"] if "provenance" in answer]
    assert [answer["fact"] for answer in told] == list(one["provenance"])


def test_what_does_not_fit_together_is_shown() -> None:
    folder = str(Path(SAMPLE).parent)
    text = invoke("import", SAMPLE, f"{folder}/mdm_restrictions.plist", "--diagnose").stdout
    assert "Warning: Where a profile forbids iCloud backups" in text


def test_what_is_set_counts() -> None:
    (one,) = cases(SAMPLE, "--set", "backup.switch=off")
    assert one["facts"]["backup"]["switch"] == "off"
    assert "backup.switch" not in one["provenance"]


def test_a_file_may_come_from_standard_input() -> None:
    found = cases("-", "--from", "jamf_classic", input=Path(SAMPLE).read_bytes())
    assert found[0]["device"] == "row 1 of standard input"


def test_devices_are_hashed_with_a_salt_from_a_file(tmp_path: Path) -> None:
    salt = tmp_path / "salt"
    salt.write_bytes(b"sixteen bytes of salt\n")
    (one,) = cases(SAMPLE, "--salt-file", str(salt))
    assert one["device"].startswith("device ")
    salt.write_bytes(b"short")
    done = invoke("import", SAMPLE, "--salt-file", str(salt))
    assert done.exit_code == 2
    assert "shorter than 16 bytes" in done.stderr


def test_exit_codes_tell_whether_all_some_or_none_was_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    assert invoke("import", SAMPLE).exit_code == 0
    some = invoke("import", SAMPLE, str(bad), str(tmp_path / "none"))
    assert some.exit_code == 1
    assert "bad.json: is not whole JSON" in some.stderr
    assert "none: there is no such file" in some.stderr
    assert "First" not in some.stderr
    assert invoke("import", str(bad), "--format", "json").exit_code == 2
    assert invoke("import").exit_code == 2
    assert invoke("import", SAMPLE, "--as-of", "today").exit_code == 2


def test_what_is_set_aside_is_named() -> None:
    sample = str(Path(SAMPLE).with_name("jamf_v2.json"))
    for form in ("text", "json"):
        done = invoke("import", sample, "--format", form)
        assert "jamf_v2.json is set aside: iPad, not iPhone." in " ".join(done.output.split())


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_name_is_in_any_output_or_log(
    form: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = []
    for number, path in enumerate(SAMPLES):
        for cut in (path.read_bytes(), path.read_bytes()[:-9]):
            files.append(tmp_path / f"{number}-{len(cut)}")
            files[-1].write_bytes(cut)
    with caplog.at_level(logging.DEBUG):
        done = invoke("import", *map(str, files), "--diagnose", "--format", form)
    assert done.exit_code == 1
    assert not leaks(done.stdout + done.stderr)
    assert not leaks(caplog.text)


def test_a_process_of_its_own_says_the_same() -> None:
    done = run("import", SAMPLE, "--as-of", "2026-11-04", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == cases(SAMPLE, "--as-of", "2026-11-04")


def test_it_works_with_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    def fail() -> float:
        raise AssertionError("a clock was read")

    wanted = cases(SAMPLE)
    monkeypatch.setattr(time, "time", fail)
    assert cases(SAMPLE) == wanted
