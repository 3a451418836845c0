"""Runs what the README shows and compares the output; `python -m tests.readme --write` puts the
real output in.

A block of ```console holds `$ command` lines, each followed by its output; a block of ```python is
followed by a block of ```text with what it prints. A line `[...]` in an output stands for any
lines.
"""

from __future__ import annotations

import atexit
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.commands import PATIENCE
from tests.serving.running import Server

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
REST = "[...]"
BLOCKS = re.compile(
    r"```console\n(?P<console>.*?)```|```python\n(?P<python>.*?)```\n\n```text\n(?P<printed>.*?)```",
    re.DOTALL,
)
LINES = re.compile(r"(?:.*\\\n)*.*\n?")
"""A command, which a backslash at the end of a line continues."""
# What make does to set things up is tested elsewhere; here its last command counts.
STAND_INS = {"make demo": "diagnoser diagnose facts/examples/storage-is-full.json"}
SERVED = "http://127.0.0.1:8000"
"""Where the README says that `diagnoser serve` is; here it is on any port that is free."""
NOT_RUN = ("make test", "pip install", "make bench")


@dataclass(frozen=True)
class Shown:
    """Something that the README runs, and the output that it shows for it."""

    command: str
    python: bool
    output: str


def shown(text: str) -> Iterator[Shown]:
    """Every command and program of the README that has output."""
    for block in BLOCKS.finditer(text):
        if block["python"] is not None:
            yield Shown(block["python"], True, block["printed"])
            continue
        for part in re.split(r"(?m)^\$ ", block["console"])[1:]:
            command = LINES.match(part)[0].rstrip("\n")
            output = part[len(command) + 1 :]
            if output and not command.startswith(NOT_RUN):
                yield Shown(command, False, output)


@cache
def served() -> Server:
    """A server that runs until the tests end."""
    server = Server()
    atexit.register(server.stop)
    return server


def run(one: Shown) -> str:
    """What it really prints, standard error included."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": scripts + os.pathsep + os.environ["PATH"],
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    code = STAND_INS.get(one.command, one.command)
    if SERVED in code and not one.python:
        code = code.replace(SERVED, served().address)
    command = [sys.executable, "-c", code] if one.python else ["sh", "-c", code]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout.decode()


def agrees(wanted: str, got: str) -> bool:
    """Whether the output is the shown one, where `[...]` stands for any lines."""
    parts = [re.escape(part) for part in wanted.split(REST + "\n")]
    return re.fullmatch("(?:.*\n)*".join(parts), got) is not None


def renewed(wanted: str, got: str) -> str:
    """The real output, shortened after as many lines as the README shows."""
    head, rest, _ = wanted.partition(REST + "\n")
    return "".join(got.splitlines(keepends=True)[: head.count("\n")]) + REST + "\n" if rest else got


def main() -> None:
    text = README.read_text("utf-8")
    for one in list(shown(text)):
        head = one.command + ("```\n\n```text\n" if one.python else "\n")
        text = text.replace(head + one.output, head + renewed(one.output, run(one)), 1)
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
