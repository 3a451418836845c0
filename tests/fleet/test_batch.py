"""`diagnoser batch`: formats in and out, rows that cannot be read, and what it refuses."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import Diagnoser, DiagnoserError
from diagnoser.fleet import batch as batching
from diagnoser.fleet import joining, sources
from diagnoser.fleet.batch import Done, batch
from tests import commands
from tests.fleet import fleets


@pytest.fixture(scope="module")
def fleet() -> list[fleets.Phone]:
    """Some phones, of which some are equal."""
    some = fleets.phones(Diagnoser(), 8)
    return [*some, *({**one, "id": f"{one['id']} again"} for one in some[:4])]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few rows, so that there are several."""
    monkeypatch.setattr(sources, "ROWS", 5)
    monkeypatch.setattr(batching, "CASES", 4)


def test_every_format_in_gives_the_same(
    tmp_path: Path, fleet: list[fleets.Phone], small_parts: None
) -> None:
    found = {}
    for ending in ("jsonl", "csv", "parquet"):
        source = fleets.write(tmp_path / f"fleet.{ending}", fleet)
        done = batch(source, tmp_path / f"{ending}.jsonl", workers=1)
        assert done == Done(12, 8, 0, None, ())
        found[ending] = fleets.rows(tmp_path / f"{ending}.jsonl")
    for row in found["csv"]:
        row["row"] = str(int(row["row"]) - 1)  # its first line names the columns
    assert found["jsonl"] == found["csv"] == found["parquet"]
    assert [row["row"] for row in found["jsonl"]] == [str(row) for row in range(1, 13)]
    assert [row["id"] for row in found["jsonl"]] == [one["id"] for one in fleet]


def test_rows_keep_their_order_and_bytes_in_slices_of_any_size(
    tmp_path: Path, fleet: list[fleets.Phone], small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = fleets.write(tmp_path / "fleet.jsonl", fleet)
    found = {}
    for size in (1, 2, 10):
        monkeypatch.setattr(joining, "SLICE", size)
        out = tmp_path / f"{size}.jsonl"
        batch(source, out, workers=1)
        found[size] = out.read_bytes()
    assert [row["row"] for row in fleets.rows(out)] == [str(row) for row in range(1, 13)]
    assert len(set(found.values())) == 1


def test_every_format_out_says_the_same(tmp_path: Path, fleet: list[fleets.Phone]) -> None:
    source = fleets.write(tmp_path / "fleet.jsonl", fleet)
    outs = [tmp_path / f"out.{ending}" for ending in ("jsonl", "csv", "parquet")]
    for out in outs:
        batch(source, out, workers=1)
    first, *others = (fleets.rows(out) for out in outs)
    assert all(other == first for other in others)
    batch(source, tmp_path / "out.jsonl.gz", workers=1)
    assert gzip.decompress(_bytes(tmp_path / "out.jsonl.gz")) == _bytes(outs[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fleet.jsonl", "out.csv", "out.jsonl", "out.jsonl.gz", "out.parquet",
    ]  # fmt: skip


def test_one_and_two_processes_write_the_same_bytes(
    tmp_path: Path, fleet: list[fleets.Phone], small_parts: None
) -> None:
    source = fleets.write(tmp_path / "fleet.jsonl", [*fleet, {"wifi": {"connection": "of"}}])
    for workers in (1, 2):
        batch(source, tmp_path / f"{workers}.parquet", workers=workers)
    assert _bytes(tmp_path / "1.parquet") == _bytes(tmp_path / "2.parquet")
    rejects = [tmp_path / f"{workers}.parquet.rejects.jsonl" for workers in (1, 2)]
    assert _bytes(rejects[0]) == _bytes(rejects[1])


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def test_packed_files_are_read(tmp_path: Path, fleet: list[fleets.Phone]) -> None:
    plain = fleets.write(tmp_path / "fleet.csv", fleet)
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for source in (plain, packed):
        batch(source, tmp_path / f"{source.name}.jsonl", workers=1)
    assert _bytes(tmp_path / "fleet.csv.jsonl") == _bytes(tmp_path / "packed.csv.gz.jsonl")


def test_next_names_the_visit_that_is_worth_most(tmp_path: Path, diagnoser: Diagnoser) -> None:
    source = tmp_path / "one.jsonl"
    source.write_text('{"ios": {"version": "26.1"}}\n')
    batch(source, tmp_path / "out.jsonl", look_ahead=True, workers=1)
    [row] = fleets.rows(tmp_path / "out.jsonl")
    best = diagnoser.visits({"ios": {"version": "26.1"}}).visits.choices[0]
    assert row["next_visit"] == best.place


def test_what_import_writes_can_be_read(tmp_path: Path) -> None:
    samples = commands.ROOT / "tests" / "importing" / "samples"
    read = commands.invoke("import", str(samples / "jamf_v2.json"), "--format", "json")
    cases = json.loads(read.stdout)
    listed, lines = tmp_path / "cases.json", tmp_path / "cases.jsonl"
    listed.write_text(read.stdout, "utf-8")
    lines.write_bytes(fleets.lines(cases))
    for source in (listed, lines):
        assert batch(source, tmp_path / f"{source.name}.csv", workers=1).diagnosed == len(cases)
    rows = fleets.rows(tmp_path / "cases.json.csv")
    assert rows == fleets.rows(tmp_path / "cases.jsonl.csv")
    assert [row["id"] for row in rows] == [case["device"] for case in cases]


def test_a_bad_entry_of_a_list_is_a_row_of_its_own(tmp_path: Path) -> None:
    deep = "[" * 900 + "]" * 900
    entries = ['{"id": "a"}', "1" * 5_000, f'{{"wifi": {deep}}}', "1e999", '"text"', "{}"]
    (tmp_path / "in.json").write_text(f"[{', '.join(entries)}]")
    done = batch(tmp_path / "in.json", tmp_path / "out.csv", workers=1)
    assert [row["row"] for row in fleets.rows(tmp_path / "out.csv")] == ["1", "6"]
    assert done.rejected == 4


def test_an_empty_file_gives_a_file_without_rows(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "empty.csv").write_text("id,wifi.connection\n")
    pq.write_table(
        pa.table({"wifi.connection": pa.array([], pa.string())}), tmp_path / "empty.parquet"
    )
    for source in ("empty.jsonl", "empty.csv", "empty.parquet"):
        out = tmp_path / f"{source}.out.csv"
        assert batch(tmp_path / source, out, workers=2) == Done(0, 0, 0, None, ())
        assert fleets.rows(out) == []
        assert out.read_text().startswith("row,id,finding,")


BAD_LINES = {
    2: (b"{bad json", "not JSON"),
    3: (b'{"wifi": {"connection": "\xff"}}', "is not UTF-8 text"),
    4: (b'{"wifi": {"connection": "of"}, "ios": {"version": 26}}', "ios.version"),
    5: (b'{"a": ' + b" " * 70_000 + b"1}", "larger than 64 KiB"),
    6: (b"[" * 5_000, "nested more than 6 levels"),
    7: (b"[1, 2]", "is not an object"),
    8: (b'{"wifi": {"connection": "off"}, "wifi": {"connection": "off"}}', "is written twice"),
    9: (b'{"id": {"a": 1}}', "id: is no text"),
    10: (b'{"storage": {"icloud_free_gb": NaN}}', "storage.icloud_free_gb"),
    11: (b'{"wifi": {"connection": "\\ud800"}}', "wifi.connection"),
    12: (b"{" + b'"a":1,' * 5_000 + b'"b":1}', "and 4"),
    13: (b'{"storage": {"icloud_free_gb": 1e999}}', "storage.icloud_free_gb"),
    14: (b"\0\0\0\0", "UTF"),
}


def test_bad_lines_are_rejected_with_their_number_and_all_that_is_wrong(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    good = b'{"id": "a", "wifi": {"connection": "off"}}'
    lines = [good, *(line for line, _ in BAD_LINES.values()), b"", good]
    source.write_bytes(b"\n".join(lines))  # the last line has no end
    done = batch(source, out, workers=1)
    assert (done.diagnosed, done.rejected) == (2, len(BAD_LINES))
    assert [row["row"] for row in fleets.rows(out)] == ["1", str(len(lines))]
    assert done.rejects
    rejects = {int(row["row"]): row["problem"] for row in fleets.rows(done.rejects)}
    assert rejects.keys() == BAD_LINES.keys()
    for row, (_, said) in BAD_LINES.items():
        assert said in str(rejects[row])
        assert len(str(rejects[row])) < 5_000
    assert "wifi.connection" in str(rejects[4])


BAD_CSV = """id,wifi.connection,ios.version
a,off,26.1
b,off,26.1,one too many
c,off
d,"off,26.1
e,off,26.1
f,"off"x,26.1
"g ""quoted""
and on two lines",off,26.1
h,of,1e9

i,"o\xff",
j,off,26.1
"""


def test_bad_records_cost_no_other(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(BAD_CSV.encode("latin-1"))
    done = batch(source, out, workers=1, rejects=tmp_path / "rejects.csv")
    rows = {row["id"]: row["row"] for row in fleets.rows(out)}
    assert rows == {"a": "2", "e": "6", 'g "quoted"\nand on two lines': "8", "j": "13"}
    rejects = {row["row"]: str(row["problem"]) for row in fleets.rows(tmp_path / "rejects.csv")}
    assert "the number of its cells is 4, and not 3" in rejects["3"]
    assert "the number of its cells is 2" in rejects["4"]
    assert "quote" in rejects["5"]
    assert "quote" in rejects["7"]
    assert "wifi.connection" in rejects["10"]
    assert "ios.version" in rejects["10"]
    assert "wifi.connection" in rejects["12"]
    assert done == Done(4, 1, 6, tmp_path / "rejects.csv", ())


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("wifi.connection\n" + 'off\n"off\n' + "connected\n" * 20_000)
    done = batch(source, out, workers=1)
    assert (done.diagnosed, done.rejected) == (20_001, 1)


def test_other_separators_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    for place, separator in enumerate(";\t,"):
        source = tmp_path / f"{place}.csv"
        text = separator.join(["wifi.connection", "storage.icloud_free_gb"]) + "\r\n"
        text += separator.join(["Off", '"0,3 GB"']) + "\r\n"
        source.write_text(text, "utf-8-sig")
        done = batch(source, tmp_path / f"{place}.out.csv", workers=1)
        assert (done.diagnosed, done.rejected) == (1, 0)


def test_columns_that_are_no_facts_are_refused_by_name_or_left_behind(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "serial,Device Name,asset,wifi.conection,wifi.connection\n"
        "C39SECRET,Anna's,7,,off\nC40SECRET,Ben's,8,,of\nC41SECRET,Cem's,9,,off,C41SECRET\n"
    )
    refused = commands.invoke("batch", str(source), str(out), "--id", "asset")
    assert refused.exit_code == 2
    for said in ("serial: is not a fact", "Device Name: is not", 'mean "wifi.connection"?'):
        assert said in refused.stderr
    assert not out.exists()

    done = commands.invoke("batch", str(source), str(out), "--id", "asset", "--ignore-others")
    assert done.exit_code == 1
    assert "Ignored, as no facts: serial, Device Name, wifi.conection" in done.stderr
    everything = "".join(path.read_text() for path in tmp_path.glob("out*")) + done.output
    assert not any(secret in everything for secret in ("SECRET", "Anna", "Ben", "Cem"))
    assert [row["id"] for row in fleets.rows(out)] == ["7"]
    rejects = fleets.rows(tmp_path / "out.csv.rejects.jsonl")
    assert [row["id"] for row in rejects] == ["8", None]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("in.xlsx", b"", "has a name that tells no format"),
        ("in.parquet", b"PAR1 and then nothing PAR1", "is damaged, or no Parquet file"),
        ("in.parquet", b"", "is damaged, or no Parquet file"),
        ("in.csv", b"", "has no line with the names of the columns"),
        ("in.csv", "id,wifi.connection\n".encode("utf-16"), "is not UTF-8 text"),
        ("in.jsonl", "{}\n".encode("utf-16"), "is not UTF-8 text"),
        ("in.jsonl.gz", b"{}\n", "is cut off, or not packed by gzip"),
        (
            "in.jsonl.gz",
            gzip.compress(b'{"wifi": {"connection": "off"}}\n' * 9, mtime=0)[:-9],
            "is cut off",
        ),
        ("in.json", b'{"wifi": {}}', "is no list of cases"),
        ("in.json", b"[1, ", "is not JSON"),
        ("in.csv", b"wifi.connection,wifi.connection\n", "wifi.connection: stands twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_plain_error(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    found = commands.invoke("batch", str(tmp_path / name), str(tmp_path / "out.csv"))
    assert found.exit_code == 2
    assert said in found.stderr
    assert not (tmp_path / "out.csv").exists()


def test_what_cannot_be_written_to_is_said_before_anything_is_done(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("{}\n")
    for out, said in (
        (source, "is what is to be read"),
        (tmp_path / "no" / "out.csv", "there is no such folder"),
        (tmp_path / "out.txt", "has a name that tells no format"),
    ):
        found = commands.invoke("batch", str(source), str(out))
        assert (found.exit_code, said in found.stderr) == (2, True), found.stderr
    missing = commands.invoke("batch", str(tmp_path / "none.jsonl"), str(tmp_path / "out.csv"))
    assert (missing.exit_code, "there is no such file" in missing.stderr) == (2, True)
    same = commands.invoke(
        "batch", str(source), str(tmp_path / "o.csv"), "--rejects", str(tmp_path / "o.csv")
    )
    assert (same.exit_code, "is for the diagnoses" in same.stderr) == (2, True)
    assert source.read_text() == "{}\n"


@given(content=st.binary(max_size=300), ending=st.sampled_from(["jsonl", "csv", "json", "parquet"]))
@settings(max_examples=12)
def test_whatever_a_file_holds_ends_in_rows_or_in_one_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / f"in.{ending}").write_bytes(content)
    try:
        done = batch(folder / f"in.{ending}", folder / "out.jsonl", workers=1)
    except DiagnoserError:
        assert not (folder / "out.jsonl").exists()
    else:
        assert len(fleets.rows(folder / "out.jsonl")) == done.diagnosed
    shutil.rmtree(folder)


def test_names_of_files_may_hold_what_patterns_and_sql_use(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] *? folder"
    folder.mkdir()
    (folder / "in.jsonl").write_text("{}\n")
    out = folder / "o'ut [1]*.csv"
    assert batch(folder / "in.jsonl", out, workers=1).diagnosed == 1
    report = commands.invoke("fleet-report", str(out), "--format", "json")
    assert json.loads(report.stdout)["phones"] is None


def test_rejects_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    source.write_text("bad\n")
    rejects = batch(source, out, workers=1).rejects
    assert rejects
    assert rejects.exists()
    source.write_text("{}\n")
    assert batch(source, out, workers=1).rejects is None
    assert not rejects.exists()


def test_without_the_extra_it_says_how_to_get_it() -> None:
    for arguments in (["batch", "in.jsonl", "out.csv"], ["fleet-report", "out.csv"]):
        found = commands.without("pyarrow", *arguments)
        assert found.returncode == 2
        assert found.stderr.decode() == (
            'Error: pyarrow is not installed. Install it with: pip install "diagnoser[fleet]"\n'
        )


def test_the_command_says_nothing_on_standard_output(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("{}\n{}\n")
    found = commands.run("batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.csv"))
    assert (found.returncode, found.stdout) == (0, b"")
    told = found.stderr.decode()
    assert told.startswith("2 rows diagnosed (1 different case), ")
    assert "\r" not in told


MEASURED = """
import re, sys
from pathlib import Path
from diagnoser.fleet.batch import batch
batch(Path(sys.argv[1]), Path(sys.argv[2]), workers=1)
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    line = b'{"wifi": {"connection": "off"}}' + b" " * 60_000 + b"\n"
    used = []
    for name, number in (("small", 10), ("large", 1_500)):
        (tmp_path / f"{name}.jsonl").write_bytes(line * number)
        found = subprocess.run(
            [sys.executable, "-c", MEASURED, tmp_path / f"{name}.jsonl", tmp_path / f"{name}.csv"],
            capture_output=True,
            check=True,
            env=commands.environment(),
        )
        used.append(int(found.stdout) / 1024)
    assert used[1] - used[0] < 40  # MiB, of 86 that are read
