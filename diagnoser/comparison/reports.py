"""What two reports of the same facts say otherwise, in the words of either knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnoser.report.model import CauseFound, Report

NOTHING = "none"


def differences(old: Report, new: Report) -> Iterator[str]:
    """In a phrase each: first cause, first step, and every cause that has another status. What else
    differs, such as probabilities, is not among them."""
    yield from _other("first cause", _first(old.causes), _first(new.causes))
    before, after = ([step.remedy for step in one.plan.steps[:1]] for one in (old, new))
    yield from _other("first step", *(ids[0] if ids else NOTHING for ids in (before, after)))
    statuses = {one.id: one.status for one in new.causes}
    for cause in sorted(old.causes, key=lambda one: one.id):
        now = statuses.get(cause.id, NOTHING)
        yield from _other(f"status of {cause.id}", cause.status, now)
    known = {one.id for one in old.causes}
    for cause in sorted(new.causes, key=lambda one: one.id):
        if cause.id not in known and cause.status == "proven":
            yield from _other(f"status of {cause.id}", NOTHING, cause.status)


def _first(causes: Sequence[CauseFound]) -> str:
    return causes[0].id if causes else NOTHING


def _other(what: str, was: str, now: str) -> Iterator[str]:
    if was != now:
        yield f"{what}: was {was}, now {now}"
