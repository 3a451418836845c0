"""What every prompt of a conversation has: its commands, the list of answers, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from diagnoser.errors import InvalidFacts, Problem
from diagnoser.interview import picking
from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Field
from diagnoser.terminal import form
from diagnoser.terminal.autosave import Autosave
from diagnoser.terminal.prompt import LEAVE_AS_IT_IS, Action, Prompt, PromptAgain, leave
from diagnoser.terminal.terminal import Terminal

PROMPT = "Your answer:"
COMMANDS = "? (how to find it out), why, back, list, save, quit"
MORE = "more"
"""The command that shows the rest of a list that is longer than the screen."""
LINES_AROUND_A_LIST = 7
"""Lines of the screen that are for what stands above and below a list of answers."""
NOT_YET = ("", "n", "no", "not yet", "later")
"""What is typed at the prompt of a step by somebody who has not done it yet."""


@dataclass
class Conversation:
    """What is asked and answered at the terminal, saved as it goes."""

    interview: Interview
    terminal: Terminal
    autosave: Autosave
    taken_back: dict[str, str] = field(default_factory=dict)
    """The answers that were just taken back, by fact."""
    interrupted: bool = True
    """Whether something came between the prompts, so that the next one says again where it is."""
    changed: bool = False
    """Whether the plan has to be told anew, since answers were changed or confirmed."""

    def __post_init__(self) -> None:
        self.prompt = Prompt(self.terminal)

    def welcome(self, resumed: bool) -> None:
        page = self.terminal.page()
        page.heading(self.interview.diagnoser.knowledge.title)
        if resumed:
            page.say("Going on where you stopped. Type list to see what you have answered.")
        else:
            page.say("Some short questions first, then what to do. Nothing leaves this computer.")
            if self.interview.known():
                page.say("What is known already is not asked. Type list to see it.")
        page.say("Answer with a number, or with the start of an answer.")
        page.say(f"Or type: {COMMANDS}.")
        self.terminal.say(page)

    # -- one question

    def ask(
        self, one: Field, take: Callable[[str], Any], more: Mapping[str, Action], so_far: str = ""
    ) -> None:
        """Asks for a field until `take` accepts what was typed.

        Raises PromptAgain when something else came first.
        """
        page = self.terminal.page()
        form.say_field(page, one, so_far or self.taken_back.get(one.fact, ""), bool(so_far))
        self.terminal.say(page)
        text = self.read_until(take, lambda: self.how([one]), lambda: self.why([one]), more, one)
        self._understood(one, text)

    def read_until(
        self,
        take: Callable[[str], Any],
        how: Action,
        why: Action,
        more: Mapping[str, Action],
        one: Field | None = None,
    ) -> str:
        """Reads until `take` accepts what was typed, saves, and returns it.

        Where the `one` field has no numbered answers, the near miss is offered.
        """
        near = ""
        while True:
            text = self.read_reply(PROMPT, how, why, more)
            text = near if near and text.lower() in ("y", "yes") else text
            try:
                take(text)
            except InvalidFacts as error:
                typed = one is not None and one.kind != "choice"
                near = self.prompt.complain(error.problems[0], offer=typed)
                continue
            self.prompt.made_sense()
            self.taken_back = {}
            self.autosave.save()
            return text

    def _understood(self, one: Field, text: str) -> None:
        """Says what was understood, unless that is just what was typed."""
        shown = self.answers().get(one.fact, form.NOT_SURE)
        if one.kind == "choice":
            plain = picking.plainly(text, form.options(one))
        else:
            plain = shown.lower() == text.lower()
        if not plain:
            self.terminal.tell(f"Understood: {shown}")

    def choose(
        self,
        title: str,
        options: Mapping[str, str],
        how: Action,
        why: Action,
        not_yet: str = "",
        more: Mapping[str, Action] = MappingProxyType({}),
    ) -> str:
        """Lets one of some options be chosen; `not_yet` is the reply to somebody who has not done
        the step yet, and `more` are commands that only this prompt has."""
        page = self.terminal.page()
        page.say(title, bold=True)
        form.say_options(page, options)
        self.terminal.say(page)
        while True:
            text = self.read_reply(PROMPT, how, why, more)
            try:
                chosen = picking.pick(text, options)
            except InvalidFacts as error:
                if not_yet and text.lower() in NOT_YET:
                    self.terminal.tell(not_yet)
                    self.prompt.made_no_sense()
                else:
                    self.prompt.complain(error.problems[0])
            else:
                self.prompt.made_sense()
                return chosen

    # -- what every prompt has

    def read_reply(
        self,
        prompt: str,
        how: Action,
        why: Action,
        more: Mapping[str, Action] = MappingProxyType({}),
    ) -> str:
        """What was typed, if it is none of the commands; those are obeyed.

        `how` and `why` answer ? and why; `more` are commands that only this prompt has, or has in
        place of the usual ones. Raises PromptAgain, Quit and Ended.
        """
        words = (word for word in more if word and word not in COMMANDS and " " not in word)
        commands = ", ".join([COMMANDS, *words])
        usual = {
            "?": how,
            "why": why,
            "help": lambda: self.terminal.tell(f"Type an answer, or: {commands}."),
            "save": self.autosave.save_and_tell,
            "quit": leave,
            "exit": leave,
            "back": self._back,
            "list": self._list,
        }
        return self.prompt.read_reply(prompt, {**usual, **more})

    def how(self, fields: list[Field]) -> None:
        """Tells how to find these fields out."""
        page = self.terminal.page()
        form.say_how(page, fields)
        self.terminal.say(page)

    def why(self, fields: list[Field]) -> None:
        """Tells what their answers are good for."""
        page = self.terminal.page()
        form.say_why(page, fields)
        self.terminal.say(page)

    def _back(self) -> None:
        """Takes back the last thing that was said; at the plan, that the answers were confirmed."""
        self.interrupted = True
        before, confirmed = self.answers(), self.interview.confirmed
        if self.interview.back() or confirmed:
            now = self.answers()
            self.taken_back = {id: label for id, label in before.items() if id not in now}
            self.autosave.save()
        else:
            self.terminal.tell("There is nothing to go back to: this is where you began.")
        raise PromptAgain

    # -- what is known

    def answers(self) -> dict[str, str]:
        """What is known, in words, by fact."""
        return {one.fact: one.answer for one in self.interview.known()}

    def _list(self) -> None:
        self.interrupted = True
        self.change("Your answers so far", "Number of an answer to change it, or Enter to go on:")
        raise PromptAgain

    def show_answers(self, title: str, start: int = 0) -> int:
        """A numbered list of what is known, from a place in it on; returns where the screen was
        full, or 0."""
        head, foot = self.terminal.page(), self.terminal.page()
        head.heading(title)
        known = self.interview.known()
        if not known:
            head.say("Nothing yet.")
        entries = [self.terminal.page() for _ in known[start:]]
        for number, (entry, one) in enumerate(
            zip(entries, known[start:], strict=True), start=start + 1
        ):
            entry.say(f"{one.ask} {one.answer}", 2, f"{number}. ")
        fit = self.terminal.room(entries, LINES_AROUND_A_LIST) or 1
        end = start + fit if fit < len(entries) else 0
        if end:
            foot.say(f"... and {len(known) - end} more: type {MORE} to see them", 2)
        self.terminal.say(head, *entries[:fit], foot)
        return end

    def change(self, title: str, prompt: str) -> bool:
        """Shows what is known, and lets one of the answers be changed; returns whether one was
        chosen."""
        shown = self.show_answers(title)
        if not self.interview.known():
            return False
        tell = self.terminal.tell

        def show(start: int) -> None:
            nonlocal shown
            shown = self.show_answers(title, start)

        while True:
            text = self.read_reply(
                prompt,
                how=lambda: tell("Type the number of an answer, and you are asked again."),
                why=lambda: tell("A wrong answer leads to a wrong step, so look once more."),
                more={"list": lambda: show(0), MORE: lambda: show(shown)},
            )
            known = self.interview.known()
            if not text or text.lower() in ("ok", "y", "yes"):
                return False
            if text.isdecimal() and 1 <= int(text[:4]) <= len(known):
                self.ask_again(known[int(text[:4]) - 1].fact)
                return True
            which = f"a number from 1 to {len(known)}" if known[1:] else "1"
            reason = "that is not the number of an answer"
            self.prompt.complain(Problem("", 0, "", reason, f"{which}, or only Enter"))

    def ask_again(self, fact: str) -> None:
        """Asks for something that is known; it stays as it is if nothing is typed."""
        self.interrupted = True
        self.ask(
            self.interview.field(fact),
            lambda text: self.interview.change(fact, text),
            LEAVE_AS_IT_IS,
            self.answers()[fact],
        )
        self.changed = True

    # -- the end of the questions

    def confirm(self) -> None:
        """Says why no more is asked, shows the answers, and lets them be changed.

        Raises PromptAgain when something was changed.
        """
        if self.interview.known():
            page = self.terminal.page()
            page.heading("No more questions")
            page.say(self.interview.stop())
            self.terminal.say(page)
            prompt = "Enter if all is right, or the number of an answer to change it:"
            if self.change("These are your answers", prompt):
                raise PromptAgain
        self.interview.confirm()
        self.changed = True
        self.autosave.save()
