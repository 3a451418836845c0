"""The near misses of `tests/scenarios/near_misses/*.yaml`: cases beside one another, of which one
tells of something and the other one does not, written from the domain."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from diagnoser.belief.weighing import Hypothesis, weigh
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.checking.check import verdict
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.preconditions import STATES, outcome
from tests.phones import FOLDER

SUBJECTS = ("cause", "remedy", "precondition", "fact")
NOT = "not "
LIKELIER = "likelier"


class NearMiss(NamedTuple):
    """One case of a group: what it tells of (its kind and id), the sentence of the group, what is
    known, and what must come out. A cause may be `likelier` than in another case, by what the rules
    say of it."""

    kind: str
    about: str
    sentence: str
    given: Mapping[str, str]
    expect: str
    than: Mapping[str, str] | None = None

    def __str__(self) -> str:
        given = ", ".join(f"{fact}: {answer}" for fact, answer in self.given.items())
        return f"{self.about}: {self.sentence}: {given}: {self.expect}"

    def cases(self, sheet: AnswerSheet) -> tuple[Case, Case]:
        """The case, and the one that it is compared with, which is empty where it is with none.
        Raises InvalidFacts."""
        one, other = (sheet.read_texts((given or {}).items()) for given in (self.given, self.than))
        return sheet.read(one), sheet.read(other)

    def holds(self, knowledge: Knowledge, cases: tuple[Case, Case]) -> bool:
        """Whether this comes out."""
        case, other = cases
        if self.than is None:
            found = _found(knowledge, self.kind, self.about, case)
        else:
            more = _weighed(knowledge, self.about, case).ratio
            found = LIKELIER * (more > _weighed(knowledge, self.about, other).ratio)
        if self.expect.startswith(NOT) and self.expect != "not known":
            return found != self.expect.removeprefix(NOT)
        return found == self.expect


def near_misses(folder: Path = FOLDER / "near_misses") -> list[NearMiss]:
    """Every case of every group, in the order of files and lines."""
    return [
        NearMiss(kind, group[kind], group["case"], given, expect, group.get("than"))
        for path in sorted(folder.glob("*.yaml"))
        for group in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["near_misses"]
        for kind in SUBJECTS
        if kind in group
        for expect, cases in group.items()
        if expect not in (kind, "case", "than")
        for each in cases
        for given in _each(each)
    ]


def _each(given: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """One case with each of the answers that a bar stands between."""
    answers = [[one.strip() for one in answer.split("|")] for answer in given.values()]
    for chosen in itertools.product(*answers):
        yield dict(zip(given, chosen, strict=True))


def _found(knowledge: Knowledge, kind: str, id: str, case: Case) -> str:
    """What comes out, in the words of the files."""
    if kind == "cause":
        return verdict(_weighed(knowledge, id, case))
    if kind == "remedy":
        bars = knowledge.remedies[id].not_if
        return "barred" if any(bar.when.outcome(case.known) for bar in bars) else "possible"
    if kind == "precondition":
        return STATES[outcome(knowledge.preconditions[id], case.known)].replace("-", " ")
    only_if = knowledge.facts[id].only_if
    return "asked" if only_if is None or only_if.outcome(case.known) else "not asked"


def _weighed(knowledge: Knowledge, cause: str, case: Case) -> Hypothesis:
    """What the rules say of a cause."""
    return weigh(one for one in knowledge.causes[cause].rules if one.when.outcome(case.known))
