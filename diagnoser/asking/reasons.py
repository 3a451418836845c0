"""What `?` and `why` say."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.assemble import choose
from diagnoser.interview import Interview
from diagnoser.outlook import Branch, outlook
from diagnoser.rendering.words import Page, joined, minutes, percent
from diagnoser.report import PlanStep, Report


def how(page: Page, interview: Interview, fact: str) -> None:
    """Where to find a fact out, on this person's version."""
    known = interview.diagnoser.sheet.read(interview.facts()).known
    lines = choose(interview.fact(fact).look, known)
    for line in lines or ["There is nothing to look up."]:
        page.say(line, 2, "- ")


def why(page: Page, interview: Interview, fact: str) -> None:
    """What each answer would change, and the minutes that it may save."""
    found = outlook(interview.diagnoser, interview.facts(), fact)
    if not found.branches:
        page.say("The answer decides which causes are left, and so what to do.")
        return
    if found.saves > 0:
        page.say(f"The answer is expected to save {minutes(found.saves)}.")
    else:
        page.say("The answer is not expected to save time, but it may make things clearer.")
    for branch in found.branches:
        page.say(f"{branch.answer}:", 2, "- ")
        for line in list(_changes(branch)) or ["hardly changes anything"]:
            page.say(line, 6)
    page.say("Not sure:", 2, "- ")
    page.say("changes nothing, and is not asked again", 6)


def _changes(branch: Branch) -> Iterator[str]:
    for move in branch.moves:
        if move.status == "proven":
            yield f"proves: {move.title}"
        elif move.status == "ruled-out":
            yield f"rules out: {move.title}"
        else:
            likely = "likelier" if move.then > move.now else "less likely"
            yield f"{likely} ({percent(move.now)}, then {percent(move.then)}): {move.title}"
    if branch.first_step:
        yield f"first step then: {branch.first_step}"


def why_step(page: Page, step: PlanStep, report: Report) -> None:
    """Which causes a step can mend, and its chance."""
    causes = {cause.id: cause for cause in report.causes}
    if step.chance is not None and not step.must:
        page.say(f"The chance that it works again after this step: {percent(step.chance)}.")
    for cause in [causes[id] for id in step.fixes][:3]:
        sure = "proven" if cause.status == "proven" else percent(cause.probability)
        page.say(f"{cause.title} ({sure}). {cause.because}", 2, "- ")
    if not step.fixes:
        page.say("A later step needs it.")


def named(facts: list[str], interview: Interview) -> str:
    """The questions for some facts, for a sentence."""
    return joined(f'"{interview.fact(fact).ask}"' for fact in facts)
