"""The numbers behind the words, estimated from what was seen of phones, with intervals.

Expectation maximization (A. P. Dempster, N. M. Laird, D. B. Rubin 1977): what nobody sees, which
causes were there and which attempts mended them, is put in by what is expected of it, and the
numbers are set to what then fits best, in turn, until they stand still. Each number has a Beta
prior whose mean is what the pack's word stands for, so that without records nothing changes; on
the scale of log-odds the best fit is then (prior count + expected count) / (all counts).

An interval is that of a Beta distribution with the estimate as its mean, which counts as many
cases as the data tell of, not as many as there are: what the outcomes leave open is taken off (T.
A. Louis, "Finding the observed information matrix when using the EM algorithm", 1982), for all
numbers at once, so that what cannot be told apart is wide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from diagnoser.knowledge.model import Knowledge
from diagnoser.learning.beta import quantile
from diagnoser.learning.information import Hidden, left
from diagnoser.learning.matrix import inverse_diagonal
from diagnoser.learning.odds import log_odds
from diagnoser.learning.phones import Numbers, Pair, Phone, Told, unrecorded, works_by_now
from diagnoser.learning.records import Seen

CASES_OF_A_WORD = 1.0
"""How many cases of a cause its word counts as: with one, a word is trusted to about one word."""
TRIES_OF_A_WORD = 8.0
"""How many tries of a remedy, on phones with the cause, its word counts as."""
COVERED = 0.9
"""The probability that a number lies in its interval."""
STILL = 1e-4
"""Changes of log-odds in a round that are none: the narrowest interval is hundreds of them wide."""
ROUNDS = 500
TOUCHED = 0.05
"""Tries of a remedy that are expected at least, for outcomes to tell of its chance."""


class Prior(NamedTuple):
    """A Beta distribution by its two counts: of cases, and of all others."""

    yes: float
    no: float

    @property
    def mean(self) -> float:
        return self.yes / (self.yes + self.no)


class Estimate(NamedTuple):
    """A number, the interval that it lies in with probability `COVERED`, and what it rests on: how
    many phones are expected to have had the cause, or how many tries met it. `information` is what
    is known of its log-odds, prior included: one over their variance."""

    value: float
    low: float
    high: float
    rests_on: float
    information: float


class Estimates(NamedTuple):
    """The estimates of causes and of remedies; `still` says whether the numbers stood still at the
    end, after so many `rounds`."""

    priors: Mapping[str, Estimate]
    chances: Mapping[Pair, Estimate]
    rounds: int
    still: bool


def priors_of(knowledge: Knowledge) -> tuple[dict[str, Prior], dict[Pair, Prior]]:
    """What the words of the pack say of each number before anything was seen."""
    causes = {
        cause.id: Prior(CASES_OF_A_WORD, CASES_OF_A_WORD * (1 - cause.prior) / cause.prior)
        for cause in knowledge.causes.values()
    }
    pairs = {
        (remedy.id, cause): Prior(TRIES_OF_A_WORD * chance, TRIES_OF_A_WORD * (1 - chance))
        for remedy in knowledge.remedies.values()
        for cause, chance in remedy.fixes.items()
    }
    return causes, pairs


def estimate(knowledge: Knowledge, seen: Iterable[Seen]) -> Estimates:
    """The numbers that fit best what was seen; the order of that does not matter."""
    return _Estimation(knowledge, seen).run()


class _Estimation:
    def __init__(self, knowledge: Knowledge, seen: Iterable[Seen]) -> None:
        self.knowledge = knowledge
        self.causes, self.pairs = priors_of(knowledge)
        self.phones = [Phone(knowledge, one) for one in seen]
        self.groups = Counter(phone.tried for phone in self.phones)

    def run(self) -> Estimates:
        numbers = Numbers(
            {id: one.mean for id, one in self.causes.items()},
            {pair: one.mean for pair, one in self.pairs.items()},
        )
        rounds, still = 0, not self.phones
        while not still and rounds < ROUNDS:
            rounds += 1
            better = self._better(numbers)
            still = _moved(numbers, better) < STILL
            numbers = better
        return self._with_intervals(numbers, rounds, still)

    def _told(self, numbers: Numbers) -> tuple[list[Told], dict[tuple[str, ...], Told]]:
        """What each phone tells, and for each kind of them the unrecorded ones."""
        others = {tried: unrecorded(self.knowledge, tried, numbers) for tried in self.groups}
        return [phone.told(numbers) for phone in self.phones], others

    def _better(self, numbers: Numbers) -> Numbers:
        told, others = self._told(numbers)
        phones = fsum([len(told), *(others[t].phones * n for t, n in self.groups.items())])
        every = [(one, 1) for one in told]
        every += [(others[tried], number) for tried, number in self.groups.items()]
        present: dict[str, list[float]] = {id: [one.yes] for id, one in self.causes.items()}
        met: dict[Pair, list[float]] = {pair: [p.yes + p.no] for pair, p in self.pairs.items()}
        mended: dict[Pair, list[float]] = {pair: [p.yes] for pair, p in self.pairs.items()}
        for one, number in every:
            for cause, share in one.present.items():
                present[cause].append(share * number)
            for pair, share in one.met.items():
                met[pair].append(share * number)
                mended[pair].append(one.mended[pair] * number)
        return Numbers(
            {
                id: fsum(present[id]) / (phones + prior.yes + prior.no)
                for id, prior in self.causes.items()
            },
            {pair: fsum(mended[pair]) / fsum(met[pair]) for pair in self.pairs},
        )

    def _with_intervals(self, numbers: Numbers, rounds: int, still: bool) -> Estimates:
        told, others = self._told(numbers)
        present: dict[str, list[float]] = {id: [] for id in self.causes}
        met: dict[Pair, list[float]] = {pair: [] for pair in self.pairs}
        for one in told:
            for cause, share in one.present.items():
                present[cause].append(share)
            for pair, share in one.met.items():
                met[pair].append(share)
        cases = {id: fsum(shares) for id, shares in present.items()}
        tries = {pair: fsum(shares) for pair, shares in met.items()}
        touched = [pair for pair in self.pairs if tries[pair] >= TOUCHED]
        told_of = self._information(numbers, told, others, touched)
        priors = {
            id: _estimate(numbers.priors[id], told_of[place], cases[id])
            for place, id in enumerate(self.causes)
        }
        chances = {
            pair: _estimate(numbers.chances[pair], _of_prior(prior, prior.mean), tries[pair])
            for pair, prior in self.pairs.items()
        }
        for place, pair in enumerate(touched, start=len(self.causes)):
            chances[pair] = _estimate(numbers.chances[pair], told_of[place], tries[pair])
        return Estimates(priors, chances, rounds, still)

    def _information(
        self,
        numbers: Numbers,
        told: Sequence[Told],
        others: Mapping[tuple[str, ...], Told],
        touched: Sequence[Pair],
    ) -> list[float]:
        """What is known of each number, on the scale of log-odds, when the others are not known
        better than they are: of the causes, then of the pairs."""
        places = {one: place for place, one in enumerate([*self.causes, *touched])}
        hidden = Hidden(numbers, places)
        for phone in self.phones:
            hidden.add_phone(phone.parts(numbers))
        for tried, number in sorted(self.groups.items()):
            states = works_by_now(self.knowledge, tried, numbers)
            hidden.add_unrecorded(states, others[tried].phones, number)
        phones = fsum([len(told), *(others[t].phones * n for t, n in self.groups.items())])
        complete = []
        for id, prior in self.causes.items():
            value = numbers.priors[id]
            complete.append((prior.yes + prior.no + phones) * value * (1 - value))
        for pair in touched:
            value = numbers.chances[pair]
            met = [one.met[pair] for one in told if pair in one.met]
            met += [others[t].met.get(pair, 0.0) * n for t, n in self.groups.items()]
            complete.append((sum(self.pairs[pair]) + fsum(met)) * value * (1 - value))
        try:
            return [1 / one for one in inverse_diagonal(left(complete, hidden.matrix))]
        except ValueError:  # the best fit is not found yet: no more is claimed than the words know
            return [
                *(_of_prior(prior, numbers.priors[id]) for id, prior in self.causes.items()),
                *(_of_prior(self.pairs[pair], numbers.chances[pair]) for pair in touched),
            ]


def _of_prior(prior: Prior, value: float) -> float:
    """What a prior tells of the log-odds of a number that is thought to be this."""
    return (prior.yes + prior.no) * value * (1 - value)


def _estimate(value: float, information: float, rests_on: float) -> Estimate:
    """With the Beta distribution of this mean that tells as much on the scale of log-odds: from n
    cases, n times value times (1 - value)."""
    yes, no = information / (1 - value), information / value
    tail = (1 - COVERED) / 2
    return Estimate(
        value, quantile(tail, yes, no), quantile(1 - tail, yes, no), rests_on, information
    )


def _moved(before: Numbers, after: Numbers) -> float:
    """The largest change of any log-odds."""
    changes = [
        abs(log_odds(after.priors[id]) - log_odds(value)) for id, value in before.priors.items()
    ]
    changes += [
        abs(log_odds(after.chances[pair]) - log_odds(value))
        for pair, value in before.chances.items()
    ]
    return max(changes, default=0.0)
