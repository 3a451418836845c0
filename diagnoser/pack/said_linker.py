"""Links what people say: the phrases of answers, and the words that they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.model import Spoken
from diagnoser.knowledge.values import Choice, Kind
from diagnoser.pack import facts_schema as shapes
from diagnoser.pack.reader import WORDS
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.words.phrases import VALUE, Language, Phrase, language, mistake, phrase
from diagnoser.words.tokens import plain

Complain = Callable[[str, KeyPath, str, str, str], None]
Said = tuple[tuple[str, str], ...]


def said(raw: shapes.FactDefinition) -> Said:
    """The phrases of a fact, each after its answer."""
    return tuple((answer, text) for answer, _, text in _written(raw))


def _written(raw: shapes.FactDefinition) -> Iterator[tuple[str, KeyPath, str]]:
    """Each phrase with its answer and its path below `said`."""
    groups = raw.said.items() if isinstance(raw.said, dict) else [(VALUE, raw.said)]
    for answer, texts in groups:
        for place, text in enumerate(texts):
            yield answer, (answer, place) if answer != VALUE else (place,), text


def check(
    spoken: Spoken,
    defined: Mapping[str, shapes.FactDefinition],
    kinds: Mapping[str, Kind],
    complain: Complain,
) -> None:
    """Complains of phrases that cannot be found, or would be found where they are not meant."""
    _check_words(spoken, complain)
    found = language(spoken.same, spoken.others, {id: kinds[id] for id in defined if id in kinds})
    for id, raw in defined.items():
        if id in kinds and raw.said:
            _check_fact(id, raw, kinds[id], found, complain)


def _check_words(spoken: Spoken, complain: Complain) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for number, group in enumerate(spoken.same):
        for place, text in enumerate(group):
            words = tuple(one.word for one in plain(text))
            path = ("same", number, place)
            if not words:
                complain(WORDS, path, "has no word in it", "", "")
            elif words in seen:
                complain(WORDS, path, f"stands beside {quoted(seen[words])} already", "", "")
            seen.setdefault(words, group[0])


def _check_fact(
    id: str, raw: shapes.FactDefinition, kind: Kind, spoken: Language, complain: Complain
) -> None:
    area, _, name = id.partition(".")
    file, path = f"facts/{area}.yaml", ("facts", name, "said")
    seen: dict[tuple[object, ...], Phrase] = {}
    for answer, inner, text in _written(raw):
        if answer != VALUE and isinstance(kind, Choice) and answer not in kind.labels:
            reason = f"{quoted(answer)} is not one of its answers"
            complain(file, (*path, answer), reason, kind.takes, nearest(answer, kind.labels))
            continue
        one = phrase(id, answer, text, spoken)
        if wrong := mistake(one, kind, spoken):
            complain(file, (*path, *inner), f"{quoted(text)} {wrong}", "", "")
            continue
        first = seen.setdefault(one.parts, one)
        if first is not one:
            what = "this answer" if first.answer == answer else f"the answer {first.answer}"
            reason = f"{quoted(text)} is said of {what} already, as {quoted(first.text)}"
            complain(file, (*path, *inner), reason, "", "")
