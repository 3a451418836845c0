"""The command line: what each command writes where, and with which exit code."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import click
import jsonschema
import pytest

import diagnoser as package
from diagnoser import Diagnoser, Problem
from diagnoser.cli import main
from diagnoser.interview import session_file
from diagnoser.knowledge.model import Certificate, Knowledge
from tests import packs
from tests.commands import EXAMPLES, NOTHING, PROGRAM, STORAGE, done, environment, invoke, read

FILES = sorted(str(path) for path in EXAMPLES.glob("*.json"))
COMMANDS = main.list_commands(click.Context(main))


@pytest.fixture(scope="module")
def other_knowledge(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A knowledge folder that has nothing to do with iPhones."""
    folder = tmp_path_factory.mktemp("other")
    packs.write(packs.random_data(Random(1), packs.Sizes()), folder)
    return str(folder)


# -- diagnose


@pytest.mark.parametrize("file", FILES, ids=[Path(file).stem for file in FILES])
def test_the_command_and_the_library_write_the_same_bytes(file: str, diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(read(file), look_ahead=True)

    assert done("diagnose", file, "--format", "json") == report.json_text() + "\n"


IN_EVERY_FORM = """
import sys
from diagnoser.cli import main
for form in ("text", "json", "markdown", "html", "card", "sarif"):
    main(["diagnose", sys.argv[1], "--format", form], standalone_mode=False)
"""


def test_output_is_the_same_in_every_process() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", IN_EVERY_FORM, STORAGE],
            env=environment(PYTHONHASHSEED=seed),
            capture_output=True,
            check=True,
        )
        for seed in ("0", "1", "2")
    ]

    assert {one.stderr for one in outputs} == {b""}
    assert b"<!DOCTYPE html>" in outputs[0].stdout
    assert len({one.stdout for one in outputs}) == 1


def test_standard_input_is_as_good_as_a_file() -> None:
    assert done("diagnose", "-", input=Path(STORAGE).read_bytes()) == done("diagnose", STORAGE)


def test_text_is_the_format_without_a_choice() -> None:
    assert done("diagnose", STORAGE).startswith("What is wrong\n")
    assert done("diagnose", STORAGE, "--format", "markdown").startswith("# Diagnosis\n")


def test_full_text_holds_more_than_the_usual_one() -> None:
    assert len(done("diagnose", NOTHING, "--full")) > len(done("diagnose", NOTHING))


def understood(*arguments: str, input: bytes | None = None) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(done("diagnose", *arguments, "--format", "json", input=input))
    return case["case"]  # type: ignore[no-any-return]


def test_set_needs_no_file() -> None:
    given = ["--set", "wifi.connection=off", "--set", "storage.icloud_free_gb=300 MB"]

    assert understood(*given) == {"wifi": {"connection": "off"}, "storage": {"icloud_free_gb": 0.3}}


def test_set_wins_over_the_file() -> None:
    file = b'{"wifi": {"connection": "off", "signal": "weak"}, "network": null}'
    given = ["--set", "wifi.connection=connected", "--set", "network.vpn=on"]

    assert understood("-", *given, input=file) == {
        "wifi": {"connection": "connected", "signal": "weak"},
        "network": {"vpn": "on"},
    }


def test_the_last_set_wins() -> None:
    given = ["--set", "wifi.connection=off", "--set", "wifi.connection=connected"]

    assert understood(*given) == {"wifi": {"connection": "connected"}}


def test_set_takes_back_what_is_mistaken_in_the_file() -> None:
    case = understood("-", "--set", "wifi.signal=weak", input=b'{"wifi": {"signal": "wek"}}')

    assert case == {"wifi": {"signal": "weak"}}


# -- next


def test_next_is_the_question_of_the_library(diagnoser: Diagnoser) -> None:
    question = diagnoser.next_question(read(NOTHING))
    assert question is not None

    output = json.loads(done("next", NOTHING, "--format", "json"))

    assert output["next_question"] == question.model_dump()
    assert output["stop"]["advised"] is False
    assert question.ask in " ".join(done("next", NOTHING).split())


def test_next_says_why_to_stop() -> None:
    helped = ["--set", "tried.restart-iphone=helped"]

    output = json.loads(done("next", *helped, "--format", "json"))

    assert output["next_question"] is None
    assert output["stop"]["advised"] is True
    assert output["stop"]["because"] in " ".join(done("next", *helped).split())


# -- schema


def test_examples_and_their_reports_fit_the_schemas(diagnoser: Diagnoser) -> None:
    schemas = [json.loads(done("schema", which)) for which in ("facts", "report")]
    for schema in schemas:
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema.Draft202012Validator.check_schema(schema)
    facts, report = map(jsonschema.Draft202012Validator, schemas)

    for file in FILES:
        case = read(file)
        facts.validate(case)
        report.validate(json.loads(diagnoser.diagnose(case).json_text()))


def test_schema_of_facts_is_what_schema_shows_first() -> None:
    assert done("schema") == done("schema", "facts")


# -- facts, causes, remedies


@pytest.mark.parametrize("what", ["facts", "places", "signs", "causes", "remedies"])
def test_a_list_names_everything_with_a_line(what: str, diagnoser: Diagnoser) -> None:
    known: dict[str, Any] = dict(getattr(diagnoser.knowledge, what))
    if what == "facts":
        known = {id: fact for id, fact in known.items() if not fact.derived_from}

    listed = json.loads(done(what, "--format", "json"))
    text = done(what)

    assert list(listed) == list(known)
    assert all(listed.values())
    if what == "causes":
        assert "https://support.apple.com/HT203516" in listed["wifi-is-off"]["sources"]
        assert "    https://support.apple.com/HT203516; " in text
    assert [line.split()[0] for line in text.splitlines() if line[:1] != " "] == list(known)


@pytest.mark.parametrize("what", ["facts", "places", "signs", "causes", "remedies"])
def test_everything_has_a_page(what: str, diagnoser: Diagnoser) -> None:
    from diagnoser.rendering import pages, pages_text

    for id in getattr(diagnoser.knowledge, what):
        entry = pages.ENTRIES[what](diagnoser.knowledge, id)
        text = pages_text.entry_text(entry, 80)

        assert json.loads(json.dumps(entry)) == entry
        assert text.startswith(f"{id}\n")
        assert max(map(len, text.splitlines())) <= 80


def test_the_page_of_a_cause_says_what_speaks_for_it() -> None:
    entry = json.loads(done("causes", "wifi-is-off", "--format", "json"))
    text = done("causes", "wifi-is-off")

    (sign,) = entry["signs"]["proves"]
    assert "wifi.connection is off" in sign["when"]
    assert sign["because"] in " ".join(text.split())
    assert next(iter(entry["signs"])) == "proves"
    assert list(entry["signs"])[-1] == "rules out"
    assert "turn-on-wifi" in [remedy["remedy"] for remedy in entry["remedies"]]
    assert entry["title"] in text


def test_the_page_of_a_remedy_says_what_it_takes() -> None:
    entry = json.loads(done("remedies", "reset-all-settings", "--format", "json"))

    assert entry["fixes"][0]["chance"] >= entry["fixes"][-1]["chance"] > 0
    assert entry["loses"]
    assert entry["steps"][-1]["do"]
    assert entry["sources"]
    assert entry["title"] in done("remedies", "reset-all-settings")


def test_the_page_of_a_fact_says_who_reads_it() -> None:
    entry = json.loads(done("facts", "wifi.connection", "--format", "json"))

    assert "off" in entry["answers"]
    (sign,) = (one for one in entry["signs"] if one["sign"] == "wifi-is-switched-off")
    assert "wifi-is-off" in sign["speaks"]["very strongly for"]
    assert entry["place"] == "top-of-the-screen (The top of the screen)"
    assert "look:" in done("facts", "wifi.connection")


def test_the_page_of_a_sign_says_of_what_it_speaks_and_how_strongly(diagnoser: Diagnoser) -> None:
    entry = json.loads(done("signs", "wifi-is-switched-off", "--format", "json"))
    told = {(says, one["cause"]) for says, causes in entry["speaks"].items() for one in causes}

    assert told == {
        (rule.says, rule.cause)
        for rule in diagnoser.knowledge.rules.values()
        if rule.sign == "wifi-is-switched-off"
    }
    assert entry["when"] == "wifi.connection is off"
    assert all(source["title"] for source in entry["sources"])
    assert "very strongly for:" in done("signs", "wifi-is-switched-off")


def test_the_page_of_a_place_says_the_way_for_each_version_and_who_goes_there() -> None:
    entry = json.loads(done("places", "icloud-backup-page", "--format", "json"))

    assert [way["if"] for way in entry["go"]][-1] == "otherwise"
    assert "backup.switch" in entry["facts"]
    assert "turn-on-icloud-backup" in entry["remedies"]
    assert entry["minutes_to_get_there"] > 0
    step = json.loads(done("remedies", "turn-on-icloud-backup", "--format", "json"))["steps"][-1]
    assert any(f"Go to {entry['id']}" in line for line in step["do"])


def test_an_observation_is_no_sign_but_has_some() -> None:
    result = invoke("signs", "message")

    assert result.exit_code == 2
    assert "It is an observation, with message-" in result.stderr


def test_facts_that_follow_from_a_table_have_a_page_too() -> None:
    assert "follows from: device.model" in done("facts", "device.restart")


# -- version, help, check


def test_version_names_program_and_knowledge(diagnoser: Diagnoser) -> None:
    used = diagnoser.knowledge
    lines = done("--version").splitlines()

    assert lines == [
        f"diagnoser {package.__version__}",
        f"knowledge {used.id} {used.version} ({used.digest[:12]})",
        f"certificate 10 claims, proven by diagnoser {package.__version__}",
    ]


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        (None, "certificate none: nothing is proven; see diagnoser check --prove"),
        (
            Certificate("ab" * 32, "0.1.0", 3),
            "certificate ignored: it is of another knowledge (abababababab)",
        ),
    ],
)
def test_version_says_where_nothing_is_proven_of_this_knowledge(
    certificate: Certificate | None,
    said: str,
    diagnoser: Diagnoser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used = diagnoser.knowledge._replace(certificate=certificate)
    monkeypatch.setattr("diagnoser.pack.loader.load", lambda: used)

    assert done("--version").splitlines()[2:] == [said]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_command_has_help(command: list[str]) -> None:
    assert done(*command, "--help") == done(*command, "-h")
    assert done(*command, "--help").startswith("Usage: diagnoser")


def test_without_a_command_there_is_help() -> None:
    assert "Commands:" in invoke().stderr


def test_help_says_of_every_command_what_it_does_in_a_whole_sentence() -> None:
    listed = done("--help").partition("Commands:")[2]

    assert [line.split()[0] for line in listed.splitlines() if line[:3].strip()] == COMMANDS
    assert "..." not in listed


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--help"], ["pydantic", "experta", "yaml", "jinja2"]),
        (["--version"], ["experta", "jinja2"]),
        (["diagnose", STORAGE], ["jinja2"]),
    ],
)
def test_what_a_command_does_not_need_is_not_imported(
    arguments: list[str], spared: list[str]
) -> None:
    code = (
        "import sys\n"
        "from diagnoser.cli import main\n"
        f"try: main({arguments}, prog_name='diagnoser')\n"
        f"except SystemExit: print([m for m in {spared} if m in sys.modules], file=sys.stderr)\n"
    )

    output = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, check=True
    )

    assert output.stderr.decode().strip() == "[]"


def test_check_counts_when_all_is_in_order(
    diagnoser: Diagnoser, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = diagnoser.knowledge
    monkeypatch.setattr("diagnoser.checking.check.check", lambda *_: (used, []))

    output = done("check")

    assert output.startswith(f"{used.id} {used.version} ({used.digest[:12]}): ")
    assert f"{len(used.causes)} causes" in output
    assert len(output.splitlines()) == 1


def test_check_looks_at_dates_only_on_the_day_that_is_given(
    diagnoser: Diagnoser, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[date | None] = []

    def check(_: str | None, today: date | None) -> tuple[Knowledge, list[Problem]]:
        days.append(today)
        return diagnoser.knowledge, []

    monkeypatch.setattr("diagnoser.checking.check.check", check)
    done("check")
    done("check", "--today", "2028-02-29")

    assert days == [None, date(2028, 2, 29)]
    for wrong in ("2027-02-29", "tomorrow", ""):
        refused = invoke("check", "--today", wrong)
        assert refused.exit_code == 2
        assert "--today" in refused.stderr


def test_check_lists_what_it_found(diagnoser: Diagnoser, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem("rules/a.yaml", 3, "rules.x", "is\x1b[2J idle"), Problem("b", 1, "", "too")]
    monkeypatch.setattr(
        "diagnoser.checking.check.check", lambda *_: (diagnoser.knowledge, problems)
    )

    result = invoke("check")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        r"rules/a.yaml:3: rules.x: is\u{1b}[2J idle",
        "b:1: too",
    ]
    assert result.stderr == ""


def test_a_program_may_call_the_commands_itself() -> None:
    with pytest.raises(ValueError, match="no such file"):
        main(["diagnose", "nowhere.json"], standalone_mode=False)


# -- other knowledge


def test_every_command_takes_other_knowledge(other_knowledge: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("{}")
    for command in (["diagnose", str(facts)], ["next", str(facts)], ["schema"], ["facts"]):
        output = done(*command, "--knowledge", other_knowledge)

        assert output != done(*command)


# -- terminals


def on_a_terminal(columns: int, *arguments: str, **changes: str) -> str:
    """What the program shows on a terminal of so many columns."""
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env=environment(**{"TERM": "xterm", **changes}),
    ):
        os.close(terminal)
        shown = b""
        while chunk := _read(screen):
            shown += chunk
    os.close(screen)
    return shown.decode().replace("\r\n", "\n")


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_headings_are_bold_on_a_terminal_only() -> None:
    assert "\x1b[1mWhat is wrong\x1b[0m\n" in on_a_terminal(80, "diagnose", STORAGE)
    assert "\x1b" not in done("diagnose", STORAGE)


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_plain_text_can_be_asked_for(changes: dict[str, str]) -> None:
    assert "\x1b" not in on_a_terminal(80, "diagnose", STORAGE, **changes)


@pytest.mark.parametrize("columns", [40, 80])
def test_text_fits_the_terminal(columns: int) -> None:
    shown = on_a_terminal(columns, "diagnose", STORAGE, NO_COLOR="1")

    assert columns - 10 < max(map(len, shown.splitlines())) <= columns


def test_a_file_in_trouble_is_not_taken_for_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "s.json")

    monkeypatch.setattr(session_file, "open_file", fail)
    result = invoke("ask", "--save", "s.json")

    assert result.exit_code == 2
    assert "Error: s.json: Permission denied" in result.stderr
    assert "output" not in result.stderr
