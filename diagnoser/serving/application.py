"""One web application of all that faces people and programs over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from diagnoser import Diagnoser, rest
from diagnoser.questionnaire import pages
from diagnoser.questionnaire.routes import router
from diagnoser.serving.guard import LOOPBACK, PATIENCE, Guard
from diagnoser.version import __version__

THREADS = 4
"""Questions that are worked on at once: each keeps a core busy, so more would only wait longer."""
MACHINES = ("/v1", "/mcp", "/health", "/ready", "/openapi.json")
"""What programs call; they are told what is wrong as JSON, people as a page."""

MISSING = 'The tools for agents are not installed on this server: pip install "diagnoser[mcp]".'


def application(
    diagnoser: Diagnoser, hosts: Collection[str] = LOOPBACK, patience: float = PATIENCE
) -> FastAPI:
    """The questionnaire at `/`, JSON at `/v1`, and with the extra `mcp` tools for agents at `/mcp`.

    `hosts` are the names, without port, that it answers to; `patience` is how many seconds a
    request may take. It keeps nothing between requests.
    """
    agents = _agents(diagnoser, hosts)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        async with AsyncExitStack() as stack:
            if agents is not None:  # Starlette does not run the lifespan of what is mounted
                await stack.enter_async_context(agents.router.lifespan_context(agents))
            yield

    app = FastAPI(
        title="diagnoser",
        summary=diagnoser.knowledge.title,
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # their scripts come from elsewhere
        redoc_url=None,
        openapi_url=None,  # the document of /v1 is made and added below
    )
    app.include_router(router(diagnoser))
    app.include_router(rest.router(diagnoser))
    if agents is not None:
        app.router.routes.extend(agents.routes)
    else:
        _say_what_agents_need(app, diagnoser)
    _say_how_it_is(app, diagnoser)
    rest.install(app, diagnoser)

    def refuse(request: Request, status: int, reason: str) -> Response:
        return refusal(diagnoser, request, status, reason)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        reason = pages.REASONS.get(error.status_code, "This cannot be answered.")
        response = refuse(request, error.status_code, reason)
        response.headers.update(error.headers or {})
        return response

    app.add_exception_handler(HTTPException, refused)
    app.add_middleware(Guard, hosts=hosts, refuse=refuse, patience=patience)
    return app


def _agents(diagnoser: Diagnoser, hosts: Collection[str]) -> Starlette | None:
    """The tools for agents; None without the extra."""
    try:
        from diagnoser.agents import http_app
    except ImportError:
        return None
    made: Starlette = http_app(diagnoser, hosts=hosts)
    return made


def _say_what_agents_need(app: FastAPI, diagnoser: Diagnoser) -> None:
    async def missing() -> Response:
        return rest.problem(diagnoser, 404, MISSING)

    app.add_api_route("/mcp", missing, methods=["GET", "POST"], include_in_schema=False)


def _say_how_it_is(app: FastAPI, diagnoser: Diagnoser) -> None:
    async def health() -> dict[str, str]:  # waits for no thread: a busy process runs, too
        return {"status": "ok"}

    def ready() -> dict[str, Any]:
        report = diagnoser.diagnose({})
        return {"status": "ready", "knowledge": report.knowledge.model_dump()}

    for path, say in {"/health": health, "/ready": ready}.items():
        app.add_api_route(path, say, methods=["GET", "HEAD"], include_in_schema=False)


def refusal(diagnoser: Diagnoser, request: Request, status: int, reason: str) -> Response:
    """The answer to a request that is refused: problem details (RFC 9457) for programs, a page for
    people."""
    path = request.scope["path"]
    if any(path == one or path.startswith(f"{one}/") for one in MACHINES):
        return rest.problem(diagnoser, status, reason)
    return pages.refusal(diagnoser, status, reason)
