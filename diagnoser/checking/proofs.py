"""Causes that are proven or ruled out on weak grounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, Hypothesis
from diagnoser.checking.accepted import Excuses
from diagnoser.checking.reachability import MOST, Options, options
from diagnoser.checking.witness import KnownCase, cases_where, told
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import AnyOf, Condition
from diagnoser.knowledge.model import Cause, Fact, Knowledge, Rule
from diagnoser.knowledge.values import Choice, Lookup, Value, Version
from diagnoser.pack.reader import Content
from diagnoser.pack.schema import BY_LIST
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain

ALL_BUT_PROVES = 0.95
"""A certainty factor from which on a sign speaks for a cause nearly as a proof does."""
STRONGLY = 0.9
"""A certainty factor that makes the odds of a cause ten times as large, or a tenth below zero."""


def path_of(rule: Rule, content: Content) -> KeyPath:
    """Where a cause has the rule: its own, or the sign in one of its lists."""
    name = rule.id.partition("/")[2]
    for says, mentions in content.causes[rule.cause].signs.items():
        for place, mention in enumerate(mentions):
            if mention.sign == name:
                return ("signs", says, place)
    return ("rules", name)


def rivals(
    knowledge: Knowledge,
    content: Content,
    evaluator: Evaluator,
    excuses: Excuses,
    complain: Complain,
) -> None:
    """Proofs by answers that speak for another cause as strongly.

    What proves a cause is impossible without it; here the answers may as well come from the other
    one. Where the cause has a strong sign in answers that the other one leaves alone, each is seen
    by itself, and both are there. So are causes that a file says `goes_with` each other.
    """
    strong = [rule for rule in knowledge.rules.values() if rule.factor >= ALL_BUT_PROVES]
    for proof in [rule for rule in strong if rule.factor == 1]:
        cause = knowledge.causes[proof.cause]
        for rival, case in _rivals(proof, strong, knowledge, evaluator).items():
            other = knowledge.causes[rival.cause]
            if not excuses.go_together((cause.id, cause.file), (other.id, other.file)):
                reason = (
                    f'proves this cause, but the same answers are "{rival.says}" of {other.id}, '
                    f"for example {told(case, knowledge.facts)}; ask too for what {other.id} does "
                    "not bring about, use a weaker word, or write under goes_with why both hold "
                    "at once"
                )
                complain(cause.file, path_of(proof, content), reason, "", "")


def _rivals(
    proof: Rule, strong: Iterable[Rule], knowledge: Knowledge, evaluator: Evaluator
) -> dict[Rule, KnownCase]:
    """A strong rule of each cause that the answers of a proof speak for as well, with these."""
    facts = knowledge.facts
    left = [
        rule
        for rule in strong
        if rule.cause != proof.cause and not rule.facts.isdisjoint(proof.facts)
    ]
    found: dict[Rule, KnownCase] = {}
    if not left:
        return found
    never = [one.when for one in knowledge.contradictions.values()]
    for case in cases_where([proof.when], never, facts):
        fired = [rule for rule in left if rule.when.outcome(case)]
        if not fired or _has_spare_answers(case, proof.when, facts):
            continue
        hypotheses = evaluator.evaluate(case).hypotheses
        if hypotheses[proof.cause].status != PROVEN:
            continue
        for rule in fired:
            if not _is_strong(hypotheses[rule.cause], ALL_BUT_PROVES, knowledge):
                continue
            alone = {id: value for id, value in case.items() if id not in rule.facts}
            rest = evaluator.evaluate(alone).hypotheses.get(proof.cause, NOTHING_SAID)
            if not _is_strong(rest, STRONGLY, knowledge):
                found[rule] = case
                left = [one for one in left if one.cause != rule.cause]
        if not left:
            break
    return found


def _is_strong(hypothesis: Hypothesis, least: float, knowledge: Knowledge) -> bool:
    """Whether the evidence proves a cause, or has a rule for it that counts at least so much."""
    if hypothesis.disputed or hypothesis.status != OPEN:
        return hypothesis.status == PROVEN
    return any(knowledge.rules[id].factor >= least for id in hypothesis.counted)


def _has_spare_answers(case: KnownCase, when: Condition, facts: Mapping[str, Fact]) -> bool:
    """Whether one of several answers to a question could be missing."""
    for id, value in case.items():
        kind = facts[id].kind
        if isinstance(value, frozenset) and isinstance(kind, Choice):
            fewer = [kind.together(map(str, value - {one})) for one in sorted(value, key=str)]
            if any(when.outcome({**case, id: less}) for less in fewer):
                return True
    return False


def lists(knowledge: Knowledge, content: Content, excuses: Excuses, complain: Complain) -> None:
    """Causes that are ruled out, or strongly spoken against, for whatever is not on a list of known
    versions, models or names.

    Such a list may speak for what is on it; what is not may be unknown as yet.
    """
    for cause in knowledge.causes.values():
        for rule, fact, case in _by_list(cause, knowledge.facts):
            if not excuses.accepts(cause.file, BY_LIST):
                reason = (
                    f"speaks against this cause for every {fact} that is not on a list, for "
                    f"example {told(case, knowledge.facts)}; no list of known cases is complete, "
                    "so let it speak for what is on it, and use a weaker word for what is not"
                )
                complain(cause.file, path_of(rule, content), reason, "", "")


def _by_list(cause: Cause, facts: Mapping[str, Fact]) -> Iterator[tuple[Rule, str, KnownCase]]:
    """The rules that speak against a cause by a list: with the fact, and a case that is not on
    it. Several rules of one fact may make the list together."""
    against = [rule for rule in cause.rules if rule.factor <= -STRONGLY]
    for id in sorted({id for rule in against for id in rule.facts}):
        mine = [rule for rule in against if id in rule.facts]
        alone = [rule for rule in mine if len(rule.facts) == 1]
        found = False
        for rule in mine:
            case = _off_the_list(rule.when, id, facts)
            if case is not None:
                found = True
                yield rule, id, case
        if not found and len(alone) > 1:
            case = _off_the_list(AnyOf(tuple(rule.when for rule in alone)), id, facts)
            if case is not None:
                yield next(rule for rule in alone if rule.when.outcome(case)), id, case


def _off_the_list(condition: Condition, id: str, facts: Mapping[str, Fact]) -> KnownCase | None:
    """A case in which the condition holds because the fact is not on a list; None if it makes no
    list of this fact's values."""
    kind = facts[id].kind
    if not isinstance(kind, (Version, Lookup)) and not facts[id].derived_from:
        return None
    source = facts[id].derived_from or id
    values = _values(source, condition, facts)
    others = [
        options(facts[one], condition, facts)
        for one in sorted(asked_for(condition, facts) - {source})
    ]
    total = len(values)
    for option in others:
        total *= len(option)
    if total > MOST:
        return None
    for parts in product(*others):
        case = {key: value for part in parts for key, value in part.items()}
        holds = [value for value in values if condition.outcome({**case, **value})]
        fails = [value for value in values if condition.outcome({**case, **value}) is False]
        if not holds or not fails:
            continue
        if isinstance(kind, Version):
            ends = [_order(value[id]) for value in holds]
            if any(min(ends) < _order(value[id]) < max(ends) for value in fails):
                return {**case, **max(holds, key=lambda value: _order(value[id]))}
        elif isinstance(kind, (Choice, Lookup)) and len(fails) < len(holds):
            return {**case, **holds[0]}
    return None


def _values(source: str, condition: Condition, facts: Mapping[str, Fact]) -> Options:
    """What the fact may be: of a table all rows, each with what follows from it."""
    fact = facts[source]
    if isinstance(fact.kind, Lookup):
        return [fact.makes_known(name) for name in fact.kind.names]
    return options(fact, condition, facts)


def _order(version: Value) -> tuple[int, ...]:
    assert isinstance(version, tuple)
    return version
