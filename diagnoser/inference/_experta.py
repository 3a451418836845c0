"""The seam around experta: the only module that imports it, and mends what its import breaks."""

from __future__ import annotations

import collections
import collections.abc
import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _import_of_experta() -> Iterator[None]:
    """Lends what experta's import needs, and takes back what it does to its host.

    Its pinned frozendict reads `collections.Mapping`, which Python 3.10 removed, and two of its
    modules call `logging.basicConfig()`.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    lent = not hasattr(collections, "Mapping")
    if lent:
        collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if lent:
            del collections.Mapping  # type: ignore[attr-defined]
        root.handlers[:] = handlers
        root.setLevel(level)


with _import_of_experta():
    import experta.watchers  # the second module that configures logging
    from experta import AS, TEST, Fact, InitialFact, KnowledgeEngine, L, P, Rule, W
    from experta.abstract import Matcher, Strategy
    from experta.activation import Activation
    from experta.agenda import Agenda
    from experta.factlist import FactList
    from experta.matchers import ReteMatcher
    from experta.strategies import DepthStrategy

# To a host that logs at the level INFO its watchers tell every fact of a case. From here on they
# tell it only to somebody who calls `watch`, which sets a level for each of them.
_watchers = logging.getLogger("experta.watchers")
if _watchers.level == logging.NOTSET:
    _watchers.setLevel(logging.WARNING)

__all__ = [
    "AS",
    "TEST",
    "Activation",
    "Agenda",
    "DepthStrategy",
    "Fact",
    "FactList",
    "InitialFact",
    "KnowledgeEngine",
    "L",
    "Matcher",
    "P",
    "ReteMatcher",
    "Rule",
    "Strategy",
    "W",
    "experta",
]
