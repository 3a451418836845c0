"""What is answered when something is wrong: problem details (RFC 9457), with an entry for each
mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from fastapi import Response
from pydantic import Field

from diagnoser.api import Diagnoser
from diagnoser.errors import printable
from diagnoser.report.model import KnowledgeUsed, Reported

MEDIA_TYPE = "application/problem+json"
AT = "/v1/problems/"
"""Where a kind of problem is explained; with its name, the `type` of the problem."""


class Kind(NamedTuple):
    """A kind of problem: its status, its title, and what a caller can do about it."""

    status: int
    title: str
    text: str


KINDS = {
    "bad-request": Kind(400, "Bad request", "The request cannot be understood as HTTP."),
    "unreadable": Kind(
        400,
        "The body cannot be read",
        "A body is a JSON object in UTF-8: at most 64 KiB, six levels deep, with texts of at most "
        "200 characters.",
    ),
    "not-found": Kind(404, "Not found", "There is nothing of this name; see what there is."),
    "method-not-allowed": Kind(
        405, "Method not allowed", "The header Allow names the methods that can be used here."
    ),
    "not-acceptable": Kind(
        406, "Not acceptable", "No format of the header Accept can be written here."
    ),
    "too-late": Kind(408, "The request did not arrive in time", "Send it again, at one go."),
    "other-knowledge": Kind(
        409,
        "Other knowledge is at hand",
        "The caller demands a version or digest of the knowledge that this server does not have; "
        "`knowledge` is the one that it has.",
    ),
    "too-large": Kind(413, "The body is too large", "A body has at most 64 KiB."),
    "address-too-long": Kind(414, "The address is too long", "An address has at most 32 KiB."),
    "no-json": Kind(
        415, "The body is not JSON", "A body is sent as application/json, and not compressed."
    ),
    "invalid": Kind(
        422,
        "Something in the request cannot be used",
        "`errors` has an entry for each mistake, with its place, what is allowed there, and the "
        "nearest thing that exists.",
    ),
    "internal": Kind(500, "Internal error", "The program has a mistake. Please report it."),
    "unavailable": Kind(503, "Not available", "Try again in a while."),
}
"""Every kind of problem, by the last part of its `type`."""

_BY_STATUS = {kind.status: name for name, kind in reversed(KINDS.items())}


class Mistake(Reported):
    """One thing that is wrong with the request.

    It is in the body, at `pointer`, or in the `parameter` of this name; the other one is null.
    """

    pointer: Annotated[
        str | None,
        Field(
            description="JSON Pointer (RFC 6901) into the body; empty for the whole of it.",
            examples=["/wifi/connection"],
        ),
    ]
    parameter: Annotated[
        str | None,
        Field(description="Name of a parameter or header.", examples=["look_ahead"]),
    ]
    detail: Annotated[
        str,
        Field(description="What is wrong, in words.", examples=['"of" is none of the answers']),
    ]
    allowed: Annotated[
        str | None,
        Field(description="What may stand there, in words.", examples=["yes, no, off, unknown"]),
    ]
    nearest: Annotated[
        str | None,
        Field(description="The nearest thing that exists.", examples=["off"]),
    ]


class ProblemDetails(Reported):
    """Why a request was refused, as RFC 9457 writes it."""

    type: Annotated[
        str,
        Field(
            description="The kind of problem: a path of this server that explains it.",
            examples=[f"{AT}invalid"],
        ),
    ]
    title: Annotated[
        str,
        Field(description="The kind of problem in words.", examples=[KINDS["invalid"].title]),
    ]
    status: Annotated[int, Field(ge=400, le=599, description="The HTTP status.", examples=[422])]
    detail: Annotated[
        str, Field(description="What is wrong with this request.", examples=["There is 1 mistake."])
    ]
    knowledge: Annotated[KnowledgeUsed, Field(description="The knowledge that is at hand.")]
    errors: Annotated[
        list[Mistake],
        Field(description="Every mistake that was found; empty where there is no more to say."),
    ]


class Refused(Exception):
    """A request is not answered as it was meant; carries what is answered instead."""

    def __init__(
        self,
        kind: str,
        detail: str,
        mistakes: Iterable[Mistake] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.mistakes, self.headers = list(mistakes), headers or {}


def in_parameter(name: str, detail: str, allowed: str = "", nearest: str = "") -> Mistake:
    """A mistake in a parameter of the path or the query, or in a header."""
    return _mistake(None, printable(name), detail, allowed, nearest)


def in_body(pointer: str, detail: str, allowed: str = "", nearest: str = "") -> Mistake:
    """A mistake in the body."""
    return _mistake(pointer, None, detail, allowed, nearest)


def _mistake(
    pointer: str | None, parameter: str | None, detail: str, allowed: str, nearest: str
) -> Mistake:
    return Mistake(
        pointer=pointer,
        parameter=parameter,
        detail=printable(detail),
        allowed=allowed or None,
        nearest=nearest or None,
    )


def response(diagnoser: Diagnoser, refused: Refused) -> Response:
    """What is answered to a request that was refused."""
    kind = KINDS[refused.kind]
    body = ProblemDetails(
        type=AT + refused.kind,
        title=kind.title,
        status=kind.status,
        detail=printable(refused.detail),
        knowledge=used(diagnoser),
        errors=refused.mistakes,
    )
    headers = {"Cache-Control": "no-store", **knowledge_headers(diagnoser), **refused.headers}
    return Response(body.json_text(), kind.status, headers, MEDIA_TYPE)


def problem(diagnoser: Diagnoser, status: int, detail: str) -> Response:
    """Problem details for what a server refuses by itself, before a request gets here.

    Raises KeyError for a status that no kind of problem has.
    """
    return response(diagnoser, Refused(_BY_STATUS[status], detail))


def used(diagnoser: Diagnoser) -> KnowledgeUsed:
    """The knowledge at hand."""
    known = diagnoser.knowledge
    return KnowledgeUsed(id=known.id, version=known.version, digest=known.digest)


def knowledge_headers(diagnoser: Diagnoser) -> dict[str, str]:
    """The knowledge at hand, as every reply names it."""
    known = diagnoser.knowledge
    return {
        "Knowledge-Id": known.id,
        "Knowledge-Version": known.version,
        "Knowledge-Digest": known.digest,
    }
