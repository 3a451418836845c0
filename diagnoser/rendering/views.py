"""What of a report is worth showing, and in which order; shared by text and Markdown."""

from __future__ import annotations

from diagnoser.rendering.words import speaks_against, strength
from diagnoser.report import CauseFound, Evidence, LeftOut, Report

WORTH_A_LINE = 0.01
"""Causes below this probability are only counted."""


def helped(report: Report) -> list[str]:
    """The remedies that have helped."""
    tried = report.case.get("tried", {})
    return [remedy for remedy, outcome in tried.items() if outcome == "helped"]


def proven(report: Report) -> list[CauseFound]:
    """The causes that the facts prove."""
    return [cause for cause in report.causes if cause.status == "proven"]


def most_likely(report: Report) -> list[CauseFound]:
    """The most probable open cause, and up to two that are nearly as probable.

    None where it is more probable that the cause is none of those that are known.
    """
    likely = [cause for cause in report.causes if cause.status == "open"][:3]
    if not likely or likely[0].probability < report.none_of_these:
        return []
    return [cause for cause in likely if cause.probability >= 0.75 * likely[0].probability > 0]


def ruled_out(report: Report) -> list[CauseFound]:
    """The causes that the facts rule out."""
    return [cause for cause in report.causes if cause.status == "ruled-out"]


def by_strength(cause: CauseFound) -> list[Evidence]:
    """What speaks for and against a cause, strongest first."""
    return sorted(cause.evidence, key=lambda one: strength(one.says))


def reasons(cause: CauseFound, against: bool) -> list[str]:
    """The sentences that speak for a cause, or against it, strongest first; each once."""
    said = [one.because for one in by_strength(cause) if speaks_against(one.says) is against]
    return [because for because in dict.fromkeys(said) if because != cause.because]


def left_out(report: Report) -> list[tuple[str, list[str]]]:
    """The reasons for which remedies are not planned, each with the titles of those remedies.

    Remedies that were tried come first, and the reason that most of the rest share comes last.
    """
    tried = report.case.get("tried", {})
    groups: dict[str, list[LeftOut]] = {}
    for one in report.plan.left_out:
        groups.setdefault(one.because, []).append(one)

    def place(remedies: list[LeftOut]) -> tuple[bool, int]:
        return not any(one.remedy in tried for one in remedies), len(remedies)

    ordered = sorted(groups.items(), key=lambda group: place(group[1]))
    return [(because, [one.title for one in remedies]) for because, remedies in ordered]
