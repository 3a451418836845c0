"""Reads HTML as a browser would, strictly: what is not closed, or closed twice, is an error."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "hr", "br", "input"}


class Reader(HTMLParser):
    """The tags, attributes and texts of a page, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.texts.append((self._open[-1] if self._open else "", text))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def values(self, name: str) -> list[str]:
        """What an attribute says, wherever it stands."""
        return [value for _, key, value in self.attributes if key == name]

    def text(self) -> str:
        """All that a person reads, without what is only there to be copied."""
        unread = ("style", "title", "script", "textarea")
        return " ".join(text for tag, text in self.texts if tag not in unread)
