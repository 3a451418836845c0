"""What is claimed of causes, over all answers to the facts that their signs read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from diagnoser.belief.weighing import OPEN, PROVEN, RULED_OUT, weigh
from diagnoser.checking.answer_space import AnswerSpace, Formula, KnownCase, both, either, no
from diagnoser.checking.claims import Claim, Findings, Refuted
from diagnoser.checking.classes import FiredRules, Group, groups_of
from diagnoser.checking.overlaps import opposite_verdicts
from diagnoser.checking.rules import name_of, path_of
from diagnoser.checking.weighed import ruled_out
from diagnoser.knowledge.model import Cause, Knowledge, Precondition, Rule
from diagnoser.pack.reader import PACK, Content

NOISE = 1e-9
"""Two ratios that differ by no more than this part of them are the same but for rounding."""


class CauseClaims:
    """Claims about the causes of one knowledge; each says what it claims, and finds what refutes
    it."""

    def __init__(self, knowledge: Knowledge, content: Content, space: AnswerSpace) -> None:
        self._knowledge, self._content, self._space = knowledge, content, space
        self.groups = {id: groups_of(one, space) for id, one in knowledge.causes.items()}

    def all(self) -> Iterable[tuple[Claim, Callable[[Claim], Findings]]]:
        """Every claim, with what tests it and counts what it looks at."""
        yield (
            Claim(
                "No cause is both proven and ruled out, but where answers contradict each other as "
                "the pack lists it.",
                "Z3 finds no sheet for any proof with any exclusion of the same cause.",
            ),
            self._no_dispute,
        )
        yield (
            Claim(
                "What a set of signs says of a cause is proven where a proof is among them, ruled "
                "out where an exclusion is, and open elsewhere.",
                "The rules of each cause fall into groups that share no fact; all sets of a "
                "group's rules that Z3 finds able to hold together are weighed.",
            ),
            self._statuses,
        )
        yield (
            Claim(
                "One more answer, given for sure, that only makes rules for a cause hold never "
                "makes the cause less likely.",
                "Of all sets of a group's rules that can hold together, each is held against each "
                "that has only rules for the cause more; where it weighs less, Z3 finds no answer "
                "that leads from one to the other.",
            ),
            self._more_never_lowers,
        )
        yield (
            Claim(
                "Where a precondition is known to fail, a cause that its remedies mend is proven "
                "or open, never are all of them ruled out.",
                "Z3 finds no sheet for each precondition.",
            ),
            self._failing_has_a_cause,
        )
        yield (
            Claim(
                "A cause that is proven by a precondition being false is never proven where that "
                "precondition is known to hold.",
                "Z3 finds no sheet for each precondition, and each proof of each cause that has "
                "one which holds only where the precondition fails.",
            ),
            self._proven_only_where_false,
        )

    def _no_dispute(self, claim: Claim) -> Findings:
        for cause in self._knowledge.causes.values():
            claim.count("causes")
            for proof, exclusion in opposite_verdicts(cause):
                claim.count("pairs of a proof and an exclusion")
                case = self._space.sheet_where([proof.when, exclusion.when])
                if case is not None:
                    reason = f'fails for {cause.id}: "{name_of(exclusion)}" rules it out'
                    yield Refuted(cause.file, self._path(proof), reason, case)

    def _statuses(self, claim: Claim) -> Findings:
        for cause in self._knowledge.causes.values():
            claim.count("causes")
            for group in self.groups[cause.id]:
                claim.count("groups of rules")
                claim.count("sets of rules", len(group.classes))
                for fired in group.classes:
                    found = weigh(self._rules(fired))
                    settled = {rule.factor for rule in self._rules(fired) if rule.conclusive}
                    expected = OPEN if len(settled) != 1 else PROVEN if 1 in settled else RULED_OUT
                    if found.status != expected:
                        reason = f"fails for {cause.id}: it is {found.status}, not {expected}"
                        case = self._space.sheet_with(*group.exactly(fired))
                        yield Refuted(cause.file, (), reason, case)

    def _more_never_lowers(self, claim: Claim) -> Findings:
        for cause in self._knowledge.causes.values():
            claim.count("causes")
            for group in self.groups[cause.id]:
                yield from self._lowered(cause, group, claim)

    def _lowered(self, cause: Cause, group: Group, claim: Claim) -> Findings:
        ratios = {fired: weigh(self._rules(fired)).ratio for fired in group.classes}
        speaking = {rule.id for rule in group.rules if rule.factor > 0}
        for less, before in ratios.items():
            for more, after in ratios.items():
                if not less < more or not more - less <= speaking:
                    continue
                claim.count("pairs of sets")
                if after >= before * (1 - NOISE):
                    continue
                claim.count("pairs of which one weighs less")
                found = self._one_answer(group, less, more)
                if found is not None:
                    fact, case = found
                    new = self._rules(more - less)
                    names = ", ".join(map(name_of, new))
                    reason = (
                        f"fails for {cause.id}: without {fact} it is {before / after:.2g} times as "
                        f"likely, and with it {names} holds in addition"
                    )
                    yield Refuted(cause.file, self._path(new[0]), reason, case)
                    return

    def _one_answer(
        self, group: Group, less: FiredRules, more: FiredRules
    ) -> tuple[str, KnownCase] | None:
        """A fact of which an answer leads from one set of rules that hold to the other, and a case
        of it; None where there is none."""
        for fact in sorted(group.asked):
            told = frozenset([fact, *(self._space.facts[fact].derives or ())])
            case = self._space.sheet_with(
                self._space.known(fact), *group.exactly(less, told), *group.exactly(more)
            )
            if case is not None:
                return fact, case
        return None

    def _failing_has_a_cause(self, claim: Claim) -> Findings:
        for one in self._knowledge.preconditions.values():
            claim.count("preconditions")
            causes = self._mended_by(one)
            claim.count("causes of preconditions", len(causes))
            out = [ruled_out(cause, self._space) for cause in causes]
            case = self._space.sheet_with(self._fails(one), *out)
            if case is not None:
                reason = f"fails for {one.id}: all causes that its remedies mend are ruled out"
                yield Refuted(PACK, ("preconditions", one.id), reason, case)

    def _proven_only_where_false(self, claim: Claim) -> Findings:
        for one in self._knowledge.preconditions.values():
            claim.count("preconditions")
            for cause in self._mended_by(one):
                proofs = [rule for rule in cause.rules if rule.factor == 1]
                if any(self._needs_failing(rule, one) for rule in proofs):
                    claim.count("causes that a precondition proves")
                    for proof in proofs:
                        claim.count("proofs")
                        case = self._space.sheet_with(
                            self._space.holds(proof.when), self._holds(one)
                        )
                        if case is not None:
                            reason = f"fails for {cause.id}, where {one.id} holds"
                            yield Refuted(cause.file, self._path(proof), reason, case)

    def _needs_failing(self, proof: Rule, one: Precondition) -> bool:
        """Whether a proof holds only where a precondition is known to fail."""
        holds = self._space.holds(proof.when)
        return self._space.can_be(holds) and not self._space.can_be(holds, no(self._fails(one)))

    def _mended_by(self, one: Precondition) -> list[Cause]:
        """The causes that the remedies of a precondition mend."""
        remedies = self._knowledge.remedies
        ids = sorted({cause for id in one.remedies for cause in remedies[id].fixes})
        return [self._knowledge.causes[id] for id in ids]

    def _fails(self, one: Precondition) -> Formula:
        fails = self._space.fails(one.holds)
        return fails if one.fails is None else either(fails, self._space.holds(one.fails))

    def _holds(self, one: Precondition) -> Formula:
        holds = self._space.holds(one.holds)
        return holds if one.fails is None else both(holds, no(self._space.holds(one.fails)))

    def _rules(self, ids: Iterable[str]) -> list[Rule]:
        return [self._knowledge.rules[id] for id in sorted(ids)]

    def _path(self, rule: Rule) -> tuple[str | int, ...]:
        return path_of(rule, self._content)
