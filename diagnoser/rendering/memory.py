"""Working memory to read: every fact as experta writes it, what is known first, then what the rules
concluded from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from diagnoser.inference.inference import Remembered
from diagnoser.rendering.outline import Line, as_markdown, as_text, head, item, say
from diagnoser.rendering.words import counted

HEADINGS = {
    "Tried": "What came of remedies",
    "Tentative": "What somebody thinks to be so, without being sure",
    "Sign": "Signs that are seen",
    "Tempered": "Signs that are seen only if that is so",
    "Barred": "Remedies that must not be advised",
    "Contradiction": "Answers that cannot hold together",
    "Evidence": "Evidence: the rules that fired, for each cause",
    "Hypothesis": "Hypotheses: what the evidence says of each cause",
    "Candidate": "Candidates: the remedies that could be of use",
    "Belief": "Probabilities of the causes, and their support",
    "Step": "Steps of the plan",
    "Plan": "The rest of the plan",
}
KNOWN = "What is known"


def text(memory: Sequence[Remembered], width: int = 80, colour: bool = False) -> str:
    """The facts in lines of at most `width` columns."""
    return as_text(_lines(memory), width, colour)


def markdown(memory: Sequence[Remembered]) -> str:
    """The facts as Markdown."""
    return as_markdown(_lines(memory))


def plain(memory: Sequence[Remembered]) -> list[dict[str, Any]]:
    """The facts as plain data for JSON; several answers in the same order every time."""
    return [
        {
            "fact": one.fact,
            "values": {
                name: sorted(value) if isinstance(value, set | frozenset) else value
                for name, value in one.values.items()
            },
        }
        for one in memory
    ]


def _lines(memory: Sequence[Remembered]) -> Iterator[Line]:
    yield head("Working memory: every fact when no rule is left to fire", 1)
    yield say(f"{counted(len(memory), 'fact')}, in the order in which they follow from each other.")
    for heading, facts in groupby(memory, key=lambda one: HEADINGS.get(one.fact, KNOWN)):
        yield head(heading)
        for one in facts:
            yield from _fact(one)


def _fact(one: Remembered) -> Iterator[Line]:
    """The fact in a line, and lists of pairs below it."""
    pairs = {name: value for name, value in one.values.items() if _are_pairs(value)}
    plain: Mapping[str, Any] = {k: v for k, v in one.values.items() if k not in pairs}
    dots = ["..."] if pairs else []
    values = ", ".join([*(f"{name}={_written(value)}" for name, value in plain.items()), *dots])
    yield item(f"{one.fact}({values})")
    for name, listed in pairs.items():
        yield item(name, 1)
        for of, value in listed:
            yield item(f"{of}: {value}", 2)


def _written(value: object) -> str:
    """The value as Python writes it; several answers in the same order every time."""
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(map(repr, sorted(value)))}}}"
    return repr(value)


def _are_pairs(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], tuple)
