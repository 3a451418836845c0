"""The questions, one at a time, until the answers are confirmed; and the commands of every
prompt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from diagnoser.errors import InvalidFacts, Problem
from diagnoser.interview import typed_answers
from diagnoser.interview.history import Answer, Diagnosed, Enough
from diagnoser.interview.interview import Interview
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import Choice
from diagnoser.rendering.words import counted
from diagnoser.terminal import reasons
from diagnoser.terminal.autosave import Autosave
from diagnoser.terminal.prompt import (
    LEAVE_AS_IT_IS,
    Action,
    Prompt,
    PromptAgain,
    leave,
    say_options,
)
from diagnoser.terminal.terminal import Terminal

PROMPT = "Your answer:"
COMMANDS = "? (how to find it out), why, back, list, save, quit"
ENOUGH = "enough"
"""The command that ends the questions, for a plan from what is known."""
MANY = 12
"""The question at which that command is mentioned once more."""
NOT_YET = ("", "n", "no", "not yet", "later")
"""What is typed at the prompt of a step by somebody who has not done it yet."""


@dataclass
class Conversation:
    """What is asked and answered at the terminal, saved as it goes."""

    interview: Interview
    terminal: Terminal
    autosave: Autosave
    back_to: Answer | None = None
    """The answer that was just taken back; it is asked for next."""
    changed: bool = False
    """Whether an answer was changed since this was last set to False."""

    def __post_init__(self) -> None:
        self.prompt = Prompt(self.terminal)

    def welcome(self, resumed: bool) -> None:
        page = self.terminal.page()
        page.heading(self.interview.diagnoser.knowledge.title)
        if resumed:
            page.say("Going on where you stopped. Type list to see what you have answered.")
        else:
            page.say("Some short questions first, then what to do. Nothing leaves this computer.")
            if self.interview.given:
                page.say("What is known already is not asked. Type list to see it.")
        page.say("Answer with a number, or with the start of an answer.")
        page.say(f"Or type: {COMMANDS}, {ENOUGH} (no more questions, the plan).")
        self.terminal.say(page)

    # -- one question

    def next_fact(self) -> str | None:
        """The fact to ask for next, or None when it is time to stop."""
        if self.back_to is not None and self.back_to.fact not in self.interview.current():
            return self.back_to.fact
        return self.interview.next_fact()

    def ask(self, fact: str) -> None:
        """Asks for a fact until it is answered.

        Raises PromptAgain when something else came first.
        """
        changing = fact in self.interview.current()
        self._put(fact, changing)
        kind = self.interview.fact(fact).kind
        more = LEAVE_AS_IT_IS if changing else {ENOUGH: self._enough}
        near = ""
        while True:
            text = self.read_reply(PROMPT, lambda: self._how(fact), lambda: self._why(fact), more)
            text = near if near and text.lower() in ("y", "yes") else text
            try:
                value = self.interview.answer(fact, text)
            except InvalidFacts as error:
                near = self.prompt.complain(error.problems[0], offer=not isinstance(kind, Choice))
                continue
            self.prompt.made_sense()
            self.autosave.save()
            self._understood(fact, text, self.interview.label(fact, value))
            return

    def _put(self, fact: str, changing: bool) -> None:
        """Shows a question with what may be answered."""
        page = self.terminal.page()
        before, self.back_to = self.back_to, None
        forgotten = dict(self.interview.forgotten())
        if not changing:
            number = sum(isinstance(one, Answer) for one in self.interview.said) + 1
            then = ", before the next step" if self.interview.diagnosed else ""
            page.say(f"Question {number}{', once more' if fact in forgotten else then}")
            if number == MANY:
                page.say(f"It is not plain yet. Type {ENOUGH} for a plan from what is known.")
        page.say(self.question(fact), bold=True)
        if changing:
            so_far = self.interview.label(fact, self.interview.current()[fact])
            page.say(f'So far: "{so_far}". Press Enter to leave it so.')
        elif before is not None and before.fact == fact:
            page.say(f'So far: "{self.interview.label(fact, before.value)}".')
        elif fact in forgotten:
            page.say(f'Before the last step: "{self.interview.label(fact, forgotten[fact])}".')
        kind = self.interview.fact(fact).kind
        if isinstance(kind, Choice):
            say_options(page, typed_answers.options_of(kind))
            if kind.several:
                page.say("You may choose several, such as 1 3.", 2)
        else:
            page.say(f"Type {typed_answers.allowed(self.interview.fact(fact))}.", 2)
        self.terminal.say(page)

    def _understood(self, fact: str, text: str, shown: str) -> None:
        """Says what was understood, unless that is just what was typed."""
        kind = self.interview.fact(fact).kind
        if isinstance(kind, Choice):
            plain = typed_answers.plainly(text, typed_answers.options_of(kind))
        else:
            plain = shown.lower() == text.lower()
        if not plain:
            self.terminal.tell(f"Understood: {shown}")

    def question(self, fact: str) -> str:
        """The question for a fact; for a remedy, how it went."""
        if fact.startswith(TRIED):
            remedy = self.interview.diagnoser.knowledge.remedies[fact.removeprefix(TRIED)]
            return f"{remedy.title}: how did it go?"
        return self.interview.fact(fact).ask

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
        say_options(page, options)
        self.terminal.say(page)
        while True:
            text = self.read_reply(PROMPT, how, why, more)
            try:
                chosen = typed_answers.pick(text, options)
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
        words = (word for word in more if word not in COMMANDS)
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

    def _list(self) -> None:
        self.show_answers()
        if self.interview.current():
            self.change("Number of an answer to change it, or Enter to go on:")
        raise PromptAgain

    def _back(self) -> None:
        self.back()
        raise PromptAgain

    def back(self) -> None:
        """Takes back the last thing that was said; at the plan, that the answers were confirmed."""
        beginning = not self.interview.said
        last = self.interview.back()
        self.back_to = last if isinstance(last, Answer) else None
        self.autosave.save()
        if beginning:
            self.terminal.tell("There is nothing to go back to: this is where you began.")

    def show_answers(self, title: str = "Your answers so far") -> None:
        """A numbered list of all that is known."""
        page = self.terminal.page()
        page.heading(title)
        for number, (fact, value) in enumerate(self.interview.current().items(), start=1):
            mark = f"{number}. "
            page.say(self.question(fact), 2, mark)
            page.say(self.interview.label(fact, value), 2 + len(mark))
        if not self.interview.current():
            page.say("Nothing yet.")
        self.terminal.say(page)

    def change(self, prompt: str) -> bool:
        """Lets one of the listed answers be changed; returns whether one was chosen."""
        tell = self.terminal.tell
        while True:
            facts = list(self.interview.current())
            text = self.read_reply(
                prompt,
                how=lambda: tell("Type the number of an answer, and you are asked again."),
                why=lambda: tell("A wrong answer leads to a wrong step, so look once more."),
                more={"list": self.show_answers},
            )
            if not text or text.lower() in ("ok", "y", "yes"):
                return False
            if text.isdecimal() and 1 <= int(text[:4]) <= len(facts):
                self.ask(facts[int(text[:4]) - 1])
                self.changed = True
                return True
            which = f"a number from 1 to {len(facts)}" if facts[1:] else "1"
            numbers = f"{which}, or " if facts else ""
            reason = "that is not the number of an answer"
            self.prompt.complain(Problem("", 0, "", reason, f"{numbers}only Enter"))

    def _enough(self) -> None:
        self.interview.said.append(Enough())
        self.autosave.save()
        raise PromptAgain

    # -- the end of the questions

    def confirm(self) -> None:
        """Says why no more is asked, shows the answers, and lets them be changed.

        Raises PromptAgain when something was changed.
        """
        if self.interview.current():
            page = self.terminal.page()
            page.heading("No more questions")
            page.say(self._stop())
            self.terminal.say(page)
            self.show_answers("These are your answers")
            if self.change("Enter if all is right, or the number of an answer to change it:"):
                raise PromptAgain
        self.interview.said.append(Diagnosed())
        self.autosave.save()

    def _stop(self) -> str:
        most = self.interview.max_questions
        if most is not None and self.interview.exhausted:
            return f"As you wished: {counted(most, 'question')} at most."
        if self.interview.enough:
            return "As you wished. The plan goes by what is known so far."
        return self.interview.report().stop.because

    # -- ? and why

    def _how(self, fact: str) -> None:
        page = self.terminal.page()
        reasons.how(page, self.interview, fact)
        self.terminal.say(page)

    def _why(self, fact: str) -> None:
        page = self.terminal.page()
        reasons.why(page, self.interview, fact)
        self.terminal.say(page)
