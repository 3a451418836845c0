"""What a knowledge folder should fulfil beyond being readable: its examples hold, and nothing in it
is idle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from diagnoser.belief.weighing import NOTHING_SAID, OPEN, PROVEN, Hypothesis
from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.checking import dates, signs
from diagnoser.checking.asking import never_asked, told_before
from diagnoser.checking.excuses import Excuses
from diagnoser.checking.stated import stated
from diagnoser.errors import Problem, quoted
from diagnoser.inference.evaluator import Evaluator
from diagnoser.knowledge.conditions import facts_of
from diagnoser.knowledge.model import Cause, Knowledge
from diagnoser.knowledge.values import Choice
from diagnoser.pack import said_linker
from diagnoser.pack.builtin import built_in
from diagnoser.pack.loader import read_and_link
from diagnoser.pack.reader import PACK, Content
from diagnoser.pack.schema import Example
from diagnoser.pack.table_linker import Complain

NEEDS_Z3 = (
    "Z3 is not installed, so this did not look for rules that contradict each other, for what is "
    "said in vain or can never come about, nor for what nobody can know. Install it with: "
    'pip install "diagnoser[proof]"'
)

NO_PROOF = 'Nothing is proven without Z3. Install it with: pip install "diagnoser[proof]"'


def is_exact() -> bool:
    """Whether Z3 is there, which it takes to reason about all answer sheets."""
    return find_spec("z3") is not None


def check(
    folder: Path | str | None = None, today: date | None = None
) -> tuple[Knowledge, list[Problem]]:
    """The knowledge of a folder and everything that it should fulfil but does not, in the order of
    files and lines. Dates are looked at only where `today` is given.

    Raises InvalidKnowledge when it cannot even be loaded.
    """
    problems: list[Problem] = []
    root = folder if folder is not None else built_in()
    knowledge, content, complain = read_and_link(root, problems)
    sheet, evaluator = AnswerSheet(knowledge), Evaluator(knowledge)
    for cause in knowledge.causes.values():
        _check_examples(cause, content.causes[cause.id].examples, sheet, evaluator, complain)
        if not knowledge.fixers(cause.id):
            complain(
                cause.file,
                (),
                "no remedy mends this cause, and none says that nothing can be done",
                "",
                "",
            )
    signs.examples(knowledge, content, sheet, complain)
    signs.same_conditions(knowledge, complain)
    signs.unused(knowledge, content, complain)
    _check_reach(knowledge, complain)
    _check_told(knowledge, complain)
    _check_idle(knowledge, complain)
    _check_tables(content, complain)
    _check_phrases(knowledge, content, complain)
    _check_weak(knowledge, content, evaluator, complain)
    if today is not None:
        dates.out_of_date(content, today, complain)
    return knowledge, sorted(set(problems))


def _check_weak(
    knowledge: Knowledge, content: Content, evaluator: Evaluator, complain: Complain
) -> None:
    """What is well-formed, but concludes more than it may, advises what cannot help, or is said in
    vain."""
    excuses = Excuses(content, complain)
    if is_exact():
        from diagnoser.checking import exact_checks

        exact_checks.find(knowledge, content, evaluator, excuses, complain)
        excuses.unneeded()


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
    cause: Cause,
    examples: Iterable[Example],
    sheet: AnswerSheet,
    evaluator: Evaluator,
    complain: Complain,
) -> None:
    fires: set[str] = set()
    fails: set[str] = set()
    for place, example in enumerate(examples):
        path = ("examples", place, "given")
        case = signs.case_of(example.given, sheet, cause.file, path, complain)
        if case is None:
            continue
        found = verdict(evaluator.evaluate(case.known).hypotheses.get(cause.id, NOTHING_SAID))
        if found != example.expect:
            reason = f'"{example.case}" should be {example.expect}, but is {found}'
            complain(cause.file, ("examples", place, "expect"), reason, "", "")
        for rule in cause.rules:
            outcome = rule.when.outcome(case.known)
            if outcome is not None:
                (fires if outcome else fails).add(rule.id)
    for rule in cause.rules:
        if rule.sign != rule.id:
            continue  # has examples of its own
        name = rule.id.partition("/")[2]
        for seen, what in ((fires, "fires"), (fails, "is known to fail")):
            if rule.id not in seen:
                complain(cause.file, ("rules", name), f"has no example in which it {what}", "", "")


def _check_idle(knowledge: Knowledge, complain: Complain) -> None:
    """Facts, answers and remedies that nothing uses."""
    used = _facts_used(knowledge)
    for fact in knowledge.facts.values():
        name = fact.id.partition(".")[2]
        labels = fact.kind.labels.values() if isinstance(fact.kind, Choice) else ()
        if len({label.lower() for label in labels}) < len(labels):
            path = ("facts", name, "answers")
            complain(f"facts/{fact.area}.yaml", path, "has two answers that read the same", "", "")
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
        if remedy.overnight and not remedy.fixes:
            reason = "mends nothing, so there is nothing that a night could show"
            complain(remedy.file, ("seen",), reason, "at once", "")


def _check_reach(knowledge: Knowledge, complain: Complain) -> None:
    """Questions that are never asked."""
    waiting = never_asked(knowledge)
    for one in knowledge.preconditions.values():
        for place, id in enumerate(one.looks):
            if not knowledge.facts[id].askable or knowledge.facts[id] in waiting:
                where = ("preconditions", one.id, "looks", place)
                complain(PACK, where, f"{quoted(id)} is never asked, so nobody is told how", "", "")
    for fact in waiting:
        reason = "is never asked: what it waits for waits for it"
        complain(
            f"facts/{fact.area}.yaml",
            ("facts", fact.id.partition(".")[2], "only_if"),
            reason,
            "",
            "",
        )


def _check_told(knowledge: Knowledge, complain: Complain) -> None:
    """Questions that are never asked because what they wait for answers them."""
    for fact in knowledge.facts.values():
        if told_before(fact, knowledge.facts):
            path = ("facts", fact.id.partition(".")[2], "unless_answered")
            reason = "leaves it never asked, as it waits for these facts"
            complain(f"facts/{fact.area}.yaml", path, reason, "", "")


def _check_tables(content: Content, complain: Complain) -> None:
    facts = [fact for area in content.areas.values() for fact in area.facts.values()]
    used = {fact.lookup.table for fact in facts if fact.lookup}
    for table in content.tables:
        if table not in used:
            complain(f"facts/{table}", (), "is a table that no fact looks anything up in", "", "")


def _check_phrases(knowledge: Knowledge, content: Content, complain: Complain) -> None:
    """Every text that a phrase stands for; loading a pack only looks at the first of each."""
    facts = {
        f"{area}.{name}": fact
        for area, file in content.areas.items()
        for name, fact in file.facts.items()
    }
    kinds = {id: knowledge.facts[id].kind for id in facts}
    said_linker.check(knowledge.spoken, facts, content.remedies, kinds, complain, every=True)


def _facts_used(knowledge: Knowledge) -> set[str]:
    return {fact for one in stated(knowledge) for fact in facts_of(one.when)}
