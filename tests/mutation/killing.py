"""Whether the examples and scenarios of a pack notice a mutant.

A scenario is concluded anew only where the mutant plays in it, by direct evaluation, which gives
what the rule engine gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from diagnoser.belief.belief import believe
from diagnoser.belief.weighing import NOTHING_SAID, Hypothesis, hypotheses, weigh
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.checking.check import verdict
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.conditions import KnownFacts
from diagnoser.knowledge.model import Knowledge
from diagnoser.planning.planner import Planner
from diagnoser.planning.preconditions import Checker
from diagnoser.report.finding import find
from tests.mutation.concluded import Cause, Concluded, Plan, Step
from tests.mutation.mutant import Mutant, Original
from tests.mutation.near_misses import NearMiss
from tests.phones import Scenario


class Concluder:
    """Concludes cases with one knowledge as a report does."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.planner = Planner(knowledge)
        self.checker = Checker(knowledge)

    def conclude(self, case: Case, findings: Findings) -> Concluded:
        belief = believe(self.knowledge, findings.hypotheses, case.tried)
        plan = self.planner.plan(belief, case.tried, findings.barred)
        checked = list(self.checker.check(case, belief, findings.barred))
        given = belief.given_failure
        return Concluded(
            find(self.knowledge, case, findings, belief, checked).kind,
            tuple(Cause(id, belief.status(id), round(given[id], 4)) for id in belief.ranking()),
            Plan(
                tuple(Step(one.remedy, one.together) for one in plan.steps),
                tuple(Step(id) for id, _ in plan.left_out),
                round(plan.expected_minutes, 1),
            ),
            tuple((one.precondition.id, one.state, one.remedies) for one in checked),
        )


class Scene(NamedTuple):
    """A scenario with what the pack as it is finds and concludes, and what is recorded of that."""

    scenario: Scenario
    case: Case
    findings: Findings
    fired: frozenset[str]
    concluded: Concluded
    recorded: tuple[str, ...]


class Killed(NamedTuple):
    """The first example, near miss or scenario that states something else, and whether one does or
    what is recorded of a scenario changes."""

    by: str
    recorded: bool


class Jury:
    """The examples and scenarios of a pack, which try its mutants."""

    def __init__(
        self,
        pack: Original,
        scenarios: Iterable[Scenario] = (),
        near_misses: Iterable[NearMiss] = (),
    ) -> None:
        self.pack = pack
        known, content = pack.knowledge, pack.content
        sheet = AnswerSheet(known)

        def facts(given: Mapping[str, str]) -> KnownFacts:
            return sheet.read(sheet.read_texts(given.items())).known

        self._examples = {
            id: [(one.case, facts(one.given), one.expect) for one in cause.examples]
            for id, cause in content.causes.items()
        }
        self._seen = {
            id: (facts(sign.seen), facts(sign.unseen))
            for file in content.signs.values()
            for id, sign in file.signs.items()
        }
        self._near: dict[tuple[str, str], list[tuple[NearMiss, tuple[Case, Case]]]] = {}
        for one in near_misses:
            self._near.setdefault((one.kind, one.about), []).append((one, one.cases(sheet)))
        self._concluder = Concluder(known)
        evaluator = Evaluator(known)
        self.scenes: list[Scene] = []
        for scenario in scenarios:
            case = sheet.read(sheet.read_texts(scenario.facts.items()))
            findings = evaluator.evaluate(case.known)
            concluded = self._concluder.conclude(case, findings)
            self.scenes.append(
                Scene(
                    scenario,
                    case,
                    findings,
                    frozenset(findings.rules()),
                    concluded,
                    tuple(concluded.lines()),
                )
            )

    def tries(self, mutant: Mutant, statements: bool = True) -> Killed:
        """What kills the mutant. Without `statements` no scenario is looked for that states
        something else once the record of one changes, which is five times as fast."""
        by = next(self._examples_against(mutant), "") or next(self._near_against(mutant), "")
        if by:
            return Killed(by, recorded=True)
        recorded = False
        for scene, concluded in self._scenes_with(mutant):
            if concluded == scene.concluded:
                continue
            if concluded.fails(scene.scenario.expect):
                return Killed(f"{scene.scenario.file}: {scene.scenario.case}", recorded=True)
            recorded = recorded or tuple(concluded.lines()) != scene.recorded
            if recorded and not statements:
                break
        return Killed("", recorded)

    def _examples_against(self, mutant: Mutant) -> Iterator[str]:
        """The examples of signs and causes that do not hold for the mutant, as `check` reads them:
        an own rule has one in which it fires, and one in which it is known to fail."""
        known = mutant.knowledge
        for id in mutant.signs:
            for place, case in enumerate(self._seen.get(id, ())):
                if known.signs[id].when.outcome(case) is not (place == 0):
                    yield f"{id}: {('seen', 'unseen')[place]}"
        for cause in {known.rules[id].cause for id in mutant.rules}:
            rules = known.causes[cause].rules
            for title, case, expect in self._examples[cause]:
                fired = [rule for rule in rules if rule.when.outcome(case)]
                if verdict(weigh(fired) if fired else NOTHING_SAID) != expect:
                    yield f"{cause}: {title}"
            for rule in rules:
                if rule.id in mutant.rules and rule.sign == rule.id:
                    outcomes = {rule.when.outcome(case) for _, case, _ in self._examples[cause]}
                    if not outcomes >= {True, False}:
                        yield f"{rule.id}: examples on both sides"

    def _near_against(self, mutant: Mutant) -> Iterator[str]:
        """The near misses that come out otherwise with the mutant, of those that tell of what it
        changes."""
        known, base = mutant.knowledge, self.pack.knowledge
        for kind, now, before in (
            ("cause", known.causes, base.causes),
            ("remedy", known.remedies, base.remedies),
            ("precondition", known.preconditions, base.preconditions),
            ("fact", known.facts, base.facts),
        ):
            for id in now if now is not before else ():
                if now[id] is not before[id]:
                    for one, cases in self._near.get((kind, id), ()):
                        if not one.holds(known, cases):
                            yield str(one)

    def _scenes_with(self, mutant: Mutant) -> Iterator[tuple[Scene, Concluded]]:
        """The scenarios in which the mutant plays, with what they conclude with it."""
        if mutant.rules:
            yield from self._with_rules(mutant)
            return
        known, base = mutant.knowledge, self.pack.knowledge
        concluder = Concluder(known)
        bars = [
            (id, number, bar.when)
            for id, remedy in known.remedies.items()
            for number, bar in enumerate(remedy.not_if)
            if mutant.kind == "bar" and remedy.not_if is not base.remedies[id].not_if
        ]
        changed = {id for id, _, _ in bars}
        for scene in self.scenes:
            case, findings = scene.case, scene.findings
            if bars:
                kept = {bar for bar in findings.barred if bar[0] not in changed}
                kept |= {(id, number) for id, number, when in bars if when.outcome(case.known)}
                findings = findings._replace(barred=frozenset(kept))
                if {id for id, _ in kept} == {id for id, _ in scene.findings.barred}:
                    continue
            if known.rules is not base.rules:
                found = hypotheses(known.rules[id] for id in sorted(scene.fired))
                findings = findings._replace(hypotheses=found)
            yield scene, concluder.conclude(case, findings)

    def _with_rules(self, mutant: Mutant) -> Iterator[tuple[Scene, Concluded]]:
        """The same for a mutant in which only these rules have another condition or strength."""
        known, base = mutant.knowledge, self.pack.knowledge
        self._concluder.knowledge = known
        changed = [(known.rules[id], base.rules[id].factor) for id in mutant.rules]
        when = changed[0][0].when
        for scene in self.scenes:
            holds = bool(when.outcome(scene.case.known))
            touched = {
                rule.cause
                for rule, factor in changed
                if (rule.id in scene.fired) != holds or (holds and rule.factor != factor)
            }
            if not touched:
                continue
            fired = dict(scene.findings.fired)
            found: dict[str, Hypothesis] = dict(scene.findings.hypotheses)
            for cause in touched:
                firing = [
                    rule
                    for rule in known.causes[cause].rules
                    if (holds if rule.id in mutant.rules else rule.id in scene.fired)
                ]
                fired[cause], found[cause] = tuple(rule.id for rule in firing), weigh(firing)
            if fired == scene.findings.fired and found == scene.findings.hypotheses:
                continue  # other rules count in its place
            findings = scene.findings._replace(fired=fired, hypotheses=found)
            yield scene, self._concluder.conclude(scene.case, findings)
        self._concluder.knowledge = base
