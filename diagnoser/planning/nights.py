"""Steps that only a night can test: several of them are done together, and tested once.

A test that is put off until several steps are done saves tests, and costs steps that an earlier one
would have shown to be needless (T. J. Ottosen, F. V. Jensen, "When to test? Troubleshooting with
postponed system test", 2010). A group costs the work of its steps, the longest of their waits, for
they pass together, and one test, all times the chance that it is still needed. Where a run of such
steps is best cut into groups is found exactly, one step after the other, from the best ways to cut
what is before the last group.
"""

from __future__ import annotations

from typing import NamedTuple

from diagnoser.knowledge.model import Remedy


class Group(NamedTuple):
    """A group that ends with the last step so far: where it starts, the minutes of the plan before
    it and the chance that it is needed, and the work and the longest wait of its steps, in
    minutes."""

    start: int
    before: float
    fails: float
    work: float = 0.0
    idle: float = 0.0

    def joined_by(self, remedy: Remedy) -> Group:
        """The group with one step more."""
        work, idle = self.work + remedy.price - remedy.idle, max(self.idle, remedy.idle)
        return self._replace(work=work, idle=idle)

    def minutes(self, test: float) -> float:
        """The minutes of the plan if the group is tested now."""
        return self.before + self.fails * (self.work + self.idle + test)


def longer(
    groups: tuple[Group, ...], remedy: Remedy, place: int, minutes: float, fails: float
) -> tuple[Group, ...]:
    """Every group that may end with one more step, at this place, before which the plan takes these
    minutes and fails with this chance: the step joins one of the groups, or starts one."""
    return tuple(one.joined_by(remedy) for one in (*groups, Group(place, minutes, fails)))


def cheapest(groups: tuple[Group, ...], test: float) -> Group:
    """The one with which the plan so far is cheapest; of equals the longest."""
    return min(groups, key=lambda group: group.minutes(test))
