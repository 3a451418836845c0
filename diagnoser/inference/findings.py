"""What was found for a case: the one record that both ways of evaluating share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diagnoser.belief.weighing import Hypothesis
from diagnoser.knowledge.conditions import KnownFacts


class Findings(NamedTuple):
    """The rules that fired, by cause and sorted; what they say together of each of these causes;
    the bars that hold, as remedy and number; and the contradictions that do."""

    known: KnownFacts
    fired: Mapping[str, tuple[str, ...]]
    hypotheses: Mapping[str, Hypothesis]
    barred: frozenset[tuple[str, int]]
    contradictions: frozenset[str]

    def rules(self) -> Iterator[str]:
        """The ids of all rules that fired, sorted by cause."""
        for ids in self.fired.values():
            yield from ids

    def causes_changed(self, before: Findings) -> list[str]:
        """The causes of which other rules fire than in the findings `before`."""
        return [
            cause
            for cause in {**before.fired, **self.fired}
            if self.fired.get(cause) != before.fired.get(cause)
        ]
