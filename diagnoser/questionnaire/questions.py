"""The fields of a visit as parts of an HTML form, and the answers in such a form when it comes
back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diagnoser.errors import InvalidFacts, Problem, fact_problem
from diagnoser.interview.turns import THINK, TRIED_FIELD, Field, is_thought, plain
from diagnoser.questionnaire.sent import Sent
from diagnoser.rendering.words import any_of

UNKNOWN, NONE = "unknown", "none-of-these"
NOT_SURE = "Not sure"
NONE_OF_THESE = "None of these"
HOLD = "Which of these hold?"
MOST_RADIOS = 12
"""More answers than these are a list to choose from."""


@dataclass(frozen=True)
class Question:
    """One question of a form.

    `name` is that of its inputs, and of the place that an error links to. `kind` is `radios`,
    `boxes`, `select` or `text`. `options` are what its inputs send, with their labels; `alone` are
    those that cannot stand beside others. `fields` has more than one only where check boxes for
    several facts stand together. `only_if` says in words when it is to be answered.
    """

    name: str
    kind: str
    ask: str
    fields: Sequence[Field]
    options: Mapping[str, str]
    alone: Sequence[str]
    only_if: str
    hint: str = ""

    @property
    def field(self) -> Field:
        return self.fields[0]


def by_page(fields: Sequence[Field]) -> list[list[Question]]:
    """The questions of a form, those that are answered on one page of the place together; the first
    of them has the way there."""
    return [
        [
            _boxes(group) if group[1:] else _question(group[0], fields)
            for group in _groups(page, fields)
        ]
        for page in _pages(fields)
    ]


def questions(fields: Sequence[Field]) -> list[Question]:
    """All questions of a form."""
    return [question for page in by_page(fields) for question in page]


def _pages(fields: Iterable[Field]) -> list[list[Field]]:
    pages: list[list[Field]] = []
    for field in fields:
        if not pages or field.go or field.fact == TRIED_FIELD:
            pages.append([])
        pages[-1].append(field)
    return pages


def _groups(page: Sequence[Field], fields: Iterable[Field]) -> list[list[Field]]:
    """Yes or no questions on which no other depends become check boxes together, in the place of
    the first."""
    gates = {gate for field in fields for gate in field.only_if}
    groups: list[list[Field]] = []
    ticks: list[Field] = []
    for field in page:
        if field.tick is None or field.only_if or field.fact in gates:
            groups.append([field])
            continue
        if not ticks:
            groups.append(ticks)
        ticks.append(field)
    return groups


def _boxes(fields: list[Field]) -> Question:
    labels = {one.fact: one.tick.text for one in fields if one.tick is not None}
    labels |= {NONE: NONE_OF_THESE, UNKNOWN: "I am not sure about the others"}
    return Question(f"ticks.{fields[0].fact}", "boxes", HOLD, fields, labels, [NONE], "")


def _question(field: Field, all_of_them: Sequence[Field]) -> Question:
    only_if = _only_if(field, all_of_them)
    options = {**field.options, UNKNOWN: NOT_SURE}
    alone = [*field.alone, UNKNOWN]
    hint = ""
    if field.fact == TRIED_FIELD:
        kind, options, alone = "boxes", {**field.options, NONE: NONE_OF_THESE}, [NONE]
    elif field.kind == "choice" and field.several:
        kind, hint = "boxes", "Choose all that hold."
    elif field.kind in ("number", "version"):
        kind, options, alone = "text", {}, []
        hint = f"Type {field.allowed}." if field.allowed else ""
    elif len(field.options) <= MOST_RADIOS:
        kind = "radios"
    else:
        kind, options = "select", {"": "Choose one", **options}
    return Question(field.fact, kind, field.ask, [field], options, alone, only_if, hint)


def _only_if(field: Field, fields: Sequence[Field]) -> str:
    """On which answers to other questions of the form it depends, in words."""
    gates = []
    for one in fields:
        if one.fact in field.only_if:
            labels = [one.options.get(word, word) for word in field.only_if[one.fact]]
            gates.append(f"{any_of(labels)} to “{one.ask}”")
    return f"Only if you answer {'; or '.join(gates)}" if gates else ""


def answers(asked: Iterable[Question], sent: Sent) -> dict[str, Any]:
    """The answers in a form that came back, by fact, for `Interview.answer`; what was left open is
    left out.

    Raises InvalidFacts where check boxes that exclude each other are ticked.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for question in asked:
        values = [value for value in sent.get(question.name, ()) if value.strip()]
        if question.kind == "boxes":
            if NONE in values and len(set(values)) > 1:
                reason = f"“{NONE_OF_THESE}” cannot stand beside other answers"
                problems.append(fact_problem(question.name, reason))
                continue
            values = [value for value in values if value != NONE]
        if len(question.fields) > 1:
            found |= _ticked(question, sent)
        elif question.name == TRIED_FIELD:
            if question.name in sent:
                found[TRIED_FIELD] = values
        elif values:
            found[question.name] = values if values[1:] and question.kind == "boxes" else values[-1]
    if problems:
        raise InvalidFacts(problems)
    for fact in sent.get(THINK, ()):
        if found.get(fact, UNKNOWN) != UNKNOWN and fact != TRIED_FIELD:
            found[fact] = {THINK: found[fact]}
    return found


def _ticked(question: Question, sent: Sent) -> dict[str, bool]:
    """What check boxes for several facts say; where none is ticked, all are left open."""
    ticked = sent.get(question.name, ())
    facts = [one.fact for one in question.fields]
    some = [fact for fact in facts if fact in ticked]
    if UNKNOWN in ticked or not (some or NONE in ticked):
        return dict.fromkeys(some, True)
    return {fact: fact in some for fact in facts}


def as_sent(asked: Iterable[Question], known: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a form would have sent for answers as in a facts file, by fact: to show it filled in."""
    sent: dict[str, list[str]] = {}
    asked = list(asked)
    facts = [field.fact for question in asked for field in question.fields]
    if doubted := [fact for fact in facts if is_thought(known.get(fact))]:
        sent[THINK] = doubted
    known = {fact: plain(value) for fact, value in known.items()}
    for question in asked:
        if len(question.fields) > 1:
            sent[question.name] = list(_ticks(question.fields, known))
        elif question.name in known:
            value = known[question.name]
            values = [str(one) for one in value] if isinstance(value, list) else [str(value)]
            typed = question.kind == "text" and values == [UNKNOWN]
            sent[question.name] = [] if typed else values
    return sent


def _ticks(fields: Sequence[Field], known: Mapping[str, Any]) -> Iterator[str]:
    ticks = [(one.fact, one.tick, known.get(one.fact)) for one in fields]
    ticked = [fact for fact, tick, value in ticks if tick is not None and value == tick.ticked]
    yield from ticked
    settled = all(value not in (None, UNKNOWN) for _, _, value in ticks)
    if settled and not ticked:
        yield NONE
    elif not settled and any(value is not None for _, _, value in ticks):
        yield UNKNOWN


def place_of(problem: Problem, asked: Sequence[Question]) -> str:
    """The name of the question that a mistake is in; empty where it is none of these."""
    for question in asked:
        if problem.path == question.name or problem.path in [one.fact for one in question.fields]:
            return question.name
        if question.name == TRIED_FIELD and problem.path.startswith(f"{TRIED_FIELD}."):
            return question.name
    return ""


def in_words(problem: Problem, path: bool = False) -> str:
    """A mistake as a sentence or two for the person who made it; with `path`, where it is."""
    if path and problem.path:
        text = f"{problem.path}: {problem.reason}."
    else:
        text = f"{problem.reason[:1].upper()}{problem.reason[1:]}."
    if problem.near:
        text += f" Did you mean “{problem.near}”?"
    return f"{text} Allowed: {problem.allowed}." if problem.allowed else text
