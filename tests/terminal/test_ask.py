"""Whole conversations with the real program at a pseudo-terminal, and its answers from a pipe."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diagnoser import Diagnoser, Interview
from diagnoser.interview import session_file
from diagnoser.interview.history import Outcome, Visited
from diagnoser.interview.turns import Look, Step, Visit
from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED, TRIED
from diagnoser.rendering import text as text_report
from diagnoser.rendering.words import Page
from diagnoser.terminal import form
from diagnoser.terminal.autosave import Autosave
from diagnoser.terminal.terminal import Terminal
from tests.commands import ROOT, environment, invoke, run
from tests.phones import one_night_for_several, several_to_do, something_to_prepare
from tests.talking import (
    BOXES,
    CONFIRM,
    CONTRADICTION,
    LIST,
    LOOK,
    MUST,
    START,
    STEP,
    WAYS_OUT,
    Talk,
)
from tests.talking import TRIED as WHAT_WAS_TRIED

PHONE = {
    "backup.switch": "on",
    "backup.message": "icloud-storage",
    "backup.last_backup": "older",
    "backup.back_up_now": "fails at once",
    "storage.icloud_free_gb": "200 MB",
    "storage.next_backup_gb": "12",
    "storage.plan": "free-5gb",
    "wifi.connection": "connected",
    "power.overnight": "yes",
    "lock.overnight": "yes",
    "device.model": "14 pro",
    "ios.version": "iOS 26.1",
}
"""A person whose iCloud is full; what is not here is not known."""

NO_QUESTIONS = ("--max-questions", "0")
OFF = ("--set", "backup.switch=off", *NO_QUESTIONS)
"""One proven cause, and nothing more to ask."""


COFFEE = ROOT / "tests" / "coffee"
"""A small knowledge of something else: a machine that makes no coffee."""


@pytest.fixture(scope="module")
def coffee() -> Diagnoser:
    return Diagnoser(COFFEE)


def saved(diagnoser: Diagnoser, path: Path) -> Interview:
    return session_file.load(diagnoser, path)


def asked(diagnoser: Diagnoser, path: Path) -> list[str]:
    """The facts that were answered, in this order."""
    said = saved(diagnoser, path).said
    return [fact for one in said if isinstance(one, Visited) for fact in one.answers]


def known(diagnoser: Diagnoser, path: Path) -> dict[str, Any]:
    """What is known, by fact."""
    facts = saved(diagnoser, path).facts()
    return {f"{area}.{name}": value for area, of in facts.items() for name, value in of.items()}


def as_arguments(sheet: dict[str, Any]) -> list[str]:
    return [
        word
        for area, facts in sheet.items()
        for name, value in facts.items()
        for word in ("--set", f"{area}.{name}={value}")
    ]


# -- at a terminal


def test_several_answers_may_be_chosen_where_several_may_hold(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    given = ("--set", "backup.message=busy", "--set", "wifi.connection=off", *NO_QUESTIONS)
    with Talk(diagnoser, tmp_path, *given, "--save", "s.json") as talk:
        talk.say("2")
        assert "You may choose several, such as 1 3." not in talk.last
        talk.say("")
        talk.say("1")
        assert "10. Not sure You may choose several, such as 1 3." in talk.last
        talk.say("1 9")
        assert "cannot stand beside other answers" in talk.last
        talk.say("3 and 1")
        assert "Understood: Not enough iCloud storage" in talk.last
        assert "; The backup failed because of a poor network" in talk.last

    assert known(diagnoser, tmp_path / "s.json")["backup.message"] == ["icloud-storage", "network"]


def test_from_nothing_to_a_fix_as_by_json(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        assert "why, back, list, save, quit" in talk.last
        prompts = talk.answer(PHONE)
        assert talk.asked == CONFIRM
        assert "No more questions" in talk.last
        talk.say("")
        assert "What is wrong" in talk.last
        assert talk.asked == START
        talk.begin()
        assert "--set" not in talk.all
        for _ in range(9):
            if not talk.ended:
                talk.say("it is fixed" if talk.asked == MUST else "1")
        assert talk.code == 0
        assert "It works again" in talk.last

    numbers = re.findall(r"Visit (\d+),", talk.all)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    conversation = saved(diagnoser, tmp_path / "s.json")
    facts = asked(diagnoser, tmp_path / "s.json")
    assert len(facts) == len(set(facts))
    assert {one for one in prompts if "." in one} <= set(facts)
    host, shown = Interview.start(diagnoser), " ".join(talk.all.split())
    for one in conversation.said:
        if isinstance(one, Visited):
            visit = host.next()
            assert isinstance(visit, Visit)
            fields = {field.fact: field for field in visit.fields}
            answers: dict[str, Any] = dict(one.answers)
            if one.tried is not None:
                answers["tried"] = one.tried
            for field in (fields[fact] for fact in answers):
                assert field.ask in shown or (field.tick and field.tick.text in shown)
            host.answer(answers, more=bool(one.waits))
            host = Interview.load(diagnoser, host.json_text())
    assert isinstance(host.next(), Step)
    sheet = conversation.facts()
    sheet.pop("tried")
    assert host.facts() == sheet


def test_the_next_question_is_shown_by_itself(diagnoser: Diagnoser) -> None:
    question = diagnoser.next_question({})
    assert question is not None
    shown = invoke("next", "-", "--format", "json", input="{}").stdout
    assert json.loads(shown)["next_question"]["fact"] == question.fact
    shown = invoke("next", "-", "--format", "markdown", input="{}").stdout
    assert shown.startswith(f"# {question.ask}\n")
    assert all(f"- `{answer}`: " in shown for answer in question.answers if answer)


def test_every_visit_says_where_it_is_and_how_to_leave_it(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path) as talk:
        visits = 0
        for _ in range(60):
            if talk.asked in (CONFIRM, WHAT_WAS_TRIED):
                break
            if "Visit " in talk.last:
                visits += 1
                left = r"(about \d+ more|perhaps the last one)"
                first = r"First step so far: [A-Z]|[A-Z]"
                assert re.search(rf"Visit {visits}, {left}\. ({first})", talk.last)
                assert "skip if you cannot look now, enough for the plan." in talk.last
            talk.say(talk.reply(talk.asked or "", PHONE))
        assert visits > 1
        assert talk.asked == WHAT_WAS_TRIED
        assert "First step so far: " in talk.all
    page = talk.all[talk.all.index("Visit 1,") : talk.all.index("Visit 2,")]
    way = "Open Settings, tap your name at the top, then iCloud, then iCloud Backup."
    assert page.count(way) == 1
    assert page.count("Your answer:") > 1


def test_enough_leads_to_the_plan_and_back_to_the_question(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        first = talk.asked
        assert first in diagnoser.knowledge.facts
        talk.say("1")
        second = talk.asked
        talk.say("enough")
        assert talk.asked == CONFIRM
        assert "As you wished" in talk.last
        talk.say("back")
        assert talk.asked == second
        talk.say("back")
        assert talk.asked == first
        talk.say("1")
        assert talk.asked == second
        talk.say("enough")
        talk.say("quit")
    with Talk(diagnoser, tmp_path, "--resume", "s.json") as talk:
        assert talk.asked == CONFIRM
        talk.say("")
        talk.begin()
        talk.say("2")
        while talk.asked in (STEP, MUST):
            talk.say("2" if talk.asked == STEP else "1")
        assert talk.asked in {*diagnoser.knowledge.facts, BOXES}


def test_every_command_at_a_question_in_the_list_and_in_the_plan(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--max-questions", "2") as talk:
        first = talk.asked
        visit = Interview.start(diagnoser, max_questions=2).next()
        assert isinstance(visit, Visit)
        [field] = [one for one in visit.fields if one.fact == first]
        talk.say("?")
        assert all(line in talk.last for line in field.look)
        talk.say("why")
        assert field.why in talk.last
        assert '"Not sure" is an answer too' in talk.last
        talk.say("help")
        assert "back, list, save, quit, enough, skip." in talk.last
        talk.say("nonsense")
        assert "is none of the answers" in talk.last or "is not" in talk.last
        talk.say("back")
        assert "nothing to go back to" in talk.last
        assert talk.asked == first
        assert visit.title in talk.last
        talk.say("list")
        assert "Nothing yet." in talk.last
        assert talk.asked == first
        talk.answer(PHONE, most=1)
        talk.say("list")
        for command in ("?", "why", "save", "0", "x", "more"):
            talk.say(command)
        assert talk.asked in (LIST, None)
        talk.say("")
        talk.answer(PHONE)
        for command in ("?", "why", "9", "help"):
            talk.say(command)
        talk.say("list")
        assert "These are your answers" in talk.last
        assert talk.asked == CONFIRM
        talk.say("")
        assert talk.asked == START
        for command, shown in {
            "?": "Done when:",
            "why": "of 100 cases like yours",
            "plan": "The plan from here on",
            "check": "Before the night, check that",
            "handover": "What was asked and answered: -",
            "3": "only Enter",
        }.items():
            talk.say(command)
            assert shown in talk.last
        talk.begin()
        assert talk.asked in (STEP, MUST)
        talk.say("?")
        assert "Done when:" in talk.last
        talk.say("why")
        assert "of 100 cases like yours" in talk.last or "certain" in talk.last
        talk.say("plan")
        assert "The plan from here on" in talk.last
        talk.say("handover")
        assert "What was asked and answered: -" in talk.last
        assert "What must hold at night: - iCloud Backup is switched on: " in talk.last
        talk.say("")
        assert "There is no hurry" in talk.last
        talk.say("help")
        assert "list, save, quit, plan, check, handover" in talk.last
        talk.say("quit")
        assert talk.code == 0
        assert "diagnoser ask --resume diagnoser-session.json" in talk.last
    assert saved(diagnoser, tmp_path / "diagnoser-session.json").confirmed


def test_back_over_several_answers_and_into_the_visit_before(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        first = talk.asked
        prompts, titles = [], []
        while len(prompts) < 9:
            titles += re.findall(r"Visit (\d+),", talk.last)
            prompts += talk.answer(PHONE, most=1)
        assert len(titles) > 1
        for prompt in reversed(prompts):
            talk.say("back")
            assert talk.asked == prompt
            assert "So far: " in talk.last or prompt not in PHONE
            assert "Visit " in talk.last
        assert asked(diagnoser, tmp_path / "s.json") == []
        talk.say("back")
        assert "nothing to go back to" in talk.last
        assert talk.asked == first
        assert talk.answer(PHONE, most=2) == prompts[:2]
    answers = [fact for fact in asked(diagnoser, tmp_path / "s.json") if fact in prompts]
    assert answers == [prompt for prompt in prompts[:2] if prompt != BOXES]


def test_back_from_the_plan_to_the_last_question(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--max-questions", "2") as talk:
        prompts = talk.answer(PHONE)
        talk.say("")
        talk.begin()
        talk.say("2")
        if talk.asked == MUST:
            talk.say("2")
        while talk.asked in (START, STEP, MUST):
            talk.say("back")
        assert talk.asked == prompts[-1]
        talk.answer(PHONE)
        assert talk.asked == CONFIRM
        talk.say("back")
        assert talk.asked == prompts[-1]


def test_an_answer_is_changed_through_the_list_with_units_and_near_misses(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    given = {
        "storage.icloud_free_gb": ("7", [("plenty", "is not a number"), ("300 MB", "0.3 GB")]),
        "ios.version": ("17", [("new", "such as"), ("iOS 18.5 (22F76)", "18.5")]),
        "device.model": (
            "iPhone XR",
            [("iPhone 14 por", 'Did you mean "iPhone 14 Pro"?'), ("y", "Visit 1")],
        ),
        "backup.switch": ("on", [("5", "")]),
    }
    words = [word for id, (text, _) in given.items() for word in ("--set", f"{id}={text}")]
    with Talk(diagnoser, tmp_path, *words, "--save", "s.json") as talk:
        talk.answer({}, most=1)
        for fact, (_, lines) in given.items():
            talk.say("list")
            assert talk.asked == LIST
            listed = [one.fact for one in saved(diagnoser, tmp_path / "s.json").known()]
            number = listed.index(fact) + 1
            talk.say(str(number))
            assert talk.asked == fact
            assert "So far:" in talk.last
            for line, shown in lines:
                talk.say(line)
                assert shown in talk.last
            if talk.asked == CONTRADICTION:
                talk.say("leave")
        talk.say("list")
        talk.say("1")
        talk.say("back")
        assert talk.asked not in (LIST, None)
    current = known(diagnoser, tmp_path / "s.json")
    assert {fact: current[fact] for fact in given} == {
        "storage.icloud_free_gb": 0.3,
        "ios.version": "18.5",
        "device.model": "iPhone 14 Pro",
        "backup.switch": "unknown",
    }


def test_names_are_typed_and_never_listed(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--set", "device.model=iPhone XR", *NO_QUESTIONS) as talk:
        talk.say("1")
        assert talk.asked == "device.model"
        assert "iPhone 16" not in talk.last
        assert len(talk.screen.splitlines()) < 10


def test_an_answer_is_changed_in_the_summary(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, *OFF, "--save", "s.json") as talk:
        assert talk.asked == CONFIRM
        talk.say("1")
        talk.say("on")
        assert talk.asked == CONFIRM
        assert "Yes, it is on" in talk.last
    assert saved(diagnoser, tmp_path / "s.json").facts() == {"backup": {"switch": "on"}}


def test_killed_in_the_middle_of_a_visit_nothing_is_lost(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--thorough", "--save", "s.json") as talk:
        title = Interview.start(diagnoser, thorough=True).next().title
        prompts = talk.answer(PHONE, most=2)
        interrupted = talk.asked
        talk.kill()
    assert saved(diagnoser, tmp_path / "s.json").begun
    options = ("--resume", "s.json")
    for _ in range(3):
        facts = asked(diagnoser, tmp_path / "s.json")
        with Talk(diagnoser, tmp_path, *options) as talk:
            assert "Going on where you stopped" in talk.last
            assert "Visit 1, " in talk.last
            assert title in talk.last
            assert talk.asked == interrupted
            prompts += talk.answer(PHONE, most=1)
            interrupted = talk.asked
            talk.kill()
        assert asked(diagnoser, tmp_path / "s.json")[: len(facts)] == facts
    facts = asked(diagnoser, tmp_path / "s.json")
    assert [fact for fact in facts if fact in prompts] == [one for one in prompts if one != BOXES]
    assert len(facts) == len(set(facts))


def test_killed_among_needed_steps_and_after_an_outcome_nothing_is_lost(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    sheet = several_to_do(diagnoser)
    musts = [step for step in diagnoser.diagnose(sheet).plan.steps if step.must]
    options = (*as_arguments(sheet), *NO_QUESTIONS, "--save", "s.json")
    numbers = " and ".join(str(number) for number in range(1, len(musts) + 1))
    with Talk(diagnoser, tmp_path, *options) as talk:
        talk.say("")
        talk.begin()
        assert talk.asked == MUST
        assert f"Do the steps {numbers} together, then " in talk.last
        talk.say("done")
        talk.kill()
    turn = saved(diagnoser, tmp_path / "s.json").next()
    assert isinstance(turn, Step)
    assert turn.done == [musts[0].title]

    with Talk(diagnoser, tmp_path, "--resume", "s.json", *NO_QUESTIONS) as talk:
        assert f"1. {musts[0].title} (done)" in talk.last
        for place, step in enumerate(musts[1:], start=2):
            if talk.asked == START:
                assert f"Enter to go on with step {place}:" in talk.last
                talk.begin()
            assert f" {place}. {step.title}" in talk.last
            assert f"{step.title}. Is that done?" in talk.last
            talk.say("done")
        assert talk.asked == STEP
        assert "All of that is done" in talk.last
        talk.kill()

    with Talk(diagnoser, tmp_path, "--resume", "s.json", *NO_QUESTIONS) as talk:
        assert "All of that is done" in talk.last
        talk.say("did not help")
        assert "you are asked again" in talk.last
        talk.kill()
    interview = saved(diagnoser, tmp_path / "s.json")
    assert interview.facts()["tried"] == {step.remedy: DID_NOT_HELP for step in musts}

    forgot = {one.fact for one in interview.before()}
    for _ in forgot:
        with Talk(diagnoser, tmp_path, "--resume", "s.json", *NO_QUESTIONS) as talk:
            if talk.asked == START:
                break
            assert talk.asked in {*forgot, BOXES}
            assert "Before the last step: " in talk.last
            talk.say("not sure" if talk.asked != BOXES else talk.reply(BOXES, {}))
            talk.kill()
    assert set(asked(diagnoser, tmp_path / "s.json")) == forgot
    with Talk(diagnoser, tmp_path, "--resume", "s.json") as talk:
        talk.say("")
        talk.say("could not do it")
        assert talk.asked in (START, STEP, MUST)


def test_a_proven_cause_does_not_disappear_because_its_remedy_did_not_help(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    words = ("--set", "ios.version=7.1.2", *NO_QUESTIONS, "--save", "s.json")
    with Talk(diagnoser, tmp_path, *words) as talk:
        talk.say("")
        assert "This is the reason: This version of iOS is too old for iCloud backups." in talk.last
        talk.begin()
        talk.say("2")
        assert talk.asked == "ios.version"
        assert "you are asked again" in talk.last
        assert 'Before the last step: "7.1.2".' in talk.last
        talk.say("back")
        assert talk.asked == STEP
        talk.say("2")
        talk.say("7.1.2")
        assert talk.asked == STEP
        assert "Look for the update once more, and else update with a computer" in talk.last
        assert '"This version of iOS is too old for iCloud backups" is certain.' in talk.last
        talk.say("back")
        assert talk.asked == "ios.version"
        assert "It is now certain" not in talk.all + talk.last
        talk.say("18.5")
        assert "No cause stands out now. Most likely so far: " in talk.last
        talk.say("back")
        talk.say("7.1.2")
        title = "This version of iOS is too old for iCloud backups"
        assert f"It is now certain: {title}. The next step" in talk.last
        talk.say("back")
        talk.say("18.5")
        assert '"This version of iOS is too old for iCloud backups"' not in talk.last


def test_steps_have_the_same_numbers_in_the_plan_in_the_steps_and_after_a_break(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    sheet = several_to_do(diagnoser, steps=6)
    numbers = []
    options = (*as_arguments(sheet), *NO_QUESTIONS, "--save", "s.json")
    with Talk(diagnoser, tmp_path, *options) as talk:
        talk.say("")
        assert "of effort" not in talk.last
        titles = [one.title for one in saved(diagnoser, tmp_path / "s.json").report().plan.steps]
        for number, title in enumerate(titles[:2], start=1):
            assert f" {number}. {title} (" in talk.last
        talk.begin()
        number = 0
        while talk.asked == MUST:
            number += 1
            assert f" {number}. {titles[number - 1]} Why: " in talk.last
            talk.say("done")
        assert number > 1
        tested = number
        talk.say("why")
        assert "only now it shows whether they help" in talk.last
        talk.say("no")
        talk.answer({}, most=9)
        talk.kill()
    for _ in range(20):
        with Talk(diagnoser, tmp_path, "--resume", "s.json") as talk:
            if talk.asked == START:
                number += 1
                assert f" {number}. " in talk.last[talk.last.index("What to do") :]
                assert f"Enter to go on with step {number}:" in talk.last
                talk.begin()
            if talk.asked not in (STEP, MUST):
                break
            numbers += re.findall(r" (\d+)\. [^.]+ Why: ", talk.last)
            talk.say("plan")
            assert re.search(rf"The plan from here on ([^.]*: )?{numbers[-1]}\. ", talk.last)
            talk.say("I could not do it")
    assert numbers == [str(one) for one in range(tested + 1, tested + len(numbers) + 1)]
    assert len(numbers) > 1
    assert not re.search(r"\(needed|are needed", talk.all)


def test_a_step_that_only_prepares_is_done_and_never_has_helped(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    sheet = something_to_prepare(diagnoser)
    step = diagnoser.diagnose(sheet).plan.steps[0]
    with Talk(diagnoser, tmp_path, *as_arguments(sheet), *NO_QUESTIONS) as talk:
        talk.say("")
        talk.begin()
        assert f"{step.title}. Is that done?" in talk.last
        assert "fixed" not in talk.last[talk.last.index(f"{step.title}. Is that done?") :]
        assert "If it does not help" not in talk.last
        talk.say("yes")
        talk.say("list")
        while f"{step.title}: how did it go? it is done" not in talk.last:
            assert "type more to see them" in talk.last
            talk.say("more")
        talk.say("")
        talk.say("handover")
        assert f"{step.title}: it is done" in talk.last


def test_steps_that_only_a_night_can_test_are_said_to_belong_together_once(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    sheet = one_night_for_several(diagnoser)
    steps = diagnoser.diagnose(sheet).plan.steps
    group = [step for step in steps if step.together == steps[0].together]
    options = (*as_arguments(sheet), *NO_QUESTIONS)
    with Talk(diagnoser, tmp_path, *options) as talk:
        talk.say("")
        if talk.asked == CONTRADICTION:
            talk.say("leave")
        assert "Do these together, then wait a night, and see whether it works: 1. " in talk.last
        talk.begin()
        shown = talk.last
        assert "together, then wait a night, and see once whether it works 1. " in shown
        for number, step in enumerate(group, start=1):
            assert talk.asked == MUST
            assert f"{number}. {step.title} Why: " in talk.last
            assert "This takes a while" not in talk.last
            assert number == 1 or "wait a night" not in talk.last
            talk.say("done")
        assert talk.asked == STEP
        assert "All of that is done. Wait a night, then see whether it works" in talk.last
        assert all(step.check in talk.last for step in group)
        assert "Before the night: " in talk.last
        talk.say("1")
        assert "One of these helped, or all of them together:" in talk.last


def test_that_nothing_is_wrong_is_a_finding(diagnoser: Diagnoser, tmp_path: Path) -> None:
    given = {"switch": "on", "last_backup": "within-a-day", "back_up_now": "works"}
    options = (*as_arguments({"backup": given}), "--save", "s.json")
    with Talk(diagnoser, tmp_path, *options) as talk:
        asked = talk.answer(PHONE)
        assert WHAT_WAS_TRIED not in asked
        assert talk.asked == CONFIRM
        assert "Nothing is wrong" in talk.last
        talk.say("")
        assert "What was found" in talk.last
        assert "othing is wrong" in talk.last
        assert "What is wrong" not in talk.all


def test_contradictory_answers_are_pointed_out_at_once(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    words = ("--set", "device.management=none", "--set", "device.backup_rule=allowed")
    with Talk(diagnoser, tmp_path, *words, "--save", "s.json") as talk:
        assert talk.asked in diagnoser.knowledge.facts
        talk.say("list")
        talk.say("2")
        assert talk.asked == "device.backup_rule"
        talk.say("forbidden")
        assert talk.asked == CONTRADICTION
        assert "do not fit together" in talk.last
        assert "Does work, school or a parental-control service manage this iPhone? No" in talk.last
        talk.say("why")
        talk.say("?")
        talk.say("1")
        again = talk.asked
        assert again in ("device.management", "device.backup_rule")
        talk.say("back")
        assert talk.asked == CONTRADICTION
        talk.say("leave")
        assert talk.asked not in (CONTRADICTION, again)
        talk.say("list")
        talk.say("1")
        talk.say("profile")
        assert talk.asked != CONTRADICTION
    assert saved(diagnoser, tmp_path / "s.json").contradictions() == []


def test_changed_answers_bring_another_finding(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, *OFF) as talk:
        talk.say("")
        assert "This is the reason: iCloud Backup is switched off." in talk.last
        talk.say("list")
        talk.say("1")
        assert 'So far: "No, it is off". Press Enter to leave it so.' in talk.last
        talk.say("")
        assert talk.asked == STEP
        assert "What is wrong" not in talk.last
        talk.say("list")
        talk.say("1")
        talk.say("on")
        assert "What is wrong" in talk.last
        assert "This is the reason" not in talk.last
        talk.say("back")
        assert "nothing to go back to" not in talk.last
        assert talk.asked == CONFIRM
        talk.say("back")
        assert "nothing to go back to" in talk.last
        talk.say("")
        assert "What is wrong" in talk.last


def test_what_is_not_done_yet_is_waited_for(diagnoser: Diagnoser, tmp_path: Path) -> None:
    words = as_arguments(several_to_do(diagnoser))
    with Talk(diagnoser, tmp_path, *words, *NO_QUESTIONS, "--save", "s.json") as talk:
        talk.say("")
        talk.begin()
        assert talk.asked == MUST
        for line in ("", "no", "not yet"):
            talk.say(line)
            assert "There is no hurry" in talk.last
    turn = saved(diagnoser, tmp_path / "s.json").next()
    assert isinstance(turn, Step)
    assert (turn.number, turn.done) == (1, [])


def test_what_could_not_be_done_and_what_did_not_help_until_it_is_handed_over(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, *OFF, "--save", "s.json") as talk:
        talk.say("")
        talk.begin()
        first = saved(diagnoser, tmp_path / "s.json").report().plan.steps[0]
        talk.say("could not do it" if talk.asked == MUST else "3")
        assert saved(diagnoser, tmp_path / "s.json").facts()["tried"] == {
            first.remedy: COULD_NOT_DO
        }
        for _ in range(80):
            if talk.ended:
                break
            talk.say("1" if talk.asked == MUST else "2")
        assert talk.code == 0
        text = talk.all[talk.all.index("Nothing is left that is worth trying alone") :]
    interview = saved(diagnoser, tmp_path / "s.json")
    flat = " ".join(text.split())
    titles = diagnoser.knowledge.remedies
    assert f"{first.title}: it could not be done" in flat
    for remedy, outcome in interview.facts()["tried"].items():
        if outcome == DID_NOT_HELP:
            assert titles[remedy].title in flat
    assert "Is iCloud Backup switched on? No, it is off" in flat
    for part in ("What was found:", "What was asked and answered:", "What was not tried:"):
        assert part in flat
    hands = [step.title for step in interview.report().plan.steps if step.hand_over]
    assert all(title in flat for title in hands)


def test_what_may_forbid_the_first_step_stands_before_it_and_can_be_answered_there(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    given = ("--set", "ios.version=7.1.2", "--set", "backup.back_up_now=fails-at-once")
    for model, first in (("iPhone 4", "Back up to a computer from now on"), ("5s", "Update iOS")):
        with Talk(diagnoser, tmp_path, *given, *NO_QUESTIONS) as talk:
            talk.say("")
            assert "What to do First look: Which iPhone is it?" in talk.last
            talk.say("look")
            assert talk.asked == "device.model"
            assert "Open Settings, tap General, then About." in talk.last
            talk.say(model)
            assert "Which iPhone is it?" not in talk.last
            assert f" 1. {first} (" in talk.last[talk.last.index("What to do") :]
            assert talk.asked == START


def test_what_comes_before_a_hand_over_can_be_answered_before_it(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    known = {
        "backup": {"switch": "grey", "last_backup": "within-a-day"},
        "storage": {"room": "enough"},
        "account": {"prompt": "nothing", "two_factor": "on"},
    }
    with Talk(diagnoser, tmp_path, *as_arguments(known), *NO_QUESTIONS) as talk:
        talk.say("")
        assert "1. Contact Apple Support" in talk.last
        assert "Type look to answer." in talk.last
        assert "To hand over" not in talk.all
        talk.say("look")
        assert talk.asked == "device.management"
        talk.say("supervised")
        assert " 1. Ask the administrator (" in talk.last[talk.last.index("What to do") :]

    piped = invoke("ask", *as_arguments(known), *NO_QUESTIONS, input="\n")
    assert "First look: Does work, school" in " ".join(piped.stderr.split())
    assert "Type look" not in piped.stderr


@pytest.mark.parametrize("columns", [40, 80])
def test_every_line_fits_the_terminal(diagnoser: Diagnoser, tmp_path: Path, columns: int) -> None:
    with Talk(diagnoser, tmp_path, "--max-questions", "2", columns=columns) as talk:
        for command in ("?", "why", "help", "list", ""):
            talk.say(command)
        talk.answer({})
        for command in ("", "check", "", "?", "why", "plan", "handover", "2", "quit"):
            talk.say(command)
        assert talk.code == 0
        text = talk.all
    lines = text.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    command = [line for line in lines if line.startswith("  diagnoser ask --resume ")]
    assert len(command) == 1  # is to be copied, so it stays on one line
    longest = max((line for line in lines if line not in command), key=len)
    assert len(longest) <= columns, longest
    assert "\x1b[1m" in text
    assert "\r" not in text


def test_every_question_fits_a_small_screen(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser)
    for fact in diagnoser.knowledge.facts.values():
        if fact.askable:
            page = Page(40)
            form.say_field(page, interview.field(fact.id))
            assert page.text().count("\n") < 24, fact.id


def read(talk: Talk) -> list[str]:
    """What was shown after the last line that was typed."""
    return "\n".join(talk.screen.splitlines()[1:]).strip().splitlines()


@pytest.mark.parametrize("columns", [40, 80])
def test_what_is_read_at_once_fits_the_screen(
    diagnoser: Diagnoser, tmp_path: Path, columns: int
) -> None:
    options = as_arguments(several_to_do(diagnoser))
    with Talk(diagnoser, tmp_path, *options, columns=columns) as talk:
        talk.answer(PHONE)
        assert talk.asked == CONFIRM
        assert len(read(talk)) <= 24
        talk.say("more")
        assert len(read(talk)) <= 24
        talk.say("")
        assert talk.asked == START
        assert read(talk)[0] == "What is wrong"
        assert len(read(talk)) <= 24


@pytest.mark.parametrize("changes", [{"ACCESSIBLE": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_nothing_is_coloured_or_drawn_anew_for_who_needs_it_plain(
    diagnoser: Diagnoser, tmp_path: Path, changes: dict[str, str]
) -> None:
    with Talk(diagnoser, tmp_path, *OFF, **changes) as talk:
        talk.say("")
        talk.begin()
        talk.say("1")
        text = talk.all
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\b" not in text


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_by_a_key_saves_and_says_where(
    diagnoser: Diagnoser, tmp_path: Path, key: str
) -> None:
    (tmp_path / "diagnoser-session.json").write_text("mine")
    with Talk(diagnoser, tmp_path) as talk:
        facts = talk.answer(PHONE, most=2)
        talk.type(key)
        assert talk.code == 130
        assert "diagnoser ask --resume diagnoser-session-2.json" in talk.last
    assert (tmp_path / "diagnoser-session.json").read_text() == "mine"
    assert asked(diagnoser, tmp_path / "diagnoser-session-2.json") == facts


@pytest.mark.parametrize("way", WAYS_OUT)
def test_left_at_any_prompt_a_conversation_goes_on_there(
    coffee: Diagnoser, tmp_path: Path, way: str
) -> None:
    pack = ("--knowledge", str(COFFEE))
    options = (*pack, "--set", "water.lamp=red", "--save", "s.json")
    answers = {"water.tank": "full", CONTRADICTION: "leave", STEP: "no", MUST: "yes"}
    answers |= {CONFIRM: "", START: "", WHAT_WAS_TRIED: ""}
    prompts: list[str | None] = []
    goes_on_with: str | None = None
    while len(prompts) < 30:
        with Talk(coffee, tmp_path, *options) as talk:
            if talk.asked == START and goes_on_with in (STEP, MUST):  # the finding comes first
                talk.say("")
            assert talk.asked == goes_on_with or not prompts
            prompts.append(talk.asked)
            talk.say(answers.get(talk.asked or "", "1"))
            if talk.ended:
                break
            goes_on_with = talk.asked
            talk.leave(way)
            if WAYS_OUT[way]:
                assert talk.code == 130
                assert "--resume s.json" in talk.last
                assert "--knowledge" in talk.last
        options = (*pack, "--resume", "s.json")
    assert {"water.tank", CONTRADICTION, WHAT_WAS_TRIED, CONFIRM, START, STEP, MUST} <= {*prompts}
    assert "Nothing is left that is worth trying alone" in talk.last


def test_a_terminal_that_is_closed_loses_no_answer(coffee: Diagnoser, tmp_path: Path) -> None:
    with Talk(coffee, tmp_path, "--knowledge", str(COFFEE)) as talk:
        fact = talk.asked
        talk.say("1")
        talk.hang_up()
        assert talk.code == 130
    assert [file.name for file in tmp_path.iterdir()] == ["diagnoser-session.json"]
    assert asked(coffee, tmp_path / "diagnoser-session.json") == [fact]


def test_another_knowledge_leads_another_conversation(coffee: Diagnoser, tmp_path: Path) -> None:
    with Talk(coffee, tmp_path, "--knowledge", str(COFFEE), "--thorough") as talk:
        answers = {"water.tank": "yes", "water.flow": "0.2", "machine.model": "barista 1"}
        for command in ("?", "why", "list", "", "back"):
            talk.say(command)
        talk.answer(answers, most=6)
        assert "Did you mean" in talk.all
        talk.say("bo1")
        talk.answer(answers)
        assert talk.asked == CONFIRM
        talk.say("")
        talk.begin()
        for command in ("?", "why", "plan", "handover"):
            talk.say(command)
        while not talk.ended:
            talk.say("could not do it")
        assert talk.code == 0
        text = talk.all
    assert "Call the workshop" in text
    assert not re.search("iphone|icloud|apple|backup|settings", text, re.IGNORECASE)


def test_the_plan_is_told_in_short_and_then_step_by_step(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, *NO_QUESTIONS, "--save", "s.json") as talk:
        steps = saved(diagnoser, tmp_path / "s.json").report().plan.steps
        assert talk.asked == START
        assert all(f" {n}. {step.title} (" in talk.last for n, step in enumerate(steps[:1], 1))
        assert steps[0].do[-1] not in talk.last
        talk.say("plan")
        assert all(f" {n}. {step.title} (" in talk.last for n, step in enumerate(steps, 1))
        talk.say("")
        assert steps[0].do[-1] in talk.last
        for step in steps[1:]:
            assert not set(step.do) <= set(talk.last.split(" - "))
            assert step.check not in talk.last
        talk.say("did not help")
        then = saved(diagnoser, tmp_path / "s.json").report().plan.steps[0]
        assert f"2. {then.title}" in talk.last
        assert then.check in talk.last


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_report_goes_where_standard_output_goes(
    diagnoser: Diagnoser, tmp_path: Path, form: str
) -> None:
    report = tmp_path / "report"
    given = {"backup": {"switch": "on", "message": "not-completed"}}
    options = (*as_arguments(given), *NO_QUESTIONS, "--format", form)
    with Talk(diagnoser, tmp_path, *options, output=report) as talk:
        talk.say("")
        assert "What is wrong" in talk.last
        talk.say("")
        talk.say("could not do it")
        assert talk.asked in (STEP, MUST)
        assert report.read_text() == ""
        talk.say("quit")
        assert talk.code == 0
        assert "{" not in talk.all
    first = diagnoser.diagnose(given).plan.steps[0].remedy
    expected = diagnoser.diagnose(given | {"tried": {first: COULD_NOT_DO}}, look_ahead=True)
    if form == "json":
        assert report.read_text() == expected.json_text() + "\n"
    else:
        assert report.read_text() == text_report(expected)


def test_what_may_be_asked_at_most_and_to_the_end(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--max-questions", "3", "--save", "s.json") as talk:
        talk.answer(PHONE)
        assert len(asked(diagnoser, tmp_path / "s.json")) == 3
        assert "As you wished: 3 questions at most." in talk.last

    everything = [
        id for id, fact in diagnoser.knowledge.facts.items() if fact.askable and not fact.only_if
    ]
    same = {id for f in diagnoser.knowledge.facts.values() for id in f.unless_answered}
    alike = same | {f.id for f in diagnoser.knowledge.facts.values() if f.unless_answered}
    left = sorted(set(everything) - alike)[:3]
    words = [word for id in everything if id not in left for word in ("--set", f"{id}=unknown")]
    with Talk(diagnoser, tmp_path, *words, "--thorough", "--save", "t.json") as talk:
        talk.answer(dict.fromkeys(left, "1"))
        assert sorted(asked(diagnoser, tmp_path / "t.json")) == left
    shown = json.loads(invoke("next", *words, "--thorough", "--format", "json").stdout)
    assert shown["next_question"]["fact"] in left


def test_how_much_may_be_asked_is_kept_with_the_answers(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--max-questions", "2", "--save", "s.json") as talk:
        talk.answer(PHONE, most=1)
        talk.kill()
    with Talk(diagnoser, tmp_path, "--resume", "s.json") as talk:
        assert len(talk.answer(PHONE)) == 1
        assert "As you wished: 2 questions at most." in talk.last
        talk.kill()
    with Talk(diagnoser, tmp_path, "--resume", "s.json", "--max-questions", "3") as talk:
        assert len(talk.answer(PHONE)) == 1


def test_save_in_the_middle_keeps_what_follows_too(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path) as talk:
        talk.say("save")
        assert "Saved in diagnoser-session.json" in talk.last
        facts = talk.answer(PHONE, most=2)
        talk.kill()
    assert asked(diagnoser, tmp_path / "diagnoser-session.json") == facts


# -- check boxes, and what was tried


def at_check_boxes(talk: Talk) -> None:
    """Answers until several things are asked at once."""
    for _ in range(60):
        if talk.asked == BOXES:
            return
        talk.say(talk.reply(talk.asked or "", PHONE))
    raise AssertionError(f"no check boxes:\n{talk.all}")


@pytest.mark.parametrize(
    ("typed", "ticked", "others"),
    [
        ("1", {0}, "unticked"),
        ("2 and 1", {0, 1}, "unticked"),
        ("none", set(), "unticked"),
        ("not sure", set(), "unknown"),
        ("1, not sure", {0}, "unknown"),
    ],
)
def test_check_boxes_take_several_none_and_not_sure(
    diagnoser: Diagnoser, tmp_path: Path, typed: str, ticked: set[int], others: str
) -> None:
    with Talk(diagnoser, tmp_path, "--thorough", "--save", "s.json") as talk:
        at_check_boxes(talk)
        texts = list(talk.options().values())
        assert texts[-2:] == ["None of these", "Not sure"]
        by_text = {fact.tick[1]: fact for fact in diagnoser.knowledge.facts.values() if fact.tick}
        facts = [by_text[text] for text in texts[:-2]]
        assert len(facts) > 1
        talk.say("?")
        assert all(text in talk.last for text in texts[:-2])
        talk.say("why")
        assert "none of the answers" not in talk.last
        talk.say("1, none")
        assert "cannot stand beside" in talk.last
        before = asked(diagnoser, tmp_path / "s.json")
        assert not {fact.id for fact in facts} & set(before)
        talk.say(typed)
    current = known(diagnoser, tmp_path / "s.json")
    for place, fact in enumerate(facts):
        assert fact.tick is not None
        [unticked] = [word for word in fact.kind.labels if word != fact.tick[0]]
        meant = {"unticked": unticked, "unknown": "unknown"}[others]
        assert current.get(fact.id) == (fact.tick[0] if place in ticked else meant)


def test_a_question_mark_after_a_check_box_says_that_one_is_not_sure_of_it(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--thorough", "--save", "s.json") as talk:
        at_check_boxes(talk)
        texts = list(talk.options().values())
        by_text = {fact.tick[1]: fact for fact in diagnoser.knowledge.facts.values() if fact.tick}
        talk.say("1? 2")
        assert f"Understood: {texts[0]} (you think so); {texts[1]}" in " ".join(talk.all.split())
    current = known(diagnoser, tmp_path / "s.json")
    thought, sure = (by_text[text] for text in texts[:2])
    assert thought.tick is not None
    assert sure.tick is not None
    assert current[thought.id] == {"think": thought.tick[0]}
    assert current[sure.id] == sure.tick[0]


def test_back_takes_check_boxes_back_together(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--thorough", "--save", "s.json") as talk:
        at_check_boxes(talk)
        texts = list(talk.options().values())
        before = asked(diagnoser, tmp_path / "s.json")
        talk.say("1 2")
        talk.say("back")
        assert talk.asked == BOXES
        assert f"So far: {texts[0]}: " in talk.last
        assert list(talk.options().values()) == texts
        assert asked(diagnoser, tmp_path / "s.json") == before


@pytest.mark.parametrize("typed", ["", "none", "1 3", "3 and restart"])
def test_what_was_tried_is_asked_once_and_not_advised_again(
    diagnoser: Diagnoser, tmp_path: Path, typed: str
) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        for _ in range(60):
            if talk.asked == WHAT_WAS_TRIED:
                break
            talk.say(talk.reply(talk.asked or "", PHONE))
        titles = talk.options()
        assert "Restart the iPhone" in titles.values()
        assert "skip" not in talk.last
        talk.say("999")
        assert talk.asked is None
        talk.say(typed)
        tried = saved(diagnoser, tmp_path / "s.json").facts().get("tried", {})
        named = {"1 3": {titles["1"], titles["3"]}, "3 and restart": {titles["3"]}}.get(
            typed, set()
        )
        if "restart" in typed:
            named.add("Restart the iPhone")
        assert {diagnoser.knowledge.remedies[id].title for id in tried} == named
        assert set(tried.values()) <= {DID_NOT_HELP}
        assert WHAT_WAS_TRIED not in talk.answer(PHONE)
        talk.say("")
        plan = [step.remedy for step in saved(diagnoser, tmp_path / "s.json").report().plan.steps]
        assert not set(tried) & set(plan)


def test_what_was_tried_may_be_given_and_is_not_asked(diagnoser: Diagnoser, tmp_path: Path) -> None:
    given = ("--tried", "restart-iphone", "--tried", "update-ios=could-not-do")
    with Talk(diagnoser, tmp_path, *given, "--save", "s.json") as talk:
        assert WHAT_WAS_TRIED not in talk.answer(PHONE)
    assert saved(diagnoser, tmp_path / "s.json").facts()["tried"] == {
        "restart-iphone": DID_NOT_HELP,
        "update-ios": COULD_NOT_DO,
    }


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("restart-iphon", 'did you mean "tried.restart-iphone"?'),
        ("restart-iphone=helpd", "helped"),
        ("", "--tried"),
        ("restart-iphone=", "--tried"),
    ],
)
def test_what_was_tried_and_is_misspelt_is_named(tmp_path: Path, typed: str, shown: str) -> None:
    code, out, err = scripted(tmp_path, [], "--tried", typed)

    assert (code, out) == (2, "")
    assert shown in err
    assert "Visit" not in err


# -- who cannot look now


def cannot_look(talk: Talk) -> None:
    """Leaves visits until there is something else to say."""
    for word in ("skip", "I cannot look now.", "skip", "skip"):
        if talk.asked == LOOK:
            return
        assert "Visit " in talk.last
        talk.say(word)


def test_who_cannot_look_gets_a_list_after_two_visits_and_goes_on_later(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path) as talk:
        first = talk.asked
        cannot_look(talk)
        assert talk.asked == LOOK
        assert "Visit 3" not in talk.all
        assert "What to look at when you can" in talk.last
        assert "Open Settings, tap your name at the top" in talk.last
        assert len(read(talk)) <= 24
        for command in ("more", "?", "why", "list", "help"):
            talk.say(command)
        talk.say("print")
        assert "The list is in what-to-look-at.txt." in talk.last
        talk.say("print")
        assert "The list is in what-to-look-at-2.txt." in talk.last
        talk.say("3")
        assert talk.code == 0
        assert "diagnoser ask --resume diagnoser-session.json" in talk.last
    look = saved(diagnoser, tmp_path / "diagnoser-session.json").next()
    assert isinstance(look, Look)
    printed = " ".join((tmp_path / "what-to-look-at.txt").read_text().split())
    for visit in look.visits:
        assert visit.title in printed
        assert all(line in printed for line in visit.go)
        for field in visit.fields:
            assert field.ask in printed
            assert all(line in printed for line in field.look)

    with Talk(diagnoser, tmp_path, "--resume", "diagnoser-session.json") as talk:
        assert talk.asked == LOOK
        assert "Have you looked?" in talk.last
        assert "What to look at when you can" not in talk.last
        talk.say("?")
        assert "What to look at when you can" in talk.last
        talk.say("yes")
        assert talk.asked == first
        talk.answer(PHONE)
        assert talk.asked == CONFIRM


def test_who_cannot_look_gets_the_plan_from_what_is_known(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--set", "backup.message=icloud-storage") as talk:
        cannot_look(talk)
        talk.say("2")
        assert talk.asked == CONFIRM
        assert "As you wished" in talk.last
        talk.say("back")
        assert talk.asked == LOOK
        talk.say("back")
        assert "Visit 2" in talk.last
        cannot_look(talk)
        assert talk.asked == LOOK
        talk.say("2")
        talk.say("")
        assert "What is wrong" in talk.last


def test_who_knows_nothing_is_asked_four_visits_at_most(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path) as talk:
        talk.answer({})
        assert talk.asked == LOOK
        assert len(re.findall(r"Visit \d+,", talk.all)) <= 4


def test_the_list_goes_where_standard_output_goes(diagnoser: Diagnoser, tmp_path: Path) -> None:
    output = tmp_path / "list.txt"
    with Talk(diagnoser, tmp_path, "--save", "s.json", output=output) as talk:
        cannot_look(talk)
        talk.say("3")
        assert talk.code == 0
    look = saved(diagnoser, tmp_path / "s.json").next()
    assert isinstance(look, Look)
    flat = " ".join(output.read_text().split())
    assert all(visit.title in flat for visit in look.visits)
    assert "What is wrong" not in flat


# -- from a pipe


def scripted(
    tmp_path: Path, lines: list[str], *arguments: str, **changes: str
) -> tuple[int, str, str]:
    text = "".join(f"{line}\n" for line in lines).encode()
    done = run("ask", *arguments, input=text, cwd=tmp_path, env=environment(**changes))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_with_facts_missing_those_worth_asking_are_listed(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    code, out, err = scripted(tmp_path, [])

    assert (code, out) == (2, "")
    interview = Interview.start(diagnoser)
    visit = interview.next()
    assert isinstance(visit, Visit)
    missing = " ".join(err[err.index("Error:") :].split())
    fields = [field for visit in (visit, *interview.look().visits) for field in visit.fields]
    assert len(fields) > 10
    for field in fields:
        assert missing.count(f" - {field.fact}: {field.ask} (allowed: ") == 1
        if field.kind == "choice":
            assert f"{', '.join(field.options)} or unknown" in missing
    places = [missing.index(f" - {field.fact}: ") for field in visit.fields]
    assert places == sorted(places)
    assert max(map(len, err.splitlines())) <= 80
    assert not list(tmp_path.iterdir())
    assert "Traceback" not in err


def test_enough_lists_nothing_as_missing(tmp_path: Path) -> None:
    code, out, err = scripted(tmp_path, ["1", "enough"])

    assert code == 0
    assert "What to do" in out
    assert "are missing" not in err


def test_with_no_standard_input_at_all_it_does_not_hang(tmp_path: Path) -> None:
    done = run("ask", stdin=None, cwd=tmp_path, preexec_fn=lambda: os.close(0))

    assert done.returncode == 2
    assert b"(allowed: " in done.stderr


def test_answers_line_by_line_give_the_report_on_standard_output(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        lines = []
        while (prompt := talk.asked) not in (CONFIRM, None):
            lines.append(talk.reply(prompt or "", PHONE))
            talk.say(lines[-1])
    sheet = saved(diagnoser, tmp_path / "s.json").facts()
    assert not diagnoser.diagnose(sheet).contradictions

    code, out, err = scripted(tmp_path, [*lines, ""])
    assert code == 0
    assert "What is wrong" in out
    assert "Visit 1" in err
    assert "Visit 1" not in out

    code, from_answers, _ = scripted(tmp_path, lines, "--format", "json")
    assert code == 0
    assert from_answers == diagnoser.diagnose(sheet, look_ahead=True).json_text() + "\n"

    (tmp_path / "facts.json").write_text(json.dumps(sheet))
    options = ("--facts", "facts.json", *NO_QUESTIONS, "--format", "json")
    code, from_file, _ = scripted(tmp_path, [], *options)
    assert code == 0
    assert from_file == from_answers


def test_what_was_tried_need_not_be_said_from_a_pipe(coffee: Diagnoser, tmp_path: Path) -> None:
    sheet = {
        "machine": {"firmware": "1.2", "model": "Barista One"},
        "water": {"tank": "full", "flow": 150, "lamp": "dark"},
    }
    visit = Interview.start(coffee, sheet).next()
    assert isinstance(visit, Visit)
    assert [field.fact for field in visit.fields] == ["tried"]
    options = ("--knowledge", str(COFFEE), *as_arguments(sheet), "--format", "json")
    code, out, _ = scripted(tmp_path, [], *options)
    assert (code, out) == (0, coffee.diagnose(sheet, look_ahead=True).json_text() + "\n")


def test_the_end_of_the_answers_in_the_plan_is_the_end(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    code, out, err = scripted(tmp_path, ["", "could not do it"], *OFF)
    assert code == 0
    assert out.count("What is wrong") == 1
    assert "Error" not in err

    code, out, _ = scripted(tmp_path, ["", "could not do it"], *OFF, "--format", "json")
    assert code == 0
    assert COULD_NOT_DO in json.loads(out)["case"]["tried"].values()

    code, out, _ = scripted(tmp_path, ["", "fixed"], *OFF, "--format", "markdown")
    assert code == 0
    assert out.startswith("# Diagnosis")


@pytest.mark.parametrize("lines", [["nonsense"] * 50, [""] * 50, ["?"] * 50, ["x" * 70_000]])
def test_a_script_that_makes_no_sense_comes_to_an_end(tmp_path: Path, lines: list[str]) -> None:
    code, out, err = scripted(tmp_path, lines)

    assert (code, out) == (2, "")
    assert "(allowed: " in err
    assert err.count("is none of the answers") <= 10


def test_endless_input_comes_to_an_end(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as zero:
        done = run("ask", stdin=zero, cwd=tmp_path)

    assert done.returncode == 2


def test_strange_bytes_do_no_harm(tmp_path: Path) -> None:
    done = run("ask", input=b"\xff\xfe\x1b[2J\x00\n", cwd=tmp_path)

    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
    assert b"Traceback" not in done.stderr


WORDS = ("", "1", "2", "1 2", "3", "not sure", "none", "skip", "enough", "back", "list", "?", "why")
WORDS += (
    "plan",
    "check",
    "look",
    "handover",
    "print",
    "more",
    "save",
    "red",
    "0.5",
    "nonsense",
    "quit",
)


@given(lines=st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_a_conversation_comes_to_an_end(lines: list[str]) -> None:
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        result = invoke("ask", "--knowledge", str(COFFEE), input="".join(f"{x}\n" for x in lines))

    assert result.exit_code in (0, 2)
    assert (result.exit_code == 2) == ("(allowed: " in result.stderr)


@given(
    lines=st.lists(st.sampled_from(("1", "2", "not sure", "skip", "back", "nonsense"))),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_left_anywhere_among_the_visits_a_conversation_goes_on_as_without_a_break(
    coffee: Diagnoser, lines: list[str], data: st.DataObject
) -> None:
    def said(*parts: list[str]) -> Interview:
        with TemporaryDirectory() as folder, contextlib.chdir(folder):
            options = ("--save", "s.json", "--thorough")
            for part in parts:
                text = "".join(f"{line}\n" for line in part)
                invoke("ask", "--knowledge", str(COFFEE), *options, input=text)
                options = ("--resume", "s.json")
            return saved(coffee, Path("s.json"))

    whole = said(lines)
    cut = data.draw(st.integers(0, len(lines)))
    assume(not said(lines[:cut]).confirmed)  # else nothing was missing, and its end is the end
    assert said(lines[:cut], lines[cut:]).json_text() == whole.json_text()


# -- files


@pytest.mark.parametrize("content", [b"", b"my diary", b"[]", b'{"session": 1'])
def test_no_other_file_is_overwritten_or_resumed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine"
    path.write_bytes(content)
    for option in ("--save", "--resume"):
        code, out, err = scripted(tmp_path, ["1"], option, "mine")
        assert (code, out) == (2, "")
        assert "This session file cannot be used" in err
        assert "Visit" not in err
        assert path.read_bytes() == content


def test_where_nothing_can_be_saved_it_says_so_before_the_first_question(tmp_path: Path) -> None:
    code, _, err = scripted(tmp_path, ["1"], "--save", "missing/s.json")

    assert code == 2
    assert "cannot be written" in err
    assert "Visit" not in err


@pytest.mark.parametrize("option", ["--save", "--resume"])
def test_a_name_that_no_file_can_have_is_named(tmp_path: Path, option: str) -> None:
    name = "s" * 300
    code, out, err = scripted(tmp_path, ["1"], option, name)

    assert (code, out) == (2, "")
    assert "This session file cannot be used" in err
    assert name in err.replace("\n", "")
    assert "output" not in err


def test_a_session_that_is_not_there_is_named(tmp_path: Path) -> None:
    code, _, err = scripted(tmp_path, [], "--resume", "s.json")

    assert code == 2
    assert "s.json: there is no such file" in err


def test_an_earlier_conversation_is_kept_when_its_name_is_used_again(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    scripted(tmp_path, ["unknown"], "--save", "s.json")
    _, _, err = scripted(tmp_path, [], "--save", "s.json")

    assert len(asked(diagnoser, tmp_path / "s.json.1")) == 1
    assert "s.json.1" in err
    assert asked(diagnoser, tmp_path / "s.json") == []


@pytest.mark.parametrize(
    "options",
    [
        ["--resume", "s.json", "--facts", "f.json"],
        ["--resume", "s.json", "--set", "backup.switch=on"],
        ["--facts", "-"],
        ["--max-questions", "-1"],
        ["--max-questions", "many"],
        ["--facts", "no-such-file.json"],
        ["--set", "backup.swich=on"],
    ],
)
def test_wrong_options_are_one_clear_message(tmp_path: Path, options: list[str]) -> None:
    code, out, err = scripted(tmp_path, [], *options)

    assert (code, out) == (2, "")
    assert "Error" in err
    assert "Traceback" not in err


def test_unknown_facts_of_a_file_are_not_asked_and_absent_ones_are(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    visit = Interview.start(diagnoser).next()
    assert isinstance(visit, Visit)
    fact = visit.fields[0].fact
    area, _, name = fact.partition(".")
    for value, again in (("unknown", False), (None, True)):
        (tmp_path / "facts.json").write_text(json.dumps({area: {name: value}}))
        with Talk(diagnoser, tmp_path, "--facts", "facts.json") as talk:
            assert (talk.asked == fact) == again


def test_what_has_helped_before_is_the_end(tmp_path: Path) -> None:
    code, out, err = scripted(tmp_path, [""], "--set", f"{TRIED}restart-iphone={HELPED}")

    assert code == 0
    assert "This helped: Restart the iPhone." in err
    assert "What to do" not in err + out


def test_outcomes_given_before_are_respected(diagnoser: Diagnoser, tmp_path: Path) -> None:
    first = diagnoser.diagnose({}).plan.steps[0].remedy
    words = (*NO_QUESTIONS, "--set", f"{TRIED}{first}={DID_NOT_HELP}", "--save", "s.json")
    with Talk(diagnoser, tmp_path, *words) as talk:
        talk.say("")
        talk.begin()
        talk.say("1")
    said = saved(diagnoser, tmp_path / "s.json").said
    assert all(first not in one.remedies for one in said if isinstance(one, Outcome))
    assert {one.outcome for one in said if isinstance(one, Outcome)} <= {HELPED, "done", "prepared"}


def test_no_is_not_taken_for_not_sure(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--set", "storage.plan=50gb", "--save", "s.json") as talk:
        talk.say("list")
        talk.say("1")
        assert talk.asked == "storage.plan"
        talk.say("no")
        assert '"no" is none of the answers' in talk.last
        talk.say("quit")
    assert saved(diagnoser, tmp_path / "s.json").given == {"storage.plan": "50gb"}


def test_two_conversations_do_not_overwrite_each_other(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    with Talk(diagnoser, tmp_path, "--save", "s.json") as first:
        first.say("2")
        with Talk(diagnoser, tmp_path, "--save", "s.json") as second:
            assert "kept in s.json.1" in second.last
            second.say("3")
            first.say("1")
            assert "goes on in s.json.2" in first.last
            second.say("quit")
        first.say("quit")
        assert "--resume s.json.2" in first.last
    answers = {name: asked(diagnoser, tmp_path / name) for name in ("s.json", "s.json.2")}
    assert len(answers["s.json"]) == 1
    assert len(answers["s.json.2"]) == 2


def test_given_facts_that_were_changed_are_kept_too(diagnoser: Diagnoser, tmp_path: Path) -> None:
    with Talk(diagnoser, tmp_path, "--set", "wifi.signal=strong", "--save", "s.json") as talk:
        talk.say("list")
        talk.say("1")
        talk.say("weak")
        talk.say("quit")
    with Talk(diagnoser, tmp_path, "--save", "s.json") as talk:
        assert "kept in s.json.1" in talk.last
        talk.say("quit")
    assert saved(diagnoser, tmp_path / "s.json.1").given == {"wifi.signal": "weak"}


def test_what_cannot_be_saved_beside_another_conversation_takes_one_name_only(
    diagnoser: Diagnoser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview, file = Interview.start(diagnoser), tmp_path / "s.json"
    session_file.save(interview, file)
    autosave = Autosave(interview, Terminal(), file)
    file.write_text("another conversation")

    def full(*_: object) -> bytes:
        raise session_file.InvalidSession([])

    monkeypatch.setattr(session_file, "save", full)
    autosave.failed = True
    for _ in range(3):
        autosave.save()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["s.json", "s.json.1"]
    assert file.read_text() == "another conversation"
