"""One conversation, without its terminal: which question is next, what an answer means, what was
tried, and back again.

Every question comes from `Diagnoser.next_question` on the facts so far, so a host program that
calls it statelessly asks the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnoser.api import Diagnoser
from diagnoser.errors import InvalidFacts, fact_problem
from diagnoser.report import NextQuestion, PlanStep, Report
from diagnoser.values import UNKNOWN, Choice

Sheet = dict[str, dict[str, Any]]
FIXED, NO_HELP, COULD_NOT = "helped", "did-not-help", "could-not-do"
NOT_SURE = ("unknown", "not sure", "unsure", "don't know", "dont know")


@dataclass
class Interview:
    """A conversation with one person.

    `given` was known before it, `answers` were asked for, in this order.
    """

    diagnoser: Diagnoser
    given: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)
    thorough: bool = False
    max_questions: int | None = None

    def facts(self) -> Sheet:
        """What is known now, as an answer sheet."""
        sheet: Sheet = {}
        tried = {f"tried.{remedy}": outcome for remedy, outcome in self.tried.items()}
        for id, value in (self.given | self.answers | tried).items():
            area, _, name = id.partition(".")
            sheet.setdefault(area, {})[name] = value
        return sheet

    def question(self) -> NextQuestion | None:
        """The next question, or None when it is time to stop asking."""
        if self.max_questions is not None and len(self.answers) >= self.max_questions:
            return None
        return self.diagnoser.next_question(self.facts(), thorough=self.thorough)

    def report(self) -> Report:
        """The diagnosis of what is known now."""
        return self.diagnoser.diagnose(self.facts(), look_ahead=True)

    def answer(self, fact: str, text: str) -> None:
        """Takes what a person typed for a fact: a number from the list of answers, an answer's id,
        or the start of its label; for numbers also a unit.

        Raises InvalidFacts with what is allowed.
        """
        value = self.parse(fact, text)
        self.given.pop(fact, None)
        self.answers[fact] = value
        self._drop_irrelevant()

    def parse(self, fact: str, text: str) -> Any:
        """What a typed answer stands for, as it is written in a facts file."""
        text = " ".join(text.split())
        kind = self.diagnoser.knowledge.facts[fact].kind
        if text.lower() in NOT_SURE:
            return UNKNOWN
        if not isinstance(kind, Choice):
            area, _, name = fact.partition(".")
            return self.diagnoser.sheet.read_texts([(fact, text)])[area][name]
        options = [*kind.labels.items(), (UNKNOWN, "Not sure")]
        if text.isdecimal() and 1 <= int(text[:3]) <= len(options):
            return options[int(text[:3]) - 1][0]
        if text in kind.labels:
            return text
        low = text.lower()
        exact = [id for id, label in options if low in (id, label.lower())]
        starts = [
            id
            for id, label in options
            if low and (id.startswith(low) or label.lower().startswith(low))
        ]
        if len(exact) == 1 or len(starts) == 1:
            return (exact or starts)[0]
        numbers = f"a number from 1 to {len(options)}, or the start of an answer"
        reason = "is the start of more than one answer" if starts else "is none of the answers"
        raise InvalidFacts([fact_problem("", f'"{text[:60]}" {reason}', numbers)])

    def back(self) -> str | None:
        """Takes the last answer back; returns its fact, or None when there is none."""
        if not self.answers:
            return None
        fact, _ = self.answers.popitem()
        return fact

    def forget(self, fact: str) -> None:
        """Makes a fact unknown again, so that it may be asked for."""
        self.given.pop(fact, None)
        self.answers.pop(fact, None)

    def outcome(self, step: PlanStep, outcome: str) -> list[str]:
        """Notes how a step of the plan went; returns the facts that may have changed by it and were
        made unknown.

        What proved a cause was true before the step. When the step was done and the backup still
        fails, it may be true no longer: it is asked again if it still matters.
        """
        self.tried[step.remedy] = outcome
        if outcome != NO_HELP:
            return []
        return self._forget_proofs([step])

    def _forget_proofs(self, steps: list[PlanStep]) -> list[str]:
        mended = {cause for step in steps if step.must for cause in step.fixes}
        facts = self.diagnoser.knowledge.facts
        proofs = [
            rule
            for rule in self.diagnoser.knowledge.rules.values()
            if rule.cause in mended and rule.factor >= 1
        ]
        known = self.diagnoser.sheet.read(self.facts()).known
        read = {
            facts[id].derived_from or id
            for rule in proofs
            if rule.when.outcome(known)
            for id in rule.facts
        }
        changed = [id for id in facts if id in read and (id in self.given or id in self.answers)]
        for id in changed:
            self.forget(id)
        return changed

    def _drop_irrelevant(self) -> None:
        """Drops answers to questions that would not be asked any more after an earlier answer was
        changed."""
        facts = self.diagnoser.knowledge.facts
        while True:
            known = self.diagnoser.sheet.read(self.facts()).known
            idle = [
                id
                for id in self.answers
                if (condition := facts[id].only_if) is not None
                and condition.outcome(known) is False
            ]
            if not idle:
                return
            for id in idle:
                del self.answers[id]

    # -- on disk

    def to_dict(self) -> dict[str, Any]:
        """The conversation as plain data, for a session file."""
        used = self.diagnoser.knowledge
        return {
            "session": 1,
            "knowledge": {"id": used.id, "version": used.version},
            "given": self.given,
            "answers": self.answers,
            "tried": self.tried,
            "thorough": self.thorough,
        }


def resume(diagnoser: Diagnoser, data: Mapping[str, Any]) -> Interview:
    """The conversation that a session file holds.

    Raises InvalidFacts with everything in it that does not fit.
    """
    problems = []
    if data.get("session") != 1:
        problems.append(fact_problem("session", "this is not a session file of this program", "1"))
    parts: dict[str, dict[str, Any]] = {}
    for name in ("given", "answers", "tried"):
        part = data.get(name)
        parts[name] = part if isinstance(part, dict) else {}
        if not isinstance(part, dict):
            problems.append(fact_problem(name, "is missing or not a mapping"))
    unknown = sorted(set(data) - {"session", "knowledge", "given", "answers", "tried", "thorough"})
    problems += [fact_problem(key, "is not a key of a session file") for key in unknown]
    if problems:
        raise InvalidFacts(problems)
    interview = Interview(
        diagnoser,
        parts["given"],
        parts["answers"],
        parts["tried"],
        thorough=data.get("thorough") is True,
    )
    diagnoser.sheet.read(interview.facts())
    return interview
