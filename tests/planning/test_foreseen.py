"""What is foreseen of the answers that may forbid a step: their chances, and the minutes at stake.

Where looking takes no time and the step one minute, a look saves as many minutes as the chance is
that its answer forbids the step.
"""

from __future__ import annotations

from typing import Any

import pytest

from diagnoser.belief.belief import Belief
from diagnoser.planning.greedy import Step
from diagnoser.planning.look_first import PROOF, Look, Looker
from tests import packs
from tests.packs import Data, Pack

ROWS = [
    {"name": "Alpha", "make": "old"},
    {"name": "Beta", "make": "new"},
    {"name": "Gamma", "make": "new"},
    {"name": "Delta", "make": "old"},
]
WAY = {"title": "There", "effort": 0.0, "go": [{"condition": None, "do": ["Go there."]}]}
PRESENT = {"a": 0.5, "b": 0.2}
STEP = Step("one", False, 0.5)


def bar(**when: Any) -> Data:
    """A reason not to do a remedy that reads facts of the area f."""
    return {"when": of_area(when), "because": f"Not where {when}."}


def of_area(when: Data) -> Data:
    return {f"f.{name}": answer for name, answer in when.items()}


def pack_with(
    *bars: Data,
    facts: dict[str, Data] | None = None,
    rules: dict[str, dict[str, tuple[str, Data]]] | None = None,
    remedies: dict[str, Data] | None = None,
    **more: Any,
) -> Pack:
    """A pack with two causes and the remedy `one`, of one minute, with these reasons not to do it.

    `facts` are asked in the area f besides: red in 20 of 100 cases and else green, unless they say
    otherwise. `rules` are, for each cause and by their names, what they say and where they hold.
    """
    fixes = {"a": "often", "b": "often"}
    one = packs.remedy("one", fixes=fixes, hands_on=1, not_if=[*bars])
    how = {"verification": 0.0, "patience": 0.0} | more
    data = packs.with_remedies(PRESENT, {}, **how).data
    plain = data["areas"]["f"]["facts"]["a"] | {
        "effort": 0.0,
        "typical": {"red": 20.0, "green": 80.0},
    }
    added = {name: plain | fact for name, fact in (facts or {}).items()}
    area = data["areas"]["f"]
    causes = {}
    for id, cause in data["causes"].items():
        [any_rule] = cause["rules"].values()
        said = (rules or {}).get(id, {})
        causes[id] = cause | {
            "rules": cause["rules"]
            | {
                name: any_rule | {"says": says, "when": of_area(when)}
                for name, (says, when) in said.items()
            }
        }
    return packs.linked(
        data
        | {
            "areas": {"f": area | {"facts": area["facts"] | added}},
            "causes": causes,
            "remedies": {"one": one} | (remedies or {}),
            "tables": {"t.csv": ROWS},
            "places": {one["place"]: WAY for one in added.values() if one["place"]},
        }
    )


def table(**typical: float) -> dict[str, Data]:
    """The fact `f.row`, from which `f.make` follows."""
    lookup = {"table": "t.csv", "name": "name", "also": None, "derives": {"make": "word"}}
    return {"row": {"answers": None, "lookup": lookup, "typical": typical}}


def looks(pack: Pack, *steps: Step, **known: str) -> list[Look]:
    """What is looked at before these steps, where this is known of the area f."""
    case = pack.case({"f": known} if known else {})
    belief = Belief({}, PRESENT, {}, pack.knowledge.none_of_these)
    return Looker(pack.knowledge).look_first(case, belief, steps or [STEP])


def saved(pack: Pack, *steps: Step, **known: str) -> float:
    """The minutes that the only look saves."""
    [look] = looks(pack, *steps, **known)
    return look.saves


def weight(cause: str) -> float:
    """The part that a cause has of the probabilities of all, and of none of them."""
    belief = Belief({}, PRESENT, {}, 0.05)
    return belief.given_failure[cause] / (belief.none_of_these + sum(belief.given_failure.values()))


def tilted(share: float, **ratios: float) -> float:
    """The chance of an answer with this share, that is so many times as likely with a cause."""
    others = (1 - sum(weight(cause) for cause in ratios)) * share
    return others + sum(
        weight(cause) * share * ratio / (share * ratio + 1 - share)
        for cause, ratio in ratios.items()
    )


def exactly(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


# -- rows of a table


def test_the_rows_that_are_not_typical_share_one_case_in_a_hundred() -> None:
    for make, share in (("old", 0.99 * 0.7 + 0.005), ("new", 0.99 * 0.3 + 0.005)):
        assert saved(pack_with(bar(make=make), facts=table(Alpha=70, Beta=30))) == exactly(share)

    rare = pack_with(bar(row="Gamma"), facts=table(Alpha=100))
    assert saved(rare) == exactly(0.01 / 3)


def test_where_all_rows_are_typical_their_shares_are_taken_as_they_are() -> None:
    facts = table(Alpha=40, Beta=30, Gamma=20, Delta=10)

    assert saved(pack_with(bar(make="old"), facts=facts)) == exactly(0.5)
    assert saved(pack_with(bar(row="Beta"), facts=facts)) == exactly(0.3)


def test_rows_from_which_the_same_follows_are_one_answer() -> None:
    facts = table(Alpha=40, Beta=30, Gamma=30)
    apart = pack_with(bar(make="old"), bar(make="new"), facts=facts)

    [look] = looks(apart)
    assert (look.remedy, look.because) == ("one", "Not where {'make': 'new'}.")


def test_rows_that_something_reads_by_name_are_kept_apart() -> None:
    facts = table(Alpha=40, Beta=30, Gamma=30)
    by_name = pack_with(bar(make="old"), bar(make="new"), bar(row="Delta"), facts=facts)

    [look] = looks(by_name)
    assert look.because == "Not where {'make': 'old'}."
    alone = pack_with(bar(row="Alpha"), facts=table(Alpha=40, Beta=30, Delta=30))
    assert saved(alone) == exactly(0.99 * 0.4)


def test_so_are_rows_that_a_rule_reads() -> None:
    facts = table(Alpha=40, Beta=30, Gamma=20, Delta=10)
    rules = {"a": {"row": ("proves", {"row": "Beta"})}}
    pack = pack_with(bar(make="new"), facts=facts, rules=rules)

    with_a = (0.3 * PROOF + 0.2) / (0.3 * PROOF + 0.7)
    assert saved(pack) == exactly(weight("a") * with_a + (1 - weight("a")) * 0.5)


def test_so_are_rows_that_a_contradiction_reads() -> None:
    facts = table(Alpha=40, Beta=30, Gamma=20, Delta=10)
    clash = {
        "when": {"f.row": "Alpha", "f.a": "green"},
        "because": "They exclude each other.",
        "ask_again": "f.row",
        "source": ["generated"],
        "reviewed": "2026-01-01",
    }
    data = pack_with(bar(make="old"), facts=facts).data
    pack = packs.linked(data | {"contradictions": {"x": clash}})

    assert saved(pack) == exactly(0.5)
    assert saved(pack, a="green") == exactly(0.1 / 0.6)


# -- what the answers say of the causes


@pytest.mark.parametrize(
    ("says", "ratio"),
    [
        ("strongly for", 10),
        ("strongly against", 0.1),
        ("proves", PROOF),
        ("rules out", 1 / PROOF),
    ],
)
def test_an_answer_is_likelier_where_it_speaks_for_a_likely_cause(says: str, ratio: float) -> None:
    rules = {"a": {"red": (says, {"c": "red"})}}
    pack = pack_with(bar(c="red"), facts={"c": {}}, rules=rules)

    assert saved(pack) == exactly(tilted(0.2, a=ratio))


def test_each_cause_of_which_an_answer_speaks_counts_as_far_as_it_is_likely() -> None:
    rules = {
        "a": {"red": ("strongly for", {"c": "red"})},
        "b": {"red": ("strongly against", {"c": "red"})},
    }
    pack = pack_with(bar(c="red"), facts={"c": {}}, rules=rules)

    assert saved(pack) == exactly(tilted(0.2, a=10, b=0.1))


def test_what_else_a_rule_reads_counts_as_soon_as_it_is_known() -> None:
    rules = {"a": {"red": ("strongly for", {"c": "red", "d": "red"})}}
    pack = pack_with(bar(c="red"), facts={"c": {}, "d": {}}, rules=rules)

    assert saved(pack) == exactly(0.2)
    assert saved(pack, d="red") == exactly(tilted(0.2, a=10))
    assert saved(pack, d="green") == exactly(0.2)


# -- what is looked at, and in which order


def two_facts(place: str | None = None) -> Pack:
    """A pack with two facts that forbid the step, of which the second is the likelier."""
    facts: dict[str, Data] = {
        "c": {"place": place},
        "d": {"place": place, "typical": {"red": 40.0, "green": 60.0}},
    }
    return pack_with(bar(c="red"), bar(d="red"), facts=facts)


def test_the_look_that_saves_most_comes_first_with_the_others_at_its_place() -> None:
    assert [look.fact.id for look in looks(two_facts("there"))] == ["f.d", "f.c"]


def test_facts_without_a_place_are_not_looked_at_together() -> None:
    assert [look.fact.id for look in looks(two_facts())] == ["f.d"]


def test_a_look_that_saves_just_what_it_takes_is_not_worth_it() -> None:
    for patience, worth_it in ((0.5, False), (0.4, True)):
        pack = pack_with(
            bar(c="red"), facts={"c": {"typical": {"red": 50.0, "green": 50.0}}}, patience=patience
        )
        assert bool(looks(pack)) == worth_it


# -- the minutes that would be spent in vain

NEVER = bar(c="red")


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        # each step after those that did not help
        ([("one", False, 0.5), ("ten", False, 0.2), ("hundred", False, None)], 5 + 5 + 40),
        ([("one", False, 0.5), ("ten", False, None), ("hundred", False, 0.5)], 5 + 5 + 50),
        # after the steps for proven causes as far as those may not have been mended
        ([("one", True, 0.5), ("ten", False, 0.2), ("hundred", False, 0.2)], 5 + 5 + 40),
        ([("one", True, 0.5, 1), ("ten", True, 0.8, 1), ("hundred", False, 0.2)], 1 + 6 + 60),
        ([("one", True, None, 1), ("ten", True, 0.8, 1), ("hundred", False, 0.2)], 1 + 6 + 20),
        # those that are done in one go all as soon as the first of them, without their tests
        ([("one", False, 0.6, 1), ("ten", False, 0.6, 1), ("hundred", False, None)], 1 + 6 + 40),
        ([("one", False, 0.6), ("ten", False, 0.5, 1), ("hundred", False, 0.5, 1)], 5 + 2.4 + 38.4),
        (
            [("one", False, 0.6, 1), ("ten", False, 0.6, 1), ("hundred", False, 0.5, 2)],
            1 + 6 + 38.4,
        ),
    ],
)
def test_what_is_spent_in_vain_is_what_the_forbidden_steps_are_expected_to_cost(
    steps: list[Any], minutes: float
) -> None:
    fixes = {"a": "often"}
    remedies = {
        "ten": packs.remedy("ten", fixes=fixes, hands_on=6, not_if=[NEVER]),
        "hundred": packs.remedy("hundred", fixes=fixes, hands_on=96, not_if=[NEVER]),
    }
    pack = pack_with(NEVER, facts={"c": {}}, remedies=remedies, verification=4.0)

    assert saved(pack, *(Step(*one) for one in steps)) == exactly(0.2 * minutes)


def test_only_steps_that_are_done_together_with_the_first_are_looked_after() -> None:
    fixes = {"a": "often"}
    remedies = {
        "two": packs.remedy("two", fixes=fixes, hands_on=1, not_if=[NEVER]),
        "three": packs.remedy("three", fixes=fixes, hands_on=1),
    }
    pack = pack_with(facts={"c": {}}, remedies=remedies)
    one, two, three = (Step(id, False, 0.5) for id in ("one", "two", "three"))

    def together(*steps: Step) -> list[Step]:
        return [step._replace(together=1) for step in steps]

    assert saved(pack, *together(one, two)) == exactly(0.2)
    assert not looks(pack, one, two)
    assert not looks(pack, one, *together(two, three))
