"""Mutants of the knowledge are made and tried as they should be; `make mutate` tries all."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from diagnoser.knowledge.conditions import All, AnyOf, Compare, OneOf
from diagnoser.knowledge.model import Fact
from diagnoser.knowledge.values import Choice, Number, Version
from diagnoser.pack.builtin import built_in
from tests.mutation.conditions import altered
from tests.mutation.justified import Class, unjustified
from tests.mutation.killing import Jury
from tests.mutation.mutant import Mutant, Original, stepped
from tests.mutation.mutants import MAKERS, mutants
from tests.mutation.near_misses import NearMiss
from tests.mutation.of_the_pack import of_numbers
from tests.pack.small import OLD, folder
from tests.phones import Scenario

FACTS = {
    "a": Fact("a", "", Choice({"x": "X", "y": "Y", "z": "Z"}), typical=(("x", 0.2), ("z", 0.5))),
    "n": Fact("n", "", Number("GB", 0, 100)),
    "v": Fact("v", "", Version(1, 99)),
}
IS_X, IS_SMALL = OneOf("a", ("x",)), Compare("n", "below", 0.3, None)


def whats(condition: object) -> list[str]:
    return [one.what for one in altered(condition, FACTS)]  # type: ignore[arg-type]


def test_answers_are_taken_away_and_the_commonest_other_one_is_added() -> None:
    assert whats(IS_X) == ["a: z added"]
    assert whats(OneOf("a", ("x", "z"))) == ["a: x taken away", "a: z taken away"]


def test_a_comparison_is_turned_and_its_constant_moved_by_one_of_its_last_place() -> None:
    assert whats(IS_SMALL) == [
        "n below 0.3 made n at_most 0.3",
        "n below 0.3 made n at_least 0.3",
        "n below 0.3 made n below 0.2",
        "n below 0.3 made n below 0.4",
    ]
    assert whats(Compare("v", "at_least", (16, 3), None))[2:] == [
        "v at_least 16.3 made v at_least 16.2",
        "v at_least 16.3 made v at_least 16.4",
    ]


@pytest.mark.parametrize("kind", [All, AnyOf])
def test_each_part_is_dropped_and_altered(kind: type[All | AnyOf]) -> None:
    whole = kind((IS_X, IS_SMALL))
    found = list(altered(whole, FACTS))
    assert [one.condition for one in found if one.what.startswith("without")] == [IS_SMALL, IS_X]
    assert len(found) == 2 + len(whats(IS_X)) + len(whats(IS_SMALL))
    assert all(one.condition != whole for one in found)


def test_a_price_moves_to_the_next_of_1_2_5_10_20_and_so_on() -> None:
    assert [*stepped(4)] == [2, 5]
    assert [*stepped(0)] == [1]
    assert [*stepped(0.1)] == [0.05, 0.2]


def tried(root: Path, changes: dict[str, str | None]) -> dict[str, bool]:
    """The mutants of a small pack by what they are, and whether an example kills them."""
    pack = Original.of(str(folder(root, changes)))
    jury = Jury(pack)
    return {f"{one.kind}: {one.what}": bool(jury.tries(one).by) for one in mutants(pack)}


def test_an_example_at_the_boundary_kills_what_moves_the_boundary(tmp_path: Path) -> None:
    moved = "sign: bulb-is-old/old: lamp.age at_least 9 made lamp.age at_least 8"
    turned = "sign: bulb-is-old/old: lamp.age at_least 9 made lamp.age below 9"
    beside = OLD.replace("{lamp.age: 1}", "{lamp.age: 8}")

    without = tried(tmp_path / "without", {})
    having = tried(tmp_path / "with", {"rules/causes/lamp/bulb-is-old.yaml": beside})

    assert (without[moved], without[turned]) == (False, True)
    assert (having[moved], having[turned]) == (True, True)


def test_a_survivor_is_told_by_file_and_line(tmp_path: Path) -> None:
    pack = Original.of(str(folder(tmp_path)))
    jury = Jury(pack)
    [moved] = [one for one in mutants(pack) if one.what.endswith("made lamp.age at_least 10")]
    [weaker] = [one for one in mutants(pack) if one.what == "lamp-is-off/off: proves made for"]

    assert jury.tries(moved).by == "bulb-is-old: nine years to the day is old"
    assert jury.tries(weaker).by == "lamp-is-off: it is off"
    survivors = [one for one in mutants(pack) if not jury.tries(one).by]
    line = 1 + OLD.splitlines().index("    when: {lamp.age: {at_least: 9}}")
    assert f"rules/causes/lamp/bulb-is-old.yaml:{line}: sign: " in " ".join(map(str, survivors))


def test_a_near_miss_and_a_scenario_kill_what_examples_let_live(tmp_path: Path) -> None:
    pack = Original.of(str(folder(tmp_path)))
    [mutant] = [one for one in mutants(pack) if one.what.endswith("made lamp.age at_least 8")]
    near = NearMiss("cause", "bulb-is-old", "eight years", {"lamp.age": "8"}, "not more likely")
    plan = {"first_step": "screw-in"}
    phone = Scenario("lamps", "an old bulb", "plain", {"lamp.age": "8"}, plan, None)

    assert Jury(pack).tries(mutant) == ("", False)
    assert Jury(pack, near_misses=[near]).tries(mutant).by == str(near)
    assert Jury(pack, [phone]).tries(mutant).recorded


def test_every_kind_of_knowledge_has_mutants_and_each_differs_from_the_pack() -> None:
    pack = Original.of(built_in())
    found: list[Mutant] = []
    kinds: set[str] = set()
    for place, one in enumerate(one for make in MAKERS for one in make(pack)):
        if place % 20 == 0 or one.kind not in kinds:
            found.append(one)
            kinds.add(one.kind)
    found += islice(of_numbers(pack), 5)

    assert all(one.knowledge != pack.knowledge and one.line > 0 for one in found)
    assert {one.kind for one in found} == {
        *("sign", "strength", "answer", "cause", "chance", "price", "after", "seen", "hand_over"),
        *("bar", "precondition", "only_if", "number"),
    }


def survivor(what: str) -> Mutant:
    return Mutant("rules/pack.yaml", 7, "number", what, None)  # type: ignore[arg-type]


def test_a_class_of_survivors_is_justified_as_long_as_it_is_needed_and_no_larger() -> None:
    night = Class(("rules/pack.yaml: number: night:*",), "No plan has so many nights.", 1)

    assert unjustified([survivor("night: 30 made 20")], [night]) == []
    assert unjustified([survivor("patience: 2 made 5")], [])[0].endswith("survives")
    assert "take it out" in unjustified([], [night])[0]
    two = [survivor("night: 30 made 20"), survivor("night: 30 made 50")]
    assert "2 survive, but 1 are justified" in unjustified(two, [night])[0]
