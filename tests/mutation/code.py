"""The mutation score of the code that weighs, plans and chooses, by mutmut:
`python -m tests.mutation.code`, or with the names of some of the packages.

The mutants of a package, of which there are some for each function and method, are tried on its own
quick tests, in a copy of the project. Standard output has the survivors that `justified_code.yaml`
does not justify, what it justifies without need, and a table of the score; it ends with 1 where
there is any of these, or the score is below the least.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

PACKAGES = ("belief", "questions", "planning")
LEAST = 0.9
"""The part of the mutants that must be killed."""
PROJECT = Path(__file__).parents[2]
JUSTIFIED = Path(__file__).parent / "justified_code.yaml"
SETTINGS = """\
[mutmut]
source_paths = diagnoser
only_mutate = diagnoser/{package}/*
also_copy =
  facts
  rules
pytest_add_cli_args_test_selection = tests/{package}
pytest_add_cli_args =
  -m
  not slow
timeout_multiplier = 6.0
timeout_constant = 2.0
"""
PROPERTIES = ("property", "cached_property")
KILLED = ("killed", "timeout", "segfault")
"""What mutmut says of mutants that a test notices: it fails, never ends or crashes."""


class Mutant(NamedTuple):
    """A mutant of a `module` such as `planning.nights`, and what became of it in mutmut's words."""

    module: str
    name: str
    status: str


def copy_project(package: str, folder: Path) -> None:
    """Copies what the tests of a package need, in a form of which mutmut changes all."""
    leave = shutil.ignore_patterns("__pycache__")
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("diagnoser", "facts", "rules", "tests"):
        shutil.copytree(PROJECT / name, folder / name, ignore=leave)
    shutil.copy(PROJECT / "pyproject.toml", folder)
    (folder / "setup.cfg").write_text(SETTINGS.format(package=package), "utf-8")
    for file in (folder / "diagnoser" / package).glob("*.py"):
        file.write_text(undecorated(file.read_text("utf-8")), "utf-8")


def undecorated(source: str) -> str:
    """The same, with properties made by a call after the method: mutmut leaves what is decorated
    as it is."""
    lines = source.splitlines(keepends=True)
    for method in sorted(_properties(ast.parse(source)), key=lambda one: -one.lineno):
        [decorator] = method.decorator_list
        called = f"{method.name} = {ast.unparse(decorator)}({method.name})\n"
        lines.insert(method.end_lineno or method.lineno, " " * method.col_offset + called)
        del lines[decorator.lineno - 1]
    return "".join(lines)


def _properties(module: ast.Module) -> Iterator[ast.FunctionDef]:
    for one in ast.walk(module):
        if isinstance(one, ast.FunctionDef) and len(one.decorator_list) == 1:
            decorator = one.decorator_list[0]
            if isinstance(decorator, ast.Name) and decorator.id in PROPERTIES:
                yield one


def mutmut(folder: Path, *arguments: str) -> str:
    """What a command of mutmut writes; a run shows how far it is on standard error instead."""
    settings = os.environ | {"HYPOTHESIS_PROFILE": "mutants"}
    command = [sys.executable, "-m", "mutmut", *arguments]
    written = sys.stderr if "run" in arguments else subprocess.PIPE
    done = subprocess.run(command, cwd=folder, env=settings, stdout=written, text=True, check=True)
    return done.stdout or ""


def results(listed: str) -> list[Mutant]:
    """What `mutmut results --all true` lists."""
    found = []
    for line in listed.splitlines():
        name, separator, status = line.strip().partition(": ")
        if separator:
            found.append(Mutant(name.removeprefix("diagnoser.").rpartition(".")[0], name, status))
    return found


def change(mutant: Mutant, shown: str) -> str:
    """A mutant in words that stay when others come or go: its function, and from what it shows the
    code before and after."""
    function = mutant.name.rpartition(".")[2].rpartition("__mutmut_")[0]
    function = function.removeprefix("x").lstrip("ǁ").replace("ǁ", ".")
    if not function.count("."):
        function = function.removeprefix("_")
    sides = {
        sign: " ".join(
            line[1:].strip()
            for line in shown.splitlines()
            if line.startswith(sign) and not line.startswith(sign * 3)
        )
        for sign in "-+"
    }
    return f"{mutant.module}: {function}: {sides['-']} => {sides['+']}"


def justified(file: Path = JUSTIFIED) -> dict[str, str]:
    """The survivors that may live, each with the reason; `…` in one stands for any code."""
    classes = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)["justified"]
    return {
        " ".join(one.split()): " ".join(each["reason"].split())
        for each in classes
        for one in each["mutants"]
    }


def fits(survivor: str, allowed: str) -> bool:
    parts = (re.escape(part) for part in allowed.split("…"))
    return re.fullmatch(".*".join(parts), survivor) is not None


def unjustified(survivors: Iterable[str], allowed: Iterable[str]) -> list[str]:
    """What is wrong: survivors that nothing justifies, and what is justified and does not survive
    any more."""
    survivors, allowed = sorted(set(survivors)), [*allowed]
    alive = [one for one in survivors if not any(fits(one, other) for other in allowed)]
    needless = [other for other in allowed if not any(fits(one, other) for one in survivors)]
    return [
        *(f"{one}: survives" for one in alive),
        *(f"{JUSTIFIED.name}: {one}: does not survive; take it out" for one in needless),
    ]


def scores(mutants: Iterable[Mutant]) -> Iterator[str]:
    """The table of the score, a line each."""
    made: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    for one in mutants:
        for row in (one.module, "all"):
            made[row] += 1
            killed[row] += one.status in KILLED
    yield f"{'module':30} {'mutants':>7} {'killed':>7}"
    for row in [*sorted(made.keys() - {"all"}), "all"]:
        yield f"{row:30} {made[row]:7} {killed[row] / made[row]:7.1%}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.code")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help=f"of {', '.join(PACKAGES)}")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    packages = options.packages or PACKAGES
    if unknown := [one for one in packages if one not in PACKAGES]:
        parser.error(f"{', '.join(unknown)}: no such package")
    mutants: list[Mutant] = []
    survivors = []
    for package in packages:
        folder = PROJECT / ".mutants" / package
        copy_project(package, folder)
        mutmut(folder, "run", "--max-children", str(options.processes))
        found = results(mutmut(folder, "results", "--all", "true"))
        mutants += found
        survivors += [
            change(one, mutmut(folder, "show", one.name))
            for one in found
            if one.status not in KILLED
        ]
    allowed = [one for one in justified() if one.partition(".")[0] in packages]
    wrong = unjustified(survivors, allowed)
    sys.stdout.write("".join(f"{line}\n" for line in [*wrong, *scores(mutants)]))
    killed = sum(one.status in KILLED for one in mutants)
    return 1 if wrong or killed < LEAST * len(mutants) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
