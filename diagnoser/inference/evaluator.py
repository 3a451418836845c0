"""Looking ahead: what would follow if more were known, without the rule engine.

The engine concludes from what is known of a case. To choose a question, or to explain what would
change a diagnosis, thousands of cases are simulated that nobody has told; this evaluates their
conditions directly. It is the same `Condition.outcome` that makes rules fire, and gives the same
findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diagnoser.belief.weighing import as_counted, hypotheses, weigh
from diagnoser.case.case import without
from diagnoser.inference.findings import Findings
from diagnoser.inference.signs import signs_of
from diagnoser.knowledge.conditions import Condition, KnownFacts
from diagnoser.knowledge.model import Contradiction, Knowledge, Rule
from diagnoser.knowledge.values import Value


class Evaluator:
    """Evaluates the conditions of one knowledge directly."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        asked = [fact.id for fact in knowledge.facts.values() if fact.askable]
        self._alone: dict[str, set[str]] = {cause: set() for cause in knowledge.causes}
        """For each cause the facts that can be asked and that one of its rules reads alone."""
        self._together: list[tuple[Condition, frozenset[str], set[str], set[str]]] = []
        """The conditions that read several facts: each with these, with those that can be asked for
        them, and with the causes of its rules."""
        for sign in signs_of(knowledge):
            facts = sign.rules[0].facts
            reads = {knowledge.facts[id].derived_from or id for id in facts}.intersection(asked)
            causes = {rule.cause for rule in sign.rules}
            if len(facts) > 1:
                self._together.append((sign.when, facts, reads, causes))
            else:
                for cause in causes:
                    self._alone[cause] |= reads
        read = {cause: set(alone) for cause, alone in self._alone.items()}
        for _, _, reads, causes in self._together:
            for cause in causes:
                read[cause] |= reads
        self._asked = {cause: [id for id in asked if id in ids] for cause, ids in read.items()}
        """For each cause all that can be asked about it, in the order of the questionnaire."""
        self._rules: dict[str, list[Rule]] = {}
        """For each fact the rules that read it; likewise the bars and contradictions."""
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

    def evaluate(self, known: KnownFacts, tentative: frozenset[str] = frozenset()) -> Findings:
        """The findings for the known facts of a case, of which some are only thought to be so."""
        knowledge = self._knowledge
        fired: dict[str, tuple[str, ...]] = {}
        for cause in knowledge.causes.values():
            holding = tuple(rule.id for rule in cause.rules if rule.when.outcome(known))
            if holding:
                fired[cause.id] = holding
        barred = frozenset(
            (remedy.id, number)
            for remedy in knowledge.remedies.values()
            for number, bar in enumerate(remedy.not_if)
            if bar.when.outcome(known)
        )
        contradictions = frozenset(
            one.id for one in knowledge.contradictions.values() if one.when.outcome(known)
        )
        ids = [id for ids in fired.values() for id in ids]
        tempered = self._tempered(ids, known, tentative)
        found = hypotheses(as_counted(ids, tempered, knowledge))
        return Findings(known, fired, found, barred, contradictions, tentative, tempered)

    def _tempered(
        self, holding: Iterable[str], known: KnownFacts, tentative: frozenset[str]
    ) -> frozenset[str]:
        """Those of the rules that hold which would be undecided without what is tentative."""
        if not tentative:
            return tentative
        rules, sure = self._knowledge.rules, without(known, tentative)
        return frozenset(
            id
            for id in holding
            if not tentative.isdisjoint(rules[id].facts) and not rules[id].when.outcome(sure)
        )

    def learn(self, findings: Findings, learnt: Mapping[str, Value]) -> Findings:
        """The findings after some more facts became known for sure; evaluates only what reads
        them."""
        known = {**findings.known, **learnt}
        touched = {rule.id: rule for fact in learnt for rule in self._rules.get(fact, ())}
        causes: dict[str, set[str]] = {}
        for id, rule in touched.items():
            before = id in findings.fired.get(rule.cause, ())
            if before != bool(rule.when.outcome(known)):
                holding = causes.setdefault(rule.cause, set(findings.fired.get(rule.cause, ())))
                holding ^= {id}
        tentative, tempered = findings.tentative, findings.tempered
        if tentative:
            tentative -= learnt.keys()
            tempered = self._tempered_with(findings, known, tentative, touched, causes)
        fired, found = findings.fired, findings.hypotheses
        if causes:
            fired, found = dict(fired), dict(found)
            for cause, ids in causes.items():
                if ids:
                    fired[cause] = tuple(sorted(ids))
                    found[cause] = weigh(as_counted(ids, tempered, self._knowledge))
                else:
                    del fired[cause], found[cause]
        bars = {bar for fact in learnt for bar in self._bars.get(fact, ())}
        remedies = self._knowledge.remedies
        barred = (findings.barred - bars) | {
            bar for bar in bars if remedies[bar[0]].not_if[bar[1]].when.outcome(known)
        }
        read = {one.id: one for fact in learnt for one in self._contradictions.get(fact, ())}
        contradictions = findings.contradictions.difference(read) | {
            one.id for one in read.values() if one.when.outcome(known)
        }
        return Findings(known, fired, found, barred, contradictions, tentative, tempered)

    def _tempered_with(
        self,
        findings: Findings,
        known: KnownFacts,
        tentative: frozenset[str],
        touched: Mapping[str, Rule],
        causes: dict[str, set[str]],
    ) -> frozenset[str]:
        """The rules that are tempered after more became known; what they speak of is added to the
        `causes` of which other rules hold by now."""
        fired = {cause: set(ids) for cause, ids in findings.fired.items()} | causes
        now = {id for id, rule in touched.items() if id in fired.get(rule.cause, ())}
        of_touched = self._tempered(sorted(now), known, tentative)
        tempered = findings.tempered.difference(touched) | of_touched
        for id in tempered ^ findings.tempered:
            cause = self._knowledge.rules[id].cause
            causes.setdefault(cause, set(fired.get(cause, ())))
        return tempered

    def missing(self, known: KnownFacts) -> dict[str, list[str]]:
        """For each cause the facts that are not known and that its undecided rules read, in the
        order of the questionnaire; the row of a table stands for its columns."""
        undecided = dict(self._alone)
        for when, facts, reads, causes in self._together:
            if facts.isdisjoint(known) or when.outcome(known) is None:
                for cause in causes:
                    undecided[cause] = undecided[cause] | reads
        return {
            cause: [id for id in self._asked[cause] if id in ids and id not in known]
            for cause, ids in undecided.items()
        }
