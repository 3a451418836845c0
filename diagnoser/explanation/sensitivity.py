"""How firm a diagnosis stands: whether its first step stays first when any one strength or prior
moves by one word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import temper, weigh
from diagnoser.explanation.model import Moved, Sensitivity
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.model import Cause, Knowledge, Rule
from diagnoser.knowledge.wording import joined
from diagnoser.planning.planner import Planner

NAMED = 3
"""Strengths and priors, and steps, that the one line names at most."""


@dataclass(frozen=True, slots=True)
class Move:
    """A rule's strength, or a cause's prior (`rule` is None), one word up or down, and the first
    step with it."""

    cause: str
    rule: str | None
    before: float
    after: float
    first_step: str | None


def moves_that_matter(
    knowledge: Knowledge,
    planner: Planner,
    findings: Findings,
    belief: Belief,
    tried: Mapping[str, str],
) -> Iterator[Move]:
    """The strengths and priors of which one word up or down changes the first step of the plan.

    Only rules that fired are moved: what others say does not come in.
    """
    start = planner.start(tried, findings.barred)

    def first_with(cause: Cause, rules: Mapping[str, Rule]) -> str | None:
        moved = knowledge._replace(causes={**knowledge.causes, cause.id: cause})
        found = dict(findings.hypotheses)
        if rules:
            some = findings.tempered
            counted = [temper(one, knowledge) if one.id in some else one for one in rules.values()]
            found[cause.id] = weigh(counted)
        return planner.first_step(start, believe(moved, found, tried))

    first = planner.first_step(start, belief)
    for id, cause in knowledge.causes.items():
        rules = {rule: knowledge.rules[rule] for rule in findings.fired.get(id, ())}
        for rule in rules.values():
            for factor in neighbours(knowledge.strengths, rule.factor):
                then = first_with(cause, rules | {rule.id: rule.weighing(factor)})
                if then != first:
                    yield Move(id, rule.id, rule.factor, factor, then)
        for prior in neighbours(knowledge.commonness, cause.prior):
            then = first_with(cause._replace(prior=prior), rules)
            if then != first:
                yield Move(id, None, cause.prior, prior, then)


def neighbours(words: Mapping[str, float], value: float) -> list[float]:
    """The values of the words next to the one with this value, below and above it."""
    values = sorted(set(words.values()))
    place = values.index(value)
    return values[max(place - 1, 0) : place] + values[place + 1 : place + 2]


def sensitivity(
    knowledge: Knowledge,
    planner: Planner,
    findings: Findings,
    belief: Belief,
    tried: Mapping[str, str],
) -> Sensitivity:
    """The moves that matter, by name, those of the most probable causes first, and one line about
    them."""
    place = {cause: number for number, cause in enumerate(belief.ranking())}
    found = sorted(
        moves_that_matter(knowledge, planner, findings, belief, tried),
        key=lambda one: place[one.cause],
    )
    moves = [_shown(move, knowledge) for move in found]
    return Sensitivity(firm=not moves, in_words=_in_words(moves), moves=moves)


def _in_words(moves: Sequence[Moved]) -> str:
    if not moves:
        return "The first step stays first if any one strength or prior moves by one word."
    ids = list(dict.fromkeys(move.id for move in moves))
    named = joined([*ids[:NAMED], *([f"{len(ids) - NAMED} more"] if ids[NAMED:] else [])])
    titles = dict.fromkeys(move.becomes_title for move in moves)
    named_steps = (f"“{title}”" if title else "no step" for title in list(titles)[:NAMED])
    steps = joined(named_steps, "or")
    those = f"any of {len(ids)} strengths or priors" if len(ids) > 1 else f"one {moves[0].what}"
    return f"{steps} would come first if {those} moved by one word: {named}."


def _shown(move: Move, knowledge: Knowledge) -> Moved:
    words = {value: word for word, value in knowledge.commonness.items()}
    if move.rule is not None:
        words = {value: word for word, value in knowledge.strengths.items()}
    remedy = knowledge.remedies[move.first_step].title if move.first_step else ""
    before = knowledge.causes[move.cause].commonness
    return Moved(
        what="prior" if move.rule is None else "strength",
        id=move.rule or move.cause,
        title=knowledge.causes[move.cause].title,
        word=before if move.rule is None else knowledge.rules[move.rule].says,
        instead=words[move.after],
        becomes=move.first_step,
        becomes_title=remedy,
    )
