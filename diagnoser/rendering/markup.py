"""HTML that is safe by construction: whatever is not markup already becomes text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from diagnoser.errors import printable
from diagnoser.rendering.words import is_address

_SPACE = re.compile(r"\s+")
_PERCENT = re.compile(r"(?<=\d) %")


class Markup(str):
    """A piece of HTML."""

    __slots__ = ()


Part = str | Iterable[str]
"""Text, markup, or several of them."""


def text(value: object) -> Markup:
    """The text so that HTML shows it as it is, without line ends, also between quotes.

    A number and its percent sign stay together.
    """
    return Markup(_PERCENT.sub("&nbsp;%", escape(printable(_SPACE.sub(" ", str(value))))))


def tag(name: str, *parts: Part, **attributes: str) -> Markup:
    """An element with its content; `class_` and `aria_label` stand for `class` and `aria-label`."""
    given = (
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{''.join(given)}>{join(*parts)}</{name}>")


def void(name: str) -> Markup:
    """An element that has no content."""
    return Markup(f"<{name}>")


def join(*parts: Part, between: str = "") -> Markup:
    """The parts one after the other, with text or markup between them."""
    found: list[str] = []
    for part in parts:
        for one in [part] if isinstance(part, str) else part:
            found.append(one if isinstance(one, Markup) else text(one))
    middle = between if isinstance(between, Markup) else text(between)
    return Markup(middle.join(found))


def link(address: str, *parts: Part) -> Markup:
    """A link where the address is one that may be followed, otherwise only what it would say."""
    shown = join(*parts) if parts else text(address)
    return tag("a", shown, href=address) if is_address(address) else shown
