"""Facts, answers and conditions in plain words: a fact by its question, an answer by its label."""

from __future__ import annotations

from collections.abc import Iterable

from diagnoser.knowledge.conditions import IN_WORDS, All, AnyOf, Condition, OneOf, Test
from diagnoser.knowledge.model import TRIED_AREA, Knowledge
from diagnoser.knowledge.values import Value


def question(fact: str, knowledge: Knowledge) -> str:
    """What the fact answers; a column of a table is named after the question for its row."""
    known = knowledge.facts[fact]
    name = fact.partition(".")[2]
    if known.derived_from:
        return f"{knowledge.facts[known.derived_from].ask} ({name.replace('_', ' ')})"
    if known.area == TRIED_AREA:
        return f"What came of “{knowledge.remedies[name].title}”?"
    return known.ask


YOU_THINK_SO = "(you think so)"
"""Said after an answer that somebody is not sure of."""
IF_SO = "If it is as you think:"
"""Said before a sentence that rests on such an answer."""


def label(fact: str, value: Value, knowledge: Knowledge, tentative: bool = False) -> str:
    """The answer as people read it: `Off`, `0.3 GB`, `18.5`, `Off (you think so)`."""
    words = knowledge.facts[fact].kind.label(value).strip()
    return f"{words} {YOU_THINK_SO}" if tentative else words


def if_so(sentence: str) -> str:
    """A sentence that rests on an answer of which the person is not sure."""
    return f"{IF_SO} {sentence}"


def needed(test: Test, knowledge: Knowledge) -> str:
    """The answers that the test accepts, such as `“Off” or “Not joined”`, or `below 0.1 GB`."""
    if isinstance(test, OneOf):
        shown = (f"“{label(test.fact, value, knowledge)}”" for value in test.values)
        return f"{'only ' if test.only else ''}{joined(shown, 'or')}"
    if test.other is not None:
        against = f"the answer to “{question(test.other, knowledge)}”"
    else:
        against = "" if test.constant is None else label(test.fact, test.constant, knowledge)
    return f"{IN_WORDS[test.comparison]} {against}"


def in_words(condition: Condition, knowledge: Knowledge) -> str:
    """The condition as a phrase: `“Which plan is it?” is “50 GB”, and “How much?” is above 1`."""
    if isinstance(condition, All):
        return ", and ".join(_part(part, knowledge) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return ", or ".join(_part(part, knowledge) for part in condition.parts)
    return f"“{question(condition.fact, knowledge)}” is {needed(condition, knowledge)}"


def _part(condition: Condition, knowledge: Knowledge) -> str:
    words = in_words(condition, knowledge)
    return f"({words})" if isinstance(condition, (All, AnyOf)) else words


def joined(words: Iterable[str], word: str = "and") -> str:
    """`a`, `a and b`, or `a, b and c`, with `and` or another word before the last; at least one."""
    *most, last = words
    return f"{', '.join(most)} {word} {last}" if most else last


def percent(p: float) -> str:
    """A probability in whole percents: never 100 % unless certain, nor 0 % unless impossible."""
    if 0 < p < 0.01:
        return "under 1 %"
    if 0.99 < p < 1:
        return "over 99 %"
    return f"{p * 100:.0f} %"


def figure(number: float) -> str:
    """A number with two significant digits, never in powers of ten: `0.033`, `1.4`, `12`."""
    text = f"{number:.{max(0, 1 - _magnitude(number))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _magnitude(number: float) -> int:
    """The power of ten of the first digit that is not 0, down to -6."""
    power = 0
    while power > -6 and 0 < abs(number) < 10.0**power:
        power -= 1
    while abs(number) >= 10.0 ** (power + 1):
        power += 1
    return power
