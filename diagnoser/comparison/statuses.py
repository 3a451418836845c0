"""What another pack changes in what is concluded of each cause: exactly, over all classes of
answers to the facts that its rules read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from diagnoser.belief.weighing import OPEN, PROVEN, RULED_OUT
from diagnoser.comparison.answers import Answers, Sheet, size
from diagnoser.comparison.firing import Question, Tally, outcomes, probability
from diagnoser.comparison.model import EvidenceChanged, Example, StatusChanged
from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import Cause, Rule


def statuses(answers: Answers, renamed: Mapping[str, str]) -> Iterator[StatusChanged]:
    """The causes that have another status for some answers. A cause that is `renamed` is told by
    its new id; one that only one of the packs has is not among them."""
    for before, after in in_both(answers, renamed):
        yield from _of_cause(before, after, answers)


def in_both(answers: Answers, renamed: Mapping[str, str]) -> Iterator[tuple[Cause, Cause]]:
    """The causes that both packs have."""
    for id, before in answers.old.causes.items():
        after = answers.new.causes.get(renamed.get(id, id))
        if after is not None:
            yield before, after


def _of_cause(before: Cause, after: Cause, answers: Answers) -> Iterator[StatusChanged]:
    questions = [
        Question(_with(cause.rules, factor), cause is after)
        for cause in (before, after)
        for factor in (1, -1)
    ]
    if not any(one.conditions for one in questions):
        return
    found = outcomes(questions, answers)
    changes: dict[tuple[str, str], Tally] = {}
    for (proved, excluded, proves, excludes), tally in found.found.items():
        change = _status(proved, excluded), _status(proves, excludes)
        changes[change] = changes[change].beside(tally) if change in changes else tally
    for was, now in sorted(changes):
        if was != now:
            tally = changes[was, now]
            yield StatusChanged(
                cause=after.id,
                title=after.title,
                was=was,
                now=now,
                classes=tally.classes,
                of=found.classes,
                probability=probability([tally]),
                example=example(tally.smallest),
            )


def _with(rules: Iterable[Rule], factor: float) -> tuple[Condition, ...]:
    return tuple(rule.when for rule in rules if rule.factor == factor)


def _status(proven: bool, excluded: bool) -> str:
    """As `weigh` has it: a proof and an exclusion at once settle nothing."""
    return OPEN if proven == excluded else PROVEN if proven else RULED_OUT


def evidence(answers: Answers, renamed: Mapping[str, str]) -> Iterator[EvidenceChanged]:
    """The signs that speak otherwise of a cause: seen in other answers, or as strongly as before no
    more. Signs of a cause that only one of the packs has are not among them."""
    for before, after in in_both(answers, renamed):
        for old, new in _pairs(before.rules, after.rules):
            yield from _of_rule(after.id, old, new, answers)


def _pairs(
    before: Sequence[Rule], after: Sequence[Rule]
) -> Iterator[tuple[Rule | None, Rule | None]]:
    """The rules of a cause in both packs: those of the same sign together, then those that say the
    same under another name."""
    by_name = [{_sign(rule): rule for rule in rules} for rules in (before, after)]
    left, alone = dict(by_name[1]), []
    for sign, rule in by_name[0].items():
        if sign in left:
            yield rule, left.pop(sign)
        else:
            alone.append(rule)
    for rule in alone:
        same = [
            sign for sign, one in left.items() if (one.when, one.factor) == (rule.when, rule.factor)
        ]
        yield rule, left.pop(same[0]) if same else None
    for rule in left.values():
        yield None, rule


def _sign(rule: Rule) -> str:
    return rule.id.partition("/")[2]


def _of_rule(
    cause: str, old: Rule | None, new: Rule | None, answers: Answers
) -> Iterator[EvidenceChanged]:
    questions = [
        Question((old.when,) if old else (), False),
        Question((new.when,) if new else (), True),
    ]
    found = outcomes(questions, answers)
    weaker = old is not None and new is not None and old.factor != new.factor
    others = [tally for (was, now), tally in found.found.items() if was != now or (weaker and was)]
    one = new or old
    assert one is not None
    if not others and old is not None and new is not None:
        return
    was, now = (rule.says if rule else None for rule in (old, new))
    if (
        was == now and old is not None and new is not None and weaker
    ):  # the word means another thing
        was, now = (f"{rule.says} ({rule.factor:g})" for rule in (old, new))
    yield EvidenceChanged(
        cause=cause,
        sign=_sign(one),
        was=was,
        now=now,
        seen_before=probability(tally for (was, _), tally in found.found.items() if was),
        seen_now=probability(tally for (_, now), tally in found.found.items() if now),
        classes=sum(tally.classes for tally in others),
        of=found.classes,
        example=example(min((tally.smallest for tally in others), key=size)) if others else None,
    )


def example(sheet: Sheet, least: bool = True, smallest: bool = True) -> Example:
    """The answers of a sheet, as they are typed."""
    return Example(answers=list(size(sheet)[2]), least=least, smallest=smallest)
