"""Property lists, as XML or binary, by plistlib, which trusts what it reads: what could harm is
refused before."""

from __future__ import annotations

import plistlib
import struct
from typing import Any

from diagnoser.importing.bounds import FORMS, Unreadable, too_deep

XML = "an XML one, as `plutil -convert xml1 FILE` makes of it"
_TRAILER = struct.Struct(">6xBBQQQ")
_MARKED = 15
"""In place of a length: it stands in the bytes that follow."""


def from_xml(text: str) -> Any:
    """What a property list holds. The text is without an XML declaration and without entities of
    its own. Raises Unreadable."""
    try:
        return plistlib.loads(text.encode(errors="surrogatepass"), fmt=plistlib.FMT_XML)
    except Exception as error:  # what is not well-formed it meets with errors of many types
        line = getattr(error, "lineno", 0)
        where = f" (line {line})" if line else ""
        raise Unreadable(f"is not a whole XML property list{where}", FORMS) from None


def from_binary(raw: bytes) -> Any:
    """What a binary property list holds. Lists and objects in it may stand in several places, even
    in themselves. Raises Unreadable."""
    if not raw.startswith(b"bplist00"):
        raise Unreadable("is a binary property list of a version that is not known", XML)
    try:
        whole = _size(raw) <= len(raw)
        content = plistlib.loads(raw, fmt=plistlib.FMT_BINARY) if whole else None
    except RecursionError:
        raise too_deep() from None
    except Exception:  # as above
        whole = False
    if not whole:
        raise Unreadable("is not a whole binary property list", XML)
    return content


def _size(raw: bytes) -> int:
    """How many bytes its objects take, each by itself.

    These are more than the file has only where objects overlap, which no writer of such files does.
    plistlib makes a copy of each, so that a file of a megabyte could take all memory.
    """
    offset_size, ref_size, number, _, table = _TRAILER.unpack(raw[-_TRAILER.size :])
    if number * offset_size > len(raw):
        return len(raw) + 1
    size = 0
    for at in range(table, table + number * offset_size, offset_size):
        start = int.from_bytes(raw[at : at + offset_size])
        size += _size_of(raw, start, ref_size)
    return size


def _size_of(raw: bytes, start: int, ref_size: int) -> int:
    """How many bytes the object takes that starts here, without those of a length that is not part
    of its first byte."""
    kind, length = divmod(raw[start], 16)
    if kind in (1, 2):  # a number
        return 1 + (1 << length)
    if kind in (0, 3, 8):  # nothing or a switch, a date, and what only archives hold
        return 1 + {0: 0, 3: 8, 8: length + 1}[kind]
    if length == _MARKED:
        width = 1 << (raw[start + 1] & 3)
        length = int.from_bytes(raw[start + 2 : start + 2 + width])
    each = {4: 1, 5: 1, 6: 2, 13: 2 * ref_size}.get(kind, ref_size)
    return 1 + length * each
