"""The addresses of the questionnaire."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from diagnoser import Diagnoser
from diagnoser.errors import InvalidFacts, near_misses
from diagnoser.questionnaire import conversation, pages, sent, state
from diagnoser.rendering.templating import file

LOOK = ["GET", "HEAD"]
FILES = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "questionnaire.css": "text/css",
    "questionnaire.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


def router(diagnoser: Diagnoser) -> APIRouter:
    """The pages of one knowledge. Work is done in threads, never on the event loop."""
    made = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def start(request: Request) -> Response:
        facts = request.query_params.get("facts", "")
        if not facts:
            return pages.start(diagnoser)
        try:
            with near_misses(pages.TOLD):
                return pages.start(diagnoser, state.start_with(diagnoser, facts))
        except InvalidFacts as error:
            return pages.bad_facts(diagnoser, error)

    def saved(request: Request) -> Response:
        text = request.query_params.get("state", "")
        try:
            with near_misses(pages.TOLD):
                interview = state.from_link(diagnoser, text)
            return pages.page(conversation.go_on(interview), _base(request))
        except InvalidFacts as error:
            return pages.unreadable(diagnoser, error)

    def reply(request: Request, form: Annotated[bytes, Depends(_body)]) -> Response:
        try:
            read = sent.read(request.headers.get("content-type", ""), form)
            with near_misses(pages.TOLD):
                shown = conversation.reply(diagnoser, read)
            return pages.page(shown, _base(request))
        except sent.Unreadable as error:
            return pages.refusal(diagnoser, error.status, error.reason)
        except InvalidFacts as error:
            return pages.unreadable(diagnoser, error)

    def lost() -> Response:
        return pages.lost(diagnoser)

    made.add_api_route("/", start, methods=LOOK)
    made.add_api_route("/start", start, methods=LOOK)
    made.add_api_route("/continue", saved, methods=LOOK)
    made.add_api_route("/conversation", reply, methods=["POST"])
    made.add_api_route("/conversation", lost, methods=LOOK)
    made.add_api_route("/static/{name}", _file, methods=LOOK)
    return made


def _file(name: str, request: Request) -> Response:
    """A file that pages need; browsers keep it, and ask whether it has changed."""
    if name not in FILES:
        raise HTTPException(404)
    content, tag = _content(name)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=FILES[name], headers=headers)


@cache
def _content(name: str) -> tuple[bytes, str]:
    text = file(name, package=__package__)
    if name.endswith(".js"):  # a page may come without loading anew, and runs its scripts again
        text = f"(() => {{\n{text}}})();\n"
    content = text.encode()
    return content, f'"{sha256(content).hexdigest()[:32]}"'


async def _body(request: Request) -> bytes:
    return await request.body()


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
