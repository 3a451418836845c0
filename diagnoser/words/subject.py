"""Whose phone a text is about: that of somebody else may be the one that is asked about."""

from __future__ import annotations

from collections.abc import Sequence, Set

from diagnoser.words import english
from diagnoser.words.tokens import Clause, Token

_PERSONS = english.OTHERS - english.THIRD_PERSON - english.WHICH_OF_SEVERAL


def of_their_own(clauses: Sequence[Clause], things: Set[str]) -> tuple[list[Clause], Set[str]]:
    """The clauses as the one whose phone it is would say them, and the words such as "she" that are
    that person; `things` are the words for a phone.

    That is so in the words of a helpdesk for a caller; where nobody but "her" is spoken of; and
    where a text begins with the trouble of somebody's phone and goes on, without a word of the
    writer's own: "My daughter's phone does not back up. She charges it at night."
    """
    if any(not english.REPORTED.isdisjoint(clause.words) for clause in clauses):
        return list(clauses), english.THIRD_PERSON
    words = {word for clause in clauses for word in clause.words}
    if words.isdisjoint(_PERSONS) and words.isdisjoint(english.OWN):
        return list(clauses), english.THIRD_PERSON - english.SEVERAL
    owner = _owner(clauses, things)
    if owner is None or _own_is_named(clauses, things):
        return list(clauses), frozenset()
    return [_without(clause, owner) for clause in clauses], english.THIRD_PERSON


def _owner(clauses: Sequence[Clause], things: Set[str]) -> Token | None:
    """The person of whose phone the first sentence tells a trouble, if others follow."""
    if clauses[-1].sentence == 0:
        return None
    for clause in clauses:
        if clause.sentence > 0 or not english.AS_WELL.isdisjoint(clause.words):
            return None
        for place, one in enumerate(clause.tokens):
            if one.word not in things:
                continue
            before = clause.tokens[max(place - 2, 0) : place]
            after = clause.tokens[place + 1 : place + 4] if _of(clause, place) else ()
            persons = [near for near in (*before, *after) if near.word in _PERSONS]
            if persons and _in_trouble(clause):
                return persons[0]
    return None


def _of(clause: Clause, place: int) -> bool:
    """Whether somebody's phone may be named after this word: "the phone of my mother"."""
    words = clause.words
    return place + 1 < len(words) and words[place + 1] in ("of", "from")


def _in_trouble(clause: Clause) -> bool:
    telling = {english.NOT, "about"} | english.FAILING
    return not telling.isdisjoint(
        word for one in clause.tokens for word in (one.word, *one.spelled)
    )


def _own_is_named(clauses: Sequence[Clause], things: Set[str]) -> bool:
    """Whether the writer has a phone as well: "mine", "my phone"."""
    for clause in clauses:
        if "mine" in clause.words:
            return True
        for place, one in enumerate(clause.tokens):
            before = clause.tokens[place - 1].word if place else ""
            if one.word in things and ("my" in one.spelled or before in ("my", "our")):
                return True
    return False


def _without(clause: Clause, owner: Token) -> Clause:
    tokens = tuple(one for one in clause.tokens if one.spelled != owner.spelled)
    return clause._replace(tokens=tokens or clause.tokens)
