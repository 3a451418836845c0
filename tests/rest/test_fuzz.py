"""Whatever is sent that the OpenAPI document allows, or nearly allows, is answered as it says, and
what it does not allow is refused.

About five hundred calls, or as many as `FUZZ_CALLS` says; `make fuzz` makes more than ten
thousand.
"""

from __future__ import annotations

import os

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from diagnoser import Diagnoser
from tests.rest import serving

CALLS = int(os.environ.get("FUZZ_CALLS", "500"))
# The phase that goes through every property one by one makes thousands of calls by itself.
PHASES = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
EXPLAIN = "/v1/explain"
"""It takes a second."""
api = schemathesis.openapi.from_asgi(
    "/openapi.json", serving.application(Diagnoser()), config=PHASES
)
EACH = CALLS // api.statistic.operations.total
bounded = settings(max_examples=EACH, deadline=None, suppress_health_check=list(HealthCheck))


def answered_as_documented(case: Case) -> None:
    # What is demanded at random is never at hand, so most calls demand nothing.
    if len(case.headers.get("Knowledge-Digest", "")) % 4:
        case.headers = {}
    case.call_and_validate(checks=CHECKS)


@api.exclude(path=EXPLAIN).parametrize()
@bounded
def test_operations_answer_as_their_document_says(case: Case) -> None:
    answered_as_documented(case)


@api.include(path=EXPLAIN).parametrize()
@settings(bounded, max_examples=max(EACH // 5, 5))
def test_explanations_are_as_their_document_says(case: Case) -> None:
    answered_as_documented(case)
