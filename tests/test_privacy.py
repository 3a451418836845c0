"""No case outlives its call: nothing of it can be reached once its report is out of sight."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.inference import rules
from diagnoser.inference._experta import Fact, FactList, InitialFact, ReteMatcher
from diagnoser.inference.facts import Area
from diagnoser.inference.inference import Inference
from diagnoser.inference.matcher import SignMatcher
from tests.packs import Data


def rare() -> float:
    """A number that no other object holds, made anew at each call: by it a case is known again."""
    return float("7.123456789")


def case() -> Data:
    """What a person may say, with the rare number in it."""
    return {
        "storage": {"icloud_free_gb": rare(), "next_backup_gb": 9.0, "plan": "50gb"},
        "wifi": {"connection": "off"},
        "backup": {"switch": "on"},
        "tried": {"restart-iphone": "did-not-help"},
    }


def holders() -> list[str]:
    """The types of all objects that hold the rare number and can be reached."""
    gc.collect()
    found = []
    for one in gc.get_objects():
        inner = gc.get_referents(one)
        # A dict or tuple of plain values is not tracked by itself, so its holder is looked into.
        plain = [part for part in inner if type(part) in (dict, tuple) and not gc.is_tracked(part)]
        if any(map(is_rare, inner)) or any(map(is_rare, gc.get_referents(*plain))):
            found.append(type(one).__name__)
    return found


def is_rare(value: object) -> bool:
    return type(value) is float and value == rare()


def declared() -> list[str]:
    """All that is in working memories of the program, but the fact that every engine starts
    with."""
    gc.collect()
    return [
        repr(fact)
        for one in gc.get_objects()
        if isinstance(one, FactList)
        for fact in (*one.values(), *one.added, *one.removed)
        if not isinstance(fact, InitialFact)
    ]


def facts_alive() -> int:
    """How many facts of cases there are, wherever they are held."""
    gc.collect()
    return sum(isinstance(one, Fact) and one.__factid__ is not None for one in gc.get_objects())


@pytest.fixture
def fresh() -> Diagnoser:
    return Diagnoser()


def test_a_case_is_found_while_somebody_holds_it(fresh: Diagnoser) -> None:
    assert not holders()
    kept = case()
    assert holders() == ["dict"]
    report = fresh.diagnose(kept)
    del kept
    assert holders()
    del report
    assert not holders()


def test_a_fact_is_found_while_a_working_memory_holds_it() -> None:
    working = FactList()
    working.declare(Area(icloud_free_gb=rare()))
    assert declared() == 2 * ["Area(icloud_free_gb=7.123456789)"]
    assert facts_alive()
    del working
    assert not declared()


IDLE = 1
"""Facts in an engine that waits for its next case."""
USES: dict[str, Callable[[Diagnoser], Any]] = {
    "diagnose": lambda diagnoser: diagnoser.diagnose(case()),
    "look ahead": lambda diagnoser: diagnoser.diagnose(case(), look_ahead=True).json_text(),
    "next question": lambda diagnoser: diagnoser.next_question(case()),
    "memory": lambda diagnoser: diagnoser.memory(case()),
    "explain": lambda diagnoser: diagnoser.explain(case()),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_nothing_of_a_case_is_kept(fresh: Diagnoser, use: Callable[[Diagnoser], Any]) -> None:
    before = facts_alive()
    for _ in range(3):
        use(fresh)

    assert not holders()
    assert not declared()
    assert facts_alive() <= before + IDLE


def test_nothing_is_kept_with_the_matcher_of_experta(fresh: Diagnoser) -> None:
    inference = Inference(fresh.knowledge, matcher=ReteMatcher)
    before = facts_alive()
    for _ in range(2):
        inference.run(fresh.sheet.read(case()))

    assert not holders()
    assert not declared()
    assert facts_alive() <= before + IDLE


def test_nothing_is_kept_of_facts_with_a_mistake(fresh: Diagnoser) -> None:
    with suppress(InvalidFacts):
        fresh.diagnose(case() | {"power": {"no-such-fact": rare()}})

    assert not holders()
    assert not declared()


def test_nothing_is_kept_after_an_exception_in_a_rule(
    fresh: Diagnoser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(rules, "weigh", fail)
        assert raises(lambda: fresh.diagnose(case()))

    assert not holders()
    assert not declared()


class Failing(SignMatcher):
    """Fails on a case's second fact, once some of it is in working memory."""

    def changes(self, adding: Any = None, deleting: Any = None) -> Any:
        found = super().changes(adding, deleting)
        if len(adding or ()) > 1:
            raise ZeroDivisionError
        return found


def test_nothing_is_kept_after_an_exception_in_matching(fresh: Diagnoser) -> None:
    inference = Inference(fresh.knowledge, matcher=Failing)

    assert raises(lambda: inference.run(fresh.sheet.read(case())))
    assert not holders()
    assert not declared()


def raises(call: Callable[[], Any]) -> bool:
    """Whether the call fails by division; lets go of the exception, which holds all frames."""
    try:
        call()
    except ZeroDivisionError:
        return True
    return False


def test_a_host_that_logs_everything_is_told_nothing_of_a_case(
    fresh: Diagnoser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for use in USES.values():
            use(fresh)

    assert caplog.records == []


def test_nothing_is_kept_of_cases_in_many_threads(fresh: Diagnoser) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(lambda: fresh.diagnose(case()).plan.steps) for _ in range(40)]:
            assert done.result()
    del done

    assert not holders()
    assert not declared()
