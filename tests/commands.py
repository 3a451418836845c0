"""Runs the command line: as a process of its own, or inside this one where speed matters."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from diagnoser.cli import main
from diagnoser.pack import compiled
from diagnoser.pack.builtin import built_in
from diagnoser.pack.files import files
from diagnoser.pack.loader import load

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "facts" / "examples"
STORAGE = str(EXAMPLES / "storage-is-full.json")
NOTHING = str(EXAMPLES / "nothing-known.json")
PROGRAM = [sys.executable, "-m", "diagnoser"]
PATIENCE = 120
"""Seconds after which something hangs, however busy the machine is."""


def environment(**changes: str) -> dict[str, str]:
    """The environment of this process without its settings for terminals, and with changes; the
    program in it is `as_installed`, wherever it is started."""
    terminal = ("NO_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8")
    kept = {name: value for name, value in os.environ.items() if name not in terminal}
    path = os.pathsep.join([str(as_installed()), str(ROOT)])
    return kept | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"} | changes


@cache
def as_installed() -> Path:
    """A folder with the package as a wheel has it, until the tests end.

    Its knowledge is compiled. From the checkout every process would read YAML for a third of its
    time.
    """
    folder = Path(tempfile.mkdtemp(prefix="diagnoser-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    package = folder / "diagnoser"
    half_written = shutil.ignore_patterns("*.pyc.*")  # by tests in other processes
    shutil.copytree(ROOT / "diagnoser", package, ignore=half_written)
    for name in ("facts", "rules"):
        shutil.copytree(ROOT / name, package / name)
    (package / compiled.NAME).write_bytes(compiled.dump(load(), files(built_in())))
    return folder


def run(*arguments: str, input: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The program as a process of its own, given bytes on standard input."""
    if "stdin" not in options:
        options["input"] = input
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("env", environment())
    return subprocess.run([*PROGRAM, *arguments], check=False, timeout=PATIENCE, **options)


def invoke(*arguments: str, input: bytes | str | None = None) -> Result:
    """The program inside this process; what it does not handle is raised."""
    result = CliRunner().invoke(main, arguments, input=input, prog_name="diagnoser")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*arguments: str, input: bytes | None = None) -> str:
    """What a command that succeeds writes; it must not talk."""
    result = invoke(*arguments, input=input)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def without(package: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program as a process of its own where a package is not installed."""
    code = (
        "import sys; sys.modules[sys.argv.pop(1)] = None\nfrom diagnoser.__main__ import run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, package, *arguments],
        env=environment(),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )


def read(file: str) -> dict[str, Any]:
    """The content of a facts file."""
    content: dict[str, Any] = json.loads(Path(file).read_text("utf-8"))
    return content
