"""Ways to say that one is not sure of an answer: `off?`, `I think it is off`, `yes, I think so`."""

from __future__ import annotations

import re

_THINK = r"(?:i|we)(?: would|'d)? (?:think|believe|guess|suppose|assume)"
_MAYBE = r"maybe|perhaps|probably|possibly|presumably|most likely"
_SAYS = r"(?:,|:|\s+(?:so|that's|that is|that|it is|it's|its)\b)*"
_SO = re.compile(rf"(?:yes,? )?(?:{_THINK} so|probably|presumably|most likely)", re.IGNORECASE)
_NOT = re.compile(
    rf"(?:no,? )?(?:{_THINK} not|i (?:don't|dont|do not) think so|(?:{_MAYBE}) not)", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?:{_THINK}|{_MAYBE})\b{_SAYS}\s*", re.IGNORECASE)
_QUITE = r"(?:quite|really|entirely)"
_NOT_SURE = rf"(?:but|(?:but )?(?:i am|i'm|im)) not (?:{_QUITE} )?sure|not {_QUITE} sure"
"""Only with words around it: a bare "not sure" is an answer of its own."""
_AFTER = re.compile(
    rf"[\s,;(]+(?:but )?(?:{_THINK}(?: so)?|{_MAYBE}|{_NOT_SURE})\)?[.!]*|\s*\?+", re.IGNORECASE
)
YES, NO = "yes", "no"


def without_doubt(text: str) -> str | None:
    """The answer in what somebody typed who is not sure of it; None where they do not say so."""
    bare = text.strip().rstrip(".!? ")
    if _SO.fullmatch(bare):
        return YES
    if _NOT.fullmatch(bare):
        return NO
    rest = text.strip()
    if found := _BEFORE.match(rest):
        rest = rest[found.end() :]
    while found := _last(rest):
        rest = rest[: found.start()]
    return rest if rest and rest != text.strip() else None


def _last(text: str) -> re.Match[str] | None:
    """What is said at the end of the text of how sure one is."""
    return next((one for one in _AFTER.finditer(text) if one.end() == len(text)), None)
