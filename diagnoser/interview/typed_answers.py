"""What a person types, and the answer that it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diagnoser.case.json_input import HALF, MAX_TEXT, is_text, shown
from diagnoser.errors import InvalidFacts, fact_problem, nearest, quoted
from diagnoser.interview.hedging import without_doubt
from diagnoser.interview.picking import (
    NOT_SURE,
    NOTHING,
    bare_words,
    numbers_allowed,
    options_of,
    pick,
    pick_several,
    pick_some,
    refused,
)
from diagnoser.knowledge.model import DID_NOT_HELP, OUTCOMES, TRIED, TRIED_AREA, Fact
from diagnoser.knowledge.values import (
    THINK,
    UNKNOWN,
    Ambiguous,
    Choice,
    Kind,
    Lookup,
    Number,
    Unfit,
    Version,
)

SMALLER = {"T": "G", "G": "M", "M": "k"}
"""The next smaller prefix of a unit."""

SPELLED = {
    "kilobyte": "kB",
    "megabyte": "MB",
    "meg": "MB",
    "gigabyte": "GB",
    "gig": "GB",
    "terabyte": "TB",
    "kbp": "kbit/s",
    "mbp": "Mbit/s",
    "gbp": "Gbit/s",
}
"""Units as people also write them, without the s at their end."""

_BEFORE = re.compile(
    r"^(?:(?:about|around|roughly|approximately|circa|ca|maybe|almost|nearly|exactly|only|i think)"
    r"\b\.?|~|\s)+",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:\s(?:free|left|available|or so))?\.?$", re.IGNORECASE)
_ZERO = re.compile(r"^(?:zero|none|nothing)\b|^(?=[.,]\d)", re.IGNORECASE)
_AMOUNT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(\D*)")
_TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_VERSION = re.compile(
    r"[a-z ]*[:-]?\s*(\d[\d.,]*?)\.?(?:\s*\([^()]*\))*"
    r"(\s*(?:public |developer )?beta(?:\s*\d+)?)?(?:\s*\([^()]*\))*",
    re.IGNORECASE,
)


def allowed(fact: Fact) -> str:
    """What may be typed for a fact whose answers have no numbers."""
    kind = fact.kind
    usual = max(fact.typical, key=lambda one: one[1])[0] if fact.typical else None
    such = "" if usual is None else f", such as {kind.label(usual).strip()}"
    if isinstance(kind, Number):
        what = f"a number from {kind.low:g} to {kind.high:g} {kind.unit}"
        if smaller := SMALLER.get(kind.unit[:1]):
            what += f" (or with a unit, such as 300 {smaller}{kind.unit[1:]})"
    else:
        what = f"a version{such}" if isinstance(kind, Version) else f"a name{such}"
    return f'{what}, or "not sure"'


def understand(fact: Fact, value: Any) -> Any:
    """An answer as it is written in a facts file, from what a host hands in: the same, a list of
    answers, what a person typed, or true or false for a check box; also under "think".

    Raises InvalidFacts with what is allowed.
    """
    if isinstance(value, str):
        return parse_typed(fact, value)
    kind = fact.kind
    if isinstance(value, Mapping) and [*value] == [THINK] and fact.area != TRIED_AREA:
        if value[THINK] is None or value[THINK] == UNKNOWN:
            raise refused(f"{quoted(value[THINK])} is nothing that one can think", kind.takes)
        answer = understand(fact, value[THINK])
        return answer if isinstance(answer, dict) or answer == UNKNOWN else {THINK: answer}
    if isinstance(value, bool) and fact.tick and isinstance(kind, Choice):
        ticked = str(fact.tick[0])
        return ticked if value else next(one for one in kind.labels if one != ticked)
    if isinstance(value, list | tuple | set | frozenset):
        words = [one for one in value if isinstance(one, str)]
        if isinstance(kind, Choice) and kind.several and len(words) == len(value) > 0:
            return pick_several(", ".join(sorted(words)), kind)
        raise refused(f"{quoted(list(value))} is not an answer", allowed_for(fact))
    try:
        return kind.show(kind.parse(value))
    except Unfit as unfit:
        raise refused(unfit.reason, unfit.allowed, unfit.near) from None


def allowed_for(fact: Fact) -> str:
    """What may be answered."""
    return fact.kind.allowed if isinstance(fact.kind, Choice) else allowed(fact)


def understand_tried(
    said: Any, options: Mapping[str, str], remedies: Mapping[str, Any]
) -> dict[str, str]:
    """The outcomes by remedy, from what a host hands in: ids of remedies, outcomes by id, or what a
    person typed: numbers or names of options, or that it is none.

    Raises InvalidFacts with what is allowed.
    """
    if isinstance(said, Mapping):
        outcomes = list(said.items())
    elif isinstance(said, str):
        outcomes = [(id, DID_NOT_HELP) for id in _pick_tried(said, options)]
    elif isinstance(said, list | tuple | set | frozenset):
        in_order = sorted(said, key=str) if isinstance(said, set | frozenset) else said
        outcomes = [(id, DID_NOT_HELP) for id in in_order]
    elif said is None:
        outcomes = []
    else:
        raise refused(f"{quoted(said)} is not what was tried", "a list of remedies")
    problems = []
    for id, outcome in outcomes:
        path = f"{TRIED}{shown(id)}"
        if not isinstance(id, str) or id not in remedies:
            near = nearest(str(id), remedies)
            problems.append(fact_problem(path, f"{quoted(id)} is not a remedy", "", near))
        elif not isinstance(outcome, str) or outcome not in OUTCOMES:
            reason = f"{quoted(outcome)} is no outcome of a remedy"
            problems.append(fact_problem(path, reason, ", ".join(OUTCOMES)))
    if problems:
        raise InvalidFacts(problems)
    return dict(outcomes)


def _pick_tried(text: str, options: Mapping[str, str]) -> list[str]:
    text = " ".join(text.split())
    if not text or bare_words(text) in NOTHING or NOT_SURE.fullmatch(bare_words(text)):
        return []
    return pick_some(text, options)


def parse_typed(fact: Fact, text: str) -> Any:
    """The answer to a fact, as it is written in a facts file; under "think" where it is said with
    doubt.

    Raises InvalidFacts with what is allowed.
    """
    text = " ".join(text.split())
    kind = fact.kind
    if fact.area == TRIED_AREA or _is_label(text, kind) or len(text) > MAX_TEXT:
        return _parse_typed(fact, text)
    rest = without_doubt(text)
    answer = _parse_typed(fact, text if rest is None else rest)
    return answer if rest is None or answer == UNKNOWN else {THINK: answer}


def _is_label(text: str, kind: Kind) -> bool:
    """Whether it is just what an answer is called, whatever words are in that."""
    return isinstance(kind, Choice) and text.lower() in map(str.lower, options_of(kind).values())


def _parse_typed(fact: Fact, text: str) -> Any:
    kind = fact.kind
    wrong = f"is longer than {MAX_TEXT} characters" if len(text) > MAX_TEXT else ""
    if not is_text(text):
        wrong = HALF
    if wrong:
        which = numbers_allowed(options_of(kind)) if isinstance(kind, Choice) else allowed(fact)
        raise refused(f"{quoted(text)} {wrong}", which)
    if isinstance(kind, Choice):
        return pick_several(text, kind) if kind.several else pick(text, options_of(kind))
    if not text:
        raise refused("nothing was typed", allowed(fact))
    if NOT_SURE.fullmatch(bare_words(text)):
        return UNKNOWN
    try:
        if isinstance(kind, Lookup):
            return kind.show(kind.parse_text(text))
        if isinstance(kind, Version):
            found = _VERSION.fullmatch(text)
            beta = (found[2] or "").lower() if found and kind.beta else ""
            return kind.written(found[1].replace(",", ".") + beta if found else text)
        return kind.show(kind.parse_text(_amount(text, kind.unit)))
    except Ambiguous as several:
        raise refused(several.reason, several.allowed) from None
    except Unfit as unfit:
        raise refused(unfit.reason, allowed(fact), unfit.near) from None


def _amount(text: str, unit: str) -> str:
    """A number with its unit as `Number.parse_text` reads it, without the words around them.

    Raises Unfit when it is not one number, and Ambiguous when it may be one of two.
    """
    bare = _ZERO.sub("0", _AFTER.sub("", _BEFORE.sub("", text), count=1))
    amount = _AMOUNT.fullmatch(bare)
    if amount is None:
        what = "one number" if re.search(r"\d\D+\d", bare) else "a number"
        raise Unfit(f"{quoted(text)} is not {what}", "")
    number, typed = amount.groups()
    if _TWO_READINGS.fullmatch(number):
        whole = number.replace(",", "")
        point = number.replace(",", ".").rstrip("0").rstrip(".")
        raise Ambiguous(f"{quoted(text)} can mean {whole} or {point}", "one of these")
    typed = SPELLED.get(typed.lower().removesuffix("s"), typed)
    if typed.lower() in ("k", "m", "g", "t") and unit[:1] in ("k", *SMALLER):
        typed += unit[1:]
    return f"{number} {typed}".rstrip()
