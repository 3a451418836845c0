"""Points out answers that contradict each other, and asks one of them again if the person likes."""

from __future__ import annotations

from dataclasses import dataclass

from diagnoser.interview.history import Insisted
from diagnoser.report.model import Contradiction
from diagnoser.terminal import reasons
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
        interview = self.talk.interview
        for one in interview.contradictions():
            if Insisted(dict(one.facts)) not in interview.said:
                self._tell(one)
                raise PromptAgain

    def _tell(self, one: Contradiction) -> None:
        talk, interview = self.talk, self.talk.interview
        facts = interview.diagnoser.knowledge.facts
        known = interview.current()
        page = talk.terminal.page()
        page.heading("These answers do not fit together")
        for fact in dict.fromkeys(facts[id].derived_from or id for id in one.facts):
            if fact in known:
                page.say(talk.question(fact), 2, "- ")
                page.say(interview.label(fact, known[fact]), 4)
        page.say(one.because)
        talk.terminal.say(page)
        again = facts[one.ask_again].derived_from or one.ask_again
        if again not in known or self._choice(one, again) == LEAVE:
            interview.said.append(Insisted(dict(one.facts)))
            talk.autosave.save()
        else:
            talk.ask(again)

    def _choice(self, one: Contradiction, again: str) -> str:
        talk = self.talk

        def how() -> None:
            page = talk.terminal.page()
            reasons.how(page, talk.interview, again)
            talk.terminal.say(page)

        return talk.choose(
            f"Easiest to check again: {talk.question(again)}",
            OPTIONS,
            how,
            lambda: talk.terminal.tell(one.because),
        )
