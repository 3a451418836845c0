"""One conversation, without its terminal: which question is next, what an answer means, what was
tried, and back again.

All that was said is kept in order, and what is known follows from it: to go back is to forget the
last thing said. Every question comes from `Diagnoser.next_question` on the facts so far; but when a
step did not help, the facts that it says to `look_again` at are asked first. A host program that
does the same asks the same questions, statelessly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from diagnoser.api import Diagnoser
from diagnoser.interview import typed_answers
from diagnoser.interview.history import (
    Answer,
    Diagnosed,
    Enough,
    Outcome,
    Said,
    SoFar,
    Written,
    known_after,
    nested,
    with_prefix,
)
from diagnoser.knowledge.model import DID_NOT_HELP, HELPED, TRIED, Fact
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.report.model import Contradiction, NextQuestion, PlanStep, Report

LEAST_CHANCE = 0.005
"""Steps that help with a smaller chance are not worth doing when no others are left."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to do now: a step and whether it stands alone (`step`), is one of several to be verified
    together (`must`, number `place` of `total`), prepares a later one (`prepare`), or ends the plan
    (`hand-over`). `verify` is the check after several steps, without one of its own."""

    kind: Literal["step", "must", "verify", "prepare", "hand-over"]
    step: PlanStep | None = None
    place: int = 1
    total: int = 1


@dataclass
class Interview:
    """A conversation with one person.

    `given` was known before it, by fact id; `said` is what happened in it, in order.
    """

    diagnoser: Diagnoser
    given: dict[str, Any] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    thorough: bool = False
    max_questions: int | None = None

    # -- what is known

    @property
    def answers(self) -> dict[str, Any]:
        """What was asked for and answered, in this order, without what is irrelevant by now."""
        return self._known().answers

    @property
    def tried(self) -> dict[str, str]:
        """The remedies that were tried, with their outcome as in a facts file."""
        return self._known().tried

    @property
    def done(self) -> list[str]:
        """The steps that are done but not verified yet."""
        return self._known().done

    @property
    def steps(self) -> int:
        """How many steps were taken up in this conversation, whatever came of them."""
        outcomes = [one for one in self.said if isinstance(one, Outcome)]
        return len({remedy for one in outcomes for remedy in one.remedies})

    @property
    def diagnosed(self) -> bool:
        """Whether the first plan was shown."""
        return any(isinstance(one, Diagnosed) for one in self.said)

    @property
    def fixed(self) -> bool:
        return HELPED in self.tried.values()

    def facts(self) -> Written:
        """What is known now, as an answer sheet."""
        return nested(self._known())

    def current(self) -> dict[str, Any]:
        """What is known now by fact id: given, then asked, then tried."""
        known = self._known()
        return known.given | known.answers | with_prefix(known.tried)

    def _known(self) -> SoFar:
        known = known_after(self.given, self.said)
        facts = self.diagnoser.knowledge.facts
        while known.answers:  # an answer may have made others irrelevant, and those others again
            values = self.diagnoser.sheet.read(nested(known)).known
            idle = [
                id
                for id in known.answers
                if (relevant := facts[id].only_if) is not None and relevant.outcome(values) is False
            ]
            if not idle:
                break
            for id in idle:
                del known.answers[id]
        return known

    def fact(self, id: str) -> Fact:
        return self.diagnoser.knowledge.facts[id]

    def label(self, id: str, value: Any) -> str:
        """An answer as people read it."""
        if value == UNKNOWN:
            return "Not sure"
        if id.startswith(TRIED) and value == DID_NOT_HELP:
            remedy = self.diagnoser.knowledge.remedies[id.removeprefix(TRIED)]
            if not remedy.fixes:  # it only prepares a later step
                return "it is done"
        kind = self.fact(id).kind
        return kind.label(kind.parse(value)).strip()

    # -- questions and answers

    def next_fact(self) -> str | None:
        """What to ask now: `again`, then `question`; None when it is time to stop asking."""
        if self.enough:
            return None
        again = self.again()
        question = None if again else self.question()
        return question.fact if question else again

    def again(self) -> str | None:
        """What to ask once more, because a step may have changed it; None when nothing is left.

        It is asked however many questions were allowed, and counts as one of them.
        """
        current = self.current()
        forgotten = {fact for fact, _ in self.forgotten() if fact not in current}
        may_be_asked = self.diagnoser.may_be_asked(self.facts()) if forgotten else []
        return next((id for id in may_be_asked if id in forgotten), None)

    def forgotten(self) -> Iterator[tuple[str, Any]]:
        """The facts that steps may have changed, and what was answered before the step."""
        before = dict(self.given)
        for one in self.said:
            if isinstance(one, Answer):
                before[one.fact] = one.value
            elif isinstance(one, Outcome):
                yield from ((fact, before[fact]) for fact in one.forgot if fact in before)

    def question(self) -> NextQuestion | None:
        """The next question by what is known, or None when it is time to stop asking."""
        if self.exhausted:
            return None
        return self.diagnoser.next_question(self.facts(), thorough=self.thorough)

    @property
    def exhausted(self) -> bool:
        """Whether as many questions were answered as were allowed."""
        asked = sum(isinstance(one, Answer) for one in self.said)
        return self.max_questions is not None and asked >= self.max_questions

    @property
    def enough(self) -> bool:
        """Whether the person wants no more questions until a step has been tried."""
        last = next((one for one in reversed(self.said) if isinstance(one, Enough | Outcome)), None)
        return isinstance(last, Enough)

    def report(self) -> Report:
        """The diagnosis of what is known now."""
        return self.diagnoser.diagnose(self.facts(), look_ahead=True)

    def contradictions(self) -> list[Contradiction]:
        """The answers that do not fit together."""
        return self.diagnoser.diagnose(self.facts()).contradictions

    def answer(self, fact: str, text: str) -> Any:
        """Takes what a person typed for a fact, and returns its value as in a facts file.

        An answer that was given before is changed where it stands, so that `back` still leads to
        the last question. Raises InvalidFacts with what is allowed.
        """
        value = typed_answers.parse_typed(self.fact(fact), text)
        remedy = fact.removeprefix(TRIED)
        if fact.startswith(TRIED) and remedy in self.tried and self._change_outcome(remedy, value):
            return value
        known = self._known()
        if fact in known.given or (fact.startswith(TRIED) and fact in self.given):
            self.given[fact] = value
        elif fact in known.answers:
            place = max(
                place
                for place, one in enumerate(self.said)
                if isinstance(one, Answer) and one.fact == fact
            )
            self.said[place] = Answer(fact, value)
        else:
            self.said.append(Answer(fact, value))
        return value

    def _change_outcome(self, remedy: str, outcome: str) -> bool:
        """Changes how a step went, or takes it back; says whether it was in this conversation."""
        for place in reversed(range(len(self.said))):
            one = self.said[place]
            if isinstance(one, Outcome) and remedy in one.remedies:
                rest = tuple(other for other in one.remedies if other != remedy)
                new: list[Said] = [replace(one, remedies=rest)] if rest or one.forgot else []
                if outcome != UNKNOWN:
                    new.append(Outcome((remedy,), outcome))
                self.said[place : place + 1] = new
                return True
        return False

    def back(self) -> Answer | Outcome | None:
        """Takes back the last thing said that still counts, and returns it; None when there is
        none."""
        while self.said:
            before = self.answers
            last = self.said.pop()
            if isinstance(last, Outcome) or (isinstance(last, Answer) and last.fact in before):
                return last
        return None

    # -- what was tried

    def task(self, report: Report) -> Task | None:
        """What to do now by the plan of this report; None when nothing is left that may help."""
        done = self.done
        steps = [step for step in report.plan.steps if step.remedy not in done]
        first = steps[0] if steps else None
        if done and (first is None or not first.must or first.hand_over):
            return Task("verify")
        if first is None or not any(map(_may_help, steps)):
            return None
        if first.hand_over and len(steps) == 1:
            return Task("hand-over", first)
        if first.must:
            total = len(done) + sum(step.must and not step.hand_over for step in steps)
            return Task("must" if total > 1 else "step", first, len(done) + 1, total)
        return Task("prepare" if first.chance is None and not first.hand_over else "step", first)

    def outcome(self, step: PlanStep, outcome: str) -> list[str]:
        """Notes how a step of the plan went; returns the facts that may have changed by it and were
        made unknown.

        What proved a cause was true before the step. When the step was done and it still fails, it
        may be true no longer: it is asked `again`. A step that is `DONE` is verified later, with
        the others of its kind.
        """
        if outcome == HELPED:
            return self.verified(HELPED, step.remedy)
        forgot = step.look_again if outcome == DID_NOT_HELP else []
        self.said.append(Outcome((step.remedy,), outcome, tuple(forgot)))
        return forgot

    def verified(self, outcome: str, *more: str) -> list[str]:
        """Notes whether all the steps that are done, and `more`, helped together; returns as
        `outcome` does."""
        done = [*self.done, *more]
        forgot: list[str] = []
        if outcome == DID_NOT_HELP:
            steps = self.diagnoser.diagnose(self.facts()).plan.steps
            changed = {id for step in steps if step.remedy in done for id in step.look_again}
            forgot = [id for id in self.diagnoser.knowledge.facts if id in changed]
        self.said.append(Outcome(tuple(done), outcome, tuple(forgot)))
        return forgot


def _may_help(step: PlanStep) -> bool:
    return step.must or step.hand_over or (step.chance or 0.0) >= LEAST_CHANCE
