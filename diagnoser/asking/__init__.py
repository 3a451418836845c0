"""The terminal side of a conversation: questions one at a time, the plan, and what came of it."""

from __future__ import annotations

from pathlib import Path

from diagnoser import streams
from diagnoser.asking.conflicts import PointOut
from diagnoser.asking.conversation import Anew, Conversation, Quit
from diagnoser.asking.followup import FollowUp
from diagnoser.asking.record import Record
from diagnoser.asking.terminal import Ended, Terminal
from diagnoser.interview import Interview
from diagnoser.said import Diagnosed

MISSING = "Error: there are no more answers, but these facts are missing, most useful first:"
WAYS = "Give them in a file (--facts FILE), one by one (--set area.fact=value), or as more lines."


def hold(interview: Interview, file: Path | None, form: str, resumed: bool) -> int:
    """Leads the conversation to its end; returns the exit code.

    It is kept in `file`, if there is one, before each question. `form` is that of the report: text
    is shown when the questions end, JSON and Markdown at the very end.
    """
    terminal = Terminal()
    record = Record(interview, terminal, file)
    talk = Conversation(interview, terminal, record)
    pointing = PointOut(talk)
    follow_up = FollowUp(talk, form)
    code = 0
    try:
        talk.welcome(resumed)
        record.keep()
        while _exchange(talk, pointing, follow_up):
            pass
    except Quit:
        code = _leave(record, 0)
    except KeyboardInterrupt:
        terminal.line_end()
        return _leave(record, streams.INTERRUPTED)
    except Ended:
        if terminal.person:
            return _leave(record, streams.INTERRUPTED)
        if not interview.diagnosed:
            if missing := talk.missing():
                streams.talk([MISSING, *(f"  {line}" for line in missing), WAYS])
                return streams.BAD_INPUT
            interview.said.append(Diagnosed())
            record.keep()
            follow_up.begin()
    if interview.diagnosed:
        follow_up.finish()
    return code


def _exchange(talk: Conversation, pointing: PointOut, follow_up: FollowUp) -> bool:
    """The next thing to be said and answered; returns False when nothing is left."""
    interview = talk.interview
    try:
        pointing.news()
        fact = None if interview.done or interview.fixed else talk.next_fact()
        if fact is not None:
            talk.ask(fact)
        elif not interview.diagnosed:
            talk.confirm()
        else:
            return follow_up.go_on()
    except Anew:
        pass
    return True


def _leave(record: Record, code: int) -> int:
    """Saves, says where, and returns the exit code."""
    record.terminal.tell(record.save())
    return streams.BAD_INPUT if record.failed else code
