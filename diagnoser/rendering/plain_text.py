"""A report as text that a worried person can follow: what is wrong, and what to do about it."""

from __future__ import annotations

from diagnoser.rendering import views
from diagnoser.rendering.views import WORTH_A_LINE
from diagnoser.rendering.words import Page, counted, joined, minutes, percent, time_needed, worth
from diagnoser.report.model import CauseFound, PlanStep, Report

OTHER_CAUSES = 8
"""Further causes that are listed at most; the rest are only counted."""
DETAILED = 4
"""The first so many steps are told in detail, and always those for proven causes and the one that
hands over."""


def text(
    report: Report,
    width: int = 80,
    colour: bool = False,
    full: bool = False,
    again: bool = False,
) -> str:
    """The report in lines of at most `width` columns (20 or more); `colour` makes headings bold.

    Without `full`, late steps and improbable causes are shortened; with `again`, it says how to go
    on with another run of the command, or that no question is left.
    """
    page = Page(width, colour)
    _contradictions(page, report)
    if helped := views.helped(report):
        page.heading("It works again")
        page.say(f"You said that this helped: {joined(helped)}. Nothing is left to do.")
        return page.text()
    told = _finding(page, report)
    _plan(page, report, full, again)
    say_check(page, report)
    _other_causes(page, report, told, full)
    _left_out(page, report)
    _provenance(page, report)
    _question(page, report, again)
    if again:
        _no_help(page, report)
    return page.text()


def say_step(page: Page, number: int, step: PlanStep, report: Report) -> None:
    """One step of the plan in all detail."""
    _step(page, number, step, {cause.id: cause for cause in report.causes}, detailed=True)


def _contradictions(page: Page, report: Report) -> None:
    if not report.contradictions:
        return
    page.heading("Warning: these answers do not fit together")
    for one in report.contradictions:
        page.say(one.because, 2, "- ")
        for answer in one.answers:
            page.say(answer, 4, "- ")
        page.say(f"Check again: {one.ask} ({one.ask_again})", 4)
    page.say("Until then, what follows may be wrong.")


def _finding(page: Page, report: Report) -> set[str]:
    """Says which causes are proven, else which are most likely; returns those causes."""
    found = views.proven(report) or views.most_likely(report)
    page.heading("What is wrong")
    page.say(report.finding.text, bold=True)
    so_far = views.so_far(report)
    if len(found) == 1 and not so_far:
        _explain(page, found[0], 2)
        return {found[0].id}
    if so_far:
        page.say(f"{so_far}:")
    for cause in found:
        page.say(f"{cause.title}{views.sure(cause)}", 2, "- ", bold=True)
        _explain(page, cause, 4)
    return {cause.id for cause in found}


def _explain(page: Page, cause: CauseFound, indent: int) -> None:
    page.say(cause.because, indent)
    _reasons(page, cause, indent)


def _reasons(page: Page, cause: CauseFound, indent: int) -> None:
    """Two reasons for the cause and, while it is open, one against it: the strongest."""
    for because in views.reasons(cause, against=False)[:2]:
        page.say(because, indent, "For: ")
    if cause.status == "open":
        for because in views.reasons(cause, against=True)[:1]:
            page.say(because, indent, "Against: ")


def _plan(page: Page, report: Report, full: bool, again: bool) -> None:
    steps = report.plan.steps
    page.heading("What to do")
    say_look(page, report)
    if not steps:
        page.say(views.no_step(report))
        return
    causes = {cause.id: cause for cause in report.causes}
    must = sum(step.must for step in steps)
    shortened, number = False, 0
    for title, group in views.groups(report):
        if len(steps) > 1 or must:
            page.gap()
            page.say(f"{title}:")
        for step in group:
            number += 1
            detailed = full or step.hand_over or number <= max(must, DETAILED)
            shortened = shortened or not detailed
            if len(steps) > 1 or must:
                page.gap()
            _step(page, number, step, causes, detailed)
    page.gap()
    page.say(
        f"On average this takes {minutes(report.plan.expected_minutes)} of effort: waiting counts"
        " little in that, and you stop as soon as it works."
    )
    if shortened and again:
        page.say("Run this with --full to see the details of every step.")


def say_look(page: Page, report: Report) -> None:
    """What to look at before the first step, if there is anything."""
    if (look := report.plan.look) is None:
        return
    page.say(f"First look: {look.title}", bold=True)
    page.say(look.because, 2)
    for line in views.look_lines(look):
        page.say(line, 2, "- ")
    page.gap()


def say_check(page: Page, report: Report, brief: bool = False) -> None:
    """The preconditions, a line for each."""
    if report.plan.check:
        page.gap()
        page.say(f"{views.BEFORE_THE_NIGHT}:", bold=True)
    for one in report.plan.check:
        page.say(f"{one.title}: {views.check_state(one, brief)}", 2, "- ")


def _step(
    page: Page, number: int, step: PlanStep, causes: dict[str, CauseFound], detailed: bool
) -> None:
    mark = f"{number}. "
    indent = len(mark)
    page.say(step.title, 0, mark, bold=True)
    page.say(f"Why: {views.why(step, causes)}", indent)
    page.say(f"Time: {time_needed(step.hands_on_minutes, step.wait_minutes)}.", indent)
    if step.seen == "overnight" and step.together is None and not step.must:
        page.say("Only a night shows whether it has helped.", indent)
    if step.money:
        page.say(f"Costs {step.money}.", indent)
    if step.loses:
        page.say(f"You lose {joined(step.loses)}.", indent)
    if not detailed:
        return
    if step.caveat:
        page.say(f"Note: {step.caveat}", indent)
    for line in step.do:
        page.say(line, indent, "- ")
    page.say(f"Done when: {step.check}", indent)
    if step.guide is not None:
        page.say(f"Guide: tip {step.guide}", indent)


def _other_causes(page: Page, report: Report, told: set[str], full: bool) -> None:
    rest = [cause for cause in report.causes if cause.status == "open" and cause.id not in told]
    shown = [cause for cause in rest if cause.probability >= WORTH_A_LINE]
    if not full:
        shown = shown[:OTHER_CAUSES]
    page.heading("What else it could be")
    for cause in shown:
        sure = views.how_sure(cause.status, cause.probability)
        page.say(f"{sure}: {cause.title}", 2, "- ")
        _reasons(page, cause, 4)
    parts = []
    if fewer := rest[len(shown) :]:
        each = views.at_most(fewer[0].probability)
        parts.append(f"{counted(len(fewer), 'less likely cause')} ({each} each)")
    if told and report.none_of_these:
        parts.append(f"something that is not known here ({percent(report.none_of_these)})")
    if parts:
        page.say(f"{'Also possible' if shown else 'Possible'}: {joined(parts)}.", 2)
    if out := views.ruled_out(report):
        page.say(f"Ruled out by your answers: {counted(len(out), 'cause')}.", 2)


def _left_out(page: Page, report: Report) -> None:
    groups = views.left_out(report)
    if groups:
        page.heading("What was left out")
    for because, titles in groups:
        named = titles if len(titles) < 4 else [*titles[:2], f"{len(titles) - 2} others"]
        page.say(f"{'; '.join(named)}: {because}", 2, "- ")


def _provenance(page: Page, report: Report) -> None:
    told = views.provenance(report)
    if told:
        page.heading("What was read from files")
    for one in report.answers:
        if one.fact in told:
            page.say(f"{one.ask} {one.answer} (from {told[one.fact]})", 2, "- ")


def question(report: Report, width: int = 80, colour: bool = False) -> str:
    """The next question with where to look and what to answer, or why no more need be asked."""
    page = Page(width, colour)
    _question(page, report, again=True)
    return page.text()


def _question(page: Page, report: Report, again: bool) -> None:
    question = report.next_question
    if question is None:
        if report.stop.advised and again:
            page.heading("No more questions")
            page.say(report.stop.because)
        return
    page.heading(f"To be surer: {question.ask}")
    page.say(f"{question.why} {worth(question.saves_minutes)}")
    for line in question.look:
        page.say(line, 2, "- ")
    one_of = f"one{', or with commas between them several,' * question.several} of:"
    allowed = f"{question.answers['']}." if "" in question.answers else one_of
    if again:
        page.say(
            f"Then run this again with --set {question.fact}=ANSWER, where ANSWER is {allowed}"
        )
    else:
        page.say(f"Answer: {allowed}")
    if "" not in question.answers:
        for answer, label in question.answers.items():
            page.say(f"{answer}: {label}" if again else label, 2, "- ")


def _no_help(page: Page, report: Report) -> None:
    names = [step.remedy for step in report.plan.steps if not views.prepares(step)]
    if names:
        page.heading("If a step does not help")
        others = f" (or {joined(names[1:DETAILED], 'or')})" if names[1:] else ""
        again = f"Run this again with --set tried.{names[0]}=did-not-help{others}"
        page.say(f"{again}. Then the plan changes.")
