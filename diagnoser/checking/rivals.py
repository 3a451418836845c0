"""Causes that are proven by answers that may as well come from another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagnoser.checking.answer_space import AnswerSpace, Formula, KnownCase, both, either, no
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.rules import ALL_BUT_PROVES, STRONGLY, path_of
from diagnoser.checking.weighed import proven, strong
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import Knowledge, Rule
from diagnoser.knowledge.values import Choice


def rivals(pack: ExaminedPack) -> None:
    """Proofs by answers that speak for another cause as strongly.

    What proves a cause is impossible without it; here the answers may as well come from the other
    one. Where the cause has a strong sign in answers that the other one leaves alone, each is seen
    by itself, and both are there. So are causes that a file says `goes_with` each other.
    """
    knowledge = pack.knowledge
    strong_rules = [rule for rule in knowledge.rules.values() if rule.factor >= ALL_BUT_PROVES]
    for proof in [rule for rule in strong_rules if rule.factor == 1]:
        cause = knowledge.causes[proof.cause]
        for rival, case in _rivals(proof, strong_rules, knowledge, pack.space):
            other = knowledge.causes[rival.cause]
            if not pack.excuses.go_together((cause.id, cause.file), (other.id, other.file)):
                reason = (
                    f'proves this cause, but the same answers are "{rival.says}" of {other.id}, '
                    f"for example {pack.told(case)}; ask too for what {other.id} does "
                    "not bring about, use a weaker word, or write under goes_with why both hold "
                    "at once"
                )
                pack.complain(cause.file, path_of(proof, pack.content), reason)


def _rivals(
    proof: Rule, strong_rules: Iterable[Rule], knowledge: Knowledge, space: AnswerSpace
) -> Iterator[tuple[Rule, KnownCase]]:
    """A rule of each other cause that speaks strongly for it on the answers that a proof needs,
    with these answers."""
    asked = asked_for(proof.when, space.facts)
    others = frozenset(
        id for id, fact in space.facts.items() if asked.isdisjoint((id, fact.derived_from))
    )
    cause = knowledge.causes[proof.cause]
    alone = [space.holds(proof.when), *_nothing_to_spare(proof, asked, space)]
    alone.append(proven(cause, space, others))
    found: set[str] = set()
    for rule in strong_rules:
        if rule.cause in (proof.cause, *found) or rule.facts.isdisjoint(proof.facts):
            continue
        too = space.holds(rule.when, others)
        if space.can_be(*alone, too):
            case = space.sheet_with(
                *alone,
                too,
                strong(knowledge.causes[rule.cause], ALL_BUT_PROVES, space, others),
                no(strong(cause, STRONGLY, space, others | rule.facts)),
            )
            if case is not None:
                found.add(rule.cause)
                yield rule, case


def _nothing_to_spare(proof: Rule, asked: Iterable[str], space: AnswerSpace) -> Iterator[Formula]:
    """Formulas that together say that the proof would not hold with any answer less: without a
    fact, or without one of several answers to it."""
    holds = space.holds(proof.when)
    for id in sorted(asked):
        fact = space.facts[id]
        without = space.holds(proof.when, frozenset([id, *(fact.derives or ())]))
        yield no(both(space.known(id), without))
        if isinstance(fact.kind, Choice) and fact.kind.several:
            for word in fact.kind.labels:
                rest = [space.is_among(id, one) for one in fact.kind.labels if one != word]
                less = space.without(id, word, holds)
                yield no(both(space.is_among(id, word), either(*rest), less))
