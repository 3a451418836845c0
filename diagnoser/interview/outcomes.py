"""How the step that was to be done went, as it is kept in what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.interview.history import DONE, PREPARED, Outcome
from diagnoser.interview.tasks import FIXED
from diagnoser.interview.turns import Step, Turn
from diagnoser.knowledge.model import DID_NOT_HELP, HELPED


def outcome(
    turn: Turn, how: Any, done: Sequence[str], changed_by: Callable[[Iterable[str]], list[str]]
) -> Outcome:
    """How the step of a turn went, by one of its `outcomes`.

    `done` are the remedies that were done before and not tested yet, `changed_by` the facts that
    some remedies may have changed. Raises InvalidFacts when no step is to be done, or it cannot
    have gone so.
    """
    if not isinstance(turn, Step):
        raise InvalidFacts([fact_problem("outcome", "no step of the plan is to be done now")])
    if not isinstance(how, str) or how not in turn.outcomes:
        reason = f"{quoted(how)} is no outcome of this step"
        near = nearest(str(how), turn.outcomes)
        raise InvalidFacts([fact_problem("outcome", reason, ", ".join(turn.outcomes), near)])
    if turn.step is None:
        remedies, changes = done, changed_by(done) if how == DID_NOT_HELP else []
    elif how == FIXED:
        remedies, changes = [*done, turn.step.remedy], []
    else:
        remedies = [turn.step.remedy]
        changes = turn.step.look_again if how == DID_NOT_HELP else []
    written = {FIXED: HELPED}.get(how, how)
    if how == DONE and turn.prepares:
        written = PREPARED
    return Outcome(tuple(remedies), written, tuple(changes))
