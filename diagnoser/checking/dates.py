"""What is past its day: what expires, and what was not reviewed for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from diagnoser.pack.reader import CONTRADICTIONS, PACK, Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain, file_of

MONTHS = 18
"""How long a review lasts."""


class _Dated(NamedTuple):
    file: str
    path: KeyPath
    reviewed: str | None
    expires: str | None


def out_of_date(content: Content, today: date, complain: Complain) -> None:
    """What has expired before `today`, or was reviewed more than 18 months before."""
    for one in _dated(content):
        if one.expires is not None and date.fromisoformat(one.expires) < today:
            reason = f"has expired on {one.expires}; look it up again, and give the next date"
            complain(one.file, (*one.path, "expires"), reason, "", "")
        if one.reviewed is not None and _months(date.fromisoformat(one.reviewed), MONTHS) < _months(
            today
        ):
            reason = (
                f"was reviewed on {one.reviewed}, more than {MONTHS} months ago; read its source "
                "again, and give the date of that"
            )
            complain(one.file, (*one.path, "reviewed"), reason, "", "")


def _months(day: date, later: int = 0) -> tuple[int, int]:
    """A day, so many months later, as something to compare."""
    return day.year * 12 + day.month + later, day.day


def _dated(content: Content) -> Iterator[_Dated]:
    for area, facts in content.areas.items():
        for name, fact in facts.facts.items():
            if fact.lookup is not None:
                yield _Dated(file_of(area), ("facts", name, "lookup"), None, fact.lookup.expires)
    for observation, said in content.signs.items():
        file = f"rules/signs/{observation}.yaml"
        for kind, signs in (("signs", said.signs), ("explains", said.explains)):
            for id, sign in signs.items():
                yield _Dated(file, (kind, id), sign.reviewed, sign.expires)
    for id, cause in content.causes.items():
        for name, rule in cause.rules.items():
            yield _Dated(content.cause_file(id), ("rules", name), rule.reviewed, rule.expires)
    for id, one in content.contradictions.items():
        yield _Dated(CONTRADICTIONS, ("contradictions", id), one.reviewed, one.expires)
    for place, note in enumerate(content.pack.notes):
        yield _Dated(PACK, ("notes", place), note.reviewed, note.expires)
    for id, remedy in content.remedies.items():
        yield _Dated(f"rules/remedies/{id}.yaml", (), remedy.reviewed, remedy.expires)
