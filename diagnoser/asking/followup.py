"""After the diagnosis: the plan, and what came of each step, until it works or is handed over."""

from __future__ import annotations

from dataclasses import dataclass

from diagnoser import streams
from diagnoser.asking import reasons
from diagnoser.asking.conversation import Conversation
from diagnoser.interview import Task
from diagnoser.rendering import handover, markdown, text
from diagnoser.rendering.text import say_step
from diagnoser.rendering.words import Page, counted
from diagnoser.report import Report
from diagnoser.said import COULD_NOT, DONE, FIXED, NO_HELP, PREPARED

WORKS, NO, CANNOT = "Yes, it is fixed", "No, it did not help", "I could not do it"
ALREADY = "It is fixed already"
OPTIONS = {
    "step": {FIXED: WORKS, NO_HELP: NO, COULD_NOT: CANNOT},
    "must": {DONE: "Yes, it is done", COULD_NOT: CANNOT, FIXED: ALREADY},
    "prepare": {PREPARED: "Yes, it is done", COULD_NOT: CANNOT, FIXED: ALREADY},
    "verify": {FIXED: WORKS, NO_HELP: NO},
}
ASKS = {
    "step": "Did that fix it?",
    "must": "Is that done?",
    "prepare": "Is that done?",
    "verify": "Did that fix it?",
}
LONG = 30
"""Minutes of waiting from which it is worth saying how to go on later."""
NO_HURRY = "There is no hurry: do the step, then say how it went. With quit, all is kept for later."
EXTRA = "plan (all steps), handover (a text for somebody who helps)"


@dataclass
class FollowUp:
    """Leads through the plan of a conversation."""

    talk: Conversation
    form: str

    def __post_init__(self) -> None:
        self.interview = self.talk.interview
        self.terminal = self.talk.terminal
        self._begun = False
        self._told = ""

    def go_on(self) -> bool:
        """One step of the plan and what came of it; returns False at the end.

        Raises Anew when something else came first.
        """
        begun, report = self._begun, self.begin()
        if self.interview.fixed:
            if begun or self.form != "text":
                self._works()
            return False
        task = self.interview.task(report)
        if task is None or task.kind == "hand-over":
            self._hand_over(report)
            return False
        self._ask(task, report)
        return True

    def finish(self) -> None:
        """Puts out the report as it stands at the end, where that was not done at the start."""
        report = self.interview.report()
        if self.form == "json":
            streams.write(report.json_text() + "\n")
        elif self.form == "markdown":
            streams.write(markdown.render(report))

    def begin(self) -> Report:
        """Shows the plan as text, once; returns the report as it stands now."""
        report = self.interview.report()
        if self._begun:
            return report
        self._begun = True
        if self.form == "text":
            streams.write("\n" + self._plan(report))
            self._told = report.plan.steps[0].remedy if report.plan.steps else ""
        task = self.interview.task(report)
        if task is not None and task.kind != "hand-over":
            page = self.terminal.page()
            page.heading("Now step by step")
            page.say("Do each step, and say what came of it. You can stop at any time with quit.")
            page.say(f"Beside ?, why, back, list, save and quit, you can type: {EXTRA}.")
            self.terminal.say(page)
        return report

    def _plan(self, report: Report) -> str:
        return text.render(report, streams.width(), streams.colour(), again=False)

    # -- one step

    def _ask(self, task: Task, report: Report) -> None:
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
            forgot = self.interview.verified(chosen)
        else:
            forgot = self.interview.outcome(step, chosen)
        self.talk.record.keep()
        if chosen == NO_HELP and not forgot:
            self.terminal.tell("That did not help, but it narrows things down.")
        elif forgot:
            self.terminal.tell(
                "What you said before may have changed by this, so it may be asked again:"
                f" {reasons.named(forgot, self.interview)}"
            )

    def _title(self, task: Task) -> str:
        if task.step is None:
            return ASKS[task.kind]
        place = f"Step {task.place} of {task.total}: " if task.kind == "must" else ""
        return f"{place}{task.step.title}. {ASKS[task.kind]}"

    def _tell(self, task: Task, report: Report) -> None:
        """The step in all detail, unless it was just told."""
        key = task.step.remedy if task.step else task.kind
        if key == self._told:
            return
        self._told = key
        page = self.terminal.page()
        if task.step is None:
            self._checks(report)
            return
        if task.kind == "must":
            page.heading(f"Step {task.place} of {task.total}: all of them are needed")
        else:
            page.heading("Next step")
        say_step(page, task.place, task.step, report)
        left = sum(step.remedy != task.step.remedy for step in report.plan.steps)
        if left and task.kind != "must":
            page.say(f"If it does not help, {counted(left, 'more step')} can be tried.")
        if task.step.wait_minutes >= LONG:
            page.say("This takes a while. Type quit to stop here and go on later.")
        self.terminal.say(page)

    def _checks(self, report: Report) -> None:
        """What shows whether all the steps that are done have helped."""
        page = self.terminal.page()
        page.heading("All of that is done. See now whether it works")
        remedies = self.interview.diagnoser.knowledge.remedies
        for check in dict.fromkeys(remedies[id].check for id in self.interview.done):
            page.say(check, 2, "- ")
        self.terminal.say(page)

    def _how(self, task: Task, report: Report) -> None:
        if task.step is None:
            self._checks(report)
            return
        page = self.terminal.page()
        say_step(page, task.place, task.step, report)
        self.terminal.say(page)

    def _why(self, task: Task, report: Report) -> None:
        page = self.terminal.page()
        if task.step is None:
            page.say("Several causes were found. Only when all are mended can it work again.")
        else:
            reasons.why_step(page, task.step, report)
        self.terminal.say(page)

    # -- the whole plan, and the end

    def _show_plan(self, report: Report) -> None:
        page = self.terminal.page()
        page.heading("The plan from here on")
        done = self.interview.done
        for number, step in enumerate(report.plan.steps, start=1):
            mark = " (done)" if step.remedy in done else " (needed)" if step.must else ""
            page.say(f"{step.title}{mark}", 2, f"{number}. ")
        self.terminal.say(page)

    def _give(self, report: Report) -> None:
        """The text to hand over: data, unless the report has standard output for itself."""
        if self.form == "text":
            page = Page(streams.width(), streams.colour())
            handover.write(page, self.interview, report, self._told)
            streams.write("\n" + page.text())
        else:
            page = self.terminal.page()
            handover.write(page, self.interview, report, self._told)
            self.terminal.say(page)

    def _hand_over(self, report: Report) -> None:
        page = self.terminal.page()
        page.heading("Nothing is left that is worth trying alone")
        page.say("Other people can see and do more. Below is what to tell them.")
        self.terminal.say(page)
        self._give(report)

    def _works(self) -> None:
        remedies = self.interview.diagnoser.knowledge.remedies
        page = self.terminal.page()
        page.heading("It works again")
        helped = [id for id, outcome in self.interview.tried.items() if outcome == FIXED]
        for id in helped:
            page.say(f"This helped: {remedies[id].title}.")
        page.say("Look again in a few days whether it still does.")
        self.terminal.say(page)
