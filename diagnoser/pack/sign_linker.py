"""Links signs and what they say of causes: from each cause's list of signs and its own rules to one
rule for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from diagnoser.errors import nearest, quoted
from diagnoser.knowledge.conditions import OneOf, facts_of
from diagnoser.knowledge.model import Rule, Sign, Source
from diagnoser.knowledge.values import Choice, Value
from diagnoser.pack import schema as shapes
from diagnoser.pack import schema_types
from diagnoser.pack.fact_linker import FactLinker
from diagnoser.pack.reader import Content
from diagnoser.pack.strict_yaml import Path as KeyPath
from diagnoser.pack.table_linker import Complain


class _Defined(NamedTuple):
    """A sign, or the explanation that signs are made of, as its file has it."""

    observation: str
    raw: shapes.SignDefinition | shapes.Explanation

    @property
    def file(self) -> str:
        return f"rules/signs/{self.observation}.yaml"

    def path(self, id: str) -> KeyPath:
        return ("signs" if isinstance(self.raw, shapes.SignDefinition) else "explains", id)


class SignLinker:
    """Holds the signs that rules need, as they are made."""

    def __init__(
        self,
        content: Content,
        sources: Mapping[str, Source],
        facts: FactLinker,
        complain: Complain,
    ) -> None:
        self.content = content
        self.sources = sources
        self.facts = facts
        self.complain = complain
        self.signs: dict[str, Sign] = {}
        self.defined: dict[str, _Defined] = {}
        for observation, file in sorted(content.signs.items()):
            for id, sign in file.signs.items():
                self._define(id, _Defined(observation, sign))
            for id, explanation in file.explains.items():
                self._define(id, _Defined(observation, explanation))

    def _define(self, id: str, one: _Defined) -> None:
        first = self.defined.setdefault(id, one)
        path = one.path(id)
        if first is not one:
            reason = f"is defined already, in {first.file}"
            self.complain(one.file, path, reason, "", "")
            return
        self.cited(one.file, (*path, "source"), one.raw.source)
        if isinstance(one.raw, shapes.Explanation):
            self._check_answers(one.file, path, one.raw)
            return
        when = self.facts.condition(one.file, (*path, "when"), one.raw.when)
        for example, given in (("seen", one.raw.seen), ("unseen", one.raw.unseen)):
            self.facts.example(one.file, (*path, example), given)
        self.signs[id] = Sign(
            id,
            one.observation,
            one.file,
            when,
            facts_of(when),
            one.raw.pro or "",
            one.raw.con or "",
            tuple(one.raw.source),
            one.raw.reviewed,
        )

    def _check_answers(self, file: str, path: KeyPath, raw: shapes.Explanation) -> None:
        """Complains of a fact, answers, causes and areas that do not exist."""
        choices = sorted(id for id, kind in self.facts.kinds.items() if isinstance(kind, Choice))
        if raw.fact in choices:
            self._values(file, path, raw, raw.answers)
        else:
            reason = f"{quoted(raw.fact)} is not a question with answers that a sign can read"
            self.complain(file, (*path, "fact"), reason, "", nearest(raw.fact, choices))
        known = [*self.content.causes, *self.content.cause_areas.values()]
        for answer, causes in raw.answers.items():
            for place, id in enumerate(causes):
                if id not in known:
                    reason = f"{quoted(id)} is neither a cause of this pack nor an area of causes"
                    near = nearest(id, known)
                    self.complain(file, (*path, "answers", answer, place), reason, "", near)

    def _values(
        self, file: str, path: KeyPath, raw: shapes.Explanation, answers: Iterable[str]
    ) -> tuple[Value, ...]:
        """The answers of an explanation as values; complains of those that do not exist."""
        kind = self.facts.kinds.get(raw.fact)
        found = (
            self.facts.constant(file, (*path, "answers", answer), kind, answer)
            for answer in answers
            if kind is not None
        )
        return tuple(value for value in found if value is not None)

    # -- what a cause says

    def rules(self, cause: str) -> tuple[Rule, ...]:
        """The rules of a cause, in the order of their ids."""
        raw, file = self.content.causes[cause], self.content.cause_file(cause)
        found = {rule.id: rule for rule in self._own_rules(cause, file, raw.rules)}
        named: set[str] = set()
        for says, mentions in raw.signs.items():
            known = self.strength(file, ("signs", says), says)
            for place, mention in enumerate(mentions):
                path = ("signs", says, place)
                if mention.sign in raw.rules:
                    reason = f"{quoted(mention.sign)} is also the name of a rule of this cause"
                    self.complain(file, path, reason, "", "")
                elif mention.sign in named:
                    reason = f"has the sign {quoted(mention.sign)} twice"
                    self.complain(file, path, reason, "", "")
                elif known and (rule := self._rule(cause, file, path, says, mention)) is not None:
                    found[rule.id] = rule
                named.add(mention.sign)
        return tuple(found[id] for id in sorted(found))

    def _own_rules(
        self, cause: str, file: str, raw: Mapping[str, shapes.RuleDefinition]
    ) -> Iterator[Rule]:
        for name, one in raw.items():
            path, id = ("rules", name), f"{cause}/{name}"
            if name in self.defined:
                reason = f"has the name of a sign in {self.defined[name].file}"
                self.complain(file, path, reason, "", "")
            when = self.facts.condition(file, (*path, "when"), one.when)
            cited = self.cited(file, (*path, "source"), one.source)
            if not self.strength(file, (*path, "says"), one.says):
                continue
            self.limit(file, (*path, "says"), one.says, cited)
            factor = self.content.pack.strengths[one.says]
            pro, con = (one.because, "") if factor > 0 else ("", one.because)
            sign = Sign(
                id, "", file, when, facts_of(when), pro, con, tuple(one.source), one.reviewed
            )
            self.signs[id] = sign
            yield self._speaking(cause, name, sign, one.says, one.because, cited)

    def _rule(
        self, cause: str, file: str, path: KeyPath, says: str, mention: schema_types.Mention
    ) -> Rule | None:
        """What a sign says of a cause; None if there is no such sign."""
        defined = self.defined.get(mention.sign)
        if defined is None:
            reason = f"{quoted(mention.sign)} is not a sign of this pack"
            self.complain(file, path, reason, "", nearest(mention.sign, self.defined))
            return None
        raw = defined.raw
        side = "for" if self.content.pack.strengths[says] > 0 else "against"
        because = raw.pro if side == "for" else raw.con
        if because is None:
            reason = f"{quoted(mention.sign)} does not say why it speaks {side} a cause"
            self.complain(file, path, reason, f"the key `{side}` in {defined.file}", "")
        cited = self.cited(defined.file, (*defined.path(mention.sign), "source"), raw.source)
        self.limit(file, path, says, cited)
        sign = self._sign(cause, file, path, mention.sign, defined)
        if sign is None:
            return None
        return self._speaking(
            cause, mention.sign, sign, says, mention.because or because or "", cited
        )

    def _sign(
        self, cause: str, file: str, path: KeyPath, id: str, defined: _Defined
    ) -> Sign | None:
        """The sign itself, or that which an explanation leaves for this cause: any answer that
        does not go with it."""
        raw = defined.raw
        if isinstance(raw, shapes.SignDefinition):
            return self.signs[id]
        mine = {cause, self.content.cause_areas[cause]}
        goes = [answer for answer, causes in raw.answers.items() if not mine.isdisjoint(causes)]
        others = [answer for answer in raw.answers if answer not in goes]
        if not others:
            self.complain(file, path, "explains this cause with every answer", "", "")
            return None
        name = _name(id, goes, list(raw.answers))
        if name != id and name in self.defined:
            reason = f"has the name of what {quoted(id)} leaves for some causes"
            first = self.defined[name]
            self.complain(first.file, first.path(name), reason, "", "")
        if name not in self.signs:
            values = self._values(defined.file, defined.path(id), raw, others)
            self.signs[name] = Sign(
                name,
                defined.observation,
                defined.file,
                OneOf(raw.fact, values, only=self._several(raw.fact)),
                frozenset([raw.fact]),
                raw.pro or "",
                raw.con or "",
                tuple(raw.source),
                raw.reviewed,
            )
        return self.signs[name]

    def _several(self, fact: str) -> bool:
        """Whether the fact may have several answers: then what goes with one of them is explained,
        whatever the others are."""
        kind = self.facts.kinds.get(fact)
        return isinstance(kind, Choice) and kind.several

    def _speaking(
        self, cause: str, name: str, sign: Sign, says: str, because: str, cited: list[Source]
    ) -> Rule:
        factor = self.content.pack.strengths[says]
        return Rule(
            f"{cause}/{name}",
            cause,
            sign.id,
            sign.when,
            sign.facts,
            says,
            factor,
            because,
            "; ".join(source.cited for source in cited),
            max(cited, key=self.may_say).worth if cited else "",
            sign.reviewed,
        ).weighing(factor)

    # -- words and sources

    def strength(self, file: str, path: KeyPath, word: str) -> bool:
        """Whether this is a word for a strength; complains if not."""
        strengths = self.content.pack.strengths
        if word not in strengths:
            reason = f"{quoted(word)} is not a strength of this pack"
            self.complain(file, path, reason, ", ".join(strengths), nearest(word, strengths))
        return word in strengths

    def cited(self, file: str, path: KeyPath, ids: Sequence[str]) -> list[Source]:
        """The sources with these ids; complains of those that do not exist."""
        for id in ids:
            if id not in self.sources:
                reason = f"{quoted(id)} is not a source of this pack"
                self.complain(file, path, reason, "", nearest(id, self.sources))
        return [self.sources[id] for id in ids if id in self.sources]

    def limit(self, file: str, path: KeyPath, says: str, cited: list[Source]) -> None:
        """Complains of a word that is stronger than the best of its sources allows."""
        if not cited:
            return
        best = max(cited, key=self.may_say)
        pack = self.content.pack
        if abs(pack.strengths[says]) > self.may_say(best):
            reason = f'"{says}" is more than a source of worth "{best.worth}" may say'
            allowed = f"at most as strong as {pack.worth[best.worth]}"
            self.complain(file, path, reason, allowed, "")

    def may_say(self, source: Source) -> float:
        """The certainty factor, from 0 to 1, up to which a source may speak; where its words are
        mistaken, which is complained of elsewhere, that is 1."""
        pack = self.content.pack
        return abs(pack.strengths.get(pack.worth.get(source.worth, ""), 1.0))


def _name(id: str, goes: Sequence[str], answers: Sequence[str]) -> str:
    """What an explanation leaves for the causes that go with the same answers: named after those,
    or after their numbers where that would be too long for an id."""
    if not goes:
        return id
    name = f"{id}-than-{'-or-'.join(goes)}"
    if len(name) <= schema_types.MAX_NAME:
        return name
    return f"{id}-than-{'-'.join(str(answers.index(answer) + 1) for answer in goes)}"
