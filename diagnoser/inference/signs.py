"""The signs of a pack: each a condition, and the rules through which it speaks of causes."""

from __future__ import annotations

from typing import NamedTuple

from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import Knowledge, Rule


class SignRules(NamedTuple):
    """A sign: its id, its condition, and the rules that share it."""

    id: str
    when: Condition
    rules: tuple[Rule, ...]


def signs_of(knowledge: Knowledge) -> list[SignRules]:
    """The signs of a pack; rules with the same condition share one, called by the first of them."""
    by_condition: dict[Condition, list[Rule]] = {}
    for rule in knowledge.rules.values():
        by_condition.setdefault(rule.when, []).append(rule)
    return [SignRules(rules[0].sign, when, tuple(rules)) for when, rules in by_condition.items()]
