"""The working memory: what is known of a case, as facts of experta, and what rules conclude."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diagnoser.belief.weighing import Hypothesis
from diagnoser.inference._experta import FactList, experta
from diagnoser.knowledge.model import Rule


class Told(experta.Fact):
    """What is known of one area, by the ids of its facts."""

    # Values are immutable and checked, so experta need not freeze and check them again.
    __init__ = dict.__init__
    __setitem__ = dict.__setitem__


class Conclusion(Told):
    """A fact that only rules declare, and that no rule's pattern reads.

    The same conclusion twice is one: its `key` tells those of one kind apart.
    """

    __slots__ = ("key",)

    def __init__(self, key: Any, **contents: object) -> None:
        dict.__init__(self, contents)
        self.key = key


class Evidence(Conclusion):
    """A rule of the pack whose condition holds, which speaks of a cause; of the `bits` one tells it
    from the other rules of that cause, and the lowest are the cause's own."""

    __slots__ = ("bits",)

    def __init__(self, rule: Rule, bits: int) -> None:
        super().__init__(rule.id, rule=rule.id, cause=rule.cause)
        self.bits = bits


class Barred(Conclusion):
    """A remedy that must not be advised: `remedy`, and the number of the `bar`."""

    __slots__ = ()


class Conflict(Conclusion):
    """Facts that cannot hold together: `contradiction`."""

    __slots__ = ()


class Concluded(Conclusion):
    """A hypothesis about one cause: `cause`, and what the evidence says of it together."""

    __slots__ = ("hypothesis",)

    def __init__(self, cause: str, hypothesis: Hypothesis) -> None:
        super().__init__(cause, cause=cause, hypothesis=hypothesis)
        self.hypothesis = hypothesis


class Batch:
    """Conclusions that are declared at once: the `facts`, and the keys of each kind.

    `bits` are those of the evidence, together for each cause; `causes` counts these; `alone` is
    what is concluded of each where there is no other evidence, once it was asked for.
    """

    __slots__ = ("alone", "barred", "bits", "causes", "conflicts", "evidence", "facts")

    def __init__(self, conclusions: Iterable[Conclusion]) -> None:
        self.facts = tuple(conclusions)
        self.evidence, self.barred, self.conflicts = (
            frozenset(one.key for one in self.facts if type(one) is kind)
            for kind in (Evidence, Barred, Conflict)
        )
        self.bits: dict[str, int] = {}
        for one in self.facts:
            if isinstance(one, Evidence):
                cause = one["cause"]
                self.bits[cause] = self.bits.get(cause, 0) | one.bits
        self.causes = len(self.bits)
        self.alone: dict[str, Concluded] | None = None


class WorkingMemory(FactList):
    """experta's list of facts, for those that patterns may read; and beside it what rules
    `declared`, and what is `concluded` of each cause from the evidence among it."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def tell(self, facts: list[Any]) -> None:
        """Declares the facts of a case, with no more ado."""
        for number, fact in enumerate(facts):
            dict.__setitem__(fact, "__factid__", number)
            self[number] = fact
        self.added = facts

    def forget(self) -> None:
        """Drops every reference to a case."""
        self.clear()
        self.added = []
        self.declared: list[Batch] = []
        self.concluded: dict[str, Concluded] = {}
