"""Stands before every request: names that the server answers to, size, time, and headers.

What fails inside ends in a plain answer, and in a log that tells nothing of the case.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from traceback import extract_tb

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names of the own machine."""
MOST_BODY = 192 * 1024
"""Bytes of a request's body: two JSON objects of 64 KiB each, and what is around them."""
MOST_TARGET = 32 * 1024
"""Bytes of a request's path and query: facts of 8 KiB, and what their escapes add."""
PATIENCE = 20.0
"""Seconds that a request may take to arrive, and then until its answer begins."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Headers of every answer that does not set them itself."""

log = logging.getLogger(__name__)

Refuse = Callable[[Request, int, str], Response]
"""Makes the answer to a request that is refused with a status, for a reason in plain words."""


class Guard:
    """An ASGI middleware around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        refuse: Refuse,
        patience: float = PATIENCE,
    ) -> None:
        """`hosts` are the names, without port, that the server answers to; `patience` is in
        seconds."""
        self._app = app
        self._hosts = frozenset(map(name_of, hosts))
        self._refuse = refuse
        self._patience = patience
        self._late: set[asyncio.Task[None]] = set()
        """What still runs though its request was given up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._guarded(scope, receive, answer)
        except Exception as error:
            _tell(error)
            if not answer.begun:
                await self._turn_away(scope, answer, 500, "Something went wrong in this program.")

    async def _guarded(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        headers = Headers(scope=scope)
        if name_of(headers.get("host", "")) not in self._hosts:
            reason = (
                "This server does not answer to the name in the request's Host header. Who runs it "
                "can allow the name: diagnoser serve --allow-host NAME."
            )
            await self._turn_away(scope, answer, 400, reason)
            return
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_TARGET:
            reason = f"The address is longer than {MOST_TARGET // 1024} KiB."
            await self._turn_away(scope, answer, 414, reason)
            return
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(headers, receive)
        except TimeoutError:
            await self._turn_away(scope, answer, 408, "The request did not arrive in time.")
            return
        if body is None:
            reason = f"The request is larger than {MOST_BODY // 1024} KiB."
            await self._turn_away(scope, answer, 413, reason)
            return
        await self._in_time(scope, _replay(body, receive), answer)

    async def _in_time(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        """Runs the application until it has answered; gives up when no answer begins in time."""
        limits = anyio.CancelScope()

        async def run() -> None:
            with limits:
                await self._app(scope, receive, answer.send)

        work = asyncio.ensure_future(run())
        done, _ = await asyncio.wait({work}, timeout=self._patience)
        if done or answer.begun:
            await work
            return
        limits.cancel()  # what still waits for a thread is not begun; what runs in one ends there
        await self._turn_away(scope, answer, 503, "The answer took too long. Try again later.")
        self._late.add(work)
        work.add_done_callback(self._ended_late)

    def _ended_late(self, work: asyncio.Task[None]) -> None:
        self._late.discard(work)
        if not work.cancelled() and isinstance(error := work.exception(), Exception):
            _tell(error)

    async def _turn_away(self, scope: Scope, answer: _Answer, status: int, reason: str) -> None:
        response = self._refuse(Request(scope), status, reason)
        await response(scope, _nothing, answer.send)
        answer.closed = True


class _Answer:
    """The answer to one request: every one of them gets the headers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.closed = False
        """Whether the request was turned away, so that what comes late is dropped."""

    async def send(self, message: Message) -> None:
        if self.closed:
            return
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def name_of(host: str) -> str:
    """The name in a Host header, in lower case and without the port."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


async def _body(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body, or None where it is too large."""
    stated = headers.get("content-length", "0")
    if not stated.isdigit() or len(stated) > len(str(MOST_BODY)) or int(stated) > MOST_BODY:
        return None
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            return None
        more = message.get("more_body", False)
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body that has arrived, then whatever comes after it."""
    waits = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waits.pop() if waits else await receive()

    return again


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _tell(error: Exception) -> None:
    """Says in the log what failed, and where; the text of an error may hold answers."""
    place = extract_tb(error.__traceback__)[-1:]
    where = f"{place[0].filename}:{place[0].lineno}" if place else "unknown"
    log.error("%s at %s", type(error).__name__, where)
