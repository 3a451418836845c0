"""From the known facts of a case to what the rules of a knowledge conclude from them."""

from __future__ import annotations

from typing import Any

from diagnoser.inference.engine import CountingMatcher, Engine, QuickEngine
from diagnoser.inference.findings import Findings
from diagnoser.inference.rules import RuleBase
from diagnoser.inference.working_memory import Told, WorkingMemory
from diagnoser.knowledge.conditions import KnownFacts
from diagnoser.knowledge.model import Knowledge


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

    def run(self, known: KnownFacts) -> Findings:
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
            findings = _findings(known, engine.facts)
        finally:
            engine.reset()
        self._idle.append(engine)
        return findings


def _findings(known: KnownFacts, memory: WorkingMemory) -> Findings:
    declared = memory.declared
    nothing: frozenset[Any] = frozenset()
    fired: dict[str, list[str]] = {}
    for id in sorted(nothing.union(*[batch.evidence for batch in declared])):
        fired.setdefault(id.partition("/")[0], []).append(id)
    return Findings(
        known,
        {cause: tuple(ids) for cause, ids in fired.items()},
        {cause: one.hypothesis for cause, one in memory.concluded.items()},
        nothing.union(*[batch.barred for batch in declared if batch.barred]),
        nothing.union(*[batch.conflicts for batch in declared if batch.conflicts]),
    )
