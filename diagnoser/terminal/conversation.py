"""The questions: one at a time, each with the commands that every prompt has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from diagnoser.errors import InvalidFacts, Problem
from diagnoser.interview import typed_answers
from diagnoser.interview.history import Answer, Diagnosed, Enough
from diagnoser.interview.interview import Interview
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import Choice
from diagnoser.rendering.words import Page, counted
from diagnoser.terminal import reasons
from diagnoser.terminal.keeping import Keeper
from diagnoser.terminal.terminal import Ended, Terminal

PROMPT = "Your answer:"
COMMANDS = "? (how to find it out), why, back, list, save, quit"
ENOUGH = "enough"
"""The command for the plan from what is known; `MANY` questions are so many that it is offered."""
MANY = 12
NOT_YET = ("", "n", "no", "not yet", "later")
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
    keeper: Keeper
    back_to: Answer | None = None
    """The answer that was taken back, until it is asked for again."""
    changed: bool = False
    """Whether an answer was changed since this was last set to False."""

    def __post_init__(self) -> None:
        self._nonsense = 0

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
        """What to ask now, or None when it is time to stop."""
        if self.back_to is not None and self.back_to.fact not in self.interview.current():
            return self.back_to.fact
        return self.interview.next_fact()

    def ask(self, fact: str) -> None:
        """Asks for a fact until it is answered.

        Raises Anew when something else came first.
        """
        changing = fact in self.interview.current()
        self._put(fact, changing)
        kind = self.interview.fact(fact).kind
        stop: dict[str, Tell] = {} if changing else {ENOUGH: self._enough}
        near = ""
        while True:
            text = self.read(
                PROMPT, lambda: self._how(fact), lambda: self._why(fact), stop, changing
            )
            text = near if near and text.lower() in ("y", "yes") else text
            try:
                value = self.interview.answer(fact, text)
            except InvalidFacts as error:
                near = self.complain(error.problems[0], offer=not isinstance(kind, Choice))
                continue
            self._nonsense = 0
            self.keeper.keep()
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
            _options(page, typed_answers.options_of(kind))
        else:
            page.say(f"Type {typed_answers.allowed(self.interview.fact(fact))}.", 2)
        self.terminal.say(page)

    def _understood(self, fact: str, text: str, shown: str) -> None:
        """Says what was understood, unless that is plain from what was typed."""
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
        how: Tell,
        why: Tell,
        idle: str = "",
        more: Mapping[str, Tell] = MappingProxyType({}),
    ) -> str:
        """Lets one of some options be chosen; `idle` is said to who has not done it yet, and `more`
        are commands that only this prompt has."""
        page = self.terminal.page()
        page.say(title, bold=True)
        _options(page, options)
        self.terminal.say(page)
        while True:
            text = self.read(PROMPT, how, why, more)
            try:
                chosen = typed_answers.pick(text, options)
            except InvalidFacts as error:
                if idle and text.lower() in NOT_YET:
                    self.terminal.tell(idle)
                    self._count_nonsense()
                else:
                    self.complain(error.problems[0])
            else:
                self._nonsense = 0
                return chosen

    def complain(self, problem: Problem, offer: bool = False) -> str:
        """Says what is wrong with what was typed; returns what is offered instead."""
        text = problem.reason[:1].upper() + problem.reason[1:] + "."
        if problem.near:
            text += f' Did you mean "{problem.near}"?'
            text += " Type y if so." if offer else ""
        self.terminal.tell(f"{text} Type {problem.allowed}.")
        self._count_nonsense()
        return problem.near if offer else ""

    def _count_nonsense(self) -> None:
        self._nonsense += 1
        if self._nonsense >= TRIES and not self.terminal.person:
            raise Ended

    # -- what every prompt has

    def read(
        self,
        prompt: str,
        how: Tell,
        why: Tell,
        more: Mapping[str, Tell] = MappingProxyType({}),
        changing: bool = False,
    ) -> str:
        """What was typed, if it is none of the commands; those are obeyed.

        `more` are commands that only this prompt has. While an answer is being changed, `back`,
        `list` and an empty line leave it as it is. Raises Anew, Quit and Ended.
        """
        commands = ", ".join([COMMANDS, *(word for word in more if word not in COMMANDS)])
        more = {
            "?": how,
            "why": why,
            "help": lambda: self.terminal.tell(f"Type an answer, or: {commands}."),
            "save": self.keeper.tell_saved,
            **more,
        }
        while True:
            text = self.terminal.read(prompt)
            word = text.lower().rstrip(".!? ") or text[:1]
            if word in more:
                more[word]()
            elif word in ("quit", "exit"):
                raise Quit
            elif changing and word in ("back", "list", ""):
                raise Anew
            elif word == "back":
                self.back()
                raise Anew
            elif word == "list":
                self.show_answers()
                if self.interview.current():
                    self.change("Number of an answer to change it, or Enter to go on:")
                raise Anew
            else:
                return text

    def back(self) -> None:
        """Takes back the last thing said; from the plan, at least to the summary."""
        beginning = not self.interview.said
        last = self.interview.back()
        self.back_to = last if isinstance(last, Answer) else None
        self.keeper.keep()
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
            text = self.read(
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
            numbers = f"a number from 1 to {len(facts)}, or " if facts else ""
            reason = "that is not the number of an answer"
            self.complain(Problem("", 0, "", reason, f"{numbers}only Enter"))

    def _enough(self) -> None:
        self.interview.said.append(Enough())
        self.keeper.keep()
        raise Anew

    # -- the end of the questions

    def confirm(self) -> None:
        """Says why no more is asked, shows the answers, and lets them be changed.

        Raises Anew when something was changed.
        """
        if self.interview.current():
            page = self.terminal.page()
            page.heading("No more questions")
            page.say(self._stop())
            self.terminal.say(page)
            self.show_answers("These are your answers")
            if self.change("Enter if all is right, or the number of an answer to change it:"):
                raise Anew
        self.interview.said.append(Diagnosed())
        self.keeper.keep()

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


def _options(page: Page, options: Mapping[str, str]) -> None:
    for number, label in enumerate(options.values(), start=1):
        page.say(label, 2, f"{number}. ")
