"""The rules of a cause in groups that share no fact, and which of a group can hold together."""

from __future__ import annotations

from functools import cached_property

from diagnoser.checking.answer_space import AnswerSpace, Formula, KnownCase, no
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import Cause, Rule

FiredRules = frozenset[str]


class Group:
    """Rules of one cause that read the same facts, directly or through other rules of the group.

    Groups share no fact. So what all rules of the cause say together is the product of what each
    group says (`belief.weighing`), and any class of one group goes with any class of another,
    unless the pack lists that as a contradiction.
    """

    def __init__(self, rules: list[Rule], asked: set[str], space: AnswerSpace) -> None:
        self.rules, self.asked = sorted(rules, key=lambda rule: rule.id), asked
        self._space = space

    @cached_property
    def classes(self) -> dict[FiredRules, KnownCase]:
        """Each set of rules, by their ids, that can hold while no others of the group do, with a
        case of it."""
        holds = [self._space.holds(rule.when) for rule in self.rules]
        return {
            frozenset(rule.id for rule, now in zip(self.rules, fired, strict=True) if now): case
            for fired, case in self._space.combinations(holds)
        }

    def exactly(self, fired: FiredRules, unknown: frozenset[str] = frozenset()) -> list[Formula]:
        """That just these rules hold; as if the facts that are `unknown` were not told."""
        return [
            self._space.holds(rule.when, unknown)
            if rule.id in fired
            else no(self._space.holds(rule.when, unknown))
            for rule in self.rules
        ]


def groups_of(cause: Cause, space: AnswerSpace) -> list[Group]:
    """The groups of a cause's rules, the largest first."""
    found: list[tuple[set[str], list[Rule]]] = []
    for rule in cause.rules:
        asked, rules = set(asked_for(rule.when, space.facts)), [rule]
        apart = []
        for other, some in found:
            if asked.isdisjoint(other):
                apart.append((other, some))
            else:
                asked |= other
                rules += some
        found = [*apart, (asked, rules)]
    groups = [Group(rules, asked, space) for asked, rules in found]
    return sorted(groups, key=lambda group: (-len(group.rules), group.rules[0].id))
