"""Whether a clause states something of this phone, now: what speaks against that, in words.

A clause that asks, doubts, repeats what others think, tells of another time or of another phone
states nothing; what it says is then read only by a phrase that has the same words itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from diagnoser.words import english
from diagnoser.words.subject import of_their_own
from diagnoser.words.tokens import INTRODUCING, Clause

GOING_ON = ("", "and", "when", "while", "because")
"""What may begin a clause that says one thing with the one before."""
QUESTION, DENIED, NOT_TO_BLAME, CHANGED = "?", "not-before", "not-to-blame", "changed-since"
"""What stands for a question, for something that was denied and may go on, for what is not the
reason, and for what was so until somebody changed it."""


class Stated(NamedTuple):
    """A clause, and the words because of which it may not state what it says."""

    clause: Clause
    against: frozenset[str]


def stated(
    clauses: Sequence[Clause], others: frozenset[str], things: frozenset[str]
) -> list[Stated]:
    """What each clause states, then what two of them do that belong together; `others` are the
    pack's words for other devices, and `things` those for one as this."""
    if not clauses:
        return []
    others = others | english.OTHERS
    clauses, theirs = of_their_own(clauses, things)
    others -= theirs
    own = [_own(clause, others) for clause in clauses]
    against = [set(one) for one in own]
    _backwards(clauses, own, against)
    _forwards(clauses, own, against)
    _questions(clauses, against)
    _elsewhere(clauses, others, against)
    found = [
        Stated(clause, frozenset(words)) for clause, words in zip(clauses, against, strict=True)
    ]
    return [*found, *(_joined(one, after) for one, after in pairwise(found) if _go_on(one, after))]


def _go_on(one: Stated, after: Stated) -> bool:
    """Whether two clauses may say one thing together: "on the charger, every night", "VPN: off"."""
    before, clause = one.clause, after.clause
    if before.sentence != clause.sentence or clause.opened_by not in GOING_ON:
        return False
    if clause.opened_by == "and" and before.negations:
        return False
    return not _has_verb(clause) or (not _has_verb(before) and clause.mark in INTRODUCING)


def _joined(one: Stated, after: Stated) -> Stated:
    before, clause = one.clause, after.clause
    asked = before.asked or clause.asked
    both = before._replace(tokens=(*before.tokens, *clause.tokens), asked=asked)
    return Stated(both, one.against | after.against)


def _own(clause: Clause, others: frozenset[str]) -> set[str]:
    words = clause.words
    telling = english.DOUBTS | english.ATTEMPTS | english.TIMES | english.WEAK
    telling |= english.DISMISSED | others
    found = set(telling.intersection(words))
    if clause.opened_by in ("or", "nor"):
        found.add(clause.opened_by)
    if _blames_not(words):
        found.add(NOT_TO_BLAME)
    first = [word for word in words if word not in english.OPENERS][:2]
    turned = len(first) == 2 and first[0] in english.TURNED_ROUND and first[1] in english.SUBJECTS
    asks = first[:1] != [] and first[0] in english.ASKING and not _asks_why(clause)
    if turned or asks or clause.opened_by in ("who", "which"):
        found.add(QUESTION)
    return found


def _blames_not(words: Sequence[str]) -> bool:
    """Whether it says what the trouble does not come from, which tells nothing of that."""
    before, after = english.BLAMED
    return any(
        word == english.NOT and words[place - 1] in before and words[place + 1] in after
        for place, word in enumerate(words[:-1])
        if place > 0
    )


def _turned_it(words: Sequence[str]) -> bool:
    """Whether somebody changed what the clause before tells of: "I turned it on"."""
    verbs, ends = english.TURNING
    return any(
        word in verbs and words[place + 1 : place + 2] == ["it"] and not ends.isdisjoint(words)
        for place, word in enumerate(words)
    )


def _asks_why(clause: Clause) -> bool:
    """Whether it asks for a reason, and so states what happens; "why not" does not."""
    tokens = [one for one in clause.tokens if one.word not in english.OPENERS]
    if not tokens or tokens[0].word != english.WHY:
        return False
    return len(tokens) == 1 or tokens[1].spelled != (english.NOT,)


def _has_verb(clause: Clause) -> bool:
    return any(
        one.word == english.NOT or not english.VERBS.isdisjoint(one.spelled)
        for one in clause.tokens
    )


def _denies_on(clause: Clause, since: bool) -> bool:
    """Whether a denial in it may hold for what goes on without a verb, or with a "since": "not on
    power, locked", but not "no VPN, home Wi-Fi", nor "no backup since we moved"."""
    denials = {word for one in clause.tokens if one.word == english.NOT for word in one.spelled}
    return not denials.isdisjoint(english.NOBODY) if since else bool(denials - {"no"})


def _backwards(
    clauses: Sequence[Clause], own: Sequence[set[str]], against: Sequence[set[str]]
) -> None:
    """A clause that is only a doubt or a time belongs to the one before, and so does an "or" and
    something that was undone."""
    for place, (before, clause) in enumerate(pairwise(clauses)):
        if before.sentence != clause.sentence:
            continue
        words = set(clause.words)
        against[place] |= words & english.DISMISSED
        if clause.opened_by in english.CONTRASTS:
            continue
        only = not words - english.FILLERS - english.DOUBTS - english.TIMES - {english.NOT}
        back = clause.opened_by == "which" or clause.words[0] in ("that", "this", "which")
        if only or back or not _has_verb(clause):
            against[place] |= own[place + 1] & (english.DOUBTS | english.TIMES)
        if clause.opened_by in ("or", "nor"):
            against[place].add(clause.opened_by)
        if clause.opened_by in ("and", "then") and words & {"back", "again"}:
            against[place].add("again")
    for before, clause, words_against in zip(clauses, clauses[1:], against, strict=False):
        if _turned_it(clause.words) and clause.sentence - before.sentence < 2:
            words_against.add(CHANGED)


def _forwards(
    clauses: Sequence[Clause], own: Sequence[set[str]], against: Sequence[set[str]]
) -> None:
    """A doubt holds to the end of its sentence, or to a "but" or "so I"; a time that begins a
    sentence does, too; whatever is said of a clause holds for what goes on without a verb."""
    lasting: set[str] = set()
    sentence = -1
    for place, clause in enumerate(clauses):
        starts = clause.sentence != sentence
        first = next((word for word in clause.words if word not in english.OPENERS), "")
        concluded = clause.opened_by == "so" and first in ("i", "we")
        if starts or concluded or clause.opened_by in english.CONTRASTS:
            lasting = set()
        sentence = clause.sentence
        against[place] |= lasting - {QUESTION} if clause.quoted else lasting
        since = clause.words[0] == "since"
        if not starts and (since or not _has_verb(clause)):
            before = clauses[place - 1]
            against[place] |= against[place - 1]
            if _denies_on(before, since) or DENIED in against[place - 1]:
                against[place].add(DENIED)
        lasting |= own[place] & (english.DOUBTS | {QUESTION})
        if starts and first in english.TIMES:
            lasting |= own[place] & english.TIMES


def _questions(clauses: Sequence[Clause], against: Sequence[set[str]]) -> None:
    """What a question asks: from the clause on that has its form, else all of it; a short one at
    the end, such as "isn't it?", asks for what stands before it."""
    by_sentence: dict[int, list[int]] = {}
    for place, clause in enumerate(clauses):
        if clause.asked:
            by_sentence.setdefault(clause.sentence, []).append(place)
    for places in by_sentence.values():
        if any(_asks_why(clauses[place]) for place in places):
            continue
        asking = [place for place in places if QUESTION in against[place]]
        words = set(clauses[places[-1]].words)
        tag = not words - english.TURNED_ROUND - english.SUBJECTS - {english.NOT}
        first = asking[0] if asking and not tag else places[0]
        for place in places:
            if place >= first and not clauses[place].quoted:
                against[place].add(QUESTION)


def _elsewhere(
    clauses: Sequence[Clause], others: frozenset[str], against: Sequence[set[str]]
) -> None:
    """What goes on about something else without naming this phone again is not about it."""
    about: frozenset[str] = frozenset()
    for place, clause in enumerate(clauses):
        named = others.intersection(clause.words)
        first = next((word for word in clause.words if word not in english.OPENERS), "")
        if named:
            about = named
        elif about and first not in english.POINTING and _leads_back(clause, about):
            about = frozenset()
        else:
            against[place] |= about


def _leads_back(clause: Clause, about: frozenset[str]) -> bool:
    """Whether a clause that does not point back is about this phone after these others."""
    return about <= english.WHICH_OF_SEVERAL or not english.OWN.isdisjoint(clause.words)
