"""What somebody said in their own words: shown, and confirmed or struck out before it counts."""

from __future__ import annotations

from diagnoser.errors import InvalidFacts
from diagnoser.interview import typed_answers
from diagnoser.terminal.prompt import Prompt, leave
from diagnoser.terminal.terminal import Terminal
from diagnoser.words.confirming import Reading

NOTHING = "From your words I could not tell anything for certain, so you are asked."
WHICH = "The numbers of what is right (such as 1 3), all, or none:"
HELP = "Only what you confirm counts, and is not asked again. What is wrong, leave out."
ALL = ("all", "a", "yes", "y", "ok")


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
        if text.lower() in typed_answers.NOTHING:
            return []
        try:
            return typed_answers.pick_some(text, options)
        except InvalidFacts as error:
            prompt.complain(error.problems[0])
