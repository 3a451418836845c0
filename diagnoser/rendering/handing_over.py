"""A text to hand over to somebody who helps on: what was found, answered and tried, and what is
left."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from diagnoser.interview.interview import Interview
from diagnoser.interview.turns import Step
from diagnoser.knowledge.model import TRIED, TRIED_AREA
from diagnoser.knowledge.values import UNKNOWN
from diagnoser.rendering import views
from diagnoser.rendering.plain_text import say_step
from diagnoser.rendering.templating import fill
from diagnoser.rendering.words import Page
from diagnoser.report.model import Report


def write(page: Page, interview: Interview, report: Report, told: str = "") -> None:
    """Where to hand it over and how, unless that remedy was just `told`, then the text itself."""
    turn = interview.next()
    done = turn.done if isinstance(turn, Step) else []
    first = interview.steps - len(done) + 1
    for number, step in enumerate(report.plan.steps, start=first):
        if step.hand_over and step.remedy != told:
            page.heading("Ask somebody who can do more")
            say_step(page, number, step, report)
            page.gap()
            page.say("Give them this text. It holds what you have answered and tried:")
    page.heading(interview.diagnoser.knowledge.title)
    page.gap()
    before = [(one.ask, one.answer) for one in interview.before()]
    page.paste(_text(report, before, done))


def handover(report: Report) -> str:
    """The text itself, a line for each paragraph, of what the report knows; a conversation knows
    also what was answered before a step changed it, and which steps wait for being tested."""
    return _text(report, before=(), done=())


def _text(report: Report, before: Collection[tuple[str, str]], done: Collection[str]) -> str:
    """`before` are questions with their former answers, `done` the titles of the steps that wait
    for being tested."""
    open_ = [cause for cause in report.causes if cause.status == "open"]
    outcomes = report.case.get(TRIED_AREA, {})
    titles = {f"{TRIED}{one.remedy}": one.title for one in report.plan.left_out}
    told = views.provenance(report)
    said = [
        (one.ask, f"{one.answer} (from {told[one.fact]})" if one.fact in told else one.answer)
        for one in report.answers
        if not one.fact.startswith(TRIED)
    ]
    return fill(
        "handover.txt",
        report=report,
        proven=views.proven(report),
        likely=[cause for cause in open_[:3] if cause.probability >= views.WORTH_A_LINE],
        answers=said,
        answers_before=before,
        tried=[
            (titles.get(one.fact, one.ask), one.answer)
            for one in report.answers
            if one.fact.startswith(TRIED) and outcomes[one.fact.removeprefix(TRIED)] != UNKNOWN
        ],
        done=done,
        left=list(_left(report, done)),
        left_out=list(_left_out(report, outcomes)),
    )


def _left(report: Report, done: Collection[str]) -> Iterator[str]:
    """The steps that were not done, those on one line that are done in one go."""
    left = [one for one in report.plan.steps if not one.hand_over and one.title not in done]
    for group in views.in_one_go(left):
        night = ", together, for one night" if len(group) > 1 and not group[0].must else ""
        for titles in [[one.title for one in group]] if night else [[one.title] for one in group]:
            yield "; ".join(titles) + night


def _left_out(report: Report, tried: Collection[str]) -> Iterator[tuple[str, str]]:
    """The reasons for which remedies were left out, each with the titles of those that were not
    tried, or how many they are."""
    untried = [one for one in report.plan.left_out if one.remedy not in tried]
    for because, _ in views.left_out(report):
        titles = [one.title for one in untried if one.because == because]
        if titles:
            yield because, "; ".join(titles) if len(titles) <= 3 else f"{len(titles)} others"
