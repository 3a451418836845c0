"""The operations on the knowledge: which it is, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from diagnoser.errors import nearest, quoted
from diagnoser.rendering import pages
from diagnoser.report.canonical_json import as_json
from diagnoser.rest.endpoint import Endpoint, Reply, Understood
from diagnoser.rest.entries import (
    CauseEntry,
    CauseListed,
    FactEntry,
    PlaceEntry,
    RemedyEntry,
    SignEntry,
)
from diagnoser.rest.problems import AT, KINDS, Refused, in_parameter, used
from diagnoser.rest.replies import KnowledgeShown, ProblemKind
from diagnoser.version import __version__

TAG = "Knowledge"


def _knowledge(asked: Understood) -> Reply:
    known = asked.diagnoser.knowledge
    shown = KnowledgeShown(
        **used(asked.diagnoser).model_dump(),
        title=known.title,
        program=__version__,
        counts={what: len(listed(known)) for what, listed in pages.LISTS.items()},
    )
    return Reply(shown.json_text())


def not_found(what: str, id: str, known: Iterable[str], see: str) -> Refused:
    """The refusal of an id that nothing has; `see` tells where all are listed."""
    detail = f"{quoted(id)} is not one of the {what}"
    mistake = in_parameter("id", detail, f"an id of {see}", nearest(id, known))
    return Refused("not-found", f"{detail}.", [mistake])


def _list(what: str) -> Callable[[Understood], Reply]:
    def answer(asked: Understood) -> Reply:
        return Reply(as_json(pages.LISTS[what](asked.diagnoser.knowledge)))

    return answer


def _entry(what: str) -> Callable[[Understood], Reply]:
    def answer(asked: Understood) -> Reply:
        knowledge, id = asked.diagnoser.knowledge, asked.path["id"]
        known = getattr(knowledge, what)
        if id not in known:
            raise not_found(what, id, known, f"/v1/{what}")
        return Reply(as_json(pages.ENTRIES[what](knowledge, id)))

    return answer


def _problems(_: Understood) -> Reply:
    return Reply(as_json({name: kind._asdict() for name, kind in KINDS.items()}))


def _problem(asked: Understood) -> Reply:
    name = asked.path["id"]
    if name not in KINDS:
        raise not_found("problems", name, KINDS, AT.rstrip("/"))
    return Reply(as_json(KINDS[name]._asdict()))


WORDS: dict[str, tuple[str, str, Any, type]] = {
    "facts": ("a fact", "What can be known, and what it asks for.", dict[str, str], FactEntry),
    "places": ("a place", "Where things are seen and done.", dict[str, str], PlaceEntry),
    "signs": ("a sign", "What can be observed, and when it is.", dict[str, str], SignEntry),
    "causes": ("a cause", "What can be wrong.", dict[str, CauseListed], CauseEntry),
    "remedies": ("a remedy", "What can be done.", dict[str, str], RemedyEntry),
}
"""Of each list one of it, what it holds, and the models of the list and of its entries."""


def _of(what: str) -> tuple[Endpoint, Endpoint]:
    one, text, listed, entry = WORDS[what]
    return (
        Endpoint(
            "GET",
            f"/{what}",
            TAG,
            f"List the {what}",
            f"{text} By id.",
            _list(what),
            listed,
            of_knowledge=True,
        ),
        Endpoint(
            "GET",
            f"/{what}/{{id:anything}}",
            TAG,
            f"Show {one}",
            f"Everything about {one}.",
            _entry(what),
            entry,
            of_knowledge=True,
        ),
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/knowledge",
        TAG,
        "Show which knowledge is at hand",
        "Its id, version and digest, which every reply names in its headers too.",
        _knowledge,
        KnowledgeShown,
        of_knowledge=True,
    ),
    *(endpoint for what in WORDS for endpoint in _of(what)),
    Endpoint(
        "GET",
        "/problems",
        "Description",
        "List the kinds of problems",
        "By the last part of the `type` of a problem.",
        _problems,
        dict[str, ProblemKind],
    ),
    Endpoint(
        "GET",
        "/problems/{id}",
        "Description",
        "Show a kind of problem",
        "What the `type` of a problem leads to.",
        _problem,
        ProblemKind,
    ),
)
