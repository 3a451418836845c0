"""Sampled phones: how many questions it takes, how often the cause is found, and how many minutes
it takes to a working backup.

Phones are sampled from the pack's own model with a fixed seed: causes by their priors, given that
the backup fails; answers by the typical ones, tilted by the likelihood ratios of the causes that
are present. So the figures tell how good the questions and plans are if the knowledge is right, not
whether it is.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from diagnoser import Diagnoser
from diagnoser.belief.belief import Belief, believe
from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, RULED_OUT, Hypothesis
from diagnoser.case.case import Case, said_by, tried_in
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import Fact, Knowledge, Remedy
from diagnoser.knowledge.values import Lookup, Value
from diagnoser.planning.planner import Plan, Planner
from diagnoser.planning.recheck import speaking_facts
from diagnoser.questions.answer_probability import PROOF
from diagnoser.questions.selection import Questioner
from diagnoser.questions.visits import VisitChooser

PHONES = 1000
SEED = 20261123
ATTEMPTS = 20
GUIDE = [
    "turn-on-icloud-backup",
    "turn-on-wifi",
    "join-wifi",
    "plug-in-overnight",
    "back-up-to-computer",
    "free-icloud-space",
    "wait-for-apple",
    "sign-out-and-in",
    "restart-iphone",
    "reset-all-settings",
    "update-ios",
]
"""The remedies of the guide in the order of its tips."""


@dataclass
class Phone:
    """A phone whose backup fails: the causes that are present, and what its owner could answer."""

    seed: int
    causes: set[str]
    answers: dict[str, Value]
    luck: random.Random


@dataclass
class Outcome:
    """How one phone went: questions and visits before the first plan, questions while it was
    followed, place of the best true cause in the first report and the probability of the first
    one, minutes until it worked."""

    questions: int = 0
    visits: int = 0
    questions_later: int = 0
    rank: int | None = None
    said: float | None = None
    minutes: float = 0.0
    course: list[Went] = field(default_factory=list)


class Went(NamedTuple):
    """What was known when something was done, and whether it worked then."""

    known: dict[str, Value]
    done: list[str]
    works: bool


class World:
    """Samples phones and lets people follow the program's advice."""

    def __init__(self, knowledge: Path | None = None) -> None:
        self.diagnoser = Diagnoser(knowledge)
        self.knowledge = self.diagnoser.knowledge
        self.evaluator = Evaluator(self.knowledge)
        self.planner = Planner(self.knowledge)
        self.questioner = Questioner(self.knowledge, self.evaluator, self.planner)
        self.nothing_known = self.evaluator.evaluate({})
        self.order = list(self._in_order())
        self.chooser = VisitChooser(self.knowledge, self.questioner)
        self.best: dict[tuple[object, ...], str | None] = {}
        self.visits: dict[tuple[object, ...], list[str]] = {}

    def _in_order(self) -> Iterator[Fact]:
        """The facts that can be asked one by one, each after those that its `only_if` reads."""
        facts = self.knowledge.facts.values()
        waiting = [fact for fact in facts if fact.askable]
        done: set[str] = set()
        while waiting:
            for fact in list(waiting):
                needed = facts_of(fact.only_if) if fact.only_if else frozenset()
                if not needed & {other.id for other in waiting}:
                    done.add(fact.id)
                    waiting.remove(fact)
                    yield fact

    # -- phones

    def phone(self, seed: int) -> Phone:
        """A phone whose backup fails."""
        luck = random.Random(seed)
        while True:
            causes = {c.id for c in self.knowledge.causes.values() if luck.random() < c.prior}
            if causes or luck.random() < self.knowledge.none_of_these:
                break
        # Answers that leave no possible answer to a later question are drawn again.
        for _ in range(ATTEMPTS):
            phone = Phone(seed, set(causes), {}, luck)
            if self._answered(phone):
                break
        # What the answers prove is there: full storage, say, means that no backup fits either.
        found = self.evaluator.evaluate(self._known(phone.answers)).hypotheses
        phone.causes |= {cause for cause, one in found.items() if one.status == PROVEN}
        return phone

    def _answered(self, phone: Phone) -> bool:
        """Samples all answers, one after the other; whether each goes with those before it."""
        findings, possible = self.nothing_known, True
        for fact in self.order:
            findings, goes_with_them = self._draw(phone, fact, findings)
            possible = possible and goes_with_them
        return possible

    def look(self, phone: Phone, fact: Fact) -> bool:
        """Samples the answer to one question, given the others and the causes that are present;
        whether there is one that goes with them."""
        phone.answers.pop(fact.id, None)
        before = self.evaluator.evaluate(self._known(phone.answers))
        return self._draw(phone, fact, before)[1]

    def _draw(self, phone: Phone, fact: Fact, before: Findings) -> tuple[Findings, bool]:
        """Gives the phone an answer by its others, which are read as `before`, and its causes,
        unless the question is irrelevant; how they are read then, and whether it goes with
        them."""
        if fact.only_if is not None and not fact.only_if.outcome(before.known):
            return before, True
        weights, if_need_be, read = [], [], []
        for value, share in fact.typical:
            known = self._known({**phone.answers, fact.id: value})
            learnt = {id: known[id] for id in known if id not in before.known}
            after = self.evaluator.learn(before, learnt)
            tilt, proves_another = self._tilt(before, after, phone.causes)
            if_need_be.append(share * tilt * (not after.contradictions))
            weights.append(0.0 if proves_another else if_need_be[-1])
            read.append(after)
        if sum(weights) <= 0:
            # One cause can imply another: data of an app that are too large make a backup that
            # does not fit.
            weights = if_need_be
        possible = sum(weights) > 0
        if not possible:
            weights = [share for _, share in fact.typical]
        [place] = phone.luck.choices(range(len(weights)), weights)
        phone.answers[fact.id] = fact.typical[place][0]
        return read[place], possible

    def _known(self, answers: Mapping[str, Value]) -> dict[str, Value]:
        return dict(self.diagnoser.sheet.case(answers).known)

    @staticmethod
    def _tilt(before: Findings, after: Findings, causes: set[str]) -> tuple[float, bool]:
        """How much likelier the answer is with these causes; whether it would prove another one."""
        tilt, proves_another = 1.0, False
        for cause, found in after.hypotheses.items():
            had = before.hypotheses.get(cause, NOTHING_SAID)
            if found is had:
                continue
            if cause in causes:
                tilt *= _odds(found) / max(_odds(had), 1e-9)
            elif found.status == PROVEN and had.status != PROVEN:
                proves_another = True
        return tilt, proves_another

    # -- people

    def believe(self, case: Case) -> tuple[Belief, Plan]:
        reading = self.evaluator.evaluate(case.known)
        belief = believe(self.knowledge, reading.hypotheses, case.tried)
        return belief, self.planner.plan(belief, case.tried, reading.barred)

    def next_fact(self, case: Case) -> str | None:
        """The next question; the same facts have the same one, so it is worked out once."""
        key = (*sorted(case.given.items(), key=str), *sorted(case.unsure))
        if key not in self.best:
            belief, plan = self.believe(case)
            question = self.questioner.advise(case, belief, plan).question
            self.best[key] = question.fact if question else None
            if len(self.best) > 200_000:
                self.best.clear()
        return self.best[key]

    def next_visit(self, case: Case, passed: frozenset[str]) -> list[str]:
        """The fields of the next visit, each after those that it waits for."""
        key = (
            *sorted(case.given.items(), key=str),
            *sorted(case.unsure),
            "passed",
            *sorted(passed),
        )
        if key not in self.visits:
            belief, plan = self.believe(case)
            choices = self.chooser.choose(case, belief, plan, passed).choices
            fields = choices[0].fields if choices else ()
            self.visits[key] = [
                one.fact for one in sorted(fields, key=lambda one: len(one.waits_for))
            ]
            if len(self.visits) > 200_000:
                self.visits.clear()
        return self.visits[key]


class Asking(NamedTuple):
    """Where a phone's owner stands: the case, chance, how many questions were asked, and the facts
    that were passed over at places that were visited."""

    case: Case
    luck: random.Random
    asked: int
    passed: frozenset[str]


Chooser = Callable[[World, Asking], list[str]]
"""What is asked for next, at one go; nothing: it is time to stop."""


def visit_the_best(world: World, now: Asking) -> list[str]:
    return world.next_visit(now.case, now.passed)


def ask_the_best(world: World, now: Asking) -> list[str]:
    fact = world.next_fact(now.case)
    return [fact] if fact else []


def ask_everything(world: World, now: Asking) -> list[str]:
    return [fact.id for fact in world.questioner.open(now.case)][:1]


def ask_nothing(world: World, now: Asking) -> list[str]:
    return []


def ask_at_random(world: World, now: Asking) -> list[str]:
    choices = [fact.id for fact in world.questioner.open(now.case)]
    return [now.luck.choice(choices)] if choices and now.asked < RANDOM_QUESTIONS else []


RANDOM_QUESTIONS = 8


def mended(phone: Phone, remedy: Remedy, left: set[str]) -> set[str]:
    """The causes that the remedy happens to mend.

    Whether it does is settled for each phone, whatever was done before (common random numbers), so
    that ways to go about it differ by what they do, and not by luck.
    """
    return {one for one in left if _luck(phone, remedy, one) < remedy.fixes.get(one, 0.0)}


def _luck(phone: Phone, remedy: Remedy, cause: str) -> float:
    return random.Random(f"{phone.seed} {remedy.id} {cause}").random()


def first_go(plan: Plan) -> list[str]:
    """The first step of a plan, and those that are done in one go with it."""
    return [
        step.remedy
        for place, step in enumerate(plan.steps)
        if not place or (step.together is not None and step.together == plan.steps[0].together)
    ]


def ends(plan: Plan, knowledge: Knowledge) -> bool:
    """Whether the plan begins with handing over."""
    return not plan.steps[0].must and knowledge.remedies[plan.steps[0].remedy].hand_over


def tested(ids: list[str], knowledge: Knowledge) -> float:
    """The minutes of some remedies that are done in one go, and of a look whether it works."""
    remedies = [knowledge.remedies[id] for id in ids]
    nights = [one.idle for one in remedies if one.overnight]
    minutes = sum(one.price for one in remedies) - sum(nights)
    minutes += max([knowledge.night, *nights]) if nights else 0.0
    return minutes + knowledge.verification * any(one.fixes for one in remedies)


def follow(
    world: World, seed: int, choose: Chooser, unsure: float = 0.0, *, on: bool = False
) -> Outcome:
    """One phone from the first question to a working backup, or until it is handed over.

    With `on` that is a step like others, as in a conversation: whoever it is handed to may mend it,
    and if they do not the rest of the plan is tried.
    """
    phone, outcome = world.phone(seed), Outcome()
    left, luck = set(phone.causes), random.Random(seed + 1)
    given: dict[str, Value] = {}
    not_sure: set[str] = set()
    passed: frozenset[str] = frozenset()
    none_of_these = not phone.causes
    again: set[str] = set()
    facts = world.knowledge.facts
    asked = visits = 0
    for turn in range(100):
        while True:
            case = world.diagnoser.sheet.case(given, not_sure)
            open_now = {one.id for one in world.questioner.open(case)}
            fields = [id for id in facts if id in again & open_now][:1]
            fields = fields or choose(world, Asking(case, luck, asked, passed))
            if not fields:
                break
            visits += 1
            outcome.minutes += _ways(world, fields)
            visited = {_place(world, id) for id in fields}
            passed |= {id for id in open_now if _place(world, id) in visited}
            for fact in fields:
                case = world.diagnoser.sheet.case(given, not_sure)
                relevant = facts[fact].only_if
                if relevant is not None and not relevant.outcome(case.known):
                    continue
                asked += 1
                outcome.minutes += _effort(world, fact)
                answer = phone.answers.get(fact)
                if answer is not None and luck.random() >= unsure:
                    given[fact] = answer
                else:
                    not_sure.add(fact)
        belief, plan = world.believe(case)
        if turn == 0:
            outcome.questions, outcome.visits = asked, visits
            ranking = belief.ranking()
            outcome.said = belief.chance_of_first
            outcome.rank = min((ranking.index(cause) for cause in phone.causes), default=None)
        outcome.questions_later = asked - outcome.questions
        todo = first_go(plan)
        known = {fact: given[fact] for fact in given if fact in facts and facts[fact].askable}
        if todo and not on and ends(plan, world.knowledge):
            outcome.minutes += world.knowledge.remedies[todo[0]].price
            outcome.course.append(Went(known, [], False))
            return outcome
        for id in todo:
            left -= mended(phone, world.knowledge.remedies[id], left)
            given[f"tried.{id}"] = "did-not-help"
        outcome.minutes += tested(todo, world.knowledge)
        outcome.course.append(Went(known, todo, not left and not none_of_these))
        if not left and not none_of_these:
            return outcome
        if not todo:
            return outcome
        forgotten = _look_again(world, phone, given, left, todo)
        again = forgotten if asked else set()
        passed = frozenset()
    return outcome


def _place(world: World, fact: str) -> str:
    return world.knowledge.facts[fact].place


def _ways(world: World, fields: list[str]) -> float:
    """The minutes to get to the places of these facts."""
    places = {_place(world, fact) for fact in fields} - {""}
    return sum(world.knowledge.places[place].effort for place in sorted(places))


def _effort(world: World, fact: str) -> float:
    """The minutes that it takes to answer once one is there."""
    return world.knowledge.facts[fact].effort - _ways(world, [fact])


def _look_again(
    world: World, phone: Phone, given: dict[str, Value], left: set[str], done: list[str]
) -> set[str]:
    """After steps that did not help, what spoke for the causes that were proven and that they mend
    is as the causes that are left have it; the facts that are to be asked again, before anything
    else."""
    phone.causes = left
    mended = {cause for id in done for cause in world.knowledge.remedies[id].fixes}
    facts = world.knowledge.facts
    case = world.diagnoser.sheet.case(given)
    forgotten = {
        asked
        for id in _signs(world, mended, case)
        for asked in said_by(id, case, facts)
        if asked in given and facts[asked].askable and not isinstance(facts[asked].kind, Lookup)
    }
    for asked in forgotten:
        del given[asked]
    changed = _signs(world, mended, world.diagnoser.sheet.case(phone.answers))
    for asked in forgotten:
        changed.add(asked)
    anew = [fact for fact in world.order if fact.id in changed and fact.id in phone.answers]
    anew = [fact for fact in anew if not isinstance(fact.kind, Lookup)]
    for fact in anew:
        del phone.answers[fact.id]
    for fact in anew:
        world.look(phone, fact)
    return forgotten


def _signs(world: World, causes: set[str], case: Case) -> set[str]:
    fired = world.evaluator.evaluate(case.known).fired.values()
    return speaking_facts(world.knowledge, causes, chain.from_iterable(fired))


def follow_the_guide(world: World, seed: int) -> Outcome:
    """The guide's tips one after the other, without a question, a verification after each."""
    phone, outcome = world.phone(seed), Outcome()
    left = set(phone.causes)
    for id in [*GUIDE, "contact-apple-support"]:
        remedy = world.knowledge.remedies[id]
        if remedy.hand_over:
            outcome.minutes += remedy.price
            break
        outcome.minutes += tested([id], world.knowledge)
        left -= mended(phone, remedy, left)
        if not left and phone.causes:
            break
    return outcome


def know_the_causes(world: World, seed: int) -> Outcome:
    """The bound: somebody who is told the causes that are left, before each step."""
    phone, outcome = world.phone(seed), Outcome()
    left = set(phone.causes)
    known: dict[str, Value] = {}
    for _ in range(50):
        told = {
            id: Hypothesis(PROVEN if id in left else "ruled-out", 1.0, ())
            for id in world.knowledge.causes
        }
        tried = tried_in(known)
        plan = world.planner.plan(believe(world.knowledge, told, tried), tried, ())
        todo = first_go(plan)
        for id in todo:
            left -= mended(phone, world.knowledge.remedies[id], left)
            known[f"tried.{id}"] = "did-not-help"
        if not todo or not plan.steps[0].must:
            outcome.minutes += sum(world.knowledge.remedies[id].price for id in todo)
            return outcome
        outcome.minutes += tested(todo, world.knowledge)
        if not left:
            return outcome
    return outcome


def _odds(found: Hypothesis) -> float:
    return {OPEN: 1.0, PROVEN: PROOF, RULED_OUT: 0.0}[found.status] * found.ratio


@dataclass
class Way:
    """A way to go about it, and how all phones went by it."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)

    def cells(self, guide: float) -> list[str]:
        """A row of the table; `guide` are the mean minutes of the guide's order."""
        outcomes = self.outcomes
        spread = statistics.stdev(one.minutes for one in outcomes) / len(outcomes) ** 0.5
        cells = [self.name, f"{self.minutes:.0f} ± {1.96 * spread:.0f}"]
        cells.append(f"{self.minutes / guide:.2f}")
        ranked = [one.rank for one in outcomes if one.rank is not None]
        if not ranked:
            return [*cells, *[""] * 7]
        asked = [one.questions for one in outcomes]
        visits = sorted(one.visits for one in outcomes)
        return [
            *cells,
            f"{statistics.mean(visits):.1f}",
            str(visits[len(visits) * 9 // 10]),
            str(visits[-1]),
            f"{statistics.mean(asked):.1f}",
            f"{statistics.mean(one.questions_later for one in outcomes):.1f}",
            f"{sum(rank == 0 for rank in ranked) / len(ranked):.1%}",
            f"{sum(rank < 3 for rank in ranked) / len(ranked):.1%}",
        ]

    @property
    def said(self) -> list[tuple[float, bool]]:
        """What was said of the first cause, and whether it was a true one."""
        return [(one.said, one.rank == 0) for one in self.outcomes if one.said is not None]

    @property
    def minutes(self) -> float:
        return statistics.mean(one.minutes for one in self.outcomes)


GUIDE_ORDER = "the guide's order, no questions"
WAYS: dict[str, Callable[[World, int], Outcome]] = {
    "visits, truthful": lambda w, s: follow(w, s, visit_the_best),
    "visits, a fifth not sure": lambda w, s: follow(w, s, visit_the_best, 0.2),
    "single questions, truthful": lambda w, s: follow(w, s, ask_the_best),
    "asking everything": lambda w, s: follow(w, s, ask_everything),
    f"{RANDOM_QUESTIONS} random questions": lambda w, s: follow(w, s, ask_at_random),
    "no questions": lambda w, s: follow(w, s, ask_nothing),
    GUIDE_ORDER: follow_the_guide,
    "knowing the causes (bound)": know_the_causes,
}


def _some(part: tuple[str, int, int]) -> list[Outcome]:
    name, start, stop = part
    world = World()
    return [WAYS[name](world, SEED + 10 * number) for number in range(start, stop)]


def simulate(phones: int = PHONES) -> list[Way]:
    """Every way over the same phones."""
    half = phones // 2
    parts = [(name, start, stop) for name in WAYS for start, stop in ((0, half), (half, phones))]
    ways = {name: Way(name) for name in WAYS}
    with ProcessPoolExecutor(2) as pool:
        for (name, _, _), outcomes in zip(parts, pool.map(_some, parts), strict=True):
            ways[name].outcomes += outcomes
    return list(ways.values())


HEAD = [
    "way",
    "minutes",
    "to the guide's",
    "visits",
    "90th percentile",
    "most",
    "questions",
    "later",
    "first",
    "first three",
]


def table(ways: list[Way]) -> list[list[str]]:
    """A row for each way: mean minutes with their 95 % interval, questions before the first plan
    and later, and how often a true cause is ranked first and among the first three then."""
    guide = next(way.minutes for way in ways if way.name == GUIDE_ORDER)
    return [HEAD, *(way.cells(guide) for way in ways)]
