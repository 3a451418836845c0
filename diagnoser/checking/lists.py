"""Causes that are ruled out because something is not on a list."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.checking.answer_space import AnswerSpace, KnownCase
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.rules import STRONGLY, path_of
from diagnoser.knowledge.conditions import AnyOf, Condition
from diagnoser.knowledge.model import Cause, Rule
from diagnoser.knowledge.values import Choice, Lookup, Version
from diagnoser.pack.schema import BY_LIST


def lists(pack: ExaminedPack) -> None:
    """Causes that are ruled out, or strongly spoken against, for whatever is not on a list of known
    versions, models or names.

    Such a list may speak for what is on it; what is not may be unknown as yet.
    """
    for cause in pack.knowledge.causes.values():
        for rule, fact, case in _by_list(cause, pack.space):
            if not pack.excuses.accepts(cause.file, BY_LIST):
                reason = (
                    f"speaks against this cause for every {fact} that is not on a list, for "
                    f"example {pack.told(case)}; no list of known cases is complete, "
                    "so let it speak for what is on it, and use a weaker word for what is not"
                )
                pack.complain(cause.file, path_of(rule, pack.content), reason)


def _by_list(cause: Cause, space: AnswerSpace) -> Iterator[tuple[Rule, str, KnownCase]]:
    """The rules that speak against a cause by a list: with the fact, and a case that is not on
    it. Several rules of one fact may make the list together."""
    against = [rule for rule in cause.rules if rule.factor <= -STRONGLY]
    for id in sorted({id for rule in against for id in rule.facts}):
        mine = [rule for rule in against if id in rule.facts]
        alone = [rule for rule in mine if len(rule.facts) == 1]
        found = False
        for rule in mine:
            case = _off_the_list(rule.when, id, space)
            if case is not None:
                found = True
                yield rule, id, case
        if not found and len(alone) > 1:
            case = _off_the_list(AnyOf(tuple(rule.when for rule in alone)), id, space)
            if case is not None:
                yield next(rule for rule in alone if rule.when.outcome(case)), id, case


def _off_the_list(condition: Condition, id: str, space: AnswerSpace) -> KnownCase | None:
    """A case in which the condition holds because the fact is not on a list; None if it makes no
    list of this fact's values. It makes one of versions if it fails for a version between two for
    which it holds, and one of names or words if it fails for fewer than it holds for."""
    fact = space.facts[id]
    if not isinstance(fact.kind, (Version, Lookup)) and not fact.derived_from:
        return None
    source = fact.derived_from or id
    holds, fails = space.holds(condition), space.fails(condition)
    if isinstance(fact.kind, Version):
        may_be, on_it = space.another_answer(source)
        may_be_too, before = space.another_answer(source, "''")
        value = space.value(id)
        return space.sheet_with(
            *(holds, may_be, on_it(fails), may_be_too, before(holds)),
            space.less(before(value), on_it(value)),
            space.less(on_it(value), value),
            contradictory=True,
        )
    if isinstance(fact.kind, (Choice, Lookup)):
        options = space.options(source)
        some = [option(fails) for option in options]
        few = space.fewer(some, [option(holds) for option in options])
        return space.sheet_with(holds, few, contradictory=True)
    return None
