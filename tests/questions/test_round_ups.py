"""Round-ups: one question for several facts, each of which can also be asked alone."""

from __future__ import annotations

import json
from itertools import product
from math import prod
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from diagnoser import Diagnoser, InvalidKnowledge
from diagnoser.interview.interview import Interview
from diagnoser.knowledge.model import DID_NOT_HELP, Fact
from diagnoser.knowledge.values import Choice
from diagnoser.rendering import graph, pages, pages_text
from diagnoser.report.model import PlanFound, PlanStep
from tests.oracles import sheet_of
from tests.talking import CONTRADICTION, Talk

ROUND_UPS = [fact.id for fact in Diagnoser().knowledge.facts.values() if fact.round_up]
SHARE_OFF = 0.015
"""How far the declared share of an answer may be from what the shares of its facts come to."""


def shares(fact: Fact) -> dict[Any, float]:
    """How typical each answer is, those that nobody gives included."""
    assert isinstance(fact.kind, Choice)
    return dict.fromkeys(fact.kind.labels, 0.0) | dict(fact.typical)


# -- what an answer says


@pytest.mark.parametrize("id", ROUND_UPS)
def test_an_answer_says_the_same_as_the_answers_to_its_facts(id: str, diagnoser: Diagnoser) -> None:
    round_up = diagnoser.knowledge.facts[id]
    others = {"backup.message": "busy", "backup.switch": "on", "wifi.connection": "connected"}
    others = {id: value for id, value in others.items() if id not in (round_up.derives or {})}
    for answer in shares(round_up):
        parts = round_up.follows(answer)
        at_once = diagnoser.diagnose(sheet_of({**others, id: answer}))
        alone = diagnoser.diagnose(sheet_of(others | parts))

        assert at_once.causes == alone.causes
        assert without_where_to_look(at_once.plan) == without_where_to_look(alone.plan)


def without_where_to_look(plan: PlanFound) -> list[PlanStep]:
    """The steps without the facts to look at again, which are those that were given."""
    return [step.model_copy(update={"look_again": []}) for step in plan.steps]


@pytest.mark.parametrize("id", ROUND_UPS)
def test_some_answer_fits_whatever_is_so_and_each_is_about_as_typical_as_its_facts(
    id: str, diagnoser: Diagnoser
) -> None:
    """People take the first answer that holds, from the top; facts are taken as independent."""
    facts = diagnoser.knowledge.facts
    round_up = facts[id]
    parts = {part: shares(facts[part]) for part in round_up.derives or {}}
    expected = dict.fromkeys(shares(round_up), 0.0)
    for values in product(*parts.values()):
        state = dict(zip(parts, values, strict=True))
        first = next(
            answer
            for answer in expected
            if all(state[part] == value for part, value in round_up.follows(answer).items())
        )
        expected[first] += prod(parts[part][value] for part, value in state.items())

    assert shares(round_up) == pytest.approx(expected, abs=SHARE_OFF)


def test_what_was_answered_by_itself_counts_and_the_difference_is_pointed_out(
    diagnoser: Diagnoser,
) -> None:
    hot = {"device": {"temperature": "hot"}}
    both = {"device": {"temperature": "hot", "right_now": "none"}}
    report, alone = diagnoser.diagnose(both), diagnoser.diagnose(hot)
    found = {cause.id: cause.evidence for cause in report.causes}

    assert found["iphone-is-too-hot"] == next(
        cause.evidence for cause in alone.causes if cause.id == "iphone-is-too-hot"
    )
    (conflict,) = report.contradictions
    assert conflict.facts == {"device.temperature": "hot", "device.right_now": "none"}
    assert "None of these" in conflict.because
    assert conflict.ask_again == "device.temperature"
    (explained,) = diagnoser.explain(both).contradictions
    assert {one.fact for one in explained.without} == set(conflict.facts)


def test_a_contradiction_names_the_round_up_that_was_answered(diagnoser: Diagnoser) -> None:
    works = {"backup": {"back_up_now": "works"}}
    (alone,) = diagnoser.diagnose(works | {"device": {"restore": "running"}}).contradictions
    (found,) = diagnoser.diagnose(works | {"device": {"right_now": "restoring"}}).contradictions

    assert found.facts == {"backup.back_up_now": "works", "device.right_now": "restoring"}
    assert found.because == alone.because
    assert found.ask_again == "device.right_now"


# -- when it is asked


@pytest.mark.parametrize("id", ROUND_UPS)
def test_it_asks_for_nothing_that_was_answered_and_not_sure_leads_to_its_facts(
    id: str, diagnoser: Diagnoser
) -> None:
    facts = diagnoser.knowledge.facts
    only_if = facts[id].only_if
    before = {"wifi.connection": "connected"} if only_if else {}
    parts = [part for part in facts[id].derives or {} if facts[part].only_if in (None, only_if)]

    def may_be_asked(facts: dict[str, Any]) -> set[str]:
        return {question.fact for question in diagnoser.foresee(sheet_of(before | facts))[2]}

    assert may_be_asked({}) >= {id, *parts}
    for part in parts:
        for answer in (facts[part].typical[0][0], "unknown"):
            left = may_be_asked({part: answer})
            assert id not in left
            assert left >= {*parts} - {part}
    unsure = may_be_asked({id: "unknown"})
    assert id not in unsure
    assert unsure >= set(parts)


def test_what_it_proved_is_asked_again_when_the_step_did_not_help(diagnoser: Diagnoser) -> None:
    given = {"device.right_now": "restoring", "backup.message": "other"}
    interview = Interview(diagnoser, {**given, "backup.other_message": "being-restored"})
    step = interview.report().plan.steps[0]
    assert step.remedy == "finish-restore"
    assert step.must

    assert "device.right_now" in interview.outcome(step, DID_NOT_HELP)
    assert "device.right_now" not in interview.current()


def test_in_a_conversation_it_is_answered_contradicted_and_set_right(
    diagnoser: Diagnoser, tmp_path: Path
) -> None:
    facts = {
        "backup": {"switch": "on", "message": "not-completed", "back_up_now": "fails-midway"},
        "device": {"right_now": "none", "date_time": "wrong"},
    }
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    with Talk(diagnoser, tmp_path, "--facts", str(path)) as talk:
        assert talk.asked == CONTRADICTION
        assert "“Are the date and the time right?” is “Yes, they are right”" in talk.last
        talk.say("again")
        assert talk.asked == "device.date_time"
        talk.say("right")
        assert talk.asked not in (CONTRADICTION, "device.date_time", "device.right_now")
        asked = talk.answer({})
        assert "device.temperature" not in asked
        assert "device.restore" not in asked


# -- what is shown of it


def test_its_page_says_what_its_answers_mean(diagnoser: Diagnoser) -> None:
    shown = pages_text.entry_text(pages.fact(diagnoser.knowledge, "power.night"), 100)

    assert "- screen-on: lock.overnight is no" in shown
    assert "from it follow" not in shown


def test_a_graph_shows_where_a_fact_is_from(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"device": {"right_now": "hot", "restore": "unknown"}})
    drawn = graph.build(diagnoser.knowledge, "iphone-is-too-hot", report)
    gives = [edge for edge in drawn.edges if edge.word == "gives" and edge.marked]

    assert [(edge.start[1], edge.end[1]) for edge in gives] == [
        ("device.right_now", "device.temperature")
    ]
    nodes = {node.id: node for node in drawn.nodes}
    assert any(line.startswith("GIVEN: It gets hot") for line in nodes["device.right_now"].lines)
    assert "GIVEN by the fact that it follows from" in nodes["device.temperature"].lines


# -- mistakes in it


def test_its_mistakes_are_named_all_at_once(tmp_path: Path) -> None:
    copytree("facts", tmp_path / "facts")
    copytree("rules", tmp_path / "rules")
    replace(
        tmp_path / "facts/device.yaml",
        {
            "hot: {device.temperature: hot}": "hot: {device.temperature: warm, device.temp: hot}",
            "wrong-date: {device.date_time: wrong}": "bad-date: {device.date_time: wrong}",
            "none: {device.temperature: normal,": (
                "none: {device.newest_ios: 18, device.model: iPhone X, device.software: none,"
                " network.vpn: off,"
            ),
        },
    )
    replace(
        tmp_path / "rules/signs/temperature.yaml",
        {"when: {device.temperature: normal}": "when: {device.right_now: none}"},
    )
    with pytest.raises(InvalidKnowledge) as caught:
        Diagnoser(tmp_path)

    at = "facts.right_now.means"
    assert {(problem.path, problem.reason) for problem in caught.value.problems} == {
        (f"{at}.bad-date", '"bad-date" is not one of its answers'),
        (f"{at}.hot.device.temperature", '"warm" is not one of its answers'),
        (f"{at}.hot.device.temp", "is not a fact"),
        (f"{at}.none.device.newest_ios", "is never asked for by itself"),
        (f"{at}.none.device.model", "is looked up in a table, so it can only be asked for alone"),
        (f"{at}.none.device.software", "asks only for other facts itself"),
        (f"{at}.none.network.vpn", "is asked for by network.in_the_way already"),
        ("signs.feels-normal.when", "reads device.right_now, which only asks for other facts"),
    }


def test_only_a_choice_can_be_one(tmp_path: Path) -> None:
    copytree("facts", tmp_path / "facts")
    copytree("rules", tmp_path / "rules")
    typical = "    typical: {0.2: 2,"
    replace(tmp_path / "facts/network.yaml", {typical: f"    means: {{on: {{a.b: c}}}}\n{typical}"})
    with pytest.raises(InvalidKnowledge) as caught:
        Diagnoser(tmp_path)

    (problem,) = caught.value.problems
    assert "`means` says what `answers` mean" in problem.reason


def replace(file: Path, changes: dict[str, str]) -> None:
    text = file.read_text("utf-8")
    for before, after in changes.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    file.write_text(text, "utf-8")
