"""A conversation without its terminal: it ends, asks only what may be asked, and can be left and
taken up at any moment."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.interview import session_file
from diagnoser.interview.answer_effects import prospects
from diagnoser.interview.history import DONE, PREPARED, Diagnosed, Enough, Insisted, Outcome, flat
from diagnoser.interview.interview import Interview
from diagnoser.interview.session import interview_of, session_of
from diagnoser.interview.typed_answers import parse_typed
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED
from diagnoser.terminal.unanswered import unanswered
from tests import oracles, packs
from tests.packs import Pack
from tests.phones import scenarios


def several_to_do(diagnoser: Diagnoser) -> dict[str, Any]:
    """A phone of the scenarios with more than one proven cause that somebody can mend alone."""
    for scenario in scenarios():
        sheet = scenario.sheet(diagnoser)
        if "tried" in sheet:
            continue
        report = diagnoser.diagnose(sheet)
        musts = [step for step in report.plan.steps if step.must]
        if len(musts) > 1 and not report.contradictions and not any(s.hand_over for s in musts):
            return sheet
    raise AssertionError("no scenario has several proven causes")


def through(interview: Interview, pack: Pack, random: Random, goes_back: int = 0) -> int:
    """Talks at random until the end, and checks every question; returns how many there were.

    They are those of `next_question` for the same facts, but for what a step may have changed: the
    facts alone do not tell that it was known before, and it may not be worth asking by itself, yet
    without it a proven cause would be gone because its remedy failed. So the interview asks for all
    of that first, whatever it saves.
    """
    asked = 0
    for _ in range(600):
        sheet = interview.facts()
        if goes_back and random.random() < 0.2:
            goes_back -= 1
            interview.back()
            continue
        fact = None if interview.done else interview.next_fact()
        if fact is not None:
            may_be = oracles.may_be_asked(pack.data, sheet)
            assert fact in may_be
            assert fact not in interview.current()
            if forgotten := [id for id, _ in interview.forgotten() if id in may_be]:
                assert fact in forgotten
            else:
                question = interview.question()
                assert question is not None
                assert fact == question.fact
            asked += 1
            interview.answer(fact, random.choice([*pack.texts[fact], "unknown"]))
            assert fact in interview.current()
        else:
            if not interview.diagnosed:
                interview.said.append(Diagnosed())
            task = interview.task(interview.report())
            if interview.fixed or task is None or task.kind == "hand-over":
                return asked
            if task.step is None:
                interview.verified(random.choice([DID_NOT_HELP, DID_NOT_HELP, HELPED]))
            else:
                usual = {"must": DONE, "prepare": PREPARED}.get(task.kind, DID_NOT_HELP)
                interview.outcome(task.step, random.choice([usual] * 6 + [COULD_NOT_DO, HELPED]))
        left = json.loads(session_of(interview).model_dump_json())
        taken_up = interview_of(interview.diagnoser, left)
        assert taken_up.facts() == interview.facts()
        assert taken_up.again() == interview.again()
        assert taken_up.done == interview.done
    raise AssertionError("the conversation does not end")


@pytest.mark.parametrize("seed", range(12))
def test_it_ends_and_asks_only_what_may_be_asked_in_any_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pack = packs.random_pack(Random(seed), packs.Sizes(remedies=6))
    packs.write(pack.written, tmp_path / "pack")
    diagnoser = Diagnoser(tmp_path / "pack")
    for talk in range(6):
        random = Random(100 * seed + talk)
        interview = Interview(diagnoser, thorough=talk % 2 == 1)
        through(interview, pack, random, goes_back=5)
        report = interview.report()
        as_a_file = json.loads(json.dumps(interview.facts()))
        assert diagnoser.diagnose(as_a_file, look_ahead=True).json_text() == report.json_text()


@pytest.mark.parametrize("seed", range(2))
def test_it_ends_with_the_report_of_the_same_facts_in_a_file(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    interview = Interview(diagnoser)
    through(interview, built_in, Random(seed))
    as_a_file = json.loads(json.dumps(interview.facts()))

    again = diagnoser.diagnose(as_a_file, look_ahead=True)

    assert again.json_text() == interview.report().json_text()


def test_no_more_is_asked_than_allowed(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser, max_questions=2)
    for _ in range(2):
        question = interview.question()
        assert question is not None
        interview.answer(question.fact, "not sure")

    assert interview.question() is None
    assert interview.exhausted


def test_going_back_undoes_answers_and_outcomes_one_by_one(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser, flat(several_to_do(diagnoser)))
    states = []
    for _ in range(3):
        states.append(interview.facts())
        report = interview.report()
        task = interview.task(report)
        assert task is not None
        if task.step is None:
            interview.verified(DID_NOT_HELP)
        else:
            interview.outcome(task.step, DONE if task.kind == "must" else DID_NOT_HELP)

    while states:
        assert interview.back() is not None
        assert interview.facts() == states.pop()
    assert interview.back() is None


def test_steps_that_are_all_needed_are_verified_once_and_their_signs_forgotten(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview(diagnoser, flat(several_to_do(diagnoser)))
    report = interview.report()
    musts = [step for step in report.plan.steps if step.must]
    for place, step in enumerate(musts, start=1):
        task = interview.task(interview.report())
        assert task is not None
        assert (task.kind, task.place, task.total) == ("must", place, len(musts))
        assert task.step is not None
        assert task.step.remedy == step.remedy
        assert interview.outcome(step, DONE) == []
        assert not interview.tried
    task = interview.task(interview.report())
    assert task is not None
    assert task.kind == "verify"
    signs = {
        (fact, evidence.factor < 0)
        for cause in report.causes
        if cause.status == "proven"
        for evidence in cause.evidence
        for fact in evidence.facts
    }

    forgot = interview.verified(DID_NOT_HELP)

    assert forgot
    assert set(forgot) <= {fact for fact, against in signs if not against} | {"ios.version"}
    assert not set(forgot) & set(interview.current())
    assert interview.tried == {step.remedy: DID_NOT_HELP for step in musts}
    assert not interview.done


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"ios.version": "7.1.2"}, "update-ios"),
        ({"account.signed_in": "no"}, "sign-in-to-icloud"),
        ({"wifi.connection": "off", "network.cellular_backup": "off"}, "turn-on-wifi"),
    ],
)
@pytest.mark.parametrize("most", [None, 0])
def test_what_proved_a_cause_is_asked_again_at_once_when_its_remedy_did_not_help(
    diagnoser: Diagnoser, given: dict[str, str], remedy: str, most: int | None
) -> None:
    interview = Interview(diagnoser, given, max_questions=most)
    [proven] = [cause.id for cause in interview.report().causes if cause.status == "proven"]
    [step] = [step for step in interview.report().plan.steps if step.remedy == remedy]

    assert set(interview.outcome(step, DID_NOT_HELP)) == set(given)

    assert list(interview.forgotten()) == [(id, given[id]) for id, _ in interview.forgotten()]
    for fact, _ in list(interview.forgotten()):
        assert interview.next_fact() == fact
        interview.answer(fact, given[fact])
    assert interview.again() is None
    causes = {cause.id: cause.status for cause in interview.report().causes}
    assert causes[proven] == "proven"
    for fact, _ in reversed(list(interview.forgotten())):
        interview.back()
        assert interview.next_fact() == fact
    interview.back()
    assert interview.current() == given


def test_what_a_proven_cause_brought_about_is_asked_again_too(diagnoser: Diagnoser) -> None:
    given = {
        "account.signed_in": "no",
        "backup.message": "none",
        "backup.last_backup": "older",
        "device.model": "iPhone 14",
    }
    interview = Interview(diagnoser, given)
    step = interview.report().plan.steps[0]
    assert step.must

    forgot = interview.outcome(step, DID_NOT_HELP)

    assert sorted(forgot) == ["account.signed_in", "backup.message"]
    interview = Interview(diagnoser, given | {"account.signed_in": "unknown"})
    steps = interview.report().plan.steps
    assert not any(step.must or step.look_again for step in steps)


@pytest.mark.parametrize("seed", range(4))
def test_a_host_that_looks_again_where_the_plan_says_so_asks_the_same_questions(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    random = Random(seed)
    facts = dict(flat(several_to_do(diagnoser)))
    interview, again = Interview(diagnoser, dict(facts)), set[str]()
    looked_again = 0
    for _ in range(200):
        sheet = oracles.sheet_of(facts)
        open_again = [id for id in diagnoser.may_be_asked(sheet) if id in again]
        question = diagnoser.next_question(sheet)
        fact = open_again[0] if open_again else question.fact if question else None
        assert fact == interview.next_fact()
        if fact is not None:
            looked_again += bool(open_again)
            facts[fact] = interview.answer(fact, random.choice([*built_in.texts[fact], "unknown"]))
            facts = flat(interview.facts())  # without what has become irrelevant
            continue
        steps = diagnoser.diagnose(sheet).plan.steps
        todo = [step for step in steps if step.must] or steps[:1]
        if todo[0].hand_over:
            break
        for step in todo:
            interview.outcome(step, DONE if len(todo) > 1 else DID_NOT_HELP)
        if len(todo) > 1:
            interview.verified(DID_NOT_HELP)
        changed = {id for step in todo for id in step.look_again}
        again |= changed
        facts = {id: value for id, value in facts.items() if id not in changed}
        facts |= {f"tried.{step.remedy}": DID_NOT_HELP for step in todo}
    assert looked_again


def test_what_was_forgotten_and_is_not_sure_or_irrelevant_now_is_asked_no_more(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview(diagnoser, {"wifi.connection": "off", "network.cellular_backup": "off"})
    interview.outcome(interview.report().plan.steps[0], DID_NOT_HELP)
    interview.answer("wifi.connection", "not sure")
    assert interview.again() == "network.cellular_backup"
    interview.answer("network.cellular_backup", "not sure")
    assert interview.again() is None

    interview = Interview(
        diagnoser, {"backup.message": "other", "backup.other_message": "not-supported"}
    )
    forgot = tuple(interview.given)
    interview.said.append(Outcome(("restart-iphone",), DID_NOT_HELP, forgot))
    assert interview.again() == "backup.message"
    interview.answer("backup.message", "none")
    assert interview.again() is None


def test_enough_ends_all_questions_until_a_step_has_been_tried(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser, {"wifi.connection": "off", "network.cellular_backup": "off"})
    interview.outcome(interview.report().plan.steps[0], DID_NOT_HELP)
    assert interview.next_fact() == "wifi.connection"
    interview.said.append(Enough())
    assert interview.next_fact() is None
    interview.outcome(interview.report().plan.steps[0], DID_NOT_HELP)
    assert interview.next_fact() == "wifi.connection"


def test_what_could_not_be_done_makes_another_plan_but_forgets_nothing(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview(diagnoser, flat(several_to_do(diagnoser)))
    before = interview.current()
    first, second = interview.report().plan.steps[:2]
    interview.outcome(first, DONE)

    assert interview.outcome(second, COULD_NOT_DO) == []

    assert interview.done == [first.remedy]
    assert second.remedy not in {step.remedy for step in interview.report().plan.steps}
    assert interview.current() == before | {f"tried.{second.remedy}": COULD_NOT_DO}


def test_everything_done_together_has_helped(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser, flat(several_to_do(diagnoser)))
    first, second = interview.report().plan.steps[:2]
    interview.outcome(first, DONE)
    interview.outcome(second, HELPED)

    assert interview.fixed
    assert interview.tried == {first.remedy: HELPED, second.remedy: HELPED}
    assert not interview.report().plan.steps


def test_nothing_is_left_to_do_when_no_step_may_help(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser)
    report = interview.report()
    assert interview.task(report) is not None
    hopeless = [
        step.model_copy(update={"chance": chance, "must": False, "hand_over": False})
        for step, chance in zip(report.plan.steps, (None, 0.0001), strict=False)
    ]
    plan = report.plan.model_copy(update={"steps": hopeless})

    assert interview.task(report.model_copy(update={"plan": plan})) is None


def test_an_outcome_can_be_changed_and_taken_back(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser)
    step = interview.report().plan.steps[0]
    interview.outcome(step, DID_NOT_HELP)

    interview.answer(f"tried.{step.remedy}", "it could not be done")
    assert interview.tried == {step.remedy: COULD_NOT_DO}

    interview.answer(f"tried.{step.remedy}", "not sure")
    assert interview.tried == {}


def test_an_answer_that_became_irrelevant_does_not_count_and_comes_back(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview(diagnoser)
    interview.answer("device.management", "supervised")
    interview.answer("device.backup_rule", "forbidden")

    interview.answer("device.management", "none")
    assert interview.facts() == {"device": {"management": "none"}}

    interview.answer("device.management", "profile")
    assert interview.current()["device.backup_rule"] == "forbidden"


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("backup.switch", "1", "on"),
        ("backup.switch", "OFF", "off"),
        ("backup.switch", "no, it", "off"),
        ("backup.switch", "n", "off"),
        ("backup.switch", "not sure", "unknown"),
        ("backup.switch", "unsure", "unknown"),
        ("backup.switch", "5", "unknown"),
        ("backup.switch", "2)", "off"),
        ("backup.switch", "0002", "off"),
        ("backup.switch", "\uff12", "off"),
        ("backup.switch", "dunno", "unknown"),
        ("backup.message", "wifi", "network"),
        ("backup.message", "says nothing", "none"),
        ("backup.message", "1 3", ["icloud-storage", "network"]),
        ("backup.message", "3, 1", ["icloud-storage", "network"]),
        ("backup.message", "3) 1)", ["icloud-storage", "network"]),
        ("backup.message", "1,3 and 7", ["icloud-storage", "network", "busy"]),
        ("backup.message", "Busy and network", ["network", "busy"]),
        ("backup.message", "another backup, iOS must", ["ios-version", "busy"]),
        ("backup.message", "3 and wifi", "network"),
        ("backup.message", "it says nothing, the backup just never runs", "none"),
        ("backup.message", "9", "none"),
        ("backup.switch", "off and grey", ["off", "grey"]),
        ("backup.switch", "off, grey and an error", ["off", "grey", "error"]),
        ("storage.plan", "200", "200gb"),
        ("storage.plan", "2", "50gb"),
        ("backup.back_up_now", "fails at once", "fails-at-once"),
        ("storage.icloud_free_gb", "300 MB", 0.3),
        ("storage.icloud_free_gb", "0,3", 0.3),
        ("storage.icloud_free_gb", "about 3 gb", 3),
        ("storage.icloud_free_gb", "2", 2),
        ("storage.icloud_free_gb", "don't know", "unknown"),
        ("storage.icloud_free_gb", "I don\u2019t know!", "unknown"),
        ("storage.icloud_free_gb", "1,5 gb", 1.5),
        ("storage.icloud_free_gb", "1.5 TB", 1500),
        ("storage.icloud_free_gb", ".5", 0.5),
        ("storage.icloud_free_gb", "~300 megabytes free.", 0.3),
        ("storage.icloud_free_gb", "3 gigs", 3),
        ("storage.icloud_free_gb", "3G", 3),
        ("storage.icloud_free_gb", "Zero KB", 0),
        ("storage.icloud_free_gb", "none", 0),
        ("network.upload_mbps", "5 Mbps", 5),
        ("network.upload_mbps", "500 kbps", 0.5),
        ("ios.version", "iOS 18.5", "18.5"),
        ("ios.version", "18.5.0", "18.5"),
        ("ios.version", "18,5", "18.5"),
        ("ios.version", "iOS 18.5 (22F76)", "18.5"),
        ("ios.version", "v18.5.1", "18.5.1"),
        ("ios.version", "18", "18"),
        ("ios.version", "iOS version: 18.5.", "18.5"),
        ("ios.version", "26.1 beta 2", "26.1"),
        ("device.model", "iphone  14 pro", "iPhone 14 Pro"),
        ("device.model", "14 pro max", "iPhone 14 Pro Max"),
        ("device.model", "xr", "iPhone XR"),
        ("device.model", "iPhone15,2", "iPhone 14 Pro"),
        ("device.model", "iphone 15.2", "iPhone 14 Pro"),
        ("device.model", "iPhone 1,1", "iPhone (1st generation)"),
        ("device.model", "14promax", "iPhone 14 Pro Max"),
        ("device.model", "13 mini", "iPhone 13 mini"),
        ("device.model", "iPhone-8+", "iPhone 8 Plus"),
        ("device.model", "x", "iPhone X"),
        ("device.model", "se 2", "iPhone SE (2nd generation)"),
        ("device.model", "iPhone SE (3rd gen)", "iPhone SE (3rd generation)"),
    ],
)
def test_what_is_typed_is_understood(
    diagnoser: Diagnoser, fact: str, text: str, value: object
) -> None:
    assert parse_typed(diagnoser.knowledge.facts[fact], text) == value


@pytest.mark.parametrize(
    ("fact", "text", "says"),
    [
        ("backup.switch", "", "nothing was typed"),
        ("backup.switch", "6", '"6" is not the number of an answer'),
        ("backup.switch", "0", '"0" is not the number of an answer'),
        ("backup.switch", "0015", '"0015" is not the number of an answer'),
        ("backup.switch", "1000", '"1000" is not the number of an answer'),
        ("backup.switch", "on " * 70_000, "is longer than 200 characters"),
        ("device.model", "iPhone " * 70_000, "is longer than 200 characters"),
        ("storage.icloud_free_gb", "9" * 201, "is longer than 200 characters"),
        ("backup.switch", "\x1b[A", '"\\u{1b}[a" is none of the answers'),
        ("account.prompt", "it wants", '"it wants" fits the answers 2, 3'),
        ("backup.message", "1 3 30", '"30" is not the number of an answer'),
        ("backup.message", "network and bussy", '"bussy" is none of the answers'),
        ("backup.message", "network and none", 'never runs" cannot stand beside other answers'),
        ("backup.message", "1 and not sure", '"Not sure" cannot stand beside other answers'),
        ("backup.message", "1 and", '"1 and" is none of the answers'),
        ("backup.last_backup", "1 2", '"1 2" is none of the answers'),
        ("storage.icloud_free_gb", "3 parsecs", "has a unit that is not understood"),
        ("storage.icloud_free_gb", "-1", "is out of range"),
        ("storage.icloud_free_gb", "much", '"much" is not a number'),
        ("storage.icloud_free_gb", "", "nothing was typed"),
        ("storage.icloud_free_gb", "4.7 GB of 5 GB", "is not one number"),
        ("storage.icloud_free_gb", "3-4", "is not one number"),
        ("storage.icloud_free_gb", "1,500", '"1,500" can mean 1500 or 1.5'),
        ("storage.icloud_free_gb", "15000", "is out of range"),
        ("storage.icloud_free_gb", "5 horses", "a number from 0 to 14000 GB (or with a unit, such"),
        ("ios.version", "18 or 19", 'a version, such as 27.0.1, or "not sure"'),
        ("backup.switch", "gray", 'did you mean "It is grey and cannot be moved, even if it'),
        ("device.model", "iPhone15,22", 'did you mean "iPhone 14 Pro"?'),
        ("device.model", "14 pro max 256gb", 'did you mean "iPhone 14 Pro Max"?'),
        ("device.model", "iPhone", "can mean iPhone (1st generation), iPhone 3G"),
        ("ios.version", "the newest", "is not a version"),
        ("device.model", "iPhone 14 por", 'did you mean "iPhone 14 Pro"?'),
        ("device.model", "SE", "can mean iPhone SE (1st generation)"),
        ("device.model", "Galaxy", "is not known here"),
    ],
)
def test_what_is_not_understood_is_explained(
    diagnoser: Diagnoser, fact: str, text: str, says: str
) -> None:
    with pytest.raises(InvalidFacts) as error:
        parse_typed(diagnoser.knowledge.facts[fact], text)
    assert says.lower() in str(error.value).lower()


def test_contradictions_are_named_with_what_to_ask_again(diagnoser: Diagnoser) -> None:
    given = {"device.management": "none", "device.backup_rule": "forbidden"}
    found = Interview(diagnoser, given).contradictions()

    assert found
    for one in found:
        assert set(one.facts) == set(given)
        assert one.because
        assert one.ask_again in given


def test_the_prospects_are_those_of_the_answers_diagnosed_anew(diagnoser: Diagnoser) -> None:
    question = diagnoser.next_question({})
    assert question is not None
    area, _, name = question.fact.partition(".")

    found = prospects(diagnoser, {}, question.fact)

    assert round(found.saves, 1) == question.saves_minutes
    kind = diagnoser.knowledge.facts[question.fact].kind
    values = [value for value, _ in diagnoser.knowledge.facts[question.fact].typical]
    for value, branch in zip(values, found.branches, strict=True):
        then = diagnoser.diagnose({area: {name: kind.show(value)}})
        assert branch.answer == kind.label(value).strip()
        assert branch.first_step in (None, then.plan.steps[0].title)
        for move in branch.moves:
            [cause] = [cause for cause in then.causes if cause.title == move.title]
            assert (round(move.then, 4), move.status) == (cause.probability, cause.status)
    known = prospects(diagnoser, {area: {name: kind.show(values[0])}}, question.fact)
    assert known == found


def test_the_prospects_name_what_an_answer_opens_the_way_to(diagnoser: Diagnoser) -> None:
    facts = {"backup": {"message": "not-completed", "switch": "on"}}
    opened = {
        fact.ask
        for fact in diagnoser.knowledge.facts.values()
        if fact.only_if and "wifi.connection" in facts_of(fact.only_if)
    }

    connected, not_joined, off = prospects(diagnoser, facts, "wifi.connection").branches

    assert connected.opens in opened
    assert {not_joined.opens, off.opens}.isdisjoint(opened)


@pytest.mark.parametrize("seed", range(8))
def test_once_all_missing_facts_are_answered_nothing_more_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    random = Random(seed)
    pack = packs.random_pack(random, packs.Sizes(areas=3, facts=4))
    packs.write(pack.written, tmp_path / "pack")
    diagnoser = Diagnoser(tmp_path / "pack")
    for talk in range(8):
        sheet = packs.random_sheet(random, pack, share=10 * talk)
        given = {id: value for id, value in flat(sheet).items() if not id.startswith("tried.")}
        interview = Interview(diagnoser, given, thorough=talk % 2 == 1)
        question = interview.question()
        lines = unanswered(interview)
        assert bool(lines) == (question is not None)
        if question is None:
            continue
        listed = [line.split(":")[0].strip() for line in lines if " (allowed: " in line]
        assert listed[0] == question.fact
        assert len(set(listed)) == len(listed)
        assert set(oracles.may_be_asked(pack.data, interview.facts())) <= set(listed)
        assert not set(listed) & set(given)
        for fact in listed:
            interview.answer(fact, random.choice([*pack.texts[fact], "unknown"]))
        assert interview.question() is None
        assert unanswered(interview) == []


# -- session files


def test_a_session_keeps_everything(diagnoser: Diagnoser, tmp_path: Path) -> None:
    interview = Interview(diagnoser, {"wifi.connection": "off"}, thorough=True)
    interview.answer("ios.version", "18.5")
    interview.answer("backup.switch", "not sure")
    interview.answer("backup.message", "network and busy")
    insisted = {"wifi.connection": "off", "backup.message": ["network", "busy"]}
    interview.said += [Insisted(insisted), Diagnosed()]
    interview.said.append(Outcome(("restart-iphone",), DID_NOT_HELP, ("backup.switch",)))
    interview.max_questions = 7
    session_file.save(interview, tmp_path / "s.json")

    again = session_file.load(diagnoser, tmp_path / "s.json")

    assert again == interview
    assert "backup.switch" not in again.current()
    assert again.current()["backup.message"] == ["network", "busy"]


def test_only_whole_files_are_ever_there(
    diagnoser: Diagnoser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = Interview(diagnoser)
    session_file.save(interview, tmp_path / "s.json")
    before = (tmp_path / "s.json").read_bytes()
    interview.answer("ios.version", "18.5")

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(KeyboardInterrupt):
        session_file.save(interview, tmp_path / "s.json")

    assert (tmp_path / "s.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]


def damaged() -> dict[str, bytes]:
    said = b'{"session": 1, "knowledge": {"id": "iphone-icloud-backup"}, "given": {}, "said": [%s]}'
    return {
        "empty": b"",
        "cut off": b'{"session": 1, "given": {',
        "not text": b"\xff\xfe\x00",
        "a list": b"[]",
        "a facts file": b'{"wifi": {"connection": "off"}}',
        "another version": b'{"session": 2}',
        "other knowledge": b'{"session": 1, "knowledge": {"id": "x"}, "given": {}, "said": []}',
        "without answers": b'{"session": 1, "knowledge": {"id": "iphone-icloud-backup"}}',
        "no such fact": said % b'{"fact": "wifi.conection", "answer": "off"}',
        "no such answer": said % b'{"fact": "wifi.connection", "answer": "of"}',
        "no answer": said % b'{"fact": "wifi.connection", "answer": null}',
        "a fact that is none": said % b'{"fact": ["a"], "answer": "off"}',
        "a remedy as answer": said % b'{"fact": "tried.update-ios", "answer": "helped"}',
        "no such remedy": said % b'{"steps": ["pray"], "outcome": "helped", "forgot": []}',
        "no such outcome": said % b'{"steps": ["update-ios"], "outcome": "hm", "forgot": []}',
        "steps that are none": said % b'{"steps": 3, "outcome": "helped", "forgot": [{}]}',
        "something else": said % b'{"said": "something else"}',
        "a number": said % b"7",
        "insisted on nothing": said % b'{"insisted": 3}',
        "an odd number of questions": (said % b"").replace(
            b'"given"', b'"max_questions": -1, "given"'
        ),
        "neither thorough nor not": (said % b"").replace(b'"given"', b'"thorough": 1, "given"'),
        "too much": b" " * 70_000,
    }


@pytest.mark.parametrize("content", damaged().values(), ids=damaged())
def test_a_damaged_session_is_named_and_left_as_it_is(
    diagnoser: Diagnoser, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(content)

    with pytest.raises(session_file.InvalidSession) as error:
        session_file.load(diagnoser, path)

    assert "s.json: cannot be taken up again; it was left as it is" in str(error.value)
    assert len(error.value.problems) > 1
    assert path.read_bytes() == content
    with pytest.raises(session_file.InvalidSession):
        session_file.make_room(diagnoser, path)
    assert path.read_bytes() == content


def test_all_mistakes_of_a_session_are_named_at_once_with_their_places(
    diagnoser: Diagnoser,
) -> None:
    data = {
        "session": 1,
        "knowledge": {"id": diagnoser.knowledge.id},
        "thorogh": True,
        "max_questions": -1,
        "given": {"wifi.connection": "of", "ios.version": None, "storage.icloud_free_gb": True},
        "said": [
            {"fact": "wifi.signal", "answer": "wek"},
            {"fact": "wifi.signal", "answer": None},
            {"fact": "wifi.signal", "answer": "weak", "because": "I see it"},
            {"steps": ["pray"], "outcome": "helpd", "forgot": []},
            {"insisted": ["wifi.signal"]},
            {"hello": True},
        ],
    }

    with pytest.raises(InvalidFacts) as error:
        interview_of(diagnoser, data)

    found = {problem.path: problem for problem in error.value.problems}
    assert len(found) == len(error.value.problems)
    assert set(found) == {
        "thorogh",
        "max_questions",
        "wifi.connection",
        "ios.version",
        "storage.icloud_free_gb",
        "wifi.signal",
        "said[1].answer",
        "said[2].because",
        "said[3].steps",
        "said[3].outcome",
        "said[4].insisted",
        "said[5]",
    }
    near = {path: found[path].near for path in ("thorogh", "wifi.connection", "said[3].outcome")}
    assert near == {"thorogh": "thorough", "wifi.connection": "off", "said[3].outcome": "helped"}
    assert "did-not-help" in found["said[3].outcome"].allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"given": {"wifi.\ud800": "off"}},
        {"given": {"device.model": "\ud800"}},
        {"said": [{"insisted": {"wifi.signal": "\udfff"}}]},
        {"said": [{"insisted": {"\udfff": "weak"}}]},
        {"said": [{"steps": ["\ud800"], "outcome": "helped", "forgot": []}]},
        {"said": [{"steps": ["update-ios"], "outcome": "\ud800", "forgot": []}]},
        {"knowledge": {"id": "iphone-icloud-backup", "version": "\ud800"}},
        {"\ud800": 1},
    ],
    ids=ascii,
)
def test_a_session_with_half_a_character_is_refused_when_it_is_read(
    diagnoser: Diagnoser, tmp_path: Path, changes: dict[str, Any]
) -> None:
    data = json.loads(session_of(Interview(diagnoser)).model_dump_json()) | changes
    path = tmp_path / "s.json"
    path.write_text(json.dumps(data))

    with pytest.raises(session_file.InvalidSession, match="half a character") as error:
        session_file.load(diagnoser, path)

    assert str(error.value).encode()
    assert all(line.isprintable() for line in str(error.value).splitlines())


@pytest.mark.parametrize("fact", ["wifi.connection", "device.model", "ios.version"])
def test_half_a_character_is_no_answer_that_is_typed(diagnoser: Diagnoser, fact: str) -> None:
    for text in ("\ud800", "off \udcff", "iPhone 14\ud800", "18.5\udfff"):
        with pytest.raises(InvalidFacts):
            parse_typed(diagnoser.knowledge.facts[fact], text)


def test_a_session_file_has_the_same_form_as_ever(diagnoser: Diagnoser) -> None:
    interview = Interview(diagnoser, {"wifi.connection": "off"}, max_questions=7)
    interview.answer("ios.version", "18.5")
    interview.said += [Insisted({"wifi.connection": "off"}), Diagnosed(), Enough()]
    interview.said.append(Outcome(("restart-iphone",), DID_NOT_HELP, ("ios.version",)))
    known = diagnoser.knowledge

    assert json.loads(session_of(interview).model_dump_json()) == {
        "session": 1,
        "knowledge": {"id": known.id, "version": known.version},
        "thorough": False,
        "max_questions": 7,
        "given": {"wifi.connection": "off"},
        "said": [
            {"fact": "ios.version", "answer": "18.5"},
            {"insisted": {"wifi.connection": "off"}},
            {"diagnosed": True},
            {"enough": True},
            {"steps": ["restart-iphone"], "outcome": "did-not-help", "forgot": ["ios.version"]},
        ],
    }


def test_an_earlier_session_is_kept_under_another_name(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    path = tmp_path / "s.json"
    interview = Interview(diagnoser)
    session_file.save(interview, path)
    assert session_file.make_room(diagnoser, path) is None
    interview.answer("ios.version", "18.5")
    session_file.save(interview, path)

    kept = session_file.make_room(diagnoser, path)

    assert kept is not None
    assert session_file.load(diagnoser, kept) == interview


def test_sessions_without_a_name_get_the_next_free_one(tmp_path: Path) -> None:
    names = [session_file.free_file(tmp_path).name for _ in range(3)]

    assert names == [
        "diagnoser-session.json",
        "diagnoser-session-2.json",
        "diagnoser-session-3.json",
    ]
