"""The parts of a report: frozen, made of exactly their fields, and the same again from JSON."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from copy import deepcopy
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from diagnoser import Diagnoser
from diagnoser.report.model import Stop, Unchanging


def test_a_part_of_a_report_is_the_same_again_from_its_json() -> None:
    stop = Stop(advised=True, because="Enough is known.")

    assert Stop.model_validate_json(stop.model_dump_json()) == stop
    assert Stop.model_validate(stop.model_dump()) == stop
    assert stop != stop.model_copy(update={"advised": False})


@pytest.mark.parametrize(
    ("given", "wrong"),
    [({}, "Stop needs because"), ({"because": "", "way": 1}, "Stop has no way")],
)
def test_a_part_of_a_report_is_made_of_exactly_its_fields(
    given: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(TypeError, match=wrong):
        Stop(advised=True, **given)


def test_a_part_of_a_report_does_not_change() -> None:
    stop = Stop(advised=True, because="")

    with pytest.raises(FrozenInstanceError):
        stop.advised = False  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del stop.because


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.update({"wifi.connection": "on"}),
        lambda facts: facts.__setitem__("wifi.connection", "on"),
        lambda facts: facts.__delitem__("wifi.connection"),
        lambda facts: facts.pop("wifi.connection"),
        lambda facts: facts.setdefault("wifi.signal", "weak"),
        lambda facts: facts.clear(),
    ],
)
def test_facts_of_evidence_which_reports_may_share_do_not_change(
    diagnoser: Diagnoser, change: Callable[[Any], Any]
) -> None:
    first, second = (diagnoser.diagnose({"wifi": {"connection": "off"}}) for _ in range(2))
    mine, others = (
        next(one for cause in report.causes for one in cause.evidence) for report in (first, second)
    )

    with pytest.raises(TypeError, match="cannot be changed"):
        change(mine.facts)
    assert mine.facts == others.facts == {"wifi.connection": "off"}


def test_a_report_can_be_copied_and_sent_to_another_process(diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose({"wifi": {"connection": "off"}})

    assert pickle.loads(pickle.dumps(report)) == deepcopy(report) == report
    assert deepcopy(Unchanging(a=1)) == Unchanging(a=1)
