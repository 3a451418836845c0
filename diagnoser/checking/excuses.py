"""The weaknesses that a pack accepts, each with its reason; one that nothing needs is a problem
too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from diagnoser.errors import quoted
from diagnoser.pack.reader import Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain

ACCEPTED, GOES_WITH = "accepted", "goes_with"


class _Excuse(NamedTuple):
    file: str
    path: KeyPath


class Excuses:
    """The keys `accepted` and `goes_with` of causes and remedies, and which of them were needed."""

    def __init__(self, content: Content, complain: Complain) -> None:
        self._complain = complain
        self._unneeded: set[_Excuse] = set()
        self._known: set[_Excuse] = set()
        for id, cause in content.causes.items():
            self._add(content.cause_file(id), ACCEPTED, cause.accepted)
            self._add(content.cause_file(id), GOES_WITH, cause.goes_with)
        for id, remedy in content.remedies.items():
            self._add(f"rules/remedies/{id}.yaml", ACCEPTED, remedy.accepted)

    def _add(self, file: str, key: str, reasons: Mapping[str, str]) -> None:
        self._known |= {_Excuse(file, (key, name)) for name in reasons}
        self._unneeded |= self._known

    def accepts(self, file: str, check: str) -> bool:
        """Whether this file accepts what this check finds; it was needed then."""
        return self._needed(file, ACCEPTED, check)

    def go_together(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether one of two causes, each with its id and file, says that they hold together."""
        found = [
            self._needed(file, GOES_WITH, id)
            for file, id in ((one[1], other[0]), (other[1], one[0]))
        ]
        return any(found)

    def _needed(self, file: str, key: str, name: str) -> bool:
        excuse = _Excuse(file, (key, name))
        self._unneeded.discard(excuse)
        return excuse in self._known

    def unneeded(self) -> None:
        """Complains of every reason that nothing needed; to be called after all checks."""
        for file, path in sorted(self._unneeded):
            reason = f"gives a reason, but {quoted(path[1])} is not found here; take it out"
            self._complain(file, path, reason, "", "")
