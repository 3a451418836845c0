"""Links the plain data of a folder to knowledge.

It complains of everything that needs more than one file to be seen: facts, causes and remedies that
do not exist, words without a worth, cycles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

from diagnoser.errors import SPARE, nearest, quoted
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import Bar, Cause, Contradiction, Knowledge, Remedy, Rule
from diagnoser.pack.fact_linker import Complain, Data, FactLinker, KeyPath

__all__ = ["Complain", "link"]

PACK = "rules/pack.yaml"
ONE_OF = {
    "strengths": "strength",
    "worth": "worth",
    "commonness": "commonness",
    "chances": "chance",
    "nuisances": "nuisance",
    "causes": "cause",
    "remedies": "remedy",
}


def link(data: Data, complain: Complain) -> Knowledge:
    """The knowledge that the data of a folder stands for.

    What is complained of is left out.
    """
    linker = _Linker(data, complain)
    facts = linker.asked.facts()
    causes = {id: linker.cause(id) for id in sorted(data["causes"])}
    remedies = {id: linker.remedy(id) for id in sorted(data["remedies"])}
    contradictions = {id: linker.contradiction(id) for id in sorted(data["contradictions"])}
    linker.check_order(remedies)
    pack = linker.pack
    areas = sorted(data["areas"], key=lambda area: (data["areas"][area]["order"], area))
    return Knowledge(
        id=pack["id"],
        version=pack["version"],
        title=pack["title"],
        digest=data["digest"],
        areas={area: data["areas"][area]["title"] for area in areas},
        facts=facts,
        causes=causes,
        rules={rule.id: rule for cause in causes.values() for rule in cause.rules},
        remedies=remedies,
        contradictions=contradictions,
        strengths=pack["strengths"],
        commonness=pack["commonness"],
        none_of_these=pack["none_of_these"],
        waiting_rate=pack["waiting_rate"],
        verification=pack["verification"],
        wrong_cause=pack["wrong_cause"],
        worth_asking=pack["worth_asking"],
        worth_knowing=pack["worth_knowing"],
        patience=pack["patience"],
    )


class _Linker:
    """Holds what every part needs while a folder's data is linked."""

    def __init__(self, data: Data, complain: Complain) -> None:
        self.data = data
        self.pack = pack = data["pack"]
        self.complain = complain
        self.asked = FactLinker(data, complain)
        self.condition = self.asked.condition
        self.broken = self.asked.broken
        for word, limit in pack["worth"].items():
            self.word(PACK, ("worth", word), limit, "strengths")
        if pack["safe_copy"] is not None:
            self.known(PACK, ("safe_copy",), pack["safe_copy"], data["remedies"], "remedies")
        for place, bar in enumerate(pack["not_if"]):
            for number, id in enumerate(bar["but"]):
                self.known(PACK, ("not_if", place, "but", number), id, data["remedies"], "remedies")

    def word(self, file: str, path: KeyPath, word: str, table: str) -> bool:
        """As `known`, of a table of the pack."""
        return self.known(file, path, word, self.pack[table], table)

    def known(self, file: str, path: KeyPath, word: str, table: Data, name: str) -> bool:
        """Whether the word is in the table; complains if not, unless it is what could not be
        read."""
        if word in table:
            return True
        if word != SPARE and not self.broken & {name, f"{name}/{word}"}:
            few = ", ".join(table) if len(table) <= 12 else ""
            reason = f"{quoted(word)} is not a {ONE_OF[name]} of this pack"
            self.complain(file, path, reason, few, nearest(word, table))
        return False

    # -- rules

    def cause(self, id: str) -> Cause:
        raw = self.data["causes"][id]
        file = raw["file"]
        self.word(file, ("commonness",), raw["commonness"], "commonness")
        for place, example in enumerate(raw["examples"]):
            self.asked.example(file, ("examples", place, "given"), example["given"])
        return Cause(
            id,
            raw["area"],
            file,
            raw["title"],
            raw["because"],
            raw["guide"],
            raw["commonness"],
            self.pack["commonness"].get(raw["commonness"], 0.5),
            tuple(self.rule(id, file, name, rule) for name, rule in sorted(raw["rules"].items())),
        )

    def rule(self, cause: str, file: str, name: str, raw: Data) -> Rule:
        path = ("rules", name)
        strengths = self.pack["strengths"]
        if self.word(file, (*path, "worth"), raw["worth"], "worth"):
            limit = self.pack["worth"][raw["worth"]]
            if abs(strengths.get(raw["says"], 0)) > abs(strengths.get(limit, 1)):
                reason = f'"{raw["says"]}" is more than a source of worth "{raw["worth"]}" may say'
                self.complain(file, (*path, "says"), reason, f"at most as strong as {limit}", "")
        self.word(file, (*path, "says"), raw["says"], "strengths")
        when = self.condition(file, (*path, "when"), raw["when"])
        factor = strengths.get(raw["says"], 0)
        return Rule(
            f"{cause}/{name}",
            cause,
            when,
            facts_of(when),
            raw["says"],
            factor,
            raw["because"],
            raw["source"],
            raw["worth"],
            raw["reviewed"],
        ).weighing(factor)

    def contradiction(self, id: str) -> Contradiction:
        raw = self.data["contradictions"][id]
        file, path = "rules/contradictions.yaml", ("contradictions", id)
        when = self.condition(file, (*path, "when"), raw["when"])
        again = raw["ask_again"]
        if again not in facts_of(when) and again != SPARE and not self.asked.unreadable(again):
            reason, read = f"{quoted(again)} is not one of its facts", sorted(facts_of(when))
            self.complain(file, (*path, "ask_again"), reason, ", ".join(read), nearest(again, read))
        return Contradiction(
            id,
            when,
            facts_of(when),
            raw["because"],
            raw["ask_again"],
            raw["source"],
            raw["reviewed"],
        )

    # -- remedies

    def remedy(self, id: str) -> Remedy:
        raw = self.data["remedies"][id]
        file, cost, pack = raw["file"], raw["cost"], self.pack
        fixes: dict[str, float] = {}
        for cause, chance in sorted(raw["fixes"].items()):
            known = self.known(file, ("fixes", cause), cause, self.data["causes"], "causes")
            if self.word(file, ("fixes", cause), chance, "chances") and known:
                fixes[cause] = pack["chances"][chance]
        self.word(file, ("worth",), raw["worth"], "worth")
        for place, other in enumerate(raw["after"]):
            self.known(file, ("after", place), other, self.data["remedies"], "remedies")
        spoilt: list[tuple[KeyPath, str]] = [
            (("loses", place), word) for place, word in enumerate(cost["loses"])
        ]
        if cost["money"]:
            spoilt.append((("money",), cost["money"]))
        for path, word in spoilt:
            self.word(file, ("cost", *path), word, "nuisances")
        nuisances = fsum(
            pack["nuisances"].get(word, {"minutes": 0})["minutes"] for _, word in spoilt
        )
        return Remedy(
            id,
            file,
            raw["title"],
            raw["guide"],
            fixes,
            cost["hands_on"],
            cost["waiting"],
            pack["nuisances"].get(cost["money"], {"text": ""})["text"] if cost["money"] else None,
            tuple(
                pack["nuisances"][word]["text"]
                for word in cost["loses"]
                if word in pack["nuisances"]
            ),
            cost["hands_on"] + cost["waiting"] * pack["waiting_rate"] + nuisances,
            tuple(sorted(raw["after"])),
            tuple(
                self.bar(PACK, bar["pack"], bar) if "pack" in bar else self.bar(file, place, bar)
                for place, bar in enumerate(raw["not_if"])
            ),
            raw["caveat"],
            self.asked.variants(file, ("steps",), raw["steps"]),
            raw["check"],
            tuple(raw["sources"]),
            raw["worth"],
            raw["reviewed"],
            raw["hand_over"],
        )

    def bar(self, file: str, place: int, raw: Data) -> Bar:
        path = ("not_if", place, "when")
        when = self.condition(file, path, raw["when"])
        return Bar(when, facts_of(when), raw["because"], file, path)

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
                for word in self.data["remedies"][id]["cost"]["loses"]
                if self.pack["nuisances"].get(word, {}).get("irreplaceable")
            )
            safe = self.pack["safe_copy"]
            if lost and id == safe:
                reason = f"is the safe copy, so it must not lose {lost}"
                self.complain(remedy.file, ("cost", "loses"), reason, "", "")
            elif lost and safe not in _before(id, remedies):
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
