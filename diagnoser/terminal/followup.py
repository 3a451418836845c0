"""After the questions: the plan, and what came of each step, until it works or is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from diagnoser.errors import Problem
from diagnoser.interview.turns import End, Step
from diagnoser.rendering import handing_over, markdown, text, views
from diagnoser.rendering.plain_text import say_check, say_step
from diagnoser.rendering.words import Page, counted, joined, percent
from diagnoser.report.model import LookFirst, PlanStep, Report
from diagnoser.terminal import console, overview
from diagnoser.terminal.conversation import Conversation
from diagnoser.terminal.prompt import LEAVE_AS_IT_IS, Action, PromptAgain

FIXED, DID_NOT_HELP, COULD_NOT_DO = "fixed", "did-not-help", "could-not-do"
LONG = 30
"""Minutes of waiting from which on a step says how to stop and go on later."""
NO_HURRY = "There is no hurry: do the step, then say how it went. With quit, all is kept for later."
ALL_DONE = "These steps belong together, so only now it shows whether they help."
NAMED = 3
"""Causes that `why` names at most."""
LINES_AROUND = 2
"""Lines of the screen that are for what stands above and below the finding and the plan."""


@dataclass
class FollowUp:
    """Leads through the plan of a conversation."""

    talk: Conversation
    _begun: bool = False
    _handed_over: bool = False
    _told: str = ""
    """The remedy of the step that was told last."""
    _leading: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.interview, self.terminal = self.talk.interview, self.talk.terminal

    def go_on(self, turn: Step | End) -> bool:
        """One step of the plan and what came of it; returns False at the end.

        Raises PromptAgain when something else came first.
        """
        if isinstance(turn, End) and turn.how == FIXED:
            self._works()
            return False
        report = self.interview.report()
        if self.talk.changed or not self._begun:
            self._begin(turn, report)
        if isinstance(turn, Step):
            self._ask(turn, report)
            return True
        if turn.how == "handed-over":
            self._hand_over(turn, report)
        return False

    def put_out(self, form: str) -> None:
        """Puts the report as it is at the end on standard output, with the text to hand over if the
        plan ended so. A person who has read both on the terminal does not get the text again."""
        report = self.interview.report()
        if form == "json":
            console.write(report.json_text() + "\n")
        elif form == "markdown":
            console.write(markdown(report))
        elif not (self.terminal.person and console.at_terminal()):
            console.write(text(report, console.width(), console.colour()))
            if self._handed_over:
                page = Page(console.width(), console.colour())
                handing_over.write(page, self.interview, report)
                console.write("\n" + page.text())

    # -- the finding and the plan

    def _begin(self, turn: Step | End, report: Report) -> None:
        """Tells what was found and what the plan is, and waits until it was read."""
        self._begun, self._told, self.talk.changed = True, "", False
        self._leading = _leading(report)
        steps = isinstance(turn, Step)
        done = turn.done if isinstance(turn, Step) else ()
        for brevity in overview.BREVITIES:
            page = self.terminal.page()
            may_look = steps or self.terminal.person
            overview.say(page, report, self._start(turn), done, steps, may_look, brevity)
            if self.terminal.room([page], LINES_AROUND):
                break
        self.terminal.say(page)
        if not self.terminal.person:
            return
        if isinstance(turn, Step):
            if turn.step is not None:
                how = partial(self._how, turn, report)
                prompt = f"Enter to go on with step {turn.number}:"
                self._wait(prompt, how, report, self._more(turn, report))
        elif report.plan.look is not None:
            how = partial(self._look, report.plan.look)
            more = {"look": how, "check": partial(self._show_check, report)}
            self._wait("Enter to go on:", how, report, more)

    def _wait(self, prompt: str, how: Action, report: Report, more: Mapping[str, Action]) -> None:
        """Waits for Enter, so that the finding is not pushed off the screen by what comes next,
        and what is to be looked at first can be."""
        while True:
            typed = self.talk.read_reply(prompt, how, lambda: self._reasons(report), more)
            if typed.lower() in ("", "ok", "y", "yes", "go", "next"):
                return
            problem = Problem("", 0, "", "that is no answer here", "only Enter")
            self.talk.prompt.complain(problem)

    def _more(self, turn: Step, report: Report) -> Mapping[str, Action]:
        """The commands that only the prompts of the plan have."""
        usual: dict[str, Action] = {
            "plan": lambda: self._show_plan(turn, report),
            "check": lambda: self._show_check(report),
            "handover": lambda: self._give(report),
        }
        look = report.plan.look
        return usual | {"look": lambda: self._look(look)} if look is not None else usual

    def _look(self, look: LookFirst) -> None:
        """Asks for what is to be looked at before the first step; then the plan may be another."""
        talk = self.talk
        if look.place is not None:
            page = self.terminal.page()
            page.heading(look.title)
            for line in look.go:
                page.say(line, 2, "- ")
            self.terminal.say(page)
        talk.changed = talk.interrupted = True
        for one in look.facts:
            talk.ask(self.interview.field(one.fact), partial(self._take, one.fact), LEAVE_AS_IT_IS)
        raise PromptAgain

    def _take(self, fact: str, text: str) -> None:
        self.interview.answer({fact: text})

    def _start(self, turn: Step | End) -> int:
        """The number of the first step of the report's plan."""
        done = turn.done if isinstance(turn, Step) else []
        return self.interview.steps - len(done) + 1

    # -- one step

    def _ask(self, turn: Step, report: Report) -> None:
        self._tell_leading(report)
        self._tell(turn, report)
        chosen = self.talk.choose(
            f"{turn.step.title}. {turn.ask}" if turn.step else turn.ask,
            turn.outcomes,
            lambda: self._how(turn, report),
            lambda: self._why(turn, report),
            NO_HURRY,
            self._more(turn, report),
        )
        self.interview.outcome(chosen)
        self.talk.autosave.save()
        if chosen == DID_NOT_HELP:
            self.terminal.tell("That did not help, but it narrows things down.")
        elif chosen == COULD_NOT_DO:
            self.terminal.tell("Then it has to go another way.")

    def _tell_leading(self, report: Report) -> None:
        """Says what it looks like now, if that has changed since it was last said."""
        if self._leading != _leading(report):
            self._leading = _leading(report)
            page = self.terminal.page()
            overview.say_leading(page, report)
            self.terminal.say(page)

    def _tell(self, turn: Step, report: Report) -> None:
        """The step in all detail, unless it was just told."""
        key = turn.step.remedy if turn.step else "test"
        if key != self._told:
            self._told = key
            self._how(turn, report)

    def _how(self, turn: Step, report: Report) -> None:
        page = self.terminal.page()
        step, night = turn.step, _after_a_night(turn, report)
        if step is None:
            when = "Wait a night, then see" if night else "See now"
            page.heading(f"All of that is done. {when} whether it works")
            for line in turn.check:
                page.say(line, 2, "- ")
        else:
            page.heading(_title(turn, night))
            say_step(page, turn.number, step, report)
            if turn.left and DID_NOT_HELP in turn.outcomes:
                page.say(f"If it does not help, {counted(turn.left, 'more step')} can be tried.")
        last = step is None or not turn.together
        if night and last:
            done = [*turn.done, *([step.title] if step else [])]
            overview.say_check_in_short(page, report.plan.check, done=done)
        if last and (night or (step is not None and step.wait_minutes >= LONG)):
            page.say("This takes a while. Type quit to stop here and go on later.")
        self.terminal.say(page)

    def _why(self, turn: Step, report: Report) -> None:
        """Which causes a step can mend, and its chance."""
        page = self.terminal.page()
        step, causes = turn.step, {cause.id: cause for cause in report.causes}
        if step is None:
            page.say(ALL_DONE)
        elif step.chance is not None and not step.must:
            together = "these steps" if step.together is not None else "this step"
            page.say(f"After {together} it works again ({percent(step.chance)}).")
        mended = [causes[id] for id in step.fixes] if step else []
        worth = [cause for cause in mended if cause.probability >= views.WORTH_A_LINE]
        for cause in (worth or mended)[:NAMED]:
            page.say(f"{cause.title} ({overview.how_sure(cause)}). {cause.because}", 2, "- ")
        if step and not step.fixes:
            page.say("A later step needs it.")
        self.terminal.say(page)

    # -- the commands of the plan

    def _reasons(self, report: Report) -> None:
        page = self.terminal.page()
        overview.say_reasons(page, report)
        self.terminal.say(page)

    def _show_plan(self, turn: Step, report: Report) -> None:
        page = self.terminal.page()
        page.heading("The plan from here on")
        overview.say_plan(page, report, turn.done, start=self._start(turn))
        self.terminal.say(page)

    def _show_check(self, report: Report) -> None:
        for brief in (False, True):
            page = self.terminal.page()
            say_check(page, report, brief)
            if self.terminal.room([page], LINES_AROUND):
                break
        self.terminal.say(page)

    def _give(self, report: Report) -> None:
        page = self.terminal.page()
        handing_over.write(page, self.interview, report, self._told)
        self.terminal.say(page)

    # -- the end

    def _hand_over(self, turn: End, report: Report) -> None:
        page = self.terminal.page()
        page.heading(turn.text.rstrip("."))
        page.say("Below is whom to ask, and what to tell them.")
        self.terminal.say(page)
        self._give(report)
        self._handed_over = True

    def _works(self) -> None:
        page = self.terminal.page()
        page.heading("It works again")
        helped = views.helped(self.interview.report())
        if helped[1:]:
            page.say("One of these helped, or all of them together:")
            for title in helped:
                page.say(title, 2, "- ")
        elif helped:
            page.say(f"This helped: {helped[0]}.")
        page.say("Look again in a few days whether it still does.")
        self.terminal.say(page)


def _title(turn: Step, night: bool) -> str:
    """What is said above a step; of steps that belong together, above the first one."""
    if not turn.together:
        return "The next step"
    if turn.done:
        return "The next of these steps"
    numbers = joined(map(str, turn.together))
    wait = "then wait a night, and see once" if night else "then see"
    return f"Do the steps {numbers} together, {wait} whether it works"


def _after_a_night(turn: Step, report: Report) -> bool:
    """Whether only a night shows if this step, or those that it is done with, have helped."""

    def in_one_go(step: PlanStep) -> bool:
        if turn.step is None or not turn.together:
            return step == turn.step or step.title in turn.done
        return (step.must and turn.step.must) or (
            step.together is not None and step.together == turn.step.together
        )

    return any(step.seen == "overnight" for step in report.plan.steps if in_one_go(step))


def _leading(report: Report) -> list[tuple[str, str]]:
    return [(cause.id, cause.status) for cause in overview.leading(report)]
