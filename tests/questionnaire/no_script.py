"""Uses the pages as a browser without script does: it reads forms, fills them in and sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx

VOID = {"meta", "hr", "br", "input", "link"}
KIND = {"content-type": "application/x-www-form-urlencoded"}
Texts = Mapping[str, str | list[str]]


@dataclass
class Form:
    """A form of a page: what it would send as it stands, what may be chosen, and its buttons."""

    action: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """What each button sends as `do`, and its text."""


class Page(HTMLParser):
    """A page as it is read; what is not closed, or closed twice, is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = text
        self.title = self.heading = ""
        self.words = ""
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self._open: list[str] = []
        self._select = ""
        self.feed(text)
        self.close()
        assert self._open == []
        assert len({*self.ids}) == len(self.ids), "an id that stands twice"
        assert {*self.labels} <= {*self.ids}, "a label of nothing"

    @property
    def state(self) -> str:
        """The conversation that the page carries."""
        [state] = {form.values["state"][0] for form in self.forms if "state" in form.values}
        return state

    @property
    def form(self) -> Form:
        """The main form: the last one, after that of the way back."""
        return self.forms[-1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if "id" in has:
            self.ids.append(has["id"])
        if tag == "label" and "for" in has:
            self.labels.append(has["for"])
        if tag == "a":
            self.links.append(has.get("href", ""))
        if tag == "form":
            self.forms.append(Form(has["action"]))
        if tag in ("input", "select", "textarea") and "name" in has:
            self._input(tag, has)
        if tag == "option":
            self.forms[-1].choices[self._select].append(has["value"])
            if "selected" in has:
                self.forms[-1].values[self._select] = [has["value"]]
        if tag == "button" and has.get("type") != "button":
            self.forms[-1].buttons.append((has["value"], ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What pictures are made of closes itself."""

    def _input(self, tag: str, has: Mapping[str, str]) -> None:
        form, name = self.forms[-1], has["name"]
        if tag == "select":
            self._select = name
            form.choices[name] = []
        elif has.get("type") in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(has["value"])
            if "checked" in has:
                form.values.setdefault(name, []).append(has["value"])
        else:
            form.values[name] = [has.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        if not self._open:
            return
        if self._open[-1] == "title":
            self.title += data
        if "h1" in self._open:
            self.heading += data
        if "button" in self._open and self.forms and self.forms[-1].buttons:
            value, text = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = value, text + data


class Visitor:
    """Somebody who goes from page to page; `clients` are the servers, which are asked in turn."""

    def __init__(self, *clients: httpx.Client) -> None:
        self._clients = clients
        self._asked = 0
        self.page: Page
        self.answer: httpx.Response

    def open(self, address: str) -> Page:
        return self._read(lambda client: client.get(address))

    def press(self, do: str, **typed: str | list[str]) -> Page:
        """Presses the button of this name on the page, with what is filled in by name."""
        return self.send(do, typed)

    def send(self, do: str, typed: Texts) -> Page:
        [form] = [
            one
            for one in self.page.forms
            if any(value == do or value.startswith(f"{do}:") for value, _ in one.buttons)
        ][-1:]
        [do] = [value for value, _ in form.buttons if value == do or value.startswith(f"{do}:")][:1]
        values: dict[str, str | list[str]] = {**form.values, **typed, "do": do}
        return self.post(form.action, values)

    def post(self, action: str, values: Texts) -> Page:
        body = urlencode(values, doseq=True)
        return self._read(lambda client: client.post(action, content=body, headers=KIND))

    def _read(self, ask: Callable[[httpx.Client], httpx.Response]) -> Page:
        self.answer = ask(self._clients[self._asked % len(self._clients)])
        self._asked += 1
        assert self.answer.status_code < 500
        self.page = Page(self.answer.text)
        return self.page
