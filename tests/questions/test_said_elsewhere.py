"""What is known in other words is not asked again."""

from __future__ import annotations

import pytest

from diagnoser import Diagnoser
from diagnoser.rendering import pages
from tests.oracles import sheet_of

SAID = [
    (fact.id, other)
    for fact in Diagnoser().knowledge.facts.values()
    for other in fact.unless_answered
]


@pytest.mark.parametrize(("id", "other"), SAID)
def test_it_is_asked_only_as_long_as_the_other_is_not_known(
    id: str, other: str, diagnoser: Diagnoser
) -> None:
    fact, said = diagnoser.knowledge.facts[id], diagnoser.knowledge.facts[other]

    assert id in diagnoser.may_be_asked({})
    for value, _ in said.typical:
        assert id not in diagnoser.may_be_asked(sheet_of({other: said.kind.show(value)}))
    assert id in diagnoser.may_be_asked(sheet_of({other: "unknown"}))
    assert other in pages.fact(diagnoser.knowledge, fact.id)["not_asked_once_known"]


def test_whether_the_backup_fits_is_asked_in_one_way(diagnoser: Diagnoser) -> None:
    ways = {"storage.room", "storage.icloud_free_gb", "storage.next_backup_gb"}

    def left(**known: object) -> set[str]:
        return ways & set(diagnoser.may_be_asked({"storage": known}))

    assert left() == ways
    assert left(room="enough") == set()
    assert left(icloud_free_gb=3) == {"storage.next_backup_gb"}
    assert left(next_backup_gb=3) == {"storage.icloud_free_gb"}


def test_it_still_counts_when_it_is_given(diagnoser: Diagnoser) -> None:
    facts = {"account": {"prompt": "nothing", "signed_in": "no"}}

    [found] = diagnoser.diagnose(facts).contradictions
    assert found.facts == {"account.prompt": "nothing", "account.signed_in": "no"}
