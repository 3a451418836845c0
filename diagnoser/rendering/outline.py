"""An outline that can be shown as text or as Markdown: headings, paragraphs and nested items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from diagnoser.rendering import escaping
from diagnoser.rendering.words import Page


@dataclass(frozen=True, slots=True)
class Line:
    """A heading with a `level` from 1 to 3, an item with a `depth` from 0, or else a paragraph.

    The `source`, an address or a name, is shown after the text.
    """

    text: str
    level: int = 0
    depth: int | None = None
    source: str = ""


Lines = Iterable[Line]


def head(text: str, level: int = 2) -> Line:
    return Line(text, level=level)


def say(text: str) -> Line:
    return Line(text)


def item(text: str, depth: int = 0, source: str = "") -> Line:
    return Line(text, depth=depth, source=source)


def as_text(lines: Lines, width: int, colour: bool = False) -> str:
    """The outline in lines of at most `width` columns."""
    page = Page(width, colour)
    for line in lines:
        text = f"{line.text} {line.source}" if line.source else line.text
        if line.level:
            page.heading(text)
        elif line.depth is None:
            page.say(text)
        else:
            page.say(text, 2 + 2 * line.depth, "- ")
    return page.text()


def as_markdown(lines: Lines) -> str:
    """The outline in GitHub-flavoured Markdown; no text in it can become markup."""
    return "\n".join(_markdown(list(lines))) + "\n"


def _markdown(lines: list[Line]) -> Iterator[str]:
    for before, line in pairwise([None, *lines]):
        assert line is not None
        if before is not None and (before.depth is None or line.depth is None):
            yield ""
        text = escaping.markdown(line.text) + (
            f" {escaping.markdown_source(line.source)}" if line.source else ""
        )
        if line.level:
            yield f"{'#' * line.level} {text}"
        elif line.depth is None:
            yield text
        else:
            yield f"{'  ' * line.depth}- {text}"
