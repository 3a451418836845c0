"""What the tests of the questionnaire share: the application, and somebody who visits it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from diagnoser.serving.application import application
from tests.questionnaire.no_script import Visitor
from tests.serving.running import Server

HERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def client(diagnoser: Diagnoser) -> Iterator[TestClient]:
    with TestClient(application(diagnoser), base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor(client)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A real server, in a process of its own."""
    with Server() as running:
        yield running
