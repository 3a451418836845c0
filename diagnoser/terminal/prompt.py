"""A prompt: lines are read until one makes sense, and commands are obeyed in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from diagnoser.errors import Problem
from diagnoser.terminal.terminal import Ended, Terminal

TRIES = 10
"""Lines in a row without sense, after which a pipe or file is given up; a person never is."""

Action = Callable[[], None]


class Quit(Exception):
    """The person leaves for now."""


class PromptAgain(Exception):
    """Something was changed or shown at a prompt, so the next prompt has to be chosen again."""


def leave() -> None:
    raise Quit


def prompt_again() -> None:
    raise PromptAgain


LEAVE_AS_IT_IS: Mapping[str, Action] = dict.fromkeys(("back", "list", ""), prompt_again)
"""Commands that leave an answer as it is, while it is being changed."""


@dataclass
class Prompt:
    """Reads replies from a terminal."""

    terminal: Terminal
    _senseless: int = 0
    """Lines in a row that made no sense."""

    def read_reply(self, prompt: str, commands: Mapping[str, Action]) -> str:
        """The next line that is none of the commands; those are obeyed. Raises what they raise, and
        Ended."""
        while True:
            text = self.terminal.read_line(prompt)
            word = text.lower().rstrip(".!? ") or text[:1]
            if word not in commands:
                return text
            commands[word]()

    def complain(self, problem: Problem, offer: bool = False) -> str:
        """Says what is wrong with a reply; returns what is offered in its place, if `offer` and
        there is something near."""
        text = problem.reason[:1].upper() + problem.reason[1:] + "."
        if problem.near:
            text += f' Did you mean "{problem.near}"?'
            text += " Type y if so." if offer else ""
        self.terminal.tell(f"{text} Type {problem.allowed}.")
        self.made_no_sense()
        return problem.near if offer else ""

    def made_sense(self) -> None:
        self._senseless = 0

    def made_no_sense(self) -> None:
        """Raises Ended if a pipe or file has given too many such lines."""
        self._senseless += 1
        if self._senseless >= TRIES and not self.terminal.person:
            raise Ended
