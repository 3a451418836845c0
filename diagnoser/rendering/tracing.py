"""Outlines a trace: every rule with its verdict, and the condition that decided it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from diagnoser.explanation.trace import Decided, Tested, Trace, Verdict
from diagnoser.rendering.outline import Line, as_markdown, as_text, head, item, say
from diagnoser.rendering.words import counted


def text(trace: Trace, width: int = 80, colour: bool = False) -> str:
    """The trace in lines of at most `width` columns."""
    return as_text(_lines(trace), width, colour)


def markdown(trace: Trace) -> str:
    """The trace as Markdown."""
    return as_markdown(_lines(trace))


def _lines(trace: Trace) -> Iterator[Line]:
    yield head("Trace: every rule and what decided it", 1)
    told = {
        verdict: sum(one.verdict == verdict for one in trace.rules)
        for verdict in ("fired", "failed", "unknown")
    }
    numbers = ", ".join(f"{number} {verdict}" for verdict, number in told.items())
    yield say(f"{counted(len(trace.rules), 'rule')}: {numbers}.")
    for cause, rules in groupby(trace.rules, key=lambda rule: rule.cause):
        yield head(cause)
        for rule in rules:
            yield item(
                f"{rule.verdict.upper()}: {rule.rule.removeprefix(cause + '/')}, {rule.says}"
            )
            yield item(rule.because, 1)
            yield from decisions(rule.verdict, rule.decided_by, 1)
    if trace.bars:
        yield head("Reasons not to advise a remedy")
    for bar in trace.bars:
        yield item(f"{bar.verdict.upper()}: {bar.title}: {bar.because}")
        yield from decisions(bar.verdict, bar.decided_by, 1)
    if trace.contradictions:
        yield head("Answers that cannot hold together")
    for one in trace.contradictions:
        yield item(f"{one.verdict.upper()}: {one.id}: {one.because}")
        yield from decisions(one.verdict, one.decided_by, 1)


HOLDS = {"fired": True, "failed": False, "unknown": None}
"""By verdict, the outcome of the tests that decided it: true, false, or None for not known."""


def decisions(verdict: Verdict, decided: Decided, depth: int) -> Iterator[Line]:
    """The tests that decided, one item each."""
    for test in decided.tests:
        if test.holds is HOLDS[verdict]:
            yield item(tested(test), depth)


def tested(test: Tested) -> str:
    """A test in words: what was asked, what was answered, and what it takes."""
    given = "Not known" if test.given is None else f"“{test.given}”"
    words = f"{test.ask} {given}"
    if test.holds:
        return words
    if test.other is not None:
        other = "not known" if test.other_given is None else f"“{test.other_given}”"
        return f"{words}; needed: {test.needed}, which is {other}"
    return f"{words}; needed: {test.needed}"
