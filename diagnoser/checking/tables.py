"""What concludes from a table more than the table can tell: what is newer than it is not on it."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.checking.answer_space import AnswerSpace, KnownCase, no
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.rules import STRONGLY, path_of
from diagnoser.errors import quoted
from diagnoser.knowledge.conditions import Condition, facts_of
from diagnoser.knowledge.model import Fact, Knowledge
from diagnoser.knowledge.values import Number, Value, Version
from diagnoser.pack.reader import CONTRADICTIONS, Content
from diagnoser.pack.strict_yaml import Path as KeyPath


def past_tables(pack: ExaminedPack) -> None:
    """Contradictions, and rules that rule a cause out or speak strongly against it, that hold at
    the end of a table that ages.

    The largest value of a column, such as the newest version, grows after the table was written;
    what has a smaller one is settled. A model of the last row may run a version that no row has.
    """
    facts = pack.knowledge.facts
    for file, path, when, what in _conclusions(pack.knowledge, pack.content):
        case = _past(when, pack.space)
        if case is None:
            continue
        fact = next(id for id in sorted(facts_of(when)) if _grows(facts[id]))
        reason = (
            f"{what} by the largest {quoted(fact)} of a table that ages, for example "
            f"{pack.told(case)}; what is newer than the table has a larger one, so "
            "limit it to rows that are settled"
        )
        pack.complain(file, path, reason)


def _conclusions(
    knowledge: Knowledge, content: Content
) -> Iterator[tuple[str, KeyPath, Condition, str]]:
    for id, one in knowledge.contradictions.items():
        yield CONTRADICTIONS, ("contradictions", id, "when"), one.when, "contradicts"
    for cause in knowledge.causes.values():
        for rule in cause.rules:
            if rule.factor <= -STRONGLY:
                yield cause.file, path_of(rule, content), rule.when, "speaks against this cause"


def _grows(fact: Fact) -> bool:
    """Whether its values follow from a table that ages, and can be held against each other."""
    return fact.ages and isinstance(fact.kind, (Number, Version))


def _past(when: Condition, space: AnswerSpace) -> KnownCase | None:
    """A case in which the condition holds for what has the largest value, and not without it."""
    facts = space.facts
    growing = [id for id in sorted(facts_of(when)) if _grows(facts[id])]
    for id in growing:
        cells = (facts[facts[id].derived_from].derives or {})[id].values()
        if cells:
            case = space.sheet_with(
                space.holds(when),
                space.is_exactly(id, max(cells, key=_size)),
                no(space.holds(when, frozenset([id]))),
                contradictory=True,
            )
            if case is not None:
                return case
    return None


def _size(value: Value) -> tuple[float, ...]:
    """A number, or the parts of a version, as something to compare."""
    assert isinstance(value, (int, float, tuple))
    return value if isinstance(value, tuple) else (value,)
