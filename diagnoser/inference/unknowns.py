"""What is missing: for each cause, the facts that its undecided rules still need."""

from __future__ import annotations

from collections import Counter

from diagnoser.knowledge.conditions import KnownFacts
from diagnoser.knowledge.model import Knowledge, Rule

Place = tuple[str, str]
"""A cause, and a fact that its rules read and that can be asked."""


class Missing:
    """Counts, for each cause and each fact that can be asked, the undecided rules that read it.

    A column of a table counts as its row, since that is what is asked. Where a rule reads a fact
    alone there is nothing to count: it is undecided until the fact is known.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        order = [fact.id for fact in knowledge.facts.values() if fact.askable]
        places = {id: place for place, id in enumerate(order)}
        self._facts: dict[str, list[str]] = {}
        """For each cause, its facts in the order of the questionnaire."""
        self._causes: dict[str, list[str]] = {}
        """For each fact, the causes that it is asked for."""
        self._rules: dict[Place, int] = {}
        """How many rules count."""
        self._counted: dict[str, list[Place]] = {}
        """For each rule, where it counts."""
        self._reading: dict[str, list[Rule]] = {}
        """For each fact, the rules that count and read it."""
        for cause in knowledge.causes.values():
            asked: dict[str, list[Rule]] = {}
            for rule in cause.rules:
                sources = {knowledge.facts[id].derived_from or id for id in rule.facts}
                for id in sources & places.keys():
                    asked.setdefault(id, []).append(rule)
            self._facts[cause.id] = sorted(asked, key=places.__getitem__)
            for id, rules in asked.items():
                self._causes.setdefault(id, []).append(cause.id)
                if not any(rule.facts == {id} for rule in rules):
                    self._rules[cause.id, id] = len(rules)
                    for rule in rules:
                        self._counted.setdefault(rule.id, []).append((cause.id, id))
            for rule in cause.rules:
                for id in rule.facts if rule.id in self._counted else ():
                    self._reading.setdefault(id, []).append(rule)

    def missing(self, known: KnownFacts) -> dict[str, list[str]]:
        """For each cause, the facts that are not known and that its undecided rules read, in the
        order of the questionnaire."""
        missing = {cause: facts.copy() for cause, facts in self._facts.items()}
        for fact in known:
            for cause in self._causes.get(fact, ()):
                missing[cause].remove(fact)
        read = {rule.id: rule for fact in known for rule in self._reading.get(fact, ())}
        decided = Counter(
            place
            for id, rule in read.items()
            if rule.when.outcome(known) is not None
            for place in self._counted[id]
        )
        for (cause, fact), rules in decided.items():
            if rules == self._rules[cause, fact] and fact not in known:
                missing[cause].remove(fact)
        return missing
