"""The replies to `?` (where to find something out) and `why` (what it is good for)."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.interview.answer_effects import Branch, Shift, prospects
from diagnoser.interview.interview import Interview
from diagnoser.knowledge.steps import choose
from diagnoser.knowledge.values import Choice
from diagnoser.rendering import views
from diagnoser.rendering.words import Page, joined, minutes, percent
from diagnoser.report.model import PlanStep, Report

NAMED = 2
"""Causes that `why` names at most of those that an answer makes likelier, and of those that it
rules out."""
FEW = 4
"""With at most so many answers, `why` tells all of that for each. With more it tells only the most
important, or nobody would read it."""


def how(page: Page, interview: Interview, fact: str) -> None:
    """Where to find a fact out, on this person's version."""
    known = interview.diagnoser.sheet.read(interview.facts()).known
    lines = choose(interview.fact(fact).look, known, interview.diagnoser.knowledge.places)
    for line in lines or ["There is nothing to look up."]:
        page.say(line, 2, "- ")


def why(page: Page, interview: Interview, fact: str) -> None:
    """The minutes that the answer may save, and the causes that each answer would raise or rule
    out."""
    found = prospects(interview.diagnoser, interview.facts(), fact)
    if not found.branches:
        page.say("The answer decides which causes are left, and so what to do.")
        return
    if found.saves > 0:
        page.say(f"Your answer is expected to save {minutes(found.saves)}:")
    else:
        page.say("Your answer is not expected to save time, but it helps to tell the causes apart:")
    numbered = isinstance(interview.fact(fact).kind, Choice)
    few = len(found.branches) <= FEW
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for number, branch in enumerate(found.branches, start=1):
        mark = f"{number}. " if numbered else "- "
        groups.setdefault((mark, tuple(_changes(branch, few))), []).append(branch.answer)
    told = {key: answers for key, answers in groups.items() if key[1]}
    for (mark, changes), answers in told.items():
        page.say(joined(answers, "or"), 2, mark)
        for change in changes:
            page.say(change, 5, "- ")
    if told != groups:
        page.say("Any other answer changes little." if told else "No answer changes much.")
    opened = dict.fromkeys(branch.opens for branch in found.branches if branch.opens)
    if opened and not few:
        page.say("Some answers open the way to:")
        for question in opened:
            page.say(question, 2, "- ")
    page.say('"Not sure" changes nothing, and is not asked again.')


def _changes(branch: Branch, few: bool) -> Iterator[str]:
    raised = [move for move in branch.moves if move.then > move.now]
    out = [move for move in branch.moves if move.status == "ruled-out"]
    for move in raised[: NAMED if few else 1]:
        yield _raised(move)
    if out and (few or not raised):
        more = f" and {len(out) - NAMED} more" if len(out) > NAMED else ""
        yield f"rules out: {'; '.join(move.title for move in out[:NAMED])}{more}"
    if not raised and not out:
        for move in branch.moves[:1]:
            yield f"less likely ({percent(move.now)}, then {percent(move.then)}): {move.title}"
    if branch.first_step:
        yield f"first step then: {branch.first_step}"
    if branch.opens and few:
        yield f"opens the way to: {branch.opens}"


def _raised(move: Shift) -> str:
    if move.status == "proven":
        return f"proves: {move.title}"
    return f"likelier ({percent(move.now)}, then {percent(move.then)}): {move.title}"


def why_step(page: Page, step: PlanStep, report: Report) -> None:
    """Which causes a step can mend, and its chance."""
    causes = {cause.id: cause for cause in report.causes}
    if step.chance is not None and not step.must:
        page.say(f"The chance that it works again after this step: {percent(step.chance)}.")
    for cause in [causes[id] for id in step.fixes][:3]:
        sure = views.how_sure(cause.status, cause.probability)
        page.say(f"{cause.title} ({sure}). {cause.because}", 2, "- ")
    if not step.fixes:
        page.say("A later step needs it.")
