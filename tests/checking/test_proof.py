"""What `check --prove` claims is refuted by every pack and every program of which it is not true,
with the place and the answers; and the pack ships with a certificate of itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from diagnoser import Diagnoser
from diagnoser.belief import belief
from diagnoser.checking import cause_claims, plan_claims, prove
from diagnoser.checking.answer_space import AnswerSpace, KnownCase
from diagnoser.checking.classes import groups_of
from diagnoser.checking.plan_claims import PlanClaims
from diagnoser.inference.inference import Inference
from diagnoser.pack.builtin import built_in
from diagnoser.pack.loader import load, read_and_link
from diagnoser.planning.planner import Planner
from diagnoser.planning.preconditions import Checker
from tests import oracles, packs
from tests.checking.test_answer_space import naive
from tests.checking.test_conflicts import lamp
from tests.checking.test_weak import Changes, rule
from tests.commands import invoke
from tests.pack.small import CAUSE, FILES, MEND, OLD, PACK, REMEDY, folder

LAMP, OLD_BULB = "rules/causes/lamp/lamp-is-off.yaml", "rules/causes/lamp/bulb-is-old.yaml"
SWITCH_ON, SCREW_IN = "rules/remedies/switch-on.yaml", "rules/remedies/screw-in.yaml"


def refuted(root: Path, changes: Changes | None = None) -> list[str]:
    """Everything that is not proven of a small pack with changes."""
    return [str(one) for one in prove.prove(folder(root, changes))[2]]


def precondition(holds: str) -> Changes:
    one = f"{{holds: {holds}, title: T, otherwise: N, looks: [light.looks], remedy: switch-on}}"
    return {"rules/pack.yaml": f"{PACK}preconditions: {{bright: {one}}}\n"}


def test_all_is_proven_of_a_sound_pack_and_counted(tmp_path: Path) -> None:
    knowledge, certificate, problems = prove.prove(folder(tmp_path))

    assert problems == []
    assert certificate.knowledge.digest == knowledge.digest
    assert len(certificate.claims) == 10
    assert all(sum(one.counts.values()) > 0 for one in certificate.claims[:3])
    assert certificate.causes.keys() == knowledge.causes.keys()


def test_two_proofs_of_one_pack_differ_in_nothing_but_the_seconds(tmp_path: Path) -> None:
    texts = []
    for _ in range(2):
        made = prove.prove(folder(tmp_path))[1]
        texts.append(made.model_copy(update={"seconds": 0}).json_text())

    assert texts[0] == texts[1]


def test_a_proof_with_an_exclusion_refutes_the_claim_of_one_verdict(tmp_path: Path) -> None:
    [said] = refuted(tmp_path, lamp("{light.looks: dark}", "rules out"))[:1]

    assert said.startswith(f'{LAMP}:5: rules.off: is not proven: "No cause is both proven and')
    assert "for example with --set lamp.switch=off --set light.looks=dark" in said


def test_a_stronger_rule_that_takes_the_place_of_two_refutes_that_more_never_lowers(
    tmp_path: Path,
) -> None:
    """Each of the two multiplies by 3, and with what the bulb was like before by 9; of the one
    that reads the facts of all only its 5 are left."""
    pack = PACK.replace("for: 0.67, against", "strongly for: 0.8, for: 0.67, against")
    text = OLD.replace(
        "examples:\n",
        rule("{light.looks: dim}", "for").replace("mine", "dim")
        + rule("{lamp.age: {at_least: 9}, light.looks: dim, lamp.switch: on}", "strongly for")
        + "examples:\n",
    )
    said = refuted(tmp_path, {"rules/pack.yaml": pack, OLD_BULB: text})
    [found] = [one for one in said if "makes the cause less likely" in one]

    assert found.startswith(f"{OLD_BULB}:17: rules.mine: is not proven")
    assert "without lamp.switch it is 1.8 times as likely" in found
    assert "--set lamp.age=10 --set lamp.switch=on --set light.looks=dim" in found


def test_a_program_that_weighs_more_as_less_is_refuted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weigh = cause_claims.weigh

    def mutated(rules: Iterable[Any]) -> Any:
        found = weigh(rules)
        return found._replace(ratio=1 / found.ratio)

    monkeypatch.setattr(cause_claims, "weigh", mutated)

    assert any("makes the cause less likely" in one for one in refuted(tmp_path))


def test_a_program_that_takes_hints_as_proofs_is_refuted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weigh = cause_claims.weigh

    def mutated(rules: Iterable[Any]) -> Any:
        found = weigh(rules)
        return found._replace(status="proven") if found.ratio > 1 else found

    monkeypatch.setattr(cause_claims, "weigh", mutated)
    said = refuted(tmp_path)

    assert any("it is proven, not open" in one and "--set lamp.age" in one for one in said)


def test_a_precondition_that_fails_while_its_causes_are_ruled_out_is_refuted(
    tmp_path: Path,
) -> None:
    [said] = refuted(tmp_path, precondition("{light.looks: dim}"))

    assert said.startswith("rules/pack.yaml:15: preconditions.bright: is not proven")
    assert "--set lamp.switch=on --set light.looks=dark" in said


def test_a_cause_that_is_proven_although_its_precondition_holds_is_refuted(
    tmp_path: Path,
) -> None:
    dark = CAUSE.replace("{lamp.switch: on}", "{lamp.age: 3}", 1)
    second = dark.replace("examples:\n", rule("{light.looks: dim}") + "examples:\n")
    changes = precondition("{light.looks: dim, lamp.switch: on}")
    first = {LAMP: second.replace("{light.looks: dim}", "{light.looks: dim, lamp.switch: on}")}
    said = refuted(tmp_path, changes | first)

    assert any(
        "is never proven where that precondition is known to hold" in one
        and f"{LAMP}:17: rules.mine" in one
        for one in said
    )


# -- plans


def claims_of(root: Path, changes: Changes | None = None, **parts: Any) -> PlanClaims:
    knowledge, content, _ = read_and_link(folder(root, changes), [])
    return PlanClaims(knowledge._replace(**parts), content, AnswerSpace(knowledge))


def found_by(claims: PlanClaims) -> dict[str, str]:
    """For each claim that is refuted why, at first."""
    found: dict[str, str] = {}
    for claim, refuted in claims.test(claims.classes()):
        found.setdefault(claim.says, f"{refuted.file}: {refuted.reason} {refuted.case}")
    return found


LOSES = MEND.replace("cost: {hands_on: 1}", "cost: {hands_on: 1, loses: [photos]}")


def test_losing_photos_before_they_are_copied_is_refuted(tmp_path: Path) -> None:
    changes: Changes = {SCREW_IN: LOSES + "after: [copy-photos]\n"}
    assert found_by(claims_of(tmp_path, changes)) == {}

    knowledge = load(folder(tmp_path, changes))
    screw_in = knowledge.remedies["screw-in"]._replace(after=())
    claims = claims_of(tmp_path, changes, remedies={**knowledge.remedies, "screw-in": screw_in})
    found = list(claims.test(claims.classes()))

    assert {claim.says for claim, _ in found} == {plan_claims.SAFE_COPY}
    assert "need not come after the safe copy" in found[0][1].reason
    assert any(one.case and "the plan has screw-in before" in one.reason for _, one in found)


BAR = REMEDY + "not_if: [{when: {light.looks: dim}, because: It shines.}]\n"


def test_a_planner_that_heeds_no_bars_is_refuted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = claims_of(tmp_path, {SWITCH_ON: BAR})
    assert found_by(claims) == {}

    left_out = Planner._left_out
    monkeypatch.setattr(Planner, "_left_out", lambda self, tried, barred: left_out(self, tried, ()))
    found = found_by(claims_of(tmp_path, {SWITCH_ON: BAR}))

    assert "switch-on is barred or impossible" in found[plan_claims.NOT_BARRED]


def test_a_planner_that_forgets_a_proven_cause_is_refuted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Planner.plan_from
    monkeypatch.setattr(
        Planner, "plan_from", lambda self, *known: plan(self, *known)._replace(steps=())
    )
    found = found_by(claims_of(tmp_path))

    assert "lamp-is-off.yaml: fails for lamp-is-off" in found[plan_claims.A_STEP_OR_A_REASON]


def test_a_check_that_leaves_a_precondition_out_is_refuted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = precondition("{light.looks: dim}")
    assert plan_claims.EVERY_PRECONDITION not in found_by(claims_of(tmp_path, changes))

    monkeypatch.setattr(Checker, "check", lambda self, *known: iter(()))
    assert plan_claims.EVERY_PRECONDITION in found_by(claims_of(tmp_path, changes))


def test_an_engine_that_believes_otherwise_is_refuted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mutated(*known: Any) -> Any:
        found = belief.believe(*known)
        return belief.Belief(
            found.hypotheses, found.present, dict.fromkeys(found.support, 1.0), found.leak
        )

    monkeypatch.setattr(plan_claims, "believe", mutated)

    assert [*found_by(claims_of(tmp_path))] == [plan_claims.THE_SAME]


# -- the pack that comes with the program

SHARE = 12
"""Of so many causes one is taken, and of its classes one in twice as many."""


def some_classes() -> list[KnownCase]:
    """A fixed share of the classes of cases that the certificate counts."""
    knowledge, content, _ = read_and_link(built_in(), [])
    space = AnswerSpace(knowledge)
    causes = list(knowledge.causes.values())[::SHARE]
    cases = [
        case
        for cause in causes
        for group in groups_of(cause, space)
        for case in list(group.classes.values())[:: SHARE * 2]
    ]
    plans = PlanClaims(knowledge, content, space)
    return cases + [case for _, case in list(plans.classes(causes))[:: SHARE * 2]]


def test_experta_the_direct_evaluation_and_the_naive_oracle_agree_on_classes_of_the_pack() -> None:
    pack = packs.built_in_pack()
    inference, cases, facts = Inference(pack.knowledge), some_classes(), pack.knowledge.facts
    assert len(cases) > 40
    for known in cases:
        given = {id: known[id] for id in facts if id in known and not facts[id].derived_from}
        case = pack.answers.case(given)
        found = inference.run(case).findings
        plain = naive(dict(case.known))
        fired = oracles.fired(pack.data, plain)
        assert set(found.rules()) == fired
        assert found.barred == oracles.barred(pack.data, plain)
        assert found.contradictions == oracles.contradictions(pack.data, plain)
        for cause, said in found.hypotheses.items():
            names = {id.partition("/")[2] for id in fired if id.startswith(f"{cause}/")}
            status, factor = oracles.verdict(pack.data, cause, names)
            assert said.status == status
            assert said.ratio == pytest.approx(oracles.ratio(factor))


def test_the_pack_ships_with_a_certificate_of_itself() -> None:
    knowledge = load()

    assert knowledge.proven, "rules/ or facts/ have changed since they were proven: run make prove"
    written = json.loads((Path(built_in()) / "rules/certificate.json").read_text("utf-8"))
    assert prove.Certificate.model_validate(written).knowledge.digest == knowledge.digest
    assert len(written["claims"]) == 10
    assert sum(map(sum, written["causes"].values())) > 5000


# -- certificates


def certified(root: Path, text: str) -> Path:
    path = folder(root)
    (path / "rules/certificate.json").write_text(text, "utf-8")
    return path


def test_check_prove_writes_a_certificate_that_reports_name(tmp_path: Path) -> None:
    root = folder(tmp_path)
    file = root / "rules/certificate.json"
    assert not Diagnoser(root).diagnose({}).proven
    invoke("check", "--prove", "--certificate", str(file), "--knowledge", str(root))

    report = Diagnoser(root).diagnose({})
    assert report.proven
    assert json.loads(report.json_text())["proven"] is True


def test_a_certificate_of_another_knowledge_is_ignored(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "rules/certificate.json").write_text(prove.prove(root)[1].json_text(), "utf-8")
    assert load(root).proven

    (root / OLD_BULB).write_text(OLD.replace("Bulbs do", "No bulbs do"), "utf-8")
    knowledge = load(root)
    assert knowledge.certificate is not None
    assert not knowledge.proven
    assert "proven" not in json.loads(Diagnoser(root).diagnose({}).json_text())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"knowledge": 3}', "[" * 100_000, '{"knowledge": {"digest": 1}}'],
    ids=["empty", "cut off", "a list", "null", "a number", "deep", "no text"],
)
def test_a_certificate_that_is_none_is_ignored(tmp_path: Path, text: str) -> None:
    assert load(certified(tmp_path, text)).certificate is None


SOUND = {name: None for name in FILES if name == "rules/remedies/copy-photos.yaml"} | {
    "rules/pack.yaml": PACK.replace("safe_copy: copy-photos\n", "")
}


def test_the_command_proves_writes_and_names_what_it_looked_at(tmp_path: Path) -> None:
    root, file = folder(tmp_path, SOUND), tmp_path / "made.json"
    shown = invoke("check", "--prove", "--certificate", str(file), "--knowledge", str(root))

    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("Proven: ") == 10
    assert "all 10 claims are proven" in shown.stdout
    assert json.loads(file.read_text("utf-8"))["knowledge"]["id"] == "small"
    piped = invoke("check", "--prove", "--certificate", "-", "--knowledge", str(root))
    assert json.loads(piped.stdout)["knowledge"]["id"] == "small"


def test_the_command_shows_what_is_not_proven_and_writes_nothing(tmp_path: Path) -> None:
    root = folder(tmp_path, {**SOUND, **lamp("{light.looks: dark}", "rules out")})
    file = tmp_path / "made.json"
    shown = invoke("check", "--prove", "--certificate", str(file), "--knowledge", str(root))

    assert shown.exit_code == 1
    assert "--set lamp.switch=off --set light.looks=dark" in shown.stdout
    assert "No certificate is written" in shown.stderr
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--certificate", "x.json"], "--certificate needs --prove"),
        (["--prove", "--certificate", "no-such/x.json"], "There is no folder no-such"),
        (["--prove", "--certificate", "."], "is a directory"),
    ],
)
def test_a_certificate_that_cannot_be_written_is_refused_before_the_proof(
    arguments: list[str], said: str
) -> None:
    shown = invoke("check", *arguments)

    assert shown.exit_code == 2
    assert said in " ".join(shown.stderr.split())


def test_nothing_is_proven_without_z3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    shown = invoke("check", "--prove")

    assert shown.exit_code == 2
    assert 'pip install "diagnoser[proof]"' in " ".join(shown.stderr.split())


def test_a_remedy_that_is_for_nothing_makes_no_difference_between_the_engines(
    tmp_path: Path,
) -> None:
    odd = REMEDY.replace("{lamp-is-off: usually}", "{}") + "after: [switch-on]\n"
    claims = claims_of(tmp_path, {"rules/remedies/odd.yaml": odd})

    assert plan_claims.THE_SAME not in found_by(claims)
