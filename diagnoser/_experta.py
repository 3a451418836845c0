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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from diagnoser.belief import Hypothesis, weigh
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

REMEMBERED = 4096
"""Conclusions from rules that fired together which are kept, since they say nothing of a case but
which of its rules fired."""
COMBINE = -10
"""Salience of the rule that combines evidence: below every rule that makes evidence."""


class Told(experta.Fact):
    """What is known of one area."""

    # Values are immutable and checked, so experta need not freeze and check them again.
    __init__ = dict.__init__


class Conclusion(Told):
    """A fact that only rules declare, and that no rule's pattern reads.

    So it goes straight into working memory, under its own name; the same conclusion twice is one.
    """


class Evidence(Conclusion):
    """A rule of the pack whose condition holds: `rule`, which speaks of a `cause`."""


class Barred(Conclusion):
    """A remedy that must not be advised: `remedy`, and the number of the `bar`."""


class Conflict(Conclusion):
    """Facts that cannot hold together: `contradiction`."""


class Concluded(Conclusion):
    """A hypothesis about one cause: `cause`, and what the evidence says of it together."""


class Findings(NamedTuple):
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
        self._prefixes = {kind: f"{area}." for area, kind in engine.areas.items()}
        self._memory = Memory(engine.network)
        *conjunctions, self._combine = engine.rules
        # No rule here reads the facts that it matched, so one activation serves all cases.
        self._activations = [Activation(rule, ()) for rule in conjunctions]

    def reset(self) -> None:
        self._memory.clear()

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        known, gone = self._values(adding), self._values(deleting)
        removed = [self._activations[place] for place in self._memory.remove(gone)]
        added = [self._activations[place] for place in self._memory.add(known)]
        if any(type(fact) is experta.InitialFact for fact in adding or ()):
            added.append(Activation(self._combine, ()))
        return added, removed

    def _values(self, facts: Any) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for fact in facts or ():
            prefix = self._prefixes.get(type(fact))
            if prefix is not None:
                values |= {prefix + name: fact[name] for name in fact if name != "__factid__"}
        return values


_LAST_FIRST = attrgetter("rule.place")


class FixedOrder(experta.abstract.Strategy):
    """The rules in their own order, which is the same in every process; the agenda is taken from
    its end."""

    def _update_agenda(self, agenda: Any, added: Any, removed: Any) -> None:
        if removed:
            gone = {activation.rule.place for activation in removed}
            agenda.activations = [one for one in agenda.activations if one.rule.place not in gone]
        if added:
            agenda.activations.extend(added)
            agenda.activations.sort(key=_LAST_FIRST)


class WorkingMemory(FactList):
    """experta's list of facts, and conclusions by name."""

    def tell(self, fact: Any) -> None:
        """Declares a fact that is not there yet, with no more ado."""
        fact.__factid__ = self.last_index
        self[self.last_index] = fact
        self.last_index += 1
        self.added.append(fact)


class Engine(experta.KnowledgeEngine):
    """experta's engine with our agenda order and list of facts, and a shorter way through both.

    There are no initial facts but experta's own: those go through class-level objects that threads
    would share.
    """

    __strategy__ = FixedOrder
    areas: dict[str, type[Any]]
    rules: list[Any]
    network: Network

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self, **_: Any) -> None:
        """Forgets everything of the last case."""
        self.running = False
        self.agenda = Agenda()
        self.facts = WorkingMemory()
        self.matcher.reset()
        self.facts.tell(experta.InitialFact())

    def get_rules(self) -> list[Any]:
        """Copies of the rules, as a matcher may change them."""
        return [rule.new_conditions(*rule) for rule in self.rules]

    def run(self, steps: float = float("inf")) -> None:
        """Fires what is on the agenda, which is only brought up to date when a fact came that a
        pattern may read."""
        self.running = True
        facts, agenda = self.facts, self.agenda
        while steps > 0 and self.running:
            if facts.added or facts.removed:
                self.strategy.update_agenda(agenda, *self.get_activations())
            if not agenda.activations:
                break
            steps -= 1
            agenda.activations.pop().rule(self)
        self.running = False


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
            for area, values in by_area.items():
                engine.facts.tell(engine.areas[area](values))
            engine.run(self._limit)
            findings = _findings(engine.facts)
        finally:
            _forget(engine)
        self._idle.append(engine)
        return findings


def _findings(facts: Mapping[object, Any]) -> Findings:
    evidence: list[str] = []
    found: dict[str, Hypothesis] = {}
    barred: list[tuple[str, int]] = []
    contradictions: list[str] = []
    for fact in facts.values():
        kind = type(fact)
        if kind is Evidence:
            evidence.append(fact["rule"])
        elif kind is Concluded:
            found[fact["cause"]] = fact["hypothesis"]
        elif kind is Barred:
            barred.append((fact["remedy"], fact["bar"]))
        elif kind is Conflict:
            contradictions.append(fact["contradiction"])
    return Findings(frozenset(evidence), found, frozenset(barred), frozenset(contradictions))


def _forget(engine: Any) -> None:
    """Drops every reference to the case: working memory, agenda, and experta's cache of
    activations."""
    engine.reset()
    DepthStrategy.get_key.cache_clear()


def _engine_class(knowledge: Knowledge, matcher: type[Any]) -> type[Engine]:
    """An experta engine with the rules of the knowledge."""
    areas: dict[str, type[Any]] = {
        area: type(f"Area_{area}", (Told,), {}) for area in (*knowledge.areas, "tried")
    }
    rules: list[Any] = []
    conjunctions: list[tuple[Test, ...]] = []

    def add(condition: Condition, conclusion: Conclusion) -> None:
        for tests in alternatives(condition):
            rules.append(_rule(len(rules), _declaring(conclusion), *_patterns(tests, areas)))
            conjunctions.append(tests)

    for rule in knowledge.rules.values():
        add(rule.when, Evidence(rule=rule.id, cause=rule.cause))
    for remedy in knowledge.remedies.values():
        for number, bar in enumerate(remedy.not_if):
            add(bar.when, Barred(remedy=remedy.id, bar=number))
    for contradiction in knowledge.contradictions.values():
        add(contradiction.when, Conflict(contradiction=contradiction.id))

    @lru_cache(REMEMBERED)
    def concluded(cause: str, fired: tuple[str, ...]) -> Concluded:
        hypothesis = weigh(knowledge.rules[id] for id in fired)
        conclusion: Concluded = Concluded(cause=cause, hypothesis=hypothesis)
        return conclusion

    def combine(engine: Any, **_: Any) -> None:
        fired: dict[str, list[str]] = {}
        for fact in engine.facts.values():
            if type(fact) is Evidence:
                fired.setdefault(fact["cause"], []).append(fact["rule"])
        for cause, rules in fired.items():
            engine.facts[cause] = concluded(cause, tuple(rules))

    rules.append(_rule(len(rules), combine, experta.InitialFact(), salience=COMBINE))
    members = {
        "__matcher__": matcher,
        "areas": areas,
        "rules": rules,
        "network": Network(conjunctions),
    }
    return type("PackEngine", (Engine,), members)


_SIGNATURE = inspect.signature(lambda engine, **_: None)
"""Of every right-hand side; experta would work it out for each."""


def _rule(number: int, fire: Any, *patterns: Any, salience: int = 0) -> Any:
    """The rule with this number; copies of it, which experta makes, keep what its function
    carries."""
    fire.place, fire.__signature__ = -number, _SIGNATURE
    return experta.Rule(*patterns, salience=salience)(fire)


def _declaring(conclusion: Conclusion) -> Any:
    """The right-hand side of a rule that declares this."""
    name = repr(conclusion)

    def fire(engine: Any, **_: Any) -> None:
        engine.facts[name] = conclusion

    return fire


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
