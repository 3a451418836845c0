"""What signs, sources and places should fulfil beyond being readable."""

from __future__ import annotations

from collections.abc import Mapping

from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.errors import InvalidFacts
from diagnoser.knowledge.model import Go, Knowledge, Sign
from diagnoser.pack.reader import PLACES, SOURCES, Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain

OWN = "rules"
"""Where a cause has its own rules, in its file."""


def case_of(
    given: Mapping[str, str], sheet: AnswerSheet, file: str, path: KeyPath, complain: Complain
) -> Case | None:
    """The case of an example; None if it is none, with a complaint."""
    try:
        return sheet.read(sheet.read_texts(given.items()))
    except InvalidFacts as error:
        for problem in error.problems:
            complain(file, (*path, problem.path), problem.reason, "", problem.near)
        return None


def path_of(sign: Sign) -> KeyPath:
    """Where the condition of a sign stands in its file. The sign of an `explains` that holds for
    all other answers has none there, and needs none, as its condition is never wrong."""
    if not sign.observation:
        return (OWN, sign.id.partition("/")[2], "when")
    return ("signs", sign.id, "when")


def examples(
    knowledge: Knowledge, content: Content, sheet: AnswerSheet, complain: Complain
) -> None:
    """In one example a sign is seen, in the other it is known not to be."""
    for observation, file in content.signs.items():
        name = f"rules/signs/{observation}.yaml"
        for id, raw in file.signs.items():
            for key, given, right in (("seen", raw.seen, True), ("unseen", raw.unseen, False)):
                case = case_of(given, sheet, name, ("signs", id, key), complain)
                outcome = knowledge.signs[id].when.outcome(case.known) if case else right
                if outcome != right:
                    is_it = "is not known" if outcome is None else "is" if outcome else "is not"
                    should = "should be" if right else "should be known not to be"
                    reason = f"the sign {should} seen in this example, but {is_it}"
                    complain(name, ("signs", id, key), reason, "", "")


def same_conditions(knowledge: Knowledge, complain: Complain) -> None:
    """Two signs with the same condition say the same thing twice."""
    first: dict[object, Sign] = {}
    own_last = sorted(knowledge.signs.values(), key=lambda sign: (not sign.observation, sign.id))
    for sign in own_last:
        other = first.setdefault(sign.when, sign)
        if other is not sign:
            reason = f"is the same condition as that of {other.id}"
            complain(sign.file, path_of(sign), reason, "", "")


def unused(knowledge: Knowledge, content: Content, complain: Complain) -> None:
    """Signs that no cause has, sentences that none needs, sources and places that nobody names."""
    sides: dict[str, set[str]] = {}
    for rule in knowledge.rules.values():
        name = rule.id.partition("/")[2]
        sides.setdefault(name, set()).add("for" if rule.factor > 0 else "against")
    cited: set[str] = set()
    for observation, file in content.signs.items():
        name = f"rules/signs/{observation}.yaml"
        for kind, signs in (("signs", file.signs), ("explains", file.explains)):
            for id, raw in signs.items():
                cited.update(raw.source)
                if id not in sides:
                    complain(name, (kind, id), "is a sign that no cause has", "", "")
                    continue
                for side, text in (("for", raw.pro), ("against", raw.con)):
                    if text is not None and side not in sides[id]:
                        reason = f"is never said: no cause has the sign {side} it"
                        complain(name, (kind, id, side), reason, "", "")
    for cause in content.causes.values():
        cited.update(*(rule.source for rule in cause.rules.values()))
    cited.update(*(remedy.sources for remedy in content.remedies.values()))
    cited.update(*(one.source for one in content.contradictions.values()))
    cited.update(*(one.source for one in content.pack.notes))
    for id in content.sources:
        if id not in cited:
            complain(SOURCES, ("sources", id), "is a source that nothing rests on", "", "")
    used = {fact.place for fact in knowledge.facts.values()}
    used.update(place.within for place in knowledge.places.values())
    for remedy in knowledge.remedies.values():
        for variant in remedy.steps:
            used.update(line.go for line in variant.do if isinstance(line, Go))
    for fact in knowledge.facts.values():
        for variant in fact.look:
            used.update(line.go for line in variant.do if isinstance(line, Go))
    for id in content.places:
        if id not in used:
            complain(PLACES, ("places", id), "is a place that no fact and no remedy names", "", "")
