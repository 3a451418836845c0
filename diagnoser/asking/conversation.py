"""The questions: one at a time, each with the commands that every prompt has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from diagnoser import typed
from diagnoser.asking import reasons
from diagnoser.asking.record import Record
from diagnoser.asking.terminal import Ended, Terminal
from diagnoser.errors import InvalidFacts, Problem
from diagnoser.interview import Interview
from diagnoser.outlook import worthwhile
from diagnoser.rendering.words import Page, counted
from diagnoser.said import TRIED, Answer, Diagnosed
from diagnoser.values import Choice

PROMPT = "Your answer:"
COMMANDS = "? (how to find it out), why, back, list, save, quit"
TRIES = 10
"""Lines in a row that make no sense, after which a script is given up; a person never is."""

Tell = Callable[[], None]


class Quit(Exception):
    """The person leaves for now."""


class Anew(Exception):
    """Something was changed or shown in between, so look again what is to be asked."""


@dataclass
class Conversation:
    """Asks, explains and listens until the answers are confirmed."""

    interview: Interview
    terminal: Terminal
    record: Record
    back_to: str | None = None
    """The question that was gone back to."""

    def __post_init__(self) -> None:
        self._nonsense = 0

    def welcome(self, resumed: bool) -> None:
        page = self.terminal.page()
        page.heading(self.interview.diagnoser.knowledge.title)
        if resumed:
            page.say("Going on where you stopped. Type list to see what you have answered.")
        else:
            page.say("Some short questions first, then what to do. Nothing leaves this computer.")
        page.say("Answer with a number, or with the start of an answer.")
        page.say(f"Or type: {COMMANDS}.")
        self.terminal.say(page)

    # -- one question

    def next_fact(self) -> str | None:
        """What to ask now, or None when it is time to stop."""
        again, self.back_to = self.back_to, None
        if again is not None and again not in self.interview.current():
            return again
        question = self.interview.question()
        return question.fact if question else None

    def ask(self, fact: str) -> None:
        """Asks for a fact until it is answered.

        Raises Anew when something else came first.
        """
        known = self.interview.current()
        page = self.terminal.page()
        if fact in known:
            page.say(f"So far: {self.interview.label(fact, known[fact])}")
        else:
            asked = sum(isinstance(one, Answer) for one in self.interview.said)
            page.say(f"Question {asked + 1}")
        page.say(self.question(fact), bold=True)
        kind = self.interview.fact(fact).kind
        if isinstance(kind, Choice):
            self._options(page, typed.options_of(kind))
        else:
            page.say(f'Type {typed.allowed(self.interview.fact(fact))}, or "not sure".', 2)
        self.terminal.say(page)
        near = ""
        while True:
            text = self.read(
                PROMPT,
                lambda: self._how(fact),
                lambda: self._why(fact),
                changing=fact in known,
            )
            text = near if near and text.lower() in ("y", "yes") else text
            try:
                value = self.interview.answer(fact, text)
            except InvalidFacts as error:
                near = self.complain(error.problems[0], offer=not isinstance(kind, Choice))
                continue
            self._nonsense = 0
            self.record.keep()
            shown = self.interview.label(fact, value)
            if not isinstance(kind, Choice) and shown.lower() != text.lower():
                self.terminal.tell(f"Understood: {shown}")
            return

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
        how: Tell,
        why: Tell,
        idle: str = "",
        more: Mapping[str, Tell] = MappingProxyType({}),
    ) -> str:
        """Lets one of some options be chosen; `idle` is said when only Enter is pressed, and `more`
        are commands that only this prompt has."""
        page = self.terminal.page()
        page.say(title, bold=True)
        self._options(page, options)
        self.terminal.say(page)
        while True:
            text = self.read(PROMPT, how, why)
            if text.lower() in more:
                more[text.lower()]()
                continue
            if not text and idle:
                self.terminal.tell(idle)
                self._count_nonsense()
                continue
            try:
                chosen = typed.pick(text, options)
            except InvalidFacts as error:
                self.complain(error.problems[0])
            else:
                self._nonsense = 0
                return chosen

    def _options(self, page: Page, options: Mapping[str, str]) -> None:
        for number, label in enumerate(options.values(), start=1):
            page.say(label, 2, f"{number}. ")

    def complain(self, problem: Problem, offer: bool = False) -> str:
        """Says what is wrong with what was typed; returns what is offered instead."""
        text = problem.reason[:1].upper() + problem.reason[1:] + "."
        if problem.near:
            text += f' Did you mean "{problem.near}"?'
            text += " Type y if so." if offer else ""
        self.terminal.tell(f"{text} Type {problem.allowed}.")
        self._count_nonsense()
        return problem.near

    def _count_nonsense(self) -> None:
        self._nonsense += 1
        if self._nonsense >= TRIES and not self.terminal.person:
            raise Ended

    # -- what every prompt has

    def read(self, prompt: str, how: Tell, why: Tell, changing: bool = False) -> str:
        """What was typed, if it is none of the commands; those are obeyed.

        While an answer is being changed, `back`, `list` and an empty line leave it as it is. Raises
        Anew, Quit and Ended.
        """
        while True:
            text = self.terminal.read(prompt)
            word = text.lower()
            if word == "?":
                how()
            elif word == "why":
                why()
            elif word in ("help", "h"):
                self.terminal.tell(f"Type an answer, or: {COMMANDS}.")
            elif word == "save":
                self.terminal.tell(self.record.save())
            elif word in ("quit", "exit"):
                raise Quit
            elif changing and word in ("back", "list", ""):
                raise Anew
            elif word == "back":
                self.back()
                raise Anew
            elif word == "list":
                self.show_answers("Your answers so far")
                self.change("Number of an answer to change it, or Enter to go on:")
                raise Anew
            else:
                return text

    def back(self) -> None:
        """Takes back the last thing said."""
        last = self.interview.back()
        self.back_to = last.fact if isinstance(last, Answer) else None
        self.record.keep()
        if last is None:
            self.terminal.tell("There is nothing to go back to: this is the first question.")

    def show_answers(self, title: str) -> None:
        """A numbered list of all that is known."""
        page = self.terminal.page()
        page.heading(title)
        for number, (fact, value) in enumerate(self.interview.current().items(), start=1):
            page.say(self.question(fact), 2, f"{number}. ")
            page.say(self.interview.label(fact, value), 5)
        if not self.interview.current():
            page.say("Nothing yet.")
        self.terminal.say(page)

    def change(self, prompt: str) -> bool:
        """Lets one of the listed answers be changed; returns whether one was chosen."""
        while True:
            facts = list(self.interview.current())
            text = self.read(prompt, self._how_to_change, self._why_to_change, changing=False)
            if not text or text.lower() in ("ok", "y", "yes"):
                return False
            if text.isdecimal() and text.isascii() and 1 <= int(text[:4]) <= len(facts):
                self.ask(facts[int(text[:4]) - 1])
                return True
            self.complain(
                Problem("", 0, "", "that is no number of the list", f"1 to {len(facts)}, or Enter")
            )

    # -- the end of the questions

    def confirm(self) -> None:
        """Says why no more is asked, shows the answers, and lets them be changed.

        Raises Anew when something was changed.
        """
        if self.interview.current():
            self.terminal.say(self._stop())
            self.show_answers("These are your answers")
            if self.change("Enter if all is right, or the number of an answer to change it:"):
                raise Anew
        self.interview.said.append(Diagnosed())
        self.record.keep()

    def _stop(self) -> Page:
        page = self.terminal.page()
        page.heading("No more questions")
        if self.interview.exhausted:
            page.say(
                f"As you wished: {counted(self.interview.max_questions or 0, 'question')} at most."
            )
        else:
            page.say(self.interview.report().stop.because)
        return page

    def missing(self) -> list[str]:
        """What would still be asked, a line for each, with the allowed answers."""
        if self.interview.question() is None:
            return []
        questions = self.interview.diagnoser.foresee(self.interview.facts())[2]
        facts = [self.interview.fact(id) for id in worthwhile(questions, self.interview.thorough)]
        return [f"{fact.id}: {fact.ask} (allowed: {fact.kind.allowed})" for fact in facts]

    # -- ? and why

    def _how(self, fact: str) -> None:
        page = self.terminal.page()
        reasons.how(page, self.interview, fact)
        self.terminal.say(page)

    def _why(self, fact: str) -> None:
        page = self.terminal.page()
        reasons.why(page, self.interview, fact)
        self.terminal.say(page)

    def _how_to_change(self) -> None:
        self.terminal.tell("Type the number before an answer, and you are asked for it again.")

    def _why_to_change(self) -> None:
        self.terminal.tell(
            "A wrong answer leads to the wrong step, so look through them once more."
        )
