"""Links the files of a folder to knowledge.

It complains of everything that needs more than one file to be seen: facts, causes and remedies that
do not exist, words without a worth, cycles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import fsum

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import (
    Bar,
    Cause,
    Contradiction,
    Knowledge,
    Note,
    Precondition,
    Remedy,
    Source,
)
from diagnoser.pack import schema as shapes
from diagnoser.pack.fact_linker import FactLinker
from diagnoser.pack.reader import CONTRADICTIONS, PACK, SOURCES, Content
from diagnoser.pack.sign_linker import SignLinker
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain

__all__ = ["Complain", "link"]


def link(content: Content, complain: Complain) -> Knowledge:
    """The knowledge that the files of a folder stand for.

    What is complained of is left out.
    """
    linker = _Linker(content, complain)
    causes = {id: linker.cause(id) for id in sorted(content.causes)}
    remedies = {id: linker.remedy(id) for id in sorted(content.remedies)}
    contradictions = {id: linker.contradiction(id) for id in sorted(content.contradictions)}
    preconditions = {id: linker.precondition(id) for id in content.pack.preconditions}
    linker.check_order(remedies)
    pack, order = content.pack, linker.asked.order
    return Knowledge(
        id=pack.id,
        version=pack.version,
        title=pack.title,
        digest=content.digest,
        areas={area: content.areas[area].title for area in order},
        places=linker.places,
        facts=linker.facts,
        gone=linker.asked.gone(),
        sources=linker.sources,
        observations={id: file.title for id, file in sorted(content.signs.items())},
        signs={id: linker.said.signs[id] for id in sorted(linker.said.signs)},
        causes=causes,
        rules={rule.id: rule for cause in causes.values() for rule in cause.rules},
        remedies=remedies,
        contradictions=contradictions,
        preconditions=preconditions,
        strengths=pack.strengths,
        commonness=pack.commonness,
        none_of_these=pack.none_of_these,
        waiting_rate=pack.waiting_rate,
        verification=pack.verification,
        night=pack.night,
        wrong_cause=pack.wrong_cause,
        worth_asking=pack.worth_asking,
        worth_knowing=pack.worth_knowing,
        worth_visiting=pack.worth_visiting,
        patience=pack.patience,
        thinks_so=pack.thinks_so,
        commonly_tried=tuple(pack.commonly_tried),
        notes=tuple(linker.notes()),
        spoken=linker.asked.spoken(),
    )


class _Linker:
    """Holds what every part needs while a folder's files are linked."""

    def __init__(self, content: Content, complain: Complain) -> None:
        self.content = content
        self.pack = pack = content.pack
        self.complain = complain
        self.asked = FactLinker(content, complain)
        self.facts = self.asked.facts()
        self.places = self.asked.places()
        self.sources = {id: self.source(id) for id in sorted(content.sources)}
        self.said = SignLinker(content, self.sources, self.asked, complain)
        for word, limit in pack.worth.items():
            self.known(PACK, ("worth", word), limit, pack.strengths, "strength")
        if pack.safe_copy is not None:
            self.known(PACK, ("safe_copy",), pack.safe_copy, content.remedies, "remedy")
        for place, id in enumerate(pack.commonly_tried):
            self.known(PACK, ("commonly_tried", place), id, content.remedies, "remedy")
        for place, bar in enumerate(pack.not_if):
            for number, id in enumerate(bar.but):
                self.known(PACK, ("not_if", place, "but", number), id, content.remedies, "remedy")

    def known(self, file: str, path: KeyPath, word: str, words: Collection[str], what: str) -> bool:
        """Whether the word is one of those that are known as `what`; complains if not."""
        if word not in words:
            few = ", ".join(words) if len(words) <= 12 else ""
            reason = f"{quoted(word)} is not a {what} of this pack"
            self.complain(file, path, reason, few, nearest(word, words))
        return word in words

    # -- rules

    def source(self, id: str) -> Source:
        raw = self.content.sources[id]
        self.known(SOURCES, ("sources", id, "worth"), raw.worth, self.pack.worth, "worth")
        return Source(id, raw.title, raw.address or "", raw.worth, raw.read or "")

    def cause(self, id: str) -> Cause:
        raw, file = self.content.causes[id], self.content.cause_file(id)
        for other in raw.goes_with:
            self.known(
                file, ("goes_with", other), other, self.content.causes.keys() - {id}, "cause"
            )
        for place, other in enumerate(raw.follows_from):
            path = ("follows_from", place)
            self.known(file, path, other, self.content.causes.keys() - {id}, "cause")
            if other in self.content.causes and self.content.causes[other].follows_from:
                reason = f"{quoted(other)} follows from another cause itself"
                self.complain(file, path, reason, "a cause that follows from none", "")
        commonness = self.pack.commonness
        self.known(file, ("commonness",), raw.commonness, commonness, "commonness")
        for place, example in enumerate(raw.examples):
            self.asked.example(file, ("examples", place, "given"), example.given)
        return Cause(
            id,
            self.content.cause_areas[id],
            file,
            raw.title,
            raw.because,
            raw.guide,
            raw.commonness,
            commonness.get(raw.commonness, 0.5),
            self.said.rules(id),
            raw.harmless,
            tuple(raw.follows_from),
        )

    def contradiction(self, id: str) -> Contradiction:
        raw, path = self.content.contradictions[id], ("contradictions", id)
        when = self.asked.condition(CONTRADICTIONS, (*path, "when"), raw.when)
        cited = self.said.cited(CONTRADICTIONS, (*path, "source"), raw.source)
        if cited and max(map(self.said.may_say, cited)) < 1:
            reason = "a source of such worth may not contradict a person"
            self.complain(CONTRADICTIONS, (*path, "source"), reason, "", "")
        if raw.ask_again not in facts_of(when):
            reason, read = (
                f"{quoted(raw.ask_again)} is not one of its facts",
                sorted(facts_of(when)),
            )
            near = nearest(raw.ask_again, read)
            self.complain(CONTRADICTIONS, (*path, "ask_again"), reason, ", ".join(read), near)
        return Contradiction(
            id,
            when,
            facts_of(when),
            raw.because,
            raw.ask_again,
            "; ".join(source.cited for source in cited),
            raw.reviewed,
        )

    def notes(self) -> Iterator[Note]:
        for place, raw in enumerate(self.pack.notes):
            path = ("notes", place)
            self.said.cited(PACK, (*path, "source"), raw.source)
            yield Note(self.asked.condition(PACK, (*path, "when"), raw.when), raw.says)

    def precondition(self, id: str) -> Precondition:
        raw, path = self.pack.preconditions[id], ("preconditions", id)
        holds = self.asked.condition(PACK, (*path, "holds"), raw.holds)
        fails, read = None, asked_for(holds, self.facts)
        if raw.fails is not None:
            fails = self.asked.condition(PACK, (*path, "fails"), raw.fails)
            read |= asked_for(fails, self.facts)
        for place, fact in enumerate(raw.looks):
            where, allowed = (*path, "looks", place), ", ".join(sorted(read))
            if fact not in self.facts and fact not in self.asked.without_kind:
                self.complain(
                    PACK, where, f"{quoted(fact)} is not a fact", "", nearest(fact, self.facts)
                )
            elif fact not in read:
                reason = f"{quoted(fact)} is not one of its facts"
                self.complain(PACK, where, reason, allowed, nearest(fact, read))
        for place, remedy in enumerate(raw.remedy):
            where = (*path, "remedy", place)
            self.known(PACK, where, remedy, self.content.remedies, "remedy")
        return Precondition(
            id, raw.title, raw.otherwise, holds, fails, tuple(raw.looks), tuple(raw.remedy)
        )

    # -- remedies

    def remedy(self, id: str) -> Remedy:
        raw, file, pack = self.content.remedies[id], f"rules/remedies/{id}.yaml", self.pack
        cost = raw.cost
        fixes: dict[str, float] = {}
        for cause, chance in sorted(raw.fixes.items()):
            path = ("fixes", cause)
            known = self.known(file, path, cause, self.content.causes, "cause")
            if self.known(file, path, chance, pack.chances, "chance") and known:
                fixes[cause] = pack.chances[chance]
        for place, other in enumerate(raw.after):
            self.known(file, ("after", place), other, self.content.remedies, "remedy")
        cited = [
            source
            for place, one in enumerate(raw.sources)
            for source in self.said.cited(file, ("sources", place), [one])
        ]
        spoilt: list[tuple[KeyPath, str]] = [
            (("cost", "loses", place), word) for place, word in enumerate(cost.loses)
        ]
        if cost.money:
            spoilt.append((("cost", "money"), cost.money))
        words = [
            word
            for path, word in spoilt
            if self.known(file, path, word, pack.nuisances, "nuisance")
        ]
        nuisances = fsum(pack.nuisances[word].minutes for word in words)
        return Remedy(
            id,
            file,
            raw.title,
            raw.guide,
            fixes,
            cost.hands_on,
            cost.waiting,
            pack.nuisances[cost.money].text if cost.money in pack.nuisances else None,
            tuple(pack.nuisances[word].text for word in cost.loses if word in pack.nuisances),
            cost.hands_on + cost.waiting * pack.waiting_rate + nuisances,
            cost.waiting * pack.waiting_rate,
            tuple(sorted(raw.after)),
            tuple(self.bars(id, file, raw)),
            raw.caveat,
            self.asked.variants(file, ("steps",), raw.steps),
            raw.seen == shapes.OVERNIGHT,
            raw.check,
            tuple(source.cited for source in cited),
            max(cited, key=self.said.may_say).worth if cited else "",
            raw.reviewed,
            raw.hand_over,
        )

    def bars(self, id: str, file: str, raw: shapes.RemedyFile) -> Iterator[Bar]:
        """Its own bars, then those of the pack that do not spare it."""
        for place, bar in enumerate(raw.not_if):
            yield self.bar(file, place, bar)
        for place, common in enumerate(self.pack.not_if):
            if id not in common.but:
                yield self.bar(PACK, place, common)

    def bar(self, file: str, place: int, raw: shapes.Bar) -> Bar:
        path = ("not_if", place, "when")
        when = self.asked.condition(file, path, raw.when)
        return Bar(when, facts_of(when), raw.because, file, path)

    def check_order(self, remedies: Mapping[str, Remedy]) -> None:
        """Complains of cycles in `after`, and of remedies that lose something irreplaceable without
        a safe copy."""
        for id, remedy in remedies.items():
            first = {
                other: set(_before(other, remedies)) for other in remedy.after if other in remedies
            }
            if any(id in others or id == other for other, others in first.items()):
                self.complain(
                    remedy.file,
                    ("after",),
                    "must come after itself: there is a cycle in `after`",
                    "",
                    "",
                )
            lost = ", ".join(
                word
                for word in self.content.remedies[id].cost.loses
                if word in self.pack.nuisances and self.pack.nuisances[word].irreplaceable
            )
            safe = self.pack.safe_copy
            if lost and id == safe:
                reason = f"is the safe copy, so it must not lose {lost}"
                self.complain(remedy.file, ("cost", "loses"), reason, "", "")
            elif lost and safe not in set(_before(id, remedies)):
                reason = f"loses {lost}, so it must come after the safe copy"
                self.complain(
                    remedy.file, ("after",), reason, f"after: [{safe}]" if safe else "", ""
                )


def _before(id: str, remedies: Mapping[str, Remedy]) -> Iterator[str]:
    """The remedies that must come before this one, at whatever remove."""
    seen: set[str] = set()
    waiting = [id]
    while waiting:
        for other in remedies[waiting.pop()].after:
            if other in remedies and other not in seen:
                seen.add(other)
                waiting.append(other)
                yield other
