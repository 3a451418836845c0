"""What scenarios conclude is what is recorded, and near misses come out as the domain says."""

from __future__ import annotations

import difflib
from itertools import groupby

import pytest

from diagnoser import Diagnoser
from diagnoser.pack.builtin import built_in
from tests.mutation.concluded import RECORDED, Concluded, by_reports, table
from tests.mutation.killing import Jury
from tests.mutation.mutant import Original
from tests.mutation.near_misses import NearMiss, near_misses
from tests.phones import Scenario, scenarios

Found = list[tuple[Scenario, Concluded]]
GROUPS = [
    (about, sentence, [*group])
    for (about, sentence), group in groupby(near_misses(), lambda one: (one.about, one.sentence))
]


@pytest.fixture(scope="module")
def found(diagnoser: Diagnoser) -> Found:
    return [*by_reports(diagnoser)]


def test_the_scenarios_conclude_what_is_recorded(found: Found) -> None:
    before, now = RECORDED.read_text("utf-8").splitlines(), table(found).splitlines()
    moved = "\n".join(difflib.unified_diff(before, now, "recorded", "now", n=1, lineterm=""))
    assert moved == "", f"Look at what moves; if it should, run `make record`.\n{moved}"


def test_direct_evaluation_concludes_what_a_report_says(found: Found) -> None:
    scenes = Jury(Original.of(built_in()), scenarios()).scenes
    assert [(one.scenario, one.concluded) for one in scenes] == found


@pytest.mark.parametrize(("about", "sentence", "group"), GROUPS, ids=lambda one: str(one)[:60])
def test_a_near_miss_comes_out_as_the_domain_says(
    diagnoser: Diagnoser, about: str, sentence: str, group: list[NearMiss]
) -> None:
    wrong = [
        str(one) for one in group if not one.holds(diagnoser.knowledge, one.cases(diagnoser.sheet))
    ]
    assert wrong == []
