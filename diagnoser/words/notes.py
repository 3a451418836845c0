"""A text as people write it: the verbs that notes leave out, and the messages that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from diagnoser.words import english
from diagnoser.words.tokens import ENGLISH, INTRODUCING, Token, together, tokens

_QUOTED = re.compile(
    r'"([^"]{1,300})"|[“„«]([^“”„«»]{1,300})[”“»]|(?<!\w)[\'‘](.{1,300}?)[\'’](?!\w)', re.DOTALL
)
_LONG = 5
"""Words of a quotation from which on it is a message; shorter ones are names of switches, too."""
_NOTE = 5
"""Words of a note before its "on" or "off" at most."""


def noted(text: str) -> list[Token]:
    """The words of a text, with those of English put together that mean one thing."""
    found = list(_with_messages(tokens(text), text))
    return together(list(_with_verbs(found)), ENGLISH)


def _with_messages(found: Sequence[Token], text: str) -> Iterator[Token]:
    """The words of a text, where each sentence of a message begins with "says" and is a clause of
    its own, unless a verb of saying leads to it."""
    within = _messages(found, text)
    opened = {first for first, _ in within}
    closed = {last for _, last in within}
    inside = {place for first, last in within for place in range(first + 1, last + 1)}
    for place, one in enumerate(found):
        before = found[place - 1] if place else None
        led_to = before is not None and not before.ends and before.word in english.SAYING
        goes_on = place in inside and before is not None and before.ends
        if goes_on or (place in opened and not led_to):
            yield Token(english.SAYS, one.start, one.start, spelled=(english.SAYS,))
        breaks = place in closed or (place + 1 in opened and one.word not in english.SAYING)
        yield one._replace(mark='"') if breaks and not one.mark else one


def _messages(found: Sequence[Token], text: str) -> list[tuple[int, int]]:
    """The places of the first and the last word of each message; a question is none."""
    result = []
    for match in _QUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        places = [place for place, one in enumerate(found) if start <= one.start < end]
        if len(places) >= _LONG and text[end - 1] != "?":
            result.append((places[0], places[-1]))
    return [one for one, after in pairwise([*result, (len(found), 0)]) if one[1] < after[0]]


def _with_verbs(found: Sequence[Token]) -> Iterator[Token]:
    """The words, with the verb that notes leave out: "VPN on" and "VPN: yes" are "VPN is on"."""
    begun: list[str] = []
    for one, after in zip_longest(found, found[1:]):
        last = one.ends or one.mark or after is None or after.word in english.BREAKS
        terse = 0 < len(begun) <= _NOTE and english.VERBS.isdisjoint(begun)
        terse = terse and not (begun[-1].endswith("ing") or begun[-1] in english.BEFORE_OFF)
        state = english.STATES.get(one.spelled[-1], "") if last and terse else ""
        if state:
            yield Token("is", one.start, one.start, spelled=("is",))
        yield one._replace(word=state, spelled=(state,)) if state else one
        over = one.ends or one.word in english.BREAKS or one.mark not in ("", *INTRODUCING)
        begun = [] if over else [*begun, one.word]
