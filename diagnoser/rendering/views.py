"""What all renderings share: which parts of a report are worth showing, in which order, and the
sentences that are the same in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from diagnoser.knowledge.model import HELPED
from diagnoser.knowledge.value import THINK
from diagnoser.knowledge.wording import YOU_THINK_SO, if_so
from diagnoser.rendering.words import (
    counted,
    joined,
    percent,
    short_time,
    strongest_first,
    time_needed,
)
from diagnoser.report import finding
from diagnoser.report.model import (
    CauseFound,
    Evidence,
    LeftOut,
    LookFirst,
    PlanStep,
    PreconditionChecked,
    Report,
)

WORTH_A_LINE = 0.01
"""Causes below this probability are only counted."""
BEFORE_THE_NIGHT = "Before the night, check that"
AS_THEY_COME = "one after the other, until it works"
"""The end of the title of a group whose steps are done one by one."""
STATES = {"holds": "holds", "fails": "does not hold", "not-known": "not known"}
"""Whether a precondition holds, in words."""
LIKELIHOOD = ((0.9, "very likely"), (0.66, "likely"), (0.1, "possible"), (0.0, "unlikely"))
"""Words for probabilities, each with the least that it stands for."""
PREPARES = 0.005
"""A step with a smaller chance to help is planned only because a later step needs it."""


def helped(report: Report) -> list[str]:
    """The titles of the remedies that have helped."""
    tried = report.case.get("tried", {})
    return [one.title for one in report.plan.left_out if tried.get(one.remedy) == HELPED]


def provenance(report: Report) -> dict[str, str]:
    """Where the facts are from that nobody gave in person, by fact id."""
    return {one.fact: one.provenance.in_words() for one in report.answers if one.provenance}


def no_step(report: Report) -> str:
    """Why the plan has no step, as a sentence."""
    if report.contradictions:
        return "Some answers contradict each other. Settle first which of them are right."
    return "No remedy is left that is likely to help."


def proven(report: Report) -> list[CauseFound]:
    """The causes that the facts prove."""
    return [cause for cause in report.causes if cause.status == "proven"]


def most_likely(report: Report) -> list[CauseFound]:
    """The most probable open cause, and up to two that are nearly as probable.

    None where it is more probable that the cause is none of those that are known.
    """
    return finding.most_likely(report.causes, report.none_of_these)


def so_far(report: Report) -> str:
    """What to say before the most likely causes where none of them stands out; else nothing."""
    if report.finding.kind != "not-known-yet" or not most_likely(report):
        return ""
    return "Most likely so far" if report.case else "Most common"


def ruled_out(report: Report) -> list[CauseFound]:
    """The causes that the facts rule out."""
    return [cause for cause in report.causes if cause.status == "ruled-out"]


def worth_a_line(report: Report) -> list[CauseFound]:
    """The causes that are probable enough to be named; the others are only counted."""
    return [cause for cause in report.causes if cause.probability >= WORTH_A_LINE]


def at_most(probability: float) -> str:
    """How probable each of several causes is, of which the likeliest has this probability."""
    if probability < WORTH_A_LINE:
        return "under 1 %"
    return f"{percent(probability)} or less"


def by_strength(cause: CauseFound) -> list[Evidence]:
    """What speaks for and against a cause, strongest first."""
    return sorted(cause.evidence, key=lambda one: strongest_first(one.counts_as))


def because(one: Evidence) -> str:
    """Why a rule says what it says, and whether that is sure."""
    return one.because if one.tempered is None else if_so(one.because)


def reasons(cause: CauseFound, against: bool) -> list[str]:
    """The sentences that speak for a cause, or against it, strongest first; each once."""
    side = -1 if against else 1
    said = [because(one) for one in by_strength(cause) if one.factor * side > 0]
    return [one for one in dict.fromkeys(said) if one != cause.because]


def left_out(report: Report) -> list[tuple[str, list[str]]]:
    """The reasons for which remedies are not planned, each with the titles of those remedies.

    Remedies that were tried come first, and the reason that most of the rest share comes last. Of
    those that have helped `helped` tells.
    """
    tried = report.case.get("tried", {})
    groups: dict[str, list[LeftOut]] = {}
    for one in report.plan.left_out if not helped(report) else []:
        groups.setdefault(one.because, []).append(one)

    def place(remedies: list[LeftOut]) -> tuple[bool, int]:
        return not any(one.remedy in tried for one in remedies), len(remedies)

    ordered = sorted(groups.items(), key=lambda group: place(group[1]))
    return [(because, [one.title for one in remedies]) for because, remedies in ordered]


def state_of(one: PreconditionChecked) -> str:
    """Whether a precondition holds, or is thought to, in words."""
    return f"you think that it {STATES[one.think]}" if one.think else STATES[one.status]


def find_out(one: PreconditionChecked) -> str:
    """What looking at a precondition is good for."""
    return "To make sure" if one.think else "To find out"


def check_state(one: PreconditionChecked, brief: bool = False) -> str:
    """Whether a precondition holds, and what to do or where to look if not; `brief` names only the
    way there."""
    state = state_of(one)
    if one.status == "fails" and one.remedies:
        return f"{state}. {one.remedies[0].title}"
    if one.look:
        return f"{state}. {find_out(one)}: {' '.join(one.look[:1] if brief else one.look)}"
    return state


def written(value: Any) -> Any:
    """An answer of a facts file as a note shows it."""
    return f"{value[THINK]} {YOU_THINK_SO}" if isinstance(value, dict) else value


def how_sure(status: str, probability: float) -> str:
    """How sure a cause is: `proven`, `ruled out`, or how probable."""
    return finding.how_likely(probability) if status == "open" else status.replace("-", " ")


def in_words(probability: float) -> str:
    """How probable an open cause is, in a word."""
    return next(word for least, word in LIKELIHOOD if probability >= least)


def sure(cause: CauseFound) -> str:
    """How probable a cause is, as an addition to its title; nothing where it is proven."""
    return "" if cause.status == "proven" else f" ({how_sure(cause.status, cause.probability)})"


def prepares(step: PlanStep) -> bool:
    """Whether the step is planned only because a later one needs it."""
    return not step.must and (step.chance is None or step.chance < PREPARES)


def why(step: PlanStep, causes: Mapping[str, CauseFound]) -> str:
    """Why the step is in the plan."""
    mended = [causes[id] for id in step.fixes if id in causes]
    if step.must:
        mended = [cause for cause in mended if cause.status == "proven"]
    elif step.hand_over:
        return "they can see and do what you cannot."
    elif prepares(step):
        mended = []
    if not mended:
        return "a later step needs it."
    worth = [cause for cause in mended if cause.probability >= WORTH_A_LINE] or mended[:1]
    named = [f'"{cause.title}"{sure(cause)}' for cause in worth[:2]]
    more = len(mended) - len(named)
    if step.must:
        named += [counted(more, "other cause")] if more else []
        return f"it can help, as {joined(named)} {'is' if len(named) == 1 else 'are'} certain."
    others = f", and in {counted(more, 'other case')}" if more else ""
    return f"it can help if {joined(named, 'or')}{others}."


def groups(report: Report) -> list[tuple[str, list[PlanStep]]]:
    """The steps of the plan, in their order, in groups that say how to go about them."""
    steps = report.plan.steps
    must = [step for step in steps if step.must]
    found = [(_must(must), must)] if must else []
    for one in in_one_go([step for step in steps if not step.must]):
        first = "After that" if found else ""
        if len(one) > 1:
            chance = percent(one[0].chance or 0.0)
            do = f"{first}, do" if first else "Do"
            title = f"{do} these together, then wait one night (helps: {chance})"
        elif one[0].hand_over:
            title = "If none of this has helped" if found else "Do this"
        else:
            do = f"{first}," if first else "Do these"
            title = f"{do} {AS_THEY_COME}"
            if found and found[-1][0].endswith(AS_THEY_COME):
                found[-1][1].extend(one)
                continue
        found.append((title, one))
    return found


def _must(steps: Sequence[PlanStep]) -> str:
    do = "Do all of these first, then" if len(steps) > 1 else "Do this first, then"
    night = any(step.seen == "overnight" for step in steps)
    return (
        f"{do} wait one night, and see whether it works" if night else f"{do} see whether it works"
    )


def in_one_go(steps: Iterable[PlanStep]) -> list[list[PlanStep]]:
    """The steps in their order, together those that are done in one go."""
    found: list[list[PlanStep]] = []
    for step in steps:
        if found and step.together is not None and found[-1][0].together == step.together:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def test(step: PlanStep, report: Report) -> Iterator[str]:
    """In short: how likely the step helps, and when that is seen. What is true of several steps
    that are done in one go is said with the first of them."""
    steps = enumerate(report.plan.steps, start=1)
    group = [number for number, one in steps if step.together and one.together == step.together]
    if step.must or not group:
        if not step.must and step.chance is not None and not step.hand_over and not prepares(step):
            yield f"helps: {percent(step.chance)}"
        if step.seen == "overnight":
            yield "seen after a night"
    elif report.plan.steps[group[0] - 1] == step:
        others = f"step{'s' if len(group) > 2 else ''} {joined(map(str, group[1:]))}"
        yield f"together with {others}, then wait one night"
        yield f"together they help: {percent(step.chance or 0.0)}"
    else:
        yield f"together with step {group[0]}"


def terms(step: PlanStep, report: Report) -> Iterator[str]:
    """In short: how likely the step helps, when that is seen, what it takes, costs and loses."""
    yield from test(step, report)
    yield time_needed(step.hands_on_minutes, step.wait_minutes)
    if step.money:
        yield f"costs {step.money}"
    if step.loses:
        yield f"loses {joined(step.loses)}"


def in_short(step: PlanStep) -> Iterator[str]:
    """What a list says of a step: how long it takes, how likely it helps, and what it costs."""
    yield short_time(step.hands_on_minutes, step.wait_minutes)
    alone = step.together is None and not step.must and not step.hand_over
    if alone and step.chance is not None and not prepares(step):
        yield f"helps: {percent(step.chance)}"
    if step.money:
        yield "costs money"
    if step.loses:
        yield "loses data"


def look_lines(look: LookFirst) -> list[str]:
    """What to look at first, line by line: the way there, then what to find out."""
    lines = list(look.go)
    for one in look.facts:
        lines.append(" ".join([one.ask, *one.look] if one.ask != look.title else one.look))
    return [line for line in lines if line]
