"""Lines to and from a person at a terminal, or a program in their place.

Talk goes to standard error, so that standard output holds only the report. Lines are only ever
added, never drawn over. What is typed into a terminal shows there by itself; what comes from a pipe
is repeated here.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections.abc import Sequence

from diagnoser.errors import printable
from diagnoser.rendering.words import Page, clean
from diagnoser.terminal import console

LONGEST = 64 * 1024
"""Bytes of one line that are read at most; nobody types more."""
ROWS = 24
"""Lines of a screen that does not tell how many it has."""

_KEYS = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])")
"""What arrow keys and the like send."""


_CHANCE = re.compile(r"\((under |over |)(\d+) %\)")
"""A probability as reports write it."""
_AS_MANY = {"": "about", "under ": "fewer than", "over ": "more than"}


class PageOfTalk(Page):
    """A page on which probabilities are said as frequencies: two that add up to more than 100 do
    not puzzle so."""

    def say(self, text: object, indent: int = 0, mark: str = "", bold: bool = False) -> None:
        said = _CHANCE.sub(lambda one: f"({_of_100(one)} cases like yours)", str(text), count=1)
        said = _CHANCE.sub(lambda one: f"({_of_100(one)})", said)
        super().say(said, indent, mark, bold)


def _of_100(chance: re.Match[str]) -> str:
    return f"{_AS_MANY[chance[1]]} {chance[2]} of 100"


class Ended(Exception):
    """Nothing more will be typed."""


class Terminal:
    """Reads lines from standard input and shows text on standard error."""

    def __init__(self) -> None:
        self.person = sys.stdin is not None and sys.stdin.isatty()
        """Whether somebody sits at a terminal, rather than a pipe or file."""

    def ignore_hangup(self) -> None:
        """Ignores the signal of a terminal that is closed: reading then ends, and there is time to
        save."""
        if self.person and hasattr(signal, "SIGHUP"):
            with contextlib.suppress(ValueError):  # only the main thread may do so
                signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def page(self) -> Page:
        """An empty page as wide as the terminal is now."""
        return PageOfTalk(self._width(), console.colour(sys.stderr))

    def say(self, *pages: Page) -> None:
        """Shows pages, one below the other, with an empty line above the first."""
        self._put("\n" + "".join(page.text() for page in pages))

    def room(self, pages: Sequence[Page], beside: int) -> int:
        """How many of the pages fit on the screen below each other, beside so many other lines; all
        of them where nobody sits there."""
        left = self._rows() - beside
        for number, page in enumerate(pages if self.person else ()):
            left -= page.text().count("\n")
            if left < 0:
                return number
        return len(pages)

    def tell(self, text: str) -> None:
        """Shows one paragraph, without an empty line above it."""
        page = self.page()
        page.say(text)
        self._put(page.text())

    def command(self, line: str) -> None:
        """Shows a command as it is to be typed, however long it is."""
        self._put(f"  {printable(line)}\n")

    def end_line(self) -> None:
        """Ends the line in which somebody pressed Ctrl-C."""
        self._put("\n")

    def read_line(self, prompt: str) -> str:
        """The next line, without the white space around it and without arrow keys.

        Raises Ended when there is none.
        """
        page = self.page()
        page.say(prompt)
        self._put(page.text().rstrip("\n") + " ")
        try:
            line = b"" if sys.stdin is None else sys.stdin.buffer.readline(LONGEST)
        except OSError:  # the terminal is gone
            line = b""
        text = _KEYS.sub("", line.decode(errors="replace")).strip()
        if not line.endswith(b"\n"):
            self._put(f"{'' if self.person else clean(text)}\n")
            if not text or len(line) >= LONGEST:
                raise Ended
        elif not self.person:
            self._put(clean(text) + "\n")
        return text

    def _put(self, text: str) -> None:
        if sys.stderr is not None:
            with contextlib.suppress(OSError):
                sys.stderr.write(text)
                sys.stderr.flush()

    def _rows(self) -> int:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            return os.get_terminal_size(sys.stderr.fileno()).lines or ROWS
        return ROWS

    def _width(self) -> int:
        if not os.environ.get("COLUMNS"):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                columns = os.get_terminal_size(sys.stderr.fileno()).columns
                return min(columns or console.width(), console.WIDEST)
        return console.width()
