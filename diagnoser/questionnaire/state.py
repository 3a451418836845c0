"""The conversation as it travels in a page: its JSON, compressed, in letters that an address may
hold. Whoever sends it may have changed it."""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode, urlsafe_b64encode

from diagnoser import Diagnoser
from diagnoser.case.json_input import MAX_BYTES, parse_object
from diagnoser.errors import InvalidFacts, fact_problem
from diagnoser.interview.interview import Interview

MOST_IN_A_LINK = 8 * 1024
"""Characters of a conversation or of facts in an address."""
NOT_WHOLE = "is not whole, or was changed on its way"


def packed(interview: Interview) -> str:
    """The conversation for a hidden field or a link."""
    return _letters(zlib.compress(interview.model_dump_json().encode(), 9))


def unpacked(diagnoser: Diagnoser, text: str) -> Interview:
    """The conversation that `packed` wrote.

    Raises InvalidFacts with what is wrong with anything else.
    """
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(_bytes(text), MAX_BYTES + 1)
        whole = len(content) > MAX_BYTES or (unpacking.eof and not unpacking.unused_data)
    except zlib.error:
        whole = False
    if not whole:
        raise InvalidFacts([fact_problem("state", NOT_WHOLE)])
    return Interview.load(diagnoser, content)


def from_link(diagnoser: Diagnoser, text: str) -> Interview:
    """The conversation in a saved link. Raises InvalidFacts."""
    _short(text, "state")
    return unpacked(diagnoser, text)


def start_with(diagnoser: Diagnoser, text: str) -> Interview:
    """A new conversation in which the facts of a link are known: those of a facts file, as JSON or
    as base64url of it.

    Raises InvalidFacts with every mistake.
    """
    _short(text, "facts")
    plain = text.lstrip().startswith("{")
    content = text.encode(errors="surrogatepass") if plain else _bytes(text, "facts")
    return Interview.start(diagnoser, parse_object(content))


def facts_for_link(facts_json: str) -> str:
    """A facts file for the address of `/start?facts=`."""
    return _letters(facts_json.encode())


def _short(text: str, where: str) -> None:
    if len(text) > MOST_IN_A_LINK:
        reason = f"is longer than {MOST_IN_A_LINK // 1024} KiB"
        raise InvalidFacts([fact_problem(where, reason)])


def _letters(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str, where: str = "state") -> bytes:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidFacts([fact_problem(where, NOT_WHOLE)]) from None
