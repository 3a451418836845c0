"""Answers a ticket with an internal note. The helpdesk is set up to send {"ticket": 7, "facts":
{"wifi": {"connection": "off"}}} to this webhook, which writes the note through its API.

To run it: pip install "diagnoser[web]" httpx, set HELPDESK (zammad or zendesk), KEY (with which it
signs), API (its address) and AUTHORIZATION (the header for it), and behind HTTPS:
uvicorn --factory ticket_webhook:from_environment
"""

import base64
import hmac
import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from diagnoser import Diagnoser, InvalidFacts
from diagnoser.rendering import markdown

LARGEST = 64 * 1024  # bytes of a webhook
WINDOW = timedelta(minutes=5)  # what is older may be sent again by somebody who listened
Headers = Mapping[str, str]
Clock = Callable[[], datetime]
Call = tuple[str, str, dict[str, Any]]


def zammad_signed(headers: Headers, body: bytes, key: bytes, now: Clock) -> bool:
    """https://admin-docs.zammad.org/en/latest/manage/webhook/add.html: HMAC-SHA1 of the body, in
    the form of https://www.w3.org/TR/websub/#authenticated-content-distribution. No time is signed:
    who sends an old request again gets its note written again."""
    expected = f"sha1={hmac.new(key, body, 'sha1').hexdigest()}".encode()
    return hmac.compare_digest(expected, headers.get("x-hub-signature", "").encode())


def zendesk_signed(headers: Headers, body: bytes, key: bytes, now: Clock) -> bool:
    """https://developer.zendesk.com/documentation/webhooks/verifying/:
    base64(HMACSHA256(TIMESTAMP + BODY)), with a timestamp such as 2021-07-25T10:00:00Z."""
    sent = headers.get("x-zendesk-webhook-signature-timestamp", "")
    expected = base64.b64encode(hmac.new(key, sent.encode() + body, "sha256").digest())
    given = headers.get("x-zendesk-webhook-signature", "").encode()
    return hmac.compare_digest(expected, given) and (
        abs(now() - datetime.fromisoformat(sent)) <= WINDOW
    )


def zammad_note(ticket: int, note: str) -> Call:
    """https://docs.zammad.org/en/latest/api/ticket/articles.html"""
    article = {"ticket_id": ticket, "body": note, "content_type": "text/plain", "type": "note"}
    return "POST", "/api/v1/ticket_articles", article | {"internal": True}


def zendesk_note(ticket: int, note: str) -> Call:
    """https://developer.zendesk.com/rest_api/docs/support/ticket_comments"""
    comment = {"body": note, "public": False}
    return "PUT", f"/api/v2/tickets/{ticket}.json", {"ticket": {"comment": comment}}


HELPDESKS = {
    "zammad": (zammad_signed, zammad_note),
    "zendesk": (zendesk_signed, zendesk_note),
}


def application(helpdesk: str, key: bytes, api: httpx.Client, now: Clock) -> FastAPI:
    app, diagnoser = FastAPI(), Diagnoser()
    signed, note_call = HELPDESKS[helpdesk]

    def answer(body: bytes) -> None:
        try:
            ticket = json.loads(body)
            number, facts = int(ticket["ticket"]), ticket["facts"]
            method, path, content = note_call(number, markdown(diagnoser.diagnose(facts)))
        except InvalidFacts as error:
            raise HTTPException(422, [str(one) for one in error.problems]) from error
        except (ValueError, TypeError, KeyError) as error:
            raise HTTPException(400, 'not of the form {"ticket": 7, "facts": {}}') from error
        api.request(method, path, json=content).raise_for_status()

    @app.post("/", status_code=204)
    async def receive(request: Request) -> None:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise HTTPException(413, f"larger than {LARGEST} bytes")
        if not signed(request.headers, body, key, now):
            raise HTTPException(401, "the signature does not fit, or is too old")
        await run_in_threadpool(answer, body)

    return app


def from_environment() -> FastAPI:
    have = os.environ
    api = httpx.Client(base_url=have["API"], headers={"Authorization": have["AUTHORIZATION"]})
    return application(have["HELPDESK"], have["KEY"].encode(), api, lambda: datetime.now(UTC))
