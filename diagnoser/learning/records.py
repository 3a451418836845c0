"""Reads records, and tells what was seen of each phone: which causes its facts speak for, and what
came of the steps that were tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from diagnoser.api import Diagnoser
from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, Hypothesis
from diagnoser.case.case import Case, case_of
from diagnoser.errors import InvalidFacts
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED, TRIED
from diagnoser.knowledge.values import Value
from diagnoser.report.record import Record, parse_record

CONTRADICTED = 1e-9
"""How likely answers are that rule out what is so, or prove what is not: people err, if rarely."""

Weighed = tuple[float, float]
"""How likely some answers are with a cause and without it, up to a common factor."""


class Seen(NamedTuple):
    """What one record tells of a phone.

    `done` are the remedies that were done before each test; all tests but the last one failed, and
    the last one too unless it `works`. The first `before` tests (0 or 1) had failed already when
    the phone came to be recorded. `evidence` is what the answers say of causes, by how many tests
    had been made when they were given. `settled` are proven causes that follow from another proven
    one: what mends that one mends them, so no outcome tells of them.
    """

    done: tuple[tuple[str, ...], ...]
    works: bool
    before: int
    evidence: tuple[Mapping[str, Weighed], ...]
    settled: frozenset[str]


class LeftOut(NamedTuple):
    """A line that nothing is learned from, and why; `file` is as it was given."""

    file: str
    line: int
    because: str


@dataclass
class Reading:
    """What records hold: the phones that can be learned from, lines that were left out, how many
    records have no outcomes, and how many were made with other knowledge of this id."""

    seen: list[Seen] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    without_outcomes: int = 0
    other_knowledge: int = 0
    ended: dict[str, int] = field(default_factory=dict)


class Reader:
    """Reads records with one knowledge."""

    def __init__(self, diagnoser: Diagnoser) -> None:
        self._diagnoser = diagnoser
        self._knowledge = diagnoser.knowledge
        self._evaluator = Evaluator(diagnoser.knowledge)

    def read(self, name: str, lines: Iterable[bytes], into: Reading) -> None:
        """Adds the records of a file. Lines are numbered from 1; empty ones are nothing.

        Records of another version of this knowledge count as well, as long as their facts and
        remedies are in this one: what was seen of a phone does not depend on what was thought of
        it.
        """
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                self._add(raw, into)
            except _Unfit as unfit:
                into.left_out.append(LeftOut(name, number, str(unfit)))

    def _add(self, raw: bytes, into: Reading) -> None:
        try:
            line = raw.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise _Unfit("The line is not text.") from None
        record, damage = parse_record(line)
        if record is None:
            raise _Unfit(damage)
        if record.knowledge.id != self._knowledge.id:
            raise _Unfit(f"It was made with {record.knowledge.id}, not {self._knowledge.id}.")
        if record.outcomes is None:
            into.without_outcomes += 1
            return
        into.seen.append(self._seen(record))
        into.other_knowledge += record.knowledge.digest != self._knowledge.digest
        how = record.outcomes.ended
        into.ended[how] = into.ended.get(how, 0) + 1

    def _seen(self, record: Record) -> Seen:
        case = self._case(record.facts)
        if HELPED in case.tried.values():
            raise _Unfit("Its facts say that it worked before there was a plan.")
        stages = list(self._stages(record, case))
        before = [remedy for remedy, how in case.tried.items() if how == DID_NOT_HELP]
        settled = frozenset(self._settled(self._hypotheses(stages[0].known)))
        return Seen(
            done=tuple(stage.done for stage in stages[not before :]),
            works=stages[-1].works,
            before=int(bool(before)),
            evidence=(*([{}] if before else []), *(self._evidence(one) for one in stages)),
            settled=settled,
        )

    def _stages(self, record: Record, case: Case) -> Iterator[_Stage]:
        """What was known after each test, the first of which is that of what was tried before."""
        known = _said(case)
        tried = sorted(remedy for remedy, how in case.tried.items() if how == DID_NOT_HELP)
        stage = _Stage(tuple(tried), {}, known)
        for test in record.outcomes.tests if record.outcomes else ():
            self._exist("remedy", test.steps, self._knowledge.remedies)
            self._exist("fact", test.forgot, self._knowledge.facts)
            learnt = _said(self._case(test.facts))
            if test.outcome in (HELPED, DID_NOT_HELP) and test.steps:
                yield stage
                kept = {id: said for id, said in stage.known.items() if id not in test.forgot}
                stage = _Stage(tuple(test.steps), kept, kept, test.outcome == HELPED)
                if stage.works:
                    break
            elif test.outcome == COULD_NOT_DO:
                left = {id: said for id, said in stage.known.items() if id not in test.forgot}
                stage = stage._replace(known=left)
            stage = stage._replace(known={**stage.known, **learnt})
        yield stage

    def _case(self, facts: Mapping[str, object]) -> Case:
        try:
            return self._diagnoser.sheet.read(facts)
        except InvalidFacts as error:
            raise _Unfit(f"Its facts are none of this knowledge: {error.problems[0]}") from None

    @staticmethod
    def _exist(what: str, ids: Iterable[str], known: Mapping[str, object]) -> None:
        for id in ids:
            if id not in known:
                raise _Unfit(f'This knowledge has no {what} "{id}".')

    def _hypotheses(self, known: Known) -> Mapping[str, Hypothesis]:
        order = [id for id in self._knowledge.facts if id in known]
        given = {id: known[id].value for id in order}
        thought = [id for id in order if not known[id].sure]
        case = case_of(given, self._knowledge.facts, tentative=thought)
        return self._evaluator.evaluate(case.known, case.tentative).hypotheses

    def _evidence(self, stage: _Stage) -> dict[str, Weighed]:
        """What the answers of this stage add to what was known before it."""
        before, after = self._hypotheses(stage.before), self._hypotheses(stage.known)
        added = {}
        for cause in sorted(after.keys() | before.keys()):
            had = before.get(cause, NOTHING_SAID)
            has = after.get(cause, NOTHING_SAID)
            if had != has:
                added[cause] = _weighed(had, has)
        return added

    def _settled(self, hypotheses: Mapping[str, Hypothesis]) -> Iterator[str]:
        proven = {cause for cause, found in hypotheses.items() if found.status == PROVEN}
        for cause in proven:
            if not proven.isdisjoint(self._knowledge.causes[cause].follows_from):
                yield cause


class _Answer(NamedTuple):
    """An answer, and whether whoever gave it was sure."""

    value: Value
    sure: bool


Known = Mapping[str, _Answer]


class _Stage(NamedTuple):
    """The remedies that a test followed, what was known before and after it, and its result."""

    done: tuple[str, ...]
    before: Known
    known: Known
    works: bool = False


class _Unfit(Exception):
    """A line that nothing can be learned from."""


def _said(case: Case) -> dict[str, _Answer]:
    """The answers of a case, without what was tried."""
    given = [(id, value) for id, value in case.given.items() if not id.startswith(TRIED)]
    return {id: _Answer(value, id not in case.tentative) for id, value in given}


def _weighed(had: Hypothesis, has: Hypothesis) -> Weighed:
    if has.status == had.status:
        return (has.ratio / had.ratio, 1.0) if has.status == OPEN else (1.0, 1.0)
    if has.status == OPEN:
        return 1.0, 1.0
    return (1.0, CONTRADICTED) if has.status == PROVEN else (CONTRADICTED, 1.0)
