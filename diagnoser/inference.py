"""From the known facts of a case to what the rules of a knowledge conclude from them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from diagnoser._experta import (
    Barred,
    Concluded,
    Conflict,
    CountingMatcher,
    Engine,
    Evidence,
    QuickEngine,
    RuleBase,
    Told,
    WorkingMemory,
)
from diagnoser.belief import Hypothesis
from diagnoser.conditions import Case
from diagnoser.knowledge import Knowledge
from diagnoser.values import Value


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
        told: dict[type[Told], dict[str, Value]] = defaultdict(dict)
        for id, value in known.items():
            told[kinds[id]][id] = value
        try:
            engine = self._idle.pop()
        except IndexError:
            engine = self._kind(self._base, self._matcher)
        # An engine whose run raised is not used again: its agenda would no longer be updated.
        try:
            facts = [kind(values) for kind, values in told.items()]
            engine.facts.tell([engine.initial, *facts])
            engine.run()
            findings = _findings(engine.facts)
        finally:
            engine.reset()
        self._idle.append(engine)
        return findings


def _findings(memory: WorkingMemory) -> Findings:
    concluded = memory.concluded
    # A copy has room for all of them from the start; a dict made anew would grow several times.
    hypotheses: dict[str, Any] = concluded[Concluded].copy()
    for cause, fact in hypotheses.items():
        hypotheses[cause] = fact.hypothesis
    return Findings(
        frozenset(concluded[Evidence]),
        hypotheses,
        frozenset(concluded[Barred]),
        frozenset(concluded[Conflict]),
    )
