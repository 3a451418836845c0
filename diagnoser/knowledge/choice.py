"""The kind of fact that has one of a few answers, or several of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.value import UNKNOWN, Shown, Unfit, Value


class Choice(NamedTuple):
    """One of a few answers, each with a label.

    Where `several` may hold, the answer is one word, or a list of those that do; what stands
    `alone`, such as "nothing", holds beside no other.
    """

    labels: Mapping[str, str]
    several: bool = False
    alone: tuple[str, ...] = ()

    @property
    def takes(self) -> str:
        return ", ".join(self.labels)

    @property
    def allowed(self) -> str:
        words = f"{self.takes}, {UNKNOWN}"
        but = f", but {' and '.join(self.alone)} only alone" if self.alone else ""
        return f"{words}; or a list of several{but}" if self.several else words

    def parse(self, value: object) -> Value:
        if not isinstance(value, list):
            return self._word(value)
        for _, unfit in self.wrong(value):
            raise unfit
        return self.together(value)

    def together(self, words: Iterable[str]) -> Value:
        """The value of one or more answers that hold at once."""
        found = frozenset(map(str.__str__, words))
        return found if len(found) > 1 else min(found)

    def wrong(self, given: Sequence[object]) -> Iterator[tuple[int | None, Unfit]]:
        """Every mistake in a list of answers, with its place in the list; with None where the list
        itself is the mistake."""
        if not self.several or not 0 < len(given) <= len(self.labels):
            yield None, self._no_list(given)
            return
        places: dict[str, int] = {}
        for place, one in enumerate(given):
            try:
                word = self._word(one)
            except Unfit as unfit:
                near = "" if unfit.near == UNKNOWN else unfit.near
                reason = f'"{UNKNOWN}" is an answer only without a list'
                is_unknown = isinstance(one, str) and one == UNKNOWN
                yield place, Unfit(reason if is_unknown else unfit.reason, self.takes, near)
                continue
            if word in places:
                yield place, Unfit(f"{quoted(word)} is written twice", "each answer once")
            places.setdefault(str(word), place)
        for word in self.alone:
            if word in places and len(places) > 1:
                reason = f"{quoted(word)} cannot stand beside other answers"
                yield places[word], Unfit(reason, f"only {word}, or the others without it")

    def _no_list(self, given: Sequence[object]) -> Unfit:
        """Why a list as a whole is no answer."""
        if not self.several:
            first = given[0] if len(given) == 1 else None
            near = first if isinstance(first, str) and first in self.labels else ""
            reason = f"{quoted(given)} is a list, and this fact takes one answer"
            return Unfit(reason, self.allowed, near)
        reason = "has more words than there are answers" if given else "says nothing"
        return Unfit(f"{quoted(given)} {reason}", self.allowed)

    def _word(self, value: object) -> str:
        if isinstance(value, str) and value in self.labels:
            return str.__str__(value)  # an enum's own str() would be its name
        near = ""
        if isinstance(value, list):
            raise Unfit(f"{quoted(value)} is a list, and one answer is needed here", self.takes)
        if isinstance(value, str):
            by_label = self._by_label()
            near = by_label.get(value.lower()) or nearest(value, [*self.labels, UNKNOWN])
            near = near or by_label.get(nearest(value, by_label), "")
        if isinstance(value, bool):
            words = ("yes", "on") if value else ("no", "off")
            near = next((word for word in words if word in self.labels), "")
        raise Unfit(f"{quoted(value)} is not one of its answers", self.allowed, near)

    def parse_text(self, text: str) -> Value:
        """As `parse`, from what a person types: ids or labels, with commas between several."""
        return self.parse(self.split(text))

    def split(self, text: str) -> str | list[str]:
        """What is typed, or where several may hold each part of it, as the id of an answer; what is
        no answer stays as it is."""
        by_label = self._by_label()
        typed = [" ".join(part.lower().split()) for part in (text, *text.split(","))]
        whole, *parts = (one if one in self.labels else by_label.get(one, one) for one in typed)
        return parts if self.several and len(parts) > 1 and whole not in self.labels else whole

    def _by_label(self) -> dict[str, str]:
        return {label.lower(): word for word, label in self.labels.items()}

    def show(self, value: Value) -> Shown:
        if isinstance(value, frozenset):
            return [word for word in self.labels if word in value]
        return str(value)

    def label(self, value: Value) -> str:
        words = value if isinstance(value, frozenset) else (value,)
        return "; ".join(label.strip() for word, label in self.labels.items() if word in words)

    def schema(self) -> dict[str, Any]:
        words = [{"const": word, "title": label} for word, label in self.labels.items()]
        return {"anyOf": [*words, *self._lists(), {"const": UNKNOWN}, {"type": "null"}]}

    def _lists(self) -> Iterator[dict[str, Any]]:
        """The JSON Schema of the lists that are answers."""
        if not self.several:
            return
        together = [word for word in self.labels if word not in self.alone]
        yield {"type": "array", "items": {"enum": together}, "minItems": 1, "uniqueItems": True}
        if self.alone:
            yield {"type": "array", "items": {"enum": [*self.alone]}, "minItems": 1, "maxItems": 1}
