"""The steps of the plan: one at a time, what came of them, and what is asked again after them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from diagnoser import Diagnoser, Interview, InvalidFacts
from diagnoser.interview import tasks
from diagnoser.interview.history import Outcome, flat
from diagnoser.interview.turns import End, Look, Step, Turn, Visit
from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED
from tests import oracles
from tests.interview.leading import facts_asked, judged, somebody
from tests.packs import Pack
from tests.phones import several_to_do

WIFI_IS_OFF = {"wifi.connection": "off", "network.cellular_backup": "off"}


def started(diagnoser: Diagnoser, facts: dict[str, Any], most: int | None = None) -> Interview:
    """A conversation that is at its first step."""
    interview = Interview.start(diagnoser, oracles.sheet_of(facts), max_questions=most)
    interview.enough()
    return interview


def step_of(turn: Turn) -> Step:
    assert isinstance(turn, Step)
    return turn


def outcomes_until_tested(interview: Interview, how: str) -> list[str]:
    """Does all that is done in one go, and says how it went; returns what is to be asked again."""
    while "done" in (turn := step_of(interview.next())).outcomes:
        assert interview.outcome("done") == []
        assert turn.ask == "Is that done?"
    return interview.outcome(how)


def test_steps_that_are_all_needed_are_verified_once_and_their_signs_forgotten(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser, several_to_do(diagnoser))
    interview.enough()
    report = interview.report()
    musts = [step for step in report.plan.steps if step.must]
    for number, step in enumerate(musts, start=1):
        turn = step_of(interview.next())
        assert turn.step is not None
        assert (turn.step.remedy, turn.number) == (step.remedy, number)
        assert turn.together == [*range(1, len(musts) + 1)]
        assert not turn.prepares
        assert interview.outcome("done") == []
        assert "tried" not in interview.facts()
    test = step_of(interview.next())
    assert test.step is None
    assert test.done == [step.title for step in musts]
    assert test.check
    assert {*test.outcomes} == {"fixed", "did-not-help"}
    signs = {
        (fact, evidence.factor < 0)
        for cause in report.causes
        if cause.status == "proven"
        for evidence in cause.evidence
        for fact in evidence.facts
    }
    before = flat(interview.facts())

    forgot = interview.outcome("did-not-help")

    assert forgot
    assert set(forgot) <= {fact for fact, against in signs if not against} | {"ios.version"}
    now = flat(interview.facts())
    assert before.keys() - now.keys() == set(forgot)
    assert interview.facts()["tried"] == {step.remedy: DID_NOT_HELP for step in musts}
    assert interview.steps == len(musts)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"ios.version": "7.1.2"}, "update-ios"),
        ({"account.signed_in": "no"}, "sign-in-to-icloud"),
        (WIFI_IS_OFF, "turn-on-wifi"),
    ],
)
@pytest.mark.parametrize("most", [None, 0])
def test_what_proved_a_cause_is_asked_again_at_once_when_its_remedy_did_not_help(
    diagnoser: Diagnoser, given: dict[str, str], remedy: str, most: int | None
) -> None:
    interview = started(diagnoser, given, most)
    [proven] = [cause.id for cause in interview.report().causes if cause.status == "proven"]
    first = step_of(interview.next())
    assert first.step is not None
    assert first.step.remedy == remedy

    assert set(outcomes_until_tested(interview, "did-not-help")) == set(given)

    asked = []
    while isinstance(turn := interview.next(), Visit) and turn.again:
        for field in turn.fields:
            assert field.before == interview.label(field.fact, given[field.fact])
        here = facts_asked(turn)
        asked += here
        interview.answer({id: given[id] for id in here})
        assert interview.next().kind != "visit" or interview.back()
        assert interview.next() == turn or interview.next().kind != "visit"
        interview.answer({id: given[id] for id in here})
    assert sorted(asked) == sorted(given)
    causes = {cause.id: cause.status for cause in interview.report().causes}
    assert causes[proven] == "proven"


def test_what_a_proven_cause_brought_about_is_asked_again_too(diagnoser: Diagnoser) -> None:
    given = {
        "account.signed_in": "no",
        "backup.message": "none",
        "backup.last_backup": "older",
        "device.model": "iPhone 14",
    }
    interview = started(diagnoser, given)
    first = step_of(interview.next())
    assert first.step is not None
    assert first.step.must

    forgot = outcomes_until_tested(interview, "did-not-help")

    assert sorted(forgot) == ["account.signed_in", "backup.message"]
    steps = started(diagnoser, given | {"account.signed_in": "unknown"}).report().plan.steps
    assert not any(step.must or step.look_again for step in steps)


@pytest.mark.parametrize("seed", range(3))
def test_what_a_step_may_have_changed_is_asked_first_and_nothing_else_with_it(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    random = Random(seed)
    interview = Interview.start(diagnoser, several_to_do(diagnoser))
    interview.enough()
    forgot: set[str] = set()
    looked_again = 0
    for turn in judged(interview, built_in, somebody(built_in, random, knows=1.0)):
        if isinstance(turn, Step):
            last = interview.said[-1]
            if isinstance(last, Outcome):
                forgot = set(last.forgot)
                assert forgot.isdisjoint(diagnoser.may_be_asked(interview.facts()))
        elif isinstance(turn, Visit):
            last = interview.said[-1]
            if isinstance(last, Outcome):
                may_be = {*diagnoser.may_be_asked(interview.facts())} & {*last.forgot}
                assert turn.again or not may_be
            if turn.again:
                looked_again += 1
                assert all(one.before for one in turn.fields)
    assert looked_again


def test_what_was_forgotten_and_is_not_sure_or_irrelevant_now_is_asked_no_more(
    diagnoser: Diagnoser,
) -> None:
    interview = started(diagnoser, WIFI_IS_OFF)
    outcomes_until_tested(interview, "did-not-help")
    again = []
    while isinstance(turn := interview.next(), Visit) and turn.again:
        again += facts_asked(turn)
        interview.answer(dict.fromkeys(facts_asked(turn), "not sure"))
    assert sorted(again) == sorted(WIFI_IS_OFF)

    given = {"backup.message": "other", "backup.other_message": "not-supported"}
    interview = Interview.start(diagnoser, oracles.sheet_of(given))
    interview.said.append(Outcome(("restart-iphone",), DID_NOT_HELP, tuple(given)))
    assert "backup.message" in facts_asked(interview.next())
    interview.answer({"backup.message": "none"})
    turn = interview.next()
    assert not (isinstance(turn, Visit) and turn.again)


def test_what_could_not_be_done_makes_another_plan_but_forgets_nothing(
    diagnoser: Diagnoser,
) -> None:
    interview = Interview.start(diagnoser, several_to_do(diagnoser))
    interview.enough()
    before = interview.facts()
    first, second = interview.report().plan.steps[:2]
    interview.outcome("done")

    assert interview.outcome("could-not-do") == []

    assert second.remedy not in {step.remedy for step in interview.report().plan.steps}
    assert first.remedy not in interview.facts()["tried"]
    assert interview.facts() == before | {"tried": {second.remedy: COULD_NOT_DO}}


def test_everything_done_together_has_helped(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, several_to_do(diagnoser))
    interview.enough()
    first, second = interview.report().plan.steps[:2]
    interview.outcome("done")
    interview.outcome("fixed")

    assert interview.fixed
    assert interview.facts()["tried"] == {first.remedy: HELPED, second.remedy: HELPED}
    assert not interview.report().plan.steps
    assert interview.next() == End(how="fixed", text="It works again.")


def test_a_preparing_step_is_done_and_never_said_to_have_helped(diagnoser: Diagnoser) -> None:
    report = Interview.start(diagnoser).report()
    step = report.plan.steps[0].model_copy(
        update={"chance": None, "must": False, "hand_over": False, "together": None}
    )
    plan = report.plan.model_copy(update={"steps": [step, *report.plan.steps[1:]]})

    turn = step_of(tasks.task(report.model_copy(update={"plan": plan}), [], 0))

    assert turn.prepares
    assert {*turn.outcomes} == {"done", "could-not-do"}
    assert turn.ask == "Is that done?"


def test_nothing_is_left_to_do_when_no_step_may_help(diagnoser: Diagnoser) -> None:
    report = Interview.start(diagnoser).report()
    assert isinstance(tasks.task(report, [], 0), Step)
    hopeless = [
        step.model_copy(
            update={"chance": chance, "must": False, "hand_over": False, "together": None}
        )
        for step, chance in zip(report.plan.steps, (None, 0.0001), strict=False)
    ]
    plan = report.plan.model_copy(update={"steps": hopeless})

    turn = tasks.task(report.model_copy(update={"plan": plan}), [], 0)

    assert isinstance(turn, End)
    assert turn.how == "handed-over"


def test_the_numbers_of_steps_go_on_over_plans_and_resumption(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, several_to_do(diagnoser))
    interview.enough()
    numbers: list[int] = []
    for _ in range(12):
        turn = interview.next()
        if not isinstance(turn, Step):
            interview.enough()
            continue
        if turn.step is not None:
            numbers.append(turn.number)
            assert turn.number == interview.steps + 1
        else:
            assert turn.number == interview.steps
        interview.outcome(next(how for how in turn.outcomes if how != "fixed"))
        interview = Interview.load(diagnoser, interview.json_text())
    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) > 3


def test_an_outcome_can_be_changed_and_taken_back(diagnoser: Diagnoser) -> None:
    interview = started(diagnoser, {})
    first = step_of(interview.next())
    assert first.step is not None
    remedy = first.step.remedy
    outcomes_until_tested(interview, "did-not-help")

    assert interview.change(f"tried.{remedy}", "it could not be done") == COULD_NOT_DO
    assert interview.facts()["tried"][remedy] == COULD_NOT_DO

    interview.change(f"tried.{remedy}", "not sure")
    assert remedy not in interview.facts().get("tried", {})


def test_an_answer_can_be_changed_where_it_stands(diagnoser: Diagnoser) -> None:
    interview = Interview.start(diagnoser, {"ios": {"version": "17"}})
    first = interview.next()
    interview.answer({"backup.switch": "on", "wifi.connection": "off"})
    second = interview.next()
    interview.answer({"backup.switch": "on"}) if isinstance(second, Visit) else None

    assert interview.change("wifi.connection", "1") == "connected"
    assert interview.change("ios.version", "iOS 18.5") == "18.5"

    assert interview.facts()["wifi"]["connection"] == "connected"
    assert interview.facts()["ios"]["version"] == "18.5"
    while interview.back():
        pass
    assert interview.facts() == {"ios": {"version": "18.5"}}
    assert isinstance(first, Visit)
    assert facts_asked(interview.next())[:1] == facts_asked(first)[:1]


@pytest.mark.parametrize("at", ["a visit", "a list to look at", "the end"])
def test_nothing_came_of_a_step_that_was_not_to_be_done(diagnoser: Diagnoser, at: str) -> None:
    interview = Interview.start(diagnoser)
    if at == "a list to look at":
        while isinstance(interview.next(), Visit):
            interview.answer({})
        assert isinstance(interview.next(), Look)
    elif at == "the end":
        interview.enough()
        interview.said.append(Outcome(("restart-iphone",), HELPED))
        assert isinstance(interview.next(), End)
    before = interview.json_text()

    with pytest.raises(InvalidFacts, match="no step of the plan is to be done now"):
        interview.outcome("did-not-help")

    assert interview.json_text() == before


def test_a_step_cannot_have_gone_as_none_does(diagnoser: Diagnoser) -> None:
    interview = started(diagnoser, {})
    turn = step_of(interview.next())

    for how in ("did-not-hlp", "helped", "", None, 3, ["fixed"], {"how": "fixed"}, "\ud800"):
        with pytest.raises(InvalidFacts) as error:
            interview.outcome(how)  # type: ignore[arg-type]
        [problem] = error.value.problems
        assert problem.path == "outcome"
        assert problem.allowed == ", ".join(turn.outcomes)
    assert interview.next() == turn
