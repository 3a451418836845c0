"""What to look at before the first step, because it may forbid that step.

A reason not to do a step (`not_if`) may read a fact that nobody has told yet. That fact is looked
at first where it takes at most two minutes to find out, and where more minutes of the plan would be
spent in vain than looking takes: the chance that an answer forbids steps, the first among them,
times what these steps and their tests are expected to cost, against the effort of the question and
the patience that any question takes. So nobody is asked for the model before every step because
iCloud serves some very old ones no more; but who has iOS 7 is, before being told to update it.

The chance of an answer is that of ordinary cases (`typical`), tilted for each cause, as likely as
it is by now, by what the answer would say of it. That holds for a cause that is proven too: another
proof of it is likely to be found. Of the rows of a table `typical` names only the frequent ones;
all others together count as one case in a hundred. What contradicts what is known is not answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import OPEN, PROVEN, weigh
from diagnoser.case.case import Case
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import Condition, KnownFacts, facts_of
from diagnoser.knowledge.model import Fact, Knowledge, Rule
from diagnoser.knowledge.rounding import significant
from diagnoser.knowledge.values import Lookup, Value
from diagnoser.planning.greedy import Step
from diagnoser.planning.remedy_table import RemedyTable

QUICK = 2.0
"""Minutes of effort, with the way there, of the facts that are looked at before a step."""
RARE_ROWS = 0.01
"""The share of the cases in which the answer is a row of a table that `typical` does not name."""
PROOF = 10000.0
"""The ratio that stands for a proof where answers are foreseen; its inverse for an exclusion."""


class Look(NamedTuple):
    """A fact to look at before the first step, the minutes that this is expected to save, the
    remedy that it may forbid, and the reason for that."""

    fact: Fact
    saves: float
    remedy: str
    because: str


class Looker:
    """Finds what to look at before the first step of a plan, for one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._cost = knowledge, RemedyTable(knowledge).cost
        quick = {
            fact.id: _Foreseen(fact, knowledge)
            for fact in knowledge.facts.values()
            if fact.askable and fact.effort <= QUICK
        }
        self._bars: dict[str, dict[str, list[_Bar]]] = {}
        """For each remedy, by the facts that are asked for to decide them, its bars."""
        for remedy in knowledge.remedies.values():
            bars = self._bars[remedy.id] = {}
            for bar in remedy.not_if:
                for id in sorted(asked_for(bar.when, knowledge.facts) & quick.keys()):
                    one = _Bar(bar.because, quick[id].read(bar.when))
                    bars.setdefault(id, []).append(one)
        self._quick = {id: quick[id] for bars in self._bars.values() for id in bars}

    def look_first(self, case: Case, belief: Belief, steps: Sequence[Step]) -> list[Look]:
        """The facts that are worth it, the one that saves most first; only such as are found out at
        the same place as that one. They may forbid the first of these steps, which are those of the
        plan, or one that is done together with it."""
        first = [
            step.remedy
            for place, step in enumerate(steps)
            if place == 0 or (step.together and step.together == steps[0].together)
        ]
        costs = dict(self._expected_costs(steps))
        looks: list[Look] = []
        for id in sorted({id for remedy in first for id in self._bars[remedy]}):
            fact = self._quick[id].fact
            relevant = fact.only_if is None or fact.only_if.outcome(case.known)
            if relevant and id not in case.known and id not in case.unsure:
                looks.extend(self._look(self._quick[id], case.known, belief, first, costs))
        looks.sort(key=lambda one: (-significant(one.saves), one.fact.id))
        place = looks[0].fact.place if looks else ""
        return [one for one in looks if one.fact.place == place] if place else looks[:1]

    def _expected_costs(self, steps: Sequence[Step]) -> Iterator[tuple[str, float]]:
        """What each step is expected to cost: its minutes times the chance that the plan gets
        there. The test of steps that are done together is needed for the others too."""
        needed = mended = 1.0
        for place, step in enumerate(steps):
            before = steps[place - 1] if place else None
            if before is not None and (before.together is None or before.together != step.together):
                needed = 1 - mended if before.must else needed * (1 - (before.chance or 0.0))
            if step.must and step.chance is not None:
                mended *= step.chance
            minutes = self._cost[step.remedy]
            if step.together is not None:
                minutes = self._knowledge.remedies[step.remedy].price
            yield step.remedy, minutes * needed

    def _look(
        self,
        foreseen: _Foreseen,
        known: KnownFacts,
        belief: Belief,
        first: Sequence[str],
        costs: Mapping[str, float],
    ) -> Iterator[Look]:
        """The fact, if it is worth looking at before the first steps."""
        then = foreseen.then(known)
        forbidden = [list(self._forbidden(foreseen.fact.id, first, one)) for one in then]
        if not any(forbidden):
            return
        in_vain = [
            chance * fsum(costs[id] for id, _ in self._forbidden(foreseen.fact.id, costs, one))
            if some
            else 0.0
            for chance, some, one in zip(
                foreseen.chances(known, then, belief), forbidden, then, strict=True
            )
        ]
        saves = fsum(in_vain) - foreseen.fact.effort - self._knowledge.patience
        if saves > 0:
            most = max(range(len(in_vain)), key=in_vain.__getitem__)
            yield Look(foreseen.fact, saves, *forbidden[most][0])

    def _forbidden(
        self, fact: str, remedies: Iterable[str], then: _Then
    ) -> Iterator[tuple[str, str]]:
        """Those of the remedies that the fact forbids with this answer, with the first reason."""
        for id in remedies:
            for bar in self._bars[id].get(fact, ()):
                if bar.when.holds(then):
                    yield id, bar.because
                    break


class _Then(NamedTuple):
    """What is known with an answer, and the number of that answer."""

    number: int
    known: KnownFacts


class _Reading(NamedTuple):
    """A condition that reads a fact, the `others` that it reads, and the numbers of the answers
    with which it holds as long as those are unknown."""

    condition: Condition
    others: frozenset[str]
    answers: frozenset[int]

    def holds(self, then: _Then) -> bool:
        if self.others.isdisjoint(then.known):
            return then.number in self.answers
        return bool(self.condition.outcome(then.known))


class _Bar(NamedTuple):
    """A reason not to do a remedy."""

    because: str
    when: _Reading


class _Foreseen:
    """The answers to one fact, and what they would say of the causes."""

    def __init__(self, fact: Fact, knowledge: Knowledge) -> None:
        self.fact, self._knowledge = fact, knowledge
        self._about = {fact.id, *(fact.derives or ())}
        self._news, self._shares = _answers(fact, self._is_read_by_name())

    def _is_read_by_name(self) -> bool:
        """Whether something reads the row of a table itself, beside what follows from it."""
        if not isinstance(self.fact.kind, Lookup):
            return True
        known = self._knowledge
        reading = [one.facts for one in known.rules.values()]
        reading += [one.facts for one in known.contradictions.values()]
        reading += [bar.facts for one in known.remedies.values() for bar in one.not_if]
        return any(self.fact.id in facts for facts in reading)

    @cached_property
    def _contradictions(self) -> list[_Reading]:
        found = self._knowledge.contradictions.values()
        return [self.read(one.when) for one in found if self._about & one.facts]

    @cached_property
    def _rules(self) -> dict[str, list[tuple[Rule, _Reading]]]:
        """The rules that read the fact, by cause."""
        rules: dict[str, list[tuple[Rule, _Reading]]] = {}
        for rule in self._knowledge.rules.values():
            if self._about & rule.facts:
                rules.setdefault(rule.cause, []).append((rule, self.read(rule.when)))
        return rules

    @cached_property
    def _alone(self) -> dict[str, tuple[frozenset[str], list[float]]]:
        """For each cause the other facts that these rules read, and what each answer says of the
        cause as long as those are unknown."""
        return {
            cause: (
                frozenset().union(*(reading.others for _, reading in some)),
                [_ratio(some, _Then(number, {})) for number in range(len(self._news))],
            )
            for cause, some in self._rules.items()
        }

    def read(self, condition: Condition) -> _Reading:
        """The condition with the answers to this fact with which it holds."""
        others = facts_of(condition).difference(*self._news)
        holding = (number for number, news in enumerate(self._news) if condition.outcome(news))
        return _Reading(condition, others, frozenset(holding))

    def then(self, known: KnownFacts) -> list[_Then]:
        """What would be known with each answer."""
        return [_Then(number, {**known, **news}) for number, news in enumerate(self._news)]

    def chances(self, known: KnownFacts, then: Sequence[_Then], belief: Belief) -> list[float]:
        """The probability of each answer."""
        new = [reading for reading in self._contradictions if not reading.condition.outcome(known)]
        shares = [
            0.0 if any(reading.holds(one) for reading in new) else share
            for share, one in zip(self._shares, then, strict=True)
        ]
        probabilities = belief.given_failure
        total = belief.none_of_these + fsum(probabilities.values())
        chances = [0.0] * len(shares)
        untouched = total
        for cause, rules in self._rules.items():
            others, ratios = self._alone[cause]
            if not others.isdisjoint(known):
                speaking = [(one, read) for one, read in rules if not one.when.outcome(known)]
                ratios = [_ratio(speaking, one) for one in then]
            tilted = [share * ratio for share, ratio in zip(shares, ratios, strict=True)]
            _add(chances, tilted, probabilities[cause] / total)
            untouched -= probabilities[cause]
        _add(chances, shares, max(untouched, 0.0) / total)
        return chances


def _add(chances: list[float], shares: Sequence[float], weight: float) -> None:
    """Adds these shares, brought to a sum of 1, with a weight; nothing where all are 0."""
    total = fsum(shares)
    for place, share in enumerate(shares if total else ()):
        chances[place] += weight * share / total


def _ratio(rules: Iterable[tuple[Rule, _Reading]], then: _Then) -> float:
    """How much likelier an answer is when the cause of these rules is present, of which it makes
    some fire."""
    fired = [rule for rule, reading in rules if reading.holds(then)]
    if not fired:
        return 1.0
    status, ratio, _, _ = weigh(fired)
    return ratio if status == OPEN else PROOF if status == PROVEN else 1 / PROOF


def _answers(fact: Fact, by_name: bool) -> tuple[list[dict[str, Value]], list[float]]:
    """What each foreseen answer makes known, and its share in ordinary cases. Rows of a table from
    which the same follows are one answer, unless something reads them `by_name`."""
    if not isinstance(fact.kind, Lookup):
        return [fact.makes_known(value) for value, _ in fact.typical], [p for _, p in fact.typical]
    typical = dict(fact.typical)
    rare = [name for name in fact.kind.names if name not in typical]
    frequent = 1 - RARE_ROWS if rare else 1.0
    news: dict[object, dict[str, Value]] = {}
    shares: dict[object, float] = {}
    for name in fact.kind.names:
        follows = [one for one in fact.makes_known(name).items() if one[0] != fact.id]
        alike = name if by_name else tuple(follows)
        news.setdefault(alike, fact.makes_known(name))
        share = typical[name] * frequent if name in typical else RARE_ROWS / len(rare)
        shares[alike] = shares.get(alike, 0.0) + share
    return [*news.values()], [*shares.values()]
