"""The answer sheets on which two packs are held against each other where all of them would be too
many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from random import Random

from diagnoser.comparison.answers import Answer, Answers, Known, Sheet, size
from diagnoser.knowledge.conditions import Condition, facts_of
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import Value

MOST_PAIRS = 8000
TOGETHER = 2
"""How many answers to one fact are looked at at once, where several may hold."""
SEED = 20261130
ATTEMPTS = 20
"""How often a case whose answers contradict each other is drawn again."""


def conditions(knowledge: Knowledge) -> list[Condition]:
    """All that cause, plan and question depend on."""
    return [
        *dict.fromkeys(rule.when for rule in knowledge.rules.values()),
        *(bar.when for remedy in knowledge.remedies.values() for bar in remedy.not_if),
        *(one.when for one in knowledge.contradictions.values()),
        *(fact.only_if for fact in knowledge.facts.values() if fact.only_if is not None),
    ]


class Sheets:
    """Sheets of answers that both packs take; of answers that no condition tells apart, one stands
    for all."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        before, after = conditions(answers.old), conditions(answers.new)
        read: dict[str, tuple[list[Condition], list[Condition]]] = {
            id: ([], []) for id in answers.facts
        }
        for place, known in enumerate((before, after)):
            for condition in known:
                for id in {answers.source(fact) for fact in facts_of(condition)}:
                    if id is not None:
                        read[id][place].append(condition)
        self._classes = {id: answers.classes(id, *both, TOGETHER) for id, both in read.items()}
        self._contradictions = [
            (one.when, new)
            for known, new in ((answers.old, False), (answers.new, True))
            for one in known.contradictions.values()
        ]

    def singles(self) -> list[Sheet]:
        """All sheets with one known fact."""
        return [(one,) for choices in self._classes.values() for one in choices]

    def pairs(self, touched: Collection[str]) -> tuple[list[Sheet], int]:
        """Sheets with two known facts, one of them `touched`, and how many there are of them: where
        they are too many, some at equal distances. If all pairs are few, all of them."""
        every = list(combinations(self._classes, 2))
        some = [pair for pair in every if any(fact in touched for fact in pair)]
        if self._number(every) <= MOST_PAIRS:
            some = every
        number = self._number(some)
        found = list(self._within(some))
        if number > MOST_PAIRS:
            found = [found[place * number // MOST_PAIRS] for place in range(MOST_PAIRS)]
        return found, number

    def _number(self, pairs: Iterable[tuple[str, str]]) -> int:
        return sum(len(self._classes[one]) * len(self._classes[other]) for one, other in pairs)

    def _within(self, pairs: Iterable[tuple[str, str]]) -> Iterator[Sheet]:
        for one, other in pairs:
            yield from product(self._classes[one], self._classes[other])

    def given(self, examples: Iterable[Mapping[str, str]]) -> list[Sheet]:
        """The examples of the packs, as far as both take their answers; each once."""
        found: dict[tuple[str, ...], Sheet] = {}
        for example in examples:
            read = (self._answers.answer(fact, text) for fact, text in example.items())
            sheet = tuple(one for one in read if one is not None)
            if sheet:
                found[size(sheet)[2]] = sheet
        return list(found.values())

    def sampled(self, number: int) -> list[Sheet]:
        """Cases whose answers are drawn from the usual ones, independently of each other; what is
        not asked for is not known, and of the rest a share that is drawn, too."""
        luck = Random(SEED)
        return [self._drawn(luck) for _ in range(number)]

    def _drawn(self, luck: Random) -> Sheet:
        sheet: Sheet = ()
        for _ in range(ATTEMPTS):
            share = luck.random()
            drawn = [
                answer
                for id, choices in self._classes.items()
                if (answer := _one_of(choices, luck)) is not None and self._is_asked(id)
            ]
            known = {key: value for one in drawn for key, value in one.new.items()}
            asked = [one for one in drawn if self._may_be_known(one.fact, known)]
            sheet = tuple(one for one in asked if luck.random() < share)
            if not self._contradicts_itself(sheet):
                break
        return sheet

    def _is_asked(self, fact: str) -> bool:
        return self._answers.new.facts[fact].askable

    def _may_be_known(self, fact: str, known: Known) -> bool:
        only_if = self._answers.new.facts[fact].only_if
        return only_if is None or only_if.outcome(known) is True

    def _contradicts_itself(self, sheet: Sheet) -> bool:
        old, new = known_in(sheet)
        return any(when.outcome(new if of_new else old) for when, of_new in self._contradictions)


def known_in(sheet: Sheet) -> tuple[dict[str, Value], dict[str, Value]]:
    """What the old and the new pack come to know by a sheet."""
    old = {key: value for one in sheet for key, value in one.old.items()}
    return old, {key: value for one in sheet for key, value in one.new.items()}


def _one_of(choices: Sequence[Answer], luck: Random) -> Answer | None:
    """One of the usual answers."""
    usual = [one for one in choices if one.share]
    left = luck.random()
    for one in usual:
        left -= one.share
        if left < 0:
            return one
    return usual[-1] if usual else None  # what rounding left over
