"""Writes the pages of a conversation, and those for what cannot be answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.responses import HTMLResponse

from diagnoser import Diagnoser
from diagnoser.errors import InvalidFacts, Problem
from diagnoser.interview.interview import Interview
from diagnoser.interview.known import Known
from diagnoser.interview.turns import TRIED_FIELD, Look, Step, Visit
from diagnoser.questionnaire import state
from diagnoser.questionnaire.conversation import Shown, by_fact, can_be_asked, fields_of
from diagnoser.questionnaire.questions import (
    UNKNOWN,
    Question,
    by_page,
    in_words,
    place_of,
    questions,
)
from diagnoser.questionnaire.sent import Sent
from diagnoser.rendering import handing_over, plan_page, views
from diagnoser.rendering.templating import fill
from diagnoser.rendering.words import Page
from diagnoser.report.model import Contradiction, Report

MISTAKES = 422
"""The status of a page whose form had mistakes in it."""
TOLD = 20
"""Mistakes of a link, or of a conversation, that are told at most."""
LONG = 30
"""Minutes of waiting from which on a step says that one can go on later."""
TRIED = f"{TRIED_FIELD}."
ONE_LINE = 100_000
"""A width at which no line is broken: the browser does that."""
UNREADABLE = "This conversation cannot be read"
NOTHING_LOST = "Nothing is lost on your side: go back in the browser, or start again."
PASSING = (408, 500, 503)
"""Statuses after which the same may be answered another time."""
TITLES = {
    400: "This cannot be understood",
    404: "This page does not exist",
    405: "This cannot be asked so",
    408: "The request took too long",
    413: "This is too large",
    414: "This address is too long",
    415: "This is not a form",
    500: "Something went wrong",
    503: "This takes too long now",
}
REASONS = {
    404: "There is nothing at this address.",
    405: "This address is not for this kind of request.",
}


def start(
    diagnoser: Diagnoser,
    given: Interview | None = None,
    sent: Sent | None = None,
    problems: Sequence[Problem] = (),
) -> HTMLResponse:
    """The first page; what is `given` is known already, and `sent` stands in its form."""
    known = diagnoser.knowledge
    kept = given if given is not None and given.given else None
    tried = {TRIED_FIELD: by_fact(kept).get(TRIED_FIELD, [])} if kept else {}
    return _page(
        "start.html",
        diagnoser,
        MISTAKES if problems else 200,
        problems=_summary(problems, ()),
        errors=_errors(problems, ()),
        state=state.packed(kept) if kept else "",
        known=[one for one in kept.known() if not one.fact.startswith(TRIED)] if kept else [],
        tried={id: known.remedies[id].title for id in known.commonly_tried},
        sent=sent or tried,
    )


def page(shown: Shown, base: str) -> HTMLResponse:
    """A page of a conversation; `base` is the address of the server, for links to copy."""
    interview = shown.interview
    if shown.page == "start":
        return start(interview.diagnoser, interview, shown.sent, shown.problems)
    write = {
        "heard": _heard,
        "visit": _visit,
        "change": _change,
        "answers": _answers,
        "plan": _plan,
        "step": _step,
        "look": _look,
        "end": _end,
        "save": _save,
    }[shown.page]
    template, values = write(shown, base)
    values = {"errors": {}, "sent": shown.sent, **values}
    return _page(
        template,
        interview.diagnoser,
        MISTAKES if shown.problems else 200,
        state=state.packed(interview),
        note=shown.note,
        problems=_summary(shown.problems, values.get("pages", ())),
        **values,
    )


def unreadable(diagnoser: Diagnoser, error: InvalidFacts) -> HTMLResponse:
    """The page for a conversation, or facts, that cannot be taken."""
    lines = [NOTHING_LOST]
    details = [in_words(one, path=True) for one in error.problems[:TOLD]]
    return _trouble(diagnoser, 400, UNREADABLE, lines, details)


def bad_facts(diagnoser: Diagnoser, error: InvalidFacts) -> HTMLResponse:
    """The page for a link with facts that cannot be taken."""
    lines = ["The link to this page was to fill in facts, and some of them cannot be used:"]
    details = [in_words(one, path=True) for one in error.problems[:TOLD]]
    return _trouble(diagnoser, 400, "These facts cannot be used", lines, details)


def lost(diagnoser: Diagnoser) -> HTMLResponse:
    """The page at the address of all conversations, for who has only the address."""
    lines = [
        "The answers travel with the pages, not with their address, so there is nothing here.",
        "To go on at another time, use “Go on later” on any page: it gives a link.",
    ]
    return _trouble(diagnoser, 200, "No conversation is open here", lines, [], lost=True)


def refusal(diagnoser: Diagnoser, status: int, reason: str) -> HTMLResponse:
    """The page for a request that is refused with a status."""
    lines = [reason, NOTHING_LOST] if status in PASSING else [reason]
    return _trouble(diagnoser, status, TITLES.get(status, TITLES[400]), lines, [])


def _trouble(
    diagnoser: Diagnoser,
    status: int,
    heading: str,
    lines: list[str],
    details: list[str],
    lost: bool = False,
) -> HTMLResponse:
    return _page(
        "trouble.html",
        diagnoser,
        status,
        heading=heading,
        lines=lines,
        details=details,
        lost=lost,
    )


def _page(template: str, diagnoser: Diagnoser, status: int = 200, **values: Any) -> HTMLResponse:
    common = {"about": diagnoser.knowledge.title, "problems": [], "note": "", **values}
    return HTMLResponse(fill(template, package=__package__, **common), status)


def _summary(
    problems: Iterable[Problem], pages: Iterable[Sequence[Question]]
) -> list[tuple[str, str]]:
    """The mistakes of a form, each with the question that it links to."""
    asked = [question for page in pages for question in page]
    return [(place_of(one, asked) or one.path, in_words(one)) for one in problems]


def _errors(problems: Iterable[Problem], asked: Sequence[Question]) -> dict[str, list[str]]:
    """The mistakes by question, without what its hint says anyway."""
    hints = {question.name: question.field.allowed for question in asked}
    found: dict[str, list[str]] = {}
    for one in problems:
        place = place_of(one, asked) or one.path
        said = one._replace(allowed="") if one.allowed == hints.get(place) else one
        found.setdefault(place, []).append(in_words(said))
    return found


# -- each kind of page: its template, and what stands in it

Written = tuple[str, Mapping[str, Any]]


def _heard(shown: Shown, _: str) -> Written:
    return "heard.html", {"heard": shown.heard}


def _visit(shown: Shown, _: str) -> Written:
    interview = shown.interview
    visit = interview.next()
    assert isinstance(visit, Visit)
    asked = questions(visit.fields)
    return "visit.html", {
        "visit": visit,
        "number": interview.visits + (not interview.begun),
        "pages": by_page(visit.fields),
        "errors": _errors(shown.problems, asked),
    }


def _change(shown: Shown, _: str) -> Written:
    interview = shown.interview
    fields = fields_of(interview, shown.facts)
    asked = questions(fields)
    known = {one.fact for one in interview.known()}
    looking = not known.issuperset(shown.facts)
    look = interview.report().plan.look if looking else None
    return "change.html", {
        "heading": look.title if look and look.place else "Change your answer",
        "go": look.go if look else [],
        "looking": looking,
        "facts": ",".join(shown.facts),
        "pages": by_page(fields),
        "errors": _errors(shown.problems, asked),
    }


def _answers(shown: Shown, _: str) -> Written:
    interview = shown.interview
    known, facts = interview.known(), by_fact(interview)
    rows = [(one, can_be_asked(interview, one.fact)) for one in known]
    asking = isinstance(interview.next(), Visit | Look)
    found = [(one, _easiest(one, known)) for one in interview.contradictions()]
    back_to = "back"
    if asking:
        back_to = "go-on"
    elif interview.confirmed:
        back_to = "plan"
    return "answers.html", {
        "known": [one for one in rows if facts[one[0].fact] != UNKNOWN],
        "unsure": [one for one in rows if facts[one[0].fact] == UNKNOWN],
        "contradictions": found,
        "asking": asking,
        "confirmed": interview.confirmed,
        "back_to": back_to,
    }


def _easiest(one: Contradiction, known: Iterable[Known]) -> str:
    """What is known and easiest to check again: the fact itself, or the row of a table that it is a
    column of, whose question begins that of the column."""
    found = [answer.fact for answer in known if answer.fact == one.ask_again]
    found += [answer.fact for answer in known if one.ask.startswith(answer.ask)]
    return found[0] if found else ""


def _plan(shown: Shown, _: str) -> Written:
    interview = shown.interview
    report, turn = interview.report(), interview.next()
    look = report.plan.look
    fields = [one.fact for one in look.facts] if look else []
    packed = state.facts_for_link(json.dumps(interview.facts(), separators=(",", ":")))
    # Nothing more is asked before the plan unless the person likes, so the page asks nothing.
    asking_nothing = report.model_copy(update={"next_question": None})
    return "plan.html", {
        "parts": plan_page.parts(asking_nothing),
        "looks": ",".join(fields) if isinstance(turn, Step) else "",
        "step": turn.number if isinstance(turn, Step) else 0,
        "begun": interview.steps > 0,
        "handed_over": turn.kind == "end" and turn.how == "handed-over",
        "link": f"/start?facts={packed}" if len(packed) <= state.MOST_IN_A_LINK else "",
    }


def _step(shown: Shown, _: str) -> Written:
    interview = shown.interview
    turn = interview.next()
    assert isinstance(turn, Step)
    report = interview.diagnoser.diagnose(interview.facts())
    step = turn.step
    night = _after_a_night(turn, report)
    causes = {cause.id: cause for cause in report.causes}
    return "step.html", {
        "turn": turn,
        "why": views.why(step, causes) if step else "",
        "finding": report.finding.text,
        "night": night,
        "long": night or (step is not None and step.wait_minutes >= LONG),
        "missing": [one for one in report.plan.check if one.status != "holds"],
        "back_to": "back" if interview.steps else "plan",
        "errors": _errors(shown.problems, ()),
    }


def _after_a_night(turn: Step, report: Report) -> bool:
    """Whether only a night shows if this step, or those that are done, have helped."""
    return any(
        step.seen == "overnight" and (step == turn.step or step.title in turn.done)
        for step in report.plan.steps
    )


def _look(shown: Shown, _: str) -> Written:
    turn = shown.interview.next()
    assert isinstance(turn, Look)
    return "look_later.html", {"visits": turn.visits}


def _end(shown: Shown, _: str) -> Written:
    interview = shown.interview
    turn = interview.next()
    assert turn.kind == "end"
    report = interview.report()
    told = Page(ONE_LINE)
    if turn.how == "handed-over":
        handing_over.write(told, interview, report)
    return "end.html", {
        "how": turn.how,
        "heading": turn.text.rstrip("."),
        "helped": views.helped(report),
        "handover": told.text().splitlines(),
    }


def _save(shown: Shown, base: str) -> Written:
    packed = state.packed(shown.interview)
    link = f"/continue?state={packed}" if len(packed) <= state.MOST_IN_A_LINK else ""
    return "save.html", {"link": link, "base": base}
