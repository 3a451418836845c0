"""Lists what is not known yet, for a program that has no more answers to give."""

from __future__ import annotations

from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import TRIED_FIELD, Field, Look, Visit
from diagnoser.rendering.words import Page, joined
from diagnoser.terminal.form import UNKNOWN

MISSING = "Error: there are no more answers, but these facts are missing, most useful first:"
WAYS = "Give them in a file (--facts FILE), one by one (--set area.fact=value), or as more lines."


def say_unanswered(page: Page, interview: Interview) -> bool:
    """Every fact that is worth asking now, with its allowed answers; returns whether there is one.

    What was tried need not be said.
    """
    turn = interview.next()
    if not isinstance(turn, Visit | Look):
        return False
    if isinstance(turn, Visit) and [one.fact for one in turn.fields] == [TRIED_FIELD]:
        return False
    visits = turn.visits if isinstance(turn, Look) else [turn, *interview.look().visits]
    fields = {one.fact: one for visit in visits for one in visit.fields}
    fields.pop(TRIED_FIELD, None)
    if not fields:
        return False
    page.say(MISSING)
    for field in fields.values():
        page.say(f"{field.fact}: {field.ask} (allowed: {_allowed(field)})", 2, "- ")
    page.say(WAYS)
    return True


def _allowed(field: Field) -> str:
    """What may be written, and on which answers it depends whether it matters."""
    gates = f"; matters only with some answers to {joined(field.only_if)}" if field.only_if else ""
    options = f"{', '.join(field.options)} or {UNKNOWN}"
    return f"{options if field.kind == 'choice' else field.allowed}{gates}"
