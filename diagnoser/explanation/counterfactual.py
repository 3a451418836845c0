"""What would change the diagnosis: the smallest sets of answers, one or two, after which another
cause or another step comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from diagnoser.explanation.context import Basis
from diagnoser.explanation.model import Change, Changes, OtherAnswer, WhatWouldChange
from diagnoser.explanation.possible_answers import PossibleAnswer
from diagnoser.explanation.what_if import NO_EFFECT, Effect, WhatIf
from diagnoser.knowledge.values import Choice
from diagnoser.knowledge.wording import joined, label, question

PAIRS = 20_000
"""Pairs of answers that are worked out at most. Counted, not timed: the same on any machine."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A set of answers, and what comes first with them."""

    answers: tuple[PossibleAnswer, ...]
    becomes: str | None

    @property
    def order(self) -> tuple[object, ...]:
        """Smallest first, then those that take nothing back, then the most typical."""
        share = 1.0
        for one in self.answers:
            share *= one.share
        changed = sum(one.changes for one in self.answers)
        names = [(one.fact, str(one.values[0])) for one in self.answers]
        return (len(self.answers), changed, -share, names)


@dataclass(frozen=True, slots=True)
class Group:
    """Sets of answers to the same questions that bring the same first: any of the answers to each
    question, with any of those to the other."""

    answers: tuple[tuple[PossibleAnswer, ...], ...]
    becomes: str | None


@dataclass(slots=True)
class Flips:
    """What comes first now, and the smallest sets of answers that change it, in their order;
    whether all were looked at."""

    now: str | None
    found: list[Flip]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Single:
    """One answer, what comes first with it, and what stands in its way."""

    answer: PossibleAnswer
    effect: Effect
    cause: str | None
    step: str | None
    obstacles: list[frozenset[str]]


def what_would_change(basis: Basis, what_if: WhatIf) -> WhatWouldChange:
    """Both lists, as they are shown."""
    knowledge = basis.knowledge
    causes = {id: one.title for id, one in knowledge.causes.items()}
    remedies = {id: one.title for id, one in knowledge.remedies.items()}
    cause, step = flips(what_if)
    return WhatWouldChange(
        first_cause=_shown(cause, "cause", causes, basis),
        first_step=_shown(step, "step", remedies, basis),
    )


def flips(what_if: WhatIf) -> tuple[Flips, Flips]:
    """All smallest sets of one or two answers that change the first cause, and the first step.

    Exact over the representative answers: a pair is passed over only where it cannot do more than
    its answers do alone. A pair is found only if neither of its answers does it alone.
    """
    now = what_if.first(NO_EFFECT)
    cause, step = Flips(now[0], []), Flips(now[1], [])
    singles = {
        fact: [
            _Single(answer, effect, *what_if.first(effect), what_if.obstacles([answer], effect))
            for answer, effect in zip(answers, what_if.effects[fact], strict=True)
        ]
        for fact, answers in what_if.answers.items()
    }
    for group in singles.values():
        for one in group:
            if not one.obstacles:
                for flips, becomes in ((cause, one.cause), (step, one.step)):
                    if becomes != flips.now:
                        flips.found.append(Flip((one.answer,), becomes))
    _add_pairs(what_if, singles, cause, step)
    for flips in (cause, step):
        flips.found.sort(key=lambda flip: flip.order)
    return cause, step


def _add_pairs(
    what_if: WhatIf, singles: Mapping[str, list[_Single]], cause: Flips, step: Flips
) -> None:
    """Adds the pairs, up to PAIRS of them."""
    for looked_at, (one, other) in enumerate(_pairs(what_if, singles)):
        if looked_at == PAIRS:
            cause.complete = step.complete = False
            return
        # What an answer does alone, no pair with it needs to do. An answer that would, did nothing
        # stand in its way, may do it with one that removes the obstacle.
        for_cause = (one.cause == cause.now or one.obstacles) and (
            other.cause == cause.now or other.obstacles
        )
        for_step = (one.step == step.now or one.obstacles) and (
            other.step == step.now or other.obstacles
        )
        if not for_cause and not for_step:
            continue
        effect = what_if.together(one.answer, one.effect, other.answer, other.effect)
        first_cause, first_step = what_if.first(effect)
        turns = [
            (flips, becomes)
            for flips, becomes, wanted in (
                (cause, first_cause, for_cause),
                (step, first_step, for_step),
            )
            if wanted and becomes != flips.now
        ]
        pair = (one.answer, other.answer)
        if turns and not what_if.obstacles(pair, effect):
            for flips, becomes in turns:
                flips.found.append(Flip(pair, becomes))


def _pairs(
    what_if: WhatIf, singles: Mapping[str, list[_Single]]
) -> Iterator[tuple[_Single, _Single]]:
    """The pairs that may do together what neither of them does alone, and that may be true."""
    for fact, other_fact in combinations(singles, 2):
        shared = bool(what_if.reading_both(fact, other_fact))
        others = [
            one
            for one in singles[other_fact]
            if all(fact in obstacle for obstacle in one.obstacles)
        ]
        for one in singles[fact]:
            if one.obstacles and not all(other_fact in obstacle for obstacle in one.obstacles):
                continue
            for other in others:
                idle = not one.effect or not other.effect
                if shared or not idle or one.obstacles or other.obstacles:
                    yield one, other


def grouped(found: Sequence[Flip]) -> list[Group]:
    """The same sets of answers, those to the same questions together, in the order of the first of
    each group."""
    groups = [Group(tuple((one,) for one in flip.answers), flip.becomes) for flip in found]
    for place in (0, 1):
        merged: dict[object, Group] = {}
        for group in groups:
            others = group.answers[:place] + group.answers[place + 1 :]
            names = tuple(answers[0].fact for answers in group.answers)
            key = (names, others, group.becomes)
            if key in merged and place < len(group.answers):
                before = merged[key].answers
                joined = before[place] + group.answers[place]
                merged[key] = replace(
                    group, answers=(*before[:place], joined, *before[place + 1 :])
                )
            else:
                merged[key] = group
        groups = list(merged.values())
    return groups


def _shown(flips: Flips, noun: str, titles: Mapping[str, str], basis: Basis) -> Changes:
    groups = grouped(flips.found)
    single = sum(len(group.answers) == 1 for group in groups)
    pairs = len(groups) - single
    return Changes(
        now=flips.now,
        title=titles.get(flips.now or "", ""),
        found_single=single,
        found_pairs=pairs,
        listed=[
            Change(
                answers=[_other(answers, basis) for answers in group.answers],
                becomes=group.becomes,
                title=titles.get(group.becomes or "", ""),
            )
            for group in groups
        ],
        complete=flips.complete,
        in_words=_in_words(noun, single, pairs, flips.complete),
    )


def _in_words(noun: str, single: int, pairs: int, complete: bool) -> str:
    counts = []
    if single:
        counts.append("1 other answer" if single == 1 else f"{single} other answers")
    if pairs:
        counts.append("1 pair of answers" if pairs == 1 else f"{pairs} pairs of answers")
    words = f"{joined(counts) if counts else 'No one or two other answers'}"
    words += f" would change the first {noun}."
    return words if complete else f"{words} Not all pairs were tried."


def _other(answers: Sequence[PossibleAnswer], basis: Basis) -> OtherAnswer:
    knowledge = basis.knowledge
    fact = answers[0].fact
    values = [value for one in answers for value in one.values]
    if not isinstance(knowledge.facts[fact].kind, Choice):
        values.sort()
    return OtherAnswer(
        fact=fact,
        ask=question(fact, knowledge),
        given=basis.label(fact) if fact in basis.case.known else None,
        labels=[label(fact, value, knowledge) for value in values],
        values=[knowledge.facts[fact].kind.show(value) for value in values],
    )
