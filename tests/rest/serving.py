"""An application that has nothing but the interface, and what tests ask it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient

from diagnoser import Diagnoser, rest


def application(diagnoser: Diagnoser) -> FastAPI:
    """The interface alone, with its OpenAPI document."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(rest.router(diagnoser))
    rest.install(app, diagnoser)
    return app


def client(diagnoser: Diagnoser) -> TestClient:
    """What asks it, without a network; a mistake of the program is not raised but answered."""
    return TestClient(application(diagnoser), raise_server_exceptions=False)


def problem(response: Response, status: int) -> dict[str, Any]:
    """The problem details of a request that had to be refused."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["type"].startswith("/v1/problems/")
    assert "Traceback" not in response.text
    return found
