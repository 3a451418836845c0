"""The near misses of `tests/scenarios/near_misses/*.yaml`: cases beside one another, of which one
tells of something and the other one does not, written from the domain."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from diagnoser.belief.weighing import NOTHING_SAID, weigh
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.checking.check import verdict
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.preconditions import STATES, outcome
from tests.phones import FOLDER

SUBJECTS = ("cause", "remedy", "precondition", "fact")
NOT = "not "


class NearMiss(NamedTuple):
    """One case of a group: what it tells of (its kind and id), the sentence of the group, what is
    known, and what must come out."""

    kind: str
    about: str
    sentence: str
    given: Mapping[str, str]
    expect: str

    def __str__(self) -> str:
        given = ", ".join(f"{fact}: {answer}" for fact, answer in self.given.items())
        return f"{self.about}: {self.sentence}: {given}: {self.expect}"

    def case(self, sheet: AnswerSheet) -> Case:
        """Raises InvalidFacts."""
        return sheet.read(sheet.read_texts(self.given.items()))

    def holds(self, knowledge: Knowledge, case: Case) -> bool:
        """Whether this comes out of the case."""
        found = _found(knowledge, self.kind, self.about, case)
        if self.expect.startswith(NOT) and self.expect != "not known":
            return found != self.expect.removeprefix(NOT)
        return found == self.expect


def near_misses(folder: Path = FOLDER / "near_misses") -> list[NearMiss]:
    """Every case of every group, in the order of files and lines."""
    return [
        NearMiss(kind, group[kind], group["case"], given, expect)
        for path in sorted(folder.glob("*.yaml"))
        for group in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["near_misses"]
        for kind in SUBJECTS
        if kind in group
        for expect, cases in group.items()
        if expect not in (kind, "case")
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
        fired = [one for one in knowledge.causes[id].rules if one.when.outcome(case.known)]
        return verdict(weigh(fired) if fired else NOTHING_SAID)
    if kind == "remedy":
        bars = knowledge.remedies[id].not_if
        return "barred" if any(bar.when.outcome(case.known) for bar in bars) else "possible"
    if kind == "precondition":
        return STATES[outcome(knowledge.preconditions[id], case.known)].replace("-", " ")
    only_if = knowledge.facts[id].only_if
    return "asked" if only_if is None or only_if.outcome(case.known) else "not asked"
