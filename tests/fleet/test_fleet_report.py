"""The report of a fleet: its numbers, its forms, and what it keeps to itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from diagnoser import Diagnoser
from diagnoser.fleet import page
from diagnoser.fleet.batch import batch
from diagnoser.fleet.diagnoses import InvalidDiagnoses
from diagnoser.fleet.summary import FleetSummary, summarise
from diagnoser.knowledge.model import Knowledge
from tests import commands
from tests.fleet import fleets


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Diagnoser().knowledge


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The diagnoses of a fleet of 400, of which few are different."""
    folder = tmp_path_factory.mktemp("report")
    source = fleets.write(folder / "in.jsonl", fleets.phones(Diagnoser(), 400, only=fleets.MANAGED))
    batch(source, folder / "out.parquet", workers=1)
    return folder / "out.parquet"


@pytest.fixture(scope="module")
def summary(out: Path, knowledge: Knowledge) -> FleetSummary:
    return summarise(out, knowledge)


def test_the_numbers_are_those_of_the_rows(out: Path, summary: FleetSummary) -> None:
    rows = fleets.rows(out)
    assert summary.phones == len(rows) == 400
    causes = Counter(
        "not-known-yet" if row["finding"] == "not-known-yet" else row["cause"] for row in rows
    )
    assert summary.causes.groups
    for group in summary.causes.groups:
        assert group.phones == causes[group.id]
    for step in summary.steps.steps:
        mine = [row for row in rows if row["finding"] != "not-known-yet" and row["step"] == step.id]
        if step.id != "not-known-yet":
            assert step.phones == len(mine)
            saved = sum(float(str(row["saves"])) for row in mine)
            assert step.saves_minutes == pytest.approx(saved)
    models = Counter(row["device_model"] for row in rows)
    [by_model] = [by for by in summary.by if by.fact == "device.model"]
    assert all(kind.folded or kind.phones == models[kind.value] for kind in by_model.kinds)


def test_what_saves_most_comes_first(summary: FleetSummary) -> None:
    saves = [step.saves_minutes or 0 for step in summary.steps.steps]
    assert saves == sorted(saves, reverse=True)
    assert saves[0] > 0


def test_every_list_adds_up_and_tells_no_small_group(summary: FleetSummary) -> None:
    assert summary.phones
    wholes = [(summary.phones, summary.causes)]
    for by in summary.by:
        assert sum(kind.phones for kind in by.kinds) == summary.phones
        wholes += [(kind.phones, kind.causes) for kind in by.kinds]
        wholes += [(kind.phones, kind.steps) for kind in by.kinds]
    for whole, groups in wholes:
        assert sum(group.phones for group in groups.groups) + groups.others == whole
        assert groups.others == 0 or groups.others >= 5
        assert all(group.phones >= 5 for group in groups.groups)
    for by in summary.by:  # what is left of a cause over all kinds
        for group in summary.causes.groups:
            told = sum(
                one.phones for kind in by.kinds for one in kind.causes.groups if one.id == group.id
            )
            assert group.phones - told == 0 or group.phones - told >= 5


def test_the_same_rows_give_the_same_report_in_every_format(
    tmp_path: Path, out: Path, summary: FleetSummary, knowledge: Knowledge
) -> None:
    source = out.with_name("in.jsonl")
    for ending in ("csv", "jsonl"):
        batch(source, tmp_path / f"out.{ending}", workers=1)
        assert summarise(tmp_path / f"out.{ending}", knowledge) == summary


@pytest.mark.parametrize("number", [0, 1, 4])
def test_a_fleet_of_fewer_than_five_tells_nothing(
    tmp_path: Path, knowledge: Knowledge, number: int
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"backup": {"switch": "off"}, "device": {"model": "iPhone 12"}}\n' * number)
    for ending in ("csv", "jsonl", "parquet") if not number else ("csv",):
        batch(source, tmp_path / f"out.{ending}", workers=1)
        found = summarise(tmp_path / f"out.{ending}", knowledge)
        assert found.phones is None
        text = page.html(found) + page.markdown(found) + found.json_text()
        assert "iPhone 12" not in text
        assert "switched off" not in text


def test_the_page_is_one_file_with_every_number_in_a_table(summary: FleetSummary) -> None:
    html = page.html(summary)
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="', html)
    assert "default-src 'none'; style-src 'sha256-" in unescape(html)
    assert len(re.findall("<caption>", html)) == 2 + len(summary.by)
    for group in summary.causes.groups:
        assert f">{group.phones:,}<" in html
    assert "phone 1" not in html  # the ids of the rows


def test_the_forms_of_the_command(out: Path, summary: FleetSummary) -> None:
    html = commands.invoke("fleet-report", str(out))
    assert html.stdout == page.html(summary)
    assert json.loads(commands.invoke("fleet-report", str(out), "--format", "json").stdout) == (
        json.loads(summary.json_text())
    )
    markdown = commands.invoke("fleet-report", str(out), "--format", "markdown").stdout
    assert markdown == page.markdown(summary)
    assert "| Switch iCloud Backup on |" in markdown


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("out.csv", b"row,id\n1,a\n", "has no column cause"),
        ("out.parquet", b"nothing", "is damaged, or no file of this format"),
        ("out.jsonl", b"{bad\n", "is damaged, or no file of this format"),
        ("out.txt", b"", "has a name that tells no format"),
    ],
)
def test_what_is_no_output_of_batch_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    found = commands.invoke("fleet-report", str(tmp_path / name))
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr
    assert (
        "there is no such file" in commands.invoke("fleet-report", str(tmp_path / "a.csv")).stderr
    )


def test_texts_of_rows_are_no_markup(tmp_path: Path, out: Path, knowledge: Knowledge) -> None:
    rows = fleets.rows(out)
    for row in rows:
        row["device_model"] = "<script>alert(1)</script>"
    bad = tmp_path / "out.jsonl"
    bad.write_bytes(fleets.lines(rows))
    found = summarise(bad, knowledge)
    assert "<script>" not in page.html(found)
    with pytest.raises(InvalidDiagnoses):
        summarise(tmp_path / "none.jsonl", knowledge)


def test_another_knowledge_has_its_own_kinds(tmp_path: Path) -> None:
    coffee = commands.ROOT / "tests" / "coffee"
    source = tmp_path / "in.jsonl"
    source.write_text("{}\n" * 6)
    batch(source, tmp_path / "out.csv", workers=1, knowledge=str(coffee))
    found = summarise(tmp_path / "out.csv", Diagnoser(coffee).knowledge)
    assert found.phones == 6
    assert {by.fact.partition(".")[0] for by in found.by} == {"machine"}
