"""The way into experta: a case goes in, and comes out with what the rules conclude from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from diagnoser.belief.belief import Belief
from diagnoser.case.case import Case
from diagnoser.inference import facts
from diagnoser.inference.engine import Engine
from diagnoser.inference.findings import Findings
from diagnoser.inference.matcher import SignMatcher
from diagnoser.inference.rules import Memory, PackRules, barred, hypotheses, tempered
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.greedy import Step
from diagnoser.planning.planner import Plan, Planner

T = TypeVar("T")
_STEP = itemgetter(*Step._fields)


class Conclusion(NamedTuple):
    """What the rules conclude from a case: the causes, and the remedies in their order."""

    findings: Findings
    belief: Belief
    plan: Plan


@dataclass(frozen=True)
class Remembered:
    """A fact of working memory: the name of its class, and its values by field."""

    fact: str
    values: Mapping[str, Any]


class Inference:
    """Runs the rules of one knowledge on cases.

    May be shared between threads; no case outlives its call.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        planner: Planner | None = None,
        matcher: type[Any] = SignMatcher,
    ) -> None:
        """`matcher` may be experta's own; it finds the same, and takes longer."""
        self._pack = PackRules(knowledge, planner or Planner(knowledge))
        self._matcher = matcher
        self._idle: list[Engine] = []

    def run(self, case: Case) -> Conclusion:
        """What the rules conclude from a case."""
        return self._run(case, lambda memory: self._conclusion(case, memory))

    def memory(self, case: Case) -> list[Remembered]:
        """Working memory at the end of a run, but for experta's `InitialFact`: what is known in the
        order of the questionnaire, then what was concluded in the order in which it follows."""
        return self._run(case, self._remembered)

    def _run(self, case: Case, read: Callable[[Memory], T]) -> T:
        """What is read from working memory after the run of a case."""
        try:
            engine = self._idle.pop()
        except IndexError:
            engine = Engine(self._pack, self._matcher)
        # An engine whose run raised is not used again: its agenda would no longer be updated.
        try:
            engine.declare(*facts.told(case.known, self._pack.areas))
            engine.declare(*(facts.Tentative(fact=id) for id in sorted(case.tentative)))
            engine.run()
            found = read(engine.memory())
        finally:
            engine.reset()
        self._idle.append(engine)
        return found

    def _conclusion(self, case: Case, memory: Memory) -> Conclusion:
        """What working memory says at the end."""
        found = hypotheses(memory)
        fired = {one["cause"]: one["rules"] for one in memory[facts.Evidence]}
        contradictions = frozenset(one["id"] for one in memory[facts.Contradiction])
        findings = Findings(
            case.known,
            fired,
            found,
            barred(memory),
            contradictions,
            case.tentative,
            tempered(memory, self._pack),
        )
        [belief], [plan] = memory[facts.Belief], memory[facts.Plan]
        steps = sorted(memory[facts.Step], key=itemgetter("place"))
        leak = self._pack.knowledge.none_of_these
        return Conclusion(
            findings,
            Belief(found, dict(belief["present"]), dict(belief["support"]), leak),
            Plan(
                tuple(Step(*_STEP(one)) for one in steps),
                plan["expected_minutes"],
                plan["left_out"],
            ),
        )

    def _remembered(self, memory: Memory) -> list[Remembered]:
        kinds = [*self._pack.areas.values(), facts.Tried, facts.Tentative, *facts.CONCLUSIONS]
        return [
            Remembered(kind.__name__, values)
            for kind in kinds
            for values in sorted(
                (fact.as_dict() for fact in memory[kind]),
                key=lambda values: [*values.values()][:2],  # which tell all of one class apart
            )
        ]
