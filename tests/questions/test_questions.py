"""Questions: worth what they save, never idle, and at an end some time."""

from __future__ import annotations

from math import log2
from random import Random
from typing import Any

import pytest
from hypothesis import given

from diagnoser import Diagnoser
from diagnoser.belief.belief import Belief, believe
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.asked import asked_for
from diagnoser.knowledge.conditions import OneOf
from diagnoser.planning.planner import Plan, Planner
from diagnoser.planning.remedy_table import A_MOMENT
from diagnoser.questions.answer_probability import PROOF
from diagnoser.questions.question import ROUNDING, Question
from diagnoser.questions.selection import Advice, Questioner, order
from tests import oracles, packs
from tests.packs import Data, Pack

CASES = packs.cases(packs.Sizes(remedies=5), share=40)


class Asked:
    """A questioner, and the case that it is asked about."""

    def __init__(self, pack: Pack, sheet: Data) -> None:
        self.data = pack.data
        self.knowledge = pack.knowledge
        self.pack = pack
        self.planner = Planner(self.knowledge)
        self.evaluator = Evaluator(self.knowledge)
        self.questioner = Questioner(self.knowledge, self.evaluator, self.planner)
        self.sheet = with_unsure(pack, sheet)

    def belief(self, sheet: Data) -> Belief:
        """What is believed of an answer sheet, from scratch."""
        return self._diagnosed(sheet)[0]

    def plan(self, sheet: Data) -> Plan:
        """The plan for an answer sheet, from scratch."""
        return self._diagnosed(sheet)[1]

    def _diagnosed(self, sheet: Data) -> tuple[Belief, Plan]:
        case = self.pack.case(sheet)
        _, belief, plan = self.pack.inference.run(case)
        return belief, plan

    def cost(self, sheet: Data) -> float:
        """Minutes of the plan, and of being told a wrong cause first."""
        belief, plan = self._diagnosed(sheet)
        wrong = 1 - max(belief.given_failure.values(), default=0.0)
        return plan.expected_minutes + float(self.data["pack"]["wrong_cause"]) * wrong

    def doubt(self, sheet: Data) -> float:
        """The yes-or-no answers that it takes at least, on average, to name the cause or none of
        them, as their shares say."""
        belief = self.belief(sheet)
        shares = [*belief.given_failure.values(), belief.none_of_these]
        return sum(one / sum(shares) * log2(sum(shares) / one) for one in shares if one > 0)

    def first_cause(self, sheet: Data) -> str | None:
        """The cause that is ranked first."""
        return next(iter(self.belief(sheet).ranking()), None)

    def advice(self, sheet: Data | None = None, thorough: bool = False) -> Advice:
        case = self.pack.case(self.sheet if sheet is None else sheet)
        reading = self.evaluator.evaluate(case.known)
        belief = believe(self.knowledge, reading.hypotheses, case.tried)
        plan = self.planner.plan(belief, case.tried, reading.barred)
        return self.questioner.advise(case, belief, plan, thorough)

    def weighed(self, sheet: Data | None = None) -> list[Question]:
        case = self.pack.case(self.sheet if sheet is None else sheet)
        reading = self.evaluator.evaluate(case.known, case.tentative)
        belief = believe(self.knowledge, reading.hypotheses, case.tried)
        plan = self.planner.plan(belief, case.tried, reading.barred)
        return list(self.questioner.weighed(case, belief, plan))

    def typical(self, fact: str) -> list[Any]:
        """The typical answers of a fact, as a sheet holds them."""
        area, _, name = fact.partition(".")
        definition = self.data["areas"][area]["facts"][name]
        return [float(text) if definition["number"] else text for text in definition["typical"]]

    def effort(self, fact: str) -> float:
        area, _, name = fact.partition(".")
        return float(self.data["areas"][area]["facts"][name]["effort"])


def with_unsure(pack: Pack, sheet: Data) -> Data:
    """The sheet with "not sure" for some facts that it does not hold."""
    random = Random(repr(sheet))
    full: Data = {area: dict(facts) for area, facts in sheet.items()}
    for id in pack.texts:
        area, _, name = id.partition(".")
        if random.randint(0, 4) == 0:
            full.setdefault(area, {}).setdefault(name, "unknown")
    return full


def assert_values_are_those_of_answers_diagnosed_anew(asked: Asked) -> None:
    now, doubt = asked.cost(asked.sheet), asked.doubt(asked.sheet)
    for question in asked.weighed():
        chances = oracles.answer_chances(asked.data, asked.sheet, question.fact, PROOF)
        sheets = [
            oracles.answered(asked.sheet, question.fact, answer)
            for answer in asked.typical(question.fact)
        ]
        plans = [asked.plan(sheet) for sheet in sheets]
        expected = sum(
            chance * asked.cost(sheet) for chance, sheet in zip(chances, sheets, strict=True)
        )

        left = sum(
            chance * asked.doubt(sheet) for chance, sheet in zip(chances, sheets, strict=True)
        )

        assert [one.probability for one in question.answers] == pytest.approx(chances)
        assert len(question.answers) == len(sheets)
        assert [one.plan.first for one in question.answers] == [plan.first for plan in plans]
        assert [one.plan.steps for one in question.answers] == [plan.steps for plan in plans]
        assert [one.belief.first for one in question.answers] == [
            asked.first_cause(sheet) for sheet in sheets
        ]
        assert question.saves == pytest.approx(now - expected - asked.effort(question.fact))
        after = [best_opened(asked, sheet) for sheet in sheets]
        tells = (
            doubt
            - left
            + sum(chance * best[0] for chance, best in zip(chances, after, strict=True))
        )
        takes = sum(chance * best[1] for chance, best in zip(chances, after, strict=True))
        assert question.tells == pytest.approx(tells, abs=1e-9)
        patience = asked.data["pack"]["patience"]
        assert question.minutes == pytest.approx(asked.effort(question.fact) + patience + takes)


def best_opened(asked: Asked, sheet: Data) -> tuple[float, float]:
    """What the best of the questions tells that may be asked of this sheet and not of the one
    before, and the minutes that it takes; nothing where none of them tells anything."""
    before = set(oracles.may_be_asked(asked.data, asked.sheet))
    opened = set(oracles.may_be_asked(asked.data, sheet)) - before
    weighed = asked.weighed(sheet) if opened else []
    telling = [one for one in weighed if one.fact in opened and one.tells > ROUNDING]
    if not telling:
        return 0.0, 0.0
    best = min(
        telling, key=lambda one: (-round(one.tells / max(one.minutes, A_MOMENT), 11), one.fact)
    )
    return best.tells, best.minutes


@given(CASES)
def test_the_value_of_a_question_is_that_of_its_answers_diagnosed_anew(
    case: tuple[Pack, Data],
) -> None:
    assert_values_are_those_of_answers_diagnosed_anew(Asked(*case))


def test_so_it_is_where_an_answer_makes_a_step_necessary_that_prepares_others() -> None:
    remedies = {
        "copy": packs.remedy("copy", hands_on=30),
        "a": packs.remedy("a", fixes={"a": "often"}, hands_on=5, after=["copy"]),
        "b": packs.remedy("b", fixes={"b": "often"}, hands_on=5, after=["copy"]),
        "c": packs.remedy("c", fixes={"c": "often"}, hands_on=12),
        "support": packs.remedy("support", hands_on=300, hand_over=True),
    }
    pack = packs.with_remedies({"a": 0.3, "b": 0.3, "c": 0.3}, remedies)

    assert_values_are_those_of_answers_diagnosed_anew(Asked(pack, {}))


@pytest.mark.slow
@pytest.mark.parametrize("share", [0, 30, 70])
def test_so_it_is_in_the_built_in_pack(built_in: Pack, share: int) -> None:
    sheet = packs.random_sheet(Random(share), built_in, share)

    assert_values_are_those_of_answers_diagnosed_anew(Asked(built_in, sheet))


@given(CASES)
def test_the_probabilities_of_the_answers_add_up(case: tuple[Pack, Data]) -> None:
    for question in Asked(*case).weighed():
        chances = [answer.probability for answer in question.answers]

        assert min(chances) >= 0
        assert sum(chances) == pytest.approx(1)


@given(CASES)
def test_only_what_is_unknown_and_relevant_is_asked(case: tuple[Pack, Data]) -> None:
    asked = Asked(*case)
    possible = oracles.may_be_asked(asked.data, asked.sheet)

    assert sorted(question.fact for question in asked.weighed()) == sorted(possible)


@given(CASES)
def test_what_tells_most_is_asked_until_a_cause_is_known_and_then_what_pays_most_of_what_decides(
    case: tuple[Pack, Data],
) -> None:
    assert_asked_well(Asked(*case))


@pytest.mark.slow
@pytest.mark.parametrize("share", [0, 10, 40])
def test_so_it_is_asked_in_the_built_in_pack(built_in: Pack, share: int) -> None:
    for seed in range(5):
        assert_asked_well(Asked(built_in, packs.random_sheet(Random(seed), built_in, share)))


def assert_asked_well(asked: Asked) -> None:
    def effort(one: Question) -> float:
        return max(asked.effort(one.fact), A_MOMENT)

    def pays_most(questions: list[Question]) -> Question | None:
        def per_minute(one: Question) -> float:
            return round((one.saves + asked.effort(one.fact)) / effort(one), 11)

        return min(questions, key=lambda one: (-per_minute(one), one.fact), default=None)

    def tells_most(questions: list[Question]) -> Question | None:
        def per_minute(one: Question) -> float:
            return round(one.tells / max(one.minutes, A_MOMENT), 11)

        return min(questions, key=lambda one: (-per_minute(one), one.fact), default=None)

    def decides(one: Question) -> bool:
        return any(
            answer.probability > 0
            and (answer.plan.first, answer.belief.first) != (plan.first, first)
            for answer in one.answers
        )

    questions = list(asked.weighed())
    plan, first = asked.plan(asked.sheet), asked.first_cause(asked.sheet)
    belief, pack = asked.belief(asked.sheet), asked.data["pack"]
    likely = max(belief.given_failure.values(), default=0.0) >= 0.9
    telling = [] if likely else [one for one in questions if one.tells > pack["worth_knowing"]]
    paying = [one for one in questions if one.saves > pack["worth_asking"] and decides(one)]
    best = tells_most(telling) or pays_most(paying)
    advice = asked.advice()
    if best is None or "helped" in asked.sheet.get("tried", {}).values():
        assert advice.question is None
        assert advice.because
    else:
        assert valued(advice.question) == valued(best)
    if plan.steps:
        thorough = (pays_most if likely else tells_most)(questions)
        assert valued(asked.advice(thorough=True).question) == valued(thorough)


def valued(question: Question | None) -> object:
    """What of two questions must be the same to the last bit."""
    if question is None:
        return None
    answers = [(one.value, one.probability, one.plan.steps) for one in question.answers]
    return question.fact, question.saves, answers


@given(CASES, packs.randoms())
def test_asking_always_ends_and_asks_nothing_twice(case: tuple[Pack, Data], random: Random) -> None:
    asked = Asked(*case)
    for thorough in (False, True):
        sheet, seen = asked.sheet, set[str]()
        while (question := asked.advice(sheet, thorough).question) is not None:
            assert question.fact in oracles.may_be_asked(asked.data, sheet)
            assert question.fact not in seen
            seen.add(question.fact)
            answer = random.choice([*asked.typical(question.fact), "unknown"])
            sheet = oracles.answered(sheet, question.fact, answer)
        if thorough and asked.plan(sheet).steps:
            assert not oracles.may_be_asked(asked.data, sheet)


@given(packs.cases(packs.Sizes(remedies=5), share=70))
def test_nobody_is_told_that_a_remedy_has_helped_unless_one_has(case: tuple[Pack, Data]) -> None:
    asked = Asked(*case)
    helped = "helped" in asked.sheet.get("tried", {}).values()

    assert ("has helped" in asked.advice().because) == helped


SUPPORT = packs.remedy("support", hands_on=60, waiting=2880, hand_over=True)
ONE_CAUSE = 0.3 / (0.3 + 0.7 * 0.05)
"""How much a cause counts that 30 of 100 have, where 5 of 100 fail without any."""


def asked_of(says: str, red: float) -> Asked:
    """About one cause that red speaks for or against; `red` of 100 phones answer so."""
    remedies = {"mend": packs.remedy("mend", fixes={"a": "often"}, hands_on=5), "support": SUPPORT}
    data = packs.with_remedies({"a": 0.3}, remedies).data
    fact = data["areas"]["f"]["facts"]["a"] | {"typical": {"red": red, "green": 100 - red}}
    cause = data["causes"]["a"]
    rule = cause["rules"]["proof"] | {"says": says}
    areas = {"f": data["areas"]["f"] | {"facts": {"a": fact}}}
    causes = {"a": cause | {"rules": {"proof": rule}}}
    return Asked(packs.linked(data | {"areas": areas, "causes": causes}), {})


def test_who_has_a_cause_nearly_always_answers_what_proves_it_though_hardly_anybody_else_does() -> (
    None
):
    [question] = asked_of("proves", red=1).weighed()
    red, green = (answer.probability for answer in question.answers)

    assert red == pytest.approx(ONE_CAUSE, abs=0.02)
    assert green > 1 - ONE_CAUSE


def test_who_has_a_cause_hardly_ever_answers_what_rules_it_out() -> None:
    [question] = asked_of("rules out", red=50).weighed()
    red, green = (answer.probability for answer in question.answers)

    with_cause = 0.5 / PROOF / (0.5 / PROOF + 0.5)
    assert red == pytest.approx((1 - ONE_CAUSE) / 2 + ONE_CAUSE * with_cause, rel=1e-9)
    assert green == pytest.approx(1 - red)


@pytest.mark.parametrize("red", [0, 50])
def test_an_answer_that_nobody_gives_counts_as_one_that_would_not_change_the_first_step(
    red: float,
) -> None:
    asked = asked_of("rules out", red)
    [question] = asked.weighed()
    first, *_ = question.answers
    assert first.plan.first != asked.plan({}).first

    assert ("No single answer" in asked.advice().because) == (red == 0)


@pytest.mark.parametrize("number", [3, 5, 7, 9])
@pytest.mark.parametrize("prior", [0.1, 0.12, 0.3])
def test_questions_that_are_worth_the_same_go_by_their_ids(number: int, prior: float) -> None:
    causes = [f"c{place}" for place in range(number)]
    remedies = {
        f"r{place}": packs.remedy(f"r{place}", fixes={cause: "often"}, hands_on=5)
        for place, cause in enumerate(causes)
    }
    pack = packs.with_remedies(dict.fromkeys(causes, prior), remedies | {"support": SUPPORT})
    asked = Asked(pack, {})
    questions = asked.weighed({})

    # What tells most goes first as long as no cause is certain, then what saves most.
    for belief in (asked.belief({}), asked.belief({"f": {"c0": "red"}})):
        ranked = sorted(questions, key=order(belief))
        assert [question.fact for question in ranked] == [f"f.{cause}" for cause in causes]


# -- as a host program asks


@pytest.mark.slow
def test_the_next_question_is_the_same_alone_and_in_the_report(
    diagnoser: Diagnoser, built_in: Pack
) -> None:
    for seed in range(10):
        sheet = packs.random_sheet(Random(seed), built_in, 10 * seed)
        report = diagnoser.diagnose(sheet, look_ahead=True)

        assert diagnoser.next_question(sheet) == report.next_question
        assert report.stop.advised == (report.next_question is None)
        assert report.stop.because or report.next_question


@pytest.mark.slow
def test_not_sure_is_always_an_answer_and_is_not_asked_again(diagnoser: Diagnoser) -> None:
    sheet: Data = {}
    asked: list[str] = []
    while (question := diagnoser.next_question(sheet)) is not None:
        assert "unknown" in question.answers
        assert question.fact not in asked
        asked.append(question.fact)
        sheet = oracles.answered(sheet, question.fact, "unknown")

    assert asked


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_conversation_about_the_built_in_pack_ends(
    diagnoser: Diagnoser, built_in: Pack, seed: int
) -> None:
    random, sheet, asked = Random(seed), dict[str, Any](), list[str]()
    while (question := diagnoser.next_question(sheet)) is not None:
        assert question.fact in oracles.may_be_asked(built_in.data, sheet)
        assert question.fact not in asked
        asked.append(question.fact)
        area, _, name = question.fact.partition(".")
        definition = built_in.data["areas"][area]["facts"][name]
        text = random.choice([*definition["typical"], "unknown"])
        number = definition["number"] and text != "unknown"
        sheet = oracles.answered(sheet, question.fact, float(text) if number else text)

    assert len(asked) <= len(built_in.texts)


def test_to_know_a_column_of_a_table_its_row_is_asked_for(diagnoser: Diagnoser) -> None:
    facts = diagnoser.knowledge.facts
    columns = [fact for fact in facts.values() if fact.derived_from]

    assert columns
    for fact in columns:
        assert asked_for(OneOf(fact.id, ()), facts) == {fact.derived_from}
        assert asked_for(OneOf(fact.derived_from, ()), facts) == {fact.derived_from}


# -- questions that others open the way to


def gated(**facts: Data) -> Pack:
    """A pack with a cause for each letter, and with these changes to the facts that prove them."""
    remedies = {id: packs.remedy(id, fixes={id: "often"}, hands_on=5) for id in "abc"}
    priors = {"a": 0.2, "b": 0.3, "c": 0.1}
    data = packs.with_remedies(priors, remedies | {"support": SUPPORT}).data
    shared = {"typical": {"red": 30, "green": 70}}
    found = {
        id: fact | shared | facts.get(id, {}) for id, fact in data["areas"]["f"]["facts"].items()
    }
    return packs.linked(data | {"areas": {"f": data["areas"]["f"] | {"facts": found}}})


BEHIND_RED = {"only_if": {"f.a": "red"}}


def opened(asked: Asked) -> dict[str, dict[object, list[str]]]:
    """For each question the answers that open the way to others, with these."""
    return {
        question.fact: {
            answer.value: [one.fact for one in others] for answer, others in question.opened
        }
        for question in asked.weighed()
    }


def without_doubt(pack: Pack, sheet: Data) -> Asked:
    asked = Asked(pack, {})
    asked.sheet = sheet
    return asked


def test_an_answer_opens_the_way_to_what_may_be_asked_only_after_it() -> None:
    pack = gated(b=BEHIND_RED, c={"only_if": {"f.a": "green"}})

    assert opened(without_doubt(pack, {})) == {"f.a": {"red": ["f.b"], "green": ["f.c"]}}
    assert opened(without_doubt(pack, {"f": {"a": "red"}})) == {"f.b": {}}


def test_what_is_known_or_was_not_known_when_asked_is_opened_by_no_answer() -> None:
    pack = gated(b=BEHIND_RED, c=BEHIND_RED)

    assert opened(without_doubt(pack, {})) == {"f.a": {"red": ["f.b", "f.c"]}}
    for answer in ("red", "green", "unknown"):
        assert opened(without_doubt(pack, {"f": {"c": answer}})) == {"f.a": {"red": ["f.b"]}}


def test_what_may_be_asked_anyway_is_opened_by_no_answer() -> None:
    either = {"only_if": {"any": [{"f.a": "red"}, {"f.c": "red"}]}}
    pack = gated(b=either)

    assert opened(without_doubt(pack, {})) == {"f.a": {"red": ["f.b"]}, "f.c": {"red": ["f.b"]}}
    assert opened(without_doubt(pack, {"f": {"c": "red"}})) == {"f.a": {}, "f.b": {}}


@pytest.mark.parametrize("sheet", [{}, {"f": {"c": "red"}}, {"f": {"c": "unknown"}}])
def test_what_is_opened_is_worth_what_it_is_worth_after_the_answer(sheet: Data) -> None:
    asked = without_doubt(gated(b=BEHIND_RED, c={"only_if": {"f.a": ["red", "green"]}}), sheet)
    [gate] = [one for one in asked.weighed() if one.fact == "f.a"]

    assert_values_are_those_of_answers_diagnosed_anew(asked)
    assert gate.opened
    for answer, others in gate.opened:
        then = oracles.answered(sheet, "f.a", answer.value)
        later = {one.fact: one for one in asked.weighed(then)}
        for one in others:
            assert one.saves == pytest.approx(later[one.fact].saves)
            assert one.tells_alone == pytest.approx(later[one.fact].tells_alone)
            assert one.decides == later[one.fact].decides
            assert [each.probability for each in one.answers] == pytest.approx(
                [each.probability for each in later[one.fact].answers]
            )


# -- beside what is known and was tried


def with_two_signs() -> Data:
    """A cause `a` that two facts speak for, each alone and both together, and a cause `b`."""
    data = gated().data
    cause = data["causes"]["a"]
    signs = {
        "one": {"f.a": "red"},
        "two": {"f.b": "red"},
        "both": {"f.a": "red", "f.b": "red", "f.c": "red"},
    }
    rules = {id: packs.own_rule(when, "strongly for") for id, when in signs.items()}
    return data | {"causes": data["causes"] | {"a": cause | {"rules": rules}}}


@pytest.mark.parametrize(
    "sheet",
    [
        {"f": {"a": "red"}},
        {"f": {"a": "red", "b": "green"}},
        {"f": {"a": "red"}, "tried": {"a": "did-not-help"}},
        {"tried": {"a": "did-not-help", "b": "did-not-help"}},
        {"f": {"a": "red"}, "tried": {"a": "could-not-do"}},
    ],
    ids=str,
)
def test_an_answer_is_worth_what_it_is_beside_what_is_known_and_was_tried(sheet: Data) -> None:
    asked = without_doubt(packs.linked(with_two_signs()), sheet)

    assert_values_are_those_of_answers_diagnosed_anew(asked)


def test_an_answer_that_only_forbids_a_remedy_is_worth_the_plan_without_it() -> None:
    data = gated().data
    bar = {"when": {"f.c": "red"}, "because": "It is red."}
    remedies = data["remedies"]
    remedies = remedies | {"b": remedies["b"] | {"not_if": [bar]}}
    causes = {id: cause for id, cause in data["causes"].items() if id != "c"}
    remedies = {id: one for id, one in remedies.items() if id != "c"}
    asked = without_doubt(packs.linked(data | {"causes": causes, "remedies": remedies}), {})

    assert_values_are_those_of_answers_diagnosed_anew(asked)
    [forbids] = [one for one in asked.weighed() if one.fact == "f.c"]
    red, green = forbids.answers
    assert red.belief == green.belief
    assert red.plan.first != green.plan.first


def test_what_somebody_only_thinks_is_only_thought_after_each_answer_too() -> None:
    sheet = {"f": {"b": {"think": "red"}, "c": "red"}}
    asked = without_doubt(packs.linked(with_two_signs()), sheet)
    [question] = asked.weighed()

    for answer in question.answers:
        then = asked.belief(oracles.answered(sheet, question.fact, str(answer.value)))
        assert answer.belief.present == then.present
    assert [str(answer.value) for answer in question.answers] == ["red", "green"]
