"""Requests to show, for any knowledge, and what is answered to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.interview.history import by_area, flat
from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Step, Turn, Visit
from diagnoser.knowledge.conditions import Condition, OneOf, tests
from diagnoser.knowledge.model import DID_NOT_HELP, TRIED_AREA
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.rest.endpoint import Endpoint, Understood

SHOWN = 30
"""Entries of each list that are looked at for examples: not all have something in every field."""
TELLING = ("interview_next", "interview_enough")
"""Operations of a conversation that answer in different ways."""
Body = dict[str, Any]
Sheet = dict[str, dict[str, Any]]


def facts(diagnoser: Diagnoser) -> Sheet:
    """The fewest facts that prove a cause; none where nothing is proven by answers alone."""
    rules = diagnoser.knowledge.rules.values()
    return _fewest([rule.when for rule in rules if rule.factor == 1], diagnoser)


def much(diagnoser: Diagnoser) -> Sheet:
    """Facts of which there is more to say: they cannot hold together, and something was tried."""
    known = diagnoser.knowledge
    sheet = _fewest([one.when for one in known.contradictions.values()], diagnoser)
    tried = dict.fromkeys(known.commonly_tried[:1], DID_NOT_HELP)
    return sheet | ({TRIED_AREA: tried} if tried else {})


def _fewest(conditions: Iterable[Condition], diagnoser: Diagnoser) -> Sheet:
    """The fewest facts with which one of the conditions holds, the first of several."""
    found = [answers for one in conditions if (answers := dict(_answers(one, diagnoser)))]
    return by_area(min(found, key=len, default={}))


def _answers(condition: Condition, diagnoser: Diagnoser) -> Iterator[tuple[str, Any]]:
    """An answer to each fact that it reads, as in a facts file; none where it compares some."""
    read = [one for one in tests(condition) if isinstance(one, OneOf)]
    about = diagnoser.knowledge.facts
    if len(read) == len([*tests(condition)]) and all(about[one.fact].askable for one in read):
        for one in read:
            yield one.fact, about[one.fact].kind.show(one.values[0])


def body(endpoint: Endpoint, diagnoser: Diagnoser) -> Body:
    """A body that the operation takes."""
    sheet = facts(diagnoser)
    if endpoint.tag == "Diagnosis":
        return sheet
    if endpoint.name == "interview_next":
        return {"facts": sheet}
    interview = Interview.start(diagnoser, sheet if endpoint.name != "interview_answer" else {})
    more: Body = {}
    if endpoint.name == "interview_answer":
        more = {"answers": _form(interview.next())}
    elif endpoint.name == "interview_outcome":
        interview.enough()
        more = {"outcome": _did_not_help(interview.next())}
    elif endpoint.name == "interview_change":
        more = {"fact": next(iter(flat(sheet)), ""), "value": UNKNOWN}
    elif endpoint.name == "interview_insist":
        more = {"facts": flat(sheet)}
    return {"interview": json.loads(interview.json_text()), **more}


def _did_not_help(turn: Turn) -> str:
    outcomes = turn.outcomes if isinstance(turn, Step) else {}
    return next((one for one in (DID_NOT_HELP, *outcomes) if one in outcomes), DID_NOT_HELP)


def _form(turn: Turn) -> Body:
    """An answer to the first field that has options, and the others are left open."""
    for field in turn.fields if isinstance(turn, Visit) else []:
        if field.tick is not None:
            return {field.fact: True}
        if field.options and not field.several:
            return {field.fact: next(iter(field.options))}
    return {}


def replies(endpoint: Endpoint, diagnoser: Diagnoser) -> Iterator[Any]:
    """What the operation answers to what is shown here, if that tells more than other operations
    do; of operations on one entry, the entries of the first ids. An explanation takes too long."""
    if endpoint.name == "explain":
        return
    if endpoint.tag == "Interview" and endpoint.name not in TELLING:
        return
    options = endpoint.options()
    if "look_ahead" in type(options).model_fields:
        options = type(options).model_validate({"look_ahead": True})
    asked = Understood(diagnoser, None, options, {}, "")
    if endpoint.body is not None:
        sent = [body(endpoint, diagnoser)]
        if endpoint.tag == "Diagnosis":
            sent = [*sent, much(diagnoser), {}]
        for one in sent:
            read = endpoint.body.model_validate(one, context=diagnoser)
            yield _answered(endpoint, asked._replace(body=read))
    elif "{" not in endpoint.path:
        yield _answered(endpoint, asked)
    elif endpoint.of_knowledge:
        known = getattr(diagnoser.knowledge, endpoint.path.split("/")[1])
        for id in islice(known, SHOWN):
            yield _answered(endpoint, asked._replace(path={"id": id}))


def _answered(endpoint: Endpoint, asked: Understood) -> Any:
    return json.loads(endpoint.answer(asked).text)
