"""A text as words with their places in it, and the clauses that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from diagnoser.words import english

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?…\n\r\u2028\u2029\u061f\u3002]")
_SEPARATES = re.compile(r"[,;:()\[\]–—/]|\s-+\s|--")
Written = Mapping[tuple[str, ...], str]
"""What words are called that mean one thing, by how they are written."""


class Token(NamedTuple):
    """A word in lower case, or what several together are called, and where it stands in the text.

    `ends` tells that a sentence ends after it, `asked` that it is a question, `parted` that
    something separates it from the next. `spelled` are its words before they were put together.
    """

    word: str
    start: int
    end: int
    ends: bool = False
    asked: bool = False
    parted: bool = False
    spelled: tuple[str, ...] = ()


class Clause(NamedTuple):
    """Words that are said together; `opened_by` is the word that began the clause, empty where a
    mark did, and `sentence` the number of its sentence, which may be `asked`."""

    tokens: tuple[Token, ...]
    opened_by: str
    sentence: int
    asked: bool

    @property
    def words(self) -> list[str]:
        return [one.word for one in self.tokens]

    @property
    def negations(self) -> int:
        return self.words.count(english.NOT)

    @property
    def denied_in_part(self) -> set[str]:
        """The words that make a denial say less: "not always" may still be so at times."""
        return {
            after
            for word, after in pairwise(self.words)
            if word == english.NOT and after in english.WHOLE
        }


def tokens(text: str) -> list[Token]:
    """The words of a text."""
    found: list[Token] = []
    matches = list(_TOKEN.finditer(text))
    for place, match in enumerate(matches):
        after = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        gap = text[match.end() : after]
        ends = _ENDS.search(gap) is not None or place + 1 == len(matches)
        parts = list(_parts(normalize("NFKC", match[0]).casefold().replace("’", "'")))
        for number, word in enumerate(parts, start=1):
            last = number == len(parts)
            found.append(
                Token(
                    word,
                    match.start(),
                    match.end(),
                    last and ends,
                    last and ends and ("?" in gap or "؟" in gap),
                    last and _SEPARATES.search(gap) is not None,
                    (word,),
                )
            )
    return found


def _parts(word: str) -> Iterator[str]:
    """A word without its elisions: `isn't` is `is not`, and `wife's` is `wife`."""
    word = word.replace("ʼ", "'")
    if word.endswith("n't") or word in english.WITHOUT_APOSTROPHE:
        stem = word.removesuffix("t").removesuffix("'").removesuffix("n")
        if stem in english.KEPT:
            yield stem
        yield english.NOT
        return
    if word.endswith("'s"):
        word = word.removesuffix("'s")
        yield word
        if word in english.BEFORE_IS:
            yield "is"
        return
    for ending, stands_for in english.ELISIONS.items():
        if word.endswith(ending):
            yield word.removesuffix(ending)
            yield stands_for
            return
    yield english.NOT if word in english.NEGATORS else word


def together(found: Sequence[Token], written: Written) -> list[Token]:
    """The words, where those that mean one thing together have become one, the longest first."""
    longest = max(map(len, written), default=1)
    result: list[Token] = []
    place = 0
    while place < len(found):
        for length in range(min(longest, len(found) - place), 0, -1):
            part = found[place : place + length]
            words = tuple(one.word for one in part)
            name = written.get(words)
            if name is not None and not any(one.ends or one.parted for one in part[:-1]):
                spelled = tuple(word for one in part for word in one.spelled)
                result.append(part[-1]._replace(word=name, start=part[0].start, spelled=spelled))
                place += length
                break
        else:
            result.append(found[place])
            place += 1
    return result


_ENGLISH = {tuple(spelling.split()): group[0] for group in english.TOGETHER for spelling in group}


def plain(text: str) -> list[Token]:
    """The words of a text, with those of English put together that mean one thing."""
    return together(tokens(text), _ENGLISH)


def clauses(found: Iterable[Token]) -> list[Clause]:
    """The clauses of the words, in order."""
    result: list[Clause] = []
    begun: list[tuple[list[Token], str]] = [([], "")]
    sentence = 0

    def finish(asked: bool) -> None:
        nonlocal begun, sentence
        result.extend(
            Clause(tuple(part), opened_by, sentence, asked) for part, opened_by in begun if part
        )
        begun, sentence = [([], "")], sentence + 1

    for one in found:
        if one.word in english.BREAKS:
            if begun[-1][0] or begun[-1][1]:
                begun.append(([], one.word))
            else:
                begun[-1] = ([], one.word)
        else:
            begun[-1][0].append(one)
        if one.ends:
            finish(one.asked)
        elif one.parted and begun[-1][0]:
            begun.append(([], ""))
    finish(False)
    return result
