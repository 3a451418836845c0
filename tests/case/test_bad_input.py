"""Bad input ends in one message that says where, what and what is allowed; never in a traceback."""

from __future__ import annotations

import errno
import json
import os
import pickle
import pty
import shlex
import signal
import subprocess
from collections import ChainMap, UserDict, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.case.json_input import MAX_BYTES
from diagnoser.explanation.model import Explanation
from diagnoser.interview.typed_answers import parse_typed
from diagnoser.knowledge.values import Lookup
from tests.commands import NOTHING, PATIENCE, PROGRAM, STORAGE, environment, invoke, run


def refused(result: Result) -> str:
    """The message of a command that had to refuse its input."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith(("Error: ", "Usage: "))
    return result.stderr


def refused_process(done: subprocess.CompletedProcess[bytes]) -> str:
    message = done.stderr.decode()
    assert done.returncode == 2
    assert not done.stdout
    assert "Traceback" not in message
    assert message.count("Error: ") == 1
    return message


MISTAKES = {
    "not JSON": (b"{wifi: off}", ["standard input", "not JSON", "line 1, column 2"]),
    "cut off": (b'{"wifi": {"connection": "off"', ["standard input", "not JSON"]),
    "two documents": (b"{} {}", ["standard input", "not JSON", "line 1, column 4"]),
    "empty": (b"", ["standard input", "empty", "{}"]),
    "blank": (b" \n", ["standard input", "empty", "{}"]),
    "a list": (b"[]", ["standard input", "not an object", "allowed"]),
    "a number": (b"7", ["standard input", "not an object", "allowed"]),
    "null": (b"null", ["standard input", "not an object", "allowed"]),
    "an area that is a text": (b'{"wifi": "off"}', ["wifi:", '"off"', "connection"]),
    "an area that is a list": (b'{"wifi": [1]}', ["wifi:", "[1]", "connection"]),
    "an unknown area": (
        b'{"wify": {}}',
        ['wify: is not an area - did you mean "wifi"?', "storage"],
    ),
    "an unknown fact": (
        b'{"wifi": {"signl": "weak"}}',
        ['wifi.signl: is not a fact - did you mean "wifi.signal"?', "connection"],
    ),
    "a fact of another area": (
        b'{"wifi": {"vpn": "on"}}',
        ['wifi.vpn: is not a fact - did you mean "network.vpn"?'],
    ),
    "an unknown answer": (
        b'{"wifi": {"connection": "of"}}',
        ['wifi.connection: "of" is not one of its answers - did you mean "off"?', "not-joined"],
    ),
    "true for a word": (
        b'{"backup": {"switch": true}}',
        ['backup.switch: true is not one of its answers - did you mean "on"?', "grey"],
    ),
    "a word for a number": (
        b'{"storage": {"icloud_free_gb": "plenty"}}',
        ["storage.icloud_free_gb:", '"plenty" is not a number', "from 0 to 14000 GB"],
    ),
    "a number with its unit": (
        b'{"storage": {"icloud_free_gb": "300 MB"}}',
        ["storage.icloud_free_gb:", '"300 MB" is text', "without quotes: 0.3 (", "0 to 14000 GB"],
    ),
    "a number in quotes": (
        b'{"storage": {"icloud_free_gb": "3"}}',
        ["storage.icloud_free_gb:", '"3" is text; write the number without quotes: 3 ('],
    ),
    "a number in quotes that is out of range": (
        b'{"storage": {"icloud_free_gb": "-3"}}',
        ["storage.icloud_free_gb:", '"-3" is out of range', "from 0 to 14000 GB"],
    ),
    "true for a number": (
        b'{"storage": {"icloud_free_gb": true}}',
        ["storage.icloud_free_gb: true is not a number", "from 0 to 14000 GB"],
    ),
    "a mapping for a number": (
        b'{"storage": {"icloud_free_gb": {"gb": "three"}}}',
        ['storage.icloud_free_gb: {"gb": "three"} is not a number'],
    ),
    "a number in a list": (
        b'{"storage": {"icloud_free_gb": [3]}}',
        ["storage.icloud_free_gb:", "is not a number", "from 0 to 14000 GB"],
    ),
    "a number below its range": (
        b'{"storage": {"icloud_free_gb": -0.01}}',
        ["storage.icloud_free_gb:", "icloud_free_gb: -0.01 is out of range", "from 0 to 14000 GB"],
    ),
    "a number above its range": (
        b'{"storage": {"icloud_free_gb": 14000.5}}',
        ["storage.icloud_free_gb:", "is out of range", "from 0 to 14000 GB"],
    ),
    "a number of 5,000 digits": (
        b'{"storage": {"icloud_free_gb": %s}}' % (b"9" * 5000),
        ["storage.icloud_free_gb: the number is too large", "from 0 to 14000 GB"],
    ),
    "NaN": (
        b'{"storage": {"icloud_free_gb": NaN}}',
        ["storage.icloud_free_gb: NaN is not a number"],
    ),
    "Infinity": (
        b'{"storage": {"icloud_free_gb": -Infinity}}',
        ["storage.icloud_free_gb: the number is too small", "from 0 to 14000 GB"],
    ),
    "1e999": (
        b'{"storage": {"icloud_free_gb": 1e999}}',
        ["storage.icloud_free_gb: the number is too large", "from 0 to 14000 GB"],
    ),
    "a version as a number": (
        b'{"ios": {"version": 26.1}}',
        ['ios.version: 26.1 is a number; a version is text in quotes - did you mean "26.1"?'],
    ),
    "a label for an answer": (
        b'{"wifi": {"connection": "Wi-Fi is switched of"}}',
        ["wifi.connection:", 'did you mean "off"?', "not-joined"],
    ),
    "a model in short": (
        b'{"device": {"model": "SE 2"}}',
        ['device.model: "SE 2"', 'did you mean "iPhone SE (2nd generation)"?'],
    ),
    "several models": (
        b'{"device": {"model": "iPhone SE"}}',
        [
            'device.model: "iPhone SE" can mean iPhone SE (1st generation), ',
            "(2nd generation) or iPhone SE (3rd generation)",
            "one of them in full",
        ],
    ),
    "several models, with more than their names": (
        b'{"device": {"model": "SE, 64 GB"}}',
        ["device.model:", "can mean iPhone SE (1st generation)", "one of them in full"],
    ),
    "an unknown model": (
        b'{"device": {"model": "iPhone 16 Prro"}}',
        ["device.model:", 'did you mean "iPhone 16 Pro"?', "such as"],
    ),
    "an unknown word in a list": (
        b'{"backup": {"message": ["network", "bussy"]}}',
        ['backup.message[1]: "bussy" is not one of its answers - did you mean "busy"?', "network"],
    ),
    "a word twice in a list": (
        b'{"backup": {"message": ["busy", "network", "busy"]}}',
        ['backup.message[2]: "busy" is written twice', "each answer once"],
    ),
    "an answer that stands alone, beside another": (
        b'{"backup": {"message": ["network", "none"]}}',
        ['backup.message[1]: "none" cannot stand beside other answers', "only none, or the others"],
    ),
    "unknown in a list": (
        b'{"backup": {"message": ["network", "unknown"]}}',
        ['backup.message[1]: "unknown" is an answer only without a list'],
    ),
    "a number and null in a list": (
        b'{"backup": {"message": [3, null]}}',
        ["backup.message[0]: 3 is not one", "backup.message[1]: null is not one"],
    ),
    "a list in a list": (
        b'{"backup": {"message": [["busy"]]}}',
        ['backup.message[0]: ["busy"] is a list, and one answer is needed here', "network"],
    ),
    "an empty list": (
        b'{"backup": {"message": []}}',
        ["backup.message: [] says nothing", "a list of several, but none only alone"],
    ),
    "more words than there are answers": (
        b'{"backup": {"message": [%s]}}' % b", ".join([b'"busy"'] * 10),
        ["backup.message: [", "has more words than there are answers"],
    ),
    "a list where a fact takes one answer": (
        b'{"wifi": {"connection": ["off"]}}',
        ['wifi.connection: ["off"] is a list, and this fact takes one answer - did you mean "off"'],
    ),
    "a fact that follows from another": (
        b'{"device": {"restart": "top"}}',
        ["device.restart: follows from device.model"],
    ),
    "an unknown remedy": (
        b'{"tried": {"restart-ihpone": "helped"}}',
        ['tried.restart-ihpone: is not a fact - did you mean "tried.restart-iphone"?'],
    ),
    "a key twice": (
        b'{"wifi": {"connection": "off", "connection": "off"}}',
        ["wifi.connection: is written twice", "once"],
    ),
    "an area twice": (b'{"wifi": {}, "wifi": {}}', ["wifi: is written twice", "once"]),
    "too deep": (b'{"a":' * 7 + b"1" + b"}" * 7, ["standard input", "more than 6 levels"]),
    "60,000 brackets": (b"[" * 60_000, ["standard input", "more than 6 levels"]),
    "one byte too many": (
        b"{}" + b" " * (MAX_BYTES - 1),
        ["standard input", "larger than 64 KiB"],
    ),
    "a text that is too long": (
        b'{"wifi": {"connection": "%s"}}' % (b"x" * 201),
        ["wifi.connection:", "longer than 200 characters"],
    ),
    "broken UTF-8": (
        b'{\n"wifi": {"connection": "\xff"}}',
        ["standard input", "line 2 is not UTF-8"],
    ),
    "UTF-16": ('{"wifi": {}}'.encode("utf-16"), ["standard input", "UTF-16", "UTF-8"]),
    "UTF-16 without a mark": ('{"wifi": {}}'.encode("utf-16-le"), ["standard input", "UTF-16"]),
    "UTF-32": ('{"wifi": {}}'.encode("utf-32-be"), ["standard input", "UTF-16 or the like"]),
    "digits that are not ours": (
        '{"ios": {"version": "\u0662\u0666.1"}}'.encode(),
        ["ios.version:", "is not a version"],
    ),
    "unknown, misspelt": (
        b'{"wifi": {"connection": "Unkown"}}',
        ["wifi.connection:", 'did you mean "unknown"?'],
    ),
    "a lone surrogate": (
        b'{"wifi": {"connection": "\\ud800"}}',
        ["wifi.connection:", r"\u{d800}", "not-joined"],
    ),
    "a model with a lone surrogate": (
        b'{"device": {"model": "iPhone 14\\ud800"}}',
        ["device.model:", r"iPhone 14\u{d800}", "such as"],
    ),
    "a key that is a lone surrogate": (b'{"\\udfff": {}}', [r"\u{dfff}"]),
    "control characters": (
        b'{"wifi": {"connection": "\\u001b[2J\\u202e\\u0007\\n"}}',
        ["wifi.connection:", r"\u{1b}[2J\u{202e}\u{7}\u{a}", "not-joined"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_place(mistake: str) -> None:
    content, named = MISTAKES[mistake]

    message = refused(invoke("diagnose", "-", input=content))

    assert not [word for word in named if word not in message]


@pytest.mark.parametrize("mistake", ["not JSON", "an unknown answer", "60,000 brackets"])
def test_a_mistake_in_a_file_is_named_by_the_real_program(mistake: str, tmp_path: Path) -> None:
    content, named = MISTAKES[mistake]
    file = tmp_path / "facts.json"
    file.write_bytes(content)

    message = refused_process(run("next", str(file)))

    named = [word.replace("standard input", str(file)) for word in named]
    assert not [word for word in named if word not in message]


def test_all_mistakes_are_named_at_once() -> None:
    content = b'{"wifi": {"connection": "of"}, "ios": {"version": 26}, "stroage": {}}'

    message = refused(invoke("diagnose", "-", "--set", "wifi.signal=wek", input=content))

    places = ["wifi.connection:", "ios.version:", "stroage:", "wifi.signal:"]
    assert not [place for place in places if place not in message]
    assert len(message.splitlines()) == 1 + len(places)


def test_mistakes_of_every_kind_are_named_at_once_and_none_twice() -> None:
    content = (
        b'{"wifi": {"signal": "wek", "signal": "wek", "x": NaN}, "wifi": {"connection": "\\ud800"},'
        b' "ios": {"version": "%s"}, "\\udfff": 1, "stroage": {}, "lock": 3}' % (b"1" * 201)
    )
    given = ["--set", "wifi", "--set", "a.b=c", "--set", "power.cable=aple"]

    message = refused(invoke("diagnose", "-", *given, input=content))

    places = ["wifi.signal: is written twice", "wifi: is written twice", 'wifi.signal: "wek"']
    places += ["wifi.x:", "wifi.connection:", "ios.version:", r"\u{dfff}:", "stroage:", "lock:"]
    places += ['--set: "wifi"', "a.b:", "power.cable:"]
    lines = message.splitlines()[1:]
    assert [sum(place in line for line in lines) for place in places] == [1] * len(places)
    assert len(lines) == len(places)


def test_a_file_that_cannot_be_read_does_not_hide_what_is_typed() -> None:
    for content, wrong in ((b"{", "not JSON"), (b"\xff", "not UTF-8"), (b"[]", "not an object")):
        message = refused(invoke("diagnose", "-", "--set", "wifi.signal=wek", input=content))

        assert wrong in message
        assert "wifi.signal:" in message
    assert "wifi.signal:" in refused(invoke("diagnose", "", "--set", "wifi.signal=wek"))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("", ['--set: ""', "area.fact=value"]),
        ("wifi.connection", ['--set: "wifi.connection"', "area.fact=value"]),
        ("=off", ['--set: "=off"', "area.fact=value"]),
        ("wifi.conection=off", ["wifi.conection: is not a fact", '"wifi.connection"']),
        ("wifi=off", ["wifi: is an area", "connection"]),
        ("backup.message=network,bussy", ['backup.message[1]: "bussy"', 'did you mean "busy"?']),
        ("backup.message=busy, none", ['backup.message[1]: "none" cannot stand beside']),
        ("backup.message=busy,", ['backup.message[1]: "" is not one of its answers']),
        ("wifi.connection=off,not-joined", ["wifi.connection:", "is not one of its answers"]),
        ("wifi.connection=of", ["wifi.connection:", '"off"', "not-joined"]),
        ("storage.icloud_free_gb=3 furlongs", ["storage.icloud_free_gb:", "GB"]),
        ("storage.icloud_free_gb=1,000", ["storage.icloud_free_gb:", "two ways", "the comma"]),
        ("storage.icloud_free_gb=20000 GB", ["storage.icloud_free_gb:", '"20000 GB" is out']),
        ("wifi.connection=\x1b[2J\udcff", [r"\u{1b}[2j\u{dcff}", "not-joined"]),
        ("device.model=iPhone 14\udcff", [r"14\u{dcff}", "half a character", "such as"]),
    ],
)
def test_a_mistake_in_set_is_named(given: str, named: list[str]) -> None:
    message = refused(invoke("diagnose", "--set", given))

    assert not [word for word in named if word not in message]
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["diagnose"], ["FILE", "--set area.fact=value"]),
        (["diagnos"], ["diagnos"]),
        (["diagnose", NOTHING, "--format", "xml"], ["--format", "xml", "markdown"]),
        (["diagnose", NOTHING, "--knowledge", "nowhere"], ["--knowledge", "nowhere"]),
        (["causes", "wifi-is-of"], ['"wifi-is-of"', '"wifi-is-off"']),
        (["facts", "wifi"], ['"wifi" is not one of the facts', "an area, with wifi.connection,"]),
        (["causes", "wifi"], ['"wifi" is not one of the causes', "with airplane-mode-is-on,"]),
        (["facts", "wifi.conection"], ['"wifi.conection"', '"wifi.connection"']),
        (["remedies", "restart"], ['"restart"', '"restart-']),
        (["remedies", "qqqq"], ['"qqqq"', "diagnoser remedies"]),
        (["schema", "report", "more"], ["more"]),
        (["--nothing"], ["--nothing"]),
        (["facts", "\x1b[2J\u202e"], [r"\u{1b}[2J\u{202e}"]),
    ],
)
def test_bad_usage_is_named(arguments: list[str], named: list[str]) -> None:
    message = refused(invoke(*arguments))

    assert not [word for word in named if word not in message]
    assert "\x1b" not in message


def test_a_folder_without_knowledge_is_named(tmp_path: Path) -> None:
    for command in (["diagnose", NOTHING], ["facts"], ["check"], ["schema"]):
        message = refused(invoke(*command, "--knowledge", str(tmp_path)))

        assert str(tmp_path) in message
        assert "rules/ and facts/" in message


def test_mistakes_in_knowledge_are_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "facts" / "wifi.yaml").write_text("title: Wi-Fi\norder: 1\nfacts: []\n")
    (tmp_path / "rules" / "pack.yaml").write_text("id: \x1b[2J\n")

    message = refused_process(run("check", "--knowledge", str(tmp_path)))

    assert "facts/wifi.yaml:3: facts" in message
    assert "rules/pack.yaml:1" in message
    assert "\x1b" not in message


# -- files


def test_a_missing_file_is_named_with_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text("{}")

    message = refused(invoke("diagnose", str(tmp_path / "fact.json")))

    near = tmp_path / "facts.json"
    assert f'fact.json: there is no such file - did you mean "{near}"?' in message


def test_a_missing_folder_is_no_traceback(tmp_path: Path) -> None:
    message = refused(invoke("diagnose", str(tmp_path / "nowhere" / "facts.json")))

    assert "there is no such file" in message


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert "is a folder" in refused_process(run("diagnose", str(tmp_path)))
    assert '"": cannot be read: it has no name' in refused(invoke("diagnose", ""))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_an_unreadable_file_is_named(
    error: OSError, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, mode: str) -> Any:
        raise error

    monkeypatch.setattr("click.open_file", refuse)

    message = refused(invoke("diagnose", "secret.json"))

    assert f"secret.json: cannot be read: {reason}" in message


def test_a_name_that_no_file_can_have_is_no_traceback() -> None:
    assert "cannot be read" in refused(invoke("diagnose", "facts\0.json"))
    assert "cannot be read" in refused(invoke("diagnose", "x" * 5000))


def test_hostile_file_names_are_harmless(tmp_path: Path) -> None:
    (tmp_path / "facts\x1b[2J.json").write_text("{}")

    message = refused(invoke("diagnose", str(tmp_path / "facts\x1b[2J.jso")))

    assert r"facts\u{1b}[2J.jso: there is no such file" in message
    assert r'did you mean "' in message
    assert "\x1b" not in message


def test_an_endless_device_is_read_no_further_than_a_facts_file() -> None:
    assert "larger than 64 KiB" in refused_process(run("diagnose", "/dev/zero"))


def test_a_pipe_with_a_name_is_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [*PROGRAM, "next", str(pipe), "--format", "json"],
        env=environment(),
        stdout=subprocess.PIPE,
    ) as program:
        pipe.write_bytes(b'{"wifi": {"connection": "off"}}')
        output, _ = program.communicate(timeout=PATIENCE)

    assert program.returncode == 0
    assert "next_question" in json.loads(output)


# -- standard input and output


def test_empty_standard_input_is_named() -> None:
    message = refused_process(run("diagnose", "-", stdin=subprocess.DEVNULL))

    assert "standard input: empty" in message


def test_closed_standard_input_is_named() -> None:
    message = refused_process(run("diagnose", "-", stdin=None, preexec_fn=lambda: os.close(0)))

    assert "standard input: cannot be read" in message


@pytest.mark.parametrize("arguments", [["diagnose", STORAGE], ["facts"], ["schema"], ["--version"]])
def test_nobody_reads_on(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = run(*arguments, stdout=writing)

    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


def test_help_that_nobody_reads_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = run("--help", stdout=writing)

    os.close(writing)
    assert done.stderr == b""


@pytest.mark.parametrize("arguments", [["diagnose", STORAGE], ["--help"]])
def test_a_full_disk_is_named(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(*arguments, stdout=full)

    message = done.stderr.decode()
    assert done.returncode == 2
    assert message.splitlines() == ["Error: the output cannot be written: No space left on device"]


def test_a_closed_output_is_named() -> None:
    message = refused_process(run("diagnose", STORAGE, preexec_fn=lambda: os.close(1)))

    assert message == "Error: the output cannot be written: standard output is closed\n"


def test_talk_that_nobody_can_hear_changes_nothing() -> None:
    done = run("diagnose", STORAGE, preexec_fn=lambda: os.close(2))
    bad = run("diagnose", "nowhere.json", preexec_fn=lambda: os.close(2))

    assert (done.returncode, done.stdout, done.stderr) == (0, run("diagnose", STORAGE).stdout, b"")
    assert (bad.returncode, bad.stdout, bad.stderr) == (2, b"", b"")


@pytest.mark.parametrize(
    "changes",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1:strict"},
    ],
)
def test_output_is_utf_8_whatever_the_locale_says(changes: dict[str, str]) -> None:
    done = run("diagnose", STORAGE, env=environment(**changes))
    plain = run("diagnose", STORAGE)
    bad = run("diagnose", "--set", "wifi.connection=\u00fc\U0001f600", env=environment(**changes))

    assert done.returncode == 0
    assert done.stdout == plain.stdout
    assert "wifi.connection:" in refused_process(bad)


Action = Callable[[subprocess.Popen[bytes], int], object]
"""What somebody does: to the program, or on the keyboard."""


def at_the_keyboard(act: Action) -> tuple[int, bytes, bytes]:
    """Exit code and both outputs of `next -` on a terminal, once it has said what it awaits."""
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, "next", "-", "--format", "json"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as program:
        assert program.stderr is not None
        assert b"Waiting for facts as JSON" in program.stderr.readline()
        act(program, keyboard)
        output, talk = program.communicate(timeout=PATIENCE)
    os.close(keyboard)
    os.close(terminal)
    return program.returncode, output, talk


def test_a_person_at_the_keyboard_is_told_what_is_awaited() -> None:
    code, output, talk = at_the_keyboard(lambda _, keyboard: os.write(keyboard, b"{}\n\x04"))

    assert code == 0
    assert not talk
    assert "next_question" in json.loads(output)


def test_ctrl_c_leaves_quietly() -> None:
    code, output, talk = at_the_keyboard(lambda program, _: program.send_signal(signal.SIGINT))

    assert code == 130
    assert not output
    assert not talk.strip()


# -- as a library


class _Word(StrEnum):
    OFF = "off"


class _Name(str, Enum):  # noqa: UP042  its str() is "_Name.OFF"
    OFF = "off"


class _Other(Enum):
    OFF = "off"


class _Shy:
    def __repr__(self) -> str:
        raise RuntimeError("not to be shown")


class _Number(float):
    pass


def _nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(depth):
        inner = {"wifi": inner}
    return inner


@pytest.mark.parametrize(
    "facts",
    [
        None,
        [],
        "{}",
        b"{}",
        object(),
        _Shy(),
        _nested(5000),
        {1: {}},
        {None: {}},
        {b"wifi": {}},
        {10**5000: {}},
        {_Shy(): {}},
        {"\ud800": {}},
        {"wifi": _nested(5000)},
        {"wifi": {1: "off"}},
        {"wifi": {"\ud800": "off"}},
        {"wifi": 10**5000},
        {"wifi": _Shy()},
        *(
            {"wifi": {"connection": value}}
            for value in (True, 0, b"off", ["off"], {"off"}, {"off": 1}, _Other.OFF, _Shy())
        ),
        *(
            {"wifi": {"connection": value}}
            for value in (10**5000, date(2026, 11, 23), _nested(900))
        ),
        *(
            {"storage": {"icloud_free_gb": value}}
            for value in (True, 1j, Decimal("0.3"), Decimal("sNaN"), Fraction(1, 3), 10**5000)
        ),
        *({"storage": {"icloud_free_gb": value}} for value in (float("nan"), -(10**400), [0.3])),
        *(
            {"ios": {"version": value}}
            for value in (26, 26.1, True, float("inf"), 10**5000, (26, 1), date(2026, 1, 1))
        ),
        {"device": {"model": 12}},
        {"tried": {"restart-iphone": True}},
    ],
    ids=lambda facts: (
        f"{type(facts).__name__} of {type(next(iter(facts), None)).__name__}"
        if isinstance(facts, dict)
        else type(facts).__name__
    ),
)
def test_no_python_object_gets_through_or_raises_anything_else(
    facts: Any, diagnoser: Diagnoser
) -> None:
    for use in (diagnoser.diagnose, diagnoser.next_question):
        with pytest.raises(InvalidFacts) as error:
            use(facts)
        assert all(problem.reason for problem in error.value.problems)
        assert all(line.isprintable() for line in str(error.value).splitlines())


@pytest.fixture(scope="module")
def explained(diagnoser: Diagnoser) -> Explanation:
    """The explanation for a plain dictionary."""
    return diagnoser.explain({"wifi": {"connection": "off"}})


@pytest.mark.parametrize(
    "facts",
    [
        MappingProxyType({"wifi": MappingProxyType({"connection": "off"})}),
        ChainMap({"wifi": UserDict({"connection": "off"})}, {"wifi": {"connection": "connected"}}),
        defaultdict(dict, wifi={"connection": "off"}),
        {"wifi": {"connection": _Word.OFF}},
        {"wifi": {"connection": _Name.OFF}, "storage": None},
    ],
    ids=lambda facts: type(facts).__name__,
)
def test_any_mapping_and_any_text_will_do(
    facts: Any, diagnoser: Diagnoser, explained: Explanation
) -> None:
    plain = diagnoser.diagnose({"wifi": {"connection": "off"}})

    assert diagnoser.diagnose(facts).json_text() == plain.json_text()
    assert diagnoser.explain(facts) == explained


def test_numbers_of_other_types_are_written_alike(diagnoser: Diagnoser) -> None:
    texts = {
        diagnoser.diagnose({"storage": {"icloud_free_gb": number}}).json_text()
        for number in (0.5, _Number(0.5))
    }

    assert len(texts) == 1


def test_the_library_lists_every_problem_with_its_path(diagnoser: Diagnoser) -> None:
    facts = {"wifi": {"connection": "of"}, "ios": {"version": 26}, "stroage": {}, "lock": "yes"}
    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose(facts)

    found = {problem.path: problem for problem in error.value.problems}
    assert set(found) == {"wifi.connection", "ios.version", "stroage", "lock"}
    assert (found["wifi.connection"].near, found["ios.version"].near) == ("off", "26")
    assert found["stroage"].near == "storage"
    assert "not-joined" in found["wifi.connection"].allowed
    assert "overnight" in found["lock"].allowed


# -- what a person may type, a file may not, but it is understood


@given(st.data())
def test_a_model_that_ask_understands_is_taken_by_set_and_suggested_for_a_file(
    diagnoser: Diagnoser, data: st.DataObject
) -> None:
    fact = diagnoser.knowledge.facts["device.model"]
    assert isinstance(fact.kind, Lookup)
    words = data.draw(st.sampled_from(fact.kind.names)).split()
    kept = words[data.draw(st.integers(0, len(words) - 1)) :]
    text = data.draw(st.sampled_from([" ", ""])).join(kept).lower()
    text = text[: data.draw(st.integers(1, len(text)))]

    understood = outcome(lambda: parse_typed(fact, text))
    taken = outcome(lambda: diagnoser.sheet.read_texts([(fact.id, text)])["device"]["model"])
    in_file = outcome(lambda: diagnoser.sheet.read({"device": {"model": text}}).given[fact.id])

    if isinstance(understood, str):
        assert taken == understood
        assert in_file == understood or in_file.near == understood
    else:
        assert understood.reason == taken.reason == in_file.reason
        assert understood.near == taken.near == in_file.near


def outcome(attempt: Callable[[], Any]) -> Any:
    """What comes of an attempt: a value, or the problem."""
    try:
        return attempt()
    except InvalidFacts as error:
        (problem,) = error.problems
        return problem


# -- anything at all


@given(st.binary(max_size=200))
def test_no_bytes_are_a_traceback(content: bytes) -> None:
    result = invoke("diagnose", "-", input=content)

    assert result.exit_code in (0, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "--save", "loop"),
        ("ask", "--save", "loop/x.json"),
        ("ask", "--resume", "loop"),
        ("ask", "--resume", ""),
        ("ask", "--save", ""),
        ("ask", "--save", "-"),
        ("ask", "--resume", "", "--facts", "facts.json"),
        ("ask", "--max-questions", "9" * 30),
        ("diagnose", "--set", "wifi.signal=weak", "--record", "-"),
        ("diagnose", "--set", "wifi.signal=weak", "--record", "facts.json"),
    ],
)
def test_files_that_cannot_be_meant_are_refused_and_left_alone(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "facts.json").write_text("{}")

    refused_process(run(*arguments, cwd=tmp_path))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["facts.json", "loop"]
    assert (tmp_path / "facts.json").read_text() == "{}"


def test_a_closed_standard_input_holds_no_records() -> None:
    command = f"{shlex.join([*PROGRAM, 'replay', '-'])} <&-"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, check=False, timeout=PATIENCE, env=environment()
    )

    assert "it is closed" in refused_process(done)


def test_mistakes_survive_the_way_from_another_process(diagnoser: Diagnoser) -> None:
    with pytest.raises(InvalidFacts) as error:
        diagnoser.diagnose({"wifi": {"connection": "of", "signl": 1}})
    copy = pickle.loads(pickle.dumps(error.value))

    assert str(copy) == str(error.value)
    assert copy.problems == error.value.problems


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=10)
    | st.sampled_from(["off", "unknown", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["wifi", "connection", "storage", "tried", "ios", "version", "\udfff"])
            | st.text(max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_no_json_is_a_traceback(value: object) -> None:
    result = invoke("diagnose", "-", input=json.dumps(value).encode())

    assert result.exit_code in (0, 2)
    if result.exit_code == 2:
        assert all(line.isprintable() for line in refused(result).splitlines())


@pytest.mark.parametrize("outcome", ["yes", 1, None, ["helped"], {}, "helped"])
def test_something_tried_that_is_no_remedy_is_one_mistake(
    outcome: object, diagnoser: Diagnoser
) -> None:
    with pytest.raises(InvalidFacts) as caught:
        diagnoser.diagnose({"tried": {"restart-phone": outcome}})

    [problem] = caught.value.problems
    assert (problem.path, problem.near) == ("tried.restart-phone", "tried.restart-iphone")
