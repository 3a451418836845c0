"""A whole conversation at a terminal: questions one at a time, the plan, and what came of it."""

from __future__ import annotations

from diagnoser.interview.history import Diagnosed
from diagnoser.interview.interview import Interview
from diagnoser.terminal import console
from diagnoser.terminal.conflicts import PointOut
from diagnoser.terminal.conversation import Anew, Conversation, Quit
from diagnoser.terminal.followup import FollowUp
from diagnoser.terminal.keeping import Keeper
from diagnoser.terminal.missing import missing
from diagnoser.terminal.terminal import Ended, Terminal


def hold(interview: Interview, keeper: Keeper, terminal: Terminal, form: str, resumed: bool) -> int:
    """Leads the conversation to its end; returns the exit code.

    It is kept by the `keeper` before each question. Standard output gets the report in this `form`
    at the end, unless it is text and a person has read all of it on the terminal.
    """
    talk = Conversation(interview, terminal, keeper)
    pointing = PointOut(talk)
    follow_up = FollowUp(talk)
    code = 0
    terminal.outlive()
    try:
        talk.welcome(resumed)
        keeper.keep()
        while _exchange(talk, pointing, follow_up):
            pass
    except Quit:
        code = _leave(keeper, 0)
    except KeyboardInterrupt:
        terminal.line_end()
        return _leave(keeper, console.INTERRUPTED)
    except Ended:
        if terminal.person:
            return _leave(keeper, console.INTERRUPTED)
        if not interview.diagnosed:
            if lines := missing(interview):
                console.talk(lines)
                return console.BAD_INPUT
            interview.said.append(Diagnosed())
            keeper.keep()
    if interview.diagnosed:
        follow_up.put_out(form)
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
            follow_up.begin()
        else:
            return follow_up.go_on()
    except Anew:
        pass
    return True


def _leave(keeper: Keeper, code: int) -> int:
    """Saves, says where, and returns the exit code."""
    keeper.tell_saved()
    return console.BAD_INPUT if keeper.failed else code
