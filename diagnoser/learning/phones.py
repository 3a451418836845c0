"""How likely what was seen of a phone is, and what it tells of the numbers behind the words.

The model is that of `belief`: each cause is present with its prior, independently of the others;
answers speak for each by their likelihood ratio; the system fails while a cause is present, and,
with the chance `none_of_these`, without any. A remedy mends each present cause with its chance,
once, independently of the others, and what it mended stays mended. So a test fails if something is
left. To this comes that a phone works again at a test for a reason that nobody sees, with the
chance `BY_ITSELF`.

Nobody records a phone that works. For each recorded one, some others were not recorded since
nothing was wrong with them, or was any more after what was tried before; they count among the
phones that do not have the causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diagnoser.knowledge.model import Knowledge
from diagnoser.learning.records import Seen

BY_ITSELF = 0.005
"""The chance at a test that a phone which the pack would have failing works all the same."""

Pair = tuple[str, str]
"""A remedy, and a cause that it may mend."""


class Numbers(NamedTuple):
    """What the words stand for: the prior of each cause, and the chance of each remedy and
    cause."""

    priors: Mapping[str, float]
    chances: Mapping[Pair, float]


class Told(NamedTuple):
    """What is expected of a phone and of those that it stands for: with what probability it has
    each cause, how many phones there are, and for each remedy that was tried how often it met a
    cause and how often it mended it."""

    present: dict[str, float]
    phones: float
    met: dict[Pair, float]
    mended: dict[Pair, float]


class _Chain(NamedTuple):
    """One cause that something was done about. `attempts` are the remedies that may mend it, each
    with the number of the test that followed; `weighed` is what the answers say of it with and
    without, by how many tests had been made."""

    attempts: tuple[tuple[Pair, int], ...]
    weighed: tuple[tuple[float, float], ...]


class Phone:
    """A phone that was seen, prepared for many looks with other numbers."""

    def __init__(self, knowledge: Knowledge, seen: Seen) -> None:
        self.leak = knowledge.none_of_these
        self.tests, self.works, self.before = len(seen.done), seen.works, seen.before
        self.settled = sorted(seen.settled)
        self.ratios: dict[str, float] = {}
        """For each cause that nothing was done about, how much likelier the answers are with it."""
        self.chains: dict[str, _Chain] = {}
        for cause in knowledge.causes:
            if cause in seen.settled:
                continue
            attempts = tuple(
                ((remedy, cause), number)
                for number, done in enumerate(seen.done, start=1)
                for remedy in done
                if cause in knowledge.remedies[remedy].fixes
            )
            weighed = tuple(one.get(cause, (1.0, 1.0)) for one in seen.evidence)
            if attempts:
                self.chains[cause] = _Chain(attempts, weighed)
            else:
                ratio = 1.0
                for with_it, without in weighed:
                    ratio *= with_it / without
                self.ratios[cause] = ratio
        self.tried = seen.done[0] if seen.before else ()

    def parts(self, numbers: Numbers) -> Parts:
        """What was seen, as simpler events for which the causes are independent: anything at all,
        and that all that is there is mended by a certain test."""
        priors = numbers.priors
        present: dict[str, float] = {}
        absent = 1 - self.leak
        for cause, ratio in self.ratios.items():
            weight = priors[cause] * ratio
            rest = 1 - priors[cause]
            present[cause] = weight / (weight + rest)
            absent *= rest / (weight + rest)
        states = {
            cause: _states(chain, priors[cause], numbers.chances)
            for cause, chain in self.chains.items()
        }
        anything, signs = self._signed()
        events = []
        for by, sign in signs:
            likely = absent
            for state in states.values():
                likely *= state.mended_by(by)
            events.append((by, sign * likely))
        whole = anything + sum(likely for _, likely in events)
        events = [(by, likely / whole) for by, likely in events]
        return Parts(present, states, [(NEVER, anything / whole), *events])

    def told(self, numbers: Numbers) -> Told:
        """What is to be expected of this phone if these are the numbers."""
        alone, states, events = self.parts(numbers)
        anything = events[0][1]
        present: dict[str, float] = dict.fromkeys(self.settled, 1.0)
        for cause, share in alone.items():
            present[cause] = share * anything
        told = Told(present, 1.0, {}, {})
        for cause, state in states.items():
            weights = [0.0] * len(state.shares)
            for by, likely in events:
                part = likely / state.mended_by(by)
                for place, number in enumerate(state.numbers):
                    if number <= by:
                        weights[place] += part
            _count(cause, state, weights, told)
        return told

    def _signed(self) -> tuple[float, tuple[tuple[int, float], ...]]:
        """What was seen, as a sum: the weight of anything at all, and those of all being mended by
        certain tests."""
        last = self.tests
        if self.works:
            return BY_ITSELF, ((last, 1 - BY_ITSELF), (last - 1, -1.0))
        return 1.0, ((last, -1.0),)


NEVER = 1_000_000
"""The number of a test that nobody makes."""


class States(NamedTuple):
    """How a cause may have fared: absent, mended by one of the attempts (`pairs`), or still there;
    the `shares` of these add up to 1. `numbers` are the tests by which it is gone."""

    pairs: tuple[Pair, ...]
    numbers: tuple[int, ...]
    shares: tuple[float, ...]

    def mended_by(self, test: int) -> float:
        """The probability that it is not there at a test."""
        gone = [s for s, number in zip(self.shares, self.numbers, strict=True) if number <= test]
        return sum(gone)


class Parts(NamedTuple):
    """The posterior of a phone, taken apart: the `events`, each the number of the test by which all
    is mended (`NEVER`: or not) and its weight, which may be negative; the weights add up to 1. In
    each event the causes are independent: those in `alone`, which nothing was done about, have this
    probability where nothing need be mended and are absent otherwise."""

    alone: dict[str, float]
    states: dict[str, States]
    events: list[tuple[int, float]]


def _states(chain: _Chain, prior: float, chances: Mapping[Pair, float]) -> States:
    numbers = (0, *(number for _, number in chain.attempts), NEVER)
    shares = [1 - prior]
    left = prior
    for pair, _ in chain.attempts:
        shares.append(left * chances[pair])
        left *= 1 - chances[pair]
    shares.append(left)
    for place, number in enumerate(numbers):
        for tests, (with_it, without) in enumerate(chain.weighed):
            shares[place] *= with_it if place and number > tests else without
    total = sum(shares)
    return States(
        tuple(pair for pair, _ in chain.attempts), numbers, tuple(share / total for share in shares)
    )


def _count(cause: str, state: States, weights: Sequence[float], told: Told) -> None:
    """Adds up a cause's states: from the last attempt to the first, each met what was mended by it
    or later."""
    later = state.shares[-1] * weights[-1]
    for place in range(len(state.pairs), 0, -1):
        pair = state.pairs[place - 1]
        here = state.shares[place] * weights[place]
        later += here
        told.mended[pair] = told.mended.get(pair, 0.0) + here
        told.met[pair] = told.met.get(pair, 0.0) + later
    told.present[cause] = later


def unrecorded(knowledge: Knowledge, tried: Sequence[str], numbers: Numbers) -> Told:
    """What is to be expected of the phones that were not recorded, for each one that was and had
    tried these remedies before: how many there are is the odds that a phone works then (A. P.
    Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the EM
    algorithm", 1977, section 4.2, on truncated data).
    """
    works = 1 - knowledge.none_of_these
    states = works_by_now(knowledge, tried, numbers)
    for cause, prior in numbers.priors.items():
        works *= states[cause].mended_by(1) if cause in states else 1 - prior
    phones = works / (1 - works)
    told = Told({}, phones, {}, {})
    for cause, state in states.items():
        weights = [phones / state.mended_by(1)] * (len(state.shares) - 1) + [0.0]
        _count(cause, state, weights, told)
    return told


def works_by_now(knowledge: Knowledge, tried: Sequence[str], numbers: Numbers) -> dict[str, States]:
    """How the causes fared that were tried to be mended before a phone was recorded."""
    states = {}
    for cause, prior in numbers.priors.items():
        attempts = tuple(
            ((remedy, cause), 1) for remedy in tried if cause in knowledge.remedies[remedy].fixes
        )
        if attempts:
            states[cause] = _states(_Chain(attempts, ()), prior, numbers.chances)
    return states
