"""The operations on facts: their diagnosis, and why it says what it says."""

from __future__ import annotations

from diagnoser.errors import nearest, quoted
from diagnoser.explanation.model import Explanation
from diagnoser.report.model import Report
from diagnoser.rest import formats
from diagnoser.rest.asked import DiagnosisOptions, ExplanationOptions, Facts
from diagnoser.rest.endpoint import Endpoint, Reply, Understood
from diagnoser.rest.problems import in_parameter
from diagnoser.rest.reading import invalid


def _diagnose(asked: Understood) -> Reply:
    report = asked.diagnoser.diagnose(asked.body.root, look_ahead=asked.options.look_ahead)
    return formats.written(report, formats.REPORT, asked.options.format, asked.accept)


def _explain(asked: Understood) -> Reply:
    cause, known = asked.options.cause, asked.diagnoser.knowledge.causes
    if cause is not None and cause not in known:
        detail = f"{quoted(cause)} is not one of the causes"
        raise invalid([in_parameter("cause", detail, "an id of /v1/causes", nearest(cause, known))])
    explanation = asked.diagnoser.explain(asked.body.root, cause)
    options = asked.options.format, asked.accept
    return formats.written(explanation, formats.EXPLANATION, *options)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/diagnosis",
        "Diagnosis",
        "Diagnose facts",
        "The causes with their probabilities, the remedies in the order that is expected to cost "
        "the least time, and what else must hold. The body is a facts file: facts by area; leave "
        "out what is not known. The same facts and knowledge give the same bytes.",
        _diagnose,
        Report,
        Facts,
        DiagnosisOptions,
        formats.media_types(formats.REPORT),
    ),
    Endpoint(
        "POST",
        "/explain",
        "Diagnosis",
        "Explain a diagnosis",
        "How each probability came about, why not, what is missing, what would change it, and why "
        "the plan is as it is. The body is a facts file. Takes up to a second.",
        _explain,
        Explanation,
        Facts,
        ExplanationOptions,
        formats.media_types(formats.EXPLANATION),
        slow=True,
    ),
)
