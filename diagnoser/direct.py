"""Direct evaluation: the same findings as the rule engine, from the conditions themselves.

It knows a third outcome (unknown, and what is missing), costs nothing to start, and can be told of
one more answer without starting over. The planner of questions and the explanations use it; tests
hold it against experta.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from diagnoser.belief import Hypothesis, hypotheses, weigh
from diagnoser.conditions import Case
from diagnoser.knowledge import Contradiction, Fact, Knowledge, Rule
from diagnoser.missing import Missing
from diagnoser.values import Value


class Reading(NamedTuple):
    """The findings for a case: fired rules by cause, what they say together, and the bars that
    hold; `changed` are the causes of which other rules fire than before something was learnt."""

    known: Case
    fired: Mapping[str, tuple[str, ...]]
    hypotheses: Mapping[str, Hypothesis]
    barred: frozenset[tuple[str, int]]
    changed: tuple[str, ...] = ()


class Evaluator:
    """Evaluates the conditions of one knowledge directly."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._missing = Missing(knowledge)
        self._rules: dict[str, list[Rule]] = {}
        self._bars: dict[str, list[tuple[str, int]]] = {}
        self._contradictions: dict[str, list[Contradiction]] = {}
        for rule in knowledge.rules.values():
            for fact in rule.facts:
                self._rules.setdefault(fact, []).append(rule)
        for remedy in knowledge.remedies.values():
            for number, bar in enumerate(remedy.not_if):
                for fact in bar.facts:
                    self._bars.setdefault(fact, []).append((remedy.id, number))
        for contradiction in knowledge.contradictions.values():
            for fact in contradiction.facts:
                self._contradictions.setdefault(fact, []).append(contradiction)

    def read(self, known: Case) -> Reading:
        """The findings for the known facts of a case."""
        fired: dict[str, tuple[str, ...]] = {}
        for cause in self._knowledge.causes.values():
            holding = tuple(rule.id for rule in cause.rules if rule.when.outcome(known))
            if holding:
                fired[cause.id] = holding
        rules = self._knowledge.rules
        found = hypotheses(rules[id] for ids in fired.values() for id in ids)
        barred = frozenset(
            (remedy.id, number)
            for remedy in self._knowledge.remedies.values()
            for number, bar in enumerate(remedy.not_if)
            if bar.when.outcome(known)
        )
        return Reading(known, fired, found, barred)

    def contradictions(self, known: Case) -> frozenset[str]:
        """The sets of facts that cannot hold together but do."""
        return frozenset(
            one.id for one in self._knowledge.contradictions.values() if one.when.outcome(known)
        )

    def contradicts(self, known: Case, learnt: Mapping[str, Value]) -> bool:
        """Whether what is learnt cannot hold together with what is known."""
        read = {one.id: one for fact in learnt for one in self._contradictions.get(fact, ())}
        then = {**known, **learnt} if read else known
        return any(one.when.outcome(then) and not one.when.outcome(known) for one in read.values())

    def missing(self, known: Case) -> dict[str, list[str]]:
        """For each cause, the facts that its undecided rules still need."""
        return self._missing.missing(known)

    def learn(self, reading: Reading, learnt: Mapping[str, Value]) -> Reading:
        """The reading after some more facts became known; evaluates only the rules that read
        them."""
        known = {**reading.known, **learnt}
        touched = {rule.id: rule for fact in learnt for rule in self._rules.get(fact, ())}
        bars = {bar for fact in learnt for bar in self._bars.get(fact, ())}
        causes: dict[str, set[str]] = {}
        for id, rule in touched.items():
            before = id in reading.fired.get(rule.cause, ())
            after = bool(rule.when.outcome(known))
            if before != after:
                causes.setdefault(
                    rule.cause, set(reading.fired.get(rule.cause, ()))
                ).symmetric_difference_update({id})
        barred = reading.barred
        if bars:
            remedies = self._knowledge.remedies
            holding = {bar for bar in bars if remedies[bar[0]].not_if[bar[1]].when.outcome(known)}
            barred = (barred - bars) | holding
        if not causes:
            return Reading(known, reading.fired, reading.hypotheses, barred)
        fired, found = dict(reading.fired), dict(reading.hypotheses)
        for cause, ids in causes.items():
            if ids:
                fired[cause] = tuple(sorted(ids))
                found[cause] = weigh(self._knowledge.rules[id] for id in ids)
            else:
                fired.pop(cause, None)
                found.pop(cause, None)
        return Reading(known, fired, found, barred, tuple(causes))


def with_derived(fact: Fact, value: Value) -> dict[str, Value]:
    """What becomes known with this answer: the fact, and what follows from it."""
    return {fact.id: value, **fact.follows(value)}
