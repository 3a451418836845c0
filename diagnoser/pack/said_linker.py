"""Links what people say: the phrases of answers, and the words that they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.model import DID_NOT_HELP, OUTCOMES, TRIED, Spoken
from diagnoser.knowledge.values import Choice, Kind
from diagnoser.pack import facts_schema as shapes
from diagnoser.pack.reader import WORDS
from diagnoser.pack.schema import RemedyFile
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.words.alternatives import MOST, first_spelled, how_many, spelled_out, unpaired
from diagnoser.words.phrases import VALUE, Language, Phrase, language, mistake, phrase
from diagnoser.words.tokens import plain

Complain = Callable[[str, KeyPath, str, str, str], None]
Said = tuple[tuple[str, str], ...]


def said(raw: shapes.FactDefinition) -> Said:
    """The phrases of a fact, each after its answer."""
    return tuple((answer, text) for answer, _, text in _written(raw.said))


def _written(said: Mapping[str, list[str]] | list[str]) -> Iterator[tuple[str, KeyPath, str]]:
    """Each phrase with its answer and its path below `said`."""
    groups = said.items() if isinstance(said, Mapping) else [(VALUE, said)]
    for answer, texts in groups:
        for place, text in enumerate(texts):
            yield answer, (answer, place) if answer != VALUE else (place,), text


def check(
    spoken: Spoken,
    defined: Mapping[str, shapes.FactDefinition],
    remedies: Mapping[str, RemedyFile],
    kinds: Mapping[str, Kind],
    complain: Complain,
    every: bool = False,
) -> None:
    """Complains of phrases that cannot be found, or would be found where they are not meant.

    A phrase may stand for hundreds; looking at `every` one of these takes longer than all else that
    is done to load a pack, so only `check` does. Otherwise the first one is looked at.
    """
    _check_words(spoken, complain)
    found = language(spoken.same, spoken.others, {id: kinds[id] for id in defined if id in kinds})
    for id, raw in defined.items():
        if id in kinds and raw.said:
            area, _, name = id.partition(".")
            path: KeyPath = ("facts", name, "said")
            where = (f"facts/{area}.yaml", path)
            _check_said(id, raw.said, kinds[id], found, where, complain, every)
    for id, remedy in remedies.items():
        where = (f"rules/remedies/{id}.yaml", ("said",))
        _check_said(f"{TRIED}{id}", remedy.said, Choice(OUTCOMES), found, where, complain, every)


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


def _check_said(
    id: str,
    said: Mapping[str, list[str]] | list[str],
    kind: Kind,
    spoken: Language,
    where: tuple[str, KeyPath],
    complain: Complain,
    every: bool,
) -> None:
    """Complains of the phrases of a fact; those of a remedy all say that it did not help."""
    (file, path), seen = where, dict[tuple[object, ...], Phrase]()
    for answer, inner, text in _written(said):
        if id.startswith(TRIED):
            answer = DID_NOT_HELP
        if answer != VALUE and isinstance(kind, Choice) and answer not in kind.labels:
            reason = f"{quoted(answer)} is not one of its answers"
            complain(file, (*path, answer), reason, kind.takes, nearest(answer, kind.labels))
            continue
        if wrong := _wrong(id, answer, text, kind, spoken, seen, every):
            complain(file, (*path, *inner), f"{quoted(text)} {wrong}", "", "")


def _wrong(
    id: str,
    answer: str,
    text: str,
    kind: Kind,
    spoken: Language,
    seen: dict[tuple[object, ...], Phrase],
    every: bool,
) -> str:
    """What is wrong with a phrase, if anything; `seen` are those before it."""
    if unpaired(text):
        return "has a bracket or a | without its other half"
    if (count := how_many(text)) > MOST:
        return f"stands for {count:,} phrases; at most {MOST} are allowed, so write several"
    told, before = [], None
    for spelled in spelled_out(text) if every else [first_spelled(text)]:
        one = phrase(id, answer, spelled, spoken)
        if wrong := mistake(one, kind, spoken):
            return wrong if spelled == text else f"{wrong} ({quoted(spelled)})"
        first = seen.setdefault((one.parts, one.loose, one.whole), one)
        if first.answer != answer:
            return f"is said of the answer {first.answer} already, as {quoted(first.text)}"
        if first is one:
            told.append(one)
        elif first not in told:
            before = first
    if every and not told and before is not None:
        return f"is said of this answer already, as {quoted(before.text)}"
    return ""
