"""The facts of working memory: what is known of a case, and what rules conclude from it.

They stand here in the order in which they follow from each other. At the end of a run working
memory is the explanation: every step is there because of the facts before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from diagnoser.inference._experta import Fact
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import Value


class PlainFact(Fact):
    """A fact whose values are text, numbers, or tuples of those.

    experta searches every fact that is declared for values to freeze and for parts of patterns.
    Here there are none to find, and the search would take half of the time of a diagnosis.
    """

    __init__ = dict.__init__

    def has_field_constraints(self) -> bool:
        return False

    def has_nested_accessor(self) -> bool:
        return False


class Area(PlainFact):
    """What is known of one area. Each area of a pack has a class of its own, called like it, with a
    field for each of its facts: `wifi(connection='off')`."""

    area = ""

    def facts(self) -> Iterator[tuple[str, Value]]:
        """The facts of the pack that it tells, by id, each with its value."""
        for name, value in self.items():
            if not self.is_special(name):
                yield f"{self.area}.{name}", value


class Tried(PlainFact):
    """What came of a `remedy` that was tried: its `outcome`."""

    def facts(self) -> Iterator[tuple[str, Value]]:
        """The one fact of the pack that it tells, with its value."""
        yield TRIED + self["remedy"], self["outcome"]


class Tentative(PlainFact):
    """A known `fact` that somebody thinks to be so, without being sure."""


Known = Area | Tried
"""Something that is known of the case."""


class Sign(PlainFact):
    """Something that is seen: the `id` of a sign whose condition holds."""


class Tempered(PlainFact):
    """A `sign` that holds only thanks to what is tentative, so that it counts less."""


class Barred(PlainFact):
    """A `remedy` that must not be advised, and the `number` of the reason in its file."""


class Contradiction(PlainFact):
    """Answers that cannot hold together: the `id` of the contradiction."""


class Evidence(PlainFact):
    """What speaks of one `cause`: the ids of the `rules` that fired, sorted."""


class Hypothesis(PlainFact):
    """What the evidence says of one `cause`: `status`, `ratio`, `counted` and `disputed` as in
    `belief.weighing.Hypothesis`."""


class Candidate(PlainFact):
    """A `remedy` that may be advised and could be of use."""


class Belief(PlainFact):
    """The probabilities of all causes, as in `belief.belief.Belief`: `present` and `support`, each
    as pairs of a cause and a number."""


class Step(PlainFact):
    """A step of the plan: its `place` from 1 on, and `remedy`, `must`, `chance` and
    `together` as in `planning.greedy.Step`."""


class Plan(PlainFact):
    """The rest of the plan: `expected_minutes`, and what was `left_out`, as pairs of a remedy and
    the reason."""


CONCLUSIONS = (
    Sign,
    Tempered,
    Barred,
    Contradiction,
    Evidence,
    Hypothesis,
    Candidate,
    Belief,
    Step,
    Plan,
)
"""What rules declare."""


def area_classes(areas: Iterable[str]) -> dict[str, type[Area]]:
    """The class of facts of each area."""
    return {area: type(area, (Area,), {"area": area, "__doc__": Area.__doc__}) for area in areas}


def told(known: Mapping[str, Value], areas: Mapping[str, type[Area]]) -> list[Known]:
    """The known facts of a case, by their ids, as facts of experta: one for each area, and one for
    each remedy that was tried."""
    by_area: dict[str, dict[str, Value]] = {}
    tried: list[Known] = []
    for id, value in known.items():
        if id.startswith(TRIED):
            tried.append(Tried(remedy=id.removeprefix(TRIED), outcome=value))
        else:
            area, _, name = id.partition(".")
            by_area.setdefault(area, {})[name] = value
    return [*(areas[area](**values) for area, values in by_area.items()), *tried]
