"""How firm a diagnosis stands: whether its first step stays first when any one strength or prior
moves by one word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from diagnoser.belief import PROVEN, Belief, believe, weigh
from diagnoser.direct import Reading
from diagnoser.explanation import Moved, Sensitivity
from diagnoser.firststep import FirstSteps
from diagnoser.knowledge import Cause, Knowledge, Rule
from diagnoser.plan import Planner
from diagnoser.wording import both


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
    knowledge: Knowledge, planner: Planner, reading: Reading, belief: Belief
) -> Iterator[Move]:
    """The strengths and priors of which one word up or down changes the first step of the plan.

    Only rules that fired are moved: what others say does not come in.
    """
    steps = FirstSteps(planner, belief, reading.known)
    first = steps.first({}, steps.proven, reading.barred)

    def first_with(cause: Cause, rules: Mapping[str, Rule]) -> str | None:
        evidence = {cause.id: weigh(rules.values())} if rules else {}
        alone = believe(replace(knowledge, causes={cause.id: cause}), evidence, reading.known)
        proven = steps.proven - {cause.id}
        if alone.status(cause.id) == PROVEN:
            proven |= {cause.id}
        return steps.first(alone.present, proven, reading.barred)

    for id, cause in knowledge.causes.items():
        rules = {rule: knowledge.rules[rule] for rule in reading.fired.get(id, ())}
        for rule in rules.values():
            for factor in neighbours(knowledge.strengths, rule.factor):
                then = first_with(cause, rules | {rule.id: replace(rule, factor=factor)})
                if then != first:
                    yield Move(id, rule.id, rule.factor, factor, then)
        for prior in neighbours(knowledge.commonness, cause.prior):
            then = first_with(replace(cause, prior=prior), rules)
            if then != first:
                yield Move(id, None, cause.prior, prior, then)


def neighbours(words: Mapping[str, float], value: float) -> list[float]:
    """The values of the words next to the one with this value, below and above it."""
    values = sorted(set(words.values()))
    place = values.index(value)
    return values[max(place - 1, 0) : place] + values[place + 1 : place + 2]


def sensitivity(
    knowledge: Knowledge, planner: Planner, reading: Reading, belief: Belief
) -> Sensitivity:
    """The moves that matter, by name, and one line about them."""
    moves = [
        _shown(move, knowledge) for move in moves_that_matter(knowledge, planner, reading, belief)
    ]
    if not moves:
        line = "The first step stays first if any one strength or prior moves by one word."
    else:
        ids = list(dict.fromkeys(move.id for move in moves))
        named = both([*ids[:5], *([f"{len(ids) - 5} more"] if len(ids) > 5 else [])])
        those = "one of these strengths or priors" if len(ids) > 1 else f"this {moves[0].what}"
        line = f"Another step would come first if {those} moved by one word: {named}."
    return Sensitivity(firm=not moves, in_words=line, moves=moves)


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
