"""Knowledge to read: what is known of a fact, place, sign, cause or remedy, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from diagnoser.knowledge.conditions import IN_WORDS, All, AnyOf, Compare, Condition, OneOf
from diagnoser.knowledge.model import TRIED_AREA, Fact, Go, Knowledge, Line, Rule, Sign, Variant
from diagnoser.knowledge.values import Choice, Number, Value
from diagnoser.rendering.words import is_address, joined

Entry = dict[str, Any]
PLAIN = ("otherwise", "always")
"""When steps are for the phones that are left, or for all."""


def with_ids(condition: Condition, knowledge: Knowledge) -> str:
    """The condition as a sentence, such as `wifi.connection is off and wifi.signal is weak`."""
    if isinstance(condition, (All, AnyOf)):
        word = " and " if isinstance(condition, All) else " or "
        return word.join(_part(part, knowledge) for part in condition.parts)
    if isinstance(condition, OneOf):
        shown = [_shown(condition.fact, value, knowledge) for value in condition.values]
        values = shown[0] if len(shown) == 1 else f"({joined(shown, 'or')})"
        return f"{condition.fact} is {'only ' if condition.only else ''}{values}"
    return f"{condition.fact} is {IN_WORDS[condition.comparison]} {_against(condition, knowledge)}"


def _part(condition: Condition, knowledge: Knowledge) -> str:
    words = with_ids(condition, knowledge)
    return f"({words})" if isinstance(condition, (All, AnyOf)) else words


def _against(test: Compare, knowledge: Knowledge) -> str:
    if test.other is not None:
        return test.other
    return "" if test.constant is None else _shown(test.fact, test.constant, knowledge)


def _shown(fact: str, value: Value, knowledge: Knowledge) -> str:
    kind = knowledge.facts[fact].kind
    return kind.label(value).strip() if isinstance(kind, Number) else str(kind.show(value))


def facts(knowledge: Knowledge) -> dict[str, str]:
    """Every fact that can be given, by id: what it asks for."""
    given = [fact for fact in knowledge.facts.values() if not fact.derived_from]
    return {fact.id: _asks(fact, knowledge) for fact in given}


def places(knowledge: Knowledge) -> dict[str, str]:
    """Every place by id: its title."""
    return {id: place.title for id, place in knowledge.places.items()}


def signs(knowledge: Knowledge) -> dict[str, str]:
    """Every sign by id: when it is seen."""
    return {id: with_ids(sign.when, knowledge) for id, sign in knowledge.signs.items()}


def causes(knowledge: Knowledge) -> dict[str, Entry]:
    """Every cause by id: its title, and the sources of its signs, addresses first."""
    found = {}
    for id, cause in knowledge.causes.items():
        sources = {source for rule in cause.rules for source in _cited(rule.sign, knowledge)}
        in_order = sorted(sources, key=lambda source: (not is_address(source), source))
        found[id] = {"title": cause.title, "sources": in_order}
    return found


def remedies(knowledge: Knowledge) -> dict[str, str]:
    """Every remedy by id: its title."""
    return {id: remedy.title for id, remedy in knowledge.remedies.items()}


def _asks(fact: Fact, knowledge: Knowledge) -> str:
    if fact.area == TRIED_AREA:
        return f"Was this tried: {knowledge.remedies[fact.id.partition('.')[2]].title}?"
    return fact.ask


def _cited(sign: str, knowledge: Knowledge) -> list[str]:
    return [knowledge.sources[source].cited for source in knowledge.signs[sign].sources]


def fact(knowledge: Knowledge, id: str) -> Entry:
    """Everything about one fact."""
    known = knowledge.facts[id]
    kind = known.kind
    return {
        "id": id,
        "asks": _asks(known, knowledge),
        "area": knowledge.areas.get(known.area, known.area),
        "asked_only_if": "" if known.only_if is None else with_ids(known.only_if, knowledge),
        "not_asked_once_known": list(known.unless_answered),
        "place": _place(known.place, knowledge) if known.place else "",
        "look": _variants(known.look, knowledge),
        "allowed": kind.allowed,
        "answers": dict(kind.labels) if isinstance(kind, Choice) and not known.derived_from else {},
        "tick": dict([known.tick]) if known.tick else {},
        "typical_percent": {
            _shown(id, value, knowledge): round(share * 100, 2) for value, share in known.typical
        },
        "minutes_to_find_out": known.effort or None,
        "follows_from": known.derived_from,
        "from_it_follow": sorted(known.derives or ()),
        "signs": [
            {
                "sign": sign.id,
                "when": with_ids(sign.when, knowledge),
                "speaks": _speaks(sign, knowledge),
            }
            for sign in knowledge.signs.values()
            if id in sign.facts
        ],
    }


def _speaks(sign: Sign, knowledge: Knowledge) -> dict[str, str]:
    """The causes that a sign speaks of, by strength."""
    by_strength = _by_strength(_rules_of(sign, knowledge), knowledge)
    return {says: joined(rule.cause for rule in rules) for says, rules in by_strength.items()}


def _rules_of(sign: Sign, knowledge: Knowledge) -> list[Rule]:
    return [rule for rule in knowledge.rules.values() if rule.sign == sign.id]


def _by_strength(rules: Iterable[Rule], knowledge: Knowledge) -> dict[str, list[Rule]]:
    """The rules by what they say, from what proves a cause to what rules it out."""
    strengths = knowledge.strengths
    words = sorted(strengths, key=lambda word: (-strengths[word], word))
    found: dict[str, list[Rule]] = {word: [] for word in words}
    for rule in rules:
        found[rule.says].append(rule)
    return {word: said for word, said in found.items() if said}


def place(knowledge: Knowledge, id: str) -> Entry:
    """Everything about one place."""
    known = knowledge.places[id]
    return {
        "id": id,
        "title": known.title,
        "minutes_to_get_there": known.effort,
        "go": _variants(known.go, knowledge),
        "facts": [fact.id for fact in knowledge.facts.values() if _goes(fact.look, id)],
        "remedies": [one.id for one in knowledge.remedies.values() if _goes(one.steps, id)],
    }


def _goes(variants: Iterable[Variant], place: str) -> bool:
    return any(Go(place) in variant.do for variant in variants)


def sign(knowledge: Knowledge, id: str) -> Entry:
    """Everything about one sign."""
    known = knowledge.signs[id]
    speaks = _by_strength(_rules_of(known, knowledge), knowledge)
    usual = (known.speaks_for, known.speaks_against)
    return {
        "id": id,
        "observation": knowledge.observations.get(known.observation, ""),
        "when": with_ids(known.when, knowledge),
        "for": known.speaks_for,
        "against": known.speaks_against,
        "speaks": {
            says: [
                {
                    "cause": rule.cause,
                    "title": knowledge.causes[rule.cause].title,
                    "because": "" if rule.because in usual else rule.because,
                }
                for rule in rules
            ]
            for says, rules in speaks.items()
        },
        "file": known.file,
        "sources": [
            {"title": one.title, "address": one.address, "worth": one.worth, "read": one.read}
            for one in (knowledge.sources[source] for source in known.sources)
        ],
        "reviewed": known.reviewed,
    }


def cause(knowledge: Knowledge, id: str) -> Entry:
    """Everything about one cause."""
    known = knowledge.causes[id]
    return {
        "id": id,
        "title": known.title,
        "because": known.because,
        "guide": known.guide,
        "commonness": known.commonness,
        "harmless": known.harmless,
        "follows_from": list(known.follows_from),
        "file": known.file,
        "signs": {
            says: [
                {
                    "sign": rule.sign,
                    "when": with_ids(rule.when, knowledge),
                    "because": rule.because,
                    "sources": _cited(rule.sign, knowledge),
                    "worth": rule.worth,
                    "reviewed": rule.reviewed,
                }
                for rule in rules
            ]
            for says, rules in _by_strength(known.rules, knowledge).items()
        },
        "remedies": [
            {"remedy": remedy.id, "title": remedy.title, "chance": remedy.fixes[id]}
            for remedy in sorted(knowledge.fixers(id), key=lambda one: (-one.fixes[id], one.id))
        ],
    }


def remedy(knowledge: Knowledge, id: str) -> Entry:
    """Everything about one remedy."""
    known = knowledge.remedies[id]
    return {
        "id": id,
        "title": known.title,
        "guide": known.guide,
        "hand_over": known.hand_over,
        "fixes": [
            {"cause": cause, "title": knowledge.causes[cause].title, "chance": chance}
            for cause, chance in sorted(known.fixes.items(), key=lambda one: (-one[1], one[0]))
        ],
        "hands_on_minutes": known.hands_on,
        "wait_minutes": known.waiting,
        "money": known.money,
        "loses": list(known.loses),
        "after": list(known.after),
        "not_if": [
            {"when": with_ids(bar.when, knowledge), "because": bar.because} for bar in known.not_if
        ],
        "caveat": known.caveat,
        "steps": _variants(known.steps, knowledge),
        "seen": "overnight" if known.overnight else "at once",
        "check": known.check,
        "file": known.file,
        "sources": list(known.sources),
        "worth": known.worth,
        "reviewed": known.reviewed,
    }


def _variants(variants: Iterable[Variant], knowledge: Knowledge) -> list[Entry]:
    variants = list(variants)
    otherwise = PLAIN[0] if len(variants) > 1 else PLAIN[1]
    return [
        {
            "if": otherwise if one.condition is None else with_ids(one.condition, knowledge),
            "do": [_line(line, knowledge) for line in one.do],
        }
        for one in variants
    ]


def _line(line: Line, knowledge: Knowledge) -> str:
    return f"Go to {_place(line.go, knowledge)}" if isinstance(line, Go) else line


def _place(id: str, knowledge: Knowledge) -> str:
    return f"{id} ({knowledge.places[id].title})"


LISTS: dict[str, Callable[[Knowledge], Mapping[str, Any]]] = {
    "facts": facts,
    "places": places,
    "signs": signs,
    "causes": causes,
    "remedies": remedies,
}
ENTRIES = {"facts": fact, "places": place, "signs": sign, "causes": cause, "remedies": remedy}
