"""What somebody says in their own words: asked for, shown, and confirmed or struck out before it
counts."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING

from diagnoser.errors import InvalidFacts, InvalidText
from diagnoser.interview import picking
from diagnoser.interview.interview import Interview
from diagnoser.terminal.prompt import Prompt, leave
from diagnoser.terminal.terminal import Terminal

if TYPE_CHECKING:
    from diagnoser.words.confirming import Reading

ASK = "In your own words: what happens, and what have you tried? (Enter skips it)"
WHAT_FOR = (
    "Write a sentence or two, such as what the iPhone says and since when. It is read here, and "
    "you confirm what is understood. Leave names out."
)
NOTHING = "From your words I could not tell anything for certain, so you are asked."
WHICH = "The numbers of what is right (such as 1 3), all, or none:"
HELP = "Only what you confirm counts, and is not asked again. What is wrong, leave out."
ALL = ("all", "a", "yes", "y", "ok")


def listen(terminal: Terminal, interview: Interview, today: date | None = None) -> None:
    """Asks the person at the terminal for their own words, and takes what they confirm of them.

    Nobody is asked at a pipe, nor where words cannot be read: without RapidFuzz, or by a pack that
    has no phrases. Raises Quit and Ended.
    """
    facts = interview.diagnoser.knowledge.facts.values()
    if not terminal.person or find_spec("rapidfuzz") is None or not any(f.said for f in facts):
        return
    from diagnoser.words.confirming import read_words

    prompt = Prompt(terminal)
    commands = {word: lambda: terminal.tell(WHAT_FOR) for word in ("?", "why", "help")}
    while text := prompt.read_reply(ASK, {**commands, "quit": leave, "exit": leave}):
        if text.lower() == "skip":
            return
        try:
            reading = read_words(interview.diagnoser, text, today).without(interview.facts())
        except InvalidText as error:
            prompt.complain(error.problems[0])
        else:
            interview.tell(reading.facts(confirm(terminal, reading)))
            return


def confirm(terminal: Terminal, reading: Reading) -> list[str]:
    """The ids of the proposals that the person confirms. Raises Quit and Ended."""
    if not reading.proposals:
        terminal.tell(NOTHING)
        return []
    boxes = reading.boxes()
    page = terminal.page()
    page.heading("This is what I understood")
    for number, box in enumerate(boxes, start=1):
        page.say(box.text, 2, f"{number}. ")
        page.say(f'from "{box.quoted}"', 5)
    terminal.say(page)
    prompt, options = Prompt(terminal), {box.id: box.text for box in boxes}
    commands = {word: lambda: terminal.tell(HELP) for word in ("?", "why", "help")}
    while True:
        text = prompt.read_reply(WHICH, {**commands, "quit": leave, "exit": leave})
        if text.lower() in ALL:
            return list(options)
        if text.lower() in picking.NOTHING:
            return []
        try:
            return picking.pick_some(text, options)
        except InvalidFacts as error:
            prompt.complain(error.problems[0])
