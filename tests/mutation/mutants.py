"""Every mutant of a pack: the pack with one small mistake in it, such as a strength that is one word
too strong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from diagnoser.explanation.sensitivity import neighbours
from diagnoser.knowledge.conditions import Condition, OneOf, facts_of
from diagnoser.knowledge.model import Bar, Cause, Knowledge, Precondition, Remedy, Rule, Sign
from diagnoser.pack.linker import link
from diagnoser.pack.reader import PACK, Content, read_folder
from diagnoser.pack.strict_yaml import Path as KeyPath
from tests.mutation.conditions import NEVER, altered

Lines = Callable[[str, KeyPath], int]
"""The line of a file in which a path stands."""


class Mutant(NamedTuple):
    """A mutant: where the pack was changed, what kind of thing it is, what was done to it, and the
    pack with that. `signs` are those whose condition it changes, and `rules` those that say
    something else, where it changes nothing more."""

    file: str
    line: int
    kind: str
    what: str
    knowledge: Knowledge
    signs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind}: {self.what}"


@dataclass(frozen=True)
class Original:
    """A pack as it is: linked, and as its files have it."""

    knowledge: Knowledge
    content: Content
    lines: Lines

    @classmethod
    def of(cls, folder: str) -> Original:
        """The pack of a folder. Raises InvalidKnowledge."""
        content, located = read_folder(folder)
        knowledge = link(content, _refuse)
        return cls(knowledge, content, lambda file, path: located[file].problem(path, "").line)


def _refuse(file: str, path: KeyPath, reason: str, allowed: str, near: str) -> None:
    raise ValueError(f"{file}: {path}: {reason}")


def _accept(file: str, path: KeyPath, reason: str, allowed: str, near: str) -> None:
    """A number that is moved may say more than a source of its worth may, which is no matter here."""


def mutants(pack: Original) -> Iterator[Mutant]:
    """Every mutant, those of signs, causes, remedies and of the whole pack one after the other."""
    for make in (_of_signs, _of_rules, _of_causes, _of_remedies, _of_bars, _of_preconditions, _of_questions, _of_numbers):
        yield from make(pack)


# -- signs and what they say


def _of_signs(pack: Original) -> Iterator[Mutant]:
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


def _of_rules(pack: Original) -> Iterator[Mutant]:
    """The strengths of what signs say of causes, one word up and down and turned round."""
    known = pack.knowledge
    words = {value: word for word, value in known.strengths.items()}
    for rule in known.rules.values():
        file, path = _said_at(rule, pack.content)
        line = pack.lines(file, path)
        for factor in neighbours(known.strengths, rule.factor):
            changed = rule.weighing(factor)._replace(says=words[factor])
            what = f"{rule.id}: {rule.says} made {words[factor]}"
            yield Mutant(file, line, "strength", what, _with_rules(known, [changed]), (), (rule.id,))
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


# -- causes


def _of_causes(pack: Original) -> Iterator[Mutant]:
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


# -- remedies


def _of_remedies(pack: Original) -> Iterator[Mutant]:
    """The chances of each remedy, its price, what must come before it, and when it is seen."""
    known, chances = pack.knowledge, pack.content.pack.chances
    words = {value: word for word, value in chances.items()}

    def mutant(remedy: Remedy, path: KeyPath, kind: str, what: str, **changed: object) -> Mutant:
        remedies = {**known.remedies, remedy.id: remedy._replace(**changed)}
        line = pack.lines(remedy.file, path)
        return Mutant(remedy.file, line, kind, what, known._replace(remedies=remedies))

    for remedy in known.remedies.values():
        for cause, chance in remedy.fixes.items():
            for other in neighbours(chances, chance):
                what = f"{cause}: {words[chance]} made {words[other]}"
                fixes = {**remedy.fixes, cause: other}
                yield mutant(remedy, ("fixes", cause), "chance", what, fixes=fixes)
        for what, path, price, idle in _prices(remedy, pack):
            yield mutant(remedy, path, "price", what, price=price, idle=idle)
        for place, other in enumerate(remedy.after):
            rest = tuple(one for one in remedy.after if one != other)
            yield mutant(remedy, ("after", place), "after", f"{other} taken away", after=rest)
        seen = "at once" if remedy.overnight else "overnight"
        yield mutant(remedy, ("seen",), "seen", f"made {seen}", overnight=not remedy.overnight)
        what = "hand_over taken away" if remedy.hand_over else "hand_over added"
        yield mutant(remedy, ("hand_over",), "hand_over", what, hand_over=not remedy.hand_over)


def _prices(remedy: Remedy, pack: Original) -> Iterator[tuple[str, KeyPath, float, float]]:
    """What was done to the price, where, the price with it, and the part of it that waiting makes."""
    cost, rate = pack.content.remedies[remedy.id].cost, pack.knowledge.waiting_rate
    for minutes in stepped(cost.hands_on):
        what = f"hands_on: {cost.hands_on:g} made {minutes:g}"
        yield what, ("cost", "hands_on"), remedy.price + minutes - cost.hands_on, remedy.idle
    for minutes in stepped(cost.waiting):
        what, more = f"waiting: {cost.waiting:g} made {minutes:g}", (minutes - cost.waiting) * rate
        yield what, ("cost", "waiting"), remedy.price + more, remedy.idle + more
    spoilt = [(("cost", "loses", place), word) for place, word in enumerate(cost.loses)]
    for path, word in [*spoilt, *([(("cost", "money"), cost.money)] if cost.money else [])]:
        less = remedy.price - pack.content.pack.nuisances[word].minutes
        yield f"{word} taken away", path, less, remedy.idle


def stepped(number: float) -> Iterator[float]:
    """The next lower and the next higher of the numbers 1, 2, 5, 10, 20, 50 and so on; there is
    none below 0."""
    if number == 0:
        yield 1.0
        return
    around = [float(f"{digit}e{power}") for power in range(-6, 7) for digit in (1, 2, 5)]
    yield max(one for one in around if one < number)
    yield min(one for one in around if one > number)


def _of_bars(pack: Original) -> Iterator[Mutant]:
    """Bars: dropped, and with another condition, for all remedies that have them; and remedies that
    the pack spares one."""
    known = pack.knowledge
    bars = {(bar.file, bar.path): bar for one in known.remedies.values() for bar in one.not_if}

    def mutant(bar: Bar, what: str, when: Condition) -> Mutant:
        changed = bar._replace(when=when, facts=facts_of(when) - {""})
        remedies = {
            id: one._replace(not_if=tuple(changed if it == bar else it for it in one.not_if))
            for id, one in known.remedies.items()
        }
        line = pack.lines(bar.file, bar.path)
        return Mutant(bar.file, line, "bar", what, known._replace(remedies=remedies))

    for bar in bars.values():
        yield mutant(bar, "dropped", NEVER)
        for what, when in altered(bar.when, known.facts):
            yield mutant(bar, what, when)
    for place, raw in enumerate(pack.content.pack.not_if):
        bar = bars[PACK, ("not_if", place, "when")]
        for number, id in enumerate(raw.but):
            remedy = known.remedies[id]
            changed = remedy._replace(not_if=(*remedy.not_if, bar))
            remedies = {**known.remedies, id: changed}
            line = pack.lines(PACK, ("not_if", place, "but", number))
            what = f"{id} not spared"
            yield Mutant(PACK, line, "bar", what, known._replace(remedies=remedies))


# -- the pack


def _of_preconditions(pack: Original) -> Iterator[Mutant]:
    """Their conditions, what to look at, and the remedies for them."""
    known = pack.knowledge

    def mutant(one: Precondition, key: KeyPath, what: str, **changed: object) -> Mutant:
        others = {**known.preconditions, one.id: one._replace(**changed)}
        line = pack.lines(PACK, ("preconditions", one.id, *key))
        what = f"{one.id}: {what}"
        return Mutant(PACK, line, "precondition", what, known._replace(preconditions=others))

    for one in known.preconditions.values():
        for what, holds in altered(one.holds, known.facts):
            yield mutant(one, ("holds",), what, holds=holds)
        if one.fails is not None:
            yield mutant(one, ("fails",), "fails dropped", fails=None)
            for what, fails in altered(one.fails, known.facts):
                yield mutant(one, ("fails",), f"fails: {what}", fails=fails)
        for key, ids in (("looks", one.looks), ("remedies", one.remedies)):
            for id in ids:
                rest = tuple(other for other in ids if other != id)
                yield mutant(one, (key.replace("remedies", "remedy"),), f"{key}: {id} taken away", **{key: rest})


def _of_questions(pack: Original) -> Iterator[Mutant]:
    """What must hold for a fact to be asked."""
    known = pack.knowledge
    for fact in known.facts.values():
        if fact.only_if is None:
            continue
        file, name = f"facts/{fact.area}.yaml", fact.id.partition(".")[2]
        line = pack.lines(file, ("facts", name, "only_if"))
        changes: list[tuple[str, Condition | None]] = [("dropped", None)]
        changes += altered(fact.only_if, known.facts)
        for what, only_if in changes:
            facts = {**known.facts, fact.id: fact._replace(only_if=only_if)}
            yield Mutant(file, line, "only_if", f"{name}: {what}", known._replace(facts=facts))


def _of_numbers(pack: Original) -> Iterator[Mutant]:
    """What the words of the pack are worth, and its other numbers that a diagnosis reads."""
    raw = pack.content.pack
    for key in ("strengths", "commonness", "chances"):
        values: Mapping[str, float] = getattr(raw, key)
        for word, value in values.items():
            if abs(value) not in (0, 1):
                for part in (0.9, 1.1):
                    moved = value * part if key != "strengths" else _odds_times(value, part)
                    yield _renumbered(pack, (key, word), value, moved, **{key: {**values, word: moved}})
    for word, nuisance in raw.nuisances.items():
        for minutes in stepped(nuisance.minutes):
            changed = {**raw.nuisances, word: nuisance.model_copy(update={"minutes": minutes})}
            yield _renumbered(pack, ("nuisances", word), nuisance.minutes, minutes, nuisances=changed)
    for key in ("none_of_these", "waiting_rate", "verification", "night"):
        for moved in stepped(getattr(raw, key)):
            yield _renumbered(pack, (key,), getattr(raw, key), moved, **{key: moved})


def _odds_times(factor: float, part: float) -> float:
    """The certainty factor whose likelihood ratio is so many times that of this one."""
    ratio = (1 / (1 - factor) if factor > 0 else 1 + factor) * part
    return 1 - 1 / ratio if ratio > 1 else ratio - 1


def _renumbered(pack: Original, path: KeyPath, before: float, after: float, **changed: object) -> Mutant:
    raw = pack.content.pack.model_copy(update=changed)
    content = Content(**{**vars(pack.content), "pack": raw})
    what = f"{' '.join(map(str, path))}: {before:g} made {after:.3g}"
    return Mutant(PACK, pack.lines(PACK, path), "number", what, link(content, _accept))
