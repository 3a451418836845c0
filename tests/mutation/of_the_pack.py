"""The mutants of preconditions, of what is asked of whom, and of the numbers of a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnoser.knowledge.conditions import Condition
from diagnoser.knowledge.model import Precondition
from diagnoser.pack.linker import link
from diagnoser.pack.reader import PACK, Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from tests.mutation.conditions import altered
from tests.mutation.mutant import Mutant, Original, stepped


def of_preconditions(pack: Original) -> Iterator[Mutant]:
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
                yield mutant(
                    one,
                    (key.replace("remedies", "remedy"),),
                    f"{key}: {id} taken away",
                    **{key: rest},
                )


def of_questions(pack: Original) -> Iterator[Mutant]:
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


def of_numbers(pack: Original) -> Iterator[Mutant]:
    """What the words of the pack are worth, and its other numbers that a diagnosis reads."""
    raw = pack.content.pack
    for key in ("strengths", "commonness", "chances"):
        values: Mapping[str, float] = getattr(raw, key)
        for word, value in values.items():
            if abs(value) not in (0, 1):
                for part in (0.9, 1.1):
                    moved = value * part if key != "strengths" else _odds_times(value, part)
                    yield _renumbered(
                        pack, (key, word), value, moved, **{key: {**values, word: moved}}
                    )
    costs = [one.cost for one in pack.content.remedies.values()]
    used = {word for cost in costs for word in (*cost.loses, cost.money)}
    for word, nuisance in raw.nuisances.items():
        for minutes in stepped(nuisance.minutes) if word in used else ():
            changed = {**raw.nuisances, word: nuisance.model_copy(update={"minutes": minutes})}
            yield _renumbered(
                pack, ("nuisances", word), nuisance.minutes, minutes, nuisances=changed
            )
    for key in ("none_of_these", "waiting_rate", "verification", "night"):
        for moved in stepped(getattr(raw, key)):
            yield _renumbered(pack, (key,), getattr(raw, key), moved, **{key: moved})


def _odds_times(factor: float, part: float) -> float:
    """The certainty factor whose likelihood ratio is so many times that of this one."""
    ratio = (1 / (1 - factor) if factor > 0 else 1 + factor) * part
    return 1 - 1 / ratio if ratio > 1 else ratio - 1


def _renumbered(
    pack: Original, path: KeyPath, before: float, after: float, **changed: object
) -> Mutant:
    raw = pack.content.pack.model_copy(update=changed)
    content = Content(**{**vars(pack.content), "pack": raw})
    what = f"{' '.join(map(str, path))}: {before:g} made {after:.3g}"
    return Mutant(PACK, pack.lines(PACK, path), "number", what, link(content, _accept))


def _accept(file: str, path: KeyPath, reason: str, allowed: str, near: str) -> None:
    """With a number that is moved a word may say more than its source may, which is no matter."""
