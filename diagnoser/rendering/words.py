"""Words, numbers and wrapped lines for people, safe to print wherever their text comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

from diagnoser.errors import printable
from diagnoser.knowledge.wording import joined as joined
from diagnoser.knowledge.wording import percent as percent

NARROWEST = 20
ANSWERS = 3
"""Answers to one question that a sentence names at most."""
_ADDRESS = r"https?://[A-Za-z0-9.-]+(?:[/?#][A-Za-z0-9._~:/?#@!&()*+,;=%-]*)?"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def clean(text: object) -> str:
    """The text on one line, safe to print: each run of white space becomes one space, and what a
    terminal would obey becomes an escape."""
    return printable(" ".join(str(text).split()))


def is_address(text: str) -> bool:
    """Whether the whole text is an http or https address, which may become a link."""
    return re.fullmatch(_ADDRESS, text) is not None


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, width: int) -> Iterator[str]:
    """The text on lines of at most `width` columns; only a word that is wider is broken."""
    line = ""
    for word in text.replace(" %", "\xa0%").split(" "):  # a number and its sign stay together
        word = word.replace("\xa0", " ")
        if line and columns(line) + 1 + columns(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while len(line) > 1 and columns(line) > width:
            end = len(line) - 1
            while end > 1 and columns(line[:end]) > width:
                end -= 1
            yield line[:end]
            line = line[end:]
    if line:
        yield line


class Page:
    """A text that grows from the top, in lines of at most `width` columns (at least 20).

    Whatever is said on it is made safe to print.
    """

    def __init__(self, width: int, colour: bool = False) -> None:
        self._width = max(width, NARROWEST)
        self._colour = colour
        self._lines: list[str] = []

    def say(self, text: object, indent: int = 0, mark: str = "", bold: bool = False) -> None:
        """A paragraph, indented by some columns; its first line begins with `mark`, such as `- ` or
        `1. `, and the others are indented as far as the text after it."""
        indent = min(indent, self._width // 4)
        margin = " " * (indent + len(mark))
        for number, line in enumerate(wrap(clean(text), self._width - len(margin))):
            whole = " " * indent + mark + line if number == 0 else margin + line
            self._lines.append(_BOLD + whole + _PLAIN if bold and self._colour else whole)

    def heading(self, text: object) -> None:
        """A line with space above it, bold where there is colour."""
        self.gap()
        self.say(text, bold=True)

    def gap(self) -> None:
        """One empty line, unless nothing or an empty line stands above."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def paste(self, text: str) -> None:
        """A text in which every line is a paragraph, an item after `  - `, or a gap if it is
        empty."""
        for line in text.splitlines():
            if line.startswith("  - "):
                self.say(line.removeprefix("  - "), 2, "- ")
            elif line:
                self.say(line)
            else:
                self.gap()

    def text(self) -> str:
        """All lines, the last one ended too."""
        return "".join(f"{line}\n" for line in self._lines)


def minutes(number: float) -> str:
    """A duration as people say it: `about 5 minutes`, `about 1.5 hours`, `about 2 days`."""
    if number < 1:
        return "less than a minute"
    if number < 55:
        rounded = round(number) if number < 20 else round(number / 5) * 5
        return f"about {counted(rounded, 'minute')}"
    if number < 36 * 60:
        hours = round(number / 30) / 2
        return "about 1 hour" if hours == 1 else f"about {hours:g} hours"
    return f"about {round(number / 1440)} days"


def worth(saves: float) -> str:
    """What an answer is good for, in a sentence, by the minutes that it is expected to save."""
    if saves > 0:
        return f"It should save {minutes(saves)}."
    return "It helps to tell the causes apart."


def time_needed(hands_on: float, waiting: float) -> str:
    """What a step takes: hands-on work, then waiting, in minutes."""
    night = ", such as a night" if is_a_night(waiting) else ""
    wait = f"{minutes(waiting)} of waiting{night}"
    if not waiting:
        return minutes(hands_on)
    return f"{minutes(hands_on)}, then {wait}" if hands_on else wait


def short_time(hands_on: float, waiting: float) -> str:
    """What a step takes, in minutes, as a list says it: `15 min`, `5 min + 2 h wait`, `1 min + a
    night`."""

    def short(number: float) -> str:
        said = minutes(number).removeprefix("about ")
        for word, letters in (("minutes", "min"), ("minute", "min"), ("hours", "h"), ("hour", "h")):
            said = said.removesuffix(word) + letters if said.endswith(word) else said
        return said.replace("less than a", "under 1")

    wait = "a night" if waiting and is_a_night(waiting) else f"{short(waiting)} wait"
    if not waiting:
        return short(hands_on)
    return f"{short(hands_on)} + {wait}" if hands_on else wait


def is_a_night(waiting: float) -> bool:
    """Whether so many minutes of waiting are about a night."""
    return 6 * 60 <= waiting <= 12 * 60


def any_of(labels: Sequence[str]) -> str:
    """The answers in quotes, with `or` before the last; of more than ANSWERS only some."""
    quoted = [f"“{label}”" for label in labels]
    if len(quoted) <= ANSWERS:
        return joined(quoted, "or")
    return f"such as {joined([*quoted[: ANSWERS - 1], quoted[-1]], 'or')}"


def counted(number: int, noun: str, nouns: str = "") -> str:
    """`1 cause`, `2 causes`; `nouns` where an s is not enough."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {nouns or noun + 's'}"


def strongest_first(factor: float) -> tuple[float, float]:
    """A key to sort certainty factors by: the strongest first; of two that are equally strong, the
    one that speaks for the cause."""
    return -abs(factor), -factor
