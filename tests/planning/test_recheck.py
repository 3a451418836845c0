"""What is asked again after a step that did not help."""

from __future__ import annotations

from diagnoser.case.case import Case
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Choice, Lookup
from diagnoser.planning.recheck import look_again, speaking_facts
from tests import packs
from tests.belief.test_belief import rule

KIND = Choice({"red": "Red", "green": "Green"})


def knowledge() -> Knowledge:
    """Two causes; `a` is proven by `f.proof`, shown by `f.hint`, and spoken against by `f.no`."""
    remedies = {"both": packs.remedy("both", fixes={"a": "often", "b": "often"})}
    remedies["one"] = packs.remedy("one", fixes={"a": "often"})
    known = packs.with_remedies({"a": 0.5, "b": 0.5}, remedies).knowledge
    rules = [
        rule("proof", 1, "f.proof", "f.with")._replace(cause="a", id="a/proof"),
        rule("hint", 0.5, "f.hint")._replace(cause="a", id="a/hint"),
        rule("no", -0.5, "f.no")._replace(cause="a", id="a/no"),
        rule("nothing", 0, "f.nothing")._replace(cause="a", id="a/nothing"),
        rule("other", 0.5, "f.other")._replace(cause="b", id="b/other"),
        rule("row", 1, "f.column")._replace(cause="b", id="b/row"),
    ]
    names = ("proof", "with", "hint", "no", "nothing", "other")
    facts = {f"f.{name}": Fact(f"f.{name}", "f", KIND, ask="?") for name in names}
    facts["f.column"] = Fact("f.column", "f", KIND, derived_from="f.row")
    facts["f.row"] = Fact("f.row", "f", Lookup(("X",), {}), ask="?", derives={"f.column": {}})
    return known._replace(rules={one.id: one for one in rules}, facts=facts)


ALL = ["a/proof", "a/hint", "a/no", "a/nothing", "b/other"]


def test_what_speaks_for_a_proven_cause_is_what_proves_it_and_what_it_brings_about() -> None:
    assert speaking_facts(knowledge(), ["a", "b"], ALL) == {"f.proof", "f.with", "f.hint"}
    assert speaking_facts(knowledge(), ["b"], ALL) == set()
    assert speaking_facts(knowledge(), ["a"], ["a/hint"]) == set()


def case(*given: str) -> Case:
    return Case(dict.fromkeys(given, "red"), dict.fromkeys(given, "red"), {})


def test_what_was_given_is_asked_again_in_the_order_in_which_it_was_given() -> None:
    known = knowledge()

    def again(*given: str) -> list[str]:
        return look_again(known, known.remedies["one"], case(*given), ALL)

    assert again("f.hint", "f.no", "f.proof", "f.other") == ["f.hint", "f.proof"]
    assert again("f.proof", "f.hint") == ["f.proof", "f.hint"]
    assert again("f.no") == []


def test_only_what_speaks_for_a_cause_that_the_remedy_mends_is_asked_again() -> None:
    known, fired = knowledge(), [*ALL, "b/row"]
    told = case("f.proof", "f.other")

    assert look_again(known, known.remedies["one"], told, fired) == ["f.proof"]
    assert look_again(known, known.remedies["both"], told, fired) == ["f.proof", "f.other"]


def test_what_a_thing_is_and_what_nobody_can_be_asked_is_not_asked_again() -> None:
    known = knowledge()
    told = case("f.row", "f.proof")
    asked_of_nobody = known.facts["f.proof"]._replace(ask="")

    assert look_again(known, known.remedies["both"], told, ["b/row", *ALL]) == ["f.proof"]
    changed = known._replace(facts={**known.facts, "f.proof": asked_of_nobody})
    assert look_again(changed, known.remedies["both"], told, ["b/row", *ALL]) == []
