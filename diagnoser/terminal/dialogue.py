"""A whole conversation at a terminal: questions one at a time, the plan, and what came of it."""

from __future__ import annotations

from diagnoser.interview.history import Diagnosed
from diagnoser.interview.interview import Interview
from diagnoser.terminal import console
from diagnoser.terminal.autosave import Autosave
from diagnoser.terminal.contradictions import Contradictions
from diagnoser.terminal.conversation import Conversation
from diagnoser.terminal.followup import FollowUp
from diagnoser.terminal.prompt import PromptAgain, Quit
from diagnoser.terminal.terminal import Ended, Terminal
from diagnoser.terminal.unanswered import unanswered


def hold(
    interview: Interview, autosave: Autosave, terminal: Terminal, form: str, resumed: bool
) -> int:
    """Leads the conversation to its end; returns the exit code.

    Every answer is saved before the next question. At the end, standard output gets the report in
    this `form`, unless it is text and a person has read all of it on the terminal.
    """
    talk = Conversation(interview, terminal, autosave)
    contradictions = Contradictions(talk)
    follow_up = FollowUp(talk)
    code = 0
    terminal.ignore_hangup()
    try:
        talk.welcome(resumed)
        autosave.save()
        while _exchange(talk, contradictions, follow_up):
            pass
    except Quit:
        code = _leave(autosave, 0)
    except KeyboardInterrupt:
        terminal.end_line()
        return _leave(autosave, console.INTERRUPTED)
    except Ended:
        if terminal.person:
            return _leave(autosave, console.INTERRUPTED)
        if not interview.diagnosed:
            if lines := unanswered(interview):
                console.talk(lines)
                return console.BAD_INPUT
            interview.said.append(Diagnosed())
            autosave.save()
    if interview.diagnosed:
        follow_up.put_out(form)
    return code


def _exchange(talk: Conversation, contradictions: Contradictions, follow_up: FollowUp) -> bool:
    """Chooses the next prompt and obeys what is typed there; returns False when none is left."""
    interview = talk.interview
    try:
        contradictions.point_out()
        fact = None if interview.done or interview.fixed else talk.next_fact()
        if fact is not None:
            talk.ask(fact)
        elif not interview.diagnosed:
            talk.confirm()
            follow_up.begin()
        else:
            return follow_up.go_on()
    except PromptAgain:
        pass
    return True


def _leave(autosave: Autosave, code: int) -> int:
    """Saves, says where, and returns the exit code."""
    autosave.save_and_tell()
    return console.BAD_INPUT if autosave.failed else code
