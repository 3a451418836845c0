"""How the facts of a knowledge are written down: read into a case, and shown again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from diagnoser.case.answers import field_names, sheet_model
from diagnoser.case.case import Case, case_of, written
from diagnoser.case.json_input import HALF, MAX_TEXT, is_text
from diagnoser.case.mistakes import misfit, misfits, mistakes, no_such, no_thought
from diagnoser.case.provenance import (
    PROVENANCE,
    Provenance,
    provenance_of,
    provenance_schema,
)
from diagnoser.errors import InvalidFacts, Problem, fact_problem, quoted
from diagnoser.knowledge.model import TRIED_AREA, Fact, Knowledge
from diagnoser.knowledge.pin import KNOWLEDGE, pin_of, pin_schema
from diagnoser.knowledge.values import (
    THINK,
    UNKNOWN,
    Choice,
    Shown,
    Thought,
    Unfit,
    Value,
    Version,
    Written,
)

PERHAPS = "?"
"""What is typed after an answer that one is not sure of."""


class AnswerSheet:
    """The answer sheets of a knowledge, which nest facts by area: `{"wifi": {"connection":
    "off"}}`. `Facts` is their pydantic model. A mapping may also hold `provenance`, by fact id,
    and the `knowledge` that it demands."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._facts = knowledge, knowledge.facts
        self._areas: dict[str, dict[str, Fact]] = {
            area: {} for area in (*knowledge.areas, TRIED_AREA)
        }
        for fact in knowledge.facts.values():
            if not fact.derived_from:
                self._areas[fact.area][fact.id.partition(".")[2]] = fact
        self._ids = [fact.id for facts in self._areas.values() for fact in facts.values()]
        names = field_names(self._areas)
        self._fields = {
            names[area]: [(field, facts[name].id) for name, field in field_names(facts).items()]
            for area, facts in self._areas.items()
            if area != TRIED_AREA
        }
        self.Facts: type[BaseModel] = sheet_model(knowledge.title, self._areas, knowledge.areas)

    def read(self, answers: object) -> Case:
        """The case that an answer sheet stands for, be it a mapping or an instance of a model.

        Raises InvalidFacts with every mistake at once, and OtherKnowledge where the sheet demands
        another knowledge than this.
        """
        facts, provenance = self._validated(answers)
        given: dict[str, Value] = {}
        unsure, tentative = [], []
        for id, value in self._said(facts):
            if isinstance(value, Thought):
                given[id] = value.value
                tentative.append(id)
            elif value == UNKNOWN:
                unsure.append(id)
            else:
                given[id] = value
        return case_of(given, self._facts, unsure, facts, provenance, tentative)

    def _validated(self, answers: object) -> tuple[BaseModel, dict[str, Provenance]]:
        if isinstance(answers, BaseModel) and not isinstance(answers, self.Facts):
            answers = answers.model_dump(by_alias=True, exclude_unset=True)
        provenance: dict[str, Provenance] = {}
        problems: list[Problem] = []
        if isinstance(answers, Mapping) and KNOWLEDGE in answers:
            pin, problems = pin_of(answers[KNOWLEDGE])
            pin.demand(self._knowledge.identity)
            answers = {area: facts for area, facts in answers.items() if area != KNOWLEDGE}
        if isinstance(answers, Mapping) and PROVENANCE in answers:
            provenance, more = provenance_of(answers[PROVENANCE], self._ids)
            problems += more
            answers = {area: facts for area, facts in answers.items() if area != PROVENANCE}
        try:
            facts = self.Facts.model_validate(answers)
        except ValidationError as error:
            problems = mistakes(error, self._areas, self._knowledge) + problems
        if problems:
            raise InvalidFacts(problems)
        return facts, provenance

    def _said(self, facts: BaseModel) -> Iterator[tuple[str, Value | Thought]]:
        """What was answered, by fact id in the order of the questionnaire."""
        for area, fields in self._fields.items():
            answers = getattr(facts, area)
            if answers is not None:
                for field, id in fields:
                    if (value := getattr(answers, field)) is not None:
                        yield id, value
        tried = getattr(facts, TRIED_AREA) or {}
        for remedy, fact in self._areas[TRIED_AREA].items() if tried else ():
            if (outcome := tried.get(remedy)) is not None:
                yield fact.id, outcome

    def case(self, given: Mapping[str, Value], unsure: Iterable[str] = ()) -> Case:
        """A case from values that are already known to fit, by fact id in the order of the
        questionnaire."""
        return case_of(given, self._facts, unsure)

    def show(self, case: Case) -> dict[str, dict[str, Written]]:
        """The case as an answer sheet again; reading it gives the same case."""
        sheet: dict[str, dict[str, Written]] = {}
        for area, facts in self._areas.items():
            for name, fact in facts.items():
                if fact.id in case.given:
                    sheet.setdefault(area, {})[name] = written(fact.id, case, self._facts)
                elif fact.id in case.unsure:
                    sheet.setdefault(area, {})[name] = UNKNOWN
        return sheet

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of an answer sheet."""
        schema = self.Facts.model_json_schema()
        schema["properties"][PROVENANCE] = provenance_schema(self._ids)
        schema["properties"][KNOWLEDGE] = pin_schema()
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": schema.pop("title"),
        }
        return head | schema

    def read_texts(self, texts: Iterable[tuple[str, str]]) -> dict[str, dict[str, Any]]:
        """An answer sheet from pairs of a fact id and what a person typed for it; with a question
        mark at its end it is what they think without being sure.

        Raises InvalidFacts with every mistake at once.
        """
        sheet: dict[str, dict[str, Any]] = {}
        problems: list[Problem] = []
        for id, text in texts:
            area, _, name = id.partition(".")
            fact = self._areas.get(area, {}).get(name)
            if fact is None:
                problems.append(no_such(id, self._areas, self._knowledge))
                continue
            text = text.strip()
            thinks = area != TRIED_AREA and text.endswith(PERHAPS)
            text = text.removesuffix(PERHAPS).rstrip() if thinks else text
            try:
                answer = _typed(fact, text)
                if thinks and answer == UNKNOWN:
                    raise no_thought(fact.kind, UNKNOWN)
                sheet.setdefault(area, {})[name] = {THINK: answer} if thinks else answer
            except Unfit as unfit:
                words = fact.kind.split(text) if isinstance(fact.kind, Choice) else text
                if isinstance(words, list):
                    problems += misfits(fact, words)
                else:
                    problems.append(fact_problem(id, unfit.reason, unfit.allowed, unfit.near))
        if problems:
            raise InvalidFacts(problems)
        return sheet


def _typed(fact: Fact, text: str) -> Shown:
    """The answer that was typed, as a facts file has it.

    Raises Unfit.
    """
    if len(text) > MAX_TEXT:
        raise misfit(fact, text)
    if text.lower() == UNKNOWN:
        return UNKNOWN
    kind = fact.kind
    value = kind.written(text) if isinstance(kind, Version) else kind.show(kind.parse_text(text))
    if not is_text(text):
        raise Unfit(f"{quoted(text)} {HALF}", fact.kind.allowed)
    return value
