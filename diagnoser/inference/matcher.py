"""Which rules the facts of working memory activate.

experta's own matcher, which stays selectable, finds the same. It asks every rule again after every
fact; this one looks up which conditions can hold with a fact and its value, and evaluates those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagnoser.inference._experta import Activation, Matcher
from diagnoser.inference.facts import Known
from diagnoser.inference.rules import CHAIN


class SignMatcher(Matcher):
    """Activates the rules of the pack by their conditions, and those of the chain by the one fact
    that each of them names."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._opened = engine.pack.opened
        self._chain: dict[type[Any], list[Any]] = {}
        for rule in CHAIN:
            self._chain.setdefault(type(rule[0]), []).append(rule)
        self.reset()

    def reset(self) -> None:
        self._known: dict[str, Any] = {}
        self._told_by: dict[str, Known] = {}
        """For each known fact of the pack the fact of working memory that tells it."""
        self._holding: set[int] = set()

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        """The activations that come with new facts, and those that go: none."""
        if deleting:
            raise RuntimeError("a fact of a case is never retracted: the next case starts anew")
        found: list[Any] = []
        news = False
        for fact in adding or ():
            if isinstance(fact, Known):
                news = True
                for id, value in fact.facts():
                    self._known[id], self._told_by[id] = value, fact
            found += [Activation(rule, (fact,)) for rule in self._chain.get(type(fact), ())]
        if news:
            found += self._of_pack()
        return found, []

    def _of_pack(self) -> Iterator[Any]:
        """The activations of rules whose condition holds now and did not before."""
        for fact, value in self._known.items():
            for opening in ((fact, value), (fact, None)):
                for one in self._opened.get(opening, ()):
                    if id(one) not in self._holding and one.when.outcome(self._known):
                        self._holding.add(id(one))
                        read = [self._told_by[id] for id in one.reads if id in self._told_by]
                        for rule in one.rules:
                            yield Activation(rule, read)
