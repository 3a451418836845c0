"""After the diagnosis: the plan, and what came of each step, until it works or is handed over."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from diagnoser.interview.history import DONE, PREPARED
from diagnoser.interview.interview import Task
from diagnoser.knowledge.model import COULD_NOT_DO, DID_NOT_HELP, HELPED
from diagnoser.rendering import handover, markdown, text, views
from diagnoser.rendering.text import say_step
from diagnoser.rendering.words import Page, counted
from diagnoser.report.model import Report
from diagnoser.terminal import console, overview, reasons
from diagnoser.terminal.conversation import Conversation

WORKS, NO, CANNOT = (
    "Yes, it is fixed",
    "No, it did not help",
    "I could not do it, or would rather not",
)
ALREADY = "It is fixed already"
OPTIONS = {
    "step": {HELPED: WORKS, DID_NOT_HELP: NO, COULD_NOT_DO: CANNOT},
    "must": {DONE: "Yes, it is done", COULD_NOT_DO: CANNOT, HELPED: ALREADY},
    "prepare": {PREPARED: "Yes, it is done", COULD_NOT_DO: CANNOT, HELPED: ALREADY},
    "verify": {HELPED: WORKS, DID_NOT_HELP: NO},
}
ASKS = {
    "step": "Did that fix it?",
    "must": "Is that done?",
    "prepare": "Is that done?",
    "verify": "Did that fix it?",
}
LONG = 30
"""Minutes of waiting from which on a step says how to stop and go on later."""
NO_HURRY = "There is no hurry: do the step, then say how it went. With quit, all is kept for later."
CHANGED = "What you did may have changed some of your answers, so you are asked again."
SEVERAL = "Several causes were found. Only when all are mended can it work again."
ALL_DONE = "Every step for the cause that was found is done, so now it shows whether they help."
STEP_BY_STEP = (
    "One step at a time: do it, then say how it went. You can also type plan (all steps), handover"
    " (a text for somebody who helps), or quit and go on later."
)


@dataclass
class FollowUp:
    """Leads through the plan of a conversation."""

    talk: Conversation

    def __post_init__(self) -> None:
        self.interview = self.talk.interview
        self.terminal = self.talk.terminal
        self._begun = self._handed_over = False
        self._told = ""
        self._leading: list[tuple[str, str]] = []

    def begin(self) -> None:
        """Tells what was found, and what the plan is, unless it works already."""
        self._begun, self._told, self.talk.changed = True, "", False
        if self.interview.fixed:
            return
        report = self.interview.report()
        page = self.terminal.page()
        overview.say(page, report)
        self._leading = _leading(report)
        task = self.interview.task(report)
        if task is not None and task.kind != "hand-over":
            page.gap()
            page.say(STEP_BY_STEP)
        self.terminal.say(page)

    def go_on(self) -> bool:
        """One step of the plan and what came of it; returns False at the end.

        Raises PromptAgain when something else came first.
        """
        if self.interview.fixed:
            self._works()
            return False
        if self.talk.changed or not self._begun:
            self.begin()
        report = self.interview.report()
        task = self.interview.task(report)
        if task is None or task.kind == "hand-over":
            self._hand_over(report)
            return False
        self._ask(task, report)
        return True

    def put_out(self, form: str) -> None:
        """Puts the report as it is at the end on standard output, with the text to hand over if the
        plan ended so. A person who has read both on the terminal does not get the text again."""
        report = self.interview.report()
        if form == "json":
            console.write(report.json_text() + "\n")
        elif form == "markdown":
            console.write(markdown.render(report))
        elif not (self.terminal.person and _at_terminal()):
            console.write(text.render(report, console.width(), console.colour(), again=False))
            if self._handed_over:
                page = Page(console.width(), console.colour())
                handover.write(page, self.interview, report)
                console.write("\n" + page.text())

    # -- one step

    def _ask(self, task: Task, report: Report) -> None:
        self._tell_leading(report)
        self._tell(task, report)
        step = task.step
        chosen = self.talk.choose(
            self._title(task),
            OPTIONS[task.kind],
            lambda: self._how(task, report),
            lambda: self._why(task, report),
            NO_HURRY,
            {"plan": lambda: self._show_plan(report), "handover": lambda: self._give(report)},
        )
        if step is None:
            self.interview.verified(chosen)
        else:
            self.interview.outcome(step, chosen)
        self.talk.autosave.save()
        if chosen == DID_NOT_HELP:
            self.terminal.tell("That did not help, but it narrows things down.")
        elif chosen == COULD_NOT_DO:
            self.terminal.tell("Then it has to go another way.")
        if self.interview.again():
            self.terminal.tell(CHANGED)

    def _tell_leading(self, report: Report) -> None:
        """Says what it looks like now, if that has changed since it was last said."""
        if self._leading != _leading(report):
            self._leading = _leading(report)
            page = self.terminal.page()
            overview.say_leading(page, report)
            self.terminal.say(page)

    def _title(self, task: Task) -> str:
        if task.step is None:
            return ASKS[task.kind]
        return f"{task.step.title}. {ASKS[task.kind]}"

    def _tell(self, task: Task, report: Report) -> None:
        """The step in all detail, unless it was just told."""
        key = task.step.remedy if task.step else task.kind
        if key == self._told:
            return
        self._told = key
        if task.step is None:
            self._checks()
            return
        page = self.terminal.page()
        title = "The next step"
        if task.kind == "must":
            title = "All of these are needed" if views.all_needed(report) else "One after the other"
            title += f": step {task.place} of {task.total}"
        page.heading(title)
        self._detail(page, task, report)
        left = sum(step.remedy != task.step.remedy for step in report.plan.steps)
        if left and task.kind == "step":
            page.say(f"If it does not help, {counted(left, 'more step')} can be tried.")
        if task.step.wait_minutes >= LONG:
            page.say("This takes a while. Type quit to stop here and go on later.")
        self.terminal.say(page)

    def _detail(self, page: Page, task: Task, report: Report) -> None:
        """The step with its number in this conversation."""
        assert task.step is not None
        say_step(page, self.interview.steps + 1, task.step, report)

    def _checks(self) -> None:
        """Tells how to see whether the steps that are done have helped."""
        page = self.terminal.page()
        page.heading("All of that is done. See now whether it works")
        remedies = self.interview.diagnoser.knowledge.remedies
        for check in dict.fromkeys(remedies[id].check for id in self.interview.done):
            page.say(check, 2, "- ")
        self.terminal.say(page)

    def _how(self, task: Task, report: Report) -> None:
        if task.step is None:
            self._checks()
            return
        page = self.terminal.page()
        self._detail(page, task, report)
        self.terminal.say(page)

    def _why(self, task: Task, report: Report) -> None:
        page = self.terminal.page()
        if task.step is None:
            page.say(SEVERAL if len(views.proven(report)) > 1 else ALL_DONE)
        else:
            reasons.why_step(page, task.step, report)
        self.terminal.say(page)

    # -- the whole plan, and the end

    def _show_plan(self, report: Report) -> None:
        page = self.terminal.page()
        page.heading("The plan from here on")
        done = self.interview.done
        overview.say_plan(page, report, done, start=self.interview.steps - len(done) + 1)
        self.terminal.say(page)

    def _give(self, report: Report) -> None:
        page = self.terminal.page()
        handover.write(page, self.interview, report, self._told)
        self.terminal.say(page)

    def _hand_over(self, report: Report) -> None:
        page = self.terminal.page()
        page.heading("Nothing is left that is worth trying alone")
        page.say("Below is whom to ask, and what to tell them.")
        self.terminal.say(page)
        self._give(report)
        self._handed_over = True

    def _works(self) -> None:
        remedies = self.interview.diagnoser.knowledge.remedies
        page = self.terminal.page()
        page.heading("It works again")
        helped = [id for id, outcome in self.interview.tried.items() if outcome == HELPED]
        for id in helped:
            page.say(f"This helped: {remedies[id].title}.")
        page.say("Look again in a few days whether it still does.")
        self.terminal.say(page)


def _leading(report: Report) -> list[tuple[str, str]]:
    return [(cause.id, cause.status) for cause in overview.leading(report)]


def _at_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
