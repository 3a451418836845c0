"""Which rules the facts of working memory activate.

experta's own matcher, which stays selectable, finds the same. It asks every rule again after every
fact; this one looks up which conditions read a new fact, and evaluates those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from diagnoser.inference._experta import Activation, Matcher
from diagnoser.inference.facts import Known
from diagnoser.inference.rules import CHAIN


class SignMatcher(Matcher):
    """Activates the rules of the pack by their conditions, and those of the chain by the one fact
    that each of them names.

    A condition that holds already activates its rules again when another of its facts comes; what
    they declare is in memory by then, and is not taken twice. These activations name no facts: a
    rule of the pack fires on what is known together, and `trace` tells which test decided.
    """

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._reading = engine.pack.reading
        self._chain: dict[type[Any], list[Any]] = {}
        for rule in CHAIN:
            self._chain.setdefault(type(rule[0]), []).append(rule)
        self.reset()

    def reset(self) -> None:
        self._known: dict[str, Any] = {}

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        """The activations that come with new facts, and those that go: none."""
        if deleting:
            raise RuntimeError("a fact of a case is never retracted: the next case starts anew")
        found: list[Any] = []
        news: dict[str, Any] = {}
        for fact in adding or ():
            if isinstance(fact, Known):
                news.update(fact.facts())
            for rule in self._chain.get(type(fact), ()):
                bound = rule[0].__bind__
                found.append(Activation(rule, (fact,), {bound: fact} if bound else {}))
        if news:
            self._known.update(news)
            found += self._of_pack(news)
        return found, []

    def _of_pack(self, news: Iterable[str]) -> Iterator[Any]:
        """The activations of rules whose condition reads a new fact and holds."""
        readers = {id(one): one for fact in news for one in self._reading.get(fact, ())}
        for one in readers.values():
            if one.when.outcome(self._known):
                for rule in one.rules:
                    yield Activation(rule, ())
