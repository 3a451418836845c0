"""The mutants of signs, of what they say of causes, and of causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagnoser.explanation.sensitivity import neighbours
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import Cause, Knowledge, Rule, Sign
from diagnoser.pack.reader import Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from tests.mutation.conditions import altered
from tests.mutation.mutant import Mutant, Original


def of_signs(pack: Original) -> Iterator[Mutant]:
    """The conditions of signs."""
    known = pack.knowledge
    speaking: dict[str, list[Rule]] = {}
    for rule in known.rules.values():
        speaking.setdefault(rule.sign, []).append(rule)
    for sign in known.signs.values():
        rules = speaking.get(sign.id, [])
        line = pack.lines(sign.file, _path_of(sign, pack.content))
        for what, when in altered(sign.when, known.facts):
            changed = [rule._replace(when=when, facts=facts_of(when)) for rule in rules]
            signs = {**known.signs, sign.id: sign._replace(when=when, facts=facts_of(when))}
            with_it = _with_rules(known, changed)._replace(signs=signs)
            ids = tuple(rule.id for rule in rules)
            yield Mutant(sign.file, line, "sign", f"{sign.id}: {what}", with_it, (sign.id,), ids)


def _path_of(sign: Sign, content: Content) -> KeyPath:
    """Where its condition stands in its file."""
    if not sign.observation:
        return ("rules", sign.id.partition("/")[2], "when")
    file = content.signs[sign.observation]
    if sign.id in file.signs:
        return ("signs", sign.id, "when")
    for id, one in file.explains.items():
        if one.fact in sign.facts:
            return ("explains", id, "answers")
    raise AssertionError(f"{sign.id} stands nowhere")


def _with_rules(known: Knowledge, changed: Iterable[Rule]) -> Knowledge:
    rules = {**known.rules, **{rule.id: rule for rule in changed}}
    touched = {rule.cause for rule in changed}
    causes = {
        id: cause._replace(rules=tuple(rules[rule.id] for rule in cause.rules))
        if id in touched
        else cause
        for id, cause in known.causes.items()
    }
    return known._replace(rules=rules, causes=causes)


def of_rules(pack: Original) -> Iterator[Mutant]:
    """The strengths of what signs say of causes, one word up and down and turned round."""
    known = pack.knowledge
    words = {value: word for word, value in known.strengths.items()}
    for rule in known.rules.values():
        file, path = _said_at(rule, pack.content)
        line = pack.lines(file, path)
        for factor in neighbours(known.strengths, rule.factor):
            changed = rule.weighing(factor)._replace(says=words[factor])
            what = f"{rule.id}: {rule.says} made {words[factor]}"
            yield Mutant(
                file, line, "strength", what, _with_rules(known, [changed]), (), (rule.id,)
            )
        turned = rule.weighing(-rule.factor)
        what = f"{rule.id}: {rule.says} made the opposite"
        yield Mutant(file, line, "answer", what, _with_rules(known, [turned]), (), (rule.id,))


def _said_at(rule: Rule, content: Content) -> tuple[str, KeyPath]:
    """Where a cause says how strong a sign is."""
    file, name = content.cause_file(rule.cause), rule.id.partition("/")[2]
    raw = content.causes[rule.cause]
    if name in raw.rules:
        return file, ("rules", name, "says")
    for place, one in enumerate(raw.signs[rule.says]):
        if one.sign == name:
            return file, ("signs", rule.says, place)
    raise AssertionError(f"{rule.id} stands nowhere")


def of_causes(pack: Original) -> Iterator[Mutant]:
    """How common each cause is, what it follows from, and whether it is harmless."""
    known = pack.knowledge
    words = {value: word for word, value in known.commonness.items()}

    def mutant(cause: Cause, key: str, what: str, changed: Cause) -> Mutant:
        causes = {**known.causes, cause.id: changed}
        line = pack.lines(cause.file, (key,))
        return Mutant(cause.file, line, "cause", what, known._replace(causes=causes))

    for cause in known.causes.values():
        for prior in neighbours(known.commonness, cause.prior):
            what = f"{cause.commonness} made {words[prior]}"
            yield mutant(cause, "commonness", what, cause._replace(prior=prior))
        what = "harmless taken away" if cause.harmless else "harmless added"
        yield mutant(cause, "harmless", what, cause._replace(harmless=not cause.harmless))
        for other in cause.follows_from:
            rest = tuple(one for one in cause.follows_from if one != other)
            what = f"follows_from: {other} taken away"
            yield mutant(cause, "follows_from", what, cause._replace(follows_from=rest))
