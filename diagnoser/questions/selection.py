"""Which question to ask next: until a cause is nearly certain, the one that tells most of it per
minute of effort; then, of those whose answer could change the first step or the first cause, the
one that is expected to save the most per minute of effort.

What saves minutes looks one answer ahead, and where many causes are possible no single answer
changes the first step, though two of them would; so it does not decide there. Once a cause is
nearly certain, a question that could change only later steps is not asked: if the first step helps,
it need not be asked at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from diagnoser.belief.belief import Belief, revise, unmended
from diagnoser.case.case import Case
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import HELPED, Fact, Knowledge
from diagnoser.knowledge.values import Value
from diagnoser.planning.lookahead import Lookahead
from diagnoser.planning.planner import Plan, Planner
from diagnoser.questions.answer_probability import answer_chances, cause_weights
from diagnoser.questions.question import Foreseen, Question, Rank, saves_most, tells_most

NEARLY_CERTAIN = 0.9
"""A first cause with at least this is taken as known."""


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
        self._waiting = _waiting(knowledge)

    def open(self, case: Case) -> Iterator[Fact]:
        """The facts that may still be asked: not answered, not even "not sure", and relevant."""
        for fact in self._knowledge.facts.values():
            if fact.askable and not _answered(fact, case) and _relevant(fact, case.known):
                yield fact

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
                return Advice(min(telling, key=tells_most), "", stop=False)
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
        return Advice(min(worth_it, key=saves_most), "", stop=False)

    def weighed(self, case: Case, belief: Belief, plan: Plan) -> Iterator[Question]:
        """Every question that may still be asked, with its value."""
        found = self._evaluator.evaluate(case.known, case.tentative)
        findings = found._replace(hypotheses=belief.hypotheses)
        here = _Here(
            findings,
            belief,
            lambda: plan,
            cause_weights(belief),
            Lookahead(self._planner, case.tried),
            unmended(self._knowledge, case.tried),
            case.unsure,
        )
        for fact in self.open(case):
            yield self._question(fact, here)

    def _question(self, fact: Fact, here: _Here) -> Question:
        answers = tuple(self._foresee(fact, here))
        return Question(fact, answers, here.belief, here.planned, self._knowledge)

    def _foresee(self, fact: Fact, here: _Here) -> Iterator[Foreseen]:
        findings = here.findings
        news = [_news(fact, value, findings.known) for value, _ in fact.typical]
        learnt = [self._evaluator.learn(findings, one) for one in news]
        possible = [then.contradictions <= findings.contradictions for then in learnt]
        chances = answer_chances(fact, findings, learnt, here.weights, possible)
        for (value, _), then, chance in zip(fact.typical, learnt, chances, strict=True):
            belief, planned = here.belief, here.planned
            if then.hypotheses is not findings.hypotheses or then.barred != findings.barred:
                changed = then.causes_changed(findings)
                belief = revise(self._knowledge, belief, then.hypotheses, changed, here.left)
                planned = partial(here.lookahead.plan, belief, then.barred)
            opens = partial(self._opened, fact, here, then, belief, planned)
            yield Foreseen(value, chance, belief, planned, opens)

    def _opened(
        self,
        gate: Fact,
        here: _Here,
        findings: Findings,
        belief: Belief,
        planned: Callable[[], Plan],
    ) -> Iterator[Question]:
        """The questions that may be asked only after an answer to the gate, with which this is
        found, believed and planned."""
        for fact in self._waiting.get(gate.id, ()):
            answered = fact.id in findings.known or fact.id in here.unsure
            opened = _relevant(fact, findings.known) and not _relevant(fact, here.findings.known)
            if opened and not answered:
                weights = cause_weights(belief)
                then = here._replace(
                    findings=findings, belief=belief, planned=planned, weights=weights
                )
                yield self._question(fact, then)


class _Here(NamedTuple):
    """Where answers are foreseen from: what is found, believed and planned with the answers so far;
    how much each cause counts in the probabilities of answers; and what is the same for the whole
    case: the plans with other answers, what was tried left of the causes, and what was answered
    "not sure"."""

    findings: Findings
    belief: Belief
    planned: Callable[[], Plan]
    weights: Mapping[str, float]
    lookahead: Lookahead
    left: Mapping[str, float]
    unsure: frozenset[str]


def _waiting(knowledge: Knowledge) -> dict[str, list[Fact]]:
    """For each fact that can be asked, those that may become relevant with its answer."""
    waiting: dict[str, list[Fact]] = {}
    for fact in knowledge.facts.values():
        read = asked_for(fact.only_if, knowledge.facts) if fact.askable and fact.only_if else set()
        for gate in knowledge.facts.values():
            if gate.askable and not read.isdisjoint((gate.id, *(gate.derives or ()))):
                waiting.setdefault(gate.id, []).append(fact)
    return waiting


def _answered(fact: Fact, case: Case) -> bool:
    """Whether the fact is known, or was answered "not sure"."""
    return fact.id in case.known or fact.id in case.unsure


def _news(fact: Fact, value: Value, known: Mapping[str, Value]) -> dict[str, Value]:
    """What an answer adds to what is known."""
    return {id: one for id, one in fact.makes_known(value).items() if id not in known}


def _relevant(fact: Fact, known: Mapping[str, Value]) -> bool:
    """Whether the fact can be asked of such a case, and nothing is known that says the same."""
    said = any(id in known for id in fact.unless_answered)
    return not said and (fact.only_if is None or bool(fact.only_if.outcome(known)))


def order(belief: Belief) -> Callable[[Question], Rank]:
    """What questions go by: until a cause is nearly certain, by what they tell of it, then by what
    they save."""
    return tells_most if belief.chance_of_first < NEARLY_CERTAIN else saves_most
