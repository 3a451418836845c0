"""Small worlds in which everything can be counted: every set of causes, and everything that may
become of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import fsum, log, prod
from random import Random
from typing import NamedTuple

from diagnoser.knowledge.model import Knowledge
from diagnoser.learning.phones import BY_ITSELF, Numbers, Pair
from diagnoser.learning.records import Seen
from tests import packs

LADDER = {"common": 0.3, "occasional": 0.12, "rare": 0.04}
CHANCES = {"always": 0.95, "usually": 0.8, "often": 0.6, "sometimes": 0.3, "rarely": 0.1}


def small_knowledge(random: Random, causes: int = 3, remedies: int = 3) -> Knowledge:
    """A few causes, and remedies that mend one or two of them."""
    ids = [f"c{number}" for number in range(causes)]
    priors = {id: random.choice(list(LADDER.values())) for id in ids}
    made = {
        f"r{number}": packs.remedy(
            f"r{number}",
            fixes={
                id: random.choice(list(CHANCES))
                for id in random.sample(ids, random.randint(1, min(2, causes)))
            },
        )
        for number in range(remedies)
    }
    leak = random.choice([0.02, 0.1])
    return packs.with_remedies(priors, made, none_of_these=leak).knowledge


def numbers_of(knowledge: Knowledge) -> Numbers:
    """What the words of a pack stand for."""
    return Numbers(
        {cause.id: cause.prior for cause in knowledge.causes.values()},
        {
            (remedy.id, cause): chance
            for remedy in knowledge.remedies.values()
            for cause, chance in remedy.fixes.items()
        },
    )


class Story(NamedTuple):
    """What may have become of a phone: for each attempt in turn whether it met its cause, and
    whether it mended it; after which test each cause was gone (None: never), and whether there was
    a reason of which the pack knows nothing."""

    causes: frozenset[str]
    attempts: tuple[tuple[Pair, bool, bool], ...]
    gone: Mapping[str, int | None]
    other: bool
    probability: float

    def works(self, test: int) -> bool:
        gone = [number is not None and number <= test for number in self.gone.values()]
        return all(gone) and not self.other


def stories(
    knowledge: Knowledge, done: tuple[tuple[str, ...], ...], at: Numbers
) -> Iterator[Story]:
    """Everything that may become of a phone for which these remedies are done before each test."""
    per_cause = [list(_fates(id, knowledge, done, at)) for id in sorted(knowledge.causes)]
    for fates in product(*per_cause):
        for other in (False, True):
            leak = knowledge.none_of_these if other else 1 - knowledge.none_of_these
            yield Story(
                frozenset(id for id, present, *_ in fates if present),
                tuple(attempt for _, _, attempts, *_ in fates for attempt in attempts),
                {id: gone for id, _, _, gone, _ in fates},
                other,
                prod(p for *_, p in fates) * leak,
            )


def _fates(
    id: str, knowledge: Knowledge, done: tuple[tuple[str, ...], ...], at: Numbers
) -> Iterator[tuple[str, bool, list[tuple[Pair, bool, bool]], int | None, float]]:
    yield id, False, [], 0, 1 - at.priors[id]
    left = at.priors[id]
    attempts: list[tuple[Pair, bool, bool]] = []
    for number, remedies in enumerate(done, start=1):
        for remedy in remedies:
            if id in knowledge.remedies[remedy].fixes:
                pair = (remedy, id)
                mended = [*attempts, (pair, True, True)]
                yield id, True, mended, number, left * at.chances[pair]
                attempts.append((pair, True, False))
                left *= 1 - at.chances[pair]
    yield id, True, attempts, None, left


def weight(story: Story, seen: Seen) -> float:
    """How likely it is that the story happens and that just this is seen of it."""
    tests = len(seen.done)
    likely = story.probability
    for made, evidence in enumerate(seen.evidence):
        for cause, (with_it, without) in evidence.items():
            gone = story.gone[cause]
            there = gone is None or gone > made
            likely *= with_it if there else without
    if seen.works:
        if story.works(tests - 1):
            return 0.0
        return likely * (1.0 if story.works(tests) else BY_ITSELF)
    return 0.0 if story.works(tests) else likely


def log_likelihood(knowledge: Knowledge, seen: Seen, at: Numbers) -> float:
    """Of what was seen, given that the phone failed when it came to be recorded."""
    likely = fsum(weight(story, seen) for story in stories(knowledge, seen.done, at))
    before = seen.done[: seen.before]
    failing = fsum(
        story.probability
        for story in stories(knowledge, before, at)
        if not story.works(seen.before)
    )
    return log(likely) - log(failing)


def sample(
    knowledge: Knowledge, at: Numbers, random: Random, tells: float = 3.0, known: float = 0.5
) -> Seen:
    """A phone that fails, and what is seen of it: some answers, and steps until it works or nobody
    goes on. `tells` is the likelihood ratio of an answer, `known` the share of causes of which
    there is one."""
    while True:
        causes = {id for id in at.priors if random.random() < at.priors[id]}
        other = random.random() < knowledge.none_of_these
        if causes or other:
            break
    evidence = {}
    for id in sorted(at.priors):
        if random.random() < known:
            # a test that is right with probability tells / (1 + tells), whatever is so
            right = random.random() < tells / (1 + tells)
            says = (id in causes) == right
            evidence[id] = (tells, 1.0) if says else (1.0, tells)
    left, done = set(causes), []
    remedies = sorted(knowledge.remedies)
    random.shuffle(remedies)
    for remedy in remedies[: random.randint(0, len(remedies))]:
        done.append((remedy,))
        left -= {id for id in sorted(left) if random.random() < at.chances.get((remedy, id), 0.0)}
        if not left and not other:
            return Seen(tuple(done), True, 0, (evidence, *({} for _ in done)), frozenset())
    return Seen(tuple(done), False, 0, (evidence, *({} for _ in done)), frozenset())


def seen_at_random(random: Random, knowledge: Knowledge) -> Seen:
    """Anything that may have been seen of a phone, likely or not."""
    remedies = sorted(knowledge.remedies)
    tests = random.randint(0, 2)
    done = tuple(
        tuple(random.sample(remedies, random.randint(1, min(2, len(remedies)))))
        for _ in range(tests)
    )
    evidence = tuple(
        {
            id: random.choice([(2.0, 1.0), (0.3, 1.0), (1.0, 1e-9), (1e-9, 1.0)])
            for id in knowledge.causes
            if random.random() < 0.4
        }
        for _ in range(tests + 1)
    )
    before = random.randint(0, 1) if tests else 0
    works = tests > before and random.random() < 0.5
    return Seen(done, works, before, ({}, *evidence[1:]) if before else evidence, frozenset())
