"""Answers that do not fit together: pointed out at once, and asked again if the person likes."""

from __future__ import annotations

import json

from diagnoser.asking import reasons
from diagnoser.asking.conversation import Anew, Conversation
from diagnoser.report import Contradiction


class PointOut:
    """Points out each set of answers once in a conversation."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._told: set[str] = set()

    def news(self) -> None:
        """Says which answers do not fit together, and offers to ask again.

        Raises Anew when an answer was asked for again.
        """
        for one in self._talk.interview.contradictions():
            key = json.dumps(one.facts, sort_keys=True)
            if key not in self._told:
                self._told.add(key)
                self._offer(one)

    def _offer(self, one: Contradiction) -> None:
        talk, interview = self._talk, self._talk.interview
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
        if again not in known:
            return

        def how() -> None:
            page = talk.terminal.page()
            reasons.how(page, interview, again)
            talk.terminal.say(page)

        chosen = talk.choose(
            f"Easiest to check again: {talk.question(again)}",
            {"again": "Ask me that again", "leave": "Leave it, my answers are right"},
            how,
            lambda: talk.terminal.tell(one.because),
        )
        if chosen == "again":
            talk.ask(again)
            raise Anew
