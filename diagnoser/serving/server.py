"""Runs the application until it is told to stop; requests that are being answered are finished."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Collection

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from diagnoser import Diagnoser
from diagnoser.serving.application import application
from diagnoser.serving.guard import LOOPBACK, PATIENCE, name_of

STOPPING = 30
"""Seconds that requests have to end after the server was told to stop."""
IDLE = 5
"""Seconds that a connection may be idle between two requests."""
MOST_CONNECTIONS = 1000
LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
        for name in ("uvicorn", "diagnoser")
    },
}
"""Only what goes wrong is logged, and no request: its address may hold a conversation."""


class Impatient(H11Protocol):
    """Closes a connection on which no request begins in time; uvicorn itself waits for ever for the
    rest of a line."""

    patience = PATIENCE
    """Seconds until the first line and the headers of a request are there."""
    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waits is not None:
            self._waits.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
        self._waits = self.loop.call_later(self.patience, self._end, self.cycle)

    def _end(self, last: RequestResponseCycle | None) -> None:
        idle = last is None or last.response_complete
        if self.cycle is last and idle and not self.transport.is_closing():
            self.transport.close()


def run(
    diagnoser: Diagnoser,
    host: str,
    port: int,
    also: Collection[str] = (),
    tell: Callable[[str], None] = print,
) -> None:
    """Serves on this address and port (0 for any that is free) until SIGTERM or Ctrl-C.

    It answers to the names of the own machine, to `host`, and to the names in `also`. `tell` is
    told the address once connections are taken. Raises OSError where the address cannot be had.
    """
    bound = _bound(host, port)
    shown = f"[{host}]" if ":" in host else host
    names = dict.fromkeys(map(name_of, [*LOOPBACK, shown, *also]))
    config = uvicorn.Config(
        application(diagnoser, list(names)),
        http=Impatient,
        ws="none",
        access_log=False,
        log_config=LOGS,
        server_header=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=STOPPING,
        limit_concurrency=MOST_CONNECTIONS,
        workers=1,
    )
    signal.signal(signal.SIGTERM, _nothing)  # uvicorn sends it again when all is done
    tell(f"http://{shown}:{bound.getsockname()[1]}")
    uvicorn.Server(config).run(sockets=[bound])


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


def _nothing(*_: object) -> None:
    """What SIGTERM does after the server has stopped in good order: the process ends with 0."""
