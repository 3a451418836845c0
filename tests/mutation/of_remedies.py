"""The mutants of remedies and of the reasons not to do them."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.explanation.sensitivity import neighbours
from diagnoser.knowledge.conditions import Condition, facts_of
from diagnoser.knowledge.model import Bar, Remedy
from diagnoser.pack.reader import PACK
from diagnoser.pack.strict_yaml import Path as KeyPath
from tests.mutation.conditions import NEVER, altered
from tests.mutation.mutant import Mutant, Original, stepped


def of_remedies(pack: Original) -> Iterator[Mutant]:
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
    """What was done to the price, where, the price with it, and what waiting makes of that."""
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


def of_bars(pack: Original) -> Iterator[Mutant]:
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
