"""What visits are made of, shown on questions whose worth is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import OPEN, PROVEN, Hypothesis
from diagnoser.case.case import Case
from diagnoser.knowledge.conditions import OneOf
from diagnoser.knowledge.model import Cause, Fact, Knowledge, Place, Precondition
from diagnoser.knowledge.values import Choice
from diagnoser.planning.planner import Plan
from diagnoser.questions.visits import Asked, VisitChoice, VisitChooser, Visits
from tests import packs

WAYS = {"": 0.0, "near": 0.5, "far": 3.0, "inner": 1.0}
"""The minutes to each place; `inner` is a page within `near`."""
PATIENCE = 2.0
KIND = Choice({"yes": "Yes", "no": "No"})
UNKNOWN = Belief({}, {"a": 0.5, "b": 0.5}, {"a": 1.0, "b": 1.0}, 0.1)
SURE = Belief({}, {"a": 0.95, "b": 0.01}, {"a": 1.0, "b": 1.0}, 0.001)
CASE = Case({}, {}, {})


def fact(id: str, place: str = "", own: float = 0.0) -> Fact:
    """A fact that takes so many minutes of its own, once one is at its place."""
    return Fact(id, "", KIND, ask="?", place=place, effort=WAYS[place] + own)


def question(
    of: Fact,
    tells: float = 0.0,
    saves: float = 0.0,
    *,
    decides: bool = True,
    yes: float = 0.5,
    opens: Iterable[Any] = (),
) -> Any:
    """A question that tells and saves so much, is answered with yes with this probability, and with
    yes opens the way to others."""
    answers = [
        SimpleNamespace(value="yes", probability=yes),
        SimpleNamespace(value="no", probability=1 - yes),
    ]
    return SimpleNamespace(
        of=of,
        fact=of.id,
        tells_alone=tells,
        saves=saves,
        decides=decides,
        effort=of.effort,
        answers=answers,
        opened=[(answers[0], [*opens])] if opens else [],
    )


def knowledge_with(*facts: Fact, **more: Any) -> Knowledge:
    """A knowledge with these facts: a minute must tell a tenth of a bit, and a visit a fifth."""
    known = packs.with_remedies({"a": 0.5, "b": 0.5}, {}).knowledge
    return known._replace(
        facts={one.id: one for one in facts},
        places={
            id: Place(id, id, (), way, within="near" if id == "inner" else "")
            for id, way in WAYS.items()
            if id
        },
        preconditions={},
        patience=PATIENCE,
        worth_knowing=0.2,
        worth_visiting=0.2,
        worth_asking=1.0,
        night=60.0,
        verification=5.0,
    )._replace(**more)


def chosen(
    questions: Iterable[Any],
    belief: Belief = UNKNOWN,
    *,
    case: Case = CASE,
    others: Iterable[Fact] = (),
    passed: Iterable[str] = (),
    thorough: bool = False,
    **more: Any,
) -> Visits:
    questions = list(questions)
    opened = [one for gate in questions for _, some in gate.opened for one in some]
    about = {one.fact: one.of for one in (*questions, *opened)}
    knowledge = knowledge_with(*others, *about.values(), **more)
    asking: Any = SimpleNamespace(weighed=lambda *_: iter(questions))
    plan = Plan((), 0.0, ())
    how: dict[str, Any] = {"thorough": True} if thorough else {}
    return VisitChooser(knowledge, asking).choose(case, belief, plan, [*passed], **how)


def fields(visits: Visits) -> dict[str, list[str]]:
    """The fields of each visit, by its place."""
    return {visit.place: [one.fact for one in visit.fields] for visit in visits.choices}


def only(visits: Visits) -> VisitChoice:
    [visit] = visits.choices
    return visit


# -- what a visit costs and tells


def test_the_way_is_gone_once_and_each_field_takes_its_own_minutes_beside() -> None:
    one, other = fact("f.a", "far", 0.5), fact("f.b", "far", 0.25)
    visit = only(chosen([question(one, 0.5), question(other, 0.25)]))

    assert visit.place == "far"
    assert visit.minutes == pytest.approx(3 + 0.5 + 0.25)
    assert visit.tells == pytest.approx(0.75)
    assert visit.saves == 0


def test_what_is_remembered_takes_no_way() -> None:
    visit = only(chosen([question(fact("f.a", "", 0.5), 0.5)]))

    assert (visit.place, visit.minutes) == ("", 0.5)


def test_each_page_of_a_place_is_opened_once() -> None:
    asked = [question(fact("f.a", "near", 0.25), 1), question(fact("f.b", "inner", 0.5), 1)]
    visit = only(chosen([*asked, question(fact("f.c", "inner"), 0.5)], thorough=True))

    assert visit.place == "near"
    assert visit.minutes == pytest.approx(0.5 + 0.25 + 1 + 0.5)


def test_fields_tell_no_more_together_than_there_is_doubt() -> None:
    asked = [question(fact(f"f.{id}", "near"), 1.0) for id in "abc"]

    assert 0 < UNKNOWN.doubt < 3
    assert only(chosen(asked)).tells == pytest.approx(UNKNOWN.doubt)
    assert only(chosen(asked, thorough=True)).tells == 3


def test_a_fact_that_takes_less_than_the_way_to_its_place_takes_nothing_more() -> None:
    asked = fact("f.a", "far")._replace(effort=1.0)

    assert only(chosen([question(asked, 0.9)])).minutes == 3


# -- until a cause is nearly certain


def test_the_visit_that_tells_most_for_each_minute_and_patience_comes_first() -> None:
    near, far = fact("f.a", "near"), fact("f.b", "far")

    # 2.5 minutes with patience against 5.
    assert [*fields(chosen([question(far, 0.79), question(near, 0.4)]))] == ["near", "far"]
    assert [*fields(chosen([question(far, 0.81), question(near, 0.4)]))] == ["far", "near"]
    assert [*fields(chosen([question(far, 0.8), question(near, 0.4)]))] == ["far", "near"]


def test_a_visit_that_tells_too_little_is_not_made() -> None:
    asked = question(fact("f.a", "near"), 0.2)

    assert chosen([asked]).choices == ()
    assert chosen([asked]).because == "No visit that is left is worth the time that it takes."
    assert not chosen([asked]).nothing_wrong
    assert chosen([asked], worth_visiting=0.19).choices
    assert chosen([asked], worth_visiting=0.19).because == ""


def test_a_field_must_tell_enough_for_its_minutes_at_the_place() -> None:
    first = question(fact("f.a", "near"), 0.9)
    slow = fact("f.b", "near", 2.0)

    assert fields(chosen([first, question(slow, 0.21)])) == {"near": ["f.a", "f.b"]}
    assert fields(chosen([first, question(slow, 0.2)])) == {"near": ["f.a"]}


def test_a_page_must_tell_enough_for_opening_it() -> None:
    first, inner = question(fact("f.a", "near"), 0.9), fact("f.b", "inner", 0.0)
    other = fact("f.c", "inner", 0.5)

    assert fields(chosen([first, question(inner, 0.11)])) == {"near": ["f.a", "f.b"]}
    assert fields(chosen([first, question(inner, 0.1)])) == {"near": ["f.a"]}
    both = [first, question(inner, 0.08), question(other, 0.08)]
    assert fields(chosen(both)) == {"near": ["f.a", "f.b", "f.c"]}
    assert fields(chosen([first, question(inner, 0.08), question(other, 0.07)])) == {
        "near": ["f.a"]
    }


def test_fields_stand_in_the_order_of_the_questionnaire() -> None:
    facts = [fact("f.z", "near"), fact("f.m", "near"), fact("f.a", "near")]
    asked = [question(one, tells) for one, tells in zip(facts, (0.3, 0.5, 0.4), strict=True)]

    assert fields(chosen(reversed(asked), others=facts)) == {"near": ["f.z", "f.m", "f.a"]}


def test_of_fields_that_say_the_same_the_one_that_tells_most_is_asked() -> None:
    one, other = fact("f.a", "near"), fact("f.b", "near")._replace(unless_answered=("f.a",))
    third = fact("f.c", "near")

    for tells, kept in ((0.5, "f.b"), (0.3, "f.a"), (0.4, "f.a")):
        asked = [question(one, 0.4), question(other, tells), question(third, 0.4)]
        assert fields(chosen(asked)) == {"near": [kept, "f.c"]}
        assert fields(chosen(reversed(asked), others=[one, other])) == {"near": [kept, "f.c"]}


# -- what answers open the way to


def test_what_an_answer_opens_at_the_same_place_is_asked_there_at_once() -> None:
    inner = question(fact("f.b", "inner", 0.5), 0.8)
    gate = question(fact("f.a", "near"), 0.3, yes=0.5, opens=[inner])
    visit = only(chosen([gate]))

    assert [one.fact for one in visit.fields] == ["f.a", "f.b"]
    assert [one.waits_for for one in visit.fields] == [{}, {"f.a": ("yes",)}]
    assert [one.tells for one in visit.fields] == [0.3, pytest.approx(0.4)]
    assert [one.saves for one in visit.fields] == [0, 0]
    assert visit.minutes == pytest.approx(0.5 + 1 + 0.5)


def test_a_gate_that_tells_nothing_is_asked_for_what_it_opens() -> None:
    behind = question(fact("f.c", "near"), 0.9)
    gate = question(fact("f.a", "near", 1.0), 0.0, opens=[behind])

    assert fields(chosen([gate])) == {"near": ["f.a", "f.c"]}
    assert chosen([question(fact("f.a", "near", 1.0), 0.0)]).choices == ()


def test_each_of_several_gates_is_asked_for_what_it_opens() -> None:
    def gate(id: str, *behind: str) -> Any:
        opens = [question(fact(one, "near"), 0.9) for one in behind]
        return question(fact(id, "near", 1.0), 0.0, opens=opens)

    visit = only(chosen([gate("f.a", "f.m", "f.n"), gate("f.b", "f.o"), gate("f.c", "f.p")]))
    waits = {one.fact: [*one.waits_for] for one in visit.fields}

    assert [waits.pop(id) for id in ("f.a", "f.b", "f.c")] == [[], [], []]
    assert waits == {"f.m": ["f.a"], "f.n": ["f.a"], "f.o": ["f.b"], "f.p": ["f.c"]}


def test_what_an_answer_opens_elsewhere_counts_for_the_place_of_the_gate() -> None:
    far = [question(fact("f.b", "far"), 0.5), question(fact("f.c", "far"), 0.9)]
    gate = question(fact("f.a", "near"), 0.1, yes=0.4, opens=far)
    visit = only(chosen([gate]))

    assert [one.fact for one in visit.fields] == ["f.a"]
    assert visit.tells == pytest.approx(0.1 + 0.4 * 0.9)


def test_a_field_that_two_others_open_waits_for_either_and_tells_the_more() -> None:
    behind = fact("f.c", "near")
    gates = [
        question(fact("f.a", "near"), 0.3, yes=0.5, opens=[question(behind, 0.6)]),
        question(fact("f.b", "near"), 0.3, yes=0.8, opens=[question(behind, 0.5)]),
    ]
    *_, last = only(chosen(gates)).fields

    assert last.waits_for == {"f.a": ("yes",), "f.b": ("yes",)}
    assert last.tells == pytest.approx(0.4)


def test_a_field_that_no_gate_is_left_for_is_not_asked() -> None:
    one = fact("f.a", "near")
    rival = fact("f.b", "near")._replace(unless_answered=("f.a",))
    behind = question(fact("f.c", "near"), 0.5)
    gate = question(one, 0.3, yes=0.5, opens=[behind])

    assert fields(chosen([gate, question(rival, 0.9)])) == {"near": ["f.b"]}


def test_thorough_asks_everything_whatever_it_tells() -> None:
    behind = question(fact("f.c", "near"), 0.8)
    asked = [
        question(fact("f.a", "near", 2.0), 0.0, opens=[behind]),
        question(fact("f.b", "far"), 0.5),
        question(fact("f.d", "inner"), 0.1),
    ]
    visits = chosen(asked, SURE, thorough=True)

    assert fields(visits) == {"far": ["f.b"], "near": ["f.a", "f.d"]}
    assert all(one.saves == 0 and one.waits_for == {} for v in visits.choices for one in v.fields)
    assert visits.because == ""


def test_thorough_begins_where_most_is_told_for_each_minute() -> None:
    asked = [question(fact("f.a", "near"), 0.4), question(fact("f.b", "far"), 0.7)]

    assert [*fields(chosen(asked, thorough=True))] == ["near", "far"]


# -- once a cause is nearly certain


def test_then_what_decides_is_asked_for_the_minutes_that_it_saves() -> None:
    # What a question saves is after its effort of half a minute.
    near = fact("f.a", "near")

    assert only(chosen([question(near, 1.0, 3.01)], SURE)).saves == pytest.approx(3.51)
    assert only(chosen([question(near, 1.0, 3.01)], SURE)).tells == 0
    assert chosen([question(near, 1.0, 3.0)], SURE).choices == ()
    assert chosen([question(near, 1.0, 9.0, decides=False)], SURE).choices == ()


def test_of_fields_that_say_the_same_the_one_that_saves_most_is_asked() -> None:
    one, other = fact("f.a", "near"), fact("f.b", "near")._replace(unless_answered=("f.a",))

    for saves, kept in ((9, "f.b"), (7, "f.a"), (8, "f.a")):
        asked = [question(one, 0, 8), question(other, 0, saves)]
        assert fields(chosen(asked, SURE)) == {"near": [kept]}


def test_a_field_must_save_its_own_minutes_and_a_page_the_way_to_it() -> None:
    first = question(fact("f.a", "near"), 0, 30)
    for own, saves, place, asked in (
        (2.0, -0.49, "near", True),  # it takes two and a half minutes, and saves a little over two
        (2.0, -0.5, "near", False),
        (0.0, 0.01, "inner", True),
        (0.0, 0.0, "inner", False),
    ):
        other = question(fact("f.b", place, own), 0, saves)
        assert fields(chosen([first, other], SURE)) == {"near": ["f.a"] + ["f.b"] * asked}


def test_the_visit_that_saves_most_for_each_minute_and_patience_comes_first() -> None:
    near, far = fact("f.a", "near"), fact("f.b", "far")
    for saves, order in ((16.9, ["near", "far"]), (17.1, ["far", "near"]), (17, ["far", "near"])):
        # 10 minutes for 2.5 of them against so many and 3 for 5.
        assert [*fields(chosen([question(far, 0, saves), question(near, 0, 9.5)], SURE))] == order


def test_where_no_visit_tells_enough_those_that_save_enough_are_made() -> None:
    visits = chosen([question(fact("f.a", "near"), 0.1, 9.5)])

    assert only(visits).saves == pytest.approx(10)
    assert visits.because == ""


@pytest.mark.parametrize("chance", [0.89, 0.9])
def test_a_cause_with_nine_in_ten_is_nearly_certain(chance: float) -> None:
    belief = Belief({}, {"a": chance, "b": 0.0}, {"a": 1.0, "b": 1.0}, 1.0)
    asked, causes = [question(fact("f.a", "near"), 0.4, 9.5)], harmless(knowledge_with())

    assert belief.chance_of_first == chance
    assert (only(chosen(asked, belief)).tells > 0) == (chance < 0.9)
    assert bool(chosen(asked, belief, causes=causes).choices) == (chance < 0.9)


# -- the night


def needs_yes(id: str = "f.a", *others: str) -> dict[str, Precondition]:
    return {
        one: Precondition(one, "", "", OneOf(one, ("yes",)), None, (one,), ())
        for one in (id, *others)
    }


def test_a_precondition_that_may_fail_is_worth_the_night_and_the_test_that_are_lost() -> None:
    asked = question(fact("f.a", "near"), 0, 0, decides=False, yes=0.75)

    assert chosen([asked], SURE).choices == ()
    visit = only(chosen([asked], SURE, preconditions=needs_yes()))
    assert visit.saves == pytest.approx(0.25 * 65)
    assert only(chosen([asked], preconditions=needs_yes())).saves == pytest.approx(0.25 * 65)


def test_what_decides_too_saves_both() -> None:
    asked = question(fact("f.a", "near"), 0, 4.5, yes=0.75)

    saved = only(chosen([asked], SURE, preconditions=needs_yes())).saves
    assert saved == pytest.approx(5 + 0.25 * 65)


def test_a_question_on_which_two_preconditions_depend_is_worth_both_nights() -> None:
    asked = question(fact("f.a", "near"), 0, 0, yes=0.75)
    twice = needs_yes() | {"again": needs_yes()["f.a"]}

    assert only(chosen([asked], SURE, preconditions=twice)).saves == pytest.approx(0.5 + 0.5 * 65)


def test_a_precondition_that_is_settled_or_cannot_fail_is_worth_no_question() -> None:
    other = question(fact("f.b", "near"), 0, 0, decides=False)
    known = Case({"f.a": "yes"}, {"f.a": "yes"}, {})
    both = {"p": Precondition("p", "", "", OneOf("f.a", ("yes", "no")), None, ("f.a",), ())}

    assert chosen([other], SURE, preconditions=needs_yes()).choices == ()
    assert chosen([other], SURE, case=known, preconditions=needs_yes()).choices == ()
    asked = question(fact("f.a", "near"), 0, 0, decides=False)
    assert chosen([asked], SURE, preconditions=both).choices == ()


def test_a_precondition_that_is_settled_hides_no_other() -> None:
    known = Case({"f.a": "yes"}, {"f.a": "yes"}, {})
    asked = question(fact("f.b", "near"), 0, 0, decides=False)

    visits = chosen([asked], SURE, case=known, preconditions=needs_yes("f.a", "f.b"))
    assert fields(visits) == {"near": ["f.b"]}


def test_what_settles_a_precondition_is_asked_beside_what_tells() -> None:
    tells = question(fact("f.a", "near"), 0.9)
    settles = question(fact("f.b", "near", 5.0), 0.0, yes=0.9)

    assert fields(chosen([tells, settles])) == {"near": ["f.a"]}
    found = chosen([tells, settles], preconditions=needs_yes("f.b"))
    assert fields(found) == {"near": ["f.a", "f.b"]}
    for own, asked in ((32.25, ["f.a", "f.b"]), (32.5, ["f.a"])):  # half of the 65 minutes
        dear = question(fact("f.b", "near", own), 0.0, yes=0.5)
        found = chosen([tells, dear], preconditions=needs_yes("f.b"))
        assert fields(found) == {"near": asked}


# -- where nothing is asked


def harmless(knowledge: Knowledge) -> dict[str, Cause]:
    return {**knowledge.causes, "a": knowledge.causes["a"]._replace(harmless=True)}


def test_what_was_passed_over_is_left_out_and_without_any_everything_is_known() -> None:
    asked = [question(fact("f.a", "near"), 0.9), question(fact("f.b", "far"), 0.9)]

    assert fields(chosen(asked, passed=["f.a"])) == {"far": ["f.b"]}
    nothing = chosen(asked, passed=["f.a", "f.b"])
    assert nothing == Visits((), "Everything that can be asked is known.")


def test_where_a_remedy_has_helped_nothing_is_left_to_find_out() -> None:
    asked = [question(fact("f.a", "near"), 0.9)]
    helped = Case({}, {}, {"r": "did-not-help", "s": "helped"})

    nothing = Visits((), "Nothing is left to find out: a remedy has helped.")
    assert chosen(asked, case=helped) == nothing
    assert chosen(asked, case=Case({}, {}, {"r": "did-not-help"})).choices


def test_where_nothing_is_wrong_nothing_is_asked_unless_that_is_only_thought() -> None:
    causes = harmless(knowledge_with())
    asked = [question(fact("f.a", "near"), 0.9, 30)]
    thought = Case({"f.b": "yes"}, {"f.b": "yes"}, {}, tentative=frozenset({"f.b"}))
    proven = Belief({"a": Hypothesis(PROVEN, 1.0, ())}, {"a": 1.0, "b": 0.1}, SURE.support, 0.1)
    hardly = Belief({"a": Hypothesis(OPEN, 1.0, ())}, {"a": 0.5, "b": 0.1}, SURE.support, 0.1)

    nothing = Visits((), "Nothing is wrong, so nothing is left to find out.", True)
    assert chosen(asked, SURE, causes=causes) == nothing
    assert chosen(asked, proven, case=thought, causes=causes) == nothing
    assert chosen(asked, SURE, case=thought, causes=causes).choices
    assert chosen(asked, hardly, causes=causes).choices
    assert chosen(asked, SURE).choices
    assert chosen(asked, SURE, causes=causes, thorough=True).choices


def test_who_thinks_without_being_sure_is_asked_where_no_cause_is_known() -> None:
    nobody = Belief({}, {}, {}, 0.1)
    thought = Case({"f.b": "yes"}, {"f.b": "yes"}, {}, tentative=frozenset({"f.b"}))

    assert chosen([question(fact("f.a", "near"), 0.0, 30)], nobody, case=thought).choices


# -- whatever the questions


PLACED = [fact(f"f.{id}", place, own) for id, place, own in zip(
    "abcdef", ["near", "near", "inner", "far", "", "near"], [0, 0.5, 0.2, 0, 0.5, 1], strict=True
)]  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.lists(
    st.floats(-5, 40), min_size=6, max_size=6), st.booleans())  # fmt: skip
def test_every_visit_is_worth_making_and_so_is_each_of_its_fields(
    tells: list[float], saves: list[float], sure: bool
) -> None:
    asked = [question(*one) for one in zip(PLACED, tells, saves, strict=True)]
    visits = chosen(asked, SURE if sure else UNKNOWN)
    telling = any(visit.tells for visit in visits.choices)

    for visit in visits.choices:
        assert visit.tells > 0.2 if telling else visit.saves - visit.minutes - PATIENCE > 1
        for one in visit.fields:
            own = one.question.effort - WAYS[one.question.of.place]  # type: ignore[attr-defined]
            assert (one.tells > 0.1 * own) if telling else (one.saves > own)
        for without in range(len(visit.fields)):
            rest = [one for place, one in enumerate(visit.fields) if place != without]
            assert net(visit.fields, telling) >= net(rest, telling) - 1e-9


def net(asked: Iterable[Asked], telling: bool) -> float:
    """What fields tell or save beyond what their minutes are worth."""
    asked = list(asked)
    pages: Mapping[str, None] = {one.question.of.place: None for one in asked}  # type: ignore[attr-defined]
    minutes = sum(WAYS[page] for page in pages)
    minutes += sum(one.question.effort - WAYS[one.question.of.place] for one in asked)  # type: ignore[attr-defined]
    if telling:
        return sum(one.tells for one in asked) - 0.1 * minutes
    return sum(one.saves for one in asked) - minutes


def test_the_order_of_questions_changes_nothing() -> None:
    random = Random(7)
    for belief in (UNKNOWN, SURE):
        asked = [question(one, random.random(), random.uniform(0, 30)) for one in PLACED]
        first = chosen(asked, belief, others=PLACED)
        again = chosen(random.sample(asked, len(asked)), belief, others=PLACED)
        assert fields(first) == fields(again)
        assert [*fields(first)] == [*fields(again)]
