"""Steps that only a night can test: several of them are done together, and tested once.

A test that is put off until several steps are done saves tests, and costs steps that an earlier one
would have shown to be needless (T. J. Ottosen, F. V. Jensen, "When to test? Troubleshooting with
postponed system test", 2010). A group costs the work of its steps, the night or the longest of
their waits, for all of these pass together, and one verification, all times the chance that it is
still needed. Where a run of such steps is best cut into groups is found exactly, one step after the
other, from the best ways to cut what is before the last group.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from diagnoser.knowledge.model import Remedy


class Group(NamedTuple):
    """A group that ends with the last step so far: where it starts, the minutes of the plan before
    it and the chance that it is needed, the work of its steps, and the night or the longest of
    their waits, in minutes."""

    start: int
    before: float
    fails: float
    work: float
    idle: float

    def joined_by(self, remedy: Remedy) -> Group:
        """The group with one step more."""
        work, idle = self.work + remedy.price - remedy.idle, max(self.idle, remedy.idle)
        return self._replace(work=work, idle=idle)

    def minutes(self, verification: float) -> float:
        """The minutes of the plan if the group is tested now."""
        return self.before + self.fails * (self.work + self.idle + verification)


def joined(groups: Iterable[Group], new: Group, remedy: Remedy) -> tuple[Group, ...]:
    """Every group that may end with one more step: it joins one of the groups, or is the first of
    the new one."""
    return tuple(group.joined_by(remedy) for group in (*groups, new))


def best_of(groups: Iterable[Group], verification: float) -> Group:
    """The one with which the plan so far is cheapest; of equals the longest."""
    return min(groups, key=lambda group: group.minutes(verification))
