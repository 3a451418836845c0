"""What to look at later, for somebody who cannot look now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diagnoser.interview.turns import Look, Visit
from diagnoser.rendering.words import Page, counted
from diagnoser.terminal.conversation import MORE, Conversation
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
PRINT = "print"
FILE = "what-to-look-at.txt"
LINES_AROUND = 11
"""Lines of the screen that are for what stands above and below the list."""


@dataclass
class LookLater:
    """Shows what is worth looking at, and asks how to go on."""

    talk: Conversation
    told: bool
    """Whether the person has seen the list already, as somebody who comes back to it has."""
    _shown: int = 0
    """How many places were shown last."""

    def go_on(self, look: Look) -> None:
        """Raises Quit when the person goes on later."""
        talk = self.talk
        if not self.told:
            self._tell(look)
        title = "Have you looked?" if self.told else "Can you look now?"
        self.told = talk.interrupted = True
        chosen = talk.choose(
            title,
            OPTIONS,
            how=lambda: self._tell(look),
            why=lambda: talk.terminal.tell(WHY),
            more={MORE: lambda: self._tell(look, self._shown), PRINT: lambda: self._print(look)},
        )
        if chosen == LATER:
            raise Quit
        if chosen == LOOKED:
            talk.interview.looked()
        else:
            talk.interview.enough()
        self.told = False
        talk.autosave.save()

    def _tell(self, look: Look, start: int = 0) -> None:
        """Shows as many places, from one of them on, as the screen has room for."""
        terminal = self.talk.terminal
        head, foot = terminal.page(), terminal.page()
        head.heading(TITLE)
        head.say(INTRODUCTION)
        entries = [terminal.page() for _ in look.visits[start:]]
        for number, entry in enumerate(entries, start=start):
            say_place(entry, number + 1, look.visits[number])
        fit = terminal.room(entries, LINES_AROUND) or 1
        left = len(entries) - fit
        self._shown = start + fit if left else 0
        more = f"{MORE} for {counted(left, 'more place')}, or " if left else ""
        foot.say(f"Type {more}{PRINT} for a file with all of it, to be printed.")
        terminal.say(head, *entries[:fit], foot)

    def _print(self, look: Look) -> None:
        """Writes the whole list into a new file."""
        page = Page(80)
        say_list(page, look)
        number, path = 1, Path(FILE)
        while True:
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write(page.text())
            except FileExistsError:
                number += 1
                path = Path(f"{Path(FILE).stem}-{number}.txt")
                continue
            except OSError as error:
                self.talk.terminal.tell(f"{path}: cannot be written: {error.strerror}")
                return
            self.talk.terminal.tell(f"The list is in {path}.")
            return


def say_place(page: Page, number: int, visit: Visit, look: bool = False) -> None:
    """A place with the way there and what to find out; with `look`, also how."""
    page.say(visit.title, 0, f"{number}. ", bold=True)
    page.say(" ".join(visit.go), 3)
    for field in visit.fields:
        page.say(" ".join(field.go), 3)
        page.say(field.ask, 3, "- ")
        for line in field.look if look else ():
            page.say(line, 5)


def say_list(page: Page, look: Look) -> None:
    """The whole list, to be printed."""
    page.heading(TITLE)
    page.say(INTRODUCTION)
    for number, visit in enumerate(look.visits, start=1):
        page.gap()
        say_place(page, number, visit, look=True)
