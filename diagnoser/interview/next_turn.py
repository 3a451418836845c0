"""What a conversation comes to next: the rest of a visit, what a step may have changed, the visit
that is worth most, a look at the phone later, what was tried, a step of the plan, or the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from diagnoser.api import Diagnoser, Survey
from diagnoser.case.case import Case
from diagnoser.interview import tasks
from diagnoser.interview.forms import Forms
from diagnoser.interview.history import SoFar, nested
from diagnoser.interview.turns import TRIED_FIELD, End, Look, Turn, Visit
from diagnoser.interview.wording import label
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import HELPED
from diagnoser.planning.planner import Plan
from diagnoser.questions.visits import Opening, VisitChoice, without_lone
from diagnoser.report.model import Report

MOST_VISITS = 20
"""Nobody is asked for more visits than these before a step is tried."""
LEFT_OPEN = 2
"""Visits in a row that nothing was answered at, after which the person cannot look now."""
TO_LOOK_AT = 5
"""Visits that somebody who cannot look now is given to make later, at most."""
LAST = 1
"""With so many further visits in sight, or fewer, a visit also asks what was tried."""
FEW = 5
"""No more visits than these are said to be left: what one of them tells makes others needless."""
BEGINNING = 4
"""Steps that the plan begins with, of which somebody is asked whether they were tried."""


class NextTurn:
    """Chooses the next turn of a conversation from what is known so far; `steps` were taken up in
    it."""

    def __init__(
        self,
        diagnoser: Diagnoser,
        so_far: SoFar,
        steps: int,
        thorough: bool,
        max_questions: int | None,
    ) -> None:
        self._diagnoser = diagnoser
        self._knowledge = diagnoser.knowledge
        self._so_far = so_far
        self._steps = steps
        self._thorough = thorough
        self._max_questions = max_questions
        self._forms = Forms(diagnoser.knowledge)

    @cached_property
    def _case(self) -> Case:
        return self._diagnoser.sheet.read(nested(self._so_far))

    @cached_property
    def _open(self) -> list[str]:
        """The facts that may be asked for now."""
        return self._diagnoser.may_be_asked(nested(self._so_far))

    def next(self) -> Turn:
        """What to ask, to do or to say now."""
        so_far = self._so_far
        if HELPED in so_far.tried.values():
            return End(how="fixed", text="It works again.")
        if not so_far.done and not so_far.enough:
            turn = self._rest_of_visit() or self._again() or self._to_find_out()
            if turn is not None:
                return turn
        report = self._diagnoser.report_of(self._survey)
        if not so_far.done and not so_far.enough and (visit := self._look_first(report)):
            return visit
        done = [self._knowledge.remedies[id] for id in dict.fromkeys(so_far.done)]
        return tasks.task(report, done, self._steps)

    def report(self) -> Report:
        """The diagnosis of what is known now; what was left open can be looked at yet."""
        passed = self._so_far.passed - self._so_far.not_looked_at
        return self._diagnoser.diagnose(nested(self._so_far), look_ahead=True, passed=passed)

    def _look_first(self, report: Report) -> Visit | None:
        """A visit to what may forbid the first step, unless its page was opened before; the report
        names it all the same."""
        look = report.plan.look
        if look is None or self._may_ask == 0:
            return None
        if look.kind == "make-sure":
            return self._make_sure([one.fact for one in look.facts], look.because)
        if look.kind != "may-forbid":
            return None
        if report.finding.kind == "nothing-wrong":
            return None
        passed = self._so_far.passed
        fields = [one.fact for one in look.facts if one.fact in self._open]
        fields = [id for id in fields if id not in passed]
        return self._plain(look.place or "", {id: {} for id in fields}, 0) if fields else None

    def _make_sure(self, facts: Iterable[str], because: str) -> Visit | None:
        """A visit to ask once more for what somebody is not sure of, unless they were asked."""
        so_far = self._so_far
        known = so_far.given | so_far.answers
        asked = [id for id in facts if id not in so_far.doubtful | so_far.passed]
        if not asked:
            return None
        place = self._knowledge.visited(asked[0])
        visit = self._plain(place, {id: {} for id in asked}, 0)
        fields = [
            one.model_copy(
                update={
                    "why": because,
                    "thought": label(self._knowledge, one.fact, known[one.fact]),
                }
            )
            for one in visit.fields
        ]
        return visit.model_copy(update={"fields": fields})

    def look(self) -> Look:
        """What is worth looking at now, the most useful first, whatever was left open."""
        self._so_far.looked()
        survey = self._survey
        choices = survey.visits.choices[:TO_LOOK_AT]
        return Look(visits=[self._form_of(one, survey, 0) for one in choices])

    def stop(self) -> str:
        """Why no more is asked."""
        if self._so_far.enough:
            return "As you wished. The plan goes by what is known so far."
        if self._may_ask == 0:
            questions = (
                "1 question" if self._max_questions == 1 else f"{self._max_questions} questions"
            )
            return f"As you wished: {questions} at most."
        return self._survey.visits.because or "You have answered many questions already."

    def aside(self, visit: Visit) -> list[str]:
        """The facts that may be asked for on the same pages, and are not."""
        facts = self._knowledge.facts
        asked = {one.fact for one in visit.fields} - {TRIED_FIELD}
        pages = {facts[id].place for id in asked}
        return [id for id in self._open if id not in asked and facts[id].place in pages]

    def _rest_of_visit(self) -> Visit | None:
        """The visit that was begun, with the fields that are left."""
        here = self._so_far.here
        if here is None:
            return None
        waits = [id for id in here.waits if id != TRIED_FIELD]
        opening = {id: self._opening(id, waits) for id in waits}
        fields = {id: opening[id] for id in waits if id in self._open or opening[id]}
        rest = self._plain(here.place, fields, 0) if fields else None
        if TRIED_FIELD not in here.waits:
            return rest
        survey = self._survey
        return self._with_tried(rest, survey) if rest else self._what_was_tried(survey)

    def _opening(self, id: str, others: Iterable[str]) -> Opening:
        """The answers to other facts that make this one relevant, if it is not so already."""
        facts = self._knowledge.facts
        relevant = facts[id].only_if
        if relevant is None or id in self._open:
            return {}
        gates = asked_for(relevant, facts).intersection(others)
        found = {
            gate: tuple(
                value
                for value, _ in facts[gate].typical
                if relevant.outcome({**self._case.known, **facts[gate].makes_known(value)})
            )
            for gate in sorted(gates)
        }
        return {gate: values for gate, values in found.items() if values}

    def _again(self) -> Visit | None:
        """What a step may have changed, place by place; it is asked however many questions were
        allowed."""
        known = self._so_far.given | self._so_far.answers
        forgotten = {id for id in self._so_far.before if id not in known} - self._so_far.passed
        fields = [id for id in self._open if id in forgotten] if forgotten else []
        if not fields:
            return None
        place = self._knowledge.visited(fields[0])
        here = [id for id in fields if self._knowledge.visited(id) == place]
        others = {self._knowledge.visited(id) for id in fields} - {place}
        return self._plain(place, {id: {} for id in here}, len(others))

    def _plain(self, place: str, fields: Mapping[str, Opening], left: int) -> Visit:
        before = {
            id: label(self._knowledge, id, self._so_far.before[id])
            for id in fields
            if id in self._so_far.before
        }
        return self._forms.plain(place, fields, self._case, None, left, before)

    def _to_find_out(self) -> Visit | Look | None:
        """The next visit, or a list for somebody who cannot look; None when it is time to stop."""
        if self._so_far.left_open >= LEFT_OPEN and self._may_ask > 0:
            return self.look()
        survey = self._survey
        choices = survey.visits.choices
        if choices and self._so_far.visits < MOST_VISITS and self._may_ask > 0:
            left = len(choices) - 1
            visit = self._form_of(choices[0], survey, left if self._thorough else min(left, FEW))
            return self._with_tried(visit, survey) if left <= LAST else visit
        return self._what_was_tried(survey)

    @cached_property
    def _survey(self) -> Survey:
        sheet, passed = nested(self._so_far), self._so_far.passed
        return self._diagnoser.visits(sheet, passed=passed, thorough=self._thorough)

    def _form_of(self, choice: VisitChoice, survey: Survey, left: int) -> Visit:
        some = choice._replace(fields=tuple(without_lone(choice.fields[: self._may_ask])))
        return self._forms.visit(some, survey.case, _first_step(survey.plan), left)

    @property
    def _may_ask(self) -> int:
        """How many more fields may be asked."""
        if self._max_questions is None:
            return len(self._knowledge.facts)
        return max(self._max_questions - self._so_far.asked, 0)

    def _what_was_tried(self, survey: Survey) -> Visit | None:
        """A visit that only asks what was tried, where no other has done so."""
        options = self._to_have_tried(survey)
        return self._forms.tried(options, _first_step(survey.plan)) if options else None

    def _with_tried(self, visit: Visit, survey: Survey) -> Visit:
        """The visit, which also asks what was tried, unless that is known."""
        options = self._to_have_tried(survey)
        fields = [*visit.fields, *([self._forms.tried_field(options)] if options else [])]
        return visit.model_copy(update={"fields": fields})

    def _to_have_tried(self, survey: Survey) -> list[str]:
        """The remedies of which somebody is asked, once, before the first plan, whether they were
        tried: those that it begins with so far, and those that people commonly try."""
        so_far = self._so_far
        if so_far.in_the_plan or so_far.asked_what_was_tried or so_far.tried:
            return []
        if survey.visits.nothing_wrong or self._may_ask == 0:
            return []
        begins = [step.remedy for step in survey.plan.steps if step.chance is not None]
        return [*dict.fromkeys([*begins[:BEGINNING], *self._knowledge.commonly_tried])]


def _first_step(plan: Plan) -> str | None:
    """What the plan begins with, unless that is a guess, which would only frighten."""
    return None if plan.is_a_guess else plan.first
