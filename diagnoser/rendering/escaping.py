"""Texts made safe for HTML and for Markdown, where none of their characters may become markup."""

from __future__ import annotations

import re

from markupsafe import Markup
from markupsafe import escape as as_html

from diagnoser.errors import printable
from diagnoser.rendering.words import clean, is_address

_PERCENT = re.compile(r"(?<=\d) %")
_ANYWHERE = re.compile(
    r"[\\`*_\[\]<>&|~$@#]|(?<=\w)\.(?=[^\W\d_]{2})|(?<=www)\.|:(?=//)|(?<=/)/", re.IGNORECASE
)
"""Markup, and what makes an address or the name of a site, which becomes a link by itself."""
_AT_THE_START = re.compile(r"^(?=[-+=])|^(\d+)(?=[.)](?: |$))")
_JOINER = "\N{ZERO WIDTH SPACE}"
"""Stands after `@` and `#`, which mention people and issues even when they are escaped."""


def html(text: object) -> Markup:
    """The text so that HTML shows it as it is, on one line, also between quotes.

    A number and its percent sign stay together.
    """
    return Markup(_PERCENT.sub("&nbsp;%", as_html(clean(text))))


def markdown(text: object) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    escaped = _AT_THE_START.sub(r"\1\\", _ANYWHERE.sub(r"\\\g<0>", clean(text)))
    return escaped.replace("@", "@" + _JOINER).replace("#", "#" + _JOINER)


def markdown_code(text: object) -> str:
    """The text as code in Markdown, such as an id."""
    return f"`{clean(text).replace('`', chr(39))}`"


def markdown_source(text: str) -> str:
    """Sources, with semicolons between them: addresses as links in Markdown, others as text."""
    return "; ".join(f"<{one}>" if is_address(one) else markdown(one) for one in text.split("; "))


def markdown_block(text: str, language: str) -> Markup:
    """Lines of text as a block of code in Markdown, which no line of them can end."""
    lines = [printable(line) for line in text.splitlines()]
    ticks = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, ticks + 1)
    return Markup("\n".join([fence + language, *lines, fence]))
