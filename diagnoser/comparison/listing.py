"""What the files of two packs say otherwise: what was added, is gone, has another name, and which
words changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from diagnoser.comparison.model import Change, Kind, What
from diagnoser.knowledge.conditions import All, AnyOf, Compare, Condition, OneOf
from diagnoser.knowledge.model import TRIED_AREA, Bar, Fact, Go, Knowledge, Rule, Sign, Variant
from diagnoser.knowledge.values import Choice, Lookup, Number, Value, Version
from diagnoser.knowledge.values import Kind as FactKind

_SINGULAR: dict[str, Kind] = {
    "areas": "area",
    "places": "place",
    "sources": "source",
    "facts": "fact",
    "signs": "sign",
    "causes": "cause",
    "remedies": "remedy",
    "contradictions": "contradiction",
    "preconditions": "precondition",
}
_ABOUT = {"version", "digest", "certificate"}
"""Which pack it is, and what was shown of it: not what it says."""
_ELSEWHERE = {*_SINGULAR, *_ABOUT, "rules", "notes"}
"""Parts of a knowledge that are told elsewhere; the rest is said of the pack."""
_LEFT_OUT = {
    # what follows from the rest, or where it stands
    "fact": {"id", "area", "kind", "derived_from", "derives"},
    "sign": {"id", "file", "facts", "observation"},
    "cause": {"id", "area", "file", "rules", "prior"},
    "remedy": {"id", "file", "price", "idle"},
    "bar": {"facts", "file", "path"},
}


def alike(old: Knowledge, new: Knowledge) -> bool:
    """Whether two packs say the same, though their files may be written otherwise."""
    parts = (one for one in Knowledge._fields if one not in _ABOUT)
    return all(getattr(old, one) == getattr(new, one) for one in parts)


class Renamed(NamedTuple):
    """What has another id, by the old one."""

    causes: Mapping[str, str]
    remedies: Mapping[str, str]
    signs: Mapping[str, str]


def renamed(old: Knowledge, new: Knowledge) -> Renamed:
    """The causes and remedies that have another id but the same title, and the signs that have the
    same condition and say the same."""
    return Renamed(
        _renamed(old.causes, new.causes, lambda one: one.title),
        _renamed(old.remedies, new.remedies, lambda one: one.title),
        _renamed(old.signs, new.signs, lambda one: (one.when, one.speaks_for, one.speaks_against)),
    )


def _renamed(
    old: Mapping[str, Any], new: Mapping[str, Any], meant: Callable[[Any], Any]
) -> dict[str, str]:
    added = {meant(one): id for id, one in new.items() if id not in old}
    gone = {id: meant(one) for id, one in old.items() if id not in new}
    return {id: added[what] for id, what in gone.items() if what in added}


def listed(old: Knowledge, new: Knowledge, names: Renamed) -> Iterator[Change]:
    """What the files say otherwise, by kind and id."""
    parts = (one for one in Knowledge._fields if one not in _ELSEWHERE)
    for part in parts:
        yield from _changed("pack", old.id, part, getattr(old, part), getattr(new, part))
    yield from _changed("note", "notes", "", old.notes, new.notes)
    for name in _SINGULAR:
        before, after = dict(getattr(old, name)), dict(getattr(new, name))
        other: Mapping[str, str] = getattr(names, name, {})
        if name == "facts":
            before, after = _asked(before), _asked(after)
            other = {id: instead for id, instead in new.gone.items() if id in before}
        elif name == "signs":  # what only one cause has is told with its strength
            before, after = (_shared(one) for one in (before, after))
        yield from _listed(_SINGULAR[name], before, after, other)
    for id in old.causes:
        if (now := names.causes.get(id, id)) in new.causes:
            was, says = old.causes[id].rules, new.causes[now].rules
            yield from _strengths(now, _says(was, names.signs), _says(says, {}))


def _asked(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {id: fact for id, fact in facts.items() if fact.area != TRIED_AREA}


def _shared(signs: Mapping[str, Sign]) -> dict[str, Sign]:
    return {id: sign for id, sign in signs.items() if sign.observation}


def _listed(
    kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Change]:
    for id, before in old.items():
        if id in names and id not in new:
            yield Change(kind=kind, id=id, what="renamed", was=id, now=names[id])
        now = id if id in new else names.get(id, id)
        if now in new:
            yield from _differences(kind, now, before, new[now])
        elif id not in names:
            yield Change(kind=kind, id=id, what="gone", was=_title(before))
    for id, after in new.items():
        if id not in old and id not in names.values():
            yield Change(kind=kind, id=id, what="added", now=_title(after))


def _title(one: Any) -> str | None:
    """What something is called for people."""
    if isinstance(one, str):
        return one
    found = next((getattr(one, key) for key in ("title", "ask") if getattr(one, key, "")), "")
    return found or (_text(one.when) if hasattr(one, "when") else None)


def _differences(kind: Kind, id: str, before: Any, after: Any) -> Iterator[Change]:
    """What two things of the same name say otherwise."""
    if isinstance(before, str):
        yield from _changed(kind, id, "title", before, after)
        return
    if isinstance(before, Fact):
        yield from _answers(id, before, after)
    for part in before._fields:
        if part not in _LEFT_OUT.get(kind, ()):
            was, now = getattr(before, part), getattr(after, part)
            if part == "typical":
                was, now = _shares(before), _shares(after)
            yield from _changed(kind, id, part, was, now)


def _shares(fact: Fact) -> dict[str, float]:
    return {_value(fact.kind, value): share for value, share in fact.typical}


def _answers(id: str, before: Fact, after: Fact) -> Iterator[Change]:
    """What a fact may be, and what follows from the rows of its table."""
    old, new = before.kind, after.kind
    if type(old) is not type(new):
        what = type(old).__name__.lower(), type(new).__name__.lower()
        yield Change(kind="fact", id=id, what="changed", part="kind", was=what[0], now=what[1])
        return
    if isinstance(old, Choice) and isinstance(new, Choice):
        yield from _entries("answer", id, old.labels, new.labels)
        for part in ("several", "alone"):
            yield from _changed("fact", id, part, getattr(old, part), getattr(new, part))
    elif isinstance(old, Lookup) and isinstance(new, Lookup):
        rows = [dict.fromkeys(kind.names, "") for kind in (old, new)]
        yield from _entries("answer", id, *rows)
        yield from _changed("fact", id, "spellings", old.spellings, new.spellings)
    elif isinstance(old, Number | Version):
        for part in old._fields:
            if part != "usual":
                yield from _changed("fact", id, part, getattr(old, part), getattr(new, part))
    for column in sorted({*(before.derives or ()), *(after.derives or ())}):
        cells = [(fact.derives or {}).get(column, {}) for fact in (before, after)]
        yield from _changed("fact", id, column, *cells)


def _entries(
    kind: Kind, id: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Change]:
    """Answers that were added or are gone, or that are worded otherwise."""
    for word, label in old.items():
        if word not in new:
            yield Change(kind=kind, id=f"{id}={word}", what="gone", was=label or None)
        elif new[word] != label:
            yield Change(kind=kind, id=f"{id}={word}", what="changed", was=label, now=new[word])
    for word, label in new.items():
        if word not in old:
            yield Change(kind=kind, id=f"{id}={word}", what="added", now=label or None)


def _says(rules: tuple[Rule, ...], names: Mapping[str, str]) -> dict[str, Rule]:
    """The rules of a cause by the sign that they tell of, which may have another name now."""
    signs = {rule.id.partition("/")[2]: rule for rule in rules}
    return {names.get(sign, sign): rule for sign, rule in signs.items()}


def _strengths(cause: str, old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Iterator[Change]:
    """How strongly signs speak of a cause, and in which words."""
    for sign in dict.fromkeys([*old, *new]):
        before, after = old.get(sign), new.get(sign)
        id = f"{cause}/{sign}"
        if before is None or after is None:
            what: What = "added" if before is None else "gone"
            was, now = (rule.says if rule else None for rule in (before, after))
            yield Change(kind="strength", id=id, what=what, was=was, now=now)
            continue
        yield from _changed("strength", id, "", before.says, after.says)
        yield from _changed("strength", id, "because", before.because, after.because)
        if before.sign == before.id or after.sign == after.id:  # what only this cause has
            for part in ("when", "source", "reviewed"):
                was, now = getattr(before, part), getattr(after, part)
                yield from _changed("strength", id, part, was, now)


def _changed(kind: Kind, id: str, part: str, old: Any, new: Any) -> Iterator[Change]:
    """A change of one part; of one that has names inside, of each of them."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            inner = f"{part}.{key}" if part else str(key)
            yield from _changed(kind, id, inner, old.get(key), new.get(key))
        return
    was, now = (None if one is None else _text(one) for one in (old, new))
    yield Change(kind=kind, id=id, what="changed", part=part, was=was, now=now)


def _text(value: Any) -> str:
    """A value of a pack in the way its files write it."""
    if isinstance(value, OneOf | Compare | All | AnyOf):
        return "{" + _condition(value) + "}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Go):
        return f"{{go: {value.go}}}"
    if isinstance(value, Bar):
        return f"when {_text(value.when)}: {value.because}"
    if isinstance(value, Variant):
        head = "" if value.condition is None else f"if {_text(value.condition)}: "
        return head + " ".join(_text(line) for line in value.do)
    if isinstance(value, frozenset):
        return "[" + ", ".join(sorted(map(_text, value))) + "]"
    if isinstance(value, tuple) and value and all(type(one) is int for one in value):
        return ".".join(map(str, value))
    if isinstance(value, tuple):
        return "; ".join(map(_text, value)) if value else "none"
    return str(value)


def _value(kind: FactKind, value: Value) -> str:
    return _text(kind.show(value) if not isinstance(value, frozenset) else value)


def _condition(condition: Condition) -> str:
    """A condition as a pack writes it, without its braces."""
    if isinstance(condition, OneOf):
        values = [_text(value) for value in condition.values]
        written = values[0] if len(values) == 1 else "[" + ", ".join(values) + "]"
        return f"{condition.fact}: " + (f"{{only: {written}}}" if condition.only else written)
    if isinstance(condition, Compare):
        against = condition.other if condition.other is not None else _text(condition.constant)
        return f"{condition.fact}: {{{condition.comparison}: {against}}}"
    parts = [_condition(part) for part in condition.parts]
    if isinstance(condition, All):
        return ", ".join(parts)
    return "any: [" + ", ".join(f"{{{part}}}" for part in parts) + "]"
