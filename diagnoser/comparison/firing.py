"""Which answers make conditions hold: exactly, over all classes of answers to the facts that they
read.

The facts are answered one after the other. What is left of each condition then is all that matters
of the answers so far, so sheets that leave the same are counted together (as in a decision diagram:
R. E. Bryant, "Graph-based algorithms for Boolean function manipulation", 1986). Only whether a
condition holds matters for what fires; that it fails and that it is unknown are alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from diagnoser.comparison.answers import Answer, Answers, Known, Sheet, Size, size
from diagnoser.knowledge.conditions import All, AnyOf, Compare, Condition, facts_of

Rest = bool | Condition
"""What is left of a condition: whether it holds, or what still has to be known."""

_TURNED = {"below": "above", "above": "below", "at_least": "at_most", "at_most": "at_least"}


class Tally(NamedTuple):
    """Sheets that agree in something: how many classes of them, how probable they are where every
    fact is known and answers are independent, and the smallest."""

    classes: int
    probability: float
    smallest: Sheet

    @property
    def size(self) -> Size:
        return size(self.smallest)

    def beside(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.classes + other.classes,
            self.probability + other.probability,
            min(self.smallest, other.smallest, key=size),
        )


class Question(NamedTuple):
    """Whether any of these conditions holds, in the old pack or in the new one."""

    conditions: tuple[Condition, ...]
    of_new: bool


class Outcomes(NamedTuple):
    """For each combination of what the questions come to, the sheets in which they do; and how many
    classes there are in all."""

    found: dict[tuple[bool, ...], Tally]
    classes: int


def outcomes(questions: Sequence[Question], answers: Answers) -> Outcomes:
    """What the questions come to over all answers to the facts that they read, "not known" being
    one of them. Facts that only one of the packs has are not known."""
    old = [one for asked in questions if not asked.of_new for one in asked.conditions]
    new = [one for asked in questions if asked.of_new for one in asked.conditions]
    facts = _in_order([*old, *new], answers)
    known = {*facts}
    states: dict[tuple[Rest, ...], Tally] = {
        tuple(
            _any(_without_others(one, known, answers) for one in asked.conditions)
            for asked in questions
        ): Tally(1, 1.0, ())
    }
    classes = 1
    for fact in facts:
        choices = answers.classes(fact, old, new)
        unknown = Answer(fact, "", {}, {}, 0.0 if any(one.share for one in choices) else 1.0)
        classes *= len(choices) + 1
        after: dict[tuple[Rest, ...], Tally] = {}
        for state, tally in states.items():
            for one in (unknown, *choices):
                left = tuple(
                    _after(rest, fact, one.new if asked.of_new else one.old, answers)
                    for rest, asked in zip(state, questions, strict=True)
                )
                sheet = tally.smallest if one is unknown else (*tally.smallest, one)
                more = Tally(tally.classes, tally.probability * one.share, sheet)
                after[left] = after[left].beside(more) if left in after else more
        states = after
    found = {tuple(rest is True for rest in state): tally for state, tally in states.items()}
    return Outcomes(found, classes)


def _in_order(conditions: Iterable[Condition], answers: Answers) -> list[str]:
    """The facts that are answered for conditions, those of one condition next to each other."""
    found: dict[str, None] = {}
    groups = [
        sorted({id for fact in facts_of(one) if (id := answers.source(fact)) is not None})
        for one in conditions
    ]
    groups.sort(key=lambda ids: (-len(ids), ids))
    while groups:
        groups.sort(key=lambda ids: -len(found.keys() & ids))  # keeps the order of equals
        found |= dict.fromkeys(groups.pop(0))
    return list(found)


def _without_others(condition: Condition, known: set[str], answers: Answers) -> Rest:
    """The condition where what only one of the packs knows is not known."""
    if isinstance(condition, All | AnyOf):
        parts = (_without_others(part, known, answers) for part in condition.parts)
        return _all(parts) if isinstance(condition, All) else _any(parts)
    return all(answers.source(fact) in known for fact in facts_of(condition)) and condition


def _after(rest: Rest, fact: str, known: Known, answers: Answers) -> Rest:
    """What is left of a condition once a fact is answered, or is not known for good."""
    if isinstance(rest, bool):
        return rest
    if isinstance(rest, All | AnyOf):
        parts = (_after(part, fact, known, answers) for part in rest.parts)
        return _all(parts) if isinstance(rest, All) else _any(parts)
    mine = answers.source(rest.fact) == fact
    if not isinstance(rest, Compare) or rest.other is None:
        return rest.outcome(known) is True if mine else rest
    others = answers.source(rest.other) == fact
    if mine and others:
        return rest.outcome(known) is True
    if mine:
        value = known.get(rest.fact)
        turned = _TURNED[rest.comparison]
        return False if value is None else Compare(rest.other, turned, value, None)
    if others:
        value = known.get(rest.other)
        return False if value is None else Compare(rest.fact, rest.comparison, value, None)
    return rest


def _all(parts: Iterable[Rest]) -> Rest:
    left: list[Condition] = []
    for part in parts:
        if part is False:
            return False
        if not isinstance(part, bool):
            left += part.parts if isinstance(part, All) else [part]
    return _joined(All, left) if left else True


def _any(parts: Iterable[Rest]) -> Rest:
    left: list[Condition] = []
    for part in parts:
        if part is True:
            return True
        if not isinstance(part, bool):
            left += part.parts if isinstance(part, AnyOf) else [part]
    return _joined(AnyOf, left) if left else False


def _joined(kind: type[All] | type[AnyOf], parts: Sequence[Condition]) -> Condition:
    """The parts as one condition, the same for the same parts in whatever order."""
    apart = sorted(set(parts), key=repr)
    return apart[0] if len(apart) == 1 else kind(tuple(apart))


def probability(tallies: Iterable[Tally]) -> float:
    """How probable the sheets of several tallies are together."""
    return min(1.0, math.fsum(one.probability for one in tallies))
