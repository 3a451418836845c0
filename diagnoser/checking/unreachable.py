"""What no answer sheet can bring about: conditions that never or always hold, answers, causes,
variants of steps and of ways, and remedies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN
from diagnoser.checking.answer_space import AnswerSpace, either, no
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.stated import stated
from diagnoser.errors import quoted
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import Cause, Knowledge, Variant
from diagnoser.knowledge.values import Choice
from diagnoser.pack.reader import CONTRADICTIONS, PLACES
from diagnoser.pack.schema import ALWAYS_BARRED
from diagnoser.pack.strict_yaml import Path as KeyPath

_EITHER = ("when", "holds", "fails")
"""Where a condition stands that must be able to hold and to fail."""


def decided(pack: ExaminedPack) -> None:
    """Conditions that never hold, or always do once their facts are known, whatever these are.

    Lines and questions may wait for a fact to be known.
    """
    knowledge, space = pack.knowledge, pack.space
    for one in dict.fromkeys(stated(knowledge)):
        holds, fails = space.holds(one.when), space.fails(one.when)
        if not space.can_be(holds, contradictory=True):
            pack.complain(one.file, one.path, "can never hold")
        elif one.path[-1] in _EITHER and not space.can_be(fails, contradictory=True):
            barring = "not_if" in one.path
            if not (barring and pack.excuses.accepts(one.file, ALWAYS_BARRED)):
                reason = "always holds"
                if barring:
                    reason += (
                        ", whatever the answers are, so nobody who has told them is advised this; "
                        f"mend it, or write under accepted.{ALWAYS_BARRED} why that is right"
                    )
                pack.complain(one.file, one.path, reason)
        elif one.file != CONTRADICTIONS and not space.can_be(holds):
            case = space.sheet_with(holds, contradictory=True)
            reason = (
                "can only hold where answers contradict each other, for example with "
                f"{pack.told(case)}"
            )
            against = [
                quoted(id)
                for id, other in knowledge.contradictions.items()
                if not space.can_be(holds, no(space.holds(other.when)), contradictory=True)
            ]
            reason += f", by {' or '.join(against)} in {CONTRADICTIONS}" if against else ""
            pack.complain(one.file, one.path, reason)


def answers(pack: ExaminedPack) -> None:
    """Answers to a question that contradict themselves, so that nobody can give them."""
    for fact in pack.knowledge.facts.values():
        if fact.askable and isinstance(fact.kind, Choice):
            for word in fact.kind.labels:
                if not pack.space.can_be(pack.space.is_among(fact.id, word)):
                    path = ("facts", fact.id.partition(".")[2], "answers", word)
                    reason = f"is an answer that {CONTRADICTIONS} never allows"
                    pack.complain(f"facts/{fact.area}.yaml", path, reason)


def causes(pack: ExaminedPack) -> None:
    """Causes that no sheet proves or makes more likely."""
    for cause in pack.knowledge.causes.values():
        if not _can_be_believed(cause, pack.space, pack.evaluator):
            reason = "is a cause that no answers ever prove or make more likely"
            pack.complain(cause.file, (), reason)


def _can_be_believed(cause: Cause, space: AnswerSpace, evaluator: Evaluator) -> bool:
    """Whether some sheet proves a cause or makes it more likely.

    Sheets on which the same of its rules fire are looked at once, by what the program makes of one
    of them.
    """
    fires = [space.holds(rule.when) for rule in cause.rules]
    speaking = [one for one, rule in zip(fires, cause.rules, strict=True) if rule.factor > 0]
    for _, case in space.combinations(fires, either(*speaking)):
        found = evaluator.evaluate(case).hypotheses.get(cause.id, NOTHING_SAID)
        if found.status == PROVEN or (found.status == OPEN and found.ratio > 1):
            return True
    return False


def variants(pack: ExaminedPack) -> None:
    """Variants of steps, ways and looks that nobody ever gets, because an earlier one holds
    wherever they do, or the remedy is barred there."""
    space = pack.space
    for file, path, some, barred in _places(pack.knowledge):
        allowed = [no(space.holds(one)) for one in barred]
        before: list[Condition] = []
        for place, variant in enumerate(some):
            if variant.condition is None:
                continue
            holds = space.holds(variant.condition)
            if space.can_be(holds) and not space.can_be(
                holds, *allowed, *(no(space.holds(one)) for one in before)
            ):
                barring = not space.can_be(holds, *allowed)
                reason = (
                    "is never shown: where it holds, the remedy is barred"
                    if barring
                    else "is never shown: where it holds, an earlier one does, which comes first"
                )
                reason += f", for example with {pack.told(space.sheet_with(holds))}"
                pack.complain(file, (*path, place, "if"), reason)
            before.append(variant.condition)


def _places(
    knowledge: Knowledge,
) -> Iterator[tuple[str, KeyPath, Sequence[Variant], list[Condition]]]:
    """Where variants stand, with them, and with the conditions that keep all of them from being
    shown."""
    for place in knowledge.places.values():
        yield PLACES, ("places", place.id, "go"), place.go, []
    for remedy in knowledge.remedies.values():
        yield remedy.file, ("steps",), remedy.steps, [bar.when for bar in remedy.not_if]
    for fact in knowledge.facts.values():
        path = ("facts", fact.id.partition(".")[2], "look")
        yield f"facts/{fact.area}.yaml", path, fact.look, []
