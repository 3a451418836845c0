"""The only module that imports experta: the seam around its defects, and the inference that runs on
it.

Each rule of a pack becomes experta rules over one fact per area, of which only known values are
declared. Firing declares an `Evidence` fact and nothing else; when evidence is exhausted a rule of
lower salience combines it into one `Hypothesis` fact for each cause that the evidence speaks of.
Working memory at the end is the explanation.
"""

from __future__ import annotations

import collections
import collections.abc
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from diagnoser.belief import Hypothesis, hypotheses
from diagnoser.conditions import COMPARISONS, Case, Compare, Condition, OneOf, Test, alternatives
from diagnoser.knowledge import Knowledge
from diagnoser.matching import Memory, Network
from diagnoser.values import Value


@contextmanager
def _import_of_experta() -> Iterator[None]:
    """Lends what experta's import needs, and takes back what it does to its host.

    Its pinned frozendict reads `collections.Mapping`, which Python 3.10 removed, and two of its
    modules call `logging.basicConfig()`.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    lent = not hasattr(collections, "Mapping")
    if lent:
        collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if lent:
            del collections.Mapping  # type: ignore[attr-defined]
        root.handlers[:] = handlers
        root.setLevel(level)


with _import_of_experta():
    import experta
    import experta.abstract
    from experta.activation import Activation
    from experta.agenda import Agenda
    from experta.factlist import FactList
    from experta.fieldconstraint import P
    from experta.strategies import DepthStrategy
    from experta.watchers import RULES as _WATCHER  # noqa: F401  the second module that configures logging

COMBINE = -10
"""Salience of the rule that combines evidence: below every rule that makes evidence."""


class Conclusion(experta.Fact):
    """A fact that only rules declare.

    Its values are immutable and plain, so they need not be frozen. Rules put it straight into the
    list of facts: there is nothing to validate, and while the engine runs the agenda is brought up
    to date before the next rule anyway.
    """

    def __init__(self, **values: Any) -> None:
        dict.update(self, values)


class Evidence(Conclusion):
    """A rule of the pack whose condition holds: `rule`."""


class Barred(Conclusion):
    """A remedy that must not be advised: `remedy`, and the number of the `bar`."""


class Conflict(Conclusion):
    """Facts that cannot hold together: `contradiction`."""


class Concluded(Conclusion):
    """A hypothesis about one cause: `cause`, and what the evidence says of it together."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the inference concluded: fired rules, a hypothesis per cause they speak of, bars and
    contradictions."""

    evidence: frozenset[str]
    hypotheses: dict[str, Hypothesis]
    barred: frozenset[tuple[str, int]]
    contradictions: frozenset[str]


class CountingMatcher(experta.abstract.Matcher):
    """Finds activations by counting satisfied tests, instead of asking every rule again at every
    step.

    The stock Rete matcher finds the same ones, and stays selectable as the oracle.
    """

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._areas = {kind: f"{area}." for area, kind in engine.areas.items()}
        self._rules = engine.rules
        self._memory = Memory(engine.network)

    def reset(self) -> None:
        self._memory.clear()

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        added: list[Any] = []
        removed: list[Any] = []
        for fact in deleting or ():
            if type(fact) in self._areas:
                removed += [
                    Activation(self._rules[place], ())
                    for place in self._memory.remove(self._values(fact))
                ]
        for fact in adding or ():
            if type(fact) in self._areas:
                added += [
                    Activation(self._rules[place], ())
                    for place in self._memory.add(self._values(fact))
                ]
            elif type(fact) is experta.InitialFact:
                added.append(Activation(self._rules[-1], ()))
        return added, removed

    def _values(self, fact: Any) -> dict[str, Value]:
        area = self._areas[type(fact)]
        return {area + name: value for name, value in fact.items() if not fact.is_special(name)}


class NamedOrder(experta.abstract.Strategy):
    """Highest salience first, then by the rules' names: the same order in every process."""

    def _update_agenda(self, agenda: Any, added: Any, removed: Any) -> None:
        if removed:
            gone = {activation.rule.__name__ for activation in removed}
            agenda.activations = [
                one for one in agenda.activations if one.rule.__name__ not in gone
            ]
        if added:
            agenda.activations.extend(added)
            agenda.activations.sort(
                key=lambda one: (-one.rule.salience, one.rule.__name__), reverse=True
            )


class WorkingMemory(FactList):
    """experta's list of facts; conclusions are the same when their values are, with no more ado."""

    def declare(self, fact: Any) -> Any:
        if not isinstance(fact, Conclusion):
            return super().declare(fact)
        key = (type(fact), *fact.values())
        if key in self.reference_counter:
            return None
        self.reference_counter[key] = 1
        fact.__factid__ = self.last_index
        self[self.last_index] = fact
        self.last_index += 1
        self.added.append(fact)
        return fact


class Engine(experta.KnowledgeEngine):
    """experta's engine with our matcher, agenda order and list of facts."""

    __strategy__ = NamedOrder
    areas: dict[str, type[Any]]
    rules: list[Any]
    network: Network

    def reset(self, **_: Any) -> None:
        """Forgets everything of the last case.

        There are no initial facts but experta's own: those go through class-level objects that
        threads would share.
        """
        self.agenda = Agenda()
        self.facts = WorkingMemory()
        self.matcher.reset()
        self.running = False
        self.facts.declare(experta.InitialFact())


class Inference:
    """Runs the rules of one knowledge on cases.

    May be shared between threads; no case outlives its call.
    """

    def __init__(self, knowledge: Knowledge, matcher: type[Any] = CountingMatcher) -> None:
        self._engine = _engine_class(knowledge, matcher)
        self._limit = len(self._engine.rules) + 1
        self._idle: list[Any] = []

    def run(self, known: Case) -> Findings:
        """The findings for the known facts of a case."""
        by_area: dict[str, dict[str, Any]] = {}
        for id, value in known.items():
            area, _, name = id.partition(".")
            by_area.setdefault(area, {})[name] = value
        try:
            engine = self._idle.pop()
        except IndexError:
            engine = self._engine()
        # An engine whose run raised is not used again: its agenda would no longer be updated.
        try:
            engine.reset()
            engine.declare(
                *(engine.areas[area].from_iter(by_area[area].items()) for area in by_area)
            )
            engine.run(self._limit)
            findings = _findings(engine)
        finally:
            _forget(engine)
        self._idle.append(engine)
        return findings


def _findings(engine: Any) -> Findings:
    by_kind: dict[type[Any], list[Any]] = {Evidence: [], Concluded: [], Barred: [], Conflict: []}
    for fact in engine.facts.values():
        if type(fact) in by_kind:
            by_kind[type(fact)].append(fact)
    return Findings(
        frozenset(fact["rule"] for fact in by_kind[Evidence]),
        {fact["cause"]: fact["hypothesis"] for fact in by_kind[Concluded]},
        frozenset((fact["remedy"], fact["bar"]) for fact in by_kind[Barred]),
        frozenset(fact["contradiction"] for fact in by_kind[Conflict]),
    )


def _forget(engine: Any) -> None:
    """Drops every reference to the case: working memory, agenda, and experta's cache of
    activations."""
    engine.running = False
    engine.reset()
    DepthStrategy.get_key.cache_clear()


def _engine_class(knowledge: Knowledge, matcher: type[Any]) -> type[Engine]:
    """An experta engine with the rules of the knowledge."""
    areas: dict[str, type[Any]] = {
        area: type(f"Area_{area}", (experta.Fact,), {}) for area in (*knowledge.areas, "tried")
    }
    rules: list[Any] = []
    conjunctions: list[tuple[Test, ...]] = []

    def add(condition: Condition, conclusion: Callable[[], Any]) -> None:
        def fire(engine: Any) -> None:
            engine.facts.declare(conclusion())

        for tests in alternatives(condition):
            rule = experta.Rule(*_patterns(tests, areas))(fire)
            rule.__name__ = f"rule_{len(rules):06}"
            rules.append(rule)
            conjunctions.append(tests)

    for rule in knowledge.rules.values():
        add(rule.when, partial(Evidence, rule=rule.id))
    for remedy in knowledge.remedies.values():
        for number, bar in enumerate(remedy.not_if):
            add(bar.when, partial(Barred, remedy=remedy.id, bar=number))
    for contradiction in knowledge.contradictions.values():
        add(contradiction.when, partial(Conflict, contradiction=contradiction.id))

    def combine(engine: Any) -> None:
        fired = [fact["rule"] for fact in engine.facts.values() if type(fact) is Evidence]
        found = hypotheses(knowledge.rules[id] for id in fired)
        for cause, hypothesis in found.items():
            engine.facts.declare(Concluded(cause=cause, hypothesis=hypothesis))

    rules.append(experta.Rule(experta.InitialFact(), salience=COMBINE)(combine))
    # Reading a rule as an attribute of an engine ties it to that engine: the class gets copies.
    members = {rule.__name__: rule.new_conditions(*rule) for rule in rules}
    members |= {
        "__matcher__": matcher,
        "areas": areas,
        "rules": rules,
        "network": Network(conjunctions),
    }
    return type("PackEngine", (Engine,), members)


def _patterns(tests: Iterable[Test], areas: dict[str, type[Any]]) -> list[Any]:
    """The left-hand side of one conjunction: a pattern per area, and a last TEST for facts compared
    with facts."""
    by_fact: dict[str, list[Callable[[Any], bool]]] = {}
    joins: list[Compare] = []
    for test in tests:
        if isinstance(test, Compare) and test.other is not None:
            joins.append(test)
            by_fact.setdefault(test.fact, [])
            by_fact.setdefault(test.other, [])
        else:
            by_fact.setdefault(test.fact, []).append(_predicate(test))
    compared = sorted({fact for join in joins for fact in (join.fact, join.other or "")})
    names = {fact: f"v{place}" for place, fact in enumerate(compared)}
    fields: dict[str, dict[str, Any]] = {}
    for fact, predicates in by_fact.items():
        area, _, name = fact.partition(".")
        constraint = P(_both(predicates))
        if fact in names:
            constraint = names[fact] << constraint
        fields.setdefault(area, {})[name] = constraint
    patterns = [areas[area].from_iter(fields[area].items()) for area in fields]
    for join in joins:
        patterns.append(
            experta.TEST(
                _join(COMPARISONS[join.comparison], names[join.fact], names[join.other or ""])
            )
        )
    return patterns


def _predicate(test: Test) -> Callable[[Any], bool]:
    if isinstance(test, OneOf):
        values = test.values
        return lambda value: value in values
    compare, constant = COMPARISONS[test.comparison], test.constant
    return lambda value: compare(value, constant)


def _both(predicates: list[Callable[[Any], bool]]) -> Callable[[Any], bool]:
    return (
        predicates[0]
        if len(predicates) == 1
        else lambda value: all(holds(value) for holds in predicates)
    )


def _join(compare: Callable[[Any, Any], bool], left: str, right: str) -> Callable[..., bool]:
    """A test of two bound values; experta reads from the signature which ones to pass."""

    def test(**bound: Any) -> bool:
        return compare(bound[left], bound[right])

    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in sorted({left, right})
    ]
    test.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return test
