"""The phrases that a pack has for answers, in the form in which they are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from diagnoser.knowledge.model import TRIED_AREA, Fact, Knowledge
from diagnoser.knowledge.values import Kind, Lookup, Number, Version
from diagnoser.words import english
from diagnoser.words.alternatives import EITHER_ORDER, spelled_out
from diagnoser.words.amounts import Meant, Name, Names, understood
from diagnoser.words.notes import noted
from diagnoser.words.tokens import Token, Written, by_first_word, plain, together

_SLOT = re.compile(r"\{([^{}]*)\}")
_PIECE = re.compile(rf"{_SLOT.pattern}|({EITHER_ORDER})")
_DAYS = re.compile(r"([0-9]{1,4})-([0-9]{1,4}) days")
_SHARE = re.compile(r"share of (all|[0-9]{1,4} [MGT]B)")
WHOLE = "."
"""Ends a phrase that is all that its clause says."""
VALUE = ""
"""The answer of a phrase that has the value itself in it, as `iOS {}`."""


SLOT_FIRST = ""
"""Stands for the first word of phrases that begin with a value."""


class Slot(NamedTuple):
    """What stands for a value in a phrase: a span of so many days; a share, such as `4.7 of 5 GB`,
    of a total (empty for any); or else a value of the fact."""

    days: tuple[int, int] | None = None
    share: str | None = None


Part = str | Slot


class Phrase(NamedTuple):
    """What people say of an answer: the words that count, in order, `not` for each denial among
    them; `needed` are those, and `words` also the small ones. Before the `loose` parts other words
    may stand; a `whole` one is all that its clause says. Words `beside` it do not weaken it. One
    that `leads` to what else the clause says, as a name or "since the update", is denied only by
    what stands before it."""

    fact: str
    answer: str
    text: str
    parts: tuple[Part, ...]
    words: frozenset[str]
    needed: frozenset[str]
    loose: frozenset[int]
    whole: bool
    beside: frozenset[str]
    denials: int
    leads: bool = False


@dataclass(frozen=True)
class Language:
    """How the words of a pack are spelled: what is written in several ways, the words for other
    devices, and the names of tables."""

    same: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    """Facts with a name that answers each."""

    @cached_property
    def written(self) -> Written:
        """What words of the pack are called that mean one thing."""
        same = {
            tuple(one.word for one in plain(spelling)): group[0].casefold()
            for group in self.same
            for spelling in group
        }
        named = {tuple(one.word for one in plain(name)): name.casefold() for _, name in self.names}
        return by_first_word({**_breaking(named), **same})

    @cached_property
    def things(self) -> frozenset[str]:
        """The words with which the names of devices begin, such as "iphone"."""
        return frozenset(word.split()[0] for word in self.by_name.begin) - self.of_others

    @cached_property
    def of_others(self) -> frozenset[str]:
        return frozenset(one.word for text in self.others for one in self.read(text))

    @cached_property
    def by_name(self) -> Names:
        found = {
            tuple(one.word for one in self.read(text)): Name(fact, name)
            for fact, name in self.names
            for text in _called(name)
        }
        begin = frozenset(words[0] for words in found)
        return Names(found, begin, max(map(len, found), default=0))

    def read(self, text: str) -> list[Token]:
        """The words of a phrase, with those put together that mean one thing."""
        return together(plain(text), self.written)

    def heard(self, text: str) -> list[Token]:
        """The same of what somebody writes."""
        return together(noted(text), self.written)

    def meant(self, found: Iterable[Token], as_of: date | None = None) -> list[Meant]:
        """The words that count, with the amounts and names among them, and with the dates where
        it is known on which day they were written."""
        return [
            one
            for one in understood(list(found), self.by_name, as_of)
            if one.meaning is not None or not english.is_filler(one.token.word)
        ]


def _called(name: str) -> Iterable[str]:
    """How a name is said: all of it, or without what it begins with where two words are left, as
    the "14 Pro" of "iPhone 14 Pro"."""
    yield name
    yield re.sub(r"[()]", " ", name)
    _, _, rest = name.partition(" ")
    if " " in rest and english.BREAKS.isdisjoint(rest.casefold().split()):
        yield rest


def _breaking(names: Mapping[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """Those of which a word would begin another clause: the "plus" of an "iPhone 14 Plus"."""
    return {words: name for words, name in names.items() if not english.BREAKS.isdisjoint(words)}


def language(
    same: Iterable[Iterable[str]], others: Iterable[str], kinds: Mapping[str, Kind]
) -> Language:
    """The language of a pack, of whose facts these are the kinds."""
    names = [
        (fact, name)
        for fact, kind in kinds.items()
        if isinstance(kind, Lookup)
        for name in kind.names
    ]
    return Language(tuple(map(tuple, same)), tuple(others), tuple(names))


def phrase(
    fact: str, answer: str, text: str, spoken: Language, beside: frozenset[str] = frozenset()
) -> Phrase:
    """The phrase as it is looked for; the text is one that stands for no others."""
    parts: list[Part] = []
    words: set[str] = set()
    loose: set[int] = set()
    rest = text
    while rest:
        mark = _PIECE.search(rest)
        plain_text = rest[: mark.start()] if mark else rest
        found = spoken.read(plain_text)
        words.update(one.word for one in found)
        parts += [_part(one) for one in spoken.meant(found)]
        if mark and mark[0] == EITHER_ORDER:
            loose.add(len(parts))
        elif mark:
            parts.append(_slot(mark[1]))
        rest = rest[mark.end() :] if mark else ""
    needed = frozenset(part for part in parts if isinstance(part, str))
    whole = text.endswith(WHOLE)
    return Phrase(
        fact,
        answer,
        text,
        tuple(parts),
        frozenset(words),
        needed,
        frozenset(loose),
        whole,
        beside,
        sum(part in english.DENYING for part in parts),
    )


def _part(one: Meant) -> str:
    """A word of a phrase; "never" is found only where it is said, "not" in all that denies."""
    return one.kind if one.kind == english.NEVER else one.token.word


def _slot(text: str) -> Slot:
    if days := _DAYS.fullmatch(text):
        return Slot(days=(int(days[1]), int(days[2])))
    if share := _SHARE.fullmatch(text):
        return Slot(share="" if share[1] == "all" else share[1])
    return Slot()


def mistake(one: Phrase, kind: Kind, spoken: Language) -> str:
    """What is wrong with a phrase, if anything."""
    found = spoken.read(_SLOT.sub(" ", one.text))
    slots = _SLOT.findall(one.text)
    if "{" in _SLOT.sub("", one.text) or "}" in _SLOT.sub("", one.text):
        return "has a brace without its other half"
    if breaks := sorted(english.BREAKS & one.words):
        return f'has "{breaks[0]}", where another clause begins; write a phrase for one clause'
    if any(token.ends or token.mark for token in found[:-1]):
        return "has a mark in it that ends a clause; write a phrase for one clause"
    if len(slots) > 1:
        return "has more than one place for a value"
    share = bool(slots) and _SHARE.fullmatch(slots[0]) is not None
    if one.answer == VALUE and slots != [""] and not share:
        return "has no {} where the value stands"
    if one.answer != VALUE and slots and not share:
        days = _DAYS.fullmatch(slots[0])
        if days is None or int(days[1]) > int(days[2]):
            return (
                "has a place for something else than days, such as {2-7 days}, or a share, such as "
                "{share of 5 GB}"
            )
    if not one.parts or 0 in one.loose or len(one.parts) in one.loose:
        return "has nothing on one side of an &, or no word that counts"
    enough = share or one.whole or (isinstance(kind, Lookup) and one.answer == VALUE)
    if len(one.parts) < 2 and not enough:
        return (
            "is too short: besides small words it needs two that tell something, or it is found "
            "where nobody meant it"
        )
    return ""


def can_be_said(kind: Kind) -> bool:
    """Whether a phrase may hold a value of this kind."""
    return isinstance(kind, Lookup | Number | Version)


class Phrases(NamedTuple):
    """All phrases of a pack by their first part, and what they are made of."""

    spoken: Language
    by_first: Mapping[str, tuple[Phrase, ...]]
    of_phrases: frozenset[str]
    vocabulary: frozenset[str]
    """The words of phrases, and of all that the pack asks and answers: those are no slips."""


def phrases(knowledge: Knowledge) -> Phrases:
    """The phrases of a pack."""
    told = [fact for fact in knowledge.facts.values() if fact.askable or fact.said]
    said = tuple((fact.id, *one, _beside(fact)) for fact in told for one in fact.said)
    facts = [fact for fact in told if fact.askable]
    spoken = knowledge.spoken
    found = language(spoken.same, spoken.others, {fact.id: fact.kind for fact in facts})
    naming = frozenset(fact.id for fact in facts if isinstance(fact.kind, Lookup | Version))
    return _phrases(said, found, tuple(_texts(facts)), naming)


def _beside(fact: Fact) -> tuple[str, ...]:
    return (*fact.beside, *sorted(english.TRYING)) if fact.area == TRIED_AREA else fact.beside


def _texts(facts: Iterable[Fact]) -> Iterable[str]:
    for fact in facts:
        yield fact.ask
        labels = getattr(fact.kind, "labels", {})
        yield from labels.values()
        for variant in fact.look:
            yield from (line for line in variant.do if isinstance(line, str))


@lru_cache(maxsize=4)
def _phrases(
    said: tuple[tuple[str, str, str, tuple[str, ...]], ...],
    spoken: Language,
    texts: tuple[str, ...],
    naming: frozenset[str],
) -> Phrases:
    by_first: dict[str, list[Phrase]] = {}
    known: set[str] = set()
    for fact, answer, texts_of, beside in said:
        words = frozenset(one.word for text in beside for one in spoken.read(text))
        for text in spelled_out(texts_of):
            one = phrase(fact, answer, text, spoken, words)
            if not one.parts:  # only `check` looks at all that a phrase stands for
                continue
            leads = fact in naming or one.parts[0] in english.LEADING
            one = one._replace(leads=leads)
            first = one.parts[0]
            by_first.setdefault(SLOT_FIRST if isinstance(first, Slot) else first, []).append(one)
            known |= one.words | {part for part in one.parts if isinstance(part, str)}
    known.update(
        word for spellings in spoken.written.values() for words, _ in spellings for word in words
    )
    all_words = known.union(one.word for text in texts for one in spoken.read(text))
    return Phrases(
        spoken,
        {key: tuple(ones) for key, ones in by_first.items()},
        frozenset(known),
        frozenset(all_words),
    )
