"""Explanations, traces and records from the command line, and how they read."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from diagnoser import Diagnoser
from diagnoser.explanation.builder import explain
from diagnoser.explanation.model import Explanation
from diagnoser.explanation.trace import Trace
from diagnoser.rendering import explaining, outline, tracing, words
from tests import packs
from tests.commands import EXAMPLES, NOTHING, STORAGE, done, environment, invoke, read, run
from tests.explaining import basis_for, explained
from tests.phones import scenarios
from tests.rendering.test_rendering import HOSTILE, SETTLED, poisoned, skeleton

SEVERAL = str(EXAMPLES / "several-causes.json")
TRIED = str(EXAMPLES / "tried-already.json")
KEPT = {*SETTLED, "verdict", "cause", "what"}
DIGEST = "f" * 64


@cache
def explained_text(form: str = "text") -> str:
    """What the command says of several causes, which takes it two seconds."""
    return done("explain", SEVERAL, "--format", form)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def explanation(diagnoser: Diagnoser) -> Explanation:
    contradiction = {"backup": {"switch": "off", "back_up_now": "works"}}
    conflicts = diagnoser.explain(contradiction, "wifi-is-off").contradictions
    assert conflicts
    several = explained(diagnoser, Path(SEVERAL))
    return several.model_copy(update={"contradictions": conflicts})


@pytest.fixture(scope="module")
def trace(diagnoser: Diagnoser) -> Trace:
    return diagnoser.trace(read(SEVERAL))


# -- explain


def test_the_command_writes_what_the_library_says(diagnoser: Diagnoser) -> None:
    explained = diagnoser.explain(read(SEVERAL), "low-data-mode-is-on")

    shown = done("explain", SEVERAL, "low-data-mode-is-on", "--format", "json")

    assert shown == explained.json_text() + "\n"


def test_every_format_of_an_explanation_is_there() -> None:
    text = explained_text()

    assert text.startswith(
        "Explanation\n\nIn short\n  - Proven: The screen is not locked at night. The daily backup "
    )
    assert "\nThe screen is not locked at night (proven)\n" in text
    assert explained_text("markdown").startswith("# Explanation\n\n## ")
    for heading in (
        "How",
        "Why not another cause",
        "What would change it",
        "Why these steps, in this order",
        "How firm the first step is",
        "Knowledge",
    ):
        assert f"\n{heading}\n" in text


def test_an_explanation_of_one_cause_is_about_that_cause(diagnoser: Diagnoser) -> None:
    text = done("explain", TRIED, "settings-interfere")

    assert "Something in the settings interferes (" in text
    assert "Why not another cause" not in text
    assert "What is missing" in text
    assert "What came of “Restart the iPhone”? it did not help" in flat(text)


def test_a_pack_with_one_cause_is_explained_as_any_other() -> None:
    remedies = {"mend": packs.remedy("mend", fixes={"a": "often"}, hands_on=5)}
    basis = basis_for(packs.with_remedies({"a": 0.3}, remedies), {"f": {"a": "red"}})
    everything = flat(explaining.text(explain(basis)))
    only = flat(explaining.text(explain(basis, "a")))

    assert "In short" in everything
    assert "would change the first cause" in everything
    assert "or with the id of one cause" in everything
    assert "In short" not in only
    assert "No one or two other answers would put another cause first." in only


def test_where_something_helped_nothing_is_explained_as_if_it_had_not() -> None:
    text = flat(done("explain", "--set", "tried.restart-iphone=helped"))

    assert text.count("You said that a remedy has helped, so nothing is left to do.") == 2
    assert "first step" not in text.partition("What would change it")[0]


def test_facts_come_from_everywhere() -> None:
    with_set = done("explain", SEVERAL, "--set", "lock.overnight=yes")

    assert with_set != explained_text()
    assert done("explain", "-", input=Path(SEVERAL).read_bytes()) == explained_text()
    assert done("explain", "--set", "wifi.connection=off")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Give a FILE"),
        (["nowhere.json"], "no such file"),
        ([STORAGE, "wifi-is-of"], 'Did you mean "wifi-is-off"?'),
        ([STORAGE, "--set", "wifi.signal=bad"], "wifi.signal"),
        ([STORAGE, "--format", "html"], "html"),
    ],
)
def test_bad_usage_is_one_message(arguments: list[str], says: str) -> None:
    result = invoke("explain", *arguments)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


SAMPLE = scenarios()[::30]


@pytest.mark.parametrize("scenario", SAMPLE, ids=lambda one: f"{one.file}: {one.case}")
def test_scenarios_can_be_explained(diagnoser: Diagnoser, scenario: Any) -> None:
    sheet = scenario.sheet(diagnoser)
    first = diagnoser.diagnose(sheet).causes[0]
    explained = diagnoser.explain(sheet, first.id)

    for width in (80, 40):
        text = explaining.text(explained, width)
        assert max(map(words.columns, text.splitlines())) <= width
        assert first.title in flat(text)
    for evidence in first.evidence:
        assert evidence.because in flat(explaining.text(explained))


def test_in_full_nothing_is_left_out(explanation: Explanation) -> None:
    text = flat(explaining.text(explanation, full=True))

    for changes in (explanation.changes.first_cause, explanation.changes.first_step):
        assert changes.in_words in text
        for change in changes.listed:
            assert all(answer.ask in text for answer in change.answers)
            assert change.title in text
    for cause in explanation.causes:
        assert cause.title in text
        if cause.status == "ruled-out":
            assert next(one.because for one in cause.how.evidence if one.counts) in text
        elif cause.status == "proven":
            assert all(one.because in text for one in cause.why_not)
        else:
            speaking = [one for one in cause.why_not if one.factor > 0]
            assert all(one.because in text for one in speaking)
    assert explanation.sensitivity.in_words in text
    assert all(f"{one.what} {one.id} from" in text for one in explanation.sensitivity.moves)
    for step in explanation.plan.steps:
        assert step.because in text
        assert step.before_the_next in text
    assert all(one.title in text and one.because in text for one in explanation.plan.left_out)
    for conflict in explanation.contradictions:
        assert all(one in text for one in conflict.because)
        assert f"Check again: {conflict.ask}" in text
        for reading in conflict.without:
            told = text.partition(f"{reading.ask} {reading.label} - Without this answer: ")[2]
            assert told.startswith(f"“{reading.first_cause_title}” (")
            assert told.partition("”. ")[0].endswith(reading.first_step_title)


def test_the_usual_text_is_short_and_tells_how_to_get_the_rest(explanation: Explanation) -> None:
    usual, full = explaining.text(explanation), explaining.text(explanation, full=True)

    assert len(usual.splitlines()) < len(full.splitlines()) / 2
    assert usual.endswith("Run this with --full for everything, or with the id of one cause.\n")
    assert "--full" not in full
    assert done("explain", SEVERAL, "--full") != explained_text()


@pytest.mark.parametrize("facts", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_it_begins_with_what_matters_most(diagnoser: Diagnoser, facts: Path) -> None:
    explanation = explained(diagnoser, facts)
    text = explaining.text(explanation)
    short = flat(text.partition("In short\n")[2].partition("\n\n")[0])

    assert explanation.causes[0].title in short
    assert explanation.plan.steps[0].title in short
    assert explanation.plan.steps[0].because in short
    assert explanation.sensitivity.in_words in short
    assert len(short.split()) < 160


def test_what_one_answer_brings_is_told_under_its_question(explanation: Explanation) -> None:
    """The built-in case is proven by one answer: another one to that question changes both."""
    text = flat(explaining.text(explanation, full=True))
    alone = text.partition("If an answer were another one")[2].partition("With two answers")[0]

    for changes in (explanation.changes.first_cause, explanation.changes.first_step):
        for change in changes.listed:
            if len(change.answers) == 1 and change.answers[0].given is not None:
                of_question = alone.partition(change.answers[0].ask)[2]
                assert f"“{change.title}”" in of_question


# -- trace


def test_the_trace_is_beside_the_report(diagnoser: Diagnoser) -> None:
    both = json.loads(done("diagnose", STORAGE, "--trace", "--format", "json"))

    assert set(both) == {"report", "trace"}
    assert both["report"] == json.loads(done("diagnose", STORAGE, "--format", "json"))
    assert both["trace"] == json.loads(diagnoser.trace(read(STORAGE)).json_text())


def test_the_trace_is_beside_the_explanation() -> None:
    both = json.loads(done("explain", NOTHING, "wifi-is-off", "--trace", "--format", "json"))

    assert set(both) == {"explanation", "trace"}


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_trace_comes_after_the_explanation(form: str) -> None:
    shown = done("explain", SEVERAL, "--format", form, "--trace")

    assert shown.startswith(explained_text(form))
    assert "Trace: every rule and what decided it" in shown[len(explained_text(form)) :]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_trace_comes_after_the_report(form: str) -> None:
    without = done("diagnose", STORAGE, "--format", form)
    shown = done("diagnose", STORAGE, "--format", form, "--trace")

    assert shown.startswith(without)
    assert "Trace: every rule and what decided it" in shown[len(without) :]


def test_the_trace_names_every_rule_with_its_verdict(trace: Trace) -> None:
    shown = flat(tracing.text(trace))

    for rule in trace.rules:
        name = rule.rule.partition("/")[2]
        assert f"{rule.verdict.upper()}: {name}, {rule.says} - {rule.because}" in shown


@pytest.mark.parametrize("form", ["html", "card", "sarif"])
def test_a_trace_has_no_place_in_other_formats(form: str) -> None:
    result = invoke("diagnose", STORAGE, "--trace", "--format", form)

    assert result.exit_code == 2
    assert "--trace goes with" in result.stderr


def test_a_trace_shows_comparisons_with_other_facts() -> None:
    given = ["--set", "storage.icloud_free_gb=9", "--set", "storage.next_backup_gb=2"]

    shown = flat(done("diagnose", *given, "--trace"))

    assert "which is “" in shown


# -- records


def test_records_are_replayed(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    for facts in (STORAGE, NOTHING):
        assert done("diagnose", facts, "--record", str(file)) == done("diagnose", facts)

    shown = done("replay", str(file))

    assert shown.splitlines() == [
        "line 1: same",
        "line 2: same",
        "2 records: 2 same, 0 differs, 0 knowledge not at hand, 0 damaged.",
    ]


def test_what_is_not_the_same_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    for _ in range(3):
        done("diagnose", STORAGE, "--record", str(file))
    lines = file.read_text().splitlines()
    file.write_text(f"{lines[0]}\n{lines[1][:-20]}\n{lines[2].replace('0.3', '0.4')}\n\x1b[2J\n")

    result = invoke("replay", str(file))
    listed = invoke("replay", str(file), "--format", "json")

    assert result.exit_code == listed.exit_code == 1
    shown = result.stdout.splitlines()
    assert shown[0] == "line 1: same"
    assert [line.partition(".")[0] for line in shown[1:4]] == [
        f"line {number}: damaged" for number in (2, 3, 4)
    ]
    assert result.stdout.replace("\n", "").isprintable()
    statuses = [one["status"] for one in json.loads(listed.stdout)]
    assert statuses == ["same", "damaged", "damaged", "damaged"]


def test_very_long_lines_are_damaged_and_count_as_one(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    done("diagnose", STORAGE, "--record", str(file))
    record = file.read_bytes()
    file.write_bytes(b"x" * 3_000_000 + b"\n" + record)

    result = invoke("replay", str(file))

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("line 1: damaged")
    assert result.stdout.splitlines()[1] == "line 2: same"


def test_files_that_cannot_be_used_are_one_message(tmp_path: Path) -> None:
    for arguments in (
        ["replay", str(tmp_path / "none")],
        ["replay", str(tmp_path)],
        ["diagnose", STORAGE, "--record", str(tmp_path)],
        ["diagnose", STORAGE, "--record", str(tmp_path / "no" / "folder")],
    ):
        result = invoke(*arguments)

        assert result.exit_code == 2
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1


def test_a_record_holds_no_more_than_the_facts(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    done("diagnose", STORAGE, "--record", str(file))

    assert json.loads(file.read_text())["facts"] == read(STORAGE)


# -- the same every time, and safe


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", TRIED],
        ["explain", TRIED, "--format", "json"],
        ["diagnose", TRIED, "--trace", "--format", "markdown"],
        ["graph", "wifi-is-off", "--case", TRIED],
    ],
    ids=lambda arguments: " ".join(arguments[::2]),
)
def test_output_is_the_same_in_every_process(arguments: list[str]) -> None:
    outputs = [run(*arguments, env=environment(PYTHONHASHSEED=seed)) for seed in ("0", "1")]

    assert [(one.returncode, one.stderr) for one in outputs] == [(0, b"")] * 2
    assert outputs[0].stdout == outputs[1].stdout


def spoilt(value: Any, bad: str, key: str = "") -> Any:
    """The same explanation or trace with every text in it replaced."""
    if isinstance(value, dict):
        return {name: spoilt(inner, bad, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [spoilt(inner, bad, key) for inner in value]
    return poisoned(value, bad, key) if key not in KEPT else value


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_texts_stay_texts(bad: str, explanation: Explanation, trace: Trace) -> None:
    def explained(text: str) -> Explanation:
        plain = explanation.model_dump(by_alias=True)
        plain["causes"] = plain["causes"][:4]
        return Explanation.model_validate(spoilt(plain, text))

    def traced(text: str) -> Trace:
        plain = trace.model_dump(by_alias=True)
        plain["rules"] = plain["rules"][:20]
        return Trace.model_validate(spoilt(plain, text))

    texts = [explaining.text(explained(bad), 40), tracing.text(traced(bad), 40)]
    notes = [explaining.markdown(explained(bad)), tracing.markdown(traced(bad))]
    harmless = [explaining.markdown(explained("word")), tracing.markdown(traced("word"))]

    for text in texts:
        assert all(line.isprintable() for line in text.splitlines())
        assert max(map(words.columns, text.splitlines())) <= 40
    for note, good in zip(notes, harmless, strict=True):
        shown = [skeleton(line) for line in note.splitlines()]
        assert shown == [skeleton(line) for line in good.splitlines()]


def test_an_outline_keeps_its_levels() -> None:
    lines = [
        outline.head("A", 1),
        outline.say("b"),
        outline.item("c"),
        outline.item("d", 1, "https://example.org/e"),
        outline.item("f", 0, "a book"),
    ]

    assert outline.as_markdown(lines) == (
        "# A\n\nb\n\n- c\n  - d <https://example.org/e>\n- f a book\n"
    )
    assert (
        outline.as_text(lines, 80) == "A\nb\n  - c\n    - d https://example.org/e\n  - f a book\n"
    )
    assert re.sub(r"\x1b\[[01]m", "", outline.as_text(lines, 80, True)) == outline.as_text(
        lines, 80
    )
