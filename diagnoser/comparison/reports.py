"""What two reports of the same facts say otherwise, in the words of either knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnoser.report.model import CauseFound, Report

NOTHING = "none"


def differences(old: Report, new: Report) -> Iterator[str]:
    """In a phrase each: first cause, first step, and every cause that has another status, or that
    is proven by one knowledge and not known to the other. What else differs, such as probabilities,
    is not among them."""
    yield from _other("first cause", _first(old.causes), _first(new.causes))
    before, after = ([step.remedy for step in one.plan.steps[:1]] for one in (old, new))
    yield from _other("first step", *(ids[0] if ids else NOTHING for ids in (before, after)))
    was, now = ({cause.id: cause.status for cause in one.causes} for one in (old, new))
    for id in sorted(was.keys() | now.keys()):
        if (id in was and id in now) or "proven" in (was.get(id), now.get(id)):
            yield from _other(f"status of {id}", was.get(id, NOTHING), now.get(id, NOTHING))


def _first(causes: Sequence[CauseFound]) -> str:
    return causes[0].id if causes else NOTHING


def _other(what: str, was: str, now: str) -> Iterator[str]:
    if was != now:
        yield f"{what}: was {was}, now {now}"
