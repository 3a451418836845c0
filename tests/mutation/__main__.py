"""The mutation score of the built-in pack: `python -m tests.mutation`.

Standard output has the survivors that are not justified, by file and line, and a table of the
scores; `--all` also lists those that are. It ends with 1 where one is not justified, or the score
is below the least.
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
    """A mutant, without the knowledge that it is, and what came of it."""

    mutant: Mutant
    killed: Killed


def try_every(share: int, of: int, folder: str) -> list[Tried]:
    """One of so many equal shares of the mutants of a folder, tried."""
    pack = Original.of(folder)
    jury = Jury(pack, scenarios(), near_misses())
    return [
        Tried(mutant._replace(knowledge=pack.knowledge), jury.tries(mutant))
        for mutant in islice(mutants(pack), share, None, of)
    ]


def try_all(folder: str, processes: int) -> list[Tried]:
    """All mutants of a folder, tried, sorted by file and line."""
    if processes == 1:
        return sorted(try_every(0, 1, folder), key=_place)
    with ProcessPoolExecutor(processes) as pool:
        shares = pool.map(partial(_share, of=processes, folder=folder), range(processes))
        return sorted(chain.from_iterable(shares), key=_place)


def _share(share: int, of: int, folder: str) -> list[Tried]:
    """The same without the knowledge, which takes long to pass on."""
    return [
        one._replace(mutant=one.mutant._replace(knowledge=None))  # type: ignore[arg-type]
        for one in try_every(share, of, folder)
    ]


def _place(one: Tried) -> tuple[str, int, str, str]:
    return one.mutant.file, one.mutant.line, one.mutant.kind, one.mutant.what


def scores(tried: Iterable[Tried]) -> Iterator[str]:
    """The table of the scores, a line each."""
    made: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    for one in tried:
        for kind in (one.mutant.kind, "all"):
            made[kind] += 1
            stated[kind] += bool(one.killed.by)
            killed[kind] += one.killed.recorded
    yield f"{'what is changed':16} {'mutants':>8} {'by statements':>14} {'and the record':>15}"
    for kind in [*(kind for kind in made if kind != "all"), "all"]:
        parts = f"{stated[kind] / made[kind]:14.1%} {killed[kind] / made[kind]:15.1%}"
        yield f"{kind:16} {made[kind]:8} {parts}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--all", action="store_true", help="list justified survivors too")
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 8))
    options = parser.parse_args(arguments)
    tried = try_all(built_in(), options.processes)
    survivors = [one.mutant for one in tried if not one.killed.recorded]
    wrong = unjustified(survivors, classes())
    lines = [*(map(str, survivors) if options.all else ()), *wrong, *scores(tried)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if wrong or len(survivors) > (1 - LEAST) * len(tried) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
