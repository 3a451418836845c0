"""Which cause and which step come first, and what is asked next, in the old and in the new pack."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from diagnoser.comparison.answers import Answers, Sheet, size
from diagnoser.comparison.listing import Renamed
from diagnoser.comparison.model import FirstChanged, Firsts
from diagnoser.comparison.sides import Concluded, Side
from diagnoser.comparison.statuses import example
from diagnoser.knowledge.model import Knowledge

NORMAL = 1.959963984540054
"""The quantile of the normal distribution for an interval of 95 %."""
SHRINKINGS = 30
"""Kinds of difference whose example is made smaller; the rest keep the smallest that was found."""
NOTHING = "none"

Pair = tuple[str | None, str | None]
"""What comes first in the old and in the new pack; None for nothing."""


class Look(NamedTuple):
    """What comes first of causes and of steps."""

    cause: Pair
    step: Pair


class Sides:
    """Both packs, for the same sheets."""

    def __init__(self, answers: Answers, names: Renamed) -> None:
        self.answers = answers
        self._old, self._new = Side(answers.old), Side(answers.new)
        self._names = names
        self._plans_alike = _planning(answers.old) == _planning(answers.new)

    def look(self, sheet: Sheet) -> Look:
        """The first cause and the first step; what the new pack has under another id is not
        another."""
        old, new = self._concluded(sheet)
        first = new.belief.first
        cause = self._named(old.belief.first, self._names.causes), first
        if self._plans_alike and _as_planned(old) == _as_planned(new):
            step = self._new.plan(new).first
            return Look(cause, (step, step))
        before = self._named(self._old.plan(old).first, self._names.remedies)
        return Look(cause, (before, self._new.plan(new).first))

    def question(self, sheet: Sheet) -> Pair:
        """The fact that is asked next."""
        old, new = self._concluded(sheet)
        return self._old.question(old), self._new.question(new)

    def _concluded(self, sheet: Sheet) -> tuple[Concluded, Concluded]:
        return (
            self._old.concluded({one.fact: one.old[one.fact] for one in sheet}),
            self._new.concluded({one.fact: one.new[one.fact] for one in sheet}),
        )

    @staticmethod
    def _named(id: str | None, names: object) -> str | None:
        assert isinstance(names, dict)
        return None if id is None else names.get(id, id)


def _planning(knowledge: Knowledge) -> tuple[object, ...]:
    """All that a plan depends on besides the belief and the bars that hold."""
    remedies = [
        one._replace(title="", caveat=None, steps=(), check="", sources=(), reviewed="", not_if=())
        for one in knowledge.remedies.values()
    ]
    causes = [(one.id, one.harmless, one.follows_from) for one in knowledge.causes.values()]
    numbers = knowledge.waiting_rate, knowledge.verification, knowledge.night
    return (*remedies, *causes, *numbers, knowledge.none_of_these)


def _as_planned(one: Concluded) -> tuple[object, ...]:
    return one.belief.present, one.belief.hypotheses, one.belief.support, one.findings.barred


class Found:
    """Sheets in which what comes first is another, by what it was and is."""

    def __init__(self, look: Callable[[Sheet], Pair], complete: int) -> None:
        """`look` says what comes first; all sheets with up to `complete` answers are added."""
        self._look, self._complete = look, complete
        self._by_change: dict[Pair, list[Sheet]] = {}
        self._drawn: dict[Pair, int] = {}
        self._sheets = self._sampled = 0

    def add(self, sheet: Sheet, pair: Pair, drawn: bool = False) -> None:
        """Takes what came of a sheet; if it is `drawn`, it counts for the share."""
        self._sheets += 1
        self._sampled += drawn
        if pair[0] != pair[1]:
            self._by_change.setdefault(pair, []).append(sheet)
            self._drawn[pair] = self._drawn.get(pair, 0) + drawn

    def told(self, was: Callable[[str], str], now: Callable[[str], str]) -> Firsts:
        """All of it, the most frequent among the sampled cases first; `was` and `now` give the
        titles of what an id stands for in the old and in the new pack."""
        order = sorted(
            self._by_change,
            key=lambda pair: (
                -self._drawn[pair],
                -len(self._by_change[pair]),
                pair[0] or "",
                pair[1] or "",
            ),
        )
        changed = sum(self._drawn.values())
        low, high = wilson(changed, self._sampled)
        return Firsts(
            sheets=self._sheets,
            sampled=self._sampled,
            sampled_changed=changed,
            share=round(changed / self._sampled, 6) if self._sampled else 0.0,
            low=round(low, 6),
            high=round(high, 6),
            changes=[
                self._change(pair, place < SHRINKINGS, was, now) for place, pair in enumerate(order)
            ],
        )

    def _change(
        self, pair: Pair, shrink: bool, was: Callable[[str], str], now: Callable[[str], str]
    ) -> FirstChanged:
        sheets = self._by_change[pair]
        smallest = min(sheets, key=size)
        if shrink:
            smallest = self._shrunk(smallest, pair)
        return FirstChanged(
            was=pair[0],
            now=pair[1],
            title_was=NOTHING if pair[0] is None else was(pair[0]),
            title_now=NOTHING if pair[1] is None else now(pair[1]),
            sheets=len(sheets),
            sampled=self._drawn[pair],
            example=example(
                smallest,
                least=shrink or len(smallest) < 2,
                smallest=len(smallest) <= self._complete + 1,
            ),
        )

    def _shrunk(self, sheet: Sheet, pair: Pair) -> Sheet:
        """The sheet without what can be left out, first many answers at a time, then one by one (A.
        Zeller, R. Hildebrandt, "Simplifying and isolating failure-inducing input", 2002)."""
        step = len(sheet) // 2
        while step:
            place = 0
            while place < len(sheet):
                fewer = sheet[:place] + sheet[place + step :]
                if self._look(fewer) == pair:
                    sheet = fewer
                    step = min(step, max(len(sheet) // 2, 1))
                else:
                    place += step
            step //= 2
        return self._without_any(sheet, pair)

    def _without_any(self, sheet: Sheet, pair: Pair) -> Sheet:
        """The sheet, when no single answer can be left out any more."""
        place = 0
        while place < len(sheet):
            fewer = sheet[:place] + sheet[place + 1 :]
            if self._look(fewer) == pair:
                sheet, place = fewer, 0
            else:
                place += 1
        return sheet


def wilson(some: int, of: int) -> tuple[float, float]:
    """An interval of 95 % for a share of which a sample has `some` of `of` (E. B. Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    share, square = some / of, NORMAL**2
    middle = share + square / (2 * of)
    half = NORMAL * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)
    return (0.0 if some == 0 else low), (1.0 if some == of else high)


def some_of(sheets: Sequence[Sheet], number: int) -> list[Sheet]:
    """At most so many of the sheets, at equal distances."""
    if len(sheets) <= number:
        return list(sheets)
    return [sheets[place * len(sheets) // number] for place in range(number)]
