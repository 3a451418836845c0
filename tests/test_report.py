"""The parts of a report: frozen, made of exactly their fields, and the same again from JSON."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from diagnoser.report import Stop


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
