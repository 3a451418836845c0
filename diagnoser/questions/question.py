"""What a question is worth: what it tells about the cause, and the minutes that it saves.

What it tells is its expected information about the cause (D. V. Lindley, "On a measure of the
information provided by an experiment", 1956). Entropy, unlike the chance of naming the right cause,
also counts what is taken away from causes that are less probable, of which one may be the true one.

A question may be asked only to open the way to another: whether the iPhone is on Wi-Fi tells little
by itself, but how strong the signal is can only be asked of one that is. So what a question tells
is what it tells together with the best of those that its answers open the way to.

What it saves is the expected cost now, minus its expectation over the answers, minus the effort of
answering. The cost is that of the plan, and of naming a wrong cause first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from math import fsum
from typing import NamedTuple

from diagnoser.belief.belief import Belief
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.rounding import difference
from diagnoser.knowledge.values import Value
from diagnoser.planning.planner import Plan
from diagnoser.planning.remedy_table import A_MOMENT

ROUNDING = 1e-9
"""What tells less than this tells nothing."""


class Foreseen(NamedTuple):
    """One possible answer: its value, its probability, and what would be believed with it.

    What would be planned, and the questions that the answer opens the way to, are worked out when
    they are asked for: most questions are chosen without them.
    """

    value: Value
    probability: float
    belief: Belief
    planned: Callable[[], Plan]
    opens: Callable[[], Iterable[Question]]

    @property
    def plan(self) -> Plan:
        return self.planned()


class Question:
    """A fact worth asking for, what each answer would bring, and what is believed and planned
    without it. `effort` is in minutes."""

    def __init__(
        self,
        fact: Fact,
        answers: tuple[Foreseen, ...],
        belief: Belief,
        planned: Callable[[], Plan],
        knowledge: Knowledge,
    ) -> None:
        self.fact = fact.id
        self.answers = answers
        self.effort = fact.effort
        self.belief = belief
        self._planned = planned
        self._knowledge = knowledge

    @cached_property
    def saves(self) -> float:
        """The minutes that asking is expected to save."""
        then = fsum(one.probability * self._cost(one.belief, one.plan) for one in self.answers)
        return difference(self._cost(self.belief, self._planned()) - then - self.effort)

    def _cost(self, belief: Belief, plan: Plan) -> float:
        """Minutes of a plan, and what it costs that the first cause may be a wrong one."""
        return plan.expected_minutes + self._knowledge.wrong_cause * (1 - belief.chance_of_first)

    @property
    def rate(self) -> float:
        """The minutes that each minute of effort saves."""
        return difference((self.saves + self.effort) / max(self.effort, A_MOMENT))

    @cached_property
    def tells_alone(self) -> float:
        """By how much the answer is expected to lessen the doubt about the cause, in bits."""
        then = fsum(one.probability * one.belief.doubt for one in self.answers)
        return difference(self.belief.doubt - then)

    @cached_property
    def tells(self) -> float:
        """The same of the answer, and then of the best that it opens the way to."""
        after = fsum(chance * best.tells for chance, best in self._afterwards())
        return difference(self.tells_alone + after)

    @property
    def telling(self) -> float:
        """How much of that each minute of effort and patience tells."""
        return difference(self.tells / max(self.minutes, A_MOMENT))

    @property
    def minutes(self) -> float:
        """What it costs to be told that much: minutes of effort, and patience for each question."""
        after = fsum(chance * best.minutes for chance, best in self._afterwards())
        return self.effort + self._knowledge.patience + after

    @cached_property
    def opened(self) -> list[tuple[Foreseen, list[Question]]]:
        """The answers that open the way to other questions, with these questions."""
        possible = [one for one in self.answers if one.probability > 0]
        return [(one, found) for one in possible if (found := list(one.opens()))]

    @cached_property
    def after(self) -> dict[Value, Question]:
        """For the answers that open the way to questions that tell something, the one of those that
        tells most."""
        after = {}
        for one, opened in self.opened:
            if telling := [question for question in opened if question.tells > ROUNDING]:
                after[one.value] = min(telling, key=tells_most)
        return after

    def _afterwards(self) -> Iterator[tuple[float, Question]]:
        """The same with the probability of the answer."""
        for one in self.answers:
            if one.value in self.after:
                yield one.probability, self.after[one.value]

    @property
    def decides(self) -> bool:
        """Whether some answer would change the first step or the first cause."""
        step, cause = self._planned().first, self.belief.first
        return any(
            answer.probability > 0 and (answer.belief.first != cause or answer.plan.first != step)
            for answer in self.answers
        )


Rank = tuple[float, str]
"""Where a question stands among others: the smallest goes first, ties go by the fact."""


def saves_most(question: Question) -> Rank:
    return -question.rate, question.fact


def tells_most(question: Question) -> Rank:
    return -question.telling, question.fact
