"""What is missing: for each cause, the facts that its undecided rules still need."""

from __future__ import annotations

from array import array

from diagnoser.conditions import Case
from diagnoser.knowledge import Knowledge, Rule


class Missing:
    """Counts, for each cause and each fact that can be asked, the undecided rules that read it.

    A column of a table counts as its row, since that is what is asked.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        order = [fact.id for fact in knowledge.facts.values() if fact.askable]
        places = {id: place for place, id in enumerate(order)}
        self._undecided = array("L")
        """With nothing known; in the order of causes and of the questionnaire."""
        self._facts: dict[str, list[tuple[int, str]]] = {}
        """For each cause, the places of its facts in this list."""
        self._counted: dict[str, list[int]] = {}
        """For each rule, the places where it counts."""
        self._alone: dict[str, list[int]] = {}
        """For each fact, the places of the rules that read it and nothing else."""
        self._shared: dict[str, list[Rule]] = {}
        """For each fact, the rules that read it and others."""
        for cause in knowledge.causes.values():
            asked: dict[str, list[Rule]] = {}
            for rule in cause.rules:
                sources = {knowledge.facts[id].derived_from or id for id in rule.facts}
                for id in sources & places.keys():
                    asked.setdefault(id, []).append(rule)
                for id in rule.facts if len(rule.facts) > 1 else ():
                    self._shared.setdefault(id, []).append(rule)
            self._facts[cause.id] = []
            for id in sorted(asked, key=places.__getitem__):
                place = len(self._undecided)
                self._undecided.append(len(asked[id]))
                self._facts[cause.id].append((place, id))
                for rule in asked[id]:
                    self._counted.setdefault(rule.id, []).append(place)
                    for fact in rule.facts if len(rule.facts) == 1 else ():
                        self._alone.setdefault(fact, []).append(place)

    def missing(self, known: Case) -> dict[str, list[str]]:
        """For each cause, the facts that are not known and that its undecided rules read, in the
        order of the questionnaire."""
        undecided = self._undecided[:]
        partly: dict[str, Rule] = {}
        for fact in known:
            for place in self._alone.get(fact, ()):
                undecided[place] -= 1
            for rule in self._shared.get(fact, ()):
                partly[rule.id] = rule
        for id, rule in partly.items():
            if rule.when.outcome(known) is not None:
                for place in self._counted.get(id, ()):
                    undecided[place] -= 1
        return {
            cause: [fact for place, fact in facts if undecided[place] and fact not in known]
            for cause, facts in self._facts.items()
        }
