"""Over HTTP and on standard streams: what is out of bounds is turned away, junk does no harm, and
the program ends as it should."""

from __future__ import annotations

import gc
import json
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import IO, Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from diagnoser import Diagnoser, Interview, Report
from diagnoser.agents import http_app, mcp_server
from tests.agents.clients import serving
from tests.commands import PATIENCE, PROGRAM, environment, run, without

JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}


def asking(tool: str, arguments: Any, id: int = 2) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}


@pytest.fixture(scope="module")
def http(diagnoser: Diagnoser) -> Iterator[httpx.Client]:
    with (
        serving(diagnoser) as address,
        httpx.Client(base_url=address.removesuffix("/mcp"), headers=JSON) as client,
    ):
        yield client


def still_answers(http: httpx.Client) -> bool:
    answer = http.post("/mcp", json=asking("find_remedy", {"words": "restart"}))
    return answer.status_code == 200 and not answer.json()["result"]["isError"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "attacker.example"}, 421),
        ({"Host": "localhost:1"}, 200),
        ({"Origin": "https://attacker.example"}, 403),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Content-Type": "text/plain"}, 400),
        ({"Accept": "text/html"}, 406),
    ],
)
def test_only_who_may_call_is_answered(
    headers: dict[str, str], status: int, http: httpx.Client
) -> None:
    answer = http.post("/mcp", json=INITIALIZE, headers=headers)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert "mcp-session-id" not in answer.headers
    if status == 200:
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_session_to_listen_to_or_to_delete(method: str, http: httpx.Client) -> None:
    assert http.request(method, "/mcp").status_code == 405


def test_a_body_is_bounded(http: httpx.Client) -> None:
    most = mcp_server.MAX_BODY
    body = json.dumps(asking("diagnose", {"facts": {}})).encode()
    assert http.post("/mcp", content=body + b" " * (most - len(body))).status_code == 200
    assert http.post("/mcp", content=body + b" " * (most - len(body) + 1)).status_code == 413
    chunks = (b" " * 65_536 for _ in range(4))
    assert http.post("/mcp", content=chunks).status_code == 413


def test_another_application_takes_it_in(diagnoser: Diagnoser) -> None:
    agents = http_app(diagnoser, hosts=["helpdesk.example"])

    @asynccontextmanager
    async def lifespan(host: FastAPI) -> AsyncIterator[None]:
        async with agents.router.lifespan_context(agents):
            yield

    host = FastAPI(lifespan=lifespan)
    host.router.routes.extend(agents.routes)
    call = asking("find_remedy", {"words": "restart"})
    with TestClient(host, base_url="https://helpdesk.example") as client:
        answer = client.post("/mcp", json=call, headers=JSON)
        assert answer.status_code == 200
        assert not answer.json()["result"]["isError"]
        assert client.get("/mcp").status_code == 405
        elsewhere = {**JSON, "Host": "localhost"}
        assert client.post("/mcp", json=call, headers=elsewhere).status_code == 421


JUNK = {
    "nothing": b"",
    "half an object": b"{",
    "no text": b"\xff\xfe",
    "deep lists": b"[" * 100_000,
    "a batch": b"[]",
    "no method": b'{"jsonrpc": "2.0"}',
    "no parameters": json.dumps({**INITIALIZE, "params": None}).encode(),
    "arguments in a list": json.dumps(asking("diagnose", [1])).encode(),
    "no number": json.dumps(asking("diagnose", {"facts": 1e400})).encode(),
    "half a character": json.dumps(asking("diagnose", {"facts": {"\ud800": 1}})).encode(),
    "deep objects": (
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"diagnose","arguments":'
        + b'{"facts":' * 500
        + b"{}"
        + b"}" * 502
    ),
}


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("version", [{}, {"MCP-Protocol-Version": "2026-07-28"}])
def test_junk_is_refused_and_the_server_goes_on(
    junk: str, version: dict[str, str], http: httpx.Client
) -> None:
    answer = http.post("/mcp", content=JUNK[junk], headers=version)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert still_answers(http)


def test_several_at_once_get_what_each_asked_for(http: httpx.Client, diagnoser: Diagnoser) -> None:
    versions = [f"26.{number}" for number in range(6)]

    def begin(version: str) -> Any:
        call = asking("next_visit", {"facts": {"ios": {"version": version}}})
        return http.post("/mcp", json=call, timeout=PATIENCE).json()["result"]["structuredContent"]

    with ThreadPoolExecutor(3) as pool:
        for version, begun in zip(versions, pool.map(begin, versions), strict=True):
            interview = Interview.start(diagnoser, {"ios": {"version": version}})
            assert begun["interview"] == json.loads(interview.json_text())
            assert begun["turn"] == json.loads(interview.next().json_text())


def test_no_conversation_outlives_its_calls(http: httpx.Client, diagnoser: Diagnoser) -> None:
    def kept() -> int:
        gc.collect()
        return sum(isinstance(one, Interview | Report) for one in gc.get_objects())

    before = kept()
    call = asking("next_visit", {"facts": {"wifi": {"connection": "off"}}})
    begun = http.post("/mcp", json=call).json()["result"]["structuredContent"]
    for tool, said in (("answer", {"answers": {}}), ("diagnose", {}), ("answer", {"say": "?"})):
        call = asking(tool, {"interview": begun["interview"], **said})
        assert http.post("/mcp", json=call).status_code == 200
    assert kept() == before


@contextmanager
def started() -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes], IO[bytes]]]:
    """The command as a process of its own, with what it reads, and what it writes and talks to."""
    with subprocess.Popen(
        [*PROGRAM, "mcp"],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        yield program, program.stdin, program.stdout, program.stderr


def test_junk_on_standard_input_is_passed_over_and_nothing_is_written_to_standard_error() -> None:
    secret = {"storage": {"icloud_free_gb": "7.125 plums"}}
    lines = [
        b"this is no JSON",
        b"\xff\xfe\x00",
        b"[" * 5000,
        json.dumps(INITIALIZE).encode(),
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        json.dumps(asking("diagnose", {"facts": secret}, 2)).encode(),
        json.dumps(asking("diagnose", [secret], 3)).encode(),
        json.dumps(asking("diagnose", {"facts": {"wifi": {"connection": "off"}}}, 4)).encode(),
    ]
    with started() as (program, given, said, talk):
        given.write(b"\n".join(lines) + b"\n")
        given.flush()
        answers = {}
        while len(answers) < 4:
            one = json.loads(said.readline())
            answers[one["id"]] = one
        given.close()
        assert program.wait(PATIENCE) == 0
        assert said.read() == b""
        assert talk.read() == b""
    assert "plums" in answers[2]["result"]["content"][0]["text"]
    assert "error" in answers[3]
    finding = answers[4]["result"]["structuredContent"]["finding"]
    assert "Wi-Fi is switched off" in finding["text"]


def test_a_server_that_is_killed_takes_nothing_of_a_conversation_with_it() -> None:
    begun = one_call_to_a_server_that_is_killed(asking("next_visit", {"ask_person": False}))
    said = {"interview": begun["interview"], "answers": {"backup.switch": "on"}}
    next_ = one_call_to_a_server_that_is_killed(asking("answer", said))
    [answered] = next_["interview"]["said"]
    assert answered["answers"]["backup.switch"] == "on"
    assert next_["turn"] != begun["turn"]


def one_call_to_a_server_that_is_killed(call: dict[str, Any]) -> dict[str, Any]:
    with subprocess.Popen(
        [*PROGRAM, "mcp"], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for message in (INITIALIZE, call):
            program.stdin.write(json.dumps(message).encode() + b"\n")
            program.stdin.flush()
            answer = json.loads(program.stdout.readline())
        program.kill()
    content: dict[str, Any] = answer["result"]["structuredContent"]
    return content


# -- the command


def test_the_command_says_what_is_wrong_before_it_serves() -> None:
    ended = run("mcp", "--knowledge", "nowhere")
    assert ended.returncode == 2
    assert ended.stdout == b""
    ended = run("mcp", stdin=None, preexec_fn=lambda: __import__("os").close(0))
    assert ended.returncode == 2
    assert b"standard input" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_without_the_extra_the_command_names_it() -> None:
    ended = without("mcp", "mcp")
    assert ended.returncode == 2
    [line] = ended.stderr.decode().splitlines()
    assert line.startswith("Error: mcp")
    assert line.endswith(' is not installed. Install it with: pip install "diagnoser[mcp]"')


def test_help_needs_no_extra() -> None:
    ended = without("mcp", "mcp", "--help")
    assert ended.returncode == 0
    assert b"Model Context Protocol" in ended.stdout


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 2), (signal.SIGTERM, 15)])
def test_a_signal_ends_the_command_at_once(sent: signal.Signals, code: int) -> None:
    with started() as (program, given, said, talk):
        given.write(json.dumps(INITIALIZE).encode() + b"\n")
        given.flush()
        assert said.readline()  # it serves
        program.send_signal(sent)
        assert program.wait(PATIENCE) == -code
        assert talk.read() == b""


def test_the_command_ends_quietly_when_nobody_reads_on() -> None:
    with started() as (program, given, said, talk):
        said.close()
        given.write(json.dumps(INITIALIZE).encode() + b"\n")
        given.close()
        assert program.wait(PATIENCE) == 141
        assert talk.read() == b""
