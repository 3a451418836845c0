"""An explanation to read: how, why not, what is missing, what would change it, why this plan."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.explanation import (
    CauseExplained,
    Changes,
    Conflict,
    Explanation,
    Missing,
    RuleFired,
    Sensitivity,
    StepExplained,
)
from diagnoser.rendering.outline import Line, as_markdown, as_text, head, item, say
from diagnoser.rendering.tracing import decisions
from diagnoser.rendering.views import WORTH_A_LINE
from diagnoser.rendering.words import counted, joined, minutes, percent, strength
from diagnoser.trace import RuleTrace

CLOSE = 0.75
"""Causes that are nearly as probable as the first one are explained in full too."""
FEW = 3
"""Answers, or causes in full, that are named at most."""
MOVES = 8
"""Strengths and priors that are named at most."""


def text(explanation: Explanation, width: int = 80, colour: bool = False) -> str:
    """The explanation in lines of at most `width` columns."""
    return as_text(_lines(explanation), width, colour)


def markdown(explanation: Explanation) -> str:
    """The explanation as Markdown."""
    return as_markdown(_lines(explanation))


def _lines(explanation: Explanation) -> Iterator[Line]:
    causes = explanation.causes
    full = _in_full(causes)
    yield head("Explanation", 1)
    yield from _conflicts(explanation.contradictions)
    for cause in full:
        yield from _cause(cause)
    yield from _others([cause for cause in causes if cause not in full], explanation)
    yield head("What would change it")
    yield from _changes("cause", explanation.changes.first_cause)
    yield from _changes("step", explanation.changes.first_step)
    yield from _plan(explanation, causes[0].id if len(causes) == 1 else None)
    yield from _firm(explanation.sensitivity)
    used = explanation.knowledge
    yield head("Knowledge")
    yield say(f"{used.id} {used.version}, digest {used.digest}")


def _in_full(causes: list[CauseExplained]) -> list[CauseExplained]:
    """The proven causes, or those that are most likely."""
    proven = [cause for cause in causes if cause.status == "proven"]
    if proven or len(causes) == 1:
        return proven or causes
    likely = [cause for cause in causes if cause.status == "open"][:FEW]
    return [cause for cause in likely if cause.probability >= CLOSE * likely[0].probability]


def _sure(status: str, probability: float) -> str:
    return percent(probability) if status == "open" else status.replace("-", " ")


# -- contradictions


def _conflicts(conflicts: list[Conflict]) -> Iterator[Line]:
    if conflicts:
        yield head("Warning: these answers do not fit together")
    for one in conflicts:
        yield item(" ".join(one.because))
        for fact in one.facts:
            yield item(f"{fact.ask} {fact.label}", 1)
        yield item(f"Check again: {one.ask}", 1)
        for reading in one.without:
            cause = "no cause is left"
            if reading.first_cause is not None:
                sure = _sure(reading.status, reading.probability)
                cause = f"“{reading.first_cause_title}” ({sure}) comes first"
            step = f", with the step “{reading.first_step_title}”" if reading.first_step else ""
            yield item(f"Without “{reading.label}” to “{reading.ask}”: {cause}{step}.", 1)


# -- one cause


def _cause(cause: CauseExplained) -> Iterator[Line]:
    yield head(f"{cause.title} ({_sure(cause.status, cause.probability)})")
    yield say(cause.because)
    yield head("How", 3)
    for line in cause.how.in_words:
        yield item(line)
    for rule in cause.how.evidence:
        yield from _fired(rule)
    if cause.why_not:
        yield head("Why not more, or less: rules that did not fire", 3)
    for one in sorted(cause.why_not, key=lambda rule: (rule.verdict, strength(rule.says))):
        yield item(f"{one.says.capitalize()} ({one.verdict}): {one.because}")
        yield from decisions(one.verdict, one.decided_by, 1)
    asked = [one for one in cause.missing if one.answers]
    if asked:
        yield head("What is missing", 3)
    for missing in asked:
        yield from _missing(missing)


def _fired(rule: RuleFired) -> Iterator[Line]:
    weight = f" (odds times {rule.ratio:g})" if rule.ratio else ""
    yield item(f"{rule.says.capitalize()}{weight}: {rule.because}")
    for fact in rule.facts:
        yield item(f"{fact.ask} {fact.label}", 1)
    if rule.not_counted:
        yield item(f"It does not count: {rule.not_counted}", 1)
    yield item(f"Source, read {rule.reviewed}:", 1, rule.source)


def _missing(missing: Missing) -> Iterator[Line]:
    what = "would settle it" if missing.settles else f"moves it by up to {percent(missing.moves)}"
    yield item(f"{missing.ask} It takes {minutes(missing.effort_minutes)}, and {what}.")
    shown = [missing.answers[0], *missing.answers[1:][-1:]]
    for answer in shown:
        yield item(f"{_any_of(answer.labels)}: {_sure(answer.status, answer.probability)}", 1)


def _any_of(labels: list[str]) -> str:
    quoted = [f"“{label}”" for label in labels]
    if len(quoted) <= FEW:
        return joined(quoted, "or")
    return f"such as {joined([*quoted[: FEW - 1], quoted[-1]], 'or')}"


# -- the others


def _others(causes: list[CauseExplained], explanation: Explanation) -> Iterator[Line]:
    if not causes:
        return
    yield head("Why not another cause")
    shown = [one for one in causes if one.status == "open" and one.probability >= WORTH_A_LINE]
    for cause in shown:
        yield item(f"{percent(cause.probability)}: {cause.title}")
        for rule in cause.how.evidence[:2]:
            if rule.counts:
                yield item(f"{rule.says.capitalize()}: {rule.because}", 1)
        if (why := _why_not(cause)) is not None:
            yield item(f"{why.says.capitalize()} ({why.verdict}): {why.because}", 1)
            yield from decisions(why.verdict, why.decided_by, 2)
    for cause in causes:
        if cause.status == "ruled-out":
            reasons = [one.because for one in cause.how.evidence if one.counts]
            yield item(f"Ruled out: {cause.title}. {' '.join(reasons[:1])}")
    out = sum(cause.status == "ruled-out" for cause in causes)
    if less := len(causes) - len(shown) - out:
        yield item(f"{counted(less, 'further cause')}: under 1 % each")
    yield item(f"{percent(explanation.none_of_these)}: none of the causes known here")


def _why_not(cause: CauseExplained) -> RuleTrace | None:
    """The strongest rule for the cause that did not fire."""
    speaking = [one for one in cause.why_not if one.says == "proves" or one.says.endswith("for")]
    return min(speaking, key=lambda one: strength(one.says), default=None)


# -- what would change it


def _changes(noun: str, changes: Changes) -> Iterator[Line]:
    yield head(f"The first {noun}: {changes.title or 'none'}", 3)
    yield say(changes.in_words)
    for change in changes.listed:
        first = f"“{change.title}”" if change.becomes else f"No {noun}"
        yield item(f"{first} would come first, with:")
        for answer in change.answers:
            now = "not known" if answer.given is None else f"“{answer.given}”"
            yield item(f"{answer.ask} {_any_of(answer.labels)} (now {now})", 1)


# -- the plan


def _plan(explanation: Explanation, cause: str | None) -> Iterator[Line]:
    """Why each step is there; of one cause, only the steps that mend it."""
    yield head("Why these steps, in this order")
    number = 0
    for number, step in enumerate(explanation.plan.steps, start=1):
        if cause is None or cause in {one.cause for one in step.fixes}:
            yield from _step(number, step)
    if not number:
        yield say("No step is left that is likely to help.")
    if cause is not None or not explanation.plan.left_out:
        return
    yield head("What was left out", 3)
    for one in explanation.plan.left_out:
        chance = "" if one.chance is None else f" (helps: {percent(one.chance)})"
        yield item(f"{one.title}{chance}: {one.because}")


def _step(number: int, step: StepExplained) -> Iterator[Line]:
    yield item(f"Step {number}: {step.title}")
    yield item(step.because, 1)
    for one in step.waits_for:
        place = "was done already" if one.step is None else f"is step {one.step}"
        yield item(f"It waits for “{one.title}”, which {place}.", 1)
    before, after = _fails(step.fails_before), _fails(step.fails_after)
    yield item(f"The chance that it still fails: {before} before, {after} after it.", 1)
    if step.before_the_next:
        yield item(f"Before the next one: {step.before_the_next}", 1)


def _fails(chance: float) -> str:
    """The chance that it still fails; before anything is done, that is certain."""
    return percent(chance) if chance < 1 else "certain"


def _firm(sensitivity: Sensitivity) -> Iterator[Line]:
    yield head("How firm the first step is")
    yield say(sensitivity.in_words)
    for one in sensitivity.moves[:MOVES]:
        then = f"“{one.becomes_title}”" if one.becomes else "no step"
        moved = f"{one.what} {one.id} from “{one.word}” to “{one.instead}”"
        yield item(f"The {moved}: {then} comes first")
    if len(sensitivity.moves) > MOVES:
        yield item(f"and {len(sensitivity.moves) - MOVES} more")
