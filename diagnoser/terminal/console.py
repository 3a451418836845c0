"""Standard output and standard error: in UTF-8, safe to print, and without a traceback when they
cannot be written."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable
from typing import IO, NoReturn

from diagnoser.errors import printable

BAD_INPUT, INTERRUPTED, CLOSED_PIPE = 2, 130, 141
"""Exit codes; the last two are those that shells give for SIGINT and SIGPIPE."""
WIDEST = 100
"""Columns of text at most, since longer lines are hard to read."""


def speak_utf8() -> None:
    """Makes both outputs UTF-8, whatever the locale says; lone surrogates become escapes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write(text: str) -> None:
    """Puts data on standard output.

    Ends the program, quietly, when nobody reads it, and with a message when it cannot be written.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        give_up(error)


def give_up(error: OSError) -> NoReturn:
    """Ends the program because standard output cannot be written; without a message if that is
    because nobody reads it.

    What is still buffered goes to the null device, or Python would fail once more at its end.
    """
    if not isinstance(error, BrokenPipeError):
        talk([f"Error: the output cannot be written: {error.strerror}"])
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(CLOSED_PIPE if isinstance(error, BrokenPipeError) else BAD_INPUT)


def talk(lines: Iterable[str]) -> None:
    """Says something on standard error, safe to print."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError):
        for line in lines:
            sys.stderr.write(f"{printable(line)}\n")
        sys.stderr.flush()


def width() -> int:
    """The columns of text: `COLUMNS`, else those of the terminal that standard output is, else 80;
    at most WIDEST."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def at_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def colour(stream: IO[str] | None = None) -> bool:
    """Whether headings may be bold: on a terminal (standard output, or another stream), unless
    NO_COLOR, ACCESSIBLE or TERM=dumb asks for plain."""
    stream = stream or sys.stdout
    asked = os.environ.get("NO_COLOR") or os.environ.get("ACCESSIBLE")
    plain = asked or os.environ.get("TERM") == "dumb" or os.name == "nt"
    return not plain and stream is not None and stream.isatty()
