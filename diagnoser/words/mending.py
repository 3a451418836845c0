"""Finds the word that somebody meant who made a slip of the fingers."""

from __future__ import annotations

from functools import lru_cache

from diagnoser.errors import DiagnoserError, Problem
from diagnoser.words import english
from diagnoser.words.amounts import Meant
from diagnoser.words.phrases import Phrases

SLIP, TWO_SLIPS = 5, 9
"""Letters of a word in which one slip is mended, and of one in which two are."""


class Mender:
    """Mends words that are nearly those of a pack's phrases.

    Raises DiagnoserError where RapidFuzz is missing.
    """

    def __init__(self, known: Phrases) -> None:
        try:
            from rapidfuzz import process
            from rapidfuzz.distance import OSA
        except ImportError:
            wanted = 'reading words needs RapidFuzz: pip install "diagnoser[words]"'
            raise DiagnoserError([Problem("", 0, "", wanted)]) from None
        self._extract, self._distance = process.extract, OSA.distance
        self._known = known.vocabulary
        self._targets = _targets(known.of_phrases)

    def __call__(self, meant: Meant) -> str:
        """The word, mended where it is none of the pack's and only one of those is near."""
        word = meant.token.word
        long = len(word) >= SLIP and word.isalpha() and meant.meaning is None
        if not long or word in self._known or word in english.KNOWN:
            return word
        most = 2 if len(word) >= TWO_SLIPS else 1
        near = self._extract(
            word,
            self._targets.get(word[0], ()),
            scorer=self._distance,
            processor=None,
            limit=2,
            score_cutoff=most,
        )
        if not near or (len(near) > 1 and near[0][1] == near[1][1]):
            return word
        return str(near[0][0])


@lru_cache(maxsize=4)
def _targets(vocabulary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The long words by their first letter, in order."""
    found: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        if len(word) >= SLIP - 1 and word.isalpha():
            found.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in found.items()}
