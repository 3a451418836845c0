"""What survives and may: classes of mutants in `justified.yaml`, each with the reason in words and
with how many there are at most, so that no class grows unseen."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import yaml

from tests.mutation.mutant import Mutant

FILE = Path(__file__).parent / "justified.yaml"


class Class(NamedTuple):
    """Mutants whose `file: kind: what` fits one of the patterns (`*` and `?` as in names of files),
    why they may survive, and how many of them do at most."""

    patterns: tuple[str, ...]
    reason: str
    at_most: int

    def fits(self, mutant: Mutant) -> bool:
        name = f"{mutant.file}: {mutant.kind}: {mutant.what}"
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


def classes(file: Path = FILE) -> list[Class]:
    """The classes of a file, in its order."""
    found = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)["justified"]
    return [
        Class(tuple(one["patterns"]), " ".join(one["reason"].split()), int(one["at_most"]))
        for one in found
    ]


def unjustified(survivors: Iterable[Mutant], allowed: Iterable[Class]) -> list[str]:
    """What is wrong: survivors of no class, classes with more of them than they say, and classes
    and patterns that are not needed any more. A survivor belongs to the first class that it fits.
    """
    allowed = list(allowed)
    members: dict[int, list[Mutant]] = {place: [] for place in range(len(allowed))}
    wrong = []
    for mutant in survivors:
        place = next((place for place, one in enumerate(allowed) if one.fits(mutant)), None)
        if place is None:
            wrong.append(f"{mutant}: survives")
        else:
            members[place].append(mutant)
    for place, one in enumerate(allowed):
        found = members[place]
        for pattern in one.patterns:
            alone = one._replace(patterns=(pattern,))
            if not any(alone.fits(mutant) for mutant in found):
                wrong.append(f"{FILE.name}: {pattern!r} fits no survivor; take it out")
        if len(found) > one.at_most:
            reason = f"{len(found)} survive, but {one.at_most} are justified: {one.reason}"
            wrong += [f"{FILE.name}: {reason}", *(f"  {mutant}" for mutant in found)]
    return wrong
