"""Which question is advised, and why none is, shown on questions whose worth is given; and what a
question is worth, shown on answers that are given."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from diagnoser.belief.belief import Belief
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice
from diagnoser.planning.greedy import Step
from diagnoser.planning.planner import Plan, Planner
from diagnoser.questions.question import Foreseen, Question, saves_most, tells_most
from diagnoser.questions.selection import Advice, Questioner, order
from tests import packs

KNOWLEDGE = packs.with_remedies({"a": 0.5, "b": 0.5}, {}).knowledge._replace(
    worth_knowing=0.1, worth_asking=1.0, patience=2.0, wrong_cause=10.0
)
UNKNOWN = Belief({}, {"a": 0.5, "b": 0.5}, {"a": 1.0, "b": 1.0}, 0.1)
PLAN = Plan((), 0.0, ())


def with_first(chance: float) -> Belief:
    """A belief in a first cause with exactly this probability."""
    return Belief({}, {"a": chance, "b": 0.0}, {"a": 1.0, "b": 1.0}, 1.0)


def worth(fact: str, tells: float, saves: float, decides: bool = True) -> Any:
    return SimpleNamespace(
        fact=fact, tells=tells, telling=tells, saves=saves, rate=saves, decides=decides
    )


def advice(
    *questions: Any, first: float = 0.5, thorough: bool | None = None, **case: Any
) -> Advice:
    questioner = Questioner(KNOWLEDGE, Evaluator(KNOWLEDGE), Planner(KNOWLEDGE))
    questioner.weighed = lambda *_: iter(questions)  # type: ignore[method-assign]
    more = {} if thorough is None else {"thorough": thorough}
    return questioner.advise(Case({}, {}, case.get("tried", {})), with_first(first), PLAN, **more)


# -- which question


def test_as_long_as_no_cause_is_nearly_certain_what_tells_most_is_asked() -> None:
    tells, saves = worth("f.z", 0.3, 0.0, decides=False), worth("f.a", 0.2, 30.0)

    assert advice(saves, tells, first=0.89) == Advice(tells, "", stop=False)
    assert advice(saves, tells, first=0.9) == Advice(saves, "", stop=False)
    assert advice(saves, worth("f.z", 0.1, 0.0), first=0.89).question == saves


def test_what_tells_too_little_counts_by_what_it_saves() -> None:
    some, more = worth("f.z", 0.1, 2.0), worth("f.y", 0.05, 3.0)

    assert advice(some, more) == Advice(more, "", stop=False)
    assert advice(some, worth("f.y", 0.0, 9.0, decides=False)).question == some


def test_thorough_asks_the_best_whatever_it_is_worth() -> None:
    tells, saves = worth("f.z", 0.02, 0.0, decides=False), worth("f.a", 0.01, 0.5, decides=False)

    assert advice(saves, tells, thorough=True) == Advice(tells, "", stop=False)
    assert advice(saves, tells, first=0.95, thorough=True) == Advice(saves, "", stop=False)
    assert advice(saves, tells).question is None


def test_of_questions_that_are_worth_the_same_the_first_by_name_is_asked() -> None:
    one, other = worth("f.b", 0.2, 5.0), worth("f.a", 0.2, 5.0)

    for first in (0.5, 0.95):
        assert advice(one, other, first=first).question == other


@pytest.mark.parametrize(
    ("questions", "tried", "because"),
    [
        ([worth("f.a", 1, 9)], {"r": "helped"},
         "Nothing is left to find out: a remedy has helped."),
        ([], {"r": "did-not-help"}, "Everything that can be asked is known."),
        ([worth("f.a", 0.1, 9, decides=False)], {},
         "No single answer that is still missing would change the first step or the most "
         "probable cause."),
        ([worth("f.a", 0.1, 1.0)], {},
         "No question that is left is worth the time it takes to answer."),
    ],
)  # fmt: skip
def test_where_no_question_is_left_one_is_told_why(
    questions: list[Any], tried: dict[str, str], because: str
) -> None:
    assert advice(*questions, tried=tried) == Advice(None, because, stop=True)


# -- what a question is worth


def asked(
    effort: float, *answers: tuple[float, Belief, Plan], opens: Any = (), plan: Plan = PLAN
) -> Question:
    """A question with answers of these probabilities, of which the first opens the way to more."""
    values = "xyz"
    fact = Fact("f.q", "", Choice(dict.fromkeys(values, "")), ask="?", effort=effort)

    def foreseen(place: int, probability: float, belief: Belief, then: Plan) -> Foreseen:
        opened = (lambda: opens) if place == 0 else tuple
        return Foreseen(values[place], probability, belief, lambda: then, opened)

    found = tuple(foreseen(place, *one) for place, one in enumerate(answers))
    return Question(fact, found, UNKNOWN, lambda: plan, KNOWLEDGE)


def taking(minutes: float, *steps: str) -> Plan:
    return Plan(tuple(Step(one, False, 0.5) for one in steps), minutes, ())


A, B = with_first(1.0), Belief({}, {"a": 0.0, "b": 0.8}, {"a": 1.0, "b": 1.0}, 1.0)


def test_it_saves_minutes_of_the_plan_and_of_naming_a_wrong_cause() -> None:
    one = asked(0.5, (0.25, A, taking(20)), (0.75, B, taking(40)), plan=taking(100))
    wrong = 10 * (1 - UNKNOWN.chance_of_first)

    assert one.saves == pytest.approx(100 + wrong - 0.25 * 20 - 0.75 * (40 + 10 * 0.2) - 0.5)
    assert one.rate == pytest.approx((one.saves + 0.5) / 0.5)


def test_what_takes_no_time_is_weighed_as_if_it_took_a_moment() -> None:
    one = asked(0.0, (1.0, A, taking(20)), plan=taking(30))

    assert one.rate == pytest.approx(one.saves / 0.01)


def test_it_tells_the_doubt_that_it_takes_away() -> None:
    one = asked(0.5, (0.25, A, PLAN), (0.75, B, PLAN))

    assert one.tells_alone == pytest.approx(UNKNOWN.doubt - 0.25 * A.doubt - 0.75 * B.doubt)
    assert one.tells == one.tells_alone
    assert one.minutes == pytest.approx(0.5 + 2)
    assert one.telling == pytest.approx(one.tells / 2.5)


def test_it_tells_too_what_the_best_tells_that_its_answers_open_the_way_to() -> None:
    behind = [worth("f.s", 0.6, 0), worth("f.r", 0.8, 0), worth("f.q", 1e-10, 0)]
    for one, telling, minutes in zip(behind, (0.3, 0.2, 9), (2, 4, 1), strict=True):
        one.telling, one.minutes = telling, minutes
    one = asked(0.5, (0.25, UNKNOWN, PLAN), (0.75, UNKNOWN, PLAN), opens=behind)

    assert one.after == {"x": behind[0]}
    assert one.tells == pytest.approx(0.25 * 0.6)
    assert one.minutes == pytest.approx(0.5 + 2 + 0.25 * 2)
    assert [(answer.value, found) for answer, found in one.opened] == [("x", behind)]


@pytest.mark.parametrize("tells", [0.0, 1e-9])
def test_what_opens_the_way_to_nothing_that_tells_tells_only_itself(tells: float) -> None:
    behind = [worth("f.s", tells, 0)]
    one = asked(0.5, (0.25, UNKNOWN, PLAN), (0.75, UNKNOWN, PLAN), opens=behind)

    assert one.after == {}
    assert one.minutes == pytest.approx(2.5)


def test_an_answer_that_nobody_gives_opens_no_way() -> None:
    one = asked(0.5, (0.0, UNKNOWN, PLAN), (1.0, UNKNOWN, PLAN), opens=[worth("f.s", 0.5, 0)])

    assert one.opened == []
    assert one.tells == 0


def test_it_decides_where_an_answer_that_somebody_gives_changes_the_first_step_or_cause() -> None:
    usual = taking(9, "s", "t")
    same = (0.5, UNKNOWN, taking(5, "s"))

    assert not asked(1, same, (0.5, A, taking(7, "s", "u")), plan=usual).decides
    assert asked(1, same, (0.5, A, taking(7, "t")), plan=usual).decides
    assert asked(1, same, (0.5, B, usual), plan=usual).decides
    assert not asked(1, same, (0.0, B, taking(7, "t")), plan=usual).decides
    assert asked(1, same, (0.5, A, taking(0)), plan=usual).decides


def test_questions_go_by_what_they_tell_until_a_cause_is_nearly_certain() -> None:
    one, other = worth("f.b", 0.4, 3.0), worth("f.a", 0.3, 5.0)

    assert min(one, other, key=order(with_first(0.89))) == one
    assert min(one, other, key=order(with_first(0.9))) == other
    assert order(with_first(0.89)) is tells_most
    assert order(with_first(0.9)) is saves_most
