"""What is still to be known, for a caller without a terminal: all of it at once."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser import wording
from diagnoser.interview import Interview

MISSING = "Error: there are no more answers, but these facts are missing, most useful first:"
LATER = "Depending on those, these may be asked too:"
WAYS = "Give them in a file (--facts FILE), one by one (--set area.fact=value), or as more lines."


def missing(interview: Interview) -> list[str]:
    """A message with every fact that may still be asked and its allowed answers; empty when it is
    time to stop asking.

    Once all of them are answered, nothing more is asked.
    """
    if interview.question() is None:
        return []
    _, _, questions = interview.diagnoser.foresee(interview.facts())
    now = [
        question.fact
        for place, question in enumerate(questions)
        if interview.thorough or place == 0 or question.saves > 0
    ]
    later = [question.fact for question in questions if question.fact not in now]
    later += [fact for fact in _undecided(interview) if fact not in now + later]
    lines = [MISSING, *(f"  {_line(interview, fact)}" for fact in now)]
    if later:
        lines += [LATER, *(f"  {_line(interview, fact)}" for fact in later)]
    return [*lines, WAYS]


def _undecided(interview: Interview) -> Iterator[str]:
    """The facts of which other answers decide whether they matter."""
    case = interview.diagnoser.sheet.read(interview.facts())
    for id, fact in interview.diagnoser.knowledge.facts.items():
        only_if = fact.only_if
        if id not in case.known and id not in case.unsure and fact.askable and only_if is not None:
            undecided = only_if.outcome(case.known) is None
            if undecided:
                yield id


def _line(interview: Interview, id: str) -> str:
    fact = interview.fact(id)
    only = ""
    if fact.only_if is not None:
        only = f"; only if {wording.in_words(fact.only_if, interview.diagnoser.knowledge)}"
    return f"{id}: {fact.ask} (allowed: {fact.kind.allowed}{only})"
