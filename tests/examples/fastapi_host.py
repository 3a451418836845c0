"""A program of your own that offers the diagnosis and the conversation beside what it does anyway.

To run it: pip install "diagnoser[web]", then: uvicorn fastapi_host:app
"""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from diagnoser import Diagnoser, Interview, InvalidFacts

app = FastAPI(title="A helpdesk")
diagnoser = Diagnoser()  # loads the knowledge once, for all requests


class Said(BaseModel):
    """What the person said last, and the conversation before that; nothing begins one."""

    interview: dict[str, Any] | None = None
    answers: dict[str, Any] | None = None
    outcome: str | None = None


@app.exception_handler(InvalidFacts)
def explain_mistakes(request: Request, error: InvalidFacts) -> JSONResponse:
    return JSONResponse({"mistakes": [str(one) for one in error.problems]}, status_code=422)


# A plain `def` runs in a thread, so that the work keeps no other request waiting.
@app.post("/diagnosis")
def diagnosis(facts: dict[str, Any]) -> Response:
    report = diagnoser.diagnose(facts)
    return Response(report.json_text(), media_type="application/json")


@app.post("/next-turn")
def next_turn(said: Said) -> dict[str, Any]:
    if said.interview is None:
        interview = Interview.start(diagnoser)
    else:
        interview = Interview.of(diagnoser, said.interview)
    if said.answers is not None:
        interview.answer(said.answers)
    if said.outcome is not None:
        interview.outcome(said.outcome)
    # The caller keeps the conversation and sends it again with what is said next.
    return {
        "interview": interview.model_dump(mode="json"),
        "turn": interview.next().model_dump(mode="json"),
    }
