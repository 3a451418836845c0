"""A form as a browser sends it, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

MOST_BYTES = 96 * 1024
"""A conversation of 64 KiB, and what is typed beside it."""
MOST_FIELDS = 400
KIND = "application/x-www-form-urlencoded"

Sent = Mapping[str, list[str]]
"""The values of each field, in their order; fields without one are missing."""


class Unreadable(Exception):
    """What was sent is no form, or too large a one; `status` is that of HTTP."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def read(kind: str, body: bytes) -> Sent:
    """The form in a request's body of this media type. Raises Unreadable."""
    if kind.partition(";")[0].strip().lower() != KIND:
        raise Unreadable(415, f"A form is sent as {KIND}.")
    if len(body) > MOST_BYTES:
        raise Unreadable(413, f"The form is larger than {MOST_BYTES // 1024} KiB.")
    try:
        pairs = parse_qsl(
            body.decode(errors="replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError:
        raise Unreadable(400, f"The form has more than {MOST_FIELDS} fields.") from None
    sent: dict[str, list[str]] = {}
    for name, value in pairs:
        sent.setdefault(name, []).append(value)
    return sent


def one(sent: Sent, name: str) -> str:
    """The last value of a field, or nothing."""
    return sent.get(name, [""])[-1]
