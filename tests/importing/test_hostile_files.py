"""Files that are broken, huge or meant to do harm: one clear sentence each, never a traceback, and
nothing of what was in them."""

from __future__ import annotations

import json
import plistlib
import struct
import time
import tracemalloc
from collections.abc import Sequence
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
    # Made anew each time, since what is drawn is changed further.
    st.builds(list),
    st.builds(dict),
    st.lists(st.builds(lambda: {"events": 3, "SupportedDevices": [None]}), max_size=2),
)


def refused(diagnoser: Diagnoser, raw: bytes, name: str = "x") -> str:
    """Why a file is refused."""
    found = read(diagnoser, [(name, raw)], as_of=AS_OF)
    assert not found.cases
    (one,) = found.refused
    return str(one)


def binary(
    body: bytes, starts: Sequence[int], ref_size: int = 2, number: int | None = None
) -> bytes:
    """A binary property list of this body, whose objects start at these places of it; the first is
    the root. It may claim another number of them."""
    size = 8 + len(body)
    table = b"".join((8 + start).to_bytes(4) for start in starts)
    count = len(starts) if number is None else number
    return b"bplist00" + body + table + struct.pack(">6xBBQQQ", 4, ref_size, count, 0, size)


def array(*refs: int) -> bytes:
    """A list of these objects."""
    return b"\xaf\x12" + struct.pack(f">I{len(refs)}H", len(refs), *refs)


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
        (b"<html><body>Sign in</body></html>", "is a page of HTML"),
        (b"bplist00\xd1\x01\x02", "is not a whole binary property list"),
        (b"bplist16\xd1\x01\x02", "is a binary property list of a version that is not known"),
        (b"<mobile_device><general></mobile_device>", "is not whole XML (line 1)"),
        (b"<mobile_device/>\n<mobile_device/>", "goes on after the end of its XML (line 2)"),
        (b"<mobile_device>&a;</mobile_device>", "is not whole XML (line 1)"),
        (b"<a>" * 100_000, "is nested more than 32 levels"),
        (b"<a>" * 33 + b"</a>" * 33, "is nested more than 32 levels"),
        (b"<report><model>iPhone</model></report>", "is in none of the formats"),
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


@pytest.mark.parametrize(
    "text",
    [
        "<plist><dict><key>QueryResponses</key><dict><key>OSVersion</key><string>&v;</string>"
        "</dict></dict></plist>",
        "<mobile_device><general><os_version>&v;</os_version></general></mobile_device>",
    ],
    ids=["property list", "other XML"],
)
def test_entities_are_refused_and_files_not_read(
    text: str, diagnoser: Diagnoser, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("26.1")
    for entity in (f'SYSTEM "file://{secret}"', '"26.1"'):
        raw = f"<!DOCTYPE plist [<!ENTITY v {entity}>]>{text}"
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


LAUGHS = [array(*[ref + 1] * 10) for ref in range(30)]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            # twenty thousand lists, all of which are the same 40,000 bytes of the file
            binary(
                array(*range(1, 20_000)) + array(*[20_000] * 20_000) + b"\x50",
                [0, *[6 + 2 * 19_999] * 19_999, 12 + 2 * 39_999],
            ),
            "is not a whole binary property list",
        ),
        (
            binary(
                array(*range(1, 20_000)) + b"\x4f\x12\x00\x0f\x00\x00" + bytes(0xF0000),
                [0, *[6 + 2 * 19_999] * 19_999],
            ),
            "is not a whole binary property list",
        ),
        (binary(array(0), [0]), "is nested more than 32 levels deep"),
        (binary(array(*[0] * 1000), [0]), "holds more than 1,000,000 values"),
        (
            binary(b"".join(LAUGHS) + b"\x50", [*range(0, 31 * len(LAUGHS[0]), len(LAUGHS[0]))]),
            "holds more than 1,000,000 values",
        ),
        (
            binary(b"".join(array(ref + 1) for ref in range(5000)), [*range(0, 40_000, 8)]),
            "is nested more than 32 levels deep",
        ),
        (binary(b"\x4f\x13" + b"\x7f" * 8, [0]), "is not a whole binary property list"),
        (binary(b"\xaf\x13" + b"\x7f" * 8, [0]), "is not a whole binary property list"),
        (binary(b"\x50", [0], number=2**63), "is not a whole binary property list"),
        (binary(b"\x50", []), "is not a whole binary property list"),
    ],
    ids=[
        "lists that overlap",
        "bytes that overlap",
        "a list in itself",
        "a list a thousand times in itself",
        "a billion laughs",
        "5,000 levels",
        "a long text",
        "a long list",
        "many objects",
        "no object",
    ],
)
def test_a_small_binary_property_list_cannot_become_huge(
    raw: bytes, reason: str, diagnoser: Diagnoser
) -> None:
    tracemalloc.start()
    try:
        assert reason in refused(diagnoser, raw)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@given(
    st.lists(
        st.one_of(
            st.binary(min_size=1, max_size=4),
            st.lists(st.integers(0, 9), max_size=4).map(lambda refs: array(*refs)),
            st.lists(st.integers(0, 9), min_size=2, max_size=2).map(
                lambda refs: b"\xd1" + struct.pack(">2H", *refs)
            ),
            st.sampled_from([b"\x5eQueryResponses", b"\x59OSVersion", b"\x1f", b"\x23\x7f\xf8"]),
        ),
        min_size=1,
        max_size=10,
    ),
    st.integers(0, 3),
)
def test_objects_in_any_order_never_give_a_traceback(
    diagnoser: Diagnoser, objects: list[bytes], shift: int
) -> None:
    starts = [sum(map(len, objects[:place])) + shift for place in range(len(objects))]
    sound(read(diagnoser, [("x", binary(b"".join(objects), starts))]), diagnoser)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), b"x", True])
def test_a_number_that_no_phone_has_is_left_out(value: Any, diagnoser: Diagnoser) -> None:
    device = {"AvailableDeviceCapacity": value, "LastCloudBackupDate": value}
    for form in (plistlib.FMT_XML, plistlib.FMT_BINARY):
        raw = plistlib.dumps({"QueryResponses": device}, fmt=form)
        (case,) = read(diagnoser, [("x", raw)], as_of=AS_OF).cases
        assert case.facts == {}
        assert len(case.notes) == 2


def test_a_number_longer_than_any_float_is_left_out(diagnoser: Diagnoser) -> None:
    key = "AvailableDeviceCapacity"
    text = f"<key>{key}</key><integer>{'9' * 400}</integer>"
    as_xml = f"<plist><dict><key>QueryResponses</key><dict>{text}</dict></dict></plist>".encode()
    names = b"\x5eQueryResponses", b"\x5f\x10\x17" + key.encode()
    parts = [b"\xd1\0\1\0\2", names[0], b"\xd1\0\3\0\4", names[1], b"\x1f" + b"\x7f" * 2**15]
    starts = [sum(map(len, parts[:place])) for place in range(len(parts))]
    for raw in (as_xml, binary(b"".join(parts), starts)):
        (case,) = read(diagnoser, [("x", raw)]).cases
        assert (case.facts, len(case.notes)) == ({}, 1)


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
        b"<mobile_device>" + b"<a/>" * 1_200_000 + b"</mobile_device>",
        b"<mobile_device>" + b"&lt;" * 2_000_000 + b"</mobile_device>",
    ],
    ids=range(10),
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
