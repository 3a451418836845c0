"""The only module that imports experta: the seam around its defects, and the rules of a pack as
rules of experta.

Each rule is one over a fact per area, of which only known values are declared. Firing declares an
`Evidence` fact and nothing else; when evidence is exhausted a rule of lower salience combines it
into one hypothesis for each cause that the evidence speaks of. Working memory at the end is the
explanation.
"""

from __future__ import annotations

import collections
import collections.abc
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from operator import attrgetter
from typing import Any

from diagnoser.belief import Hypothesis, weigh
from diagnoser.conditions import Compare, Condition, Test, alternatives, facts_of
from diagnoser.knowledge import Knowledge, Rule
from diagnoser.matching import Memory, Network


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
    from experta.factlist import FactList
    from experta.fieldconstraint import P
    from experta.strategies import DepthStrategy
    from experta.watchers import RULES as _WATCHER  # noqa: F401  the second module that configures logging

REMEMBERED = 128
"""Hypotheses for each cause of a pack which are kept, since they say nothing of a case but which
rules of a cause fired."""
COMBINE = -10
"""Salience of the rule that combines evidence: below every rule that makes evidence."""


class Told(experta.Fact):
    """What is known of one area, by the ids of its facts."""

    # Values are immutable and checked, so experta need not freeze and check them again.
    __init__ = dict.__init__
    __setitem__ = dict.__setitem__


class Conclusion(Told):
    """A fact that only rules declare, and that no rule's pattern reads.

    The same conclusion twice is one: its `key` tells those of one kind apart.
    """

    __slots__ = ("key",)

    def __init__(self, key: Any, **contents: object) -> None:
        dict.__init__(self, contents)
        self.key = key


class Evidence(Conclusion):
    """A rule of the pack whose condition holds, which speaks of a cause; of the `bits` one tells it
    from the other rules of that cause, and the lowest are the cause's own."""

    __slots__ = ("bits", "cause")

    def __init__(self, rule: Rule, bits: int) -> None:
        super().__init__(rule.id, rule=rule.id, cause=rule.cause)
        self.cause, self.bits = rule.cause, bits


class Barred(Conclusion):
    """A remedy that must not be advised: `remedy`, and the number of the `bar`."""

    __slots__ = ()


class Conflict(Conclusion):
    """Facts that cannot hold together: `contradiction`."""

    __slots__ = ()


class Concluded(Conclusion):
    """A hypothesis about one cause: `cause`, and what the evidence says of it together."""

    __slots__ = ("hypothesis",)

    def __init__(self, cause: str, hypothesis: Hypothesis) -> None:
        super().__init__(cause, cause=cause, hypothesis=hypothesis)
        self.hypothesis = hypothesis


class Batch:
    """Conclusions that are declared at once: the `facts`, and the keys of each kind.

    `bits` are those of the evidence, together for each cause; `alone` is what is concluded of each
    cause where there is no other evidence, once it was asked for.
    """

    __slots__ = ("alone", "barred", "bits", "causes", "conflicts", "evidence", "facts")

    def __init__(self, conclusions: Iterable[Conclusion]) -> None:
        self.facts = tuple(conclusions)
        self.evidence, self.barred, self.conflicts = (
            frozenset(one.key for one in self.facts if type(one) is kind)
            for kind in (Evidence, Barred, Conflict)
        )
        self.bits: dict[str, int] = {}
        for one in self.facts:
            if isinstance(one, Evidence):
                self.bits[one.cause] = self.bits.get(one.cause, 0) | one.bits
        self.causes = len(self.bits)
        self.alone: dict[str, Concluded] | None = None


class WorkingMemory(FactList):
    """experta's list of facts, for those that patterns may read; and beside it what rules
    `declared`, and what is `concluded` of each cause from the evidence among it."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def tell(self, facts: list[Any]) -> None:
        """Declares the facts of a case, with no more ado."""
        for number, fact in enumerate(facts):
            dict.__setitem__(fact, "__factid__", number)
            self[number] = fact
        self.added = facts

    def forget(self) -> None:
        """Drops every reference to a case."""
        self.clear()
        self.added = []
        self.declared: list[Batch] = []
        self.concluded: dict[str, Concluded] = {}


class PackRule(experta.Rule):
    """A rule that declares a conclusion and does nothing else."""

    conclusion: Conclusion

    def __call__(self, engine: Any, **_: Any) -> None:
        engine.facts.declared.append(Batch([self.conclusion]))

    @property
    def __name__(self) -> str:
        return repr(self.conclusion)

    def new_conditions(self, *patterns: Any) -> PackRule:
        """The same rule with other patterns; a matcher of experta makes such copies."""
        return _rule(self.conclusion, *patterns)


def _rule(conclusion: Conclusion, *patterns: Any) -> PackRule:
    rule: PackRule = PackRule(*patterns)
    rule.conclusion = conclusion
    return rule


class RuleBase:
    """The rules of a pack for experta."""

    def __init__(self, knowledge: Knowledge) -> None:
        areas = {area: type(f"Area_{area}", (Told,), {}) for area in (*knowledge.areas, "tried")}
        self.kinds = {fact.id: areas[fact.area] for fact in knowledge.facts.values()}
        """For each fact of the pack, the kind of experta fact that tells of its area."""
        self.rules = [(_rule(conclusion), when) for conclusion, when in _conclusions(knowledge)]
        self.combine = _combining(knowledge)

    def patterns(self) -> list[Any]:
        """Every rule with its left-hand side, once for each conjunction of its condition."""
        rules = [
            rule.new_conditions(*_patterns(tests, self.kinds))
            for rule, when in self.rules
            for tests in alternatives(when)
        ]
        return [*rules, self.combine.new_conditions(experta.InitialFact())]

    @cached_property
    def network(self) -> Network[PackRule, Ready]:
        """The same for our matcher."""
        return Network(
            ((tests, rule) for rule, when in self.rules for tests in alternatives(when)), Ready
        )


class Engine(experta.KnowledgeEngine):
    """experta's engine with our working memory, for whatever matcher.

    There are no initial facts but experta's own: those go through class-level objects that threads
    would share.
    """

    def __init__(self, base: RuleBase, matcher: type[Any]) -> None:
        self.base, self.__matcher__ = base, matcher
        super().__init__()
        self.facts = WorkingMemory()
        self.initial = experta.InitialFact()

    def reset(self, **_: Any) -> None:
        """Forgets everything of the last case."""
        self.agenda.activations = []
        self.facts.forget()
        self.matcher.reset()
        DepthStrategy.get_key.cache_clear()  # which keeps the last activations with their facts

    def get_rules(self) -> list[Any]:
        return self.base.patterns()


class Ready(Activation):
    """The activations of rules that one value makes fire together, as one.

    It serves all cases, since no rule of a pack reads the facts that it matched.
    """

    def __init__(self, rules: list[PackRule]) -> None:
        super().__init__(rules[0], ())
        self.key = rules[0].salience
        self.batch = Batch(rule.conclusion for rule in rules)


class CountingMatcher(experta.abstract.Matcher):
    """Finds activations by counting satisfied tests, instead of asking every rule again at every
    step.

    The Rete matcher of experta finds the same ones, and stays selectable as the oracle.
    """

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._memory = Memory(engine.base.network)
        self._combine = Activation(engine.base.combine, ())
        self._combine.key = COMBINE

    def reset(self) -> None:
        self._memory.clear()

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        """The activations of facts that came, and of the rule that combines their evidence."""
        if deleting:
            raise RuntimeError("a fact of a case is never retracted: the next case starts anew")
        return [self._combine, *self._memory.add(adding)] if adding else [], []


_SALIENCE = attrgetter("key")


class BySalience(experta.abstract.Strategy):
    """Of equal salience the last that came goes first: what is concluded does not depend on it."""

    def _update_agenda(self, agenda: Any, added: Any, removed: Any) -> None:
        agenda.activations.extend(added)
        agenda.activations.sort(key=_SALIENCE)

    # That of experta asks its loggers first.
    update_agenda = _update_agenda


class QuickEngine(Engine):
    """The engine with our matcher, and a shorter way through the agenda."""

    __strategy__ = BySalience

    def run(self, steps: float = float("inf")) -> None:
        """Fires all that is on the agenda, from its end: each group of rules declares what its
        rules would one by one.

        No pattern reads a conclusion, so nothing that fires changes what else there is to fire.
        """
        self.strategy.update_agenda(self.agenda, *self.get_activations())
        agenda, self.agenda.activations = self.agenda.activations, []
        declare = self.facts.declared.append
        for activation in reversed(agenda):
            if type(activation) is Ready:
                declare(activation.batch)
            else:
                activation.rule(self)


def _conclusions(knowledge: Knowledge) -> Iterator[tuple[Conclusion, Condition]]:
    """What follows when which condition holds."""
    width = _width(knowledge)
    for number, cause in enumerate(knowledge.causes.values()):
        for place, rule in enumerate(cause.rules, start=width):
            yield Evidence(rule, 1 << place | number), rule.when
    for remedy in knowledge.remedies.values():
        for number, bar in enumerate(remedy.not_if):
            yield Barred((remedy.id, number), remedy=remedy.id, bar=number), bar.when
    for one in knowledge.contradictions.values():
        yield Conflict(one.id, contradiction=one.id), one.when


def _width(knowledge: Knowledge) -> int:
    """How many bits the number of a cause takes."""
    return len(knowledge.causes).bit_length()


_CAUSES = attrgetter("causes")
_NOTHING = Batch(())


def _combining(knowledge: Knowledge) -> Any:
    """The rule that combines evidence into hypotheses."""
    saying = _Saying(knowledge)

    def combine(engine: Any, **_: Any) -> None:
        memory = engine.facts
        # One answer may speak of most causes, and others of a few.
        most = max(memory.declared, key=_CAUSES, default=_NOTHING)
        if most.alone is None:
            most.alone = {cause: saying[bits] for cause, bits in most.bits.items()}
        found, before = most.alone.copy(), most.bits
        more: dict[str, int] = {}
        for batch in memory.declared:
            if batch is not most:
                for cause, bits in batch.bits.items():
                    more[cause] = more.get(cause, 0) | bits
        for cause, bits in more.items():
            found[cause] = saying[bits | before.get(cause, 0)]
        memory.concluded = found

    return experta.Rule(experta.InitialFact(), salience=COMBINE)(combine)


class _Saying(dict[int, Concluded]):
    """What rules of one cause say together, by the bits of their evidence."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._causes = tuple(knowledge.causes.values())
        self._width = _width(knowledge)
        self._room = REMEMBERED * len(self._causes)

    def __missing__(self, bits: int) -> Concluded:
        fired, number = divmod(bits, 1 << self._width)
        cause = self._causes[number]
        told = [rule for place, rule in enumerate(cause.rules) if fired >> place & 1]
        found = Concluded(cause.id, weigh(told))
        if len(self) < self._room:
            self[bits] = found
        return found


def _patterns(tests: tuple[Test, ...], kinds: Mapping[str, type[Told]]) -> list[Any]:
    """The left-hand side of one conjunction: a pattern per area, and a last TEST for facts compared
    with facts."""
    joins = [test for test in tests if isinstance(test, Compare) and test.other is not None]
    compared = sorted({fact for join in joins for fact in facts_of(join)})
    names = {fact: f"v{place}" for place, fact in enumerate(compared)}
    by_fact: dict[str, list[Test]] = {fact: [] for fact in compared}
    for test in tests:
        if test not in joins:
            by_fact.setdefault(test.fact, []).append(test)
    fields: dict[type[Told], dict[str, Any]] = {}
    for fact, alone in by_fact.items():
        holds = P(_all_hold(fact, alone))
        fields.setdefault(kinds[fact], {})[fact] = names[fact] << holds if fact in names else holds
    patterns = [kind.from_iter(inner.items()) for kind, inner in fields.items()]
    return [*patterns, *(experta.TEST(_joined(join, names)) for join in joins)]


def _all_hold(fact: str, tests: list[Test]) -> Callable[[Any], bool]:
    return lambda value: all(test.outcome({fact: value}) for test in tests)


def _joined(join: Test, names: Mapping[str, str]) -> Callable[..., bool]:
    """A test of bound values; experta reads from the signature which ones to pass."""
    mine = {fact: names[fact] for fact in facts_of(join)}

    def test(**bound: Any) -> bool:
        return bool(join.outcome({fact: bound[name] for fact, name in mine.items()}))

    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in sorted(mine.values())
    ]
    test.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return test
