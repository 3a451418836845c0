"""What a user would pick instead, on the same conditions and the same cases.

Each engine is built once and reset for each case. It takes a case in the form that it likes best,
which is made beforehand and not timed, and gives the names of all conditions that hold. Times are
of the processor: other programs on the machine count less that way.
"""

from __future__ import annotations

import gc
import importlib.metadata
import statistics
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from random import Random
from typing import Any

from diagnoser.case.case import Case as Told
from diagnoser.inference import facts
from diagnoser.inference._experta import TEST, Fact, KnowledgeEngine, P, Rule
from diagnoser.inference.engine import Engine
from diagnoser.inference.inference import Inference
from diagnoser.inference.matcher import SignMatcher
from diagnoser.inference.rules import PackRules
from diagnoser.inference.signs import signs_of
from diagnoser.planning.planner import Planner
from tests import oracles, packs, phones
from tests.benchmarks import export_clips, export_expressions, export_json
from tests.benchmarks.export_rules import (
    Compared,
    Is,
    Plain,
    Rules,
    Test,
    bar_name,
    conjunctions,
    contradiction_name,
    export,
    plain,
    rule_name,
)

SEED = 20261123
OURS, WHOLE = "diagnoser, facts to signs", "diagnoser, facts to ranked steps"
SHARES = (10, 25, 50, 75)
"""Of 100 facts, how many are known in the random cases."""

BLOCK = 30
"""Cases that one engine does in a row; then it is another one's turn."""

Names = Collection[str]
Infer = Callable[[Any], Any]


@dataclass(frozen=True)
class Case:
    """One case: the answer sheet, and what it makes known in the program's form and in a plain
    one."""

    sheet: Mapping[str, Any]
    ours: Told
    known: Mapping[str, Plain]
    expected: frozenset[str]


@dataclass
class Peer:
    """An engine: how it is built, how it takes a case, and how the names are read from what it
    gives."""

    name: str
    package: str
    build: Callable[[], Infer]
    take: Callable[[Case], Any]
    names: Callable[[Any], Names] = lambda found: found
    note: str = ""
    ages: bool = False
    """Whether it slows down with each case, so that it is built anew for every turn."""
    times: list[list[int]] = field(default_factory=list)
    _engine: Infer | None = None

    @property
    def label(self) -> str:
        """The name, and the version of the package that it comes from."""
        if not self.package:
            return self.name
        return f"{self.name} ({self.package} {importlib.metadata.version(self.package)})"

    def engine(self) -> Infer:
        """The engine, built once."""
        if self._engine is None:
            self._engine = self.build()
        return self._engine

    def microseconds(self) -> list[float]:
        """What each case took, the median of all rounds; shortest first."""
        return sorted(statistics.median(rounds) / 1000 for rounds in self.times)

    @property
    def median(self) -> float:
        return statistics.median(self.microseconds())

    @property
    def p95(self) -> float:
        return percentile(self.microseconds(), 95)


def percentile(ascending: Sequence[float], percent: int) -> float:
    return ascending[min(len(ascending) - 1, len(ascending) * percent // 100)]


# -- cases


def case(pack: packs.Pack, sheet: Mapping[str, Any], rules: Rules) -> Case:
    known = oracles.known(pack.data, sheet)
    expected = {rule_name(id) for id in oracles.fired(pack.data, known)}
    expected |= {bar_name(*bar) for bar in oracles.barred(pack.data, known)}
    expected |= {contradiction_name(id) for id in oracles.contradictions(pack.data, known)}
    return Case(
        sheet,
        pack.case(dict(sheet)),
        {fact: plain(value) for fact, value in known.items()},
        frozenset(expected & rules.conditions.keys()),
    )


def sheets(diagnoser: Any, pack: packs.Pack, count: int) -> list[Mapping[str, Any]]:
    """The tests' scenarios and random answer sheets, shuffled; as many as asked for. None has
    several answers to one question, which the other engines do not know."""
    random = Random(SEED)
    told = [scenario.sheet(diagnoser) for scenario in phones.scenarios()]
    found = [sheet for sheet in told if not _lists(sheet)][: count // 2]
    found += [
        packs.random_sheet(random, pack, SHARES[place % len(SHARES)], lists=False)
        for place in range(count - len(found))
    ]
    random.shuffle(found)
    return list(found)


def _lists(sheet: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether some question has several answers."""
    return any(isinstance(one, list) for facts in sheet.values() for one in facts.values())


# -- engines


def known_of(case: Case) -> Mapping[str, Plain]:
    return case.known


def variables_of(case: Case) -> dict[str, Plain]:
    return export_expressions.variables(case.known)


def ours(knowledge: Any, rules: Rules) -> Peer:
    """As much of the program as the other engines do: which signs, bars and contradictions
    follow."""
    seen = {sign.id: {rule_name(rule.id) for rule in sign.rules} for sign in signs_of(knowledge)}

    def build() -> Infer:
        engine = Engine(PackRules(knowledge, Planner(knowledge)), SignMatcher)

        def infer(case: Told) -> Any:
            engine.reset()
            engine.declare(*facts.told(case.known, engine.pack.areas))
            engine.run(sum(one.rule.salience == 0 for one in engine.agenda.activations))
            found = (facts.Sign, facts.Barred, facts.Contradiction)
            return [fact for fact in engine.facts.values() if isinstance(fact, found)]

        return infer

    def names(found: Any) -> Names:
        named: set[str] = set()
        for fact in found:
            if isinstance(fact, facts.Sign):
                named |= seen[fact["id"]]
            elif isinstance(fact, facts.Barred):
                named.add(bar_name(fact["remedy"], fact["number"]))
            else:
                named.add(contradiction_name(fact["id"]))
        return named & rules.conditions.keys()

    note = "experta with our matcher and agenda, a fact declared for each"
    return Peer(OURS, "", build, lambda case: case.ours, names, note)


def whole(knowledge: Any, rules: Rules) -> Peer:
    """All that the program concludes."""

    def names(found: Any) -> Names:
        findings = found.findings
        named = {rule_name(id) for id in findings.rules()}
        named |= {bar_name(*bar) for bar in findings.barred}
        named |= {contradiction_name(id) for id in findings.contradictions}
        return named & rules.conditions.keys()

    note = "the same, and on to evidence, hypotheses, candidates and the plan"
    return Peer(WHOLE, "", lambda: Inference(knowledge).run, lambda case: case.ours, names, note)


def loop(rules: Rules) -> Peer:
    def build() -> Infer:
        functions = export_expressions.python_functions(rules)

        def infer(known: Mapping[str, Plain]) -> Names:
            get = known.get
            return [name for name, holds in functions if holds(get)]

        return infer

    return Peer("bare Python loop", "", build, known_of, note="a compiled lambda per condition")


def clips(rules: Rules) -> Peer:
    import clips  # type: ignore[import-not-found]

    def build() -> Infer:
        environment = clips.Environment()
        for construct in export_clips.constructs(rules):
            environment.build(construct)
        templates = {template.name: template for template in environment.templates()}

        def infer(facts: Mapping[str, Mapping[str, Plain]]) -> Names:
            environment.reset()
            for area, slots in facts.items():
                templates[area].assert_fact(**slots)
            environment.run()
            return list(environment.eval(export_clips.FIRED).split())

        return infer

    def take(case: Case) -> Any:
        return export_clips.facts(case.known)

    # The facts that clipspy asserts are never freed.
    return Peer("CLIPS", "clipspy", build, take, set, "a fact per area", ages=True)


def zen(rules: Rules) -> Peer:
    import zen  # type: ignore[import-not-found]

    def build() -> Infer:
        outcomes, names = (
            zen.compile_expression(export_expressions.zen_list(rules)),
            [*rules.conditions],
        )
        return lambda known: list(compress(names, outcomes.evaluate(known)))

    note = "all conditions in one compiled expression"
    return Peer("ZEN, expression", "zen-engine", build, variables_of, note=note)


def zen_table(rules: Rules) -> Peer:
    import zen

    def build() -> Infer:
        decision = zen.ZenEngine().create_decision(export_json.zen_table(rules))
        return lambda known: [row["name"] for row in decision.evaluate(known)["result"]]

    note = "a decision table that collects"
    return Peer("ZEN, table", "zen-engine", build, variables_of, set, note)


def rule_engine(rules: Rules) -> Peer:
    import rule_engine  # type: ignore[import-not-found]

    def build() -> Infer:
        # The resolvers that it brings search for similar names when a fact is absent.
        context = rule_engine.Context(resolver=lambda known, name: known.get(name))
        language = export_expressions.RULE_ENGINE
        compiled = [
            (name, rule_engine.Rule(export_expressions.expression(one, language), context).matches)
            for name, one in rules.conditions.items()
        ]
        return lambda known: [name for name, matches in compiled if matches(known)]

    return Peer("rule-engine", "rule-engine", build, variables_of, note="a compiled rule each")


def business_rules(rules: Rules) -> Peer:
    from business_rules import run_all  # type: ignore[import-not-found]
    from business_rules.actions import BaseActions, rule_action  # type: ignore[import-not-found]
    from business_rules.fields import FIELD_TEXT  # type: ignore[import-not-found]
    from business_rules.variables import (  # type: ignore[import-not-found]
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    kinds = {
        "text": string_rule_variable,
        "number": numeric_rule_variable,
        "truth": boolean_rule_variable,
    }

    def method(kind: str, read: Callable[[Any], Any]) -> Any:
        def value(self: Any) -> Any:
            return read(self.known)

        return kinds[kind]()(value)

    def known_to(self: Any, known: Any) -> None:
        self.known = known

    class Conclusions(BaseActions):  # type: ignore[misc]
        def __init__(self) -> None:
            self.names: list[str] = []

        @rule_action(params={"name": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def conclude(self, name: str) -> None:
            self.names.append(name)

    def build() -> Infer:
        described = export_json.business_variables(rules)
        methods = {name: method(*one) for name, one in described.items()}
        variables = type("Variables", (BaseVariables,), methods | {"__init__": known_to})
        listed = export_json.business_rules(rules)

        def infer(known: Any) -> Names:
            conclusions = Conclusions()
            run_all(listed, variables(known), conclusions)
            return conclusions.names

        return infer

    def take(case: Case) -> Any:
        return export_json.business_case(case.known)

    return Peer("business-rules", "business-rules", build, take, note="facts compared in Python")


def json_logic(rules: Rules) -> Peer:
    from json_logic import jsonLogic  # type: ignore[import-not-found]

    def build() -> Infer:
        logics = [(name, export_json.json_logic(one)) for name, one in rules.conditions.items()]
        return lambda known: [name for name, logic in logics if jsonLogic(logic, known)]

    return Peer("json-logic", "json-logic-qubit", build, variables_of, note="a logic each")


def stock_experta(rules: Rules) -> Peer:
    """experta as its manual has it, with a fact per area; a rule for each conjunction, as `OR`
    makes it slow to build."""

    def build() -> Infer:
        areas = {
            area: type(area, (Fact,), {})
            for area in {fact.partition(".")[0]: None for fact in rules.types}
        }

        def rule(name: str, tests: tuple[Test, ...]) -> Any:
            def fire(engine: Any) -> None:
                engine.fired.append(name)

            return Rule(*_experta_patterns(tests, areas))(fire)

        members = {
            f"rule_{name}_{number}": rule(name, tests)
            for name, condition in rules.conditions.items()
            for number, tests in enumerate(conjunctions(condition))
        }
        engine = type("Stock", (KnowledgeEngine,), members)()

        def infer(facts: Mapping[str, Mapping[str, Plain]]) -> Names:
            engine.fired = []
            engine.reset()
            engine.declare(*(areas[area](**values) for area, values in facts.items()))
            engine.run()
            return list(engine.fired)

        return infer

    def take(case: Case) -> Any:
        return export_clips.facts(case.known)

    return Peer("experta", "experta", build, take, set, "as it comes, with its Rete matcher")


def _experta_patterns(tests: tuple[Test, ...], areas: Mapping[str, Any]) -> list[Any]:
    predicates: dict[str, list[Callable[[Any], bool]]] = {}
    bound: dict[str, str] = {}
    joins: list[Any] = []
    for test in tests:
        mine = predicates.setdefault(test.fact, [])
        if isinstance(test, Is):
            mine.append(frozenset(test.values).__contains__)
        elif isinstance(test, Compared):
            mine.append(_against(export_json.SIGNS[test.sign], test.constant))
        else:
            predicates.setdefault(test.other, [])
            for fact in (test.fact, test.other):
                bound.setdefault(fact, f"v{len(bound)}")
            joins.append(_join(test.sign, bound[test.fact], bound[test.other]))
    fields: dict[str, dict[str, Any]] = {}
    for fact, all_of in predicates.items():
        area, _, name = fact.partition(".")
        constraint = P(lambda value, all_of=tuple(all_of): all(one(value) for one in all_of))
        fields.setdefault(area, {})[name] = (
            bound[fact] << constraint if fact in bound else constraint
        )
    return [areas[area](**inner) for area, inner in fields.items()] + joins


def _against(compare: Callable[[Any, Any], bool], constant: Any) -> Callable[[Any], bool]:
    return lambda value: compare(value, constant)


def _join(sign: str, one: str, other: str) -> Any:
    # experta reads from the names of the parameters which values to pass.
    parameters = ", ".join(dict.fromkeys((one, other)))
    return TEST(eval(f"lambda {parameters}: {one} {sign} {other}"))


PEERS: list[Callable[[Rules], Peer]] = [
    loop,
    zen,
    clips,
    zen_table,
    business_rules,
    rule_engine,
    json_logic,
    stock_experta,
]


def available(rules: Rules) -> tuple[list[Peer], list[str]]:
    """The peers that are installed, and the names of those that are not."""
    found, missing = [], []
    for make in PEERS:
        try:
            found.append(make(rules))
        except ImportError as error:
            missing.append(error.name or str(error))
    return found, missing


# -- measuring


def check(peer: Peer, cases: Sequence[Case]) -> int:
    """In how many cases the peer does not give what the oracle gives."""
    infer = peer.engine()
    return sum(set(peer.names(infer(peer.take(one)))) != one.expected for one in cases)


def measure(peers: Sequence[Peer], cases: Sequence[Case], rounds: int) -> None:
    """Times every peer on every case as often as there are rounds, in turns of a few cases."""
    inputs = {id(peer): [peer.take(one) for one in cases] for peer in peers}
    for peer in peers:
        peer.times = [[] for _ in cases]
    clock = time.process_time_ns
    for turn in range(rounds):
        for start in range(0, len(cases), BLOCK):
            first = (turn + start // BLOCK) % len(peers)
            for peer in (*peers[first:], *peers[:first]):
                mine = inputs[id(peer)]
                run = peer.build() if peer.ages else peer.engine()
                block = range(start, min(start + BLOCK, len(cases)))
                run(mine[start])
                gc.collect()
                gc.disable()
                for place in block:
                    before = clock()
                    run(mine[place])
                    peer.times[place].append(clock() - before)
                gc.enable()


def compare(
    diagnoser: Any, pack: packs.Pack, count: int, rounds: int
) -> tuple[list[Peer], list[str], dict[str, int]]:
    """Every engine on the built-in pack: those measured, those missing, and in how many cases each
    is wrong."""
    rules = export(pack.data)
    cases = [case(pack, sheet, rules) for sheet in sheets(diagnoser, pack, count)]
    peers, missing = available(rules)
    peers[:0] = [ours(pack.knowledge, rules), whole(pack.knowledge, rules)]
    wrong = {peer.name: check(peer, cases) for peer in peers}
    measure(peers, cases, rounds)
    return sorted(peers, key=lambda peer: peer.median), missing, wrong
