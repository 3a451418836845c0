"""What the command line reads and writes: facts within bounds, and UTF-8 everywhere."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from itertools import islice
from typing import IO, Any, NoReturn

from diagnoser.errors import Problem, fact_problem, nearest, printable
from diagnoser.jsonin import MAX_BYTES, read

BAD_INPUT, INTERRUPTED, CLOSED_PIPE = 2, 130, 141
"""Exit codes; the last two as shells give them for SIGINT and SIGPIPE."""
STDIN = "-"
ALLOWED = "a file, or - for standard input"
AWAITED = 'Waiting for facts as JSON, such as {"wifi": {"connection": "off"}}; end with Ctrl-D.'
NEIGHBOURS = 1000
"""Names in a folder that are looked through for the one that was meant."""
WIDEST = 100
"""Columns of text at most: longer lines are hard to read."""


def speak_utf8() -> None:
    """Makes both outputs UTF-8, whatever the locale says; lone surrogates become escapes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


# -- reading


def read_facts(name: str) -> tuple[dict[str, Any], list[Problem]]:
    """The JSON object in a file, or in standard input for `-`, as far as it can be understood, and
    everything that is wrong with it.

    Reads hardly more than a facts file may hold, so endless devices are fine.
    """
    try:
        content = _from_stdin() if name == STDIN else _from_file(name)
    except (OSError, ValueError) as error:
        return {}, [_unreadable(name, error)]
    sheet, problems = read(content)
    return sheet, [_located(problem, name) for problem in problems]


def _from_stdin() -> bytes:
    if sys.stdin is None:
        raise ValueError("it is closed")
    _announce(sys.stdin)
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def _from_file(name: str) -> bytes:
    if not name:
        raise ValueError("it has no name")
    with open(name, "rb") as file:
        _announce(file)
        return file.read(MAX_BYTES + 1)


def _announce(source: IO[str] | IO[bytes]) -> None:
    """Says what is awaited when a person would have to type it."""
    if source.isatty():
        talk([AWAITED])


def _unreadable(name: str, error: OSError | ValueError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return fact_problem(_title(name), "there is no such file", ALLOWED, _meant(name))
    if isinstance(error, IsADirectoryError):
        return fact_problem(_title(name), "is a folder", ALLOWED)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return fact_problem(_title(name), f"cannot be read: {reason}", ALLOWED)


def _meant(name: str) -> str:
    """The name in the same folder that is nearest to one that does not exist."""
    folder, own = os.path.split(name)
    with contextlib.suppress(OSError), os.scandir(folder or ".") as entries:
        near = nearest(own, (entry.name for entry in islice(entries, NEIGHBOURS)))
        return printable(os.path.join(folder, near)) if near else ""
    return ""


def _located(problem: Problem, name: str) -> Problem:
    """A mistake of the whole input is said of the file; any other has its path in it."""
    if problem.path:
        return problem
    return fact_problem(_title(name), problem.reason, problem.allowed, problem.near)


def _title(name: str) -> str:
    return "standard input" if name == STDIN else printable(name) or '""'


# -- writing


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
    """Leaves because the output cannot be written; quietly if that is because nobody reads it.

    What is still buffered goes nowhere, so that leaving does not fail once more.
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
    """The columns of the terminal, within reason; 80 where there is none."""
    # As shutil.get_terminal_size, without its import of every kind of compression.
    try:
        columns = int(os.environ.get("COLUMNS", 0))
    except ValueError:
        columns = 0
    if columns <= 0 and sys.__stdout__ is not None:
        with contextlib.suppress(OSError, ValueError):
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns
    return min(columns if columns > 0 else 80, WIDEST)


def colour(stream: IO[str] | None = None) -> bool:
    """Whether headings may be bold: on a terminal (standard output, or another stream), unless
    NO_COLOR, ACCESSIBLE or TERM=dumb asks for plain."""
    stream = stream or sys.stdout
    asked = os.environ.get("NO_COLOR") or os.environ.get("ACCESSIBLE")
    plain = asked or os.environ.get("TERM") == "dumb" or os.name == "nt"
    return not plain and stream is not None and stream.isatty()
