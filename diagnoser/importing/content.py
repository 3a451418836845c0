"""The content of a file, parsed within bounds: JSON (also wrapped as JSONP), a property list, other
XML, or lines of `Key: value`."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, NamedTuple

from diagnoser.importing import property_lists
from diagnoser.importing.bounds import FORMS, Unreadable, bound, too_deep
from diagnoser.importing.elements import elements

MAX_BYTES = 8 * 1024 * 1024
HEAD = 4096
"""Characters at the beginning of XML in which comments are looked for."""
_CALL = re.compile(r"[A-Za-z_$][\w$.]{0,99}\s*\(")
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z][\w.-]{0,99})")
_LINE = re.compile(r"([A-Za-z][\w.-]{0,99}):(?: (.*))?")


class Content(NamedTuple):
    """What a file holds. `data` is as JSON gives it; a date of a property list is a naive datetime
    in UTC, and the values of other XML and of lines are text."""

    form: Literal["json", "plist", "xml", "lines"]
    data: Any


def parse(raw: bytes) -> Content:
    """The content of a file.

    Raises Unreadable.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    content = _content(raw)
    bound(content.data)
    return content


def _content(raw: bytes) -> Content:
    if raw.startswith(b"bplist"):
        return Content("plist", property_lists.from_binary(raw))
    text = _text(raw)
    if not text.strip():
        raise Unreadable("is empty", FORMS)
    head = text.lstrip()[:1]
    if head == "<":
        return _xml(text)
    if head in "{[":
        return Content("json", _json(text))
    if (inside := _unwrapped(text.strip())) is not None:
        return Content("json", _json(inside))
    if lines := _lines(text):
        return Content("lines", lines)
    raise Unreadable("is nothing that can be read here", FORMS)


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
        raise too_deep() from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else float(digits)


def _no_number(name: str) -> Any:
    raise Unreadable(f"holds {name}, which is not JSON", FORMS)


def _xml(text: str) -> Content:
    root = _ROOT.search(_COMMENT.sub("", text[:HEAD])) or _ROOT.search(text)
    name = root[1].lower() if root else ""
    if name == "html":
        raise Unreadable("is a page of HTML, as a server shows to people", FORMS)
    # Nothing that is read here needs a DTD of its own, and the readers allow one without entities.
    type_of_document = text.partition("<!DOCTYPE")[2].partition(">")[0]
    if "<!ENTITY" in text or "[" in type_of_document:
        raise Unreadable("defines entities of XML, which no report of a device needs", FORMS)
    # The declaration may name the encoding that the text had before.
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    if name == "plist":
        return Content("plist", property_lists.from_xml(plain))
    return Content("xml", elements(plain))


def _lines(text: str) -> dict[str, str]:
    """The values of `Key: value`, but for what is nested below a key."""
    found = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line.rstrip()):
            found[match[1]] = match[2] or ""
    return found
