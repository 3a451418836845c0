"""The content of a file, parsed within bounds: JSON (also wrapped as JSONP), an XML property list,
or lines of `Key: value`."""

from __future__ import annotations

import json
import plistlib
import re
from typing import Any, Literal, NamedTuple

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 32
FORMS = "JSON, JSONP, an XML property list, or lines of Key: value"
_CALL = re.compile(r"[A-Za-z_$][\w$.]{0,99}\s*\(")
_LINE = re.compile(r"([A-Za-z][\w.-]{0,99}):(?: (.*))?")


class Content(NamedTuple):
    """What a file holds. `data` is as JSON gives it; a date of a property list is a naive datetime
    in UTC, and the values of lines are text."""

    form: Literal["json", "plist", "lines"]
    data: Any


class Unreadable(ValueError):
    """Why a file cannot be read, and what could be. It repeats nothing of the content."""

    def __init__(self, reason: str, allowed: str = "") -> None:
        super().__init__(reason)
        self.reason, self.allowed = reason, allowed


def parse(raw: bytes) -> Content:
    """The content of a file.

    Raises Unreadable.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    if raw.startswith(b"bplist"):
        allowed = "an XML one, as `plutil -convert xml1 FILE` makes of it"
        raise Unreadable("is a binary property list", allowed)
    text = _text(raw)
    if not text.strip():
        raise Unreadable("is empty", FORMS)
    head = text.lstrip()[:1]
    if head == "<":
        content = Content("plist", _plist(text))
    elif head in "{[":
        content = Content("json", _json(text))
    elif (inside := _unwrapped(text.strip())) is not None:
        content = Content("json", _json(inside))
    elif lines := _lines(text):
        content = Content("lines", lines)
    else:
        raise Unreadable("is nothing that can be read here", FORMS)
    _bound(content.data)
    return content


def _text(raw: bytes) -> str:
    # What a Windows shell redirects into a file is UTF-16 with a byte order mark.
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(f"line {line} is not text", "UTF-8 or UTF-16") from None


def _unwrapped(text: str) -> str | None:
    """What stands between the brackets of a call, as in JSONP; None where it is no call."""
    call, end = _CALL.match(text), text.removesuffix(";").rstrip()
    return end[call.end() : -1] if call and end.endswith(")") else None


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_integer, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"is not whole JSON: {error.msg} ({place})", FORMS) from None
    except RecursionError:
        raise _too_deep() from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else float(digits)


def _no_number(name: str) -> Any:
    raise Unreadable(f"holds {name}, which is not JSON", FORMS)


def _plist(text: str) -> Any:
    if "<plist" not in text:
        raise Unreadable("is XML or HTML, but no property list", FORMS)
    # No property list needs a DTD of its own, and plistlib allows one without entities.
    type_of_document = text.partition("<!DOCTYPE")[2].partition(">")[0]
    if "<!ENTITY" in text or "[" in type_of_document:
        raise Unreadable("defines entities of XML, which no property list needs", FORMS)
    try:
        # The declaration may name the encoding that the text had before.
        plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
        return plistlib.loads(plain.encode(errors="surrogatepass"), fmt=plistlib.FMT_XML)
    except Exception as error:  # what is not well-formed it meets with errors of many types
        line = getattr(error, "lineno", 0)
        where = f" (line {line})" if line else ""
        raise Unreadable(f"is not a whole XML property list{where}", FORMS) from None


def _lines(text: str) -> dict[str, str]:
    """The values of `Key: value`, but for what is nested below a key."""
    found = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line.rstrip()):
            found[match[1]] = match[2] or ""
    return found


def _bound(data: Any) -> None:
    """Raises Unreadable where objects and lists are nested too deep."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> Unreadable:
    return Unreadable(f"is nested more than {MAX_DEPTH} levels deep")
