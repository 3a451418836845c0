"""Answers that do not fit together: pointed out at once, and asked again if the person likes."""

from __future__ import annotations

from dataclasses import dataclass

from diagnoser.interview.history import Insisted
from diagnoser.report.model import Contradiction
from diagnoser.terminal import reasons
from diagnoser.terminal.conversation import Anew, Conversation

AGAIN, LEAVE = "again", "leave"
OPTIONS = {AGAIN: "Ask me that again", LEAVE: "Leave it, my answers are right"}


@dataclass
class PointOut:
    """Points out each set of answers until one of them is changed, or the person insists."""

    talk: Conversation

    def news(self) -> None:
        """Says which answers do not fit together, and offers to ask again.

        Raises Anew when the person has decided what to do about it.
        """
        interview = self.talk.interview
        for one in interview.contradictions():
            if Insisted(dict(one.facts)) not in interview.said:
                self._point_out(one)
                raise Anew

    def _point_out(self, one: Contradiction) -> None:
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
            talk.keeper.keep()
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
