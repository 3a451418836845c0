"""What would follow from other answers: what each does to the evidence, and one or two of them to
the first cause and the first step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from diagnoser.belief.belief import Belief, revise, unmended
from diagnoser.belief.weighing import Hypothesis, as_counted, weigh
from diagnoser.case.case import without
from diagnoser.explanation.context import Basis
from diagnoser.explanation.possible_answers import PossibleAnswer, possible_answers
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import Value
from diagnoser.planning.lookahead import Lookahead
from diagnoser.planning.planner import Barred


@dataclass(frozen=True, slots=True)
class Tempering:
    """That a rule, by its id, holds only thanks to answers which nobody is sure of."""

    rule: str


Key = str | Barred
"""A rule, by its id, or a bar."""
Effect = frozenset[Key | Tempering]
"""What answers do: the rules and bars that hold with them and not now, or now and not with them;
and the rules that are tempered with them and not now, or now and not with them."""
NO_EFFECT: Effect = frozenset()


class WhatIf:
    """The other answers that the facts of one case may have.

    An explanation looks at thousands of pairs of answers, many of which do the same, so what comes
    first is worked out once for each effect.
    """

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.answers = possible_answers(basis.knowledge, basis.case.known)
        self.missing = basis.evaluator.missing(basis.case.known)
        self._lookahead = Lookahead(basis.planner, basis.case.tried)
        self._left = unmended(basis.knowledge, basis.case.tried)
        self._conditions = dict(_conditions(basis.knowledge))
        self._holding = {*basis.findings.rules(), *basis.findings.barred}
        self._reading = _read_by(self._conditions, basis.knowledge)
        self._hypotheses: dict[tuple[str, frozenset[str], frozenset[str]], Hypothesis] = {}
        self._firsts: dict[Effect, tuple[str | None, str | None]] = {}
        self._beliefs: dict[str, list[tuple[PossibleAnswer, Belief]]] = {}
        self.effects = {
            fact: [self._turned(self._reading.get((fact,), ()), one) for one in answers]
            for fact, answers in self.answers.items()
        }

    # -- evidence

    def _turned(self, keys: Iterable[Key], *answers: PossibleAnswer) -> Effect:
        """Those of the rules and bars that the answers, which are sure, turn on or off."""
        known = dict(self.basis.case.known)
        for one in answers:
            known |= one.learnt
        turned: Effect = frozenset(
            key
            for key in keys
            if bool(self._conditions[key].outcome(known)) != (key in self._holding)
        )
        if not (tentative := self.basis.case.tentative):
            return turned
        sure = without(known, tentative.difference(*(one.learnt for one in answers)))
        return turned | {
            Tempering(key)
            for key in keys
            if isinstance(key, str)
            for when in [self._conditions[key]]
            if (when.outcome(known) is True and when.outcome(sure) is None)
            != (key in self.basis.findings.tempered)
        }

    def together(
        self, one: PossibleAnswer, effect: Effect, other: PossibleAnswer, second: Effect
    ) -> Effect:
        """What two answers do together: what each does alone, except to the rules and bars that
        read both facts."""
        both = self.reading_both(one.fact, other.fact)
        if not both:
            return effect | second
        alone = frozenset(key for key in effect | second if _of(key) not in both)
        return alone | self._turned(both, one, other)

    def reading_both(self, one: str, other: str) -> Collection[Key]:
        """The rules and bars that read both facts."""
        return self._reading.get((min(one, other), max(one, other)), ())

    # -- what follows

    def belief(self, effect: Effect) -> Belief:
        """What would be believed."""
        rules, now = self.basis.knowledge.rules, self.basis.belief
        turned: dict[str, set[str]] = {}
        tempering: set[str] = set()
        for key in effect:
            if isinstance(key, Tempering):
                tempering.add(key.rule)
                turned.setdefault(rules[key.rule].cause, set())
            elif isinstance(key, str):
                turned.setdefault(rules[key].cause, set()).add(key)
        tempered = self.basis.findings.tempered ^ tempering
        found = dict(now.hypotheses)
        for cause, ids in turned.items():
            fired = ids.symmetric_difference(self.basis.findings.fired.get(cause, ()))
            found.pop(cause, None)
            if fired:
                found[cause] = self._weighed(cause, frozenset(fired), tempered.intersection(fired))
        return revise(self.basis.knowledge, now, found, turned, self._left)

    def _weighed(self, cause: str, fired: frozenset[str], tempered: frozenset[str]) -> Hypothesis:
        key = cause, fired, tempered
        if key not in self._hypotheses:
            self._hypotheses[key] = weigh(as_counted(fired, tempered, self.basis.knowledge))
        return self._hypotheses[key]

    def first(self, effect: Effect) -> tuple[str | None, str | None]:
        """The cause that would be ranked first, and the step that would be planned first."""
        if effect not in self._firsts:
            belief = self.belief(effect)
            bars = frozenset(key for key in effect if isinstance(key, tuple))
            barred = self.basis.findings.barred ^ bars
            self._firsts[effect] = belief.first, self._lookahead.first_step(belief, barred)
        return self._firsts[effect]

    def beliefs(self, fact: str) -> list[tuple[PossibleAnswer, Belief]]:
        """What would be believed with each answer to one question."""
        if fact not in self._beliefs:
            answers = zip(self.answers[fact], self.effects[fact], strict=True)
            self._beliefs[fact] = [(answer, self.belief(effect)) for answer, effect in answers]
        return self._beliefs[fact]

    # -- what can be true

    def obstacles(self, answers: Sequence[PossibleAnswer], effect: Effect) -> list[frozenset[str]]:
        """Why these answers are none: sets of facts, of each of which one would have to change.

        A question that does not arise in such a case has no answer, and answers that newly
        contradict each other cannot both be true.
        """
        knowledge, findings = self.basis.knowledge, self.basis.findings
        known: dict[str, Value] = dict(self.basis.case.known)
        for one in answers:
            known |= one.learnt
        against = [
            when
            for one in answers
            if (when := knowledge.facts[one.fact].only_if) and when.outcome(known) is False
        ]
        against += [
            one.when
            for one in knowledge.contradictions.values()
            if one.id not in findings.contradictions and one.when.outcome(known)
        ]
        found = [frozenset(asked_for(when, knowledge.facts)) for when in against]
        hypotheses = self.basis.belief.hypotheses
        for cause, then in self.belief(effect).hypotheses.items():
            if then.disputed and not (cause in hypotheses and hypotheses[cause].disputed):
                rules = knowledge.causes[cause].rules
                read = (asked_for(rule.when, knowledge.facts) for rule in rules)
                found.append(frozenset().union(*read))
        return found


def _of(key: Key | Tempering) -> Key:
    """The rule or bar that it is about."""
    return key.rule if isinstance(key, Tempering) else key


def _conditions(knowledge: Knowledge) -> Iterator[tuple[Key, Condition]]:
    """The conditions of all rules and bars."""
    for rule in knowledge.rules.values():
        yield rule.id, rule.when
    for remedy in knowledge.remedies.values():
        for number, bar in enumerate(remedy.not_if):
            yield (remedy.id, number), bar.when


def _read_by(
    conditions: Mapping[Key, Condition], knowledge: Knowledge
) -> dict[tuple[str, ...], list[Key]]:
    """For each fact, and for every two facts in the order of their ids, the rules and bars that
    read it or both."""
    found: dict[tuple[str, ...], list[Key]] = {}
    for key, when in conditions.items():
        read = sorted(asked_for(when, knowledge.facts))
        for facts in [*combinations(read, 1), *combinations(read, 2)]:
            found.setdefault(facts, []).append(key)
    return found
