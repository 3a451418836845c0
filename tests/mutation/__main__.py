"""The mutation score of the built-in pack: `python -m tests.mutation`.

Standard output has the survivors that are not justified, by file and line, and a table of the
score; `--all` also lists those that are. It ends with 1 where one is not justified, or the score is
below the least. `--statements` also counts what is killed without the record of the scenarios,
which takes much longer.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from diagnoser.pack.builtin import built_in
from tests.mutation.justified import classes, unjustified
from tests.mutation.killing import Jury, Killed
from tests.mutation.mutant import Mutant, Original
from tests.mutation.mutants import mutants
from tests.mutation.near_misses import near_misses
from tests.phones import scenarios

LEAST = 0.9
"""The part of the mutants that must be killed."""


class Tried(NamedTuple):
    """A mutant, where it is and what it is, and what came of it."""

    mutant: Mutant
    killed: Killed


def try_share(share: int, of: int, folder: str, statements: bool) -> list[Tried]:
    """One of so many equal shares of the mutants of a folder, tried; their knowledge, which takes
    long to pass on, is left out."""
    pack = Original.of(folder)
    jury = Jury(pack, scenarios(), near_misses())
    return [
        Tried(mutant._replace(knowledge=pack.knowledge), jury.tries(mutant, statements))
        for mutant in islice(mutants(pack), share, None, of)
    ]


def try_all(folder: str, processes: int, statements: bool) -> list[Tried]:
    """All mutants of a folder, tried, sorted by file and line."""
    share = partial(try_share, of=processes, folder=folder, statements=statements)
    with ProcessPoolExecutor(processes) as pool:
        return sorted(chain.from_iterable(pool.map(share, range(processes))), key=_place)


def _place(one: Tried) -> tuple[str, int, str, str]:
    return one.mutant.file, one.mutant.line, one.mutant.kind, one.mutant.what


def scores(tried: Iterable[Tried], statements: bool) -> Iterator[str]:
    """The table of the score, a line each."""
    made: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    for one in tried:
        for kind in (one.mutant.kind, "all"):
            made[kind] += 1
            stated[kind] += bool(one.killed.by)
            killed[kind] += one.killed.recorded
    yield f"{'what is changed':16} {'mutants':>7} {'killed':>7}{'by statements' * statements:>15}"
    for kind in [*(kind for kind in made if kind != "all"), "all"]:
        alone = f"{stated[kind] / made[kind]:.1%}" if statements else ""
        yield f"{kind:16} {made[kind]:7} {killed[kind] / made[kind]:7.1%}{alone:>15}".rstrip()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--all", action="store_true", help="list justified survivors too")
    parser.add_argument("--statements", action="store_true", help="count them alone too")
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 8))
    options = parser.parse_args(arguments)
    tried = try_all(built_in(), options.processes, options.statements)
    survivors = [one.mutant for one in tried if not one.killed.recorded]
    wrong = unjustified(survivors, classes())
    lines = [
        *(map(str, survivors) if options.all else ()),
        *wrong,
        *scores(tried, options.statements),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if wrong or len(survivors) > (1 - LEAST) * len(tried) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
