"""Holds two packs against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from diagnoser.comparison.answers import Answers, Sheet
from diagnoser.comparison.firsts import Found, Sides, some_of
from diagnoser.comparison.listing import alike, listed, renamed
from diagnoser.comparison.model import Change, Comparison, EvidenceChanged, Family
from diagnoser.comparison.sheets import SEED, Sheets
from diagnoser.comparison.statuses import evidence, statuses
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.pin import Identity
from diagnoser.pack.builtin import built_in
from diagnoser.pack.identity import identity
from diagnoser.pack.loader import read_and_link
from diagnoser.pack.reader import Content
from diagnoser.report.model import KnowledgeUsed

SAMPLED = 1000
ASKED_SINGLES, ASKED_EXAMPLES, ASKED_SAMPLED = 60, 40, 100
"""Sheets for which the next question is looked for, which takes some fifty times as long as the
rest."""
Source = Path | str | None


def compare_packs(old: Source, new: Source, number: int = SAMPLED) -> Comparison:
    """What the pack `new` changes against `old`: folders, released packs, or None for the built-in
    one. Packs of the same digest are not read any further; `number` is that of sampled cases.

    Raises InvalidKnowledge.
    """
    before, after = identity(old), identity(new)
    if before is not None and before == after:
        return Comparison(old=_used(before), new=_used(after), same=True)
    packs = [_read(one) for one in (old, new)]
    examples = [example for _, content in packs for example in _examples(content)]
    return compare(packs[0][0], packs[1][0], examples, number)


def _read(source: Source) -> tuple[Knowledge, Content]:
    root = built_in() if source is None else source
    knowledge, content, _ = read_and_link(root, [])
    return knowledge, content


def _used(one: Identity) -> KnowledgeUsed:
    return KnowledgeUsed(id=one.id, version=one.version, digest=one.digest)


def _examples(content: Content) -> Iterator[Mapping[str, str]]:
    """The answers of all examples that a pack has."""
    for file in content.signs.values():
        for sign in file.signs.values():
            yield sign.seen
            yield sign.unseen
    for cause in content.causes.values():
        for example in cause.examples:
            yield example.given


def compare(
    old: Knowledge,
    new: Knowledge,
    examples: Iterable[Mapping[str, str]] = (),
    number: int = SAMPLED,
) -> Comparison:
    """What a knowledge changes against an old one.

    Statuses and evidence are exact, over all classes of answers. First cause, first step and
    question depend on the whole sheet, and are looked at on the sheets that `Family` tells, of
    which `examples` are some, each with answers as they are typed by fact; `number` is that of
    sampled cases.
    """
    if old == new:
        return Comparison(old=_used(old.identity), new=_used(new.identity), same=True)
    if alike(old, new):
        return Comparison(old=_used(old.identity), new=_used(new.identity), same=False)
    names = renamed(old, new)
    answers = Answers(old, new)
    changes = list(listed(old, new, names))
    speaks = list(evidence(answers, names.causes))
    touched = _touched(old, new, changes, speaks, answers)
    sheets = Sheets(answers)
    singles, (pairs, pairs_of) = sheets.singles(), sheets.pairs(touched)
    given, sampled = sheets.given(examples), sheets.sampled(number)
    sides = Sides(answers, names)
    causes = Found(lambda sheet: sides.look(sheet).cause, complete=1)
    steps = Found(lambda sheet: sides.look(sheet).step, complete=1)
    for place, sheet in enumerate([(), *singles, *pairs, *given, *sampled]):
        look = sides.look(sheet)
        drawn = place > len(singles) + len(pairs) + len(given)
        causes.add(sheet, look.cause, drawn)
        steps.add(sheet, look.step, drawn)
    questions = Found(sides.question, complete=0)
    asked: list[Sheet] = [
        (),
        *some_of([one for one in singles if one[0].fact in touched], ASKED_SINGLES),
        *some_of([one for one in given if _concerns(one, touched)], ASKED_EXAMPLES),
    ]
    for sheet in asked:
        questions.add(sheet, sides.question(sheet))
    for sheet in sampled[:ASKED_SAMPLED]:
        questions.add(sheet, sides.question(sheet), drawn=True)
    return Comparison(
        old=_used(old.identity),
        new=_used(new.identity),
        same=False,
        changes=changes,
        statuses=list(statuses(answers, names.causes)),
        evidence=speaks,
        family=Family(
            singles=len(singles),
            pairs=len(pairs),
            pairs_of=pairs_of,
            examples=len(given),
            sampled=len(sampled),
            seed=SEED,
        ),
        first_cause=causes.told(
            lambda id: _title(id, old.causes, new.causes), lambda id: new.causes[id].title
        ),
        first_step=steps.told(
            lambda id: _title(id, old.remedies, new.remedies), lambda id: new.remedies[id].title
        ),
        question=questions.told(lambda id: old.facts[id].ask, lambda id: new.facts[id].ask),
    )


def _title(id: str, old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """What the old pack calls a cause or remedy, which may have had another id there."""
    one = old[id] if id in old else new[id]
    return str(getattr(one, "title", id))


def _concerns(sheet: Sheet, touched: set[str]) -> bool:
    return any(one.fact in touched for one in sheet)


def _touched(
    old: Knowledge,
    new: Knowledge,
    changes: Iterable[Change],
    speaks: Iterable[EvidenceChanged],
    answers: Answers,
) -> set[str]:
    """The facts that what changed concerns: those of signs that speak otherwise, of causes whose
    commonness is another and of bars of remedies, and facts that are asked for otherwise."""
    ids = {(one.kind, one.id.partition("=")[0]) for one in changes}
    signs = {(one.cause, one.sign) for one in speaks}
    found: set[str] = set()
    for known in (old, new):
        for cause in known.causes.values():
            for rule in cause.rules:
                sign = rule.id.partition("/")[2]
                if ("cause", cause.id) in ids or (cause.id, sign) in signs:
                    found |= asked_for(rule.when, known.facts)
        for remedy in known.remedies.values():
            if ("remedy", remedy.id) in ids:
                for bar in remedy.not_if:
                    found |= asked_for(bar.when, known.facts)
        for one in known.contradictions.values():
            if ("contradiction", one.id) in ids:
                found |= asked_for(one.when, known.facts)
        found |= {id for id in known.facts if {("fact", id), ("answer", id)} & ids}
    return {id for fact in found if (id := answers.source(fact)) is not None} if found else set()
