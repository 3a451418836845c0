"""Points out answers that contradict each other, and asks one of them again if the person likes."""

from __future__ import annotations

from dataclasses import dataclass

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
        if one.ask_again in talk.answers() and self._choice(one) == AGAIN:
            talk.ask_again(one.ask_again)
        else:
            talk.interview.insist(one.facts)
            talk.autosave.save()

    def _choice(self, one: Contradiction) -> str:
        talk = self.talk
        return talk.choose(
            f"Easiest to check again: {one.ask}",
            OPTIONS,
            lambda: talk.how([talk.interview.field(one.ask_again)]),
            lambda: talk.terminal.tell(one.because),
        )
