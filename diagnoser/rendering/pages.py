"""Knowledge to read: what is known of a fact, cause or remedy, as plain data and as an outline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from diagnoser.knowledge.conditions import IN_WORDS, All, AnyOf, Compare, Condition, OneOf
from diagnoser.knowledge.model import Fact, Knowledge, Variant
from diagnoser.knowledge.values import Choice, Number, Value
from diagnoser.rendering.words import Page, clean, is_address, joined

Entry = dict[str, Any]
PLAIN = ("otherwise", "always")
"""When steps are for the phones that are left, or for all."""


def in_words(condition: Condition, knowledge: Knowledge) -> str:
    """The condition as a sentence, such as `wifi.connection is off and wifi.signal is weak`."""
    if isinstance(condition, (All, AnyOf)):
        word = " and " if isinstance(condition, All) else " or "
        return word.join(_part(part, knowledge) for part in condition.parts)
    if isinstance(condition, OneOf):
        shown = [_shown(condition.fact, value, knowledge) for value in condition.values]
        values = shown[0] if len(shown) == 1 else f"({joined(shown, 'or')})"
        return f"{condition.fact} is {values}"
    return f"{condition.fact} is {IN_WORDS[condition.comparison]} {_against(condition, knowledge)}"


def _part(condition: Condition, knowledge: Knowledge) -> str:
    words = in_words(condition, knowledge)
    return f"({words})" if isinstance(condition, (All, AnyOf)) else words


def _against(test: Compare, knowledge: Knowledge) -> str:
    if test.other is not None:
        return test.other
    return "" if test.constant is None else _shown(test.fact, test.constant, knowledge)


def _shown(fact: str, value: Value, knowledge: Knowledge) -> str:
    kind = knowledge.facts[fact].kind
    return kind.label(value).strip() if isinstance(kind, Number) else str(kind.show(value))


# -- lists


def facts(knowledge: Knowledge) -> dict[str, str]:
    """Every fact that can be given, by id: what it asks for."""
    given = [fact for fact in knowledge.facts.values() if not fact.derived_from]
    return {fact.id: _asks(fact, knowledge) for fact in given}


def causes(knowledge: Knowledge) -> dict[str, Entry]:
    """Every cause by id: its title, and the sources of its rules, addresses first."""
    found = {}
    for id, cause in knowledge.causes.items():
        sources = {rule.source for rule in cause.rules} - {"definition"} or {"by definition"}
        in_order = sorted(sources, key=lambda source: (not is_address(source), source))
        found[id] = {"title": cause.title, "sources": in_order}
    return found


def remedies(knowledge: Knowledge) -> dict[str, str]:
    """Every remedy by id: its title."""
    return {id: remedy.title for id, remedy in knowledge.remedies.items()}


def _asks(fact: Fact, knowledge: Knowledge) -> str:
    if fact.area == "tried":
        return f"Was this tried: {knowledge.remedies[fact.id.partition('.')[2]].title}?"
    return fact.ask


# -- one of each


def fact(knowledge: Knowledge, id: str) -> Entry:
    """Everything about one fact."""
    known = knowledge.facts[id]
    kind = known.kind
    return {
        "id": id,
        "asks": _asks(known, knowledge),
        "area": knowledge.areas.get(known.area, known.area),
        "asked_only_if": "" if known.only_if is None else in_words(known.only_if, knowledge),
        "look": _variants(known.look, knowledge),
        "allowed": kind.allowed,
        "answers": dict(kind.labels) if isinstance(kind, Choice) and not known.derived_from else {},
        "typical_percent": {
            _shown(id, value, knowledge): round(share * 100, 2) for value, share in known.typical
        },
        "minutes_to_find_out": known.effort or None,
        "follows_from": known.derived_from,
        "from_it_follow": [] if known.round_up else sorted(known.derives or ()),
        "means": _meanings(known, knowledge) if known.round_up else {},
        "rules": [
            {"rule": rule.id, "says": rule.says, "when": in_words(rule.when, knowledge)}
            for rule in knowledge.rules.values()
            if id in rule.facts
        ],
    }


def _meanings(round_up: Fact, knowledge: Knowledge) -> dict[str, str]:
    """What each answer to a round-up says of other facts."""
    said = {answer: round_up.follows(answer) for answer, _ in round_up.typical}
    return {
        str(answer): joined(f"{id} is {_shown(id, value, knowledge)}" for id, value in of.items())
        for answer, of in said.items()
        if of
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
        "file": known.file,
        "rules": [
            {
                "rule": rule.id,
                "says": rule.says,
                "when": in_words(rule.when, knowledge),
                "because": rule.because,
                "source": rule.source,
                "worth": rule.worth,
                "reviewed": rule.reviewed,
            }
            for rule in known.rules
        ],
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
            {"when": in_words(bar.when, knowledge), "because": bar.because} for bar in known.not_if
        ],
        "caveat": known.caveat,
        "steps": _variants(known.steps, knowledge),
        "check": known.check,
        "file": known.file,
        "sources": list(known.sources),
        "worth": known.worth,
        "reviewed": known.reviewed,
    }


def _number(value: Any) -> Any:
    """5 for 5.0."""
    return f"{value:g}" if isinstance(value, float) else value


def _variants(variants: Iterable[Variant], knowledge: Knowledge) -> list[Entry]:
    variants = list(variants)
    otherwise = PLAIN[0] if len(variants) > 1 else PLAIN[1]
    return [
        {
            "if": otherwise if one.condition is None else in_words(one.condition, knowledge),
            "do": list(one.do),
        }
        for one in variants
    ]


LISTS: dict[str, Callable[[Knowledge], Mapping[str, Any]]] = {
    "facts": facts,
    "causes": causes,
    "remedies": remedies,
}
ENTRIES = {"facts": fact, "causes": cause, "remedies": remedy}


# -- as text


def list_text(entries: Mapping[str, Any], width: int, colour: bool = False) -> str:
    """One paragraph for each id, with its sources below it where the list has them."""
    page = Page(width, colour)
    longest = max((len(clean(id)) for id in entries), default=0) + 2
    for id, entry in entries.items():
        title, sources = (entry, []) if isinstance(entry, str) else entry.values()
        if longest <= width // 2:
            page.say(title, mark=clean(id).ljust(longest))
        else:
            page.say(id)
            page.say(title, 2)
        if sources:
            page.say("; ".join(sources), 4)
    return page.text()


def entry_text(entry: Entry, width: int, colour: bool = False) -> str:
    """An entry as an outline; what is empty is left out."""
    page = Page(width, colour)
    page.say(entry["id"], bold=True)
    _outline(page, {key: value for key, value in entry.items() if key != "id"}, 0)
    return page.text()


def _outline(page: Page, entry: Entry, indent: int) -> None:
    for key, value in entry.items():
        label = key.replace("_", " ")
        if value is None or value in ("", [], {}, False):
            continue
        if isinstance(value, dict):
            page.say(f"{label}:", indent)
            for name, text in value.items():
                page.say(f"{name}: {_number(text)}", indent + 2, "- ")
        elif isinstance(value, list):
            page.say(f"{label}:", indent)
            for item in value:
                _item(page, item, indent + 2)
        else:
            page.say(f"{label}: {'yes' if value is True else _number(value)}", indent)


def _item(page: Page, item: Any, indent: int) -> None:
    if not isinstance(item, dict):
        page.say(item, indent, "- ")
        return
    (first, value), *rest = item.items()
    page.say(f"if {value}" if first == "if" and value not in PLAIN else value, indent, "- ")
    _outline(page, dict(rest), indent + 2)
