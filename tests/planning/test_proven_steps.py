"""Which remedy takes care of a proven cause, and which one is named for a precondition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diagnoser.belief.belief import believe
from diagnoser.belief.weighing import RULED_OUT, Hypothesis
from diagnoser.case.case import Case
from diagnoser.knowledge.conditions import All, AnyOf, OneOf
from diagnoser.knowledge.model import Precondition
from diagnoser.planning.preconditions import Checked, Checker
from diagnoser.planning.proven_causes import steps_for
from diagnoser.planning.remedy_table import RemedyTable
from tests import packs
from tests.packs import Data


def chosen(remedies: Mapping[str, Data], **pack: object) -> list[str]:
    """The steps for one proven cause."""
    known = packs.with_remedies({"a": 0.5}, dict(remedies), **pack).knowledge
    return steps_for({"a"}, RemedyTable(known), known.remedies, ())


CHANCES = {"always": 0.95, "evens": 0.5, "sometimes": 0.3}


def test_a_likely_remedy_is_preferred_to_one_that_is_cheaper_and_unlikely() -> None:
    dear = packs.remedy("dear", fixes={"a": "always"}, hands_on=60)
    cheap = packs.remedy("cheap", fixes={"a": "sometimes"}, hands_on=1)

    assert chosen({"dear": dear, "cheap": cheap}, chances=CHANCES) == ["dear"]
    assert chosen({"cheap": cheap}, chances=CHANCES) == ["cheap"]


def test_one_in_two_is_likely() -> None:
    evens = packs.remedy("evens", fixes={"a": "evens"}, hands_on=1)
    always = packs.remedy("always", fixes={"a": "always"}, hands_on=30)

    assert chosen({"evens": evens, "always": always}, chances=CHANCES, verification=1) == ["evens"]


def test_a_remedy_that_helps_one_in_two_is_preferred_to_one_that_is_cheaper_and_unlikely() -> None:
    evens = packs.remedy("evens", fixes={"a": "evens"}, hands_on=60)
    cheap = packs.remedy("cheap", fixes={"a": "sometimes"}, hands_on=1)

    assert chosen({"evens": evens, "cheap": cheap}, chances=CHANCES) == ["evens"]


def test_the_test_of_a_remedy_is_part_of_what_it_costs() -> None:
    evens = packs.remedy("evens", fixes={"a": "evens"}, hands_on=1)
    always = packs.remedy("always", fixes={"a": "always"}, hands_on=3)
    both = {"evens": evens, "always": always}

    assert chosen(both, chances=CHANCES, verification=0) == ["evens"]
    assert chosen(both, chances=CHANCES, verification=2) == ["always"]
    assert chosen(both, chances=CHANCES, verification=30) == ["always"]


def test_of_what_is_ready_the_cheapest_is_done_first() -> None:
    remedies = {
        "a": packs.remedy("a", fixes={"a": "always"}, hands_on=10),
        "b": packs.remedy("b", fixes={"b": "always"}, hands_on=5),
        "c": packs.remedy("c", fixes={"c": "always"}, hands_on=1, after=["prepare"]),
        "d": packs.remedy("d", fixes={"d": "always"}, hands_on=5),
        "prepare": packs.remedy("prepare", hands_on=20),
    }
    known = packs.with_remedies(dict.fromkeys("abcd", 0.5), remedies).knowledge
    steps = steps_for(set("abcd"), RemedyTable(known), known.remedies, ())

    assert steps == ["b", "d", "a", "prepare", "c"]


def test_what_waits_longer_than_a_night_takes_no_night_more() -> None:
    remedies = {
        id: packs.remedy(id, fixes={"a": "often"}, waiting=waiting, overnight=True)
        for id, waiting in (("short", 100), ("night", 600), ("long", 2880))
    }
    known = packs.with_remedies({"a": 0.5}, remedies, night=60.0, verification=5.0).knowledge
    table = RemedyTable(known)

    assert [known.remedies[id].idle for id in remedies] == [10, 60, 288]
    assert table.test == {"short": 55, "night": 5, "long": 5}
    assert table.cost == {"short": 65, "night": 65, "long": 293}


RED, GREEN = OneOf("f.a", ("red",)), OneOf("f.b", ("green",))
TWO_WAYS = AnyOf((RED, GREEN))


def checked(known: Mapping[str, str], *remedies: str, thought: Iterable[str] = ()) -> Checked:
    """A precondition that holds where `f.a` is red or `f.b` green. `helps` mends a cause that may
    be present, `other` one that is not, and `prepares` mends nothing."""
    pack = packs.with_remedies(
        {"a": 0.5, "b": 0.1},
        {
            "helps": packs.remedy("helps", fixes={"a": "usually"}),
            "other": packs.remedy("other", fixes={"b": "usually"}),
            "prepares": packs.remedy("prepares"),
        },
    )
    one = Precondition("p", "P", "No P", TWO_WAYS, None, ("f.a", "f.b"), remedies)
    knowledge = pack.knowledge._replace(preconditions={"p": one})
    belief = believe(knowledge, {"b": Hypothesis(RULED_OUT, 1.0, ())}, {})
    case = Case(known, known, {}, tentative=frozenset(thought))
    [found] = Checker(knowledge).check(case, belief, ())
    return found


def test_where_one_way_to_fulfil_it_is_excluded_the_next_one_is_looked_at() -> None:
    assert checked({}).look == ("f.a",)
    assert checked({"f.a": "green"}).look == ("f.b",)
    assert checked({"f.a": "green", "f.b": "red"}).state == "fails"


def test_a_remedy_that_can_mend_nothing_here_is_not_named_beside_one_that_can() -> None:
    assert checked({}, "prepares", "other", "helps").remedies == ("helps",)
    assert checked({}, "other", "prepares").remedies == ("other", "prepares")
    assert checked({"f.a": "red"}, "helps").remedies == ()


def test_where_no_way_that_is_left_asks_for_what_one_looks_at_all_of_that_is_named() -> None:
    both = All((RED, OneOf("f.b", ("red",))))
    one = Precondition(
        "p", "P", "No P", AnyOf((both, OneOf("f.b", ("green",)))), None, ("f.a",), ()
    )
    knowledge = packs.with_remedies({"a": 0.5, "b": 0.1}, {}).knowledge
    checker = Checker(knowledge._replace(preconditions={"p": one}))

    assert checker.facts_to_look_at(one, {"f.b": "green"}) == ("f.a",)
    assert checker.facts_to_look_at(one, {"f.b": "red"}) == ("f.a",)
    assert checker.facts_to_look_at(one, {"f.a": "red"}) == ()


def test_what_somebody_only_thinks_settles_no_precondition_and_is_said() -> None:
    red = checked({"f.a": "red"}, thought=["f.a"])
    neither = checked({"f.a": "green", "f.b": "red"}, thought=["f.b"])

    assert (red.state, red.think, red.look) == ("not-known", "holds", ("f.a",))
    assert (neither.state, neither.think, neither.look) == ("not-known", "fails", ("f.b",))
    assert checked({"f.a": "green"}, thought=["f.a"]).think is None


def test_what_is_settled_surely_needs_no_thought() -> None:
    settled = checked({"f.a": "red", "f.b": "red"}, thought=["f.b"])

    assert (settled.state, settled.think, settled.look) == ("holds", None, ())
    assert checked({}).think is None
