"""Points out answers that contradict each other, and asks one of them again if the person likes."""

from __future__ import annotations

from dataclasses import dataclass

from diagnoser.interview.known import Known
from diagnoser.report.model import Contradiction
from diagnoser.terminal.conversation import Conversation
from diagnoser.terminal.prompt import PromptAgain

AGAIN, LEAVE = "again", "leave"
OPTIONS = {AGAIN: "Ask me that again", LEAVE: "Leave it, my answers are right"}


@dataclass
class Contradictions:
    """Points out each contradiction until an answer is changed, or the person insists."""

    talk: Conversation

    def point_out(self) -> None:
        """Tells the first contradiction that the person does not insist on, if there is one, and
        offers to ask again.

        Raises PromptAgain when the person has decided what to do about it.
        """
        for one in self.talk.interview.contradictions():
            self.talk.interrupted = True
            self._tell(one)
            raise PromptAgain

    def _tell(self, one: Contradiction) -> None:
        talk = self.talk
        page = talk.terminal.page()
        page.heading("These answers do not fit together")
        for answer in one.answers:
            page.say(answer, 2, "- ")
        page.say(one.because)
        talk.terminal.say(page)
        again = self._easiest(one)
        if again is not None and self._choice(one, again) == AGAIN:
            talk.ask_again(again.fact)
        else:
            talk.interview.insist(one.facts)
            talk.autosave.save()

    def _easiest(self, one: Contradiction) -> Known | None:
        """What is known and easiest to check again: the fact itself, or the row of a table that it
        is a column of, whose question begins that of the column."""
        known = self.talk.interview.known()
        found = [answer for answer in known if answer.fact == one.ask_again]
        found += [answer for answer in known if one.ask.startswith(answer.ask)]
        return found[0] if found else None

    def _choice(self, one: Contradiction, again: Known) -> str:
        talk = self.talk
        return talk.choose(
            f"Easiest to check again: {again.ask}",
            OPTIONS,
            lambda: talk.how([talk.interview.field(again.fact)]),
            lambda: talk.terminal.tell(one.because),
        )
