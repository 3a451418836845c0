"""A text as words with their places in it, and the clauses that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from diagnoser.words import english

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|%|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?…\n\r\u2028\u2029\u061f\u3002]")
_SEPARATES = re.compile(r"[,;:()\[\]–—/]|\s-+\s|--")
INTRODUCING = (":", "-", "–", "—")
"""Marks between a thing and what is said of it: "VPN: off"."""
Written = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
"""How words are written that mean one thing, and what they are called, by the first of them; the
longest first."""


class Token(NamedTuple):
    """A word in lower case, or what several together are called, and where it stands in the text.

    `ends` tells that a sentence ends after it, `asked` that it is a question, and `mark` what
    separates it from the next word, if anything does. `spelled` are its words before they were put
    together.
    """

    word: str
    start: int
    end: int
    ends: bool = False
    asked: bool = False
    mark: str = ""
    spelled: tuple[str, ...] = ()


class Clause(NamedTuple):
    """Words that are said together; `opened_by` is the word that began the clause, empty where a
    mark did, which is `mark`, and `sentence` the number of its sentence, which may be `asked`."""

    tokens: tuple[Token, ...]
    opened_by: str
    sentence: int
    asked: bool
    mark: str = ""

    @property
    def words(self) -> list[str]:
        return [one.word for one in self.tokens]

    @property
    def quoted(self) -> bool:
        """Whether it is a message, before which "says" was put."""
        return self.tokens[0].start == self.tokens[0].end

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
    """The words of a text; those that deny are `not`, and what they were spelled as stays."""
    found: list[Token] = []
    matches = list(_TOKEN.finditer(text))
    shouted = text.isupper() and len(matches) > 1
    for place, match in enumerate(matches):
        after = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        gap = text[match.end() : after]
        ends = _ENDS.search(gap) is not None or place + 1 == len(matches)
        mark = _SEPARATES.search(gap)
        if gap == "/" and match[0][-1].isdigit() and text[after].isdigit():
            mark = None
        written = normalize("NFKC", match[0])
        parts = (
            [written]
            if written == english.DEPARTMENT and not shouted
            else list(_parts(written.casefold().replace("’", "'")))
        )
        for number, word in enumerate(parts, start=1):
            last = number == len(parts)
            found.append(
                Token(
                    word,
                    match.start(),
                    match.end(),
                    last and ends,
                    last and ends and ("?" in gap or "؟" in gap),
                    mark[0].strip() if last and mark else "",
                    (match[0].casefold(),) if match[0].casefold() in english.NEGATORS else (word,),
                )
            )
    return found


def _parts(word: str) -> Iterator[str]:
    """A word without its elisions: `isn't` is `is not`, and `wife's` is `wife`."""
    word = word.replace("ʼ", "'").replace("%", "percent")
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


def by_first_word(names: Mapping[tuple[str, ...], str]) -> Written:
    """What words are called that mean one thing, for `together`."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, name in sorted(names.items(), key=lambda one: (-len(one[0]), one)):
        found.setdefault(words[0], []).append((words, name))
    return found


def together(found: Sequence[Token], written: Written) -> list[Token]:
    """The words, where those that mean one thing together have become one, the longest first."""
    words = [one.word for one in found]
    result: list[Token] = []
    place = 0
    while place < len(found):
        for spelling, name in written.get(words[place], ()):
            end = place + len(spelling)
            if tuple(words[place:end]) != spelling:
                continue
            part = found[place:end]
            if not any(one.ends or one.mark for one in part[:-1]):
                spelled = tuple(word for one in part for word in one.spelled)
                result.append(part[-1]._replace(word=name, start=part[0].start, spelled=spelled))
                place = end
                break
        else:
            result.append(found[place])
            place += 1
    return result


ENGLISH = by_first_word(
    {tuple(spelling.split()): group[0] for group in english.TOGETHER for spelling in group}
)


def plain(text: str) -> list[Token]:
    """The words of a phrase, with those of English put together that mean one thing."""
    simple = text.isascii() and text.replace(" ", "").isalpha() and not text.isupper()
    found = [one for word in text.split() for one in _word(word)] if simple else tokens(text)
    return together(found, ENGLISH)


@lru_cache(maxsize=4096)
def _word(word: str) -> tuple[Token, ...]:
    """A word of a phrase, which has no place in a text."""
    return tuple(one._replace(ends=False) for one in tokens(word))


def _with_two_ahead(found: Sequence[Token]) -> Iterator[tuple[Token, list[str]]]:
    for place, one in enumerate(found):
        yield one, [ahead.word for ahead in found[place + 1 : place + 3]]


def _begins_a_clause(ahead: Sequence[str]) -> bool:
    """Whether a "since" with these words after it tells of something that was done, and no date."""
    if ahead[:1] == ["the"]:
        after = ahead[1] if len(ahead) > 1 else ""
        dated = after in english.DAYS or after in english.ORDINALS or after in english.MONTHS
        return bool(after) and not dated and not after[:1].isdigit()
    return bool(ahead) and (ahead[0] in english.SUBJECTS or ahead[0].endswith("ing"))


def _gives_a_reason(begun: Sequence[tuple[list[Token], str, str]], ahead: Sequence[str]) -> bool:
    """Whether an "as" begins a clause: "as the battery is old", not "as soon as I press it"."""
    before = begun[-1][0][-1].word if begun[-1][0] else ""
    return ahead[:1] != [] and ahead[0] in english.SUBJECTS and before not in english.AS_AS


def clauses(found: Sequence[Token]) -> list[Clause]:
    """The clauses of the words, in order."""
    result: list[Clause] = []
    begun: list[tuple[list[Token], str, str]] = [([], "", "")]
    sentence = 0

    def finish(asked: bool) -> None:
        nonlocal begun, sentence
        result.extend(
            Clause(tuple(part), opened_by, sentence, asked, mark)
            for part, opened_by, mark in begun
            if part
        )
        begun, sentence = [([], "", "")], sentence + 1

    for one, ahead in _with_two_ahead(found):
        if one.word == "since" and begun[-1][0] and _begins_a_clause(ahead):
            begun.append(([], "", ""))
        if one.word in english.BREAKS or (one.word == "as" and _gives_a_reason(begun, ahead)):
            if begun[-1][0] or begun[-1][1]:
                begun.append(([], one.word, ""))
            else:
                begun[-1] = ([], one.word, "")
        else:
            begun[-1][0].append(one)
        if one.ends:
            finish(one.asked)
        elif one.mark and begun[-1][0]:
            begun.append(([], "", one.mark))
    finish(False)
    return result
