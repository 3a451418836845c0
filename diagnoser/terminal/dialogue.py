"""A whole conversation at a terminal: visits, the plan, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Look, Visit
from diagnoser.rendering.words import Page
from diagnoser.terminal import console, look, own_words
from diagnoser.terminal.autosave import Autosave
from diagnoser.terminal.contradictions import Contradictions
from diagnoser.terminal.conversation import Conversation
from diagnoser.terminal.followup import FollowUp
from diagnoser.terminal.prompt import PromptAgain, Quit
from diagnoser.terminal.terminal import Ended, Terminal
from diagnoser.terminal.unanswered import say_unanswered
from diagnoser.terminal.visits import Visits


def hold(
    interview: Interview,
    autosave: Autosave,
    terminal: Terminal,
    form: str,
    resumed: bool,
    listens: bool = False,
    today: date | None = None,
) -> int:
    """Leads the conversation to its end; returns the exit code. It begins with the person's own
    words where it `listens`; dates in them are understood where it is known which day is `today`.

    Every answer is saved before the next question. At the end, standard output gets the report in
    this `form`, unless it is text and a person has read all of it on the terminal.
    """
    talk = Conversation(interview, terminal, autosave)
    parts = _Parts(
        talk, Contradictions(talk), Visits(talk), look.LookLater(talk, resumed), FollowUp(talk)
    )
    code = 0
    terminal.ignore_hangup()
    try:
        talk.welcome(resumed)
        autosave.save()
        if listens:
            own_words.listen(terminal, interview, today)
            autosave.save()
        while parts.exchange():
            pass
    except Quit:
        code = _leave(autosave, 0)
    except KeyboardInterrupt:
        terminal.end_line()
        return _leave(autosave, console.INTERRUPTED)
    except Ended:
        if terminal.person:
            return _leave(autosave, console.INTERRUPTED)
        if not interview.confirmed:
            page = terminal.page()
            if say_unanswered(page, interview):
                terminal.say(page)
                return console.BAD_INPUT
            interview.confirm()
            autosave.save()
    parts.put_out(form)
    return code


@dataclass
class _Parts:
    """The parts of a conversation, each for its kind of turn."""

    talk: Conversation
    contradictions: Contradictions
    visits: Visits
    look_later: look.LookLater
    follow_up: FollowUp

    def exchange(self) -> bool:
        """Chooses the next prompt and obeys what is typed there; returns False when none is
        left."""
        interview = self.talk.interview
        try:
            self.contradictions.point_out()
            turn = interview.next()
            if isinstance(turn, Look):
                self.look_later.go_on(turn)
                return True
            self.look_later.told = False
            if isinstance(turn, Visit):
                self.visits.go_on(turn)
            elif not interview.confirmed and not interview.fixed:
                self.talk.confirm()
            else:
                return self.follow_up.go_on(turn)
        except PromptAgain:
            pass
        return True

    def put_out(self, form: str) -> None:
        """Puts the report on standard output, if there is a plan; for somebody who wants to look
        first, what to look at."""
        interview = self.talk.interview
        if interview.confirmed or interview.fixed:
            self.follow_up.put_out(form)
        elif form == "text" and not console.at_terminal():
            turn = interview.next()
            if isinstance(turn, Look):
                page = Page(console.width(), console.colour())
                look.say_list(page, turn)
                console.write(page.text())


def _leave(autosave: Autosave, code: int) -> int:
    """Saves, says where, and returns the exit code."""
    autosave.save_and_tell()
    return console.BAD_INPUT if autosave.failed else code
