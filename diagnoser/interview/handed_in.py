"""The answers that a host hands in at a visit: what they mean, and the visit as it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diagnoser.case.json_input import shown
from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.interview import typed_answers
from diagnoser.interview.history import SoFar, Visited
from diagnoser.interview.turns import TRIED_FIELD, Field, Visit
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import UNKNOWN, Version, plain


def understood(
    values: Any, fields: Iterable[Field], knowledge: Knowledge
) -> tuple[dict[str, Any], dict[str, str] | None]:
    """The answers as in a facts file, and the outcomes of what was tried; None where nothing is
    said of that.

    Raises InvalidFacts with every mistake.
    """
    fields, known = list(fields), knowledge.facts
    taken: dict[str, Any] = {}
    tried: dict[str, str] | None = None
    problems = []
    for id, value in by_fact(values).items():
        if id != TRIED_FIELD and (id not in known or not known[id].askable):
            near = nearest(str(id), [id for id, one in known.items() if one.askable])
            reason = f"{quoted(id)} is not a fact that is asked for"
            asked = ", ".join(one.fact for one in fields)
            problems.append(fact_problem(shown(id), reason, asked, near))
            continue
        try:
            if id == TRIED_FIELD:
                tried = _tried(value, fields, knowledge)
            elif value is not None:
                taken[id] = typed_answers.understand(known[id], value)
        except InvalidFacts as error:
            problems += [one._replace(path=one.path or id) for one in error.problems]
    if problems:
        raise InvalidFacts(problems)
    for id, value in list(taken.items()):  # "27.1 beta 2" tells more than a box left empty
        kind = known[id].kind
        if isinstance(kind, Version) and kind.beta and kind.also_says(plain(value)):
            taken.pop(kind.beta[0], None)
    return taken, tried


def _tried(said: Any, fields: Iterable[Field], knowledge: Knowledge) -> dict[str, str]:
    """The outcomes of what was tried, from the options of its field, if that is asked now."""
    offered = [one.options for one in fields if one.fact == TRIED_FIELD]
    options = offered[0] if offered else {id: one.title for id, one in knowledge.remedies.items()}
    return typed_answers.understand_tried(said, options, knowledge.remedies)


def visited(
    visit: Visit,
    answers: Mapping[str, Any],
    tried: dict[str, str] | None,
    so_far: SoFar,
    aside: Iterable[str],
    more: bool,
) -> Visited:
    """What was said at a visit, by the answers that were understood.

    Where `more` is to come, the fields without an answer still wait for it; otherwise they are
    left open: "unknown", or the thought that somebody had before. `aside` are the facts that could
    have been asked for there too.
    """
    taken = dict(answers)
    for one in visit.fields:
        if one.thought is not None and taken.get(one.fact, UNKNOWN) == UNKNOWN and not more:
            taken[one.fact] = (so_far.given | so_far.answers)[one.fact]
    relevant = visit.relevant(so_far.answers | taken)
    waits: list[str] = []
    if more:
        left = {one.fact for one in visit.fields} - taken.keys()
        left -= {TRIED_FIELD} if tried is not None else set()
        waits = [
            one.fact
            for one in visit.fields
            if one.fact in left and (one in relevant or not left.isdisjoint(one.only_if))
        ]
    else:
        for one in relevant:
            if one.fact != TRIED_FIELD:
                taken.setdefault(one.fact, UNKNOWN)
            elif tried is None:
                tried = {}
    return Visited(visit.place or "", taken, tuple(waits), tuple(aside), tried)


def by_fact(values: Any) -> Mapping[Any, Any]:
    """What is handed in by fact.

    Raises InvalidFacts when it is not.
    """
    if not isinstance(values, Mapping):
        reason = f"{quoted(values)} is not answers by fact"
        raise InvalidFacts([fact_problem("", reason, '{"area.fact": value}')])
    return values
