"""The operations of a conversation, which travels with every request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from diagnoser.errors import InvalidFacts
from diagnoser.interview.interview import Interview
from diagnoser.report.canonical_json import as_json
from diagnoser.report.model import Answered, Report
from diagnoser.rest import formats
from diagnoser.rest.asked import (
    AnswerChanged,
    InsistedOn,
    InterviewStarted,
    Said,
    StepWent,
    VisitAnswered,
    Written,
)
from diagnoser.rest.endpoint import Endpoint, Reply, Understood
from diagnoser.rest.problems import in_body, used
from diagnoser.rest.reading import invalid, mistaken
from diagnoser.rest.replies import Turned

TAG = "Interview"


def _turned(
    interview: Interview, taken: Mapping[str, Any] | None = None, forgotten: Iterable[str] = ()
) -> Reply:
    turned = Turned(
        knowledge=used(interview.diagnoser),
        interview=interview,
        turn=interview.next(),
        taken=dict(taken or {}),
        forgotten=list(forgotten),
        known=[Answered(**one._asdict()) for one in interview.known()],
        contradictions=interview.contradictions(),
    )
    return Reply(as_json(turned.model_dump(mode="json")))


def _next(asked: Understood) -> Reply:
    body: InterviewStarted = asked.body
    return _turned(
        body.interview
        or Interview.start(
            asked.diagnoser,
            body.facts.root,
            thorough=body.thorough,
            max_questions=body.max_questions,
        )
    )


def _answer(asked: Understood) -> Reply:
    body: VisitAnswered = asked.body
    try:
        taken = body.interview.answer(body.answers, body.more)
    except InvalidFacts as error:
        raise mistaken(error, ["answers"], body.answers) from None
    return _turned(body.interview, taken)


def _outcome(asked: Understood) -> Reply:
    body: StepWent = asked.body
    try:
        forgotten = body.interview.outcome(body.outcome)
    except InvalidFacts as error:
        raise mistaken(error, [], {"outcome": body.outcome}) from None
    return _turned(body.interview, forgotten=forgotten)


def _change(asked: Understood) -> Reply:
    body: AnswerChanged = asked.body
    try:
        value = body.interview.change(body.fact, body.value)
    except InvalidFacts as error:
        wrong = [
            in_body("/fact" if one.path else "/value", one.reason, one.allowed, one.near)
            for one in error.problems
        ]
        raise invalid(wrong) from None
    return _turned(body.interview, {body.fact: value})


def _insist(asked: Understood) -> Reply:
    body: InsistedOn = asked.body
    try:
        body.interview.insist(body.facts)
    except InvalidFacts as error:
        raise mistaken(error, ["facts"], body.facts) from None
    return _turned(body.interview)


def _report(asked: Understood) -> Reply:
    report = asked.body.interview.report()
    return formats.written(report, formats.REPORT, asked.options.format, asked.accept)


def _plainly(say: Callable[[Interview], object]) -> Callable[[Understood], Reply]:
    """Says something that needs no more words."""

    def answer(asked: Understood) -> Reply:
        say(asked.body.interview)
        return _turned(asked.body.interview)

    return answer


def _said(
    path: str,
    title: str,
    text: str,
    answer: Callable[[Understood], Reply],
    body: type[BaseModel] = Said,
    may_be_empty: bool = False,
) -> Endpoint:
    path = f"/interview/{path}"
    return Endpoint("POST", path, TAG, title, text, answer, Turned, body, may_be_empty=may_be_empty)


ENDPOINTS = (
    _said(
        "next",
        "Begin a conversation, or see what comes now",
        "Without `interview` a new conversation begins, from `facts` if some are known. With it, "
        "nothing changes: the reply is where the conversation stands.",
        _next,
        InterviewStarted,
        may_be_empty=True,
    ),
    _said(
        "answer",
        "Answer a visit",
        "Takes the answers of the form. Where one of them is wrong, nothing is taken.",
        _answer,
        VisitAnswered,
    ),
    _said(
        "outcome",
        "Say how a step went",
        "One of the `outcomes` of the step that is to be done.",
        _outcome,
        StepWent,
    ),
    _said(
        "back",
        "Take back the last thing said",
        "The conversation is as it was before; at its beginning nothing changes.",
        _plainly(Interview.back),
    ),
    _said(
        "cannot-look",
        "Leave a visit",
        "The person cannot look there now. After two visits that were left open comes a `look`: a "
        "list of what to look at later.",
        _plainly(Interview.cannot_look),
    ),
    _said(
        "looked",
        "Go on after a look",
        "The person can look now: what was left open is asked for again.",
        _plainly(Interview.looked),
    ),
    _said(
        "enough",
        "Go to the plan",
        "The person wants no more questions until a step was tried.",
        _plainly(Interview.enough),
    ),
    _said(
        "change",
        "Change an answer",
        "Changes it where it stands, so that all that was said after it still follows.",
        _change,
        AnswerChanged,
    ),
    _said(
        "confirm",
        "Confirm the answers",
        "For a host that shows the answers before the first plan.",
        _plainly(Interview.confirm),
    ),
    _said(
        "insist",
        "Insist on a contradiction",
        "The answers do not fit together, and are right all the same: they are not shown as a "
        "contradiction again.",
        _insist,
        InsistedOn,
    ),
    Endpoint(
        "POST",
        "/interview/report",
        TAG,
        "The diagnosis so far",
        "The report of what is known now, with what to look at next.",
        _report,
        Report,
        Said,
        Written,
        formats.media_types(formats.REPORT),
    ),
)
