"""From records to proposed words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import fsum, sqrt
from typing import Literal

from diagnoser.api import Diagnoser
from diagnoser.learning.estimation import Estimate, Estimates, estimate
from diagnoser.learning.files import Word, line_of, rewritten, unified
from diagnoser.learning.model import Learned, Line, Number, Used, WholeWord
from diagnoser.learning.odds import log_odds, probability
from diagnoser.learning.records import Reader, Reading
from diagnoser.learning.scale import fitting, nearest, reach
from diagnoser.pack.files import Pack
from diagnoser.pack.opening import opened
from diagnoser.pack.reader import Content, read_folder
from diagnoser.report.model import KnowledgeUsed

SEVERAL, MOST = 4, 0.75
"""How many numbers a word must be said of, and which part of them must lie on the same side of it,
before the word itself is doubted."""
NORMAL = 1.645
"""Standard deviations on each side that cover 90 %."""


def learn(
    diagnoser: Diagnoser,
    root: str,
    records: Mapping[str, Iterable[bytes]],
    *,
    to_nearest: bool = False,
) -> Learned:
    """What records teach of the pack at a path, a folder or a released one, from which the
    diagnoser was made. `records` are the lines of each file, by its name.

    A word is proposed where the present one can hardly be right; with `to_nearest` it is that
    nearest to each estimate.

    Raises InvalidKnowledge where the files of the pack have become unreadable since.
    """
    reading = Reading()
    reader = Reader(diagnoser)
    for name, lines in records.items():
        reader.read(name, lines, reading)
    knowledge = diagnoser.knowledge
    found = estimate(knowledge, reading.seen)
    pack = opened(root)
    content, _ = read_folder(root)
    numbers = list(_numbers(content, pack, found, to_nearest))
    words = [_word(one) for one in numbers if one.changes]
    return Learned(
        knowledge=KnowledgeUsed(
            id=knowledge.id, version=knowledge.version, digest=knowledge.digest
        ),
        used=Used(
            records=len(reading.seen),
            ended=dict(sorted(reading.ended.items())),
            other_knowledge=reading.other_knowledge,
            without_outcomes=reading.without_outcomes,
            left_out=[
                Line(file=one.file, line=one.line, because=one.because) for one in reading.left_out
            ],
        ),
        still=found.still,
        numbers=numbers,
        whole_words=list(_whole_words(content, found)),
        patch=unified(rewritten(pack, words)),
    )


def _word(one: Number) -> Word:
    return Word(one.file, one.cause, one.remedy, one.word, one.proposed)


def changed_files(pack: Pack, learned: Learned) -> dict[str, str]:
    """The files of the pack that the proposed words change, with their new text."""
    words = [_word(one) for one in learned.changes]
    return {name: text for name, (_, text) in rewritten(pack, words).items()}


def _numbers(content: Content, pack: Pack, found: Estimates, to_nearest: bool) -> Iterator[Number]:
    for id, cause in sorted(content.causes.items()):
        word = Word(content.cause_file(id), id, None, cause.commonness, "")
        yield _number(pack, word, content.pack.commonness, found.priors[id], to_nearest)
    for remedy, said in sorted(content.remedies.items()):
        for id, chance in sorted(said.fixes.items()):
            word = Word(f"rules/remedies/{remedy}.yaml", id, remedy, chance, "")
            yield _number(pack, word, content.pack.chances, found.chances[remedy, id], to_nearest)


def _number(
    pack: Pack, word: Word, scale: Mapping[str, float], found: Estimate, to_nearest: bool
) -> Number:
    return Number(
        of="cause" if word.remedy is None else "remedy",
        cause=word.cause,
        remedy=word.remedy,
        word=word.before,
        stands_for=scale[word.before],
        estimate=_short(found.value),
        low=_short(found.low),
        high=_short(found.high),
        rests_on=round(found.rests_on, 1),
        proposed=nearest(scale, found.value) if to_nearest else fitting(scale, word.before, found),
        file=word.file,
        line=line_of(pack, word),
    )


def _short(value: float) -> float:
    """Three digits are more than records tell, and are the same on every machine."""
    return float(f"{value:.3g}")


def _whole_words(content: Content, found: Estimates) -> Iterator[WholeWord]:
    """The words that most of what they are said of does not fit, on the same side."""
    priors: dict[str, list[Estimate]] = {}
    for id, cause in sorted(content.causes.items()):
        priors.setdefault(cause.commonness, []).append(found.priors[id])
    chances: dict[str, list[Estimate]] = {}
    for remedy, said in sorted(content.remedies.items()):
        for id, chance in sorted(said.fixes.items()):
            chances.setdefault(chance, []).append(found.chances[remedy, id])
    for word in sorted(priors):
        yield from _whole_word("cause", word, content.pack.commonness, priors[word])
    for word in sorted(chances):
        yield from _whole_word("remedy", word, content.pack.chances, chances[word])


def _whole_word(
    of: Literal["cause", "remedy"], word: str, scale: Mapping[str, float], said_of: list[Estimate]
) -> Iterator[WholeWord]:
    """Doubts a word by the mean of the estimates on the scale of log-odds, each weighed by what is
    known of it."""
    low, high = reach(scale, word)
    most = MOST * len(said_of)
    one_side = max(
        sum(one.value < low for one in said_of), sum(one.value > high for one in said_of)
    )
    if len(said_of) < SEVERAL or one_side < most:
        return
    known = fsum(one.information for one in said_of)
    mean = fsum(one.information * log_odds(one.value) for one in said_of) / known
    wide = NORMAL / sqrt(known)
    if mean + wide < log_odds(low) or mean - wide > log_odds(high):
        yield WholeWord(
            word=word,
            of=of,
            stands_for=scale[word],
            estimate=_short(probability(mean)),
            low=_short(probability(mean - wide)),
            high=_short(probability(mean + wide)),
            said_of=len(said_of),
        )
