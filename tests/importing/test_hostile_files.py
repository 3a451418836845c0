"""Files that are broken, huge or meant to do harm: one clear sentence each, never a traceback, and
nothing of what was in them."""

from __future__ import annotations

import json
import plistlib
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import Diagnoser
from diagnoser.importing import Imported, read
from diagnoser.importing.content import MAX_BYTES
from tests.importing.golden import AS_OF, SAMPLES, leaks, sample

CONTENTS = [path.read_bytes() for path in SAMPLES]
TREES = [json.loads(sample(path.name)) for path in SAMPLES if path.suffix == ".json"]
TREES += [plistlib.loads(sample(path.name)) for path in SAMPLES if path.suffix == ".plist"]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**18, 10**40),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["iPhone13,2", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "1e999"]),
    st.just([]),
    st.just({}),
    st.lists(st.just({"events": 3, "SupportedDevices": [None]}), max_size=2),
)


def refused(diagnoser: Diagnoser, raw: bytes, name: str = "x") -> str:
    """Why a file is refused."""
    found = read(diagnoser, [(name, raw)], as_of=AS_OF)
    assert not found.cases
    (one,) = found.refused
    return str(one)


def sound(found: Imported, diagnoser: Diagnoser) -> None:
    """What always holds, whatever was read."""
    for case in found.cases:
        diagnoser.sheet.read(case.sheet())
    assert not leaks(found.json_text())


@given(st.data())
@settings(max_examples=300)
def test_bytes_that_were_changed_never_give_a_traceback(diagnoser: Diagnoser, data: Any) -> None:
    raw = bytearray(data.draw(st.sampled_from(CONTENTS)))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
    sound(read(diagnoser, [("x", bytes(raw[:end]))], as_of=AS_OF), diagnoser)


@given(st.data())
@settings(max_examples=400)
def test_values_that_were_changed_never_give_a_traceback(diagnoser: Diagnoser, data: Any) -> None:
    tree = json.loads(json.dumps(data.draw(st.sampled_from(TREES)), default=str))
    for _ in range(data.draw(st.integers(1, 4))):
        inner = tree
        while True:
            keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if not isinstance(inner[key], (dict, list)) or data.draw(st.booleans()):
                inner[key] = data.draw(ODD)
                break
            inner = inner[key]
    as_of = data.draw(st.sampled_from([AS_OF, None]))
    sound(read(diagnoser, [("x", json.dumps(tree).encode())], as_of=as_of), diagnoser)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_politely(diagnoser: Diagnoser, raw: bytes) -> None:
    found = read(diagnoser, [("x", raw)])
    assert len(found.refused) + len(found.read) == 1


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"hello", "is nothing that can be read"),
        (b"{", "is not whole JSON: Expecting property name"),
        (b'{"QueryResponses": NaN}', "holds NaN"),
        (b'{"a": 1}', "is in none of the formats"),
        (b"[" * 100_000, "is nested more than 32 levels"),
        (b"[" * 40 + b"]" * 40, "is nested more than 32 levels"),
        (b"<plist><dict>", "is not a whole XML property list"),
        (b"<html><body>Sign in</body></html>", "is XML or HTML, but no property list"),
        (b"bplist00\xd1\x01\x02", "is a binary property list"),
        (b"\x89PNG\r\n\x1a\n", "line 1 is not text"),
        (b" " * (MAX_BYTES + 1), "larger than 8 MiB"),
        (
            b"<plist><dict><key>QueryResponses</key><integer>%s</integer></dict></plist>"
            % (b"9" * 9999),
            "is not a whole XML property list",
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else value,
)
def test_a_bad_file_says_what_is_wrong(raw: bytes, reason: str, diagnoser: Diagnoser) -> None:
    assert f"x: {reason}" in refused(diagnoser, raw)


def test_entities_are_refused_and_files_not_read(diagnoser: Diagnoser, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("26.1")
    for entity in (f'SYSTEM "file://{secret}"', '"26.1"'):
        raw = (
            f"<!DOCTYPE plist [<!ENTITY v {entity}>]><plist><dict><key>QueryResponses</key><dict>"
            "<key>OSVersion</key><string>&v;</string></dict></dict></plist>"
        )
        assert "defines entities" in refused(diagnoser, raw.encode())
        assert "defines entities" in refused(diagnoser, raw.encode("utf-16"))


def test_a_billion_laughs_take_neither_memory_nor_time(diagnoser: Diagnoser) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    raw = f"<!DOCTYPE plist [{entities}]><plist><string>&a9;</string></plist>".encode()
    tracemalloc.start()
    try:
        assert "defines entities" in refused(diagnoser, raw)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "raw",
    [
        b"cb(" + b")" * 1_000_000 + b" " * 1_000_000 + b"x",
        b"cb({})" + b" " * 1_000_000 + b"x",
        b"<plist " + b"<!DOCTYPE" * 500_000,
        b"<?xml " + b"?" * 1_000_000 + b"<plist",
        b"ProductVersion: 18.5" + b" " * 1_000_000 + b"x",
        b"a" * 4_000_000,
        b"A: b\n" * 1_000_000,
        b'{"services": [' + b'{"serviceName": 1},' * 200_000 + b"{}]}",
    ],
    ids=range(8),
)
def test_long_files_take_a_time_that_grows_with_their_length_alone(
    raw: bytes, diagnoser: Diagnoser
) -> None:
    begun = time.process_time()
    read(diagnoser, [("x", raw)])
    assert time.process_time() - begun < 10


def test_too_many_devices_are_refused(diagnoser: Diagnoser) -> None:
    raw = json.dumps([{"QueryResponses": {}}] * 10_001).encode()
    assert "more than 10000 devices" in refused(diagnoser, raw)


def test_what_a_windows_shell_redirects_is_read(diagnoser: Diagnoser) -> None:
    raw = sample("pymobiledevice3.json").decode().replace("\n", "\r\n").encode("utf-16")
    assert read(diagnoser, [("x.json", raw)]).cases[0].facts["ios"] == {"version": "27.0.1"}


def test_the_rest_goes_on_after_a_bad_file(diagnoser: Diagnoser, tmp_path: Path) -> None:
    files = [("bad", b"{"), tmp_path / "none.json", tmp_path, ("s.json", sample("simplemdm.json"))]
    found = read(diagnoser, files)
    reasons = [one.reason for one in found.refused]
    assert reasons[1:] == ["there is no such file", "is a folder"]
    assert len(found.cases) == 2


def test_a_name_cannot_move_the_cursor(diagnoser: Diagnoser) -> None:
    assert refused(diagnoser, b"{", "a\x1b[2J\n").startswith("a\\u{1b}[2J\\u{a}: ")


def test_a_key_with_somebody_s_name_in_its_value_does_not_show_it(diagnoser: Diagnoser) -> None:
    general = {
        "os_version": "Marie Exempel 18.5",
        "model_identifier": "iPhone of Marie",
        "available_mb": "Musterweg 5",
        "supervised": "Marie",
        "cloud_backup_enabled": "Marie",
        "last_cloud_backup_date_epoch": "Marie",
        "os_type": "Marie OS",
        "last_inventory_update_epoch": "Marie",
    }
    raw = json.dumps({"mobile_device": {"general": general}}).encode()
    found = read(diagnoser, [("x", raw)])
    assert not leaks(found.json_text())
    assert len(found.cases[0].notes) >= 4
