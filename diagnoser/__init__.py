"""Finds out why a system fails from a few facts, and ranks what to do about it by expected cost."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from diagnoser.version import __version__

if TYPE_CHECKING:
    from diagnoser.api import Diagnoser
    from diagnoser.errors import (
        DiagnoserError,
        InvalidFacts,
        InvalidKnowledge,
        InvalidText,
        OtherKnowledge,
        Problem,
    )
    from diagnoser.interview.interview import Interview
    from diagnoser.report.model import NextQuestion, Report
    from diagnoser.words.confirming import read_words

__all__ = [
    "Diagnoser",
    "DiagnoserError",
    "Interview",
    "InvalidFacts",
    "InvalidKnowledge",
    "InvalidText",
    "NextQuestion",
    "OtherKnowledge",
    "Problem",
    "Report",
    "__version__",
    "read_words",
]

_HOMES = {
    "Diagnoser": "api",
    "Interview": "interview.interview",
    "NextQuestion": "report.model",
    "Report": "report.model",
    "read_words": "words.confirming",
}


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, so that a command loads only what it needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value
