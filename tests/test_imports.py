"""What an import does to the program that imports: nothing that it did not ask for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def fresh(code: str) -> Any:
    """What a fresh interpreter prints as JSON at the end of the code."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


LOGGING = """
import json, logging
root = logging.getLogger()
{before}
handlers, level = list(root.handlers), root.level
import diagnoser
{use}
print(json.dumps([root.handlers == handlers, root.level == level, len(root.handlers)]))
"""


@pytest.mark.parametrize(
    ("before", "handlers"),
    [
        ("", 0),
        ("logging.basicConfig(level=logging.ERROR)", 1),
        ("root.setLevel(logging.ERROR)", 0),
        ("root.addHandler(logging.NullHandler())", 1),
    ],
)
@pytest.mark.parametrize("use", ["diagnoser.Diagnoser", "diagnoser.Diagnoser().diagnose({})"])
def test_logging_is_as_it_was(before: str, handlers: int, use: str) -> None:
    assert fresh(LOGGING.format(before=before, use=use)) == [True, True, handlers]


STANDARD_LIBRARY = """
import collections, json
{before}
before = set(vars(collections))
import diagnoser
diagnoser.Diagnoser().diagnose({{}})
after = set(vars(collections))
# `collections.abc` is a module that anybody may import.
print(json.dumps([sorted((before ^ after) - {{"abc"}}), "Mapping" in after]))
"""


@pytest.mark.parametrize(
    ("before", "lent"),
    [("", False), ("import collections.abc; collections.Mapping = collections.abc.Mapping", True)],
)
def test_the_standard_library_is_as_it_was(before: str, lent: bool) -> None:
    assert fresh(STANDARD_LIBRARY.format(before=before)) == [[], lent]


MODULES = """
import json, sys
import diagnoser
{after}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


@pytest.mark.parametrize(
    "after", ["diagnoser.Diagnoser", "diagnoser.Diagnoser().diagnose({}, look_ahead=True)"]
)
def test_the_library_needs_neither_the_command_line_nor_a_test_tool(after: str) -> None:
    modules = set(fresh(MODULES.format(after=after)))

    assert {"diagnoser", "experta"} <= modules
    assert not modules & {"click", "pytest", "_pytest", "hypothesis", "jsonschema", "tests"}


def test_importing_the_library_imports_no_reader_of_yaml() -> None:
    assert "yaml" not in fresh(MODULES.format(after="diagnoser.Diagnoser"))


def test_importing_writes_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import diagnoser; diagnoser.Diagnoser"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == (b"", b"")


def test_what_the_package_promises_is_there() -> None:
    import diagnoser

    assert sorted(diagnoser.__all__) == sorted(set(diagnoser.__all__))
    assert all(hasattr(diagnoser, name) for name in diagnoser.__all__)
