"""The explanation of a diagnosis: one model for every way out, and its canonical JSON.

Probabilities are rounded to four places, minutes and ratios to two; causes, steps and evidence are
those of the report of the same case.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from diagnoser.explanation.trace import RuleTrace
from diagnoser.knowledge.values import Shown
from diagnoser.report.model import (
    From,
    Guide,
    KnowledgeUsed,
    Minutes,
    Probability,
    Reported,
    Schema,
    Sheet,
    Status,
    Think,
)

# -- how


class FactUsed(Reported):
    """A known fact that a rule read: its question, its value as it is written, and its label."""

    fact: str
    ask: str
    value: Shown | Think
    label: str
    provenance: From = None


class RuleFired(Reported):
    """Evidence. `ratio` multiplies the odds of the cause: null proves it, 0 rules it out; where the
    rule holds only thanks to answers that somebody is not sure of, it is `tempered`, and does
    neither.

    Of rules that read the same fact only the strongest counts, and of a proof and an exclusion
    neither; `not_counted` says so of a rule that does not count.
    """

    rule: str
    says: str
    supports: bool
    because: str
    ratio: float | None
    tempered: Annotated[
        Literal[True] | None,
        Field(
            exclude_if=lambda one: one is None,
            description="Said of what rests on an answer that somebody is not sure of.",
        ),
    ] = None
    counts: bool
    not_counted: str
    facts: list[FactUsed]
    source: str
    worth: str
    reviewed: str


class TriedAlready(Reported):
    """A remedy that did not help; it would have mended the cause with this chance."""

    remedy: str
    title: str
    chance: Probability


class How(Reported):
    """From the prior to the probability.

    The prior odds times the ratios that count give `by_evidence`; remedies that were tried without
    help leave `after_tried`; that the system does fail makes it the cause's probability.
    """

    commonness: str
    prior: Probability
    evidence: list[RuleFired]
    by_evidence: Probability
    tried: list[TriedAlready]
    after_tried: Probability
    probability: Probability
    in_words: list[str]


# -- what is missing


class AnswerEffect(Reported):
    """What an answer would make of the cause; `labels` are answers that do the same."""

    labels: list[str]
    values: list[Shown]
    status: Status
    probability: Probability


class MissingFact(Reported):
    """An unknown fact that undecided rules of the cause read, and its effect by itself.

    `settles` tells that some answer proves the cause or rules it out. `moves` is the largest change
    of the probability. `answers` are those that change something, from what makes the cause most
    probable to what makes it least probable.
    """

    fact: str
    ask: str
    effort_minutes: Minutes
    settles: bool
    moves: float
    answers: list[AnswerEffect]


class CauseExplained(Reported):
    """One cause: how its probability came about, the rules that did not fire, what would settle
    it."""

    id: str
    title: str
    status: Status
    probability: Probability
    because: str
    guide: Guide
    how: How
    why_not: list[RuleTrace]
    missing: list[MissingFact]


# -- what would change it


class OtherAnswer(Reported):
    """Any of these answers to one question, instead of the one given (null where not known).

    Of a number or a version the values are samples: typical ones, and those next to a line.
    """

    fact: str
    ask: str
    given: str | None
    labels: list[str]
    values: list[Shown]


class Change(Reported):
    """One or two answers, and what would come first with them; null where nothing would."""

    answers: list[OtherAnswer]
    becomes: str | None
    title: str


class Changes(Reported):
    """The smallest sets of answers that change what comes first, most probable first.

    All sets of one and two answers were looked at, over representative values, and those to the
    same questions with the same result put together: `found_single` and `found_pairs` count them,
    `listed` are shown. A pair is there only if neither of its answers does it alone.
    An answer that contradicts the others, or a question that does not arise, is no answer.
    `complete` is false where there were too many pairs to look at.
    """

    now: str | None
    title: str
    found_single: int
    found_pairs: int
    listed: list[Change]
    complete: bool
    in_words: str


class WhatWouldChange(Reported):
    first_cause: Changes
    first_step: Changes


# -- why this remedy


class Fixes(Reported):
    """A cause that the remedy mends with this chance, and how probable the cause is."""

    cause: str
    title: str
    chance: Probability
    probability: Probability


class WaitsFor(Reported):
    """A remedy that must come first, and its place in the plan from 1 (null: it was tried)."""

    remedy: str
    title: str
    step: int | None


class StepExplained(Reported):
    """Why a step is there, and why before the next.

    `chance` is that of the step alone. `minutes` is its price: hands-on and waiting time, what it
    spoils, and seeing whether it worked, but for steps with the same number in `together`, which
    are tested once, all of them.
    `fails_before` and `fails_after` are the chances that the system still fails.
    `drop_per_minute` is what `with_steps` together take off that chance, per minute of their price:
    a step that only prepares others counts with them. It is null for steps that proven causes
    demand, and for handing over.
    """

    remedy: str
    title: str
    must: bool
    hand_over: bool
    together: int | None
    chance: Probability | None
    minutes: Minutes
    fails_before: Probability
    fails_after: Probability
    with_steps: list[str]
    drop_per_minute: float | None
    waits_for: list[WaitsFor]
    fixes: list[Fixes]
    because: str
    before_the_next: str


class LeftOutExplained(Reported):
    """A remedy that is not planned, and why; its chance to help after all steps but the last, and
    its price."""

    remedy: str
    title: str
    because: str
    chance: Probability | None
    minutes: Minutes


class PlanExplained(Reported):
    expected_minutes: Minutes
    steps: list[StepExplained]
    left_out: list[LeftOutExplained]


# -- how firm it is


class Moved(Reported):
    """A strength or a prior that changes the first step when it moves by one word."""

    what: str
    id: str
    title: str
    word: str
    instead: str
    becomes: str | None
    becomes_title: str


class Sensitivity(Reported):
    """Whether the first step stays first when any one strength or prior moves by one word."""

    firm: bool
    in_words: str
    moves: list[Moved]


class ReadingWithout(Reported):
    """The diagnosis while one of the answers counts as not known."""

    fact: str
    ask: str
    label: str
    first_cause: str | None
    first_cause_title: str
    status: Status
    probability: Probability
    first_step: str | None
    first_step_title: str


class ContradictionExplained(Reported):
    """A smallest set of answers that cannot hold together, each reason for it, the answer to check
    again, and the diagnosis without each of them in turn."""

    facts: list[FactUsed]
    because: list[str]
    ask_again: str
    ask: str
    without: list[ReadingWithout]


class Explanation(Reported):
    """Why the report of a case says what it says; `asked` is the cause that was asked for, None
    where it was not one: then `causes` are all of them."""

    schema_: Schema = 1
    knowledge: KnowledgeUsed
    case: Sheet
    asked: str | None
    causes: list[CauseExplained]
    none_of_these: Probability
    plan: PlanExplained
    changes: WhatWouldChange
    sensitivity: Sensitivity
    contradictions: list[ContradictionExplained]
