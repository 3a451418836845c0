"""Proves what is claimed of a pack over its whole answer space, and makes the certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from diagnoser.checking.answer_space import AnswerSpace, KnownCase
from diagnoser.checking.cause_claims import CauseClaims
from diagnoser.checking.claims import Claim, Refuted
from diagnoser.checking.plan_claims import PlanClaims
from diagnoser.errors import Problem
from diagnoser.knowledge.model import Knowledge
from diagnoser.pack.builtin import built_in
from diagnoser.pack.loader import read_and_link
from diagnoser.report.canonical_json import as_json
from diagnoser.report.model import KnowledgeUsed
from diagnoser.version import __version__

SIGNS_CLASSES = "sets of rules of a cause"
Say = Callable[[Claim], None]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProvenClaim(_Part):
    """A claim: a plain sentence, how it was shown, and how many of what were looked at."""

    says: str
    how: str
    counts: dict[str, int]


class Certificate(_Part):
    """What was proven of a knowledge, by which version of the program.

    `causes` holds for each cause how many sets of rules can hold together, in each of the groups
    that share no fact. All but `seconds` is the same whenever the same is proven.
    """

    knowledge: KnowledgeUsed
    program: str
    claims: list[ProvenClaim]
    causes: dict[str, list[int]]
    seconds: Annotated[int, Field(ge=0)]

    def json_text(self) -> str:
        return as_json(self) + "\n"


def prove(
    pack: Path | str | None = None, say: Say = lambda claim: None
) -> tuple[Knowledge, Certificate, list[Problem]]:
    """The knowledge of a pack, what is proven of it, and for each claim that does not hold why, in
    the order of files and lines; `say` is told of each claim that holds, once it is shown.

    A certificate is worth something only where there is no such problem. Raises InvalidKnowledge.
    """
    started = monotonic()
    problems: list[Problem] = []
    knowledge, content, complain = read_and_link(built_in() if pack is None else pack, problems)
    space = AnswerSpace(knowledge)
    causes = CauseClaims(knowledge, content, space)
    plans = PlanClaims(knowledge, content, space)
    seen: set[tuple[str, str]] = set()
    refuted: set[str] = set()

    def refute(claim: Claim, found: Refuted) -> None:
        """Complains of the first case of each kind."""
        refuted.add(claim.says)
        if (claim.says, found.reason) not in seen:
            seen.add((claim.says, found.reason))
            if claim in plans.claims:
                found = plans.smallest(claim, found)
            complain(found.file, found.path, found.text(claim, space.facts), "", "")

    claims: list[Claim] = []
    for claim, test in causes.all():
        for found in test(claim):
            refute(claim, found)
        claims.append(claim)
        if claim.says not in refuted:
            say(claim)
    for claim, found in plans.test(chain(plans.classes(), _of_signs(causes))):
        refute(claim, found)
    claims += plans.claims
    for claim in plans.claims:
        if claim.says not in refuted:
            say(claim)
    certificate = Certificate(
        knowledge=KnowledgeUsed(
            id=knowledge.id, version=knowledge.version, digest=knowledge.digest
        ),
        program=__version__,
        claims=[
            ProvenClaim(says=one.says, how=one.how, counts=one.counts)
            for one in claims
            if one.says not in refuted
        ],
        causes={
            id: [len(group.classes) for group in groups] for id, groups in causes.groups.items()
        },
        seconds=round(monotonic() - started),
    )
    return knowledge, certificate, sorted(set(problems))


def _of_signs(causes: CauseClaims) -> Iterator[tuple[str, KnownCase]]:
    """A case for each set of rules of a cause's group that can hold together."""
    for groups in causes.groups.values():
        for group in groups:
            for case in group.classes.values():
                yield SIGNS_CLASSES, case
