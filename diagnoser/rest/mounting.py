"""The operations of `/v1` as routes of an application."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import Match, Route

from diagnoser.api import Diagnoser
from diagnoser.case.json_input import MAX_BYTES
from diagnoser.errors import near_misses, nearest, quoted
from diagnoser.report.canonical_json import as_json
from diagnoser.rest import conversing, diagnosing, knowing
from diagnoser.rest.document import document
from diagnoser.rest.endpoint import JSON, Call, Endpoint, Reply
from diagnoser.rest.problems import Refused, in_parameter, knowledge_headers, response
from diagnoser.rest.reading import understand
from diagnoser.rest.schemas import schema_endpoints

PREFIX = "/v1"
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]
NEAR_MISSES = 200
"""How many near misses are looked for in one request; a typing mistake takes one or two."""
_log = logging.getLogger("diagnoser.rest")


class Anything(PathConvertor):
    """What any rest of a path may be, with slashes and line ends."""

    regex = "(?s:.*)"


register_url_convertor("anything", Anything())


def endpoints(diagnoser: Diagnoser) -> tuple[Endpoint, ...]:
    """Every operation, in the order of the document."""
    known = (*diagnosing.ENDPOINTS, *conversing.ENDPOINTS, *knowing.ENDPOINTS)
    return (*known, *schema_endpoints(diagnoser))


def router(diagnoser: Diagnoser) -> APIRouter:
    """Every operation of `/v1`, for `FastAPI.include_router`; whatever else is under `/v1` is
    answered with problem details too."""
    routes, known = APIRouter(), endpoints(diagnoser)
    for one in known:
        methods = ["GET", "HEAD"] if one.method == "GET" else ["POST"]
        routes.add_api_route(
            PREFIX + one.path,
            _handler(one, diagnoser),
            methods=methods,
            include_in_schema=False,
        )
    for path in (PREFIX, f"{PREFIX}/{{rest:anything}}"):
        routes.add_api_route(
            path, _nothing_here(known, diagnoser), methods=METHODS, include_in_schema=False
        )
    return routes


def install(app: FastAPI, diagnoser: Diagnoser) -> None:
    """Gives an application, made with `openapi_url=None`, its OpenAPI document at `/openapi.json`:
    that of `/v1`, with its other operations."""
    lock = Lock()

    def openapi() -> dict[str, Any]:
        with lock:  # making it takes as long as some questions do
            if app.openapi_schema is None:
                others = get_openapi(title="", version="", routes=app.routes)
                app.openapi_schema = document(diagnoser, endpoints(diagnoser), PREFIX, others)
            return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    @app.api_route("/openapi.json", methods=["GET", "HEAD"], include_in_schema=False)
    def show() -> Response:
        return Response(as_json(openapi()), media_type=JSON, headers={"Cache-Control": "no-cache"})


async def _content(request: Request) -> bytes | None:
    """The body; None where it is too large, and then no more of it is read than that shows."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            return None
    return bytes(content)


Content = Annotated[bytes | None, Depends(_content)]


def _handler(endpoint: Endpoint, diagnoser: Diagnoser) -> Callable[..., Any]:
    """The operation as FastAPI calls it: in a thread, so that work blocks nobody. What is slow
    stands in a line of its own, and leaves the other threads to what is quick."""

    def handle(request: Request, content: Content) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = request.query_params.multi_items()
        call = Call(diagnoser, headers, query, request.path_params, content)
        answered = _answered(endpoint, call)
        if request.method == "HEAD":
            answered.body = b""
        return answered

    if not endpoint.slow:
        return handle
    line = CapacityLimiter(1)  # what is given up while it waits is not begun

    async def handle_in_line(request: Request, content: Content) -> Response:
        return await to_thread.run_sync(handle, request, content, limiter=line)

    return handle_in_line


def _answered(endpoint: Endpoint, call: Call) -> Response:
    try:
        with near_misses(NEAR_MISSES):
            reply = endpoint.answer(understand(endpoint, call))
    except Refused as refused:
        return response(call.diagnoser, refused)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        # Its text, and what it was raised with, may hold something of a case.
        _log.error("%s in %s, line %s", type(error).__name__, last.filename, last.lineno)
        detail = "The program has a mistake; the server has noted where."
        return response(call.diagnoser, Refused("internal", detail))
    return _written(endpoint, call, reply)


def _written(endpoint: Endpoint, call: Call, reply: Reply) -> Response:
    headers = knowledge_headers(call.diagnoser) | {"Cache-Control": "no-store"}
    if endpoint.media_types:
        headers["Vary"] = "Accept"
    if endpoint.of_knowledge:
        etag = f'"{call.diagnoser.knowledge.digest}"'
        headers |= {"Cache-Control": "no-cache", "ETag": etag}
        if _has(call.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
    return Response(reply.text, headers=headers, media_type=reply.media_type)


def _has(known: str, etag: str) -> bool:
    """Whether an ETag is among those of the header If-None-Match (RFC 9110, 13.1.2)."""
    return known.strip() == "*" or etag in [
        one.strip().removeprefix("W/") for one in known.split(",")
    ]


def _nothing_here(known: Sequence[Endpoint], diagnoser: Diagnoser) -> Callable[..., Response]:
    """Says that a path has nothing, or not by this method."""
    paths = [(Route(PREFIX + one.path, _nowhere), one) for one in known]

    def handle(request: Request) -> Response:
        path = request.url.path
        scope = {"type": "http", "path": path, "method": "GET"}
        here = [one.method for route, one in paths if route.matches(scope)[0] != Match.NONE]
        if here:
            allowed = ", ".join(["GET", "HEAD"] if "GET" in here else here)
            detail = f"{request.method} is not possible here."
            mistake = in_parameter("method", detail, allowed)
            refused = Refused("method-not-allowed", detail, [mistake], {"Allow": allowed})
        else:
            listed = [PREFIX + one.path for one in known if "{" not in one.path]
            detail = f"{quoted(path)} is not a path of this interface."
            mistake = in_parameter("path", detail, "those of /openapi.json", nearest(path, listed))
            refused = Refused("not-found", detail, [mistake])
        answered = response(diagnoser, refused)
        if request.method == "HEAD":
            answered.body = b""
        return answered

    return handle


def _nowhere(_: Request) -> Response:
    return Response()
