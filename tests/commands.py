"""Runs the command line: as a process of its own, or inside this one where speed matters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from diagnoser.cli import main

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "facts" / "examples"
STORAGE = str(EXAMPLES / "storage-is-full.json")
NOTHING = str(EXAMPLES / "nothing-known.json")
PROGRAM = [sys.executable, "-m", "diagnoser"]


def environment(**changes: str) -> dict[str, str]:
    """The environment of this process without its settings for terminals, and with changes."""
    terminal = ("NO_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8")
    kept = {name: value for name, value in os.environ.items() if name not in terminal}
    return kept | {"PYTHONPATH": str(ROOT)} | changes


def run(*arguments: str, input: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The program as a process of its own, given bytes on standard input."""
    if "stdin" not in options:
        options["input"] = input
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("env", environment())
    return subprocess.run([*PROGRAM, *arguments], check=False, timeout=60, **options)


def invoke(*arguments: str, input: bytes | str | None = None) -> Result:
    """The program inside this process; what it does not handle is raised."""
    result = CliRunner().invoke(main, arguments, input=input, prog_name="diagnoser")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
