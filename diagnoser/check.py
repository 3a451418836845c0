"""What a knowledge folder should fulfil beyond being readable: its examples hold, and nothing in it
is idle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from diagnoser.belief import NOTHING_SAID, OPEN, PROVEN, Hypothesis
from diagnoser.case import AnswerSheet
from diagnoser.conditions import facts_of
from diagnoser.direct import Evaluator
from diagnoser.errors import InvalidFacts, Problem
from diagnoser.knowledge import Cause, Knowledge
from diagnoser.linking import Complain
from diagnoser.loading import read_and_link
from diagnoser.locate import built_in


def check(folder: Path | str | None = None) -> tuple[Knowledge, list[Problem]]:
    """The knowledge of a folder and everything that it should fulfil but does not, in the order of
    files and lines.

    Raises InvalidKnowledge when it cannot even be loaded.
    """
    problems: list[Problem] = []
    root = Path(folder) if folder is not None else built_in()
    knowledge, _, complain = read_and_link(root, problems)
    sheet, evaluator = AnswerSheet(knowledge), Evaluator(knowledge)
    for cause in knowledge.causes.values():
        _check_examples(cause, sheet, evaluator, complain)
        if not knowledge.fixers(cause.id):
            complain(
                cause.file,
                (),
                "no remedy mends this cause, and none says that nothing can be done",
                "",
                "",
            )
    _check_same_conditions(knowledge, complain)
    _check_idle(knowledge, complain)
    return knowledge, sorted(set(problems))


def verdict(hypothesis: Hypothesis) -> str:
    """What the evidence makes of a cause, in the words of `expect`."""
    if hypothesis.disputed:
        return "disputed"
    if hypothesis.status != OPEN:
        return "proven" if hypothesis.status == PROVEN else "ruled out"
    if hypothesis.ratio == 1:
        return "unchanged"
    return "more likely" if hypothesis.ratio > 1 else "less likely"


def _check_examples(
    cause: Cause, sheet: AnswerSheet, evaluator: Evaluator, complain: Complain
) -> None:
    fires: set[str] = set()
    fails: set[str] = set()
    for place, example in enumerate(cause.examples):
        try:
            case = sheet.read(sheet.read_texts(example.given.items()))
        except InvalidFacts as error:
            for problem in error.problems:
                complain(
                    cause.file,
                    ("examples", place, "given", problem.path),
                    problem.reason,
                    "",
                    problem.near,
                )
            continue
        found = verdict(evaluator.read(case.known).hypotheses.get(cause.id, NOTHING_SAID))
        if found != example.expect:
            reason = f'"{example.case}" should be {example.expect}, but is {found}'
            complain(cause.file, ("examples", place, "expect"), reason, "", "")
        for rule in cause.rules:
            outcome = rule.when.outcome(case.known)
            if outcome is not None:
                (fires if outcome else fails).add(rule.id)
    for rule in cause.rules:
        name = rule.id.partition("/")[2]
        for seen, what in ((fires, "fires"), (fails, "is known to fail")):
            if rule.id not in seen:
                complain(cause.file, ("rules", name), f"has no example in which it {what}", "", "")


def _check_same_conditions(knowledge: Knowledge, complain: Complain) -> None:
    """Two rules of one cause with the same condition: one of them is in the way of the other."""
    for cause in knowledge.causes.values():
        seen: dict[object, str] = {}
        for rule in cause.rules:
            first = seen.setdefault(rule.when, rule.id)
            if first != rule.id:
                path = ("rules", rule.id.partition("/")[2], "when")
                complain(cause.file, path, f"is the same condition as that of {first}", "", "")


def _check_idle(knowledge: Knowledge, complain: Complain) -> None:
    """Facts, answers and remedies that nothing uses."""
    used = _facts_used(knowledge)
    for fact in knowledge.facts.values():
        name = fact.id.partition(".")[2]
        if fact.askable and fact.id not in used and not used.intersection(fact.derives or ()):
            complain(
                f"facts/{fact.area}.yaml",
                ("facts", name),
                "is asked, but no rule, remedy or question uses it",
                "",
                "",
            )
    needed = {other for remedy in knowledge.remedies.values() for other in remedy.after}
    for remedy in knowledge.remedies.values():
        if not remedy.fixes and not remedy.hand_over and remedy.id not in needed:
            complain(
                remedy.file,
                ("fixes",),
                "mends nothing, ends no plan and prepares no other remedy",
                "",
                "",
            )


def _facts_used(knowledge: Knowledge) -> set[str]:
    return {fact for condition in _conditions(knowledge) for fact in condition}


def _conditions(knowledge: Knowledge) -> Iterator[frozenset[str]]:
    for rule in knowledge.rules.values():
        yield rule.facts
    for remedy in knowledge.remedies.values():
        for bar in remedy.not_if:
            yield facts_of(bar.when)
        for variant in remedy.steps:
            if variant.condition is not None:
                yield facts_of(variant.condition)
    for fact in knowledge.facts.values():
        if fact.only_if is not None:
            yield facts_of(fact.only_if)
        for variant in fact.look:
            if variant.condition is not None:
                yield facts_of(variant.condition)
