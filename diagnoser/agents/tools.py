"""The tools: what an agent can ask for. Each call brings all that is needed, and nothing is kept.

Arguments are taken as they come and read by the library, so that a mistake is told in its words,
with all others. The docstrings and descriptions are read by language models.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import anyio.to_thread
from mcp.server.mcpserver import Context
from mcp_types import ElicitResult, InputRequiredResult
from pydantic import Field, WithJsonSchema

from diagnoser.agents import forms, remedies
from diagnoser.agents.results import Conversation, Diagnosis, Explained, Person, RemediesFound
from diagnoser.api import Diagnoser
from diagnoser.case.json_input import MAX_DEPTH, parse_object
from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Look, Turn, Visit
from diagnoser.rendering import explaining, views

CAUSES = 5
"""Causes that a diagnosis names at most, besides proven ones."""
SAYS = {
    "cannot-look": "the person cannot look there now; the visit is left",
    "can-look-again": "after a look: the person is back and can look",
    "enough": "no more questions, give the plan from what is known",
    "back": "take back the last thing that was said",
    "insist": "the person stands by answers that contradict each other",
}
DECLINED: dict[str, Person] = {"decline": "declined", "cancel": "cancelled"}

_OBJECT = {"type": "object"}
_OBJECT_OR_NOTHING = {"anyOf": [_OBJECT, {"type": "null"}]}
Facts = Annotated[
    Any,
    Field(
        description='What is known, nested by area, such as {"wifi": {"connection": "off"}}. '
        "Leave out what you do not know. The ids and answers are listed at the tool diagnose."
    ),
    WithJsonSchema(_OBJECT_OR_NOTHING),
]
State = Annotated[
    Any,
    Field(description="The `interview` of the last result, unchanged."),
    WithJsonSchema(_OBJECT_OR_NOTHING),
]
Answers = Annotated[
    Any,
    Field(
        description="Answers by the `fact` of each field of the visit, such as "
        '{"backup.switch": "on"}: an id of its options, a list of them where `several`, a number '
        "in its unit, or what the person typed; `unknown` where the person does not know, and "
        '{"think": answer} where they think so without being sure. For the '
        "field `tried`, a list of remedies, or [] for none. A fact of an earlier visit replaces "
        "what was answered there."
    ),
    WithJsonSchema(_OBJECT_OR_NOTHING),
]
Cause = Annotated[str, Field(description="The id of a cause, as a diagnosis names it.")]


class Tools:
    """The tools of one Diagnoser; their names are those of the methods."""

    def __init__(self, diagnoser: Diagnoser) -> None:
        self._diagnoser = diagnoser

    def diagnose(self, facts: Facts = None, interview: State = None) -> Diagnosis:
        """Find the likely causes from what is known, and the plan: what to do, in which order.

        Give `facts`, or the `interview` of a conversation. Use next_visit instead where the person
        can still be asked: it asks what tells most.
        """
        report = self._opened(facts, interview).report()
        likely = views.worth_a_line(report)
        shown = [one for one in likely[:CAUSES] if one.status != "proven"]
        shown = [*views.proven(report), *shown]
        return Diagnosis(
            knowledge=report.knowledge,
            finding=report.finding,
            causes=shown,
            other_causes=len(report.causes) - len(shown),
            none_of_these=report.none_of_these,
            contradictions=report.contradictions,
            plan=report.plan,
        )

    async def next_visit(
        self,
        context: Context[Any, Any],
        facts: Facts = None,
        interview: State = None,
        ask_person: Annotated[
            bool,
            Field(
                description="Whether the client may show the questions to the person as a form. If "
                "it cannot, or the person declines, the visit is returned: ask yourself."
            ),
        ] = True,
    ) -> Conversation | InputRequiredResult:
        """Begin or continue the conversation: get what to ask, look at or do next.

        To begin, give `facts` that are known already, or nothing; to continue, `interview`. The
        turn is a `visit` (questions about one place: tell the way there, ask them all together,
        then call answer), a `step` (one thing to do: tell how, then call answer with its outcome),
        a `look` (the person cannot look now: give them the list for later) or the `end`.
        """
        opened, turn = await anyio.to_thread.run_sync(self._begun, facts, interview)
        filled = None
        if ask_person and isinstance(turn, Visit):
            filled = await forms.show(turn, context)
        if isinstance(filled, InputRequiredResult):
            return filled
        return await anyio.to_thread.run_sync(self._shown, opened, filled)

    def answer(
        self,
        interview: Annotated[State, WithJsonSchema(_OBJECT)],
        answers: Answers = None,
        more: Annotated[
            bool, Field(description="Whether further answers to this visit will follow.")
        ] = False,
        outcome: Annotated[
            str, Field(description="How a step went: one of the `outcomes` of the turn.")
        ] = "",
        say: Annotated[
            str,
            Field(description="; ".join(f"`{word}`: {what}" for word, what in SAYS.items())),
            WithJsonSchema({"type": "string", "enum": ["", *SAYS]}),
        ] = "",
    ) -> Conversation:
        """Say what the person said, and get the next turn.

        Give exactly one of `answers` (to a visit), `outcome` (of a step) and `say`. A question
        that `answers` leaves out counts as not known and is not asked again, unless `more`.
        """
        given = [answers is not None, bool(outcome), bool(say)]
        if sum(given) != 1:
            reason = "nothing is said" if not any(given) else "more than one thing is said at once"
            raise _mistake("", reason, "one of answers, outcome and say")
        opened = self._loaded(interview)
        again: list[str] = []
        if answers is not None:
            opened.answer(_object(answers, "answers"), more)
        elif outcome:
            again = opened.outcome(outcome)
        else:
            _say(opened, say)
        return self._stands(opened, again=again)

    def explain(
        self,
        facts: Facts = None,
        interview: State = None,
        cause: Annotated[
            str, Field(description="The id of a cause to explain alone; else all that matter.")
        ] = "",
        full: Annotated[bool, Field(description="Whether to leave nothing out; long.")] = False,
    ) -> Explained:
        """Explain the diagnosis: how it came about, why not another cause, what is missing, what
        would change it, and why these steps in this order.

        Give `facts`, or the `interview` of a conversation.
        """
        known = self._opened(facts, interview).facts()
        explanation = self._diagnoser.explain(known, cause or None)
        return Explained(cause=cause or None, text=explaining.markdown(explanation, full))

    def find_remedy(
        self,
        cause: Cause = "",
        words: Annotated[
            str, Field(description="Words of what to do or what to mend, such as `restart router`.")
        ] = "",
    ) -> RemediesFound:
        """Look a remedy up: its instructions, what it costs and loses, when it must not be done.

        By the `cause` that it mends, by `words`, or by both. What to do in a given case is in the
        plan of diagnose.
        """
        return remedies.find(self._diagnoser.knowledge, cause, words)

    # -- reading what comes in

    def _begun(self, facts: Any, interview: Any) -> tuple[Interview, Turn]:
        opened = self._opened(facts, interview)
        return opened, opened.next()

    def _opened(self, facts: Any, interview: Any) -> Interview:
        if interview is None:
            return Interview.start(self._diagnoser, _object(facts, "facts"))
        if facts is not None:
            raise _mistake("", "facts and an interview are given", "one of them")
        return self._loaded(interview)

    def _loaded(self, interview: Any) -> Interview:
        if interview is None:
            raise _mistake("interview", "is null", "that of the last result")
        return Interview.of(self._diagnoser, _object(interview, "interview"))

    def _shown(self, opened: Interview, filled: ElicitResult | None) -> Conversation:
        """Where it stands after a form, if one was shown."""
        if filled is None:
            return self._stands(opened)
        if filled.action != "accept":
            return self._stands(opened, person=DECLINED[filled.action])
        if given := forms.answers(filled):
            opened.answer(given)
        else:
            opened.cannot_look()
        return self._stands(opened, person="answered")

    def _stands(
        self, opened: Interview, *, again: list[str] | None = None, person: Person | None = None
    ) -> Conversation:
        return Conversation(
            interview=opened.model_dump(mode="json"),
            turn=opened.next(),
            contradictions=opened.contradictions(),
            look_again=again or [],
            person=person,
        )


def _object(given: Any, name: str) -> dict[str, Any]:
    """What is given as a JSON object, within the bounds of a facts file; nothing is none.

    Raises InvalidFacts.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _mistake(name, f"{quoted(given)} is not an object")
    try:
        text = json.dumps(given)
    except RecursionError:
        raise _mistake(name, f"nested more than {MAX_DEPTH} levels deep") from None
    return parse_object(text.encode())


def _say(opened: Interview, say: str) -> None:
    """Takes one of `SAYS`. Raises InvalidFacts where there is nothing to say it to."""
    if say not in SAYS:
        raise _mistake(
            "say", f"{quoted(say)} is nothing that can be said", ", ".join(SAYS), nearest(say, SAYS)
        )
    if say == "cannot-look":
        if not isinstance(opened.next(), Visit):
            raise _mistake("say", "no visit is to be made now")
        opened.cannot_look()
    elif say == "can-look-again":
        if not isinstance(opened.next(), Look):
            raise _mistake("say", "the turn is no look")
        opened.looked()
    elif say == "enough":
        opened.enough()
    elif say == "back":
        if not opened.back():
            raise _mistake("say", "nothing was said yet")
    else:
        if not (contradictions := opened.contradictions()):
            raise _mistake("say", "no answers contradict each other")
        for one in contradictions:
            opened.insist(one.facts)


def _mistake(path: str, reason: str, allowed: str = "", near: str = "") -> InvalidFacts:
    return InvalidFacts([fact_problem(path, reason, allowed, near)])
