"""The server under load: `diagnoser serve` in a process of its own, driven from this one over the
loopback interface.

`python -m tests.benchmarks.load` runs it alone, for a minute or `--seconds` long.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from diagnoser import Diagnoser
from tests import packs
from tests.benchmarks.peers import percentile, sheets
from tests.serving.running import Server

SECONDS, QUICK_SECONDS = 60.0, 10.0
CASES = 600
CONNECTIONS = 4
"""Callers at once, each of which sends its next request when the last one is answered."""
ROUNDS = ((CONNECTIONS, 1 / 6), (1, 1 / 6), (CONNECTIONS, 2 / 3))
"""How many callers there are for which part of the time; after the first part memory should grow no
more."""
Rows = list[list[str]]


@dataclass
class Driven:
    """What came of the requests of one kind: `taken` are milliseconds, `seconds` the time in
    which they were made."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    errors: int = 0


def load(cases: Sequence[Mapping[str, Any]], seconds: float = SECONDS) -> Iterator[str | Rows]:
    """The figures as a table, and what memory did in words."""
    kinds = {
        "diagnosis": ("/v1/diagnosis", [json.dumps(case) for case in cases]),
        "next visit": ("/v1/interview/next", [json.dumps({"facts": case}) for case in cases]),
    }
    with Server() as server:
        found, memory = asyncio.run(_drive(server, kinds, seconds))
    yield [["request", "alone", "a second", "median", "95th percentile", "99th", "errors"]] + [
        _row(name, found[name, 1], found[name, CONNECTIONS]) for name in kinds
    ]
    before, after = (f"{of / 2**20:.0f} MB" for of in memory)
    yield (
        f"Resident memory of the server after a sixth of the time: {before}; at the end: {after}."
    )


def _row(name: str, alone: Driven, driven: Driven) -> list[str]:
    ascending = sorted(driven.taken)
    return [
        name,
        f"{statistics.median(alone.taken):.1f} ms",
        f"{len(ascending) / driven.seconds:.0f}",
        *(f"{percentile(ascending, percent):.1f} ms" for percent in (50, 95, 99)),
        str(alone.errors + driven.errors),
    ]


async def _drive(
    server: Server, kinds: Mapping[str, tuple[str, list[str]]], seconds: float
) -> tuple[dict[tuple[str, int], Driven], tuple[int, int]]:
    """What came of each kind of request, by the number of callers; and the server's memory after
    the first round and after the last."""
    found = {(name, callers): Driven() for name in kinds for callers in (1, CONNECTIONS)}
    waiting = {name: cycle(bodies) for name, (_, bodies) in kinds.items()}
    memory = []
    for callers, share in ROUNDS:
        for name, (path, _) in kinds.items():
            kind, start = found[name, callers], time.monotonic()
            until = start + seconds * share / len(kinds)
            calls = [_call(server.port, path, waiting[name], until, kind) for _ in range(callers)]
            await asyncio.gather(*calls)
            kind.seconds += time.monotonic() - start
        memory.append(server.memory())
    return found, (memory[0], memory[-1])


async def _call(port: int, path: str, bodies: Iterator[str], until: float, kind: Driven) -> None:
    """Sends one request after the other, and times each until its last byte."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        body = next(bodies).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        sent = time.perf_counter()
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(
            line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        content = await reader.readexactly(int(length.partition(b":")[2]))
        kind.taken.append((time.perf_counter() - sent) * 1000)
        kind.errors += not (answer.startswith(b"HTTP/1.1 200 ") and content.endswith(b"}"))
    writer.close()
    await writer.wait_closed()


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    options.add_argument("--seconds", type=float, default=SECONDS)
    seconds = options.parse_args().seconds
    cases = sheets(Diagnoser(), packs.built_in_pack(), CASES)
    print(f"{os.cpu_count()} processors")
    for part in load(cases, seconds):
        if isinstance(part, str):
            print(part)
        else:
            print("\n".join("  ".join(cell.rjust(15) for cell in row) for row in part))


if __name__ == "__main__":
    main()
