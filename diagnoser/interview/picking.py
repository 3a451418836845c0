"""The options that are picked by what a person types: by number, by name, one or several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sized

from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.interview.hedging import without_doubt
from diagnoser.knowledge.values import UNKNOWN, Choice

NOTHING = ("no", "none", "nothing", "none of these", "none of them", "n")
"""Ways to say that nothing of a list holds."""

NOT_SURE = re.compile(
    r"unknown|not sure|unsure|(?:i )?dont know|(?:i )?do not know|dunno|idk|no idea|no clue|skip"
)
"""Ways to say `unknown`, as `bare_words` leaves them."""

_OPTION = re.compile(r"[(#]?0*(\d+)[.):]?")
_BETWEEN = re.compile(r"\s*[,;&+]\s*(?:and\s)?|\s+and\s+|(?<=\d)[.):]?\s+(?=[(#]?\d)")
"""What stands between several answers; only numbers may stand side by side."""
_DIGITS = 3
"""Digits of an option's number at most."""


def options_of(kind: Choice) -> dict[str, str]:
    """The numbered answers of a choice by id; "not sure" is always the last."""
    return {**kind.labels, UNKNOWN: "Not sure"}


def pick(text: str, options: Mapping[str, str]) -> str:
    """The option that is meant by its number, its id, or the start of its id or label (or, when
    there is none, by words from the label).

    The last option ("not sure") gives way to the others. Raises InvalidFacts.
    """
    ids = list(options)
    number = _OPTION.fullmatch(text)
    if number and len(number[1]) <= _DIGITS and 1 <= int(number[1]) <= len(ids):
        return ids[int(number[1]) - 1]
    low = bare_words(text) if text.isprintable() else text
    if not low:
        reason = "that is none of the answers" if text else "nothing was typed"
        raise refused(reason, numbers_allowed(ids))
    spelled = {id: set(_spellings(id, options[id])) for id in ids}
    found = [id for id in ids if low in spelled[id]]
    if len(found) != 1:
        found = [id for id in ids if any(one.startswith(low) for one in spelled[id])]
    if not found and len(low) > 2:
        found = [id for id in ids if f" {low}" in bare_words(options[id])]
    if UNKNOWN in found and (len(found) > 1 or low in ("n", "no")):  # a no is not "not sure"
        found.remove(UNKNOWN)
    if len(found) == 1:
        return found[0]
    if UNKNOWN in options and NOT_SURE.fullmatch(low):
        return UNKNOWN
    if found:
        places = ", ".join(str(ids.index(id) + 1) for id in found)
        raise refused(f"{quoted(text)} fits the answers {places}", "one of these numbers")
    if number:
        raise refused(f"{quoted(text)} is not the number of an answer", numbers_allowed(ids))
    near = nearest(low, [*(id for id in ids if len(id) > 3), *options.values()])
    raise refused(
        f"{quoted(text)} is none of the answers", numbers_allowed(ids), options.get(near, near)
    )


def pick_several(text: str, kind: Choice) -> str | list[str]:
    """The option that is meant, as by `pick`, or all of those that are named, in their order.

    Raises InvalidFacts.
    """
    options = options_of(kind)
    found = pick_some(text, options)
    for word in (*kind.alone, UNKNOWN):
        if word in found and len(found) > 1:
            reason = f"{quoted(options[word])} cannot stand beside other answers"
            raise refused(reason, "only that, or the others without it")
    return found if len(found) > 1 else found[0]


def pick_some(text: str, options: Mapping[str, str]) -> list[str]:
    """The options that are named, in their order, each as by `pick`.

    Labels hold commas too, so the text is tried as a whole first. Raises InvalidFacts.
    """
    parts = [part for part in _BETWEEN.split(text.lower()) if part]
    try:
        return [pick(text, options)]
    except InvalidFacts:
        if len(parts) < 2:
            raise
    picked = {pick(part, options) for part in parts}
    return [word for word in options if word in picked]


def pick_doubting(text: str, options: Mapping[str, str]) -> tuple[list[str], set[str]]:
    """The options that are named, in their order, each as by `pick`; and those after whose name a
    question mark stands, or all where doubt is said in words.

    Raises InvalidFacts.
    """
    text = " ".join(text.split())
    if "?" not in text or text.lower() in map(str.lower, options.values()):
        rest = without_doubt(text)
        found = pick_some(text if rest is None else rest, options)
        return found, set() if rest is None else set(found)
    picked: set[str] = set()
    doubted: set[str] = set()
    for piece in re.findall(r"[^?]+\??", text):
        if named := re.sub(r"^and\b", "", piece.strip("?,;&+ ")).strip():
            found = pick_some(named, options)
            picked.update(found)
            if piece.endswith("?") and len(found) > 1:
                *_, last = (part for part in _BETWEEN.split(named) if part)
                found = [pick(last, options)]
            doubted.update(found if piece.endswith("?") else ())
    if not picked:
        return pick_some(text, options), set()
    return [word for word in options if word in picked], doubted


def plainly(text: str, options: Mapping[str, str]) -> bool:
    """Whether what was typed is a number that can mean nothing else, a whole label, or yes or
    no."""
    low = bare_words(text)
    if _OPTION.fullmatch(text):
        return not any(bare_words(label).startswith(low) for label in options.values())
    return low in ("yes", "no", *map(bare_words, options.values()))


def bare_words(text: str) -> str:
    """The text in lower case without punctuation, so that spellings can be compared."""
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def _spellings(id: str, label: str) -> Iterator[str]:
    yield from (bare_words(id), bare_words(id.replace("-", " ")), bare_words(label))


def numbers_allowed(ids: Sized) -> str:
    """What may be typed for so many options, in words."""
    return f"a number from 1 to {len(ids)}, or the start of an answer"


def refused(reason: str, allowed: str, near: str = "") -> InvalidFacts:
    """What is raised for an answer that cannot be taken."""
    return InvalidFacts([fact_problem("", reason, allowed, near)])
