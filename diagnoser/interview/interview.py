"""One conversation without its screen: what to ask or to do next, what was answered, how a step
went, and back again.

All that was said is kept in order, and what is known follows from it: to go back is to forget the
last thing said. Nothing else is kept, so a host that keeps the JSON can go on with it anywhere, and
the same things said lead to the same next turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import PrivateAttr, ValidationError

from diagnoser.api import Diagnoser, Facts, Survey
from diagnoser.case.json_input import parse_object
from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.interview import tasks, typed_answers
from diagnoser.interview.forms import Forms
from diagnoser.interview.history import (
    DONE,
    PREPARED,
    Confirmed,
    Enough,
    Insisted,
    Looked,
    Outcome,
    Said,
    Skipped,
    SoFar,
    Tried,
    Visited,
    Written,
    flat,
    known_after,
    nested,
    with_prefix,
)
from diagnoser.interview.session import FORMAT, MadeWith, Session, built_in, mistakes_of
from diagnoser.interview.tasks import FIXED
from diagnoser.interview.turns import TRIED_FIELD, End, Field, Look, Step, Turn, Visit
from diagnoser.knowledge.model import DID_NOT_HELP, HELPED, TRIED, Fact
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.questions.visits import VisitChoice
from diagnoser.report.model import Contradiction, Report

MOST_VISITS = 20
"""Nobody is asked for more visits than these before a step is tried."""
LEFT_OPEN = 2
"""Visits in a row that nothing was answered at, after which the person cannot look now."""
TO_LOOK_AT = 5
"""Visits that somebody who cannot look now is given to make later, at most."""
BEGINNING = 4
"""Steps that the plan begins with, of which somebody is asked whether they were tried."""


class Known(NamedTuple):
    """Something that is known: its fact, the question for it, and the answer in words."""

    fact: str
    ask: str
    answer: str


class Interview(Session):
    """A conversation with one person.

    `given` was known before it, by fact id; `said` is what happened in it, in order. Made by
    `start`, or by `load` from what `json_text` returned.
    """

    _diagnoser: Diagnoser = PrivateAttr()

    @classmethod
    def start(
        cls,
        diagnoser: Diagnoser,
        facts: Facts | None = None,
        *,
        thorough: bool = False,
        max_questions: int | None = None,
    ) -> Interview:
        """A new conversation. `facts` are known already, and not asked for.

        `thorough` asks whatever may be asked, `max_questions` bounds the fields that are. Raises
        InvalidFacts with every mistake in the facts.
        """
        case = diagnoser.sheet.read(facts or {})
        used = diagnoser.knowledge
        new = cls.model_construct(
            session=FORMAT,
            knowledge=MadeWith(id=used.id, version=used.version),
            thorough=thorough,
            max_questions=max_questions,
            given=flat(diagnoser.sheet.show(case)),
            said=[],
        )
        new._diagnoser = diagnoser
        return new

    @classmethod
    def load(cls, diagnoser: Diagnoser, text: str | bytes) -> Interview:
        """The conversation that this JSON holds.

        Raises InvalidFacts with everything in it that does not fit.
        """
        return cls.of(diagnoser, parse_object(text.encode() if isinstance(text, str) else text))

    @classmethod
    def of(cls, diagnoser: Diagnoser, data: Mapping[str, Any]) -> Interview:
        """The same, for JSON that is read already."""
        try:
            return cls.model_validate(data, context=diagnoser)
        except ValidationError as error:
            raise InvalidFacts(mistakes_of(error)) from None

    def model_post_init(self, context: Diagnoser | None, /) -> None:
        self._diagnoser = context or built_in()

    def json_text(self) -> str:
        """The conversation as JSON."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))

    # -- what is known

    @property
    def diagnoser(self) -> Diagnoser:
        return self._diagnoser

    @property
    def visits(self) -> int:
        """How many visits were made or skipped so far."""
        return self._so_far().visits

    @property
    def begun(self) -> bool:
        """Whether the last of the visits was begun, and has fields that are left."""
        return self._so_far().here is not None

    @property
    def fixed(self) -> bool:
        return HELPED in self._so_far().tried.values()

    @property
    def confirmed(self) -> bool:
        """Whether the answers were confirmed, or a step of the plan was taken up."""
        return any(isinstance(one, Confirmed | Outcome) for one in self.said)

    @property
    def steps(self) -> int:
        """How many steps were taken up in this conversation, whatever came of them."""
        outcomes = [one for one in self.said if isinstance(one, Outcome)]
        return len({remedy for one in outcomes for remedy in one.remedies})

    def facts(self) -> Written:
        """What is known now, as an answer sheet."""
        return nested(self._so_far())

    def known(self) -> list[Known]:
        """What is known now, in the order in which it was said: given, then asked, then tried."""
        so_far = self._so_far()
        values = so_far.given | so_far.answers | with_prefix(so_far.tried)
        return [Known(id, self._ask(id), self.label(id, value)) for id, value in values.items()]

    def before(self) -> list[Known]:
        """What was answered before a step that may have changed it, where it is not known so
        now."""
        so_far = self._so_far()
        known = so_far.given | so_far.answers
        changed = {id: value for id, value in so_far.before.items() if known.get(id) != value}
        return [Known(id, self._ask(id), self.label(id, value)) for id, value in changed.items()]

    def label(self, fact: str, value: Any) -> str:
        """An answer as people read it."""
        if value == UNKNOWN:
            return "Not sure"
        if fact.startswith(TRIED) and value == DID_NOT_HELP:
            remedy = self._diagnoser.knowledge.remedies[fact.removeprefix(TRIED)]
            if not remedy.fixes:  # it only prepares a later step
                return "it is done"
        kind = self._fact(fact).kind
        return kind.label(kind.parse(value)).strip()

    def field(self, fact: str) -> Field:
        """The question for something that is known, to ask it once more; for a remedy
        (`tried.<remedy>`), how it went."""
        case = self._diagnoser.sheet.read(self.facts())
        field = Forms(self._diagnoser.knowledge).field(fact, case)
        return field.model_copy(update={"ask": self._ask(fact)})

    def report(self) -> Report:
        """The diagnosis of what is known now."""
        return self._diagnoser.diagnose(self.facts(), look_ahead=True)

    def contradictions(self) -> list[Contradiction]:
        """The answers that do not fit together, without those that the person insists on."""
        insisted = [one.facts for one in self.said if isinstance(one, Insisted)]
        found = self._diagnoser.diagnose(self.facts()).contradictions
        return [one for one in found if dict(one.facts) not in insisted]

    def _fact(self, id: str) -> Fact:
        return self._diagnoser.knowledge.facts[id]

    def _ask(self, id: str) -> str:
        if id.startswith(TRIED):
            title = self._diagnoser.knowledge.remedies[id.removeprefix(TRIED)].title
            return f"{title}: how did it go?"
        return self._fact(id).ask

    def _so_far(self) -> SoFar:
        """What follows from what was said, without answers that others made irrelevant."""
        so_far = known_after(self.given, self.said)
        facts = self._diagnoser.knowledge.facts
        while so_far.answers:  # an answer may have made others irrelevant, and those others again
            values = self._diagnoser.sheet.read(nested(so_far)).known
            idle = [
                id
                for id in so_far.answers
                if (relevant := facts[id].only_if) is not None and relevant.outcome(values) is False
            ]
            if not idle:
                break
            for id in idle:
                del so_far.answers[id]
        return so_far

    # -- what comes next

    def next(self) -> Turn:
        """What to ask, to do or to say now; it changes nothing."""
        so_far = self._so_far()
        if HELPED in so_far.tried.values():
            return End(how="fixed", text="It works again.")
        if not so_far.done:
            if (visit := self._here(so_far) or self._again(so_far)) is not None:
                return visit
            if not so_far.enough and (turn := self._to_find_out(so_far)) is not None:
                return turn
        return tasks.task(self.report(), so_far.done, self.steps)

    def stop(self) -> str:
        """Why no more is asked, where `next` is no visit."""
        so_far = self._so_far()
        if so_far.enough:
            return "As you wished. The plan goes by what is known so far."
        if self._may_ask(so_far) == 0:
            return f"As you wished: {self.max_questions} questions at most."
        return self._survey(so_far).visits.because or "You have answered a lot of questions."

    def look(self) -> Look:
        """What is worth looking at now, the most useful first, whatever was left open."""
        so_far = self._so_far()
        so_far.looked()
        survey = self._survey(so_far)
        return Look(visits=self._forms_of(survey.visits.choices[:TO_LOOK_AT], survey, so_far))

    def _here(self, so_far: SoFar) -> Visit | None:
        """The visit that was begun, with the fields that are left."""
        here = so_far.here
        if here is None:
            return None
        case = self._diagnoser.sheet.read(nested(so_far))
        open_now = set(self._diagnoser.may_be_asked(nested(so_far)))
        fields = [id for id in here.waits if id in open_now]
        if not fields:
            return None
        before = self._before(so_far, fields)
        return Forms(self._diagnoser.knowledge).plain(here.place, fields, case, None, 0, before)

    def _again(self, so_far: SoFar) -> Visit | None:
        """What a step may have changed, place by place; it is asked however many questions were
        allowed."""
        known = {**so_far.given, **so_far.answers}
        forgotten = [id for id in so_far.before if id not in known and id not in so_far.passed]
        if not forgotten:
            return None
        open_now = self._diagnoser.may_be_asked(nested(so_far))
        fields = [id for id in open_now if id in forgotten]
        if not fields:
            return None
        place = self._fact(fields[0]).place
        here = [id for id in fields if self._fact(id).place == place]
        others = {self._fact(id).place for id in fields} - {place}
        case = self._diagnoser.sheet.read(nested(so_far))
        before = self._before(so_far, here)
        return Forms(self._diagnoser.knowledge).plain(place, here, case, None, len(others), before)

    def _before(self, so_far: SoFar, fields: Iterable[str]) -> dict[str, str]:
        return {id: self.label(id, so_far.before[id]) for id in fields if id in so_far.before}

    def _to_find_out(self, so_far: SoFar) -> Visit | Look | None:
        """The next visit, or a list for somebody who cannot look; None when it is time to stop."""
        if so_far.left_open >= LEFT_OPEN:
            return self.look()
        survey = self._survey(so_far)
        choices = survey.visits.choices
        if choices and so_far.visits < MOST_VISITS and self._may_ask(so_far) > 0:
            return self._forms_of(choices[:1], survey, so_far, left=self._left(choices))[0]
        return self._what_was_tried(so_far, survey)

    def _survey(self, so_far: SoFar) -> Survey:
        return self._diagnoser.visits(nested(so_far), passed=so_far.passed, thorough=self.thorough)

    def _forms_of(
        self, choices: Iterable[VisitChoice], survey: Survey, so_far: SoFar, left: int = 0
    ) -> list[Visit]:
        forms, most = Forms(self._diagnoser.knowledge), self._may_ask(so_far)
        return [
            forms.visit(
                choice._replace(fields=choice.fields[:most]), survey.case, survey.plan.first, left
            )
            for choice in choices
        ]

    def _may_ask(self, so_far: SoFar) -> int:
        """How many more fields may be asked."""
        if self.max_questions is None:
            return len(self._diagnoser.knowledge.facts)
        return max(self.max_questions - len(so_far.answers), 0)

    @staticmethod
    def _left(choices: Iterable[VisitChoice]) -> int:
        """About how many visits follow the first of these."""
        return len(list(choices)) - 1

    def _what_was_tried(self, so_far: SoFar, survey: Survey) -> Visit | None:
        """The visit that asks what was tried, once, before the first plan."""
        known = self._diagnoser.knowledge
        if so_far.in_the_plan or so_far.asked_what_was_tried or so_far.tried:
            return None
        if survey.visits.nothing_wrong or self._may_ask(so_far) == 0:
            return None
        begins = [step.remedy for step in survey.plan.steps if step.chance is not None]
        options = dict.fromkeys([*begins[:BEGINNING], *known.commonly_tried])
        if not options:
            return None
        return Forms(known).tried(options, survey.plan.first)

    # -- what the person says

    def answer(self, values: Mapping[str, Any], more: bool = False) -> dict[str, Any]:
        """Takes the answers of a visit, and returns them as in a facts file.

        A value is as in a facts file, or what a person typed; a check box takes true or false. A
        field that is left out is left open, unless `more` fields are still to be answered at this
        visit. Other facts than those of the visit are taken too. Raises InvalidFacts with every
        mistake; nothing is taken then.
        """
        turn = self.next()
        if TRIED_FIELD in values or (
            isinstance(turn, Visit) and [one.fact for one in turn.fields] == [TRIED_FIELD]
        ):
            return self._answer_tried(values, turn)
        fields = turn.fields if isinstance(turn, Visit) else []
        known = self._diagnoser.knowledge.facts
        taken: dict[str, Any] = {}
        problems = []
        for id, value in values.items():
            if id not in known or not known[id].askable:
                asked = [one.fact for one in fields]
                near = nearest(id, [id for id, one in known.items() if one.askable])
                reason = f"{quoted(id)} is not a fact that is asked for"
                problems.append(fact_problem(id, reason, ", ".join(asked), near))
                continue
            try:
                if value is not None:
                    taken[id] = typed_answers.understand(known[id], value)
            except InvalidFacts as error:
                problems += [problem._replace(path=id) for problem in error.problems]
        if problems:
            raise InvalidFacts(problems)
        self._take(turn if isinstance(turn, Visit) else None, taken, more)
        return taken

    def _take(self, visit: Visit | None, taken: dict[str, Any], more: bool) -> None:
        so_far = self._so_far()
        if visit is None:
            if taken:
                self.said.append(Visited("", taken))
            return
        known = so_far.answers | taken
        relevant = visit.relevant(known)
        waits = [one.fact for one in visit.fields if one.fact not in taken]
        if not more:
            waits = []
            for one in relevant:
                taken.setdefault(one.fact, UNKNOWN)
        place = visit.place or ""
        aside: list[str] = []
        if so_far.here is None and not visit.again:
            asked = {one.fact for one in visit.fields}
            aside = [id for id in self._open_at(place, so_far) if id not in asked]
        self.said.append(Visited(place, taken, tuple(waits), tuple(aside)))

    def _open_at(self, place: str, so_far: SoFar) -> Iterator[str]:
        """The facts that may be asked for at a place now."""
        for id in self._diagnoser.may_be_asked(nested(so_far)):
            if self._fact(id).place == place:
                yield id

    def _answer_tried(self, values: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
        remedies = self._diagnoser.knowledge.remedies
        offered = turn.fields[0].options if isinstance(turn, Visit) else {}
        options = offered or {id: remedy.title for id, remedy in remedies.items()}
        said = values.get(TRIED_FIELD)
        outcomes = typed_answers.understand_tried(said, options, remedies)
        self.said.append(Tried(outcomes))
        return {TRIED_FIELD: list(outcomes)}

    def cannot_look(self) -> None:
        """The person cannot look now: the visit is left, and none of its facts counts as asked."""
        turn = self.next()
        if isinstance(turn, Visit):
            so_far = self._so_far()
            facts = [one.fact for one in turn.fields if one.fact != TRIED_FIELD]
            if not facts:
                self.said.append(Tried({}))
                return
            place = turn.place or ""
            aside = [id for id in self._open_at(place, so_far) if id not in facts]
            self.said.append(Skipped(place, (*facts, *aside)))

    def looked(self) -> None:
        """The person is back and can look: what was left open is asked for again."""
        self.said.append(Looked())

    def enough(self) -> None:
        """The person wants no more questions until a step was tried."""
        self.said.append(Enough())

    def confirm(self) -> None:
        """The answers are confirmed."""
        self.said.append(Confirmed())

    def insist(self, facts: Mapping[str, Any]) -> None:
        """Answers that do not fit together are left as they are."""
        self.said.append(Insisted(dict(facts)))

    def outcome(self, how: str) -> list[str]:
        """Notes how the step of `next()` went: one of its `outcomes`. Returns the facts that may
        have changed by it and were made unknown; they are asked again.

        What proved a cause was true before the step. When the step was done and it still fails, it
        may be true no longer. Raises InvalidFacts when no step is to be done, or it cannot have
        gone so.
        """
        turn = self.next()
        if not isinstance(turn, Step):
            raise InvalidFacts([fact_problem("outcome", "no step of the plan is to be done now")])
        if how not in turn.outcomes:
            reason = f"{quoted(how)} is no outcome of this step"
            allowed = ", ".join(turn.outcomes)
            raise InvalidFacts(
                [fact_problem("outcome", reason, allowed, nearest(how, turn.outcomes))]
            )
        done = self._so_far().done
        if turn.step is None:
            remedies, changes = done, self._changed_by(done) if how == DID_NOT_HELP else []
        elif how == FIXED:
            remedies, changes = [*done, turn.step.remedy], []
        else:
            remedies = [turn.step.remedy]
            changes = turn.step.look_again if how == DID_NOT_HELP else []
        written = {FIXED: HELPED}.get(how, how)
        if how == DONE and turn.prepares:
            written = PREPARED
        self.said.append(Outcome(tuple(remedies), written, tuple(changes)))
        return list(changes)

    def _changed_by(self, done: Iterable[str]) -> list[str]:
        steps = self._diagnoser.diagnose(self.facts()).plan.steps
        changed = {id for step in steps if step.remedy in done for id in step.look_again}
        return [id for id in self._diagnoser.knowledge.facts if id in changed]

    def change(self, fact: str, value: Any) -> Any:
        """Changes an answer that was given, where it stands, so that `back` still leads to the last
        thing said; for a remedy (`tried.<remedy>`), how it went. Returns it as in a facts file.

        Raises InvalidFacts with what is allowed.
        """
        about = self._diagnoser.knowledge.facts
        if fact not in about or not (about[fact].askable or fact.startswith(TRIED)):
            near = nearest(fact, [one.fact for one in self.known()])
            raise InvalidFacts([fact_problem(fact, "is not a fact that can be changed", "", near)])
        value = typed_answers.understand(about[fact], value)
        remedy = fact.removeprefix(TRIED)
        if fact.startswith(TRIED) and self._change_outcome(remedy, value):
            return value
        for place in reversed(range(len(self.said))):
            one = self.said[place]
            if isinstance(one, Visited) and fact in one.answers:
                self.said[place] = replace(one, answers={**one.answers, fact: value})
                return value
        self.given[fact] = value
        return value

    def _change_outcome(self, remedy: str, outcome: str) -> bool:
        """Changes how a step went, or takes it back; says whether it was in this conversation."""
        for place in reversed(range(len(self.said))):
            one = self.said[place]
            new: list[Said]
            if isinstance(one, Tried) and remedy in one.tried:
                rest_of = {id: went for id, went in one.tried.items() if id != remedy}
                new = [Tried(rest_of if outcome == UNKNOWN else {**one.tried, remedy: outcome})]
            elif isinstance(one, Outcome) and remedy in one.remedies:
                rest = tuple(other for other in one.remedies if other != remedy)
                new = [replace(one, remedies=rest)] if rest or one.forgot else []
                if outcome != UNKNOWN:
                    new.append(Outcome((remedy,), outcome))
            else:
                continue
            self.said[place : place + 1] = new
            return True
        return False

    def back(self) -> bool:
        """Takes back the last thing that was said, be it answers, what was tried, or how a step
        went; says whether there was anything."""
        while self.said:
            last = self.said.pop()
            if isinstance(last, Visited | Skipped | Tried | Outcome):
                return True
        return False
