"""From the known facts of a case to what the rules of a knowledge conclude from them."""

from __future__ import annotations

from typing import Any, NamedTuple

from diagnoser.belief import Hypothesis
from diagnoser.conditions import Case
from diagnoser.engine import CountingMatcher, Engine, QuickEngine
from diagnoser.knowledge import Knowledge
from diagnoser.memory import Told, WorkingMemory
from diagnoser.rulebase import RuleBase


class Findings(NamedTuple):
    """What the inference concluded: fired rules, a hypothesis per cause they speak of, bars and
    contradictions."""

    evidence: frozenset[str]
    hypotheses: dict[str, Hypothesis]
    barred: frozenset[tuple[str, int]]
    contradictions: frozenset[str]


class Inference:
    """Runs the rules of one knowledge on cases.

    May be shared between threads; no case outlives its call.
    """

    def __init__(self, knowledge: Knowledge, matcher: type[Any] = CountingMatcher) -> None:
        """With another matcher than ours, the agenda's order and the firing are experta's own
        too."""
        self._base, self._matcher = RuleBase(knowledge), matcher
        self._kind = QuickEngine if issubclass(matcher, CountingMatcher) else Engine
        self._idle: list[Engine] = []

    def run(self, known: Case) -> Findings:
        """The findings for the known facts of a case."""
        kinds = self._base.kinds
        told: dict[type[Told], Any] = {}
        for id, value in known.items():
            kind = kinds[id]
            if kind not in told:
                told[kind] = kind()
            told[kind][id] = value
        try:
            engine = self._idle.pop()
        except IndexError:
            engine = self._kind(self._base, self._matcher)
        # An engine whose run raised is not used again: its agenda would no longer be updated.
        try:
            engine.facts.tell([engine.initial, *told.values()])
            engine.run()
            findings = _findings(engine.facts)
        finally:
            engine.reset()
        self._idle.append(engine)
        return findings


def _findings(memory: WorkingMemory) -> Findings:
    declared = memory.declared
    nothing: frozenset[Any] = frozenset()
    return Findings(
        nothing.union(*[batch.evidence for batch in declared]),
        {cause: one.hypothesis for cause, one in memory.concluded.items()},
        nothing.union(*[batch.barred for batch in declared if batch.barred]),
        nothing.union(*[batch.conflicts for batch in declared if batch.conflicts]),
    )
