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
    import experta
    import experta.abstract
    from experta.activation import Activation
    from experta.factlist import FactList
    from experta.fieldconstraint import P
    from experta.strategies import DepthStrategy
    from experta.watchers import RULES as _WATCHER  # noqa: F401  the second module that configures logging

__all__ = ["Activation", "DepthStrategy", "FactList", "P", "experta"]
