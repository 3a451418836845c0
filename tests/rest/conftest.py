"""What the tests of the interface share: one application of the built-in pack."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from diagnoser import Diagnoser
from tests.rest import serving


@pytest.fixture(scope="session")
def http(diagnoser: Diagnoser) -> TestClient:
    """Asks the interface of the built-in pack."""
    return serving.client(diagnoser)
