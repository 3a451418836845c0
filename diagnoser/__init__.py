"""Finds out why a system fails from a few facts, and ranks what to do about it by expected cost."""

from diagnoser.api import Diagnoser
from diagnoser.errors import DiagnoserError, InvalidFacts, InvalidKnowledge, Problem
from diagnoser.report import NextQuestion, Report

__version__ = "0.1.0"
__all__ = [
    "Diagnoser",
    "DiagnoserError",
    "InvalidFacts",
    "InvalidKnowledge",
    "NextQuestion",
    "Problem",
    "Report",
    "__version__",
]
