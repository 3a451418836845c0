"""What the program should conclude, computed naively from a pack's plain data.

Nothing here shares code with what it judges: conditions are evaluated on the raw mappings, belief
counts worlds, plans are searched exhaustively. Slow and plain on purpose.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from random import Random
from typing import Any

from tests.packs import facts_in, lists_of

Data = Mapping[str, Any]
Known = Mapping[str, Any]
Outcome = bool | None


# -- facts: versions are padded to four parts, numbers are floats, everything else is text


_last: list[Any] = [None, {}]


def types(data: Data) -> dict[str, str]:
    """The type of every fact: `word`, `number`, `version` or `row`."""
    if _last[0] is not data:
        _last[:] = [data, _types(data)]
    found: dict[str, str] = _last[1]
    return found


def _types(data: Data) -> dict[str, str]:
    found = {f"tried.{remedy}": "word" for remedy in data["remedies"]}
    for area, content in data["areas"].items():
        for name, fact in content["facts"].items():
            kind = next(
                type
                for key, type in [
                    ("answers", "word"),
                    ("number", "number"),
                    ("version", "version"),
                    ("lookup", "row"),
                ]
                if fact[key]
            )
            found[f"{area}.{name}"] = kind
            if fact["lookup"]:
                for column, type in fact["lookup"]["derives"].items():
                    found[f"{area}.{column}"] = type
    return found


def value(type: str, written: Any) -> Any:
    """What is written, as something to compare."""
    if type == "number":
        return float(written)
    if type == "version":
        parts = [int(part) for part in str(written).split(".")]
        return tuple(parts + [0] * (4 - len(parts)))
    return written


def known(data: Data, sheet: Data) -> dict[str, Any]:
    """Every fact that an answer sheet makes known, with what follows from tables; also where
    somebody is not sure."""
    of = types(data)
    found: dict[str, Any] = {}
    for area, facts in sheet.items():
        for name, written in (facts or {}).items():
            if isinstance(written, dict):
                written = written["think"]
            if written is None or written == "unknown":
                continue
            fact = f"{area}.{name}"
            if of[fact] == "row":
                found |= row(data, fact, written)
            elif isinstance(written, list):
                found[fact] = at_once(written)
            else:
                found[fact] = value(of[fact], written)
    return found


def without_thoughts(sheet: Data) -> dict[str, Any]:
    """The answers of a sheet of which somebody is sure."""
    return {
        area: {name: one for name, one in answers.items() if not isinstance(one, dict)}
        for area, answers in sheet.items()
    }


def at_once(words: Collection[str]) -> Any:
    """What several answers make known: a set of them, or the only one."""
    return frozenset(words) if len(words) > 1 else next(iter(words))


def row(data: Data, fact: str, written: str) -> dict[str, Any]:
    """A row's name, and the cells that become facts."""
    area, _, name = fact.partition(".")
    lookup = data["areas"][area]["facts"][name]["lookup"]
    for cells in data["tables"][lookup["table"]]:
        names = [cells[lookup["name"]], *(cells[lookup["also"]].split() if lookup["also"] else [])]
        if written.lower() in [name.lower() for name in names]:
            return {fact: cells[lookup["name"]]} | {
                f"{area}.{column}": value(type, cells[column])
                for column, type in lookup["derives"].items()
                if cells[column] != "-"  # which stands for what is not known
            }
    raise AssertionError(f"{written} is in no row")


def possible(data: Data, mentioned: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every fact that can be asked or tried, with samples of what could become known through it.

    `mentioned` are constants of conditions: values on them and on either side of them are among the
    samples.
    """
    found: dict[str, list[dict[str, Any]]] = {
        f"tried.{remedy}": [
            {f"tried.{remedy}": word} for word in ("did-not-help", "could-not-do", "helped")
        ]
        for remedy in data["remedies"]
    }
    numbers = {float(text) for text in mentioned if text.replace(".", "", 1).isdigit()}
    dotted = [text for text in mentioned if text.replace(".", "").isdigit()]
    versions = {value("version", text) for text in dotted}
    for area, content in data["areas"].items():
        for name, fact in content["facts"].items():
            id = f"{area}.{name}"
            if fact["answers"]:
                lists = lists_of(fact) if fact["several"] else [[one] for one in fact["answers"]]
                found[id] = [{id: at_once(words)} for words in lists]
            elif fact["number"]:
                around = {number + step for number in numbers for step in (-0.01, 0, 0.01)}
                found[id] = [{id: number} for number in sorted(around or {0.0})]
            elif fact["version"]:
                after = {(*version[:3], version[3] + 1) for version in versions}
                below = {(version[0] - 1, 99, 0, 0) for version in versions}
                near = versions | after | below
                found[id] = [{id: one} for one in sorted(near or {(1, 0, 0, 0)})]
            else:
                lookup = fact["lookup"]
                rows = data["tables"][lookup["table"]]
                found[id] = [row(data, id, cells[lookup["name"]]) for cells in rows]
    return found


# -- conditions


def outcome(data: Data, when: Data, known: Known) -> Outcome:
    """Whether a condition holds, with None for what the known facts leave open."""
    of = types(data)
    parts: list[Outcome] = []
    for fact, test in when.items():
        if fact == "any":
            inner = [outcome(data, part, known) for part in test]
            parts.append(True if True in inner else None if None in inner else False)
        elif isinstance(test, dict) and "only" in test:
            values = test["only"] if isinstance(test["only"], list) else [test["only"]]
            mine = known[fact] if isinstance(known.get(fact), frozenset) else {known.get(fact)}
            parts.append(mine <= set(values) if fact in known else None)
        elif isinstance(test, dict):
            for word, against in test.items():
                is_fact = against in of
                other = known.get(against) if is_fact else value(of[fact], against)
                mine = known.get(fact)
                if mine is None or other is None:
                    parts.append(None)
                else:
                    sign = (mine > other) - (mine < other)
                    allowed = {"below": [-1], "at_most": [-1, 0], "at_least": [0, 1], "above": [1]}
                    parts.append(sign in allowed[word])
        elif fact not in known:
            parts.append(None)
        else:
            values = test if isinstance(test, list) else [test]
            mine = known[fact] if isinstance(known[fact], frozenset) else {known[fact]}
            parts.append(any(value(of[fact], one) in mine for one in values))
    return False if False in parts else None if None in parts else True


def completions(options: Sequence[Sequence[Known]], known: Known) -> Iterator[dict[str, Any]]:
    """The known facts with one of the options of every fact that is not known."""
    for chosen in itertools.product(*options):
        complete = dict(known)
        for one in chosen:
            complete |= one
        yield complete


# -- evidence


def fired(data: Data, known: Known) -> set[str]:
    """The rules whose condition holds."""
    return {
        f"{id}/{name}"
        for id, cause in data["causes"].items()
        for name, rule in cause["rules"].items()
        if outcome(data, rule["when"], known)
    }


def barred(data: Data, known: Known) -> set[tuple[str, int]]:
    """The bars of remedies whose condition holds."""
    return {
        (id, number)
        for id, remedy in data["remedies"].items()
        for number, bar in enumerate(remedy["not_if"])
        if outcome(data, bar["when"], known)
    }


def contradictions(data: Data, known: Known) -> set[str]:
    return {id for id, one in data["contradictions"].items() if outcome(data, one["when"], known)}


def emycin(first: float, second: float) -> float:
    """Two certainty factors, neither of them certain, combined as EMYCIN does (van Melle 1980)."""
    if first >= 0 and second >= 0:
        return first + second * (1 - first)
    if first < 0 and second < 0:
        return first + second * (1 + first)
    return (first + second) / (1 - min(abs(first), abs(second)))


def ratio(factor: float) -> float:
    """The likelihood ratio that a certainty factor stands for (Heckerman 1986)."""
    return 1 / (1 - factor) if factor >= 0 else 1 + factor


def verdict(
    data: Data, cause: str, rules: Collection[str], tempered: Collection[str] = ()
) -> tuple[str, float]:
    """What the fired rules of a cause say: its status, and the certainty factor of the rest. Those
    that are tempered fired only thanks to answers that somebody is not sure of."""
    strengths, defined = data["pack"]["strengths"], data["causes"][cause]["rules"]
    factors = {name: strengths[defined[name]["says"]] for name in rules}
    for name in tempered:
        most = max(factor for factor in strengths.values() if factor < 1)
        least = min(factor for factor in strengths.values() if factor > -1)
        factors[name] = min(max(factors[name], least), most) * data["pack"]["thinks_so"]
    certain = tuple(sorted({factor for factor in factors.values() if abs(factor) == 1}))
    status = {(): "open", (-1,): "ruled-out", (1,): "proven", (-1, 1): "open"}[certain]
    total, used = 0.0, set[str]()
    for name in sorted(factors, key=lambda name: (-abs(factors[name]), name)):
        facts = facts_in(defined[name]["when"])
        if abs(factors[name]) < 1 and not facts & used:
            used |= facts
            total = emycin(total, factors[name])
    return status, total


def candidates(data: Data, known: Known) -> set[str]:
    """The remedies that may be advised and would mend a cause that is not ruled out, prepare
    another one that would, or hand over."""
    remedies = data["remedies"]
    tried = {id: known[f"tried.{id}"] for id in remedies if f"tried.{id}" in known}
    if "helped" in tried.values():
        return set()
    bars = {id for id, _ in barred(data, known)}
    in_vain = {id for id in tried if remedies[id]["fixes"] and tried[id] == "did-not-help"}
    impossible = {id for id in tried if tried[id] == "could-not-do"} | (bars - in_vain)
    possible = {
        id
        for id in remedies
        if id not in tried and id not in bars and not needed(data, id) & impossible
    }
    rules = fired(data, known)
    open_causes = {
        id
        for id, cause in data["causes"].items()
        if verdict(data, id, {name for name in cause["rules"] if f"{id}/{name}" in rules})[0]
        != "ruled-out"
    }
    useful = {
        id for id in possible if remedies[id]["hand_over"] or open_causes & {*remedies[id]["fixes"]}
    }
    return possible & useful.union(*(needed(data, id) for id in useful))


def needed(data: Data, remedy: str) -> set[str]:
    """All that must be done before a remedy, at whatever remove."""
    found: set[str] = set()
    waiting = [remedy]
    while waiting:
        for other in set(data["remedies"][waiting.pop()]["after"]) - found:
            found.add(other)
            waiting.append(other)
    return found


# -- belief


def present(data: Data, known: Known) -> dict[str, float]:
    """The probability of each cause before the condition that the backup fails."""
    rules = fired(data, known)
    found = {}
    for id, cause in data["causes"].items():
        mine = {name for name in cause["rules"] if f"{id}/{name}" in rules}
        status, factor = verdict(data, id, mine)
        prior = data["pack"]["commonness"][cause["commonness"]]
        odds = prior / (1 - prior) * ratio(factor)
        p = {"proven": 1.0, "ruled-out": 0.0, "open": odds / (1 + odds)}[status]
        if status == "open":
            p = still_there(p, tried_chances(data, known, id))
        found[id] = p
    return found


def tried_chances(data: Data, known: Known, cause: str) -> list[float]:
    """The chances of the remedies that were tried without help to mend the cause."""
    return [
        data["pack"]["chances"][remedy["fixes"][cause]]
        for id, remedy in data["remedies"].items()
        if known.get(f"tried.{id}") == "did-not-help" and cause in remedy["fixes"]
    ]


def still_there(p: float, chances: Sequence[float]) -> float:
    """The probability that a cause was present and each attempt, one by one, missed it."""
    total = 0.0
    for mended in itertools.product([True, False], repeat=len(chances)):
        weight = prod(q if hit else 1 - q for q, hit in zip(chances, mended, strict=True))
        total += 0.0 if any(mended) else p * weight
    return total


def given_failure(present: Mapping[str, float], leak: float) -> tuple[dict[str, float], float]:
    """P(cause) and P(none of them), given a failure: by counting every set of causes as a world."""
    fails, none, with_cause = 0.0, 0.0, dict.fromkeys(present, 0.0)
    for world in itertools.product([True, False], repeat=len(present)):
        weight = prod(
            p if there else 1 - p for p, there in zip(present.values(), world, strict=True)
        )
        weight *= 1 if any(world) else leak
        fails += weight
        none += 0 if any(world) else weight
        for cause, there in zip(present, world, strict=True):
            with_cause[cause] += weight if there else 0
    return {cause: weight / fails for cause, weight in with_cause.items()}, none / fails


# -- plans


@dataclass(frozen=True)
class Problem:
    """A planning problem: what may be wrong, and what there is to do about it."""

    present: Mapping[str, float]
    leak: float
    verification: float
    prices: Mapping[str, float]
    fixes: Mapping[str, Mapping[str, float]]
    after: Mapping[str, frozenset[str]]
    done: frozenset[str]
    available: frozenset[str]
    hand_over: str | None
    night: float = 0.0
    overnight: frozenset[str] = frozenset()
    idle: Mapping[str, float] = field(default_factory=dict)

    def need(self, remedy: str) -> set[str]:
        """All that must be done before a remedy, at whatever remove, and has not been done yet."""
        found: set[str] = set()
        waiting = [remedy]
        while waiting:
            for other in self.after[waiting.pop()] - found:
                found.add(other)
                waiting.append(other)
        return found - self.done

    def step(self, remedy: str) -> float:
        """What a step costs; where something is mended, one looks whether it works."""
        if self.fixes[remedy]:
            return self.tested([remedy])
        return self.prices[remedy]

    def tested(self, group: Sequence[str]) -> float:
        """What steps cost that are done in one go, and then one look whether it works. A night
        passes if one of them needs it, and with it all waits for the night."""
        total = sum(self.prices[one] for one in group) + (self.verification if group else 0)
        waits = [self.idle[one] for one in group if one in self.overnight]
        return total - sum(waits) + (max(self.night, *waits) if waits else 0)

    def fails(self, done: Collection[str]) -> float:
        """U: the chance that it still fails after some remedies, given that it fails."""
        then = prod(
            1 - p * prod(1 - self.fixes[remedy].get(cause, 0.0) for remedy in done)
            for cause, p in self.present.items()
        )
        now = prod(1 - p for p in self.present.values())
        return (1 - (1 - self.leak) * then) / (1 - (1 - self.leak) * now)

    def fails_by_worlds(self, done: Collection[str]) -> float:
        """As `fails`, by counting every set of causes and every set of them that was mended."""
        fails = at_start = 0.0
        missed = {
            cause: prod(1 - self.fixes[remedy].get(cause, 0.0) for remedy in done)
            for cause in self.present
        }
        # For each cause: was it there, is it still, and how probable is that.
        per_cause = [
            [
                (False, False, 1 - p),
                (True, False, p * (1 - missed[cause])),
                (True, True, p * missed[cause]),
            ]
            for cause, p in self.present.items()
        ]
        for world in itertools.product(*per_cause):
            weight = prod(one[2] for one in world)
            at_start += weight * (1 if any(was for was, _, _ in world) else self.leak)
            # A leak is there from the start or not at all, whatever is mended.
            fails += weight * (1 if any(still for _, still, _ in world) else self.leak)
        return fails / at_start

    def minutes(self, must: Sequence[str], rest: Sequence[Sequence[str]]) -> float:
        """What a plan costs on average: all that must be done, then group by group until it
        works; the steps of a group are done in one go, and tested together."""
        total = self.tested(must)
        done = list(must)
        for group in rest:
            if len(group) == 1:
                last = group[0] == self.hand_over
                cost = self.prices[group[0]] if last else self.step(group[0])
            else:
                cost = self.tested(group)
            total += cost * self.fails(done)
            done += group
        return total

    def ways_to_cut(self, rest: Sequence[str]) -> Iterator[list[list[str]]]:
        """Every way to do these steps, in their order, alone or with others like them overnight."""
        nightly = [one in self.overnight and bool(self.fixes[one]) for one in rest]
        for cuts in itertools.product([True, False], repeat=max(len(rest) - 1, 0)):
            joined = [place for place, cut in enumerate(cuts) if not cut]
            if not all(nightly[place] and nightly[place + 1] for place in joined):
                continue
            groups = [[one] for one in rest[:1]]
            for cut, one in zip(cuts, rest[1:], strict=True):
                groups = [*groups, [one]] if cut else [*groups[:-1], [*groups[-1], one]]
            yield groups

    def optimum(self, must: Sequence[str] = ()) -> float:
        """The least that a plan costs which begins with `must`, over all orders of all sets."""
        others = sorted(self.available - set(must) - {self.hand_over})
        useful = [r for r in others if self._helps(r, must)]
        bit = {remedy: 1 << place for place, remedy in enumerate(others)}
        needs = {r: sum(bit.get(other, 0) for other in self.need(r)) for r in others}
        all_useful = sum(bit[r] for r in useful)
        u = self._fails_of_sets(others, must)
        nightly = [r for r in others if r in self.overnight and self.fixes[r]]
        groups = [
            group
            for size in range(2, len(nightly) + 1)
            for group in itertools.combinations(nightly, size)
        ]
        best: dict[int, float] = {}
        for done in range(2 ** len(others) - 1, -1, -1):
            if self.hand_over is not None:
                least = self.prices[self.hand_over] * u[done]
            else:  # without anybody to hand over to, everything that may help is done
                least = 0.0 if done & all_useful == all_useful else float("inf")
            for r in others:
                if not done & bit[r] and needs[r] & done == needs[r]:
                    least = min(least, self.step(r) * u[done] + best[done | bit[r]])
            for group in groups:
                bits = sum(bit[r] for r in group)
                if not done & bits and all(needs[r] & ~done & ~bits == 0 for r in group):
                    cost = self.tested(group)
                    least = min(least, cost * u[done] + best[done | bits])
            best[done] = least
        return self.minutes(must, []) + best[0]

    def _fails_of_sets(self, remedies: Sequence[str], must: Sequence[str]) -> list[float]:
        """U after `must` and each set of remedies, which is the binary digits of its place."""
        chances = [[self.fixes[r].get(cause, 0.0) for cause in self.present] for r in remedies]
        left = [
            [
                p * prod(1 - self.fixes[r].get(cause, 0.0) for r in must)
                for cause, p in self.present.items()
            ]
        ]
        for one in chances:
            left += [
                [p * (1 - q) for p, q in zip(before, one, strict=True)] for before in list(left)
            ]
        at_start = 1 - (1 - self.leak) * prod(1 - p for p in self.present.values())
        return [(1 - (1 - self.leak) * prod(1 - p for p in one)) / at_start for one in left]

    def _helps(self, remedy: str, must: Sequence[str]) -> bool:
        left = {
            cause: p * prod(1 - self.fixes[one].get(cause, 0.0) for one in must)
            for cause, p in self.present.items()
        }
        # A cause that is certain and that nothing mends leaves nothing to gain.
        if max(left.values(), default=0) == 1:
            return False
        return any(left[cause] > 0 for cause in self.fixes[remedy])

    def optimum_by_orders(self) -> float:
        """As `optimum`, by trying every order of every set of remedies."""
        others = sorted(self.available - {self.hand_over})
        end = [] if self.hand_over is None else [self.hand_over]
        assert end, "without anybody to hand over to, doing nothing would be cheapest"
        return min(
            self.minutes([], groups)
            for size in range(len(others) + 1)
            for order in itertools.permutations(others, size)
            for groups in self.ways_to_cut([*order, *end])
            if all(self.need(one) <= set(order[:place]) for place, one in enumerate(order))
        )

    def simulated(
        self, random: Random, must: Sequence[str], rest: Sequence[Sequence[str]], worlds: int
    ) -> tuple[float, float]:
        """The mean cost over sampled worlds that fail, and its standard error."""
        costs = [self._live(random, must, rest) for _ in range(worlds)]
        mean = sum(costs) / worlds
        variance = sum((cost - mean) ** 2 for cost in costs) / (worlds - 1)
        return mean, (variance / worlds) ** 0.5

    def _live(self, random: Random, must: Sequence[str], rest: Sequence[Sequence[str]]) -> float:
        """One person's minutes: something is wrong, and the plan is followed until it works."""
        while True:
            there = [cause for cause, p in self.present.items() if random.random() < p]
            leak = random.random() < self.leak
            if there or leak:
                break
        spent = self.tested(must)
        there = self._after(random, there, must)
        for group in rest:
            if not there and not leak:
                return spent
            only = group[0] if len(group) == 1 else None
            if only is None:
                spent += self.tested(group)
            else:
                spent += self.prices[only] if only == self.hand_over else self.step(only)
            there = self._after(random, there, group)
        return spent

    def _after(self, random: Random, there: Sequence[str], group: Sequence[str]) -> list[str]:
        """The causes that some steps leave, by chance."""
        left = list(there)
        for remedy in group:
            left = [c for c in left if random.random() >= self.fixes[remedy].get(c, 0.0)]
        return left


def problem(data: Data, known: Known) -> Problem:
    """The planning problem that a case poses."""
    pack, remedies = data["pack"], data["remedies"]
    tried = {id: known[f"tried.{id}"] for id in remedies if f"tried.{id}" in known}
    prices = {}
    for id, remedy in remedies.items():
        cost = remedy["cost"]
        nuisances = cost["loses"] + ([cost["money"]] if cost["money"] else [])
        prices[id] = cost["hands_on"] + cost["waiting"] * pack["waiting_rate"]
        prices[id] += sum(pack["nuisances"][word]["minutes"] for word in nuisances)
    after = {id: frozenset(remedy["after"]) for id, remedy in remedies.items()}
    # What only prepares and cannot be made, such as a safe copy, was not made either.
    mending = {id for id in tried if remedies[id]["fixes"]}
    impossible = {id for id, _ in barred(data, known)} - mending
    impossible |= {id for id, what in tried.items() if what == "could-not-do"}
    open_ = Problem(present(data, known), 0, 0, prices, {}, after, frozenset(), frozenset(), None)
    available = {
        id
        for id in remedies
        if id not in tried and id not in impossible and not open_.need(id) & impossible
    }
    ends = [id for id in available if remedies[id]["hand_over"]]
    return Problem(
        present(data, known),
        pack["none_of_these"],
        pack["verification"],
        prices,
        {
            id: {cause: pack["chances"][chance] for cause, chance in remedy["fixes"].items()}
            for id, remedy in remedies.items()
        },
        after,
        frozenset(tried) - impossible,
        frozenset(available),
        min(ends, key=lambda id: (prices[id], id), default=None),
        pack["night"],
        frozenset(id for id, remedy in remedies.items() if remedy["seen"] == "overnight"),
        {id: one["cost"]["waiting"] * pack["waiting_rate"] for id, one in remedies.items()},
    )


def irreplaceable(data: Data, remedy: str) -> bool:
    """Whether a remedy loses something that cannot be had again."""
    nuisances = data["pack"]["nuisances"]
    return any(
        nuisances[word]["irreplaceable"] for word in data["remedies"][remedy]["cost"]["loses"]
    )


# -- questions


def answer_chances(data: Data, sheet: Data, fact: str, proof: float) -> list[float]:
    """The probability of each typical answer: every cause tilts what is typical by what it says.

    A proof tilts as much as the ratio `proof`. An answer that contradicts what is known is not
    given, as long as another one is left.
    """
    area, _, name = fact.partition(".")
    typical = data["areas"][area]["facts"][name]["typical"]
    before = known(data, sheet)
    now = odds(data, before, proof)
    sheets = [known(data, answered(sheet, fact, text)) for text in typical]
    clash = [contradictions(data, one) - contradictions(data, before) for one in sheets]
    left = {text: 0 if new else typical[text] for text, new in zip(typical, clash, strict=True)}
    if any(left.values()):
        typical = {text: 100 * share / sum(left.values()) for text, share in left.items()}
    after = [odds(data, one, proof) for one in sheets]
    causes = present(data, before)
    # The chance that it fails is the same divisor for all, so it does not matter here.
    none = data["pack"]["none_of_these"] * prod(1 - p for p in causes.values())
    total = none + sum(causes.values())
    chances = [none / total * share / 100 for share in typical.values()]
    for cause, p in causes.items():
        tilted = [
            share * then[cause] / now[cause]
            for share, then in zip(typical.values(), after, strict=True)
        ]
        for place, one in enumerate(tilted):
            chances[place] += p / total * one / sum(tilted)
    return chances


def answered(sheet: Data, fact: str, text: str | float) -> dict[str, Any]:
    """The sheet with one more answer."""
    area, _, name = fact.partition(".")
    return {**sheet, area: {**(sheet.get(area) or {}), name: text}}


def sheet_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A sheet with all these facts."""
    sheet: dict[str, Any] = {}
    for id, value in facts.items():
        sheet = answered(sheet, id, value)
    return sheet


def odds(data: Data, known: Known, proof: float) -> dict[str, float]:
    """What the rules of each cause say together, as a ratio."""
    rules = fired(data, known)
    found = {}
    for id, cause in data["causes"].items():
        status, factor = verdict(
            data, id, {one for one in cause["rules"] if f"{id}/{one}" in rules}
        )
        found[id] = {"proven": proof, "ruled-out": 1 / proof, "open": 1}[status] * ratio(factor)
    return found


def may_be_asked(data: Data, sheet: Data) -> list[str]:
    """The facts that are neither known nor answered "not sure", where it matters to ask, unless
    another one that says the same is known."""
    facts = known(data, sheet)
    asked = {
        f"{area}.{name}": fact
        for area in data["areas"]
        for name, fact in data["areas"][area]["facts"].items()
    }
    touched = {id for id in asked if id in facts or answer_in(sheet, id) is not None}
    matters = {
        id
        for id, fact in asked.items()
        if fact["only_if"] is None or outcome(data, fact["only_if"], facts)
    }
    return [
        id
        for id, fact in asked.items()
        if id in matters - touched and not facts.keys() & {*fact["unless_answered"]}
    ]


def answer_in(sheet: Data, fact: str) -> Any:
    """What a sheet holds for a fact."""
    area, _, name = fact.partition(".")
    return (sheet.get(area) or {}).get(name)
