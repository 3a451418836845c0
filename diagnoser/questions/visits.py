"""Which place to visit next, and what to ask for there.

A visit costs the way to its place, the effort of each field, and patience, once. So what is worth
asking beside others at a place may not be worth a visit of its own, and a place is weighed with all
that is worth asking there.

Until a cause is nearly certain, a visit is worth what its fields tell about the cause, and the one
that tells most per minute is made. Then, or when no visit tells enough, it is worth the minutes
that its fields save, and those of the night that is lost if something else is in the way: whether
the other preconditions hold is settled before it. What several fields tell is taken as the sum of
what each of them tells, at most the doubt that there is; tests compare that with an exact search.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from math import fsum
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.belief.weighing import OPEN
from diagnoser.case.case import Case
from diagnoser.knowledge.model import HELPED, Fact, Knowledge
from diagnoser.knowledge.rounding import difference
from diagnoser.knowledge.values import Value
from diagnoser.planning.planner import Plan
from diagnoser.planning.preconditions import outcome
from diagnoser.planning.remedy_table import A_MOMENT
from diagnoser.questions.question import Question
from diagnoser.questions.selection import NEARLY_CERTAIN, Questioner

Opening = Mapping[str, tuple[Value, ...]]
"""Facts with the answers to them that make another fact relevant."""


class Asked(NamedTuple):
    """A field of a visit: its question, what it tells in bits and saves in minutes, and the answers
    to other fields that it waits for (empty: it is asked in any case)."""

    question: Question
    tells: float
    saves: float
    waits_for: Opening

    @property
    def fact(self) -> str:
        return self.question.fact


class VisitChoice(NamedTuple):
    """A place (empty: none, what is asked there is remembered), the fields in the order of the
    questionnaire, what they tell together in bits, the minutes that they save, and what the visit
    costs in minutes, without patience."""

    place: str
    fields: tuple[Asked, ...]
    tells: float
    saves: float
    minutes: float


class Visits(NamedTuple):
    """The visits that are worth making, the most useful first; if there are none, why, and whether
    it is because nothing is wrong."""

    choices: tuple[VisitChoice, ...]
    because: str
    nothing_wrong: bool = False


class VisitChooser:
    """Chooses visits for one knowledge."""

    def __init__(self, knowledge: Knowledge, questioner: Questioner) -> None:
        self._knowledge = knowledge
        self._questioner = questioner
        self._order = {id: place for place, id in enumerate(knowledge.facts)}

    def choose(
        self,
        case: Case,
        belief: Belief,
        plan: Plan,
        passed: Collection[str] = (),
        thorough: bool = False,
    ) -> Visits:
        """The visits that are worth making in a case with this belief and plan, without asking for
        what was `passed` over before. `thorough` asks whatever may still be asked."""
        if HELPED in case.tried.values():
            return Visits((), "Nothing is left to find out: a remedy has helped.")
        questions = [
            one for one in self._questioner.weighed(case, belief, plan) if one.fact not in passed
        ]
        if not questions:
            return Visits((), "Everything that can be asked is known.")
        places = self._by_place(questions)
        if thorough:
            every = [
                self._visit(id, self._without_repeats(self._everything(ones)))
                for id, ones in places.items()
            ]
            return Visits(tuple(sorted(every, key=self._telling)), "")
        if self._nothing_is_wrong(case, belief):
            return Visits((), "Nothing is wrong, so nothing is left to find out.", True)
        night = self._worth_a_night(case, questions)
        if belief.chance_of_first < NEARLY_CERTAIN:
            telling = [
                self._visit(id, self._that_tell(ones, night), belief.doubt)
                for id, ones in places.items()
            ]
            worth = [one for one in telling if one.tells > self._knowledge.worth_visiting]
            if worth:
                return Visits(tuple(sorted(worth, key=self._telling)), "")
        saving = [self._visit(id, self._that_save(ones, night)) for id, ones in places.items()]
        worth = [one for one in saving if self._net(one) > self._knowledge.worth_asking]
        if worth:
            return Visits(tuple(sorted(worth, key=self._saving)), "")
        return Visits((), "No visit that is left is worth the time that it takes.")

    def _nothing_is_wrong(self, case: Case, belief: Belief) -> bool:
        """Whether it is nearly certain that nothing is, and that by answers which are sure."""
        first = belief.first
        if first is not None and case.tentative and belief.status(first) == OPEN:
            return False
        harmless = first is not None and self._knowledge.causes[first].harmless
        return harmless and belief.chance_of_first >= NEARLY_CERTAIN

    # -- fields

    def _by_place(self, questions: Iterable[Question]) -> dict[str, list[Question]]:
        """The questions by the place to visit: where their pages are within another, that one."""
        places: dict[str, list[Question]] = {}
        for one in questions:
            places.setdefault(self._visited(one), []).append(one)
        return places

    def _everything(self, questions: Iterable[Question]) -> Iterator[Asked]:
        for one in questions:
            yield Asked(one, one.tells_alone, 0.0, {})

    def _that_tell(self, questions: Iterable[Question], night: Mapping[str, float]) -> list[Asked]:
        """The questions that tell enough for their effort, or settle a precondition."""
        fields = []
        for one in questions:
            here = self._visited(one)
            beyond = fsum(
                answer.probability
                * max((o.tells_alone for o in opened if self._visited(o) != here), default=0.0)
                for answer, opened in one.opened
            )
            fields.append(Asked(one, one.tells_alone + beyond, night.get(one.fact, 0.0), {}))
            fields += self._waiting(one, here)
        rate = self._knowledge.worth_knowing / max(self._knowledge.patience, A_MOMENT)
        fields = self._without_repeats(fields)
        enough = (
            one
            for one in fields
            if one.tells > rate * self._effort(one.fact) or one.saves > self._effort(one.fact)
        )
        return self._worth_their_page(_with_their_gates(enough, fields))

    def _worth_their_page(self, fields: Iterable[Asked]) -> list[Asked]:
        """The fields without those that do not pay for opening their page, or that wait for
        answers which nobody is asked for then."""
        fields = list(fields)
        rate = self._knowledge.worth_knowing / max(self._knowledge.patience, A_MOMENT)
        pays = set()
        for page in {self._page(one.question) for one in fields}:
            here = [one for one in fields if self._page(one.question) == page]
            minutes = self._minutes(here)
            tells, saves = (fsum(one.tells for one in here), fsum(one.saves for one in here))
            if tells > rate * minutes or saves > minutes:
                pays.add(page)
        return without_lone([one for one in fields if self._page(one.question) in pays])

    def _that_save(self, questions: Iterable[Question], night: Mapping[str, float]) -> list[Asked]:
        """The questions that save more minutes than they take."""
        fields = []
        for one in questions:
            saves = one.saves + one.effort if one.decides else 0.0
            fields.append(Asked(one, 0.0, max(saves, 0.0) + night.get(one.fact, 0.0), {}))
        return self._worth_their_page(
            one for one in self._without_repeats(fields) if one.saves > self._effort(one.fact)
        )

    def _waiting(self, gate: Question, here: str) -> Iterator[Asked]:
        """The questions at the same place that answers to this one open the way to."""
        found: dict[str, list[tuple[float, Value, Question]]] = {}
        for answer, opened in gate.opened:
            for one in opened:
                if self._visited(one) == here:
                    found.setdefault(one.fact, []).append((answer.probability, answer.value, one))
        for ways in found.values():
            tells = fsum(chance * one.tells_alone for chance, _, one in ways)
            values = tuple(value for _, value, _ in ways)
            yield Asked(ways[0][2], tells, 0.0, {gate.fact: values})

    def _without_repeats(self, fields: Iterable[Asked]) -> list[Asked]:
        """The fields in the order of the questionnaire, each once, and of those that say the same
        only the best."""
        best: dict[str, Asked] = {}
        for one in fields:
            had = best.get(one.fact)
            if had is None:
                best[one.fact] = one
            else:  # several answers, to several questions, open the way to it
                best[one.fact] = had._replace(
                    tells=max(had.tells, one.tells),
                    waits_for={**had.waits_for, **one.waits_for},
                )
        kept: list[Asked] = []
        for one in sorted(best.values(), key=lambda one: (-one.tells, -one.saves, one.fact)):
            if not any(self._say_the_same(one.fact, other.fact) for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda one: self._order[one.fact])

    def _say_the_same(self, one: str, other: str) -> bool:
        facts = self._knowledge.facts
        return one in facts[other].unless_answered or other in facts[one].unless_answered

    def _worth_a_night(self, case: Case, questions: Iterable[Question]) -> dict[str, float]:
        """The minutes that it saves, for each question, to know before a night whether what depends
        on it is in the way."""
        worth: dict[str, float] = {}
        lost = self._knowledge.night + self._knowledge.verification
        for one in self._knowledge.preconditions.values():
            if outcome(one, case.known) is not None:
                continue
            for question in questions:
                fact = self._knowledge.facts[question.fact]
                fails = fsum(
                    answer.probability
                    for answer in question.answers
                    if outcome(one, {**case.known, **fact.makes_known(answer.value)}) is False
                )
                worth[fact.id] = worth.get(fact.id, 0.0) + fails * lost
        return worth

    # -- visits

    def _visit(self, place: str, fields: Collection[Asked], doubt: float = math.inf) -> VisitChoice:
        tells = min(fsum(one.tells for one in fields), doubt)
        saves = fsum(one.saves for one in fields)
        return VisitChoice(
            place, tuple(fields), difference(tells), difference(saves), self._minutes(fields)
        )

    def _minutes(self, fields: Iterable[Asked]) -> float:
        """What these fields take, with the way to each of their pages."""
        fields = list(fields)
        pages = sorted({self._page(one.question) for one in fields} - {""})
        ways = fsum(self._knowledge.places[page].effort for page in pages)
        return ways + fsum(self._effort(one.fact) for one in fields)

    def _telling(self, visit: VisitChoice) -> tuple[float, str]:
        return -difference(visit.tells / (visit.minutes + self._knowledge.patience)), visit.place

    def _saving(self, visit: VisitChoice) -> tuple[float, str]:
        return -difference(visit.saves / (visit.minutes + self._knowledge.patience)), visit.place

    def _net(self, visit: VisitChoice) -> float:
        return visit.saves - visit.minutes - self._knowledge.patience

    def _page(self, question: Question) -> str:
        return self._knowledge.facts[question.fact].place

    def _visited(self, question: Question) -> str:
        return self._knowledge.visited(question.fact)

    def _effort(self, fact: str) -> float:
        """The minutes that a field takes at its place."""
        known: Fact = self._knowledge.facts[fact]
        there = self._knowledge.places[known.place].effort if known.place else 0.0
        return max(known.effort - there, 0.0)


def _with_their_gates(kept: Iterable[Asked], fields: Iterable[Asked]) -> list[Asked]:
    """Those of the fields that are kept, or that others of them wait for."""
    known = {one.fact: one for one in fields}
    found = {one.fact for one in kept}
    waiting = list(found)
    while waiting:
        gates = known.keys() & known[waiting.pop()].waits_for.keys()
        waiting += sorted(gates - found)
        found |= gates
    return without_lone([one for one in known.values() if one.fact in found])


def without_lone(fields: Iterable[Asked]) -> list[Asked]:
    """The fields without those that wait for others that are not among them."""
    kept = list(fields)
    while True:
        ids = {one.fact for one in kept}
        here = [one for one in kept if not one.waits_for or ids & one.waits_for.keys()]
        if len(here) == len(kept):
            break
        kept = here
    return [
        one._replace(waits_for={id: one.waits_for[id] for id in one.waits_for if id in ids})
        for one in kept
    ]
