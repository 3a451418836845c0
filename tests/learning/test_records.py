"""Records with outcomes: what is read of them, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from diagnoser import Diagnoser, Interview
from diagnoser.learning.records import CONTRADICTED, Reader, Reading
from diagnoser.replay import replay
from diagnoser.report.record import Attempted, Course, parse_record, record

OFF = {"backup": {"switch": "off"}, "ios": {"version": "26.1"}}


def line(
    diagnoser: Diagnoser,
    facts: Mapping[str, Any],
    *tests: Mapping[str, Any],
    ended: str = "unknown",
) -> str:
    course = Course(tests=[Attempted.model_validate(one) for one in tests], ended=ended)  # type: ignore[arg-type]
    return record(diagnoser.diagnose(facts), look_ahead=False, outcomes=course)


def read(diagnoser: Diagnoser, *lines: str) -> Reading:
    reading = Reading()
    Reader(diagnoser).read("records", [f"{one}\n".encode() for one in lines], reading)
    return reading


def test_a_record_with_outcomes_is_replayed_as_one_without(diagnoser: Diagnoser) -> None:
    with_it = line(diagnoser, OFF, {"steps": ["turn-on-icloud-backup"], "outcome": "helped"})
    without = record(diagnoser.diagnose(OFF), look_ahead=False)

    assert [one.status for one in replay([with_it, without], diagnoser)] == ["same", "same"]
    assert "outcomes" not in json.loads(without)


def test_steps_are_read_with_the_test_that_followed(diagnoser: Diagnoser) -> None:
    (seen,) = read(
        diagnoser,
        line(
            diagnoser,
            OFF,
            {"steps": ["back-up-to-computer"], "outcome": "could-not-do"},
            {"steps": ["turn-on-icloud-backup"], "outcome": "done"},
            {"steps": ["turn-on-icloud-backup", "lock-overnight"], "outcome": "did-not-help"},
            {"steps": ["restart-iphone"], "outcome": "helped"},
            ended="works-again",
        ),
    ).seen

    assert seen.done == (("turn-on-icloud-backup", "lock-overnight"), ("restart-iphone",))
    assert seen.works
    assert seen.evidence[0]["icloud-backup-is-off"] == (1.0, CONTRADICTED)


def test_steps_that_were_done_and_never_tested_are_no_outcome(diagnoser: Diagnoser) -> None:
    done = {"steps": ["turn-on-icloud-backup"], "outcome": "done"}
    (seen,) = read(diagnoser, line(diagnoser, OFF, done, ended="given-up")).seen

    assert seen.done == ()
    assert not seen.works


def test_what_is_answered_after_a_step_tells_of_what_is_left(diagnoser: Diagnoser) -> None:
    (seen,) = read(
        diagnoser,
        line(
            diagnoser,
            OFF,
            {
                "steps": ["turn-on-icloud-backup"],
                "outcome": "did-not-help",
                "forgot": ["backup.switch"],
                "facts": {"backup": {"switch": "on"}, "wifi": {"connection": "off"}},
            },
        ),
    ).seen

    assert seen.evidence[0]["icloud-backup-is-off"] == (1.0, CONTRADICTED)
    assert seen.evidence[1]["icloud-backup-is-off"] == (CONTRADICTED, 1.0)
    assert seen.evidence[1]["wifi-is-off"][0] > seen.evidence[1]["wifi-is-off"][1]


def test_what_stays_known_is_not_counted_twice(diagnoser: Diagnoser) -> None:
    steps = {"steps": ["restart-iphone"], "outcome": "did-not-help"}
    (seen,) = read(diagnoser, line(diagnoser, {"wifi": {"signal": "weak"}}, steps)).seen

    assert seen.evidence[0]
    assert all(one == (1.0, 1.0) for one in seen.evidence[1].values())


def test_what_was_tried_before_failed_before_the_phone_was_recorded(diagnoser: Diagnoser) -> None:
    tried = {"restart-iphone": "did-not-help", "update-ios": "could-not-do"}
    (seen,) = read(diagnoser, line(diagnoser, {**OFF, "tried": tried})).seen

    assert (seen.done, seen.before, seen.works) == ((("restart-iphone",),), 1, False)
    assert not seen.evidence[0]
    assert seen.evidence[1]["icloud-backup-is-off"] == (1.0, CONTRADICTED)


def test_damaged_lines_are_named_and_the_others_read(diagnoser: Diagnoser) -> None:
    good = line(diagnoser, OFF, ended="handed-over")
    reading = read(diagnoser, good, good[:-9], "", "{}", good.replace("off", "on"), good)

    assert len(reading.seen) == 2
    assert [(one.file, one.line) for one in reading.left_out] == [
        ("records", 2),
        ("records", 4),
        ("records", 5),
    ]
    assert reading.ended == {"handed-over": 2}


def _resealed(line: str, **changes: Any) -> str:
    from diagnoser.report import record as module

    plain = json.loads(line) | changes
    plain.pop("check")
    made, _ = parse_record(line)
    assert made
    return module._line(made.model_copy(update=changes))


def test_records_of_another_version_count_where_all_in_them_still_exists(
    diagnoser: Diagnoser,
) -> None:
    made, _ = parse_record(line(diagnoser, OFF, ended="unknown"))
    assert made
    other = made.knowledge.model_copy(update={"version": "1.0.0", "digest": "0" * 64})
    foreign = made.knowledge.model_copy(update={"id": "coffee"})
    gone = Course(tests=[Attempted(steps=["pray"], outcome="helped")])
    base = line(diagnoser, OFF, ended="unknown")

    reading = read(
        diagnoser,
        _resealed(base, knowledge=other),
        _resealed(base, knowledge=foreign),
        _resealed(base, outcomes=gone),
        _resealed(base, facts={"wifi": {"colour": "red"}}),
    )

    assert (len(reading.seen), reading.other_knowledge) == (1, 1)
    because = [one.because for one in reading.left_out]
    assert because[0] == "It was made with coffee, not iphone-icloud-backup."
    assert because[1] == 'This knowledge has no remedy "pray".'
    assert because[2].startswith("Its facts are none of this knowledge: wifi.colour")


def test_records_without_outcomes_are_counted_and_teach_nothing(diagnoser: Diagnoser) -> None:
    reading = read(diagnoser, record(diagnoser.diagnose(OFF), look_ahead=False))

    assert (reading.seen, reading.without_outcomes) == ([], 1)


@pytest.mark.parametrize("ended", [None, "given-up"])
def test_a_conversation_records_its_first_plan_and_what_came_of_it(
    diagnoser: Diagnoser, ended: Any
) -> None:
    interview = Interview.start(diagnoser, OFF)
    interview.enough()
    turn = interview.next()
    while turn.kind != "step":
        interview.answer({field.fact: None for field in turn.fields})  # type: ignore[union-attr]
        turn = interview.next()
    assert turn.step
    first = turn.step.remedy
    interview.outcome("did-not-help")

    made, damage = parse_record(interview.record(ended))

    assert made, damage
    assert made.facts["backup"] == {"switch": "off"}
    assert made.outcomes
    assert made.outcomes.ended == (ended or "unknown")
    (test,) = made.outcomes.tests
    assert (test.steps, test.outcome) == ([first], "did-not-help")
    assert "backup.switch" in test.forgot
    assert [one.status for one in replay([interview.record()], diagnoser)] == ["same"]


def test_a_record_of_a_conversation_holds_nothing_but_facts_and_outcomes(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser, OFF)

    plain = json.loads(interview.record())

    assert set(plain) == {
        "schema", "program", "knowledge", "look_ahead", "thorough", "facts", "report", "parts",
        "outcomes", "check",
    }  # fmt: skip
    assert plain["outcomes"] == {"tests": [], "ended": "unknown"}


def test_an_answer_that_somebody_only_thinks_right_counts_less(diagnoser: Diagnoser) -> None:
    sure, thought = (
        read(diagnoser, line(diagnoser, {"wifi": {"signal": answer}})).seen[0]
        for answer in ("weak", {"think": "weak"})
    )

    strong = sure.evidence[0]["wifi-signal-is-weak"][0]
    weak = thought.evidence[0]["wifi-signal-is-weak"][0]
    assert 1 < weak < strong


def test_a_record_of_more_tests_than_anybody_makes_is_none(diagnoser: Diagnoser) -> None:
    base = line(diagnoser, OFF)
    many = Course.model_construct(
        tests=[Attempted(steps=["restart-iphone"], outcome="did-not-help")] * 1000, ended="unknown"
    )

    reading = read(diagnoser, _resealed(base, outcomes=many))

    assert [one.because for one in reading.left_out] == ["The line is not a record of schema 1."]
