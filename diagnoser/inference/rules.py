"""The rules, as rules of experta.

First those of the pack: one for each sign, each reason not to advise a remedy and each
contradiction. Then a chain of rules of lower salience, of which each begins when the one before it
is through, and reads what that one declared: signs give the evidence for causes, evidence a
hypothesis about each cause, hypotheses the candidates among the remedies, and candidates the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from diagnoser.belief.belief import believe
from diagnoser.belief.weighing import RULED_OUT, Hypothesis, as_counted, weigh
from diagnoser.case.case import without
from diagnoser.inference import facts
from diagnoser.inference._experta import InitialFact, Rule
from diagnoser.inference.patterns import patterns
from diagnoser.inference.signs import SignRules, signs_of
from diagnoser.knowledge.conditions import Condition, alternatives, facts_of
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.planner import Planner

Memory = defaultdict[type[Any], list[Any]]
"""The facts of working memory, by their classes."""
TEMPER, GATHER, WEIGH, PROPOSE, PLAN = -1, -2, -3, -4, -5
"""The saliences of the chain; the rules of the pack have 0."""
_SAID = itemgetter(*Hypothesis._fields)


@Rule(facts.Tentative(), salience=TEMPER)
def temper_signs(engine: Any) -> None:
    """When all signs are in, and something is tentative: the signs that would not be seen without
    it. It fires for each fact that is, and finds the same each time."""
    memory = engine.memory()
    doubted = {one["fact"] for one in memory[facts.Tentative]}
    areas = [fact for area in engine.pack.areas.values() for fact in memory[area]]
    known = {id: value for fact in areas + memory[facts.Tried] for id, value in fact.facts()}
    sure = without(known, doubted)
    for sign in memory[facts.Sign]:
        if not engine.pack.when[sign["id"]].outcome(sure):
            engine.declare(facts.Tempered(sign=sign["id"]))


@Rule(InitialFact(), salience=GATHER)
def gather(engine: Any) -> None:
    """When all signs are in: the rules that they fire, for each cause."""
    rules: dict[str, list[str]] = {}
    for sign in engine.memory()[facts.Sign]:
        for cause, id in engine.pack.speaking[sign["id"]]:
            rules.setdefault(cause, []).append(id)
    engine.declare(
        *(facts.Evidence(cause=cause, rules=tuple(sorted(rules[cause]))) for cause in sorted(rules))
    )


@Rule(InitialFact(), salience=WEIGH)
def weigh_evidence(engine: Any) -> None:
    """When all evidence is in: the hypothesis that it amounts to, for each cause."""
    memory, knowledge = engine.memory(), engine.pack.knowledge
    less = tempered(memory, engine.pack)
    engine.declare(
        *(
            facts.Hypothesis(
                cause=one["cause"], **weigh(as_counted(one["rules"], less, knowledge))._asdict()
            )
            for one in memory[facts.Evidence]
        )
    )


@Rule(InitialFact(), salience=PROPOSE)
def propose(engine: Any) -> None:
    """When all hypotheses are in: the remedies that may be advised, and would mend a cause that is
    not ruled out, prepare another one that would, or hand over to somebody else."""
    memory, planner = engine.memory(), engine.pack.planner
    available = planner.start(tried(memory), barred(memory)).available
    excluded = {one["cause"] for one in memory[facts.Hypothesis] if one["status"] == RULED_OUT}
    proposed: set[str] = set()
    for id in available:
        remedy = engine.pack.knowledge.remedies[id]
        if remedy.hand_over or not excluded.issuperset(remedy.fixes):
            proposed.update(planner.table.order[id])
    engine.declare(*(facts.Candidate(remedy=id) for id in sorted(proposed & available)))


@Rule(InitialFact(), salience=PLAN)
def plan(engine: Any) -> None:
    """When all candidates are in: the probabilities of all causes after what was tried, and the
    candidates that the plan takes, in their order."""
    memory, planner = engine.memory(), engine.pack.planner
    outcomes = tried(memory)
    belief = believe(engine.pack.knowledge, hypotheses(memory), outcomes)
    candidates = frozenset(one["remedy"] for one in memory[facts.Candidate])
    start = planner.start(outcomes, barred(memory))._replace(available=candidates)
    found = planner.plan_from(start, belief)
    engine.declare(
        facts.Belief(present=tuple(belief.present.items()), support=tuple(belief.support.items())),
        *(facts.Step(place=place, **step._asdict()) for place, step in enumerate(found.steps, 1)),
        facts.Plan(expected_minutes=found.expected_minutes, left_out=found.left_out),
    )


CHAIN = (temper_signs, gather, weigh_evidence, propose, plan)


def tried(memory: Memory) -> dict[str, str]:
    """What came of each remedy that was tried."""
    return {one["remedy"]: one["outcome"] for one in memory[facts.Tried]}


def tempered(memory: Memory, pack: PackRules) -> frozenset[str]:
    """The rules whose sign is tempered."""
    signs = (one["sign"] for one in memory[facts.Tempered])
    return frozenset(rule for sign in signs for _, rule in pack.speaking[sign])


def barred(memory: Memory) -> frozenset[tuple[str, int]]:
    """The remedies that must not be advised, with the number of the reason."""
    return frozenset((one["remedy"], one["number"]) for one in memory[facts.Barred])


def hypotheses(memory: Memory) -> dict[str, Hypothesis]:
    """The hypothesis about each cause that something speaks of, sorted as they are declared."""
    return {one["cause"]: Hypothesis(*_SAID(one)) for one in memory[facts.Hypothesis]}


class Conditional(NamedTuple):
    """A condition, and the rules of experta that fire where it holds, which have no patterns
    yet."""

    when: Condition
    rules: tuple[Any, ...]


class PackRules:
    """The rules for one knowledge. They hold nothing of a case, so that engines share them."""

    def __init__(self, knowledge: Knowledge, planner: Planner) -> None:
        self.knowledge, self.planner = knowledge, planner
        self.areas = facts.area_classes(knowledge.areas)
        signs = signs_of(knowledge)
        self.speaking = {
            sign.id: tuple((rule.cause, rule.id) for rule in sign.rules) for sign in signs
        }
        """For each sign the rules that it fires, each with its cause."""
        self.when = {sign.id: sign.when for sign in signs}
        concluding: dict[Condition, list[Any]] = {}
        for when, kind, values in _conclusions(knowledge, signs):
            concluding.setdefault(when, []).append(_declaring(kind, values))
        self.conditionals = [Conditional(when, tuple(rules)) for when, rules in concluding.items()]
        self.reading: dict[str, list[Conditional]] = {}
        """For each fact of the pack the conditions that read it."""
        for one in self.conditionals:
            for fact in facts_of(one.when):
                self.reading.setdefault(fact, []).append(one)

    def with_patterns(self) -> list[Any]:
        """Every rule with its patterns. A condition with alternatives is a rule for each of them;
        where several of them fire they declare the same fact, which is in memory once."""
        several = {fact.id for fact in self.knowledge.facts.values() if fact.several}
        of_pack = [
            rule.new_conditions(*patterns(tests, self.areas, several))
            for one in self.conditionals
            for tests in alternatives(one.when)
            for rule in one.rules
        ]
        return [*of_pack, *CHAIN]


def _conclusions(
    knowledge: Knowledge, signs: Iterable[SignRules]
) -> Iterator[tuple[Condition, type[facts.PlainFact], dict[str, Any]]]:
    """What follows from the conditions of a pack: the class of a fact, and its values."""
    for sign in signs:
        yield sign.when, facts.Sign, {"id": sign.id}
    for remedy in knowledge.remedies.values():
        for number, bar in enumerate(remedy.not_if):
            yield bar.when, facts.Barred, {"remedy": remedy.id, "number": number}
    for one in knowledge.contradictions.values():
        yield one.when, facts.Contradiction, {"id": one.id}


def _declaring(kind: type[facts.PlainFact], values: dict[str, Any]) -> Any:
    """A rule of experta that declares one fact."""

    def declare(engine: Any) -> None:
        engine.declare(kind(**values))

    declare.__name__ = repr(kind(**values))
    return Rule()(declare)
