"""One conversation without its screen: what to ask or to do next, what was answered, how a step
went, and back again.

All that was said is kept in order, and what is known follows from it: to go back is to forget the
last thing said. Nothing else is kept, so a host that keeps the JSON can go on with it anywhere, and
the same things said lead to the same next turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from pydantic import PrivateAttr, ValidationError

from diagnoser.api import Diagnoser, Facts
from diagnoser.case.json_input import parse_object
from diagnoser.errors import InvalidFacts
from diagnoser.interview import changing, handed_in, outcomes, recording
from diagnoser.interview.forms import Forms
from diagnoser.interview.history import (
    Confirmed,
    Enough,
    Insisted,
    Looked,
    Outcome,
    Skipped,
    SoFar,
    Visited,
    Written,
    flat,
    nested,
)
from diagnoser.interview.known import Known, known_after, known_before, known_in_words
from diagnoser.interview.next_turn import NextTurn
from diagnoser.interview.session import FORMAT, Session, built_in, misfits, refusal
from diagnoser.interview.turns import TRIED_FIELD, End, Field, Look, Turn, Visit
from diagnoser.interview.wording import label, question
from diagnoser.knowledge.model import HELPED, TRIED
from diagnoser.knowledge.pin import KNOWLEDGE
from diagnoser.report.canonical_json import as_json
from diagnoser.report.model import Contradiction, Report
from diagnoser.report.record import Ended


class Interview(Session):
    """A conversation with one person.

    `given` was known before it, by fact id, and `provenance` says where that is from which nobody
    gave in person; `said` is what happened in it, in order. Made by `start`, or by `load` from what
    `json_text` returned.
    """

    _diagnoser: Diagnoser = PrivateAttr()
    _chosen: tuple[str, Turn] | None = PrivateAttr(None)
    """The last turn that was chosen, and what had been said then."""

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

        Where they demand their `knowledge`, the conversation goes on with no other. `thorough` asks
        whatever may be asked, `max_questions` bounds the fields that are. Raises
        InvalidFacts with every mistake in them.
        """
        case = diagnoser.sheet.read({} if facts is None else facts)
        used = diagnoser.knowledge
        demanded = isinstance(facts, Mapping) and facts.get(KNOWLEDGE)
        return cls.of(
            diagnoser,
            {
                "session": FORMAT,
                "knowledge": {
                    "id": used.id,
                    "version": used.version,
                    "digest": used.digest if demanded else None,
                },
                "thorough": thorough,
                "max_questions": max_questions,
                "given": flat(diagnoser.sheet.show(case)),
                "provenance": dict(case.provenance),
                "said": [],
            },
        )

    @classmethod
    def load(cls, diagnoser: Diagnoser, text: str | bytes) -> Interview:
        """The conversation that this JSON holds.

        Raises InvalidFacts with everything in it that does not fit, and OtherKnowledge where it is
        held to another knowledge.
        """
        if isinstance(text, str):
            text = text.encode(errors="surrogatepass")
        return cls.of(diagnoser, parse_object(text))

    @classmethod
    def of(cls, diagnoser: Diagnoser, data: Mapping[str, Any]) -> Interview:
        """The same, for JSON that is read already."""
        try:
            return cls.model_validate(data, context=diagnoser)
        except ValidationError as error:
            raise refusal(error) from None

    def model_post_init(self, context: Diagnoser | None, /) -> None:
        self._diagnoser = context or built_in()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interview) and self.model_dump() == other.model_dump()

    def json_text(self) -> str:
        """The conversation as JSON."""
        return as_json(self.model_dump(mode="json"))

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
        return deepcopy(nested(self._so_far()))  # which a host may change

    def known(self) -> list[Known]:
        """What is known now, in the order in which it was said: given, then asked, then tried."""
        return known_in_words(self._so_far(), self._diagnoser.knowledge)

    def before(self) -> list[Known]:
        """What was answered before a step that may have changed it, where it is not known so
        now."""
        return known_before(self._so_far(), self._diagnoser.knowledge)

    def field(self, fact: str) -> Field:
        """The question for something that is known, to ask it once more; for a remedy
        (`tried.<remedy>`), how it went."""
        about = self._diagnoser.knowledge
        field = Forms(about).field(fact, self._diagnoser.sheet.read(self.facts()))
        return field.model_copy(update={"ask": question(about, fact)})

    def label(self, fact: str, value: Any) -> str:
        """An answer as people read it."""
        return label(self._diagnoser.knowledge, fact, value)

    def report(self) -> Report:
        """The diagnosis of what is known now."""
        report = self._chooser().report()
        if not self.provenance:
            return report
        so_far = self._so_far()
        still_given = so_far.given.keys() - so_far.answers.keys()
        told = {id: one for id, one in self.provenance.items() if id in still_given}
        return report.with_provenance(told)

    @property
    def over(self) -> bool:
        """Whether the conversation is at its end."""
        return isinstance(self.next(), End)

    def record(self, ended: Ended | None = None) -> str:
        """The line of a record, as `diagnose --record` makes it, of the first plan, and with what
        came of its steps. `ended` says how the case ended where the conversation does not tell."""
        if ended is None:
            turn = self.next()
            ended = recording.ENDS[turn.how] if isinstance(turn, End) else "unknown"
        return recording.line(self._diagnoser, self.given, self.provenance, self.said, ended)

    def contradictions(self) -> list[Contradiction]:
        """The answers that do not fit together, without those that the person insists on."""
        insisted = [one.facts for one in self.said if isinstance(one, Insisted)]
        found = self._diagnoser.diagnose(self.facts()).contradictions
        return [one for one in found if dict(one.facts) not in insisted]

    def _so_far(self) -> SoFar:
        """What follows from what was said, without answers that others made irrelevant."""
        return known_after(self._diagnoser, self.given, self.said)

    def next(self) -> Turn:
        """What to ask, to do or to say now; it changes nothing."""
        said = self.model_dump_json()
        if self._chosen is None or self._chosen[0] != said:
            self._chosen = said, self._chooser().next()
        return self._chosen[1].model_copy(deep=True)  # which a host may change

    def stop(self) -> str:
        """Why no more is asked, where `next` is no visit."""
        return self._chooser().stop()

    def look(self) -> Look:
        """What is worth looking at now, the most useful first, whatever was left open."""
        return self._chooser().look()

    def _chooser(self) -> NextTurn:
        return NextTurn(
            self._diagnoser, self._so_far(), self.steps, self.thorough, self.max_questions
        )

    def answer(self, values: Mapping[str, Any], more: bool = False) -> dict[str, Any]:
        """Takes the answers of a visit, and returns them as in a facts file.

        A value is as in a facts file, or what a person typed; a check box takes true or false. A
        field that is left out is left open, unless `more` fields are still to be answered at this
        visit. Other facts than those of the visit are taken too; where there are only such, the
        visit is still to be made. Raises InvalidFacts with every mistake; nothing is taken then.
        """
        turn = self.next()
        fields = turn.fields if isinstance(turn, Visit) else []
        taken, tried = handed_in.understood(values, fields, self._diagnoser.knowledge)
        here = {*taken, *([] if tried is None else [TRIED_FIELD])} & {one.fact for one in fields}
        elsewhere = bool(taken) and not here
        visit = turn if isinstance(turn, Visit) and not elsewhere else None
        taken = deepcopy(self._take(visit, taken, tried, more))  # which a host may change
        return taken if tried is None else {**taken, TRIED_FIELD: list(tried)}

    def tell(self, facts: Facts) -> None:
        """Takes facts that the person tells without being asked, as `start` takes them: before the
        first visit they are known like those, later like answers, but no visit is begun with them.
        Raises InvalidFacts with every mistake; nothing is taken then."""
        sheet = self._diagnoser.sheet
        told = flat(sheet.show(sheet.read(facts)))
        if not self.said:
            self.given, self._chosen = {**self.given, **told}, None
            return
        tried = {id.removeprefix(TRIED): told.pop(id) for id in list(told) if id.startswith(TRIED)}
        self._take(None, told, tried or None, more=True)

    def _take(
        self, visit: Visit | None, taken: dict[str, Any], tried: dict[str, str] | None, more: bool
    ) -> dict[str, Any]:
        """Keeps what was said at a visit, or at none; returns its answers, and "unknown" for what
        was left open."""
        if visit is None:
            if taken or tried is not None:
                self.said.append(Visited("", taken, tried=tried))
            return taken
        so_far = self._so_far()
        begins = so_far.here is None and not visit.again
        aside = self._chooser().aside(visit) if begins else []
        visited = handed_in.visited(visit, taken, tried, so_far, aside, more)
        self.said.append(visited)
        return visited.answers

    def cannot_look(self) -> None:
        """The person cannot look now: the visit is left, and none of its facts counts as asked."""
        turn = self.next()
        if isinstance(turn, Visit):
            facts = [one.fact for one in turn.fields if one.fact != TRIED_FIELD]
            if not facts:
                self.said.append(Visited("", {}, tried={}))
                return
            place = turn.place or ""
            self.said.append(Skipped(place, (*facts, *self._chooser().aside(turn))))

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
        """Answers that do not fit together are left as they are. Raises InvalidFacts where they are
        no facts."""
        if problems := list(misfits(handed_in.by_fact(facts), self._diagnoser)):
            raise InvalidFacts(problems)
        self.said.append(Insisted(deepcopy(dict(facts))))

    def outcome(self, how: str) -> list[str]:
        """Notes how the step of `next()` went: one of its `outcomes`. Returns the facts that may
        have changed by it and were made unknown; they are asked again.

        What proved a cause was true before the step. When the step was done and it still fails, it
        may be true no longer. Raises InvalidFacts when no step is to be done, or it cannot have
        gone so.
        """
        went = outcomes.outcome(self.next(), how, self._so_far().done, self._changed_by)
        self.said.append(went)
        return list(went.forgot)

    def _changed_by(self, done: Iterable[str]) -> list[str]:
        """The facts that steps of the plan, done and not tested yet, may have changed."""
        steps = self._diagnoser.diagnose(self.facts()).plan.steps
        changed = {id for step in steps if step.remedy in done for id in step.look_again}
        return [id for id in self._diagnoser.knowledge.facts if id in changed]

    def change(self, fact: str, value: Any) -> Any:
        """Changes an answer that was given, where it stands, so that `back` still leads to the last
        thing said; for a remedy (`tried.<remedy>`), how it went. Returns it as in a facts file.

        Raises InvalidFacts with what is allowed.
        """
        known = [one.fact for one in self.known()]
        value = changing.understood(fact, value, self._diagnoser.knowledge.facts, known)
        if not changing.change(self.said, fact, value):
            self.given[fact] = value
            self.provenance.pop(fact, None)
        return deepcopy(value)

    def back(self) -> bool:
        """Takes back the last thing that was said, so that `next` is what it was before; says
        whether there was anything. What does not change that goes with what was said before it."""
        while self.said:
            if not isinstance(self.said.pop(), Confirmed | Insisted):
                return True
        return False
