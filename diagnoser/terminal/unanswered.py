"""Lists all facts that are not known yet, for a program that has no more answers to give."""

from __future__ import annotations

from diagnoser.interview.interview import Interview
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import Fact
from diagnoser.rendering.words import joined

MISSING = "Error: there are no more answers, but these facts are missing, most useful first:"
LATER = "Depending on those, these may be asked too:"
WAYS = "Give them in a file (--facts FILE), one by one (--set area.fact=value), or as more lines."


def unanswered(interview: Interview) -> list[str]:
    """A message with every fact that may still be asked and its allowed answers, a line for each;
    empty when no question is left that is worth asking.

    Once all of them are answered, nothing more is asked.
    """
    first = interview.next_fact()
    if first is None:
        return []
    _, _, questions = interview.diagnoser.foresee(interview.facts())
    worth_it = [one.fact for one in questions if interview.thorough or one.saves > 0]
    now = [first, *(fact for fact in worth_it if fact != first)]
    later = [question.fact for question in questions if question.fact not in now]
    later += _depending(interview, now + later)
    lines = [MISSING, *(f"  {_line(interview, fact)}" for fact in now)]
    if later:
        lines += [LATER, *(f"  {_line(interview, fact)}" for fact in later)]
    return [*lines, WAYS]


def _depending(interview: Interview, asked: list[str]) -> list[str]:
    """The facts that may have to be asked too, depending on the answers to those that are asked, or
    to each other."""
    case = interview.diagnoser.sheet.read(interview.facts())
    answered = {*case.known, *case.unsure}
    undecided = {
        id: _gates(interview, fact)
        for id, fact in interview.diagnoser.knowledge.facts.items()
        if fact.askable and fact.only_if is not None and id not in answered
        if fact.only_if.outcome(case.known) is None
    }
    found: list[str] = []
    while more := [
        id for id, gates in undecided.items() if id not in found and gates & {*asked, *found}
    ]:
        found += more
    return found


def _gates(interview: Interview, fact: Fact) -> set[str]:
    """The facts that decide whether this one matters."""
    facts = interview.diagnoser.knowledge.facts
    return asked_for(fact.only_if, facts) if fact.only_if else set()


def _line(interview: Interview, id: str) -> str:
    fact = interview.fact(id)
    gates = joined(sorted(_gates(interview, fact))) if fact.only_if else ""
    only = f"; matters only with some answers to {gates}" if gates else ""
    return f"{id}: {fact.ask} (allowed: {fact.kind.allowed}{only})"
