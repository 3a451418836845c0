"""The finding in one line: a fault, several, nothing wrong, or not known yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from diagnoser.belief.belief import Belief, probability
from diagnoser.belief.weighing import OPEN, PROVEN, weigh
from diagnoser.case.case import Case
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import HELPED, Knowledge, Precondition
from diagnoser.knowledge.wording import percent
from diagnoser.planning.preconditions import Checked
from diagnoser.report.model import Finding

STANDS_OUT = 0.4
"""A cause that no evidence speaks for is named as the likely one only from this probability on."""
MORE_LIKELY_THAN_NOT = 0.5
"""From this probability of a harmless cause on, most likely nothing is wrong."""
MOST_LIKELY = 3
"""So many causes are named at most as the most likely ones."""
NOT_ENOUGH = "Not enough is known to name one cause."
NOTHING_KNOWN = "Nothing is known yet."
NOT_SURE = "That rests on an answer of which you are not sure."
WORKS_AGAIN = "It works again, so nothing is left to do."


class Ranked(Protocol):
    """A cause in the order of probability; `supported` where evidence speaks for it."""

    @property
    def status(self) -> str: ...
    @property
    def probability(self) -> float: ...
    @property
    def supported(self) -> bool: ...


Cause = TypeVar("Cause", bound=Ranked)


def most_likely(ranking: Iterable[Cause], none_of_these: float) -> list[Cause]:
    """The most probable open cause, and up to two that are nearly as probable.

    None where it is more probable that the cause is none of those that are known.
    """
    likely = [cause for cause in ranking if cause.status == OPEN][:MOST_LIKELY]
    if not likely or likely[0].probability < none_of_these:
        return []
    return [cause for cause in likely if cause.probability >= 0.75 * likely[0].probability > 0]


def stands_out(likely: Sequence[Ranked]) -> bool:
    """Whether the first of the most likely causes deserves to be named: evidence speaks for it, or
    it is probable by itself. Otherwise it is only the most common one."""
    return likely[0].probability >= STANDS_OUT or likely[0].supported


def how_likely(probability: float) -> str:
    """The probability of an open cause: never 0 % or 100 %, which would be the work of rounding, as
    a report has four digits."""
    return percent(min(max(probability, 0.0001), 0.9999))


class _Cause(NamedTuple):
    id: str
    title: str
    harmless: bool
    status: str
    probability: float
    supported: bool
    surely: float
    """Its probability by what does not rest on answers that nobody is sure of."""


def find(
    knowledge: Knowledge,
    case: Case,
    findings: Findings,
    belief: Belief,
    checked: Iterable[Checked],
) -> Finding:
    """What the report comes to, and what the pack notes of such a case.

    A precondition that fails counts as a fault beside the proven causes unless it comes from one of
    them: a remedy for it mends that cause, or what tells that it fails speaks for that cause.
    """
    found = _find(knowledge, case, findings, belief, checked)
    notes = [one.says for one in knowledge.notes if one.when.outcome(case.known)]
    return Finding(kind=found.kind, text=" ".join([found.text, *notes])) if notes else found


def _find(
    knowledge: Knowledge,
    case: Case,
    findings: Findings,
    belief: Belief,
    checked: Iterable[Checked],
) -> Finding:
    if HELPED in case.tried.values():
        return Finding(kind="nothing-wrong", text=WORKS_AGAIN)
    ranking = belief.ranking()

    def causes(status: str, most: int | None = None) -> list[_Cause]:
        ids = [id for id in ranking if belief.status(id) == status][:most]
        return [_cause(id, knowledge, findings, belief) for id in ids]

    proven = causes(PROVEN)
    if faults := [cause for cause in proven if not cause.harmless]:
        failing = [one.precondition for one in checked if one.state == "fails"]
        others = _others(failing, {cause.id for cause in faults}, knowledge, findings)
        return _proven([cause.title for cause in faults], others)
    if proven:
        return Finding(kind="nothing-wrong", text=f"Nothing is wrong: {_titles(proven)}.")
    none_of_these = round(belief.none_of_these, 4)
    likely = most_likely(causes(OPEN, MOST_LIKELY), none_of_these)
    if not likely:
        text = f"Most likely ({percent(none_of_these)}): none of the causes known here."
        return Finding(kind="not-known-yet", text=text)
    if not stands_out(likely):
        text = NOT_ENOUGH if case.given or case.unsure else NOTHING_KNOWN
        return Finding(kind="not-known-yet", text=text)
    first, *rest = likely
    if first.harmless and first.probability >= MORE_LIKELY_THAN_NOT:
        sure = how_likely(first.probability)
        if first.surely < MORE_LIKELY_THAN_NOT:
            text = f"Perhaps nothing is wrong ({sure}): {first.title}. {NOT_SURE}"
            return Finding(kind="not-known-yet", text=text)
        text = f"Most likely nothing is wrong ({sure}): {first.title}."
        return Finding(kind="nothing-wrong", text=text)
    if not rest:
        text = f"Most likely ({how_likely(first.probability)}): {first.title}."
    else:
        named = (f"{cause.title} ({how_likely(cause.probability)})" for cause in likely)
        text = f"Most likely: {'; '.join(named)}."
    return Finding(kind="fault", text=text)


def _cause(id: str, knowledge: Knowledge, findings: Findings, belief: Belief) -> _Cause:
    known = knowledge.causes[id]
    fired = [knowledge.rules[rule] for rule in findings.fired.get(id, ())]
    supported = any(rule.factor > 0 for rule in fired)
    found = surely = round(belief.given_failure[id], 4)
    if findings.tempered:
        sure = weigh(rule for rule in fired if rule.id not in findings.tempered)
        surely = probability(known, sure) / belief.fails
    return _Cause(id, known.title, known.harmless, belief.status(id), found, supported, surely)


def _others(
    failing: Iterable[Precondition],
    faults: Collection[str],
    knowledge: Knowledge,
    findings: Findings,
) -> list[str]:
    """The preconditions that fail for another reason than these faults, in words."""
    rules = [knowledge.rules[rule] for fault in faults for rule in findings.fired[fault]]
    signs = {fact for rule in rules if rule.factor > 0 for fact in rule.facts}
    return [
        one.otherwise
        for one in failing
        if signs.isdisjoint(facts_of(one.holds))
        and not any(knowledge.remedies[id].fixes.keys() & faults for id in one.remedies)
    ]


def _proven(faults: Sequence[str], others: Sequence[str]) -> Finding:
    """The finding where faults are proven, and beside them these preconditions fail."""
    text = f"This is the reason: {faults[0]}"
    if len(faults) > 1:
        text = f"These {len(faults)} things are the reason: {'; '.join(faults)}"
    if others:
        text += f". Besides, this is in the way: {'; '.join(others)}"
    kind = "several-faults" if len(faults) + len(others) > 1 else "fault"
    return Finding.model_validate({"kind": kind, "text": f"{text}."})


def _titles(causes: Iterable[_Cause]) -> str:
    return "; ".join(cause.title for cause in causes)
