"""What was found for a case: the one record that both ways of evaluating share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diagnoser.belief.weighing import Hypothesis
from diagnoser.knowledge.conditions import KnownFacts


class Findings(NamedTuple):
    """The rules that fired, by cause and sorted; what they say together of each of these causes;
    the bars that hold, as remedy and number; and the contradictions that do. Of the known facts
    that are `tentative` nobody is sure, and the rules that are `tempered` hold only thanks to
    those."""

    known: KnownFacts
    fired: Mapping[str, tuple[str, ...]]
    hypotheses: Mapping[str, Hypothesis]
    barred: frozenset[tuple[str, int]]
    contradictions: frozenset[str]
    tentative: frozenset[str] = frozenset()
    tempered: frozenset[str] = frozenset()

    def rules(self) -> Iterator[str]:
        """The ids of all rules that fired, sorted by cause."""
        for ids in self.fired.values():
            yield from ids

    def causes_changed(self, before: Findings) -> list[str]:
        """The causes of which other rules fire than in the findings `before`, or count more."""
        settled = before.tempered - self.tempered if before.tempered else frozenset()
        return [
            cause
            for cause in {**before.fired, **self.fired}
            if self.fired.get(cause) != before.fired.get(cause)
            or (settled and not settled.isdisjoint(self.fired.get(cause, ())))
        ]
