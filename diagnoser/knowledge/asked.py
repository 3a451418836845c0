"""What has to be asked so that something becomes known."""

from __future__ import annotations

from collections.abc import Mapping

from diagnoser.knowledge.conditions import Condition, facts_of
from diagnoser.knowledge.model import Fact


def asked_for(condition: Condition, facts: Mapping[str, Fact]) -> set[str]:
    """The facts that are asked for to decide the condition: those that it reads, and instead of a
    column of a table the row that is looked up there."""
    return {facts[id].derived_from or id for id in facts_of(condition)}
