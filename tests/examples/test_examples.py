"""The programs beside this do what their first lines say, and refuse what they should."""

from __future__ import annotations

import base64
import hmac
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from diagnoser.rendering import handover, markdown, reply
from tests.commands import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
FACTS = {"wifi": {"connection": "off"}, "network": {"cellular_backup": "off"}}
MISTAKE = {"wifi": {"conection": "off"}}
NEAR = 'did you mean "wifi.connection"?'
KEY = b"a key of the webhook"
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


# -- a host in FastAPI


@pytest.fixture(scope="module")
def host() -> TestClient:
    from tests.examples import fastapi_host

    return TestClient(fastapi_host.app)


def test_the_host_gives_the_report_to_the_byte(host: TestClient, diagnoser: Diagnoser) -> None:
    answer = host.post("/diagnosis", json=FACTS)
    assert answer.status_code == 200
    assert answer.text == diagnoser.diagnose(FACTS).json_text()


def test_the_host_leads_a_conversation_and_keeps_nothing(host: TestClient) -> None:
    state = host.post("/next-turn", json={}).json()
    asked = set()
    for _ in range(30):
        turn = state["turn"]
        said: dict[str, Any] = {"interview": state["interview"]}
        if turn["kind"] == "visit":
            asked |= {field["fact"] for field in turn["fields"]}
            known = {"wifi.connection": "off", "network.cellular_backup": "off"}
            said["answers"] = {field["fact"]: known.get(field["fact"]) for field in turn["fields"]}
        else:
            assert turn["kind"] == "step"
            said["outcome"] = "fixed" if "fixed" in turn["outcomes"] else "done"
        state = host.post("/next-turn", json=said).json()
        if state["turn"]["kind"] == "end":
            break
    assert state["turn"]["how"] == "fixed"
    assert "wifi.connection" in asked


def test_the_host_names_mistakes(host: TestClient) -> None:
    for path, body in (
        ("/diagnosis", MISTAKE),
        ("/next-turn", {"interview": {"session": 2}}),
        ("/next-turn", {"answers": {"wifi.conection": "off"}}),
        ("/next-turn", {"outcome": "fixed"}),
    ):
        answer = host.post(path, json=body)
        assert answer.status_code == 422
        assert answer.json()["mistakes"]
    assert NEAR in host.post("/diagnosis", json=MISTAKE).text.replace("\\", "")


# -- a view in Django


@pytest.fixture(scope="module")
def django() -> Any:
    from tests.examples import django_view  # isort: skip  # configures Django, which its client needs
    from django.test import Client

    assert django_view.application
    return Client()


def test_the_view_writes_texts_for_a_ticket(django: Any, diagnoser: Diagnoser) -> None:
    report = diagnoser.diagnose(FACTS)
    for path, write in (("note", markdown), ("reply", reply), ("handover", handover)):
        answer = django.post(f"/{path}", json.dumps(FACTS), content_type="application/json")
        assert answer.status_code == 200
        assert answer.content.decode() == write(report)
        assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps(MISTAKE), 422),
        ("[1]", 422),
        ("{", 400),
        ("[" * 60_000, 400),
        ('{"wifi": "' + "x" * 65_536 + '"}', 400),
    ],
)
def test_the_view_refuses_what_it_cannot_use(django: Any, body: str, status: int) -> None:
    answer = django.post("/note", body, content_type="application/json")
    assert answer.status_code == status
    assert b"Traceback" not in answer.content


def test_the_view_is_only_for_sending(django: Any) -> None:
    assert django.get("/note").status_code == 405


# -- a webhook


class Helpdesk:
    """The receiver of a webhook, and what it writes to the helpdesk."""

    def __init__(self, name: str) -> None:
        from tests.examples import ticket_webhook

        self.written: list[tuple[str, str, Any]] = []
        api = httpx.Client(
            base_url="https://helpdesk.example", transport=httpx.MockTransport(self._note)
        )
        self.client = TestClient(ticket_webhook.application(name, KEY, api, lambda: NOW))

    def _note(self, request: httpx.Request) -> httpx.Response:
        self.written.append((request.method, str(request.url), json.loads(request.content)))
        return httpx.Response(200)

    def receive(self, body: bytes, headers: dict[str, str]) -> int:
        return self.client.post("/", content=body, headers=headers).status_code


def zammad_headers(body: bytes, key: bytes = KEY) -> dict[str, str]:
    return {"X-Hub-Signature": f"sha1={hmac.new(key, body, 'sha1').hexdigest()}"}


def zendesk_headers(
    body: bytes, key: bytes = KEY, sent: str = "2026-11-30T11:58:00Z"
) -> dict[str, str]:
    signature = base64.b64encode(hmac.new(key, sent.encode() + body, "sha256").digest())
    return {
        "X-Zendesk-Webhook-Signature": signature.decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": sent,
    }


HELPDESKS = {"zammad": zammad_headers, "zendesk": zendesk_headers}
BODY = json.dumps({"ticket": "7", "facts": FACTS}).encode()


@pytest.fixture(scope="module", params=HELPDESKS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(name: str) -> Helpdesk:
    return Helpdesk(name)


@pytest.fixture
def helpdesk(made: Helpdesk) -> Helpdesk:
    made.written.clear()
    return made


def test_a_signed_ticket_is_answered_with_an_internal_note(
    helpdesk: Helpdesk, name: str, diagnoser: Diagnoser
) -> None:
    assert helpdesk.receive(BODY, HELPDESKS[name](BODY)) == 204
    note = markdown(diagnoser.diagnose(FACTS))
    [(method, address, content)] = helpdesk.written
    if name == "zammad":
        assert (method, address) == ("POST", "https://helpdesk.example/api/v1/ticket_articles")
        assert (content["ticket_id"], content["body"], content["internal"]) == (7, note, True)
    else:
        assert (method, address) == ("PUT", "https://helpdesk.example/api/v2/tickets/7.json")
        assert content == {"ticket": {"comment": {"body": note, "public": False}}}


def test_what_is_not_signed_with_the_key_writes_nothing(helpdesk: Helpdesk, name: str) -> None:
    right = HELPDESKS[name](BODY)
    signature = next(iter(right))
    wrong = [
        {},
        HELPDESKS[name](BODY, b"another key"),
        HELPDESKS[name](BODY + b" "),
        right | {signature: ""},
        right | {signature: right[signature][:-1]},
        right | {signature: "é"},
        {signature: right[signature].upper()},
    ]
    for headers in wrong:
        encoded = {header: value.encode() for header, value in headers.items()}
        assert helpdesk.client.post("/", content=BODY, headers=encoded).status_code == 401
    assert helpdesk.written == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"ticket": 7, "facts": MISTAKE}).encode(), 422),
        (b'{"ticket": 7}', 400),
        (b'{"ticket": "../7", "facts": {}}', 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b" " * 65_537, 413),
    ],
)
def test_a_signed_ticket_that_cannot_be_used_writes_nothing(
    helpdesk: Helpdesk, name: str, body: bytes, status: int
) -> None:
    assert helpdesk.receive(body, HELPDESKS[name](body)) == status
    assert helpdesk.written == []


@pytest.mark.parametrize(
    ("minutes", "status"), [(-6, 401), (-5, 204), (0, 204), (5, 204), (6, 401)]
)
def test_an_old_request_is_not_taken_again(minutes: int, status: int) -> None:
    sent = (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert Helpdesk("zendesk").receive(BODY, zendesk_headers(BODY, sent=sent)) == status


def test_another_time_than_was_signed_is_refused() -> None:
    headers = zendesk_headers(BODY, sent="2026-11-29T11:58:00Z")
    headers["X-Zendesk-Webhook-Signature-Timestamp"] = "2026-11-30T11:58:00Z"
    assert Helpdesk("zendesk").receive(BODY, headers) == 401


# -- as their first lines say


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "django_view.py", "check"],
        [sys.executable, "-c", "import fastapi_host; assert fastapi_host.app"],
        [sys.executable, "-c", "import ticket_webhook as w; assert w.from_environment()"],
    ],
)
def test_an_example_starts_from_its_own_folder(command: list[str]) -> None:
    set_up = {"HELPDESK": "zammad", "KEY": "k", "API": "https://x.example", "AUTHORIZATION": "t"}
    subprocess.run(
        command,
        check=True,
        cwd=ROOT / "tests/examples",
        env=os.environ | set_up | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=PATIENCE,
    )
