"""The elements of XML as objects, lists and texts, as JSON would hold the same."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from diagnoser.importing.bounds import FORMS, MAX_DEPTH, Unreadable, too_deep


def elements(text: str) -> dict[str, Any]:
    """The root by its name. An element is an object of those in it, or its text where there are
    none; of several with one name there is a list. Attributes are left out.

    The text is without entities of its own, which the caller sees to. Raises Unreadable.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.texts.append
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(text.encode(errors="surrogatepass"), True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
            reason = f"goes on after the end of its XML (line {error.lineno})"
            raise Unreadable(reason, "one document in a file, or files of their own") from None
        raise Unreadable(f"is not whole XML (line {error.lineno})", FORMS) from None
    return reader.open[0]


class _Reader:
    """Holds what is open, from the root inwards, and the text of the innermost element so far."""

    def __init__(self) -> None:
        self.open: list[dict[str, Any]] = [{}]
        self.texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) > MAX_DEPTH:
            raise too_deep()
        self.open.append({})
        self.texts.clear()

    def end(self, name: str) -> None:
        value: Any = self.open.pop() or "".join(self.texts).strip()
        self.texts.clear()
        around = self.open[-1]
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]
