"""Reads the facts of a case from a file or from standard input, within bounds."""

from __future__ import annotations

import contextlib
import os
import sys
from itertools import islice
from typing import Any

import click

from diagnoser.case.json_input import MAX_BYTES, parse_json
from diagnoser.errors import Problem, fact_problem, nearest, printable
from diagnoser.terminal.console import talk

STDIN = "-"
ALLOWED = "a file, or - for standard input"
AWAITED = 'Waiting for facts as JSON, such as {"wifi": {"connection": "off"}}; end with Ctrl-D.'
NEIGHBOURS = 1000
"""Names in a folder that are compared at most, to find the one that was meant."""


def read_facts(name: str) -> tuple[dict[str, Any], list[Problem]]:
    """The JSON object in a file, or in standard input for `-`, as far as it can be understood, and
    everything that is wrong with it.

    Of a file that is too large, such as an endless device, it reads one byte more than is allowed.
    """
    try:
        content = _content(name)
    except (OSError, ValueError) as error:
        return {}, [_unreadable(name, error)]
    sheet, problems = parse_json(content)
    return sheet, [_located(problem, name) for problem in problems]


def _content(name: str) -> bytes:
    if not name:
        raise ValueError("it has no name")
    if name == STDIN and sys.stdin is None:
        raise ValueError("it is closed")
    with click.open_file(name, "rb") as file:
        if file.isatty():  # a person has to type it
            talk([AWAITED])
        content: bytes = file.read(MAX_BYTES + 1)
    return content


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
    """The mistake with the name of the file as its place, unless it has a path inside the file."""
    if problem.path:
        return problem
    return fact_problem(_title(name), problem.reason, problem.allowed, problem.near)


def _title(name: str) -> str:
    return "standard input" if name == STDIN else printable(name) or '""'
