"""The rules of a pack as rules of experta.

Each rule is one over a fact per area, of which only known values are declared. Firing declares an
`Evidence` fact and nothing else; when evidence is exhausted a rule of lower salience combines it
into one hypothesis for each cause that the evidence speaks of. Working memory at the end is the
explanation.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any

from diagnoser.belief.weighing import weigh
from diagnoser.inference._experta import Activation, P, experta
from diagnoser.inference.matcher import Network
from diagnoser.inference.working_memory import (
    Barred,
    Batch,
    Concluded,
    Conclusion,
    Conflict,
    Evidence,
    Told,
)
from diagnoser.knowledge.conditions import Compare, Condition, Test, alternatives, facts_of
from diagnoser.knowledge.model import Knowledge

REMEMBERED = 128
"""Hypotheses for each cause of a pack which are kept, since they say nothing of a case but which
rules of a cause fired."""
COMBINE = -10
"""Salience of the rule that combines evidence: below every rule that makes evidence."""


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


class Ready(Activation):
    """The activations of rules that one value makes fire together, as one.

    It serves all cases, since no rule of a pack reads the facts that it matched.
    """

    def __init__(self, rules: list[PackRule]) -> None:
        super().__init__(rules[0], ())
        self.key = rules[0].salience
        self.batch = Batch(rule.conclusion for rule in rules)


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
    """What rules of one cause say together, by the bits of their evidence: one table for all causes
    is looked up faster than one for each."""

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
