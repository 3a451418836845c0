"""What is said in vain: signs that never count, conditions that are the same, questions that change
nothing."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.belief.weighing import weigh
from diagnoser.checking.answer_space import AnswerSpace, Formula, KnownCase, differ, either, no
from diagnoser.checking.examined_pack import ExaminedPack
from diagnoser.checking.rules import name_of, path_of
from diagnoser.checking.signs import path_of as path_of_sign
from diagnoser.checking.stated import Stated, stated
from diagnoser.checking.weighed import counting
from diagnoser.errors import quoted
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import Cause, Fact, Knowledge, Rule


class NeverCounts:
    """Finds rules that hold on some sheet and count on none, because a stronger one of the cause
    that reads the same fact always holds there too."""

    def __init__(self, knowledge: Knowledge, space: AnswerSpace) -> None:
        self._knowledge, self._space = knowledge, space
        self._seen: dict[object, KnownCase | None] = {}
        """For each condition a case in which it holds, if there is one."""

    def find(self, pack: ExaminedPack) -> None:
        """Complains of each of them, with the rules that count in its place."""
        for cause in self._knowledge.causes.values():
            for rule, others in self.of_cause(cause):
                names = " or ".join(quoted(name_of(one)) for one in others)
                reason = f"never counts: wherever it holds, {names} holds and is as strong"
                if not rule.conclusive:
                    reason += ", and of rules that read the same fact only the strongest counts"
                path = path_of(rule, pack.content)
                case = self._space.sheet_where([rule.when])
                reason += (
                    f", for example with {pack.told(case)}; take it out, ask for "
                    "less in it, or use a stronger word"
                )
                pack.complain(cause.file, path, reason)

    def of_cause(self, cause: Cause) -> Iterator[tuple[Rule, list[Rule]]]:
        """The rules of a cause that never count, with those that count in their place."""
        settling = [rule for rule in cause.rules if rule.conclusive]
        for rule in settling:
            for other in settling:
                if other is not rule and other.factor == rule.factor and self._within(rule, other):
                    yield rule, [other]
        counts = counting(cause.rules, self._space)
        for rule, formula in counts.items():
            rivals = [
                one
                for one in counts
                if one.place < rule.place and not one.facts.isdisjoint(rule.facts)
            ]
            if rivals and self._never(cause, rule, formula):
                alone = [one for one in rivals if self._within(rule, one)]
                yield rule, alone[:1] or rivals

    def _never(self, cause: Cause, rule: Rule, counts: Formula) -> bool:
        """Whether the rule can hold, but cannot count."""
        case = self._case(rule)
        if case is None:  # which is found elsewhere
            return False
        fired = [one for one in cause.rules if one.when.outcome(case)]
        if rule.id in weigh(fired).counted:
            return False
        return not self._space.can_be(counts)

    def _within(self, rule: Rule, other: Rule) -> bool:
        """Whether the other rule holds wherever this one does, which it can."""
        case = self._case(rule)
        if case is None or not other.when.outcome(case):
            return False
        return not self._space.can_be(
            self._space.holds(rule.when), no(self._space.holds(other.when))
        )

    def _case(self, rule: Rule) -> KnownCase | None:
        if rule.when not in self._seen:
            self._seen[rule.when] = self._space.any_sheet(self._space.holds(rule.when))
        return self._seen[rule.when]


def same_conditions(pack: ExaminedPack) -> None:
    """Signs that hold on the same sheets, however their conditions are written: two that are
    written alike are found without this."""
    knowledge, space = pack.knowledge, pack.space
    reading: dict[frozenset[str], list[tuple[Stated, str, KnownCase | None]]] = {}
    own_last = sorted(knowledge.signs.values(), key=lambda sign: (not sign.observation, sign.id))
    for sign in own_last:
        holds = space.holds(sign.when)
        case = space.any_sheet(holds, contradictory=True)
        place = Stated(sign.file, path_of_sign(sign), sign.when)
        alike = reading.setdefault(frozenset(asked_for(sign.when, space.facts)), [])
        for other, id, seen in alike:
            if case is None or seen is None or other.when == sign.when:
                continue
            apart = not other.when.outcome(case) or not sign.when.outcome(seen)
            differs = differ(holds, space.holds(other.when))
            if not apart and not space.can_be(differs, contradictory=True):
                shown = pack.told(space.sheet_with(holds, contradictory=True))
                reason = (
                    f"holds wherever {id} does, and nowhere else, for example with {shown}; say it "
                    "once"
                )
                pack.complain(place.file, place.path, reason)
                break
        alike.append((place, sign.id, case))


def idle_questions(pack: ExaminedPack) -> None:
    """Questions of which no two answers make any difference, whatever else is known: to a sign, a
    bar, a contradiction, a precondition, a note, a step, or to what else is asked."""
    knowledge, space = pack.knowledge, pack.space
    reading: dict[str, list[Stated]] = {}
    for one in stated(knowledge):
        for id in asked_for(one.when, space.facts):
            reading.setdefault(id, []).append(one)
    for fact in knowledge.facts.values():
        conditions = reading.get(fact.id, [])
        if fact.askable and conditions and not _changes_anything(fact, conditions, space):
            path = ("facts", fact.id.partition(".")[2])
            read = len({(one.file, one.path) for one in conditions})
            reason = (
                "changes nothing: of all that reads it, no two answers to it make any difference; "
                f"look at {conditions[0].file}"
            )
            if read > 1:
                reason += f" and {read - 1} more" if read > 2 else f" and {conditions[1].file}"
            pack.complain(f"facts/{fact.area}.yaml", path, reason)


def _changes_anything(fact: Fact, conditions: list[Stated], space: AnswerSpace) -> bool:
    """Whether two answers to the fact differ in one of the conditions, on some sheet."""
    may_be, other = space.another_answer(fact.id)
    known = space.known(fact.id)
    for when in dict.fromkeys(one.when for one in conditions):
        holds, fails = space.holds(when), space.fails(when)
        differs = either(differ(holds, other(holds)), differ(fails, other(fails)))
        if space.can_be(known, may_be, other(known), differs):
            return True
    return False
