"""What can be wrong with facts or knowledge: each mistake is a `Problem`, and one exception carries
all of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

SHOWN = 60
"""Characters of somebody's input that a message repeats at most."""
_left: ContextVar[list[int] | None] = ContextVar("_left", default=None)
"""How many near misses may still be looked for; None for any number."""
_words: ContextVar[Container[object] | None] = ContextVar("_words", default=None)
"""The only texts of somebody's input that a message may repeat; None for any."""


class Problem(NamedTuple):
    """One mistake: where it is, what is wrong, and how to mend it.

    `path` is in the shape of the input (`wifi.connection`, or a key of a knowledge file), `file`
    is set for knowledge and `line` where there is one, `allowed` says what may stand there and
    `near` the nearest thing that exists.
    """

    file: str
    line: int
    path: str
    reason: str
    allowed: str = ""
    near: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        text = place + (f"{self.path}: " if self.path else "") + self.reason
        if self.near:
            text += f' - did you mean "{self.near}"?'
        if self.allowed:
            text += f" (allowed: {self.allowed})"
        return printable(text)


def fact_problem(path: str, reason: str, allowed: str = "", near: str = "") -> Problem:
    """A mistake in facts, which have a path but no file and line of their own."""
    return Problem("", 0, path, reason, allowed, near)


class DiagnoserError(ValueError):
    """Something handed to diagnoser cannot be used; `problems` lists every mistake that was
    found."""

    what = "This cannot be used"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(
            "\n".join([f"{self.what}:", *(f"  {problem}" for problem in self.problems)])
        )

    def __reduce__(self) -> tuple[type[DiagnoserError], tuple[tuple[Problem, ...]]]:
        # Exceptions are pickled with their text, which would be taken for the problems.
        return type(self), (self.problems,)


class InvalidFacts(DiagnoserError):
    """The facts of a case are not facts of this knowledge, or not written as such."""

    what = "These facts cannot be used"


class OtherKnowledge(InvalidFacts):
    """A caller demands another knowledge than the one at hand, so nothing is answered from it."""

    what = "Other knowledge is wanted than is at hand"


class InvalidText(DiagnoserError):
    """What somebody wrote in their own words cannot be read."""

    what = "This text cannot be read"


class InvalidKnowledge(DiagnoserError):
    """A knowledge folder has mistakes; nothing of it is used."""

    what = "This knowledge cannot be used"


def quoted(value: object) -> str:
    """A value as a message repeats it: a text in quotes, anything else as JSON; shortened, and safe
    to print. Inside `repeating_only` others than its words are dots."""
    words = _words.get()
    if words is not None and not (isinstance(value, str) and value in words):
        return '"..."' if isinstance(value, str) else "..."
    return shortened(value)


def shortened(value: object) -> str:
    """As `quoted`, whatever the value is."""
    text = printable((value if isinstance(value, str) else _written(value))[: SHOWN + 1])
    if len(text) > SHOWN:
        text = f"{text[:SHOWN]}..."
    return f'"{text}"' if isinstance(value, str) else text


def printable(text: str) -> str:
    """The text with escapes such as `\\u{1b}` for characters that a terminal would obey or hide:
    control characters, direction overrides and lone surrogates."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)


def _written(value: object) -> str:
    """The value as JSON or else Python writes it, or only its type where neither can."""
    from json import dumps  # only a mistake needs it

    for write in (dumps, repr):
        try:
            return write(value)
        except Exception:  # an odd object's own, or an int of more digits than Python converts
            continue
    return f"{type(value).__name__} that cannot be shown"


@contextmanager
def near_misses(at_most: int) -> Iterator[None]:
    """Inside this, so many near misses are looked for, and none for the mistakes after them.

    Looking for one takes milliseconds, and what strangers send may hold thousands of mistakes.
    """
    token = _left.set([at_most])
    try:
        yield
    finally:
        _left.reset(token)


@contextmanager
def repeating_only(words: Container[object]) -> Iterator[None]:
    """Inside this, messages repeat of somebody's input only these words, so that they can be kept
    where the input must not be. The paths of problems are as ever."""
    token = _words.set(words)
    try:
        yield
    finally:
        _words.reset(token)


def nearest(word: str, words: Iterable[str], likeness: float = 0.6) -> str:
    """The nearest of `words` to a misspelt one, or an empty string when none is as near as
    `likeness`, from 0 to 1."""
    from difflib import get_close_matches  # only a mistake needs it

    if (left := _left.get()) is not None:
        if not left[0]:
            return ""
        left[0] -= 1
    by_lower = {known.lower(): known for known in words}
    found = get_close_matches(word[:SHOWN].lower(), by_lower, n=1, cutoff=likeness)
    return by_lower[found[0]] if found else ""
