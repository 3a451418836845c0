"""A text to hand over to somebody who helps on: what was found, answered and tried, and what is
left."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.interview.interview import Interview
from diagnoser.knowledge.model import TRIED
from diagnoser.knowledge.values import UNKNOWN, Value
from diagnoser.rendering import views
from diagnoser.rendering.templating import fill
from diagnoser.rendering.text import say_step
from diagnoser.rendering.words import Page
from diagnoser.report.model import Report


def write(page: Page, interview: Interview, report: Report, told: str = "") -> None:
    """Where to hand it over and how, unless that remedy was just `told`, then the text itself."""
    first = interview.steps - len(interview.done) + 1
    for number, step in enumerate(report.plan.steps, start=first):
        if step.hand_over and step.remedy != told:
            page.heading("Ask somebody who can do more")
            say_step(page, number, step, report)
            page.gap()
            page.say("Give them this text. It holds what you have answered and tried:")
    page.heading(interview.diagnoser.knowledge.title)
    page.gap()
    page.paste(_note(interview, report))


def _note(interview: Interview, report: Report) -> str:
    """The text itself, a line for each paragraph."""
    remedies = interview.diagnoser.knowledge.remedies
    open_ = [cause for cause in report.causes if cause.status == "open"]
    known = interview.current()
    answers = {id: value for id, value in known.items() if not id.startswith(TRIED)}
    before = [(id, value) for id, value in interview.forgotten() if known.get(id) != value]
    tried = {id: outcome for id, outcome in interview.tried.items() if outcome != UNKNOWN}

    def answered(fact: str, value: Value) -> tuple[str, str]:
        return interview.fact(fact).ask, interview.label(fact, value)

    return fill(
        "handover.txt",
        report=report,
        proven=views.proven(report),
        likely=[cause for cause in open_[:3] if cause.probability >= views.WORTH_A_LINE],
        answers=[answered(*one) for one in answers.items()],
        answers_before=[answered(*one) for one in before],
        tried=[
            (remedies[id].title, interview.label(f"{TRIED}{id}", outcome))
            for id, outcome in tried.items()
        ],
        done=[remedies[id].title for id in interview.done],
        left=list(_left(interview, report)),
        left_out=list(_left_out(interview, report)),
    )


def _left(interview: Interview, report: Report) -> Iterator[str]:
    """The steps that were not done, those on one line that are done in one go."""
    steps = report.plan.steps
    left = [one for one in steps if not one.hand_over and one.remedy not in interview.done]
    for group in views.in_one_go(left):
        night = ", together, for one night" if len(group) > 1 and not group[0].must else ""
        for titles in [[one.title for one in group]] if night else [[one.title] for one in group]:
            yield "; ".join(titles) + night


def _left_out(interview: Interview, report: Report) -> Iterator[tuple[str, str]]:
    """The reasons for which remedies were left out, each with the titles of those that were not
    tried, or how many they are."""
    untried = [one for one in report.plan.left_out if one.remedy not in interview.tried]
    for because, _ in views.left_out(report):
        titles = [one.title for one in untried if one.because == because]
        if titles:
            yield because, "; ".join(titles) if len(titles) <= 3 else f"{len(titles)} others"
