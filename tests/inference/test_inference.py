"""Evidence: the rule engine, the direct evaluation and a naive reading of the data agree, in
whatever order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from diagnoser import Diagnoser
from diagnoser.belief.belief import believe
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case, tried_in
from diagnoser.inference import facts, rules
from diagnoser.inference._experta import Activation, Agenda, DepthStrategy, P, ReteMatcher, Rule
from diagnoser.inference.engine import BySalience, Engine
from diagnoser.inference.evaluator import Evaluator
from diagnoser.inference.findings import Findings
from diagnoser.inference.inference import Conclusion, Inference
from diagnoser.inference.matcher import SignMatcher
from diagnoser.inference.signs import signs_of
from diagnoser.pack.loader import read_and_link
from diagnoser.planning.planner import Planner
from tests import oracles, packs
from tests.packs import Data, Pack

CASES = packs.cases()


def case_with(known: Mapping[str, Any]) -> Case:
    """The case in which this is known, and nothing was said."""
    return Case({}, known, tried_in(known))


def by_experta(pack: Pack, known: Mapping[str, Any]) -> Findings:
    return conclusions(pack, known).findings


def conclusions(pack: Pack, known: Mapping[str, Any]) -> Conclusion:
    """All that follows from the facts of a case."""
    return pack.inference.run(case_with(known))


def by_rete(pack: Pack, known: Mapping[str, Any]) -> Conclusion:
    """With the matcher that experta brings."""
    return Inference(pack.knowledge, matcher=ReteMatcher).run(case_with(known))


def directly(pack: Pack, known: Mapping[str, Any]) -> Findings:
    return Evaluator(pack.knowledge).evaluate(known)


def concluded_directly(pack: Pack, known: Mapping[str, Any]) -> Conclusion:
    """The same without experta."""
    findings, tried = directly(pack, known), tried_in(known)
    belief = believe(pack.knowledge, findings.hypotheses, tried)
    return Conclusion(
        findings, belief, Planner(pack.knowledge).plan(belief, tried, findings.barred)
    )


def shuffled(random: Random, mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(random.sample(list(mapping.items()), len(mapping)))


# -- agreement


@given(CASES)
def test_experta_and_direct_evaluation_agree(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    known = pack.case(sheet).known

    assert conclusions(pack, known) == concluded_directly(pack, known)


@given(CASES)
def test_our_matcher_leads_where_that_of_experta_leads(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    known = pack.case(sheet).known

    assert conclusions(pack, known) == by_rete(pack, known)


@given(CASES)
def test_so_does_the_order_of_experta(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    known = pack.case(sheet).known
    inference = Inference(pack.knowledge, matcher=ReteMatcher)
    inference._idle.append(StockEngine(inference._pack, ReteMatcher))

    assert inference.run(case_with(known)) == conclusions(pack, known)
    DepthStrategy.get_key.cache_clear()  # which remembers the last activations with their facts


class StockEngine(Engine):
    """With the agenda's order that experta brings."""

    __strategy__ = DepthStrategy


@given(CASES)
def test_working_memory_tells_the_same_whatever_the_matcher(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    told = pack.case(sheet)
    rete = Inference(pack.knowledge, matcher=ReteMatcher)

    assert pack.inference.memory(told) == rete.memory(told)


@given(CASES)
def test_findings_are_what_the_data_says(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    facts = oracles.known(pack.data, sheet)
    found = by_experta(pack, pack.case(sheet).known)
    expected = oracles.fired(pack.data, facts)

    assert set(found.rules()) == expected
    assert found.barred == oracles.barred(pack.data, facts)
    assert found.contradictions == oracles.contradictions(pack.data, facts)
    assert set(found.hypotheses) == {rule.partition("/")[0] for rule in expected}
    for cause, hypothesis in found.hypotheses.items():
        rules = {rule.partition("/")[2] for rule in expected if rule.startswith(f"{cause}/")}
        status, factor = oracles.verdict(pack.data, cause, rules)
        assert hypothesis.status == status
        assert hypothesis.ratio == pytest.approx(oracles.ratio(factor))


@pytest.fixture(scope="module")
def rete(built_in: Pack) -> Inference:
    """The built-in pack with the matcher that experta brings, which takes a while to build."""
    return Inference(built_in.knowledge, matcher=ReteMatcher)


@pytest.mark.parametrize("share", [10, 40, 90])
def test_all_agree_on_the_built_in_pack(
    diagnoser: Diagnoser, built_in: Pack, rete: Inference, share: int
) -> None:
    inference, random = Inference(diagnoser.knowledge), Random(share)
    for _ in range(20):
        sheet = packs.random_sheet(random, built_in, share)
        case = diagnoser.sheet.read(sheet)
        facts = oracles.known(built_in.data, sheet)
        found = inference.run(case)

        assert found == concluded_directly(built_in, case.known) == rete.run(case)
        assert set(found.findings.rules()) == oracles.fired(built_in.data, facts)
        assert found.findings.barred == oracles.barred(built_in.data, facts)
        assert found.findings.contradictions == oracles.contradictions(built_in.data, facts)


@given(CASES, packs.randoms())
def test_one_engine_remembers_nothing_of_the_case_before(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    inference = Inference(pack.knowledge)
    first, second = pack.case(sheet), pack.case(packs.random_sheet(random, pack))
    inference.run(first)

    assert inference.run(second) == Inference(pack.knowledge).run(second)


def test_a_case_after_an_exception_is_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    pack, known = case_with_evidence()
    inference = Inference(pack.knowledge)
    with monkeypatch.context() as patch:
        patch.setattr(rules, "weigh", failing)
        with pytest.raises(ZeroDivisionError):
            inference.run(case_with(known))

    assert inference.run(case_with(known)) == concluded_directly(pack, known)


def failing(*_: object) -> None:
    raise ZeroDivisionError


def case_with_evidence() -> tuple[Pack, Mapping[str, Any]]:
    for seed in range(100):
        pack = packs.random_pack(Random(seed))
        known = pack.case(packs.random_sheet(Random(seed), pack)).known
        if len(set(directly(pack, known).rules())) > 1:
            return pack, known
    raise AssertionError("no random pack has evidence")


# -- three outcomes


@given(CASES, packs.randoms())
def test_an_unknown_fact_is_the_same_absent_null_or_unknown(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    absent, explicit = pack.case(sheet), pack.case(with_unknowns(random, pack, sheet))

    assert explicit.given == absent.given
    assert explicit.known == absent.known
    assert conclusions(pack, explicit.known) == conclusions(pack, absent.known)


@pytest.mark.parametrize("seed", range(10))
def test_so_it_is_in_reports_of_the_built_in_pack(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    random = Random(seed)
    sheet = packs.random_sheet(random, built_in, 10 * seed)
    # Only somebody who was asked nothing yet is told that nothing is known, and nobody is told to
    # look at what was asked.
    apart: dict[str, Any] = {"case": True, "answers": True, "plan": {"look": True}}
    apart |= {} if seed else {"finding": True}
    one = diagnoser.diagnose(sheet).model_dump(exclude=apart)
    other = diagnoser.diagnose(with_unknowns(random, built_in, sheet)).model_dump(exclude=apart)

    assert one == other


def with_unknowns(random: Random, pack: Pack, sheet: Data) -> Data:
    """The sheet with `null` or "unknown" for some facts that it does not hold."""
    written: Data = {area: dict(facts) for area, facts in sheet.items()}
    for id in (*pack.texts, *(f"tried.{remedy}" for remedy in pack.data["remedies"])):
        area, _, name = id.partition(".")
        if random.randint(0, 1):
            written.setdefault(area, {}).setdefault(name, random.choice([None, "unknown"]))
    return written


@given(CASES, packs.randoms())
def test_what_known_facts_prove_stays_proven_whatever_else_becomes_known(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    facts = pack.case(sheet).known
    fewer = {fact: value for fact, value in facts.items() if random.randint(0, 1)}
    before, after = by_experta(pack, fewer), by_experta(pack, facts)

    assert set(before.rules()) <= set(after.rules())
    assert before.barred <= after.barred
    assert before.contradictions <= after.contradictions
    for cause, hypothesis in before.hypotheses.items():
        then = after.hypotheses[cause]
        if hypothesis.status != "open":
            assert then.status == hypothesis.status or then.disputed
        assert then.disputed or not hypothesis.disputed


@given(CASES)
def test_what_is_missing_are_the_unknown_facts_of_undecided_rules(
    case: tuple[Pack, Data],
) -> None:
    pack, sheet = case
    data, facts = pack.data, oracles.known(pack.data, sheet)
    source = {id: fact.derived_from or id for id, fact in pack.knowledge.facts.items()}
    missing = Evaluator(pack.knowledge).missing(pack.case(sheet).known)

    for id, cause in data["causes"].items():
        undecided = [
            rule["when"]
            for rule in cause["rules"].values()
            if oracles.outcome(data, rule["when"], facts) is None
        ]
        read = {source[fact] for when in undecided for fact in packs.facts_in(when)}
        assert sorted(missing[id]) == sorted(
            fact for fact in read if fact not in facts and not fact.startswith("tried.")
        )


# -- order


@given(CASES, packs.randoms())
def test_the_order_of_answers_does_not_matter(case: tuple[Pack, Data], random: Random) -> None:
    pack, sheet = case
    again = {area: shuffled(random, facts) for area, facts in shuffled(random, sheet).items()}
    one, other = pack.case(sheet), pack.case(again)

    assert list(one.given.items()) == list(other.given.items())
    assert conclusions(pack, one.known) == conclusions(pack, other.known)


@given(CASES, packs.randoms())
def test_the_order_of_files_and_rules_does_not_matter(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    data = dict(pack.written)
    for kind in ("areas", "causes", "remedies", "contradictions", "signs", "sources"):
        data[kind] = shuffled(random, data[kind])
    for kind, part in [("causes", "rules"), ("remedies", "fixes")]:
        data[kind] = {
            id: one | {part: shuffled(random, one[part])} for id, one in data[kind].items()
        }
    other = packs.linked(data)

    assert other.knowledge == pack.knowledge
    known = pack.case(sheet).known
    assert repr(conclusions(other, known)) == repr(conclusions(pack, known))


@given(CASES, packs.randoms())
def test_the_order_of_facts_and_conditions_changes_no_conclusion(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    data = dict(pack.data)
    data["areas"] = {
        area: content | {"order": random.randint(0, 3), "facts": shuffled(random, content["facts"])}
        for area, content in data["areas"].items()
    }
    data["causes"] = {
        id: cause
        | {
            "rules": {
                name: rule | {"when": turned(random, rule["when"])}
                for name, rule in cause["rules"].items()
            }
        }
        for id, cause in data["causes"].items()
    }
    other = packs.linked(data)
    known = pack.case(sheet).known

    assert other.case(sheet).known == known
    assert conclusions(other, shuffled(random, known)) == conclusions(pack, known)


def turned(random: Random, when: Data) -> Data:
    """The same condition, written in another order."""
    turned_parts: Data = {}
    for fact, test in shuffled(random, when).items():
        if fact == "any":
            turned_parts[fact] = [turned(random, part) for part in random.sample(test, len(test))]
        elif isinstance(test, list):
            turned_parts[fact] = random.sample(test, len(test))
        else:
            turned_parts[fact] = shuffled(random, test) if isinstance(test, dict) else test
    return turned_parts


@settings(max_examples=25)
@given(packs.cases())
def test_a_pack_is_the_same_from_files(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[Pack, Data]
) -> None:
    pack, sheet = case
    folder = tmp_path_factory.mktemp("pack")
    packs.write(pack.written, folder)
    backwards = tmp_path_factory.mktemp("backwards")
    copied_backwards(folder, backwards)
    loaded, _, _ = read_and_link(folder, [])

    assert loaded == read_and_link(backwards, [])[0]
    assert loaded.rules == pack.knowledge.rules
    assert list(loaded.facts.items()) == list(pack.knowledge.facts.items())
    assert AnswerSheet(loaded).read(sheet) == pack.case(sheet)


def copied_backwards(source: Path, target: Path) -> None:
    """Copies the files in reverse, so that a folder lists them in another order."""
    for file in sorted(source.rglob("*.*"), reverse=True):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())


# -- learning answer by answer


@given(CASES, packs.randoms())
def test_learning_answer_by_answer_is_the_same_as_knowing_all_at_once(
    case: tuple[Pack, Data], random: Random
) -> None:
    pack, sheet = case
    evaluator = Evaluator(pack.knowledge)
    known_at_once = pack.case(sheet)
    given_ = known_at_once.given
    reading = evaluator.evaluate({})
    for fact in random.sample(list(given_), len(given_)):
        learnt = pack.answers.case({fact: given_[fact]}).known
        news = {id: learnt[id] for id in learnt if id == fact or id not in reading.known}
        reading = evaluator.learn(reading, news)

    assert reading == evaluator.evaluate(known_at_once.known)


@pytest.mark.parametrize("matcher", [SignMatcher, ReteMatcher])
@given(case=CASES, random=packs.randoms())
def test_the_matcher_follows_facts_that_come_one_after_another(
    case: tuple[Pack, Data], random: Random, matcher: type[Any]
) -> None:
    pack, sheet = case
    engine = Engine(rules.PackRules(pack.knowledge, Planner(pack.knowledge)), matcher)
    known: dict[str, Any] = {}
    told = facts.told(pack.case(sheet).known, engine.pack.areas)
    for fact in random.sample(told, len(told)):
        known.update(fact.facts())
        engine.declare(fact)
        engine.run(sum(one.rule.salience == 0 for one in engine.agenda.activations))
        seen = {sign["id"] for sign in engine.memory()[facts.Sign]}

        assert seen == {one.id for one in signs_of(pack.knowledge) if one.when.outcome(known)}
    engine.reset()  # experta remembers the last matcher, which holds its engine


# -- working memory


@given(CASES)
def test_working_memory_is_the_explanation(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    told = pack.case(sheet)
    found = pack.inference.run(told)
    memory = remembered(pack, told)

    assert [(one["cause"], one["rules"]) for one in memory["Evidence"]] == [
        *found.findings.fired.items()
    ]
    assert {one["cause"]: one["status"] for one in memory["Hypothesis"]} == {
        cause: one.status for cause, one in found.findings.hypotheses.items()
    }
    assert [dict(one["present"]) for one in memory["Belief"]] == [found.belief.present]
    assert [one["remedy"] for one in memory["Step"]] == [one.remedy for one in found.plan.steps]
    assert [one["left_out"] for one in memory["Plan"]] == [found.plan.left_out]
    signs = {sign.id: sign for sign in signs_of(pack.knowledge)}
    assert {rule.id for one in memory["Sign"] for rule in signs[one["id"]].rules} == set(
        found.findings.rules()
    )


@given(CASES)
def test_what_is_known_is_in_working_memory_once(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    told = pack.case(sheet)
    memory = remembered(pack, told)
    areas = {
        f"{area}.{name}": value
        for area in pack.knowledge.areas
        for one in memory[area]
        for name, value in one.items()
    }
    tried = {f"tried.{one['remedy']}": one["outcome"] for one in memory["Tried"]}

    assert areas | tried == told.known


@given(CASES)
def test_the_plan_takes_its_steps_from_the_candidates(case: tuple[Pack, Data]) -> None:
    pack, sheet = case
    memory = remembered(pack, pack.case(sheet))
    proposed = {one["remedy"] for one in memory.get("Candidate", ())}

    assert proposed == oracles.candidates(pack.data, oracles.known(pack.data, sheet))
    assert {one["remedy"] for one in memory["Step"]} <= proposed


def remembered(pack: Pack, case: Case) -> defaultdict[str, list[Mapping[str, Any]]]:
    """Working memory by the classes of facts."""
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in pack.inference.memory(case):
        found[one.fact].append(one.values)
    return found


def test_rules_with_the_same_condition_are_one_sign(built_in: Pack) -> None:
    signs = signs_of(built_in.knowledge)

    assert len({sign.when for sign in signs}) == len({sign.id for sign in signs}) == len(signs)
    listed = [rule.id for sign in signs for rule in sign.rules]
    assert sorted(listed) == sorted(built_in.knowledge.rules)
    assert len(signs) < len(built_in.knowledge.rules) / 2


def test_a_rule_shows_what_it_looks_for(built_in: Pack) -> None:
    pack = rules.PackRules(built_in.knowledge, Planner(built_in.knowledge))
    shown = {rule.__name__: [*rule] for rule in pack.with_patterns()}

    [pattern] = shown["Sign(id='wifi-is-switched-off')"]
    assert repr(pattern) == "wifi(connection=L('off'))"
    constraints = [
        value
        for patterns in shown.values()
        for pattern in patterns
        if isinstance(pattern, facts.Known)
        for value in pattern.values()
    ]
    tests = {one.match.__name__ for one in constraints if isinstance(one, P)}
    assert all(name.startswith(("one of ", "only ", "below ", "at_", "above ")) for name in tests)
    assert len(tests) > 20


# -- what a pack may look like


def written_pack(when: Data, *, facts: int = 9, remedies: tuple[str, ...] = ()) -> Pack:
    """A pack with one proving rule, over facts `f.f0` and on that can be red or green."""
    data = packs.random_data(Random(0), packs.Sizes(areas=1, facts=1, causes=1, remedies=1))
    fact = next(iter(data["areas"]["area0"]["facts"].values())) | {
        "answers": {"red": "Red", "green": "Green"},
        "number": None,
        "version": None,
        "lookup": None,
        "only_if": None,
        "place": None,
        "typical": {"red": 50.0, "green": 50.0},
    }
    names = {name.partition(".")[2] for name in packs.facts_in(when) if name.startswith("f.")}
    names |= {f"f{number}" for number in range(facts)}
    area = {"file": "facts/f.yaml", "title": "F", "order": 1}
    cause = data["causes"]["c0"]
    rule = packs.own_rule(when, "proves")
    return packs.linked(
        data
        | {
            "pack": data["pack"] | {"safe_copy": None},
            "signs": {},
            "places": {},
            "areas": {"f": area | {"facts": dict.fromkeys(sorted(names), fact)}},
            "causes": {"c0": cause | {"signs": {}, "rules": {"rule": rule}}},
            "remedies": {name: packs.remedy(name) for name in remedies},
            "contradictions": {},
        }
    )


def test_a_rule_with_very_many_alternatives_is_concluded_from() -> None:
    facts = [f"f.f{number}" for number in range(60)]
    pack = written_pack({"any": [{fact: "red"} for fact in facts]}, facts=60)
    known = dict.fromkeys(facts, "red")

    assert by_experta(pack, known) == directly(pack, known) == by_rete(pack, known).findings


def test_very_many_contradictions_leave_the_hypotheses_alone() -> None:
    pack = written_pack({"f.f0": "red"})
    contradiction = {
        "when": {"f.f0": "red"},
        "because": "No.",
        "ask_again": "f.f0",
        "source": ["generated"],
        "reviewed": "2026-01-01",
    }
    many = {f"x{number}": contradiction for number in range(60)}
    crowded = packs.linked(pack.data | {"contradictions": many})

    assert by_experta(crowded, {"f.f0": "red"}) == directly(crowded, {"f.f0": "red"})


@pytest.mark.parametrize("name", ["self", "args", "kwargs", "class", "fact", "rule", "value"])
def test_a_fact_may_have_a_name_that_means_something_to_a_program(name: str) -> None:
    pack = written_pack({f"f.{name}": "red"})
    known = {f"f.{name}": "red"}

    assert by_experta(pack, known) == directly(pack, known) == by_rete(pack, known).findings


@pytest.mark.parametrize("remedy", ["self", "7", "reset-2", "2-resets"])
def test_a_rule_may_ask_whether_any_remedy_was_tried(remedy: str) -> None:
    pack = written_pack({f"tried.{remedy}": "did-not-help"}, remedies=(remedy,))
    known = {f"tried.{remedy}": "did-not-help"}

    assert by_experta(pack, known) == directly(pack, known) == by_rete(pack, known).findings


def test_the_highest_salience_fires_first_and_of_equal_ones_the_first_that_came() -> None:
    agenda, strategy = Agenda(), BySalience()
    first, second, low, late = (
        Activation(Rule(salience=salience)(lambda: None), ()) for salience in (0, 0, -1, 0)
    )
    strategy.update_agenda(agenda, [low, first, second], [])
    strategy.update_agenda(agenda, [late], [])
    strategy.update_agenda(agenda, [], [second])

    assert [agenda.get_next() for _ in range(4)] == [late, first, low, None]


def test_a_fact_that_was_told_cannot_be_taken_back(built_in: Pack) -> None:
    pack = rules.PackRules(built_in.knowledge, Planner(built_in.knowledge))
    engine = Engine(pack, SignMatcher)
    with pytest.raises(RuntimeError, match="never retracted"):
        engine.retract(0)
