"""What a proof says: claims that hold on all answer sheets, or a sheet on which one does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from shlex import quote

from diagnoser.checking.answer_space import KnownCase
from diagnoser.checking.told import answers
from diagnoser.knowledge.model import Fact
from diagnoser.pack.strict_yaml import Path as KeyPath


@dataclass
class Claim:
    """What is claimed, in a plain sentence, how it is shown, and how many things of each kind were
    looked at for that."""

    says: str
    how: str
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number


@dataclass(frozen=True)
class Refuted:
    """Why a claim does not hold: the place in the pack that is to be mended, and a case."""

    file: str
    path: KeyPath
    reason: str
    case: KnownCase | None = None

    def text(self, claim: Claim, facts: Mapping[str, Fact]) -> str:
        """The claim that fails, why, and answers that show it, as a command takes them."""
        shown = ""
        if self.case is not None:
            sets = " ".join(f"--set {quote(one)}" for one in answers(self.case, facts))
            shown = f", for example with {sets or 'no answer at all'}"
        return f'is not proven: "{claim.says}" {self.reason}{shown}'


Findings = Iterator[Refuted]
