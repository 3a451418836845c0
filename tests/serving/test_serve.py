"""`diagnoser serve` as a process of its own, on a port of this machine."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from typing import Any

import httpx
import pytest
import uvicorn

from diagnoser.serving.server import Impatient
from tests.commands import PATIENCE, run, without
from tests.questionnaire.no_script import Visitor
from tests.serving.running import Server

KIND = "Content-Type: application/x-www-form-urlencoded"


def visitor(*servers: Server) -> Visitor:
    return Visitor(*(httpx.Client(base_url=one.address, timeout=PATIENCE) for one in servers))


def test_it_says_where_it_serves_and_logs_nothing_of_a_conversation() -> None:
    with Server() as server:
        person = visitor(server)
        person.open('/start?facts={"ios":{"version":"26.1"}}')
        person.press("start", tried="update-ios")
        person.press("answer", **{"backup.message": "network"})
        person.open("/continue?state=broken")
        person.open("/nothing?wifi.connection=off")
        with socket.create_connection(("127.0.0.1", server.port)) as odd:
            odd.sendall(b"storage.icloud_free_gb=3 is no HTTP\r\n\r\n")
            assert b"400" in odd.recv(1000)
        code, out, err = server.stop()

    assert code == 0
    assert out == ""
    first, *rest = err.splitlines()
    assert first == f"Serving on {server.address}. Ctrl-C stops it."
    assert rest in ([], ["WARNING: Invalid HTTP request received."])


def test_many_explanations_keep_nobody_else_waiting() -> None:
    """An explanation takes a second; they are made one after the other, beside all else."""
    done: list[str] = []

    def explain() -> None:
        url, facts = f"{server.address}/v1/explain?format=text", {"backup": {"switch": "on"}}
        assert httpx.post(url, json=facts, timeout=PATIENCE).status_code in (200, 503)
        done.append("explanation")

    with Server() as server:
        waiting = [threading.Thread(target=explain) for _ in range(8)]
        for one in waiting:
            one.start()
        person = visitor(server)
        person.open("/")
        person.press("start")
        done.append("page")
        for one in waiting:
            one.join()

    assert done.index("page") < len(waiting) - 1


def test_what_is_being_answered_is_finished_before_it_stops() -> None:
    with Server() as server, socket.create_connection(("127.0.0.1", server.port)) as sent:
        body = b"do=start"
        head = (
            f"POST /conversation HTTP/1.1\r\nHost: localhost\r\n{KIND}\r\nContent-Length: 8\r\n\r\n"
        )
        sent.sendall(head.encode() + body[:4])
        while httpx.get(f"{server.address}/health", timeout=PATIENCE).status_code != 200:
            pass
        server.tell(signal.SIGTERM)
        sent.sendall(body[4:])
        answer = b""
        while more := sent.recv(65536):
            answer += more
        code, _, _ = server.stop(signal.SIGCONT)

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.rstrip().endswith(b"</html>")
    assert code == 0


def test_a_request_that_does_not_begin_in_time_is_given_up() -> None:
    class Quick(Impatient):
        patience = 1

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(1.5)  # who is answered may wait longer
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(app, http=Quick, lifespan="off", log_config=None)
    server, bound = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        for begun in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "):
            with socket.create_connection(bound.getsockname()) as sent:
                sent.settimeout(PATIENCE)
                sent.sendall(begun)
                assert sent.recv(1000) == b""
        with socket.create_connection(bound.getsockname()) as sent:
            sent.settimeout(PATIENCE)
            sent.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert sent.recv(1000).startswith(b"HTTP/1.1 204")
            sent.sendall(b"GET")
            assert sent.recv(1000) == b""
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def test_ctrl_c_ends_it_as_it_ends_other_commands() -> None:
    with Server() as server:
        code, _, err = server.stop(signal.SIGINT)

    assert code == 130
    assert "Traceback" not in err


def test_a_server_that_is_killed_loses_nothing_of_a_conversation() -> None:
    with Server() as server:
        person = visitor(server)
        person.open("/")
        person.press("start")
        page = person.press("answer", **{"backup.switch": "on", "backup.message": "network"})
        server.stop(signal.SIGKILL)
    with Server() as other:
        goes_on = visitor(other)
        goes_on.page = page
        goes_on.press("answers")

    assert "poor network connection" in goes_on.page.words


def test_two_servers_hold_one_conversation_in_turn() -> None:
    answers = {"backup.switch": "off", "storage.room": "enough", "account.prompt": "nothing"}
    with Server() as one, Server() as other:
        alone, between = visitor(one), visitor(one, other)
        for person in (alone, between):
            person.open("/")
            person.press("start")
        for _ in range(12):
            assert between.page.text == alone.page.text
            do = next(
                do
                for do in ("answer", "confirm", "enough", "step", "outcome", "save")
                if any(do == button for button, _ in alone.page.form.buttons)
            )
            if do == "save":
                break
            typed = {**answers, "outcome": "fixed"}
            typed = {k: v for k, v in typed.items() if k in alone.page.form.choices}
            alone.send(do, typed)
            between.send(do, typed)

    assert alone.page.heading == "It works again"


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with Server() as server:
        done = run("serve", "--port", str(server.port))

    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == [
        f"Error: 127.0.0.1:{server.port} cannot be listened on: Address already in use"
    ]


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.7"])
def test_an_address_that_is_not_of_this_machine_is_told_in_one_line(host: str) -> None:
    done = run("serve", "--host", host, "--port", "0")

    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert line.startswith(f"Error: {host}:0 cannot be listened on: ")


def test_without_its_packages_it_names_the_extra() -> None:
    done = without("uvicorn", "serve")

    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert 'pip install "diagnoser[web]"' in line
    assert line.startswith("Error: uvicorn is not installed.")


def test_memory_does_not_grow_with_conversations() -> None:
    with Server() as server:
        person = visitor(server)

        def talk(times: int) -> None:
            for _ in range(times):
                person.open("/")
                person.press("start")
                person.press("answer", **{"backup.switch": "off"})
                person.press("enough")

        talk(5)
        before = server.memory()
        talk(10)

        assert server.memory() < before + 8 * 2**20
