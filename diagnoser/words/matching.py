"""Looks for the phrases of a pack in a clause that states something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from diagnoser.knowledge.model import TRIED, Knowledge
from diagnoser.knowledge.values import Choice, Lookup, Number, Unfit
from diagnoser.knowledge.values import Version as VersionKind
from diagnoser.words import english
from diagnoser.words.amounts import Amount, Meant, Name, Share, Span, Version
from diagnoser.words.mending import Mender
from diagnoser.words.phrases import SLOT_FIRST, VALUE, Phrase, Phrases, Slot
from diagnoser.words.scope import CHANGED, DENIED, Stated
from diagnoser.words.tokens import Token

COST = 0.1
"""What a word between those of a phrase takes off the score, and a mended one."""
_ROOM = 3
"""Words of a phrase from which on one that is not its own may stand between them, or be mended."""
_BETWEEN = 4
"""Words that may stand between two parts of a phrase that may be said in either order."""


class Match(NamedTuple):
    """A phrase that was found: the answer, the places of its words in the text without names that
    stand for what they are one of, and the score."""

    fact: str
    answer: str
    places: frozenset[int]
    start: int
    end: int
    score: float


def widest(matches: Iterable[Match]) -> list[Match]:
    """Those whose words are not part of those of another fact's: "off at night" is not "off"."""
    found = list(matches)
    return [
        one
        for one in found
        if not any(
            one.places < other.places and (other.fact, other.answer) != (one.fact, one.answer)
            for other in found
        )
    ]


def matches(
    said: Stated,
    known: Phrases,
    knowledge: Knowledge,
    mended: Mender,
    as_of: date | None = None,
) -> Iterator[Match]:
    """The phrases that a clause has in it, one after the other, those within others too."""
    meant = known.spoken.meant(said.clause.tokens, as_of)
    words = [mended(one) for one in meant]
    there = {*words, *(one.token.word for one in meant), *(one.kind for one in meant)}
    candidates = {
        first: [one for one in known.by_first.get(first, ()) if _may_say(one, said, there)]
        for first in ({*there, SLOT_FIRST} if meant else ())
    }
    for place, one in enumerate(meant):
        for first in sorted({words[place], one.token.word, one.kind, SLOT_FIRST}):
            for phrase in candidates[first]:
                yield from _match(phrase, meant, words, place, said, knowledge)


def _may_say(phrase: Phrase, said: Stated, there: set[str]) -> bool:
    """Whether the words of a phrase are in the clause, and the clause states what has them."""
    if not phrase.needed <= there:
        return False
    denials = phrase.denials
    if said.clause.negations != denials and not phrase.leads:
        return False
    if denials and said.clause.denied_in_part != phrase.words & english.WHOLE:
        return False
    against = said.against - {DENIED} if denials else said.against
    against = against - {CHANGED} if phrase.leads else against
    return against - phrase.words <= phrase.beside


def _match(
    phrase: Phrase,
    meant: Sequence[Meant],
    words: Sequence[str],
    first: int,
    said: Stated,
    knowledge: Knowledge,
) -> Iterator[Match]:
    """The phrase from this place on, if it is there."""
    places, own, answer, gaps, slips = [], [], phrase.answer, 0, 0
    place = first
    for number, part in enumerate(phrase.parts):
        room = int(len(phrase.parts) >= _ROOM and not gaps and number > 0)
        if number > 0 and phrase.parts[number - 1] in english.DENYING:
            room = 0
        if number in phrase.loose:
            room = _BETWEEN
        for skipped in range(1 + room):
            here = place + skipped
            if here >= len(meant):
                return
            before = words[here - 1] if number > 0 else ""
            value = _fits(part, meant[here], words[here], before, phrase, knowledge)
            if value is not None:
                break
        else:
            return
        if isinstance(part, Slot) and value:
            if not _had(said, meant[here]):
                return
            answer = value
        slips += isinstance(part, str) and part not in (meant[here].token.word, meant[here].kind)
        gaps += bool(skipped) if number in phrase.loose else skipped
        places.append(here)
        if not (isinstance(part, str) and isinstance(meant[here].meaning, Name)):
            own.append(_place(meant[here].token))
        place = here + 1
    if slips > 1 or (slips and len(phrase.parts) < _ROOM):
        return
    if phrase.whole and len(places) < len(meant):
        return
    if (
        phrase.leads
        and not phrase.denials
        and any(one.token.word == english.NOT for one in meant[:place])
    ):
        return
    tokens = [meant[place].token for place in places]
    if phrase.fact.startswith(TRIED) and _by_itself(said, tokens[0]):
        return
    if place < len(meant) and _leads_on(tokens[-1], meant[place].token.spelled[-1]):
        return
    yield Match(
        phrase.fact,
        answer,
        frozenset(own),
        tokens[0].start,
        tokens[-1].end,
        round(1 - COST * (gaps + slips), 2),
    )


def _place(token: Token) -> int:
    """A number of its own for each word, also for one that was put before another."""
    return token.start if token.start < token.end else -1 - token.start


def _by_itself(said: Stated, first: Token) -> bool:
    """Whether it is the phone that did it, and not the person: "it restarted"; or whether it tells
    only when something was: "it began when I restarted"."""
    if said.clause.opened_by in english.MEANWHILE:
        return True
    return any(one.word == "it" and one.end <= first.start for one in said.clause.tokens)


def _leads_on(last: Token, after: str) -> bool:
    """Whether the phrase ends with an "is on" that goes on: "the backup is on the computer"."""
    *verbs, end = last.spelled
    if not verbs or verbs[-1] in ("switched", "turned"):
        return False
    return after not in english.AFTER_ON if end == "on" else end == "off" and after == "by"


def _fits(
    part: str | Slot, meant: Meant, word: str, before: str, phrase: Phrase, knowledge: Knowledge
) -> str | None:
    """The value that stands in the place of a part of a phrase (empty for a plain word), or None
    where something else does; `before` it stands this word."""
    if isinstance(part, str):
        return "" if part in (word, meant.token.word, meant.kind) else None
    if part.days is not None:
        low, high = part.days
        span = meant.meaning
        return "" if isinstance(span, Span) and low <= span.low and span.high <= high else None
    if part.share is not None:
        return _left(part.share, meant, phrase, knowledge)
    return _value(phrase.fact, meant, knowledge, before)


def _value(fact: str, meant: Meant, knowledge: Knowledge, before: str = "") -> str | None:
    """The answer that an amount, a version or a name is for this fact; a number without a point is
    a version where the word `before` it says so, as in "iOS 17"."""
    kind, meaning = knowledge.facts[fact].kind, meant.meaning
    text = None
    if isinstance(kind, Lookup) and isinstance(meaning, Name) and meaning.fact == fact:
        text = meaning.value
    elif isinstance(kind, VersionKind) and isinstance(meaning, Version):
        text = meaning.text
    elif isinstance(kind, VersionKind) and before in fact.split(".") and _is_small(meant):
        text = meant.token.word
    elif isinstance(kind, Number) and isinstance(meaning, Amount):
        text = f"{meaning.number} {meaning.unit}"
    if text is None or isinstance(kind, Choice):
        return None
    try:
        kind.parse_text(text)
    except Unfit:
        return None
    return text


def _is_small(meant: Meant) -> bool:
    """Whether it is a number of one or two digits, as the "17" of "iOS 17"."""
    word = meant.token.word
    return meant.meaning is None and word.isascii() and word.isdecimal() and len(word) < 3


def _left(total: str, meant: Meant, phrase: Phrase, knowledge: Knowledge) -> str | None:
    """What a share of this total leaves free, as a value of the fact, or nothing for an answer of
    its own; None where it is another share."""
    if not isinstance(meant.meaning, Share) or total not in ("", meant.meaning.total):
        return None
    if phrase.answer != VALUE:
        return ""
    return _value(phrase.fact, meant._replace(meaning=meant.meaning.free), knowledge)


def _had(said: Stated, meant: Meant) -> bool:
    """Whether a name or a version is that of this phone: not one that it comes from, or that is
    only offered."""
    if not (isinstance(meant.meaning, Name | Version) or _is_small(meant)):
        return True
    return all(english.NOT_HAD.isdisjoint(one.spelled) for one in said.clause.tokens)
