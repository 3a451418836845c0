"""What would follow from other answers: what each does to the evidence, and one or two of them to
the first cause and the first step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import NOTHING_SAID, PROVEN, Hypothesis, weigh
from diagnoser.explanation.context import Basis
from diagnoser.explanation.possible_answers import PossibleAnswer, possible_answers
from diagnoser.knowledge.conditions import Condition, facts_of
from diagnoser.knowledge.values import Value
from diagnoser.planning.first_step import FirstSteps
from diagnoser.planning.lookahead import Bars

Rules = frozenset[str]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Standing:
    """One cause with other evidence; `rank` sorts it among the causes, first before others."""

    hypothesis: Hypothesis
    present: float
    rank: tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What answers do: the rules that they turn on or off, by cause, the bars that they turn on or
    off, and how the causes stand then of which rules are turned."""

    rules: Mapping[str, Rules]
    bars: Bars
    standings: Mapping[str, Standing]

    @property
    def none(self) -> bool:
        return not self.rules and not self.bars


NO_EFFECT = Effect({}, frozenset(), {})


class WhatIf:
    """The other answers that the facts of one case may have."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.answers = possible_answers(basis.knowledge, basis.case.known)
        self.first_steps = FirstSteps(basis.planner, basis.belief, basis.case.tried)
        self._shared_rules = self._shared({r.id: r.when for r in basis.knowledge.rules.values()})
        self._shared_bars = self._shared(
            {
                (remedy.id, number): bar.when
                for remedy in basis.knowledge.remedies.values()
                for number, bar in enumerate(remedy.not_if)
            }
        )
        self._fired = {id: frozenset(rules) for id, rules in basis.findings.fired.items()}
        self._standings: dict[tuple[str, Rules], Standing] = {}
        self._by_round_up = list(self._said_by_round_ups())
        self._ranking = basis.belief.ranking()
        self._disputed = frozenset(
            id for id, found in basis.belief.hypotheses.items() if found.disputed
        )
        self.missing = basis.evaluator.missing(basis.case.known)
        self._beliefs: dict[str, list[tuple[PossibleAnswer, Belief]]] = {}
        self.effects = {
            id: [self._alone(one) for one in answers] for id, answers in self.answers.items()
        }

    # -- evidence

    def _alone(self, answer: PossibleAnswer) -> Effect:
        before = self.basis.findings
        after = self.basis.evaluator.learn(before, answer.learnt)
        rules = {}
        if after.fired is not before.fired:
            for cause in {*before.fired, *after.fired}:
                turned = frozenset(before.fired.get(cause, ())) ^ set(after.fired.get(cause, ()))
                if turned:
                    rules[cause] = turned
        standings = {cause: self._standing(cause, turned) for cause, turned in rules.items()}
        return Effect(rules, after.barred ^ before.barred, standings)

    def _shared(self, conditions: Mapping[Key, Condition]) -> dict[tuple[str, str], list[Key]]:
        """For each two facts, the conditions that read both."""
        found: dict[tuple[str, str], list[Key]] = {}
        for key, when in conditions.items():
            read = sorted(self._sources(when))
            for place, one in enumerate(read):
                for other in read[place + 1 :]:
                    found.setdefault((one, other), []).append(key)
        return found

    def both(
        self, one: PossibleAnswer, effect: Effect, other: PossibleAnswer, second: Effect
    ) -> Effect:
        """What two answers do together; only conditions that read both facts are asked again."""
        rules = {**effect.rules, **second.rules}
        standings = {**effect.standings, **second.standings}
        bars = effect.bars | second.bars
        stale = effect.rules.keys() & second.rules.keys()
        for cause in stale:
            rules[cause] = effect.rules[cause] | second.rules[cause]
        pair = (one.fact, other.fact) if one.fact < other.fact else (other.fact, one.fact)
        if pair in self._shared_rules or pair in self._shared_bars:
            knowledge, reading = self.basis.knowledge, self.basis.findings
            known = {**self.basis.case.known, **one.learnt, **other.learnt}
            for id in self._shared_rules.get(pair, ()):
                rule = knowledge.rules[id]
                before = id in self._fired.get(rule.cause, ())
                turned = rules.get(rule.cause, frozenset()) - {id}
                if bool(rule.when.outcome(known)) != before:
                    turned |= {id}
                rules[rule.cause] = turned
                stale.add(rule.cause)
            for bar in self._shared_bars.get(pair, ()):
                holds = bool(knowledge.remedies[bar[0]].not_if[bar[1]].when.outcome(known))
                bars = bars | {bar} if holds != (bar in reading.barred) else bars - {bar}
        for cause in stale:
            standings[cause] = self._standing(cause, rules[cause])
        return Effect(rules, bars, standings)

    def share_conditions(self, one: str, other: str) -> bool:
        """Whether some rule or bar reads both facts."""
        pair = (one, other) if one < other else (other, one)
        return pair in self._shared_rules or pair in self._shared_bars

    # -- what follows

    def _standing(self, cause: str, turned: Rules) -> Standing:
        key = (cause, turned)
        found = self._standings.get(key)
        if found is None:
            knowledge = self.basis.knowledge
            fired = self._fired.get(cause, frozenset()) ^ turned
            evidence = {}
            if fired:
                evidence[cause] = weigh(knowledge.rules[id] for id in sorted(fired))
            alone = knowledge._replace(causes={cause: knowledge.causes[cause]})
            belief = believe(alone, evidence, self.basis.case.tried)
            hypothesis = evidence.get(cause, NOTHING_SAID)
            present = belief.present[cause]
            found = Standing(hypothesis, present, (-present, -belief.support[cause], cause))
            self._standings[key] = found
        return found

    def beliefs(self, fact: str) -> list[tuple[PossibleAnswer, Belief]]:
        """What would be believed with each answer to one question."""
        if fact not in self._beliefs:
            self._beliefs[fact] = [
                (answer, self._belief(effect))
                for answer, effect in zip(self.answers[fact], self.effects[fact], strict=True)
            ]
        return self._beliefs[fact]

    def _belief(self, effect: Effect) -> Belief:
        found = dict(self.basis.belief.hypotheses)
        found |= {cause: standing.hypothesis for cause, standing in effect.standings.items()}
        return believe(self.basis.knowledge, found, self.basis.case.tried)

    def first_cause(self, effect: Effect) -> str | None:
        """The cause that would be ranked first: all are divided by the same chance of failure, so
        that their order is that before the condition."""
        best = next((id for id in self._ranking if id not in effect.standings), None)
        ranks = [standing.rank for standing in effect.standings.values()]
        if best is not None:
            belief = self.basis.belief
            ranks.append((-belief.present[best], -belief.support[best], best))
        return min(ranks)[2] if ranks else None

    def first_step(self, effect: Effect) -> str | None:
        """The step that would be planned first."""
        proven = self.first_steps.proven
        if proven:
            proven = proven.difference(effect.standings)
        present, newly = {}, []
        for cause, standing in effect.standings.items():
            present[cause] = standing.present
            if standing.hypothesis.status == PROVEN:
                newly.append(cause)
        if newly:
            proven = proven.union(newly)
        barred = self.basis.findings.barred
        if effect.bars:
            barred = barred ^ effect.bars
        return self.first_steps.first(present, proven, barred)

    # -- what can be true

    def obstacles(self, answers: Sequence[PossibleAnswer], effect: Effect) -> list[frozenset[str]]:
        """Why these answers are none: sets of facts, of each of which one would have to change.

        A question that does not arise in such a case has no answer, and answers that newly
        contradict each other, or what a round-up said, cannot both be true.
        """
        knowledge = self.basis.knowledge
        known: dict[str, Value] = dict(self.basis.case.known)
        for one in answers:
            known |= one.learnt
        conditions = [
            knowledge.facts[one.fact].only_if
            for one in answers
            if (when := knowledge.facts[one.fact].only_if) and when.outcome(known) is False
        ]
        conditions += [
            one.when
            for one in knowledge.contradictions.values()
            if one.id not in self.basis.findings.contradictions and one.when.outcome(known)
        ]
        found = [frozenset(self._sources(when)) for when in conditions if when is not None]
        for cause, standing in effect.standings.items():
            if standing.hypothesis.disputed and cause not in self._disputed:
                rules = knowledge.causes[cause].rules
                read = {source for rule in rules for source in self._sources(rule.when)}
                found.append(frozenset(read))
        for round_up, part, value in self._by_round_up:
            if known[part] != value:
                found.append(frozenset({round_up, part}))
        return found

    def _said_by_round_ups(self) -> Iterator[tuple[str, str, Value]]:
        """Each given round-up with the facts that it says, and what they are; without those that
        were answered otherwise by themselves."""
        case = self.basis.case
        for id, answer in case.given.items():
            asked = self.basis.knowledge.facts[id]
            if asked.round_up:
                for part, value in asked.follows(answer).items():
                    if case.known[part] == value:
                        yield id, part, value

    def _sources(self, when: Condition) -> set[str]:
        return {self.basis.source(fact).id for fact in facts_of(when)}
