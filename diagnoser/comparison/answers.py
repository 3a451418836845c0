"""Answers as two packs understand them: of those that no condition of either tells apart, one
stands for all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from diagnoser.knowledge.conditions import Compare, Condition, OneOf, Test, tests
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Choice, Lookup, Number, Unfit, Value, Version

Known = Mapping[str, Value]
Size = tuple[int, int, tuple[str, ...]]
"""How large a sheet is: how many facts are known, how long they are in words, and the words."""
ANY_NUMBER = 1_000
SMALLEST = 1e-9
"""Numbers that are nearer to each other are one when they are written."""
PARTS, LAST_PART = 4, 9999
"""How many parts a version has at most, and the largest that one may be."""


class Answer(NamedTuple):
    """An answer to a fact that both packs take: in words, as after `--set`, and what either of them
    comes to know by it. `share` is the part of people, from 0 to 1, who usually give it or one that
    no condition tells apart from it."""

    fact: str
    words: str
    old: Known
    new: Known
    share: float = 0.0


Sheet = tuple[Answer, ...]


def size(sheet: Iterable[Answer]) -> Size:
    """The fewest facts come first, then the shortest words."""
    words = tuple(sorted(one.words for one in sheet))
    return len(words), sum(map(len, words)), words


class Answers:
    """The answers that an old and a new pack both take."""

    def __init__(self, old: Knowledge, new: Knowledge) -> None:
        self.old, self.new = old, new
        self.facts = [
            id
            for id, fact in new.facts.items()
            if not fact.derived_from and id in old.facts and not old.facts[id].derived_from
        ]

    def source(self, fact: str) -> str | None:
        """The fact that is answered so that this one is known; None where not both packs have
        it."""
        sources = {
            known.facts[fact].derived_from or fact
            for known in (self.old, self.new)
            if fact in known.facts
        }
        return next(iter(sources)) if len(sources) == 1 and sources <= {*self.facts} else None

    def answer(self, fact: str, written: str, share: float = 0.0) -> Answer | None:
        """What is written as after `--set`, as both packs read it; None where one of them refuses
        it."""
        if fact not in self.old.facts or fact not in self.new.facts:
            return None
        before, after = self.old.facts[fact], self.new.facts[fact]
        kinds = before.kind, after.kind
        try:
            old, new = (kind.parse_text(written) for kind in kinds)
        except Unfit:
            return None
        if any(isinstance(kind, Version) and kind.also_says(written) for kind in kinds):
            return None  # `27.1 beta 2` answers other facts besides
        return Answer(
            fact, f"{fact}={written}", before.makes_known(old), after.makes_known(new), share
        )

    def classes(
        self,
        fact: str,
        old: Sequence[Condition],
        new: Sequence[Condition],
        together: int = ANY_NUMBER,
    ) -> tuple[Answer, ...]:
        """An answer for each class of answers to a fact that these conditions of the old and the
        new pack tell apart, the shortest of the class; its share is that of the class, by what the
        new pack says is usual.

        Where two facts are compared with each other, each value at which that may turn is a class.
        Of a fact that may have several answers, at most so many are `together` in one.
        """
        typical = dict(self._typical(fact))
        reading = [
            [one for condition in conditions for one in tests(condition) if self._reads(one, fact)]
            for conditions in (old, new)
        ]
        every = [one for condition in (*old, *new) for one in tests(condition)]
        found: dict[tuple[object, ...], Answer] = {}
        for written in dict.fromkeys([*self._candidates(fact, every, together), *typical]):
            answer = self.answer(fact, written, typical.get(written, 0.0))
            if answer is None:
                continue
            seen = (*_seen(reading[0], answer.old), None, *_seen(reading[1], answer.new))
            had = found.get(seen)
            if had is not None:
                best = min(had, answer, key=lambda one: size([one]))
                answer = best._replace(share=had.share + answer.share)
            found[seen] = answer
        return tuple(found.values())

    def _reads(self, test: Test, fact: str) -> bool:
        read = (test.fact, test.other) if isinstance(test, Compare) else (test.fact,)
        return any(id is not None and self.source(id) == fact for id in read)

    def _typical(self, fact: str) -> Iterator[tuple[str, float]]:
        """Usual answers that both packs take, with their shares, which add up to 1."""
        about = self.new.facts[fact]
        both = [
            (written(about, value), share)
            for value, share in about.typical
            if self.answer(fact, written(about, value)) is not None
        ]
        total = math.fsum(share for _, share in both)
        for text, share in both:
            yield text, share / total if total > 0 else 0.0

    def _candidates(self, fact: str, every: Sequence[Test], together: int) -> Iterator[str]:
        """Answers as they are written, at least one of each class; some may suit only one pack."""
        before, after = self.old.facts[fact], self.new.facts[fact]
        kind, was = after.kind, before.kind
        if isinstance(kind, Choice):
            yield from kind.labels
            if kind.several and isinstance(was, Choice) and was.several:
                mine = [one for one in every if one.fact == fact]
                yield from _together(kind, mine, together)
        elif isinstance(kind, Lookup):
            yield from kind.names
        elif isinstance(kind, Number):
            # Each number that a condition compares with, and one or two between any two of them.
            lines = {line for line in self._lines(every) if isinstance(line, int | float)}
            lines |= {was.low, was.high} if isinstance(was, Number) else set()
            points = sorted({kind.low, kind.high, *(x for x in lines if kind.low < x < kind.high)})
            for low, high in pairwise(points):
                first = _between(low, high)
                yield from (_number(one) for one in (low, first, _between(first, high), high))
        else:
            turns = {line for line in self._lines(every) if isinstance(line, tuple)}
            turns |= {(was.low,), (was.high,)} if isinstance(was, Version) else set()
            for line in sorted({(kind.low,), (kind.high,), *turns}):
                for version in _around(line):
                    if kind.low <= version[0] <= kind.high:
                        yield kind.show(version)

    def _lines(self, every: Sequence[Test]) -> set[Value]:
        """The values at which tests turn."""
        found: set[Value] = set()
        for test in every:
            if isinstance(test, OneOf):
                found.update(test.values)
            elif test.constant is not None:
                found.add(test.constant)
            elif test.other is not None:
                for known in (self.old, self.new):
                    for id in (test.fact, test.other):
                        found.update(_reached(known, id))
        return found


def written(fact: Fact, value: Value) -> str:
    """An answer as it is typed."""
    shown = fact.kind.show(value)
    if isinstance(shown, list):
        return ",".join(shown)
    return shown if isinstance(shown, str) else _number(shown)


def _seen(reading: Iterable[Test], known: Known) -> Iterator[object]:
    """What tests see of an answer: whether they hold, or of what is held against another fact, what
    it is."""
    for test in reading:
        if isinstance(test, Compare) and test.other is not None:
            yield known.get(test.fact), known.get(test.other)
        else:
            yield test.outcome(known)


def _together(kind: Choice, mine: Sequence[Test], most: int) -> Iterator[str]:
    """Sets of up to `most` answers, at least one of each kind that tests tell apart: where they do
    not, they do not with one more answer either."""
    words = [word for word in kind.labels if word not in kind.alone]
    words.sort(key=lambda word: (len(word), word))
    larger = [frozenset([word]) for word in words]
    seen = {tuple(one.outcome({one.fact: some}) for one in mine) for some in larger}
    while larger and len(larger[0]) < most:
        smaller, larger = larger, []
        for some in smaller:
            for word in words:
                more = some | {word}
                what = tuple(one.outcome({one.fact: more}) for one in mine)
                if word not in some and what not in seen:
                    seen.add(what)
                    larger.append(more)
                    yield ",".join(word for word in kind.labels if word in more)


def _reached(knowledge: Knowledge, id: str) -> Iterable[Value]:
    """The values of a fact that another one can be held against."""
    fact = knowledge.facts.get(id)
    if fact is None:
        return ()
    if fact.derived_from:
        return list((knowledge.facts[fact.derived_from].derives or {})[id].values())
    if isinstance(fact.kind, Number):
        return [fact.kind.low, fact.kind.high]
    return [(fact.kind.low,), (fact.kind.high,)] if isinstance(fact.kind, Version) else []


def _between(low: float, high: float) -> float:
    """A number between two others with few digits."""
    if math.isinf(low) or math.isinf(high):
        return 0.0 if low < 0 < high else low + 1 if math.isinf(high) else high - 1
    step = 10.0 ** math.floor(math.log10(high - low))
    while step > SMALLEST:
        number = float(_number((math.floor(low / step) + 1) * step))
        if low < number < high:
            return number
        step /= 10
    return (low + high) / 2


def _number(number: float) -> str:
    """As it is typed; never in powers of ten."""
    if float(number).is_integer():
        return str(int(number))
    text = repr(round(float(number), 9))
    return f"{float(number):.9f}".rstrip("0") if "e" in text else text


def _around(version: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """A version, one right before it, and two right after it; of several that are as near, some
    shorter ones besides."""
    *most, last = version
    if last:
        before = [*most, last - 1]
        yield from ((*before, part) for part in (9, LAST_PART) if len(before) < PARTS)
        yield tuple(before)
    yield version
    for number in (1, 2):
        if len(version) == PARTS:
            yield (*most, last + number)
        else:
            yield (*version, number)
            yield (*version, *[0] * (PARTS - 1 - len(version)), number)
