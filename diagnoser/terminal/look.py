"""What to look at later, for somebody who cannot look now."""

from __future__ import annotations

from dataclasses import dataclass

from diagnoser.interview.turns import Look, Visit
from diagnoser.rendering.words import Page, counted
from diagnoser.terminal.conversation import Conversation
from diagnoser.terminal.prompt import Quit

LOOKED, ENOUGH, LATER = "looked", "enough", "later"
OPTIONS = {
    LOOKED: "Yes, ask me again",
    ENOUGH: "No, give me the plan from what is known",
    LATER: "No, I go on later, so keep my answers",
}
TITLE = "What to look at when you can"
INTRODUCTION = "The first is the most useful. It is enough to look at some of them."
WHY = "What is to be seen there decides what to do. More questions without an answer do not help."
LINES_AROUND = 12
"""Lines of the screen that are for what stands above and below the list."""


@dataclass
class LookLater:
    """Shows what is worth looking at, and asks how to go on."""

    talk: Conversation
    told: bool
    """Whether the person has seen the list already, as somebody who comes back to it has."""

    def go_on(self, look: Look) -> None:
        """Raises Quit when the person goes on later."""
        talk = self.talk
        if not self.told:
            self._tell(look)
        title = "Have you looked?" if self.told else "Can you look now?"
        self.told = talk.interrupted = True
        chosen = talk.choose(
            title, OPTIONS, lambda: self._tell(look), lambda: talk.terminal.tell(WHY)
        )
        if chosen == LATER:
            raise Quit
        if chosen == LOOKED:
            talk.interview.looked()
        else:
            talk.interview.enough()
        self.told = False
        talk.autosave.save()

    def _tell(self, look: Look) -> None:
        """Shows as much of the list as the screen has room for."""
        terminal = self.talk.terminal
        head, foot = terminal.page(), terminal.page()
        head.heading(TITLE)
        head.say(INTRODUCTION)
        entries = [terminal.page() for _ in look.visits]
        for number, (entry, visit) in enumerate(zip(entries, look.visits, strict=True), start=1):
            say_place(entry, number, visit)
        fit = terminal.room(entries, LINES_AROUND)
        if fit < len(entries):
            foot.say(f"... and {counted(len(entries) - fit, 'more place')} on the printed list", 2)
        terminal.say(head, *entries[:fit], foot)


def say_place(page: Page, number: int, visit: Visit, look: bool = False) -> None:
    """A place with the way there and what to find out; with `look`, also how."""
    page.say(visit.title, 0, f"{number}. ", bold=True)
    page.say(" ".join(visit.go), 3)
    for field in visit.fields:
        page.say(field.ask, 3, "- ")
        for line in field.look if look else ():
            page.say(line, 5)


def printed(page: Page, look: Look) -> None:
    """The whole list, to be printed."""
    page.heading(TITLE)
    page.say(INTRODUCTION)
    for number, visit in enumerate(look.visits, start=1):
        page.gap()
        say_place(page, number, visit, look=True)
