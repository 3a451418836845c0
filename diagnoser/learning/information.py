"""How much what was seen tells of each number: the observed information (T. A. Louis 1982).

That is what would be known if nothing were hidden, less what is hidden: the variance of the score
of whole phones, given what was seen of them. Scores are slopes of the log-likelihood in log-odds:
of a prior, 1 or 0 for the cause being there, less the prior; of a chance, 1 or 0 for each attempt
that met the cause, less the chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from diagnoser.learning.phones import NEVER, Numbers, Parts, States

Matrix = list[list[float]]
Vector = Mapping[int, float]
Places = Mapping[Any, int]
"""The row of each cause, and of each remedy and cause."""


class Hidden:
    """Adds up the variance of scores; `places` are the rows of the causes and pairs that count."""

    def __init__(self, numbers: Numbers, places: Places) -> None:
        self.numbers, self.places = numbers, places
        self.matrix: Matrix = [[0.0] * (place + 1) for place in range(len(places))]
        """The lower half."""

    def add_phone(self, parts: Parts) -> None:
        """The variance of one phone's score, of which the posterior is known."""
        whole: dict[int, float] = {}
        alone = {self.places[cause]: share for cause, share in parts.alone.items()}
        for by, weight in parts.events:
            mean: dict[int, float] = {}
            if by == NEVER:
                mean.update(alone)
                for place, share in alone.items():
                    self.matrix[place][place] += weight * share * (1 - share)
            for cause, state in parts.states.items():
                self._add_states(cause, state, by, weight, mean)
            self._add_square(mean, weight)
            for place, value in mean.items():
                whole[place] = whole.get(place, 0.0) + weight * value
        self._add_square(whole, -1.0)

    def add_unrecorded(self, states: Mapping[str, States], phones: float, times: int) -> None:
        """That of the phones that were not recorded, `phones` of them on average for each of some
        recorded ones. Their number, which nobody knows either, is geometric."""
        priors = self.numbers.priors
        mean = {self.places[cause]: -prior for cause, prior in priors.items()}
        for cause, state in states.items():
            self._add_states(cause, state, 1, phones * times, mean)
        self._add_square(mean, phones * (1 + phones) * times)

    def _add_states(
        self, cause: str, state: States, by: int, weight: float, mean: dict[int, float]
    ) -> None:
        """The variance of the scores of one cause, if it is gone by a test; adds to their mean."""
        vectors = list(self._scores(cause, state))
        gone = state.mended_by(by)
        own: dict[int, float] = {}
        for share, number, vector in zip(state.shares, state.numbers, vectors, strict=True):
            if number <= by:
                self._add_square(vector, weight * share / gone)
                for place, value in vector.items():
                    own[place] = own.get(place, 0.0) + value * share / gone
        self._add_square(own, -weight)
        for place, value in own.items():
            mean[place] = mean.get(place, 0.0) + value

    def _scores(self, cause: str, state: States) -> Iterable[Vector]:
        """The scores in each state, but for what is the same in all."""
        yield {}
        for last in range(1, len(state.pairs) + 2):
            score = {self.places[cause]: 1.0}
            for number, pair in enumerate(state.pairs[:last], start=1):
                place = self.places.get(pair)
                if place is not None:
                    value = (number == last) - self.numbers.chances[pair]
                    score[place] = score.get(place, 0.0) + value
            yield score

    def _add_square(self, vector: Vector, weight: float) -> None:
        entries = sorted(vector.items())
        for i, (row, first) in enumerate(entries):
            line, scaled = self.matrix[row], first * weight
            for column, second in entries[: i + 1]:
                line[column] += scaled * second


def left(complete: Sequence[float], hidden: Matrix) -> Matrix:
    """The information that is left of the complete one, which is on the diagonal."""
    matrix = [[-value for value in row] for row in hidden]
    for place, value in enumerate(complete):
        matrix[place][place] += value
    return matrix
