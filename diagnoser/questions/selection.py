"""Which question to ask next: until a cause is nearly certain, the one that tells most of it per
minute of effort; then, of those whose answer could change the first step or the first cause, the
one that is expected to save the most per minute of effort.

A question may be asked only to open the way to another: whether the iPhone is on Wi-Fi tells little
by itself, but how strong the signal is can only be asked of one that is. So what a question tells
is what it tells together with the best of those that its answers open the way to.

What a question tells is its expected information about the cause (D. V. Lindley, "On a measure of
the information provided by an experiment", 1956). Entropy, unlike the chance of naming the right
cause, also counts what is taken away from the causes further down, of which one may be the true
one.

What saves minutes looks one answer ahead, and where many causes are possible no single answer
changes the first step, though two of them would; so it does not decide there. Once a cause is
nearly certain, a question that could change only later steps is not asked: if the first step helps,
it need not be asked at all.

The value of a question is the expected cost now, minus its expectation over the answers, minus the
effort. The cost is that of the plan, and of naming a wrong cause first.

A round-up asks for several facts at once, each of which rules out a rare cause at best, so that
none of them alone would be worth a question. It is weighed like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from math import fsum
from typing import NamedTuple

from diagnoser.belief.belief import Belief, revise, unmended
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import HELPED, Fact, Knowledge
from diagnoser.knowledge.values import Value
from diagnoser.planning.lookahead import Foresight, Foretold
from diagnoser.planning.planner import Plan, Planner
from diagnoser.planning.proven_causes import A_MOMENT
from diagnoser.planning.rounding import difference
from diagnoser.questions.answer_probability import answer_chances, cause_weights

NEARLY_CERTAIN = 0.9
"""A first cause with at least this is taken as known."""

SEVERAL = 2
"""A round-up asks for so many facts at least, else they are asked for one by one."""

ROUNDING = 1e-9
"""What tells less than this tells nothing."""


class Foreseen(NamedTuple):
    """One possible answer: its value, its probability, what the plan and the causes would become,
    and the questions that it opens the way to."""

    value: Value
    probability: float
    belief: Belief
    plan: Plan | Foretold
    opens: Callable[[], Iterable[Question]]


class Question:
    """A fact worth asking for, what each answer would bring, and what is believed and planned
    without it."""

    def __init__(self, fact: Fact, answers: tuple[Foreseen, ...], now: _Now) -> None:
        self.fact = fact.id
        self.answers = answers
        self.effort = fact.effort
        self._now = now

    @cached_property
    def saves(self) -> float:
        """The minutes that asking is expected to save."""
        cost = self._now.cost
        then = fsum(one.probability * cost(one.belief, one.plan) for one in self.answers)
        return difference(cost(self._now.belief, self._now.plan) - then - self.effort)

    @property
    def rate(self) -> float:
        """The minutes that each minute of effort saves."""
        return difference((self.saves + self.effort) / max(self.effort, A_MOMENT))

    @cached_property
    def tells(self) -> float:
        """By how much asking, and then the best that the answer opens the way to, is expected to
        lessen the doubt about the cause, in bits."""
        then = fsum(one.probability * one.belief.doubt for one in self.answers)
        after = fsum(chance * best.tells for chance, best in self._afterwards())
        return difference(self._now.belief.doubt - then + after)

    @property
    def telling(self) -> float:
        """How much of that each minute of effort and patience tells."""
        return difference(self.tells / max(self.minutes, A_MOMENT))

    @property
    def minutes(self) -> float:
        """What it costs to be told that much: minutes of effort, and patience for each question."""
        after = fsum(chance * best.minutes for chance, best in self._afterwards())
        return self.effort + self._now.knowledge.patience + after

    @cached_property
    def after(self) -> dict[Value, Question]:
        """For the answers that open the way to questions that tell something, the one of those that
        tells most."""
        after = {}
        for one in self.answers:
            telling = [opened for opened in one.opens() if opened.tells > ROUNDING]
            if telling and one.probability > 0:
                after[one.value] = min(telling, key=_tells_most)
        return after

    def _afterwards(self) -> Iterator[tuple[float, Question]]:
        """The same with the probability of the answer."""
        for one in self.answers:
            if one.value in self.after:
                yield one.probability, self.after[one.value]

    @property
    def decides(self) -> bool:
        """Whether some answer would change the first step or the first cause."""
        first = self._now.plan.first, self._now.belief.first
        return any(
            answer.probability > 0 and (answer.plan.first, answer.belief.first) != first
            for answer in self.answers
        )


class Advice(NamedTuple):
    """The next question, or None and the reason to stop asking."""

    question: Question | None
    because: str
    stop: bool


class Questioner:
    """Chooses questions for one knowledge."""

    def __init__(self, knowledge: Knowledge, evaluator: Evaluator, planner: Planner) -> None:
        self._knowledge = knowledge
        self._evaluator = evaluator
        self._planner = planner
        self._gates: dict[str, list[Fact]] = {}
        for fact in knowledge.facts.values():
            read = facts_of(fact.only_if) if fact.askable and fact.only_if else frozenset()
            for gate in knowledge.facts.values():
                if gate.askable and not read.isdisjoint((gate.id, *(gate.derives or ()))):
                    self._gates.setdefault(gate.id, []).append(fact)

    def open(self, case: Case) -> Iterator[Fact]:
        """The facts that may still be asked: not answered, not even "not sure", and relevant; a
        round-up, if none of the facts that it asks for was answered, and several are relevant."""
        for fact in self._knowledge.facts.values():
            may_be = fact.askable and not _answered(fact, case) and _relevant(fact, case.known)
            if may_be and (not fact.round_up or self._untouched(fact, case)):
                yield fact

    def _untouched(self, round_up: Fact, case: Case) -> bool:
        """Whether a round-up asks for nothing that was answered, and for several facts."""
        parts = [self._knowledge.facts[id] for id in round_up.derives or ()]
        relevant = sum(_relevant(part, case.known) for part in parts)
        return relevant >= SEVERAL and not any(_answered(part, case) for part in parts)

    def advise(self, case: Case, belief: Belief, plan: Plan, thorough: bool = False) -> Advice:
        """The next question for a case with this belief and plan; `thorough` asks whatever may
        still be asked."""
        if HELPED in case.tried.values():
            return Advice(None, "Nothing is left to find out: a remedy has helped.", stop=True)
        questions = list(self.weighed(case, belief, plan))
        if not questions:
            return Advice(None, "Everything that can be asked is known.", stop=True)
        if thorough:
            return Advice(min(questions, key=order(belief)), "", stop=False)
        if belief.chance_of_first < NEARLY_CERTAIN:
            telling = [one for one in questions if one.tells > self._knowledge.worth_knowing]
            if telling:
                return Advice(min(telling, key=_tells_most), "", stop=False)
        deciding = [question for question in questions if question.decides]
        if not deciding:
            return Advice(
                None,
                "No single answer that is still missing would change the first step or the most "
                "probable cause.",
                stop=True,
            )
        worth_it = [one for one in deciding if one.saves > self._knowledge.worth_asking]
        if not worth_it:
            return Advice(
                None, "No question that is left is worth the time it takes to answer.", stop=True
            )
        return Advice(min(worth_it, key=_saves_most), "", stop=False)

    def weighed(self, case: Case, belief: Belief, plan: Plan) -> Iterator[Question]:
        """Every question that may still be asked, with its value."""
        findings = self._evaluator.evaluate(case.known)._replace(hypotheses=belief.hypotheses)
        foresight = Foresight(self._planner, belief, case.tried, findings.barred, plan)
        left = unmended(self._knowledge, case.tried)
        now = _Now(
            findings,
            belief,
            plan,
            foresight,
            cause_weights(belief),
            left,
            case.unsure,
            self._knowledge,
        )
        for fact in self.open(case):
            yield Question(fact, tuple(self._foresee(fact, now)), now)

    def _foresee(self, fact: Fact, now: _Now) -> Iterator[Foreseen]:
        findings = now.findings
        news = [_news(fact, value, findings.known) for value, _ in fact.typical]
        learnt = [self._evaluator.learn(findings, one) for one in news]
        possible = [then.contradictions <= findings.contradictions for then in learnt]
        chances = answer_chances(fact, findings, learnt, now.weights, possible)
        for (value, _), then, chance in zip(fact.typical, learnt, chances, strict=True):
            belief, plan = now.belief, now.plan
            if then.hypotheses is not findings.hypotheses or then.barred != findings.barred:
                belief = revise(
                    self._knowledge,
                    now.belief,
                    then.hypotheses,
                    then.causes_changed(findings),
                    now.left,
                )
                plan = now.foresight.plan(belief, then.barred)
            opens = partial(self._opened, fact, now, then, belief, plan)
            yield Foreseen(value, chance, belief, plan, opens)

    def _opened(
        self, gate: Fact, now: _Now, findings: Findings, belief: Belief, plan: Plan | Foretold
    ) -> Iterator[Question]:
        """The questions that may be asked only after an answer to the gate, with which this is
        found, believed and planned."""
        for fact in self._gates.get(gate.id, ()):
            answered = fact.id in findings.known or fact.id in now.unsure
            opened = _relevant(fact, findings.known) and not _relevant(fact, now.findings.known)
            if opened and not answered:
                weights = cause_weights(belief)
                then = now._replace(findings=findings, belief=belief, plan=plan, weights=weights)
                yield Question(fact, tuple(self._foresee(fact, then)), then)


class _Now(NamedTuple):
    """Where all answers are foreseen from."""

    findings: Findings
    belief: Belief
    plan: Plan | Foretold
    foresight: Foresight
    weights: Mapping[str | None, float]
    left: Mapping[str, float]
    unsure: frozenset[str]
    knowledge: Knowledge

    def cost(self, belief: Belief, plan: Plan | Foretold) -> float:
        """Minutes of a plan, and what it costs that the first cause may be a wrong one."""
        return plan.expected_minutes + self.knowledge.wrong_cause * (1 - belief.chance_of_first)


def _answered(fact: Fact, case: Case) -> bool:
    """Whether the fact is known, or was answered "not sure"."""
    return fact.id in case.known or fact.id in case.unsure


def _news(fact: Fact, value: Value, known: Mapping[str, Value]) -> dict[str, Value]:
    """What an answer adds to what is known."""
    return {id: one for id, one in fact.makes_known(value).items() if id not in known}


def _relevant(fact: Fact, known: Mapping[str, Value]) -> bool:
    """Whether the fact can be asked of such a case."""
    return fact.only_if is None or bool(fact.only_if.outcome(known))


Rank = tuple[float, str]
"""Where a question stands among others: the smallest goes first, ties go by the fact."""


def order(belief: Belief) -> Callable[[Question], Rank]:
    """What questions go by: until a cause is nearly certain, by what they tell of it, then by what
    they save."""
    return _tells_most if belief.chance_of_first < NEARLY_CERTAIN else _saves_most


def _saves_most(question: Question) -> Rank:
    return -question.rate, question.fact


def _tells_most(question: Question) -> Rank:
    return -question.telling, question.fact
