"""An explanation to read: in short, how, why not, what is missing, what would change it, why this
plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnoser.explanation.model import (
    CauseExplained,
    ContradictionExplained,
    Explanation,
    MissingFact,
    ReadingWithout,
    RuleFired,
    Sensitivity,
)
from diagnoser.explanation.trace import RuleTrace
from diagnoser.knowledge.model import HELPED
from diagnoser.knowledge.wording import if_so
from diagnoser.rendering import changes, plan_reasons, views
from diagnoser.rendering.outline import Line, as_markdown, as_text, head, item, say
from diagnoser.rendering.tracing import decisions
from diagnoser.rendering.views import WORTH_A_LINE
from diagnoser.rendering.words import any_of, counted, minutes, percent, strongest_first

CLOSE = 0.75
"""A cause is explained in full if it is at least this part as probable as the first one."""
FEW = 3
"""Causes in full, and questions of each, that are named at most unless all are asked for."""
OTHERS = 6
"""Other causes that are explained, unless all are asked for."""
MOVES = 5
"""Strengths and priors that are named at most, unless all are asked for."""
HAS_HELPED = "You said that a remedy has helped, so nothing is left to do."


def text(
    explanation: Explanation, width: int = 80, colour: bool = False, full: bool = False
) -> str:
    """The explanation in lines of at most `width` columns; with `full`, nothing is left out."""
    return as_text(_lines(explanation, full), width, colour)


def markdown(explanation: Explanation, full: bool = False) -> str:
    """The explanation as Markdown; with `full`, nothing is left out."""
    return as_markdown(_lines(explanation, full))


def _lines(explanation: Explanation, full: bool) -> Iterator[Line]:
    causes, asked = explanation.causes, explanation.asked
    leading = causes if asked is not None else _leading(causes)
    yield head("Explanation", 1)
    yield from _conflicts(explanation.contradictions)
    if asked is None:
        yield from _in_short(explanation, leading)
    for cause in leading:
        yield from _cause(cause, full or asked is not None)
    yield from _others([cause for cause in causes if cause not in leading], explanation, full)
    yield from changes.lines(explanation.changes, asked, full)
    if _helped(explanation):
        yield head(plan_reasons.TITLE)
        yield say(HAS_HELPED)
    else:
        yield from plan_reasons.lines(explanation.plan, asked, full)
        yield from _firm(explanation.sensitivity, full)
    used = explanation.knowledge
    yield head("Knowledge")
    yield say(f"{used.id} {used.version}")
    yield say(f"digest {used.digest}")
    if not full:
        or_one = ", or with the id of one cause" if asked is None else ""
        yield say(f"Run this with --full for everything{or_one}.")


def _helped(explanation: Explanation) -> bool:
    return HELPED in explanation.case.get("tried", {}).values()


def _leading(causes: list[CauseExplained]) -> list[CauseExplained]:
    """The proven causes, or those that are most likely."""
    proven = [cause for cause in causes if cause.status == "proven"]
    if proven:
        return proven
    likely = [cause for cause in causes if cause.status == "open"][:FEW]
    return [cause for cause in likely if cause.probability >= CLOSE * likely[0].probability]


def _named(cause: CauseExplained) -> str:
    return f"{cause.title} ({views.how_sure(cause.status, cause.probability)})"


def _in_short(explanation: Explanation, leading: Sequence[CauseExplained]) -> Iterator[Line]:
    yield head("In short")
    if _helped(explanation):
        yield item(HAS_HELPED)
        return
    nothing = explanation.none_of_these
    proven = bool(leading) and leading[0].status == "proven"
    if not proven and (not leading or leading[0].probability < nothing):
        yield item(f"Most likely: none of the causes known here ({percent(nothing)})")
    for cause in leading:
        said = [_because(one) for one in cause.how.evidence if one.counts and one.supports][:1]
        found = f"Proven: {cause.title}" if proven else f"Likely: {_named(cause)}"
        yield item(". ".join([found, *said]))
        against = [one for one in cause.how.evidence if one.counts and not one.supports]
        if against and not proven:
            yield item(f"Against it: {_because(against[0])}", 1)
    rest = [one for one in explanation.causes if one.status == "open" and one not in leading]
    if rest and rest[0].probability >= WORTH_A_LINE:
        yield item(f"Next most likely: {_named(rest[0])}")
    for step in explanation.plan.steps[:1]:
        yield item(f"First step: {step.title}. {step.because}")
    yield from changes.in_short(explanation.changes)
    yield item(explanation.sensitivity.in_words)


def _conflicts(conflicts: list[ContradictionExplained]) -> Iterator[Line]:
    if conflicts:
        yield head("Warning: these answers do not fit together")
    for one in conflicts:
        yield item(" ".join(one.because))
        without = {reading.fact: reading for reading in one.without}
        for fact in one.facts:
            yield item(f"{fact.ask} {fact.label}", 1)
            if fact.fact in without:
                yield item(f"Without this answer: {_reading(without[fact.fact])}.", 2)
        yield item(f"Check again: {one.ask}", 1)


def _reading(reading: ReadingWithout) -> str:
    """What comes first while one answer counts as not known."""
    cause = "no cause is left"
    if reading.first_cause is not None:
        sure = views.how_sure(reading.status, reading.probability)
        cause = f"“{reading.first_cause_title}” ({sure}) first"
    return f"{cause}, with the step “{reading.first_step_title}”" if reading.first_step else cause


def _cause(cause: CauseExplained, full: bool) -> Iterator[Line]:
    yield head(_named(cause))
    yield say(cause.because)
    yield head("How", 3)
    for line in cause.how.in_words:
        yield item(line)
    for rule in cause.how.evidence:
        yield from _fired(rule, full)
    if cause.why_not and full:
        yield head("Why not more, or less: rules that did not fire", 3)
        in_order = sorted(cause.why_not, key=lambda one: strongest_first(one.factor))
        for one in sorted(in_order, key=lambda one: one.verdict):
            yield from _not_fired(one, 0)
    asked = [one for one in cause.missing if one.answers]
    if asked:
        yield head("What is missing", 3)
    shown = asked[: None if full else FEW]
    for missing in shown:
        yield from _missing(missing)
    if less := len(asked) - len(shown):
        yield item(f"and {counted(less, 'question')} that would tell less")


def _fired(rule: RuleFired, full: bool) -> Iterator[Line]:
    if rule.not_counted and not full:
        yield item(f"{rule.says.capitalize()}, not counted: {_because(rule)} {rule.not_counted}")
        return
    weight = f" (odds times {rule.ratio:g})" if rule.ratio else ""
    yield item(f"{rule.says.capitalize()}{weight}: {_because(rule)}")
    for fact in rule.facts:
        told = f" (from {fact.provenance.in_words()})" if fact.provenance else ""
        yield item(f"{fact.ask} {fact.label}{told}", 1)
    if rule.not_counted:
        yield item(f"It does not count: {rule.not_counted}", 1)
    yield item(f"Source, read {rule.reviewed}:", 1, rule.source)


def _because(rule: RuleFired) -> str:
    """Why the rule says what it says, and whether that is sure."""
    return if_so(rule.because) if rule.tempered else rule.because


def _not_fired(rule: RuleTrace, depth: int) -> Iterator[Line]:
    yield item(f"{rule.says.capitalize()} ({rule.verdict}): {rule.because}", depth)
    yield from decisions(rule.verdict, rule.decided_by, depth + 1)


def _missing(missing: MissingFact) -> Iterator[Line]:
    what = "would settle it" if missing.settles else f"moves it by up to {percent(missing.moves)}"
    yield item(f"{missing.ask} It takes {minutes(missing.effort_minutes)}, and {what}.")
    shown = [missing.answers[0], *missing.answers[1:][-1:]]
    for answer in shown:
        yield item(
            f"{any_of(answer.labels)}: {views.how_sure(answer.status, answer.probability)}", 1
        )


def _others(causes: list[CauseExplained], explanation: Explanation, full: bool) -> Iterator[Line]:
    if not causes:
        return
    yield head("Why not another cause")
    open_ = [one for one in causes if one.status == "open"]
    shown = open_ if full else [one for one in open_ if one.probability >= WORTH_A_LINE][:OTHERS]
    for cause in shown:
        yield from _other(cause, full)
    yield item(f"{percent(explanation.none_of_these)}: none of the causes known here")
    if less := open_[len(shown) :]:
        each = views.at_most(less[0].probability)
        yield item(f"{counted(len(less), 'further cause')}: {each} each")
    out = [one for one in causes if one.status == "ruled-out"]
    if out and not full:
        yield item(f"Ruled out by the answers: {'; '.join(one.title for one in out)}")
        return
    for cause in out:
        reasons = [_because(one) for one in cause.how.evidence if one.counts]
        yield item(f"Ruled out: {cause.title}. {' '.join(reasons[:1])}")


def _other(cause: CauseExplained, full: bool) -> Iterator[Line]:
    """What counts for and against the cause, and the first failing or missing condition of the
    strongest rule that would speak for it; in full of every such rule."""
    yield item(f"{views.how_sure(cause.status, cause.probability)}: {cause.title}")
    counts = [rule for rule in cause.how.evidence if rule.counts]
    for rule in counts[: None if full else 1]:
        yield item(f"{rule.says.capitalize()}: {_because(rule)}", 1)
    speaking = [one for one in cause.why_not if one.factor > 0]
    for one in sorted(speaking, key=lambda one: -one.factor)[: None if full else 1]:
        yield from _not_fired(one, 1)


def _firm(sensitivity: Sensitivity, full: bool) -> Iterator[Line]:
    yield head("How firm the first step is")
    yield say(sensitivity.in_words)
    shown = sensitivity.moves[: None if full else MOVES]
    for one in shown:
        then = f"“{one.becomes_title}”" if one.becomes else "no step"
        moved = f"{one.what} {one.id} from “{one.word}” to “{one.instead}”"
        yield item(f"The {moved}: {then} comes first")
    if less := len(sensitivity.moves) - len(shown):
        yield item(f"and {less} more")
